//! The top page, お知らせ一覧, and a certificate found in a folder.

use careplan_certs::Request;
use careplan_certs::package::{Encryption, pack};
use careplan_client_core::jiff::ToSpan as _;
use careplan_client_core::jiff::civil::date;
use careplan_client_core::wire::Top;
use careplan_client_core::{
    CertificateFile, CertificateKind, Error, Lang, LicenceState, OfficeNumber, Terminal,
};
use serde_json::{Value, json};

use crate::world::{AUTHORITY, OWN, World, now};

#[tokio::test]
async fn the_panels_are_typed() {
    let world = World::logged_in().await;
    let top = world.client.top().await.unwrap();
    assert_eq!(top.system.updated_on, Some(date(2026, 11, 1)));
    assert_eq!(top.licence.state, LicenceState::Active);
    assert_eq!((top.licence.valid_until, top.licence.free_pass), (None, true));
    let certificate = &top.certificate;
    assert_eq!(certificate.kind, Some(CertificateKind::CarePlanJigyousho));
    assert_eq!(certificate.not_after, Some("2029-11-21T14:59:59Z".parse().unwrap()));
    assert_eq!(certificate.renewable_from, Some(date(2029, 8, 23)));
    assert_eq!(top.usage_site.as_deref(), Some("http://127.0.0.1:8080/usage"));
}

fn top(change: impl FnOnce(&mut Value)) -> Top {
    let mut top = json!({
        "system": {"running": true}, "office": {"number": "4779000118"},
        "licence": {"state": "active"}, "certificate": {"serial": "40"},
    });
    change(&mut top);
    serde_json::from_value(top).unwrap()
}

#[test]
fn what_a_relay_leaves_out_or_says_anew_breaks_no_page() {
    let bare = top(|_| ());
    assert_eq!((bare.usage_site, bare.password_expires_at), (None, None));
    assert_eq!((bare.certificate.kind, bare.system.updated_on), (None, None));
    let strange = top(|top| {
        top["licence"] = json!({"state": "suspended", "valid_until": "31.05.2027"});
        top["certificate"] = json!({"serial": "40", "kind": "Other", "not_after": "2029-11-21"});
        top["of_tomorrow"] = json!(1);
    });
    assert_eq!(strange.licence.state, LicenceState::Unknown("suspended".to_owned()));
    assert_eq!(strange.licence.state.as_str(), "suspended");
    assert_eq!((strange.licence.valid_until, strange.certificate.not_after), (None, None));
    assert_eq!(strange.certificate.kind, None);
}

#[test]
fn a_password_is_said_to_end_two_weeks_before() {
    let end = now() + (14 * 24).hours();
    let top = top(|top| top["password_expires_at"] = json!(end.to_string()));
    assert!(top.password_ends_soon(now()));
    assert!(top.password_ends_soon(end + 1.second()), "nor is it forgotten behind its end");
    assert!(!top.password_ends_soon(now() - 1.second()));
}

#[tokio::test]
async fn notices_come_page_by_page_or_all_together() {
    let world = World::logged_in().await;
    let page = world.client.notices().await.unwrap();
    assert_eq!((page.items.len(), page.page, page.total), (10, 1, 23));
    assert_eq!((page.items[0].id.as_str(), page.items[0].unread), ("n1", true));
    let page = world.client.notices().per_page(20).page(2).await.unwrap();
    let ids: Vec<_> = page.items.iter().map(|notice| notice.id.as_str()).collect();
    assert_eq!(ids, ["n21", "n22", "n23"]);
    let mut all = world.client.notices().into_stream();
    let mut seen = 0;
    while let Some(notice) = all.next().await {
        seen += 1;
        assert_eq!(notice.unwrap().id, format!("n{seen}"));
    }
    assert_eq!((seen, world.stub.count("GET /v1/notices")), (23, 5));
}

#[track_caller]
fn refused(found: Result<CertificateFile, Error>, code: &str, says: &str, advises: &str) {
    let error = found.expect_err("no certificate");
    assert_eq!(error.code().as_str(), code);
    let told = error.describe(Lang::Ja);
    let (what, to_do) = told.split_once('\n').expect("what and what to do");
    assert!(what.contains(says) && to_do.contains(advises), "{told}");
}

#[test]
fn a_certificate_is_found_in_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    let find = || CertificateFile::find(folder.path());
    put("読んでください.txt", b"");
    std::fs::create_dir(folder.path().join("old.p12")).unwrap();
    refused(
        find(),
        "no-certificate-file",
        "p12 ファイルがありません",
        "ダウンロードしたフォルダー",
    );
    let office = OfficeNumber::parse(OWN.as_bytes()).unwrap();
    let request = Request::new(office, CertificateKind::CarePlanJigyousho, now());
    let p12 = pack(&AUTHORITY.issue(&request).unwrap(), "pw123456", Encryption::Aes256).unwrap();
    put("office.P12", &p12);
    let found = find().unwrap();
    assert_eq!(found.path(), folder.path().join("office.P12"));
    let printed = format!("{found:?}");
    assert!(printed.contains(&format!("bytes: {}", p12.len())), "{printed}");
    let home = tempfile::tempdir().unwrap();
    let terminal = Terminal::open(home.path()).unwrap();
    let installed = terminal.import_certificate(found.bytes(), "pw123456").unwrap();
    assert_eq!(installed.facts().office, Some(office));
    put("b.pfx", &p12);
    refused(
        find(),
        "several-certificate-files",
        "p12 ファイルが2個あります（b.pfx、office.P12）",
        "1つ指定",
    );
    // The file itself can always be named, and is as large as a certificate can be.
    let file = |name: &str| CertificateFile::find(folder.path().join(name));
    assert_eq!(file("b.pfx").unwrap().bytes(), p12);
    put("large.p12", &vec![0; 1 << 20]);
    assert_eq!(file("large.p12").unwrap().bytes().len(), 1 << 20);
    put("large.p12", &vec![0; (1 << 20) + 1]);
    refused(file("large.p12"), "certificate-import", "読み取れません", "p12 ファイル");
    refused(file("none.p12"), "io", "none.p12", "フォルダーの場所");
}
