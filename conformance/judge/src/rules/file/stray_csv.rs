//! L018 `stray-csv`.

use crate::rules::prelude::*;

/// 標準仕様の名前ではないCSVがある: a CSV that is no file of the standard.
pub(crate) static STRAY_CSV: Rule = Rule {
    code: "L018",
    name: "stray-csv",
    title: Text::new("標準仕様の名前ではないCSVがある", "a CSV that is no file of the standard"),
    explanation: Text::new(
        "種別の分からないCSVは検査できません。送るつもりのファイルなら、名前が違っています。",
        "A CSV of an unknown kind cannot be judged. If it is meant to be sent, its name is wrong.",
    ),
    message: Text::new(
        "標準仕様のファイル名ではないため、中身を検査していません。",
        "The name is none of the standard; the content was not judged.",
    ),
    fix: Text::new(
        "送るファイルなら規約の名前で出力し、そうでなければ別のフォルダーに移してください。",
        "Export it under its regular name, or move it elsewhere.",
    ),
    source: Source::Fixed("—", Basis::Assumed),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["F13"],
    check: Check::File(&[], check),
    examples: Examples { fails: &["stray-csv"], passes: &["S1"] },
};

fn check(cx: &mut FileCx<'_>) {
    if cx.file.reading == file_name::Reading::Foreign {
        let found = cx.file.base_name.clone();
        cx.report(&STRAY_CSV).found(found);
    }
}
