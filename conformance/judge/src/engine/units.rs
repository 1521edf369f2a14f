//! Groups files into send units, runs the rules that look at several files, and decides.

use std::collections::{BTreeMap, HashMap};

use careplan_reader::contained;
use careplan_spec::Fingerprint;
use careplan_spec::file_kind::FileKind;
use careplan_spec::file_name::UnitKey;
use careplan_spec::send_unit::{self, Match};

use super::identity::{About, People, fingerprint, of_file, of_unit};
use super::{Checked, Counts, FileOutcome, Summary, UnitOutcome, Verdict};
use crate::cause;
use crate::context::{BatchCx, FindingDraft, UnitCx, UnitFile, UnitView};
use crate::finding::Finding;
use crate::profile::Profile;
use crate::rule::Check;
use crate::rules;
use crate::rules::unit::tables_6_and_7::{self, Month};

pub(crate) fn finish(
    checked: Vec<Checked>,
    profile: &Profile,
    emit: &mut dyn FnMut(Finding),
) -> Summary {
    let groups = group(&checked);
    let units: Vec<UnitView<'_>> = groups
        .iter()
        .enumerate()
        .map(|(index, (key, members))| view(index as u32, key, members, &checked))
        .collect();
    let run = contained(|| drafts_of(&units, profile));
    let units_failed = run.is_none();
    let mut drafts = run.unwrap_or_default();
    drafts.sort_by_key(|draft| (draft.finding.unit, draft.finding.rule.code));
    let (people, whole_units) = (HashMap::new(), HashMap::new());
    let mut identities = Identities { units: &units, checked: &checked, people, whole_units };
    for draft in &mut drafts {
        draft.finding.fingerprint = identities.of(&draft.finding);
    }
    cause::explain_units(&mut drafts, |finding: &Finding| {
        let unit = finding.unit.map(|unit| &groups[unit as usize].1);
        let files = unit.into_iter().flatten().map(|&member| &checked[member]);
        files.flat_map(|file| file.causes.iter().copied()).collect()
    });
    let is_displaced = |unit: &UnitView<'_>| unit.files.iter().any(|file| file.facts.displaced);
    let displaced: Vec<bool> = units.iter().map(is_displaced).collect();
    for FindingDraft { finding } in &mut drafts {
        let unit = finding.unit.is_some_and(|unit| displaced[unit as usize]);
        finding.withhold(unit && finding.at.record > 0);
    }
    let mut outcomes: Vec<UnitOutcome> = units.iter().map(outcome).collect();
    drop(units);
    let mut files: Vec<FileOutcome> = checked.into_iter().map(|file| file.outcome).collect();
    for (unit, (_, members)) in groups.iter().enumerate() {
        for &member in members {
            files[member].unit = Some(unit as u32);
        }
    }
    let mut summary = Summary {
        files: Vec::new(),
        units: Vec::new(),
        counts: Counts::default(),
        explained: Counts::default(),
        by_rule: BTreeMap::new(),
        units_failed,
        verdict: Verdict::NothingToCheck,
    };
    for FindingDraft { mut finding } in drafts {
        let Some(severity) = profile.severity(&finding) else { continue };
        finding.severity = severity;
        let is_explained = finding.explained_by.is_some();
        let explained = Counts::of(severity, u64::from(is_explained));
        if let Some(file) = finding.file {
            files[file as usize].counts.add(severity);
            files[file as usize].explained.merge(explained);
            *files[file as usize].by_rule.entry(finding.rule.code).or_default() += 1;
        } else {
            summary.counts.add(severity);
            summary.explained.merge(explained);
            *summary.by_rule.entry(finding.rule.code).or_default() += 1;
            if let Some(unit) = finding.unit {
                outcomes[unit as usize].counts.add(severity);
            }
        }
        emit(finding);
    }
    for file in &files {
        summary.counts.merge(file.counts);
        summary.explained.merge(file.explained);
        for (code, count) in &file.by_rule {
            *summary.by_rule.entry(code).or_default() += count;
        }
        if let Some(unit) = file.unit {
            outcomes[unit as usize].counts.merge(file.counts);
        }
    }
    summary.files = files;
    summary.units = outcomes;
    summary.decide(profile);
    summary
}

/// Gives fingerprints: a finding about a file of a unit is about that file, others about the unit.
struct Identities<'a> {
    units: &'a [UnitView<'a>],
    checked: &'a [Checked],
    people: HashMap<u32, People<'a>>,
    whole_units: HashMap<u32, Fingerprint>,
}

impl Identities<'_> {
    fn of(&mut self, finding: &Finding) -> u64 {
        let file = finding.file.and_then(|at| {
            let file = &self.checked[at as usize];
            Some((at, file.header.as_ref()?, &file.facts))
        });
        if let Some((at, header, facts)) = file {
            let people = self.people.entry(at).or_insert_with(|| People::of(facts));
            return fingerprint(of_file(header), finding.field, people.about(finding.at));
        }
        let unit = finding.unit.map(|at| {
            *self.whole_units.entry(at).or_insert_with(|| of_unit(&self.units[at as usize]))
        });
        fingerprint(unit.unwrap_or_default(), finding.field, About::Whole)
    }
}

fn drafts_of(units: &[UnitView<'_>], profile: &Profile) -> Vec<FindingDraft> {
    let mut drafts = Vec::new();
    // Several rules compare tables 6 and 7: who stands in both is looked up once.
    let mut compared: Option<Vec<Vec<Month<'_>>>> = None;
    for rule in rules::all().filter(|rule| profile.runs(rule)) {
        match rule.check {
            Check::Unit(run) => {
                let compared = compared
                    .get_or_insert_with(|| units.iter().map(tables_6_and_7::months).collect());
                for (unit, months) in units.iter().zip(compared) {
                    run(&mut UnitCx { unit, months, drafts: &mut drafts });
                }
            }
            Check::Batch { check, .. } => check(&mut BatchCx { units, drafts: &mut drafts }),
            _ => {}
        }
    }
    drafts
}

/// The files of each send unit. A unit may lie in several folders, but where two folders hold the
/// same file, each folder has a copy of its own.
fn group(checked: &[Checked]) -> Vec<(UnitKey, Vec<usize>)> {
    let mut at: BTreeMap<UnitKey, usize> = BTreeMap::new();
    let mut groups: Vec<(UnitKey, Vec<usize>)> = Vec::new();
    for (index, file) in checked.iter().enumerate() {
        let Some(name) = file.header.as_ref().and_then(|header| header.name.as_ref()) else {
            continue;
        };
        let key = name.unit_key();
        let slot = *at.entry(key).or_insert_with(|| {
            groups.push((key, Vec::new()));
            groups.len() - 1
        });
        groups[slot].1.push(index);
    }
    let mut copies = Vec::with_capacity(groups.len());
    for (key, members) in groups {
        let place = |member: usize| folder_and_name(&checked[member].outcome.path);
        let mut folders: BTreeMap<&str, &str> = BTreeMap::new();
        let is_copied = members.iter().any(|&member| {
            let (folder, name) = place(member);
            *folders.entry(name).or_insert(folder) != folder
        });
        if !is_copied {
            copies.extend(told_apart(&key, members, checked).into_iter().map(|unit| (key, unit)));
            continue;
        }
        let mut by_folder: Vec<(&str, Vec<usize>)> = Vec::new();
        for member in members {
            let (folder, _) = place(member);
            match by_folder.iter_mut().find(|(known, _)| *known == folder) {
                Some((_, files)) => files.push(member),
                None => by_folder.push((folder, vec![member])),
            }
        }
        for (_, files) in by_folder {
            copies.extend(told_apart(&key, files, checked).into_iter().map(|unit| (key, unit)));
        }
    }
    copies
}

/// The units among files of one sequence, sender and receiver: usually one. Several months, or
/// several sets exported within one second, are told apart by month and kind where each makes a unit
/// of its own. A plan beside its deletion is not: which of them counts cannot be told.
fn told_apart(key: &UnitKey, members: Vec<usize>, checked: &[Checked]) -> Vec<Vec<usize>> {
    let header = |member: usize| checked[member].header.as_ref();
    let kind = |member: usize| header(member).map(|header| header.kind);
    let kinds = |files: &[usize]| -> Vec<FileKind> {
        let mut kinds: Vec<FileKind> = files.iter().filter_map(|&file| kind(file)).collect();
        kinds.sort_unstable();
        kinds
    };
    let is_once = |kinds: &[FileKind]| {
        kinds.windows(2).all(|pair| pair[0] != pair[1] || pair[0] == FileKind::UpkihonImage)
    };
    let all = kinds(&members);
    let mut distinct = all.clone();
    distinct.dedup();
    let whole = send_unit::match_kinds(key.version, &distinct);
    if is_once(&all) && !matches!(whole, Match::None) {
        return vec![members];
    }
    let mut months: BTreeMap<Option<u32>, Vec<usize>> = BTreeMap::new();
    for &member in &members {
        let name = header(member).and_then(|header| header.name.as_ref());
        months.entry(name.and_then(|name| name.service_month())).or_default().push(member);
    }
    let mut units = Vec::new();
    for part in months.values() {
        let of_part = kinds(part);
        let is_deletion = |kind: &FileKind| kind.prefix().starts_with("DLT");
        if !is_once(&of_part) || of_part.iter().any(is_deletion) != of_part.iter().all(is_deletion)
        {
            return vec![members];
        }
        let mut shapes: Vec<_> = send_unit::units(key.version).iter().collect();
        shapes.sort_by_key(|shape| std::cmp::Reverse(shape.required.len()));
        let mut rest = part.clone();
        for shape in shapes {
            let has = |wanted: &FileKind| rest.iter().any(|&file| kind(file) == Some(*wanted));
            if !shape.required.iter().all(has) {
                continue;
            }
            let belongs = |file: usize| {
                kind(file).is_some_and(|kind| {
                    shape.required.contains(&kind) || shape.attachments.contains(&kind)
                })
            };
            let (unit, others) = rest.into_iter().partition(|&file| belongs(file));
            units.push(unit);
            rest = others;
        }
        if !rest.is_empty() {
            return vec![members];
        }
    }
    units
}

/// Splits a path as reports show it; `!` stands between an archive and its entries.
fn folder_and_name(path: &str) -> (&str, &str) {
    let at = path.rfind(['/', '\\', '!']).map_or(0, |at| at + 1);
    path.split_at(at)
}

fn view<'a>(index: u32, key: &UnitKey, members: &[usize], checked: &'a [Checked]) -> UnitView<'a> {
    let mut files: Vec<UnitFile<'a>> = members
        .iter()
        .filter_map(|&member| {
            let file = &checked[member];
            let header = file.header.as_ref()?;
            Some(UnitFile { index: member as u32, header, facts: &file.facts })
        })
        .collect();
    files.sort_by_key(|file| (file.header.kind, file.index));
    let mut kinds: Vec<_> = files.iter().map(|file| file.header.kind).collect();
    kinds.dedup();
    UnitView { index, files, matched: send_unit::match_kinds(key.version, &kinds) }
}

fn outcome(unit: &UnitView<'_>) -> UnitOutcome {
    let name = unit.name().expect("a unit is made of named files");
    UnitOutcome {
        version: name.version,
        sender: name.sender.to_string(),
        receiver: name.receiver.to_string(),
        sequence: String::from_utf8_lossy(&name.sequence).into_owned(),
        matched: match &unit.matched {
            Match::Complete(unit) => Match::Complete(unit),
            Match::Incomplete { unit, missing } => {
                Match::Incomplete { unit, missing: missing.clone() }
            }
            Match::None => Match::None,
        },
        files: unit.files.iter().map(|file| file.index).collect(),
        counts: Counts::default(),
    }
}
