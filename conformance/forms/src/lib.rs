//! Form view: records shown as the forms people know, with the findings at the cells.
//!
//! ```
//! use careplan_judge::{Profile, Report};
//!
//! let files: Vec<(String, Vec<u8>)> = Vec::new();
//! let options = careplan_forms::Options::default();
//! // A whole page …
//! let page = careplan_forms::render(&files, &Profile::default(), &options);
//! // … or a piece for another page, which also needs `careplan_forms::STYLE`.
//! let report = Report::collect(&files, &Profile::default());
//! let piece = careplan_forms::fragment(&files, &report, &Profile::default(), &options);
//! assert_eq!(piece.forms, 0);
//! # let _ = page;
//! ```
//!
//! Which field goes to which cell is declared once, as data. What has no cell is listed below
//! its form, and what could not be read is listed above all forms: nothing is hidden. Every value
//! and file name is taken for hostile. The forms are in Japanese whatever the language; notes and
//! findings follow [`Options::lang`].

mod assembly;
mod html;
mod month;
mod notes;
mod sheet;
mod sheets;
mod value;
mod week;
mod writer;

use std::fmt::Write as _;

use careplan_judge::engine::{FileOutcome, FileStatus, Report};
use careplan_judge::message::Wording;
use careplan_judge::profile::Profile;
use careplan_reader::{KeptFile, Reason, contained};
use careplan_spec::{Lang, Text};

use assembly::{Findings, Form, Unit};
use html::{escape, ranges};
use notes::{FINDINGS, Notes};
pub use notes::{Notable, Titles};
use writer::{Writer, sign};

/// The style sheet of the forms, for screen and A4 paper. Every selector stays within
/// `.cp-forms`; the named pages `cp-portrait` and `cp-landscape` set the paper.
pub const STYLE: &str = include_str!("style.css");

/// Titles of the band on every rendering.
const BAND: Text = Text::new(
    "非公式の表示です。ケアプランデータ（CSV）を様式に当てはめて見せるもので、公的な様式の発行・証明ではありません。",
    "Unofficial rendering: care-plan data (CSV) laid out like the official forms. No official document, no certificate.",
);

/// How forms are drawn.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// Language of notes and findings. The forms themselves stay Japanese.
    pub lang: Lang,
    /// Show the shape of personal values (`〔全角4文字〕`) instead of the values, and no images.
    pub mask: bool,
    /// Begins every `id` on the page, so that several pieces can share one page: letters, digits
    /// and hyphens.
    pub prefix: &'a str,
    /// Files that could not be read at all: path and reason. They are named above the forms.
    pub unread: &'a [(String, String)],
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self { lang: Lang::Ja, mask: false, prefix: "cp", unread: &[] }
    }
}

impl Options<'_> {
    const fn wording(&self) -> Wording {
        Wording { lang: self.lang, show_values: !self.mask }
    }

    const fn pick(&self, ja: &'static str, en: &'static str) -> &'static str {
        Text::new(ja, en).get(self.lang)
    }

    /// The prefix, with everything taken out that could end an attribute.
    fn safe_prefix(&self) -> String {
        self.prefix.chars().filter(|ch| ch.is_ascii_alphanumeric() || *ch == '-').collect()
    }
}

/// A line of the table of contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The `id` of the form's section.
    pub id: String,
    /// The send unit, as its heading says it. Plain text.
    pub unit: String,
    /// Number and title of the form. Plain text.
    pub title: String,
    /// Whose form it is, masked where asked for. Plain text.
    pub person: String,
    /// How many different findings stand below the form.
    pub notes: usize,
}

/// Forms for embedding.
#[derive(Debug, Clone)]
pub struct Fragment {
    /// One `<div class="cp-forms">`: band, what could not be shown, forms. Headings begin at
    /// `h2`. Needs [`STYLE`].
    pub html: String,
    /// The forms, in order.
    pub contents: Vec<Entry>,
    /// How many forms were drawn, deletions and single supplements included.
    pub forms: usize,
    /// Whether something is missing because of an internal error. It is named above the forms.
    pub internal_error: bool,
}

/// Checks the files and makes one self-contained page: no scripts, nothing from outside.
pub fn render(files: &[(String, Vec<u8>)], profile: &Profile, options: &Options<'_>) -> String {
    let report = Report::collect(files, profile);
    page(&fragment(files, &report, profile, options), options)
}

/// Wraps a fragment into a page of its own, with a table of contents.
pub fn page(fragment: &Fragment, options: &Options<'_>) -> String {
    page_in_words(fragment, options, &FINDINGS, "")
}

/// As [`page`], with other words for the notes and with `above` (HTML) below the title.
pub fn page_in_words(
    fragment: &Fragment,
    options: &Options<'_>,
    titles: &Titles,
    above: &str,
) -> String {
    let title = titles.title.get(options.lang);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <meta name=\"robots\" content=\"noindex\">\
         <title>{title}</title>\n<style>{STYLE}</style></head>\n\
         <body class=\"cp-page\">\n<main><h1>{title}</h1>\n{above}",
        options.pick("ja", "en"),
    );
    if !fragment.contents.is_empty() {
        let _ = writeln!(
            out,
            "<nav class=\"cp-contents\" aria-label=\"{0}\"><h2>{0}</h2>",
            options.pick("目次", "Contents")
        );
        for unit in fragment.contents.chunk_by(|a, b| a.unit == b.unit) {
            let _ = writeln!(out, "<h3>{}</h3><ul>", escape(&unit[0].unit));
            for entry in unit {
                let notes = match (entry.notes, options.lang) {
                    (0, _) => String::new(),
                    (count, Lang::Ja) => format!("（{}{count}）", titles.several.ja),
                    (1, Lang::En) => format!(" (1 {})", titles.one.en),
                    (count, Lang::En) => format!(" ({count} {})", titles.several.en),
                };
                let _ = writeln!(
                    out,
                    "<li><a href=\"#{}\">{}</a> {}{notes}</li>",
                    entry.id,
                    escape(&entry.title),
                    escape(&entry.person),
                );
            }
            out.push_str("</ul>\n");
        }
        out.push_str("</nav>\n");
    }
    out.push_str(&fragment.html);
    let _ = writeln!(
        out,
        "</main><footer class=\"cp-foot\">careplan-conformance {} — {}</footer>\n</body></html>",
        env!("CARGO_PKG_VERSION"),
        options.pick(
            "厚生労働省『ケアプランデータ連携標準仕様』を加工して作成。",
            "Made from the MHLW standard."
        ),
    );
    out
}

/// Draws the forms of files that were already checked. `report` is that of the same files in the
/// same order.
pub fn fragment(
    files: &[(String, Vec<u8>)],
    report: &Report,
    profile: &Profile,
    options: &Options<'_>,
) -> Fragment {
    let said = report.findings.iter().map(|finding| finding as &dyn Notable).collect();
    fragment_in_words(files, report, profile, options, said, &FINDINGS)
}

/// As [`fragment`], with something else said than the findings of the report, which then only
/// tells which files make a unit.
pub fn fragment_in_words(
    files: &[(String, Vec<u8>)],
    report: &Report,
    profile: &Profile,
    options: &Options<'_>,
    said: Vec<&dyn Notable>,
    titles: &'static Titles,
) -> Fragment {
    let contents: Vec<KeptFile<'_>> = files
        .iter()
        .enumerate()
        .map(|(index, (path, bytes))| KeptFile::read(index as u32, path, bytes, profile.reading()))
        .collect();
    let units = assembly::units(&contents, report);
    let mut drawing = Drawing {
        options,
        report,
        contents: &contents,
        findings: Findings::new(said),
        titles,
        prefix: options.safe_prefix(),
        entries: Vec::new(),
        failed: Vec::new(),
    };
    let forms: String = units.iter().map(|unit| drawing.unit(unit)).collect();
    let strays = drawing.strays();
    let notices = drawing.notices();
    let mut html = format!(
        "<div class=\"cp-forms\">\n<p class=\"cp-band\" role=\"note\">{}{}</p>\n",
        BAND.get(options.lang),
        if options.mask {
            options.pick(
                "個人に関する値は伏せ、文字の種類と数だけを示しています。",
                " Personal values are withheld: only their shape is shown.",
            )
        } else {
            options.pick(
                "個人情報を含みます。取り扱いに注意してください。",
                " It shows personal data: handle with care.",
            )
        },
    );
    html.push_str(&notices);
    html.push_str(&strays);
    if drawing.entries.is_empty() {
        let _ = writeln!(
            html,
            "<p class=\"cp-nothing\">{}</p>",
            options.pick(
                "様式に表示できる記録がありません。",
                "There is no record to show on a form."
            )
        );
    }
    html.push_str(&forms);
    html.push_str("</div>\n");
    let failed = |file: &FileOutcome| file.status == FileStatus::InternalError;
    Fragment {
        html,
        forms: drawing.entries.len(),
        internal_error: !drawing.failed.is_empty()
            || contents.iter().any(|content| content.failed)
            || report.summary.files.iter().any(failed),
        contents: drawing.entries,
    }
}

struct Drawing<'d> {
    options: &'d Options<'d>,
    report: &'d Report,
    contents: &'d [KeptFile<'d>],
    findings: Findings<'d>,
    titles: &'static Titles,
    prefix: String,
    entries: Vec<Entry>,
    /// Files and records of forms that could not be drawn because of an internal error.
    failed: Vec<String>,
}

impl<'d> Drawing<'d> {
    /// What a unit is called: kind, sender, receiver, sequence. Plain text.
    fn unit_title(&self, unit: &Unit<'_>) -> String {
        use careplan_spec::send_unit::Match;
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

    fn unit(&mut self, unit: &Unit<'d>) -> String {
        if unit.forms.is_empty() {
            return String::new();
        }
        let title = self.unit_title(unit);
        let mut out = format!(
            "<section class=\"cp-unit\">\n<h2 class=\"cp-unit-title\">{}</h2>\n",
            escape(&title)
        );
        for form in &unit.forms {
            match contained(|| self.form(form, &title)) {
                Some(drawn) => out.push_str(&drawn),
                None => self.failed.push(self.sources(form)),
            }
        }
        out.push_str("</section>\n");
        out
    }

    fn form(&mut self, form: &Form<'d>, unit: &str) -> String {
        let id = format!("{}-f{}", self.prefix, self.entries.len() + 1);
        let mut writer = Writer {
            out: String::new(),
            options: self.options,
            findings: &mut self.findings,
            notes: Notes::default(),
            titles: self.titles,
            id: id.clone(),
        };
        let person = writer.person(form);
        let whole = writer.record_findings(form);
        writer.form(form);
        let body = std::mem::take(&mut writer.out);
        writer.notes_list();
        let notes = std::mem::take(&mut writer.out);
        let count = writer.notes.all.len();
        let marks: String = whole
            .iter()
            .map(|&at| {
                let note = &writer.notes.all[at];
                format!(
                    "<li class=\"cp-{0}\"><a class=\"cp-mark cp-{0}\" href=\"#{id}-n{1}\">{2}{1}</a> {3}</li>",
                    note.severity.id(),
                    at + 1,
                    sign(note.severity),
                    escape(&note.message),
                )
            })
            .collect();
        let sheet = form.sheet;
        let kind = form.own[0].layout.kind.title();
        let (title, english) =
            if sheet.title.is_empty() { (kind.ja, kind.en) } else { (sheet.title, sheet.english) };
        let class = match (sheet.parts.is_empty(), sheet.landscape) {
            (true, _) => "cp-plain",
            (false, true) => "cp-landscape",
            (false, false) => "cp-portrait",
        };
        let mut out = format!(
            "<section class=\"cp-form {class}\" id=\"{id}\" lang=\"ja\" aria-labelledby=\"{id}-t {id}-w\">\n\
             <header class=\"cp-head\"><p class=\"cp-number\">{}</p><h3 id=\"{id}-t\">{title}</h3>\
             <p class=\"cp-person\" id=\"{id}-w\">{}</p></header>\n",
            sheet.number,
            escape(&person),
        );
        if !marks.is_empty() {
            let _ = writeln!(
                out,
                "<div class=\"cp-above\" lang=\"{}\"><h4>{}</h4><ul>{marks}</ul></div>",
                self.options.pick("ja", "en"),
                self.titles.records.get(self.options.lang),
            );
        }
        out.push_str(&body);
        out.push_str(&notes);
        let _ = writeln!(
            out,
            "<p class=\"cp-source\" lang=\"{}\">{} — {}</p>\n</section>",
            self.options.pick("ja", "en"),
            self.options.pick("非公式の表示", "unofficial rendering"),
            escape(&self.sources(form)),
        );
        self.entries.push(Entry {
            id,
            unit: unit.to_owned(),
            title: match self.options.lang {
                Lang::Ja => format!("{} {title}", sheet.number).trim_start().to_owned(),
                Lang::En => english.to_owned(),
            },
            person,
            notes: count,
        });
        out
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
    fn strays(&mut self) -> String {
        let mut rows = String::new();
        for (index, content) in self.contents.iter().enumerate() {
            for stray in &content.strays {
                let found = match stray.number {
                    0 => Vec::new(),
                    number => self.findings.of_number(index as u32, number),
                };
                let messages: Vec<String> =
                    found.iter().map(|finding| self.sentence(*finding)).collect();
                let place = match (stray.number, self.options.lang) {
                    (0, Lang::Ja) => "全体".to_owned(),
                    (0, Lang::En) => "whole file".to_owned(),
                    (number, Lang::Ja) => format!("{number}件目（{}行目）", stray.line),
                    (number, Lang::En) => format!("record {number} (line {})", stray.line),
                };
                let text =
                    if self.options.mask { stray.shape(self.options.lang) } else { stray.text() };
                let _ = writeln!(
                    rows,
                    "<tr><td>{}</td><td>{place}</td><td>{}{}</td><td class=\"cp-v cp-raw\">{}{}</td></tr>",
                    escape(content.path),
                    escape(&self.reason(stray.reason)),
                    messages.concat(),
                    escape(&text),
                    if stray.cut {
                        self.options.pick("…（以下略）", "… (cut)")
                    } else {
                        ""
                    },
                );
            }
        }
        if rows.is_empty() {
            return String::new();
        }
        format!(
            "<section class=\"cp-strays\"><h2>{}</h2>\n<div class=\"cp-scroll\"><table class=\"cp-rest\">\
             <thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th>\
             <th scope=\"col\">{}</th></tr></thead><tbody>\n{rows}</tbody></table></div></section>\n",
            self.options
                .pick("様式に当てはめられなかった記録", "records that could not be put on a form"),
            self.options.pick("ファイル", "file"),
            self.options.pick("場所", "place"),
            self.options.pick("理由", "why"),
            self.options.pick("内容（読めたまま）", "content as it was read"),
        )
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

    fn sentence(&self, finding: &dyn Notable) -> String {
        format!(
            "<p class=\"cp-{}\"><b>{}{}</b> <code>{}</code> {} <span class=\"cp-fix\">→ {}</span></p>",
            finding.severity().id(),
            sign(finding.severity()),
            finding.label().get(self.options.lang),
            finding.code(),
            escape(&finding.message(self.options.wording())),
            escape(finding.fix(self.options.lang)),
        )
    }

    /// What stands above the forms: unreadable files, and findings without a cell.
    fn notices(&self) -> String {
        let mut out = String::new();
        let mut unread: Vec<(String, String)> = self.options.unread.to_vec();
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
        if !unread.is_empty() {
            let _ = writeln!(
                out,
                "<section class=\"cp-unread\"><h2>{}</h2><ul>",
                self.options.pick("表示できなかったファイル", "files that are not shown")
            );
            for (path, reason) in &unread {
                let _ = writeln!(out, "<li>{}：{}</li>", escape(path), escape(reason));
            }
            out.push_str("</ul></section>\n");
        }
        // The same sentence about the same file is said once.
        let mut said: Vec<(String, String)> = Vec::new();
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
        if !said.is_empty() {
            let _ = writeln!(
                out,
                "<section class=\"cp-general\"><h2>{}</h2><ul>",
                self.titles.elsewhere.get(self.options.lang)
            );
            for (path, sentence) in &said {
                let _ = writeln!(out, "<li><small>{}</small>{sentence}</li>", escape(path));
            }
            out.push_str("</ul></section>\n");
        }
        out
    }

    fn unit_name(&self, finding: &dyn Notable) -> String {
        let unit = finding.unit().and_then(|at| self.report.summary.units.get(at as usize));
        unit.map_or_else(String::new, |unit| {
            format!("{} → {} {}", unit.sender, unit.receiver, unit.sequence)
        })
    }
}
