//! Offices, licences and terms in memory: asked on every login and send, changed rarely.

use std::collections::BTreeMap;

use careplan_spec::office_number::OfficeNumber;
use jiff::civil::Date;

use super::account::OfficeRef;
use super::licence::{self, LicenceKind, LicencePanel, LicenceState};
use crate::store::record::{AccountRecord, LicenceRecord, OfficeRecord, TermRecord};
use crate::switches::Switches;

/// An office with its licences.
#[derive(Debug, Clone)]
pub(crate) struct Office {
    pub(crate) number: OfficeNumber,
    pub(crate) name: String,
    pub(crate) service_kinds: Vec<String>,
    pub(crate) kj_id: Option<String>,
    /// The oldest first.
    pub(crate) licences: Vec<LicenceRecord>,
    /// By first day.
    pub(crate) terms: Vec<TermRecord>,
}

impl Office {
    pub(crate) fn reference(&self) -> OfficeRef {
        OfficeRef { number: self.number.to_string(), name: self.name.clone() }
    }

    /// The term in force on a day.
    pub(crate) fn term_on(&self, day: Date) -> Option<&TermRecord> {
        self.terms.iter().find(|term| term.first_day <= day && day <= term.last_day)
    }

    /// The term in force on a day, else the last one before.
    pub(crate) fn term_around(&self, day: Date) -> Option<&TermRecord> {
        self.term_on(day).or_else(|| self.terms.iter().rev().find(|term| term.last_day < day))
    }

    pub(crate) fn licence_of(&self, term: &TermRecord) -> Option<&LicenceRecord> {
        self.licences.iter().find(|licence| licence.id == term.licence)
    }

    /// Whether a charge has come since the licence was applied for.
    fn was_charged(&self, term: &TermRecord) -> bool {
        self.terms.iter().any(|other| {
            other.licence == term.licence
                && other.first_day <= term.first_day
                && other.charged_on.is_some()
        })
    }

    /// Where the licence stands on a day (relay.md §6).
    pub(crate) fn state_on(&self, day: Date) -> LicenceState {
        match self.term_on(day) {
            Some(term) if self.waits_for_first_charge(term) => LicenceState::Applied,
            Some(_) => LicenceState::Active,
            None if self.terms.iter().any(|term| term.last_day < day) => LicenceState::Expired,
            None => LicenceState::None,
        }
    }

    fn waits_for_first_charge(&self, term: &TermRecord) -> bool {
        let first = self.terms.iter().find(|other| other.licence == term.licence);
        LicenceKind::of(term) == LicenceKind::Licence
            && term.charged_on.is_none()
            && first.is_some_and(|first| first.id == term.id)
    }

    /// Whether the office may use the system on a day.
    pub(crate) fn may_use_on(&self, day: Date, switches: &Switches) -> bool {
        match self.state_on(day) {
            LicenceState::Active => true,
            LicenceState::Applied => switches.usable_before_charge,
            LicenceState::None | LicenceState::Expired => false,
        }
    }

    /// The licence panel on a day.
    pub(crate) fn panel_on(&self, day: Date, switches: &Switches) -> LicencePanel {
        let term = self.term_around(day);
        let free_pass = term.is_some_and(|term| LicenceKind::of(term) == LicenceKind::FreePass);
        // 「-」 between application and first charge (relay.md §6, Stated).
        let shown = term.filter(|term| {
            if free_pass { switches.free_pass_shows_end } else { self.was_charged(term) }
        });
        let balance_yen =
            shown.map(|term| if free_pass || term.charged_on.is_some() { 0 } else { term.fee_yen });
        let valid_until = shown.map(|term| term.last_day);
        LicencePanel {
            state: self.state_on(day),
            valid_until,
            balance_yen,
            auto_renewal: term
                .and_then(|term| self.licence_of(term))
                .and_then(|licence| licence.auto_renewal),
            free_pass,
            valid_until_shown: licence::shown_date(valid_until),
            balance_shown: licence::shown_yen(balance_yen),
        }
    }
}

/// Every office.
#[derive(Debug, Default)]
pub(crate) struct Directory {
    offices: BTreeMap<OfficeNumber, Office>,
}

impl Directory {
    pub(crate) fn new(
        offices: Vec<OfficeRecord>,
        accounts: &[AccountRecord],
        licences: Vec<LicenceRecord>,
        terms: Vec<TermRecord>,
    ) -> Self {
        let mut directory = Self::default();
        for office in offices {
            let Some(number) = OfficeNumber::parse(office.number.as_bytes()) else { continue };
            directory.offices.insert(
                number,
                Office {
                    number,
                    name: office.name,
                    service_kinds: office.service_kinds.split(' ').map(str::to_owned).collect(),
                    kj_id: None,
                    licences: Vec::new(),
                    terms: Vec::new(),
                },
            );
        }
        for account in accounts {
            if let Some(office) = directory.entry(&account.office) {
                office.kj_id = Some(account.kj_id.clone());
            }
        }
        for licence in licences {
            if let Some(office) = directory.entry(&licence.office) {
                office.licences.push(licence);
            }
        }
        for term in terms {
            if let Some(office) = directory.entry(&term.office) {
                office.terms.push(term);
            }
        }
        for office in directory.offices.values_mut() {
            office.licences.sort_by(|a, b| (a.applied_at, &a.id).cmp(&(b.applied_at, &b.id)));
            office.terms.sort_by_key(|term| term.first_day);
        }
        directory
    }

    fn entry(&mut self, number: &str) -> Option<&mut Office> {
        self.offices.get_mut(&OfficeNumber::parse(number.as_bytes())?)
    }

    pub(crate) fn find(&self, number: &OfficeNumber) -> Option<&Office> {
        self.offices.get(number)
    }

    /// The office of a number as people write it.
    pub(crate) fn find_text(&self, number: &str) -> Option<&Office> {
        self.find(&OfficeNumber::parse(number.as_bytes())?)
    }

    /// Every office, by number.
    pub(crate) fn all(&self) -> Vec<&Office> {
        self.offices.values().collect()
    }
}
