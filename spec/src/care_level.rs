//! 要介護状態区分 in its three code systems, and the monthly limits. Clauses: L UPHOSOKU 18,
//! L UPKIHON 23, L UPYOBO 14; the limits are public tariff data (Inferred).

/// One care level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CareLevel {
    /// Code of UPHOSOKU, UP1KYO and UPKIHON.
    pub code: &'static str,
    /// Official label.
    pub name: &'static str,
    /// 区分支給限度基準額, units a month; `None` where there is none.
    pub limit_units: Option<u32>,
    /// Code of UPYOBO 14, where the level has one.
    pub prevention_code: Option<&'static str>,
}

const fn level(
    code: &'static str,
    name: &'static str,
    limit_units: Option<u32>,
    prevention_code: Option<&'static str>,
) -> CareLevel {
    CareLevel { code, name, limit_units, prevention_code }
}

/// Every level, mildest first. The limit of 事業対象者 may be raised by the municipality.
#[rustfmt::skip]
pub static CARE_LEVELS: [CareLevel; 9] = [
    level("01", "非該当", None, None),
    level("06", "事業対象者", Some(5032), Some("3")),
    level("12", "要支援１", Some(5032), Some("1")),
    level("13", "要支援２", Some(10531), Some("2")),
    level("21", "要介護１", Some(16765), None),
    level("22", "要介護２", Some(19705), None),
    level("23", "要介護３", Some(27048), None),
    level("24", "要介護４", Some(30938), None),
    level("25", "要介護５", Some(36217), None),
];

/// The level with this two-character code.
pub fn find(code: &[u8]) -> Option<&'static CareLevel> {
    CARE_LEVELS.iter().find(|level| level.code.as_bytes() == code)
}
