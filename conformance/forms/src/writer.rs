//! Draws one form: cells, marks and the notes below.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use careplan_judge::message::Wording;
use careplan_judge::severity::Severity;
use careplan_reader::{KeptFile, KeptRecord};
use careplan_spec::layout::{Field, FieldId, Format};
use careplan_spec::{FileKind, Lang, StandardVersion, clause, service_code};

use super::Options;
use super::assembly::{Findings, Form, NAMES, insured_number};
use super::html::{base64, escape, ranges};
use super::notes::{Notable, Notes, Titles};
use super::sheet::{Cell, Column, Grid, List, Look, Matrix, Part, Place, Row, at};
use super::value;

/// The largest image that is put into the page, in bytes. Assumed: family charts are small.
const LARGEST_IMAGE: usize = 4 << 20;
/// How many places of a note are named.
const MOST_PLACES: usize = 6;

/// The sign of a severity at a cell, so that colour is not needed.
pub(super) const fn sign(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "✕",
        Severity::Warning => "▲",
        Severity::Info => "※",
    }
}

/// The 4.1 row of a field.
fn reference(id: FieldId) -> Option<&'static Field> {
    id.kind.layout(StandardVersion::V4_1)?.fields.get(usize::from(id.index))
}

/// Draws a form onto `out`.
pub(super) struct Writer<'w, 'a> {
    pub(super) out: String,
    pub(super) options: &'w Options<'w>,
    pub(super) findings: &'w mut Findings<'a>,
    pub(super) notes: Notes,
    /// What the notes are called.
    pub(super) titles: &'static Titles,
    /// The id of the form's section.
    pub(super) id: String,
}

/// Where the values of a cell come from, for pages that look for a cell.
#[derive(Default)]
struct Origin {
    fields: BTreeSet<FieldId>,
    records: BTreeMap<FileKind, BTreeSet<u32>>,
}

impl Origin {
    fn attributes(&self) -> String {
        if self.fields.is_empty() {
            return String::new();
        }
        let name = |id: &FieldId| {
            let field = reference(*id).map_or_else(String::new, Field::id);
            format!("{}.{field}", id.kind.prefix().to_ascii_lowercase())
        };
        let fields: Vec<String> = self.fields.iter().map(name).collect();
        let records: Vec<String> = self
            .records
            .iter()
            .map(|(kind, numbers)| {
                let numbers: Vec<u32> = numbers.iter().copied().collect();
                format!("{}:{}", kind.prefix().to_ascii_lowercase(), ranges(&numbers))
            })
            .collect();
        format!(" data-field=\"{}\" data-record=\"{}\"", fields.join(" "), records.join(" "))
    }
}

/// A cell being filled.
#[derive(Default)]
pub(super) struct Filling {
    /// HTML of the values.
    pub(super) body: String,
    marks: BTreeSet<usize>,
    worst: Option<Severity>,
    origin: Origin,
}

impl<'a> Writer<'_, 'a> {
    fn pick(&self, ja: &'static str, en: &'static str) -> &'static str {
        match self.options.lang {
            Lang::Ja => ja,
            Lang::En => en,
        }
    }

    fn wording(&self) -> Wording {
        self.options.wording()
    }

    /// The text of a field, its shape where it must not be shown; not escaped.
    pub(super) fn shown(&self, record: &KeptRecord, id: FieldId) -> String {
        let Some(field) = record.field(id) else { return String::new() };
        if record.bytes(id).is_empty() {
            String::new()
        } else if self.options.mask && field.is_personal() {
            record.shape(id, self.options.lang)
        } else {
            value::written(field, &record.text(id))
        }
    }

    /// A table that people know belongs to whom, masked where asked for.
    pub(super) fn person(&self, form: &Form<'_>) -> String {
        for record in form.records() {
            for id in NAMES.into_iter().filter(|id| id.kind == record.layout.kind) {
                let name = self.shown(record, id);
                if !name.trim().is_empty() {
                    return name.replace('\n', " ");
                }
            }
        }
        let number = form
            .own
            .first()
            .and_then(|record| Some(self.shown(record, insured_number(record.layout.kind)?)));
        number
            .filter(|number| !number.is_empty())
            .unwrap_or_else(|| self.pick("（氏名・番号なし）", "(no name or number)").to_owned())
    }

    /// Notes the findings of a field at a cell.
    pub(super) fn mark(&mut self, filling: &mut Filling, record: &KeptRecord, id: FieldId) {
        filling.origin.fields.insert(id);
        filling.origin.records.entry(id.kind).or_default().insert(record.number);
        let found = self.findings.of_field(record, id);
        self.note(filling, &found, record.layout.kind.prefix(), record.number);
    }

    fn note(
        &mut self,
        filling: &mut Filling,
        found: &[&dyn Notable],
        kind: &'static str,
        record: u32,
    ) {
        let wording = self.wording();
        for finding in found {
            filling.marks.insert(self.notes.add(*finding, kind, record, wording));
            filling.worst = filling.worst.max(Some(finding.severity()));
        }
    }

    /// Writes a filled cell: `tag` with further attributes and classes.
    pub(super) fn write_cell(&mut self, tag: &str, attributes: &str, class: &str, cell: Filling) {
        let severity = cell.worst.map_or(String::new(), |worst| format!(" cp-{}", worst.id()));
        let class = format!("{class}{severity}");
        let class = class.trim();
        let _ = write!(self.out, "<{tag}{attributes}");
        if !class.is_empty() {
            let _ = write!(self.out, " class=\"{class}\"");
        }
        self.out.push_str(&cell.origin.attributes());
        if !cell.marks.is_empty() {
            let ids: Vec<String> =
                cell.marks.iter().map(|mark| format!("{}-n{}", self.id, mark + 1)).collect();
            let _ = write!(self.out, " aria-describedby=\"{}\"", ids.join(" "));
        }
        self.out.push('>');
        self.out.push_str(&cell.body);
        for &mark in &cell.marks {
            let note = &self.notes.all[mark];
            let severity = note.severity;
            let _ = write!(
                self.out,
                "<a class=\"cp-mark cp-{}\" href=\"#{}-n{}\" aria-label=\"{} {}\">{}{}</a>",
                severity.id(),
                self.id,
                mark + 1,
                note.label.get(self.options.lang),
                mark + 1,
                sign(severity),
                mark + 1,
            );
        }
        let _ = write!(self.out, "</{tag}>");
    }

    /// Fills a cell with the fields of records: every distinct value once.
    pub(super) fn fill(&mut self, places: &[Place], records: &[&KeptRecord]) -> Filling {
        let mut filling = Filling::default();
        // Where plan and actual say the same, it is said once.
        let mut said: BTreeMap<String, FileKind> = BTreeMap::new();
        for place in places {
            let of_kind: Vec<&KeptRecord> = records
                .iter()
                .copied()
                .filter(|record| record.layout.kind == place.id.kind)
                .filter(|record| record.field(place.id).is_some())
                .collect();
            let mut index: BTreeMap<&[u8], usize> = BTreeMap::new();
            let mut distinct: Vec<(&KeptRecord, Vec<u32>)> = Vec::new();
            for &record in &of_kind {
                if place.look != Look::ServiceName {
                    self.mark(&mut filling, record, place.id);
                }
                let slot = *index.entry(record.bytes(place.id)).or_insert_with(|| {
                    distinct.push((record, Vec::new()));
                    distinct.len() - 1
                });
                distinct[slot].1.push(record.number);
            }
            let several = distinct.len() > 1;
            for (record, numbers) in &distinct {
                let mut html = self.place(record, place);
                let is_said = said.get(&html).is_some_and(|kind| *kind != place.id.kind);
                if html.is_empty() || is_said {
                    continue;
                }
                said.insert(html.clone(), place.id.kind);
                if several {
                    let _ = write!(
                        html,
                        "<small class=\"cp-code\">［{}{}］</small>",
                        ranges(numbers),
                        self.pick("件目", ""),
                    );
                }
                if (place.own_line || several) && !filling.body.is_empty() {
                    filling.body.push_str("<br>");
                }
                filling.body.push_str(&html);
            }
            if of_kind.is_empty() {
                // An empty form still shows what can be chosen.
                let html = match (reference(place.id), place.look) {
                    (Some(field), Look::Choice) => choice(field, None, self.options.lang),
                    (_, Look::Tick(label)) => tick(label, ""),
                    _ => String::new(),
                };
                let is_second_kind = places.iter().any(|other| other.id.kind != place.id.kind);
                if !is_second_kind && !html.is_empty() {
                    if place.own_line {
                        filling.body.push_str("<br>");
                    }
                    filling.body.push_str(&html);
                }
            }
        }
        filling
    }

    /// HTML of one field of one record with what is printed around it.
    fn place(&self, record: &KeptRecord, place: &Place) -> String {
        let Some(field) = record.field(place.id) else { return String::new() };
        let masked = self.options.mask && field.is_personal();
        let raw = if masked { String::new() } else { record.text(place.id) };
        let text = self.shown(record, place.id);
        let html = match place.look {
            Look::Choice if !masked => choice(field, Some(&raw), self.options.lang),
            Look::Tick(label) if !masked => tick(label, &raw),
            _ if text.is_empty() => return String::new(),
            Look::Sign(code, sign) if raw == code => format!("{sign}{}", escape(&text)),
            Look::ServiceName => escape(&value::service_name(&raw)),
            Look::Number => format!("<small>{}</small>", escape(&text)),
            Look::Large => format!("<b class=\"cp-large\">{}</b>", escape(&text)),
            Look::Plain | Look::Choice | Look::Tick(_) | Look::Sign(..) => {
                match (field.format, value::marked_days(&raw)) {
                    (Format::PerDiemBitmap, Some(days)) => calendar(&raw, &days),
                    _ => escape(&text),
                }
            }
        };
        format!("{}{html}{}", place.before, place.after)
    }

    /// Draws a form.
    pub(super) fn form(&mut self, form: &Form<'a>) {
        let records = form.records();
        for part in form.sheet.parts {
            match part {
                Part::Grid(grid) => self.grid(grid, &records),
                Part::Matrix(matrix) => self.matrix(matrix, &records),
                Part::List(list) => self.list(list, &records),
                Part::Week(week) => self.week(week, &records),
                Part::Month(uses) => self.month(uses, &records),
                Part::Picture(caption, id) => self.picture(caption, *id, &records, &form.images),
                Part::Remark(text) => {
                    let _ = writeln!(self.out, "<p class=\"cp-remark\">{text}</p>");
                }
            }
        }
        self.rest(form);
    }

    pub(super) fn open_table(&mut self, caption: &str, heading: bool, class: &str) {
        let hidden = if heading { "" } else { " class=\"cp-sr\"" };
        let _ = writeln!(
            self.out,
            "<div class=\"cp-scroll\"><table class=\"{class}\"><caption{hidden}>{caption}</caption>"
        );
    }

    pub(super) fn close_table(&mut self) {
        self.out.push_str("</table></div>\n");
    }

    fn grid(&mut self, grid: &Grid, records: &[&KeptRecord]) {
        self.open_table(grid.caption, grid.heading, "cp-grid");
        self.out.push_str("<colgroup>");
        for _ in 0..grid.columns {
            self.out.push_str("<col>");
        }
        self.out.push_str("</colgroup><tbody>\n");
        for Row { group, cells } in grid.rows {
            self.out.push_str("<tr>");
            if let Some((label, span, rows)) = group {
                let _ = write!(
                    self.out,
                    "<th scope=\"rowgroup\" colspan=\"{span}\" rowspan=\"{rows}\">{label}</th>"
                );
            }
            for Cell { label, label_span, span, places, tall } in *cells {
                let _ = write!(self.out, "<th scope=\"row\" colspan=\"{label_span}\">{label}</th>");
                let filling = self.fill(places, records);
                let class = if *tall { "cp-v cp-tall" } else { "cp-v" };
                self.write_cell("td", &format!(" colspan=\"{span}\""), class, filling);
            }
            self.out.push_str("</tr>\n");
        }
        self.out.push_str("</tbody>");
        self.close_table();
    }

    fn matrix(&mut self, matrix: &Matrix, records: &[&KeptRecord]) {
        let is_filled = |writer: &Self, places: &[Place]| {
            records.iter().any(|record| {
                places.iter().filter(|place| place.id.kind == record.layout.kind).any(|place| {
                    !record.bytes(place.id).is_empty() || writer.findings.has(record, place.id)
                })
            })
        };
        let rows: Vec<_> = matrix
            .rows
            .iter()
            .filter(|row| {
                !matrix.skip_empty || row.cells.iter().any(|places| is_filled(self, places))
            })
            .collect();
        if rows.is_empty() {
            return;
        }
        self.open_table(matrix.caption, true, "cp-matrix");
        let _ = write!(self.out, "<thead><tr><th scope=\"col\">{}</th>", matrix.corner);
        for head in matrix.heads {
            let _ = if head.is_empty() {
                write!(self.out, "<td></td>")
            } else {
                write!(self.out, "<th scope=\"col\">{head}</th>")
            };
        }
        self.out.push_str("</tr></thead><tbody>\n");
        for row in rows {
            let _ = write!(self.out, "<tr><th scope=\"row\">{}</th>", row.label);
            for places in row.cells {
                let filling = self.fill(places, records);
                self.write_cell("td", "", "cp-v", filling);
            }
            self.out.push_str("</tr>\n");
        }
        self.out.push_str("</tbody>");
        self.close_table();
    }

    fn list(&mut self, list: &List, records: &[&KeptRecord]) {
        let mut rows: Vec<&KeptRecord> =
            records.iter().copied().filter(|record| record.layout.kind == list.kind).collect();
        let numbers = |record: &KeptRecord| -> Vec<u32> {
            // A number that cannot be read comes last.
            list.levels.iter().map(|&id| record.text(id).parse().unwrap_or(u32::MAX)).collect()
        };
        rows.sort_by_key(|record| numbers(record));
        self.open_table(list.caption, list.heading, "cp-list");
        self.list_head(list);
        self.out.push_str("<tbody>\n");
        // For every column, the first row of the cell that each row belongs to.
        let starts: Vec<Vec<usize>> =
            list.columns.iter().map(|column| cell_starts(list, column, &rows)).collect();
        for (row, record) in rows.iter().enumerate() {
            let class = list.total.map_or("", |id| row_class(&record.text(id)));
            let _ = write!(self.out, "<tr{class}>");
            for (column, starts) in list.columns.iter().zip(&starts) {
                if starts[row] != row {
                    continue;
                }
                let span = starts[row..].iter().take_while(|start| **start == row).count();
                let filling = self.fill_merged(column, &rows[row..row + span]);
                let attributes =
                    if span > 1 { format!(" rowspan=\"{span}\"") } else { String::new() };
                let class = if column.amount { "cp-v cp-amount" } else { "cp-v" };
                self.write_cell("td", &attributes, class, filling);
            }
            self.out.push_str("</tr>\n");
        }
        for _ in rows.len()..usize::from(list.least) {
            self.out.push_str("<tr>");
            for _ in list.columns {
                self.out.push_str("<td class=\"cp-v\">&nbsp;</td>");
            }
            self.out.push_str("</tr>\n");
        }
        self.out.push_str("</tbody>");
        self.close_table();
    }

    /// A merged cell shows the values of its first row; the others repeat them or are empty.
    fn fill_merged(&mut self, column: &Column, rows: &[&KeptRecord]) -> Filling {
        let mut filling = self.fill(column.places, &rows[..1]);
        for record in &rows[1..] {
            for place in column.places {
                self.mark(&mut filling, record, place.id);
            }
        }
        filling
    }

    fn list_head(&mut self, list: &List) {
        self.out.push_str("<colgroup>");
        for column in list.columns {
            // An attribute, since pages that embed the form may forbid inline styles.
            let (whole, tenth) = (column.width / 10, column.width % 10);
            let _ = write!(self.out, "<col width=\"{whole}.{tenth}%\">");
        }
        self.out.push_str("</colgroup><thead>\n<tr>");
        let is_double = list.columns.iter().any(|column| !column.over.is_empty());
        for run in list.columns.chunk_by(|a, b| !a.over.is_empty() && a.over == b.over) {
            let first = &run[0];
            let _ = if first.over.is_empty() && first.heading.is_empty() && !is_double {
                write!(self.out, "<td></td>")
            } else if first.over.is_empty() {
                let rows = if is_double { " rowspan=\"2\"" } else { "" };
                write!(self.out, "<th scope=\"col\"{rows}>{}</th>", first.heading)
            } else {
                let span = run.len();
                write!(self.out, "<th scope=\"colgroup\" colspan=\"{span}\">{}</th>", first.over)
            };
        }
        self.out.push_str("</tr>");
        if is_double {
            self.out.push_str("<tr>");
            for column in list.columns.iter().filter(|column| !column.over.is_empty()) {
                let _ = match column.heading {
                    "" => write!(self.out, "<td></td>"),
                    heading => write!(self.out, "<th scope=\"col\">{heading}</th>"),
                };
            }
            self.out.push_str("</tr>");
        }
        self.out.push_str("</thead>\n");
    }

    fn picture(
        &mut self,
        caption: &str,
        id: FieldId,
        records: &[&KeptRecord],
        images: &[&KeptFile<'_>],
    ) {
        let mut filling = self.fill(&[at(id)], records);
        let named: Vec<String> =
            records.iter().filter(|r| r.layout.kind == id.kind).map(|r| r.text(id)).collect();
        for content in images {
            let Some(bytes) = content.image else { continue };
            if !named.iter().any(|name| name.eq_ignore_ascii_case(content.base)) {
                continue;
            }
            let is_jpeg = bytes.starts_with(b"\xFF\xD8\xFF");
            if self.options.mask {
                let _ = write!(
                    filling.body,
                    "<br>{}",
                    self.pick("〔画像は伏せています〕", "〔image withheld〕")
                );
            } else if is_jpeg && bytes.len() <= LARGEST_IMAGE {
                let _ = write!(
                    filling.body,
                    "<br><img class=\"cp-image\" alt=\"{}\" src=\"data:image/jpeg;base64,{}\">",
                    self.pick("家族構成の図", "family chart"),
                    base64(bytes)
                );
            } else {
                let _ = write!(
                    filling.body,
                    "<br>{}",
                    self.pick(
                        "〔JPEGでないか、4MiBより大きい画像のため表示しません〕",
                        "〔not a JPEG, or larger than 4 MiB: not shown〕"
                    )
                );
            }
        }
        self.open_table(caption, false, "cp-grid");
        let _ = write!(self.out, "<tbody><tr><th scope=\"row\" class=\"cp-narrow\">{caption}</th>");
        self.write_cell("td", "", "cp-v cp-tall", filling);
        self.out.push_str("</tr></tbody>");
        self.close_table();
    }

    /// 様式にない項目: what has no cell on any form.
    fn rest(&mut self, form: &Form<'a>) {
        // By field, all records that have no cell for it; the form's own kinds first.
        let mut by_field: BTreeMap<(bool, FieldId), Vec<&KeptRecord>> = BTreeMap::new();
        let mut empty = 0;
        for (record, fields) in &form.rest {
            let is_read = form.sheet.reads.contains(&record.layout.kind);
            for &id in fields {
                if !record.bytes(id).is_empty() || self.findings.has(record, id) {
                    by_field.entry((is_read, id)).or_default().push(record);
                } else {
                    empty += 1;
                }
            }
        }
        if by_field.is_empty() && empty == 0 {
            return;
        }
        let caption = if form.sheet.parts.is_empty() {
            self.pick("項目", "items")
        } else {
            self.pick("様式にない項目", "items without a place on the form")
        };
        self.open_table(caption, true, "cp-rest");
        let abreast = if form.sheet.landscape { 3 } else { 2 };
        let fields: Vec<_> = by_field.iter().collect();
        for of_kind in fields.chunk_by(|a, b| a.0.1.kind == b.0.1.kind) {
            let kind = of_kind[0].0.1.kind;
            let rows = of_kind.len().div_ceil(abreast);
            let _ = write!(
                self.out,
                "<tbody><tr><th scope=\"rowgroup\" rowspan=\"{rows}\" class=\"cp-kind\">{}<br>{}</th>",
                kind.prefix(),
                kind.title().ja,
            );
            for (at_row, row) in of_kind.chunks(abreast).enumerate() {
                if at_row > 0 {
                    self.out.push_str("<tr>");
                }
                for ((_, id), records) in row {
                    let Some(field) = records[0].field(*id) else { continue };
                    let _ = write!(
                        self.out,
                        "<th scope=\"row\">{} {}</th>",
                        field.no,
                        escape(field.name)
                    );
                    let filling = self.fill(&[at(*id)], records);
                    self.write_cell("td", "", "cp-v", filling);
                }
                let missing = (abreast - row.len()) * 2;
                if missing > 0 {
                    let _ = write!(self.out, "<td colspan=\"{missing}\"></td>");
                }
                self.out.push_str("</tr>\n");
            }
            self.out.push_str("</tbody>");
        }
        self.close_table();
        if empty > 0 {
            let _ = writeln!(
                self.out,
                "<p class=\"cp-remark\">{}</p>",
                self.pick("空の項目は省略しています。", "Empty items are left out.")
            );
        }
    }

    /// Findings about whole records: those above the form.
    pub(super) fn record_findings(&mut self, form: &Form<'a>) -> BTreeSet<usize> {
        let mut filling = Filling::default();
        for (record, _) in &form.rest {
            let found = self.findings.of_record(record);
            self.note(&mut filling, &found, record.layout.kind.prefix(), record.number);
        }
        filling.marks
    }

    /// The notes below the form.
    pub(super) fn notes_list(&mut self) {
        if self.notes.all.is_empty() {
            return;
        }
        let notes = std::mem::take(&mut self.notes);
        let _ = writeln!(
            self.out,
            "<section class=\"cp-notes\" lang=\"{}\"><h4>{}</h4><ul>",
            self.pick("ja", "en"),
            self.titles.below.get(self.options.lang)
        );
        for (at, note) in notes.all.iter().enumerate() {
            let number = at + 1;
            let mut places: Vec<String> = note
                .places
                .iter()
                .take(MOST_PLACES)
                .map(|(kind, record)| match self.options.lang {
                    Lang::Ja => format!("{kind} {record}件目"),
                    Lang::En => format!("{kind} record {record}"),
                })
                .collect();
            if let Some(more) = note.places.len().checked_sub(MOST_PLACES).filter(|more| *more > 0)
            {
                places.push(match self.options.lang {
                    Lang::Ja => format!("ほか{more}件"),
                    Lang::En => format!("{more} more"),
                });
            }
            let _ = writeln!(
                self.out,
                "<li id=\"{}-n{number}\" class=\"cp-{}\"><b>{}{number} {}</b> <code>{}</code> {} \
                 <span class=\"cp-fix\">→ {}</span> <small>（{}・{}）</small></li>",
                self.id,
                note.severity.id(),
                sign(note.severity),
                note.label.get(self.options.lang),
                note.code,
                escape(&note.message),
                escape(note.fix),
                escape(&places.join("、")),
                escape(&clause::in_words(&note.clause, self.options.lang)),
            );
        }
        self.out.push_str("</ul></section>\n");
        self.notes = notes;
    }
}

/// For every row, the first row of the cell it belongs to.
fn cell_starts(list: &List, column: &Column, rows: &[&KeptRecord]) -> Vec<usize> {
    let levels = &list.levels[..usize::from(column.level)];
    let mut starts: Vec<usize> = Vec::with_capacity(rows.len());
    for (row, record) in rows.iter().enumerate() {
        let joins = column.level > 0 && row > 0 && {
            let first = rows[starts[row - 1]];
            let same_numbers = levels
                .iter()
                .all(|&id| record.bytes(id) == first.bytes(id) && !record.bytes(id).is_empty());
            // A repeated text may be left out, but another text needs a cell of its own.
            let same_texts = column.places.iter().all(|place| {
                let value = record.bytes(place.id);
                value.is_empty() || value == first.bytes(place.id)
            });
            same_numbers && same_texts
        };
        starts.push(if joins { starts[row - 1] } else { row });
    }
    starts
}

/// Subtotals and totals of table 7 stand out.
fn row_class(code: &str) -> &'static str {
    use service_code::CodeClass;
    match service_code::classify(code.as_bytes()) {
        CodeClass::Service => "",
        CodeClass::Total => " class=\"cp-total\"",
        CodeClass::SubtotalManaged
        | CodeClass::SubtotalUnmanaged
        | CodeClass::SubtotalOver30Days => " class=\"cp-subtotal\"",
    }
}

/// Every choice of the list with the chosen one circled, as on paper.
fn choice(field: &Field, code: Option<&str>, lang: Lang) -> String {
    let Format::Code(list) = field.format else {
        return escape(code.unwrap_or_default());
    };
    // Combined codes (初回＆紹介, 自宅・一戸建て) circle several of the plain ones.
    let parts = |label: &'static str| label.split(['＆', '・']);
    let code = code.unwrap_or_default();
    let chosen = list.label(code.as_bytes());
    let mut out = String::from("<span class=\"cp-choice\">");
    let plain = list.codes.iter().filter(|(_, label)| parts(label).count() == 1);
    for (at, (_, label)) in plain.enumerate() {
        if at > 0 {
            out.push('・');
        }
        if chosen.is_some_and(|chosen| parts(chosen).any(|part| part == *label)) {
            let _ = write!(out, "<mark><span class=\"cp-sr\">○</span>{label}</mark>");
        } else {
            out.push_str(label);
        }
    }
    out.push_str("</span>");
    if !code.is_empty() {
        let odd = match (chosen, lang) {
            (Some(_), _) => "",
            (None, Lang::Ja) => "：コード表にない値",
            (None, Lang::En) => ": not in the code table",
        };
        let _ = write!(out, "<small class=\"cp-code\">［{}{odd}］</small>", escape(code));
    }
    out
}

/// A box to tick.
fn tick(label: &str, code: &str) -> String {
    let (sign, code) = match code {
        "1" => ("☑", String::new()),
        "" | "0" => ("☐", String::new()),
        other => ("☐", format!("<small class=\"cp-code\">［{}］</small>", escape(other))),
    };
    format!("<span class=\"cp-tick\">{sign}{label}</span>{code} ")
}

/// The days of a 日割対象日 in a row.
fn calendar(bitmap: &str, days: &[u8]) -> String {
    let marked: Vec<String> = days.iter().map(u8::to_string).collect();
    format!(
        "<span class=\"cp-days\">{}日</span> <small class=\"cp-code\">［{}］</small>",
        marked.join("・"),
        escape(bitmap)
    )
}
