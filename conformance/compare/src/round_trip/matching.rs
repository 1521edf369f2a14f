//! Finds for every given record the returned one.
//!
//! Every stage joins records by one hash, in order, so the time grows with n log n: the same in
//! everything; the same but for one field; the same in what tells records apart; most alike. A
//! hash that is equal by accident, or on purpose, does no harm: pairs are compared field by field
//! afterwards.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use careplan_reader::KeptRecord;
use careplan_spec::layout::{Field, FieldId, Layout};
use careplan_spec::{FileKind, Fingerprint, StandardVersion};

use super::identity::{self, Identity};
use super::treatment;
use super::value::{loose, recognisable};

/// How many pairs of one parent are weighed against each other; where there are more, the rest is
/// joined in order.
const MOST_WEIGHED: usize = 4096;

/// A record with what it is recognised by.
pub(super) struct Item<'a> {
    pub(super) record: &'a KeptRecord,
    /// The sequence of its file; zeros where its name has none.
    pub(super) sequence: [u8; 14],
    /// Hash of every 4.1 field; 0 for fields that are not compared.
    fields: Vec<u64>,
    /// Sum of `fields`.
    total: u64,
    /// The parent keys, without what is lost most often.
    parent: u64,
    /// 0 for the latest unit about the parent, 1 for the one before …
    edition: u32,
    /// For texts that stand in the first record of a number alone: the item that has it.
    inherited: BTreeMap<u8, usize>,
}

/// The two sides of one kind of file.
pub(super) struct Sides<'a> {
    pub(super) identity: &'static Identity,
    /// The 4.1 layout.
    pub(super) layout: &'static Layout,
    pub(super) given: Vec<Item<'a>>,
    pub(super) returned: Vec<Item<'a>>,
}

/// Which records belong together, by their places in the two lists.
#[derive(Debug, Default)]
pub(super) struct Pairing {
    /// In the order of the given records.
    pub(super) pairs: Vec<(usize, usize)>,
    /// Given records that a later unit replaces and that did not come back.
    pub(super) superseded: Vec<usize>,
    /// Given records that did not come back.
    pub(super) lost: Vec<usize>,
    /// Returned records that were not given.
    pub(super) added: Vec<usize>,
}

fn hash(parts: &[u64]) -> u64 {
    let mut hash = Fingerprint::new();
    for part in parts {
        hash.add(&part.to_le_bytes());
    }
    // Sums of hashes must not cancel, so the bits are spread.
    let mixed = (hash.value() ^ hash.value() >> 33).wrapping_mul(0xFF51_AFD7_ED55_8CCD);
    mixed ^ mixed >> 33
}

/// The number a hierarchy sorts by; what is no number comes last.
pub(super) fn ordinal(record: &KeptRecord, id: FieldId) -> (u32, String) {
    let text = record.canonical(id);
    let number = text.trim().parse().unwrap_or(u32::MAX);
    (number, if number == u32::MAX { text.into_owned() } else { String::new() })
}

impl<'a> Sides<'a> {
    /// Sets up a kind; `None` for the image.
    pub(super) fn new(
        kind: FileKind,
        given: Vec<(&'a KeptRecord, [u8; 14])>,
        returned: Vec<(&'a KeptRecord, [u8; 14])>,
    ) -> Option<Self> {
        let identity = identity::of(kind)?;
        let layout = kind.layout(StandardVersion::V4_1)?;
        let mut sides = Self {
            identity,
            layout,
            given: items(identity, layout, given),
            returned: items(identity, layout, returned),
        };
        sides.number_editions();
        Some(sides)
    }

    /// The fields of the layout with their names.
    pub(super) fn fields(&self) -> impl Iterator<Item = (FieldId, &'static Field)> + use<> {
        fields(self.layout)
    }

    fn number_editions(&mut self) {
        for items in [&mut self.given, &mut self.returned] {
            let mut sequences: BTreeMap<u64, BTreeSet<[u8; 14]>> = BTreeMap::new();
            for item in items.iter() {
                sequences.entry(item.parent).or_default().insert(item.sequence);
            }
            for item in items.iter_mut() {
                let later = sequences[&item.parent].range(item.sequence..).count() - 1;
                item.edition = u32::try_from(later).unwrap_or(u32::MAX);
            }
        }
    }

    /// Joins the records.
    pub(super) fn pair(&self) -> Pairing {
        let superseded = self.superseded();
        let mut open = Open {
            sides: self,
            given: vec![None; self.given.len()],
            taken: vec![false; self.returned.len()],
            left: (self.given.len() - superseded.len(), self.returned.len()),
            superseded: &superseded,
        };
        let slot = |item: &Item<'_>| hash(&[item.parent, u64::from(item.edition)]);
        let numbers: Vec<FieldId> = self.identity.levels.iter().map(|level| level.number).collect();
        if !numbers.is_empty() {
            open.join(|item| Some(hash(&[slot(item), item.total, item.of(&numbers)])));
        }
        open.join(|item| Some(hash(&[slot(item), item.total])));
        let order = self.fields_by_weight();
        for &at in &order {
            open.join(|item| {
                let rest = item.total.wrapping_sub(item.fields[at]);
                (item.fields[at] != 0).then(|| hash(&[slot(item), at as u64, rest]))
            });
        }
        // A record under another number or parent inherits other texts, so those are left out.
        let repeated: Vec<FieldId> = self.identity.repeated().collect();
        let bare = |item: &Item<'_>| item.total.wrapping_sub(item.of(&repeated));
        if !repeated.is_empty() {
            open.join(|item| Some(hash(&[slot(item), bare(item)])));
        }
        for own in self.identity.own {
            open.join(|item| Some(hash(&[slot(item), item.of(own)])));
        }
        open.weigh(&slot);
        // Another edition, another parent.
        open.join(|item| Some(item.total));
        for &at in &order {
            open.join(|item| {
                let rest = item.total.wrapping_sub(item.fields[at]);
                (item.fields[at] != 0).then(|| hash(&[at as u64, rest]))
            });
        }
        if !repeated.is_empty() {
            for &at in &order {
                open.join(|item| {
                    let rest = bare(item).wrapping_sub(item.fields[at]);
                    (item.fields[at] != 0).then(|| hash(&[at as u64, rest]))
                });
            }
        }
        // Another person, and values of the product's own beside.
        let loose = self.person_and_treated();
        if self.identity.own.iter().any(|own| !own.is_empty()) {
            open.join(|item| Some(item.total.wrapping_sub(item.of(&loose))));
        }
        for own in self.identity.own {
            open.join(|item| (!own.is_empty()).then(|| hash(&[item.parent, item.of(own)])));
        }
        let person = &self.identity.parent[..2];
        for own in self.identity.own {
            open.join(|item| Some(hash(&[item.of(person), item.of(own)])));
        }
        open.finish()
    }

    /// Given records that a later unit replaces. Where as many units came back as were given, each
    /// stands for itself.
    fn superseded(&self) -> BTreeSet<usize> {
        let mut editions: BTreeMap<u64, u32> = BTreeMap::new();
        for item in &self.returned {
            let known = editions.entry(item.parent).or_default();
            *known = (*known).max(item.edition + 1);
        }
        let is_superseded = |item: &Item<'_>| {
            item.edition >= editions.get(&item.parent).copied().unwrap_or(0).max(1)
        };
        (0..self.given.len()).filter(|&at| is_superseded(&self.given[at])).collect()
    }

    /// 0-based fields: values first, then what tells records apart, then the parent keys.
    fn fields_by_weight(&self) -> Vec<usize> {
        let own: BTreeSet<FieldId> = self.identity.own.iter().copied().flatten().copied().collect();
        let weight = |id: FieldId| match () {
            () if self.identity.parent.contains(&id) => 2,
            () if own.contains(&id) => 1,
            () => 0,
        };
        let mut order: Vec<(u8, usize)> = self
            .fields()
            .filter(|(id, field)| is_compared(self.identity, *id, field))
            .map(|(id, _)| (weight(id), usize::from(id.index)))
            .collect();
        order.sort_unstable();
        order.into_iter().map(|(_, at)| at).collect()
    }

    /// Whose record it is, and what a product may put there by itself.
    fn person_and_treated(&self) -> Vec<FieldId> {
        let is_compared = |id, field| is_compared(self.identity, id, field);
        let person = &self.identity.parent[..2];
        self.fields()
            .filter(|(id, field)| is_compared(*id, field))
            .filter(|(id, field)| person.contains(id) || treatment::of(*id, field).is_some())
            .map(|(id, _)| id)
            .collect()
    }

    /// The values of a field that holds for a record: its own, or the one it inherits.
    pub(super) fn effective<'s>(items: &'s [Item<'a>], at: usize, id: FieldId) -> &'s KeptRecord {
        match items[at].inherited.get(&id.index) {
            Some(&source) => items[source].record,
            None => items[at].record,
        }
    }

    /// Whether the value of `returned` is one that an older, replaced record of the same parent
    /// had.
    pub(super) fn outdated(&self, superseded: &[usize]) -> BTreeSet<(u64, u8, u64)> {
        let mut old = BTreeSet::new();
        for &at in superseded {
            let item = &self.given[at];
            for (field, &value) in item.fields.iter().enumerate() {
                old.insert((item.parent, field as u8, value));
            }
        }
        old
    }

    /// What to look for in [`Sides::outdated`].
    pub(super) fn trace(&self, given: usize, returned: usize, id: FieldId) -> (u64, u8, u64) {
        let value = self.returned[returned].fields[usize::from(id.index)];
        (self.given[given].parent, id.index, value)
    }

    /// Whether a returned record is about a parent that was given.
    pub(super) fn known_parents(&self) -> BTreeSet<u64> {
        self.given.iter().map(|item| item.parent).collect()
    }

    /// Whether a record that was given says the same in everything.
    pub(super) fn totals(&self) -> BTreeSet<u64> {
        self.given.iter().map(|item| item.total).collect()
    }
}

impl Item<'_> {
    /// The parent keys, without what is lost most often.
    pub(super) const fn parent(&self) -> u64 {
        self.parent
    }

    /// Everything that is compared.
    pub(super) const fn total(&self) -> u64 {
        self.total
    }

    fn of(&self, ids: &[FieldId]) -> u64 {
        ids.iter().fold(0, |sum, id| {
            // Numbers of a hierarchy have no hash of their own.
            let own = match self.fields[usize::from(id.index)] {
                0 => hash(&[
                    u64::from(id.index),
                    Fingerprint::of(self.record.canonical(*id).as_bytes()),
                ]),
                own => own,
            };
            sum.wrapping_add(own)
        })
    }
}

fn fields(layout: &'static Layout) -> impl Iterator<Item = (FieldId, &'static Field)> {
    let ids = (0_u8..).map(|index| FieldId { kind: layout.kind, index });
    ids.zip(layout.fields)
}

/// Whether a difference in the field can be more than free.
fn is_compared(identity: &Identity, id: FieldId, field: &Field) -> bool {
    let is_number = identity.levels.iter().any(|level| level.number == id);
    let is_free = treatment::of(id, field).is_some_and(|own| own.grade == super::Grade::Free);
    !is_number && !is_free
}

fn items<'a>(
    identity: &'static Identity,
    layout: &'static Layout,
    records: Vec<(&'a KeptRecord, [u8; 14])>,
) -> Vec<Item<'a>> {
    let mut items: Vec<Item<'a>> = records
        .into_iter()
        .map(|(record, sequence)| {
            let parent: Vec<u64> = identity
                .parent
                .iter()
                .map(|&id| Fingerprint::of(loose(&record.canonical(id)).as_bytes()))
                .collect();
            Item {
                record,
                sequence,
                fields: Vec::new(),
                total: 0,
                parent: hash(&parent),
                edition: 0,
                inherited: BTreeMap::new(),
            }
        })
        .collect();
    if !identity.levels.is_empty() {
        // Of records with the same content, the first by number is the first.
        items.sort_by_cached_key(|item| numbers_of(identity, item.record));
        inherit(identity, &mut items);
    }
    let compared: Vec<(FieldId, &Field)> =
        fields(layout).filter(|(id, field)| is_compared(identity, *id, field)).collect();
    for at in 0..items.len() {
        let mut hashes = vec![0; layout.columns()];
        for &(id, field) in &compared {
            let text = Sides::effective(&items, at, id).canonical(id);
            let text = recognisable(field, text);
            // Never 0, which stands for a field that is not compared.
            hashes[usize::from(id.index)] =
                hash(&[u64::from(id.index), Fingerprint::of(text.as_bytes())]) | 1;
        }
        items[at].total = hashes.iter().fold(0, |sum, hash| sum.wrapping_add(*hash));
        items[at].fields = hashes;
    }
    items
}

/// The numbers of a record, outermost first.
fn numbers_of(identity: &Identity, record: &KeptRecord) -> Vec<(u32, String)> {
    identity.levels.iter().map(|level| ordinal(record, level.number)).collect()
}

/// Finds the record that has the text which later records of the same number leave out.
fn inherit(identity: &Identity, items: &mut [Item<'_>]) {
    let mut order: Vec<usize> = (0..items.len()).collect();
    let keys: Vec<Vec<(u32, String)>> =
        items.iter().map(|item| numbers_of(identity, item.record)).collect();
    order.sort_by(|&a, &b| {
        let of = |at: usize| (items[at].parent, items[at].sequence, &keys[at]);
        of(a).cmp(&of(b)).then(a.cmp(&b))
    });
    // By field: the numbers down to its level, and who said the text last.
    let mut last: BTreeMap<u8, (usize, usize)> = BTreeMap::new();
    for &at in &order {
        for (depth, level) in identity.levels.iter().enumerate() {
            for id in level.repeated {
                if !items[at].record.bytes(*id).is_empty() {
                    last.insert(id.index, (at, depth));
                    continue;
                }
                let source = last.get(&id.index).copied().filter(|&(source, depth)| {
                    items[source].parent == items[at].parent
                        && items[source].sequence == items[at].sequence
                        && keys[source][..=depth] == keys[at][..=depth]
                });
                if let Some((source, _)) = source {
                    items[at].inherited.insert(id.index, source);
                }
            }
        }
    }
}

/// What has not been joined yet.
struct Open<'s, 'a> {
    sides: &'s Sides<'a>,
    /// The partner of every given record.
    given: Vec<Option<usize>>,
    taken: Vec<bool>,
    /// How many are open on each side.
    left: (usize, usize),
    /// Given records that take no part.
    superseded: &'s BTreeSet<usize>,
}

impl<'a> Open<'_, 'a> {
    /// Joins open records with equal keys, in order.
    fn join(&mut self, key: impl Fn(&Item<'a>) -> Option<u64>) {
        if self.left.0 == 0 || self.left.1 == 0 {
            return;
        }
        let mut waiting: BTreeMap<u64, VecDeque<usize>> = BTreeMap::new();
        for (at, item) in self.sides.returned.iter().enumerate() {
            if !self.taken[at]
                && let Some(key) = key(item)
            {
                waiting.entry(key).or_default().push_back(at);
            }
        }
        for at in 0..self.given.len() {
            if self.is_open(at)
                && let Some(key) = key(&self.sides.given[at])
                && let Some(partner) = waiting.get_mut(&key).and_then(VecDeque::pop_front)
            {
                self.take(at, partner);
            }
        }
    }

    fn is_open(&self, given: usize) -> bool {
        self.given[given].is_none() && !self.superseded.contains(&given)
    }

    fn take(&mut self, given: usize, returned: usize) {
        self.given[given] = Some(returned);
        self.taken[returned] = true;
        self.left = (self.left.0 - 1, self.left.1 - 1);
    }

    /// Joins what is most alike within a parent, if at least half of what is filled is the same.
    fn weigh(&mut self, slot: &impl Fn(&Item<'a>) -> u64) {
        if self.left.0 == 0 || self.left.1 == 0 {
            return;
        }
        let mut slots: BTreeMap<u64, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        for at in 0..self.given.len() {
            if self.is_open(at) {
                slots.entry(slot(&self.sides.given[at])).or_default().0.push(at);
            }
        }
        for (at, taken) in self.taken.iter().enumerate() {
            if !taken && let Some(entry) = slots.get_mut(&slot(&self.sides.returned[at])) {
                entry.1.push(at);
            }
        }
        for (given, returned) in slots.into_values() {
            if returned.is_empty() || given.len().saturating_mul(returned.len()) > MOST_WEIGHED {
                continue;
            }
            let mut weights: Vec<(usize, usize, usize)> = Vec::new();
            for &g in &given {
                for &r in &returned {
                    if let Some(differing) = self.unlike(g, r) {
                        weights.push((differing, g, r));
                    }
                }
            }
            weights.sort_unstable();
            for (_, g, r) in weights {
                if self.given[g].is_none() && !self.taken[r] {
                    self.take(g, r);
                }
            }
        }
    }

    /// How many fields differ; `None` where more than half of those that hold something do.
    fn unlike(&self, given: usize, returned: usize) -> Option<usize> {
        let (given, returned) = (&self.sides.given[given], &self.sides.returned[returned]);
        let (mut filled, mut differing) = (0, 0);
        for (id, _) in self.sides.fields() {
            let at = usize::from(id.index);
            if given.fields[at] == 0 || self.sides.identity.parent.contains(&id) || at == 0 {
                continue;
            }
            let is_empty =
                given.record.bytes(id).is_empty() && returned.record.bytes(id).is_empty();
            filled += usize::from(!is_empty);
            differing += usize::from(given.fields[at] != returned.fields[at]);
        }
        (differing * 2 <= filled).then_some(differing)
    }

    fn finish(self) -> Pairing {
        let mut pairing = Pairing::default();
        for (at, partner) in self.given.iter().enumerate() {
            match partner {
                Some(partner) => pairing.pairs.push((at, *partner)),
                None if self.superseded.contains(&at) => pairing.superseded.push(at),
                None => pairing.lost.push(at),
            }
        }
        pairing.added = (0..self.taken.len()).filter(|&at| !self.taken[at]).collect();
        pairing
    }
}
