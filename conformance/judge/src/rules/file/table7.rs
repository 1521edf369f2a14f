//! What rules about the money of table 7 share: which rows add up to which, and one finding a
//! person and month.

use crate::facts::{Amount, BenefitRow, Counting};
use crate::rules::prelude::*;

/// The amounts of which a total is the sum of the rows.
pub(crate) const SUMMED: [Amount; 9] = [
    Amount::Managed,
    Amount::OverKindLimit,
    Amount::WithinKindLimit,
    Amount::OverLimit,
    Amount::WithinLimit,
    Amount::Cost,
    Amount::Claim,
    Amount::Copay,
    Amount::FullCopay,
];

/// An amount that does not follow from others.
pub(crate) struct Wrong {
    /// The row.
    pub(crate) row: BenefitRow,
    /// The item.
    pub(crate) amount: Amount,
    /// What would follow.
    pub(crate) expected: i64,
    /// From what.
    pub(crate) how: Text<String>,
}

/// Reports the first of each person and month, and how many more there are.
pub(crate) fn report(cx: &mut FileCx<'_>, rule: &'static Rule, wrong: Vec<Wrong>) {
    for of_person in wrong.chunk_by(|one, next| one.row.key == next.row.key) {
        let Wrong { row, amount, expected, how } = &of_person[0];
        let found = row.amount(*amount).map(|found| found.to_string());
        let draft = cx
            .report_at(rule, row.at, Some(amount.field()))
            .found(found.unwrap_or_default())
            .expected(expected.to_string())
            .arg(how.clone());
        let more = of_person.len() - 1;
        if more > 0 {
            draft.hint(more_of_person(more));
        }
    }
}

/// That a person has more of what a finding is about.
pub(crate) fn more_of_person(more: usize) -> Text<String> {
    Text::made(
        format!("この利用者・年月には、ほかに{more}件あります。"),
        format!("This person and month has {more} more of them."),
    )
}

/// What the total row of a person may hold: the sum of the rows of a kind where they say the
/// amount, of its subtotals where they do not. The form of table 7 puts the money of a kind with
/// several codes on its subtotal row. Which rows a subtotal stands for is not always plain, so
/// there are several answers, the plainest first; `None` where no row says the amount.
pub(crate) fn totals_of(rows: &[BenefitRow], amount: Amount) -> Option<[i64; 3]> {
    let parts: Vec<&BenefitRow> = rows.iter().filter(|row| !row.is_total()).collect();
    if parts.iter().all(|row| row.amount(amount).is_none()) {
        return None;
    }
    let sum = |same: &dyn Fn(&BenefitRow, &BenefitRow) -> bool| {
        let mut total = 0;
        for (at, row) in parts.iter().enumerate() {
            if parts[..at].iter().any(|earlier| same(earlier, row)) {
                continue;
            }
            let mut details = None;
            let mut subtotals = 0;
            for (other_at, other) in parts.iter().enumerate().filter(|(_, other)| same(row, other))
            {
                let Some(value) = other.amount(amount) else { continue };
                if other.is_detail() {
                    *details.get_or_insert(0) += value;
                } else if !parts[..other_at].iter().any(|earlier| is_repeated(earlier, other)) {
                    subtotals += value;
                }
            }
            total += details.unwrap_or(subtotals);
        }
        total
    };
    let of_kind = |one: &BenefitRow, other: &BenefitRow| {
        one.office == other.office && one.service_kind() == other.service_kind()
    };
    Some([
        sum(&|one, other| of_kind(one, other) && one.counting() == other.counting()),
        sum(&of_kind),
        sum(&|one, other| one.service_kind() == other.service_kind()),
    ])
}

/// Whether a subtotal or total row stands there a second time.
pub(crate) fn is_repeated(one: &BenefitRow, other: &BenefitRow) -> bool {
    one.key == other.key
        && one.code == other.code
        && one.office == other.office
        && one.satellite == other.satellite
        && one.over_30_days == other.over_30_days
}

/// What a subtotal may hold: the sum of the rows it may stand for, of those answers for which every
/// row says the amount. The plainest first, with the number of rows.
pub(crate) fn subtotals_of(
    rows: &[BenefitRow],
    subtotal: &BenefitRow,
    amount: Amount,
) -> Vec<(i64, i64)> {
    let of_kind =
        |row: &&BenefitRow| row.is_detail() && row.service_kind() == subtotal.service_kind();
    let of_office = |row: &&BenefitRow| row.office == subtotal.office;
    let counted = |row: &&BenefitRow| row.counting() == subtotal.counting();
    let within_30 = |row: &&BenefitRow| row.counting() != Counting::Over30Days;
    let of_satellite = |row: &&BenefitRow| row.satellite == subtotal.satellite;
    let add = |rows: &mut dyn Iterator<Item = &BenefitRow>| {
        let (mut sum, mut count) = (0, 0);
        for row in rows {
            sum += row.amount(amount)?;
            count += 1;
        }
        (count > 0).then_some((sum, count))
    };
    let details = || rows.iter().filter(of_kind);
    let mut answers = vec![
        add(&mut details().filter(of_office).filter(counted)),
        add(&mut details().filter(of_office).filter(counted).filter(of_satellite)),
        add(&mut details().filter(counted)),
    ];
    if subtotal.counting() == Counting::Managed {
        answers.push(add(&mut details().filter(of_office).filter(within_30)));
    }
    answers.into_iter().flatten().collect()
}

/// The sum of units times count of the rows a subtotal stands for.
pub(crate) fn product_of(rows: &[BenefitRow], subtotal: &BenefitRow) -> Option<i64> {
    rows.iter()
        .filter(|row| row.is_detail() && row.office == subtotal.office)
        .filter(|row| row.service_kind() == subtotal.service_kind())
        .filter(|row| row.counting() == subtotal.counting())
        .map(|row| {
            let units = row.amount(Amount::DiscountedUnits).or(row.amount(Amount::Units))?;
            Some(units * row.amount(Amount::Count)?)
        })
        .sum()
}
