//! What a relay of these tests begins with: the offices of the region, ready or new.

use std::collections::BTreeMap;

use careplan_certs::Wrong;
use careplan_fixtures::region::{Office, offices};
use careplan_relay::beginning::{Beginning, Ground};
use careplan_relay::clock;
use careplan_relay::enrolment::{Enrolment, Newcomer, Passwords, Sending};
use careplan_relay::licence::LicenceKind;
use careplan_relay::outcome::Failure;
use careplan_relay::store::State;
use careplan_spec::calendar::Month;
use careplan_spec::office_number::OfficeNumber;
use jiff::ToSpan;

use super::support::{helper, office_of, planner, unit_files_for};

/// Password of every KJ ID that was chosen.
pub(crate) const KJ_PASSWORD: &str = "Careplan1";
/// The same, hashed.
const KJ_PASSWORD_HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$GWx/k2Buwlyvgjbb82ZkLg$B6jWgLbjyqkIrtL1AgZLogsQdTRnT+bhYt6UngiUmCc";
/// Password of every c-ID.
pub(crate) const C_PASSWORD: &str = "Terminal1";
/// 証明書発行用パスワード of every office.
pub(crate) const INSTALL_PASSWORD: &str = "Install01";

const KNOWN: Passwords = Passwords::Known {
    office: KJ_PASSWORD,
    office_hash: KJ_PASSWORD_HASH,
    terminal: C_PASSWORD,
    certificate: INSTALL_PASSWORD,
};

/// Offices that exchange.
pub(crate) fn ready(seed: u64) -> Beginning {
    Beginning::new("ready", seed, at_work)
}

/// Offices that have just got the letter with their passwords.
pub(crate) fn newcomers(seed: u64) -> Beginning {
    Beginning::new("newcomers", seed, |ground| {
        let mut cast = Enrolment::new(ground);
        for (index, office) in offices().iter().enumerate() {
            cast.account(&newcomer(office), index, Passwords::Drawn);
        }
        Ok(cast.state)
    })
}

/// Offices that exchanged until their passwords expired this morning.
pub(crate) fn expired(seed: u64) -> Beginning {
    Beginning::new("expired", seed, |ground| {
        let mut state = at_work(ground)?;
        let today = clock::start_of(clock::date_of(ground.now));
        for account in &mut state.accounts {
            account.password_expires_at = Some(today);
        }
        Ok(state)
    })
}

/// Every office but the last has an account. All of them have a licence but the two before it: that
/// of one has expired, the other never had any. The ready
/// ones have certificates, and three messages are under way.
fn at_work(ground: &Ground) -> Result<State, Failure> {
    let mut cast = Enrolment::new(ground);
    let (month_ago, long_ago) =
        (cast.today().saturating_sub(30.days()), cast.today().saturating_sub(2.years()));
    let all = offices();
    let (stranger, never, expired) = (all.len() - 1, all.len() - 2, all.len() - 3);
    for (index, office) in all.iter().enumerate() {
        let office = newcomer(office);
        cast.account(&office, index, KNOWN);
        if index == stranger {
            cast.state.accounts.pop();
        } else if index == expired {
            cast.licence(&office, LicenceKind::Licence, long_ago)?;
            if let Some(licence) = cast.state.licences.last_mut() {
                licence.auto_renewal = licence.auto_renewal.map(|_| false);
            }
        } else if index != never {
            cast.licence(&office, LicenceKind::Licence, month_ago)?;
        }
    }
    let number = |text: &str| OfficeNumber::parse(text.as_bytes()).expect("an office number");
    let mut installed = BTreeMap::new();
    for kind in ["43", "11", "15", "46"] {
        let office = office_of(kind);
        installed.insert(office, cast.certificate(number(office))?);
    }
    for (key, unit, from, to) in [
        ("first", "K2", planner(), helper()),
        ("second", "K2", planner(), office_of("15")),
        ("third", "S1", helper(), planner()),
    ] {
        let sending = Sending {
            sender: &installed[from],
            from: number(from),
            to: number(to),
            text: "ご確認をお願いします。",
            files: unit_files_for(unit, from, to, Month::new(2026, 11).expect("a month")),
            at: clock::plus_ms(ground.now, -60 * 60_000),
        };
        cast.message(key, sending)?;
    }
    Ok(cast.state)
}

/// One office, with a certificate that is wrong on purpose.
pub(crate) fn spoiled(wrong: Wrong) -> Beginning {
    Beginning::new("spoiled", 1, move |ground| {
        let mut cast = Enrolment::new(ground);
        let number = |text: &str| OfficeNumber::parse(text.as_bytes()).expect("an office number");
        let own = offices().iter().position(|office| office.number.as_str() == planner());
        let index = own.expect("an office of the region");
        cast.account(&newcomer(&offices()[index]), index, KNOWN);
        cast.certificate(number(planner()))?;
        cast.spoil_certificate(number(planner()), wrong, number(helper()))?;
        Ok(cast.state)
    })
}

fn newcomer(office: &Office) -> Newcomer<'_> {
    Newcomer {
        number: office.number.as_str(),
        name: office.name,
        kinds: office.kinds.join(" "),
        representative: office.staff[1],
        contact: office.staff[0],
        phone: office.phone.replace('-', ""),
    }
}
