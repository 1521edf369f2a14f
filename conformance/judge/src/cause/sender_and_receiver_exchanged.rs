//! C023 `sender-and-receiver-exchanged`.

use crate::cause::another_office_everywhere::{is_about_offices, of_office};
use crate::cause::{CauseCx, Told};
use crate::rules::prelude::*;
use crate::rules::unit;

/// 送信元と送信先が逆になっている: sender and receiver are exchanged.
pub(crate) static SENDER_AND_RECEIVER_EXCHANGED: Rule = Rule {
    code: "C023",
    name: "sender-and-receiver-exchanged",
    title: Text::new("送信元と送信先が逆になっている", "sender and receiver are exchanged"),
    explanation: Text::new(
        "レコードの事業所が、どれもファイル名の送信先です。ファイル名で送信元と送信先を逆に書いています。",
        "The office of every record is the receiver of the file name: the name has sender and receiver exchanged.",
    ),
    message: Text::new(
        "どのレコードの事業所（{found}）もファイル名の送信先です。送信元（{0}）と送信先が逆のようです。",
        "The office of every record ({found}) is the receiver of the name: sender ({0}) and receiver seem to be exchanged.",
    ),
    fix: Text::new(
        "ファイル名の送信元と送信先を入れ替えてください。",
        "Exchange sender and receiver in the file name.",
    ),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &[],
    check: Check::Cause(|cx| tell(cx).into_iter().collect()),
    examples: Examples {
        fails: &["sender-and-receiver-exchanged"],
        passes: &["S1", "actuals-forwarded"],
    },
};

/// What it explains of a unit that has such a file.
pub(crate) const OF_UNITS: &[&Rule] = &[&unit::unusual_direction::UNUSUAL_DIRECTION];

fn tell(cx: &CauseCx<'_>) -> Option<Told> {
    let name = cx.file.name.as_ref()?;
    let tally = of_office(cx)?;
    if tally.value() != name.receiver.office {
        return None;
    }
    let sender = name.sender.office().to_owned();
    Some(Told::new(&SENDER_AND_RECEIVER_EXCHANGED, is_about_offices).say(|draft| {
        draft.finding.found.clone_from(&tally.first.found);
        draft.arg(sender);
    }))
}
