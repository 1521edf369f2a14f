//! Certificates under `--strict-tls`.

use careplan_tests::bed::Bed;
use careplan_tests::unit::office_of;

#[tokio::test]
async fn strict_tls_refuses_in_the_handshake() {
    let bed = Bed::start(&["--strict-tls"]);
    let gets_through =
        async |client: reqwest::Client| client.get(bed.relay("/v1/authority")).send().await.is_ok();
    let (good, _) = bed.issue(office_of("43"), None).await;
    assert!(gets_through(bed.client(Some(&good))).await);
    assert!(!gets_through(bed.client(None)).await);
    for name in ["expired", "not-yet-valid", "revoked", "other-root", "wrong-usage"] {
        let (installed, _) = bed.issue(office_of("43"), Some(name)).await;
        assert!(!gets_through(bed.client(Some(&installed))).await, "{name}");
    }
}
