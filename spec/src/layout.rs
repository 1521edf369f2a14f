//! CSV layouts: one declaration per official table, in the table's own order.
//!
//! Rules name fields (`v4_1::upplan::SERVICE_DATE`), never bare indexes. The declarations are a
//! transcription; `fixtures/oracle/*.tsv` guards them against typing errors. Clause: `L`, the
//! layout annex (CSVファイルレイアウト定義書) of the standard.

pub mod v3;
pub mod v4_1;

use crate::basis::Basis;
use crate::file_kind::{FileKind, StandardVersion};

/// A field of a 4.1 layout: its 0-based position in the official table.
///
/// Layouts of version 3 name the same field at another position; see [`Layout::position`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldId {
    /// The table this field belongs to.
    pub kind: FileKind,
    /// 0-based position in the 4.1 table.
    pub index: u8,
}

/// Whether a field must be filled (the ○ of the 必須 column).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Required {
    /// ○ printed.
    Yes,
    /// No ○.
    No,
    /// The copy of the table available to this project does not tell.
    Unclear,
}

/// The 項目長 of a field. Bytes; the fields with a length are half width by their 書式.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Length {
    /// At most (for codes, dates and numbers with a fixed 書式: exactly) this many bytes.
    Max(u8),
    /// Free text without a length.
    Free,
    /// The cell could not be read.
    Unknown,
}

/// How sure the transcription of the row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Confidence {
    /// Read directly; basis `Stated`.
    High,
    /// Reconstructed from a damaged copy; basis `Inferred`.
    Medium,
    /// Guessed; basis `Inferred`.
    Low,
}

/// Whether a field may hold data about a person. Reports mask such values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Privacy {
    /// Names, addresses, phones, birth dates, insured numbers, all free text.
    Personal,
    /// Codes, dates of service, units, offices.
    Public,
}

/// A closed list of codes with the official label of each.
#[derive(Debug, PartialEq, Eq)]
pub struct CodeList {
    /// Stable identifier, snake case.
    pub id: &'static str,
    /// Code and official label, in the printed order.
    pub codes: &'static [(&'static str, &'static str)],
}

impl CodeList {
    /// Whether `code` is in the list, byte for byte.
    pub fn contains(&self, code: &[u8]) -> bool {
        self.codes.iter().any(|(known, _)| known.as_bytes() == code)
    }

    /// The official label of `code`.
    pub fn label(&self, code: &[u8]) -> Option<&'static str> {
        self.codes.iter().find(|(known, _)| known.as_bytes() == code).map(|(_, label)| *label)
    }
}

/// The 書式 of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// CSVバージョン, YYYYMM out of the official history.
    CsvVersion,
    /// A month, YYYYMM.
    Month,
    /// A month, or `000000` where the item is not used.
    MonthOrZeros,
    /// A date, YYYYMMDD.
    Date,
    /// A date, or `00000000` where the item is not used.
    DateOrZeros,
    /// A time, HHMM.
    Time,
    /// A time, or `9999` for a service without a time.
    TimeOrNines,
    /// 保険者番号, 6 digits.
    InsurerNumber,
    /// 被保険者番号, 10 digits or `H` and 9 digits.
    InsuredNumber,
    /// 事業所番号, 10 characters.
    OfficeNumber,
    /// 事業所番号, or `9999999999` in the total row of table 7.
    OfficeNumberOrNines,
    /// Fixed `9999999999`.
    Nines,
    /// サービス種類コード, 2 characters.
    ServiceKind,
    /// サービスコード, 6 characters.
    ServiceCode,
    /// サービスコード, or the subtotal and total codes of table 7.
    ServiceCodeOrTotal,
    /// TAISコード or 福祉用具届出コード: `00001-000010`.
    EquipmentCode,
    /// A whole number; a leading minus is accepted, as reductions have one.
    Integer,
    /// A number with up to two decimals (`99.99`).
    Decimal,
    /// A running number, 1 to 99.
    SequenceNumber,
    /// 31 characters 0 or 1, the first for day 1.
    PerDiemBitmap,
    /// `XXX-XXXX`.
    PostalCode,
    /// A phone number; the standard gives no form.
    Phone,
    /// One of a list.
    Code(&'static CodeList),
    /// A code whose list the standard does not give.
    Opaque,
    /// Free text in double quotes.
    FreeText,
    /// Name of a JPEG that travels in the same send unit.
    ImageFileName,
    /// 識別子: not used; written empty, ignored when read.
    Unused,
}

impl Format {
    /// The stable identifier used in exports.
    pub const fn id(self) -> &'static str {
        match self {
            Self::CsvVersion => "csv_version",
            Self::Month => "month",
            Self::MonthOrZeros => "month_or_zeros",
            Self::Date => "date",
            Self::DateOrZeros => "date_or_zeros",
            Self::Time => "time",
            Self::TimeOrNines => "time_or_nines",
            Self::InsurerNumber => "insurer_number",
            Self::InsuredNumber => "insured_number",
            Self::OfficeNumber => "office_number",
            Self::OfficeNumberOrNines => "office_number_or_nines",
            Self::Nines => "nines",
            Self::ServiceKind => "service_kind",
            Self::ServiceCode => "service_code",
            Self::ServiceCodeOrTotal => "service_code_or_total",
            Self::EquipmentCode => "equipment_code",
            Self::Integer => "integer",
            Self::Decimal => "decimal",
            Self::SequenceNumber => "sequence_number",
            Self::PerDiemBitmap => "per_diem_bitmap",
            Self::PostalCode => "postal_code",
            Self::Phone => "phone",
            Self::Code(_) => "code",
            Self::Opaque => "opaque",
            Self::FreeText => "free_text",
            Self::ImageFileName => "image_file_name",
            Self::Unused => "unused",
        }
    }

    /// Whether the standard wants the value enclosed in double quotes.
    pub const fn is_free_text(self) -> bool {
        matches!(self, Self::FreeText | Self::ImageFileName)
    }
}

/// One row (項目) of an official table.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    /// The table the field belongs to.
    pub kind: FileKind,
    /// The version of the standard the table belongs to.
    pub version: StandardVersion,
    /// Official item number, 1-based: also the CSV column.
    pub no: u8,
    /// English identifier in upper snake case; see [`Field::id`].
    pub constant: &'static str,
    /// Official item name.
    pub name: &'static str,
    /// 項目長.
    pub length: Length,
    /// 必須.
    pub required: Required,
    /// 書式.
    pub format: Format,
    /// Whether reports must mask the value.
    pub privacy: Privacy,
    /// How sure the transcription is.
    pub confidence: Confidence,
    /// The official note in our words; empty where there is none.
    pub note: &'static str,
}

impl Field {
    /// English identifier in lower snake case: `service_date`.
    pub fn id(&self) -> String {
        self.constant.to_ascii_lowercase()
    }

    /// Whether reports must mask the value.
    pub const fn is_personal(&self) -> bool {
        matches!(self.privacy, Privacy::Personal)
    }

    /// `Stated` where the row was read directly and its 必須 is clear, else `Inferred`.
    pub const fn basis(&self) -> Basis {
        match (self.confidence, self.required) {
            (Confidence::High, Required::Yes | Required::No) => Basis::Stated,
            _ => Basis::Inferred,
        }
    }

    /// The clause of this row: `L UPPLAN 10`, `V3 L UPPLAN 10`.
    pub fn clause(&self) -> String {
        let prefix = self.kind.prefix();
        match self.version {
            StandardVersion::V3 => format!("V3 L {prefix} {}", self.no),
            StandardVersion::V4_1 => format!("L {prefix} {}", self.no),
        }
    }

    /// The column letter a spreadsheet shows for this field: `A`, `Z`, `AA` …
    pub fn column_letter(&self) -> String {
        column_letter(usize::from(self.no))
    }
}

/// The spreadsheet letter of a 1-based column: 1 is `A`, 27 is `AA`.
pub fn column_letter(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

/// An official table.
///
/// ```
/// use careplan_spec::layout::v4_1::upplan;
/// use careplan_spec::{FileKind, StandardVersion};
///
/// let table = FileKind::Upplan.layout(StandardVersion::V4_1).expect("a table");
/// let field = table.field("service_date").expect("a field");
/// assert_eq!((field.name, field.no, field.is_personal()), ("サービス利用日", 10, false));
/// // The same field by its name in the program, also in the older table.
/// let older = FileKind::Upplan.layout(StandardVersion::V3).expect("a table");
/// let at = older.position(upplan::SERVICE_DATE).expect("it has it");
/// assert_eq!(older.fields[at].name, field.name);
/// ```
#[derive(Debug)]
pub struct Layout {
    /// The kind of file.
    pub kind: FileKind,
    /// The version of the standard.
    pub version: StandardVersion,
    /// The rows, in the official order: `fields[i].no == i + 1`.
    pub fields: &'static [Field],
}

impl Layout {
    /// Number of columns of every record.
    pub const fn columns(&self) -> usize {
        self.fields.len()
    }

    /// 0-based position of a 4.1 field in this layout; `None` where this version lacks it.
    pub fn position(&self, id: FieldId) -> Option<usize> {
        if id.kind != self.kind {
            return None;
        }
        let index = usize::from(id.index);
        if self.version == StandardVersion::V4_1 {
            return Some(index);
        }
        let reference = self.kind.layout(StandardVersion::V4_1)?.fields.get(index)?;
        self.fields.iter().position(|field| field.constant == reference.constant)
    }

    /// The field with this lower-case English identifier.
    pub fn field(&self, id: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.constant.eq_ignore_ascii_case(id))
    }
}

/// Every layout of every version, newest first.
pub fn all() -> impl Iterator<Item = &'static Layout> {
    v4_1::LAYOUTS.iter().chain(v3::LAYOUTS.iter()).copied()
}

/// Whether item numbers run 1, 2, 3 … without a gap; evaluated at compile time.
pub(crate) const fn numbers_are_contiguous(fields: &[Field]) -> bool {
    let mut i = 0;
    while i < fields.len() {
        if fields[i].no as usize != i + 1 {
            return false;
        }
        i += 1;
    }
    true
}

macro_rules! length {
    (free) => {
        $crate::layout::Length::Free
    };
    (unknown) => {
        $crate::layout::Length::Unknown
    };
    ($max:literal) => {
        $crate::layout::Length::Max($max)
    };
}
pub(crate) use length;

/// Declares one official table. In a 4.1 table each row also gets a [`FieldId`] constant.
macro_rules! layout {
    (@fields $version:ident $kind:ident; $(
        $no:literal $id:ident $name:literal $length:tt $required:ident
        $format:ident $(($codes:ident))? $privacy:ident $confidence:ident $note:literal;
    )+) => {
        /// The rows of the table, in the official order.
        pub static FIELDS: &[$crate::layout::Field] = &[$(
            $crate::layout::Field {
                kind: $crate::file_kind::FileKind::$kind,
                version: $crate::file_kind::StandardVersion::$version,
                no: $no,
                constant: stringify!($id),
                name: $name,
                length: $crate::layout::length!($length),
                required: $crate::layout::Required::$required,
                format: $crate::layout::Format::$format $((&$crate::code_list::$codes))?,
                privacy: $crate::layout::Privacy::$privacy,
                confidence: $crate::layout::Confidence::$confidence,
                note: $note,
            },
        )+];

        const _: () = assert!($crate::layout::numbers_are_contiguous(FIELDS));

        /// The table.
        pub static LAYOUT: $crate::layout::Layout = $crate::layout::Layout {
            kind: $crate::file_kind::FileKind::$kind,
            version: $crate::file_kind::StandardVersion::$version,
            fields: FIELDS,
        };
    };
    (V4_1 $kind:ident; $(
        $no:literal $id:ident $name:literal $length:tt $required:ident
        $format:ident $(($codes:ident))? $privacy:ident $confidence:ident $note:literal;
    )+) => {
        $(
            #[doc = $name]
            pub const $id: $crate::layout::FieldId = $crate::layout::FieldId {
                kind: $crate::file_kind::FileKind::$kind,
                index: $no - 1,
            };
        )+
        $crate::layout::layout! { @fields V4_1 $kind; $(
            $no $id $name $length $required $format $(($codes))? $privacy $confidence $note;
        )+ }
    };
    (V3 $kind:ident; $($row:tt)+) => {
        $crate::layout::layout! { @fields V3 $kind; $($row)+ }
    };
}
pub(crate) use layout;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn column_letters_follow_the_spreadsheet() {
        assert_eq!(column_letter(1), "A");
        assert_eq!(column_letter(26), "Z");
        assert_eq!(column_letter(27), "AA");
        assert_eq!(column_letter(71), "BS");
    }

    #[test]
    fn the_tables_have_the_official_number_of_columns() {
        let columns: Vec<_> =
            v4_1::LAYOUTS.iter().map(|l| (l.kind.prefix(), l.columns())).collect();
        for (prefix, expected) in [
            ("UPHOSOKU", 63),
            ("UP1KYO", 28),
            ("DLT1KYO", 4),
            ("UP2KYO", 22),
            ("UP3KYO", 13),
            ("UPPLAN", 25),
            ("UPJSK", 25),
            ("DLTPLAN", 4),
            ("DLTJSK", 6),
            ("UPSIKYU", 37),
            ("UPKIHON", 71),
            ("DLTKIHON", 4),
            ("UPKIHON_SUB1", 7),
            ("UPKIHON_SUB2", 11),
            ("UPYOBO", 57),
            ("DLTYOBO", 4),
            ("UPYOBO_SUB", 17),
        ] {
            assert!(columns.contains(&(prefix, expected)), "{prefix} has {expected} columns");
        }
        assert_eq!(columns.len(), 17);
        assert_eq!(v3::LAYOUTS.len(), 9);
        let versions: Vec<_> = all().map(|layout| layout.version).collect();
        let newest = std::iter::repeat_n(StandardVersion::V4_1, 17);
        assert_eq!(
            versions,
            newest.chain(std::iter::repeat_n(StandardVersion::V3, 9)).collect::<Vec<_>>()
        );
    }

    #[test]
    fn a_gap_in_the_numbers_is_seen() {
        let fields = v4_1::upjsk::FIELDS;
        assert!(numbers_are_contiguous(fields) && numbers_are_contiguous(&[]));
        assert!(!numbers_are_contiguous(&fields[1..]));
    }

    #[test]
    fn a_version_3_table_finds_a_4_1_field_by_name() {
        let v3 = FileKind::Upplan.layout(StandardVersion::V3).expect("UPPLAN exists in 3.x");
        let at = v3.position(v4_1::upplan::SERVICE_OFFICE_NUMBER);
        assert_eq!(at, Some(16));
        assert_eq!(v3.position(v4_1::upplan::TAIS_CODE), None);
        assert_eq!(v3.position(v4_1::upjsk::UNITS), None, "another table's field");
    }
}
