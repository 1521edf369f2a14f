//! Fills [`FileFacts`] from the records as they go by.

use careplan_spec::file_kind::FileKind;
use careplan_spec::layout::Layout;
use careplan_spec::{Fingerprint, calendar, ms932};

use crate::context::whole_number;
use crate::facts::{BenefitRow, FileFacts, HierarchyRow, Key, UseRow};
use crate::finding::RecordRef;

/// Positions of the fields that are kept, for one layout.
pub(crate) struct Gatherer {
    kind: FileKind,
    /// Insurer and insured number stand at 1 and 2 in every layout.
    link: Option<usize>,
    month: Option<usize>,
    care_level: Option<usize>,
    fields: Vec<Option<usize>>,
    last_key: Vec<u8>,
    last: Option<u32>,
}

const USE: [&str; 14] = [
    "service_code",
    "units",
    "service_date",
    "service_start_time",
    "service_end_time",
    "service_office_number",
    "satellite_branch_no",
    "detail_discriminator",
    "service_count",
    "over_30_days",
    "per_diem_bitmap",
    "tais_code",
    "equipment_notification_code",
    "target_month",
];

const BENEFIT: [&str; 12] = [
    "service_code",
    "service_office_number",
    "benefit_management_units",
    "kind_limit_over_units",
    "kind_limit_within_units",
    "category_limit_over_units",
    "category_limit_within_units",
    "total_cost_insured",
    "insurance_claim_amount",
    "user_copay_insured",
    "user_copay_full",
    "service_units_or_amount",
];

impl Gatherer {
    pub(crate) fn new(layout: &'static Layout) -> Self {
        let at = |id: &str| layout.field(id).map(|field| usize::from(field.no) - 1);
        let month = at("target_month").or_else(|| at("delete_target_month"));
        let link = match layout.kind {
            FileKind::Uphosoku => None,
            _ => at("plan_date").or_else(|| at("consultation_date")).or(month),
        };
        let names: &[&str] = match layout.kind {
            FileKind::Upplan | FileKind::Upjsk => &USE,
            FileKind::Upsikyu => &BENEFIT,
            FileKind::Up2kyo => &["need_no", "goal_no", "support_no"],
            FileKind::UpyoboSub => &[
                "need_no",
                "support_plan_no",
                "used_service_no",
                "overall_need",
                "proposed_goal_and_measures",
                "user_family_intention",
                "goal",
                "support_points",
                "self_care_and_informal",
                "insurance_or_community_service",
            ],
            FileKind::Upkihon => &["family_image_filename"],
            FileKind::Uphosoku => &["plan_date"],
            _ => &[],
        };
        Self {
            kind: layout.kind,
            link,
            month,
            care_level: matches!(layout.kind, FileKind::Up1kyo | FileKind::Uphosoku)
                .then(|| at("care_level"))
                .flatten(),
            fields: names.iter().map(|id| at(id)).collect(),
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
        let sound = |position: Option<usize>| match position {
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
        let key = self.key(facts, values, unsound, &sound, at);
        facts.keys[key as usize].whole &= unsound == 0;
        match self.kind {
            FileKind::Upplan | FileKind::Upjsk => {
                let field = |i: usize| sound(self.fields[i]);
                let mut equipment = Fingerprint::new();
                equipment.add(field(11));
                equipment.add(field(12));
                facts.uses.push(UseRow {
                    at,
                    key,
                    code: fixed(field(0)),
                    units: number(field(1)),
                    date: digits(field(2)),
                    start: time(field(3)),
                    end: time(field(4)),
                    office: fixed(field(5)),
                    satellite: fixed(field(6)),
                    detail_number: number(field(7)).and_then(|n| u8::try_from(n).ok()).unwrap_or(0),
                    count: number(field(8)).and_then(|n| u8::try_from(n).ok()).unwrap_or(0),
                    over_30_days: field(9) == b"1",
                    per_diem: !field(10).is_empty(),
                    equipment: equipment.value(),
                });
            }
            FileKind::Upsikyu => {
                let field = |i: usize| sound(self.fields[i]);
                facts.benefits.push(BenefitRow {
                    at,
                    key,
                    code: fixed(field(0)),
                    office: fixed(field(1)),
                    amounts: std::array::from_fn(|i| number(field(i + 2))),
                });
            }
            FileKind::Up2kyo | FileKind::UpyoboSub => {
                let field = |i: usize| self.fields.get(i).map_or(&b""[..], |&p| sound(p));
                let no = |i| number(field(i)).and_then(|n| u8::try_from(n).ok()).unwrap_or(0);
                facts.hierarchy.push(HierarchyRow {
                    at,
                    key,
                    numbers: [no(0), no(1), no(2)],
                    texts: [
                        (3..7).any(|i| !field(i).is_empty()),
                        (7..10).any(|i| !field(i).is_empty()),
                    ],
                });
            }
            FileKind::Upkihon => {
                let name = sound(self.fields[0]);
                if !name.is_empty() {
                    facts.images.push((ms932::decode_lossy(name).into(), at));
                }
            }
            _ => {}
        }
    }

    fn key<'v>(
        &mut self,
        facts: &mut FileFacts,
        values: &[&'v [u8]],
        unsound: u128,
        sound: &impl Fn(Option<usize>) -> &'v [u8],
        at: RecordRef,
    ) -> u32 {
        let (insurer, insured) = (values[1], values[2]);
        // A supplement belongs to a plan (item 4) or to a month (item 63).
        let link = match self.kind {
            FileKind::Uphosoku => {
                let month = sound(self.month);
                if digits(month) == 0 { sound(self.fields[0]) } else { month }
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
        let mut person = Fingerprint::new();
        person.add(insurer);
        person.add(b",");
        person.add(insured);
        let link = digits(link);
        let next = facts.keys.len() as u32;
        let index = *facts.index.entry((person.value(), link)).or_insert(next);
        if index == next {
            facts.keys.push(Key {
                person: person.value(),
                insurer: Fingerprint::of(insurer),
                insured: Fingerprint::of(insured),
                link,
                first: at,
                second: None,
                count: 1,
                sound: is_sound,
                whole: true,
                care_level: fixed(sound(self.care_level)),
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
        facts.benefits.shrink_to_fit();
    }
}

fn note_record(key: &mut Key, at: RecordRef) {
    key.count += 1;
    key.second.get_or_insert(at);
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
