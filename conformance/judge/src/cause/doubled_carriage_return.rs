//! C007 `doubled-carriage-return`.

use crate::cause::{CauseCx, Told, is};
use crate::rules::framing as s;
use crate::rules::prelude::*;

/// 改行がCR CR LFになっている: lines end in CR CR LF.
pub(crate) static DOUBLED_CARRIAGE_RETURN: Rule = Rule {
    code: "C007",
    name: "doubled-carriage-return",
    title: Text::new("改行がCR CR LFになっている", "lines end in CR CR LF"),
    explanation: Text::new(
        "すでにCRLFの文を「テキスト」として書くと、CRがもう1つ付きます。行ごとに空行が1つずつ増えたように読まれます。",
        "Text that already has CRLF gets another CR when it is written in text mode. It reads as a blank line behind every record.",
    ),
    message: Text::new(
        "改行がCR CR LFです（{0}行）。CRLFの文を、改行を変換する設定でもう一度書いています。",
        "Lines end in CR CR LF ({0} of them): text with CRLF was written in text mode once more.",
    ),
    fix: Text::new(
        "改行を変換しない設定（バイナリ）で書いてください。",
        "Write the file in binary mode.",
    ),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &[],
    check: Check::Cause(|cx| tell(cx).into_iter().collect()),
    examples: Examples { fails: &["doubled-carriage-return"], passes: &["S1", "blank-line"] },
};

fn tell(cx: &CauseCx<'_>) -> Option<Told> {
    let ends = cx.evidence.line_ends;
    let blanks = u64::from(cx.evidence.count(&s::blank_line::BLANK_LINE));
    let doubled = ends.cr > 1 && ends.lf == 0 && blanks * 10 >= ends.cr * 9 && ends.crlf >= blanks;
    doubled.then(|| {
        Told::new(&DOUBLED_CARRIAGE_RETURN, |finding| {
            is(finding, &s::blank_line::BLANK_LINE)
                || is(finding, &s::mixed_line_ends::MIXED_LINE_ENDS)
        })
        .say(|draft| {
            draft.arg(ends.cr as i64);
        })
    })
}
