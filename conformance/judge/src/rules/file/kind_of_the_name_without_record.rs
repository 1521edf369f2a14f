//! L068 `kind-of-the-name-without-record`.

use crate::facts::UseRow;
use crate::rules::file::parties::{self, text};
use crate::rules::prelude::*;

/// 名前の種類の行がひとつもない: no record of the service kind in the name.
pub(crate) static KIND_OF_THE_NAME_WITHOUT_RECORD: Rule = Rule {
    code: "L068",
    name: "kind-of-the-name-without-record",
    title: Text::new("名前の種類の行がひとつもない", "no record of the service kind in the name"),
    explanation: Text::new(
        "実績の名前の送信元、予定の名前の送信先には、サービス種類コードが付きます。その事業所の行はあるのに、名前の種類の行がひとつもないときは、名前か中身のどちらかが違うおそれがあります。",
        "The name says the service kind of the service office: the sender of actuals, the receiver of plans. Where the file has rows of that office but none of the kind, name or content may be wrong.",
    ),
    message: Text::new(
        "名前の種類は{0}ですが、{1}の行の種類は{2}です。",
        "The name says kind {0}, but the rows of {1} are of kind {2}.",
    ),
    fix: Text::new(
        "ファイル名のサービス種類コードを確認してください。",
        "Check the service kind in the name.",
    ),
    source: Source::Fixed("L", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["F16", "RW 6"],
    check: Check::File(&[FileKind::Upjsk, FileKind::Upplan], check),
    examples: Examples {
        fails: &["actuals-under-another-kind", "plan-under-another-kind"],
        passes: &["S1", "K2", "actuals-of-two-kinds", "actuals-forwarded"],
    },
};

fn check(cx: &mut FileCx<'_>) {
    let Some(name) = &cx.file.name else { return };
    let party = if cx.file.kind == FileKind::Upjsk { &name.sender } else { &name.receiver };
    let Some(kind) = party.service_kind else { return };
    if parties::is_planner(party) || !cx.facts.is_whole() {
        return;
    }
    let mut first = None;
    let own = |row: &&UseRow| row.office == party.office && row.code[0] != 0;
    for row in cx.facts.uses.iter().filter(own) {
        // Kinds that are not exchanged are R009's and R010's.
        let is_known = service_kind::find(&row.service_kind())
            .is_some_and(|kind| kind.scope == service_kind::Scope::Covered);
        if row.service_kind() == kind || !is_known {
            return;
        }
        if first.is_none_or(|(at, _): (RecordRef, _)| row.at.record < at.record) {
            first = Some((row.at, row.service_kind()));
        }
    }
    let Some((at, other)) = first else { return };
    let field = crate::rules::record::use_slip::UseSlip::of_kind(cx.file.kind).code;
    let office = text(&party.office);
    cx.report_at(&KIND_OF_THE_NAME_WITHOUT_RECORD, at, Some(field))
        .arg(text(&kind))
        .arg(office)
        .arg(text(&other));
}
