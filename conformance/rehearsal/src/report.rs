//! The report of a rehearsal (試験結果報告書, リハーサル): what was tried, on which files, and how
//! it came out.

mod html;
mod json;
mod junit;
mod markdown;
mod told;

use careplan_spec::{Lang, Text};

use super::catalogue::Item;
use super::evidence::{ItemResult, State};
use super::expected_failure::ExpectedFailures;
use super::page::filled;
use super::pattern::{Pattern, Side};
use super::setup::Setup;
use html::HtmlReport;
use markdown::MarkdownReport;
use told::Told;

/// How an item stands in a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// As judged, on the present files.
    Current(State),
    /// It was judged, but case, files or the tool changed since: it has to be run again.
    Stale(State),
}

impl Standing {
    /// The state that counts: a stale one is as good as none.
    pub const fn state(self) -> State {
        match self {
            Self::Current(state) => state,
            Self::Stale(_) => State::NotRun,
        }
    }

    /// What it is called.
    pub const fn title(self) -> Text {
        match self {
            Self::Current(state) => state.title(),
            Self::Stale(_) => {
                Text::new("要再実行（結果のあとに変更あり）", "run again (changed since)")
            }
        }
    }
}

/// What an expectation of failure makes of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expectation {
    /// It fails as expected.
    Fails {
        /// Why.
        reason: String,
    },
    /// It was expected to fail and passes (XPASS): the entry should go.
    PassesAgainst {
        /// What the entry says.
        reason: String,
    },
    /// The last day of the entry is over: it excuses nothing any more.
    Expired {
        /// The last day, YYYY-MM-DD.
        until: String,
    },
}

/// One item of a report.
#[derive(Debug, Clone)]
pub struct Line {
    /// The item.
    pub item: &'static Item,
    /// How it stands.
    pub standing: Standing,
    /// The result, if there ever was one.
    pub result: Option<ItemResult>,
    /// Whether it was known to fail.
    pub expectation: Option<Expectation>,
}

impl Line {
    /// A line for an item. `is_current` says whether the result is about the present files.
    pub fn new(
        item: &'static Item,
        result: Option<ItemResult>,
        is_current: bool,
        expected: &ExpectedFailures,
        today: &str,
    ) -> Self {
        let standing = match &result {
            None => Standing::Current(State::NotRun),
            Some(result) if is_current => Standing::Current(result.state),
            Some(result) => Standing::Stale(result.state),
        };
        let expectation = expected.of(&item.id).and_then(|entry| {
            let reason = || entry.reason.clone();
            match standing.state() {
                State::Passed => Some(Expectation::PassesAgainst { reason: reason() }),
                State::Failed if entry.holds_on(today) => {
                    Some(Expectation::Fails { reason: reason() })
                }
                State::Failed => {
                    Some(Expectation::Expired { until: entry.until.clone().unwrap_or_default() })
                }
                State::NeedsReview | State::NotRun => None,
            }
        });
        Self { item, standing, result, expectation }
    }

    /// Whether it fails and nobody expected it to.
    pub fn fails(&self) -> bool {
        self.standing.state() == State::Failed
            && !matches!(self.expectation, Some(Expectation::Fails { .. }))
    }

    /// Whether it passes although it was expected to fail.
    pub const fn passes_against(&self) -> bool {
        matches!(self.expectation, Some(Expectation::PassesAgainst { .. }))
    }

    /// Whether nothing is decided yet.
    pub fn is_unfinished(&self) -> bool {
        matches!(self.standing.state(), State::NeedsReview | State::NotRun)
    }

    /// The remark about an expectation, if there is one.
    fn remark(&self, lang: Lang) -> Option<String> {
        let ja = lang == Lang::Ja;
        Some(match self.expectation.as_ref()? {
            Expectation::Fails { reason } if ja => format!("既知の不合格：{reason}"),
            Expectation::Fails { reason } => format!("expected to fail: {reason}"),
            Expectation::PassesAgainst { reason } if ja => {
                format!(
                    "既知の不合格に挙げてあるのに合格しました（一覧から外してください）：{reason}"
                )
            }
            Expectation::PassesAgainst { reason } => {
                format!("passes although it was expected to fail (drop the entry): {reason}")
            }
            Expectation::Expired { until } if ja => {
                format!("既知の不合格の期限（{until}）が過ぎています")
            }
            Expectation::Expired { until } => format!("the expectation ended on {until}"),
        })
    }

    fn reasons(&self, lang: Lang) -> Vec<String> {
        let known = self.result.iter().flat_map(|result| &result.reasons);
        let said = known.map(|reason| reason.get(lang).to_owned());
        said.chain(self.remark(lang)).collect()
    }
}

/// How many items stand where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// All of them.
    pub all: usize,
    /// 合格.
    pub passed: usize,
    /// 不合格, expected ones included.
    pub failed: usize,
    /// Of those, expected ones.
    pub expected: usize,
    /// 要確認.
    pub needs_review: usize,
    /// 未実施, stale ones included.
    pub not_run: usize,
    /// Stale ones.
    pub stale: usize,
    /// Passed although expected to fail.
    pub passed_against: usize,
}

impl Counts {
    fn of<'l>(lines: impl Iterator<Item = &'l Line>) -> Self {
        let mut counts = Self::default();
        for line in lines {
            counts.all += 1;
            match line.standing.state() {
                State::Passed => counts.passed += 1,
                State::Failed => counts.failed += 1,
                State::NeedsReview => counts.needs_review += 1,
                State::NotRun => counts.not_run += 1,
            }
            counts.expected += usize::from(line.standing.state() == State::Failed && !line.fails());
            counts.stale += usize::from(matches!(line.standing, Standing::Stale(_)));
            counts.passed_against += usize::from(line.passes_against());
        }
        counts
    }

    /// The counts as one line.
    pub fn sentence(&self, lang: Lang) -> String {
        let mut out = match lang {
            Lang::Ja => format!(
                "全{}項目：合格{}、不合格{}、要確認{}、未実施{}",
                self.all, self.passed, self.failed, self.needs_review, self.not_run
            ),
            Lang::En => format!(
                "{} items: {} passed, {} failed, {} need review, {} not run",
                self.all, self.passed, self.failed, self.needs_review, self.not_run
            ),
        };
        for (count, ja, en) in [
            (self.expected, "不合格のうち既知", "of the failures expected"),
            (self.stale, "未実施のうち要再実行", "of those not run changed since"),
            (self.passed_against, "既知の不合格だが合格", "passed against expectation"),
        ] {
            if count > 0 {
                out.push_str(&match lang {
                    Lang::Ja => format!("（{ja}{count}）"),
                    Lang::En => format!(" ({count} {en})"),
                });
            }
        }
        out
    }
}

/// A report.
#[derive(Debug, Clone)]
pub struct Report<'r> {
    /// The plan.
    pub setup: &'r Setup,
    /// When it was made, RFC 3339.
    pub at: String,
    /// The items, in the order of the catalogue.
    pub lines: Vec<Line>,
}

/// A format of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Markdown.
    Markdown,
    /// One self-contained page, for A4.
    Html,
    /// The documented, versioned JSON document.
    Json,
    /// JUnit XML, one test case an item.
    Junit,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 4] = [Self::Markdown, Self::Html, Self::Json, Self::Junit];

    /// The stable identifier.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Json => "json",
            Self::Junit => "junit",
        }
    }

    /// The format with this identifier.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.id() == id)
    }

    /// The file name in a folder of reports.
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Markdown => "report.md",
            Self::Html => "report.html",
            Self::Json => "report.json",
            Self::Junit => "report.junit.xml",
        }
    }
}

impl Report<'_> {
    /// How all items stand.
    pub fn counts(&self) -> Counts {
        Counts::of(self.lines.iter())
    }

    /// How the items of one pattern and side stand.
    fn counts_of(&self, pattern: Pattern, side: Side) -> Counts {
        let own = |line: &&Line| line.item.pattern == pattern && line.item.side == side;
        Counts::of(self.lines.iter().filter(own))
    }

    /// The report in a format.
    pub fn render(&self, format: Format, lang: Lang) -> String {
        let told = Told { report: self, lang };
        match format {
            Format::Markdown => filled(&MarkdownReport { told }),
            Format::Html => filled(&HtmlReport::of(told)),
            Format::Json => json::render(self),
            Format::Junit => junit::render(told),
        }
    }

    /// First and last day on which something was judged; empty where nothing was.
    fn period(&self) -> (String, String) {
        let day = |result: &ItemResult| result.judged_at.get(..10).unwrap_or_default().to_owned();
        let mut days: Vec<String> =
            self.lines.iter().filter_map(|line| line.result.as_ref().map(day)).collect();
        days.sort();
        (days.first().cloned().unwrap_or_default(), days.last().cloned().unwrap_or_default())
    }
}
