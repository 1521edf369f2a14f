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
    /// 要介護状態区分 of the first record where the layout has one (UP1KYO 21, UPHOSOKU 18,
    /// UPKIHON 23, UPYOBO 14).
    pub(crate) care_level: [u8; 2],
    /// Hash of the name without spaces, of the first record where the layout has one and it is
    /// compared (UPKIHON 15, UPYOBO 8); 0 where it is empty.
    pub(crate) name: u64,
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
    /// 単位数.
    pub(crate) units: Kept,
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
    /// サービス回数; 0 where empty or unreadable.
    pub(crate) count: u8,
    /// 前月までの短期入所利用日数; [`UseRow::NO_DAYS`] where empty or unreadable.
    pub(crate) days_before: u16,
    /// Whether 日割対象日 is filled.
    pub(crate) is_per_diem: bool,
}

impl UseRow {
    /// The value of `days_before` where there is none.
    pub(crate) const NO_DAYS: u16 = u16::MAX;
    /// The value of `start` and `end` for 9999.
    pub(crate) const UNTIMED: u16 = u16::MAX;
    /// The value of `start` and `end` for an empty or malformed time.
    pub(crate) const UNKNOWN_TIME: u16 = u16::MAX - 1;

    /// The service kind, the first two characters of the service code.
    pub(crate) const fn service_kind(&self) -> [u8; 2] {
        [self.code[0], self.code[1]]
    }
}

/// Whether a service kind is 短期入所, of which 30 days in a row are covered.
pub(crate) const fn is_short_stay(kind: [u8; 2]) -> bool {
    matches!(kind, [b'2', b'1'..=b'6' | b'A' | b'B'])
}

/// A number of table 7 that is kept of every row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Amount {
    /// 単位数.
    Units,
    /// 割引後率.
    DiscountRate,
    /// 割引後単位数.
    DiscountedUnits,
    /// 回数／日数.
    Count,
    /// サービス単位金額.
    ServiceUnits,
    /// 給付管理単位数.
    Managed,
    /// 種類支給限度基準超単位数.
    OverKindLimit,
    /// 種類支給限度基準内単位数.
    WithinKindLimit,
    /// 区分支給限度基準超単位数.
    OverLimit,
    /// 区分支給限度基準内単位数.
    WithinLimit,
    /// 費用総額保険／事業対象分.
    Cost,
    /// 給付率.
    Rate,
    /// 保険／事業費請求額.
    Claim,
    /// 定額利用者負担単価金額.
    FixedCopay,
    /// 利用者負担保険／事業対象分.
    Copay,
    /// 利用者負担（全額負担分）.
    FullCopay,
    /// 前月までの利用日数.
    DaysBefore,
}

impl Amount {
    /// Every one, in the order of [`BenefitRow::amounts`].
    pub(crate) const FIELDS: [FieldId; 17] = [
        upsikyu::UNITS,
        upsikyu::DISCOUNT_RATE,
        upsikyu::DISCOUNTED_UNITS,
        upsikyu::COUNT_OR_DAYS,
        upsikyu::SERVICE_UNITS_OR_AMOUNT,
        upsikyu::BENEFIT_MANAGEMENT_UNITS,
        upsikyu::KIND_LIMIT_OVER_UNITS,
        upsikyu::KIND_LIMIT_WITHIN_UNITS,
        upsikyu::CATEGORY_LIMIT_OVER_UNITS,
        upsikyu::CATEGORY_LIMIT_WITHIN_UNITS,
        upsikyu::TOTAL_COST_INSURED,
        upsikyu::BENEFIT_RATE,
        upsikyu::INSURANCE_CLAIM_AMOUNT,
        upsikyu::FIXED_COPAY_UNIT_AMOUNT,
        upsikyu::USER_COPAY_INSURED,
        upsikyu::USER_COPAY_FULL,
        upsikyu::DAYS_USED_BEFORE_MONTH,
    ];

    /// The item.
    pub(crate) const fn field(self) -> FieldId {
        Self::FIELDS[self as usize]
    }

    /// Whether it counts yen, which are rounded; units are not.
    pub(crate) const fn is_yen(self) -> bool {
        matches!(self, Self::Cost | Self::Claim | Self::Copay | Self::FullCopay)
    }
}

/// A number in four bytes that may be empty or unreadable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kept(i32);

impl Kept {
    /// The number, if there is one.
    pub(crate) const fn get(self) -> Option<i32> {
        if self.0 == i32::MIN { None } else { Some(self.0) }
    }
}

impl From<Option<i32>> for Kept {
    fn from(number: Option<i32>) -> Self {
        Self(number.unwrap_or(i32::MIN))
    }
}

/// What a row of table 7 counts towards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counting {
    /// The monthly limit: `AAAA`.
    Managed,
    /// Outside the limit: `EEEE`.
    Unmanaged,
    /// Days of a short stay after the thirtieth: `ZZZZ`.
    Over30Days,
}

/// One record of UPSIKYU.
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
    /// サテライト枝番.
    pub(crate) satellite: [u8; 2],
    /// ３０日超区分 is 1.
    pub(crate) over_30_days: bool,
    /// The numbers of [`Amount`], in its order, in units or yen.
    pub(crate) amounts: [Kept; Amount::FIELDS.len()],
}

impl BenefitRow {
    /// A number of the row; `None` where empty or unreadable.
    pub(crate) fn amount(&self, amount: Amount) -> Option<i64> {
        self.amounts[amount as usize].get().map(i64::from)
    }

    /// Whether the service counts towards the monthly limit: units of benefit management are empty
    /// for others (item 18).
    pub(crate) fn is_managed(&self) -> bool {
        self.amount(Amount::Managed).is_some()
    }

    /// Whether this is the total row of a person and month.
    pub(crate) fn is_total(&self) -> bool {
        &self.code == b"999999"
    }

    /// Whether this is a subtotal of a service kind: `AAAA`, `EEEE` or `ZZZZ`.
    pub(crate) fn is_subtotal(&self) -> bool {
        matches!(&self.code[2..], b"AAAA" | b"EEEE" | b"ZZZZ")
    }

    /// Whether this is a service.
    pub(crate) fn is_detail(&self) -> bool {
        !self.is_total() && !self.is_subtotal()
    }

    /// What the row, or what a subtotal adds up, counts towards. Item 18 may be left empty inside
    /// the limit too (its note); units inside the limit say it then.
    pub(crate) fn counting(&self) -> Counting {
        match &self.code[2..] {
            b"AAAA" => Counting::Managed,
            b"EEEE" => Counting::Unmanaged,
            b"ZZZZ" => Counting::Over30Days,
            _ if self.over_30_days => Counting::Over30Days,
            _ if self.is_managed() || self.amount(Amount::WithinLimit).unwrap_or(0) != 0 => {
                Counting::Managed
            }
            // The person pays it in full: whether it is marked is another matter.
            _ if self.amount(Amount::FullCopay).unwrap_or(0) != 0
                && self.amount(Amount::Cost).unwrap_or(0) == 0 =>
            {
                Counting::Over30Days
            }
            _ => Counting::Unmanaged,
        }
    }

    /// The service kind, the first two characters of the service code.
    pub(crate) const fn service_kind(&self) -> [u8; 2] {
        [self.code[0], self.code[1]]
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

/// One record of UPHOSOKU, as far as tables 6 and 7 depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SupplementRow {
    /// Where.
    pub(crate) at: RecordRef,
    /// Index into [`FileFacts::keys`].
    pub(crate) key: u32,
    /// 区分支給限度基準額.
    pub(crate) limit: Kept,
    /// 入所前月迄利用日数.
    pub(crate) days_before: Kept,
    /// 限度額適用開始年月日, YYYYMMDD.
    pub(crate) limit_start: u32,
    /// Whether the level changes in the month (要介護状態変更日) or is applied for (認定状況区分 1).
    pub(crate) is_changing: bool,
    /// The kinds with a limit of their own.
    pub(crate) limited_kinds: [[u8; 2]; 9],
}

/// Whose numbers stand in a record as planner (プラン担当業者コード, 介護支援事業者コード) and as who
/// updated it (更新業者コード), once for each pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Makers {
    /// The first record with them.
    pub(crate) at: RecordRef,
    /// How many records have them.
    pub(crate) count: u32,
    /// The planner; zeros where empty, unreadable or not in the table.
    pub(crate) planner: [u8; 10],
    /// Who updated it; zeros likewise.
    pub(crate) updated_by: [u8; 10],
}

/// One record of DLTJSK.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DeletionRow {
    /// Where.
    pub(crate) at: RecordRef,
    /// サービス事業者コード.
    pub(crate) office: [u8; 10],
    /// サービス種類コード.
    pub(crate) service_kind: [u8; 2],
}

/// What a file holds. Which lists are filled depends on its kind.
#[derive(Debug, Default)]
pub(crate) struct FileFacts {
    /// Whether a record looks shifted, so that nothing made from records may be shown.
    pub(crate) displaced: bool,
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
    /// UPSIKYU; the rows of one key stand together, in the order of the file.
    pub(crate) benefits: Vec<BenefitRow>,
    /// UPHOSOKU, by key.
    pub(crate) supplements: Vec<SupplementRow>,
    /// Tables with a planner or who updated them; at most 16.
    pub(crate) makers: Vec<Makers>,
    /// DLTJSK, in the order of the file.
    pub(crate) deletions: Vec<DeletionRow>,
    /// UP2KYO, UPYOBO_SUB, in the order of the file.
    pub(crate) hierarchy: Vec<HierarchyRow>,
    /// The latest 作成年月日 (YYYYMMDD; 0 where there is none), with its record.
    pub(crate) latest_created: (u32, RecordRef),
    /// UPSIKYU: the first record with units within the limit of the kind (20) and none within that
    /// of all kinds (22), and how many there are.
    pub(crate) kind_limit_alone: (Option<RecordRef>, u32),
    /// UPKIHON 62: names of images as they stand there, with the record that names them.
    pub(crate) images: Vec<(Box<[u8]>, RecordRef)>,
    /// For the JPEG: its first bytes (up to 16) and its size.
    pub(crate) image_head: Vec<u8>,
    /// For the JPEG: whether the mark of its end stands near the end of the file.
    pub(crate) image_ends: bool,
    pub(crate) index: HashMap<(u64, u32), u32>,
}

impl FileFacts {
    /// The rows of table 6, person by person and month by month.
    pub(crate) fn uses_by_key(&self) -> impl Iterator<Item = &[UseRow]> {
        self.uses.chunk_by(|one, next| one.key == next.key)
    }

    /// The rows of table 7, person by person and month by month: of those whose rows broke no field
    /// rule and all say service and office.
    pub(crate) fn benefits_by_key(&self) -> impl Iterator<Item = &[BenefitRow]> {
        self.benefits.chunk_by(|one, next| one.key == next.key).filter(|rows| {
            self.keys[rows[0].key as usize].whole
                && rows.iter().all(|row| row.code[0] != 0 && row.office[0] != 0)
        })
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
