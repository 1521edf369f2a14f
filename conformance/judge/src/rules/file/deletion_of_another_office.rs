//! L070 `deletion-of-another-office`.

use crate::rules::file::parties::{self, text};
use crate::rules::prelude::*;

/// ほかの事業所・種類の実績を削除しようとしている: a deletion of actuals of another office or kind.
pub(crate) static DELETION_OF_ANOTHER_OFFICE: Rule = Rule {
    code: "L070",
    name: "deletion-of-another-office",
    title: Text::new(
        "ほかの事業所・種類の実績を削除しようとしている",
        "a deletion of actuals of another office or kind",
    ),
    explanation: Text::new(
        "実績の削除は、送信元の事業所と種類の実績を消します。事業所番号か種類が名前の送信元と違うと、消えないか、ほかの実績が消えるおそれがあります。居宅介護支援事業所からの転送は指摘しません。ファイルごとに1件です。",
        "A deletion of actuals takes away those of the sending office and kind. Where number or kind differ from the sender of the name, nothing may be deleted, or something else. Forwarding by a planner is left alone. One finding a file.",
    ),
    message: Text::new(
        "{field}が{found}ですが、名前の送信元では{expected}です（{0}件）。",
        "{field} is {found}, but {expected} for the sender in the name ({0} records).",
    ),
    fix: Text::new(
        "削除する実績の事業所番号と種類を確認してください。",
        "Check office and kind of what is to be deleted.",
    ),
    source: Source::Fixed("L DLTJSK 5, 6", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R16", "RW 6"],
    check: Check::File(&[FileKind::Dltjsk], check),
    examples: Examples {
        fails: &["deletion-of-another-office", "deletion-of-another-kind"],
        passes: &["S2", "deletion-forwarded", "old-version-deletion"],
    },
};

fn check(cx: &mut FileCx<'_>) {
    let Some(name) = &cx.file.name else { return };
    if parties::is_planner(&name.sender) {
        return;
    }
    let sender = &name.sender;
    let is_other_office = |office: &[u8; 10]| office[0] != 0 && *office != sender.office;
    let is_other_kind = |kind: &[u8; 2]| {
        // Kinds that are not exchanged are R009's.
        let scope = service_kind::find(kind).map(|kind| kind.scope);
        kind[0] != 0
            && scope != Some(service_kind::Scope::NotCovered)
            && sender.service_kind.is_some_and(|named| named != *kind)
    };
    let mut others = cx
        .facts
        .deletions
        .iter()
        .filter(|row| is_other_office(&row.office) || is_other_kind(&row.service_kind));
    let Some(first) = others.next().copied() else { return };
    let count = 1 + others.count() as i64;
    let (field, found, expected) = if is_other_office(&first.office) {
        (dltjsk::SERVICE_OFFICE_NUMBER, text(&first.office), text(&sender.office))
    } else {
        let named = sender.service_kind.map_or_else(String::new, |kind| text(&kind));
        (dltjsk::SERVICE_KIND, text(&first.service_kind), named)
    };
    cx.report_at(&DELETION_OF_ANOTHER_OFFICE, first.at, Some(field))
        .found(found)
        .expected(expected)
        .arg(count);
}
