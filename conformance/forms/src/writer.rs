//! Fills one form: cells with their values and marks, blocks as tables.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use careplan_judge::severity::Severity;
use careplan_reader::{KeptFile, KeptRecord};
use careplan_spec::layout::{Field, FieldId, Format};
use careplan_spec::{FileKind, StandardVersion, service_code};

use super::Options;
use super::assembly::{Findings, Form, NAMES, insured_number};
use super::notes::{Notable, Notes};
use super::sheet::{Block, CellField, Grid, List, ListColumn, Look, Matrix, at};
use super::table::{Piece, Table, TableCell, TableColumn, TableRow};
use super::value::{self, ranges};

/// The largest image that is put into the page, in bytes. Assumed: family charts are small.
const LARGEST_IMAGE: usize = 4 << 20;

/// The 4.1 row of a field.
fn reference(id: FieldId) -> Option<&'static Field> {
    id.kind.layout(StandardVersion::V4_1)?.fields.get(usize::from(id.index))
}

/// What a block becomes.
#[derive(Debug)]
pub(super) enum Drawn {
    Table(Table),
    Remark(&'static str),
}

/// Fills a form.
pub(super) struct Writer<'w, 'a> {
    pub(super) options: &'w Options<'w>,
    pub(super) findings: &'w mut Findings<'a>,
    pub(super) notes: Notes,
    pub(super) drawn: Vec<Drawn>,
}

/// Where the values of a cell come from, for pages that look for a cell.
#[derive(Default)]
struct Origin {
    fields: BTreeSet<FieldId>,
    records: BTreeMap<FileKind, BTreeSet<u32>>,
}

impl Origin {
    /// The fields, as `upplan.service_date upplan.units`.
    fn fields(&self) -> String {
        let name = |id: &FieldId| {
            let field = reference(*id).map_or_else(String::new, Field::id);
            format!("{}.{field}", id.kind.prefix().to_ascii_lowercase())
        };
        self.fields.iter().map(name).collect::<Vec<_>>().join(" ")
    }

    /// The records, as `upplan:1-3,7`.
    fn records(&self) -> String {
        let of_kind = |(kind, numbers): (&FileKind, &BTreeSet<u32>)| {
            let numbers: Vec<u32> = numbers.iter().copied().collect();
            format!("{}:{}", kind.prefix().to_ascii_lowercase(), ranges(&numbers))
        };
        self.records.iter().map(of_kind).collect::<Vec<_>>().join(" ")
    }
}

/// A cell being filled.
#[derive(Default)]
pub(super) struct Filling {
    /// The values.
    pub(super) pieces: Vec<Piece>,
    marks: BTreeSet<usize>,
    worst: Option<Severity>,
    origin: Origin,
}

impl Filling {
    /// Adds a text, where there is one.
    pub(super) fn text(&mut self, text: impl Into<String>) {
        push_text(&mut self.pieces, text);
    }
}

fn push_text(pieces: &mut Vec<Piece>, text: impl Into<String>) {
    let text = text.into();
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
}

impl<'a> Writer<'_, 'a> {
    /// The text of a field, its shape where it must not be shown.
    pub(super) fn shown(&self, record: &KeptRecord, id: FieldId) -> String {
        let Some(field) = record.field(id) else { return String::new() };
        if record.bytes(id).is_empty() {
            String::new()
        } else if self.options.mask && !record.may_show(id) {
            record.shape(id, self.options.lang)
        } else {
            value::written(field, &record.text(id))
        }
    }

    /// Whose form it is, masked where asked for.
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
        number.filter(|number| !number.is_empty()).unwrap_or_else(|| {
            self.options.pick("（氏名・番号なし）", "(no name or number)").to_owned()
        })
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
        let wording = self.options.wording();
        for finding in found {
            filling.marks.insert(self.notes.add(*finding, kind, record, wording));
            filling.worst = filling.worst.max(Some(finding.severity()));
        }
    }

    /// A filled cell.
    pub(super) fn cell(&self, class: &str, filling: Filling) -> TableCell {
        let class = match filling.worst {
            Some(worst) => format!("{class} cp-{}", worst.id()),
            None => class.to_owned(),
        };
        TableCell {
            class,
            fields: filling.origin.fields(),
            records: filling.origin.records(),
            pieces: filling.pieces,
            marks: filling.marks.iter().map(|&at| self.notes.all[at].mark()).collect(),
            ..TableCell::default()
        }
    }

    /// A cell with the fields of records.
    pub(super) fn filled(
        &mut self,
        class: &str,
        fields: &[CellField],
        records: &[&KeptRecord],
    ) -> TableCell {
        let filling = self.fill(fields, records);
        self.cell(class, filling)
    }

    /// Fills a cell with the fields of records: every distinct value once.
    pub(super) fn fill(&mut self, fields: &[CellField], records: &[&KeptRecord]) -> Filling {
        let mut filling = Filling::default();
        // Where plan and actual say the same, it is said once.
        let mut said: BTreeMap<Vec<Piece>, FileKind> = BTreeMap::new();
        for field in fields {
            let of_kind: Vec<&KeptRecord> = records
                .iter()
                .copied()
                .filter(|record| record.layout.kind == field.id.kind)
                .filter(|record| record.field(field.id).is_some())
                .collect();
            let mut index: BTreeMap<&[u8], usize> = BTreeMap::new();
            let mut distinct: Vec<(&KeptRecord, Vec<u32>)> = Vec::new();
            for &record in &of_kind {
                if field.look != Look::ServiceName {
                    self.mark(&mut filling, record, field.id);
                }
                let slot = *index.entry(record.bytes(field.id)).or_insert_with(|| {
                    distinct.push((record, Vec::new()));
                    distinct.len() - 1
                });
                distinct[slot].1.push(record.number);
            }
            let several = distinct.len() > 1;
            for (record, numbers) in &distinct {
                let mut pieces = self.pieces(record, field);
                let is_said = said.get(&pieces).is_some_and(|kind| *kind != field.id.kind);
                if pieces.is_empty() || is_said {
                    continue;
                }
                said.insert(pieces.clone(), field.id.kind);
                if several {
                    let unit = self.options.pick("件目", "");
                    pieces.push(Piece::Code(format!("{}{unit}", ranges(numbers))));
                }
                if (field.own_line || several) && !filling.pieces.is_empty() {
                    filling.pieces.push(Piece::LineBreak);
                }
                filling.pieces.append(&mut pieces);
            }
            if of_kind.is_empty() {
                // An empty form still shows what can be chosen.
                let mut pieces = match (reference(field.id), field.look) {
                    (Some(row), Look::Choice) => choice(row, "", self.options),
                    (_, Look::Tick(label)) => tick(label, ""),
                    _ => Vec::new(),
                };
                let is_second_kind = fields.iter().any(|other| other.id.kind != field.id.kind);
                if !is_second_kind && !pieces.is_empty() {
                    if field.own_line {
                        filling.pieces.push(Piece::LineBreak);
                    }
                    filling.pieces.append(&mut pieces);
                }
            }
        }
        filling
    }

    /// One field of one record with what is printed around it; nothing where it is empty.
    fn pieces(&self, record: &KeptRecord, shown: &CellField) -> Vec<Piece> {
        let Some(field) = record.field(shown.id) else { return Vec::new() };
        let masked = self.options.mask && !record.may_show(shown.id);
        let raw = if masked { String::new() } else { record.text(shown.id) };
        let text = self.shown(record, shown.id);
        let value = match shown.look {
            Look::Choice if !masked => choice(field, &raw, self.options),
            Look::Tick(label) if !masked => tick(label, &raw),
            _ if text.is_empty() => return Vec::new(),
            Look::Sign(code, sign) if raw == code => vec![Piece::Text(format!("{sign}{text}"))],
            Look::ServiceName => vec![Piece::Text(value::service_name(&raw))],
            Look::Number => vec![Piece::Small(text)],
            Look::Large => vec![Piece::Large(text)],
            Look::Plain | Look::Choice | Look::Tick(_) | Look::Sign(..) => {
                match (field.format, value::marked_days(&raw)) {
                    (Format::PerDiemBitmap, Some(days)) => calendar(raw, &days),
                    _ => vec![Piece::Text(text)],
                }
            }
        };
        let mut pieces = Vec::new();
        push_text(&mut pieces, shown.before);
        pieces.extend(value.into_iter().filter(|piece| *piece != Piece::Text(String::new())));
        push_text(&mut pieces, shown.after);
        pieces
    }

    /// Fills a form.
    pub(super) fn form(&mut self, form: &Form<'a>) {
        let records = form.records();
        for block in form.sheet.blocks {
            match block {
                Block::Grid(grid) => self.grid(grid, &records),
                Block::Matrix(matrix) => self.matrix(matrix, &records),
                Block::List(list) => self.list(list, &records),
                Block::Week(week) => self.week(week, &records),
                Block::Month(uses) => self.month(uses, &records),
                Block::Picture(caption, id) => self.picture(caption, *id, &records, &form.images),
                Block::Remark(text) => self.drawn.push(Drawn::Remark(text)),
            }
        }
        self.rest(form);
    }

    pub(super) fn table(&mut self, table: Table) {
        self.drawn.push(Drawn::Table(table));
    }

    fn grid(&mut self, grid: &Grid, records: &[&KeptRecord]) {
        let mut rows = Vec::new();
        for row in grid.rows {
            let mut cells = Vec::new();
            if let Some((label, span, rows)) = row.group {
                let heading = TableCell::heading("rowgroup", label);
                cells.push(heading.columns(span.into()).rows(rows.into()));
            }
            for cell in row.cells {
                let heading = TableCell::heading("row", cell.label);
                cells.push(heading.columns(cell.label_span.into()));
                let class = if cell.tall { "cp-v cp-tall" } else { "cp-v" };
                cells.push(self.filled(class, cell.fields, records).columns(cell.span.into()));
            }
            rows.push(cells.into());
        }
        self.table(Table {
            class: "cp-grid",
            caption: grid.caption,
            heading: grid.heading,
            columns: vec![TableColumn::default(); grid.columns.into()],
            bodies: vec![rows],
            ..Table::default()
        });
    }

    fn matrix(&mut self, matrix: &Matrix, records: &[&KeptRecord]) {
        let is_filled = |writer: &Self, fields: &[CellField]| {
            records.iter().any(|record| {
                fields
                    .iter()
                    .filter(|field| field.id.kind == record.layout.kind)
                    .any(|field| writer.matters(record, field.id))
            })
        };
        let mut rows = Vec::new();
        for row in matrix.rows {
            if matrix.skip_empty && !row.cells.iter().any(|fields| is_filled(self, fields)) {
                continue;
            }
            let mut cells = vec![TableCell::heading("row", row.label)];
            cells.extend(row.cells.iter().map(|fields| self.filled("cp-v", fields, records)));
            rows.push(cells.into());
        }
        if rows.is_empty() {
            return;
        }
        let corner = TableCell::heading("col", matrix.corner);
        let heads = matrix.heads.iter().map(|head| TableCell::column_heading(*head));
        self.table(Table {
            class: "cp-matrix",
            caption: matrix.caption,
            heading: true,
            head: vec![std::iter::once(corner).chain(heads).collect::<Vec<_>>().into()],
            bodies: vec![rows],
            ..Table::default()
        });
    }

    fn list(&mut self, list: &List, records: &[&KeptRecord]) {
        let mut records: Vec<&KeptRecord> =
            records.iter().copied().filter(|record| record.layout.kind == list.kind).collect();
        let numbers = |record: &KeptRecord| -> Vec<u32> {
            // A number that cannot be read comes last.
            list.levels.iter().map(|&id| record.text(id).parse().unwrap_or(u32::MAX)).collect()
        };
        records.sort_by_key(|record| numbers(record));
        // For every column, the first row of the cell that each row belongs to.
        let starts: Vec<Vec<usize>> =
            list.columns.iter().map(|column| cell_starts(list, column, &records)).collect();
        let mut rows = Vec::new();
        for (row, record) in records.iter().enumerate() {
            let mut cells = Vec::new();
            for (column, starts) in list.columns.iter().zip(&starts) {
                if starts[row] != row {
                    continue;
                }
                let span = starts[row..].iter().take_while(|start| **start == row).count();
                let filling = self.fill_merged(column, &records[row..row + span]);
                let class = if column.amount { "cp-v cp-amount" } else { "cp-v" };
                let cell = self.cell(class, filling);
                cells.push(if span > 1 { cell.rows(span) } else { cell });
            }
            let class = list.total.map_or("", |id| row_class(&record.text(id)));
            rows.push(TableRow { class, cells });
        }
        for _ in records.len()..usize::from(list.least) {
            let empty = list.columns.iter().map(|_| TableCell::plain("cp-v", "\u{A0}"));
            rows.push(empty.collect::<Vec<_>>().into());
        }
        let width = |column: &ListColumn| format!("{}.{}%", column.width / 10, column.width % 10);
        self.table(Table {
            class: "cp-list",
            caption: list.caption,
            heading: list.heading,
            columns: list.columns.iter().map(|column| TableColumn::wide(width(column))).collect(),
            head: list_head(list),
            bodies: vec![rows],
        });
    }

    /// A merged cell shows the values of its first row; the others repeat them or are empty.
    fn fill_merged(&mut self, column: &ListColumn, rows: &[&KeptRecord]) -> Filling {
        let mut filling = self.fill(column.fields, &rows[..1]);
        for record in &rows[1..] {
            for field in column.fields {
                self.mark(&mut filling, record, field.id);
            }
        }
        filling
    }

    fn picture(
        &mut self,
        caption: &'static str,
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
            filling.pieces.push(Piece::LineBreak);
            if self.options.mask {
                filling.text(self.options.pick("〔画像は伏せています〕", "〔image withheld〕"));
            } else if is_jpeg && bytes.len() <= LARGEST_IMAGE {
                let alt = self.options.pick("家族構成の図", "family chart");
                filling.pieces.push(Piece::Image { alt, base64: STANDARD.encode(bytes) });
            } else {
                filling.text(self.options.pick(
                    "〔JPEGでないか、4MiBより大きい画像のため表示しません〕",
                    "〔not a JPEG, or larger than 4 MiB: not shown〕",
                ));
            }
        }
        let heading = TableCell::heading("row", caption).class("cp-narrow");
        let row = vec![heading, self.cell("cp-v cp-tall", filling)];
        self.table(Table {
            class: "cp-grid",
            caption,
            bodies: vec![vec![row.into()]],
            ..Table::default()
        });
    }

    /// Whether a field has a value or a finding.
    pub(super) fn matters(&self, record: &KeptRecord, id: FieldId) -> bool {
        !record.bytes(id).is_empty() || self.findings.has(record, id)
    }

    /// 様式にない項目: what has no cell on any form.
    fn rest(&mut self, form: &Form<'a>) {
        // By field, all records that have no cell for it; the form's own kinds first.
        let mut by_field: BTreeMap<(bool, FieldId), Vec<&KeptRecord>> = BTreeMap::new();
        let mut empty = 0;
        for (record, fields) in &form.rest {
            let is_read = form.sheet.reads.contains(&record.layout.kind);
            for &id in fields {
                if self.matters(record, id) {
                    by_field.entry((is_read, id)).or_default().push(record);
                } else {
                    empty += 1;
                }
            }
        }
        if by_field.is_empty() && empty == 0 {
            return;
        }
        let abreast = if form.sheet.landscape { 3 } else { 2 };
        let fields: Vec<(FieldId, Vec<&KeptRecord>)> =
            by_field.into_iter().map(|((_, id), records)| (id, records)).collect();
        let bodies = fields
            .chunk_by(|a, b| a.0.kind == b.0.kind)
            .map(|of_kind| self.rest_of_kind(of_kind, abreast))
            .collect();
        let caption = if form.sheet.blocks.is_empty() {
            self.options.pick("項目", "items")
        } else {
            self.options.pick("様式にない項目", "items without a place on the form")
        };
        self.table(Table { class: "cp-rest", caption, heading: true, bodies, ..Table::default() });
        if empty > 0 {
            let left_out =
                self.options.pick("空の項目は省略しています。", "Empty items are left out.");
            self.drawn.push(Drawn::Remark(left_out));
        }
    }

    /// The fields of one kind, so many abreast.
    fn rest_of_kind(
        &mut self,
        fields: &[(FieldId, Vec<&KeptRecord>)],
        abreast: usize,
    ) -> Vec<TableRow> {
        let kind = fields[0].0.kind;
        let mut heading = TableCell::heading("rowgroup", kind.prefix()).class("cp-kind");
        heading.pieces.extend([Piece::LineBreak, Piece::Text(kind.title().ja.to_owned())]);
        let mut front = vec![heading.rows(fields.len().div_ceil(abreast))];
        let mut rows = Vec::new();
        for row in fields.chunks(abreast) {
            let mut cells = std::mem::take(&mut front);
            for (id, records) in row {
                let Some(field) = records[0].field(*id) else { continue };
                let label = format!("{} {}", field.no, field.name);
                cells.push(TableCell::heading("row", label));
                cells.push(self.filled("cp-v", &[at(*id)], records));
            }
            let missing = (abreast - row.len()) * 2;
            if missing > 0 {
                cells.push(TableCell::default().columns(missing));
            }
            rows.push(cells.into());
        }
        rows
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
}

fn list_head(list: &List) -> Vec<TableRow> {
    let is_double = list.columns.iter().any(|column| !column.over.is_empty());
    let mut upper = Vec::new();
    for run in list.columns.chunk_by(|a, b| !a.over.is_empty() && a.over == b.over) {
        let first = &run[0];
        upper.push(if !first.over.is_empty() {
            TableCell::heading("colgroup", first.over).columns(run.len())
        } else if is_double {
            TableCell::heading("col", first.heading).rows(2)
        } else {
            TableCell::column_heading(first.heading)
        });
    }
    let mut rows = vec![upper.into()];
    if is_double {
        let under = list.columns.iter().filter(|column| !column.over.is_empty());
        let lower = under.map(|column| TableCell::column_heading(column.heading));
        rows.push(lower.collect::<Vec<_>>().into());
    }
    rows
}

/// For every row, the first row of the cell it belongs to.
fn cell_starts(list: &List, column: &ListColumn, rows: &[&KeptRecord]) -> Vec<usize> {
    let levels = &list.levels[..usize::from(column.level)];
    let mut starts: Vec<usize> = Vec::with_capacity(rows.len());
    for (row, record) in rows.iter().enumerate() {
        let joins = column.level > 0 && row > 0 && {
            let first = rows[starts[row - 1]];
            let same_numbers = levels
                .iter()
                .all(|&id| record.bytes(id) == first.bytes(id) && !record.bytes(id).is_empty());
            // A repeated text may be left out, but another text needs a cell of its own.
            let same_texts = column.fields.iter().all(|field| {
                let value = record.bytes(field.id);
                value.is_empty() || value == first.bytes(field.id)
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
        CodeClass::Total => "cp-total",
        CodeClass::SubtotalManaged
        | CodeClass::SubtotalUnmanaged
        | CodeClass::SubtotalOver30Days => "cp-subtotal",
    }
}

/// Every choice of the list with the chosen one circled, as on paper; `code` is empty where
/// nothing was chosen.
fn choice(field: &Field, code: &str, options: &Options<'_>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let Format::Code(list) = field.format else {
        push_text(&mut pieces, code);
        return pieces;
    };
    // Combined codes (初回＆紹介, 自宅・一戸建て) circle several of the plain ones.
    let parts = |label: &'static str| label.split(['＆', '・']);
    let chosen = list.label(code.as_bytes());
    let is_chosen = |label| chosen.is_some_and(|chosen| parts(chosen).any(|part| part == label));
    let plain = list.codes.iter().map(|(_, label)| *label).filter(|l| parts(l).count() == 1);
    pieces.push(Piece::Choice(plain.map(|label| (label, is_chosen(label))).collect()));
    if !code.is_empty() {
        let odd = match chosen {
            Some(_) => "",
            None => options.pick("：コード表にない値", ": not in the code table"),
        };
        pieces.push(Piece::Code(format!("{code}{odd}")));
    }
    pieces
}

/// A box to tick.
fn tick(label: &str, code: &str) -> Vec<Piece> {
    let sign = if code == "1" { "☑" } else { "☐" };
    let mut pieces = vec![Piece::Classed("cp-tick", format!("{sign}{label}"))];
    if !matches!(code, "" | "0" | "1") {
        pieces.push(Piece::Code(code.to_owned()));
    }
    pieces.push(Piece::Text(" ".to_owned()));
    pieces
}

/// The days of a 日割対象日 in a row.
fn calendar(bitmap: String, days: &[u8]) -> Vec<Piece> {
    let marked: Vec<String> = days.iter().map(u8::to_string).collect();
    vec![
        Piece::Classed("cp-days", format!("{}日", marked.join("・"))),
        Piece::Text(" ".to_owned()),
        Piece::Code(bitmap),
    ]
}
