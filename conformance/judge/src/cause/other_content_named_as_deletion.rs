//! C008 `other-content-named-as-deletion`.

use crate::cause::{CauseCx, Told, is_about_columns};
use crate::rules::prelude::*;

/// 削除の名前なのに、中身が削除ではない: the name announces a deletion, the content is none.
pub(crate) static OTHER_CONTENT_NAMED_AS_DELETION: Rule = Rule {
    code: "C008",
    name: "other-content-named-as-deletion",
    title: Text::new(
        "削除の名前なのに、中身が削除ではない",
        "the name announces a deletion, the content is none",
    ),
    explanation: Text::new(
        "DLTで始まる名前は、前に送ったものを消す指示です。中身が実績や計画の一覧でも、受け取る側は削除として扱おうとします。",
        "A name that begins with DLT tells the receiver to delete what was sent before. Whatever is in the file, it is taken for a deletion.",
    ),
    message: Text::new(
        "名前（{0}）は削除の指示ですが、中身は{1}列の別の内容です（削除のファイルは{2}列）。",
        "The name ({0}) announces a deletion, but the content is something else of {1} columns (a deletion has {2}).",
    ),
    fix: Text::new(
        "送りたい内容の種別（実績はUPJSK、予定はUPPLANなど）の名前で出力してください。",
        "Export under the name of what is to be sent (UPJSK for actuals, UPPLAN for planned use).",
    ),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &[],
    check: Check::Cause(|cx| tell(cx).into_iter().collect()),
    examples: Examples { fails: &["other-content-named-as-deletion"], passes: &["S2"] },
};

fn tell(cx: &CauseCx<'_>) -> Option<Told> {
    let kind = cx.file.kind;
    let found = cx.evidence.wrong_columns()?;
    let columns = cx.file.layout?.columns();
    // A comma too many is another thing.
    if !kind.prefix().starts_with("DLT") || found < columns * 3 {
        return None;
    }
    Some(Told::new(&OTHER_CONTENT_NAMED_AS_DELETION, is_about_columns).say(|draft| {
        draft.arg(kind.prefix()).arg(found as i64).arg(columns as i64);
    }))
}
