//! The month of table 6: a line a service, planned and actual below each other, days as columns.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use careplan_reader::KeptRecord;
use careplan_spec::calendar::{self, Month};

use super::html::escape;
use super::sheet::{Look, Use, at};
use super::value;
use super::writer::{Filling, Writer};

/// Columns for days, whatever the month.
const DAYS: u8 = 31;
const WEEKDAYS: [&str; 7] = ["月", "火", "水", "木", "金", "土", "日"];

/// The records of one service: same code, times, office and equipment.
struct Line<'r> {
    records: Vec<&'r KeptRecord>,
}

/// What keeps the lines of the form apart: time first, as the form is sorted. Units do not: an
/// actual rate may carry 0 where its plan has a number (L UPJSK 8).
fn line_key(side: &Use, record: &KeptRecord) -> Vec<Vec<u8>> {
    let own = [side.start, side.end, side.code];
    let more = side.office.iter().chain(side.details).map(|place| place.id);
    own.into_iter().chain(more).map(|id| record.bytes(id).to_vec()).collect()
}

/// The day column of a record; `None` where the date is no day of the month.
fn day_of(side: &Use, record: &KeptRecord, month: Option<Month>) -> Option<u8> {
    let date = calendar::parse_date(record.bytes(side.date))?;
    month.is_none_or(|month| date.month_of() == month).then_some(date.day)
}

impl Writer<'_, '_> {
    /// Draws the month.
    pub(super) fn month(&mut self, sides: &[Use; 2], records: &[&KeptRecord]) {
        let of_side =
            |record: &KeptRecord| sides.iter().find(|side| side.kind == record.layout.kind);
        let month = records
            .iter()
            .find_map(|record| calendar::parse_month(record.bytes(of_side(record)?.month)));
        let mut lines: BTreeMap<Vec<Vec<u8>>, Line<'_>> = BTreeMap::new();
        for &record in records {
            let Some(side) = of_side(record) else { continue };
            lines
                .entry(line_key(side, record))
                .or_insert_with(|| Line { records: Vec::new() })
                .records
                .push(record);
        }
        // A column for days that are none of this month, only where it is needed.
        let has_odd_days = records.iter().any(|record| {
            of_side(record).is_some_and(|side| day_of(side, record, month).is_none())
        });
        self.open_table("月間サービス計画及び実績の記録", true, "cp-month");
        self.month_head(month, has_odd_days);
        for line in lines.values() {
            self.line(sides, line, month, has_odd_days);
        }
        self.close_table();
    }

    fn month_head(&mut self, month: Option<Month>, has_odd_days: bool) {
        self.out.push_str(
            "<colgroup><col class=\"cp-when\"><col class=\"cp-what\"><col class=\"cp-who\">\
             <col class=\"cp-side\">",
        );
        for _ in 0..DAYS {
            self.out.push_str("<col>");
        }
        if has_odd_days {
            self.out.push_str("<col class=\"cp-odd\">");
        }
        self.out.push_str("<col class=\"cp-sum\"></colgroup><thead><tr>");
        for head in ["提供時間帯", "サービス内容", "サービス事業者事業所名"] {
            let _ = write!(self.out, "<th scope=\"col\" rowspan=\"2\">{head}</th>");
        }
        self.out.push_str("<th scope=\"row\">日付</th>");
        for day in 1..=DAYS {
            let class = day_class(month, day);
            let _ = write!(self.out, "<th scope=\"col\"{class}>{day}</th>");
        }
        if has_odd_days {
            self.out.push_str("<th scope=\"col\" rowspan=\"2\">対象年月にない日</th>");
        }
        self.out.push_str("<th scope=\"col\" rowspan=\"2\">合計回数</th></tr><tr>");
        self.out.push_str("<th scope=\"row\">曜日</th>");
        for day in 1..=DAYS {
            let weekday = month
                .and_then(|month| month.day(day))
                .map_or("", |date| WEEKDAYS[usize::from(date.weekday() - 1)]);
            let class = day_class(month, day);
            // A day the month does not have is no heading.
            let _ = match weekday {
                "" => write!(self.out, "<td{class}></td>"),
                weekday => write!(self.out, "<th scope=\"col\"{class}>{weekday}</th>"),
            };
        }
        self.out.push_str("</tr></thead>\n");
    }

    fn line(&mut self, sides: &[Use; 2], line: &Line<'_>, month: Option<Month>, odd: bool) {
        // Rows for 日割対象日, one for each distinct value.
        let mut bitmaps: Vec<(&Use, Vec<&KeptRecord>)> = Vec::new();
        for side in sides {
            let mut index: BTreeMap<&[u8], usize> = BTreeMap::new();
            for &record in line.records.iter().filter(|r| r.layout.kind == side.kind) {
                let bitmap = record.bytes(side.per_diem);
                if bitmap.is_empty() && !self.findings.has(record, side.per_diem) {
                    continue;
                }
                let slot = *index.entry(bitmap).or_insert_with(|| {
                    bitmaps.push((side, Vec::new()));
                    bitmaps.len() - 1
                });
                bitmaps[slot].1.push(record);
            }
        }
        let rows = sides.len() + bitmaps.len();
        self.out.push_str("<tbody><tr>");
        let span = format!(" rowspan=\"{rows}\"");
        let when: Vec<_> =
            sides.iter().flat_map(|side| [at(side.start), at(side.end).before("～")]).collect();
        let mut filling = self.fill(&when, &line.records);
        let is_untimed = |record: &&KeptRecord| {
            sides.iter().filter(|side| side.kind == record.layout.kind).all(|side| {
                record.bytes(side.start) == b"9999" && record.bytes(side.end) == b"9999"
            })
        };
        if line.records.iter().all(is_untimed) {
            filling.body = "時刻なし<br><small>9999～9999</small>".to_owned();
        }
        self.write_cell("td", &span, "cp-v cp-when", filling);
        let what: Vec<_> = sides
            .iter()
            .flat_map(|side| {
                let code = [
                    at(side.code).look(Look::ServiceName),
                    at(side.code).look(Look::Number).before("　"),
                    at(side.units).after("単位").line(),
                ];
                let details = side.details.iter().map(|place| {
                    let plain = at(place.id).look(place.look).between(place.before, place.after);
                    if place.own_line { plain.line() } else { plain }
                });
                code.into_iter().chain(details).collect::<Vec<_>>()
            })
            .collect();
        let filling = self.fill(&what, &line.records);
        self.write_cell("td", &span, "cp-v", filling);
        let office: Vec<_> = sides
            .iter()
            .flat_map(|side| side.office)
            .map(|place| at(place.id).look(place.look).between(place.before, place.after).line())
            .collect();
        let filling = self.fill(&office, &line.records);
        self.write_cell("td", &span, "cp-v", filling);
        for (row, side) in sides.iter().enumerate() {
            if row > 0 {
                self.out.push_str("<tr>");
            }
            let records: Vec<&KeptRecord> =
                line.records.iter().copied().filter(|r| r.layout.kind == side.kind).collect();
            self.side(side, &records, month, odd);
        }
        for (side, records) in bitmaps {
            self.per_diem(side, &records, month, odd);
        }
        self.out.push_str("</tbody>\n");
    }

    fn side(&mut self, side: &Use, records: &[&KeptRecord], month: Option<Month>, odd: bool) {
        let _ = write!(self.out, "<th scope=\"row\">{}</th>", side.label);
        let mut by_day: BTreeMap<Option<u8>, Vec<&KeptRecord>> = BTreeMap::new();
        for &record in records {
            by_day.entry(day_of(side, record, month)).or_default().push(record);
        }
        let days = (1..=DAYS).map(Some).chain(odd.then_some(None));
        for day in days {
            let records = by_day.get(&day).map_or(&[][..], Vec::as_slice);
            let class = day.map_or("", |day| day_style(month, day));
            let mut filling = Filling::default();
            for record in records {
                self.mark(&mut filling, record, side.date);
                self.mark(&mut filling, record, side.count);
            }
            if day.is_some() {
                filling.body = self.count_text(side, records);
            } else {
                for record in records {
                    let date = escape(&self.shown(record, side.date));
                    let count = escape(&self.shown(record, side.count));
                    let _ = write!(filling.body, "{date}：{count}<br>");
                }
            }
            self.write_cell("td", "", &format!("cp-day{class}"), filling);
        }
        let sum = sum(side, records).map_or_else(|| "—".to_owned(), |sum| sum.to_string());
        let sum = if records.is_empty() { String::new() } else { sum };
        let _ = writeln!(self.out, "<td class=\"cp-sum\">{sum}</td></tr>");
    }

    /// The sum of the counts, or each as it stands where one is no number. HTML.
    fn count_text(&self, side: &Use, records: &[&KeptRecord]) -> String {
        match sum(side, records) {
            _ if records.is_empty() => String::new(),
            Some(sum) => sum.to_string(),
            None => {
                let texts: Vec<String> = records
                    .iter()
                    .map(|record| match self.shown(record, side.count) {
                        text if text.is_empty() => "・".to_owned(),
                        text => escape(&text),
                    })
                    .collect();
                texts.join("<br>")
            }
        }
    }

    fn per_diem(&mut self, side: &Use, records: &[&KeptRecord], month: Option<Month>, odd: bool) {
        let _ = write!(
            self.out,
            "<tr class=\"cp-per-diem\"><th scope=\"row\">日割<span class=\"cp-sr\">（{}）</span></th>",
            side.label
        );
        let mut filling = Filling::default();
        for record in records {
            self.mark(&mut filling, record, side.per_diem);
        }
        let bitmap = records.first().map(|record| record.text(side.per_diem)).unwrap_or_default();
        match value::marked_days(&bitmap) {
            Some(days) => {
                for day in 1..=DAYS {
                    let class = day_style(month, day);
                    let sign = if days.contains(&day) { "○" } else { "" };
                    let _ = write!(self.out, "<td class=\"cp-day{class}\">{sign}</td>");
                }
                if odd {
                    self.out.push_str("<td></td>");
                }
                let _ = write!(filling.body, "{}日", days.len());
                self.write_cell("td", "", "cp-sum", filling);
            }
            None => {
                filling.body = escape(&bitmap);
                let span = usize::from(DAYS) + usize::from(odd);
                self.write_cell("td", &format!(" colspan=\"{span}\""), "cp-v", filling);
                self.out.push_str("<td class=\"cp-sum\"></td>");
            }
        }
        self.out.push_str("</tr>\n");
    }
}

/// The counts of records together; `None` where one is no number.
fn sum(side: &Use, records: &[&KeptRecord]) -> Option<u64> {
    records.iter().map(|record| record.text(side.count).parse::<u32>().ok().map(u64::from)).sum()
}

/// Saturdays, Sundays and days the month does not have look different.
fn day_style(month: Option<Month>, day: u8) -> &'static str {
    let Some(month) = month else { return "" };
    match month.day(day).map(calendar::Date::weekday) {
        None => " cp-none",
        Some(6) => " cp-sat",
        Some(7) => " cp-sun",
        Some(_) => "",
    }
}

fn day_class(month: Option<Month>, day: u8) -> String {
    match day_style(month, day) {
        "" => String::new(),
        class => format!(" class=\"{}\"", class.trim_start()),
    }
}
