//! TLS of a client, with the office's certificate or without.

use std::sync::Arc;

use careplan_certs::Installed;
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

/// TLS 1.3 and 1.2.
pub const ANY_VERSION: &[&SupportedProtocolVersion] =
    &[&rustls::version::TLS13, &rustls::version::TLS12];

/// A client that trusts this authority and presents this certificate.
///
/// # Panics
/// The PEM holds no certificate, or the certificate and its key do not belong together.
pub fn client(
    ca_pem: &str,
    installed: Option<&Installed>,
    versions: &[&'static SupportedProtocolVersion],
) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    for root in CertificateDer::pem_slice_iter(ca_pem.as_bytes()) {
        roots.add(root.expect("the authority is PEM")).expect("the authority is a certificate");
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .expect("the provider has these versions")
        .with_root_certificates(roots);
    match installed {
        None => builder.with_no_client_auth(),
        Some(installed) => builder
            .with_client_auth_cert(installed.chain().to_vec(), installed.private_key().into())
            .expect("a certificate and its key"),
    }
}
