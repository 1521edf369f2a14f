//! Whatever the bytes: the checker answers with findings, never with a panic; and its reader
//! agrees with an independent one on well-formed files.

use careplan_compare::repair::{Repair, Replacements};
use careplan_fixtures::{Request, generate};
use careplan_judge::message::Wording;
use careplan_judge::{Profile, Report, Verdict};
use careplan_reports::Format;
use careplan_spec::calendar::Month;
use careplan_spec::{FileKind, ms932};
use proptest::prelude::*;

const NAME: &str = "UPPLAN_202606_4779000118_43_4779000183_11_20260523142515.CSV";

/// Bytes that look like an export now and then.
fn soup() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"202407".to_vec()),
        Just(b",".to_vec()),
        Just(b"\"".to_vec()),
        Just(b"\"\"".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"\r".to_vec()),
        Just(b",,,,,,,,,,,,".to_vec()),
        Just(b"\x88\xA0".to_vec()),
        Just(b"\x81".to_vec()),
        Just(b"\xF0\x40".to_vec()),
        Just("利用者".as_bytes().to_vec()),
        Just(b"\xEF\xBB\xBF".to_vec()),
        Just(b"\x1A".to_vec()),
        Just(b"0982852391".to_vec()),
        proptest::collection::vec(any::<u8>(), 0..12),
    ];
    proptest::collection::vec(piece, 0..120).prop_map(|pieces| pieces.concat())
}

fn names() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(NAME.to_owned()),
        Just("UP1KYO_4779000118_43_4779000183_11_20260523142515.CSV".to_owned()),
        Just("UPKIHON_4779000118_02_4779000183_11_20260523142515.csv".to_owned()),
        Just("UPSIKYU_202606_4779000118_4779000183_20260523142515 (1).CSV".to_owned()),
        "[A-Z_0-9.() ]{0,40}",
        any::<String>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_files_end_in_a_verdict_and_in_every_report(
        files in proptest::collection::vec((names(), soup()), 1..4),
    ) {
        let profile = Profile::default();
        let report = Report::collect(&files, &profile);
        prop_assert_eq!(report.summary.files.len(), files.len());
        prop_assert_ne!(report.summary.verdict, Verdict::InternalError);
        prop_assert_eq!(report.summary.counts.total(), report.findings.len() as u64);
        for finding in &report.findings {
            if let (Some(file), Some((offset, len))) = (finding.file, finding.span) {
                let size = files[file as usize].1.len() as u64;
                prop_assert!(offset + u64::from(len) <= size, "{}", finding.rule.code);
            }
        }
        for format in Format::ALL {
            let text = careplan_reports::to_string(&report, format, Wording::default());
            if matches!(format, Format::Json | Format::Sarif) {
                let read: Result<serde_json::Value, _> = serde_json::from_str(&text);
                prop_assert!(read.is_ok(), "{} is JSON", format.id());
            }
        }
    }

    #[test]
    fn repairing_never_panics_and_a_second_time_changes_nothing(bytes in soup()) {
        let once = Repair::of(NAME, &bytes, &Replacements::default());
        let twice = Repair::of(NAME, &once.bytes, &Replacements::default());
        prop_assert_eq!(twice.bytes, once.bytes);
    }

    #[test]
    fn the_reader_counts_records_like_an_independent_one(
        rows in proptest::collection::vec(
            proptest::collection::vec("[ -~あ-んァ-ヶ一-龠\\r\\n]{0,9}", 25),
            1..20,
        ),
        quote_all in any::<bool>(),
    ) {
        let style = if quote_all { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary };
        let mut writer = csv::WriterBuilder::new()
            .quote_style(style)
            .terminator(csv::Terminator::CRLF)
            .from_writer(Vec::new());
        for row in &rows {
            let mut cells: Vec<Vec<u8>> = Vec::new();
            for cell in row {
                // Kanji outside MS932 are left out, as an export would have to.
                let kept: String = cell.chars().filter(|ch| ms932::encode_char(*ch).is_some()).collect();
                cells.push(ms932::encode(&kept).expect("only characters of MS932 are left"));
            }
            // A version in front keeps the row from being taken for a heading.
            cells[0] = b"202407".to_vec();
            writer.write_record(&cells).expect("memory takes everything");
        }
        let bytes = writer.into_inner().expect("memory takes everything");
        let report = Report::collect([(NAME, &bytes)], &Profile::default());
        let file = &report.summary.files[0];
        prop_assert_eq!(file.records, rows.len() as u64);
        let framing: Vec<_> = report
            .findings
            .iter()
            .map(|finding| finding.rule.code)
            .filter(|code| code.starts_with('S') && !matches!(*code, "S009" | "S010" | "S011"))
            .collect();
        let only_style = framing.iter().all(|code| layout_allows(code));
        prop_assert!(only_style, "{framing:?}");
    }
}

/// Findings about framing that random but well-formed content may raise.
fn layout_allows(code: &str) -> bool {
    // Free text without quotes is well-formed CSV, though not what the standard wants.
    careplan_judge::rules::find(code).is_some_and(|rule| rule.name == "unquoted-free-text")
}

#[test]
fn a_file_may_end_anywhere() {
    let request = Request::new("K1", Month::new(2026, 6).expect("a month")).expect("a known unit");
    for file in generate(&request).expect("a unit") {
        if file.name.starts_with(FileKind::Up2kyo.prefix()) {
            for cut in 0..file.bytes.len().min(1500) {
                let part = file.bytes[..cut].to_vec();
                let report = Report::collect([(&file.name, &part)], &Profile::default());
                assert_ne!(report.summary.verdict, Verdict::InternalError);
            }
        }
    }
}
