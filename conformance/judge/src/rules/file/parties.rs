//! Who may stand where the sender or the receiver is expected.

use crate::rules::prelude::*;

/// Whether an office is, or may be, a 地域包括支援センター: care is entrusted by it and to others, so
/// that numbers of several offices are right (S 3.1). Their numbers have 0 in the third place.
pub(crate) fn may_entrust(party: &file_name::Party) -> bool {
    party.service_kind.is_some_and(|kind| matches!(&kind, b"46" | b"AF"))
        || is_support_centre(&party.office)
}

/// Whether a number is that of a 地域包括支援センター.
pub(crate) const fn is_support_centre(office: &[u8; 10]) -> bool {
    office[2] == b'0'
}

/// Whether a party plans care.
pub(crate) fn is_planner(party: &file_name::Party) -> bool {
    party.service_kind.is_some_and(|kind| service_kind::is_planner(&kind))
}

/// An office number as text.
pub(crate) fn text(office: &[u8]) -> String {
    String::from_utf8_lossy(office).into_owned()
}
