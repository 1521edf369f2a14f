//! The workbook: what was checked, a sheet of findings, and a sheet a file with its values as text.
//!
//! A record stands one row below its number, for the headings are the first, and an item in its own
//! column: what reports call `C` of record 3 is `C4`. Values are masked as everywhere.

use std::collections::BTreeMap;
use std::io::{Seek, Write};

use careplan_judge::message::{Wording, field_label};
use careplan_judge::{Finding, Rule, Severity, Summary};
use careplan_reader::masking::Showable;
use careplan_reader::{Encoding, FileHeader, Options, Reader, Record, Script, Stretch};
use careplan_spec::file_name::base_name_in_archive;
use careplan_spec::{Field, Lang, Layout, Text, clause};
use rust_xlsxwriter::{
    Format, FormatAlign, IgnoreError, Note, Url, Workbook, Worksheet, XlsxError,
};

/// How many findings the workbook holds; the others are counted.
const MOST_FINDINGS: usize = 50_000;
/// How many cells are filled in all the sheets of files.
const MOST_CELLS: usize = 2_000_000;
/// How many links and notes one sheet gets: more of them make spreadsheets slow.
const MOST_LINKS: usize = 10_000;
/// How many characters a cell takes (32,767) and what is enough to read.
const LONGEST: usize = 30_000;

/// Gathers findings while a run goes on.
#[derive(Default)]
pub(crate) struct Findings {
    kept: Vec<Kept>,
    left_out: u64,
}

/// A finding in words.
struct Kept {
    rule: &'static Rule,
    severity: Severity,
    explained_by: Option<&'static Rule>,
    file: Option<u32>,
    record: u32,
    line: u32,
    field: Option<&'static Field>,
    message: String,
    expected: Option<String>,
    found: Option<String>,
    clause: String,
}

impl Findings {
    /// One more.
    pub(crate) fn add(&mut self, finding: &Finding, wording: &Wording) {
        if self.kept.len() == MOST_FINDINGS {
            self.left_out += 1;
            return;
        }
        self.kept.push(Kept {
            rule: finding.rule,
            severity: finding.severity,
            explained_by: finding.explained_by,
            file: finding.file,
            record: finding.at.record,
            line: finding.at.line,
            field: finding.field,
            message: wording.message(finding),
            expected: wording.expected(finding),
            found: wording.found(finding),
            clause: clause::in_words(&finding.clause(), wording.lang),
        });
    }

    /// Writes the workbook. `said` is what stands above everything; `read` gives the bytes of a file
    /// again, or why there are none.
    pub(crate) fn write(
        &self,
        said: &[String],
        summary: &Summary,
        (wording, options): (Wording, Options),
        mut read: impl FnMut(usize) -> Result<Vec<u8>, String>,
        out: impl Write + Seek + Send,
    ) -> Result<(), XlsxError> {
        let names = sheet_names(summary);
        let mut book = Workbook::new();
        let style = Style::new();
        overview(book.add_worksheet(), said, summary, &names, wording.lang, &style)?;
        self.list(book.add_worksheet(), summary, &names, wording.lang, &style)?;
        let mut marks: BTreeMap<u32, Marks> = BTreeMap::new();
        for kept in &self.kept {
            if let Some(file) = kept.file {
                marks.entry(file).or_default().add(kept, wording.lang);
            }
        }
        let mut left = MOST_CELLS;
        for (at, name) in names.iter().enumerate() {
            let Some(name) = name else { continue };
            let path = &summary.files[at].path;
            let sheet = book.add_worksheet().set_name(name)?;
            let marks = marks.remove(&(at as u32)).unwrap_or_default();
            let mut page = Page { sheet, style: &style, wording, marks, left: &mut left, notes: 0 };
            match (read(at), FileHeader::of(base_name_in_archive(path), options.as_of)) {
                (Ok(bytes), Ok(header)) => page.fill(header, &bytes, options)?,
                (Err(because), _) => page.say(1, &because)?,
                (Ok(_), Err(_)) => {}
            }
        }
        book.save_to_writer(out)
    }

    /// The sheet of findings, with a filter.
    fn list(
        &self,
        sheet: &mut Worksheet,
        summary: &Summary,
        names: &[Option<String>],
        lang: Lang,
        style: &Style,
    ) -> Result<(), XlsxError> {
        const COLUMNS: [(Text, f64); 16] = [
            (Text::new("重要度", "severity"), 9.0),
            (Text::new("コード", "code"), 8.0),
            (Text::new("ルール", "rule"), 28.0),
            (Text::new("原因", "cause"), 8.0),
            (Text::new("シート", "sheet"), 14.0),
            (Text::new("セル", "cell"), 8.0),
            (Text::new("レコード", "record"), 9.0),
            (Text::new("行", "line"), 7.0),
            (Text::new("項目番号", "item"), 9.0),
            (Text::new("項目名", "item name"), 24.0),
            (Text::new("内容", "message"), 70.0),
            (Text::new("正しい形", "expected"), 30.0),
            (Text::new("見つかった値", "found"), 22.0),
            (Text::new("直し方", "fix"), 50.0),
            (Text::new("根拠", "clause"), 26.0),
            (Text::new("ファイル", "file"), 60.0),
        ];
        sheet.set_name(Text::new("指摘", "findings").get(lang))?;
        for (column, (title, width)) in (0..).zip(COLUMNS) {
            sheet.write_string_with_format(0, column, title.get(lang), &style.head)?;
            sheet.set_column_width(column, width)?;
        }
        for (row, kept) in (1..).zip(&self.kept) {
            let path = kept.file.and_then(|at| summary.files.get(at as usize));
            let name = kept.file.and_then(|at| names.get(at as usize)?.as_deref());
            let mut text = |column, text: &str| {
                sheet.write_string_with_format(row, column, short(text), &style.text).map(|_| ())
            };
            text(1, kept.rule.code)?;
            text(2, kept.rule.title.get(lang))?;
            text(3, kept.explained_by.map_or("", |cause| cause.code))?;
            text(4, name.unwrap_or_default())?;
            text(9, kept.field.map_or("", |field| field.name))?;
            text(10, &kept.message)?;
            text(11, kept.expected.as_deref().unwrap_or_default())?;
            text(12, kept.found.as_deref().unwrap_or_default())?;
            text(13, kept.rule.fix.get(lang))?;
            text(14, &kept.clause)?;
            text(15, path.map_or("", |file| &file.path))?;
            let label = kept.severity.label().get(lang);
            sheet.write_string_with_format(row, 0, label, style.of(kept.severity))?;
            let number = kept.field.map_or(0, |field| u32::from(field.no));
            for (column, number) in [(6, kept.record), (7, kept.line), (8, number)] {
                if number > 0 {
                    sheet.write_number(row, column, number)?;
                }
            }
            if let Some(name) = name {
                let cell = kept.cell();
                if (row as usize) < MOST_LINKS {
                    let link = Url::new(format!("internal:'{name}'!{cell}")).set_text(&cell);
                    sheet.write_url(row, 5, link)?;
                } else {
                    sheet.write_string(row, 5, &cell)?;
                }
            }
        }
        let last = self.kept.len() as u32;
        sheet.autofilter(0, 0, last, COLUMNS.len() as u16 - 1)?;
        sheet.set_freeze_panes(1, 0)?.set_landscape().set_print_fit_to_pages(1, 0);
        sheet.set_repeat_rows(0, 0)?;
        if self.left_out > 0 {
            let text = match lang {
                Lang::Ja => format!("ほかに{}件の指摘は省きました", self.left_out),
                Lang::En => format!("left out: {} more findings", self.left_out),
            };
            sheet.write_string(last + 2, 0, text)?;
        }
        Ok(())
    }
}

impl Kept {
    /// Row and column of the cell that it is about: the first of its row, or of the sheet.
    fn at(&self) -> (u32, u16) {
        (self.record, self.field.map_or(0, |field| u16::from(field.no) - 1))
    }

    /// The same as a spreadsheet writes it.
    fn cell(&self) -> String {
        let letter = self.field.map_or_else(|| "A".to_owned(), |field| field.column_letter());
        format!("{letter}{}", self.record + 1)
    }
}

/// What is said about the cells of a file, by row and column.
#[derive(Default)]
struct Marks(BTreeMap<(u32, u16), (Severity, String)>);

impl Marks {
    fn add(&mut self, kept: &Kept, lang: Lang) {
        let (severity, note) =
            self.0.entry(kept.at()).or_insert_with(|| (kept.severity, String::new()));
        *severity = kept.severity.max(*severity);
        if note.len() < 1_500 {
            let label = kept.severity.label().get(lang);
            let gap = if note.is_empty() { "" } else { "\n" };
            note.push_str(&format!("{gap}{label} {} {}", kept.rule.code, kept.message));
        }
    }
}

struct Style {
    text: Format,
    head: Format,
    error: Format,
    warning: Format,
    info: Format,
}

impl Style {
    fn new() -> Self {
        // `@`: text, and what is typed over it stays text.
        let text = Format::new().set_num_format("@").set_align(FormatAlign::Top);
        let filled = |colour: u32| text.clone().set_background_color(colour);
        Self {
            head: filled(0xE7_EB_EF).set_bold().set_text_wrap(),
            error: filled(0xFF_C7_CE),
            warning: filled(0xFF_EB_9C),
            info: filled(0xDD_EB_F7),
            text,
        }
    }

    const fn of(&self, severity: Severity) -> &Format {
        match severity {
            Severity::Error => &self.error,
            Severity::Warning => &self.warning,
            Severity::Info => &self.info,
        }
    }
}

/// The sheet of a file.
struct Page<'p> {
    sheet: &'p mut Worksheet,
    style: &'p Style,
    wording: Wording,
    marks: Marks,
    /// How many cells may still be filled.
    left: &'p mut usize,
    notes: usize,
}

impl Page<'_> {
    fn fill(
        &mut self,
        header: FileHeader,
        bytes: &[u8],
        options: Options,
    ) -> Result<(), XlsxError> {
        let mut layout = header.layout;
        let mut reader = Reader::as_written(header, bytes, options);
        let mut script = Script::Ms932;
        let mut last = 0;
        let mut headed = false;
        // Memory gives no errors.
        while let Ok(Some(stretch)) = reader.next_stretch() {
            if *self.left == 0 || last > 1_000_000 {
                let text =
                    Text::new("これより後のレコードは省きました", "later records are left out");
                self.say(last + 1, text.get(self.wording.lang))?;
                break;
            }
            match stretch {
                Stretch::Beginning(beginning) if beginning.encoding != Encoding::Ms932 => {
                    script = Script::Utf8;
                }
                Stretch::Record(record) => {
                    layout = Some(record.layout);
                    if !std::mem::replace(&mut headed, true) {
                        self.head(record.layout)?;
                    }
                    last = record.at.record;
                    self.record(script, &record)?;
                }
                Stretch::Broken(record) => {
                    last = record.at.record;
                    self.stray(last, script, record.bytes)?;
                }
                Stretch::TooLong { at, bytes } => {
                    last = at.record;
                    self.stray(last, script, bytes)?;
                }
                Stretch::OtherDelimiter { bytes, .. } => self.stray(1, script, bytes)?,
                Stretch::Beginning(_)
                | Stretch::Heading(_)
                | Stretch::Blank { .. }
                | Stretch::EndMark { .. } => {}
            }
        }
        if let (false, Some(layout)) = (headed, layout) {
            self.head(layout)?;
        }
        let columns = layout.map_or(1, |layout| layout.columns() as u16);
        if last > 0 {
            let numbers = IgnoreError::NumberStoredAsText;
            self.sheet.ignore_error_range(0, 0, last, columns - 1, numbers)?;
            self.sheet.autofilter(0, 0, last, columns - 1)?;
        }
        self.sheet.set_freeze_panes(1, 0)?.set_landscape();
        // What is said about cells that are not there, such as those of a broken record.
        for ((row, column), (severity, note)) in std::mem::take(&mut self.marks.0) {
            self.sheet.write_blank(row, column, self.style.of(severity))?;
            self.note(row, column, &note)?;
        }
        Ok(())
    }

    fn head(&mut self, layout: &Layout) -> Result<(), XlsxError> {
        for (column, field) in (0..).zip(layout.fields) {
            let label = field_label(field, self.wording.lang);
            self.sheet.set_column_format(column, &self.style.text)?;
            self.sheet.set_column_width(column, 14)?;
            let (style, note) = match self.marks.0.remove(&(0, column)) {
                Some((severity, note)) => (self.style.of(severity).clone().set_bold(), Some(note)),
                None => (self.style.head.clone(), None),
            };
            self.sheet.write_string_with_format(0, column, field.name, &style)?;
            let note = note.map_or_else(|| label.clone(), |note| format!("{label}\n{note}"));
            self.note(0, column, &note)?;
        }
        Ok(())
    }

    fn record(&mut self, script: Script, record: &Record<'_>) -> Result<(), XlsxError> {
        let Wording { lang, show_values } = self.wording;
        let values = (0..record.fields.len()).map(|at| record.value(at));
        let showable = Showable::of(record.layout, values.clone());
        for (at, value) in values.enumerate() {
            let text = if value.is_empty() {
                String::new()
            } else if show_values || showable.has(at) {
                let text = script.text(value);
                if record.fields[at].quoted { text.replace("\"\"", "\"") } else { text }
            } else {
                script.shape(value, lang)
            };
            self.cell(record.at.record, at as u16, &text)?;
        }
        Ok(())
    }

    /// What has no columns, in the first cell of its row.
    fn stray(&mut self, row: u32, script: Script, bytes: &[u8]) -> Result<(), XlsxError> {
        let bytes = &bytes[..bytes.len().min(LONGEST)];
        let text = match self.wording {
            Wording { show_values: true, .. } => script.text(bytes),
            Wording { lang, .. } => script.shape(bytes, lang),
        };
        self.cell(row, 0, &text)
    }

    fn say(&mut self, row: u32, text: &str) -> Result<(), XlsxError> {
        self.sheet.write_string(row, 0, text)?;
        Ok(())
    }

    fn cell(&mut self, row: u32, column: u16, text: &str) -> Result<(), XlsxError> {
        *self.left = self.left.saturating_sub(1);
        let mark = self.marks.0.remove(&(row, column));
        let style =
            mark.as_ref().map_or(&self.style.text, |(severity, _)| self.style.of(*severity));
        if text.is_empty() {
            if mark.is_some() {
                self.sheet.write_blank(row, column, style)?;
            }
        } else {
            self.sheet.write_string_with_format(row, column, short(text), style)?;
        }
        match mark {
            Some((_, note)) => self.note(row, column, &note),
            None => Ok(()),
        }
    }

    fn note(&mut self, row: u32, column: u16, text: &str) -> Result<(), XlsxError> {
        if self.notes == MOST_LINKS {
            return Ok(());
        }
        self.notes += 1;
        let lines: usize = text.lines().map(|line| 1 + line.chars().count() / 28).sum();
        let height = 24 + 18 * lines.min(20) as u32;
        let note = Note::new(text).add_author_prefix(false).set_width(320).set_height(height);
        self.sheet.insert_note(row, column, &note)?;
        Ok(())
    }
}

/// As much of a text as a cell takes.
fn short(text: &str) -> &str {
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => &text[..at],
        None => text,
    }
}

/// The names of the sheets, by file: the kind, and a number where there are several. What is none
/// of the standard's tables has no sheet.
fn sheet_names(summary: &Summary) -> Vec<Option<String>> {
    let mut used: BTreeMap<&str, u32> = BTreeMap::new();
    let name = |file: &careplan_judge::engine::FileOutcome| {
        let prefix = file.kind.filter(|kind| kind.is_csv())?.prefix();
        let count = used.entry(prefix).or_default();
        *count += 1;
        Some(if *count == 1 { prefix.to_owned() } else { format!("{prefix} ({count})") })
    };
    summary.files.iter().map(name).collect()
}

/// What was checked, and what came of it.
fn overview(
    sheet: &mut Worksheet,
    said: &[String],
    summary: &Summary,
    names: &[Option<String>],
    lang: Lang,
    style: &Style,
) -> Result<(), XlsxError> {
    const COLUMNS: [(Text, f64); 7] = [
        (Text::new("シート", "sheet"), 16.0),
        (Text::new("種別", "kind"), 36.0),
        (Text::new("レコード", "records"), 10.0),
        (Text::new("エラー", "errors"), 9.0),
        (Text::new("警告", "warnings"), 9.0),
        (Text::new("情報", "infos"), 9.0),
        (Text::new("ファイル", "file"), 80.0),
    ];
    sheet.set_name(Text::new("概要", "overview").get(lang))?;
    let bold = Format::new().set_bold().set_font_size(12);
    for (row, line) in (0..).zip(said) {
        sheet.write_string_with_format(row, 0, line, &bold)?;
    }
    let first = said.len() as u32 + 1;
    for (column, (title, width)) in (0..).zip(COLUMNS) {
        sheet.write_string_with_format(first, column, title.get(lang), &style.head)?;
        sheet.set_column_width(column, width)?;
    }
    for ((row, file), name) in (first + 1..).zip(&summary.files).zip(names) {
        if let Some(name) = name {
            sheet.write_url(row, 0, Url::new(format!("internal:'{name}'!A1")).set_text(name))?;
        }
        sheet.write_string(row, 1, file.kind.map_or("", |kind| kind.title().get(lang)))?;
        let counts = file.counts;
        for (column, count) in
            (2..).zip([file.records, counts.errors, counts.warnings, counts.infos])
        {
            sheet.write_number(row, column, count as f64)?;
        }
        sheet.write_string(row, 6, short(&file.path))?;
    }
    Ok(())
}
