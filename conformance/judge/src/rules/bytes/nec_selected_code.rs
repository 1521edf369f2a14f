//! B008 `nec-selected-code`.

use crate::rules::prelude::*;

/// Windowsと異なる符号で書かれた文字がある: characters written with codes that Windows does not use.
pub(crate) static NEC_SELECTED_CODE: Rule = Rule {
    code: "B008",
    name: "nec-selected-code",
    title: Text::new(
        "Windowsと異なる符号で書かれた文字がある",
        "characters written with codes that Windows does not use",
    ),
    explanation: Text::new(
        "髙や﨑には2通りの符号があり、WindowsはFA〜FCで始まる符号を使います。ED・EEで始まる符号もMS932として正しいのですが、Windows以外の変換器の出力に多く、照合で別の文字とされることがあります。",
        "髙 and 﨑 have two codes; Windows writes FA–FC. ED and EE are legal, but come from other converters and may not compare equal.",
    ),
    message: Text::new(
        "{field}に、ED・EEで始まる符号の文字があります。",
        "{field} holds characters with codes that start with ED or EE.",
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
        fails: &["nec-selected-code", "nec-selected-code-of-the-second-row"],
        passes: &["ibm-extensions", "trail-bytes-like-nec-codes", "nec-selected-code-outside-text"],
    },
};

fn applies(field: &Field) -> bool {
    field.format.is_free_text()
}

fn holds(_: &Field, value: &[u8]) -> bool {
    // A trail byte may look like a lead byte, so a hit is looked at character by character.
    !value.iter().any(|byte| ms932::is_nec_selected(*byte))
        || !ms932::characters(value)
            .any(|(at, len, _)| len == 2 && ms932::is_nec_selected(value[at]))
}

fn report(cx: &mut FieldCx<'_>) {
    cx.draft.expected(Text::new(
        "FA・FB・FCで始まる、Windowsと同じ符号",
        "the code of Windows, which starts with FA, FB or FC",
    ));
}
