//! The history of CSVバージョン, item 1 of every record. Clause: `L` CSVバージョン履歴.

use crate::file_kind::StandardVersion;
use crate::text::Text;

/// One value of the official history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CsvVersion {
    /// The value, YYYYMM. Not monotonic: 202504 is older than 202407.
    pub value: &'static str,
    /// The edition of the standard.
    pub edition: &'static str,
    /// First service month it applies to, YYYYMM.
    pub from_month: u32,
    /// The layouts of this project that read it, if any.
    pub standard: Option<StandardVersion>,
}

/// The official history, oldest edition first.
pub const HISTORY: [CsvVersion; 5] = [
    CsvVersion { value: "201910", edition: "初版", from_month: 202003, standard: None },
    CsvVersion { value: "202003", edition: "第2版", from_month: 202010, standard: None },
    CsvVersion {
        value: "202208",
        edition: "第3版（3.0・3.1・3.2）",
        from_month: 202301,
        standard: Some(StandardVersion::V3),
    },
    CsvVersion { value: "202504", edition: "V4.0（廃止）", from_month: 202504, standard: None },
    CsvVersion {
        value: "202407",
        edition: "V4.1",
        from_month: 202504,
        standard: Some(StandardVersion::V4_1),
    },
];

/// Values outside the history that are seen in practice, and why people write them.
pub const MISTAKES: [(&str, Text); 3] = [
    (
        "202410",
        Text::new(
            "202410は仕様書の公表年月です。4.1のCSVバージョンは202407です",
            "202410 is the month 4.1 was published; its CSVバージョン is 202407",
        ),
    ),
    (
        "202404",
        Text::new(
            "202404は仕様書の記載例にだけ現れる値です",
            "202404 stands only in the standard's printed examples",
        ),
    ),
    (
        "202201",
        Text::new(
            "202201は一部の製品が使っていた値で、仕様の履歴にありません",
            "202201 was used by one product and is not in the official history",
        ),
    ),
];

/// First service month (YYYYMM) for which 4.1 applies.
pub const V4_1_FROM_MONTH: u32 = 202504;

/// The history entry of a value.
pub fn find(value: &[u8]) -> Option<&'static CsvVersion> {
    HISTORY.iter().find(|version| version.value.as_bytes() == value)
}

/// The version of the standard that applies to a service month (YYYYMM).
pub const fn standard_for_month(month: u32) -> StandardVersion {
    if month >= V4_1_FROM_MONTH { StandardVersion::V4_1 } else { StandardVersion::V3 }
}
