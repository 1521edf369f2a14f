//! The rehearsal, proven on a perfect product: an exporter and an importer made from the fixtures
//! alone pass everything, and what a person must judge passes after a decision.

use careplan_judge::engine::{Report, Verdict};
use careplan_judge::{Profile, Severity};
use careplan_rehearsal::case;
use careplan_rehearsal::catalogue::{self, Item, Judge};
use careplan_rehearsal::decision::{Decision, Standing, Verdict as Decided};
use careplan_rehearsal::evidence::{State, sha256};
use careplan_rehearsal::judge::{Evidence, Judgement, Submission, judge};
use careplan_rehearsal::relay_evidence::{self, Direction, EvidenceFile, RelayEvidence};
use careplan_rehearsal::setup::{invented_offices, office};
use careplan_rehearsal::{Pattern, Setup, Side};
use careplan_spec::calendar::Month;

#[path = "perfect/product.rs"]
mod product;

use product::{export, import_and_export};

/// A plan with the invented offices.
fn setup() -> Setup {
    Setup {
        vendor: "架空ソフト".to_owned(),
        product: "ケアくん".to_owned(),
        version: "3.2".to_owned(),
        offices: invented_offices(),
        patterns: Pattern::ALL.to_vec(),
        sides: Side::ALL.to_vec(),
        month: Month::new(2026, 11).expect("a month"),
        seed: 1,
    }
}

fn submission(item: &Item, files: Vec<(String, Vec<u8>)>) -> Submission {
    let folder = if item.side == Side::Writes { "exports" } else { "returned" };
    let path = |name: &str| format!("{folder}/{}/{name}", item.files_of());
    let files = files.into_iter().map(|(name, bytes)| (path(&name), bytes)).collect();
    Submission { files, unread: Vec::new() }
}

fn handed_in(setup: &Setup, item: &Item) -> Submission {
    let files = match item.side {
        Side::Writes => export(setup, item),
        Side::Reads if item.of.is_some() => Vec::new(),
        Side::Reads => import_and_export(item, &case::files(setup, item)),
    };
    submission(item, files)
}

fn carried(setup: &Setup, item: &Item) -> RelayEvidence {
    let (own, partner) = setup.parties(item).expect("an item of the plan");
    let files = case::files(setup, item);
    RelayEvidence {
        schema: relay_evidence::SCHEMA.to_owned(),
        at: "2026-11-21T10:00:00+09:00".to_owned(),
        direction: if item.side == Side::Writes { Direction::Sent } else { Direction::Fetched },
        item: None,
        office: own.office().to_string(),
        partner: partner.office().to_string(),
        message: "m-1".to_owned(),
        files: files
            .iter()
            .map(|file| EvidenceFile {
                name: file.name.clone(),
                sha256: sha256(&file.bytes),
                bytes: file.bytes.len() as u64,
            })
            .collect(),
    }
}

fn judged(
    setup: &Setup,
    item: &Item,
    submission: &Submission,
    standing: Standing<'_>,
) -> Judgement {
    let relay = [carried(setup, item)];
    let evidence = Evidence {
        case: &case::files(setup, item),
        submission,
        relay: &relay,
        standing,
        show_values: true,
    };
    judge(setup, item, &evidence)
}

fn decision(verdict: Decided) -> Decision {
    Decision {
        item: String::new(),
        verdict,
        by: "試験　担当".to_owned(),
        date: "2026-11-21".to_owned(),
        note: String::new(),
        subject: String::new(),
    }
}

#[test]
fn a_perfect_product_passes_everything_but_what_a_person_must_judge() {
    for setup in plans() {
        for item in setup.items() {
            let submission = handed_in(&setup, item);
            let judgement = judged(&setup, item, &submission, Standing::None);
            let expected =
                if item.is_judged_by(Judge::Person) { State::NeedsReview } else { State::Passed };
            assert_eq!(judgement.state, expected, "{}: {:#?}", item.id, judgement.reasons);
        }
    }
}

/// Plans that differ in people, month and offices.
fn plans() -> Vec<Setup> {
    let few = |texts: &[&str]| texts.iter().map(|text| office(text).expect("an office")).collect();
    vec![
        setup(),
        Setup { seed: 7, month: Month::new(2027, 2).expect("a month"), ..setup() },
        // Vendors whose product is for one kind of office.
        Setup { offices: few(&["4770900118/43"]), ..setup() },
        Setup { offices: few(&["4779900051/17", "4779900051/67"]), ..setup() },
        Setup { offices: few(&["4709900023/AF"]), ..setup() },
    ]
}

#[test]
fn what_a_person_judges_passes_after_a_decision_and_fails_by_one() {
    let setup = setup();
    let (pass, fail) = (decision(Decided::Pass), decision(Decided::Fail));
    for item in catalogue::all().iter().filter(|item| item.is_judged_by(Judge::Person)) {
        let submission = handed_in(&setup, item);
        let state = |standing| judged(&setup, item, &submission, standing).state;
        assert_eq!(state(Standing::Valid(&pass)), State::Passed, "{}", item.id);
        assert_eq!(state(Standing::Valid(&fail)), State::Failed, "{}", item.id);
        assert_eq!(state(Standing::Stale(&pass)), State::NeedsReview, "{}", item.id);
    }
}

#[test]
fn a_decision_never_outweighs_what_was_found_wrong() {
    let setup = setup();
    let item = catalogue::find("D2-R-01").expect("an item");
    let mut files = import_and_export(item, &case::files(&setup, item));
    files.retain(|(name, _)| !name.starts_with("UPSIKYU"));
    let pass = decision(Decided::Pass);
    let judgement = judged(&setup, item, &submission(item, files), Standing::Valid(&pass));
    assert_eq!(judgement.state, State::Failed, "{:?}", judgement.reasons);
}

#[test]
fn a_product_that_hands_nothing_in_passes_nothing() {
    let setup = setup();
    for item in catalogue::all() {
        let evidence = Evidence {
            case: &case::files(&setup, item),
            submission: &Submission::default(),
            relay: &[],
            standing: Standing::None,
            show_values: false,
        };
        let state = judge(&setup, item, &evidence).state;
        assert!(matches!(state, State::NotRun | State::NeedsReview), "{}: {state:?}", item.id);
    }
}

#[test]
fn every_case_is_right_and_its_files_have_different_names() {
    let setup = setup();
    for item in catalogue::all() {
        let files: Vec<(String, Vec<u8>)> =
            case::files(&setup, item).into_iter().map(|file| (file.name, file.bytes)).collect();
        let mut names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count, "{}", item.id);
        let report = Report::collect(&files, &Profile::default());
        let said: Vec<_> = report
            .findings
            .iter()
            .filter(|finding| finding.severity > Severity::Info)
            // A case may hold a file and its later version, or its deletion; or each person in a
            // unit of its own, so that each is written in another way.
            .filter(|finding| !matches!(finding.rule.code, "X010" | "X014" | "C027"))
            .map(|finding| {
                (finding.rule.code, finding.rule.title.en, finding.field.map(|f| f.name))
            })
            .collect();
        assert_eq!(report.summary.verdict, Verdict::Accepted, "{}: {said:?}", item.id);
        assert!(said.is_empty(), "{}: {said:?}", item.id);
    }
}

#[test]
fn a_relay_that_carried_other_bytes_fails_the_item() {
    let setup = setup();
    let item = catalogue::find("D2-W-80").expect("an item");
    let mut files = export(&setup, item);
    files[0].1.push(b' ');
    let judgement = judged(&setup, item, &submission(item, files), Standing::None);
    assert_eq!(judgement.state, State::Failed, "{:?}", judgement.reasons);
}
