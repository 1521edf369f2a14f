//! X002 `send-unit-incomplete`.

use crate::rules::prelude::*;
use careplan_spec::send_unit::Match;

/// 送信単位のファイルが足りない: files of the send unit are missing.
pub(crate) static SEND_UNIT_INCOMPLETE: Rule = Rule {
    code: "X002",
    name: "send-unit-incomplete",
    title: Text::new("送信単位のファイルが足りない", "files of the send unit are missing"),
    explanation: Text::new(
        "○の付いたファイルがそろわない受け渡しは「標準仕様によるデータ連携ではない」とされます。システムも組み合わせの誤りとして送信を拒みます。",
        "Without every file marked ○ an exchange is no data linkage under the standard, and the system refuses the combination.",
    ),
    message: Text::new(
        "「{0}」として送るには{1}がありません（連番{2}）。",
        "To be sent as {0}, the set of sequence {2} lacks {1}.",
    ),
    fix: Text::new(
        "足りないファイルを同じ連番で出力し、一緒に送ってください。",
        "Export the missing files under the same sequence and send them together.",
    ),
    source: Source::Fixed("S 2.2, S 2.4, S 3.4", Basis::Stated),
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Combination),
    covers: &["B02", "B03", "RW 1"],
    check: Check::Unit(check),
    examples: Examples {
        fails: &["plan-without-table-3", "table-6-alone", "use-without-supplement"],
        passes: &["K2", "V3-2"],
    },
};

fn check(cx: &mut UnitCx<'_>) {
    let Match::Incomplete { unit, missing } = &cx.unit.matched else { return };
    let (title, missing) = (unit.title, missing.clone());
    let (sequence, _) = crate::rules::unit::kinds_make_no_send_unit::describe(cx);
    let list = |en: bool| -> String {
        let name = |kind: &FileKind| {
            let title = kind.title();
            if en {
                format!("{} ({})", kind.prefix(), title.en)
            } else {
                format!("{}（{}）", kind.prefix(), title.ja)
            }
        };
        missing.iter().map(name).collect::<Vec<_>>().join(if en { ", " } else { "、" })
    };
    cx.report(&SEND_UNIT_INCOMPLETE)
        .arg(title)
        .arg(Text::made(list(false), list(true)))
        .arg(sequence);
}
