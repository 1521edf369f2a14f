//! C011 `content-of-another-table`.

use crate::cause::{CauseCx, Told, is_about_columns, is_about_values};
use crate::rules::prelude::*;

/// 名前と中身の種別が違う: name and content are of different kinds.
pub(crate) static CONTENT_OF_ANOTHER_TABLE: Rule = Rule {
    code: "C011",
    name: "content-of-another-table",
    title: Text::new("名前と中身の種別が違う", "name and content are of different kinds"),
    explanation: Text::new(
        "中身の列数と値が、名前とは別の種別のレイアウトに合います。ファイルを取り違えて名前を付けた出力です。",
        "Number of columns and values fit the layout of another kind than the name says: the files were mixed up.",
    ),
    message: Text::new(
        "名前は{0}ですが、中身は{1}（{2}列）の内容のようです。",
        "The name says {0}, the content looks like {1} ({2} columns).",
    ),
    fix: Text::new(
        "中身に合う種別の名前で出力してください。",
        "Export under the name of the kind that the content has.",
    ),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &[],
    check: Check::Cause(|cx| tell(cx).into_iter().collect()),
    examples: Examples { fails: &["content-of-another-table"], passes: &["S1"] },
};

fn tell(cx: &CauseCx<'_>) -> Option<Told> {
    let own = cx.file.layout?;
    let ((kind, version), votes) = cx.evidence.layouts.iter().max_by_key(|(_, votes)| *votes)?;
    let other = kind.layout(*version)?;
    if other.kind == own.kind || !cx.evidence.is_most(*votes) {
        return None;
    }
    Some(
        Told::new(&CONTENT_OF_ANOTHER_TABLE, |finding| {
            is_about_columns(finding) || is_about_values(finding)
        })
        .say(|draft| {
            draft.arg(own.kind.prefix()).arg(other.kind.prefix()).arg(other.columns() as i64);
        }),
    )
}
