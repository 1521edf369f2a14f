//! The same files, lists and signatures in the hands of openssl.
//!
//! Run with `cargo test -p careplan-certs --features issue --test openssl -- --ignored`.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use careplan_certs::{
    Authority, Cause, Installed, Issued, Judge, KeyKind, Kind, Request, Revoked, Wrong,
    issue::authority::POLICY,
    package::{self, Encryption},
    signature::{self, Digest, SignatureError},
};
use careplan_spec::office_number::OfficeNumber;
use jiff::{Timestamp, ToSpan};
use tempfile::TempDir;

const CONTENT: &[u8] = b"\"1370000001\",\"\x93\xfa\x96\x7b\"\r\n";
const KEYS: [KeyKind; 2] = [KeyKind::P256, KeyKind::Rsa2048];

/// A folder with an authority's certificates, an office's certificate and key, and content.
struct Bench {
    folder: TempDir,
    now: Timestamp,
    authority: Authority,
    issued: Issued,
}

impl Bench {
    fn new(key: KeyKind) -> Self {
        // A fixed moment, which every call of openssl is told.
        let now = "2025-06-24T03:00:00Z".parse().unwrap();
        let authority = Authority::generate_with(now, key).unwrap();
        let request = Request { key, ..Request::new(office(), Kind::CarePlanJigyousho, now) };
        let issued = authority.issue(&request).unwrap();
        let bench = Self { folder: TempDir::new().unwrap(), now, authority, issued };
        let pem = bench.authority.ca_pem();
        let root = pem.rfind("-----BEGIN").unwrap();
        bench.write("chain.pem", pem.as_bytes());
        bench.write("issuing.pem", &pem.as_bytes()[..root]);
        bench.write("root.pem", &pem.as_bytes()[root..]);
        bench.write("office.der", &bench.issued.certificate);
        bench.write("office.key.der", &bench.issued.key);
        bench.write("content", CONTENT);
        bench.succeed("x509 -inform DER -in office.der -out office.pem");
        bench.succeed("pkey -inform DER -in office.key.der -out office.key.pem");
        bench
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path(name), bytes).unwrap();
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// The option that tells openssl our time.
    fn at(&self) -> String {
        format!("-attime {}", self.now.as_second())
    }

    fn run(&self, arguments: &str) -> Output {
        openssl(self.folder.path(), &arguments.split_whitespace().collect::<Vec<_>>())
    }

    fn succeed(&self, arguments: &str) -> String {
        let output = self.run(arguments);
        let text = both(&output);
        assert!(output.status.success(), "openssl {arguments}: {text}");
        text
    }

    fn fail(&self, arguments: &str) -> String {
        let output = self.run(arguments);
        let text = both(&output);
        assert!(!output.status.success(), "openssl {arguments} succeeded: {text}");
        text
    }

    fn judge(&self) -> Judge {
        Judge::new(&self.authority)
    }
}

fn office() -> OfficeNumber {
    OfficeNumber::with_check_digit("137000000").unwrap()
}

fn openssl(folder: &Path, arguments: &[&str]) -> Output {
    Command::new("openssl").current_dir(folder).args(arguments).output().expect("openssl runs")
}

fn both(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

#[test]
#[ignore = "needs openssl"]
fn the_chain_verifies_for_its_purposes() {
    for key in KEYS {
        let bench = Bench::new(key);
        let at = bench.at();
        let verify = format!("verify -x509_strict {at} -CAfile root.pem -untrusted issuing.pem");
        for purpose in ["sslclient", "smimesign"] {
            bench.succeed(&format!("{verify} -purpose {purpose} office.pem"));
        }
        bench.fail(&format!("{verify} -purpose sslserver office.pem"));
        let policy = format!("{verify} -policy {POLICY} -explicit_policy office.pem");
        bench.succeed(&policy);
        let later = format!("-attime {}", (bench.now + 40_000.hours()).as_second());
        let late = bench.fail(&format!("{} office.pem", verify.replace(&at, &later)));
        assert!(late.contains("expired"), "{late}");

        let server = bench.authority.issue_server(&["relay.example.jp"], &[], bench.now).unwrap();
        bench.write("server.der", &server.certificate);
        bench.succeed("x509 -inform DER -in server.der -out server.pem");
        for name in ["-verify_hostname relay.example.jp", "-verify_ip 127.0.0.1"] {
            bench.succeed(&format!("{verify} -purpose sslserver {name} server.pem"));
        }
        bench.fail(&format!("{verify} -verify_hostname example.jp server.pem"));
    }
}

#[test]
#[ignore = "needs openssl"]
fn the_subject_reads_as_designed() {
    let bench = Bench::new(KeyKind::P256);
    let text = bench.succeed("x509 -in office.pem -noout -subject -issuer -nameopt RFC2253");
    let number = office();
    let subject = format!(
        "subject=CN=CarePlanJigyousho,serialNumber={number},OU=TEST,O=TEST careplan-testbed,C=JP"
    );
    assert!(text.contains(&subject), "{text}");
    assert!(text.contains("issuer=CN=TEST e-seikyuuCA,"), "{text}");
    let text = bench.succeed("x509 -in office.pem -noout -text");
    for expected in [
        "Digital Signature, Non Repudiation",
        "TLS Web Client Authentication, E-mail Protection",
        "CA:FALSE",
        POLICY,
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
}

#[test]
#[ignore = "needs openssl"]
fn revocation_lists_count() {
    for key in KEYS {
        let bench = Bench::new(key);
        let next = bench.now + 24.hours();
        let lists = [
            ("empty", Vec::new()),
            ("full", vec![Revoked { serial: bench.issued.serial, at: bench.now }]),
        ];
        bench.write("root.crl", &bench.authority.root_crl(bench.now, next).unwrap());
        bench.succeed("crl -inform DER -in root.crl -CAfile root.pem -out root.crl.pem");
        for (name, revoked) in lists {
            let crl = bench.authority.crl(&revoked, bench.now, next).unwrap();
            bench.write("office.crl", &crl);
            let text = bench
                .succeed("crl -inform DER -in office.crl -CAfile issuing.pem -noout -text -verify");
            assert!(text.contains("verify OK"), "{text}");
            bench.succeed("crl -inform DER -in office.crl -out office.crl.pem");
            let verify = format!(
                "verify {} -crl_check_all -CRLfile office.crl.pem -CRLfile root.crl.pem \
                 -CAfile root.pem -untrusted issuing.pem office.pem",
                bench.at()
            );
            if name == "empty" {
                assert!(text.contains("No Revoked Certificates"), "{text}");
                bench.succeed(&verify);
            } else {
                let text = bench.fail(&verify);
                assert!(text.contains("certificate revoked"), "{text}");
            }
        }
    }
}

#[test]
#[ignore = "needs openssl"]
fn files_open_in_openssl() {
    for key in KEYS {
        let bench = Bench::new(key);
        for encryption in [Encryption::Aes256, Encryption::TripleDes] {
            for password in ["Passw0rd!", "パスワード１"] {
                let file = package::pack(&bench.issued, password, encryption).unwrap();
                bench.write("office.p12", &file);
                bench.succeed(&format!(
                    "pkcs12 -in office.p12 -passin pass:{password} -nodes -out all.pem"
                ));
                let text = bench.succeed("pkey -in all.pem -noout -text");
                let name = if key == KeyKind::P256 { "prime256v1" } else { "2048 bit" };
                assert!(text.contains(name), "{text}");
                let pem = String::from_utf8(bench.read("all.pem")).unwrap();
                assert_eq!(pem.matches("BEGIN CERTIFICATE").count(), 3);
                assert_eq!(pem.matches("BEGIN PRIVATE KEY").count(), 1);
                bench.succeed(&format!(
                    "verify {} -CAfile root.pem -untrusted all.pem all.pem",
                    bench.at()
                ));
                let text = bench.fail("pkcs12 -in office.p12 -passin pass:wrong -nodes");
                assert!(text.contains("invalid password"), "{text}");
            }
        }
    }
}

#[test]
#[ignore = "needs openssl"]
fn files_of_openssl_open_here() {
    for key in KEYS {
        let bench = Bench::new(key);
        for form in ["", "-legacy", "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1"] {
            bench.succeed(&format!(
                "pkcs12 -export {form} -inkey office.key.pem -in office.pem -certfile chain.pem \
                 -passout pass:secret -out theirs.p12"
            ));
            let installed = package::open(&bench.read("theirs.p12"), "secret").unwrap();
            assert_eq!(installed.chain(), bench.issued.chain());
            assert_eq!(installed.facts().office, Some(office()));
            let refused = package::open(&bench.read("theirs.p12"), "Secret");
            assert_eq!(refused.unwrap_err(), package::OpenError::WrongPassword);
        }
        bench.succeed("pkcs12 -export -nokeys -in office.pem -passout pass:x -out nokey.p12");
        let refused = package::open(&bench.read("nokey.p12"), "x");
        assert_eq!(refused.unwrap_err(), package::OpenError::NoKey);
        // The file's own check of the password left out: the decryption notices.
        bench.succeed(
            "pkcs12 -export -nomac -inkey office.key.pem -in office.pem -passout pass:x \
             -out nomac.p12",
        );
        assert!(package::open(&bench.read("nomac.p12"), "x").is_ok());
        assert!(package::open(&bench.read("nomac.p12"), "y").is_err());
    }
}

#[test]
#[ignore = "needs openssl"]
fn signatures_made_here_verify_in_openssl() {
    for key in KEYS {
        let bench = Bench::new(key);
        let installed = Installed::try_from(&bench.issued).unwrap();
        let ours = signature::sign(CONTENT, &installed, bench.now).unwrap();
        bench.write("ours.p7s", &ours);
        let verify = format!(
            "cms -verify -binary -inform DER -in ours.p7s -CAfile root.pem {} -out out",
            bench.at()
        );
        let text = bench.succeed(&format!("{verify} -content content"));
        assert!(text.contains("successful"), "{text}");
        assert_eq!(bench.read("out"), CONTENT);
        bench.write("altered", b"altered");
        bench.fail(&format!("{verify} -content altered"));
        let text = bench.succeed("cms -cmsout -print -noout -inform DER -in ours.p7s");
        assert!(text.contains("signingTime") && text.contains("eContent: <ABSENT>"), "{text}");
    }
}

#[test]
#[ignore = "needs openssl"]
fn signatures_of_openssl_verify_here() {
    for key in KEYS {
        let bench = Bench::new(key);
        let judge = bench.judge();
        let cases = [
            ("-md sha256", Digest::Sha256),
            ("-md sha384", Digest::Sha384),
            ("-md sha512", Digest::Sha512),
            ("-md sha256 -stream", Digest::Sha256),
            ("-md sha512 -stream -nodetach", Digest::Sha512),
            ("-md sha256 -nodetach", Digest::Sha256),
            ("-md sha256 -keyid", Digest::Sha256),
            ("-md sha256 -certfile chain.pem -nosmimecap", Digest::Sha256),
        ];
        for (form, digest) in cases {
            bench.succeed(&format!(
                "cms -sign -binary -in content -signer office.pem -inkey office.key.pem \
                 -outform DER -out theirs.p7s {form}"
            ));
            let theirs = bench.read("theirs.p7s");
            let found = signature::verify(CONTENT, &theirs, &judge, bench.now)
                .unwrap_or_else(|error| panic!("{form}: {error:?}"));
            assert_eq!(found.digest, digest, "{form}");
            assert_eq!(found.signer.office, Some(office()), "{form}");
            assert!(found.signed_at.is_some(), "{form}");
            let refused = signature::verify(b"altered", &theirs, &judge, bench.now);
            assert_eq!(refused, Err(SignatureError::ContentDiffers), "{form}");
        }
        // What openssl can write and we refuse.
        let refused = [
            ("-md sha1", SignatureError::Algorithm),
            ("-md sha256 -noattr", SignatureError::Attributes),
            ("-md sha256 -nocerts", SignatureError::NoCertificate),
        ];
        for (form, error) in refused {
            bench.succeed(&format!(
                "cms -sign -binary -in content -signer office.pem -inkey office.key.pem \
                 -outform DER -out theirs.p7s {form}"
            ));
            let theirs = bench.read("theirs.p7s");
            let found = signature::verify(CONTENT, &theirs, &judge, bench.now);
            assert_eq!(found, Err(error), "{form}");
        }
    }
}

#[test]
#[ignore = "needs openssl"]
fn two_signers_and_unusual_keys_are_told_apart() {
    let bench = Bench::new(KeyKind::P256);
    let request = Request::new(office(), Kind::KaigoJigyousho, bench.now);
    let second = bench.authority.issue(&request).unwrap();
    bench.write("second.der", &second.certificate);
    bench.write("second.key.der", &second.key);
    bench.succeed("x509 -inform DER -in second.der -out second.pem");
    bench.succeed("pkey -inform DER -in second.key.der -out second.key.pem");
    bench.succeed(
        "cms -sign -binary -in content -signer office.pem -inkey office.key.pem \
         -signer second.pem -inkey second.key.pem -outform DER -out two.p7s",
    );
    let found = signature::verify(CONTENT, &bench.read("two.p7s"), &bench.judge(), bench.now);
    assert_eq!(found, Err(SignatureError::NotOneSigner));

    // A signature by a stranger of the right shape.
    let names = "/C=JP/O=TEST careplan-testbed/OU=TEST/CN=CarePlanJigyousho";
    let output = openssl(
        bench.folder.path(),
        &[
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-subj",
            names,
            "-keyout",
            "stranger.key.pem",
            "-out",
            "stranger.pem",
        ],
    );
    assert!(output.status.success(), "{}", both(&output));
    bench.succeed(
        "cms -sign -binary -in content -signer stranger.pem -inkey stranger.key.pem \
         -outform DER -out stranger.p7s",
    );
    let found = signature::verify(CONTENT, &bench.read("stranger.p7s"), &bench.judge(), bench.now);
    let Err(SignatureError::Signer(fault)) = found else { panic!("{found:?}") };
    assert_eq!(fault.cause, Cause::OtherRoot);

    let wrong = bench.authority.issue_wrong(Wrong::OtherRoot, office(), office(), bench.now);
    bench.write("wrong.der", &wrong.unwrap().certificate);
    bench.succeed("x509 -inform DER -in wrong.der -out wrong.pem");
    bench.fail(&format!("verify {} -CAfile root.pem -untrusted issuing.pem wrong.pem", bench.at()));
}
