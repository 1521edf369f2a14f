//! Judging an item: what was handed in, against its case.

use careplan_compare::round_trip::{self, Comparison, Grade};
use careplan_fixtures::region::Party;
use careplan_judge::engine::{Report, Verdict};
use careplan_judge::message::Wording;
use careplan_judge::profile::Profile;
use careplan_judge::rules;
use careplan_judge::severity::Severity;
use careplan_reports::Context;
use careplan_spec::file_name::base_name_in_archive;
use careplan_spec::send_unit::Match;
use careplan_spec::{Lang, Text, clause};

use super::case::{self, CaseFile};
use super::catalogue::{Item, Judge, UnitChoice};
use super::decision::{Standing, Verdict as Decided};
use super::evidence::{JudgedFile, State, sha256};
use super::fulfilment;
use super::pattern::Side;
use super::records;
use super::setup::Setup;
use crate::relay_evidence::{Direction, RelayEvidence};

/// How many findings, or differences, of an item are said one by one.
const MOST_SAID: usize = 30;

/// What was handed in for an item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Submission {
    /// Paths below the folder of the rehearsal, and contents.
    pub files: Vec<(String, Vec<u8>)>,
    /// Files that could not be read: path and reason.
    pub unread: Vec<(String, Text<String>)>,
}

/// Everything an item is judged by.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'e> {
    /// The case.
    pub case: &'e [CaseFile],
    /// What was handed in.
    pub submission: &'e Submission,
    /// What a relay wrote down.
    pub relay: &'e [RelayEvidence],
    /// What a person decided.
    pub standing: Standing<'e>,
    /// Show personal values in reasons.
    pub show_values: bool,
}

/// How an item came out.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// The state.
    pub state: State,
    /// Why; what was noticed.
    pub reasons: Vec<Text<String>>,
    /// Who decided, where a person did.
    pub decided_by: Option<String>,
    /// The comparison, for marking it on the forms.
    pub comparison: Option<Comparison>,
}

/// Judges an item of the plan.
pub fn judge(setup: &Setup, item: &Item, evidence: &Evidence<'_>) -> Judgement {
    let mut judging = Judging {
        setup,
        item,
        evidence,
        failing: Vec::new(),
        review: Vec::new(),
        missing: Vec::new(),
        noticed: Vec::new(),
        comparison: None,
        report: None,
    };
    for (path, reason) in &evidence.submission.unread {
        judging.failing.push(Text::made(
            format!("{path} が読めません：{}", reason.ja),
            format!("{path} cannot be read: {}", reason.en),
        ));
    }
    for judge in item.judged {
        match judge {
            Judge::Checker => judging.checker(),
            Judge::Content => judging.content(),
            Judge::Exercise => judging.exercise(),
            Judge::RoundTrip => judging.round_trip(),
            Judge::Relay => judging.relay(),
            Judge::Person => judging.person(),
        }
    }
    judging.finish()
}

/// Which files a relay has to have carried for an item: name and SHA-256.
fn carried<'f>(
    item: &Item,
    case: &'f [CaseFile],
    submission: &'f Submission,
) -> Vec<(&'f str, String)> {
    match item.side {
        Side::Writes => {
            let files = submission.files.iter();
            files.map(|(path, bytes)| (base_name_in_archive(path), sha256(bytes))).collect()
        }
        Side::Reads => case.iter().map(|file| (file.name.as_str(), sha256(&file.bytes))).collect(),
    }
}

/// What the product's office has to have done with them.
const fn direction(item: &Item) -> Direction {
    match item.side {
        Side::Writes => Direction::Sent,
        Side::Reads => Direction::Fetched,
    }
}

/// The mark of what a relay wrote down about an item, so that new lines make its result stale;
/// `None` for an item that no relay judges, or where there is none.
pub fn relay_mark(
    setup: &Setup,
    item: &Item,
    case: &[CaseFile],
    submission: &Submission,
    relay: &[RelayEvidence],
) -> Option<JudgedFile> {
    if !item.is_judged_by(Judge::Relay) {
        return None;
    }
    let (own, _) = setup.parties(item)?;
    let files = carried(item, case, submission);
    let lines: Vec<String> = relay
        .iter()
        .filter(|line| line.direction == direction(item) && line.office == own.office().as_str())
        .filter(|line| {
            line.files.iter().any(|file| {
                files.iter().any(|(name, hash)| *name == file.name || *hash == file.sha256)
            })
        })
        .map(RelayEvidence::line)
        .collect();
    (!lines.is_empty()).then(|| JudgedFile::of("relay/evidence.jsonl", lines.join("\n").as_bytes()))
}

struct Judging<'j> {
    setup: &'j Setup,
    item: &'j Item,
    evidence: &'j Evidence<'j>,
    failing: Vec<Text<String>>,
    review: Vec<Text<String>>,
    missing: Vec<Text<String>>,
    noticed: Vec<Text<String>>,
    comparison: Option<Comparison>,
    report: Option<Report>,
}

impl Judging<'_> {
    fn finish(mut self) -> Judgement {
        let mut decided_by = None;
        match self.evidence.standing {
            Standing::Valid(decision) => {
                decided_by = Some(decision.signature());
                let note = match decision.note.as_str() {
                    "" => String::new(),
                    note => format!("：{note}"),
                };
                let (ja, en) = match decision.verdict {
                    Decided::Pass => ("合格と判断", "decided: pass"),
                    Decided::Fail => ("不合格と判断", "decided: fail"),
                };
                let words = Text::made(
                    format!("{}（{}）が{ja}{note}", decision.by, decision.date),
                    format!("{} ({}) {en}{note}", decision.by, decision.date),
                );
                match decision.verdict {
                    // A person settles what is open, and never what a machine has found wrong.
                    Decided::Pass => {
                        self.noticed.append(&mut self.review);
                        self.noticed.push(words);
                    }
                    Decided::Fail => self.failing.push(words),
                }
            }
            Standing::Stale(decision) => self.review.push(Text::made(
                format!(
                    "{}（{}）の判断のあとに、試験の内容かファイルが変わりました。もう一度判断してください",
                    decision.by, decision.date
                ),
                format!(
                    "case or files changed after {} decided ({}): decide again",
                    decision.by, decision.date
                ),
            )),
            Standing::None => {}
        }
        let state = if !self.failing.is_empty() {
            State::Failed
        } else if !self.missing.is_empty() {
            State::NotRun
        } else if !self.review.is_empty() {
            State::NeedsReview
        } else {
            State::Passed
        };
        let mut reasons = self.failing;
        reasons.append(&mut self.missing);
        reasons.append(&mut self.review);
        reasons.append(&mut self.noticed);
        Judgement { state, reasons, decided_by, comparison: self.comparison }
    }

    fn parties(&self) -> Option<(Party, Party)> {
        self.setup.parties(self.item)
    }

    /// Whether something was handed in; says what is missing where not.
    fn is_handed_in(&mut self) -> bool {
        let is_there = !self.evidence.submission.files.is_empty();
        if !is_there && self.missing.is_empty() && self.evidence.submission.unread.is_empty() {
            let of = self.item.files_of();
            self.missing.push(match self.item.side {
                Side::Writes => Text::made(
                    format!("exports/{of}/ に書き出したファイルがありません"),
                    format!("there is no export in exports/{of}/"),
                ),
                Side::Reads => Text::made(
                    format!(
                        "returned/{of}/ に、取り込んで書き戻したファイルを置くか、画面を確認表と見比べて decide で判断を記録してください"
                    ),
                    format!(
                        "put what was exported again into returned/{of}/, or compare the screens and record a decision"
                    ),
                ),
            });
        }
        is_there
    }

    fn report(&mut self) -> &Report {
        let files = &self.evidence.submission.files;
        let mut profile = Profile::default();
        if self.sends_again() {
            // Two versions of one file, or a deletion after what it deletes, are what the case asks
            // for.
            for rule in rules::all().filter(|rule| rule.is_about_resending()) {
                profile.set(rule.code, None).expect("a rule has its code");
            }
        }
        self.report.get_or_insert_with(|| Report::collect(files, &profile))
    }

    fn checker(&mut self) {
        if !self.is_handed_in() {
            return;
        }
        let show_values = self.evidence.show_values;
        let report = self.report();
        let (verdict, counts) = (report.summary.verdict, report.summary.counts);
        let context = |lang| Context::of(report, Wording { lang, show_values });
        let (ja, en) = (context(Lang::Ja), context(Lang::En));
        let said: Vec<Text<String>> = report
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
            .take(MOST_SAID)
            .map(|finding| {
                let say = |context: &Context| {
                    format!(
                        "{} {} {} {} → {} [{}]",
                        finding.rule.code,
                        base_name_in_archive(context.path(finding)),
                        careplan_reports::place(context, finding),
                        context.wording.message(finding),
                        finding.rule.fix.get(context.wording.lang),
                        clause::in_words(&finding.clause(), context.wording.lang)
                    )
                };
                Text::made(say(&ja), say(&en))
            })
            .collect();
        match verdict {
            Verdict::NothingToCheck => self.failing.push(Text::made(
                "標準仕様の名前のファイルが1つもありません".to_owned(),
                "not a single file has a name of the standard".to_owned(),
            )),
            Verdict::Accepted => {}
            Verdict::InternalError => self.failing.push(Text::made(
                "内部エラーのため、検査が終わっていません".to_owned(),
                "internal error: the check did not come to an end".to_owned(),
            )),
            Verdict::Rejected | Verdict::Unreadable => {
                self.failing.push(Text::made(
                    format!("検査でエラーが{}件あります", counts.errors),
                    format!("the checker found {} errors", counts.errors),
                ));
                self.failing.extend(said);
            }
        }
        if counts.warnings > 0 {
            self.noticed.push(Text::made(
                format!(
                    "検査で警告が{}件あります（不合格にはしません。check で確かめてください）",
                    counts.warnings
                ),
                format!("the checker has {} warnings (no failure; see check)", counts.warnings),
            ));
        }
    }

    fn content(&mut self) {
        if !self.is_handed_in() {
            return;
        }
        self.units();
        let files = &self.evidence.submission.files;
        let exported =
            records::read(files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())));
        let insured = |place| case::person_at(self.setup, self.item, place).insured_number;
        for needed in &self.item.requirements {
            if !fulfilment::is_met(needed.test, &exported, &insured) {
                let say = |lang: Lang, missing: &str| {
                    format!(
                        "{missing}{} [{}] → {}",
                        needed.what.get(lang),
                        clause::in_words(needed.clause, lang),
                        needed.fix.get(lang)
                    )
                };
                self.failing
                    .push(Text::made(say(Lang::Ja, "ありません："), say(Lang::En, "not met: ")));
            }
        }
    }

    /// Whether the send units of the case are there, whole and between the right offices.
    fn units(&mut self) {
        let Some((own, partner)) = self.parties() else { return };
        let mut wanted: Vec<&str> = self
            .item
            .units
            .iter()
            .map(|unit| match unit.choice {
                UnitChoice::Own => self.item.pattern.unit(),
                UnitChoice::Deletion => self.item.pattern.deletion(),
                UnitChoice::Named(id) => id,
            })
            .collect();
        wanted.sort_unstable();
        let found: Vec<(Match, String, String)> = self
            .report()
            .summary
            .units
            .iter()
            .map(|unit| (unit.matched.clone(), unit.sender.clone(), unit.receiver.clone()))
            .collect();
        // People may share one unit, so each kind of unit is asked for once, and as often only
        // where the case sends it again.
        let again = !self.item.is_judged_by(Judge::Exercise);
        for ids in wanted.chunk_by(|a, b| a == b) {
            let id = ids[0];
            let complete: Vec<_> = found
                .iter()
                .filter(|(matched, ..)| matches!(matched, Match::Complete(unit) if unit.id == id))
                .collect();
            let least = if again && self.sends_again() { ids.len() } else { 1 };
            if complete.len() < least {
                let title = careplan_spec::send_unit::UNITS_V4_1.iter().find(|unit| unit.id == id);
                let (ja, en) = title.map_or((id, id), |unit| (unit.title.ja, unit.title.en));
                let short = title.map_or("S 2.4", |unit| unit.clause);
                self.failing.push(Text::made(
                    format!(
                        "送信単位「{ja}」が{least}組必要ですが、そろったものは{}組です [{}] → 必要なファイルを同じ連番で書き出してください",
                        complete.len(),
                        clause::in_words(short, Lang::Ja)
                    ),
                    format!(
                        "{least} whole send units {en} are needed, {} are there [{}]: export all its files under one sequence",
                        complete.len(),
                        clause::in_words(short, Lang::En)
                    ),
                ));
            }
        }
        for (_, sender, receiver) in &found {
            for (is, should, role) in [
                (sender, own.to_string(), Text::new("送信元", "sender")),
                (receiver, partner.to_string(), Text::new("送信先", "receiver")),
            ] {
                if *is != should {
                    self.failing.push(Text::made(
                        format!("{}が {is} です。課題では {should} です [レイアウト ファイル名] → 課題票の事業所番号とサービス種類で書き出してください", role.ja),
                        format!("the {} is {is}, the case has {should} [layout, file names]: use the numbers of the sheet", role.en),
                    ));
                }
            }
        }
    }

    /// Whether the same kind of unit has to be sent several times.
    fn sends_again(&self) -> bool {
        self.item.units.iter().any(|unit| unit.revision > 0 || unit.months_later > 0)
    }

    fn exercise(&mut self) {
        if !self.is_handed_in() {
            return;
        }
        let given = case::compared(self.item, self.evidence.case);
        self.compare(&given, Text::new("課題票との違い", "differs from the sheet"));
        let differs = |one: &Comparison| one.differences.iter().any(|d| d.grade > Grade::Free);
        if self.comparison.as_ref().is_some_and(differs) {
            self.noticed.push(Text::made(
                "「渡した」は課題票、「戻った」は書き出されたファイルのことです。課題票のとおりに入力し、書き出しているか確認してください".to_owned(),
                "“given” is the sheet, “returned” the exported files: check what was keyed in and what is exported".to_owned(),
            ));
        }
    }

    fn round_trip(&mut self) {
        if self.evidence.submission.files.is_empty()
            && matches!(self.evidence.standing, Standing::Valid(_))
        {
            // A person compared the screens; the decision says how it came out.
            return;
        }
        if self.is_handed_in() {
            let given = case::compared(self.item, self.evidence.case);
            self.compare(&given, Text::new("往復での違い", "round trip"));
            self.returned_as_exports();
        }
    }

    /// A reading item is about values. What comes back is an export as well: what the checker says
    /// of it is mentioned, and judged by the writing items.
    fn returned_as_exports(&mut self) {
        let errors = Report::collect(&self.evidence.submission.files, &Profile::default())
            .summary
            .counts
            .errors;
        if errors > 0 {
            self.noticed.push(Text::made(
                format!(
                    "戻ったファイルには標準仕様の誤りが{errors}件あります（careplan-conformance check で確かめられます）。取り込みの項目では値だけを比べるため、この項目の結果には入れていません"
                ),
                format!(
                    "the returned files break the standard in {errors} places (see careplan-conformance check); a reading item compares values only, so its result does not count them"
                ),
            ));
        }
    }

    fn compare(&mut self, given: &[(String, Vec<u8>)], title: Text) {
        let comparison = round_trip::compare(given, &self.evidence.submission.files);
        if comparison.verdict() == round_trip::Verdict::InternalError {
            self.failing.push(Text::made(
                format!("{}：内部エラーのため、比べ終わっていません", title.ja),
                format!("{}: internal error, not everything was compared", title.en),
            ));
        }
        if comparison.verdict() == round_trip::Verdict::NothingToCompare {
            self.failing.push(Text::made(
                format!("{}：比べられる記録がありません", title.ja),
                format!("{}: there is no record to compare", title.en),
            ));
        }
        let wording = |lang| Wording { lang, show_values: self.evidence.show_values };
        for (grade, list) in [(Grade::Loss, &mut self.failing), (Grade::Review, &mut self.review)] {
            let of_grade = || comparison.differences.iter().filter(|d| d.grade == grade);
            list.extend(of_grade().take(MOST_SAID).map(|difference| {
                let say = |title: &str, lang| {
                    format!(
                        "{title}：{} {}（{}） → {} [{}]",
                        difference.kind.prefix(),
                        difference.explanation(wording(lang)),
                        difference.key_words(wording(lang)),
                        difference.fix(lang),
                        clause::in_words(&difference.clause(), lang)
                    )
                };
                Text::made(say(title.ja, Lang::Ja), say(title.en, Lang::En))
            }));
            let rest = of_grade().count().saturating_sub(MOST_SAID);
            if rest > 0 {
                list.push(Text::made(
                    format!("{}：ほか{rest}件", title.ja),
                    format!("{}: {rest} more", title.en),
                ));
            }
        }
        self.comparison = Some(comparison);
    }

    fn relay(&mut self) {
        let Some((own, _)) = self.parties() else { return };
        if self.item.side == Side::Writes && !self.is_handed_in() {
            return;
        }
        let files = carried(self.item, self.evidence.case, self.evidence.submission);
        let direction = direction(self.item);
        let of_office: Vec<_> = self
            .evidence
            .relay
            .iter()
            .filter(|line| line.direction == direction && line.office == own.office().as_str())
            .collect();
        let is_carried = |sha256: &str| {
            of_office
                .iter()
                .any(|line| line.files.iter().any(|file| file.sha256.eq_ignore_ascii_case(sha256)))
        };
        let missing: Vec<&str> =
            files.iter().filter(|(_, sha256)| !is_carried(sha256)).map(|(name, _)| *name).collect();
        if missing.is_empty() {
            return;
        }
        let about_item = of_office.iter().any(|line| {
            let named = line.item.as_deref();
            named == Some(self.item.id.as_str()) || named == self.item.of.as_deref()
        });
        let same_names = of_office
            .iter()
            .any(|line| line.files.iter().any(|file| missing.contains(&file.name.as_str())));
        let words = Text::made(
            format!(
                "{}の記録（relay/evidence.jsonl）に、同じ中身のファイルがありません：{}",
                if direction == Direction::Sent { "送信" } else { "受信" },
                missing.join("、")
            ),
            format!(
                "relay/evidence.jsonl has no {} file of the same content: {}",
                if direction == Direction::Sent { "sent" } else { "fetched" },
                missing.join(", ")
            ),
        );
        // Something was carried for the item, but other bytes: that is a failure.
        if about_item || same_names {
            self.failing.push(words);
        } else {
            self.missing.push(words);
        }
    }

    fn person(&mut self) {
        if self.item.side == Side::Writes && !self.is_handed_in() {
            return;
        }
        if self.item.side == Side::Reads
            && self.item.of.is_none()
            && !self.evidence.submission.files.is_empty()
        {
            let given = case::compared(self.item, self.evidence.case);
            self.compare(&given, Text::new("往復での違い", "round trip"));
        }
        if self.evidence.standing == Standing::None {
            self.review.push(Text::made(
                format!(
                    "kit/{0}/ の様式と見比べて、decide {1} pass|fail --by 氏名 で判断を記録してください",
                    self.item.files_of(),
                    self.item.id
                ),
                format!(
                    "compare with the forms in kit/{0}/ and record it: decide {1} pass|fail --by NAME",
                    self.item.files_of(),
                    self.item.id
                ),
            ));
        }
    }
}
