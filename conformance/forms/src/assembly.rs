//! Puts records together: which forms a set of files makes, and which records stand on each.

use std::collections::{BTreeMap, BTreeSet};

use careplan_judge::engine::Report;
use careplan_reader::{KeptFile, KeptRecord, id_of};
use careplan_spec::layout::FieldId;
use careplan_spec::layout::v4_1::{
    dlt1kyo, dltjsk, dltkihon, dltplan, dltyobo, up1kyo, up2kyo, up3kyo, uphosoku, upjsk, upkihon,
    upkihon_sub1, upkihon_sub2, upplan, upsikyu, upyobo, upyobo_sub,
};
use careplan_spec::send_unit::Link;
use careplan_spec::{FileKind, StandardVersion};

use super::notes::Notable;
use super::sheet::Sheet;
use super::sheets::{NO_FORM, SHEETS};

/// Insurer number and insured number of a layout, and what links its records.
///
/// For UPHOSOKU the link depends on the form: the plan date for a plan, the month for use.
const fn keys(kind: FileKind, link: Link) -> Option<[FieldId; 3]> {
    Some(match kind {
        FileKind::Uphosoku => [
            uphosoku::INSURER_NUMBER,
            uphosoku::INSURED_NUMBER,
            match link {
                Link::ServiceMonth => uphosoku::TARGET_MONTH,
                Link::PlanDate | Link::ConsultationDate => uphosoku::PLAN_DATE,
            },
        ],
        FileKind::Up1kyo => [up1kyo::INSURER_NUMBER, up1kyo::INSURED_NUMBER, up1kyo::PLAN_DATE],
        FileKind::Up2kyo => [up2kyo::INSURER_NUMBER, up2kyo::INSURED_NUMBER, up2kyo::PLAN_DATE],
        FileKind::Up3kyo => [up3kyo::INSURER_NUMBER, up3kyo::INSURED_NUMBER, up3kyo::PLAN_DATE],
        FileKind::Upplan => [upplan::INSURER_NUMBER, upplan::INSURED_NUMBER, upplan::TARGET_MONTH],
        FileKind::Upjsk => [upjsk::INSURER_NUMBER, upjsk::INSURED_NUMBER, upjsk::TARGET_MONTH],
        FileKind::Upsikyu => {
            [upsikyu::INSURER_NUMBER, upsikyu::INSURED_NUMBER, upsikyu::TARGET_MONTH]
        }
        FileKind::Upkihon => {
            [upkihon::INSURER_NUMBER, upkihon::INSURED_NUMBER, upkihon::CONSULTATION_DATE]
        }
        FileKind::UpkihonSub1 => [
            upkihon_sub1::INSURER_NUMBER,
            upkihon_sub1::INSURED_NUMBER,
            upkihon_sub1::CONSULTATION_DATE,
        ],
        FileKind::UpkihonSub2 => [
            upkihon_sub2::INSURER_NUMBER,
            upkihon_sub2::INSURED_NUMBER,
            upkihon_sub2::CONSULTATION_DATE,
        ],
        FileKind::Upyobo => [upyobo::INSURER_NUMBER, upyobo::INSURED_NUMBER, upyobo::PLAN_DATE],
        FileKind::UpyoboSub => {
            [upyobo_sub::INSURER_NUMBER, upyobo_sub::INSURED_NUMBER, upyobo_sub::PLAN_DATE]
        }
        FileKind::Dlt1kyo => [dlt1kyo::INSURER_NUMBER, dlt1kyo::INSURED_NUMBER, dlt1kyo::PLAN_DATE],
        FileKind::Dltplan => {
            [dltplan::INSURER_NUMBER, dltplan::INSURED_NUMBER, dltplan::DELETE_TARGET_MONTH]
        }
        FileKind::Dltjsk => {
            [dltjsk::INSURER_NUMBER, dltjsk::INSURED_NUMBER, dltjsk::DELETE_TARGET_MONTH]
        }
        FileKind::Dltkihon => {
            [dltkihon::INSURER_NUMBER, dltkihon::INSURED_NUMBER, dltkihon::CONSULTATION_DATE]
        }
        FileKind::Dltyobo => [dltyobo::INSURER_NUMBER, dltyobo::INSURED_NUMBER, dltyobo::PLAN_DATE],
        FileKind::UpkihonImage => return None,
    })
}

/// Where a name of the person may stand, the best place first.
pub(super) const NAMES: [FieldId; 3] = [uphosoku::USER_NAME, upkihon::USER_NAME, upyobo::USER_NAME];

/// Where the insured number of a record stands.
pub(super) fn insured_number(kind: FileKind) -> Option<FieldId> {
    keys(kind, Link::PlanDate).map(|[_, insured, _]| insured)
}

/// One form to be drawn.
#[derive(Debug)]
pub(super) struct Form<'a> {
    pub(super) sheet: &'static Sheet,
    /// Records that belong to it; never empty.
    pub(super) own: Vec<&'a KeptRecord>,
    /// Records of other forms that are shown on it too.
    pub(super) read: Vec<&'a KeptRecord>,
    /// Fields without a cell on any form, by record.
    pub(super) rest: Vec<(&'a KeptRecord, Vec<FieldId>)>,
    /// The images that travel with the form.
    pub(super) images: Vec<&'a KeptFile<'a>>,
}

impl<'a> Form<'a> {
    /// Own records first, then those read.
    pub(super) fn records(&self) -> Vec<&'a KeptRecord> {
        self.own.iter().chain(&self.read).copied().collect()
    }
}

/// The forms of one send unit, or of one file that belongs to none.
#[derive(Debug)]
pub(super) struct Unit<'a> {
    /// Index into the units of the report.
    pub(super) index: Option<usize>,
    /// Indexes of the files.
    pub(super) files: Vec<u32>,
    pub(super) forms: Vec<Form<'a>>,
}

/// The units of a report with their forms, then the files that belong to no unit.
pub(super) fn units<'a>(contents: &'a [KeptFile<'a>], report: &Report) -> Vec<Unit<'a>> {
    let mut grouped = vec![false; contents.len()];
    let mut units = Vec::new();
    for (index, unit) in report.summary.units.iter().enumerate() {
        let files: Vec<u32> =
            unit.files.iter().copied().filter(|&file| (file as usize) < contents.len()).collect();
        for &file in &files {
            grouped[file as usize] = true;
        }
        units.push(Unit { index: Some(index), forms: forms(contents, &files), files });
    }
    for (file, content) in contents.iter().enumerate() {
        if !grouped[file] && content.kind.is_some() {
            let files = vec![file as u32];
            units.push(Unit { index: None, forms: forms(contents, &files), files });
        }
    }
    lay_plans_beside_actuals(&mut units, report);
    units
}

/// Actual use arrives in a unit of its own. Where the plan of the person and month is there too,
/// the form shows both, as on paper: the plan with the latest sequence.
fn lay_plans_beside_actuals<'a>(units: &mut [Unit<'a>], report: &Report) {
    type Plan<'p, 'a> = (&'p str, Vec<&'a KeptRecord>);
    let is_of = |form: &Form<'_>, kind| form.own.iter().any(|record| record.layout.kind == kind);
    let key = |form: &Form<'a>| {
        let first: &'a KeptRecord = form.own[0];
        (person(first), link_value(first, Link::ServiceMonth))
    };
    let mut plans: BTreeMap<_, Plan<'_, 'a>> = BTreeMap::new();
    for unit in units.iter() {
        let outcome = unit.index.and_then(|at| report.summary.units.get(at));
        let sequence = outcome.map_or("", |outcome| outcome.sequence.as_str());
        for form in unit.forms.iter().filter(|form| is_of(form, FileKind::Upplan)) {
            let known = plans.entry(key(form)).or_insert_with(|| (sequence, form.records()));
            if known.0 < sequence {
                *known = (sequence, form.records());
            }
        }
    }
    for form in units.iter_mut().flat_map(|unit| &mut unit.forms) {
        if is_of(form, FileKind::Upjsk)
            && !is_of(form, FileKind::Upplan)
            && let Some((_, plan)) = plans.get(&key(form))
        {
            form.read.extend(plan);
        }
    }
}

/// The person a record is about, as the bytes of the two numbers.
fn person(record: &KeptRecord) -> (&[u8], &[u8]) {
    match keys(record.layout.kind, Link::PlanDate) {
        Some([insurer, insured, _]) => (record.bytes(insurer), record.bytes(insured)),
        None => (b"", b""),
    }
}

fn link_value(record: &KeptRecord, link: Link) -> &[u8] {
    keys(record.layout.kind, link).map_or(b"", |[_, _, id]| record.bytes(id))
}

fn forms<'a>(contents: &'a [KeptFile<'a>], files: &[u32]) -> Vec<Form<'a>> {
    let files: Vec<&KeptFile<'a>> = files.iter().map(|&file| &contents[file as usize]).collect();
    // People in the order in which they first appear, parents' files first.
    let mut index: BTreeMap<(&[u8], &[u8]), usize> = BTreeMap::new();
    let mut people: Vec<Vec<&'a KeptRecord>> = Vec::new();
    for content in &files {
        for record in &content.records {
            let slot = *index.entry(person(record)).or_insert_with(|| {
                people.push(Vec::new());
                people.len() - 1
            });
            people[slot].push(record);
        }
    }
    let images: Vec<&KeptFile<'a>> =
        files.into_iter().filter(|content| content.image.is_some()).collect();
    people.iter().flat_map(|records| forms_of_person(records, &images)).collect()
}

fn forms_of_person<'a>(records: &[&'a KeptRecord], images: &[&'a KeptFile<'a>]) -> Vec<Form<'a>> {
    let mut forms: Vec<Form<'a>> = Vec::new();
    for sheet in SHEETS {
        let of_sheet = records.iter().copied().filter(|r| sheet.kinds.contains(&r.layout.kind));
        let mut index: BTreeMap<&[u8], usize> = BTreeMap::new();
        let mut groups: Vec<Vec<&'a KeptRecord>> = Vec::new();
        for record in of_sheet {
            let slot = *index.entry(link_value(record, sheet.link)).or_insert_with(|| {
                groups.push(Vec::new());
                groups.len() - 1
            });
            groups[slot].push(record);
        }
        let readable = Readable::new(sheet, records);
        for group in groups {
            for own in split(sheet, group) {
                let read = readable.beside(own[0]);
                let shows_image = sheet.kinds.contains(&FileKind::Upkihon);
                let images = if shows_image { images.to_vec() } else { Vec::new() };
                forms.push(Form { sheet, own, read, rest: Vec::new(), images });
            }
        }
    }
    // On which forms each record stands, and on which it is at home.
    let mut shown: BTreeMap<(u32, u32), Vec<(usize, bool)>> = BTreeMap::new();
    for (at, form) in forms.iter().enumerate() {
        let own = form.own.iter().map(|record| (record, true));
        for (record, is_own) in own.chain(form.read.iter().map(|record| (record, false))) {
            shown.entry((record.file, record.number)).or_default().push((at, is_own));
        }
    }
    // What stands on no form is shown by itself.
    for &record in records {
        shown.entry((record.file, record.number)).or_insert_with(|| {
            let (own, read) = (vec![record], Vec::new());
            forms.push(Form { sheet: &NO_FORM, own, read, rest: Vec::new(), images: Vec::new() });
            vec![(forms.len() - 1, true)]
        });
    }
    let cells: Vec<BTreeSet<FieldId>> = forms.iter().map(|form| form.sheet.fields()).collect();
    for &record in records {
        let places = &shown[&(record.file, record.number)];
        let rest: Vec<FieldId> = record
            .ids()
            .filter(|id| !places.iter().any(|(at, _)| cells[*at].contains(id)))
            .collect();
        let (home, _) = places.iter().find(|(_, is_own)| *is_own).unwrap_or(&places[0]);
        forms[*home].rest.push((record, rest));
    }
    forms
}

/// Where every parent makes a form, annexes go to the first.
fn split<'a>(sheet: &Sheet, group: Vec<&'a KeptRecord>) -> Vec<Vec<&'a KeptRecord>> {
    let is_parent = |record: &&KeptRecord| Some(&record.layout.kind) == sheet.kinds.first();
    if !sheet.one_each {
        return vec![group];
    }
    let (parents, annexes): (Vec<_>, Vec<_>) = group.into_iter().partition(is_parent);
    let mut forms: Vec<Vec<&'a KeptRecord>> =
        parents.into_iter().map(|parent| vec![parent]).collect();
    match forms.first_mut() {
        Some(first) => first.extend(annexes),
        None => forms.push(annexes),
    }
    forms
}

/// How many records of other forms are shown on one. More are copies, and stand by themselves.
const MOST_READ: usize = 8;

/// The records of a person that a form may show without owning them.
struct Readable<'a> {
    link: Link,
    by_link: BTreeMap<&'a [u8], Vec<&'a KeptRecord>>,
    any: Vec<&'a KeptRecord>,
}

impl<'a> Readable<'a> {
    fn new(sheet: &Sheet, records: &[&'a KeptRecord]) -> Self {
        let mut by_link: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let mut any = Vec::new();
        for &record in records.iter().filter(|r| sheet.reads.contains(&r.layout.kind)) {
            let linked = by_link.entry(link_value(record, sheet.link)).or_default();
            for list in [linked, &mut any] {
                if list.len() < MOST_READ {
                    list.push(record);
                }
            }
        }
        Self { link: sheet.link, by_link, any }
    }

    /// Those with the same link; where there are none, those of the person.
    fn beside(&self, own: &'a KeptRecord) -> Vec<&'a KeptRecord> {
        self.by_link.get(link_value(own, self.link)).unwrap_or(&self.any).clone()
    }
}

/// A finding by its field, and its place in the list of all.
type OfRecord = (Option<FieldId>, usize);

/// What is to be said on the forms, by place.
pub(super) struct Findings<'a> {
    all: Vec<&'a dyn Notable>,
    by_record: BTreeMap<(u32, u32), Vec<OfRecord>>,
    placed: Vec<bool>,
}

impl<'a> Findings<'a> {
    pub(super) fn new(all: Vec<&'a dyn Notable>) -> Self {
        let mut by_record: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (at, finding) in all.iter().enumerate() {
            let Some(file) = finding.file().filter(|_| finding.record() > 0) else { continue };
            let id = finding
                .field()
                .and_then(|field| id_of(field.kind.layout(StandardVersion::V4_1)?, field));
            by_record.entry((file, finding.record())).or_default().push((id, at));
        }
        Self { placed: vec![false; all.len()], all, by_record }
    }

    /// Findings about a field of a record; they count as placed.
    pub(super) fn of_field(&mut self, record: &KeptRecord, id: FieldId) -> Vec<&'a dyn Notable> {
        self.take(record.file, record.number, |field| field == Some(id))
    }

    /// Findings about a record as a whole; they count as placed.
    pub(super) fn of_record(&mut self, record: &KeptRecord) -> Vec<&'a dyn Notable> {
        self.take(record.file, record.number, |field| {
            field.is_none_or(|id| id.kind != record.layout.kind || record.field(id).is_none())
        })
    }

    /// Every finding of a record; they count as placed.
    pub(super) fn of_number(&mut self, file: u32, number: u32) -> Vec<&'a dyn Notable> {
        self.take(file, number, |_| true)
    }

    /// Whether a field of a record has a finding.
    pub(super) fn has(&self, record: &KeptRecord, id: FieldId) -> bool {
        self.by_record
            .get(&(record.file, record.number))
            .is_some_and(|list| list.iter().any(|(field, _)| *field == Some(id)))
    }

    fn take(
        &mut self,
        file: u32,
        number: u32,
        wanted: impl Fn(Option<FieldId>) -> bool,
    ) -> Vec<&'a dyn Notable> {
        let Some(list) = self.by_record.get(&(file, number)) else { return Vec::new() };
        let mut found = Vec::new();
        for &(field, at) in list {
            if wanted(field) {
                self.placed[at] = true;
                found.push(self.all[at]);
            }
        }
        found
    }

    /// Findings that no form took.
    pub(super) fn unplaced(&self) -> impl Iterator<Item = &'a dyn Notable> {
        self.all.iter().zip(&self.placed).filter(|(_, placed)| !**placed).map(|(found, _)| *found)
    }
}
