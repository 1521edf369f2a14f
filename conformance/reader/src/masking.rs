//! Values of a file for people: as they are, or as the shape that may be shown instead.

use std::fmt::Write as _;

use careplan_spec::{Lang, Text, ms932};

pub use self::showable::{Showable, fits};

mod showable;

/// What stands for a value that is not there.
pub const EMPTY: Text = Text::new("空", "empty");

/// The shape of a value that must not be shown: `〔半角数字9文字〕`.
pub fn shape(bytes: &[u8], lang: Lang) -> String {
    let mut out = String::new();
    write_shape(bytes, lang, &mut out);
    out
}

/// Appends [`shape`] to `out`.
pub fn write_shape(bytes: &[u8], lang: Lang, out: &mut String) {
    // Runs of digits, other half-width and full-width characters, each with its length: enough
    // to see a lost zero or a stray space, not enough to see a person.
    const CLASSES: [Text; 5] = [
        Text::new("半角数字", "digit"),
        Text::new("半角英字", "letter"),
        Text::new("半角空白", "space"),
        Text::new("半角記号", "symbol"),
        Text::new("全角", "full-width character"),
    ];
    const KANA: Text = Text::new("半角カナ", "half-width kana");
    if bytes.is_empty() {
        out.push_str(EMPTY.get(lang));
        return;
    }
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (_, len, ch) in ms932::characters(bytes) {
        let class = match ch {
            _ if len == 2 => 4,
            Some('0'..='9') => 0,
            Some('a'..='z' | 'A'..='Z') => 1,
            Some(' ') => 2,
            Some('\u{FF61}'..='\u{FF9F}') => 5,
            _ => 3,
        };
        match runs.last_mut() {
            Some((last, count)) if *last == class => *count += 1,
            _ => runs.push((class, 1)),
        }
    }
    out.push('〔');
    if runs.len() > 6 {
        let total: usize = runs.iter().map(|(_, count)| count).sum();
        let _ = match lang {
            Lang::Ja => write!(out, "{total}文字"),
            Lang::En => write!(out, "{total} characters"),
        };
    } else {
        for (at, (class, count)) in runs.iter().enumerate() {
            if at > 0 {
                out.push_str(Text::new("・", ", ").get(lang));
            }
            let name = CLASSES.get(*class).unwrap_or(&KANA).get(lang);
            // The plural of kana is kana.
            let ending = if *count == 1 || *class == CLASSES.len() { "" } else { "s" };
            let _ = match lang {
                Lang::Ja => write!(out, "{name}{count}文字"),
                Lang::En => write!(out, "{count} {name}{ending}"),
            };
        }
    }
    out.push('〕');
}

/// Appends [`shown`] to `out`.
pub fn write_shown(bytes: &[u8], lang: Lang, out: &mut String) {
    if bytes.is_empty() {
        out.push_str(EMPTY.get(lang));
        return;
    }
    for (at, len, ch) in ms932::characters(bytes) {
        match ch {
            Some('\r') => out.push('␍'),
            Some('\n') => out.push('␊'),
            Some('\t') => out.push('␉'),
            Some(ch) if !ch.is_control() => out.push(ch),
            _ => {
                out.push('〈');
                for byte in &bytes[at..at + len] {
                    let _ = write!(out, "{byte:02X}");
                }
                out.push('〉');
            }
        }
    }
}

/// A value with control characters and unreadable bytes made visible.
pub fn shown(bytes: &[u8], lang: Lang) -> String {
    let mut out = String::new();
    write_shown(bytes, lang, &mut out);
    out
}
