//! L064 `sum-row-twice`.

use crate::facts::BenefitRow;
use crate::rules::file::table7;
use crate::rules::prelude::*;

/// 第7表の小計・全合計の行が2つある: a subtotal or total row of table 7 stands twice.
pub(crate) static SUM_ROW_TWICE: Rule = Rule {
    code: "L064",
    name: "sum-row-twice",
    title: Text::new(
        "第7表の小計・全合計の行が2つある",
        "a subtotal or total row of table 7 stands twice",
    ),
    explanation: Text::new(
        "全合計の行は利用者と年月ごとに1行、種類別小計は事業所・サテライト・種類ごとに1行です。2行あると、受け取る側が金額を2倍に数えるおそれがあります。1行であることは仕様に明記されていないため警告です。",
        "There is one total row a person and month, and one subtotal an office, satellite and kind. A receiver may count the money of two rows twice. That there is one is not spelt out, so this is a warning.",
    ),
    message: Text::new("この利用者の{0}の行が{1}つあります。", "This person has {1} rows {0}."),
    fix: Text::new("1行だけ出力してください。", "Write one row only."),
    source: Source::Fixed("L UPSIKYU 9", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R27", "RW 18"],
    check: Check::File(&[FileKind::Upsikyu], check),
    examples: Examples {
        fails: &["total-row-twice", "subtotal-row-twice"],
        passes: &["K2", "K2/rich", "subtotals-of-two-offices"],
    },
};

fn check(cx: &mut FileCx<'_>) {
    let mut twice = Vec::new();
    for rows in cx.facts.benefits_by_key() {
        let mut said = Vec::new();
        for (at, row) in rows.iter().enumerate().filter(|(_, row)| !row.is_detail()) {
            let same = |other: &BenefitRow| table7::is_repeated(row, other);
            if rows[..at].iter().any(same) && !said.iter().any(same) {
                let count = rows.iter().filter(|other| same(other)).count();
                said.push(*row);
                twice.push((*row, count));
            }
        }
    }
    for of_person in twice.chunk_by(|(one, _), (next, _)| one.key == next.key) {
        let (row, count) = &of_person[0];
        let code = String::from_utf8_lossy(&row.code).into_owned();
        let draft = cx
            .report_at(&SUM_ROW_TWICE, row.at, Some(upsikyu::SERVICE_CODE))
            .arg(code)
            .arg(*count as i64);
        if of_person.len() > 1 {
            draft.hint(table7::more_of_person(of_person.len() - 1));
        }
    }
}
