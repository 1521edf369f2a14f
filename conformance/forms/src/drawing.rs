//! Draws the forms of all units, and what stands above them: what could not be shown, and what is
//! said about no cell.

use askama::Template;
use careplan_judge::engine::{FileStatus, Report};
use careplan_reader::{KeptFile, Reason, contained};
use careplan_spec::Lang;
use careplan_spec::send_unit::Match;

use super::assembly::{self, Findings, Form, Unit};
use super::notes::{Notable, Note, Notes, Sentence};
use super::table::Piece;
use super::value::ranges;
use super::writer::{Drawn, Writer};
use super::{Entry, Options, Titles};

/// The whole piece.
#[derive(Template)]
#[template(path = "forms.html")]
struct Forms<'d> {
    options: &'d Options<'d>,
    titles: &'d Titles,
    /// Files that are not shown, and why.
    unread: Vec<(String, String)>,
    /// What has no cell: file or unit, and what is said about it.
    elsewhere: Vec<(String, Sentence)>,
    strays: Vec<StrayRow<'d>>,
    units: Vec<UnitSection>,
    /// Whether no form was drawn.
    nothing: bool,
}

/// A stretch that fits no form.
struct StrayRow<'d> {
    path: &'d str,
    place: String,
    reason: String,
    said: Vec<Sentence>,
    text: String,
    cut: bool,
}

/// The forms of a unit.
struct UnitSection {
    title: String,
    /// HTML of each form.
    forms: Vec<String>,
}

/// One form.
#[derive(Template)]
#[template(path = "form.html")]
struct FormSection<'d> {
    id: String,
    options: &'d Options<'d>,
    titles: &'d Titles,
    paper: &'static str,
    number: &'static str,
    title: &'static str,
    person: &'d str,
    /// What is said about whole records.
    whole: Vec<&'d Note>,
    drawn: &'d [Drawn],
    notes: &'d [Note],
    sources: String,
}

/// Draws the forms of files.
pub(super) struct Drawing<'d> {
    options: &'d Options<'d>,
    report: &'d Report,
    contents: &'d [KeptFile<'d>],
    findings: Findings<'d>,
    titles: &'static Titles,
    pub(super) entries: Vec<Entry>,
    /// Files and records of forms that could not be drawn because of an internal error.
    pub(super) failed: Vec<String>,
}

impl<'d> Drawing<'d> {
    pub(super) fn new(
        options: &'d Options<'d>,
        report: &'d Report,
        contents: &'d [KeptFile<'d>],
        said: Vec<&'d dyn Notable>,
        titles: &'static Titles,
    ) -> Self {
        let findings = Findings::new(said);
        let (entries, failed) = (Vec::new(), Vec::new());
        Self { options, report, contents, findings, titles, entries, failed }
    }

    /// HTML of everything.
    pub(super) fn html(&mut self) -> String {
        // Forms first: they take the findings that have a place.
        let units = assembly::units(self.contents, self.report);
        let units = units.iter().filter(|unit| !unit.forms.is_empty());
        let units = units.map(|unit| self.unit(unit)).collect();
        let strays = self.strays();
        let forms = Forms {
            options: self.options,
            titles: self.titles,
            unread: self.unread(),
            elsewhere: self.elsewhere(),
            strays,
            units,
            nothing: self.entries.is_empty(),
        };
        forms.to_string()
    }

    fn unit(&mut self, unit: &Unit<'d>) -> UnitSection {
        let title = self.unit_title(unit);
        let mut forms = Vec::new();
        for form in &unit.forms {
            match contained(|| self.form(form, &title)) {
                Some(drawn) => forms.push(drawn),
                None => self.failed.push(self.sources(form)),
            }
        }
        UnitSection { title, forms }
    }

    /// What a unit is called: kind, sender, receiver, sequence. Plain text.
    fn unit_title(&self, unit: &Unit<'_>) -> String {
        let Some(outcome) = unit.index.and_then(|at| self.report.summary.units.get(at)) else {
            let path = unit.files.first().map_or("", |&file| self.contents[file as usize].path);
            return match self.options.lang {
                Lang::Ja => format!("送信単位にまとめられないファイル：{path}"),
                Lang::En => format!("file outside any send unit: {path}"),
            };
        };
        let title = match &outcome.matched {
            Match::Complete(unit) | Match::Incomplete { unit, .. } => {
                unit.title.get(self.options.lang)
            }
            Match::None => {
                self.options.pick("どの送信単位でもない組み合わせ", "no known send unit")
            }
        };
        format!("{title}　{} → {}　{}", outcome.sender, outcome.receiver, outcome.sequence)
    }

    fn form(&mut self, form: &Form<'d>, unit: &str) -> String {
        let mut writer = Writer {
            options: self.options,
            findings: &mut self.findings,
            notes: Notes::default(),
            drawn: Vec::new(),
        };
        let person = writer.person(form);
        let whole = writer.record_findings(form);
        writer.form(form);
        let Writer { notes, drawn, .. } = writer;
        let sheet = form.sheet;
        let title = match sheet.title.ja {
            "" => form.own[0].layout.kind.title(),
            _ => sheet.title,
        };
        let section = FormSection {
            id: format!("{}-f{}", self.options.safe_prefix(), self.entries.len() + 1),
            options: self.options,
            titles: self.titles,
            paper: match (sheet.blocks.is_empty(), sheet.landscape) {
                (true, _) => "cp-plain",
                (false, true) => "cp-landscape",
                (false, false) => "cp-portrait",
            },
            number: sheet.number,
            title: title.ja,
            person: &person,
            whole: whole.into_iter().map(|at| &notes.all[at]).collect(),
            drawn: &drawn,
            notes: &notes.all,
            sources: self.sources(form),
        };
        let html = section.to_string();
        self.entries.push(Entry {
            id: section.id,
            unit: unit.to_owned(),
            title: match self.options.lang {
                Lang::Ja => format!("{} {}", sheet.number, title.ja).trim_start().to_owned(),
                Lang::En => title.en.to_owned(),
            },
            person,
            notes: notes.all.len(),
        });
        html
    }

    /// Files and records of a form: `UP1KYO_….CSV 1-3`.
    fn sources(&self, form: &Form<'_>) -> String {
        let mut records: Vec<(u32, u32)> =
            form.records().iter().map(|record| (record.file, record.number)).collect();
        records.sort_unstable();
        let parts: Vec<String> = records
            .chunk_by(|a, b| a.0 == b.0)
            .map(|of_file| {
                let numbers: Vec<u32> = of_file.iter().map(|(_, number)| *number).collect();
                let base = self.contents[of_file[0].0 as usize].base;
                match self.options.lang {
                    Lang::Ja => format!("{base} {}件目", ranges(&numbers)),
                    Lang::En => format!("{base} record {}", ranges(&numbers)),
                }
            })
            .collect();
        parts.join("、")
    }

    /// Stretches that fit no form, with their findings.
    fn strays(&mut self) -> Vec<StrayRow<'d>> {
        let mut rows = Vec::new();
        for (index, content) in self.contents.iter().enumerate() {
            for stray in &content.strays {
                let found = self.findings.of_number(index as u32, stray.number);
                rows.push(StrayRow {
                    path: content.path,
                    place: match (stray.number, self.options.lang) {
                        (0, Lang::Ja) => "全体".to_owned(),
                        (0, Lang::En) => "whole file".to_owned(),
                        (number, Lang::Ja) => format!("{number}件目（{}行目）", stray.line),
                        (number, Lang::En) => format!("record {number} (line {})", stray.line),
                    },
                    reason: self.reason(stray.reason),
                    said: found.into_iter().map(|finding| self.sentence(finding)).collect(),
                    text: if self.options.mask {
                        stray.shape(self.options.lang)
                    } else {
                        stray.text()
                    },
                    cut: stray.cut,
                });
            }
        }
        rows
    }

    fn reason(&self, reason: Reason) -> String {
        match (reason, self.options.lang) {
            (Reason::Columns { found, expected }, Lang::Ja) => {
                format!(
                    "項目が{found}個です（正しくは{expected}個）。値がずれるため様式に置きません。"
                )
            }
            (Reason::Columns { found, expected }, Lang::En) => format!(
                "{found} columns instead of {expected}: values would land in the wrong cells."
            ),
            (Reason::Quotes, Lang::Ja) => {
                "引用符が閉じていないため、項目に分けられません。".to_owned()
            }
            (Reason::Quotes, Lang::En) => "A quote is not closed: no columns.".to_owned(),
            (Reason::TooLong, Lang::Ja) => "レコードが長すぎます。".to_owned(),
            (Reason::TooLong, Lang::En) => "The record is too long.".to_owned(),
            (Reason::Delimiter, Lang::Ja) => "区切りがカンマではありません。".to_owned(),
            (Reason::Delimiter, Lang::En) => "Columns are not parted by commas.".to_owned(),
        }
    }

    fn sentence(&self, said: &dyn Notable) -> Sentence {
        Sentence::of(said, self.options.wording())
    }

    /// Files and forms that are not shown, and why.
    fn unread(&self) -> Vec<(String, String)> {
        let mut unread = self.options.unread.to_vec();
        let mut failed = self.failed.clone();
        for (file, content) in self.report.summary.files.iter().zip(self.contents) {
            match &file.status {
                FileStatus::InternalError => failed.push(content.path.to_owned()),
                _ if content.failed => failed.push(content.path.to_owned()),
                FileStatus::Unreadable(reason) => {
                    unread.push((content.path.to_owned(), reason.clone()));
                }
                FileStatus::NotChecked if content.kind.is_none() => unread.push((
                    content.path.to_owned(),
                    self.options
                        .pick("標準仕様のファイル名ではありません", "no file name of the standard")
                        .to_owned(),
                )),
                _ => {}
            }
        }
        let why = self.options.pick("内部エラー", "internal error");
        unread.extend(failed.into_iter().map(|place| (place, why.to_owned())));
        unread
    }

    /// What no form took. The same sentence about the same file is said once.
    fn elsewhere(&self) -> Vec<(String, Sentence)> {
        let mut said = Vec::new();
        for finding in self.findings.unplaced() {
            let path = finding
                .file()
                .and_then(|file| self.contents.get(file as usize))
                .map_or_else(|| self.unit_name(finding), |content| content.path.to_owned());
            let line = (path, self.sentence(finding));
            if said.last() != Some(&line) {
                said.push(line);
            }
        }
        said
    }

    fn unit_name(&self, finding: &dyn Notable) -> String {
        let unit = finding.unit().and_then(|at| self.report.summary.units.get(at as usize));
        unit.map_or_else(String::new, |unit| {
            format!("{} → {} {}", unit.sender, unit.receiver, unit.sequence)
        })
    }
}
