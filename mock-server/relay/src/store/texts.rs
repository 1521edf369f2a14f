//! Searching: what can be found of an office's messages, in memory, made by its first search.
//!
//! A message says the same for ever, and its row in the store has a number that only grows, so an
//! index is brought up to date by reading what came behind the last one it has. Whether somebody has
//! fetched a message changes; that is read anew for every search that asks for it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use memchr::memmem::Finder;

use super::lists::{Place, compare};
use super::{Result, Side, Sort, StoreError};

/// Bytes that all indexes together may take; the one that was used longest ago goes first. 100,000
/// messages of three files each take about 30 MB. The one that does not fit at all is made for each
/// search.
const MOST_BYTES: usize = 64 << 20;

/// Who wants an index, and the side.
type Key = (String, Side);
/// An index that one search uses at a time.
type Shared = Arc<tokio::sync::Mutex<TextIndex>>;

#[derive(Debug, Default)]
struct Kept {
    index: Shared,
    bytes: usize,
    used: u64,
}

/// The indexes there are.
#[derive(Debug, Default)]
pub(super) struct Texts {
    kept: Mutex<(HashMap<Key, Kept>, u64)>,
}

impl Texts {
    /// The index of an office; a new one knows nothing yet.
    pub(super) fn of(&self, office: &str, side: Side) -> Shared {
        let mut guard = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        guard.1 += 1;
        let now = guard.1;
        let kept = guard.0.entry((office.to_owned(), side)).or_default();
        kept.used = now;
        Arc::clone(&kept.index)
    }

    /// Notes what an index takes, and makes room.
    pub(super) fn weigh(&self, office: &str, side: Side, bytes: usize) {
        let mut guard = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let all = &mut guard.0;
        if let Some(kept) = all.get_mut(&(office.to_owned(), side)) {
            kept.bytes = bytes;
        }
        while all.values().map(|kept| kept.bytes).sum::<usize>() > MOST_BYTES {
            let oldest = all.iter().min_by_key(|(_, kept)| kept.used).map(|(key, _)| key.clone());
            if let Some(oldest) = oldest {
                all.remove(&oldest);
            }
        }
    }

    /// Forgets everything: other messages have taken the place of these.
    pub(super) fn clear(&self) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).0.clear();
    }
}

/// A message that can be found.
#[derive(Debug)]
struct Entry {
    row: i64,
    sent_at: i64,
    partner: u32,
    head: u32,
    /// Where its identifier ends in `ids`.
    id_end: u32,
    /// Where what only it says ends in `text`.
    text_end: u32,
}

/// Texts that many messages say, each kept once.
#[derive(Debug, Default)]
struct Words {
    all: Vec<String>,
    numbers: HashMap<String, u32>,
    bytes: usize,
}

impl Words {
    fn number(&mut self, word: &str) -> u32 {
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        let number = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.bytes += 2 * (word.len() + 32);
        self.all.push(word.to_owned());
        self.numbers.insert(word.to_owned(), number);
        number
    }

    fn get(&self, number: u32) -> &str {
        self.all.get(number as usize).map_or("", String::as_str)
    }
}

/// What can be found of one side of an office.
#[derive(Debug, Default)]
pub(super) struct TextIndex {
    /// By row.
    entries: Vec<Entry>,
    ids: String,
    /// Names of files, those of a message behind one another, a line each.
    text: String,
    /// Numbers and names of both offices.
    heads: Words,
    /// Numbers of the other offices.
    partners: Words,
    /// The entries by time; may lack the last ones.
    by_time: Vec<u32>,
}

/// From where on.
pub(super) enum Rest {
    /// Behind so many.
    Behind(i64),
    /// Behind this message.
    After(Place),
}

/// What is searched for.
pub(super) struct Asked {
    /// In lower case.
    pub(super) text: String,
    pub(super) sort: Sort,
    pub(super) partner: Option<String>,
    /// Whether fetched ones are wanted, and the rows of those nobody has fetched.
    pub(super) fetched: Option<(bool, Vec<i64>)>,
    pub(super) rest: Rest,
    pub(super) wanted: i64,
}

/// What was found.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) ids: Vec<String>,
    pub(super) total: i64,
}

impl TextIndex {
    /// The last row it has.
    pub(super) fn read_to(&self) -> i64 {
        self.entries.last().map_or(i64::MIN, |entry| entry.row)
    }

    /// About how many bytes it takes.
    pub(super) fn bytes(&self) -> usize {
        self.entries.capacity() * size_of::<Entry>()
            + self.by_time.capacity() * size_of::<u32>()
            + self.ids.capacity()
            + self.text.capacity()
            + self.heads.bytes
            + self.partners.bytes
    }

    /// Takes rows in: number, identifier, time, other office, text; JSON.
    pub(super) fn take_in(&mut self, bunch: &str) -> Result<()> {
        let corrupt = |_| StoreError::Corrupt { table: "message", column: "search" };
        let rows: Vec<(i64, String, i64, String, String)> =
            serde_json::from_str(bunch).map_err(corrupt)?;
        for (row, id, sent_at, partner, search) in rows {
            // The offices stand in the first two lines.
            let end = search.match_indices('\n').nth(1).map_or(search.len(), |(at, _)| at);
            let (head, own) = search.split_at(end);
            self.ids.push_str(&id);
            self.text.push_str(own);
            self.text.push('\n');
            let end_of = |text: &String| {
                let too_long = |_| StoreError::Engine("too much to be searched".to_owned());
                u32::try_from(text.len()).map_err(too_long)
            };
            self.entries.push(Entry {
                row,
                sent_at,
                partner: self.partners.number(&partner),
                head: self.heads.number(head),
                id_end: end_of(&self.ids)?,
                text_end: end_of(&self.text)?,
            });
        }
        Ok(())
    }

    fn id(&self, at: usize) -> &str {
        let start = at.checked_sub(1).map_or(0, |before| self.entries[before].id_end);
        &self.ids[start as usize..self.entries[at].id_end as usize]
    }

    fn place(&self, at: usize) -> (i64, &str, &str) {
        let entry = &self.entries[at];
        (entry.sent_at, self.id(at), self.partners.get(entry.partner))
    }

    /// Brings the order by time up to date. The clock may have gone backwards.
    fn put_in_order(&mut self) {
        let known = self.by_time.len();
        if known == self.entries.len() {
            return;
        }
        let mut by_time = std::mem::take(&mut self.by_time);
        by_time.extend((known..self.entries.len()).filter_map(|at| u32::try_from(at).ok()));
        by_time.sort_by(|one, other| {
            let (one, other) = (*one as usize, *other as usize);
            let times = self.entries[one].sent_at.cmp(&self.entries[other].sent_at);
            times.then_with(|| self.id(one).cmp(self.id(other)))
        });
        self.by_time = by_time;
    }

    /// Which entries say this.
    fn that_say(&self, text: &str) -> Vec<bool> {
        if text.contains('\n') {
            // It would be found across two lines.
            return vec![false; self.entries.len()];
        }
        let finder = Finder::new(text);
        let heads: Vec<bool> =
            self.heads.all.iter().map(|head| finder.find(head.as_bytes()).is_some()).collect();
        let mut found: Vec<bool> =
            self.entries.iter().map(|entry| heads[entry.head as usize]).collect();
        let (mut at, mut from) = (0, 0);
        while let Some(place) = finder.find(&self.text.as_bytes()[from..]) {
            while self.entries[at].text_end as usize <= from + place {
                at += 1;
            }
            found[at] = true;
            from = self.entries[at].text_end as usize;
        }
        found
    }

    /// Searches.
    pub(super) fn find(&mut self, asked: &Asked) -> Found {
        self.put_in_order();
        let mut says = self.that_say(&asked.text);
        if let Some(partner) = &asked.partner {
            let partner = self.partners.numbers.get(partner);
            for (says, entry) in says.iter_mut().zip(&self.entries) {
                *says &= Some(&entry.partner) == partner;
            }
        }
        if let Some((fetched, unclaimed)) = &asked.fetched {
            let mut waits = vec![false; self.entries.len()];
            for row in unclaimed {
                if let Ok(at) = self.entries.binary_search_by_key(row, |entry| entry.row) {
                    waits[at] = true;
                }
            }
            for (says, waits) in says.iter_mut().zip(waits) {
                *says &= waits != *fetched;
            }
        }
        let fits = |at: &&u32| says[**at as usize];
        let mut found: Vec<u32> = match asked.sort {
            Sort::OldestFirst => self.by_time.iter().filter(fits).copied().collect(),
            _ => self.by_time.iter().rev().filter(fits).copied().collect(),
        };
        if matches!(asked.sort, Sort::ByOffice | Sort::ByOfficeBackward) {
            let mut order: Vec<usize> = (0..self.partners.all.len()).collect();
            order.sort_by_key(|number| &self.partners.all[*number]);
            if asked.sort == Sort::ByOfficeBackward {
                order.reverse();
            }
            let mut ranks = vec![0; order.len()];
            for (rank, number) in order.into_iter().enumerate() {
                ranks[number] = rank;
            }
            // Within an office the newest stays first.
            let mut of_each = vec![Vec::new(); ranks.len()];
            for at in found {
                of_each[ranks[self.entries[at as usize].partner as usize]].push(at);
            }
            found = of_each.concat();
        }
        let start = match &asked.rest {
            Rest::Behind(count) => usize::try_from(*count).unwrap_or(usize::MAX),
            Rest::After(place) => {
                let place = (place.sent_at, place.id.as_str(), place.partner.as_str());
                found.partition_point(|at| {
                    compare(asked.sort, self.place(*at as usize), place).is_le()
                })
            }
        };
        let wanted = usize::try_from(asked.wanted).unwrap_or(0);
        Found {
            ids: found
                .iter()
                .skip(start)
                .take(wanted)
                .map(|at| self.id(*at as usize).to_owned())
                .collect(),
            total: i64::try_from(found.len()).unwrap_or(i64::MAX),
        }
    }
}
