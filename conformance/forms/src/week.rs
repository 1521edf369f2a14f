//! The week of table 3: days as columns, half hours as rows, items where they belong.

use careplan_reader::KeptRecord;
use careplan_spec::calendar;
use careplan_spec::layout::FieldId;

use super::sheet::{Week, at};
use super::table::{Piece, Table, TableCell, TableColumn, TableRow};
use super::writer::{Filling, Writer};

/// Half hours of a day.
const SLOTS: usize = 48;
/// Days of the week and the activities beside them.
const COLUMNS: usize = 8;
/// The days as headings, and said in full.
const DAYS: [(&str, &str); 7] = [
    ("月", "月曜日"),
    ("火", "火曜日"),
    ("水", "水曜日"),
    ("木", "木曜日"),
    ("金", "金曜日"),
    ("土", "土曜日"),
    ("日", "日曜日"),
];
/// The parts of the day the form prints, with the hours they begin at.
const PARTS: [(&str, usize); 6] =
    [("深夜", 0), ("早朝", 6), ("午前", 8), ("午後", 12), ("夜間", 18), ("深夜", 22)];

/// Something with a time.
#[derive(Clone, Copy)]
struct WeekItem<'r> {
    record: &'r KeptRecord,
    /// First half hour, and the one behind the last.
    slots: (usize, usize),
    fields: [FieldId; 4],
}

/// Items that overlap share a cell.
struct Cluster<'r> {
    from: usize,
    to: usize,
    items: Vec<WeekItem<'r>>,
}

/// The half hours between two times; over midnight, those up to midnight.
fn slots(start: &str, end: &str) -> Option<(usize, usize)> {
    let start = usize::from(calendar::parse_time(start.as_bytes())?);
    let from = start / 30;
    if from >= SLOTS {
        return None;
    }
    let to = match calendar::parse_time(end.as_bytes()).map(usize::from) {
        Some(end) if end > start => end.div_ceil(30).min(SLOTS),
        Some(_) => SLOTS,
        None => from + 1,
    };
    Some((from, to.max(from + 1)))
}

fn clusters(mut items: Vec<WeekItem<'_>>) -> Vec<Cluster<'_>> {
    items.sort_by_key(|item| item.slots);
    let mut clusters: Vec<Cluster<'_>> = Vec::new();
    for item in items {
        let (from, to) = item.slots;
        match clusters.last_mut() {
            Some(last) if from < last.to => {
                last.to = last.to.max(to);
                last.items.push(item);
            }
            _ => clusters.push(Cluster { from, to, items: vec![item] }),
        }
    }
    clusters
}

impl Writer<'_, '_> {
    /// Draws the week.
    pub(super) fn week(&mut self, week: &Week, records: &[&KeptRecord]) {
        let service = [week.service, week.weekday, week.start, week.end];
        let activity = [week.activity, week.activity, week.activity_start, week.activity_end];
        let mut columns: [Vec<WeekItem<'_>>; COLUMNS] = Default::default();
        // Items that cannot be placed, and everything that is not weekly.
        let mut unplaced: Vec<(&KeptRecord, [FieldId; 4])> = Vec::new();
        let mut others: Vec<&KeptRecord> = Vec::new();
        for &record in records.iter().filter(|record| record.layout.kind == week.service.kind) {
            let has = |ids: &[FieldId]| ids.iter().any(|&id| self.matters(record, id));
            if has(&service) {
                let day =
                    record.text(week.weekday).parse().ok().filter(|day| (1..=7).contains(day));
                let when = slots(&record.text(week.start), &record.text(week.end));
                match (day, when) {
                    (Some(day), Some(slots)) => {
                        let day: usize = day;
                        columns[day - 1].push(WeekItem { record, slots, fields: service });
                    }
                    _ => unplaced.push((record, service)),
                }
            }
            if has(&activity) {
                match slots(&record.text(week.activity_start), &record.text(week.activity_end)) {
                    Some(slots) => {
                        columns[COLUMNS - 1].push(WeekItem { record, slots, fields: activity });
                    }
                    None => unplaced.push((record, activity)),
                }
            }
            if has(&[week.other]) {
                others.push(record);
            }
        }
        let mut head = vec![TableCell::heading("col", "時間").columns(2)];
        for (day, abbr) in DAYS {
            head.push(TableCell { abbr, ..TableCell::heading("col", day) });
        }
        head.push(TableCell::heading("col", "主な日常生活上の活動").class("cp-activity"));
        let rows = self.hours(columns.map(clusters));
        self.table(Table {
            class: "cp-week",
            caption: "週間サービス計画",
            columns: vec![TableColumn::of("cp-part"), TableColumn::of("cp-hour")],
            head: vec![head.into()],
            bodies: vec![rows],
            ..Table::default()
        });
        self.unplaced(&unplaced);
        self.not_weekly(week, &others);
    }

    fn hours(&mut self, columns: [Vec<Cluster<'_>>; COLUMNS]) -> Vec<TableRow> {
        let mut covered = [0; COLUMNS];
        let mut rows = Vec::new();
        for slot in 0..SLOTS {
            let hour = slot / 2;
            let on_hour = slot % 2 == 0;
            let mut cells = Vec::new();
            if on_hour {
                if let Some(part) = PARTS.iter().position(|(_, from)| *from == hour) {
                    let until = PARTS.get(part + 1).map_or(24, |(_, next)| *next);
                    let heading = TableCell::heading("rowgroup", PARTS[part].0).class("cp-part");
                    cells.push(heading.rows((until - hour) * 2));
                }
                let heading = TableCell::heading("row", format!("{hour}:00"));
                cells.push(heading.class("cp-hour").rows(2));
            }
            for (clusters, covered) in columns.iter().zip(&mut covered) {
                if *covered > slot {
                    continue;
                }
                let next = clusters.iter().find(|cluster| cluster.from >= slot);
                match next.filter(|cluster| cluster.from == slot) {
                    Some(cluster) => {
                        *covered = cluster.to;
                        let filling = self.fill_cluster(cluster);
                        let cell = self.cell("cp-v cp-item", filling);
                        cells.push(cell.rows(cluster.to - cluster.from));
                    }
                    None => {
                        // Empty up to the next item, or to the full hour.
                        let hour_end = slot / 2 * 2 + 2;
                        let end = next.map_or(hour_end, |cluster| hour_end.min(cluster.from));
                        *covered = end;
                        let span = end - slot;
                        cells.push(TableCell::default().rows(if span > 1 { span } else { 0 }));
                    }
                }
            }
            let class = if on_hour { "cp-on-hour" } else { "" };
            rows.push(TableRow { class, cells });
        }
        rows
    }

    fn fill_cluster(&mut self, cluster: &Cluster<'_>) -> Filling {
        let mut filling = Filling::default();
        for item in &cluster.items {
            self.fill_item(&mut filling, item.record, item.fields);
        }
        filling
    }

    /// Time and text of an item on lines of their own.
    fn fill_item(&mut self, filling: &mut Filling, record: &KeptRecord, fields: [FieldId; 4]) {
        for id in fields {
            self.mark(filling, record, id);
        }
        let [text, weekday, start, end] = fields.map(|id| self.shown(record, id));
        if fields[0] != fields[1] {
            // The column says it; a merged cell read aloud does not.
            filling.pieces.push(Piece::Classed("cp-sr", format!("{weekday} ")));
        }
        filling.pieces.push(Piece::Classed("cp-time", format!("{start}～{end}")));
        filling.text(format!(" {text}"));
        filling.pieces.push(Piece::LineBreak);
    }

    /// What the grid has no room for.
    fn unplaced(&mut self, unplaced: &[(&KeptRecord, [FieldId; 4])]) {
        if unplaced.is_empty() {
            return;
        }
        let mut rows = Vec::new();
        for (record, fields) in unplaced {
            let is_activity = fields[0] == fields[1];
            let cells: Vec<TableCell> = fields
                .iter()
                .enumerate()
                .map(|(column, id)| match column {
                    1 if is_activity => TableCell::default(),
                    _ => self.filled("cp-v", &[at(*id)], &[record]),
                })
                .collect();
            rows.push(cells.into());
        }
        let head = ["内容", "曜日", "開始", "終了"].map(|head| TableCell::heading("col", head));
        self.table(Table {
            class: "cp-rest",
            caption: "曜日・時刻を読めないため表に置けない項目",
            heading: true,
            head: vec![Vec::from(head).into()],
            bodies: vec![rows],
            ..Table::default()
        });
    }

    /// 週単位以外のサービス.
    fn not_weekly(&mut self, week: &Week, records: &[&KeptRecord]) {
        let caption = "週単位以外のサービス";
        let mut values: Vec<TableCell> = records
            .iter()
            .map(|record| self.filled("cp-v", &[at(week.other)], &[record]))
            .collect();
        if values.is_empty() {
            values.push(TableCell::plain("cp-v", "\u{A0}"));
        }
        let mut front = vec![TableCell::heading("rowgroup", caption).rows(values.len())];
        let rows = values.into_iter().map(|value| {
            front.push(value);
            std::mem::take(&mut front).into()
        });
        let rows = rows.collect();
        self.table(Table {
            class: "cp-grid",
            caption,
            columns: vec![TableColumn::wide("16%"), TableColumn::default()],
            bodies: vec![rows],
            ..Table::default()
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_fall_into_half_hours() {
        assert_eq!(slots("0900", "1000"), Some((18, 20)));
        assert_eq!(slots("0915", "0920"), Some((18, 19)));
        assert_eq!(slots("2200", "0600"), Some((44, 48)), "over midnight");
        assert_eq!(slots("0900", "0900"), Some((18, 48)), "round the clock");
        assert_eq!(slots("2330", "2400"), Some((47, 48)));
        assert_eq!(slots("2400", "2400"), None);
        assert_eq!(slots("9:00", "1000"), None);
        assert_eq!(slots("0900", ""), Some((18, 19)));
    }
}
