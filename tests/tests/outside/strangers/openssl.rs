//! openssl accepts what the test authority and the client libraries made.

use std::io::Read;

use base64::Engine;
use careplan_tests::bed::Bed;
use careplan_tests::program::Program;
use careplan_tests::unit::{files, office_of};

use super::workplace::{Workplace, p12};

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

/// What openssl is asked for, and what the relay says to the signature that comes of it.
const SIGNATURES: [(&str, &str, &str, &str); 9] = [
    (
        "-binary -outform PEM",
        "signature-invalid",
        "PEMまたはS/MIMEのテキストです。",
        "-outform DER",
    ),
    (
        "-binary -outform SMIME",
        "signature-invalid",
        "PEMまたはS/MIMEのテキストです。",
        "-outform DER",
    ),
    ("-outform DER", "signature-invalid", "内容が署名された時のものと一致しません", "-binary"),
    ("-binary -outform DER -nocerts", "signature-invalid", "証明書が含まれていません", "-nocerts"),
    ("-binary -outform DER -noattr", "signature-invalid", "署名属性", "-noattr"),
    ("-binary -outform DER -md sha1", "signature-invalid", "SHA-256以上", "-md sha256"),
    (
        "-binary -outform DER -signer own.pem",
        "signature-invalid",
        "署名者は1つでなければ",
        "exactly one signer",
    ),
    (
        "-binary -outform DER -signer helper.pem",
        "signer-is-not-you",
        "ログイン中の事業所の電子証明書で",
        "Sign with the certificate of your office.",
    ),
    ("-binary -outform DER", "", "", ""),
];

#[test]
#[ignore = "needs openssl and curl"]
fn what_openssl_signs_in_another_way_is_told_what_to_do() {
    let place = Workplace::new(&[]);
    let (planner, helper) = (office_of("43"), office_of("11"));
    for (name, office) in [("planner", planner), ("helper", helper)] {
        place.fetch_p12(name, &format!("KJ47{office}"));
        place.unpack(name);
    }
    // A second signer, of an authority of its own.
    let own = "req -x509 -newkey rsa:2048 -noenc -subj /CN=own -keyout own.key -out own.crt";
    place.run("openssl", &own.split(' ').collect::<Vec<_>>());
    place.write("own.pem", &[place.read("own.key"), place.read("own.crt")].concat());
    let token = place.log_in("planner", "careplan@0001", &format!("KJ47{planner}"));
    let unit = files("K2", planner, helper);
    // Lines, as an editor leaves them: without -binary openssl signs others.
    let manifest = careplan_tests::office::manifest(planner, helper, None, &unit);
    let manifest = serde_json::to_string_pretty(&manifest).unwrap();
    place.write("manifest.json", manifest.as_bytes());
    let mut form =
        vec!["-F".to_owned(), "manifest=@manifest.json;type=application/json".to_owned()];
    form.extend([
        "-F".to_owned(),
        "signature=@signature;type=application/pkcs7-signature".to_owned(),
    ]);
    for (name, bytes) in &unit {
        place.write(name, bytes);
        form.extend(["-F".to_owned(), format!("file=@{name}")]);
    }
    let (url, p12) = (place.url("relay", "/v1/messages"), p12("planner"));
    let send = |key: &str, status: u16| {
        let key = format!("Idempotency-Key: {key}");
        let mut all = vec!["--cert-type", "P12", "--cert", &p12, "-H", &token, "-H", &key];
        all.extend(form.iter().map(String::as_str));
        all.push(&url);
        place.curl_json(status, &all)
    };
    for (index, (options, code, ja, en)) in SIGNATURES.into_iter().enumerate() {
        let mut sign = vec!["cms", "-sign", "-in", "manifest.json", "-out", "signature"];
        if code != "signer-is-not-you" {
            sign.extend(["-signer", "planner.pem"]);
        }
        sign.extend(options.split(' '));
        place.run("openssl", &sign);
        let status = match code {
            "" => 201,
            "signature-invalid" => 422,
            _ => 403,
        };
        let answer = send(&format!("key-{index}"), status);
        if code.is_empty() {
            continue;
        }
        assert_eq!(answer["code"], code, "{options}");
        let said = |names: [&str; 2]| names.map(|name| answer[name].as_str().unwrap()).concat();
        assert!(said(["detail", "hint"]).contains(ja), "{options}: {answer}");
        assert!(said(["detail_en", "hint_en"]).contains(en), "{options}: {answer}");
    }
    // A byte that changed on the way.
    let mut spoilt = place.read("signature");
    *spoilt.last_mut().unwrap() ^= 1;
    place.write("signature", &spoilt);
    let answer = send("spoilt", 422);
    let detail = answer["detail_en"].as_str().unwrap();
    assert_eq!(answer["code"], "signature-invalid");
    assert!(detail.contains("private key of the enclosed certificate"), "{detail}");
}
