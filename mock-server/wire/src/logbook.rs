//! What a trainer, or a program in his place, has done to the class: the latest first. The journal
//! holds what offices ask, and is emptied with every scene; this stays while the server runs.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use careplan_spec::Text;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// Deeds kept; then the oldest go.
const MOST: usize = 500;

/// Where something was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Through {
    /// On the console.
    Console,
    /// By the controls.
    Controls,
}

/// Something that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Deed {
    /// When, by the clock of the machine.
    pub at: Timestamp,
    /// Where.
    pub through: Through,
    /// From which address.
    #[schema(value_type = Option<String>)]
    pub address: Option<IpAddr>,
    /// Office number, where it was about one.
    pub office: Option<String>,
    /// What, Japanese.
    pub what: String,
    /// English.
    pub what_en: String,
}

/// The deeds of trainers.
#[derive(Debug, Default)]
pub struct Logbook {
    deeds: Mutex<VecDeque<Deed>>,
}

impl Logbook {
    /// Notes a deed, here and in the log of the server.
    pub fn note(
        &self,
        through: Through,
        address: Option<IpAddr>,
        office: Option<&str>,
        what: Text<String>,
    ) {
        let Text { ja, en } = what;
        tracing::info!(?through, ?address, office, what = en, "a trainer's deed");
        let office = office.map(str::to_owned);
        let at = Timestamp::now();
        let mut deeds = self.guard();
        deeds.push_front(Deed { at, through, address, office, what: ja, what_en: en });
        deeds.truncate(MOST);
    }

    /// The latest first.
    pub fn deeds(&self) -> Vec<Deed> {
        self.guard().iter().cloned().collect()
    }

    fn guard(&self) -> MutexGuard<'_, VecDeque<Deed>> {
        self.deeds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_come_first_and_the_oldest_go() {
        let logbook = Logbook::default();
        for number in 0..=MOST {
            let what = Text::made(format!("{number}番"), format!("no. {number}"));
            logbook.note(Through::Controls, None, None, what);
        }
        let deeds = logbook.deeds();
        assert_eq!(deeds.len(), MOST);
        assert_eq!((&*deeds[0].what_en, &*deeds[0].what), ("no. 500", "500番"));
        assert_eq!(deeds[MOST - 1].what_en, "no. 1");
    }
}
