//! Clauses in short (`S 2.4`, `L UPPLAN 10`) and in words.
//!
//! `S` is the text of 標準仕様, `L` its CSVファイルレイアウト定義書, with the table and the number of
//! the item; `V3` before either means 標準仕様3.x; `—` means that no document says it. Machines read
//! the short form, people the words.

use crate::text::Lang;

/// A clause as people read it: `L UPPLAN 10` is 「レイアウト UPPLAN 項番10」, "layout UPPLAN item 10".
///
/// What is not in short form, such as the name of another document, stays as it is.
///
/// ```
/// use careplan_spec::Lang;
/// use careplan_spec::clause::in_words;
///
/// assert_eq!(in_words("S 2.4, L UPPLAN 10", Lang::Ja), "標準仕様 2.4、レイアウト UPPLAN 項番10");
/// assert_eq!(in_words("—", Lang::En), "no document says it");
/// ```
pub fn in_words(clause: &str, lang: Lang) -> String {
    let ja = lang == Lang::Ja;
    let parts = clause.split(", ").map(|part| part_in_words(part, ja));
    parts.collect::<Vec<_>>().join(if ja { "、" } else { ", " })
}

fn part_in_words(part: &str, ja: bool) -> String {
    if part == "—" {
        return if ja { "仕様に記載なし" } else { "no document says it" }.to_owned();
    }
    let (version, short) = match part.strip_prefix("V3 ") {
        Some(short) => ("3.x", short),
        None => ("", part),
    };
    let (document, rest) = match short.split_at_checked(1) {
        Some(("S", rest)) => (if ja { "標準仕様" } else { "standard" }, rest),
        Some(("L", rest)) => (if ja { "レイアウト" } else { "layout" }, rest),
        Some(("N", rest)) if rest.starts_with(' ') => return rest.trim_start().to_owned(),
        _ => return part.to_owned(),
    };
    // `L（必須）`, `L UPPLAN 10`, `S 2.4` or the letter alone; a word that begins with the letter
    // is not a short form.
    if rest.starts_with(|ch: char| ch.is_ascii_alphanumeric()) {
        return part.to_owned();
    }
    let item = match rest.rsplit_once(' ') {
        Some((table, number))
            if short.starts_with('L') && number.starts_with(|ch: char| ch.is_ascii_digit()) =>
        {
            let word = if ja { "項番" } else { "item " };
            format!("{table} {word}{number}")
        }
        _ => rest.to_owned(),
    };
    format!("{document}{version}{item}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms_become_words() {
        let cases = [
            ("S 2.4", "標準仕様 2.4", "standard 2.4"),
            ("L UPPLAN 10", "レイアウト UPPLAN 項番10", "layout UPPLAN item 10"),
            ("V3 L UP1KYO 3", "レイアウト3.x UP1KYO 項番3", "layout3.x UP1KYO item 3"),
            ("L UPHOSOKU 4, 63", "レイアウト UPHOSOKU 項番4、63", "layout UPHOSOKU item 4, 63"),
            ("L 各表の注記", "レイアウト 各表の注記", "layout 各表の注記"),
            ("L（必須）", "レイアウト（必須）", "layout（必須）"),
            ("L", "レイアウト", "layout"),
            ("—", "仕様に記載なし", "no document says it"),
            ("N ヘルプデスクFAQ", "ヘルプデスクFAQ", "ヘルプデスクFAQ"),
            ("返戻ATT5", "返戻ATT5", "返戻ATT5"),
            ("", "", ""),
            ("LIMIT", "LIMIT", "LIMIT"),
        ];
        for (short, ja, en) in cases {
            assert_eq!(in_words(short, Lang::Ja), ja);
            assert_eq!(in_words(short, Lang::En), en);
        }
    }
}
