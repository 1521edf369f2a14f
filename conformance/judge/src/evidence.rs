//! What the engine counts of the findings of a file, so that a cause can be told from them.
//!
//! Nothing here is touched by a record without a finding.

use std::collections::HashMap;

use careplan_reader::{LineEnds, Preamble};
use careplan_spec::layout::Format;
use careplan_spec::{FileKind, StandardVersion};

use crate::engine::alignment::{Alignment, OtherLayouts};
use crate::finding::{Finding, RecordRef, Value};
use crate::rule::Rule;

/// What a broken value gives away about how it came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Digits that lost zeros in front.
    LostZeros,
    /// `4.78E+09`.
    Exponent,
    /// `11.4` for `11.40`.
    LostDecimals,
    /// `2026/6/1`.
    Date,
    /// `1,234`.
    Thousands,
    /// `="0123"`.
    Formula,
}

impl Shape {
    /// Of the value that a finding found.
    pub(crate) fn of(finding: &Finding) -> Option<Self> {
        let (Some(Value::Bytes { bytes, .. }), Some(field)) = (&finding.found, finding.field)
        else {
            return None;
        };
        let value = &**bytes;
        let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
        let has = |byte: u8| value.contains(&byte);
        let stage = finding.rule.code.as_bytes()[0];
        if value.starts_with(b"=") && matches!(stage, b'F' | b'S') {
            return Some(Self::Formula);
        }
        if stage != b'F' || digits == 0 {
            return None;
        }
        let is_all =
            |others: &[u8]| value.iter().all(|byte| byte.is_ascii_digit() || others.contains(byte));
        if has(b'E') && has(b'+') && is_all(b".E+") {
            return Some(Self::Exponent);
        }
        let is_date = matches!(
            field.format,
            Format::Date | Format::DateOrZeros | Format::Month | Format::MonthOrZeros
        );
        if is_date && has(b'/') && is_all(b"/") {
            return Some(Self::Date);
        }
        if matches!(field.format, Format::Integer | Format::Decimal) && has(b',') && is_all(b",.-")
        {
            return Some(Self::Thousands);
        }
        let whole = match field.format {
            Format::InsuredNumber | Format::OfficeNumber | Format::OfficeNumberOrNines => 10,
            Format::InsurerNumber | Format::ServiceCode | Format::ServiceCodeOrTotal => 6,
            Format::Time | Format::TimeOrNines => 4,
            Format::Code(list) => list.codes.first().map_or(0, |(code, _)| code.len()),
            Format::Decimal if is_all(b".") => return Some(Self::LostDecimals),
            _ => 0,
        };
        (is_all(b"") && value.len() < whole).then_some(Self::LostZeros)
    }
}

/// What was counted of a rule, or of a rule at one field.
#[derive(Debug, Clone)]
pub(crate) struct Tally {
    /// How many findings.
    pub(crate) count: u32,
    /// In how many records.
    pub(crate) records: u32,
    last: u32,
    /// The first of them, without what is only shown.
    pub(crate) first: Box<Finding>,
    /// How many found the same as the first.
    pub(crate) equal: u32,
}

impl Tally {
    /// The value that the first of them found.
    pub(crate) fn value(&self) -> &[u8] {
        value_of(&self.first)
    }
}

fn value_of(finding: &Finding) -> &[u8] {
    match &finding.found {
        Some(Value::Bytes { bytes, .. }) => bytes,
        Some(Value::Str(text)) => text.as_bytes(),
        _ => b"",
    }
}

/// What is known of the heading of a file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Heading {
    /// How many columns it has.
    pub(crate) columns: usize,
    /// Whether it counts the days of a month.
    pub(crate) days: bool,
}

/// Everything that causes are told from, beside the facts that rules look at.
#[derive(Default)]
pub(crate) struct Evidence {
    /// By rule and number of the field; 0 for all fields of the rule.
    tallies: HashMap<(&'static str, u8), Tally>,
    shapes: [u32; 6],
    /// Records that went by until now.
    pub(crate) records: u32,
    /// A line that a program wrote about the file.
    pub(crate) preamble: Option<(Preamble, RecordRef)>,
    /// The heading.
    pub(crate) heading: Option<Heading>,
    /// How many records have which wrong number of columns; at most 16 numbers.
    pub(crate) columns: Vec<(usize, u32)>,
    /// How the lines end, at the end of the file.
    pub(crate) line_ends: LineEnds,
    /// How many records with findings were looked at for where their values stand.
    pub(crate) looked: u32,
    /// Where they stand, and in how many of the records.
    pub(crate) alignments: Vec<(Alignment, u32)>,
    /// At which item those with another number of columns have too many or too few.
    pub(crate) blocks: Vec<(u8, u32)>,
    /// Layouts that the records fit better than their own.
    pub(crate) layouts: Vec<((FileKind, StandardVersion), u32)>,
    /// How many of the records have a cell for each day of a month.
    pub(crate) day_grids: u32,
    /// How many have a number that a thousands separator made two columns of.
    pub(crate) split_numbers: u32,
    pub(crate) others: OtherLayouts,
}

/// Adds one to what is counted for a thing; at most 16 things are told apart.
pub(crate) fn count<T: PartialEq>(counts: &mut Vec<(T, u32)>, thing: T) {
    match counts.iter_mut().find(|(known, _)| *known == thing) {
        Some((_, count)) => *count += 1,
        None => {
            if counts.len() < 16 {
                counts.push((thing, 1));
            }
        }
    }
}

impl Evidence {
    /// Counts a finding.
    pub(crate) fn note(&mut self, finding: &Finding) {
        if let Some(shape) = Shape::of(finding) {
            self.shapes[shape as usize] += 1;
        }
        self.records = self.records.max(finding.at.record);
        let code = finding.rule.code;
        for field in [0, finding.field.map_or(0, |field| field.no)] {
            let tally = self.tallies.entry((code, field)).or_insert_with(|| Tally {
                count: 0,
                records: 0,
                last: 0,
                first: Box::new(Finding { excerpt: None, ..finding.clone() }),
                equal: 0,
            });
            tally.count += 1;
            tally.records += u32::from(tally.last != finding.at.record);
            tally.last = finding.at.record;
            tally.equal += u32::from(value_of(finding) == tally.value());
            if finding.field.is_none() {
                break;
            }
        }
    }

    /// How many findings show a shape.
    pub(crate) const fn shape(&self, shape: Shape) -> u32 {
        self.shapes[shape as usize]
    }

    /// What was counted of a rule; of one field if it is named.
    pub(crate) fn tally(&self, rule: &Rule, field: Option<u8>) -> Option<&Tally> {
        self.tallies.get(&(rule.code, field.unwrap_or(0)))
    }

    /// How many findings of a rule there are.
    pub(crate) fn count(&self, rule: &Rule) -> u32 {
        self.tally(rule, None).map_or(0, |tally| tally.count)
    }

    /// Every rule with what was counted of it, in the order of the codes.
    pub(crate) fn rules(&self) -> Vec<&Tally> {
        let of_rules = self.tallies.iter().filter(|((_, field), _)| *field == 0);
        let mut all: Vec<&Tally> = of_rules.map(|(_, tally)| tally).collect();
        all.sort_by_key(|tally| tally.first.rule.code);
        all
    }

    /// The numbers of the fields at which a rule found something, in their order.
    pub(crate) fn fields(&self, rule: &Rule) -> Vec<u8> {
        let of_rule = self.tallies.keys().filter(|(code, no)| *code == rule.code && *no > 0);
        let mut fields: Vec<u8> = of_rule.map(|(_, no)| *no).collect();
        fields.sort_unstable();
        fields
    }

    /// Whether something was found in (nearly) every record, and often enough to be a cause.
    pub(crate) fn is_everywhere(&self, tally: &Tally) -> bool {
        tally.records >= FEW && tally.records * 10 >= self.records * 9
    }

    /// The same of a value.
    pub(crate) fn is_same_everywhere(&self, tally: &Tally) -> bool {
        self.is_everywhere(tally) && tally.equal * 10 >= tally.count * 9
    }

    /// The wrong number of columns that (nearly) every record has.
    pub(crate) fn wrong_columns(&self) -> Option<usize> {
        let (columns, records) = self.columns.iter().max_by_key(|(_, records)| *records)?;
        (*records * 10 >= self.records * 9).then_some(*columns)
    }

    /// Whether a thing holds for most of the records that were looked at.
    pub(crate) const fn is_most(&self, votes: u32) -> bool {
        votes > 0 && votes * 4 >= self.looked * 3
    }
}

/// From how many findings on a cause is said; fewer say it well enough themselves.
pub(crate) const FEW: u32 = 4;

/// Whether cells are a heading that counts the days of a month, or the marks below it.
pub(crate) fn day_grid<'v>(cells: impl Iterator<Item = &'v [u8]>) -> (bool, bool) {
    let (mut days, mut most_days, mut marks, mut most_marks, mut filled) = (0_u32, 0, 0_u32, 0, 0);
    for cell in cells {
        let cell = cell.trim_ascii();
        let digits = cell.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (number, rest) = cell.split_at(digits);
        // 日 is 93 FA.
        let is_day = digits < 3 && (rest.is_empty() || rest.starts_with(b"\x93\xFA"));
        let number = std::str::from_utf8(number).ok().filter(|_| is_day);
        let number = number.and_then(|number| number.parse::<u32>().ok());
        days = if number == Some(days + 1) { days + 1 } else { u32::from(number == Some(1)) };
        most_days = most_days.max(days);
        (marks, filled) = match cell.len() {
            0 => (marks + 1, filled),
            1 | 2 => (marks + 1, filled + 1),
            _ => (0, 0),
        };
        most_marks = if filled > 0 { most_marks.max(marks) } else { most_marks };
    }
    (most_days >= 28, most_marks >= 28)
}

/// Whether two columns at an item could be one number with a thousands separator between.
pub(crate) fn is_split_number(format: Format, values: &[&[u8]], at: usize) -> bool {
    let is_digits = |value: &[u8]| value.iter().all(u8::is_ascii_digit);
    let (Some(first), Some(second)) = (values.get(at), values.get(at + 1)) else { return false };
    let first = first.strip_prefix(b"-").unwrap_or(first);
    matches!(format, Format::Integer | Format::Decimal)
        && (1..=3).contains(&first.len())
        && is_digits(first)
        && second.len() == 3
        && is_digits(second)
}
