//! Which refusals an endpoint gives: what follows from how it is asked (who, with which body), and
//! its own, declared here once. Tests hold every refusal they meet against the description.

use axum::http::StatusCode;
use careplan_relay::refusal::{
    ACCOUNT_UNKNOWN, AGENT_ID_REFUSED, ALREADY_FETCHED, ATTACHMENT_NAME, ATTACHMENT_TYPE,
    CERTIFICATE_EXPIRED, CERTIFICATE_MISSING, CERTIFICATE_NOT_ISSUED, CERTIFICATE_NOT_YET_VALID,
    CERTIFICATE_OF_OTHER_OFFICE, CERTIFICATE_OF_OTHER_ROOT, CERTIFICATE_PASSWORD_LOCKED,
    CERTIFICATE_PASSWORD_WRONG, CERTIFICATE_PENDING, CERTIFICATE_RENEWAL_TOO_EARLY,
    CERTIFICATE_REVOKED, CERTIFICATE_UNKNOWN, CERTIFICATE_WITHDRAWN, CERTIFICATE_WITHOUT_OFFICE,
    CERTIFICATE_WRONG_KIND, CERTIFICATE_WRONG_USAGE, CHECKSUM_DIFFERS, DESTINATION_MISSING,
    DESTINATION_UNKNOWN, DESTINATION_UNLICENSED, DOWNLOAD_CLOSED, DOWNLOAD_TOKEN_UNKNOWN,
    DUPLICATE_FILE_NAME, FILE_COMBINATION, FILE_CONTENT, FILE_NAME_FORM, FILE_TOO_LARGE,
    FIRST_STAGE_MISSING, FREE_PASS_CLOSED, IDEMPOTENCY_KEY_MALFORMED, IDEMPOTENCY_KEY_REUSED,
    IDS_OF_DIFFERENT_OFFICES, LICENCE_FORM_INCOMPLETE, LICENCE_HELD, LICENCE_NEEDED,
    LICENCE_NOT_CANCELLABLE, LICENCE_NOT_HELD, LICENCE_RENEWS_BY_HAND, LIST_CURSOR_UNKNOWN,
    MAIL_ADDRESS_MALFORMED, MAIL_CODE_EXPIRED, MAIL_CODE_NOT_REQUESTED, MAIL_CODE_WRONG,
    MANIFEST_DIFFERS, MESSAGE_TOO_LARGE, MESSAGE_UNKNOWN, OFFICE_UNKNOWN,
    PASSWORD_CHANGED_MEANWHILE, PASSWORD_EXPIRED, PASSWORD_RULE_BROKEN, PASSWORD_TEMPORARY,
    PASSWORD_UNCHANGED, RefusalKind, SAME_OFFICE, SEARCH_TEXT_TOO_LONG, SENDER_IS_NOT_YOU,
    SEVERAL_DESTINATIONS, SEVERAL_UNITS, SIGNATURE_INVALID, SIGNATURE_MISSING, SIGNER_IS_NOT_YOU,
    STATE_DAMAGED, TERMS_NOT_ACCEPTED, TEXT_TOO_LONG, TOKEN_EXPIRED, TOKEN_OF_OTHER_CERTIFICATE,
    TOKEN_REUSED, TOKEN_UNKNOWN, TOO_MANY_FILES, USER_ID_MALFORMED, USER_LOCKED,
    USER_OR_PASSWORD_WRONG, VERSION3_REFUSED,
};
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::path::{HttpMethod, Operation};
use utoipa::openapi::{Content, OpenApi, Ref, RefOr, Response, ResponseBuilder};

use crate::api::problem::MEDIA_TYPE;
use crate::api::status::status_of;
use crate::api::transport_refusal::{
    ADMIN_TOKEN_TRIES, ADMIN_TOKEN_WRONG, BODY_MALFORMED, BODY_TOO_LARGE, BODY_TOO_SLOW,
    CLOCK_ORDER_WRONG, FAULT_ORDER_WRONG, FAULT_UNKNOWN, HOST_UNCLEAR, HOST_UNKNOWN,
    INTERNAL_ERROR, JSON_WANTED, MEDIA_TYPE_WRONG, MEMORY_TAKEN, NOT_KEPT, NOT_READY,
    ORIGIN_FOREIGN, QUERY_MALFORMED, RANGE_UNSATISFIABLE, ROUTE_UNKNOWN, SAVED_STATE_UNREADABLE,
    SCENARIO_UNKNOWN, SWITCH_WRONG, WRONG_CERTIFICATE_UNKNOWN,
};

/// The member of an operation that lists its codes.
const MEMBER: &str = "x-refusal-codes";

type Kinds = &'static [&'static RefusalKind];

/// Whoever is asked.
const ALWAYS: Kinds = &[&HOST_UNCLEAR, &HOST_UNKNOWN, &INTERNAL_ERROR, &NOT_KEPT];
/// Where a body is read.
const BODY: Kinds = &[&BODY_MALFORMED, &BODY_TOO_LARGE, &BODY_TOO_SLOW, &MEMORY_TAKEN];
/// What can be wrong with the certificate of a connection.
const CERTIFICATE: Kinds = &[
    &CERTIFICATE_MISSING,
    &CERTIFICATE_EXPIRED,
    &CERTIFICATE_NOT_YET_VALID,
    &CERTIFICATE_REVOKED,
    &CERTIFICATE_OF_OTHER_ROOT,
    &CERTIFICATE_WRONG_USAGE,
    &CERTIFICATE_WRONG_KIND,
    &CERTIFICATE_WITHOUT_OFFICE,
    &CERTIFICATE_OF_OTHER_OFFICE,
];
/// Where an access token is asked for.
const ACCESS: Kinds = &[&TOKEN_UNKNOWN, &TOKEN_EXPIRED, &TOKEN_OF_OTHER_CERTIFICATE];
/// Where a token of the sites is asked for.
const PORTAL: Kinds = &[&TOKEN_UNKNOWN, &TOKEN_EXPIRED];
/// Where a password must be one the user chose, and still good.
const PASSWORD: Kinds = &[&PASSWORD_TEMPORARY, &PASSWORD_EXPIRED];
/// Where an ID and a password are given.
const CREDENTIALS: Kinds =
    &[&USER_ID_MALFORMED, &AGENT_ID_REFUSED, &USER_OR_PASSWORD_WRONG, &USER_LOCKED];
/// Where a licence is applied for.
const APPLICATION: Kinds = &[&TERMS_NOT_ACCEPTED, &LICENCE_FORM_INCOMPLETE, &LICENCE_HELD];

/// Where a list is read.
const LIST: Kinds = &[&QUERY_MALFORMED, &SEARCH_TEXT_TOO_LONG, &LIST_CURSOR_UNKNOWN];

/// What an endpoint gives of its own, by method and path.
const OWN: &[(HttpMethod, &str, &[Kinds])] = &[
    (HttpMethod::Post, "/v1/login/terminal", &[CREDENTIALS]),
    (
        HttpMethod::Post,
        "/v1/login/office",
        &[
            CREDENTIALS,
            PASSWORD,
            CERTIFICATE,
            &[&FIRST_STAGE_MISSING, &IDS_OF_DIFFERENT_OFFICES, &LICENCE_NEEDED],
        ],
    ),
    (
        HttpMethod::Post,
        "/v1/token/refresh",
        &[ACCESS, CERTIFICATE, &[&TOKEN_REUSED, &IDEMPOTENCY_KEY_MALFORMED]],
    ),
    (HttpMethod::Get, "/v1/notices", &[&[&QUERY_MALFORMED]]),
    (HttpMethod::Get, "/v1/notices/{id}", &[&[&MESSAGE_UNKNOWN]]),
    (HttpMethod::Get, "/v1/offices/{number}", &[&[&OFFICE_UNKNOWN]]),
    (HttpMethod::Get, "/v1/inbox", &[LIST]),
    (HttpMethod::Get, "/v1/outbox", &[LIST]),
    (HttpMethod::Get, "/v1/inbox/{id}", &[&[&MESSAGE_UNKNOWN]]),
    (HttpMethod::Get, "/v1/outbox/{id}", &[&[&MESSAGE_UNKNOWN]]),
    (
        HttpMethod::Post,
        "/v1/inbox/{id}/claim",
        &[&[
            &MESSAGE_UNKNOWN,
            &ALREADY_FETCHED,
            &LICENCE_NEEDED,
            &IDEMPOTENCY_KEY_MALFORMED,
            &STATE_DAMAGED,
        ]],
    ),
    (
        HttpMethod::Get,
        "/v1/downloads/{download_token}",
        &[&[
            &DOWNLOAD_TOKEN_UNKNOWN,
            &DOWNLOAD_CLOSED,
            &RANGE_UNSATISFIABLE,
            &STATE_DAMAGED,
            &MEMORY_TAKEN,
        ]],
    ),
    (
        HttpMethod::Post,
        "/v1/downloads/{download_token}/confirm",
        &[&[&DOWNLOAD_TOKEN_UNKNOWN, &CHECKSUM_DIFFERS, &JSON_WANTED]],
    ),
    (
        HttpMethod::Post,
        "/v1/messages",
        &[
            CERTIFICATE,
            &[
                &MEDIA_TYPE_WRONG,
                &IDEMPOTENCY_KEY_MALFORMED,
                &IDEMPOTENCY_KEY_REUSED,
                &LICENCE_NEEDED,
                &FILE_NAME_FORM,
                &FILE_COMBINATION,
                &FILE_CONTENT,
                &VERSION3_REFUSED,
                &SEVERAL_UNITS,
                &DESTINATION_MISSING,
                &SEVERAL_DESTINATIONS,
                &SENDER_IS_NOT_YOU,
                &DESTINATION_UNKNOWN,
                &DESTINATION_UNLICENSED,
                &SAME_OFFICE,
                &ATTACHMENT_TYPE,
                &ATTACHMENT_NAME,
                &DUPLICATE_FILE_NAME,
                &TOO_MANY_FILES,
                &FILE_TOO_LARGE,
                &MESSAGE_TOO_LARGE,
                &TEXT_TOO_LONG,
                &SIGNATURE_MISSING,
                &SIGNATURE_INVALID,
                &SIGNER_IS_NOT_YOU,
                &MANIFEST_DIFFERS,
            ],
        ],
    ),
    (HttpMethod::Post, "/v1/portal/login", &[CREDENTIALS, &[&PASSWORD_EXPIRED]]),
    (
        HttpMethod::Post,
        "/v1/portal/password",
        &[
            CREDENTIALS,
            &[
                &TERMS_NOT_ACCEPTED,
                &PASSWORD_RULE_BROKEN,
                &PASSWORD_UNCHANGED,
                &PASSWORD_CHANGED_MEANWHILE,
            ],
        ],
    ),
    (HttpMethod::Get, "/v1/portal/notices/{id}", &[&[&MESSAGE_UNKNOWN]]),
    (HttpMethod::Post, "/v1/portal/licence", &[APPLICATION]),
    (HttpMethod::Post, "/v1/portal/free-pass", &[APPLICATION, &[&FREE_PASS_CLOSED]]),
    (
        HttpMethod::Put,
        "/v1/portal/licence/auto-renewal",
        &[&[&LICENCE_NOT_HELD, &LICENCE_RENEWS_BY_HAND]],
    ),
    (
        HttpMethod::Post,
        "/v1/portal/licence/cancel",
        &[&[&LICENCE_NOT_HELD, &LICENCE_NOT_CANCELLABLE]],
    ),
    (
        HttpMethod::Post,
        "/v1/portal/certificates",
        &[&[
            &TERMS_NOT_ACCEPTED,
            &CERTIFICATE_PASSWORD_WRONG,
            &CERTIFICATE_PASSWORD_LOCKED,
            &CERTIFICATE_PENDING,
            &CERTIFICATE_RENEWAL_TOO_EARLY,
            &CERTIFICATE_UNKNOWN,
        ]],
    ),
    (
        HttpMethod::Get,
        "/v1/portal/certificates/{id}/p12",
        &[&[
            &QUERY_MALFORMED,
            &CERTIFICATE_UNKNOWN,
            &CERTIFICATE_NOT_ISSUED,
            &CERTIFICATE_WITHDRAWN,
        ]],
    ),
    (HttpMethod::Post, "/v1/portal/mail", &[&[&MAIL_ADDRESS_MALFORMED]]),
    (
        HttpMethod::Post,
        "/v1/portal/mail/confirm",
        &[&[&MAIL_CODE_NOT_REQUESTED, &MAIL_CODE_WRONG, &MAIL_CODE_EXPIRED]],
    ),
    (HttpMethod::Get, "/docs/{file}", &[&[&ROUTE_UNKNOWN]]),
    (HttpMethod::Get, "/readyz", &[&[&NOT_READY]]),
    (HttpMethod::Get, "/v1/controls/journal", &[&[&QUERY_MALFORMED]]),
    (HttpMethod::Get, "/v1/controls/mailbox", &[&[&QUERY_MALFORMED]]),
    (HttpMethod::Get, "/v1/controls/state", &[&[&STATE_DAMAGED]]),
    (HttpMethod::Put, "/v1/controls/state", &[&[&SAVED_STATE_UNREADABLE, &MEDIA_TYPE_WRONG]]),
    (
        HttpMethod::Post,
        "/v1/controls/certificates",
        &[&[&OFFICE_UNKNOWN, &ACCOUNT_UNKNOWN, &WRONG_CERTIFICATE_UNKNOWN]],
    ),
    (HttpMethod::Post, "/v1/controls/certificates/{serial}/revoke", &[&[&CERTIFICATE_UNKNOWN]]),
    (HttpMethod::Post, "/v1/controls/claims/{id}/release", &[&[&MESSAGE_UNKNOWN]]),
    (
        HttpMethod::Post,
        "/v1/controls/offices/{office}/help",
        &[&[&OFFICE_UNKNOWN, &ACCOUNT_UNKNOWN, &CERTIFICATE_PENDING]],
    ),
    (HttpMethod::Post, "/v1/controls/clock", &[&[&CLOCK_ORDER_WRONG]]),
    (HttpMethod::Post, "/v1/controls/scenario", &[&[&SCENARIO_UNKNOWN]]),
    (HttpMethod::Post, "/v1/controls/reset", &[&[&SCENARIO_UNKNOWN]]),
    (HttpMethod::Patch, "/v1/controls/switches", &[&[&SWITCH_WRONG]]),
    (HttpMethod::Post, "/v1/controls/faults", &[&[&FAULT_ORDER_WRONG]]),
    (HttpMethod::Delete, "/v1/controls/faults/{id}", &[&[&FAULT_UNKNOWN]]),
];

/// Every refusal of an endpoint, by status and then as declared, each once.
fn of(method: &HttpMethod, path: &str, operation: &Operation) -> Vec<&'static RefusalKind> {
    let asks_for = |token: &str| {
        let wanted = serde_json::to_value(&operation.security).unwrap_or_default();
        wanted.as_array().is_some_and(|all| all.iter().any(|one| one.get(token).is_some()))
    };
    let is_operators = operation.tags.iter().flatten().any(|tag| tag == "controls");
    let is_probe = ["/healthz", "/readyz"].contains(&path);
    let changes = matches!(method, HttpMethod::Post | HttpMethod::Put | HttpMethod::Patch);
    let mut all: Vec<&'static RefusalKind> = ALWAYS.to_vec();
    if operation.request_body.is_some() {
        all.extend(BODY);
    }
    if is_operators {
        all.push(&ORIGIN_FOREIGN);
    }
    let reads_json = match &operation.request_body {
        Some(RefOr::T(body)) => body.content.contains_key("application/json"),
        _ => false,
    };
    if reads_json || (is_operators && changes) {
        all.push(&JSON_WANTED);
    }
    if is_operators && !is_probe {
        all.extend([&ADMIN_TOKEN_WRONG, &ADMIN_TOKEN_TRIES]);
    }
    if asks_for("access_token") {
        all.extend(ACCESS.iter().chain(CERTIFICATE));
    }
    if asks_for("portal_token") {
        all.extend(PORTAL);
        // The way out of a stale password is its change.
        if path != "/v1/portal/password" {
            all.extend(PASSWORD);
        }
    }
    let own = OWN.iter().find(|(of_method, of_path, _)| of_method == method && *of_path == path);
    all.extend(own.iter().flat_map(|(_, _, own)| own.iter().copied().flatten()));
    let mut kinds: Vec<&'static RefusalKind> = Vec::new();
    for kind in all {
        if !kinds.iter().any(|known| known.code == kind.code) {
            kinds.push(kind);
        }
    }
    kinds.sort_by_key(|kind| status_of(kind).as_u16());
    kinds
}

type IsIn = fn(&StatusCode) -> bool;

/// The answers that are refusals, as OpenAPI names them.
const RANGES: [(&str, IsIn); 2] =
    [("4XX", StatusCode::is_client_error), ("5XX", StatusCode::is_server_error)];

/// An answer that is a problem document.
fn problem() -> Response {
    let schema = Ref::from_schema_name("Problem");
    ResponseBuilder::new().content(MEDIA_TYPE, Content::new(Some(schema))).build()
}

/// Writes the refusals of every endpoint into its description: the codes as a member, and in words
/// at its 4XX and 5XX answers.
pub(super) fn list(document: &mut OpenApi) {
    for (path, item) in &mut document.paths.paths {
        let operations = [
            (HttpMethod::Get, &mut item.get),
            (HttpMethod::Post, &mut item.post),
            (HttpMethod::Put, &mut item.put),
            (HttpMethod::Patch, &mut item.patch),
            (HttpMethod::Delete, &mut item.delete),
        ];
        for (method, operation) in operations {
            let Some(operation) = operation else { continue };
            let kinds = of(&method, path, operation);
            let codes: Vec<&str> = kinds.iter().map(|kind| kind.code).collect();
            let listed = ExtensionsBuilder::new().add(MEMBER, codes).build();
            match &mut operation.extensions {
                Some(extensions) => extensions.merge(listed),
                none => *none = Some(listed),
            }
            for (range, is_in) in RANGES {
                let lines: Vec<String> = kinds
                    .iter()
                    .filter(|kind| is_in(&status_of(kind)))
                    .map(|kind| {
                        let status = status_of(kind).as_u16();
                        format!("- {status} `{}`: {} {}", kind.code, kind.title.ja, kind.title.en)
                    })
                    .collect();
                let answer = operation
                    .responses
                    .responses
                    .entry(range.to_owned())
                    .or_insert_with(|| RefOr::T(problem()));
                if let RefOr::T(answer) = answer {
                    answer.description = lines.join("\n");
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serve::description;

    #[test]
    fn every_row_belongs_to_an_endpoint_and_every_endpoint_lists_its_codes() {
        let text = description().expect("JSON");
        let document: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        for (method, path, _) in OWN {
            let method = serde_json::to_value(method).expect("a name");
            let method = method.as_str().expect("a name").to_lowercase();
            let is_there = document["paths"][path][&method].is_object();
            // The page of the description is a feature.
            assert!(is_there || path.starts_with("/docs"), "{method} {path}");
        }
        for (path, item) in document["paths"].as_object().expect("paths") {
            for (method, operation) in item.as_object().expect("operations") {
                if method == "servers" || method == "parameters" {
                    continue;
                }
                let codes = operation[MEMBER].as_array().expect("codes");
                assert!(codes.contains(&"host-unknown".into()), "{method} {path}");
                let words = |range: &str| {
                    operation["responses"][range]["description"].as_str().expect("words")
                };
                let (theirs, ours) = (words("4XX"), words("5XX"));
                for code in codes {
                    let code = format!("`{}`", code.as_str().expect("a code"));
                    // Each code stands in one of them.
                    let [theirs, ours] = [theirs, ours].map(|words| words.contains(&code));
                    assert!(theirs != ours, "{method} {path} {code}");
                }
                assert!(ours.contains("- 500 `internal-error`"), "{method} {path}");
                assert!(!ours.contains("- 4") && !theirs.contains("- 5"), "{method} {path}");
            }
        }
    }
}
