//! Likely causes of a changed value, recognised by what the two values have in common.

use careplan_spec::layout::{Field, Format};
use careplan_spec::{Lang, Text, ms932};

use crate::kana;

/// What probably happened to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// `0012` became `12`.
    LeadingZerosLost,
    /// `12` became `0012`.
    ZerosAdded,
    /// `1.11E+30`.
    Exponent,
    /// Only the beginning is left.
    Truncated {
        /// How many characters are left.
        characters: u32,
        /// How many bytes of MS932 these are.
        bytes: u32,
    },
    /// Only what stood before a `"` is left.
    CutAtQuote,
    /// Only what stood before a `,` is left.
    CutAtComma,
    /// Only the first line is left.
    CutAtLineBreak,
    /// Line breaks are gone.
    LineBreaksLost,
    /// Line breaks became spaces or other signs.
    LineBreaksReplaced,
    /// Characters became `?`, `〓` or the like: the first of them, and what it became.
    CharacterReplaced(char, char),
    /// Characters became others, as many as before: the first of them, and what it became.
    CharacterChanged(char, char),
    /// The same text with other widths: to full width, or to half width.
    Width {
        /// Whether it became full width.
        to_full: bool,
    },
    /// `20260601` became `2026/06/01` or the like.
    DateReformatted,
    /// Voiced marks were parted from their kana.
    Decomposed,
    /// Spaces or line breaks at the ends are gone or new.
    Spaces,
    /// Double quotes were doubled, or their doubling was not taken back.
    QuotesDoubled,
    /// Double quotes are gone.
    QuotesLost,
    /// A number of a person on public assistance became an ordinary one, or the other way round.
    PublicAssistance,
    /// The returned file is of a version of the standard that lacks the item.
    NoSuchItem,
    /// It is the value of a unit that a later one replaced.
    Outdated,
    /// The order or grouping that the numbers stand for has changed.
    Structure,
    /// The record came back as one of another person who was given.
    OtherPerson,
}

impl Cause {
    /// The stable identifier.
    pub const fn id(self) -> &'static str {
        match self {
            Self::LeadingZerosLost => "leading-zeros-lost",
            Self::ZerosAdded => "zeros-added",
            Self::Exponent => "exponent",
            Self::Truncated { .. } => "truncated",
            Self::CutAtQuote => "cut-at-quote",
            Self::CutAtComma => "cut-at-comma",
            Self::CutAtLineBreak => "cut-at-line-break",
            Self::LineBreaksLost => "line-breaks-lost",
            Self::LineBreaksReplaced => "line-breaks-replaced",
            Self::CharacterReplaced(..) => "character-replaced",
            Self::CharacterChanged(..) => "character-changed",
            Self::Width { .. } => "width",
            Self::DateReformatted => "date-reformatted",
            Self::Decomposed => "decomposed",
            Self::Spaces => "spaces",
            Self::QuotesDoubled => "quotes-doubled",
            Self::QuotesLost => "quotes-lost",
            Self::PublicAssistance => "public-assistance",
            Self::NoSuchItem => "no-such-item",
            Self::Outdated => "outdated",
            Self::Structure => "structure",
            Self::OtherPerson => "other-person",
        }
    }

    /// Whether no product would mean it: the value is broken rather than another.
    pub(super) const fn is_damage(self) -> bool {
        match self {
            Self::LeadingZerosLost
            | Self::ZerosAdded
            | Self::Exponent
            | Self::Truncated { .. }
            | Self::CutAtQuote
            | Self::CutAtComma
            | Self::CutAtLineBreak
            | Self::LineBreaksLost
            | Self::LineBreaksReplaced
            | Self::CharacterReplaced(..)
            | Self::DateReformatted
            | Self::Decomposed
            | Self::QuotesDoubled
            | Self::QuotesLost => true,
            Self::CharacterChanged(..)
            | Self::Width { .. }
            | Self::Spaces
            | Self::PublicAssistance
            | Self::NoSuchItem
            | Self::Outdated
            | Self::Structure
            | Self::OtherPerson => false,
        }
    }

    /// What probably happened, as a sentence.
    pub fn sentence(self, lang: Lang) -> String {
        let ja = lang == Lang::Ja;
        match self {
            Self::Truncated { characters, bytes } if ja => {
                format!("先頭の{characters}文字（{bytes}バイト）で切れています。")
            }
            Self::Truncated { characters, bytes } => {
                format!("It was cut after {characters} characters ({bytes} bytes).")
            }
            Self::CharacterReplaced(from, to) if ja => {
                format!("「{}」が「{}」に置き換わっています。", name(from), name(to))
            }
            Self::CharacterReplaced(from, to) => {
                format!("{} was replaced by {}.", name(from), name(to))
            }
            Self::CharacterChanged(from, to) if ja => {
                format!("「{}」が別の文字「{}」になっています。", name(from), name(to))
            }
            Self::CharacterChanged(from, to) => {
                format!("{} became another character, {}.", name(from), name(to))
            }
            _ => self.text().get(lang).to_owned(),
        }
    }

    /// The sentence where it needs no values.
    const fn text(self) -> Text {
        match self {
            Self::LeadingZerosLost => {
                Text::new("先頭の0が消えています。", "Leading zeros are gone.")
            }
            Self::ZerosAdded => Text::new("先頭に0が足されています。", "Zeros were put in front."),
            Self::Exponent => Text::new(
                "数値として扱われ、指数表記（1.11E+30など）になっています。",
                "It was taken for a number and became 1.11E+30 or the like.",
            ),
            Self::CutAtQuote => Text::new(
                "文中の「\"」のところで切れています。",
                "It was cut at a double quote inside the text.",
            ),
            Self::CutAtComma => Text::new(
                "文中の「,」のところで切れています。",
                "It was cut at a comma inside the text.",
            ),
            Self::CutAtLineBreak => Text::new(
                "最初の改行のところで切れています。",
                "It was cut at the first line break.",
            ),
            Self::LineBreaksLost => Text::new("改行が失われています。", "Line breaks are gone."),
            Self::LineBreaksReplaced => Text::new(
                "改行が空白などほかの文字になっています。",
                "Line breaks became spaces or other signs.",
            ),
            Self::Width { to_full: true } => {
                Text::new("半角が全角になっています。", "Half width became full width.")
            }
            Self::Width { to_full: false } => {
                Text::new("全角が半角になっています。", "Full width became half width.")
            }
            Self::DateReformatted => Text::new(
                "日付・時刻の書き方が変わっています。",
                "The date or time is written in another form.",
            ),
            Self::Decomposed => Text::new(
                "濁点・半濁点が文字から離れています（Unicodeの分解形）。",
                "Voiced marks were parted from their kana (decomposed Unicode).",
            ),
            Self::Spaces => Text::new(
                "前後の空白・改行が違います。",
                "Spaces or line breaks at the ends differ.",
            ),
            Self::QuotesDoubled => Text::new(
                "引用符の重ね書き（\"\"）の扱いが合っていません。",
                "The doubling of double quotes was applied or taken back once too often.",
            ),
            Self::QuotesLost => Text::new(
                "文中の「\"」が失われています。",
                "Double quotes inside the text are gone.",
            ),
            Self::PublicAssistance => Text::new(
                "生活保護単独のH番号と数字の番号が入れ替わっています。",
                "An H number (public assistance alone) and a number of digits were exchanged.",
            ),
            Self::NoSuchItem => Text::new(
                "戻ったファイルの版（標準仕様3.x）にはこの項目がありません。",
                "The returned file is of standard 3.x, which lacks the item.",
            ),
            Self::Outdated => Text::new(
                "送り直す前の古い内容です。",
                "It is the older content, from before it was sent again.",
            ),
            Self::Structure => Text::new(
                "番号の表す並び・まとまりが変わっています。",
                "The order or grouping that the numbers stand for has changed.",
            ),
            Self::OtherPerson => Text::new(
                "記録が、渡したデータにあるほかの利用者のものになっています。",
                "The record has moved to another person of those that were given.",
            ),
            Self::Truncated { .. } | Self::CharacterReplaced(..) | Self::CharacterChanged(..) => {
                Text::new("", "")
            }
        }
    }

    /// What to do.
    pub const fn fix(self) -> Text {
        match self {
            Self::LeadingZerosLost | Self::ZerosAdded => Text::new(
                "番号・コード・時刻は文字列のまま扱い、数値に変換しないでください。",
                "Treat numbers, codes and times as text; never convert them to numbers.",
            ),
            Self::Exponent => Text::new(
                "31桁の0/1などの長い数字は文字列として扱ってください（表計算ソフトを経由しない）。",
                "Treat long digits as text, and do not pass them through a spreadsheet.",
            ),
            Self::Truncated { .. } => Text::new(
                "保存する欄の長さを広げるか、入りきらないことを取り込み時に利用者へ知らせてください。",
                "Widen the column it is stored in, or tell the user on import that it does not fit.",
            ),
            Self::CutAtQuote | Self::QuotesDoubled | Self::QuotesLost => Text::new(
                "自由記述の中の「\"」は、読むときに\"\"を\"に戻し、書くときに\"\"と重ねてください。",
                "Inside free text, read \"\" as one quote and write each quote twice.",
            ),
            Self::CutAtComma => Text::new(
                "引用符の中のカンマは区切りではなく文字として読んでください。",
                "Read a comma inside quotes as a character, not as a separator.",
            ),
            Self::CutAtLineBreak | Self::LineBreaksLost | Self::LineBreaksReplaced => Text::new(
                "引用符の中の改行は文字として読み、書くときもそのまま出力してください。",
                "Read line breaks inside quotes as characters and write them again.",
            ),
            Self::CharacterReplaced(..) | Self::CharacterChanged(..) => Text::new(
                "読み書き・保存の文字コードをMS932（CP932）にそろえてください。JISやEUC、狭いShift_JISを経由すると失われます。",
                "Use MS932 (CP932) throughout: JIS, EUC or a narrow Shift_JIS on the way loses characters.",
            ),
            Self::Width { .. } => Text::new(
                "取り込み・出力で全角・半角を変換しないか、変換することを相手に知らせてください。",
                "Do not convert widths on import or export, or say so to those who receive it.",
            ),
            Self::DateReformatted => Text::new(
                "出力するときは仕様の書式（YYYYMMDD、HHMM）に戻してください。",
                "Write it in the form of the standard (YYYYMMDD, HHMM).",
            ),
            Self::Decomposed => Text::new(
                "保存・出力の前にUnicodeの合成形（NFC）にそろえてください。",
                "Compose the text (NFC) before it is stored or written.",
            ),
            Self::Spaces => Text::new(
                "前後の空白を削るかどうかを確認してください。",
                "See whether spaces at the ends are meant to be cut.",
            ),
            Self::PublicAssistance => Text::new(
                "被保険者番号は渡された値のまま保存・出力してください。",
                "Store and write the insured number as it was given.",
            ),
            Self::NoSuchItem => Text::new(
                "標準仕様4.1（CSVバージョン202407）で出力してください。",
                "Export by standard 4.1 (CSVバージョン 202407).",
            ),
            Self::Outdated => Text::new(
                "連番の小さい順に取り込み、後のファイルで前の内容を置き換えてください。",
                "Import in ascending sequence; a later unit replaces an earlier one.",
            ),
            Self::OtherPerson => Text::new(
                "利用者は保険者番号と被保険者番号の両方で見分け、記録を別の利用者に付けないでください。",
                "Tell people apart by insurer and insured number, and leave each record with its person.",
            ),
            Self::Structure => Text::new(
                "課題・目標・内容の並びとまとまりを保って番号を付けてください。",
                "Number the records so that order and grouping stay.",
            ),
        }
    }
}

/// A single character as it may be shown, with its code where it cannot be seen.
fn name(ch: char) -> String {
    if ch.is_control() || u32::from(ch) >= 0xE000 && ms932::encode_char(ch).is_none() {
        format!("U+{:04X}", u32::from(ch))
    } else {
        ch.to_string()
    }
}

/// Signs that stand for a character that was lost.
const STAND_INS: [char; 12] = ['?', '？', '〓', '■', '□', '●', '○', '◆', '・', '･', '�', '＊'];

/// The likely cause why `given` became `returned`; both are neither equal nor empty.
pub(super) fn recognise(field: &Field, given: &str, returned: &str) -> Option<Cause> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let stripped = |text: &'_ str| -> String { text.trim_start_matches('0').to_owned() };
    if digits(given) && digits(returned) && stripped(given) == stripped(returned) {
        return Some(if returned.len() < given.len() {
            Cause::LeadingZerosLost
        } else {
            Cause::ZerosAdded
        });
    }
    if field.format == Format::InsuredNumber
        && given.strip_prefix('H').unwrap_or(given).trim_start_matches('0')
            == returned.strip_prefix('H').unwrap_or(returned).trim_start_matches('0')
        && given.starts_with('H') != returned.starts_with('H')
    {
        return Some(Cause::PublicAssistance);
    }
    if is_exponent(returned) && given.len() > 10 && digits(given) {
        return Some(Cause::Exponent);
    }
    if is_date_like(field) && digits(given) && bare_date(returned).as_deref() == Some(given) {
        return Some(Cause::DateReformatted);
    }
    if let Some(cause) = cut(given, returned) {
        return Some(cause);
    }
    let without =
        |text: &str, sign: char| -> String { text.chars().filter(|ch| *ch != sign).collect() };
    if given.contains('\n') && !returned.contains('\n') {
        if without(given, '\n') == returned {
            return Some(Cause::LineBreaksLost);
        }
        if [" ", "　", "\\n", "\\r\\n", "<br>", "<br/>", "<br />", "/", "／", "、", "。"]
            .iter()
            .any(|sign| given.replace('\n', sign) == returned)
        {
            return Some(Cause::LineBreaksReplaced);
        }
    }
    if given.contains('"') || returned.contains('"') {
        if given.replace('"', "\"\"") == returned || returned.replace('"', "\"\"") == given {
            return Some(Cause::QuotesDoubled);
        }
        if without(given, '"') == without(returned, '"') {
            return Some(Cause::QuotesLost);
        }
    }
    if given.trim() == returned.trim() {
        return Some(Cause::Spaces);
    }
    if joined(returned) == given {
        return Some(Cause::Decomposed);
    }
    let (full_given, full_returned) = (to_full(given), to_full(returned));
    if full_given == full_returned {
        return Some(Cause::Width {
            to_full: full_given == returned || full_count(returned) > full_count(given),
        });
    }
    same_length(given, returned)
}

/// Values that are a beginning of the given one.
fn cut(given: &str, returned: &str) -> Option<Cause> {
    let rest = given.strip_prefix(returned).or_else(|| {
        // The last character may be cut in the middle of its two bytes.
        let end = returned.char_indices().next_back()?;
        let is_half = u32::from(end.1) >= 0x10_FE00;
        is_half.then(|| given.strip_prefix(&returned[..end.0])).flatten()
    })?;
    if rest.is_empty() || rest.trim().is_empty() {
        return None;
    }
    Some(match rest.chars().next() {
        Some('"') => Cause::CutAtQuote,
        Some(',') => Cause::CutAtComma,
        Some('\n') => Cause::CutAtLineBreak,
        // Half of a CR LF may be left.
        _ if returned.ends_with('\n') => Cause::CutAtLineBreak,
        _ => {
            let bytes: usize = returned
                .chars()
                .map(|ch| ms932::encode_char(ch).map_or(1, |encoded| encoded.as_bytes().len()))
                .sum();
            Cause::Truncated {
                characters: u32::try_from(returned.chars().count()).unwrap_or(u32::MAX),
                bytes: u32::try_from(bytes).unwrap_or(u32::MAX),
            }
        }
    })
}

/// As many characters, some of them others.
fn same_length(given: &str, returned: &str) -> Option<Cause> {
    let mut first = None;
    let (mut differing, mut stand_ins, mut all) = (0_usize, 0_usize, 0_usize);
    let (mut left, mut right) = (given.chars(), returned.chars());
    loop {
        match (left.next(), right.next()) {
            (Some(a), Some(b)) => {
                all += 1;
                if a != b {
                    differing += 1;
                    stand_ins += usize::from(STAND_INS.contains(&b));
                    first.get_or_insert((a, b));
                }
            }
            (None, None) => break,
            _ => return None,
        }
    }
    let (from, to) = first?;
    if stand_ins == differing {
        Some(Cause::CharacterReplaced(from, to))
    } else if !from.is_ascii() && differing * 4 <= all {
        Some(Cause::CharacterChanged(from, to))
    } else {
        None
    }
}

fn is_exponent(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let number = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    };
    number(mantissa) && number(exponent.trim_start_matches(['+', '-']))
}

const fn is_date_like(field: &Field) -> bool {
    matches!(
        field.format,
        Format::Date
            | Format::DateOrZeros
            | Format::Month
            | Format::MonthOrZeros
            | Format::Time
            | Format::TimeOrNines
            | Format::CsvVersion
    )
}

/// The digits of `2026/6/1`, `2026-06-01 00:00:00`, `令和8年6月1日`, `9:00`, padded.
fn bare_date(text: &str) -> Option<String> {
    let text = to_half(text.trim());
    let (era, rest) =
        [("令和", 2018), ("R", 2018), ("平成", 1988), ("H", 1988), ("昭和", 1925), ("S", 1925)]
            .into_iter()
            .find_map(|(era, before)| Some((before, text.strip_prefix(era)?)))
            .unwrap_or((0, &text));
    let rest = rest.replace("元年", "1年");
    let parts: Vec<u32> = rest
        .split(|ch: char| !ch.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map(str::parse)
        .collect::<Result<_, _>>()
        .ok()?;
    let has_signs = rest.chars().any(|ch| !ch.is_ascii_digit());
    if !has_signs && era == 0 {
        return None;
    }
    let year = parts.first()?.checked_add(era)?;
    Some(match parts[..] {
        [hour, minute] if text.contains(':') => format!("{hour:02}{minute:02}"),
        [hour, minute, _] if text.contains(':') => format!("{hour:02}{minute:02}"),
        [_, month] => format!("{year:04}{month:02}"),
        [_, month, day, ..] => format!("{year:04}{month:02}{day:02}"),
        _ => return None,
    })
}

/// Kana with the marks that follow them joined, spacing marks too.
fn joined(text: &str) -> String {
    let combining: String = text
        .chars()
        .map(|ch| match ch {
            '゛' => '\u{3099}',
            '゜' => '\u{309A}',
            other => other,
        })
        .collect();
    ms932::compose_kana(&combining).into_owned()
}

fn full_count(text: &str) -> usize {
    text.chars().filter(|ch| !ch.is_ascii() && !matches!(ch, '\u{FF61}'..='\u{FF9F}')).count()
}

/// The text with everything in full width that has a full width.
pub(super) fn to_full(text: &str) -> String {
    let wide: String = text
        .chars()
        .map(|ch| match ch {
            ' ' => '　',
            '!'..='~' => char::from_u32(u32::from(ch) + 0xFEE0).unwrap_or(ch),
            '\u{FF61}'..='\u{FF9F}' => kana::full(ch).unwrap_or(ch),
            // Two signs that different tables give as the wide form of the hyphen.
            '−' | '‐' => '－',
            other => other,
        })
        .collect();
    joined(&wide)
}

/// Full-width digits, letters and signs in half width.
pub(super) fn to_half(text: &str) -> String {
    text.chars()
        .map(|ch| match ch {
            '\u{3000}' => ' ',
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(ch) - 0xFEE0).unwrap_or(ch),
            '−' | '‐' => '-',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use careplan_spec::FieldId;
    use careplan_spec::layout::v4_1::{up1kyo, upplan};

    use super::*;

    fn field(id: FieldId) -> &'static Field {
        match id.kind {
            careplan_spec::FileKind::Upplan => &upplan::FIELDS[usize::from(id.index)],
            _ => &up1kyo::FIELDS[usize::from(id.index)],
        }
    }

    fn cause(id: FieldId, given: &str, returned: &str) -> Option<&'static str> {
        recognise(field(id), given, returned).map(Cause::id)
    }

    #[test]
    fn what_spreadsheets_do_to_numbers_is_recognised() {
        use upplan::*;
        assert_eq!(cause(INSURED_NUMBER, "0000123456", "123456"), Some("leading-zeros-lost"));
        assert_eq!(cause(SERVICE_START_TIME, "0900", "900"), Some("leading-zeros-lost"));
        assert_eq!(cause(PER_DIEM_BITMAP, &"1".repeat(31), "1.11E+30"), Some("exponent"));
        assert_eq!(cause(SERVICE_DATE, "20260601", "2026/6/1"), Some("date-reformatted"));
        assert_eq!(cause(SERVICE_DATE, "20260601", "令和8年6月1日"), Some("date-reformatted"));
        assert_eq!(cause(SERVICE_START_TIME, "0900", "9:00"), Some("date-reformatted"));
        assert_eq!(cause(INSURED_NUMBER, "H123456789", "0123456789"), Some("public-assistance"));
    }

    #[test]
    fn what_happens_to_texts_is_recognised() {
        use up1kyo::*;
        let text = |given, returned| cause(OVERALL_SUPPORT_POLICY, given, returned);
        assert_eq!(text("一行目\n二行目", "一行目二行目"), Some("line-breaks-lost"));
        assert_eq!(text("一行目\n二行目", "一行目　二行目"), Some("line-breaks-replaced"));
        assert_eq!(text("一行目\n二行目", "一行目"), Some("cut-at-line-break"));
        assert_eq!(text("一行目\n二行目", "一行目\n"), Some("cut-at-line-break"));
        assert_eq!(text("歩く\"力\"を保つ", "歩く"), Some("cut-at-quote"));
        assert_eq!(text("入浴,食事", "入浴"), Some("cut-at-comma"));
        assert_eq!(text("入浴と食事", "入浴"), Some("truncated"));
        assert_eq!(text("歩く\"力\"", "歩く力"), Some("quotes-lost"));
        assert_eq!(text("歩く\"力\"", "歩く\"\"力\"\""), Some("quotes-doubled"));
        assert_eq!(text("髙橋花子", "?橋花子"), Some("character-replaced"));
        assert_eq!(text("髙橋花子", "高橋花子"), Some("character-changed"));
        assert_eq!(text("ガギグ", "カ゛キ゛ク゛"), Some("decomposed"));
        assert_eq!(text("ﾀﾞｲｽｹ", "ダイスケ"), Some("width"));
        assert_eq!(text("１２３番地", "123番地"), Some("width"));
        assert_eq!(text("入浴　", "入浴"), Some("spaces"));
        assert_eq!(text("入浴", "買い物の同行"), None);
        assert_eq!(
            recognise(field(OVERALL_SUPPORT_POLICY), "入浴と食事", "入浴"),
            Some(Cause::Truncated { characters: 2, bytes: 4 })
        );
    }
}
