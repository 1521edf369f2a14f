//! The status number of every refusal: the one place where the rules meet HTTP.
//!
//! One row a refusal, in the order of [`REFUSALS`]; a row too few or in the wrong place does not
//! compile. What the transport itself turns down has its number in its own table.

use axum::http::StatusCode;

use super::transport_refusal::TRANSPORT_REFUSALS;
use careplan_relay::refusal::{self, REFUSALS, RefusalKind};

macro_rules! statuses {
    ($($name:ident $status:literal;)*) => {
        const STATUSES: &[(&RefusalKind, u16)] = &[$((&refusal::$name, $status),)*];
    };
}

statuses! {
    USER_ID_MALFORMED 400;
    AGENT_ID_REFUSED 403;
    USER_OR_PASSWORD_WRONG 401;
    USER_LOCKED 403;
    PASSWORD_TEMPORARY 403;
    PASSWORD_EXPIRED 403;
    PASSWORD_RULE_BROKEN 422;
    PASSWORD_UNCHANGED 422;
    PASSWORD_CHANGED_MEANWHILE 409;
    ACCOUNT_UNKNOWN 404;
    OFFICE_UNKNOWN 404;
    FIRST_STAGE_MISSING 401;
    IDS_OF_DIFFERENT_OFFICES 403;
    TOKEN_UNKNOWN 401;
    TOKEN_EXPIRED 401;
    TOKEN_REUSED 401;
    TOKEN_OF_OTHER_CERTIFICATE 403;
    CERTIFICATE_MISSING 403;
    CERTIFICATE_EXPIRED 403;
    CERTIFICATE_NOT_YET_VALID 403;
    CERTIFICATE_REVOKED 403;
    CERTIFICATE_OF_OTHER_ROOT 403;
    CERTIFICATE_WRONG_USAGE 403;
    CERTIFICATE_WRONG_KIND 403;
    CERTIFICATE_WITHOUT_OFFICE 403;
    CERTIFICATE_OF_OTHER_OFFICE 403;
    MAIL_ADDRESS_MALFORMED 422;
    MAIL_CODE_NOT_REQUESTED 409;
    MAIL_CODE_WRONG 422;
    MAIL_CODE_EXPIRED 410;
    TERMS_NOT_ACCEPTED 422;
    CERTIFICATE_PASSWORD_WRONG 403;
    CERTIFICATE_PASSWORD_LOCKED 403;
    CERTIFICATE_PENDING 409;
    CERTIFICATE_UNKNOWN 404;
    CERTIFICATE_NOT_ISSUED 409;
    CERTIFICATE_WITHDRAWN 410;
    CERTIFICATE_RENEWAL_TOO_EARLY 409;
    LICENCE_FORM_INCOMPLETE 422;
    LICENCE_HELD 409;
    FREE_PASS_CLOSED 409;
    LICENCE_NOT_CANCELLABLE 409;
    LICENCE_NOT_HELD 404;
    LICENCE_RENEWS_BY_HAND 409;
    LICENCE_NEEDED 403;
    FILE_NAME_FORM 422;
    FILE_COMBINATION 422;
    FILE_CONTENT 422;
    VERSION3_REFUSED 422;
    SEVERAL_UNITS 422;
    DESTINATION_MISSING 422;
    SEVERAL_DESTINATIONS 422;
    SENDER_IS_NOT_YOU 403;
    DESTINATION_UNKNOWN 422;
    DESTINATION_UNLICENSED 422;
    SAME_OFFICE 422;
    ATTACHMENT_TYPE 422;
    ATTACHMENT_NAME 422;
    DUPLICATE_FILE_NAME 422;
    TOO_MANY_FILES 413;
    FILE_TOO_LARGE 413;
    MESSAGE_TOO_LARGE 413;
    TEXT_TOO_LONG 422;
    IDEMPOTENCY_KEY_MALFORMED 400;
    IDEMPOTENCY_KEY_REUSED 409;
    SIGNATURE_MISSING 422;
    SIGNATURE_INVALID 422;
    SIGNER_IS_NOT_YOU 403;
    MANIFEST_DIFFERS 422;
    MESSAGE_UNKNOWN 404;
    ALREADY_FETCHED 410;
    STATE_DAMAGED 409;
    SEARCH_TEXT_TOO_LONG 400;
    LIST_CURSOR_UNKNOWN 400;
    DOWNLOAD_TOKEN_UNKNOWN 404;
    DOWNLOAD_CLOSED 410;
    CHECKSUM_DIFFERS 409;
}

const _: () = {
    assert!(STATUSES.len() == REFUSALS.len(), "one status a refusal");
    let mut row = 0;
    while row < STATUSES.len() {
        let (here, there) = (STATUSES[row].0.code.as_bytes(), REFUSALS[row].code.as_bytes());
        assert!(here.len() == there.len(), "in the order of the refusals");
        let mut byte = 0;
        while byte < here.len() {
            assert!(here[byte] == there[byte], "in the order of the refusals");
            byte += 1;
        }
        assert!(400 <= STATUSES[row].1 && STATUSES[row].1 < 500, "the client's to mend");
        row += 1;
    }
};

/// The status an answer with this refusal has.
pub fn status_of(kind: &RefusalKind) -> StatusCode {
    STATUSES
        .iter()
        .chain(TRANSPORT_REFUSALS)
        .find(|(row, _)| row.code == kind.code)
        .and_then(|(_, status)| StatusCode::from_u16(*status).ok())
        .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
