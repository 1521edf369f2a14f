//! A report in one language: what its formats for people say.

use std::collections::BTreeSet;

use careplan_spec::{Lang, Text, clause};

use super::{Counts, Line, Report};
use crate::evidence::JudgedFile;
use crate::page::{BAND, VERSION};
use crate::pattern::{Pattern, Side};

const TITLE: Text = Text::new(
    "試験結果報告書（ベンダ試験のリハーサル）",
    "Test report (rehearsal of the vendor test)",
);

#[derive(Clone, Copy)]
pub(super) struct Told<'r> {
    pub(super) report: &'r Report<'r>,
    pub(super) lang: Lang,
}

/// What is said about an item.
pub(super) struct ToldLine<'r> {
    pub(super) id: &'r str,
    pub(super) title: &'static str,
    pub(super) clause: String,
    /// The identifier of the state that counts.
    pub(super) state: &'static str,
    pub(super) standing: &'static str,
    pub(super) decided_by: &'r str,
    pub(super) reasons: Vec<String>,
}

impl<'r> Told<'r> {
    pub(super) fn t(&self, ja: &'static str, en: &'static str) -> &'static str {
        Text::new(ja, en).get(self.lang)
    }

    pub(super) const fn title(&self) -> &'static str {
        TITLE.get(self.lang)
    }

    pub(super) const fn band(&self) -> &'static str {
        BAND.get(self.lang)
    }

    /// What was tried, by which tool and when: names and values.
    pub(super) fn particulars(&self) -> [(&'static str, String); 7] {
        let setup = self.report.setup;
        let (from, to) = self.report.period();
        [
            (self.t("会社名", "vendor"), setup.vendor.clone()),
            (self.t("製品名", "product"), setup.product.clone()),
            (self.t("製品の版", "version of the product"), setup.version.clone()),
            (self.t("標準仕様", "standard"), "4.1".to_owned()),
            (self.t("道具", "tool"), format!("careplan-conformance {VERSION}")),
            (self.t("試験期間", "tried from / to"), format!("{from} 〜 {to}")),
            (self.t("作成日時", "made at"), self.report.at.clone()),
        ]
    }

    /// How all items stand, as one line.
    pub(super) fn sentence(&self) -> String {
        self.report.counts().sentence(self.lang)
    }

    /// How the items of every pattern and side stand that has any.
    pub(super) fn tallies(&self) -> Vec<(String, &'static str, Counts)> {
        let both =
            Pattern::ALL.into_iter().flat_map(|pattern| Side::ALL.map(|side| (pattern, side)));
        both.map(|(pattern, side)| {
            let name = format!("{} {}", pattern.id(), pattern.title().get(self.lang));
            (name, side.title().get(self.lang), self.report.counts_of(pattern, side))
        })
        .filter(|(.., counts)| counts.all > 0)
        .collect()
    }

    pub(super) fn line(&self, line: &'r Line) -> ToldLine<'r> {
        let decided_by = line.result.as_ref().and_then(|result| result.decided_by.as_deref());
        ToldLine {
            id: &line.item.id,
            title: line.item.title.get(self.lang),
            clause: clause::in_words(line.item.clause, self.lang),
            state: line.standing.state().id(),
            standing: line.standing.title().get(self.lang),
            decided_by: decided_by.unwrap_or_default(),
            reasons: line.reasons(self.lang),
        }
    }

    pub(super) fn lines(&self) -> impl Iterator<Item = ToldLine<'r>> {
        self.report.lines.iter().map(|line| self.line(line))
    }

    /// The lines about which there is something to say.
    pub(super) fn remarks(&self) -> impl Iterator<Item = ToldLine<'r>> {
        self.lines().filter(|line| !line.reasons.is_empty())
    }

    /// Every file that was judged, once.
    pub(super) fn files(&self) -> Vec<&'r JudgedFile> {
        let results = self.report.lines.iter().filter_map(|line| line.result.as_ref());
        let mut seen = BTreeSet::new();
        results.flat_map(|result| &result.files).filter(|file| seen.insert(&file.path)).collect()
    }
}
