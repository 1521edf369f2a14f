//! Sheets on paper: every value of a case, to enter (exercise) or to look for and tick.

use std::collections::BTreeSet;

use askama::Template;
use careplan_fixtures::region::Person;
use careplan_reader::KeptRecord;
use careplan_spec::calendar::Month;
use careplan_spec::known_code::{self, Worth};
use careplan_spec::layout::{Field, FieldId, Format};
use careplan_spec::service_code::{self, CodeClass};
use careplan_spec::{Lang, clause};

use super::case::{self, CaseFile};
use super::catalogue::{CaseUnit, Item, UnitChoice};
use super::page::filled;
use super::pattern::Side;
use super::records::{self, NamedFile, person};
use super::setup::Setup;

/// The sheet of an item: what to enter on the writing side, what to look for on the reading side.
#[derive(Template)]
#[template(path = "sheet.html")]
struct SheetPage<'s> {
    title: String,
    item: &'s Item,
    particulars: Vec<(&'static str, String)>,
    units: Vec<UnitOfSheet>,
    /// Who must not be exported.
    left_out: Option<Person>,
}

/// A send unit of the case.
struct UnitOfSheet {
    /// What it is called where there are several.
    title: Option<String>,
    files: Vec<NamedFile>,
}

/// What a file says about one person.
enum Values {
    /// One record: a line a value.
    Single(Vec<Value>),
    /// Several records: what they share as lines, the rest as a table.
    Several { shared: Vec<Value>, columns: Vec<&'static Field>, rows: Vec<Vec<String>> },
}

struct Value {
    field: &'static Field,
    shown: String,
}

/// The sheet of an item as a page.
pub(super) fn sheet(setup: &Setup, item: &Item, files: &[CaseFile]) -> String {
    let what = match item.side {
        Side::Writes => "課題票",
        Side::Reads => "確認表",
    };
    let of_unit = |at: usize| {
        let own = files.iter().filter(move |file| file.unit == at);
        records::read(own.map(|file| (file.name.as_str(), file.bytes.as_slice())))
    };
    let is_one_of_several = item.units.len() > 1;
    let units: Vec<UnitOfSheet> = (0..item.units.len())
        .map(|at| UnitOfSheet {
            title: is_one_of_several.then(|| unit_title(item.units, at)),
            files: of_unit(at),
        })
        .collect();
    let mut particulars = particulars(setup, item);
    particulars.extend(about_codes(units.iter().flat_map(|unit| &unit.files)));
    filled(&SheetPage {
        title: format!("{what} {} {}", item.id, item.title.ja),
        item,
        particulars,
        units,
        left_out: item.left_out().map(|place| case::person_at(setup, item, place)),
    })
}

/// What the item is about: names and values.
fn particulars(setup: &Setup, item: &Item) -> Vec<(&'static str, String)> {
    let (pattern, side) = (item.pattern, item.side);
    let mut all = vec![
        ("パターン", format!("{} {}（{}）", pattern.id(), pattern.title().ja, side.title().ja)),
        ("目的", item.purpose.ja.to_owned()),
        ("合格の条件", item.expected.ja.to_owned()),
        (
            "条文",
            format!(
                "{}（公式の項目表は公開されていないため、この条文から導いた項目です）",
                clause::in_words(item.clause, Lang::Ja)
            ),
        ),
    ];
    if let Some((own, partner)) = setup.parties(item) {
        let (own_role, partner_role) = item.roles();
        let own = format!("{own}　{}（製品の事業所）", own_role.title().ja);
        let partner = format!("{partner}　{}（相手）", partner_role.title().ja);
        let (from, to) = match side {
            Side::Writes => (own, partner),
            Side::Reads => (partner, own),
        };
        all.extend([("送信元", from), ("送信先", to)]);
    }
    all.push(("提供年月", setup.month.to_string()));
    all.extend(item.instruction.map(|instruction| ("手順", instruction.ja.to_owned())));
    all.extend(item.requirements.iter().map(|needed| ("必要な内容", needed.what.ja.to_owned())));
    all
}

/// Which service codes of the case are not known to exist with their units: the product's own
/// tables may lack them.
fn about_codes<'f>(files: impl Iterator<Item = &'f NamedFile>) -> Option<(&'static str, String)> {
    let mut unverified = BTreeSet::new();
    for file in files {
        let month = file.name.service_month().and_then(Month::from_number);
        for record in &file.records {
            let code = records::value(record, "SERVICE_CODE");
            let units = records::value(record, "UNITS");
            let Some(month) = month.filter(|_| is_of_a_service(&code)) else { continue };
            if !is_known(&code, &units, month) {
                unverified.insert(code.into_owned());
            }
        }
    }
    if unverified.is_empty() {
        return None;
    }
    let codes: Vec<String> = unverified.into_iter().collect();
    let text = format!(
        "{}（実在するコードかどうか、単位数が正しいかどうかを確かめていません。製品のマスタにない場合があります）",
        codes.join("、")
    );
    Some(("未確認のサービスコード", text))
}

fn is_of_a_service(code: &str) -> bool {
    !code.is_empty() && service_code::classify(code.as_bytes()) == CodeClass::Service
}

fn is_known(code: &str, units: &str, month: Month) -> bool {
    let Some((kind, item)) = code.split_at_checked(2) else { return false };
    match known_code::find(kind, item, month).map(|known| known.worth) {
        Some(Worth::Units(known) | Worth::UnitsAndLimit(known, _)) => known.to_string() == units,
        Some(Worth::PerMille(_) | Worth::Price) => true,
        Some(Worth::Unknown) | None => false,
    }
}

/// What a send unit of several is called.
fn unit_title(units: &[CaseUnit], at: usize) -> String {
    let what = match (units[at].choice, units[at].revision) {
        (UnitChoice::Deletion, _) => "：削除",
        (_, 0) if units.iter().any(|unit| unit.revision > 0) => "：変更前",
        (_, 0) => "の送信単位",
        _ => "：変更後",
    };
    format!("{}つ目{what}", at + 1)
}

/// The values of a file, person by person.
fn by_person(file: &NamedFile) -> Vec<Values> {
    let mut seen = BTreeSet::new();
    let firsts = file.records.iter().filter(|record| seen.insert(person(record)));
    firsts
        .map(|first| {
            let own: Vec<&KeptRecord> =
                file.records.iter().filter(|other| person(other) == person(first)).collect();
            Values::of(&own)
        })
        .collect()
}

impl Values {
    fn of(records: &[&KeptRecord]) -> Self {
        let fields = || {
            let ids = records.iter().take(1).flat_map(|first| first.ids());
            ids.filter_map(|id| Some((id, records[0].field(id)?)))
        };
        let differs =
            |id: FieldId| records.iter().any(|record| record.bytes(id) != records[0].bytes(id));
        let shared = fields()
            .filter(|(id, field)| !differs(*id) && is_worth_a_line(field, records[0].bytes(*id)))
            .map(|(id, field)| Value { field, shown: shown(field, records[0], id) })
            .collect();
        if records.len() == 1 {
            return Self::Single(shared);
        }
        let columns = || fields().filter(|(id, _)| differs(*id));
        let row =
            |record: &&KeptRecord| columns().map(|(id, field)| shown(field, record, id)).collect();
        Self::Several {
            shared,
            columns: columns().map(|(_, field)| field).collect(),
            rows: records.iter().map(row).collect(),
        }
    }
}

fn shown(field: &Field, record: &KeptRecord, id: FieldId) -> String {
    let label = match field.format {
        Format::Code(list) => list.label(record.bytes(id)),
        _ => None,
    };
    let text = record.text(id);
    match label {
        Some(label) => format!("{text}（{label}）"),
        None => text,
    }
}

fn is_worth_a_line(field: &Field, value: &[u8]) -> bool {
    !value.is_empty()
        && !matches!(field.format, Format::CsvVersion | Format::Unused | Format::Nines)
}
