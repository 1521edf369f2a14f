//! The week of table 3: days as columns, half hours as rows, items where they belong.

use std::fmt::Write as _;

use careplan_reader::KeptRecord;
use careplan_spec::calendar;
use careplan_spec::layout::FieldId;

use super::html::escape;
use super::sheet::{Week, at};
use super::writer::{Filling, Writer};

/// Half hours of a day.
const SLOTS: usize = 48;
/// Days of the week and the activities beside them.
const COLUMNS: usize = 8;
const DAYS: [&str; 7] = ["月", "火", "水", "木", "金", "土", "日"];
/// The parts of the day the form prints, with the hours they begin at.
const PARTS: [(&str, usize); 6] =
    [("深夜", 0), ("早朝", 6), ("午前", 8), ("午後", 12), ("夜間", 18), ("深夜", 22)];

/// Something with a time.
#[derive(Clone, Copy)]
struct Item<'r> {
    record: &'r KeptRecord,
    /// First half hour, and the one behind the last.
    slots: (usize, usize),
    fields: [FieldId; 4],
}

/// Items that overlap share a cell.
struct Cluster<'r> {
    from: usize,
    to: usize,
    items: Vec<Item<'r>>,
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

fn clusters(mut items: Vec<Item<'_>>) -> Vec<Cluster<'_>> {
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
        let mut columns: [Vec<Item<'_>>; COLUMNS] = Default::default();
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
                        columns[day - 1].push(Item { record, slots, fields: service });
                    }
                    _ => unplaced.push((record, service)),
                }
            }
            if has(&activity) {
                match slots(&record.text(week.activity_start), &record.text(week.activity_end)) {
                    Some(slots) => {
                        columns[COLUMNS - 1].push(Item { record, slots, fields: activity });
                    }
                    None => unplaced.push((record, activity)),
                }
            }
            if has(&[week.other]) {
                others.push(record);
            }
        }
        self.open_table("週間サービス計画", false, "cp-week");
        self.out.push_str(
            "<colgroup><col class=\"cp-part\"><col class=\"cp-hour\"></colgroup><thead><tr>\
             <th scope=\"col\" colspan=\"2\">時間</th>",
        );
        for day in DAYS {
            let _ = write!(self.out, "<th scope=\"col\" abbr=\"{day}曜日\">{day}</th>");
        }
        self.out.push_str(
            "<th scope=\"col\" class=\"cp-activity\">主な日常生活上の活動</th></tr></thead><tbody>\n",
        );
        self.hours(columns.map(clusters));
        self.out.push_str("</tbody>");
        self.close_table();
        self.beside_the_week(week, &unplaced, &others);
    }

    /// Whether a field has a value or a finding.
    fn matters(&self, record: &KeptRecord, id: FieldId) -> bool {
        !record.bytes(id).is_empty() || self.findings.has(record, id)
    }

    fn hours(&mut self, columns: [Vec<Cluster<'_>>; COLUMNS]) {
        let mut covered = [0; COLUMNS];
        for slot in 0..SLOTS {
            self.out.push_str(if slot % 2 == 0 { "<tr class=\"cp-on-hour\">" } else { "<tr>" });
            let hour = slot / 2;
            if slot % 2 == 0 {
                if let Some(part) = PARTS.iter().position(|(_, from)| *from == hour) {
                    let until = PARTS.get(part + 1).map_or(24, |(_, next)| *next);
                    let _ = write!(
                        self.out,
                        "<th scope=\"rowgroup\" class=\"cp-part\" rowspan=\"{}\">{}</th>",
                        (until - hour) * 2,
                        PARTS[part].0
                    );
                }
                let _ = write!(
                    self.out,
                    "<th scope=\"row\" class=\"cp-hour\" rowspan=\"2\">{hour}:00</th>"
                );
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
                        let span = cluster.to - cluster.from;
                        let attributes = format!(" rowspan=\"{span}\"");
                        self.write_cell("td", &attributes, "cp-v cp-item", filling);
                    }
                    None => {
                        // Empty up to the next item, or to the full hour.
                        let hour_end = slot / 2 * 2 + 2;
                        let end = next.map_or(hour_end, |cluster| hour_end.min(cluster.from));
                        *covered = end;
                        let span = end - slot;
                        let _ = if span > 1 {
                            write!(self.out, "<td rowspan=\"{span}\"></td>")
                        } else {
                            write!(self.out, "<td></td>")
                        };
                    }
                }
            }
            self.out.push_str("</tr>\n");
        }
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
        let [text, weekday, start, end] = fields.map(|id| escape(&self.shown(record, id)));
        if fields[0] != fields[1] {
            // The column says it; a merged cell read aloud does not.
            let _ = write!(filling.body, "<span class=\"cp-sr\">{weekday} </span>");
        }
        let _ = write!(filling.body, "<span class=\"cp-time\">{start}～{end}</span> {text}<br>");
    }

    /// What the grid has no room for, and 週単位以外のサービス.
    fn beside_the_week(
        &mut self,
        week: &Week,
        unplaced: &[(&KeptRecord, [FieldId; 4])],
        others: &[&KeptRecord],
    ) {
        if !unplaced.is_empty() {
            self.open_table("曜日・時刻を読めないため表に置けない項目", true, "cp-rest");
            self.out.push_str(
                "<thead><tr><th scope=\"col\">内容</th><th scope=\"col\">曜日</th>\
                 <th scope=\"col\">開始</th><th scope=\"col\">終了</th></tr></thead><tbody>\n",
            );
            for (record, fields) in unplaced {
                self.out.push_str("<tr>");
                let is_activity = fields[0] == fields[1];
                for (column, id) in fields.iter().enumerate() {
                    if is_activity && column == 1 {
                        self.out.push_str("<td></td>");
                        continue;
                    }
                    let filling = self.fill(&[at(*id)], &[record]);
                    self.write_cell("td", "", "cp-v", filling);
                }
                self.out.push_str("</tr>\n");
            }
            self.out.push_str("</tbody>");
            self.close_table();
        }
        self.open_table("週単位以外のサービス", false, "cp-grid");
        let rows = others.len().max(1);
        let _ = write!(
            self.out,
            "<colgroup><col width=\"16%\"><col></colgroup><tbody><tr>\
             <th scope=\"rowgroup\" rowspan=\"{rows}\">週単位以外のサービス</th>"
        );
        if others.is_empty() {
            self.out.push_str("<td class=\"cp-v\">&nbsp;</td></tr>");
        }
        for (row, record) in others.iter().enumerate() {
            if row > 0 {
                self.out.push_str("<tr>");
            }
            let filling = self.fill(&[at(week.other)], &[record]);
            self.write_cell("td", "", "cp-v", filling);
            self.out.push_str("</tr>\n");
        }
        self.out.push_str("</tbody>");
        self.close_table();
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
        assert_eq!(slots("2330", "2400"), Some((47, 48)));
        assert_eq!(slots("2400", "2400"), None);
        assert_eq!(slots("9:00", "1000"), None);
        assert_eq!(slots("0900", ""), Some((18, 19)));
    }
}
