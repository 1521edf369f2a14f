//! Numbers that order and group records (課題NO, 援助目標NO …): only their structure is compared.

use std::collections::BTreeMap;

use careplan_spec::layout::FieldId;

use super::matching::{Sides, ordinal};

/// A number whose record no longer stands where it stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moved {
    /// Index into the pairs.
    pub(super) pair: usize,
    /// The number that shows it.
    pub(super) number: FieldId,
}

/// The numbers of a record, outermost first.
type Numbers = Vec<(u32, String)>;

/// The numbers that the records of a group share.
type Group<'n> = &'n [(u32, String)];

/// The pairs whose place in the hierarchy has changed: in another group, in a group with others, or
/// in another order.
pub(super) fn moved(sides: &Sides<'_>, pairs: &[(usize, usize)]) -> Vec<Moved> {
    let levels = sides.identity.levels;
    if levels.is_empty() {
        return Vec::new();
    }
    // By parent and unit, so that numbers of several plans do not mix.
    let mut plans: BTreeMap<(u64, [u8; 14]), Vec<usize>> = BTreeMap::new();
    for (at, &(given, _)) in pairs.iter().enumerate() {
        let item = &sides.given[given];
        plans.entry((item.parent(), item.sequence)).or_default().push(at);
    }
    let mut all = Vec::new();
    for plan in plans.values() {
        let numbers: Vec<(Numbers, Numbers)> = plan
            .iter()
            .map(|&pair| {
                let (given, returned) = pairs[pair];
                let of =
                    |record| levels.iter().map(|level| ordinal(record, level.number)).collect();
                (of(sides.given[given].record), of(sides.returned[returned].record))
            })
            .collect();
        let mut found: Vec<Option<usize>> = vec![None; plan.len()];
        for depth in 0..levels.len() {
            regrouped(&numbers, depth, &mut found);
        }
        reordered(&numbers, &mut found);
        all.extend(found.into_iter().enumerate().filter_map(|(at, depth)| {
            Some(Moved { pair: plan[at], number: levels[depth?].number })
        }));
    }
    all.sort_unstable();
    all
}

/// Marks records that are not with those they were with, at a depth.
fn regrouped(numbers: &[(Numbers, Numbers)], depth: usize, found: &mut [Option<usize>]) {
    let settled: Vec<usize> = (0..numbers.len()).filter(|&at| found[at].is_none()).collect();
    let given = |at: usize| &numbers[at].0[..=depth];
    let returned = |at: usize| &numbers[at].1[..=depth];
    // The group that most of a group went to, and where most of a group came from; the first of
    // several that are as large.
    let forth = most(settled.iter().map(|&at| (given(at), returned(at))));
    let back = most(settled.iter().map(|&at| (returned(at), given(at))));
    for at in settled {
        if forth.get(given(at)) != Some(&returned(at)) || back.get(returned(at)) != Some(&given(at))
        {
            found[at] = Some(depth);
        }
    }
}

fn most<'n>(pairs: impl Iterator<Item = (Group<'n>, Group<'n>)>) -> BTreeMap<Group<'n>, Group<'n>> {
    let mut counts: BTreeMap<_, BTreeMap<_, usize>> = BTreeMap::new();
    for (from, to) in pairs {
        *counts.entry(from).or_default().entry(to).or_default() += 1;
    }
    counts
        .into_iter()
        .filter_map(|(from, counts)| {
            let (to, _) =
                counts.into_iter().rev().max_by_key(|(to, count)| (*count, *to == from))?;
            Some((from, to))
        })
        .collect()
}

/// Marks the fewest records without which the order is the same.
fn reordered(numbers: &[(Numbers, Numbers)], found: &mut [Option<usize>]) {
    let mut order: Vec<usize> = (0..numbers.len()).filter(|&at| found[at].is_none()).collect();
    // Where the given numbers do not order, neither order is wrong.
    order.sort_by(|&a, &b| numbers[a].cmp(&numbers[b]));
    let kept = longest_rise(&order, |at| &numbers[at].1, |at| numbers[at].0 == numbers[at].1);
    let mut before: Option<usize> = None;
    for (place, &at) in order.iter().enumerate() {
        if kept[place] {
            before = Some(at);
            continue;
        }
        let after = || order[place..].iter().zip(&kept[place..]).find(|(_, kept)| **kept);
        let neighbour = before
            .filter(|&before| numbers[before].1 > numbers[at].1)
            .or_else(|| after().map(|(after, _)| *after));
        let depth = neighbour.and_then(|other| {
            numbers[other].1.iter().zip(&numbers[at].1).position(|(a, b)| a != b)
        });
        found[at] = Some(depth.unwrap_or(0));
    }
}

/// Which places of `order` make a longest run that never falls; of several, one that keeps most of
/// the numbers that did not change.
fn longest_rise<'n>(
    order: &[usize],
    key: impl Fn(usize) -> &'n Numbers,
    is_unchanged: impl Fn(usize) -> bool,
) -> Vec<bool> {
    // For every end, the best run so far: how many, how many unchanged, the last place. A later
    // end is kept only where it is better than all before it.
    let mut best: BTreeMap<&Numbers, ((usize, usize), usize)> = BTreeMap::new();
    let mut before: Vec<Option<usize>> = vec![None; order.len()];
    for (place, &at) in order.iter().enumerate() {
        let shorter = best.range::<&Numbers, _>(..=key(at)).next_back().map(|(_, run)| *run);
        before[place] = shorter.map(|(_, last)| last);
        let (all, unchanged) = shorter.map_or((0, 0), |(weight, _)| weight);
        let weight = (all + 1, unchanged + usize::from(is_unchanged(at)));
        while let Some((end, (later, _))) = best.range::<&Numbers, _>(key(at)..).next() {
            if *later > weight {
                break;
            }
            let end = *end;
            best.remove(end);
        }
        best.insert(key(at), (weight, place));
    }
    let mut kept = vec![false; order.len()];
    let mut place = best.last_key_value().map(|(_, (_, last))| *last);
    while let Some(at) = place {
        kept[at] = true;
        place = before[at];
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(given: &[[u32; 2]], returned: &[[u32; 2]]) -> Vec<(Numbers, Numbers)> {
        let of = |numbers: &[u32; 2]| numbers.iter().map(|no| (*no, String::new())).collect();
        given.iter().zip(returned).map(|(given, returned)| (of(given), of(returned))).collect()
    }

    fn marks(given: &[[u32; 2]], returned: &[[u32; 2]]) -> Vec<Option<usize>> {
        let numbers = numbers(given, returned);
        let mut found = vec![None; given.len()];
        regrouped(&numbers, 0, &mut found);
        regrouped(&numbers, 1, &mut found);
        reordered(&numbers, &mut found);
        found
    }

    #[test]
    fn numbers_given_anew_with_the_same_structure_are_the_same() {
        let given = [[1, 1], [1, 2], [2, 1], [5, 1]];
        assert_eq!(marks(&given, &[[2, 3], [2, 7], [4, 1], [5, 5]]), [None; 4]);
        assert_eq!(marks(&given, &given), [None; 4]);
    }

    #[test]
    fn a_record_that_changes_its_group_or_its_place_is_found() {
        let given = [[1, 1], [1, 2], [2, 1], [3, 1]];
        let joined = marks(&given, &[[1, 1], [2, 2], [2, 1], [3, 1]]);
        assert_eq!(joined, [None, Some(0), None, None]);
        let last_first = marks(&given, &[[2, 1], [2, 2], [3, 1], [1, 1]]);
        assert_eq!(last_first, [None, None, None, Some(0)]);
        let doubled = marks(&given, &[[1, 1], [1, 1], [2, 1], [3, 1]]);
        assert_eq!(doubled.iter().flatten().count(), 1);
    }

    #[test]
    fn the_number_that_was_changed_is_the_one_that_moved() {
        let moved = marks(&[[1, 1], [2, 1]], &[[3, 1], [2, 1]]);
        assert_eq!(moved, [Some(0), None]);
        let moved = marks(&[[1, 1], [2, 1]], &[[1, 1], [0, 1]]);
        assert_eq!(moved, [None, Some(0)]);
    }

    #[test]
    fn numbers_that_were_the_same_may_stay_so_in_any_order() {
        let given = [[1, 1], [1, 1], [1, 2]];
        assert_eq!(marks(&given, &[[1, 1], [1, 1], [1, 2]]), [None; 3]);
    }
}
