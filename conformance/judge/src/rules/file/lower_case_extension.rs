//! L002 `lower-case-extension`.

use crate::rules::prelude::*;
use careplan_spec::file_name::Quirk;
use careplan_spec::file_name::Reading;

/// 拡張子が大文字の.CSVではない: the extension is not .CSV in capitals.
pub(crate) static LOWER_CASE_EXTENSION: Rule = Rule {
    code: "L002",
    name: "lower-case-extension",
    title: Text::new("拡張子が大文字の.CSVではない", "the extension is not .CSV in capitals"),
    explanation: Text::new(
        "規約の拡張子は大文字の.CSVです。小文字でも読める相手は多いものの、保証されません。",
        "The naming rules write .CSV. Many accept other case, but none has to.",
    ),
    message: Text::new(
        "拡張子が「.CSV」（大文字）ではありません。",
        "The extension is not .CSV in capitals.",
    ),
    fix: Text::new("拡張子を大文字の.CSVで出力してください。", "Write the extension in capitals."),
    source: Source::Fixed("L ファイル名", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["F13"],
    check: Check::File(&[], check),
    examples: Examples { fails: &["extension-in-lower-case"], passes: &["K4"] },
};

fn check(cx: &mut FileCx<'_>) {
    if let Reading::Standard { name, quirks } = &cx.file.reading
        && quirks.contains(&Quirk::LowerCaseExtension)
    {
        let (found, expected) = (cx.file.base_name.clone(), name.compose());
        cx.report(&LOWER_CASE_EXTENSION).found(found).expected(expected);
    }
}
