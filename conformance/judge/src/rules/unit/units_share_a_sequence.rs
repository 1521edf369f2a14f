//! X068 `units-share-a-sequence`.

use careplan_spec::file_name::UnitKey;
use careplan_spec::send_unit::Match;

use crate::rules::prelude::*;

/// 別々の送信単位に同じ連番が付いている: several send units of one sequence.
pub(crate) static UNITS_SHARE_A_SEQUENCE: Rule = Rule {
    code: "X068",
    name: "units-share-a-sequence",
    title: Text::new("別々の送信単位に同じ連番が付いている", "several send units of one sequence"),
    explanation: Text::new(
        "連番は送信単位を見分け、処理の順を決めるものです。同じ秒に2つの送信単位や2か月分を出力すると、同じ連番になります。年月と種別で見分けられるため中身は別々に検査しますが、相手のソフトは1つの送信単位として読み、組み合わせの誤りとするおそれがあります。同じ連番の送信単位がいくつあっても1件です。",
        "The sequence tells send units apart and orders them. Two units or two months exported within one second get the same. They can be told apart by month and kind and are judged separately, but a partner may take them for one unit of a wrong combination. One finding, however many units share it.",
    ),
    message: Text::new(
        "連番{0}が{1}つの送信単位（{2}）に付いています。",
        "Sequence {0} stands on {1} send units ({2}).",
    ),
    fix: Text::new(
        "送信単位ごとに、違う連番（少なくとも1秒違いの日時）を付けてください。",
        "Give each send unit a sequence of its own, at least a second apart.",
    ),
    source: Source::Fixed("S 2.4", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["B01", "RW 1"],
    check: Check::Batch { check, is_about_resending: false },
    examples: Examples {
        fails: &["two-units-under-one-sequence", "two-months-under-one-sequence"],
        passes: &["K2", "deletion-of-another-month-beside-actuals", "actuals-in-two-folders"],
    },
};

fn check(cx: &mut BatchCx<'_>) {
    let mut by_key: Vec<(UnitKey, Vec<&UnitView<'_>>)> = Vec::new();
    for unit in cx.units {
        let Some(key) = unit.name().map(file_name::FileName::unit_key) else { continue };
        match by_key.iter_mut().find(|(known, _)| *known == key) {
            // A copy of the same files in another folder is not another unit.
            Some((_, units)) if units.iter().any(|other| is_copy(other, unit)) => {}
            Some((_, units)) => units.push(unit),
            None => by_key.push((key, vec![unit])),
        }
    }
    for (key, units) in by_key.iter().filter(|(_, units)| units.len() > 1) {
        let named: Vec<Text<String>> = units.iter().map(|unit| describe(unit)).collect();
        let list = |of: fn(&Text<String>) -> &str, between: &str| {
            named.iter().map(of).collect::<Vec<_>>().join(between)
        };
        let list = Text::made(list(|text| &text.ja, "、"), list(|text| &text.en, ", "));
        cx.report(&UNITS_SHARE_A_SEQUENCE, units[0])
            .arg(String::from_utf8_lossy(&key.sequence).into_owned())
            .arg(units.len() as i64)
            .arg(list);
    }
}

fn is_copy(one: &UnitView<'_>, other: &UnitView<'_>) -> bool {
    one.files.iter().any(|file| {
        let name = file.header.name.as_ref();
        other.files.iter().any(|same| same.header.name.as_ref() == name)
    })
}

/// What a unit is, and its month.
fn describe(unit: &UnitView<'_>) -> Text<String> {
    let (Match::Complete(shape) | Match::Incomplete { unit: shape, .. }) = &unit.matched else {
        return Text::made(String::new(), String::new());
    };
    match unit.files.iter().find_map(|file| file.header.name.as_ref()?.service_month()) {
        Some(month) => {
            Text::made(format!("{} {month}", shape.title.ja), format!("{} {month}", shape.title.en))
        }
        None => Text::made(shape.title.ja.to_owned(), shape.title.en.to_owned()),
    }
}
