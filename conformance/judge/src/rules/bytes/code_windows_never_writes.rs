//! B023 `code-windows-never-writes`.

use crate::rules::prelude::*;

/// Windowsが書かない符号の記号がある: a sign under a code that Windows never writes.
pub(crate) static CODE_WINDOWS_NEVER_WRITES: Rule = Rule {
    code: "B023",
    name: "code-windows-never-writes",
    title: Text::new(
        "Windowsが書かない符号の記号がある",
        "a sign under a code that Windows never writes",
    ),
    explanation: Text::new(
        "「Ⅰ」「㈱」「≒」など24の記号には2通りの符号があり、Windowsは決まった一方だけを書きます。もう一方の符号もMS932として正しく読めますが、Windowsで保存し直すと変わるため、照合で別の文字とされることがあります。",
        "24 signs (Ⅰ, ㈱, ≒ and others) have two codes, of which Windows always writes the same one. The other is legal and read alike, but changes when Windows saves the text, and may not compare equal.",
    ),
    message: Text::new(
        "{field}の「{0}」が符号{1}で書かれています（Windowsの符号は{2}）。",
        "{field}: {0} is written as {1}; Windows writes {2}.",
    ),
    fix: Text::new(
        "変換に使うライブラリをWindows-31J（CP932）準拠の設定にしてください。",
        "Use a converter that follows Windows-31J.",
    ),
    source: Source::Fixed("S 4.3", Basis::Inferred),
    severity: Severity::Info,
    relay: Relay::Delivers,
    covers: &["OQ E"],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples {
        fails: &["roman-numeral-under-its-ibm-code", "sign-under-its-nec-code"],
        passes: &["ibm-extensions", "signs-under-the-codes-of-windows"],
    },
};

fn applies(field: &Field) -> bool {
    field.format.is_free_text()
}

fn holds(_: &Field, value: &[u8]) -> bool {
    // The lead bytes alone are common, as leads and as trails.
    !value.windows(2).any(ms932::is_second_code) || second_code(value).is_none()
}

/// The first character written with the code that Windows never writes, and that code.
fn second_code(value: &[u8]) -> Option<(char, &[u8])> {
    ms932::characters(value).find_map(|(at, len, ch)| {
        let code = &value[at..at + len];
        ch.filter(|_| ms932::is_second_code(code)).map(|ch| (ch, code))
    })
}

fn report(cx: &mut FieldCx<'_>) {
    let Some((ch, code)) = second_code(cx.value) else { return };
    let hex = |code: &[u8]| code.iter().map(|byte| format!("{byte:02X}")).collect::<String>();
    let usual = ms932::encode_char(ch).map_or_else(String::new, |it| hex(it.as_bytes()));
    cx.draft.arg(ch.to_string()).arg(hex(code)).arg(usual);
    cx.draft.expected(Text::new("Windowsと同じ符号", "the code of Windows"));
}
