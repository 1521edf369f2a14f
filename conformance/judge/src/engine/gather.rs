//! Fills [`FileFacts`] from the records as they go by.

use careplan_spec::file_kind::FileKind;
use careplan_spec::layout::Layout;
use careplan_spec::layout::v4_1::{
    dlt1kyo, dltjsk, dltkihon, dltplan, dltyobo, up1kyo, up2kyo, up3kyo, uphosoku, upjsk, upkihon,
    upkihon_sub1, upkihon_sub2, upplan, upsikyu, upyobo, upyobo_sub,
};
use careplan_spec::{FieldId, Fingerprint, calendar, ms932};

use crate::context::whole_number;
use crate::facts::{
    Amount, BenefitRow, DeletionRow, FileFacts, HierarchyRow, Key, Makers, SupplementRow, UseRow,
};
use crate::finding::RecordRef;
use crate::rules::record::use_slip::UseSlip;

/// Where a field stands in a layout; `None` where this version lacks it.
type Position = Option<usize>;

/// Positions of the fields that are kept, for one layout.
pub(crate) struct Gatherer {
    /// Insurer and insured number stand at 1 and 2 in every layout.
    link: Position,
    month: Position,
    care_level: Position,
    name: Position,
    created: Position,
    latest_created: [u8; 8],
    /// Units within the limit of the kind (20) and of all kinds (22).
    within: Option<(usize, usize)>,
    planner: Position,
    updated_by: Position,
    kept: Kept,
    last_key: Vec<u8>,
    last: Option<u32>,
}

/// What is kept of every record besides its key.
enum Kept {
    Use(KeptUse),
    Benefit {
        code: Position,
        office: Position,
        satellite: Position,
        over_30_days: Position,
        amounts: [Position; Amount::FIELDS.len()],
    },
    Numbers([Position; 3]),
    Image(Position),
    /// A supplement without a month belongs to a plan, by its date.
    Supplement {
        plan_date: Position,
        limit: Position,
        days_before: Position,
        limit_start: Position,
        changed: Position,
        status: Position,
        limited_kinds: [Position; 9],
    },
    Deletion {
        office: Position,
        service_kind: Position,
    },
    Nothing,
}

struct KeptUse {
    code: Position,
    units: Position,
    date: Position,
    start: Position,
    end: Position,
    office: Position,
    satellite: Position,
    detail: Position,
    over_30_days: Position,
    count: Position,
    days_before: Position,
    per_diem: Position,
}

/// The fields with the planner and with who updated the record.
const fn makers_of(kind: FileKind) -> (Option<FieldId>, Option<FieldId>) {
    match kind {
        FileKind::Up1kyo => {
            (Some(up1kyo::PLANNER_OFFICE_NUMBER), Some(up1kyo::UPDATED_BY_OFFICE_NUMBER))
        }
        FileKind::Upplan => {
            (Some(upplan::PLAN_OFFICE_NUMBER), Some(upplan::UPDATED_BY_OFFICE_NUMBER))
        }
        FileKind::Upjsk => (Some(upjsk::PLAN_OFFICE_NUMBER), Some(upjsk::UPDATED_BY_OFFICE_NUMBER)),
        FileKind::Up2kyo => (None, Some(up2kyo::UPDATED_BY_OFFICE_NUMBER)),
        FileKind::Upsikyu => (None, Some(upsikyu::UPDATED_BY_OFFICE_NUMBER)),
        FileKind::Uphosoku => (None, Some(uphosoku::UPDATED_BY_OFFICE_NUMBER)),
        _ => (None, None),
    }
}

/// The field that links a record to others of its person: plan date, consultation or month.
const fn link_of(kind: FileKind) -> Option<FieldId> {
    Some(match kind {
        FileKind::Up1kyo => up1kyo::PLAN_DATE,
        FileKind::Up2kyo => up2kyo::PLAN_DATE,
        FileKind::Up3kyo => up3kyo::PLAN_DATE,
        FileKind::Upyobo => upyobo::PLAN_DATE,
        FileKind::UpyoboSub => upyobo_sub::PLAN_DATE,
        FileKind::Dlt1kyo => dlt1kyo::PLAN_DATE,
        FileKind::Dltyobo => dltyobo::PLAN_DATE,
        FileKind::Upkihon => upkihon::CONSULTATION_DATE,
        FileKind::UpkihonSub1 => upkihon_sub1::CONSULTATION_DATE,
        FileKind::UpkihonSub2 => upkihon_sub2::CONSULTATION_DATE,
        FileKind::Dltkihon => dltkihon::CONSULTATION_DATE,
        FileKind::Uphosoku => return None,
        _ => return month_of(kind),
    })
}

/// The field with the service month.
const fn month_of(kind: FileKind) -> Option<FieldId> {
    Some(match kind {
        FileKind::Upplan => upplan::TARGET_MONTH,
        FileKind::Upjsk => upjsk::TARGET_MONTH,
        FileKind::Upsikyu => upsikyu::TARGET_MONTH,
        FileKind::Uphosoku => uphosoku::TARGET_MONTH,
        FileKind::Dltplan => dltplan::DELETE_TARGET_MONTH,
        FileKind::Dltjsk => dltjsk::DELETE_TARGET_MONTH,
        _ => return None,
    })
}

/// The field with the day on which the record was made.
const fn created_of(kind: FileKind) -> Option<FieldId> {
    Some(match kind {
        FileKind::Up1kyo => up1kyo::CREATED_DATE,
        FileKind::Up2kyo => up2kyo::PLAN_DOCUMENT_CREATED_DATE,
        FileKind::Up3kyo => up3kyo::WEEKLY_PLAN_CREATED_DATE,
        FileKind::Upplan => upplan::CREATED_DATE,
        FileKind::Upjsk => upjsk::CREATED_DATE,
        FileKind::Upsikyu => upsikyu::CREATED_DATE,
        _ => return None,
    })
}

impl Gatherer {
    pub(crate) fn new(layout: &'static Layout) -> Self {
        let at = |field: FieldId| layout.position(field);
        let kept = match layout.kind {
            FileKind::Upplan | FileKind::Upjsk => {
                let slip = UseSlip::of_kind(layout.kind);
                Kept::Use(KeptUse {
                    code: at(slip.code),
                    units: at(slip.units),
                    date: at(slip.service_date),
                    start: at(slip.start),
                    end: at(slip.end),
                    office: at(slip.office),
                    satellite: at(slip.satellite),
                    detail: at(slip.detail),
                    over_30_days: at(slip.over_30_days),
                    count: at(slip.count),
                    days_before: at(slip.days_before),
                    per_diem: at(slip.per_diem),
                })
            }
            FileKind::Upsikyu => Kept::Benefit {
                code: at(upsikyu::SERVICE_CODE),
                office: at(upsikyu::SERVICE_OFFICE_NUMBER),
                satellite: at(upsikyu::SATELLITE_BRANCH_NO),
                over_30_days: at(upsikyu::OVER_30_DAYS),
                amounts: Amount::FIELDS.map(at),
            },
            FileKind::Up2kyo => {
                Kept::Numbers([up2kyo::NEED_NO, up2kyo::GOAL_NO, up2kyo::SUPPORT_NO].map(at))
            }
            FileKind::UpyoboSub => Kept::Numbers(
                [upyobo_sub::NEED_NO, upyobo_sub::SUPPORT_PLAN_NO, upyobo_sub::USED_SERVICE_NO]
                    .map(at),
            ),
            FileKind::Upkihon => Kept::Image(at(upkihon::FAMILY_IMAGE_FILENAME)),
            FileKind::Uphosoku => Kept::Supplement {
                plan_date: at(uphosoku::PLAN_DATE),
                limit: at(uphosoku::CATEGORY_LIMIT_UNITS),
                days_before: at(uphosoku::SHORT_STAY_DAYS_BEFORE_MONTH),
                limit_start: at(uphosoku::LIMIT_START_DATE),
                changed: at(uphosoku::CARE_LEVEL_CHANGED_DATE),
                status: at(uphosoku::CERTIFICATION_STATUS),
                limited_kinds: [
                    uphosoku::TYPE1_SERVICE_KIND,
                    uphosoku::TYPE2_SERVICE_KIND,
                    uphosoku::TYPE3_SERVICE_KIND,
                    uphosoku::TYPE4_SERVICE_KIND,
                    uphosoku::TYPE5_SERVICE_KIND,
                    uphosoku::TYPE6_SERVICE_KIND,
                    uphosoku::TYPE7_SERVICE_KIND,
                    uphosoku::TYPE8_SERVICE_KIND,
                    uphosoku::TYPE9_SERVICE_KIND,
                ]
                .map(at),
            },
            FileKind::Dltjsk => Kept::Deletion {
                office: at(dltjsk::SERVICE_OFFICE_NUMBER),
                service_kind: at(dltjsk::SERVICE_KIND),
            },
            _ => Kept::Nothing,
        };
        let care_level = match layout.kind {
            FileKind::Up1kyo => Some(up1kyo::CARE_LEVEL),
            FileKind::Uphosoku => Some(uphosoku::CARE_LEVEL),
            FileKind::Upkihon => Some(upkihon::CARE_LEVEL),
            FileKind::Upyobo => Some(upyobo::SUPPORT_LEVEL),
            _ => None,
        };
        let name = match layout.kind {
            FileKind::Upkihon => Some(upkihon::USER_NAME),
            FileKind::Upyobo => Some(upyobo::USER_NAME),
            _ => None,
        };
        let (planner, updated_by) = makers_of(layout.kind);
        Self {
            planner: planner.and_then(at),
            updated_by: updated_by.and_then(at),
            link: link_of(layout.kind).and_then(at),
            month: month_of(layout.kind).and_then(at),
            care_level: care_level.and_then(at),
            name: name.and_then(at),
            created: created_of(layout.kind).and_then(at),
            latest_created: [0; 8],
            within: (layout.kind == FileKind::Upsikyu)
                .then(|| {
                    at(upsikyu::KIND_LIMIT_WITHIN_UNITS)
                        .zip(at(upsikyu::CATEGORY_LIMIT_WITHIN_UNITS))
                })
                .flatten(),
            kept,
            last_key: Vec::new(),
            last: None,
        }
    }

    pub(crate) fn record(
        &mut self,
        facts: &mut FileFacts,
        values: &[&[u8]],
        unsound: u128,
        at: RecordRef,
    ) {
        let sound = |position: Position| match position {
            Some(p) if unsound == 0 || unsound & (1 << p) == 0 => values[p],
            _ => b"",
        };
        let version = values[0];
        if facts.csv_versions.last().is_none_or(|(known, _)| **known != *version)
            && facts.csv_versions.len() < 8
            && !facts.csv_versions.iter().any(|(known, _)| **known == *version)
        {
            facts.csv_versions.push((version.into(), at));
        }
        if self.month.is_some() {
            count_month(facts, sound(self.month), at);
        }
        // Dates of eight digits compare as bytes.
        if let Ok(created) = <[u8; 8]>::try_from(sound(self.created))
            && created > self.latest_created
        {
            self.latest_created = created;
            facts.latest_created = (digits(&created), at);
        }
        if let Some((kind, category)) = self.within
            && !values[kind].is_empty()
            && values[category].is_empty()
        {
            let (first, count) = &mut facts.kind_limit_alone;
            first.get_or_insert(at);
            *count += 1;
        }
        let key = self.key(facts, values, unsound, &sound, at);
        facts.keys[key as usize].whole &= unsound == 0;
        if self.updated_by.is_some() {
            count_makers(facts, fixed(sound(self.planner)), fixed(sound(self.updated_by)), at);
        }
        let small = |position| number(sound(position)).and_then(|n| u8::try_from(n).ok());
        match &self.kept {
            Kept::Use(slip) => facts.uses.push(UseRow {
                at,
                key,
                code: fixed(sound(slip.code)),
                units: number(sound(slip.units)).into(),
                date: digits(sound(slip.date)),
                start: time(sound(slip.start)),
                end: time(sound(slip.end)),
                office: fixed(sound(slip.office)),
                satellite: fixed(sound(slip.satellite)),
                detail_number: small(slip.detail).unwrap_or(0),
                over_30_days: sound(slip.over_30_days) == b"1",
                count: small(slip.count).unwrap_or(0),
                days_before: number(sound(slip.days_before))
                    .and_then(|days| u16::try_from(days).ok())
                    .unwrap_or(UseRow::NO_DAYS),
                is_per_diem: !sound(slip.per_diem).is_empty(),
            }),
            Kept::Benefit { code, office, satellite, over_30_days, amounts } => {
                facts.benefits.push(BenefitRow {
                    at,
                    key,
                    code: fixed(sound(*code)),
                    office: fixed(sound(*office)),
                    satellite: fixed(sound(*satellite)),
                    over_30_days: sound(*over_30_days) == b"1",
                    amounts: amounts.map(|amount| number(sound(amount)).into()),
                });
            }
            Kept::Numbers(numbers) => facts.hierarchy.push(HierarchyRow {
                at,
                key,
                numbers: numbers.map(|number| small(number).unwrap_or(0)),
            }),
            Kept::Image(name) => {
                let name = sound(*name);
                if !name.is_empty() {
                    facts.images.push((name.into(), at));
                }
            }
            Kept::Supplement {
                limit,
                days_before,
                limit_start,
                changed,
                status,
                limited_kinds,
                ..
            } => facts.supplements.push(SupplementRow {
                at,
                key,
                limit: number(sound(*limit)).into(),
                days_before: number(sound(*days_before)).into(),
                limit_start: digits(sound(*limit_start)),
                is_changing: !sound(*changed).is_empty() || sound(*status) == b"1",
                limited_kinds: limited_kinds.map(|kind| fixed(sound(kind))),
            }),
            Kept::Deletion { office, service_kind } => facts.deletions.push(DeletionRow {
                at,
                office: fixed(sound(*office)),
                service_kind: fixed(sound(*service_kind)),
            }),
            Kept::Nothing => {}
        }
    }

    fn key<'v>(
        &mut self,
        facts: &mut FileFacts,
        values: &[&'v [u8]],
        unsound: u128,
        sound: &impl Fn(Position) -> &'v [u8],
        at: RecordRef,
    ) -> u32 {
        let (insurer, insured) = (values[1], values[2]);
        // A supplement belongs to a plan (item 4) or to a month (item 63).
        let link = match self.kept {
            Kept::Supplement { plan_date, .. } => {
                let month = sound(self.month);
                if digits(month) == 0 { sound(plan_date) } else { month }
            }
            _ => sound(self.link),
        };
        // The version stands at 0, insurer and insured number at 1 and 2.
        let is_sound =
            unsound & 0b110 == 0 && !insurer.is_empty() && !insured.is_empty() && digits(link) != 0;
        facts.unread += u64::from(!is_sound);
        let same = self.last.is_some()
            && self.last_key.len() == insurer.len() + insured.len() + link.len()
            && self.last_key.starts_with(insurer)
            && self.last_key[insurer.len()..].starts_with(insured)
            && self.last_key.ends_with(link);
        if same && let Some(last) = self.last {
            note_record(&mut facts.keys[last as usize], at);
            return last;
        }
        self.last_key.clear();
        for part in [insurer, insured, link] {
            self.last_key.extend_from_slice(part);
        }
        let person = super::identity::person(insurer, insured);
        let link = digits(link);
        let next = facts.keys.len() as u32;
        let index = *facts.index.entry((person, link)).or_insert(next);
        if index == next {
            facts.keys.push(Key {
                person,
                insurer: Fingerprint::of(insurer),
                insured: Fingerprint::of(insured),
                link,
                first: at,
                second: None,
                count: 1,
                sound: is_sound,
                whole: true,
                care_level: fixed(sound(self.care_level)),
                name: hash_of_name(sound(self.name)),
            });
        } else {
            note_record(&mut facts.keys[index as usize], at);
        }
        self.last = Some(index);
        index
    }

    /// Ends the gathering.
    pub(crate) fn finish(self, facts: &mut FileFacts) {
        facts.uses.shrink_to_fit();
        // Nearly always the rows of a person already stand together.
        if !facts.uses.is_sorted_by_key(|row| row.key) {
            facts.uses.sort_by_key(|row| row.key);
        }
        facts.supplements.sort_by_key(|row| row.key);
        facts.benefits.shrink_to_fit();
        if !facts.benefits.is_sorted_by_key(|row| row.key) {
            facts.benefits.sort_by_key(|row| row.key);
        }
    }
}

fn note_record(key: &mut Key, at: RecordRef) {
    key.count += 1;
    key.second.get_or_insert(at);
}

fn count_makers(facts: &mut FileFacts, planner: [u8; 10], updated_by: [u8; 10], at: RecordRef) {
    let same = |known: &&mut Makers| known.planner == planner && known.updated_by == updated_by;
    if let Some(known) = facts.makers.iter_mut().find(same) {
        known.count += 1;
    } else if facts.makers.len() < 16 {
        facts.makers.push(Makers { at, count: 1, planner, updated_by });
    }
}

fn count_month(facts: &mut FileFacts, month: &[u8], at: RecordRef) {
    if month.len() != 6 {
        return;
    }
    let month = digits(month);
    if let Some((_, _, count)) = facts.months.iter_mut().find(|(known, _, _)| *known == month) {
        *count += 1;
    } else if facts.months.len() < 64 {
        facts.months.push((month, at, 1));
    }
}

/// The value left-aligned in a fixed array, zero bytes behind; all zero where it is longer.
fn fixed<const N: usize>(value: &[u8]) -> [u8; N] {
    let mut out = [0; N];
    if value.len() <= N {
        out[..value.len()].copy_from_slice(value);
    }
    out
}

/// A number for a name, whatever spaces it has; 0 for none.
fn hash_of_name(name: &[u8]) -> u64 {
    if name.is_empty() {
        return 0;
    }
    let mut hash = Fingerprint::new();
    for (at, len, ch) in ms932::characters(name) {
        if !ch.is_some_and(char::is_whitespace) {
            hash.add(&name[at..at + len]);
        }
    }
    hash.value()
}

/// The number that all-digit bytes spell; 0 for anything else.
fn digits(value: &[u8]) -> u32 {
    whole_number(value).and_then(|number| u32::try_from(number).ok()).unwrap_or(0)
}

/// A whole number with an optional minus.
fn number(value: &[u8]) -> Option<i32> {
    whole_number(value).and_then(|number| i32::try_from(number).ok())
}

fn time(value: &[u8]) -> u16 {
    match value {
        b"9999" => UseRow::UNTIMED,
        _ => calendar::parse_time(value).unwrap_or(UseRow::UNKNOWN_TIME),
    }
}
