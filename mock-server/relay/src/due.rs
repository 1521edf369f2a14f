//! What falls due: in order, each at its own time, however far the clock jumps.

use jiff::{Timestamp, ToSpan};

use crate::clock;
use crate::store::record::{DueRecord, TermRecord};

/// What can fall due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueKind {
    /// A certificate that was applied for is issued (relay.md §5).
    CertificateIssue,
    /// A certificate ends soon (relay.md §5: 90 days).
    CertificateNotice,
    /// A licence is charged (relay.md §6).
    LicenceCharge,
    /// A term ends soon.
    LicenceNotice,
    /// A term has ended: it renews, or the licence expires (relay.md §6).
    LicenceEnd,
}

impl DueKind {
    /// Every one.
    pub const ALL: [Self; 5] = [
        Self::CertificateIssue,
        Self::CertificateNotice,
        Self::LicenceCharge,
        Self::LicenceNotice,
        Self::LicenceEnd,
    ];

    /// The stable identifier.
    pub const fn id(self) -> &'static str {
        match self {
            Self::CertificateIssue => "certificate-issue",
            Self::CertificateNotice => "certificate-notice",
            Self::LicenceCharge => "licence-charge",
            Self::LicenceNotice => "licence-notice",
            Self::LicenceEnd => "licence-end",
        }
    }

    /// The kind with this identifier.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.id() == id)
    }

    /// This falls due for `subject` at a time. The same twice is one.
    pub(crate) fn at(self, at: Timestamp, subject: &str) -> DueRecord {
        DueRecord {
            id: format!("{}:{subject}", self.id()),
            at: clock::whole_ms(at),
            kind: self.id().to_owned(),
            subject: subject.to_owned(),
            set_aside: None,
        }
    }
}

/// What a new term makes fall due. Its charge, where one is to come; a notice before its end; its
/// end.
pub(crate) fn of_term(
    term: &TermRecord,
    charge_at: Option<Timestamp>,
    notice_days: u32,
) -> Vec<DueRecord> {
    let mut due = Vec::new();
    if let Some(at) = charge_at {
        due.push(DueKind::LicenceCharge.at(at, &term.id));
    }
    if notice_days > 0 {
        let day = term.last_day.saturating_sub(i64::from(notice_days).days());
        due.push(DueKind::LicenceNotice.at(clock::start_of(day), &term.id));
    }
    let end = clock::start_of(term.last_day.saturating_add(1.day()));
    due.push(DueKind::LicenceEnd.at(end, &term.id));
    due
}
