//! curl with the .p12 logs in, sends what openssl signed, and downloads.

use std::io::Read;

use careplan_tests::office::{manifest, sha256_hex};
use careplan_tests::unit::{files, office_of};
use serde_json::json;

use super::workplace::{Workplace, p12};

#[test]
#[ignore = "needs curl and openssl"]
fn curl_and_openssl_send_and_fetch_a_message() {
    let place = Workplace::logging();
    let (planner, helper) = (office_of("43"), office_of("11"));
    let (planner_kj, helper_kj) = (format!("KJ47{planner}"), format!("KJ47{helper}"));
    place.fetch_p12("planner", &planner_kj);
    place.fetch_p12("helper", &helper_kj);
    let token = place.log_in("planner", "careplan@0001", &planner_kj);

    // The manifest, signed by openssl with what stands in the .p12.
    let unit = files("K2", planner, helper);
    for (name, bytes) in &unit {
        place.write(name, bytes);
    }
    let manifest = manifest(planner, helper, Some("curlから送信"), &unit).to_string();
    place.write("manifest.json", manifest.as_bytes());
    place.unpack("planner");
    let sign = [
        "cms",
        "-sign",
        "-binary",
        "-in",
        "manifest.json",
        "-signer",
        "planner.pem",
        "-md",
        "sha256",
        "-outform",
        "DER",
        "-out",
        "manifest.json.p7s",
    ];
    place.run("openssl", &sign);

    let certificate = p12("planner");
    let parts: Vec<String> = [
        "manifest=@manifest.json;type=application/json".to_owned(),
        "signature=@manifest.json.p7s;type=application/pkcs7-signature".to_owned(),
    ]
    .into_iter()
    .chain(unit.iter().map(|(name, _)| format!("file=@{name};type=application/octet-stream")))
    .collect();
    let url = place.url("relay", "/v1/messages");
    let mut send = vec!["--cert-type", "P12", "--cert", &certificate, "-H", &token];
    send.extend(["-H", "Idempotency-Key: curl-1"]);
    for part in &parts {
        send.extend(["-F", part]);
    }
    send.push(&url);
    let sent = place.curl_json(201, &send);
    assert_eq!(sent["files"], 3);
    let again = place.curl_json(200, &send);
    assert_eq!((&again["id"], &again["repeated"]), (&sent["id"], &json!(true)));

    // The partner, with curl.
    let senders = token;
    let token = place.log_in("helper", "careplan@0008", &helper_kj);
    let certificate = p12("helper");
    let with = ["--cert-type", "P12", "--cert", &certificate, "-H", &token];
    let id = sent["id"].as_str().unwrap();
    let claim_url = place.url("relay", &format!("/v1/inbox/{id}/claim"));
    let claim = [&with[..], &["-X", "POST", &claim_url]].concat();
    let claimed = place.curl_json(200, &claim);
    assert_eq!(place.curl_json(410, &claim)["code"], "already-fetched");
    let download = claimed["download_token"].as_str().unwrap();
    let url = place.url("relay", &format!("/v1/downloads/{download}"));
    // Half of it, then the rest, as curl continues a download.
    let half = (claimed["size"].as_u64().unwrap() / 2).to_string();
    let (status, first) = place.curl(&[&with[..], &["-r", &format!("0-{half}"), &url]].concat());
    assert_eq!(status, 206);
    place.write("whole.zip", &first);
    let resume = [&["-sS", "--noproxy", "*", "--cacert", "ca.pem"], &with[..]].concat();
    place.run("curl", &[&resume[..], &["-C", "-", "-o", "whole.zip", &url]].concat());
    let archive = place.read("whole.zip");
    assert_eq!(claimed["sha256"], sha256_hex(&archive));
    let body = json!({ "sha256": claimed["sha256"] }).to_string();
    let confirm = place.curl(&[&with[..], &["--json", &body, &format!("{url}/confirm")]].concat());
    assert_eq!(confirm.0, 204);

    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(archive)).unwrap();
    for (name, bytes) in &unit {
        let mut found = Vec::new();
        zip.by_name(name).unwrap().read_to_end(&mut found).unwrap();
        assert_eq!(&found, bytes, "{name}");
    }

    // curl speaks HTTP/2, and its library logs what passes; no secret is among it.
    let search = place.url("relay", "/v1/inbox?query=himitsu");
    let _ = place.curl_json(200, &[&with[..], &[&search]].concat());
    let log = String::from_utf8(place.read("log")).unwrap();
    assert!(log.contains("TRACE") && log.contains("h2::"), "{log}");
    let [senders, token] =
        [&senders, &token].map(|token| token.trim_start_matches("Authorization: Bearer "));
    let record = String::from_utf8_lossy(&unit[0].1[..40]).into_owned();
    for secret in [
        senders,
        token,
        download,
        "Terminal1",
        "Careplan1",
        "curl-1",
        "curlから送信",
        "himitsu",
        &record,
    ] {
        let line = log.lines().find(|line| line.contains(secret)).unwrap_or_default();
        assert!(!log.contains(secret), "{secret}: {line}");
    }
}

#[test]
#[ignore = "needs curl"]
fn curl_is_told_what_is_wrong_with_its_certificate() {
    let place = Workplace::new(&["--scenario", "wrong-certificate"]);
    // Offices of the first kinds and what is wrong with their certificates.
    let all = careplan_fixtures::region::offices();
    for (kind, code) in [
        ("43", "certificate-expired"),
        ("11", "certificate-revoked"),
        ("15", "certificate-of-other-office"),
        ("46", "certificate-wrong-kind"),
    ] {
        let number = office_of(kind);
        let index = all.iter().position(|office| office.number.as_str() == number).unwrap();
        let (c_id, kj_id) = (format!("careplan@{:04}", index + 1), format!("KJ47{number}"));
        place.fetch_p12("office", &kj_id);
        let body = format!(r#"{{"user_id":"{c_id}","password":"Terminal1"}}"#);
        let url = place.url("relay", "/v1/login/terminal");
        let first = place.curl_json(200, &["--json", &body, &url]);
        let token = format!("Authorization: Bearer {}", first["terminal_token"].as_str().unwrap());
        let body = format!(r#"{{"user_id":"{kj_id}","password":"Careplan1"}}"#);
        let (url, p12) = (place.url("relay", "/v1/login/office"), p12("office"));
        let stage2 = ["--cert-type", "P12", "--cert", &p12, "-H", &token, "--json", &body, &url];
        let refused = place.curl_json(403, &stage2);
        assert_eq!(refused["code"], code);
        assert_eq!(refused["title"], "正しい電子証明書をインストールしてください。");
    }
}
