//! openssl accepts what the test authority and the client libraries made.

use std::io::Read;

use base64::Engine;
use careplan_tests::bed::Bed;
use careplan_tests::program::Program;
use careplan_tests::unit::office_of;

use super::workplace::Workplace;

/// A message sent by our client and fetched by its receiver, unpacked beside `ca.pem`.
fn delivered(place: &Workplace) -> Vec<u8> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let bed = Bed::of(Program::start(&[]));
        place.write("ca.pem", bed.program.printed("ca_pem").as_bytes());
        let planner = bed.office(office_of("43")).await;
        let helper = bed.office(office_of("11")).await;
        let sent = planner.send(&bed, "key", "K2", &helper.number).await.is(201);
        let claim = helper.claim(&bed, sent.text("id")).await.is(200);
        let url = format!("/v1/downloads/{}", claim.text("download_token"));
        let archive = helper.read(&bed, &url).await.is(200).bytes;
        let (revoked, issued) = bed.issue(office_of("15"), None).await;
        let serial = issued["serial"].as_str().unwrap();
        let revoke = format!("/v1/controls/certificates/{serial}/revoke");
        let body = serde_json::json!({});
        let _ = bed.control(reqwest::Method::POST, &revoke, &body).await.is(204);
        let authority = bed.ask(bed.client(None).get(bed.relay("/v1/authority"))).await.is(200);
        let crl = authority.text("crl_der_base64");
        place.write("crl.der", &base64::prelude::BASE64_STANDARD.decode(crl).unwrap());
        place.write("office.der", planner.installed.certificate());
        place.write("revoked.der", revoked.certificate());
        archive
    })
}

#[test]
#[ignore = "needs openssl"]
fn openssl_verifies_signature_certificate_and_revocation() {
    let place = Workplace::new(&[]);
    let archive = delivered(&place);
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(archive)).unwrap();
    for name in ["relay/manifest.json", "relay/manifest.json.p7s"] {
        let mut bytes = Vec::new();
        zip.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        place.write(name, &bytes);
    }
    let verify = [
        "cms",
        "-verify",
        "-binary",
        "-inform",
        "DER",
        "-in",
        "relay/manifest.json.p7s",
        "-content",
        "relay/manifest.json",
        "-CAfile",
        "ca.pem",
        "-signer",
        "signer.pem",
        "-out",
        "verified",
    ];
    place.run("openssl", &verify);
    assert_eq!(place.read("verified"), place.read("relay/manifest.json"));
    let signer = place.run("openssl", &["x509", "-in", "signer.pem", "-noout", "-subject"]);
    assert!(signer.contains(office_of("43")), "{signer}");
    // One changed byte is one too many.
    let mut changed = place.read("relay/manifest.json");
    changed[10] ^= 1;
    place.write("relay/manifest.json", &changed);
    place.run_in_vain("openssl", &verify);

    for name in ["office", "revoked"] {
        let (from, to) = (format!("{name}.der"), format!("{name}.pem"));
        place.run("openssl", &["x509", "-inform", "DER", "-in", &from, "-out", &to]);
    }
    place.run("openssl", &["crl", "-inform", "DER", "-in", "crl.der", "-out", "crl.pem"]);
    let verify = |file| {
        [
            "verify",
            "-x509_strict",
            "-purpose",
            "sslclient",
            "-CAfile",
            "ca.pem",
            "-crl_check",
            "-CRLfile",
            "crl.pem",
            file,
        ]
    };
    let good = place.run("openssl", &verify("office.pem"));
    assert!(good.contains("office.pem: OK"), "{good}");
    let bad = place.run_in_vain("openssl", &verify("revoked.pem"));
    assert!(bad.contains("certificate revoked"), "{bad}");
}

#[test]
#[ignore = "needs openssl"]
fn openssl_connects_with_the_offices_certificate() {
    let place = Workplace::new(&["--strict-tls"]);
    place.fetch_p12("planner", &format!("KJ47{}", office_of("43")));
    place.unpack("planner");
    let address = place.program.printed("relay").trim_start_matches("https://").to_owned();
    for version in ["-tls1_2", "-tls1_3"] {
        let script = format!(
            "printf 'GET /v1/authority HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' \
             | openssl s_client {version} -quiet -verify_return_error -verify_hostname localhost \
               -CAfile ca.pem -cert planner.pem -key planner.pem -cert_chain planner.pem \
               -connect {address}"
        );
        let answer = place.run("sh", &["-c", &script]);
        assert!(answer.starts_with("HTTP/1.1 200"), "{version}: {answer}");
    }
}
