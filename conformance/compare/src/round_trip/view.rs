//! The comparison on the forms: each lost or changed value is marked at its cell.

use std::fmt::Write as _;

use careplan_forms::{Notable, Options, Summary, Titles};
use careplan_judge::engine::Report;
use careplan_judge::message::Wording;
use careplan_judge::profile::Profile;
use careplan_judge::severity::Severity;
use careplan_spec::layout::Field;
use careplan_spec::{Lang, Text};

use super::{Comparison, Difference, Grade, Side};

static TITLES: Titles = Titles {
    title: Text::new("往復（取り込み→出力）の比較", "Round trip: import and export compared"),
    below: Text::new("往復で変わったところ", "what the round trip changed"),
    records: Text::new("記録全体の違い", "differences of whole records"),
    elsewhere: Text::new(
        "様式の欄に示せない違い（戻ったファイルだけにあるものなど）",
        "differences without a cell (such as what only the returned files have)",
    ),
    one: Text::new("違い", "difference"),
};

/// A difference with the names it needs to be said.
struct Said<'c> {
    difference: &'c Difference,
    comparison: &'c Comparison,
}

impl Notable for Said<'_> {
    fn severity(&self) -> Severity {
        match self.difference.grade {
            Grade::Loss => Severity::Error,
            Grade::Review => Severity::Warning,
            Grade::Free => Severity::Info,
        }
    }

    fn label(&self) -> Text {
        self.difference.grade.label()
    }

    fn code(&self) -> &'static str {
        self.difference.change.id()
    }

    fn message(&self, wording: Wording) -> String {
        let mut message = self.difference.explanation(wording);
        if let (None, Some(at)) = (self.difference.given, self.difference.returned) {
            let path = self.comparison.path(Side::Returned, at.file);
            let _ = match wording.lang {
                Lang::Ja => write!(message, "（戻ったファイル {path} {}件目）", at.record),
                Lang::En => write!(message, " (returned file {path}, record {})", at.record),
            };
        }
        message
    }

    fn fix(&self, lang: Lang) -> &'static str {
        self.difference.fix(lang)
    }

    fn clause(&self) -> String {
        self.difference.clause()
    }

    fn file(&self) -> Option<u32> {
        self.difference.given.map(|at| at.file)
    }

    fn unit(&self) -> Option<u32> {
        None
    }

    fn record(&self) -> u32 {
        self.difference.given.map_or(0, |at| at.record)
    }

    fn field(&self) -> Option<&'static Field> {
        self.difference.field
    }
}

/// One self-contained page: the forms of what was given, with what was lost or changed marked at
/// the cells, given and returned value below. `given` are the files that were compared.
pub fn page<N: AsRef<str>, B: AsRef<[u8]>>(
    given: &[(N, B)],
    comparison: &Comparison,
    options: &Options<'_>,
) -> String {
    let profile = Profile::default();
    // Only tells which files make a unit; what the check finds is not shown here.
    let report = Report::collect(given, &profile);
    let said: Vec<Said<'_>> =
        comparison.differences.iter().map(|difference| Said { difference, comparison }).collect();
    let notable = said.iter().map(|said| said as &dyn Notable).collect();
    let fragment =
        careplan_forms::fragment_in_words(given, &report, &profile, options, notable, &TITLES);
    let summary = summary(comparison, options.lang);
    careplan_forms::page_in_words(&fragment, options, &TITLES, Some(&summary))
}

/// The verdict and the counts.
fn summary(comparison: &Comparison, lang: Lang) -> Summary {
    let count = |grade: Grade| format!("{}: {}", grade.label().get(lang), comparison.count(grade));
    Summary {
        result: comparison.verdict().label().get(lang).to_owned(),
        lines: Grade::ALL.map(count).into(),
    }
}
