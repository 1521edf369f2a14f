//! The file check: what the checker finds in files that are dropped here. Nothing is kept.

use std::io::{Cursor, Read};

use askama::Template;
use axum::extract::State;
use careplan_forms::{Entry, Options};
use careplan_judge::rule::RelayMessage;
use careplan_judge::{Profile, Report, Severity, Verdict, WordedFinding};
use careplan_spec::file_name::base_name;
use careplan_spec::{Lang, Text};
use zip::ZipArchive;

use crate::sites::Sites;
use crate::sites::alert::Alert;
use crate::sites::page::{Page, PageError, PageResult, see, show};
use crate::sites::posted::Posted;
use crate::sites::visit::Visit;

/// Findings shown of one file, at most.
const MOST: usize = 200;

/// Files of a ZIP that are read, at most.
const MOST_IN_ZIP: usize = 1_000;

/// What was found in a file, or in all of them together.
pub(in crate::sites) struct Section {
    pub(in crate::sites) title: String,
    pub(in crate::sites) about: String,
    pub(in crate::sites) rows: Vec<WordedFinding>,
    pub(in crate::sites) more: usize,
}

#[derive(Template)]
#[template(path = "support/check.html")]
struct CheckPage {
    page: Page,
    found: Option<Found>,
}

/// What the checker says about files, ready for a page (`found.html`).
pub(in crate::sites) struct Found {
    pub(in crate::sites) verdict: &'static str,
    pub(in crate::sites) is_good: bool,
    /// What the relay would answer.
    pub(in crate::sites) relay: Option<&'static str>,
    pub(in crate::sites) errors: u64,
    pub(in crate::sites) warnings: u64,
    pub(in crate::sites) infos: u64,
    pub(in crate::sites) sections: Vec<Section>,
    /// The files as forms, where there is a record for one.
    pub(in crate::sites) forms: Option<Forms>,
}

/// Checks files away from the other requests: it takes a processor.
///
/// # Errors
/// The task broke.
pub(in crate::sites) async fn examine(
    files: Vec<(String, Vec<u8>)>,
    visit: &Visit,
) -> Result<Found, PageError> {
    let lang = visit.lang;
    let checked = tokio::task::spawn_blocking(move || {
        let profile = Profile::default();
        let report = Report::collect(&files, &profile);
        let forms = Forms::of(&files, &report, &profile, lang);
        (report, forms)
    });
    let (report, forms) = checked.await.map_err(|_| PageError::Failed)?;
    Ok(found(&report, forms, lang))
}

fn found(report: &Report, forms: Option<Forms>, lang: Lang) -> Found {
    let t = |ja, en| Text::new(ja, en).get(lang);
    let counts = report.summary.counts;
    let is_unfinished = report.summary.verdict == Verdict::InternalError;
    let is_good = counts.errors == 0 && !is_unfinished;
    let mut sections = Vec::new();
    for (index, file) in report.summary.files.iter().enumerate() {
        let kind = file.kind.map_or_else(
            || t("標準仕様の対象外", "not of the standard").to_owned(),
            |kind| kind.title().get(lang).to_owned(),
        );
        let about = format!("{kind}　{} {}", file.records, t("レコード", "records"));
        let index = u32::try_from(index).ok();
        sections.push(section(report, index, file.path.clone(), about));
    }
    let together = t("ファイルの組み合わせ", "All files together").to_owned();
    let together = section(report, None, together, String::new());
    if !together.rows.is_empty() {
        sections.insert(0, together);
    }
    // The message the relay would answer with: names, then combination, then content.
    let relay = [RelayMessage::FileName, RelayMessage::Combination, RelayMessage::Format]
        .into_iter()
        .find(|message| {
            report.findings.iter().any(|finding| {
                finding.severity == Severity::Error
                    && finding.rule.relay.message() == Some(*message)
            })
        })
        .map(|message| message.text().get(lang));
    Found {
        verdict: if is_unfinished {
            t(
                "内部エラーのため、検査は終わっていません。",
                "Internal error: the check did not come to an end.",
            )
        } else if is_good {
            t("エラーはありません。", "No errors.")
        } else {
            t("エラーがあります。", "There are errors.")
        },
        is_good,
        relay,
        errors: counts.errors,
        warnings: counts.warnings,
        infos: counts.infos,
        sections,
        forms,
    }
}

/// The files as the forms people know.
pub(in crate::sites) struct Forms {
    /// Made by the checker, which takes every value for hostile.
    pub(in crate::sites) html: String,
    /// Identifier, title, person and number of findings of each.
    pub(in crate::sites) contents: Vec<Entry>,
}

impl Forms {
    /// The forms of files; `report` is that of the same files.
    fn of(
        files: &[(String, Vec<u8>)],
        report: &Report,
        profile: &Profile,
        lang: Lang,
    ) -> Option<Self> {
        let options = Options { lang, ..Options::default() };
        let fragment = careplan_forms::fragment(files, report, profile, &options);
        (fragment.forms > 0).then_some(Self { html: fragment.html, contents: fragment.contents })
    }
}

pub(super) async fn page(visit: Visit) -> PageResult {
    Ok(show(&CheckPage { page: visit.page(), found: None }))
}

/// The files to check; a ZIP stands for what is in it, `limit` bytes of it at most.
fn unpack(files: Vec<(String, Vec<u8>)>, limit: u64) -> Option<Vec<(String, Vec<u8>)>> {
    let mut all = Vec::new();
    let mut left = limit;
    for (name, bytes) in files {
        if !name.to_ascii_lowercase().ends_with(".zip") {
            all.push((name, bytes));
            continue;
        }
        let mut zip = ZipArchive::new(Cursor::new(bytes)).ok()?;
        if zip.len() > MOST_IN_ZIP {
            return None;
        }
        for index in 0..zip.len() {
            let file = zip.by_index(index).ok()?;
            if file.is_dir() {
                continue;
            }
            let name = file.name().ok()?.into_owned();
            let name = base_name(&name).to_owned();
            let mut bytes = Vec::new();
            // What a ZIP announces about itself is not trusted.
            file.take(left + 1).read_to_end(&mut bytes).ok()?;
            left = left.checked_sub(bytes.len() as u64)?;
            all.push((name, bytes));
        }
    }
    Some(all)
}

fn section(report: &Report, file: Option<u32>, title: String, about: String) -> Section {
    let own = || report.findings.iter().filter(|finding| finding.file == file);
    // Who drops files here has them, with every value.
    let rows = own().take(MOST).map(|finding| WordedFinding::with_values(finding, None)).collect();
    let more = own().count().saturating_sub(MOST);
    Section { title, about, rows, more }
}

pub(super) async fn run(State(sites): State<Sites>, visit: Visit, posted: Posted) -> PageResult {
    let limit = sites.relay().switches().max_message_bytes;
    let files: Vec<(String, Vec<u8>)> =
        posted.files.into_iter().map(|file| (file.name, file.bytes.into())).collect();
    if files.is_empty() {
        visit.say(Alert::bad("検査するファイルを選んでください。", "Choose files to check."));
        return Ok(see("/support/check"));
    }
    let unpacked = tokio::task::spawn_blocking(move || unpack(files, limit));
    let Some(files) = unpacked.await.map_err(|_| PageError::Failed)? else {
        visit.say(Alert::bad("ZIPファイルを読み取れません。", "The ZIP cannot be read."));
        return Ok(see("/support/check"));
    };
    let found = examine(files, &visit).await?;
    Ok(show(&CheckPage { found: Some(found), page: visit.page() }))
}

#[cfg(test)]
mod tests {
    use careplan_fixtures::{Faulty, mutant};
    use careplan_judge::Input;

    use super::*;

    #[test]
    fn a_fault_in_one_file_is_no_pass_and_leaves_the_findings_of_the_others() {
        let (files, _) = mutant::find("time-without-zero").expect("a mutant").build();
        let mut inputs = files.iter().map(|file| Input::from_bytes(&*file.name, &file.bytes));
        let faulty = Input::from_reader(inputs.next().expect("a file").path(), Faulty);
        let inputs = std::iter::once(faulty).chain(inputs);
        let report = Report::collect(inputs, &Profile::default());
        let found = found(&report, None, Lang::En);
        assert!(!found.is_good);
        assert_eq!(found.verdict, "Internal error: the check did not come to an end.");
        let rules = found.sections.iter().flat_map(|section| &section.rows).map(|row| &*row.rule);
        assert_eq!(rules.collect::<Vec<_>>(), ["F006"]);
    }
}
