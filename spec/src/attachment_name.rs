//! Names of files that travel: what a name must be to become a file in a folder of a Windows PC,
//! and nothing else than it looks like. One rule for who sends, who takes in and who saves (no
//! public document states one: Assumed).

use crate::Text;

/// Longest name, in UTF-8 bytes: below the 255 of common file systems, so that whoever saves a file
/// can add a number.
pub const MAX_BYTES: usize = 200;

/// Names Windows keeps for devices, whatever the extension.
const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

/// Why a file cannot have a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unusable {
    /// There is none.
    Empty,
    /// More than [`MAX_BYTES`].
    TooLong,
    /// A character that is no part of a name on Windows.
    Character(char),
    /// A control character.
    Control,
    /// A mark that turns the direction of text, and so hides what a name really ends with; or one
    /// that is not seen at all.
    Hidden,
    /// It starts with a dot or a blank.
    Start,
    /// It ends with a dot or a blank.
    End,
    /// It is the name of a device.
    Device,
}

impl Unusable {
    /// What to tell people.
    pub fn text(self) -> Text<String> {
        let (ja, en) = match self {
            Self::Empty => ("ファイル名がありません", "there is no name"),
            Self::TooLong => {
                return Text::made(
                    format!("長すぎます（UTF-8で{MAX_BYTES}バイトまで）"),
                    format!("it is too long ({MAX_BYTES} bytes of UTF-8 at most)"),
                );
            }
            Self::Character(c) => {
                return Text::made(
                    format!("Windowsのファイル名に使えない文字「{c}」があります"),
                    format!("it holds {c}, which Windows does not take in names"),
                );
            }
            Self::Control => ("制御文字があります", "it holds a control character"),
            Self::Hidden => (
                "文字の向きを変える文字など、見えない文字があります",
                "it holds a mark that is not seen, such as one that turns the direction of text",
            ),
            Self::Start => ("「.」または空白で始まっています", "it starts with a dot or a blank"),
            Self::End => ("「.」または空白で終わっています", "it ends with a dot or a blank"),
            Self::Device => (
                "Windowsの装置の名前（CON、NUL、COM1など）です",
                "it is the name of a device of Windows (CON, NUL, COM1 and the like)",
            ),
        };
        Text::made(ja, en)
    }
}

/// What is wrong with a character, wherever it stands.
pub fn unusable_character(c: char) -> Option<Unusable> {
    match c {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => Some(Unusable::Character(c)),
        c if c.is_control() => Some(Unusable::Control),
        '\u{61c}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{feff}' => Some(Unusable::Hidden),
        _ => None,
    }
}

/// Whether a name is that of a device of Windows, whatever its extension.
pub fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_uppercase();
    if DEVICES.contains(&stem.as_str()) {
        return true;
    }
    let port = stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT"));
    port.is_some_and(|number| {
        let mut digits = number.chars();
        matches!(
            (digits.next(), digits.next()),
            (Some('0'..='9' | '\u{b9}' | '\u{b2}' | '\u{b3}'), None)
        )
    })
}

/// Why a file cannot have this name; nothing where it can, on Windows and elsewhere, and stays in
/// its folder.
pub fn unusable(name: &str) -> Option<Unusable> {
    if name.is_empty() {
        return Some(Unusable::Empty);
    }
    if name.len() > MAX_BYTES {
        return Some(Unusable::TooLong);
    }
    if let Some(found) = name.chars().find_map(unusable_character) {
        return Some(found);
    }
    let is_edge = |c: Option<char>| c.is_some_and(|c| c == '.' || c.is_whitespace());
    if is_edge(name.chars().next()) {
        return Some(Unusable::Start);
    }
    if is_edge(name.chars().next_back()) {
        return Some(Unusable::End);
    }
    is_device(name).then_some(Unusable::Device)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_can_be_files_everywhere() {
        for name in [
            "UPPLAN_202611_4770190017_43_4770190025_15_20261121100000.CSV",
            "ご案内（11月）.pdf",
            "COM10.txt",
            "console.txt",
            "a..txt",
            "a b.txt",
            "nulls.csv",
        ] {
            assert_eq!(unusable(name), None, "{name}");
        }
        let (longest, longer) = ("a".repeat(MAX_BYTES), "a".repeat(MAX_BYTES + 1));
        assert_eq!((unusable(&longest), unusable(&longer)), (None, Some(Unusable::TooLong)));
        let wide = "あ".repeat(MAX_BYTES / 3 + 1);
        assert_eq!(unusable(&wide), Some(Unusable::TooLong), "bytes count, not characters");
    }

    #[test]
    fn names_that_cannot_say_why() {
        for (name, why) in [
            ("", Unusable::Empty),
            ("../a.pdf", Unusable::Character('/')),
            ("C:\\a.txt", Unusable::Character(':')),
            ("a\0.txt", Unusable::Control),
            ("a\n.txt", Unusable::Control),
            ("\u{202e}fdp.exe", Unusable::Hidden),
            ("a\u{200b}.txt", Unusable::Hidden),
            ("a\u{2066}.txt", Unusable::Hidden),
            (".htaccess.txt", Unusable::Start),
            (" a.txt", Unusable::Start),
            ("\u{3000}a.txt", Unusable::Start),
            ("a.txt.", Unusable::End),
            ("a.txt ", Unusable::End),
            ("con", Unusable::Device),
            ("NUL.txt", Unusable::Device),
            ("lpt1 .csv", Unusable::Device),
            ("com1.tar.pdf", Unusable::Device),
            ("COM¹.txt", Unusable::Device),
        ] {
            assert_eq!(unusable(name), Some(why), "{name:?}");
            let text = why.text();
            assert!(!text.ja.is_empty() && !text.en.is_empty());
        }
    }
}
