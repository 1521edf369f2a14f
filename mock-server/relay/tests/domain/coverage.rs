//! Every refusal is provoked somewhere in these tests.

use careplan_relay::refusal::REFUSALS;

const TESTS: [&str; 7] = [
    include_str!("accounts.rs"),
    include_str!("certificates.rs"),
    include_str!("damage.rs"),
    include_str!("exchange.rs"),
    include_str!("licences.rs"),
    include_str!("login.rs"),
    include_str!("sending.rs"),
];

#[test]
fn no_refusal_is_out_of_reach() {
    let missing: Vec<_> = REFUSALS
        .iter()
        .map(|refusal| refusal.code)
        .filter(|code| {
            let quoted = format!("\"{code}\"");
            !TESTS.iter().any(|test| test.contains(&quoted))
        })
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
