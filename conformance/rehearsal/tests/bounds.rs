//! Judging at its bounds: one warning, one difference more than are said, evidence that is almost
//! the right one, and what a decision settles.

use careplan_rehearsal::case;
use careplan_rehearsal::catalogue::{self, Item};
use careplan_rehearsal::decision::{Decision, Standing, Verdict};
use careplan_rehearsal::evidence::{State, sha256};
use careplan_rehearsal::judge::{Evidence, Judgement, Submission, judge, relay_mark};
use careplan_rehearsal::relay_evidence::{self, Direction, EvidenceFile, RelayEvidence};
use careplan_rehearsal::setup::{Setup, invented_offices};
use careplan_rehearsal::{Pattern, Side};
use careplan_spec::calendar::Month;

type Files = Vec<(String, Vec<u8>)>;

fn setup() -> Setup {
    Setup {
        vendor: "見本".to_owned(),
        product: "見本".to_owned(),
        version: "1".to_owned(),
        offices: invented_offices(),
        patterns: Pattern::ALL.to_vec(),
        sides: Side::ALL.to_vec(),
        month: Month::new(2026, 11).expect("a month"),
        seed: 1,
    }
}

fn item(id: &str) -> &'static Item {
    catalogue::find(id).expect("an item")
}

/// The files of the item's case.
fn files(id: &str) -> Files {
    case::files(&setup(), item(id)).into_iter().map(|file| (file.name, file.bytes)).collect()
}

fn judged(
    id: &str,
    files: Files,
    relay: &[RelayEvidence],
    decision: Option<&Decision>,
) -> Judgement {
    let (setup, item) = (setup(), item(id));
    let evidence = Evidence {
        case: &case::files(&setup, item),
        submission: &Submission { files, unread: Vec::new() },
        relay,
        standing: decision.map_or(Standing::None, Standing::Valid),
        show_values: true,
    };
    judge(&setup, item, &evidence)
}

fn is_said(judgement: &Judgement, text: &str) -> bool {
    judgement.reasons.iter().any(|reason| reason.en.contains(text))
}

fn pass(id: &str) -> Decision {
    Decision {
        item: id.to_owned(),
        verdict: Verdict::Pass,
        by: "試験　担当".to_owned(),
        date: "2026-11-21".to_owned(),
        note: String::new(),
        subject: String::new(),
    }
}

#[test]
fn one_warning_is_mentioned_and_fails_nothing() {
    let mut files = files("D1-W-01");
    files[0].0 = files[0].0.replace(".CSV", ".csv");
    let judgement = judged("D1-W-01", files, &[], None);
    assert_eq!(judgement.state, State::Passed, "{:?}", judgement.reasons);
    assert!(is_said(&judgement, "the checker has 1 warnings"), "{:?}", judgement.reasons);
    let without = judged("D1-W-01", self::files("D1-W-01"), &[], None);
    assert!(!is_said(&without, "warnings"), "{:?}", without.reasons);
}

#[test]
fn one_error_in_what_comes_back_is_mentioned_and_fails_nothing() {
    let mut files = files("D1-R-01");
    files[0].0 = files[0].0.replace(".CSV", " (1).CSV");
    let judgement = judged("D1-R-01", files, &[], None);
    assert_eq!(judgement.state, State::Passed, "{:?}", judgement.reasons);
    assert!(is_said(&judgement, "break the standard in 1 places"), "{:?}", judgement.reasons);
    let without = judged("D1-R-01", self::files("D1-R-01"), &[], None);
    assert!(!is_said(&without, "break the standard"), "{:?}", without.reasons);
}

#[test]
fn thirty_differences_are_said_and_the_rest_is_counted() {
    // One value of each record is lost.
    let lose = |count: usize| {
        let mut files = files("D2-R-09");
        let (_, bytes) =
            files.iter_mut().find(|(name, _)| name.starts_with("UPPLAN")).expect("planned use");
        let records: Vec<Vec<u8>> = bytes
            .split_inclusive(|byte| *byte == b'\n')
            .enumerate()
            .map(|(at, line)| {
                let mut columns: Vec<&[u8]> = line.split(|byte| *byte == b',').collect();
                if at < count {
                    // サービス事業所名
                    columns[20] = b"";
                }
                columns.join(&b',')
            })
            .collect();
        *bytes = records.concat();
        judged("D2-R-09", files, &[], None)
    };
    for (count, more) in [(30, None), (31, Some("round trip: 1 more"))] {
        let judgement = lose(count);
        let said = judgement.reasons.iter().filter(|reason| reason.en.starts_with("round trip："));
        assert_eq!(said.count(), 30, "{:#?}", judgement.reasons);
        assert_eq!(is_said(&judgement, " more"), more.is_some());
        assert!(more.is_none_or(|more| is_said(&judgement, more)));
    }
}

#[test]
fn another_sender_is_not_the_one_of_the_case() {
    let (own, partner) = setup().parties(item("D2-W-01")).expect("an item of the plan");
    let other = setup()
        .offices
        .iter()
        .find(|party| party.office() != own.office())
        .expect("several")
        .office();
    for (office, who) in [(own.office(), "the sender is"), (partner.office(), "the receiver is")] {
        let renamed = files("D2-W-01")
            .into_iter()
            .map(|(name, bytes)| (name.replace(office.as_str(), other.as_str()), bytes));
        let judgement = judged("D2-W-01", renamed.collect(), &[], None);
        assert_eq!(judgement.state, State::Failed);
        assert!(is_said(&judgement, who), "{:?}", judgement.reasons);
    }
}

/// What a relay carried for the item, with these bytes.
fn carried(id: &str, files: &Files) -> RelayEvidence {
    let (own, partner) = setup().parties(item(id)).expect("an item of the plan");
    RelayEvidence {
        schema: relay_evidence::SCHEMA.to_owned(),
        at: "2026-11-21T10:00:00+09:00".to_owned(),
        direction: Direction::Sent,
        item: None,
        office: own.office().to_string(),
        partner: partner.office().to_string(),
        message: "m-1".to_owned(),
        files: files
            .iter()
            .map(|(name, bytes)| EvidenceFile {
                name: name.clone(),
                sha256: sha256(bytes),
                bytes: bytes.len() as u64,
            })
            .collect(),
    }
}

#[test]
fn only_the_same_bytes_sent_by_the_same_office_are_evidence() {
    const ID: &str = "D2-W-80";
    let files = files(ID);
    let right = carried(ID, &files);
    let fetched = RelayEvidence { direction: Direction::Fetched, ..right.clone() };
    let by_another = RelayEvidence { office: right.partner.clone(), ..right.clone() };
    let mut other_files = files.clone();
    for (name, bytes) in &mut other_files {
        name.insert(0, 'X');
        bytes.push(b' ');
    }
    let about_others = carried(ID, &other_files);
    let about_the_item = RelayEvidence { item: Some(ID.to_owned()), ..about_others.clone() };
    let about_the_files =
        RelayEvidence { item: Some("D2-W-01".to_owned()), ..about_others.clone() };
    let mut same_names = right.clone();
    for file in &mut same_names.files {
        file.sha256 = sha256(b"other");
    }
    let mut in_capitals = right.clone();
    for file in &mut in_capitals.files {
        file.sha256.make_ascii_uppercase();
    }
    for (evidence, state, is_marked) in [
        (right, State::Passed, true),
        (in_capitals, State::Passed, true),
        (fetched, State::NotRun, false),
        (by_another, State::NotRun, false),
        (about_others, State::NotRun, false),
        (about_the_item, State::Failed, false),
        (about_the_files, State::Failed, false),
        (same_names, State::Failed, true),
    ] {
        let evidence = [evidence];
        let judgement = judged(ID, files.clone(), &evidence, None);
        assert_eq!(judgement.state, state, "{evidence:?}: {:?}", judgement.reasons);
        let submission = Submission { files: files.clone(), unread: Vec::new() };
        let mark = relay_mark(&setup(), item(ID), &[], &submission, &evidence);
        assert_eq!(mark.is_some(), is_marked, "{evidence:?}");
    }
}

#[test]
fn a_decision_stands_for_what_was_not_handed_in_and_for_nothing_else() {
    let decision = pass("D2-R-01");
    assert_eq!(judged("D2-R-01", Vec::new(), &[], Some(&decision)).state, State::Passed);
    assert_eq!(judged("D2-R-01", Vec::new(), &[], None).state, State::NotRun);
    // On the writing side there must be an export.
    assert_eq!(judged("D2-W-01", Vec::new(), &[], Some(&decision)).state, State::NotRun);
    assert_eq!(judged("D2-W-90", Vec::new(), &[], Some(&decision)).state, State::NotRun);
}

#[test]
fn what_comes_back_after_a_deletion_fails_whatever_a_person_says() {
    let decision = pass("D1-R-08");
    let of_case = case::files(&setup(), item("D1-R-08"));
    let taken_back: Files = of_case
        .into_iter()
        .filter(|file| file.unit == 0)
        .map(|file| (file.name, file.bytes))
        .collect();
    let judgement = judged("D1-R-08", taken_back, &[], Some(&decision));
    assert_eq!(judgement.state, State::Failed, "{:?}", judgement.reasons);
    assert_eq!(judged("D1-R-08", Vec::new(), &[], Some(&decision)).state, State::Passed);
}
