//! F010 `doubtful-office-number`.

use crate::rules::prelude::*;

/// 実在しそうにない事業所番号: an unlikely office number.
pub(crate) static DOUBTFUL_OFFICE_NUMBER: Rule = Rule {
    code: "F010",
    name: "doubtful-office-number",
    title: Text::new("実在しそうにない事業所番号", "an unlikely office number"),
    explanation: Text::new(
        "都道府県番号や事業所区分に当てはまらない番号、同じ数字だけの番号は、仮の番号か打ち間違いです。",
        "Numbers without a prefecture or a known kind, or of one repeated digit, are placeholders or typing errors.",
    ),
    message: Text::new(
        "{field}の値「{found}」は実在しそうにない番号です。",
        "{field}: {found} is unlikely to exist.",
    ),
    fix: Text::new(
        "指定通知書の番号を確認してください。相手が未登録なら、登録してから出力してください。",
        "Check the number of the office; register the partner before the export.",
    ),
    source: Source::Fixed("資料13", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["F14", "RW 24"],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples {
        fails: &[
            "placeholder-office",
            "placeholder-office-of-zeros",
            "office-number-of-no-prefecture",
            "office-number-with-an-unused-letter",
            "office-number-of-an-unknown-kind",
        ],
        passes: &["K2", "office-number-check-digit"],
    },
};

fn applies(field: &Field) -> bool {
    matches!(field.format, Format::OfficeNumber | Format::OfficeNumberOrNines)
}

fn holds(field: &Field, value: &[u8]) -> bool {
    use office_number::Doubt;
    let total = field.format == Format::OfficeNumberOrNines && value == b"9999999999";
    total || matches!(office_number::doubt(value), None | Some(Doubt::CheckDigit { .. }))
}

fn report(cx: &mut FieldCx<'_>) {
    use office_number::Doubt;
    let hint = match office_number::doubt(cx.value) {
        Some(Doubt::Prefecture) => Text::new(
            "先頭2桁が都道府県番号（01〜47）ではありません。",
            "The first two digits are no prefecture.",
        ),
        Some(Doubt::UnusedLetter) => Text::new(
            "3文字目にI・O・Qは使われません。",
            "I, O and Q never stand in the third place.",
        ),
        Some(Doubt::UnknownKind) => Text::new(
            "3文字目が事業所区分にありません。",
            "The third character is no known kind of office.",
        ),
        _ => Text::new("同じ数字が並ぶ仮の番号です。", "It is a placeholder of one digit."),
    };
    cx.draft.expected(Text::new("実在の事業所番号", "the number of a real office")).hint(hint);
}
