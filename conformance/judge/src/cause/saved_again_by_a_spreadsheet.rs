//! C019 `saved-again-by-a-spreadsheet`.

use crate::cause::{CauseCx, Told, is};
use crate::evidence::{FEW, Shape};
use crate::rules::framing as s;
use crate::rules::prelude::*;

/// 表計算ソフトで開いて保存し直したファイル: saved again by a spreadsheet.
pub(crate) static SAVED_AGAIN_BY_A_SPREADSHEET: Rule = Rule {
    code: "C019",
    name: "saved-again-by-a-spreadsheet",
    title: Text::new("表計算ソフトで開いて保存し直したファイル", "saved again by a spreadsheet"),
    explanation: Text::new(
        "表計算ソフトでCSVを開いて保存すると、先頭の0が消え、長い数字は4.78E+09の形になり、11.40は11.4に、日付は2026/6/1になり、引用符も消えます。一部だけ直しても、ほかの値が元どおりとは限りません。",
        "A spreadsheet that opens a CSV and saves it takes zeros in front, writes long numbers as 4.78E+09, 11.40 as 11.4, dates as 2026/6/1, and drops the quotes. To mend some of it by hand leaves the rest.",
    ),
    message: Text::new(
        "表計算ソフトで開いて保存し直したようです（{0}）。",
        "It seems to have been saved again by a spreadsheet ({0}).",
    ),
    fix: Text::new(
        "手で直さず、ケアプランソフトから出力したままのファイルを使ってください。",
        "Use the file as the care-plan software exported it, instead of mending it by hand.",
    ),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &[],
    check: Check::Cause(|cx| tell(cx).into_iter().collect()),
    examples: Examples {
        fails: &["leading-zero-lost", "saved-again-by-a-spreadsheet"],
        passes: &["S1", "free-text-without-quotes"],
    },
};

const SHAPES: [(Shape, Text); 4] = [
    (Shape::LostZeros, Text::new("先頭の0が消えた", "zeros in front are lost")),
    (Shape::Exponent, Text::new("指数の形になった", "numbers became exponents")),
    (Shape::LostDecimals, Text::new("小数点以下の0が消えた", "decimals are lost")),
    (Shape::Date, Text::new("日付の形になった", "digits became dates")),
];

fn tell(cx: &CauseCx<'_>) -> Option<Told> {
    let unquoted = cx.evidence.count(&s::unquoted_free_text::UNQUOTED_FREE_TEXT) > 0;
    let seen = SHAPES.iter().filter(|(shape, _)| cx.evidence.shape(*shape) > 0);
    let mut words: Vec<Text> = seen.map(|(_, words)| *words).collect();
    if unquoted {
        words.push(Text::new("引用符が消えた", "quotes are lost"));
    }
    let many: u32 = SHAPES.iter().map(|(shape, _)| cx.evidence.shape(*shape)).sum();
    let telling = [Shape::LostZeros, Shape::Exponent, Shape::Date];
    let telling: u32 = telling.into_iter().map(|shape| cx.evidence.shape(shape)).sum();
    // One such value is said well enough by its own finding.
    let sure = telling > 0 && many > 1 && (words.len() > 1 || telling >= FEW);
    sure.then(|| {
        Told::new(&SAVED_AGAIN_BY_A_SPREADSHEET, move |finding| {
            Shape::of(finding).is_some_and(|shape| SHAPES.iter().any(|(own, _)| *own == shape))
                || unquoted && is(finding, &s::unquoted_free_text::UNQUOTED_FREE_TEXT)
        })
        .say(|draft| {
            let ja: Vec<&str> = words.iter().map(|text| text.ja).collect();
            let en: Vec<&str> = words.iter().map(|text| text.en).collect();
            draft.arg(Text::made(ja.join("、"), en.join(", ")));
        })
    })
}
