//! B009 `replacement-mark`.

use crate::rules::prelude::*;

/// 置き換え文字らしい記号がある: a mark that looks like a lost character.
pub(crate) static REPLACEMENT_MARK: Rule = Rule {
    code: "B009",
    name: "replacement-mark",
    title: Text::new("置き換え文字らしい記号がある", "a mark that looks like a lost character"),
    explanation: Text::new(
        "変換できない文字が「?」「■」「〓」などに変わった跡かもしれません。氏名や住所では特に、元の文字が失われています。「～」や「－」が失われると、数字の間に「?」や「■」が残ります。\n\n文章では、文末の「?」、箇条書きやチェック欄の「■」「□」「●」は正しい書き方なので指摘しません。指摘するのは、文や語の始まりで漢字・カタカナの前にあるもの、漢字と漢字の間、数字と数字の間にあるものです。",
        "\"?\", \"■\" or \"〓\" beside Japanese text is often what is left of a character that could not be converted; between digits it was a wave dash or a minus.\n\nIn running text, question marks behind a sentence, bullets and boxes are legal and not reported: only marks before the first kanji or katakana of a word, between two kanji or between two digits are.",
    ),
    message: Text::new(
        "{field}に、変換に失敗した跡らしい「{0}」があります。",
        "{field} holds {0}, which looks like a lost character.",
    ),
    fix: Text::new(
        "元データの文字を確認し、MS932にある文字に直して出力してください。",
        "Look up the original character and write one that MS932 has.",
    ),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Info,
    relay: Relay::Delivers,
    covers: &["RW 10"],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples {
        fails: &[
            "question-mark-in-a-name",
            "question-mark-behind-a-name",
            "full-width-question-mark-in-a-name",
            "geta-mark-in-an-address",
            "black-square-in-a-name",
            "white-square-in-a-name",
            "lost-wave-dash-in-a-period",
            "lost-characters-in-a-need",
            "geta-mark-in-a-need",
        ],
        passes: &[
            "K1",
            "question-mark-beside-letters",
            "question-mark-in-free-text",
            "marks-of-lists-in-free-text",
        ],
    },
};

/// What a text is, which decides which marks are legal in it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The name of a person.
    Person,
    /// The name of an office or an item, an address.
    Place,
    /// Running text.
    Running,
}

fn kind(field: &Field) -> Kind {
    let is_name = field.constant.contains("NAME");
    if !is_name && !field.constant.contains("ADDRESS") {
        Kind::Running
    } else if is_name
        && !["OFFICE", "EQUIPMENT", "CENTER", "DISEASE"]
            .iter()
            .any(|word| field.constant.contains(word))
    {
        Kind::Person
    } else {
        Kind::Place
    }
}

fn applies(field: &Field) -> bool {
    field.format == Format::FreeText
}

fn holds(field: &Field, value: &[u8]) -> bool {
    mark(kind(field), value).is_none()
}

/// The first mark that looks like a lost character.
fn mark(kind: Kind, value: &[u8]) -> Option<&'static str> {
    // `?`, the trails of ？ (8148), ● (819C), □ (81A0), ■ (81A1) and 〓 (81AC).
    if !value.iter().any(|byte| matches!(byte, b'?' | 0x48 | 0x9C | 0xA0 | 0xA1 | 0xAC)) {
        return None;
    }
    let chars: Vec<char> = ms932::characters(value).map(|(_, _, ch)| ch.unwrap_or('\0')).collect();
    let found = |at: usize| {
        let shown = shown(chars[at])?;
        let before = at.checked_sub(1).map(|at| chars[at]);
        let after = chars.get(at + 1).copied();
        let is_lost = match kind {
            Kind::Running => is_lost_in_text(&chars, before, chars[at], after),
            // In the name of an office such a mark may be meant.
            Kind::Place if matches!(chars[at], '？' | '□' | '●') => false,
            Kind::Person | Kind::Place => before.is_some_and(is_wide) || after.is_some_and(is_wide),
        };
        is_lost.then_some(shown)
    };
    (0..chars.len()).find_map(found)
}

const fn shown(mark: char) -> Option<&'static str> {
    Some(match mark {
        '?' => "?",
        '？' => "？",
        '■' => "■",
        '□' => "□",
        '●' => "●",
        '〓' => "〓",
        _ => return None,
    })
}

fn is_lost_in_text(chars: &[char], before: Option<char>, mark: char, after: Option<char>) -> bool {
    let (Some(next), last) = (after, before.unwrap_or('\n')) else { return false };
    // A wave dash or a minus.
    if is_figure(last)
        && (next.is_ascii_digit() || matches!(next, '０'..='９' | 'R' | 'H' | '令' | '平'))
    {
        return mark != '？';
    }
    match mark {
        '〓' => last != '〓' && next != '〓' && (is_letter(last) || is_letter(next)),
        '?' => {
            let opens = matches!(last, '\n' | ' ' | '　' | '、' | '。' | '「' | '『' | '（' | '(');
            (opens || is_kanji(last)) && (is_kanji(next) || opens && is_katakana(next))
        }
        '■' => {
            is_letter(last) && is_letter(next) && !chars.contains(&'□') && !opens_a_line(chars)
        }
        _ => false,
    }
}

/// Whether a black square is the mark of a list here.
fn opens_a_line(chars: &[char]) -> bool {
    chars.first() == Some(&'■') || chars.windows(2).any(|pair| pair == ['\n', '■'])
}

/// What stands before the dash of a period.
const fn is_figure(ch: char) -> bool {
    ch.is_ascii_digit() || matches!(ch, '０'..='９' | '時' | '分' | '日' | '月' | '年')
}

const fn is_kanji(ch: char) -> bool {
    matches!(ch, '一'..='龠' | '々' | '﨑')
}

const fn is_katakana(ch: char) -> bool {
    matches!(ch, 'ァ'..='ヶ')
}

const fn is_letter(ch: char) -> bool {
    is_kanji(ch) || is_katakana(ch) || matches!(ch, 'ぁ'..='ん' | 'ー')
}

/// Whether MS932 writes the character with two bytes, and it is none of the marks.
fn is_wide(ch: char) -> bool {
    !ch.is_ascii() && !matches!(ch, '｡'..='ﾟ') && (shown(ch).is_none() || ch == '？')
}

fn report(cx: &mut FieldCx<'_>) {
    if let Some(found) = mark(kind(cx.field), cx.value) {
        cx.draft
            .arg(found)
            .expected(Text::new("置き換わる前の文字", "the character that was lost"));
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, mark};
    use careplan_spec::ms932;

    fn found(kind: Kind, text: &str) -> Option<&'static str> {
        mark(kind, &ms932::encode(text).expect("characters of MS932"))
    }

    #[test]
    fn a_mark_beside_a_full_width_character_of_a_name_is_seen() {
        for (text, expected) in [
            ("?村", "?"),
            ("村?", "?"),
            ("a?村", "?"),
            ("村?a", "?"),
            ("■村", "■"),
            ("村■", "■"),
            ("〓村", "〓"),
            ("村〓", "〓"),
            ("北村　洋?", "?"),
        ] {
            assert_eq!(found(Kind::Person, text), Some(expected), "{text}");
            assert_eq!(found(Kind::Place, text), Some(expected), "{text}");
        }
        for text in ["", "北村　洋子", "?", "a?b", "??", "a? 村", "村 ?", "■", "■a", "a〓"]
        {
            assert_eq!(found(Kind::Person, text), None, "{text}");
            assert_eq!(found(Kind::Place, text), None, "{text}");
        }
        // These may be meant in the name of an office.
        for text in ["？村", "□村", "北●"] {
            assert!(found(Kind::Person, text).is_some(), "{text}");
            assert_eq!(found(Kind::Place, text), None, "{text}");
        }
    }

    #[test]
    fn a_mark_in_running_text_is_seen_where_no_writing_has_one() {
        for (text, expected) in [
            ("?田医院に通う", "?"),
            ("医師は、?田先生", "?"),
            ("通院先（?田医院）", "?"),
            ("森?外を読む", "?"),
            ("一行目\r\n?ツ橋", "?"),
            ("R8.6.1?R8.11.30", "?"),
            ("10時?12時", "?"),
            ("９■１０", "■"),
            ("1●2", "●"),
            ("1□2", "□"),
            ("森■外を読む", "■"),
            ("〓田医院", "〓"),
            ("医院〓", "〓"),
        ] {
            // A mark at the very end of a text stands before nothing.
            let expected = (text != "医院〓").then_some(expected);
            assert_eq!(found(Kind::Running, text), expected, "{text}");
        }
        for text in [
            "本当に大丈夫ですか?",
            "転倒は減った?様子を見る",
            "?",
            "何時に?どこへ",
            "?とのこと",
            "入院は1回？2回とのこと",
            "骨折?の疑い",
            "■緊急連絡先：長女",
            "希望■散歩\n■買い物",
            "男■女□",
            "終了。■次へ",
            "●食事 ○入浴",
            "〓〓〓連絡事項〓〓〓",
            "〓 連絡 〓",
            "Q&A配布",
        ] {
            assert_eq!(found(Kind::Running, text), None, "{text}");
        }
    }
}
