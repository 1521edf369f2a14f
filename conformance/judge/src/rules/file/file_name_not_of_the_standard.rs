//! L001 `file-name-not-of-the-standard`.

use crate::rules::prelude::*;
use careplan_spec::file_name::Reading;

/// ファイル名が標準仕様の形ではない: the file name is not of the standard.
pub(crate) static FILE_NAME_NOT_OF_THE_STANDARD: Rule = Rule {
    code: "L001",
    name: "file-name-not-of-the-standard",
    title: Text::new("ファイル名が標準仕様の形ではない", "the file name is not of the standard"),
    explanation: Text::new(
        "送信元・送信先・連番はファイル名だけに書かれています。形が違うと、システムは宛先も組み合わせも判断できず、送信を拒みます。",
        "Sender, receiver and sequence stand in the name only. The system cannot tell destination and combination from another form and refuses it.",
    ),
    message: Text::new(
        "ファイル名が標準仕様の形ではありません。{0}。",
        "The file name is not of the standard: {0}.",
    ),
    fix: Text::new(
        "出力されたままの名前で送ってください。名前を組み立てる処理を規約に合わせてください。",
        "Send the file under the name it was exported with, and make the export follow the naming rules.",
    ),
    source: Source::Fixed("L ファイル名", Basis::Stated),
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::FileName),
    covers: &["F13", "F17", "B06", "RW 2"],
    check: Check::File(&[], check),
    examples: Examples {
        fails: &[
            "downloaded-twice",
            "copied-in-the-explorer",
            "name-of-version-4-0",
            "prefix-misspelt-in-name",
            "office-of-nine-digits-in-name",
            "impossible-time-in-name",
            "receiver-missing-in-name",
        ],
        passes: &["S1"],
    },
};

fn check(cx: &mut FileCx<'_>) {
    let Reading::NearMiss { defects, name, .. } = &cx.file.reading else { return };
    let (ja, en): (Vec<String>, Vec<String>) =
        defects.iter().map(|defect| defect.describe().into()).unzip();
    let found = cx.file.base_name.clone();
    let suggestion = name.as_ref().map(file_name::FileName::compose);
    let draft = cx.report(&FILE_NAME_NOT_OF_THE_STANDARD);
    draft.found(found).arg(Text::made(ja.join("。"), en.join("; ")));
    let Some(suggestion) = suggestion else { return };
    // Behind the mark of a copy there may be the file that it was copied from, or another one.
    if defects.iter().any(|defect| matches!(defect, file_name::Defect::RenamedCopy(_))) {
        draft.hint(Text::made(
            format!("同じ名前のファイルがほかになければ、{suggestion}に戻してください。"),
            format!("Where no other file has that name, it is {suggestion}."),
        ));
    } else {
        draft.expected(suggestion);
    }
}
