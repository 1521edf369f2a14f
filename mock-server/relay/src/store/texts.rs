//! Searching: what can be found of an office's messages, in memory, made by its first search.
//!
//! A message says the same for ever, and its row in the store has a number that only grows, so an
//! index is brought up to date by reading what came behind the last one it has. Whether somebody has
//! fetched a message changes; each change has a number that only grows, too.

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
#[derive(Debug)]
pub(super) struct Texts {
    kept: Mutex<(HashMap<Key, Kept>, u64)>,
    /// Bytes that all together may take.
    most: usize,
}

impl Default for Texts {
    fn default() -> Self {
        Self { kept: Mutex::default(), most: MOST_BYTES }
    }
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
        while all.values().map(|kept| kept.bytes).sum::<usize>() > self.most {
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
    /// Whether somebody has fetched each.
    fetched: Vec<bool>,
    /// The last change of that it has.
    turned_to: i64,
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
    /// Only fetched ones, or only the others.
    pub(super) fetched: Option<bool>,
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

    /// The last change of what is fetched that it has.
    pub(super) fn turned_to(&self) -> i64 {
        self.turned_to
    }

    /// About how many bytes it takes.
    pub(super) fn bytes(&self) -> usize {
        self.entries.capacity() * size_of::<Entry>()
            + self.by_time.capacity() * size_of::<u32>()
            + self.fetched.capacity()
            + self.ids.capacity()
            + self.text.capacity()
            + self.heads.bytes
            + self.partners.bytes
    }

    /// Takes changes in: the number of the last one; of the rows it has, which are fetched now (1)
    /// and which are not (0). JSON.
    pub(super) fn turn(&mut self, changes: &str) -> Result<()> {
        let corrupt = |_| StoreError::Corrupt { table: "message", column: "turned" };
        let (turned_to, rows): (i64, Vec<(i64, u8)>) =
            serde_json::from_str(changes).map_err(corrupt)?;
        for (row, fetched) in rows {
            if let Ok(at) = self.entries.binary_search_by_key(&row, |entry| entry.row) {
                self.fetched[at] = fetched == 1;
            }
        }
        self.turned_to = turned_to;
        Ok(())
    }

    /// Takes rows in: number, identifier, time, other office, text, whether it is fetched (1) or not
    /// (0); JSON.
    pub(super) fn take_in(&mut self, bunch: &str) -> Result<()> {
        let corrupt = |_| StoreError::Corrupt { table: "message", column: "search" };
        let rows: Vec<(i64, String, i64, String, String, u8)> =
            serde_json::from_str(bunch).map_err(corrupt)?;
        for (row, id, sent_at, partner, search, fetched) in rows {
            // The offices stand in the first two lines.
            let end = search.match_indices('\n').nth(1).map_or(search.len(), |(at, _)| at);
            let (head, own) = search.split_at(end);
            // Nothing is taken in unless all of it is.
            let end_of = |text: &String, more: usize| {
                let too_long = |_| StoreError::Engine("too much to be searched".to_owned());
                u32::try_from(text.len() + more).map_err(too_long)
            };
            let id_end = end_of(&self.ids, id.len())?;
            let text_end = end_of(&self.text, own.len() + 1)?;
            self.ids.push_str(&id);
            self.text.push_str(own);
            self.text.push('\n');
            self.entries.push(Entry {
                row,
                sent_at,
                partner: self.partners.number(&partner),
                head: self.heads.number(head),
                id_end,
                text_end,
            });
            self.fetched.push(fetched == 1);
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
        if let Some(wanted) = asked.fetched {
            for (says, fetched) in says.iter_mut().zip(&self.fetched) {
                *says &= *fetched == wanted;
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::record::{MessageRecord, OfficeRecord};
    use super::super::{Claimed, DownloadRight, ListQuery, State, Store, StoreLocation};
    use super::*;

    const A: &str = "4770900111";
    const B: &str = "4770900228";

    /// The offices and sides whose index is still this one.
    fn are_there(texts: &Texts, indexes: &[(&str, Side, Shared)]) -> Vec<bool> {
        let guard = texts.kept.lock().unwrap();
        let is_there = |office: &str, side, index| {
            let kept = guard.0.get(&(office.to_owned(), side));
            kept.is_some_and(|kept| Arc::ptr_eq(&kept.index, index))
        };
        indexes.iter().map(|(office, side, index)| is_there(office, *side, index)).collect()
    }

    #[test]
    fn all_together_take_so_much_and_the_one_used_longest_ago_goes() {
        let texts = Texts::default();
        let keys = [(A, Side::Receiver), (A, Side::Sender), (B, Side::Receiver)];
        let indexes = keys.map(|(office, side)| (office, side, texts.of(office, side)));
        texts.weigh(A, Side::Receiver, 1);
        texts.weigh(A, Side::Sender, 2);
        texts.weigh(B, Side::Receiver, (64 << 20) - 3);
        assert_eq!(are_there(&texts, &indexes), [true; 3], "64 MiB are not too many");
        // Used again: another one is the oldest now.
        texts.of(A, Side::Receiver);
        texts.weigh(A, Side::Receiver, 2);
        assert_eq!(are_there(&texts, &indexes), [true, false, true], "one byte more is");
        texts.weigh(A, Side::Receiver, (64 << 20) + 1);
        assert_eq!(are_there(&texts, &indexes), [false; 3], "it does not fit by itself");
        let again = texts.of(A, Side::Receiver);
        assert!(!Arc::ptr_eq(&again, &indexes[0].2));
        texts.weigh(A, Side::Receiver, 64 << 20);
        assert_eq!(are_there(&texts, &[(A, Side::Receiver, again)]), [true]);
        texts.clear();
        assert!(texts.kept.lock().unwrap().0.is_empty());
    }

    fn state(messages: u32) -> State {
        let office = |number: &str| OfficeRecord {
            number: number.to_owned(),
            name: String::new(),
            service_kinds: "11".to_owned(),
        };
        let messages = (0..messages).map(|number| MessageRecord {
            id: format!("m{number:02}"),
            sender: A.to_owned(),
            sender_name: String::new(),
            sender_kind: None,
            receiver: B.to_owned(),
            receiver_name: String::new(),
            receiver_kinds: String::new(),
            key: number.to_string(),
            digest: String::new(),
            sent_at: jiff::Timestamp::from_second(number.into()).unwrap(),
            units: "[]".to_owned(),
            files: "[]".to_owned(),
            file_count: 0,
            bytes: 0,
            has_text: false,
            archive_sha256: "a".to_owned(),
            archive_bytes: 0,
            search: format!("{A}\n{B}\nfile_{number}.csv"),
            claimed_at: None,
            download_id: None,
            download_until: None,
            confirmed_at: None,
            claim_salt: None,
        });
        State {
            messages: messages.collect(),
            offices: vec![office(A), office(B)],
            blobs: [("a".to_owned(), bytes::Bytes::new())].into(),
            ..State::default()
        }
    }

    /// What a search for one text finds, of those nobody has fetched.
    async fn unfetched(store: &Store, office: &str, side: Side, text: &str) -> Vec<String> {
        let query = ListQuery {
            page: 1,
            per_page: 100,
            sort: Sort::OldestFirst,
            fetched: Some(false),
            text: Some(text.to_owned()),
            ..ListQuery::default()
        };
        let listed = store.list(office, side, &query).await.unwrap().unwrap();
        assert_eq!(listed.total, listed.rows.len() as u64);
        listed.rows.into_iter().map(|row| row.id).collect()
    }

    #[tokio::test]
    async fn what_does_not_fit_is_searched_all_the_same() {
        let mut store = Store::open(&StoreLocation::Memory).await.unwrap();
        store.replace(&state(12)).await.unwrap();
        for (most, indexes) in [(MOST_BYTES, 2), (1_500, 1), (1, 0)] {
            store.texts = Arc::new(Texts { most, ..Texts::default() });
            let right = DownloadRight {
                id: "r".to_owned(),
                until: jiff::Timestamp::UNIX_EPOCH,
                salt: None,
            };
            for _ in 0..2 {
                for (office, side) in [(A, Side::Sender), (B, Side::Receiver)] {
                    assert_eq!(unfetched(&store, office, side, "e_1").await, ["m01", "m10", "m11"]);
                    assert_eq!(unfetched(&store, office, side, "e_9.").await, ["m09"]);
                }
                let claimed = store.claim(B, "m01", jiff::Timestamp::UNIX_EPOCH, &right).await;
                assert!(matches!(claimed.unwrap(), Claimed::Won(_)));
                for (office, side) in [(A, Side::Sender), (B, Side::Receiver)] {
                    assert_eq!(unfetched(&store, office, side, "e_1").await, ["m10", "m11"]);
                }
                store.release_claim("m01").await.unwrap().unwrap();
            }
            let guard = store.texts.kept.lock().unwrap();
            let bytes: usize = guard.0.values().map(|kept| kept.bytes).sum();
            assert!(bytes <= most, "{bytes} of {most}");
            assert_eq!(guard.0.len(), indexes, "{most}: {bytes}");
        }
    }

    #[tokio::test]
    async fn four_offices_that_search_leave_the_others_their_connections() {
        let store = Store::open(&StoreLocation::Memory).await.unwrap();
        store.replace(&state(1)).await.unwrap();
        let mut searching = Vec::new();
        for _ in 0..4 {
            searching.push(store.lists.acquire().await.unwrap());
        }
        assert!(store.lists.try_acquire().is_none(), "lists have no more than these");
        assert!(store.find_message(B, Side::Receiver, "m00").await.unwrap().is_some());
        assert_eq!(store.unfetched(B).await.unwrap(), 1);
        store.release_claim("m00").await.unwrap();
    }

    #[test]
    fn an_index_says_what_it_takes() {
        let mut index = TextIndex::default();
        assert_eq!((index.bytes(), index.read_to(), index.turned_to()), (0, i64::MIN, 0));
        let row = |row: i64| json!([row, "id", row, A, format!("甲\n乙\nfile_{row}"), 0]);
        index.take_in(&json!([row(5), row(7)]).to_string()).unwrap();
        index.turn(&json!([3, [[7, 1], [6, 1]]]).to_string()).unwrap();
        assert_eq!((index.read_to(), index.turned_to()), (7, 3));
        assert_eq!(index.fetched, [false, true]);
        let before = index.bytes();
        // Names of both offices are kept once, those of files for each.
        let least = |count: usize| count * (size_of::<Entry>() + 1 + "id".len() + "file_0".len());
        assert!(before >= least(2), "{before}");
        let many: Vec<_> = (8..1_000).map(row).collect();
        index.take_in(&json!(many).to_string()).unwrap();
        assert!(index.bytes() >= least(994), "{}", index.bytes());
        assert!(index.bytes() < 4 * least(994), "{}", index.bytes());
        index.take_in("{}").unwrap_err();
        index.turn("[]").unwrap_err();
        assert_eq!(index.read_to(), 999, "what cannot be read changes nothing");
    }
}
