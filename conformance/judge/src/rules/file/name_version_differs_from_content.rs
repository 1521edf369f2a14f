//! L006 `name-version-differs-from-content`.

use crate::rules::prelude::*;

/// ファイル名と中身の版が違う: name and content belong to different versions.
pub(crate) static NAME_VERSION_DIFFERS_FROM_CONTENT: Rule = Rule {
    code: "L006",
    name: "name-version-differs-from-content",
    title: Text::new("ファイル名と中身の版が違う", "name and content belong to different versions"),
    explanation: Text::new(
        "3.xの名前にはサービス種類がなく、4.1の名前にはあります。名前と中身の版が違うと、どちらのソフトも読めません。",
        "Names of 3.x have no service kinds, names of 4.1 do. When name and content disagree, neither kind of software can read the file.",
    ),
    message: Text::new(
        "名前は標準仕様{0}の形ですが、中身は{1}です。",
        "The name has the form of standard {0}, the content is {1}.",
    ),
    fix: Text::new(
        "出力の版の設定を、名前と中身でそろえてください。",
        "Export name and content in the same version.",
    ),
    source: Source::Fixed("L ファイル名", Basis::Stated),
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Format),
    covers: &["F13", "RW 2", "RW 8"],
    check: Check::File(&[], check),
    examples: Examples {
        fails: &["name-of-version-3", "old-version-for-a-new-month"],
        passes: &["V3-2", "empty-file-under-a-name-of-version-3"],
    },
};

fn check(cx: &mut FileCx<'_>) {
    let Some(name) = &cx.file.name else { return };
    if cx.file.layout.is_some() && name.version != cx.file.version {
        let (in_name, content) = (name.version.label(), cx.file.version.label());
        cx.report(&NAME_VERSION_DIFFERS_FROM_CONTENT).arg(in_name).arg(content);
    }
}
