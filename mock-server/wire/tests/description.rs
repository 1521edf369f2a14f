//! The description lists what the contract says, and can be had without a server.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::collections::BTreeSet;

use serde_json::Value;

/// What the contract says is served, written down by hand.
const ENDPOINTS: &str = "
    GET /v1/authority            POST /v1/login/terminal      POST /v1/login/office
    POST /v1/token/refresh       POST /v1/logout              GET /v1/top
    GET /v1/notices              GET /v1/notices/{id}
    GET /v1/offices/{number}     POST /v1/messages
    GET /v1/inbox                GET /v1/inbox/{id}           POST /v1/inbox/{id}/claim
    GET /v1/downloads/{download_token}                        POST /v1/downloads/{download_token}/confirm
    GET /v1/outbox               GET /v1/outbox/{id}
    POST /v1/portal/login        POST /v1/portal/logout       POST /v1/portal/password
    POST /v1/portal/mail         POST /v1/portal/mail/confirm GET /v1/portal/notices
    GET /v1/portal/notices/{id}  GET /v1/portal/terminal-account
    GET /v1/portal/certificate-password                       POST /v1/portal/certificate-password
    GET /v1/portal/certificates  POST /v1/portal/certificates GET /v1/portal/certificates/{id}/p12
    GET /v1/portal/licence       POST /v1/portal/licence      POST /v1/portal/free-pass
    PUT /v1/portal/licence/auto-renewal                       POST /v1/portal/licence/cancel
    GET /openapi.json            GET /docs                    GET /docs/{file}
    GET /healthz                 GET /readyz                  GET /metrics
    GET /v1/controls/accounts    GET /v1/controls/mailbox     GET /v1/controls/clock
    POST /v1/controls/clock      GET /v1/controls/scenario    POST /v1/controls/scenario
    POST /v1/controls/reset      GET /v1/controls/state       PUT /v1/controls/state
    GET /v1/controls/faults      POST /v1/controls/faults     DELETE /v1/controls/faults
    DELETE /v1/controls/faults/{id}                           GET /v1/controls/journal
    DELETE /v1/controls/journal  POST /v1/controls/certificates
    POST /v1/controls/certificates/{serial}/revoke
    GET /v1/controls/claims      POST /v1/controls/claims/{id}/release
    GET /v1/controls/steps       POST /v1/controls/steps/{id}/retry
    DELETE /v1/controls/steps/{id}
    GET /v1/controls/switches    PATCH /v1/controls/switches
    POST /v1/controls/offices/{office}/help                   GET /v1/controls/deeds
";

fn contract() -> BTreeSet<String> {
    let words: Vec<&str> = ENDPOINTS.split_whitespace().collect();
    words.chunks(2).map(|pair| pair.join(" ")).collect()
}

#[test]
fn the_description_lists_exactly_the_contract() {
    let text = careplan_wire::serve::description().unwrap();
    let description: Value = serde_json::from_str(&text).unwrap();
    let paths = description["paths"].as_object().unwrap();
    let methods = ["get", "post", "put", "patch", "delete"];
    let described: BTreeSet<String> = paths
        .iter()
        .flat_map(|(path, item)| {
            let here = methods.iter().filter(|method| item.get(**method).is_some());
            here.map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect();
    let mut contract = contract();
    if !cfg!(feature = "docs") {
        contract.retain(|endpoint| !endpoint.starts_with("GET /docs"));
    }
    assert_eq!(described, contract);
    assert_eq!(description["openapi"], "3.1.0");
}
