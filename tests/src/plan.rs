//! The relay's behaviour as a plan that any server can be held against.
//!
//! An [`Expectation`] says what a relay of this test bed's interface does, where that comes from
//! and what is needed to see it; its check asks the server over its sockets and judges the raw
//! answers. Nothing is known of the server but its base URLs, its authority and a few offices
//! ([`server::Server`]), so that somebody else's server can be proved in the same way as ours.
//!
//! What cannot be seen, because the server does not offer what it takes, is not run: never passed.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use careplan_spec::{Basis, Text};

mod bulk;
mod certificates;
pub mod client;
mod download;
mod headers;
mod licence;
mod lists;
mod login;
mod offices;
mod problems;
pub mod report;
pub mod run;
pub mod scene;
pub mod seen;
mod sending;
pub mod server;
mod sessions;

use scene::Scene;
use seen::Unmet;

/// How a check ends.
pub type Done = Result<(), Unmet>;

/// A check under way.
pub type Checking = Pin<Box<dyn Future<Output = Done> + Send>>;

/// A group of expectations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group {
    /// What the ids of its expectations begin with.
    pub id: &'static str,
    /// What it is about.
    pub title: Text,
}

/// Something a server may or may not offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// A certificate that is wrong in this way of the catalogue (`expired`, …): from the office
    /// file, or issued by the controls.
    WrongCertificate(&'static str),
    /// A licensed office besides planner and service; only its number is used.
    ThirdOffice,
    /// An office that never had a licence.
    UnlicensedOffice,
    /// The login of that office.
    UnlicensedLogin,
    /// The controls: certificates, scenarios, save and load.
    Controls,
    /// Control of the clock (through the controls).
    Clock,
    /// The sites.
    Portal,
}

impl Need {
    /// In words.
    pub fn text(self) -> Text {
        match self {
            Self::WrongCertificate(_) => {
                Text::new("正しくない電子証明書", "a certificate that is wrong on purpose")
            }
            Self::ThirdOffice => Text::new("3つ目の事業所", "a third office"),
            Self::UnlicensedOffice => {
                Text::new("ライセンスのない事業所", "an office without a licence")
            }
            Self::UnlicensedLogin => Text::new(
                "ライセンスのない事業所のログイン",
                "the login of an office without a licence",
            ),
            Self::Controls => Text::new("操作用のポート", "the controls"),
            Self::Clock => Text::new("時計の操作", "control of the clock"),
            Self::Portal => Text::new("サイト（申請などの画面のAPI）", "the sites"),
        }
    }

    /// The same, with the entry of the catalogue where there is one.
    pub fn describe(self) -> (String, String) {
        let text = self.text();
        match self {
            Self::WrongCertificate(id) => {
                (format!("{}（{id}）", text.ja), format!("{} ({id})", text.en))
            }
            _ => (text.ja.to_owned(), text.en.to_owned()),
        }
    }
}

/// One thing a relay does.
pub struct Expectation {
    /// Stable id: its group, a hyphen, two digits. Never reused.
    pub id: &'static str,
    /// Where it belongs.
    pub group: &'static Group,
    /// What is expected.
    pub title: Text,
    /// What it proves, and why that matters.
    pub proves: Text,
    /// Where it comes from.
    pub clause: &'static str,
    /// How firmly it stands.
    pub basis: Basis,
    /// What it takes to see it, besides two licensed offices.
    pub needs: &'static [Need],
    /// Sees and judges it.
    pub check: fn(Arc<Scene>) -> Checking,
}

impl std::fmt::Debug for Expectation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.id)
    }
}

impl Expectation {
    /// Whether it moves the clock or replaces the state: what it leaves behind is put back.
    pub fn disturbs(&self) -> bool {
        self.needs.iter().any(|need| matches!(need, Need::Clock | Need::Controls))
    }
}

/// The expectations of one group.
macro_rules! declare {
    ($group_id:literal, $group_ja:literal, $group_en:literal; $(
        $id:literal $clause:literal $basis:ident [$($need:expr),*] $check:ident
        $title_ja:literal, $title_en:literal;
        $proves_ja:literal, $proves_en:literal;
    )*) => {
        /// What this group is about.
        pub(super) static GROUP: $crate::plan::Group = $crate::plan::Group {
            id: $group_id,
            title: careplan_spec::Text::new($group_ja, $group_en),
        };

        /// The expectations, in their order.
        pub(super) static EXPECTATIONS: &[$crate::plan::Expectation] = &[$(
            $crate::plan::Expectation {
                id: concat!($group_id, "-", $id),
                group: &GROUP,
                title: careplan_spec::Text::new($title_ja, $title_en),
                proves: careplan_spec::Text::new($proves_ja, $proves_en),
                clause: $clause,
                basis: careplan_spec::Basis::$basis,
                needs: &[$($need),*],
                check: |scene| Box::pin($check(scene)),
            },
        )*];
    };
}
pub(crate) use declare;

/// Every group, in the order of running.
pub fn groups() -> [(&'static Group, &'static [Expectation]); 11] {
    [
        (&certificates::GROUP, certificates::EXPECTATIONS),
        (&login::GROUP, login::EXPECTATIONS),
        (&licence::GROUP, licence::EXPECTATIONS),
        (&sending::GROUP, sending::EXPECTATIONS),
        (&lists::GROUP, lists::EXPECTATIONS),
        (&download::GROUP, download::EXPECTATIONS),
        (&offices::GROUP, offices::EXPECTATIONS),
        (&problems::GROUP, problems::EXPECTATIONS),
        (&headers::GROUP, headers::EXPECTATIONS),
        (&sessions::GROUP, sessions::EXPECTATIONS),
        (&bulk::GROUP, bulk::EXPECTATIONS),
    ]
}

/// Every expectation, in the order of running.
pub fn expectations() -> impl Iterator<Item = &'static Expectation> {
    groups().into_iter().flat_map(|(_, list)| list)
}

/// The expectations that an argument of `--only` names: an id (`SEND-03`) or a group (`SEND`), in
/// any case.
pub fn named(name: &str) -> Vec<&'static Expectation> {
    expectations()
        .filter(|expectation| {
            expectation.id.eq_ignore_ascii_case(name)
                || expectation.group.id.eq_ignore_ascii_case(name)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_are_unique_and_every_expectation_is_complete() {
        let mut seen = BTreeSet::new();
        for expectation in expectations() {
            assert!(seen.insert(expectation.id), "{}", expectation.id);
            let (group, number) = expectation.id.split_once('-').unwrap();
            assert_eq!(group, expectation.group.id);
            assert!(number.len() == 2 && number.bytes().all(|b| b.is_ascii_digit()));
            assert!(!expectation.clause.is_empty(), "{}", expectation.id);
            for text in [expectation.title, expectation.proves] {
                assert!(!text.ja.is_empty() && !text.en.is_empty(), "{}", expectation.id);
                assert!(!text.ja.is_ascii(), "{}", expectation.id);
            }
        }
        assert!(seen.len() >= 70, "{}", seen.len());
        assert_eq!(named("send-03").len(), 1);
        assert!(named("SEND").len() > 20);
        assert!(named("nothing").is_empty());
    }
}
