//! The month of table 6: a line a service, planned and actual below each other, days as columns.

use std::collections::BTreeMap;

use careplan_reader::KeptRecord;
use careplan_spec::calendar::{self, Month};

use super::sheet::{CellField, Look, Use, at};
use super::table::{Piece, Table, TableCell, TableColumn, TableRow};
use super::value;
use super::writer::{Filling, Writer};

/// Columns for days, whatever the month.
const DAYS: u8 = 31;
const WEEKDAYS: [&str; 7] = ["月", "火", "水", "木", "金", "土", "日"];

/// What keeps the lines of the form apart: time first, as the form is sorted. Units do not: an
/// actual rate may carry 0 where its plan has a number (L UPJSK 8).
fn line_key(side: &Use, record: &KeptRecord) -> Vec<Vec<u8>> {
    let own = [side.start, side.end, side.code];
    let more = side.office.iter().chain(side.details).map(|field| field.id);
    own.into_iter().chain(more).map(|id| record.bytes(id).to_vec()).collect()
}

/// The day column of a record; `None` where the date is no day of the month.
fn day_of(side: &Use, record: &KeptRecord, month: Option<Month>) -> Option<u8> {
    let date = calendar::parse_date(record.bytes(side.date))?;
    month.is_none_or(|month| date.month_of() == month).then_some(date.day())
}

impl Writer<'_, '_> {
    /// Draws the month.
    pub(super) fn month(&mut self, sides: &[Use; 2], records: &[&KeptRecord]) {
        let of_side =
            |record: &KeptRecord| sides.iter().find(|side| side.kind == record.layout.kind);
        let month = records
            .iter()
            .find_map(|record| calendar::parse_month(record.bytes(of_side(record)?.month)));
        // The records of one service: same code, times, office and equipment.
        let mut lines: BTreeMap<Vec<Vec<u8>>, Vec<&KeptRecord>> = BTreeMap::new();
        for &record in records {
            let Some(side) = of_side(record) else { continue };
            lines.entry(line_key(side, record)).or_default().push(record);
        }
        // A column for days that are none of this month, only where it is needed.
        let odd = records.iter().any(|record| {
            of_side(record).is_some_and(|side| day_of(side, record, month).is_none())
        });
        let mut columns: Vec<TableColumn> =
            ["cp-when", "cp-what", "cp-who", "cp-side"].map(TableColumn::of).into();
        columns.extend((1..=DAYS).map(|_| TableColumn::default()));
        columns.extend(odd.then(|| TableColumn::of("cp-odd")));
        columns.push(TableColumn::of("cp-sum"));
        let bodies = lines.values().map(|line| self.line(sides, line, month, odd)).collect();
        self.table(Table {
            class: "cp-month",
            caption: "月間サービス計画及び実績の記録",
            heading: true,
            columns,
            head: month_head(month, odd),
            bodies,
        });
    }

    fn line(
        &mut self,
        sides: &[Use; 2],
        records: &[&KeptRecord],
        month: Option<Month>,
        odd: bool,
    ) -> Vec<TableRow> {
        // Rows for 日割対象日, one for each distinct value.
        let mut bitmaps: Vec<(&Use, Vec<&KeptRecord>)> = Vec::new();
        for side in sides {
            let mut index: BTreeMap<&[u8], usize> = BTreeMap::new();
            for &record in records.iter().filter(|r| r.layout.kind == side.kind) {
                if !self.matters(record, side.per_diem) {
                    continue;
                }
                let slot = *index.entry(record.bytes(side.per_diem)).or_insert_with(|| {
                    bitmaps.push((side, Vec::new()));
                    bitmaps.len() - 1
                });
                bitmaps[slot].1.push(record);
            }
        }
        let mut front = Vec::from(self.service(sides, records));
        for cell in &mut front {
            cell.rowspan = sides.len() + bitmaps.len();
        }
        let mut rows = Vec::new();
        for side in sides {
            let records: Vec<&KeptRecord> =
                records.iter().copied().filter(|r| r.layout.kind == side.kind).collect();
            front.extend(self.days(side, &records, month, odd));
            rows.push(std::mem::take(&mut front).into());
        }
        rows.extend(bitmaps.iter().map(|(side, records)| self.per_diem(side, records, month, odd)));
        rows
    }

    /// When, what and who.
    fn service(&mut self, sides: &[Use; 2], records: &[&KeptRecord]) -> [TableCell; 3] {
        let when: Vec<CellField> =
            sides.iter().flat_map(|side| [at(side.start), at(side.end).before("～")]).collect();
        let mut filling = self.fill(&when, records);
        let is_untimed = |record: &&KeptRecord| {
            sides.iter().filter(|side| side.kind == record.layout.kind).all(|side| {
                record.bytes(side.start) == b"9999" && record.bytes(side.end) == b"9999"
            })
        };
        if records.iter().all(is_untimed) {
            filling.pieces = vec![
                Piece::Text("時刻なし".to_owned()),
                Piece::LineBreak,
                Piece::Small("9999～9999".to_owned()),
            ];
        }
        let when = self.cell("cp-v cp-when", filling);
        let mut what = Vec::new();
        for side in sides {
            what.extend([
                at(side.code).look(Look::ServiceName),
                at(side.code).look(Look::Number).before("　"),
                at(side.units).after("単位").line(),
            ]);
            what.extend(side.details);
        }
        let what = self.filled("cp-v", &what, records);
        let who: Vec<CellField> =
            sides.iter().flat_map(|side| side.office).map(|field| field.line()).collect();
        [when, what, self.filled("cp-v", &who, records)]
    }

    /// One side of a line: what was planned or done on each day.
    fn days(
        &mut self,
        side: &Use,
        records: &[&KeptRecord],
        month: Option<Month>,
        odd: bool,
    ) -> Vec<TableCell> {
        let mut by_day: BTreeMap<Option<u8>, Vec<&KeptRecord>> = BTreeMap::new();
        for &record in records {
            by_day.entry(day_of(side, record, month)).or_default().push(record);
        }
        let mut cells = vec![TableCell::heading("row", side.label)];
        for day in (1..=DAYS).map(Some).chain(odd.then_some(None)) {
            let records = by_day.get(&day).map_or(&[][..], Vec::as_slice);
            let mut filling = Filling::default();
            for record in records {
                self.mark(&mut filling, record, side.date);
                self.mark(&mut filling, record, side.count);
            }
            if day.is_some() {
                self.count(&mut filling, side, records);
            } else {
                for record in records {
                    let date = self.shown(record, side.date);
                    let count = self.shown(record, side.count);
                    filling.text(format!("{date}：{count}"));
                    filling.pieces.push(Piece::LineBreak);
                }
            }
            cells.push(self.cell(&day_class(month, day), filling));
        }
        let sum = match sum(side, records) {
            _ if records.is_empty() => String::new(),
            Some(sum) => sum.to_string(),
            None => "—".to_owned(),
        };
        cells.push(TableCell::plain("cp-sum", sum));
        cells
    }

    /// The sum of the counts, or each as it stands where one is no number.
    fn count(&self, filling: &mut Filling, side: &Use, records: &[&KeptRecord]) {
        match sum(side, records) {
            _ if records.is_empty() => {}
            Some(sum) => filling.text(sum.to_string()),
            None => {
                for (at, record) in records.iter().enumerate() {
                    if at > 0 {
                        filling.pieces.push(Piece::LineBreak);
                    }
                    filling.text(match self.shown(record, side.count) {
                        text if text.is_empty() => "・".to_owned(),
                        text => text,
                    });
                }
            }
        }
    }

    fn per_diem(
        &mut self,
        side: &Use,
        records: &[&KeptRecord],
        month: Option<Month>,
        odd: bool,
    ) -> TableRow {
        let mut heading = TableCell::heading("row", "日割");
        heading.pieces.push(Piece::Classed("cp-sr", format!("（{}）", side.label)));
        let mut cells = vec![heading];
        let mut filling = Filling::default();
        for record in records {
            self.mark(&mut filling, record, side.per_diem);
        }
        let bitmap = records.first().map(|record| record.text(side.per_diem)).unwrap_or_default();
        match value::marked_days(&bitmap) {
            Some(days) => {
                cells.extend((1..=DAYS).map(|day| {
                    let sign = if days.contains(&day) { "○" } else { "" };
                    TableCell::plain(day_class(month, Some(day)), sign)
                }));
                cells.extend(odd.then(TableCell::default));
                filling.text(format!("{}日", days.len()));
                cells.push(self.cell("cp-sum", filling));
            }
            None => {
                if let Some(record) = records.first() {
                    filling.text(self.shown(record, side.per_diem));
                }
                let span = usize::from(DAYS) + usize::from(odd);
                cells.push(self.cell("cp-v", filling).columns(span));
                cells.push(TableCell::plain("cp-sum", ""));
            }
        }
        TableRow { class: "cp-per-diem", cells }
    }
}

fn month_head(month: Option<Month>, odd: bool) -> Vec<TableRow> {
    let heads = ["提供時間帯", "サービス内容", "サービス事業者事業所名"];
    let mut upper: Vec<TableCell> =
        heads.map(|head| TableCell::heading("col", head).rows(2)).into();
    upper.push(TableCell::heading("row", "日付"));
    upper.extend(
        (1..=DAYS)
            .map(|day| TableCell::heading("col", day.to_string()).class(day_style(month, day))),
    );
    upper.extend(odd.then(|| TableCell::heading("col", "対象年月にない日").rows(2)));
    upper.push(TableCell::heading("col", "合計回数").rows(2));
    let mut lower = vec![TableCell::heading("row", "曜日")];
    lower.extend((1..=DAYS).map(|day| {
        // A day the month does not have is no heading.
        let weekday = month
            .and_then(|month| month.day(day))
            .map_or("", |date| WEEKDAYS[usize::from(date.weekday() - 1)]);
        TableCell::column_heading(weekday).class(day_style(month, day))
    }));
    vec![upper.into(), lower.into()]
}

/// The counts of records together; `None` where one is no number.
fn sum(side: &Use, records: &[&KeptRecord]) -> Option<u64> {
    records.iter().map(|record| record.text(side.count).parse::<u32>().ok().map(u64::from)).sum()
}

/// Saturdays, Sundays and days the month does not have look different.
fn day_style(month: Option<Month>, day: u8) -> &'static str {
    let Some(month) = month else { return "" };
    match month.day(day).map(calendar::Date::weekday) {
        None => "cp-none",
        Some(6) => "cp-sat",
        Some(7) => "cp-sun",
        Some(_) => "",
    }
}

/// The class of a cell of a day, or of the column for other days.
fn day_class(month: Option<Month>, day: Option<u8>) -> String {
    match day.map_or("", |day| day_style(month, day)) {
        "" => "cp-day".to_owned(),
        style => format!("cp-day {style}"),
    }
}
