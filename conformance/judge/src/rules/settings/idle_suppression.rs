//! S041 `idle-suppression`.

use crate::rules::prelude::*;

/// 何も隠していない抑制がある: a suppression that hides nothing.
pub(crate) static IDLE_SUPPRESSION: Rule = Rule {
    code: "S041",
    name: "idle-suppression",
    title: Text::new("何も隠していない抑制がある", "a suppression that hides nothing"),
    explanation: Text::new(
        "設定ファイルの抑制（[[suppress]]）にあたる指摘が、今回の検査に1件もありませんでした。直っていれば、もう\
         要りません。一部のファイルだけを検査したときは、そのままでかまいません。",
        "No finding of this run is one of those that the suppression in the settings ([[suppress]]) is about. \
         If they are mended, it is not needed any more. Where only some files were checked, let it be.",
    ),
    message: Text::new(
        "抑制（{0}、{1} まで）にあたる指摘はありません。理由：{2}。",
        "The suppression of {0}, until {1}, hides nothing. Its reason: {2}.",
    ),
    fix: Text::new(
        "要らなくなった抑制なら消してください。file、kind、item、office の書き間違いでないかも確かめてください。",
        "Delete the entry if it is not needed any more; see also whether file, kind, item and office are \
         written as they are meant.",
    ),
    source: Source::Fixed("—", Basis::Assumed),
    severity: Severity::Info,
    relay: Relay::Delivers,
    covers: &[],
    check: Check::Settings,
    examples: Examples { fails: &[], passes: &[] },
};
