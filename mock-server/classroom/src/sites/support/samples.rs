//! Sample files: valid send units of this month between offices of the region, and the mistakes
//! of practice.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::sync::LazyLock;

use askama::Template;
use axum::extract::{Path, State};
use careplan_fixtures::mutant::{self, Mutant};
use careplan_fixtures::region::offices_of_kind;
use careplan_fixtures::request::all_units;
use careplan_fixtures::{GeneratedFile, Request, generate};
use careplan_spec::calendar::Month;
use careplan_spec::{Lang, StandardVersion, Text};
use jiff::civil::Date;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::sites::Sites;
use crate::sites::page::{Page, PageError, PageResult, attachment, show};
use crate::sites::visit::Visit;

/// Before the id of a valid unit.
const VALID: &str = "valid-";

/// Id of the sample for 一括送信.
const BULK: &str = "bulk";

/// Service kinds of the offices it goes to.
const BULK_KINDS: [&str; 6] = ["11", "13", "15", "16", "17", "21"];

const BULK_TITLE: Text = Text::new(
    "一括送信の練習用（複数の宛先の利用票）",
    "for a bulk send: one unit for each of several offices",
);

/// A sample that can be put into a terminal.
pub(in crate::sites) struct Choice {
    /// Its identifier.
    pub(in crate::sites) id: String,
    /// Unit and title.
    pub(in crate::sites) label: String,
}

/// Number of the office that sends the sample of a unit, by the unit.
static SENDERS: LazyLock<BTreeMap<&'static str, String>> = LazyLock::new(|| {
    all_units()
        .filter_map(|unit| {
            let request = Request::new(unit.id, mutant::MONTH).ok()?;
            Some((unit.id, request.from.office().to_string()))
        })
        .collect()
});

/// The samples an office sends: valid ones, and the mistakes that are seen in practice.
pub(in crate::sites) fn choices(office: &str, lang: Lang) -> (Vec<Choice>, Vec<Choice>) {
    let is_own = |unit: &str| SENDERS.get(unit).is_some_and(|sender| sender == office);
    let choice =
        |id: String, code: &str, title: &str| Choice { id, label: format!("{code}　{title}") };
    let valid = all_units()
        .filter(|unit| is_own(unit.id))
        .map(|unit| choice(format!("{VALID}{}", unit.id), unit.id, unit.title.get(lang)));
    let bulk = is_own("K2").then(|| choice(BULK.to_owned(), "K2", BULK_TITLE.get(lang)));
    let mut wrong: Vec<&Mutant> =
        mistakes().filter(|mutant| mutant.failure.is_some() && is_own(mutant.base.unit)).collect();
    wrong.sort_by_key(|mutant| mutant.failure);
    let wrong = wrong
        .into_iter()
        .map(|mutant| choice(mutant.name.to_owned(), mutant.base.unit, mutant.title.get(lang)));
    (valid.chain(bulk).collect(), wrong.collect())
}

/// The files of a sample, for the month a clock shows.
///
/// # Errors
/// There is no such sample.
pub(in crate::sites) async fn files(
    id: String,
    today: Date,
) -> Result<Vec<GeneratedFile>, PageError> {
    let month = Month::of(today).ok_or(PageError::NotFound)?;
    let made = tokio::task::spawn_blocking(move || build(&id, month));
    made.await.map_err(|_| PageError::Failed)?.ok_or(PageError::NotFound)
}

/// A sample as a row.
struct SampleRow {
    id: String,
    code: String,
    title: &'static str,
    from_practice: bool,
}

#[derive(Template)]
#[template(path = "support/samples.html")]
struct SamplesPage {
    page: Page,
    valid: Vec<SampleRow>,
    wrong: Vec<SampleRow>,
}

fn mistakes() -> impl Iterator<Item = &'static Mutant> {
    mutant::all().filter(|mutant| !mutant.is_large)
}

pub(super) async fn page(visit: Visit) -> PageResult {
    let bulk = SampleRow {
        id: BULK.to_owned(),
        code: format!("K2 × {}", BULK_KINDS.len()),
        title: BULK_TITLE.get(visit.lang),
        from_practice: false,
    };
    let valid = all_units()
        .map(|unit| SampleRow {
            id: format!("{VALID}{}", unit.id),
            code: unit.id.to_owned(),
            title: unit.title.get(visit.lang),
            from_practice: false,
        })
        .chain([bulk])
        .collect();
    let mut wrong: Vec<SampleRow> = mistakes()
        .map(|mutant| SampleRow {
            id: mutant.name.to_owned(),
            code: mutant.base.unit.to_owned(),
            title: mutant.title.get(visit.lang),
            from_practice: mutant.failure.is_some(),
        })
        .collect();
    // What people really meet comes first.
    wrong.sort_by_key(|row| !row.from_practice);
    Ok(show(&SamplesPage { page: visit.page(), valid, wrong }))
}

/// The files of a sample; valid ones are of the month the mock's clock shows.
fn build(id: &str, month: Month) -> Option<Vec<GeneratedFile>> {
    if id == BULK {
        let units = BULK_KINDS.iter().filter_map(|kind| {
            let to = offices_of_kind(kind).find_map(|office| office.party(kind))?;
            let request = Request::new("K2", month).ok()?;
            generate(&Request { to, ..request })
                .or_else(|_| generate(&Request { to, month: mutant::MONTH, ..request }))
                .ok()
        });
        return Some(units.flatten().collect());
    }
    let Some(unit) = id.strip_prefix(VALID) else {
        return mistakes().find(|mutant| mutant.name == id).map(|mutant| mutant.build().0);
    };
    let known = all_units().find(|known| known.id == unit)?;
    let is_old = known.version == StandardVersion::V3;
    let request = Request::new(unit, if is_old { mutant::MONTH_V3 } else { month }).ok()?;
    // The version of a unit may not apply to the month of the clock.
    generate(&request).or_else(|_| generate(&Request { month: mutant::MONTH, ..request })).ok()
}

/// The files in a ZIP.
fn pack(files: &[GeneratedFile]) -> zip::result::ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for file in files {
        zip.start_file(file.name.as_str(), SimpleFileOptions::default())?;
        zip.write_all(&file.bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

pub(super) async fn fetch(State(sites): State<Sites>, Path(id): Path<String>) -> PageResult {
    let today = sites.relay().clock().today();
    let name = format!("sample-{id}.zip");
    let bytes = pack(&files(id, today).await?).map_err(|error| {
        tracing::error!(%error, "a sample could not be packed");
        PageError::Failed
    })?;
    Ok(attachment(&name, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_can_be_chosen_can_be_built() {
        for office in careplan_fixtures::region::offices() {
            let (valid, wrong) = choices(office.number.as_str(), Lang::Ja);
            for choice in valid.iter().chain(&wrong) {
                assert!(build(&choice.id, mutant::MONTH).is_some(), "{}", choice.id);
            }
        }
    }

    #[test]
    fn every_valid_sample_can_be_built_in_any_month() {
        for month in [(2026, 11), (2024, 1)] {
            let month = Month::new(month.0, month.1).expect("a month");
            for unit in all_units() {
                let files = build(&format!("{VALID}{}", unit.id), month);
                assert!(files.is_some_and(|files| !files.is_empty()), "{} {month}", unit.id);
            }
        }
        let bulk = build(BULK, mutant::MONTH).unwrap();
        assert_eq!(bulk.len(), 3 * BULK_KINDS.len());
        assert!(build("valid-K9", mutant::MONTH).is_none());
        assert!(build("../x", mutant::MONTH).is_none());
    }
}
