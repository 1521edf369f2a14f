//! Small valid sets of files that examples start from: structured records that are edited by
//! naming a field, then written as MS932.
//!
//! The people and offices are invented; the numbers carry valid check digits.

use std::collections::BTreeMap;

use careplan_spec::calendar::Month;
use careplan_spec::file_name::{FileName, Party};
use careplan_spec::layout::v4_1::{
    dlt1kyo, dltjsk, dltkihon, dltplan, dltyobo, up1kyo, up2kyo, up3kyo, uphosoku, upjsk, upkihon,
    upkihon_sub1, upkihon_sub2, upplan, upsikyu, upyobo, upyobo_sub,
};
use careplan_spec::{FieldId, FileKind, StandardVersion, ms932};

/// Care-management office of the samples (kind 43).
pub const PLANNER: &str = "4770190017";
/// Home-visit office of the samples (kind 11).
pub const SERVICE: &str = "4771190024";
/// Another service office (kind 15 and 17 rows).
pub const OTHER_SERVICE: &str = "4771190032";
/// Insurer of the samples.
pub const INSURER: &str = "479014";
/// Insured number of the samples' person.
pub const INSURED: &str = "0000123456";
/// Service month of the samples.
pub const MONTH: &str = "202606";
/// Plan date of the samples.
pub const PLAN_DATE: &str = "20260520";
const SEQUENCE: &[u8; 14] = b"20260525103000";

/// A set of files in the making.
#[derive(Debug, Clone, Default)]
pub struct SampleSet {
    files: Vec<SampleFile>,
}

#[derive(Debug, Clone)]
struct SampleFile {
    kind: FileKind,
    version: StandardVersion,
    name: String,
    records: Vec<Vec<String>>,
    /// Replaces what the records would give.
    bytes: Option<Vec<u8>>,
}

impl SampleSet {
    /// A home care plan: UP1KYO, UP2KYO, UP3KYO, UPHOSOKU of one person (unit K1).
    pub fn home_plan() -> Self {
        let mut set = Self::default();
        set.add(FileKind::Up1kyo);
        set.record(
            FileKind::Up1kyo,
            &[
                (up1kyo::CREATED_DATE, PLAN_DATE),
                (up1kyo::USER_POSTAL_CODE, "900-0000"),
                (up1kyo::USER_ADDRESS1, "架空市みどり町1-2-3"),
                (up1kyo::PLANNER_NAME, "計画　花子"),
                (up1kyo::PLANNER_OFFICE_NAME, "みどりケアプランセンター"),
                (up1kyo::PLANNER_OFFICE_NUMBER, PLANNER),
                (up1kyo::PLAN_DATE, PLAN_DATE),
                (up1kyo::FIRST_PLAN_DATE, "20250401"),
                (up1kyo::PLAN_CATEGORY, "21"),
                (up1kyo::CERTIFICATION_STATUS, "2"),
                (up1kyo::CERTIFICATION_DATE, "20260401"),
                (up1kyo::CERTIFICATION_START_DATE, "20260401"),
                (up1kyo::CERTIFICATION_END_DATE, "20280331"),
                (up1kyo::CARE_LEVEL, "22"),
                (up1kyo::ISSUE_ANALYSIS_RESULT, "自宅で暮らし続けたい。"),
                (
                    up1kyo::OVERALL_SUPPORT_POLICY,
                    "転倒に気をつけながら家事を続けられるよう支援する。",
                ),
                (up1kyo::UPDATED_BY_OFFICE_NUMBER, PLANNER),
            ],
        );
        set.add(FileKind::Up2kyo);
        for (support, content) in [("1", "掃除"), ("2", "買い物")] {
            set.record(
                FileKind::Up2kyo,
                &[
                    (up2kyo::PLAN_DOCUMENT_CREATED_DATE, PLAN_DATE),
                    (up2kyo::PLAN_DATE, PLAN_DATE),
                    (up2kyo::NEED_NO, "1"),
                    (up2kyo::NEED_TEXT, "掃除や買い物がひとりでは難しい"),
                    (up2kyo::GOAL_NO, "1"),
                    (up2kyo::LONG_TERM_GOAL, "清潔な部屋で過ごせる"),
                    (up2kyo::SHORT_TERM_GOAL, "週に2回掃除ができる"),
                    (up2kyo::SUPPORT_NO, support),
                    (up2kyo::SERVICE_CONTENT, content),
                    (up2kyo::INSURANCE_COVERED, "Y"),
                    (up2kyo::SERVICE_KIND_TEXT, "訪問介護"),
                    (up2kyo::SERVICE_OFFICE_NUMBER, SERVICE),
                    (up2kyo::SERVICE_OFFICE_NAME, "あおぞら訪問介護"),
                    (up2kyo::FREQUENCY, "週2回"),
                    (up2kyo::UPDATED_BY_OFFICE_NUMBER, PLANNER),
                ],
            );
        }
        set.add(FileKind::Up3kyo);
        set.record(
            FileKind::Up3kyo,
            &[
                (up3kyo::WEEKLY_PLAN_CREATED_DATE, PLAN_DATE),
                (up3kyo::PLAN_DATE, PLAN_DATE),
                (up3kyo::CARE_SERVICE_CONTENT, "訪問介護"),
                (up3kyo::WEEKDAY, "1"),
                (up3kyo::SERVICE_START_TIME, "0900"),
                (up3kyo::SERVICE_END_TIME, "1000"),
            ],
        );
        set.add_supplement(None);
        set
    }

    /// Planned use: UPPLAN, UPSIKYU, UPHOSOKU of one person with visits and a rented item (K2).
    pub fn planned_use() -> Self {
        let mut set = Self::default();
        set.add(FileKind::Upplan);
        for date in ["20260601", "20260604", "20260608"] {
            set.record(
                FileKind::Upplan,
                &[
                    (upplan::CREATED_DATE, PLAN_DATE),
                    (upplan::TARGET_MONTH, MONTH),
                    (upplan::PLAN_OFFICE_NUMBER, PLANNER),
                    (upplan::PLAN_MANAGER_NAME, "計画　花子"),
                    (upplan::UNITS, "220"),
                    (upplan::SERVICE_DATE, date),
                    (upplan::SERVICE_START_TIME, "0900"),
                    (upplan::SERVICE_END_TIME, "1000"),
                    (upplan::SERVICE_COUNT, "1"),
                    (upplan::SERVICE_CODE, "112211"),
                    (upplan::SERVICE_OFFICE_NUMBER, SERVICE),
                    (upplan::SERVICE_OFFICE_NAME, "あおぞら訪問介護"),
                    (upplan::OVER_30_DAYS, "0"),
                    (upplan::UPDATED_BY_OFFICE_NUMBER, PLANNER),
                ],
            );
        }
        set.record(
            FileKind::Upplan,
            &[
                (upplan::CREATED_DATE, PLAN_DATE),
                (upplan::TARGET_MONTH, MONTH),
                (upplan::PLAN_OFFICE_NUMBER, PLANNER),
                (upplan::PLAN_MANAGER_NAME, "計画　花子"),
                (upplan::UNITS, "300"),
                (upplan::SERVICE_DATE, "20260601"),
                (upplan::SERVICE_START_TIME, "9999"),
                (upplan::SERVICE_END_TIME, "9999"),
                (upplan::SERVICE_COUNT, "1"),
                (upplan::SERVICE_CODE, "171001"),
                (upplan::TAIS_CODE, "00001-000010"),
                (upplan::EQUIPMENT_NAME, "歩行器"),
                (upplan::SERVICE_OFFICE_NUMBER, OTHER_SERVICE),
                (upplan::SERVICE_OFFICE_NAME, "ひなた福祉用具"),
                (upplan::OVER_30_DAYS, "0"),
                (upplan::UPDATED_BY_OFFICE_NUMBER, PLANNER),
            ],
        );
        set.add(FileKind::Upsikyu);
        set.benefit("あおぞら訪問介護", SERVICE, "112211", "220", "3", 660, "10.00", 6600);
        set.benefit("ひなた福祉用具", OTHER_SERVICE, "171001", "300", "1", 300, "10.00", 3000);
        let last = set.records(FileKind::Upsikyu) - 1;
        set.set(FileKind::Upsikyu, last, upsikyu::TAIS_CODE, "00001-000010");
        set.record(
            FileKind::Upsikyu,
            &[
                (upsikyu::CREATED_DATE, PLAN_DATE),
                (upsikyu::TARGET_MONTH, MONTH),
                (upsikyu::SERVICE_OFFICE_NUMBER, "9999999999"),
                (upsikyu::SERVICE_CODE, "999999"),
                (upsikyu::UNITS, "0"),
                (upsikyu::COUNT_OR_DAYS, "0"),
                (upsikyu::SERVICE_UNITS_OR_AMOUNT, "960"),
                (upsikyu::BENEFIT_MANAGEMENT_UNITS, "960"),
                (upsikyu::CATEGORY_LIMIT_WITHIN_UNITS, "960"),
                (upsikyu::TOTAL_COST_INSURED, "9600"),
                (upsikyu::INSURANCE_CLAIM_AMOUNT, "8640"),
                (upsikyu::USER_COPAY_INSURED, "960"),
                (upsikyu::OVER_30_DAYS, "0"),
                (upsikyu::OFFICE_CODE_FIXED, "9999999999"),
                (upsikyu::UPDATED_BY_OFFICE_NUMBER, PLANNER),
            ],
        );
        set.add_supplement(Some(MONTH));
        set
    }

    /// Actual use sent back by the service office: UPJSK alone (S1).
    pub fn actual_use() -> Self {
        let mut set = Self::default();
        set.add(FileKind::Upjsk);
        for date in ["20260601", "20260604", "20260608"] {
            set.record(
                FileKind::Upjsk,
                &[
                    (upjsk::CREATED_DATE, "20260701"),
                    (upjsk::TARGET_MONTH, MONTH),
                    (upjsk::PLAN_OFFICE_NUMBER, PLANNER),
                    (upjsk::PLAN_MANAGER_NAME, "計画　花子"),
                    (upjsk::UNITS, "220"),
                    (upjsk::SERVICE_DATE, date),
                    (upjsk::SERVICE_START_TIME, "0900"),
                    (upjsk::SERVICE_END_TIME, "1000"),
                    (upjsk::SERVICE_COUNT, "1"),
                    (upjsk::SERVICE_CODE, "112211"),
                    (upjsk::SERVICE_OFFICE_NUMBER, SERVICE),
                    (upjsk::SERVICE_OFFICE_NAME, "あおぞら訪問介護"),
                    (upjsk::OVER_30_DAYS, "0"),
                    (upjsk::UPDATED_BY_OFFICE_NUMBER, SERVICE),
                ],
            );
        }
        set
    }

    /// Basic information with both annexes and an image (Y1).
    pub fn basic_information() -> Self {
        let mut set = Self::default();
        set.add_basic_information();
        set
    }

    /// A prevention plan with its annex (Y3).
    pub fn prevention_plan() -> Self {
        let mut set = Self::default();
        set.add(FileKind::Upyobo);
        set.record(
            FileKind::Upyobo,
            &[
                (upyobo::PLAN_DATE, PLAN_DATE),
                (upyobo::PLAN_TYPE, "1"),
                (upyobo::OUTSOURCED, "1"),
                (upyobo::USER_NAME, "見本　一郎"),
                (upyobo::PLAN_CATEGORY, "21"),
                (upyobo::CERTIFICATION_STATUS, "2"),
                (upyobo::SUPPORT_LEVEL, "1"),
                (upyobo::TARGET_LIFE_DAY, "毎朝散歩をする"),
            ],
        );
        set.add(FileKind::UpyoboSub);
        for (no, kind) in [("1", "介護予防訪問看護"), ("2", "地域の体操教室")] {
            let first = no == "1";
            set.record(
                FileKind::UpyoboSub,
                &[
                    (upyobo_sub::PLAN_DATE, PLAN_DATE),
                    (upyobo_sub::NEED_NO, "1"),
                    (upyobo_sub::OVERALL_NEED, if first { "歩く力が落ちてきた" } else { "" }),
                    (upyobo_sub::SUPPORT_PLAN_NO, "1"),
                    (upyobo_sub::SUPPORT_POINTS, if first { "無理のない運動から" } else { "" }),
                    (upyobo_sub::USED_SERVICE_NO, no),
                    (upyobo_sub::USED_SERVICE_KIND_TEXT, kind),
                ],
            );
        }
        set
    }

    /// A prevention plan together with basic information (Y2).
    pub fn prevention_plan_with_basic_information() -> Self {
        let mut set = Self::prevention_plan();
        set.add_basic_information();
        set
    }

    /// A deletion unit: DLT1KYO, DLTPLAN, DLTJSK, DLTKIHON or DLTYOBO with one record.
    ///
    /// # Panics
    /// If `kind` is no deletion.
    pub fn deletion(kind: FileKind) -> Self {
        let mut set = Self::default();
        set.add(kind);
        match kind {
            FileKind::Dlt1kyo => set.record(kind, &[(dlt1kyo::PLAN_DATE, PLAN_DATE)]),
            FileKind::Dltplan => set.record(kind, &[(dltplan::DELETE_TARGET_MONTH, MONTH)]),
            FileKind::Dltjsk => set.record(
                kind,
                &[
                    (dltjsk::DELETE_TARGET_MONTH, MONTH),
                    (dltjsk::SERVICE_OFFICE_NUMBER, SERVICE),
                    (dltjsk::SERVICE_KIND, "11"),
                ],
            ),
            FileKind::Dltkihon => set.record(kind, &[(dltkihon::CONSULTATION_DATE, PLAN_DATE)]),
            FileKind::Dltyobo => set.record(kind, &[(dltyobo::PLAN_DATE, PLAN_DATE)]),
            _ => panic!("{} is no deletion", kind.prefix()),
        }
        set
    }

    /// Planned use of version 3.x: 22, 34 and 63 columns, names without service kinds.
    pub fn planned_use_v3() -> Self {
        let source = Self::planned_use();
        let mut set = Self::default();
        for file in source.files {
            let (Some(new), Some(old)) =
                (file.kind.layout(StandardVersion::V4_1), file.kind.layout(StandardVersion::V3))
            else {
                continue;
            };
            let records = file
                .records
                .iter()
                .map(|record| {
                    old.fields
                        .iter()
                        .map(|field| {
                            let at = new.fields.iter().position(|f| f.constant == field.constant);
                            at.map_or_else(String::new, |at| {
                                record[at].replace("202606", "202406").replace("202407", "202208")
                            })
                        })
                        .collect()
                })
                .collect();
            let mut name = sample_name(file.kind, Some("202406"));
            name.version = StandardVersion::V3;
            name.sender.service_kind = None;
            name.receiver.service_kind = None;
            set.files.push(SampleFile {
                kind: file.kind,
                version: StandardVersion::V3,
                name: name.compose(),
                records,
                bytes: None,
            });
        }
        set
    }

    fn add_basic_information(&mut self) {
        let image = sample_name(FileKind::UpkihonImage, None).compose();
        self.add(FileKind::Upkihon);
        self.record(
            FileKind::Upkihon,
            &[
                (upkihon::CONSULTATION_DATE, "20260510"),
                (upkihon::PLAN_TYPE, "1"),
                (upkihon::OUTSOURCED, "1"),
                (upkihon::CONSULTATION_METHOD, "01"),
                (upkihon::USER_CURRENT_STATUS, "01"),
                (upkihon::USER_NAME_KANA, "ミホン　イチロウ"),
                (upkihon::USER_NAME, "見本　一郎"),
                (upkihon::USER_SEX, "1"),
                (upkihon::USER_BIRTH_DATE, "19450203"),
                (upkihon::CARE_LEVEL, "12"),
                (upkihon::FAMILY_IMAGE_FILENAME, &image),
            ],
        );
        self.add(FileKind::UpkihonSub1);
        self.record(
            FileKind::UpkihonSub1,
            &[
                (upkihon_sub1::CONSULTATION_DATE, "20260510"),
                (upkihon_sub1::TIME_TEXT, "6:00"),
                (upkihon_sub1::USER_ACTIVITY, "起床、散歩"),
            ],
        );
        self.add(FileKind::UpkihonSub2);
        self.record(
            FileKind::UpkihonSub2,
            &[
                (upkihon_sub2::CONSULTATION_DATE, "20260510"),
                (upkihon_sub2::ONSET_DATE_TEXT, "H12年10月"),
                (upkihon_sub2::DISEASE_NAME, "高血圧症"),
                (upkihon_sub2::ATTENDING_DOCTOR_FLAG, "1"),
                (upkihon_sub2::COURSE, "01"),
            ],
        );
        self.add(FileKind::UpkihonImage);
        self.bytes(FileKind::UpkihonImage, |_| b"\xFF\xD8\xFF\xE0\0\x10JFIF\0\xFF\xD9".to_vec());
    }

    fn add_supplement(&mut self, month: Option<&str>) {
        let kind = FileKind::Uphosoku;
        let name = sample_name(kind, Some(month.unwrap_or("000000"))).compose();
        self.files.push(SampleFile {
            kind,
            version: StandardVersion::V4_1,
            name,
            records: Vec::new(),
            bytes: None,
        });
        self.record(
            kind,
            &[
                (uphosoku::PLAN_DATE, if month.is_some() { "00000000" } else { PLAN_DATE }),
                (uphosoku::USER_NAME_KANA, "ミホン　イチロウ"),
                (uphosoku::USER_NAME, "見本　一郎"),
                (uphosoku::USER_SEX, "1"),
                (uphosoku::USER_BIRTH_DATE, "19450203"),
                (uphosoku::CERTIFICATION_STATUS, "2"),
                (uphosoku::CARE_LEVEL, "22"),
                (uphosoku::CATEGORY_LIMIT_UNITS, "19705"),
                (uphosoku::UPDATED_BY_OFFICE_NUMBER, PLANNER),
                (uphosoku::TARGET_MONTH, month.unwrap_or("000000")),
            ],
        );
    }

    #[expect(clippy::too_many_arguments, reason = "one row of table 7, in its order")]
    fn benefit(
        &mut self,
        office_name: &str,
        office: &str,
        code: &str,
        units: &str,
        count: &str,
        total: i64,
        price: &str,
        cost: i64,
    ) {
        let claim = cost * 90 / 100;
        let text = |number: i64| number.to_string();
        self.record(
            FileKind::Upsikyu,
            &[
                (upsikyu::CREATED_DATE, PLAN_DATE),
                (upsikyu::TARGET_MONTH, MONTH),
                (upsikyu::SERVICE_OFFICE_NAME, office_name),
                (upsikyu::SERVICE_OFFICE_NUMBER, office),
                (upsikyu::SERVICE_CODE, code),
                (upsikyu::UNITS, units),
                (upsikyu::COUNT_OR_DAYS, count),
                (upsikyu::SERVICE_UNITS_OR_AMOUNT, &text(total)),
                (upsikyu::BENEFIT_MANAGEMENT_UNITS, &text(total)),
                (upsikyu::CATEGORY_LIMIT_WITHIN_UNITS, &text(total)),
                (upsikyu::UNIT_PRICE, price),
                (upsikyu::TOTAL_COST_INSURED, &text(cost)),
                (upsikyu::BENEFIT_RATE, "90"),
                (upsikyu::INSURANCE_CLAIM_AMOUNT, &text(claim)),
                (upsikyu::USER_COPAY_INSURED, &text(cost - claim)),
                (upsikyu::OVER_30_DAYS, "0"),
                (upsikyu::OFFICE_CODE_FIXED, "9999999999"),
                (upsikyu::UPDATED_BY_OFFICE_NUMBER, PLANNER),
            ],
        );
    }

    /// Adds an empty file of a kind under its regular name.
    pub fn add(&mut self, kind: FileKind) -> &mut Self {
        let month = kind.has_month_in_name().then_some(MONTH);
        self.files.push(SampleFile {
            kind,
            version: StandardVersion::V4_1,
            name: sample_name(kind, month).compose(),
            records: Vec::new(),
            bytes: None,
        });
        self
    }

    /// Appends a record: CSVバージョン, insurer and insured number are filled, `values` on top,
    /// everything else is empty.
    pub fn record(&mut self, kind: FileKind, values: &[(FieldId, &str)]) {
        let file = self.file_mut(kind);
        let layout = kind.layout(file.version).expect("samples are CSV kinds of their version");
        let mut record = vec![String::new(); layout.columns()];
        file.version.csv_version().clone_into(&mut record[0]);
        INSURER.clone_into(&mut record[1]);
        INSURED.clone_into(&mut record[2]);
        for (id, value) in values {
            let at = layout.position(*id).expect("a sample names fields of its own table");
            (*value).clone_into(&mut record[at]);
        }
        file.records.push(record);
    }

    /// Number of records in the file of a kind.
    pub fn records(&self, kind: FileKind) -> usize {
        self.files.iter().filter(|file| file.kind == kind).map(|file| file.records.len()).sum()
    }

    /// Sets a field of the record at 0-based `record`.
    pub fn set(&mut self, kind: FileKind, record: usize, id: FieldId, value: &str) -> &mut Self {
        let file = self.file_mut(kind);
        let layout = kind.layout(file.version).expect("samples are CSV kinds of their version");
        let at = layout.position(id).expect("a sample names fields of its own table");
        value.clone_into(&mut file.records[record][at]);
        self
    }

    /// [`SampleSet::set`] for building in one expression.
    #[must_use]
    pub fn with(mut self, kind: FileKind, record: usize, id: FieldId, value: &str) -> Self {
        self.set(kind, record, id, value);
        self
    }

    /// Sets a field in every record of a kind.
    #[must_use]
    pub fn with_all(mut self, kind: FileKind, id: FieldId, value: &str) -> Self {
        for record in 0..self.records(kind) {
            self.set(kind, record, id, value);
        }
        self
    }

    /// Repeats the record at 0-based `record` at the end of its file.
    #[must_use]
    pub fn repeated(mut self, kind: FileKind, record: usize) -> Self {
        let file = self.file_mut(kind);
        let copy = file.records[record].clone();
        file.records.push(copy);
        self
    }

    /// Leaves out the record at 0-based `record`.
    #[must_use]
    pub fn without_record(mut self, kind: FileKind, record: usize) -> Self {
        self.file_mut(kind).records.remove(record);
        self
    }

    /// Leaves out the file of a kind.
    #[must_use]
    pub fn without(mut self, kind: FileKind) -> Self {
        self.files.retain(|file| file.kind != kind);
        self
    }

    /// Leaves out every file but that of a kind.
    #[must_use]
    pub fn only(mut self, kind: FileKind) -> Self {
        self.files.retain(|file| file.kind == kind);
        self
    }

    /// Adds the files of another set.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.files.extend(other.files);
        self
    }

    /// Renames the file of a kind.
    #[must_use]
    pub fn renamed(mut self, kind: FileKind, rename: fn(&str) -> String) -> Self {
        let file = self.file_mut(kind);
        file.name = rename(&file.name);
        self
    }

    /// Renames every file.
    #[must_use]
    pub fn renamed_all(mut self, rename: fn(&str) -> String) -> Self {
        for file in &mut self.files {
            file.name = rename(&file.name);
        }
        self
    }

    /// Changes the written bytes of the file of a kind.
    pub fn bytes(&mut self, kind: FileKind, edit: fn(Vec<u8>) -> Vec<u8>) -> &mut Self {
        let file = self.file_mut(kind);
        file.bytes = Some(edit(write(file)));
        self
    }

    /// [`SampleSet::bytes`] for building in one expression.
    #[must_use]
    pub fn with_bytes(mut self, kind: FileKind, edit: fn(Vec<u8>) -> Vec<u8>) -> Self {
        self.bytes(kind, edit);
        self
    }

    /// Replaces the first occurrence of a text in the written bytes of the file of a kind.
    ///
    /// # Panics
    /// If the text does not occur.
    #[must_use]
    pub fn with_replaced(mut self, kind: FileKind, from: &[u8], to: &[u8]) -> Self {
        let file = self.file_mut(kind);
        let bytes = write(file);
        let at = bytes.windows(from.len()).position(|window| window == from);
        let at = at.expect("the replaced bytes occur in the sample");
        let mut edited = bytes[..at].to_vec();
        edited.extend_from_slice(to);
        edited.extend_from_slice(&bytes[at + from.len()..]);
        file.bytes = Some(edited);
        self
    }

    /// The files as name and bytes, in the order they were added.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        self.files.iter().map(|file| (file.name.clone(), write(file))).collect()
    }

    fn file_mut(&mut self, kind: FileKind) -> &mut SampleFile {
        self.files
            .iter_mut()
            .find(|file| file.kind == kind)
            .expect("the sample set has a file of this kind")
    }
}

/// The regular name of a sample file.
pub fn sample_name(kind: FileKind, month: Option<&str>) -> FileName {
    let planner = party(PLANNER, "43");
    let service = party(SERVICE, "11");
    let from_service = matches!(kind, FileKind::Upjsk | FileKind::Dltjsk);
    let (sender, receiver) = if from_service { (service, planner) } else { (planner, service) };
    FileName {
        kind,
        version: StandardVersion::V4_1,
        month: month.map(|month| month.as_bytes().try_into().expect("six digits")),
        sender,
        receiver,
        sequence: *SEQUENCE,
        branch: (kind == FileKind::UpkihonImage).then_some(*b"0001"),
    }
}

fn party(office: &str, kind: &str) -> Party {
    Party {
        office: office.as_bytes().try_into().expect("ten characters"),
        service_kind: Some(kind.as_bytes().try_into().expect("two characters")),
    }
}

/// The month before the samples' service month, for examples that need another one.
pub fn previous_month() -> Month {
    Month { year: 2026, month: 5 }
}

fn write(file: &SampleFile) -> Vec<u8> {
    if let Some(bytes) = &file.bytes {
        return bytes.clone();
    }
    let mut out = Vec::new();
    let Some(layout) = file.kind.layout(file.version) else { return out };
    for record in &file.records {
        for (at, value) in record.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            let encoded = ms932::encode(value).expect("samples hold MS932 characters only");
            if layout.fields[at].format.is_free_text() {
                out.push(b'"');
                for byte in encoded {
                    if byte == b'"' {
                        out.push(b'"');
                    }
                    out.push(byte);
                }
                out.push(b'"');
            } else {
                out.extend_from_slice(&encoded);
            }
        }
        out.extend_from_slice(b"\r\n");
    }
    out
}

/// Named sets, for tests that want all of them.
pub fn all() -> BTreeMap<&'static str, SampleSet> {
    BTreeMap::from([
        ("home_plan", SampleSet::home_plan()),
        ("planned_use", SampleSet::planned_use()),
        ("planned_use_v3", SampleSet::planned_use_v3()),
        ("actual_use", SampleSet::actual_use()),
        ("basic_information", SampleSet::basic_information()),
        ("prevention_plan", SampleSet::prevention_plan()),
        ("prevention_plan_with_basic", SampleSet::prevention_plan_with_basic_information()),
        ("delete_plan", SampleSet::deletion(FileKind::Dlt1kyo)),
        ("delete_use", SampleSet::deletion(FileKind::Dltplan)),
        ("delete_actual", SampleSet::deletion(FileKind::Dltjsk)),
        ("delete_basic", SampleSet::deletion(FileKind::Dltkihon)),
        ("delete_prevention", SampleSet::deletion(FileKind::Dltyobo)),
    ])
}
