//! What people read and programs parse, in `snapshots`: the report in every format and language,
//! and what a kit lays out.

use careplan_fixtures::region::offices_of_kind;
use careplan_rehearsal::catalogue;
use careplan_rehearsal::evidence::{ItemResult, JudgedFile, State};
use careplan_rehearsal::expected_failure::ExpectedFailures;
use careplan_rehearsal::kit;
use careplan_rehearsal::report::{Format, Line, Report};
use careplan_rehearsal::setup::{Setup, invented_offices};
use careplan_rehearsal::{Pattern, Side};
use careplan_spec::calendar::Month;
use careplan_spec::{Lang, Text};

/// Markup of every format, and a character that XML has no way to write.
const HOSTILE: &str = "<b>&\"'`|]]>\u{7}";

fn setup() -> Setup {
    Setup {
        vendor: HOSTILE.to_owned(),
        product: "ケアくん".to_owned(),
        version: "3.2".to_owned(),
        offices: invented_offices(),
        patterns: Pattern::ALL.to_vec(),
        sides: Side::ALL.to_vec(),
        month: Month::new(2026, 11).expect("a month"),
        seed: 1,
    }
}

fn result(id: &str, state: State, reasons: &[&str], decided_by: Option<&str>) -> ItemResult {
    ItemResult {
        id: id.to_owned(),
        state,
        judged_at: "2026-11-20T10:00:00+09:00".to_owned(),
        tool_version: "1".to_owned(),
        case: "c".to_owned(),
        files: vec![
            JudgedFile::of("exports/shared.CSV", b"shared"),
            JudgedFile::of(&format!("exports/{id}/<x>.CSV"), b"own"),
        ],
        reasons: reasons.iter().map(|text| Text::made(format!("理由 {text}"), *text)).collect(),
        decided_by: decided_by.map(str::to_owned),
    }
}

/// An item in every standing there is.
fn lines() -> Vec<Line> {
    let expected = ExpectedFailures::parse(
        "[[expected]]\nitem = \"D1-R-02\"\nreason = \"<known>\"\n\
         [[expected]]\nitem = \"D1-R-03\"\nreason = \"known\"\nuntil = \"2026-11-19\"\n\
         [[expected]]\nitem = \"D1-W-02\"\nreason = \"known\"\n",
    );
    let expected = expected.expect("a good list");
    let line = |id: &str, result: Option<ItemResult>, is_current: bool| {
        let item = catalogue::find(id).expect("an item");
        Line::new(item, result, is_current, &expected, "2026-11-21")
    };
    let judged =
        |id: &str, state, reasons: &[&str]| line(id, Some(result(id, state, reasons, None)), true);
    let decided = result("D2-R-90", State::Passed, &[], Some("見本　花子 2026-11-20 pass"));
    let changed = result("D2-R-01", State::Passed, &["an older remark"], None);
    vec![
        judged("D1-W-01", State::Failed, &[HOSTILE, "a second reason"]),
        judged("D1-W-02", State::Passed, &[]),
        judged("D1-R-01", State::Passed, &["a remark"]),
        judged("D1-R-02", State::Failed, &["a failure"]),
        judged("D1-R-03", State::Failed, &["a failure"]),
        line("D2-R-01", Some(changed), false),
        judged("D2-R-02", State::NeedsReview, &["look at it"]),
        line("D2-R-03", None, true),
        line("D2-R-90", Some(decided), true),
    ]
}

fn report(setup: &Setup) -> Report<'_> {
    Report { setup, at: "2026-11-21T10:00:00+09:00".to_owned(), lines: lines() }
}

#[test]
fn a_report_reads_as_before_in_every_format_and_language() {
    let setup = setup();
    for format in Format::ALL {
        let [ja, en] = [Lang::Ja, Lang::En].map(|lang| report(&setup).render(format, lang));
        if format == Format::Json {
            assert_eq!(ja, en, "a program reads both languages at once");
        } else {
            compare(&format!("report_{}_en", format.id()), &en);
        }
        compare(&format!("report_{}_ja", format.id()), &ja);
    }
}

fn compare(name: &str, text: &str) {
    insta::assert_snapshot!(name, text.replace(env!("CARGO_PKG_VERSION"), "[version]"));
}

#[test]
fn a_report_about_nothing_says_so() {
    let setup = setup();
    let nothing = Report { lines: Vec::new(), ..report(&setup) };
    for format in [Format::Markdown, Format::Html] {
        assert!(nothing.render(format, Lang::En).contains("None."), "{format:?}");
    }
    let junit = nothing.render(Format::Junit, Lang::En);
    assert!(junit.contains("<testsuites>") && !junit.contains("<testsuite "), "{junit}");
}

#[test]
fn no_report_holds_markup_of_others_or_what_xml_forbids() {
    let setup = setup();
    for format in [Format::Markdown, Format::Html, Format::Junit] {
        let text = report(&setup).render(format, Lang::Ja);
        assert!(!text.contains("<b>") && !text.contains("<x>") && !text.contains("<known>"));
    }
    let junit = report(&setup).render(Format::Junit, Lang::Ja);
    assert!(junit.chars().all(|ch| ch >= ' ' || matches!(ch, '\n' | '\r' | '\t')));
}

#[test]
fn a_kit_reads_as_before() {
    let setup = Setup { vendor: "見本|社".to_owned(), ..setup() };
    let show = |files: Vec<kit::KitFile>| {
        for file in files {
            // The forms are those of the forms' own tests, the CSV files those of the generator.
            if file.path.ends_with("forms.html") || file.path.contains("/csv/") {
                continue;
            }
            let text = String::from_utf8(file.bytes).expect("UTF-8");
            compare(&file.path.replace('/', "_"), &text);
        }
    };
    // A person who must not be exported, an image, an update.
    for id in ["D2-W-18", "D4-W-19", "D3-R-07"] {
        show(kit::of_item(&setup, catalogue::find(id).expect("an item")));
    }
    let offices = invented_offices()[..1].to_vec();
    show(kit::common(&Setup { offices, patterns: vec![Pattern::D2, Pattern::D3], ..setup }));
}

/// A product's own tables may lack a code that nobody has seen in the official ones: the sheet says
/// which those are, and is silent where there is none.
#[test]
fn a_sheet_names_the_codes_that_are_not_known_to_exist() {
    let sheet = |kind: &str, month| {
        let party = |kind: &str| {
            let office = offices_of_kind(kind).next().expect("an office of every kind");
            office.party(kind).expect("its own kind")
        };
        let setup = Setup { offices: vec![party(kind)], month, ..setup() };
        let files = kit::of_item(&setup, catalogue::find("D2-R-01").expect("an item"));
        let sheet = files.into_iter().find(|file| file.path.ends_with("sheet.html"));
        String::from_utf8(sheet.expect("a sheet").bytes).expect("UTF-8")
    };
    let month = |year, month| Month::new(year, month).expect("a month");
    let note = "未確認のサービスコード";
    assert!(!sheet("11", month(2026, 11)).contains(note));
    let of_72 = sheet("72", month(2026, 11));
    let line = of_72.lines().find(|line| line.contains(note)).expect("a line about codes");
    assert!(line.contains("721446") && !line.contains("111111"), "{line}");
    // Known from June 2026, and not said to hold before.
    let before = sheet("78", month(2026, 5));
    let line = before.lines().find(|line| line.contains(note)).expect("a line about codes");
    assert!(line.contains("78144"), "{line}");
    assert!(!sheet("78", month(2026, 6)).contains(note));
}
