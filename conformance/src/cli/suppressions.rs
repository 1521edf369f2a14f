//! Suppressions of the settings file: which findings they are about, and how many they hid.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use careplan_judge::engine::{Counts, UnitOutcome};
use careplan_judge::profile::{self, Profile};
use careplan_judge::suppression::{Suppression, refusal};
use careplan_judge::{Finding, Rule};
use careplan_reports::Hidden;
use careplan_spec::calendar::Date;
use careplan_spec::file_name::{self, FileName, Reading, base_name_in_archive};
use careplan_spec::text::nearest;
use careplan_spec::{Field, FileKind, Text, layout, office_number};
use serde::Deserialize;
use toml::{Spanned, Value};
use wildmatch::WildMatch;

use super::config::misconfigured;

/// An entry as it is written: `[[suppress]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    /// A code, or several.
    rule: Spanned<Value>,
    /// A pattern of names or paths.
    file: Option<Spanned<String>>,
    kind: Option<Spanned<String>>,
    /// Number, identifier or official name.
    item: Option<Spanned<Value>>,
    office: Option<Spanned<String>>,
    reason: Spanned<String>,
    until: Spanned<Value>,
}

/// An entry.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    said: Arc<Suppression>,
    file: Option<WildMatch>,
    kind: Option<FileKind>,
    item: Option<Item>,
    office: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Item {
    Number(u8),
    /// By its identifier or official name.
    Named(String),
}

impl Item {
    fn is(&self, field: &Field) -> bool {
        match self {
            Self::Number(number) => field.no == *number,
            Self::Named(name) => {
                field.name == name.as_str() || field.constant.eq_ignore_ascii_case(name)
            }
        }
    }
}

/// A file of settings, for messages about places in it.
struct Source<'a> {
    path: &'a Path,
    text: &'a str,
}

impl Source<'_> {
    /// The line of a byte, and its column in characters, from 1.
    fn position(&self, at: usize) -> (usize, usize) {
        let before = &self.text[..at];
        let line = before.rsplit('\n').next().unwrap_or_default();
        (before.matches('\n').count() + 1, line.chars().count() + 1)
    }

    fn wrong(&self, at: Range<usize>, said: &Text<String>) -> anyhow::Error {
        let (line, column) = self.position(at.start);
        misconfigured(format!("{}:{line}:{column}: suppress: {said}", self.path.display()))
    }

    /// The line that an entry begins in, by a place inside of it.
    fn begin(&self, inside: usize) -> u32 {
        let at = self.text[..inside].rfind("[[suppress]]").unwrap_or(inside);
        self.position(at).0 as u32
    }
}

/// The entries of a file of settings.
pub(super) fn read(path: &Path, text: &str, all: Vec<Written>) -> anyhow::Result<Vec<Entry>> {
    let source = Source { path, text };
    all.into_iter().map(|written| entry(written, &source)).collect()
}

fn entry(written: Written, source: &Source<'_>) -> anyhow::Result<Entry> {
    let wrong = |at: Range<usize>, ja: String, en: String| source.wrong(at, &Text::made(ja, en));
    let rules = rules(&written.rule, source)?;
    let kind = match &written.kind {
        None => None,
        Some(said) => Some(FileKind::from_prefix(said.as_ref()).ok_or_else(|| {
            let (ja, en) = meant(nearest(said.as_ref(), FileKind::ALL.map(FileKind::prefix)));
            wrong(
                said.span(),
                format!("kind = 「{}」という種別はありません{ja}", said.as_ref()),
                format!("there is no kind {}{en}", said.as_ref()),
            )
        })?),
    };
    let item = written.item.as_ref().map(|said| item(said, kind, source)).transpose()?;
    if let Some(office) = &written.office
        && !office_number::shape_is_valid(office.as_ref().as_bytes())
    {
        return Err(wrong(
            office.span(),
            format!("office = 「{}」は10桁の事業所番号ではありません", office.as_ref()),
            format!("office = {}: no office number of 10 characters", office.as_ref()),
        ));
    }
    if written.file.as_ref().is_some_and(|file| file.as_ref().trim().is_empty()) {
        let at = written.file.map(|file| file.span()).unwrap_or_default();
        return Err(wrong(
            at,
            "file が空です。すべてのファイルなら、file を書かないでください".to_owned(),
            "file is empty; leave it out where every file is meant".to_owned(),
        ));
    }
    if written.reason.as_ref().trim().is_empty() {
        return Err(wrong(
            written.reason.span(),
            "reason（理由）を書いてください".to_owned(),
            "give a reason".to_owned(),
        ));
    }
    let until = day(written.until.as_ref()).ok_or_else(|| {
        wrong(
            written.until.span(),
            "until が日付ではありません（例 until = 2027-03-31）".to_owned(),
            "until is no day; write it like until = 2027-03-31".to_owned(),
        )
    })?;
    let line = source.begin(written.rule.span().start);
    let reason = written.reason.into_inner().trim().to_owned();
    Ok(Entry {
        said: Arc::new(Suppression { rules, reason, until, line }),
        file: written.file.map(|file| pattern(file.as_ref())),
        kind,
        item,
        office: written.office.map(Spanned::into_inner),
    })
}

/// A pattern of base names, or with a slash of the ends of paths.
fn pattern(text: &str) -> WildMatch {
    let text = text.replace('\\', "/");
    WildMatch::new(&match text.contains('/') {
        true => format!("*/{}", text.trim_start_matches("./")),
        false => text,
    })
}

fn meant(known: Option<&str>) -> (String, String) {
    let ja = known.map_or_else(String::new, |known| format!("。{known} のことですか"));
    (ja, known.map_or_else(String::new, |known| format!("; did you mean {known}?")))
}

fn rules(said: &Spanned<Value>, source: &Source<'_>) -> anyhow::Result<Vec<&'static Rule>> {
    let form = || {
        let ja = "rule にはコードを書いてください（例 \"L007\"、[\"L007\", \"R014\"]）";
        let en = "rule takes codes: \"L007\", [\"L007\", \"R014\"]";
        source.wrong(said.span(), &Text::made(ja, en))
    };
    let codes: Vec<&str> = match said.as_ref() {
        Value::String(code) => vec![code],
        Value::Array(codes) => {
            codes.iter().map(Value::as_str).collect::<Option<_>>().ok_or_else(form)?
        }
        _ => return Err(form()),
    };
    if codes.is_empty() {
        return Err(form());
    }
    let known = |code: &&str| {
        let rule =
            profile::known(code).map_err(|unknown| source.wrong(said.span(), &unknown.text()))?;
        match refusal(rule) {
            Some(Text { ja, en }) => {
                let why = Text::made(format!("{code}：{ja}"), format!("{code}: {en}"));
                Err(source.wrong(said.span(), &why))
            }
            None => Ok(rule),
        }
    };
    codes.iter().map(known).collect()
}

fn item(
    said: &Spanned<Value>,
    kind: Option<FileKind>,
    source: &Source<'_>,
) -> anyhow::Result<Item> {
    let layouts = || layout::all().filter(|layout| kind.is_none_or(|kind| layout.kind == kind));
    let wrong = |ja: String, en: String| source.wrong(said.span(), &Text::made(ja, en));
    let item = match said.as_ref() {
        Value::Integer(number) => u8::try_from(*number).ok().map(Item::Number),
        Value::String(name) => Some(Item::Named(name.clone())),
        _ => None,
    };
    let item = item.ok_or_else(|| {
        wrong(
            "item には項目の番号か id を書いてください（例 10、\"service_date\"）".to_owned(),
            "item takes the number or the id of an item: 10, \"service_date\"".to_owned(),
        )
    })?;
    if layouts().any(|layout| layout.fields.iter().any(|field| item.is(field))) {
        return Ok(item);
    }
    let (shown, known) = match &item {
        Item::Number(number) => (number.to_string(), None),
        Item::Named(name) => {
            let ids: Vec<String> =
                layouts().flat_map(|layout| layout.fields.iter().map(Field::id)).collect();
            let names = layouts().flat_map(|layout| layout.fields.iter().map(|field| field.name));
            let known = nearest(name, ids.iter().map(String::as_str).chain(names));
            (name.clone(), known.map(str::to_owned))
        }
    };
    let (ja, en) = meant(known.as_deref());
    let of = kind.map_or("", FileKind::prefix);
    Err(wrong(
        format!("{of} に項目「{shown}」はありません{ja}").trim_start_matches(" に").to_owned(),
        format!("no item {shown} {of}").trim_end().to_owned() + &en,
    ))
}

/// A day of TOML, with quotes or without.
fn day(value: &Value) -> Option<Date> {
    let text = match value {
        Value::Datetime(day) if day.time.is_none() && day.offset.is_none() => day.to_string(),
        Value::String(text) => text.clone(),
        _ => return None,
    };
    let mut parts = text.split('-');
    let mut part = |digits: usize| {
        let part = parts.next().filter(|part| part.len() == digits)?;
        part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<u16>().ok())?
    };
    let (year, month, day) = (part(4)?, part(2)?, part(2)?);
    parts.next().is_none().then_some(())?;
    Date::new(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
}

/// What is known of a file by its path.
#[derive(Debug)]
struct Place {
    path: String,
    name: Option<FileName>,
}

impl Entry {
    fn is_about(&self, finding: &Finding, places: &[&Place]) -> bool {
        let is_item = self.item.as_ref().is_none_or(|item| {
            // A finding about a record has no item.
            finding.field.is_some_and(|field| item.is(field))
        });
        let names_files = self.file.is_some() || self.kind.is_some() || self.office.is_some();
        is_item && (!names_files || places.iter().any(|place| self.is_at(place)))
    }

    fn is_at(&self, place: &Place) -> bool {
        let base_name = base_name_in_archive(&place.path);
        let is_file = self.file.as_ref().is_none_or(|pattern| {
            // Paths are looked at as if they had a beginning.
            pattern.matches(base_name) || pattern.matches(&format!("/{}", place.path))
        });
        let name = place.name.as_ref();
        let is_kind = self.kind.is_none_or(|kind| name.is_some_and(|name| name.kind == kind));
        let is_office = self.office.as_deref().is_none_or(|office| {
            name.is_some_and(|name| {
                name.sender.office() == office || name.receiver.office() == office
            })
        });
        is_file && is_kind && is_office
    }
}

/// The suppressions of a run.
#[derive(Debug)]
pub(super) struct Suppressions {
    entries: Vec<Counted>,
    places: Vec<Place>,
}

#[derive(Debug)]
struct Counted {
    entry: Entry,
    holds: bool,
    /// What it hid, or would have hidden.
    counts: Counts,
}

impl Suppressions {
    pub(super) fn new(entries: &[Entry], today: Date) -> Self {
        let counted = |entry: &Entry| Counted {
            entry: entry.clone(),
            holds: entry.said.holds_on(today),
            counts: Counts::default(),
        };
        Self { entries: entries.iter().map(counted).collect(), places: Vec::new() }
    }

    /// A file is about to be checked; they come in the order of their indexes.
    pub(super) fn start_file(&mut self, path: &str) {
        if self.entries.is_empty() {
            return;
        }
        let name = match file_name::read(base_name_in_archive(path)) {
            Reading::Standard { name, .. } => Some(name),
            Reading::NearMiss { name, .. } => name,
            Reading::Foreign => None,
        };
        self.places.push(Place { path: path.to_owned(), name });
    }

    /// The first entry that holds for a finding. `unit` is the unit of a finding about no file.
    pub(super) fn of(
        &mut self,
        finding: &Finding,
        unit: Option<&UnitOutcome>,
    ) -> Option<Arc<Suppression>> {
        if !self.entries.iter().any(|entry| entry.entry.said.rules.contains(&finding.rule)) {
            return None;
        }
        let files = unit.map(|unit| unit.files.as_slice()).unwrap_or_default();
        let files = finding.file.as_ref().map_or(files, std::slice::from_ref);
        let places: Vec<&Place> =
            files.iter().filter_map(|&file| self.places.get(file as usize)).collect();
        let about = |counted: &&mut Counted| {
            let entry = &counted.entry;
            entry.said.rules.contains(&finding.rule) && entry.is_about(finding, &places)
        };
        let mut hidden = None;
        for counted in self.entries.iter_mut().filter(about) {
            // What has expired is counted beside what holds.
            if counted.holds && hidden.is_some() {
                continue;
            }
            counted.counts.add(finding.severity);
            if counted.holds {
                hidden = Some(counted.entry.said.clone());
            }
        }
        hidden
    }

    /// What is to be said of the entries themselves: expired, or of no use.
    pub(super) fn findings(&self, profile: &Profile) -> Vec<Finding> {
        let said = |counted: &Counted| {
            let (said, hidden) = (&counted.entry.said, counted.counts.total());
            match counted.holds {
                false => Some(said.expired(hidden)),
                // Rules that were not asked say nothing.
                true if hidden == 0 && said.rules.iter().any(|rule| profile.runs(rule)) => {
                    Some(said.idle())
                }
                true => None,
            }
        };
        let findings = self.entries.iter().filter_map(said);
        findings
            .filter_map(|mut finding| {
                finding.severity =
                    profile.runs(finding.rule).then(|| profile.severity(&finding)).flatten()?;
                Some(finding)
            })
            .collect()
    }

    /// The entries that hold and what each hid; `None` where the settings have none.
    pub(super) fn hidden(&self) -> Option<Vec<Hidden>> {
        let holding = self.entries.iter().filter(|counted| counted.holds);
        let hidden = holding
            .map(|counted| Hidden { by: counted.entry.said.clone(), counts: counted.counts });
        (!self.entries.is_empty()).then(|| hidden.collect())
    }
}
