//! Round trips: the same content is the same whatever the writing; whatever a product loses is
//! found and named.

use careplan_compare::round_trip::{
    self, Cause, Change, Comparison, Difference, Grade, Verdict, compare,
};
use careplan_fixtures::request::all_units;
use careplan_fixtures::{Request, Richness, generate, mutant, variant};
use careplan_judge::message::Wording;
use careplan_spec::layout::v4_1::{up1kyo, up2kyo, up3kyo, upkihon, upplan, upyobo_sub};
use careplan_spec::layout::{Field, FieldId, Format};
use careplan_spec::{FileKind, Lang, StandardVersion, file_name, ms932};
use proptest::prelude::*;

type Files = Vec<(String, Vec<u8>)>;

fn request(unit: &str, people: u64) -> Request {
    let month = if unit.starts_with("V3") { mutant::MONTH_V3 } else { mutant::MONTH };
    let request = Request::new(unit, month).expect("a known unit");
    Request { people, richness: Richness::Rich, ..request }
}

fn unit(unit: &str, people: u64) -> Files {
    files(&request(unit, people))
}

fn files(request: &Request) -> Files {
    let made = generate(request).expect("a sensible request");
    made.into_iter().map(|file| (file.name, file.bytes)).collect()
}

/// Whether the name is that of a file of the kind.
fn is_of(name: &str, kind: FileKind) -> bool {
    match file_name::read(name) {
        file_name::Reading::Standard { name, .. } => name.kind == kind,
        _ => false,
    }
}

/// Records of a file as texts, read by another reader than the one under test.
fn table(bytes: &[u8]) -> Vec<Vec<String>> {
    let text = ms932::decode(bytes).expect("fixtures are MS932");
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    reader
        .records()
        .map(|record| record.expect("well-formed").iter().map(str::to_owned).collect())
        .collect()
}

/// Writes records in another style than the fixtures: every value quoted, LF.
fn write(rows: &[Vec<String>]) -> Vec<u8> {
    let mut out = Vec::new();
    for row in rows {
        for (at, value) in row.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            out.push(b'"');
            let text = value.replace('"', "\"\"");
            out.extend_from_slice(&ms932::encode(&text).expect("characters of MS932"));
            out.push(b'"');
        }
        out.push(b'\n');
    }
    out
}

/// Changes the records of a kind.
fn edit(files: &Files, kind: FileKind, change: impl FnOnce(&mut Vec<Vec<String>>)) -> Files {
    let mut files = files.clone();
    let (_, bytes) =
        files.iter_mut().find(|(name, _)| is_of(name, kind)).expect("the unit has the kind");
    let mut rows = table(bytes);
    change(&mut rows);
    *bytes = write(&rows);
    files
}

fn at(id: FieldId) -> usize {
    usize::from(id.index)
}

fn losses(comparison: &Comparison) -> Vec<&Difference> {
    comparison.differences.iter().filter(|found| found.grade == Grade::Loss).collect()
}

fn explain(comparison: &Comparison) -> String {
    comparison.text(Wording { lang: Lang::En, show_values: true }, true)
}

#[test]
fn the_same_content_in_every_writing_and_order_is_the_same() {
    for known in all_units() {
        for richness in [Richness::Plain, Richness::Rich] {
            let request = Request { richness, ..request(known.id, 4) };
            let given = files(&request);
            for variant in variant::variants(&request).expect("a sensible request") {
                let returned: Files =
                    variant.files.into_iter().map(|file| (file.name, file.bytes)).collect();
                let comparison = compare(&given, &returned);
                assert!(
                    comparison.differences.is_empty(),
                    "{} {}: {}",
                    known.id,
                    variant.folder,
                    explain(&comparison)
                );
                assert_eq!(comparison.verdict(), Verdict::Kept);
                let tallies = comparison.tallies.values();
                assert!(tallies.clone().all(|tally| tally.matched == tally.given));
                assert!(tallies.map(|tally| tally.given).sum::<u64>() > 0);
            }
        }
    }
}

/// The same unit sent by the receiver, a day later: other names, and the names of images with them.
fn turned(given: &Files) -> Files {
    let rename = |name: &str| {
        let file_name::Reading::Standard { mut name, .. } = file_name::read(name) else {
            panic!("{name} is a name of the standard")
        };
        std::mem::swap(&mut name.sender, &mut name.receiver);
        name.sequence[13] = if name.sequence[13] == b'9' { b'0' } else { name.sequence[13] + 1 };
        name.compose()
    };
    let image = at(upkihon::FAMILY_IMAGE_FILENAME);
    given
        .iter()
        .map(|(name, bytes)| {
            let mut bytes = bytes.clone();
            if is_of(name, FileKind::Upkihon) {
                let mut rows = table(&bytes);
                for row in rows.iter_mut().filter(|row| !row[image].is_empty()) {
                    row[image] = rename(&row[image]);
                }
                bytes = write(&rows);
            }
            (rename(name), bytes)
        })
        .collect()
}

#[test]
fn another_sender_and_sequence_lose_nothing() {
    for known in all_units() {
        let given = unit(known.id, 3);
        let comparison = compare(&given, &turned(&given));
        assert_eq!(comparison.verdict(), Verdict::Kept, "{}: {}", known.id, explain(&comparison));
        // Only the name of an image inside a record has changed.
        let is_image = |found: &Difference| {
            found.field.is_some_and(|field| field.format == Format::ImageFileName)
        };
        assert!(comparison.differences.iter().all(is_image), "{}", explain(&comparison));
    }
}

#[test]
fn the_encoding_is_writing() {
    for known in all_units() {
        let given = unit(known.id, 3);
        let returned: Files = given
            .iter()
            .map(|(name, bytes)| match ms932::decode(bytes) {
                Ok(text) if name.ends_with(".CSV") => {
                    (name.clone(), format!("\u{FEFF}{text}").into_bytes())
                }
                _ => (name.clone(), bytes.clone()),
            })
            .collect();
        let comparison = compare(&given, &returned);
        assert!(comparison.differences.is_empty(), "{}: {}", known.id, explain(&comparison));
    }
}

/// Another value that fits the field.
fn other(field: &Field, value: &str) -> String {
    if field.format == Format::CsvVersion {
        // A version of another layout would make the file unreadable.
        return "202504".to_owned();
    }
    match value.chars().next_back() {
        Some(last @ '0'..='8') if !field.format.is_free_text() => {
            let next = char::from_u32(u32::from(last) + 1).expect("a digit");
            format!("{}{next}", &value[..value.len() - 1])
        }
        Some('9') if !field.format.is_free_text() => format!("{}0", &value[..value.len() - 1]),
        None if !field.format.is_free_text() => "1".to_owned(),
        _ => format!("{value}改"),
    }
}

/// Changes one value and asserts that exactly this is found.
fn assert_found(given: &Files, file: usize, record: usize, field: &'static Field, value: &str) {
    let at = usize::from(field.no) - 1;
    let (name, bytes) = &given[file];
    let mut rows = table(bytes);
    let before = std::mem::replace(&mut rows[record][at], value.to_owned());
    let mut returned = given.clone();
    returned[file].1 = write(&rows);
    let comparison = compare(given, &returned);
    let context = || {
        let what = format!("{name} record {} item {}", record + 1, field.no);
        format!("{what}: {before:?} became {value:?}\n{}", explain(&comparison))
    };
    let is_level = field.format == Format::SequenceNumber
        && matches!(field.kind, FileKind::Up2kyo | FileKind::UpyoboSub);
    let named = comparison.differences.iter().any(|found| {
        let is_same = found.field.is_some_and(|f| std::ptr::eq(f, field));
        // A number may be changed so that another record stands in the wrong group.
        let is_neighbour = is_level
            && found.field.is_some_and(|f| f.format == Format::SequenceNumber)
            && found.kind == field.kind;
        is_same || is_neighbour
    });
    assert!(named, "not found: {}", context());
    for found in losses(&comparison) {
        let is_own = found.field.is_some_and(|f| {
            std::ptr::eq(f, field) || is_level && f.format == Format::SequenceNumber
        });
        let is_image = field.format == Format::ImageFileName && found.change == Change::ImageLost;
        assert!(is_own || is_image, "something else: {}", context());
    }
    if !is_level {
        assert_eq!(
            comparison.differences.iter().filter(|found| found.field.is_some()).count(),
            1,
            "only one value differs: {}",
            context()
        );
    }
}

/// The layout of a file, by its name.
fn fields_of(name: &str) -> &'static [Field] {
    let file_name::Reading::Standard { name, .. } = file_name::read(name) else { return &[] };
    name.kind.layout(name.version).map_or(&[], |layout| layout.fields)
}

#[test]
fn every_item_of_every_layout_is_compared() {
    let mut seen = std::collections::BTreeSet::new();
    for known in all_units() {
        let given = unit(known.id, 2);
        for (file, (name, bytes)) in given.iter().enumerate() {
            let rows = if fields_of(name).is_empty() { Vec::new() } else { table(bytes) };
            for field in fields_of(name) {
                let at = usize::from(field.no) - 1;
                if !seen.insert((field.version, field.kind, field.no)) {
                    continue;
                }
                let filled = rows.iter().position(|row| !row[at].is_empty());
                if let Some(record) = filled {
                    assert_found(&given, file, record, field, &other(field, &rows[record][at]));
                    if field.format != Format::CsvVersion {
                        assert_found(&given, file, record, field, "");
                    }
                }
                if let Some(record) = rows.iter().rposition(|row| row[at].is_empty()) {
                    assert_found(&given, file, record, field, &other(field, ""));
                }
            }
        }
    }
    let all: usize = careplan_spec::layout::all().map(careplan_spec::Layout::columns).sum();
    assert_eq!(seen.len(), all, "every item of every layout");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn one_changed_value_is_found_wherever_it_is(
        unit_at in 0_usize..20,
        people in 1_u64..4,
        file in any::<prop::sample::Index>(),
        record in any::<prop::sample::Index>(),
        item in any::<prop::sample::Index>(),
        is_emptied in any::<bool>(),
    ) {
        let units: Vec<_> = all_units().collect();
        let given = unit(units[unit_at % units.len()].id, people);
        let tables: Vec<usize> =
            (0..given.len()).filter(|at| !fields_of(&given[*at].0).is_empty()).collect();
        let file = tables[file.index(tables.len())];
        let rows = table(&given[file].1);
        let record = record.index(rows.len());
        let field = item.get(fields_of(&given[file].0));
        let before = &rows[record][usize::from(field.no) - 1];
        let is_emptied = is_emptied && !before.is_empty() && field.format != Format::CsvVersion;
        let value = if is_emptied { String::new() } else { other(field, before) };
        assert_found(&given, file, record, field, &value);
    }

    #[test]
    fn any_bytes_are_compared_without_a_panic(
        left in proptest::collection::vec(any::<u8>(), 0..400),
        cut in any::<prop::sample::Index>(),
        kind in 0_usize..18,
    ) {
        let given = unit("Y2", 1);
        let kind = FileKind::ALL[kind];
        let name = |suffix: &str| format!("{}_{suffix}.CSV", kind.prefix());
        let mut hostile = given.clone();
        let target = cut.index(hostile.len());
        let cut = cut.index(hostile[target].1.len().max(1));
        hostile[target].1.truncate(cut);
        hostile[target].1.extend_from_slice(&left);
        hostile.push((name("x"), left));
        for (a, b) in [(&given, &hostile), (&hostile, &given), (&hostile, &hostile)] {
            let comparison = compare(a, b);
            prop_assert!(comparison.failed.is_empty());
            for lang in [Lang::Ja, Lang::En] {
                let wording = Wording { lang, show_values: true };
                let _ = (comparison.text(wording, true), comparison.json(wording));
            }
            let page = round_trip::page(a, &comparison, &careplan_forms::Options::default());
            let same = std::ptr::eq(a, b);
            let unreadable = |found: &Difference| found.change == Change::Unreadable;
            prop_assert!(!same || comparison.differences.iter().all(unreadable));
            prop_assert!(page.trim_end().ends_with("</html>"));
        }
    }
}

#[test]
fn nothing_given_is_no_pass() {
    assert_eq!(compare(&[], &unit("K1", 1)).verdict(), Verdict::NothingToCompare);
    let nothing: [(&str, &[u8]); 0] = [];
    assert_eq!(compare(&nothing, &nothing).verdict(), Verdict::NothingToCompare);
    let foreign = vec![("plan.csv".to_owned(), b"1,2".to_vec())];
    let comparison = compare(&foreign, &foreign);
    assert_eq!(comparison.verdict(), Verdict::NothingToCompare);
    assert_eq!(comparison.not_compared.len(), 2);
}

#[test]
fn a_lost_and_a_doubled_record_are_named() {
    let given = unit("K2", 2);
    let returned = edit(&given, FileKind::Upplan, |rows| {
        rows.remove(4);
    });
    let comparison = compare(&given, &returned);
    let [found] = losses(&comparison)[..] else { panic!("{}", explain(&comparison)) };
    assert_eq!(found.change, Change::RecordLost);
    assert_eq!(found.given.map(|place| place.record), Some(5));
    assert!(!found.key.is_empty());

    let doubled = edit(&given, FileKind::Upplan, |rows| rows.push(rows[4].clone()));
    let comparison = compare(&given, &doubled);
    let [found] = losses(&comparison)[..] else { panic!("{}", explain(&comparison)) };
    assert_eq!(found.change, Change::RecordAdded);
    let more = edit(&given, FileKind::Upplan, |rows| {
        let mut stranger = rows[4].clone();
        stranger[at(upplan::INSURED_NUMBER)] = "9876543210".to_owned();
        rows.push(stranger);
    });
    let comparison = compare(&given, &more);
    assert_eq!(comparison.verdict(), Verdict::Review, "{}", explain(&comparison));
    // What was added has no place among the given records.
    assert_eq!(comparison.differences[0].given, None);
}

#[test]
fn a_missing_file_is_named_once_and_its_records_each() {
    let given = unit("K1", 2);
    let returned: Files =
        given.iter().filter(|(name, _)| !is_of(name, FileKind::Up3kyo)).cloned().collect();
    let comparison = compare(&given, &returned);
    let changes = |change| {
        comparison.differences.iter().filter(|found| found.change == change).count() as u64
    };
    assert_eq!(changes(Change::FileLost), 1);
    assert_eq!(changes(Change::RecordLost), comparison.tallies[&FileKind::Up3kyo].given);
    assert_eq!(comparison.differences.len() as u64, 1 + changes(Change::RecordLost));
}

#[test]
fn numbers_of_a_hierarchy_may_be_given_anew() {
    for (id, kind, levels) in [
        ("K1", FileKind::Up2kyo, [up2kyo::NEED_NO, up2kyo::GOAL_NO, up2kyo::SUPPORT_NO]),
        (
            "Y3",
            FileKind::UpyoboSub,
            [upyobo_sub::NEED_NO, upyobo_sub::SUPPORT_PLAN_NO, upyobo_sub::USED_SERVICE_NO],
        ),
    ] {
        let given = unit(id, 3);
        let renumbered = edit(&given, kind, |rows| {
            for row in rows.iter_mut() {
                for (step, level) in (2..).zip(levels) {
                    let number: u32 = row[at(level)].parse().expect("a number");
                    row[at(level)] = (number * step + 3).to_string();
                }
            }
            rows.reverse();
        });
        let comparison = compare(&given, &renumbered);
        assert_eq!(comparison.verdict(), Verdict::Kept, "{}", explain(&comparison));
        assert!(comparison.count(Grade::Free) > 0);
        // Two needs that become one are no renumbering.
        let joined = edit(&given, kind, |rows| {
            for row in rows.iter_mut() {
                row[at(levels[0])] = "1".to_owned();
            }
        });
        let comparison = compare(&given, &joined);
        assert_eq!(comparison.verdict(), Verdict::Lost, "{}", explain(&comparison));
        let structural = |found: &&Difference| found.cause == Some(Cause::Structure);
        assert!(losses(&comparison).iter().all(structural), "{}", explain(&comparison));
    }
}

#[test]
fn needs_with_the_same_content_are_told_apart_by_their_numbers() {
    let given = edit(&unit("K1", 1), FileKind::Up2kyo, |rows| {
        let mut copy: Vec<Vec<String>> = rows.clone();
        for row in &mut copy {
            let number: u32 = row[at(up2kyo::NEED_NO)].parse().expect("a number");
            row[at(up2kyo::NEED_NO)] = (number + 20).to_string();
        }
        // A text of its own, so that the order matters.
        copy[0][at(up2kyo::SERVICE_CONTENT)].push('改');
        rows.extend(copy);
    });
    let reversed = edit(&given, FileKind::Up2kyo, |rows| rows.reverse());
    let comparison = compare(&given, &reversed);
    assert!(comparison.differences.is_empty(), "{}", explain(&comparison));
    let renumbered = edit(&reversed, FileKind::Up2kyo, |rows| {
        for row in rows.iter_mut() {
            let number: u32 = row[at(up2kyo::NEED_NO)].parse().expect("a number");
            row[at(up2kyo::NEED_NO)] = (number + 3).to_string();
        }
    });
    let comparison = compare(&given, &renumbered);
    assert_eq!(comparison.verdict(), Verdict::Kept, "{}", explain(&comparison));
}

#[test]
fn repeated_texts_may_be_left_out_or_written_again() {
    use up2kyo::NEED_TEXT;
    let given = unit("K1", 4);
    let changed = edit(&given, FileKind::Up2kyo, |rows| {
        let mut last = (Vec::new(), String::new());
        for row in rows.iter_mut() {
            let need: Vec<String> =
                [2, 4, 5].into_iter().map(|at: usize| row[at].clone()).collect();
            let text = std::mem::take(&mut row[at(NEED_TEXT)]);
            if need == last.0 && (text.is_empty() || text == last.1) {
                // Whatever was written is now left out, and the other way round.
                row[at(NEED_TEXT)] = if text.is_empty() { last.1.clone() } else { String::new() };
            } else {
                last = (need, text.clone());
                row[at(NEED_TEXT)] = text;
            }
        }
    });
    let comparison = compare(&given, &changed);
    assert_eq!(comparison.verdict(), Verdict::Kept, "{}", explain(&comparison));
    assert!(comparison.count(Grade::Free) > 0, "the fixtures have needs of several records");
}

#[test]
fn known_causes_are_told() {
    let given = unit("K2", 12);
    let zeros = edit(&given, FileKind::Upplan, |rows| {
        for row in rows.iter_mut() {
            for id in [upplan::INSURER_NUMBER, upplan::INSURED_NUMBER, upplan::SERVICE_START_TIME] {
                let value = row[at(id)].trim_start_matches('0').to_owned();
                row[at(id)] = value;
            }
        }
    });
    let comparison = compare(&given, &zeros);
    assert!(!losses(&comparison).is_empty());
    for found in losses(&comparison) {
        assert_eq!(found.cause, Some(Cause::LeadingZerosLost), "{}", explain(&comparison));
        assert_eq!(found.change, Change::ValueChanged);
    }
    let request =
        mutant::Base::of("K2").to_kind("76").rich().with_people(12).request().expect("a request");
    let given = files(&request);
    let exponent = edit(&given, FileKind::Upplan, |rows| {
        for row in rows.iter_mut().filter(|row| !row[at(upplan::PER_DIEM_BITMAP)].is_empty()) {
            row[at(upplan::PER_DIEM_BITMAP)] = "1.11E+30".to_owned();
        }
    });
    let comparison = compare(&given, &exponent);
    assert!(!losses(&comparison).is_empty(), "the fixtures have fees by days");
    for found in losses(&comparison) {
        assert_eq!(found.cause, Some(Cause::Exponent), "{}", explain(&comparison));
    }
}

#[test]
fn a_later_unit_replaces_an_earlier_one() {
    let earlier = unit("K2", 2);
    let later: Files = earlier
        .iter()
        .map(|(name, bytes)| {
            let file_name::Reading::Standard { mut name, .. } = file_name::read(name) else {
                panic!("a name of the standard")
            };
            name.sequence = *b"20260630090000";
            (name.compose(), bytes.clone())
        })
        .collect();
    let later = edit(&later, FileKind::Upplan, |rows| {
        rows[0][at(upplan::SERVICE_COUNT)] = "7".to_owned();
        rows.remove(1);
    });
    let given: Files = earlier.iter().chain(&later).cloned().collect();
    // Both came back; only the later one did; only the older one did.
    assert!(compare(&given, &given).differences.is_empty());
    let comparison = compare(&given, &later);
    assert_eq!(comparison.verdict(), Verdict::Kept, "{}", explain(&comparison));
    let comparison = compare(&given, &earlier);
    let found = losses(&comparison);
    let outdated = found.iter().find(|found| found.field.is_some()).expect("the count is older");
    assert_eq!(outdated.cause, Some(Cause::Outdated), "{}", explain(&comparison));
    let added = found.iter().find(|found| found.change == Change::RecordAdded);
    assert_eq!(added.and_then(|found| found.cause), Some(Cause::Outdated));
}

#[test]
fn deletions_take_away_what_they_name() {
    let plan = unit("K1", 2);
    let of_sequence = |sequence: &[u8; 14]| -> Files {
        let with_sequence = |(name, bytes): (String, Vec<u8>)| {
            let file_name::Reading::Standard { mut name, .. } = file_name::read(&name) else {
                panic!("a name of the standard")
            };
            name.sequence = *sequence;
            (name.compose(), bytes)
        };
        let deletion = unit("K3", 2).into_iter().map(with_sequence);
        plan.iter().cloned().chain(deletion).collect()
    };
    let ignored = |comparison: &Comparison| {
        losses(comparison).iter().filter(|f| f.change == Change::DeletionIgnored).count()
    };
    assert!(plan.iter().all(|(name, _)| name.ends_with("_20260520131722.CSV")));
    for sequence in [b"20260630090000", b"20260520131722"] {
        let given = of_sequence(sequence);
        let comparison = compare(&given, &[]);
        assert_eq!(comparison.verdict(), Verdict::Review, "{}", explain(&comparison));
        let comparison = compare(&given, &plan);
        assert_eq!(comparison.verdict(), Verdict::Lost);
        assert_eq!(ignored(&comparison), 6, "three tables, two people: {}", explain(&comparison));
    }
    // What was sent after the deletion is not what it deletes.
    let given = of_sequence(b"20260520131721");
    assert_eq!(compare(&given, &[]).verdict(), Verdict::Lost);
    let comparison = compare(&given, &plan);
    assert_eq!((comparison.verdict(), ignored(&comparison)), (Verdict::Review, 0));
}

#[test]
fn long_values_are_shown_around_the_first_difference() {
    let given = unit("K1", 1);
    let of_length = |length: usize, last: &str| {
        edit(&given, FileKind::Up1kyo, |rows| {
            rows[0][at(up1kyo::OVERALL_SUPPORT_POLICY)] = "あ".repeat(length - 1) + last;
        })
    };
    let wording = Wording { lang: Lang::Ja, show_values: true };
    let values = |length| {
        let comparison = compare(&of_length(length, "い"), &of_length(length, "う"));
        let (given, returned) = comparison.differences[0].values(wording);
        (given.expect("it was given"), returned.expect("it came back"))
    };
    let whole = "あ".repeat(119);
    assert_eq!(values(120), (format!("{whole}い"), format!("{whole}う")));
    let around = "あ".repeat(20);
    assert_eq!(values(121), (format!("…{around}い"), format!("…{around}う")));
}

#[test]
fn a_value_that_a_file_of_this_version_lost_has_no_cause_of_another_version() {
    let given = unit("K2", 1);
    let returned = edit(&given, FileKind::Upplan, |rows| {
        rows[0][at(upplan::SERVICE_COUNT)].clear();
    });
    let comparison = compare(&given, &returned);
    let [found] = losses(&comparison)[..] else { panic!("{}", explain(&comparison)) };
    assert_eq!((found.change, found.cause), (Change::ValueLost, None));
}

#[test]
fn people_are_recognised_whose_number_lost_its_h() {
    let of = |number: &str, policy: &str| {
        edit(&unit("K1", 2), FileKind::Up1kyo, |rows| {
            rows[0][at(up1kyo::INSURED_NUMBER)] = number.to_owned();
            rows[0][at(up1kyo::OVERALL_SUPPORT_POLICY)] = policy.to_owned();
        })
    };
    let comparison = compare(&of("H123456789", "歩く"), &of("0123456789", "泳ぐ"));
    let [number, policy] = losses(&comparison)[..] else { panic!("{}", explain(&comparison)) };
    assert_eq!(number.cause, Some(Cause::PublicAssistance));
    assert_eq!(policy.change, Change::ValueChanged);
}

#[test]
fn a_record_is_the_same_while_half_of_it_is() {
    let keys =
        [up3kyo::CSV_VERSION, up3kyo::INSURER_NUMBER, up3kyo::INSURED_NUMBER, up3kyo::PLAN_DATE]
            .map(at);
    let of = |[weekday, start, end, content]: [&str; 4]| {
        edit(&unit("K1", 1), FileKind::Up3kyo, |rows| {
            rows.truncate(1);
            for (column, value) in rows[0].iter_mut().enumerate() {
                *value = match column {
                    _ if column == at(up3kyo::WEEKDAY) => weekday.to_owned(),
                    _ if column == at(up3kyo::SERVICE_START_TIME) => start.to_owned(),
                    _ if column == at(up3kyo::SERVICE_END_TIME) => end.to_owned(),
                    _ if column == at(up3kyo::CARE_SERVICE_CONTENT) => content.to_owned(),
                    _ if keys.contains(&column) => std::mem::take(value),
                    _ => String::new(),
                };
            }
        })
    };
    let given = of(["1", "0900", "1000", "入浴"]);
    let changes = |returned: [&str; 4]| -> Vec<Change> {
        losses(&compare(&given, &of(returned))).iter().map(|found| found.change).collect()
    };
    assert_eq!(changes(["1", "1300", "1000", "散歩"]), [Change::ValueChanged; 2]);
    assert_eq!(changes(["1", "1300", "1400", "散歩"]), [Change::RecordLost, Change::RecordAdded]);
    // What tells it apart is said without the text.
    let lost = compare(&given, &of(["1", "1300", "1400", "散歩"]));
    let key = lost.differences[0].key_words(Wording { lang: Lang::Ja, show_values: true });
    assert!(key.contains("0900") && !key.contains("入浴"), "{key}");
}

#[test]
fn images_are_compared_by_their_bytes() {
    let given = unit("Y1", 3);
    let images: Vec<usize> =
        (0..given.len()).filter(|&at| is_of(&given[at].0, FileKind::UpkihonImage)).collect();
    let mut other = given.clone();
    for &at in &images {
        other[at].1.push(0);
    }
    let comparison = compare(&given, &other);
    assert_eq!(comparison.verdict(), Verdict::Review, "{}", explain(&comparison));
    assert!(comparison.differences.iter().all(|found| found.change == Change::ImageChanged));
    assert_eq!(comparison.differences.len(), images.len());
    let mut without = given.clone();
    without.remove(images[0]);
    let comparison = compare(&given, &without);
    let [found] = losses(&comparison)[..] else { panic!("{}", explain(&comparison)) };
    assert_eq!(found.change, Change::ImageLost);
}

#[test]
fn version_3_for_4_1_loses_what_it_lacks() {
    let given = unit("K2", 2);
    let v3 = FileKind::Upplan.layout(StandardVersion::V3).expect("3.x has it");
    let v4 = FileKind::Upplan.layout(StandardVersion::V4_1).expect("4.1 has it");
    let returned = edit(&given, FileKind::Upplan, |rows| {
        for row in rows.iter_mut() {
            *row = v3
                .fields
                .iter()
                .map(|field| {
                    let at = v4.fields.iter().position(|f| f.constant == field.constant);
                    row[at.expect("a field of 4.1")].clone()
                })
                .collect();
            row[0] = "202208".to_owned();
        }
    });
    let comparison = compare(&given, &returned);
    let found = losses(&comparison);
    assert!(found.iter().any(|found| found.cause == Some(Cause::NoSuchItem)));
    assert!(found.iter().all(|found| {
        found.cause == Some(Cause::NoSuchItem) || found.field.is_some_and(|f| f.no == 1)
    }));
}

#[test]
fn what_cannot_be_read_is_a_difference() {
    let given = unit("K1", 1);
    let returned = edit(&given, FileKind::Up2kyo, |rows| {
        rows[1].pop();
    });
    let comparison = compare(&given, &returned);
    let changes: Vec<Change> = losses(&comparison).iter().map(|found| found.change).collect();
    assert!(changes.contains(&Change::Unreadable) && changes.contains(&Change::RecordLost));
}

#[test]
fn a_product_that_keeps_nothing_loses_everything_in_time() {
    // Thousands of records of one person that have nothing in common.
    let given = unit("K2", 1);
    let many = |value: &str| {
        edit(&given, FileKind::Upplan, |rows| {
            let row = rows[0].clone();
            rows.clear();
            for at_row in 0..8000 {
                let mut row = row.clone();
                row[at(upplan::SERVICE_OFFICE_NAME)] = format!("{value}{at_row}");
                row[at(upplan::UNITS)] = format!("{value}{at_row}");
                row[at(upplan::SERVICE_CODE)] = format!("{value}{at_row}");
                rows.push(row);
            }
        })
    };
    let comparison = compare(&many("1"), &many("2"));
    assert_eq!(comparison.tallies[&FileKind::Upplan].given, 8000);
    assert!(losses(&comparison).len() >= 8000);
}

#[test]
fn values_are_masked_unless_asked_for() {
    let given = unit("K1", 1);
    let mut name = String::new();
    let returned = edit(&given, FileKind::Uphosoku, |rows| {
        name = std::mem::replace(&mut rows[0][5], "別人".to_owned());
    });
    let comparison = compare(&given, &returned);
    for lang in [Lang::Ja, Lang::En] {
        let masked = Wording { lang, show_values: false };
        let reports = [comparison.text(masked, true), comparison.json(masked).to_string()];
        assert!(reports.iter().all(|text| !text.contains(&name) && !text.contains("別人")));
        let options =
            careplan_forms::Options { lang, mask: true, ..careplan_forms::Options::default() };
        let page = round_trip::page(&given, &comparison, &options);
        assert!(!page.contains(&name) && !page.contains("別人"));
        let shown = Wording { lang, show_values: true };
        assert!(comparison.text(shown, true).contains(&name));
    }
}

#[test]
fn the_page_marks_the_cell_and_shows_both_values() {
    let given = unit("K2", 1);
    let returned = edit(&given, FileKind::Upplan, |rows| {
        rows[0][at(upplan::SERVICE_COUNT)] = "7".to_owned();
    });
    let comparison = compare(&given, &returned);
    let page = round_trip::page(&given, &comparison, &careplan_forms::Options::default());
    assert!(page.contains("渡した値：1 → 戻った値：7"), "{}", explain(&comparison));
    let cell = page
        .split("<td")
        .find(|cell| cell.contains("upplan.service_count") && cell.contains("cp-error"));
    assert!(cell.expect("a marked cell").contains("cp-mark"));
    assert!(!page.contains("検査の指摘"));
}
