//! What the engine gathers from the records of a file, so that file and unit rules can look at
//! many records at once without keeping state of their own.

use std::collections::HashMap;

use careplan_spec::FieldId;
use careplan_spec::layout::v4_1::upsikyu;

use crate::finding::RecordRef;

/// A person and the date, month or consultation the record belongs to, once per distinct pair.
///
/// `link` is the number of the linking item: plan date or consultation date (YYYYMMDD), service
/// month (YYYYMM); 0 where it could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key {
    /// Hash of insurer number and insured number.
    pub(crate) person: u64,
    /// Hash of the insurer number.
    pub(crate) insurer: u64,
    /// Hash of the insured number.
    pub(crate) insured: u64,
    /// Plan date, consultation date or service month as a number.
    pub(crate) link: u32,
    /// The first record with this key.
    pub(crate) first: RecordRef,
    /// The second record with this key, if any.
    pub(crate) second: Option<RecordRef>,
    /// How many records have it.
    pub(crate) count: u32,
    /// Whether insurer number, insured number and link of the first record are there and broke no
    /// field rule.
    pub(crate) sound: bool,
    /// Whether no field of any of its records broke a field rule.
    pub(crate) whole: bool,
    /// 要介護状態区分 of the first record where the layout has one (UP1KYO 21, UPHOSOKU 18).
    pub(crate) care_level: [u8; 2],
}

/// One record of UPPLAN or UPJSK. Fields that broke a field rule hold 0 / empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UseRow {
    /// Where.
    pub(crate) at: RecordRef,
    /// Index into [`FileFacts::keys`].
    pub(crate) key: u32,
    /// サービスコード.
    pub(crate) code: [u8; 6],
    /// 単位数; `None` where empty or unreadable.
    pub(crate) units: Option<i32>,
    /// サービス利用日, YYYYMMDD.
    pub(crate) date: u32,
    /// Start in minutes; [`UseRow::UNTIMED`] for 9999.
    pub(crate) start: u16,
    /// End in minutes; [`UseRow::UNTIMED`] for 9999.
    pub(crate) end: u16,
    /// サービス事業者コード.
    pub(crate) office: [u8; 10],
    /// サテライト枝番.
    pub(crate) satellite: [u8; 2],
    /// 明細判別コード; 0 where empty.
    pub(crate) detail_number: u8,
    /// ３０日超区分 is 1.
    pub(crate) over_30_days: bool,
}

impl UseRow {
    /// The value of `start` and `end` for 9999.
    pub(crate) const UNTIMED: u16 = u16::MAX;
    /// The value of `start` and `end` for an empty or malformed time.
    pub(crate) const UNKNOWN_TIME: u16 = u16::MAX - 1;

    /// The service kind, the first two characters of the service code.
    pub(crate) const fn service_kind(&self) -> [u8; 2] {
        [self.code[0], self.code[1]]
    }
}

/// The amounts of table 7 of which the total is the sum of the rows.
pub(crate) const SUMMED: [FieldId; 6] = [
    upsikyu::BENEFIT_MANAGEMENT_UNITS,
    upsikyu::CATEGORY_LIMIT_OVER_UNITS,
    upsikyu::CATEGORY_LIMIT_WITHIN_UNITS,
    upsikyu::TOTAL_COST_INSURED,
    upsikyu::INSURANCE_CLAIM_AMOUNT,
    upsikyu::USER_COPAY_INSURED,
];

/// One record of UPSIKYU. Amounts are `None` where empty or unreadable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BenefitRow {
    /// Where.
    pub(crate) at: RecordRef,
    /// Index into [`FileFacts::keys`].
    pub(crate) key: u32,
    /// サービスコード, also `kindAAAA`, `kindEEEE`, `kindZZZZ`, `999999`.
    pub(crate) code: [u8; 6],
    /// サービス事業所コード.
    pub(crate) office: [u8; 10],
    /// The amounts of [`SUMMED`], in its order, in units or yen.
    pub(crate) amounts: [Option<i32>; SUMMED.len()],
}

impl BenefitRow {
    /// Whether the service counts towards the monthly limit: units of benefit management are empty
    /// for others (item 18).
    pub(crate) fn is_managed(&self) -> bool {
        let units = SUMMED.iter().position(|field| *field == upsikyu::BENEFIT_MANAGEMENT_UNITS);
        units.is_some_and(|at| self.amounts[at].is_some())
    }

    /// Whether this is the total row of a person and month.
    pub(crate) fn is_total(&self) -> bool {
        &self.code == b"999999"
    }

    /// Whether this is a subtotal of a service kind: `AAAA`, `EEEE` or `ZZZZ`.
    pub(crate) fn is_subtotal(&self) -> bool {
        matches!(&self.code[2..], b"AAAA" | b"EEEE" | b"ZZZZ")
    }
}

/// One record of UP2KYO (課題NO, 援助目標NO, 援助内容NO) or UPYOBO_SUB (課題NO, 支援計画NO,
/// 利用サービスNO).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct HierarchyRow {
    /// Where.
    pub(crate) at: RecordRef,
    /// Index into [`FileFacts::keys`].
    pub(crate) key: u32,
    /// The three numbers, 0 where empty or unreadable.
    pub(crate) numbers: [u8; 3],
}

/// What a file holds. Which lists are filled depends on its kind.
#[derive(Debug, Default)]
pub(crate) struct FileFacts {
    /// Number of records, headers and blank lines left out.
    pub(crate) records: u64,
    /// Records that could not be read, or whose person could not.
    pub(crate) unread: u64,
    /// Distinct CSVバージョン values with the first record of each; at most 8.
    pub(crate) csv_versions: Vec<(Box<[u8]>, RecordRef)>,
    /// Distinct 対象年月 / 削除対象年月 values (YYYYMM; 0 for `000000`) with the first record of
    /// each and how many records have it; at most 64.
    pub(crate) months: Vec<(u32, RecordRef, u64)>,
    /// Distinct person-and-link pairs, in order of appearance.
    pub(crate) keys: Vec<Key>,
    /// UPPLAN, UPJSK; the rows of one key stand together, in the order of the file.
    pub(crate) uses: Vec<UseRow>,
    /// UPSIKYU, in the order of the file.
    pub(crate) benefits: Vec<BenefitRow>,
    /// UP2KYO, UPYOBO_SUB, in the order of the file.
    pub(crate) hierarchy: Vec<HierarchyRow>,
    /// UPKIHON 62: names of images as they stand there, with the record that names them.
    pub(crate) images: Vec<(Box<[u8]>, RecordRef)>,
    /// For the JPEG: its first bytes (up to 16) and its size.
    pub(crate) image_head: Vec<u8>,
    pub(crate) index: HashMap<(u64, u32), u32>,
}

impl FileFacts {
    /// The rows of table 6, person by person and month by month.
    pub(crate) fn uses_by_key(&self) -> impl Iterator<Item = &[UseRow]> {
        self.uses.chunk_by(|one, next| one.key == next.key)
    }

    /// Whether every record could be read and linked, so that something may be said about records
    /// that are not there.
    pub(crate) const fn is_whole(&self) -> bool {
        self.unread == 0
    }

    /// The key of a person and link, if the file has it.
    pub(crate) fn key(&self, person: u64, link: u32) -> Option<&Key> {
        self.index.get(&(person, link)).map(|&at| &self.keys[at as usize])
    }
}
