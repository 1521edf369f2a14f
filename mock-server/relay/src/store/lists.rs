//! Lists: what is shown is a range of an index, how many there are is kept, and both are of one
//! moment.

use std::cmp::Ordering;

use serde_json::json;
use sqlx::any::AnyRow;
use sqlx::{Any, AssertSqlSafe, Row, Transaction};

use super::record::{Cell, MessageRecord, TableRow};
use super::rows::{columns, decode_listed};
use super::texts::{Asked, Rest};
use super::{ListQuery, Result, Side, Sort, Store, StoreError};
use crate::background::in_background;
use crate::random::sha256_hex;

/// A page of a list, as of one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The rows.
    pub rows: Vec<MessageRecord>,
    /// How many there are on all pages.
    pub total: u64,
    /// What the page behind this one is asked for with; nothing on the last one.
    pub next: Option<String>,
}

/// Where a message stands in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) sent_at: i64,
    pub(super) id: String,
    pub(super) partner: String,
}

/// The order of a list.
pub(super) fn compare(sort: Sort, one: (i64, &str, &str), other: (i64, &str, &str)) -> Ordering {
    let time = (one.0, one.1).cmp(&(other.0, other.1));
    let partner = one.2.cmp(other.2);
    match sort {
        Sort::NewestFirst => time.reverse(),
        Sort::OldestFirst => time,
        Sort::ByOffice => partner.then(time.reverse()),
        Sort::ByOfficeBackward => partner.reverse().then(time.reverse()),
    }
}

/// A row of a list. One that cannot be read has no units, so that it is told from the others where
/// it would be shown; it keeps its place, and pages go on behind it.
fn listed(row: &AnyRow) -> Result<MessageRecord> {
    let (mut message, is_whole) = decode_listed::<MessageRecord>(row)?;
    if !is_whole {
        message.units.clear();
    }
    Ok(message)
}

/// The two columns of a side.
fn columns_of(side: Side) -> (&'static str, &'static str) {
    match side {
        Side::Receiver => ("receiver", "sender"),
        Side::Sender => ("sender", "receiver"),
    }
}

/// A list that is being read.
struct Reading {
    tx: Transaction<'static, Any>,
    office: String,
    query: ListQuery,
    own: &'static str,
    other: &'static str,
}

impl Store {
    /// A page of one side's messages. `query.page` and `query.per_page` are at least 1. Nothing
    /// where `query.after` belongs to another list, or to one of before a reset.
    pub async fn list(
        &self,
        office: &str,
        side: Side,
        query: &ListQuery,
    ) -> Result<Option<Listed>> {
        let (own, other) = columns_of(side);
        let index = query.text.is_some().then(|| self.texts.of(office, side));
        let index = match index {
            Some(index) => Some(index.lock_owned().await),
            None => None,
        };
        // What is read from here on is of one moment, behind that of whoever had the index before.
        let tx = self.lists.begin().await?;
        let (list_of, wanted_list) = (office.to_owned(), query.clone());
        let mut reading = Reading { tx, office: list_of, query: wanted_list, own, other };
        let tag = tag(side, query);
        let after = match &query.after {
            None => None,
            Some(after) => {
                let id = after.strip_prefix(tag.as_str()).and_then(|rest| rest.strip_prefix('-'));
                match reading.place(id.unwrap_or_default()).await? {
                    Some(place) => Some(place),
                    None => return Ok(None),
                }
            }
        };
        // One more than is shown: whether there is a page behind this one.
        let wanted = i64::from(query.per_page) + 1;
        let skipped = i64::from(query.page.saturating_sub(1)) * i64::from(query.per_page);
        let skipped = if after.is_some() { 0 } else { skipped };
        let (mut rows, total) = match (index, &query.text) {
            (Some(mut index), Some(text)) => {
                // First what changed of what it has: whatever is read then is as it is now.
                let changes = reading.changes(index.turned_to(), index.read_to()).await?;
                index.turn(&changes)?;
                while let Some(bunch) = reading.unread(index.read_to()).await? {
                    index.take_in(&bunch)?;
                }
                let asked = Asked {
                    text: text.to_lowercase(),
                    sort: query.sort,
                    partner: query.office.clone(),
                    fetched: query.fetched,
                    rest: after.map_or(Rest::Behind(skipped), Rest::After),
                    wanted,
                };
                let search = move || (index.find(&asked), index.bytes());
                let failed = |error: crate::outcome::Failure| StoreError::Engine(error.to_string());
                let (found, bytes) = in_background(search).await.map_err(failed)?;
                self.texts.weigh(office, side, bytes);
                (reading.these(&found.ids).await?, found.total)
            }
            _ => match query.sort {
                Sort::NewestFirst | Sort::OldestFirst => {
                    let counts = reading.counts(false).await?;
                    let total = counts.iter().map(|(_, count)| count).sum();
                    (reading.by_time(after, wanted, skipped, total).await?, total)
                }
                Sort::ByOffice | Sort::ByOfficeBackward => {
                    let counts = reading.counts(query.sort == Sort::ByOfficeBackward).await?;
                    let total = counts.iter().map(|(_, count)| count).sum();
                    let rows = reading.by_office(counts, after, wanted, skipped).await?;
                    (rows, total)
                }
            },
        };
        reading.tx.rollback().await?;
        let is_last = rows.len() < usize::try_from(wanted).unwrap_or(usize::MAX);
        if !is_last {
            rows.pop();
        }
        let next = rows.last().filter(|_| !is_last).map(|row| format!("{tag}-{}", row.id));
        Ok(Some(Listed { rows, total: u64::try_from(total).unwrap_or(0), next }))
    }
}

/// Another office, and how many messages of a list it has.
type Share = (String, i64);

/// The same order from its end.
fn backward(order: &str) -> String {
    let turned = |part: &str| match part.strip_suffix(" DESC") {
        Some(part) => part.to_owned(),
        None => format!("{part} DESC"),
    };
    order.split(", ").map(turned).collect::<Vec<_>>().join(", ")
}

/// The office a page begins in and how many messages it has, unless the page begins with a whole
/// one; those behind it; how many of the former are left out.
fn begin(
    counts: Vec<Share>,
    after: Option<&Place>,
    mut skipped: i64,
    backward: bool,
) -> (Option<Share>, Vec<Share>, i64) {
    let mut counts = counts.into_iter().filter(|(_, count)| *count > 0).peekable();
    let first = match after {
        Some(place) => {
            let is_before = |partner: &String| {
                let order = partner.cmp(&place.partner);
                (if backward { order.reverse() } else { order }).is_lt()
            };
            while counts.next_if(|(partner, _)| is_before(partner)).is_some() {}
            counts.next_if(|(partner, _)| *partner == place.partner)
        }
        None => {
            while let Some((_, count)) = counts.next_if(|(_, count)| *count <= skipped) {
                skipped -= count;
            }
            counts.next_if(|_| skipped > 0)
        }
    };
    (first, counts.collect(), skipped)
}

/// The offices that fit as a whole, how many messages they have, and the one that does not.
fn fill(others: Vec<Share>, left: i64) -> (Vec<String>, i64, Option<String>) {
    let (mut whole, mut in_whole) = (Vec::new(), 0);
    for (partner, count) in others {
        if in_whole + count > left {
            return (whole, in_whole, Some(partner).filter(|_| in_whole < left));
        }
        in_whole += count;
        whole.push(partner);
    }
    (whole, in_whole, None)
}

/// What tells the lists of an office apart.
fn tag(side: Side, query: &ListQuery) -> String {
    let list = json!([
        side == Side::Receiver,
        format!("{:?}", query.sort),
        query.fetched,
        query.office,
        query.text,
    ]);
    sha256_hex(list.to_string().as_bytes())[..16].to_owned()
}

impl Reading {
    /// Only fetched ones, or only the others.
    fn state(&self) -> &'static str {
        match self.query.fetched {
            Some(true) => " AND claimed_at IS NOT NULL",
            Some(false) => " AND claimed_at IS NULL",
            None => "",
        }
    }

    async fn place(&mut self, id: &str) -> Result<Option<Place>> {
        let (own, other) = (self.own, self.other);
        let text = format!("SELECT sent_at, {other} FROM message WHERE id = $1 AND {own} = $2");
        let row = sqlx::query(AssertSqlSafe(text))
            .bind(id.to_owned())
            .bind(self.office.clone())
            .fetch_optional(&mut *self.tx)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let (sent_at, partner) = (row.try_get(0)?, row.try_get(1)?);
        Ok(Some(Place { sent_at, id: id.to_owned(), partner }))
    }

    /// The other offices in their order, with how many messages of the list each has.
    async fn counts(&mut self, backward: bool) -> Result<Vec<Share>> {
        let (own, other) = (self.own, self.other);
        let count = match self.query.fetched {
            Some(true) => "messages - unclaimed",
            Some(false) => "unclaimed",
            None => "messages",
        };
        let filter = if self.query.office.is_some() { " AND {other} = $2" } else { "" };
        let filter = filter.replace("{other}", other);
        let order = if backward { " DESC" } else { "" };
        let text = format!(
            "SELECT {other}, {count} FROM tally WHERE {own} = $1{filter} ORDER BY {other}{order}"
        );
        let mut bound = sqlx::query(AssertSqlSafe(text)).bind(self.office.clone());
        if let Some(partner) = &self.query.office {
            bound = bound.bind(partner.clone());
        }
        let rows = bound.fetch_all(&mut *self.tx).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }

    /// A stretch of a range, of so many if that is known: ids are found in an index alone, from the
    /// end that is nearer, and only what is shown is read.
    async fn stretch(
        &mut self,
        condition: &str,
        order: &str,
        arguments: Vec<Cell>,
        (wanted, skipped, count): (i64, i64, Option<i64>),
    ) -> Result<Vec<MessageRecord>> {
        // What is not there is not looked for.
        let wanted = count.map_or(wanted, |count| wanted.min(count - skipped));
        if wanted <= 0 {
            return Ok(Vec::new());
        }
        let behind = count.map(|count| count - skipped - wanted).filter(|behind| *behind < skipped);
        let way = if behind.is_some() { backward(order) } else { order.to_owned() };
        let skipped = behind.unwrap_or(skipped);
        let (own, state) = (self.own, self.state());
        let next = arguments.len() + 2;
        let text = format!(
            "SELECT {} FROM {} WHERE id IN (SELECT id FROM message WHERE {own} = $1{condition}{state} \
             ORDER BY {way} LIMIT ${next} OFFSET ${}) ORDER BY {order}",
            columns::<MessageRecord>(),
            MessageRecord::TABLE,
            next + 1,
        );
        let mut bound = sqlx::query(AssertSqlSafe(text)).bind(self.office.clone());
        for argument in arguments {
            bound = match argument {
                Cell::Number(number) => bound.bind(number),
                Cell::Text(text) => bound.bind(text),
            };
        }
        let rows = bound.bind(wanted).bind(skipped).fetch_all(&mut *self.tx).await?;
        rows.iter().map(listed).collect()
    }

    async fn by_time(
        &mut self,
        after: Option<Place>,
        wanted: i64,
        skipped: i64,
        total: i64,
    ) -> Result<Vec<MessageRecord>> {
        let count = after.is_none().then_some(total);
        let (order, behind) = match self.query.sort {
            Sort::OldestFirst => ("sent_at, id", ">"),
            _ => ("sent_at DESC, id DESC", "<"),
        };
        let mut condition = String::new();
        let mut arguments = Vec::new();
        if let Some(partner) = &self.query.office {
            arguments.push(Cell::Text(Some(partner.clone())));
            condition.push_str(&format!(" AND {} = $2", self.other));
        }
        if let Some(place) = after {
            let next = arguments.len() + 2;
            condition.push_str(&format!(" AND (sent_at, id) {behind} (${next}, ${})", next + 1));
            arguments.push(Cell::Number(Some(place.sent_at)));
            arguments.push(Cell::Text(Some(place.id)));
        }
        self.stretch(&condition, order, arguments, (wanted, skipped, count)).await
    }

    /// Office by office: at most one of which the beginning is left out, some whole ones, and one of
    /// which the end is.
    async fn by_office(
        &mut self,
        counts: Vec<Share>,
        after: Option<Place>,
        wanted: i64,
        skipped: i64,
    ) -> Result<Vec<MessageRecord>> {
        let newest = "sent_at DESC, id DESC";
        let of_one = format!(" AND {} = $2", self.other);
        let backward = self.query.sort == Sort::ByOfficeBackward;
        let (first, others, skipped) = begin(counts, after.as_ref(), skipped, backward);
        let mut rows = Vec::new();
        if let Some((first, count)) = first {
            let count = after.is_none().then_some(count);
            let (mut condition, mut arguments) = (of_one.clone(), vec![Cell::Text(Some(first))]);
            if let Some(place) = after {
                condition.push_str(" AND (sent_at, id) < ($3, $4)");
                arguments.push(Cell::Number(Some(place.sent_at)));
                arguments.push(Cell::Text(Some(place.id)));
            }
            rows = self.stretch(&condition, newest, arguments, (wanted, skipped, count)).await?;
        }
        let left = wanted - i64::try_from(rows.len()).unwrap_or(wanted);
        let (whole, in_whole, last) = fill(others, left);
        if in_whole > 0 {
            let way = if backward { " DESC" } else { "" };
            let order = format!("{}{way}, {newest}", self.other);
            let condition = format!(" AND {} IN (SELECT value FROM json_each($2))", self.other);
            let partners = vec![Cell::Text(Some(json!(whole).to_string()))];
            rows.extend(self.stretch(&condition, &order, partners, (in_whole, 0, None)).await?);
        }
        if let Some(last) = last {
            let partner = vec![Cell::Text(Some(last))];
            rows.extend(self.stretch(&of_one, newest, partner, (left - in_whole, 0, None)).await?);
        }
        Ok(rows)
    }

    /// What came behind this row, as JSON, some at a time.
    async fn unread(&mut self, read_to: i64) -> Result<Option<String>> {
        let (own, other) = (self.own, self.other);
        let text = format!(
            "SELECT json_group_array(json_array(row, id, sent_at, {other}, search, fetched)) FROM \
             (SELECT rowid AS row, id, sent_at, {other}, search, claimed_at IS NOT NULL AS fetched \
             FROM message WHERE {own} = $1 AND rowid > $2 ORDER BY rowid LIMIT 1000)"
        );
        let bunch: String = sqlx::query(AssertSqlSafe(text))
            .bind(self.office.clone())
            .bind(read_to)
            .fetch_one(&mut *self.tx)
            .await?
            .try_get(0)?;
        Ok(Some(bunch).filter(|bunch| bunch != "[]"))
    }

    /// What was claimed or released behind this change, of the rows up to `read_to`, as JSON.
    async fn changes(&mut self, turned_to: i64, read_to: i64) -> Result<String> {
        let text = format!(
            "SELECT json_array(COALESCE(MAX(turned), $2), \
             json_group_array(json_array(rowid, claimed_at IS NOT NULL)) FILTER (WHERE rowid <= $3)) \
             FROM message WHERE {} = $1 AND turned > $2",
            self.own
        );
        let changes = sqlx::query(AssertSqlSafe(text))
            .bind(self.office.clone())
            .bind(turned_to)
            .bind(read_to)
            .fetch_one(&mut *self.tx)
            .await?
            .try_get(0)?;
        Ok(changes)
    }

    /// These rows, in this order.
    async fn these(&mut self, ids: &[String]) -> Result<Vec<MessageRecord>> {
        let text = format!(
            "SELECT {} FROM {} WHERE id IN (SELECT value FROM json_each($1))",
            columns::<MessageRecord>(),
            MessageRecord::TABLE,
        );
        let rows = sqlx::query(AssertSqlSafe(text))
            .bind(json!(ids).to_string())
            .fetch_all(&mut *self.tx)
            .await?;
        let mut rows: Vec<MessageRecord> = rows.iter().map(listed).collect::<Result<_>>()?;
        rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
        Ok(rows)
    }
}
