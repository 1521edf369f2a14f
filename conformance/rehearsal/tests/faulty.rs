//! Deliberately faulty products in the rehearsal: every failure seen in practice that a rehearsal
//! can show fails at the right item, for the right reason, and for no other.
//!
//! [`VENDORS`] is the table: row of the list of failures seen in practice, the product's fault, the
//! item that must fail, and the reasons it may fail for. A fault belongs to the product, so it is
//! put into everything the product hands in for a pattern; whichever item fails must fail for one
//! of the fault's own reasons.
//!
//! Rows that no rehearsal of one product can show:
//! - 4 (both sides read 4.1 differently): no fault of one product. What the standard leaves open is
//!   a warning of the checker or a difference to review, and the other rows show their effects.
//! - 11 (service codes that ended or are new): the code tables are no part of the standard, and
//!   this project has none; only the form of a code is judged.

use std::collections::BTreeSet;

use careplan_compare::round_trip::{Change, Grade};
use careplan_judge::{Profile, Report, Severity};
use careplan_rehearsal::case;
use careplan_rehearsal::catalogue::{self, Item, Judge};
use careplan_rehearsal::decision::Standing;
use careplan_rehearsal::judge::{Evidence, Judgement, Submission, judge};
use careplan_rehearsal::setup::{Setup, invented_offices};
use careplan_rehearsal::{Pattern, Side, State};
use careplan_spec::calendar::Month;
use careplan_spec::file_name::{self, FileName, Reading};
use careplan_spec::layout::FieldId;
use careplan_spec::layout::v4_1::{up1kyo, up2kyo, up3kyo, uphosoku, upjsk, upplan, upsikyu};
use careplan_spec::{FileKind, ms932};

type Files = Vec<(String, Vec<u8>)>;

/// Why an item may fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reason {
    /// An error of the checker.
    Rule(&'static str),
    /// A difference, perhaps of one field, perhaps with a recognised cause.
    Differs(Change, Option<FieldId>, Option<&'static str>),
    /// Something the case asks for is not there: the beginning of the sentence.
    Unmet(&'static str),
}

use Reason::{Differs, Rule, Unmet};

/// A product with one fault.
struct Vendor {
    /// Row of the list of failures seen in practice.
    row: u8,
    fault: &'static str,
    pattern: Pattern,
    side: Side,
    /// The item at which the first of the reasons must show.
    item: &'static str,
    reasons: &'static [Reason],
    hand_in: fn(&mut Export),
}

/// What a product hands in for an item, as tables.
struct Export {
    files: Vec<Sheet>,
    item: &'static Item,
    setup: Setup,
}

struct Sheet {
    name: FileName,
    /// As it is handed in, where it is not the standard's own.
    written_name: Option<String>,
    rows: Vec<Vec<String>>,
    /// Instead of rows: an image, or bytes that a fault has made.
    bytes: Option<Vec<u8>>,
}

fn at(id: FieldId) -> usize {
    usize::from(id.index)
}

fn table(bytes: &[u8]) -> Vec<Vec<String>> {
    let text = ms932::decode(bytes).expect("cases are MS932");
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let records = reader.records();
    records.map(|row| row.expect("well-formed").iter().map(str::to_owned).collect()).collect()
}

/// CRLF, every value quoted. What MS932 lacks becomes `?`.
fn write(rows: &[Vec<String>]) -> Vec<u8> {
    let mut out = Vec::new();
    for row in rows {
        for (at, value) in row.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            let text = format!("\"{}\"", value.replace('"', "\"\""));
            out.extend(ms932::encode(&text).expect("faults write MS932"));
        }
        out.extend_from_slice(b"\r\n");
    }
    out
}

impl Sheet {
    fn is(&self, kind: FileKind) -> bool {
        self.name.kind == kind
    }

    fn content(&self) -> Vec<u8> {
        self.bytes.clone().unwrap_or_else(|| write(&self.rows))
    }
}

impl Export {
    /// What a faultless product hands in.
    fn of(setup: &Setup, item: &'static Item) -> Self {
        let all = case::files(setup, item);
        let files: Files = match item.side {
            Side::Writes => all.into_iter().map(|file| (file.name, file.bytes)).collect(),
            Side::Reads => case::compared(item, &all),
        };
        let files = files
            .into_iter()
            .map(|(name, bytes)| {
                let Reading::Standard { name, .. } = file_name::read(&name) else {
                    panic!("{name}: cases have names of the standard")
                };
                let is_csv = name.kind.is_csv();
                let rows = if is_csv { table(&bytes) } else { Vec::new() };
                Sheet { name, written_name: None, rows, bytes: (!is_csv).then_some(bytes) }
            })
            .collect();
        Self { files, item, setup: setup.clone() }
    }

    fn hand_in(&self) -> Files {
        let name =
            |sheet: &Sheet| sheet.written_name.clone().unwrap_or_else(|| sheet.name.compose());
        self.files.iter().map(|sheet| (name(sheet), sheet.content())).collect()
    }

    /// The records of a kind, of all files.
    fn rows(&mut self, kind: FileKind) -> impl Iterator<Item = &mut Vec<String>> {
        self.files.iter_mut().filter(move |sheet| sheet.is(kind)).flat_map(|sheet| &mut sheet.rows)
    }

    /// Changes a value in every record.
    fn change(&mut self, id: FieldId, change: impl Fn(&str) -> String) {
        for row in self.rows(id.kind) {
            row[at(id)] = change(&row[at(id)]);
        }
    }

    /// Keeps the records that are so.
    fn keep(&mut self, kind: FileKind, mut is_kept: impl FnMut(&[String]) -> bool) {
        for sheet in self.files.iter_mut().filter(|sheet| sheet.is(kind)) {
            sheet.rows.retain(|row| is_kept(row));
        }
    }

    /// Every value of every free text.
    fn texts(&mut self, change: impl Fn(&str) -> String) {
        for sheet in &mut self.files {
            let layout = sheet.name.kind.layout(sheet.name.version);
            let Some(layout) = layout.filter(|_| sheet.bytes.is_none()) else { continue };
            for row in &mut sheet.rows {
                for (field, value) in layout.fields.iter().zip(row) {
                    if field.format == careplan_spec::layout::Format::FreeText {
                        *value = change(value);
                    }
                }
            }
        }
    }
}

const W: Side = Side::Writes;
const R: Side = Side::Reads;

use Change::{FileLost, RecordAdded, RecordLost, ValueChanged, ValueLost};
use Pattern::{D1, D2, D3, D6};

/// Row, fault, item, reasons.
const VENDORS: &[Vendor] = &[
    Vendor {
        row: 1,
        fault: "never exports table 3",
        pattern: D1,
        side: W,
        item: "D1-W-01",
        reasons: &[
            Rule("X002"),
            Unmet("1 whole send units home care plan"),
            Unmet("2 whole send units home care plan"),
            Differs(FileLost, None, None),
            Differs(RecordLost, None, None),
        ],
        hand_in: |export| export.files.retain(|sheet| !sheet.is(FileKind::Up3kyo)),
    },
    Vendor {
        row: 1,
        fault: "gives every file a sequence of its own",
        pattern: D2,
        side: W,
        item: "D2-W-01",
        reasons: &[
            Rule("X002"),
            Unmet("1 whole send units planned use"),
            Unmet("2 whole send units planned use"),
        ],
        hand_in: |export| {
            for sheet in export.files.iter_mut().filter(|sheet| sheet.is(FileKind::Uphosoku)) {
                sheet.name.sequence[..4].copy_from_slice(b"2027");
            }
        },
    },
    Vendor {
        row: 2,
        fault: "leaves the (1) of a second download in the name",
        pattern: D1,
        side: W,
        item: "D1-W-01",
        reasons: &[Rule("L001")],
        hand_in: |export| {
            for sheet in &mut export.files {
                sheet.written_name = Some(sheet.name.compose().replace(".CSV", " (1).CSV"));
            }
        },
    },
    Vendor {
        row: 3,
        fault: "drops empty columns at the end of a record",
        pattern: D3,
        side: W,
        item: "D3-W-01",
        reasons: &[
            Rule("S007"),
            Unmet("not met"),
            Differs(Change::Unreadable, None, None),
            Differs(RecordLost, None, None),
        ],
        hand_in: |export| {
            for row in export.rows(FileKind::Upjsk) {
                row.pop();
            }
        },
    },
    Vendor {
        row: 5,
        fault: "keeps insured numbers as numbers",
        pattern: D1,
        side: R,
        item: "D1-R-02",
        reasons: &[
            Differs(ValueChanged, Some(up1kyo::INSURED_NUMBER), Some("leading-zeros-lost")),
            Differs(ValueChanged, Some(up2kyo::INSURED_NUMBER), Some("leading-zeros-lost")),
            Differs(ValueChanged, Some(up3kyo::INSURED_NUMBER), Some("leading-zeros-lost")),
            Differs(ValueChanged, Some(uphosoku::INSURED_NUMBER), Some("leading-zeros-lost")),
        ],
        hand_in: |export| {
            for id in [
                up1kyo::INSURED_NUMBER,
                up2kyo::INSURED_NUMBER,
                up3kyo::INSURED_NUMBER,
                uphosoku::INSURED_NUMBER,
            ] {
                export.change(id, |number| number.trim_start_matches('0').to_owned());
            }
        },
    },
    Vendor {
        row: 6,
        fault: "addresses everything to another office",
        pattern: D2,
        side: W,
        item: "D2-W-01",
        reasons: &[Unmet("the receiver is")],
        hand_in: |export| {
            let (_, partner) = export.setup.parties(export.item).expect("an item within reach");
            let other = careplan_fixtures::region::offices()
                .iter()
                .map(|office| office.number)
                .find(|number| *number != partner.office())
                .expect("the region has several offices");
            for sheet in &mut export.files {
                sheet.name.receiver.office.copy_from_slice(other.as_str().as_bytes());
            }
        },
    },
    Vendor {
        row: 7,
        fault: "writes its own number as the receiver's",
        pattern: D1,
        side: W,
        item: "D1-W-01",
        reasons: &[Unmet("the receiver is")],
        hand_in: |export| {
            for sheet in &mut export.files {
                sheet.name.receiver.office = sheet.name.sender.office;
            }
        },
    },
    Vendor {
        row: 8,
        fault: "writes the month of publication as CSVバージョン",
        pattern: D1,
        side: W,
        item: "D1-W-01",
        reasons: &[
            Rule("F028"),
            Differs(ValueChanged, Some(up1kyo::CSV_VERSION), None),
            Differs(ValueChanged, Some(up2kyo::CSV_VERSION), None),
            Differs(ValueChanged, Some(up3kyo::CSV_VERSION), None),
            Differs(ValueChanged, Some(uphosoku::CSV_VERSION), None),
        ],
        hand_in: |export| {
            for sheet in &mut export.files {
                for row in &mut sheet.rows {
                    row[0] = "202410".to_owned();
                }
            }
        },
    },
    Vendor {
        row: 9,
        fault: "puts two months into one file",
        pattern: D2,
        side: W,
        item: "D2-W-10",
        reasons: &[
            Rule("L008"),
            Unmet("2 whole send units planned use"),
            Unmet("not met: send units of two service months"),
        ],
        hand_in: |export| {
            let first = export.files[0].name.month;
            let (kept, moved): (Vec<_>, Vec<_>) =
                std::mem::take(&mut export.files).into_iter().partition(|s| s.name.month == first);
            export.files = kept;
            for sheet in moved {
                let kind = sheet.name.kind;
                let own = export.files.iter_mut().find(|own| own.is(kind)).expect("both months");
                own.rows.extend(sheet.rows);
            }
        },
    },
    Vendor {
        row: 10,
        fault: "saves as UTF-8",
        pattern: D1,
        side: W,
        item: "D1-W-01",
        reasons: &[Rule("B002"), Rule("B001")],
        hand_in: |export| {
            for sheet in &mut export.files {
                let text = ms932::decode(&write(&sheet.rows)).expect("MS932");
                sheet.bytes = Some(format!("\u{FEFF}{text}").into_bytes());
            }
        },
    },
    Vendor {
        row: 10,
        fault: "passes texts through a code that lacks the IBM extensions",
        pattern: D1,
        side: R,
        item: "D1-R-05",
        reasons: &[Differs(ValueChanged, None, Some("character-replaced"))],
        hand_in: |export| export.texts(|text| text.replace(['髙', '﨑', '①', 'Ⅲ', '㈱'], "?")),
    },
    Vendor {
        row: 10,
        fault: "exports 髙 as 高",
        pattern: D1,
        side: W,
        item: "D1-W-05",
        reasons: &[
            Unmet("not met: a free text with 髙"),
            Differs(ValueChanged, None, Some("character-changed")),
        ],
        hand_in: |export| export.texts(|text| text.replace('髙', "高")),
    },
    Vendor {
        row: 12,
        fault: "exports services that the exchange leaves out",
        pattern: D2,
        side: W,
        item: "D2-W-18",
        reasons: &[
            Rule("R009"),
            Unmet("not met: no row of a kind outside"),
            Differs(RecordAdded, None, None),
        ],
        hand_in: |export| {
            for sheet in export.files.iter_mut().filter(|sheet| sheet.is(FileKind::Upplan)) {
                let mut row = sheet.rows[0].clone();
                row[at(upplan::SERVICE_CODE)] = "331111".to_owned();
                sheet.rows.push(row);
            }
        },
    },
    Vendor {
        row: 13,
        fault: "exports rented equipment without its codes",
        pattern: D2,
        side: W,
        item: "D2-W-15",
        reasons: &[
            Rule("R005"),
            Unmet("not met: a row of rented equipment"),
            Differs(ValueLost, Some(upplan::TAIS_CODE), None),
            Differs(ValueLost, Some(upplan::EQUIPMENT_NOTIFICATION_CODE), None),
            Differs(ValueLost, Some(upsikyu::TAIS_CODE), None),
            Differs(ValueLost, Some(upsikyu::EQUIPMENT_NOTIFICATION_CODE), None),
        ],
        hand_in: |export| {
            for id in [
                upplan::TAIS_CODE,
                upplan::EQUIPMENT_NOTIFICATION_CODE,
                upsikyu::TAIS_CODE,
                upsikyu::EQUIPMENT_NOTIFICATION_CODE,
            ] {
                export.change(id, |_| String::new());
            }
        },
    },
    Vendor {
        row: 13,
        fault: "takes two items of one code and price for the same",
        pattern: D2,
        side: R,
        item: "D2-R-15",
        reasons: &[Differs(RecordLost, None, None)],
        hand_in: |export| {
            export.keep(FileKind::Upplan, |row| {
                matches!(row[at(upplan::DETAIL_DISCRIMINATOR)].as_str(), "" | "1")
            });
        },
    },
    Vendor {
        row: 14,
        fault: "exports additions without the times of their visit",
        pattern: D2,
        side: W,
        item: "D2-W-02",
        reasons: &[
            Differs(ValueChanged, Some(upplan::SERVICE_START_TIME), None),
            Differs(ValueChanged, Some(upplan::SERVICE_END_TIME), None),
        ],
        hand_in: |export| {
            for row in export.rows(FileKind::Upplan) {
                if row[at(upplan::SERVICE_CODE)].starts_with("1553") {
                    row[at(upplan::SERVICE_START_TIME)] = "9999".to_owned();
                    row[at(upplan::SERVICE_END_TIME)] = "9999".to_owned();
                }
            }
        },
    },
    Vendor {
        row: 15,
        fault: "keeps the marks of days as a number",
        pattern: D6,
        side: R,
        item: "D6-R-13",
        reasons: &[Differs(ValueChanged, Some(upplan::PER_DIEM_BITMAP), None)],
        hand_in: |export| {
            export.change(upplan::PER_DIEM_BITMAP, |days| match days.is_empty() {
                true => String::new(),
                false => format!("{:.2E}", days.parse::<f64>().expect("digits")).replace('E', "E+"),
            });
        },
    },
    Vendor {
        row: 15,
        fault: "exports the marks of days as a spreadsheet shows them",
        pattern: D6,
        side: W,
        item: "D6-W-13",
        reasons: &[Rule("F017"), Differs(ValueChanged, Some(upplan::PER_DIEM_BITMAP), None)],
        hand_in: |export| {
            export.change(upplan::PER_DIEM_BITMAP, |days| match days.is_empty() {
                true => String::new(),
                false => "1.11E+30".to_owned(),
            });
        },
    },
    Vendor {
        row: 16,
        fault: "forgets the mark of a stay beyond 30 days",
        pattern: D2,
        side: W,
        item: "D2-W-12",
        reasons: &[
            Unmet("not met: a row of a short stay"),
            Unmet("not met: a row of table 7 beyond 30 days"),
            Differs(ValueChanged, Some(upplan::OVER_30_DAYS), None),
            Differs(ValueChanged, Some(upsikyu::OVER_30_DAYS), None),
        ],
        hand_in: |export| {
            for id in [upplan::OVER_30_DAYS, upsikyu::OVER_30_DAYS] {
                export.change(id, |mark| mark.replace('1', "0"));
            }
        },
    },
    Vendor {
        row: 17,
        fault: "drops people with an H number",
        pattern: D1,
        side: R,
        item: "D1-R-11",
        reasons: &[Differs(RecordLost, None, None)],
        hand_in: |export| {
            for sheet in &mut export.files {
                sheet.rows.retain(|row| !row[2].starts_with('H'));
            }
        },
    },
    Vendor {
        row: 17,
        fault: "exports an H number as digits",
        pattern: D1,
        side: W,
        item: "D1-W-11",
        reasons: &[
            Unmet("not met: a person with an H number"),
            Differs(ValueChanged, None, Some("public-assistance")),
        ],
        hand_in: |export| {
            for row in export.files.iter_mut().flat_map(|sheet| &mut sheet.rows) {
                row[2] = row[2].replace('H', "0");
            }
        },
    },
    Vendor {
        row: 18,
        fault: "exports table 7 without its total",
        pattern: D2,
        side: W,
        item: "D2-W-01",
        reasons: &[Rule("L011"), Differs(RecordLost, None, None)],
        hand_in: |export| {
            export.keep(FileKind::Upsikyu, |row| row[at(upsikyu::SERVICE_CODE)] != "999999");
        },
    },
    Vendor {
        row: 19,
        fault: "numbers every line of table 2 alike",
        pattern: D1,
        side: W,
        item: "D1-W-02",
        reasons: &[Differs(ValueChanged, Some(up2kyo::SUPPORT_NO), Some("structure"))],
        hand_in: |export| export.change(up2kyo::SUPPORT_NO, |_| "1".to_owned()),
    },
    Vendor {
        row: 19,
        fault: "keeps one line of table 2 for each number of a need",
        pattern: D1,
        side: R,
        item: "D1-R-02",
        reasons: &[Differs(RecordLost, None, None)],
        hand_in: |export| {
            let mut seen = BTreeSet::new();
            export.keep(FileKind::Up2kyo, |row| {
                seen.insert([row[2].clone(), row[4].clone(), row[at(up2kyo::NEED_NO)].clone()])
            });
        },
    },
    Vendor {
        row: 20,
        fault: "forgets which satellite it was",
        pattern: D2,
        side: R,
        item: "D2-R-14",
        reasons: &[
            Differs(ValueLost, Some(upplan::SATELLITE_BRANCH_NO), None),
            Differs(ValueLost, Some(upsikyu::SATELLITE_BRANCH_NO), None),
        ],
        hand_in: |export| {
            for id in [upplan::SATELLITE_BRANCH_NO, upsikyu::SATELLITE_BRANCH_NO] {
                export.change(id, |_| String::new());
            }
        },
    },
    Vendor {
        row: 21,
        fault: "imports in any order, so that the older content stays",
        pattern: D1,
        side: R,
        item: "D1-R-07",
        reasons: &[Differs(ValueChanged, None, None), Differs(RecordLost, None, None)],
        hand_in: |export| {
            if export.item.units.iter().any(|unit| unit.revision > 0) {
                let all = case::files(&export.setup, export.item);
                let first: Files = all
                    .into_iter()
                    .filter(|file| file.unit == 0)
                    .map(|file| (file.name, file.bytes))
                    .collect();
                for (sheet, (_, bytes)) in export.files.iter_mut().zip(first) {
                    sheet.rows = table(&bytes);
                }
            }
        },
    },
    Vendor {
        row: 22,
        fault: "reads a text only to its first line break",
        pattern: D1,
        side: R,
        item: "D1-R-02",
        reasons: &[Differs(ValueChanged, None, Some("cut-at-line-break"))],
        hand_in: |export| {
            export.texts(|text| text.split('\n').next().unwrap_or_default().to_owned());
        },
    },
    Vendor {
        row: 22,
        fault: "does not double quotes inside texts",
        pattern: D1,
        side: W,
        item: "D1-W-03",
        reasons: &[Rule("S004")],
        hand_in: |export| {
            for sheet in export.files.iter_mut().filter(|sheet| sheet.bytes.is_none()) {
                let text = ms932::decode(&write(&sheet.rows)).expect("MS932");
                // Empty values are two quotes as well.
                let bare = text.replace(",\"\"", ",\u{0}").replace("\"\"", "\"");
                let bare = bare.replace('\u{0}', "\"\"");
                sheet.bytes = Some(ms932::encode(&bare).expect("MS932"));
            }
        },
    },
    Vendor {
        row: 23,
        fault: "refuses rows with negative units",
        pattern: D2,
        side: R,
        item: "D2-R-16",
        reasons: &[Differs(RecordLost, None, None)],
        hand_in: |export| {
            export.keep(FileKind::Upplan, |row| !row[at(upplan::UNITS)].starts_with('-'));
        },
    },
    Vendor {
        row: 24,
        fault: "puts 9999999999 for offices it does not know",
        pattern: D2,
        side: R,
        item: "D2-R-01",
        reasons: &[Differs(ValueChanged, Some(upplan::SERVICE_OFFICE_NUMBER), None)],
        hand_in: |export| {
            export.change(upplan::SERVICE_OFFICE_NUMBER, |_| "9999999999".to_owned());
        },
    },
    Vendor {
        row: 25,
        fault: "keeps one level of care a month",
        pattern: D6,
        side: R,
        item: "D6-R-13",
        reasons: &[Differs(RecordLost, None, None)],
        hand_in: |export| {
            let mut first = std::collections::BTreeMap::new();
            export.keep(FileKind::Upplan, |row| {
                let code = &row[at(upplan::SERVICE_CODE)];
                if row[at(upplan::PER_DIEM_BITMAP)].is_empty() {
                    return true;
                }
                let key = (row[2].clone(), row[4].clone(), code[..2].to_owned());
                *first.entry(key).or_insert_with(|| code.clone()) == *code
            });
        },
    },
    Vendor {
        row: 26,
        fault: "replaces the insurer number by that of its own town",
        pattern: D2,
        side: R,
        item: "D2-R-02",
        reasons: &[Differs(ValueChanged, Some(upplan::INSURER_NUMBER), None)],
        hand_in: |export| export.change(upplan::INSURER_NUMBER, |_| "479022".to_owned()),
    },
    Vendor {
        row: 9,
        fault: "exports actual use with days of another month",
        pattern: D3,
        side: W,
        item: "D3-W-01",
        reasons: &[Rule("R001"), Differs(ValueChanged, Some(upjsk::SERVICE_DATE), None)],
        hand_in: |export| {
            for row in export.rows(FileKind::Upjsk) {
                row[at(upjsk::SERVICE_DATE)].replace_range(..6, "202509");
            }
        },
    },
];

/// Rows that no rehearsal of one product can show; see the head of this file.
const NOT_SHOWN: [u8; 2] = [4, 11];

fn setup(pattern: Pattern, side: Side) -> Setup {
    Setup {
        vendor: "見本".to_owned(),
        product: "見本".to_owned(),
        version: "1".to_owned(),
        offices: invented_offices(),
        patterns: vec![pattern],
        sides: vec![side],
        month: Month::new(2026, 11).expect("a month"),
        seed: 1,
    }
}

/// Items that are judged by what is handed in.
fn items(setup: &Setup) -> Vec<&'static Item> {
    setup
        .items()
        .filter(|item| {
            let alone = [Judge::Person, Judge::Relay];
            item.judged.iter().any(|judge| !alone.contains(judge))
        })
        .collect()
}

fn judged(export: &Export) -> (Judgement, Files) {
    let files = export.hand_in();
    let submission = Submission { files: files.clone(), unread: Vec::new() };
    let case = case::files(&export.setup, export.item);
    let evidence = Evidence {
        case: &case,
        submission: &submission,
        relay: &[],
        standing: Standing::None,
        show_values: true,
    };
    (judge(&export.setup, export.item, &evidence), files)
}

/// Everything an item fails for, as far as it can be told apart.
fn found(item: &Item, judgement: &Judgement, files: &Files) -> Vec<String> {
    let mut all = Vec::new();
    if item.is_judged_by(Judge::Checker) {
        let report = Report::collect(files, &Profile::default());
        let errors = report.findings.iter().filter(|found| found.severity == Severity::Error);
        all.extend(errors.map(|found| found.rule.code.to_owned()));
    }
    let comparison = judgement.comparison.iter();
    for found in comparison.flat_map(|comparison| &comparison.differences) {
        if found.grade == Grade::Loss {
            let field = found.field.map(|f| format!("{} {}", f.kind.prefix(), f.no));
            let cause = found.cause.map(|cause| cause.id());
            all.push(difference(found.change, field.as_deref(), cause));
        }
    }
    // What the content lacks is only said in words.
    let said = judgement.reasons.iter().map(|reason| reason.en.clone());
    all.extend(said.filter(|text| {
        ["not met", "the sender is", "the receiver is"].iter().any(|start| text.starts_with(start))
            || text.contains("whole send units")
    }));
    all.sort();
    all.dedup();
    all
}

fn difference(change: Change, field: Option<&str>, cause: Option<&str>) -> String {
    format!("~{} {} {}", change.id(), field.unwrap_or("-"), cause.unwrap_or("-"))
}

fn is_for(reason: &Reason, found: &str) -> bool {
    match *reason {
        Rule(code) => found == code,
        Unmet(start) => found.starts_with(start),
        Differs(change, field, cause) => {
            let field = field.map(|id| format!("{} {}", id.kind.prefix(), id.index + 1));
            let parts =
                |text: &str| -> Vec<String> { text.split(' ').map(str::to_owned).collect() };
            let (found, wanted) = (parts(found), difference(change, field.as_deref(), cause));
            let wanted = parts(&wanted);
            let last = |parts: &[String]| parts.last().cloned();
            found[0] == wanted[0]
                && (field.is_none() || found.get(1..3) == wanted.get(1..3))
                && (cause.is_none() || last(&found) == last(&wanted))
        }
    }
}

#[test]
fn a_product_without_fault_passes_every_item() {
    let mut odd: Vec<String> = Vec::new();
    for pattern in Pattern::ALL {
        for side in Side::ALL {
            let setup = setup(pattern, side);
            for item in items(&setup) {
                let (judgement, _) = judged(&Export::of(&setup, item));
                if judgement.state != State::Passed {
                    odd.push(format!(
                        "{}: {:?} {:#?}",
                        item.id, judgement.state, judgement.reasons
                    ));
                }
            }
        }
    }
    assert!(odd.is_empty(), "{}", odd.join("\n"));
}

#[test]
fn faulty_products_fail_where_they_must_and_for_nothing_else() {
    let mut odd: Vec<String> = Vec::new();
    for vendor in VENDORS {
        let context = format!("row {}, a product that {}", vendor.row, vendor.fault);
        let setup = setup(vendor.pattern, vendor.side);
        let target = catalogue::all().iter().find(|item| item.id == vendor.item);
        assert!(target.is_some(), "{context}: there is no item {}", vendor.item);
        let mut failed = Vec::new();
        let mut seen = vec![false; vendor.reasons.len()];
        for item in items(&setup) {
            let mut export = Export::of(&setup, item);
            // Two months can only be mixed where there are two.
            if vendor.item == "D2-W-10" && item.id != vendor.item {
                continue;
            }
            (vendor.hand_in)(&mut export);
            let (judgement, files) = judged(&export);
            let found = found(item, &judgement, &files);
            if judgement.state != State::Failed {
                continue;
            }
            failed.push(&item.id);
            if found.is_empty() {
                odd.push(format!("{context}: {} fails without a reason", item.id));
            }
            for one in &found {
                let mut is_known = false;
                for (reason, seen) in vendor.reasons.iter().zip(&mut seen) {
                    is_known |= is_for(reason, one);
                    *seen |= is_for(reason, one);
                }
                if !is_known {
                    odd.push(format!("{context}: {} fails for another reason: {one}", item.id));
                }
            }
            let first = &vendor.reasons[0];
            if item.id == vendor.item && !found.iter().any(|one| is_for(first, one)) {
                odd.push(format!("{context}: {} fails, not for {first:?}: {found:?}", item.id));
            }
        }
        let unseen = vendor.reasons.iter().zip(&seen).filter(|(_, seen)| !**seen);
        odd.extend(unseen.map(|(reason, _)| format!("{context}: never {reason:?}")));
        if !failed.iter().any(|id| **id == vendor.item) {
            odd.push(format!("{context}: {} does not fail, {failed:?} do", vendor.item));
        }
    }
    assert!(odd.is_empty(), "{}", odd.join("\n"));
}

#[test]
fn every_row_is_shown_or_said_not_to_be() {
    let mut rows: BTreeSet<u8> = VENDORS.iter().map(|vendor| vendor.row).collect();
    assert!(NOT_SHOWN.iter().all(|row| !rows.contains(row)));
    rows.extend(NOT_SHOWN);
    assert_eq!(rows, (1..=26).collect(), "the list has 26 rows");
    // The list is that of the mutants as well.
    let known: BTreeSet<u8> =
        careplan_fixtures::mutant::all().filter_map(|mutant| mutant.failure).collect();
    assert!(known.is_subset(&rows));
}
