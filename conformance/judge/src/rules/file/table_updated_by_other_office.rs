//! L067 `table-updated-by-other-office`.

use crate::rules::file::parties::{self, text};
use crate::rules::prelude::*;

/// 表の更新業者コードが送信元と違う: a table updated by another office than the sender.
pub(crate) static TABLE_UPDATED_BY_OTHER_OFFICE: Rule = Rule {
    code: "L067",
    name: "table-updated-by-other-office",
    title: Text::new(
        "表の更新業者コードが送信元と違う",
        "a table updated by another office than the sender",
    ),
    explanation: Text::new(
        "第1表・第2表・第7表・利用者補足情報の更新業者コードは、居宅介護支援事業所の番号です。担当の事業所が計画を作り、別の事業所が送ることもあるため、情報にとどめます。地域包括支援センターが関わるときは指摘しません。第6表と実績はR019で見ます。ファイルごとに1件です。",
        "更新業者コード of tables 1, 2, 7 and the supplement is the number of the planner. The planner in charge may have made what another office sends, so this is information only; nothing is said where a support centre takes part. Table 6 and actuals are R019's. One finding a file.",
    ),
    message: Text::new(
        "{field}が{found}ですが、名前の送信元は{expected}です（{0}件）。",
        "{field} is {found}, but the sender in the name is {expected} ({0} records).",
    ),
    fix: Text::new(
        "出力した事業所の番号を入れてください。",
        "Write the number of the office that made the file.",
    ),
    source: Source::Fixed("L UPSIKYU 36", Basis::Inferred),
    severity: Severity::Info,
    relay: Relay::Delivers,
    covers: &["RW 6"],
    check: Check::File(
        &[FileKind::Up1kyo, FileKind::Up2kyo, FileKind::Upsikyu, FileKind::Uphosoku],
        check,
    ),
    examples: Examples {
        fails: &["table-7-updated-by-another-office", "table-2-updated-by-another-office"],
        passes: &["K1", "K2", "table-7-updated-by-a-support-centre"],
    },
};

fn check(cx: &mut FileCx<'_>) {
    let Some(name) = &cx.file.name else { return };
    if parties::may_entrust(&name.sender) || parties::is_planner(&name.receiver) {
        return;
    }
    let field = match cx.file.kind {
        FileKind::Up1kyo => up1kyo::UPDATED_BY_OFFICE_NUMBER,
        FileKind::Up2kyo => up2kyo::UPDATED_BY_OFFICE_NUMBER,
        FileKind::Upsikyu => upsikyu::UPDATED_BY_OFFICE_NUMBER,
        _ => uphosoku::UPDATED_BY_OFFICE_NUMBER,
    };
    let mut others = cx.facts.makers.iter().filter(|makers| {
        makers.updated_by[0] != 0
            && makers.updated_by != name.sender.office
            && makers.updated_by != makers.planner
            && !parties::is_support_centre(&makers.updated_by)
            && office_number::doubt(&makers.updated_by).is_none()
    });
    let Some(first) = others.next().copied() else { return };
    let count = first.count + others.map(|makers| makers.count).sum::<u32>();
    let sender = text(&name.sender.office);
    cx.report_at(&TABLE_UPDATED_BY_OTHER_OFFICE, first.at, Some(field))
        .found(text(&first.updated_by))
        .expected(sender)
        .arg(i64::from(count));
}
