//! L017 `doubtful-office-in-name`.

use crate::rules::prelude::*;

/// ファイル名の事業所番号が実在しそうにない: a doubtful office number in the name.
pub(crate) static DOUBTFUL_OFFICE_IN_NAME: Rule = Rule {
    code: "L017",
    name: "doubtful-office-in-name",
    title: Text::new(
        "ファイル名の事業所番号が実在しそうにない",
        "a doubtful office number in the name",
    ),
    explanation: Text::new(
        "検証番号や都道府県番号が合わない番号は、打ち間違いか仮の番号です。宛先が存在しないおそれがあります。",
        "A number whose check digit or prefecture does not fit is a typing error or a placeholder: the receiver may not exist.",
    ),
    message: Text::new(
        "ファイル名の{0}の事業所番号{1}は、打ち間違いか仮の番号と見えます。",
        "The {0}'s office number {1} in the name looks mistyped or invented.",
    ),
    fix: Text::new("事業所番号を確認してください。", "Check the office number."),
    source: Source::Fixed("資料13", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["F14", "RW 6", "RW 24"],
    check: Check::File(&[], check),
    examples: Examples {
        fails: &["office-in-name-check-digit", "sender-in-name-check-digit"],
        passes: &["S1"],
    },
};

fn check(cx: &mut FileCx<'_>) {
    let Some(name) = cx.file.name.clone() else { return };
    let sides = [
        (name.sender, Text::new("送信元", "sender")),
        (name.receiver, Text::new("送信先", "receiver")),
    ];
    for (party, side) in sides {
        if office_number::doubt(&party.office).is_some() {
            let office = party.office().to_owned();
            cx.report(&DOUBTFUL_OFFICE_IN_NAME).arg(side).arg(office);
        }
    }
}
