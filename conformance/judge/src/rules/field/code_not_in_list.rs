//! F003 `code-not-in-list`.

use crate::rules::prelude::*;

/// 選択肢にない値: a code that is not in the list.
pub(crate) static CODE_NOT_IN_LIST: Rule = Rule {
    code: "F003",
    name: "code-not-in-list",
    title: Text::new("選択肢にない値", "a code that is not in the list"),
    explanation: Text::new(
        "コードの一覧にない値は、相手のソフトで空欄になるか取込エラーになります。表示用の文字（「月」「有」など）ではなくコードを出力します。",
        "Values outside the list become blank or make the import fail. Write the code, not its label.",
    ),
    message: Text::new(
        "{field}の値「{found}」は選択肢にありません。",
        "{field}: {found} is not in the list.",
    ),
    fix: Text::new(
        "選択肢のコードを、先頭の0も含めて半角で出力してください。",
        "Write a code of the list, half width, leading zeros included.",
    ),
    source: Source::Row,
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Format),
    covers: &["F20", "R14", "R34", "R44"],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples {
        fails: &[
            "sex-as-a-word",
            "weekday-as-a-word",
            "sex-as-a-label",
            "care-level-without-zero",
            "care-level-of-another-list",
            "over-30-days-of-two",
        ],
        passes: &["weekday-of-sunday"],
    },
};

fn applies(field: &Field) -> bool {
    matches!(field.format, Format::Code(_))
}

fn holds(field: &Field, value: &[u8]) -> bool {
    let Format::Code(list) = field.format else { return true };
    list.contains(value)
}

fn report(cx: &mut FieldCx<'_>) {
    let Format::Code(list) = cx.field.format else { return };
    let text = ms932::decode_lossy(cx.value);
    let by_label = list.codes.iter().find(|(_, label)| *label == text.trim());
    let padded = list.codes.iter().find(|(code, _)| {
        !text.is_empty() && code.trim_start_matches('0') == text.trim_start_matches('0')
    });
    if let Some((code, label)) = by_label {
        cx.draft.hint(Text::made(
            format!("「{label}」のコードは{code}です。"),
            format!("The code of {label} is {code}."),
        ));
    } else if let Some((code, _)) = padded {
        cx.draft.hint(Text::made(
            format!("先頭の0が落ちているか余分です（{code}）。"),
            format!("A leading zero was lost or added ({code})."),
        ));
    }
}
