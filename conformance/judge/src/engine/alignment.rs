//! Where the values of a record stand, when they do not stand in their own items.
//!
//! Looked at for records that have findings only, and for the first [`MOST`] of a file.

use std::collections::HashMap;

use careplan_spec::layout::{self, Layout};

use super::plan::{Column, Plan};
use crate::profile::Profile;
use crate::severity::Severity;

/// How many records of a file are looked at.
pub(crate) const MOST: u32 = 32;

/// Items are 0-based positions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Alignment {
    /// From an item on every value stands this many columns behind (negative: before) its own.
    Shifted {
        /// The first item that is certainly off.
        from: u8,
        /// How many columns.
        by: i8,
    },
    /// The values of two items stand in each other's place.
    Exchanged(u8, u8),
    /// The value of an item stands at another, and those between are off by one.
    Moved {
        /// The item.
        item: u8,
        /// Where its value stands.
        to: u8,
    },
}

/// Whether a value could stand in an item: no rule of its field that makes an error is broken.
fn fits(column: &Column, field: &careplan_spec::Field, value: &[u8]) -> bool {
    let checks = if value.is_empty() { &column.empty } else { &column.filled };
    checks.iter().all(|check| check.rule.severity < Severity::Error || (check.holds)(field, value))
}

/// How many values could not stand in their items.
pub(crate) fn misfits(plan: &Plan, values: &[&[u8]]) -> usize {
    let fields = plan.columns.iter().zip(plan.layout.fields);
    fields.zip(values).filter(|((column, field), value)| !fits(column, field, value)).count()
}

/// Which value could not stand in which item: rows are items, columns are values.
struct Misfits {
    wide: usize,
    bad: Vec<bool>,
}

impl Misfits {
    fn new(plan: &Plan, values: &[&[u8]]) -> Self {
        let wide = values.len();
        let fields = plan.columns.iter().zip(plan.layout.fields);
        let bad = fields
            .flat_map(|(column, field)| values.iter().map(move |value| !fits(column, field, value)))
            .collect();
        Self { wide, bad }
    }

    fn at(&self, item: usize, value: usize) -> usize {
        usize::from(self.bad[item * self.wide + value])
    }

    /// Sums over the items before each, when every value stands `by` columns behind its item.
    /// An item without a value counts nothing.
    fn sums(&self, items: usize, by: isize) -> Vec<usize> {
        let mut sums = vec![0; items + 1];
        for item in 0..items {
            let value = item.checked_add_signed(by).filter(|value| *value < self.wide);
            sums[item + 1] = sums[item] + value.map_or(0, |value| self.at(item, value));
        }
        sums
    }
}

/// Where the values of a record with the right number of columns stand; `None` where their own
/// place explains them as well as any.
pub(crate) fn of(plan: &Plan, values: &[&[u8]]) -> Option<Alignment> {
    let items = plan.columns.len();
    if values.len() != items {
        return None;
    }
    let misfits = Misfits::new(plan, values);
    let (own, behind, before) =
        (misfits.sums(items, 0), misfits.sums(items, 1), misfits.sums(items, -1));
    let all = own[items];
    if all < 2 {
        return None;
    }
    let mut best: Option<(usize, Alignment)> = None;
    let mut consider = |bad: usize, alignment: Alignment| {
        // A value of many finds a place that fits by chance: it must make up for that.
        let chance = usize::from(matches!(alignment, Alignment::Moved { .. }));
        if best.is_none_or(|(least, _)| bad + chance < least) {
            best = Some((bad, alignment));
        }
    };
    // Simple ones first: of equals the first is taken.
    for one in 0..items {
        for two in one + 1..items {
            let there = misfits.at(one, one) + misfits.at(two, two);
            if there == 2 {
                let exchanged = misfits.at(one, two) + misfits.at(two, one);
                consider(all - there + exchanged, Alignment::Exchanged(one as u8, two as u8));
            }
        }
    }
    // The latest item from which on all are off: before it everything is in place.
    for from in (0..items).rev() {
        for (by, sums) in [(1, &behind), (-1, &before)] {
            let bad = own[from] + sums[items] - sums[from];
            consider(bad, Alignment::Shifted { from: from as u8, by });
        }
    }
    for item in 0..items {
        for to in (0..items).filter(|to| to.abs_diff(item) > 1) {
            let moved = misfits.at(item, to);
            let (first, last) = (item.min(to), item.max(to));
            let between = if to < item {
                behind[item] - behind[to]
            } else {
                before[to + 1] - before[item + 1]
            };
            let outside = all - (own[last + 1] - own[first]);
            consider(
                outside + between + moved,
                Alignment::Moved { item: item as u8, to: to as u8 },
            );
        }
    }
    let (bad, alignment) = best?;
    (bad * 4 < all).then_some(alignment)
}

/// At which item a record has columns too many or too few, when all of them stand together.
pub(crate) fn block(plan: &Plan, values: &[&[u8]]) -> Option<u8> {
    let items = plan.columns.len();
    let by = values.len() as isize - items as isize;
    if by == 0 || by.unsigned_abs() > 8 || values.len() < 3 {
        return None;
    }
    let misfits = Misfits::new(plan, values);
    let (own, off) = (misfits.sums(items, 0), misfits.sums(items, by));
    // Of missing items nothing is said, as they have no value.
    let skipped = if by < 0 { by.unsigned_abs() } else { 0 };
    let at = (0..=items - skipped.min(items))
        .rev()
        .min_by_key(|&at| own[at] + off[items] - off[(at + skipped).min(items)])?;
    let bad = own[at] + off[items] - off[(at + skipped).min(items)];
    (bad * 10 <= items).then_some(at as u8)
}

/// Whether the values fit when the one behind an item is left out.
pub(crate) fn fits_without(plan: &Plan, values: &[&[u8]], item: usize) -> bool {
    let mut left = values.to_vec();
    left.remove(item + 1);
    left.len() == plan.columns.len() && misfits(plan, &left) == 0
}

/// Layouts of other tables and versions that records were compared with.
#[derive(Default)]
pub(crate) struct OtherLayouts(HashMap<usize, Vec<Plan>>);

impl OtherLayouts {
    /// The layout, other than `own`, whose items the values of a record fit.
    pub(crate) fn of(
        &mut self,
        own: &'static Layout,
        values: &[&[u8]],
        profile: &Profile,
    ) -> Option<&'static Layout> {
        let plans = self.0.entry(values.len()).or_insert_with(|| {
            let others = layout::all().filter(|other| other.columns() == values.len());
            others.map(|other| Plan::new(other, profile)).collect()
        });
        let others = plans.iter().filter(|plan| !std::ptr::eq(plan.layout, own));
        let best = others.min_by_key(|plan| misfits(plan, values))?;
        // CSVバージョン of the other version is a misfit by itself.
        let bad = misfits(best, values);
        (bad <= 1 + values.len() / 12).then_some(best.layout)
    }
}
