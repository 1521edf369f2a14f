//! Text in the two languages every user-facing sentence exists in.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::attachment_name::{Unusable, unusable_character};

/// A text without anything a terminal or a page would obey instead of show: control characters,
/// marks that turn the direction of text, marks that are not seen. Each becomes its code.
///
/// ```
/// use careplan_spec::text::visible;
///
/// assert_eq!(visible("a.CSV"), "a.CSV");
/// assert_eq!(visible("a\u{1b}[31m\u{202e}.CSV"), "a〈1B〉[31m〈202E〉.CSV");
/// ```
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_obeyed) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for ch in text.chars() {
        if is_obeyed(ch) {
            out.push_str(&format!("〈{:02X}〉", u32::from(ch)));
        } else {
            out.push(ch);
        }
    }
    Cow::Owned(out)
}

fn is_obeyed(ch: char) -> bool {
    matches!(unusable_character(ch), Some(Unusable::Control | Unusable::Hidden))
}

/// The language a report, page or message is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// Japanese, the default.
    #[default]
    Ja,
    /// English.
    En,
}

/// One text in Japanese and English, side by side.
///
/// `Text` is declared in the code, `Text<String>` is made at run time; the second comes from the
/// first by `into`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Text<S = &'static str> {
    /// The Japanese text.
    pub ja: S,
    /// The English text.
    pub en: S,
}

impl<S> Text<S> {
    /// A text in both languages.
    pub const fn new(ja: S, en: S) -> Self {
        Self { ja, en }
    }
}

impl Text {
    /// The text in the language asked for.
    pub const fn get(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Ja => self.ja,
            Lang::En => self.en,
        }
    }
}

impl Text<String> {
    /// A text made at run time.
    pub fn made(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(ja.into(), en.into())
    }

    /// The text in the language asked for.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Ja => &self.ja,
            Lang::En => &self.en,
        }
    }
}

impl From<Text> for Text<String> {
    fn from(text: Text) -> Self {
        Self::made(text.ja, text.en)
    }
}

impl<S> From<Text<S>> for (S, S) {
    fn from(text: Text<S>) -> Self {
        (text.ja, text.en)
    }
}

/// A text that is the same in both languages: a value, a name.
impl From<&str> for Text<String> {
    fn from(text: &str) -> Self {
        Self::new(text.to_owned(), text.to_owned())
    }
}

/// Both languages, for a reader whose language is not known.
impl<S: fmt::Display> fmt::Display for Text<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} / {}", self.ja, self.en)
    }
}

/// What was probably meant: the known text that is made of another by putting in, taking out or
/// exchanging at most two letters.
///
/// ```
/// use careplan_spec::text::nearest;
///
/// assert_eq!(nearest("reson", ["rule", "reason"]), Some("reason"));
/// assert_eq!(nearest("why", ["rule", "reason"]), None);
/// ```
pub fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let distances = known.into_iter().map(|known| (distance(known, given), known));
    let (least, known) = distances.min_by_key(|(distance, _)| *distance)?;
    (least <= 2).then_some(known)
}

/// How many letters must be put in, taken out or exchanged to make one text of the other.
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (at, letter) in one.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], at + 1);
        for (place, beside) in other.chars().enumerate() {
            let exchanged = diagonal + usize::from(letter != beside);
            diagonal = row[place + 1];
            row[place + 1] = exchanged.min(row[place] + 1).min(diagonal + 1);
        }
    }
    row[row.len() - 1]
}

/// A number with its English noun: `1 error`, `2 errors`. For nouns that take a plain s.
pub fn counted(count: u64, noun: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_made_at_run_time_is_the_text_it_was_made_from() {
        const NOTHING: Text = Text::new("ありません", "nothing");
        let made: Text<String> = NOTHING.into();
        assert_eq!((NOTHING.get(Lang::Ja), NOTHING.get(Lang::En)), ("ありません", "nothing"));
        assert_eq!((made.get(Lang::Ja), made.get(Lang::En)), ("ありません", "nothing"));
        assert_eq!(made, Text::made("ありません", String::from("nothing")));
        assert_eq!(made.to_string(), "ありません / nothing");
        assert_eq!(Text::<String>::from("202407"), Text::new("202407".into(), "202407".into()));
        let json = serde_json::to_string(&made).expect("strings");
        assert_eq!(json, r#"{"ja":"ありません","en":"nothing"}"#);
        assert_eq!(serde_json::from_str::<Text<String>>(&json).expect("a text"), made);
    }

    #[test]
    fn one_is_singular() {
        assert_eq!(counted(0, "error"), "0 errors");
        assert_eq!(counted(1, "error"), "1 error");
        assert_eq!(counted(2, "error"), "2 errors");
    }
}
