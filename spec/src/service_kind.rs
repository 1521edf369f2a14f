//! サービス種類: what each two-character kind is, and whether the exchange covers it.
//!
//! Clauses: S 1.3, S 1.4 for the scope; the wage shares behind unit prices are public tariff data.

/// Whether the exchange covers a service kind (連携対象).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// ○ in the list of the standard.
    Covered,
    /// 対象外 in the list of the standard.
    NotCovered,
    /// Not in the list at all.
    NotListed,
}

/// The wage share that decides a kind's unit prices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WageShare {
    /// 70 percent.
    Seventy,
    /// 55 percent.
    FiftyFive,
    /// 45 percent.
    FortyFive,
    /// Always 10.00 yen.
    Flat,
    /// Set by the municipality, or no unit price.
    Other,
}

/// One service kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServiceKind {
    /// Two characters.
    pub code: &'static str,
    /// Official name.
    pub name: &'static str,
    /// Whether the exchange covers it.
    pub scope: Scope,
    /// The group of unit prices.
    pub wage_share: WageShare,
    /// Whether it counts towards the monthly limit (区分支給限度基準額).
    pub limit_managed: bool,
}

use Scope::{Covered, NotCovered, NotListed};
use WageShare::{FiftyFive, Flat, FortyFive, Other, Seventy};

const fn kind(
    code: &'static str,
    name: &'static str,
    scope: Scope,
    wage_share: WageShare,
    limit_managed: bool,
) -> ServiceKind {
    ServiceKind { code, name, scope, wage_share, limit_managed }
}

/// Every known kind, by code.
#[rustfmt::skip]
pub static SERVICE_KINDS: [ServiceKind; 72] = [
    kind("11", "訪問介護", Covered, Seventy, true),
    kind("12", "訪問入浴介護", Covered, Seventy, true),
    kind("13", "訪問看護", Covered, Seventy, true),
    kind("14", "訪問リハビリテーション", Covered, FiftyFive, true),
    kind("15", "通所介護", Covered, FortyFive, true),
    kind("16", "通所リハビリテーション", Covered, FiftyFive, true),
    kind("17", "福祉用具貸与", Covered, Flat, true),
    kind("21", "短期入所生活介護", Covered, FiftyFive, true),
    kind("22", "短期入所療養介護（介護老人保健施設）", Covered, FortyFive, true),
    kind("23", "短期入所療養介護（介護療養型医療施設等）", Covered, FortyFive, true),
    kind("24", "介護予防短期入所生活介護", Covered, FiftyFive, true),
    kind("25", "介護予防短期入所療養介護（介護老人保健施設）", Covered, FortyFive, true),
    kind("26", "介護予防短期入所療養介護（介護療養型医療施設等）", Covered, FortyFive, true),
    kind("27", "特定施設入居者生活介護（短期利用）", Covered, FortyFive, true),
    kind("28", "地域密着型特定施設入居者生活介護（短期利用）", Covered, FortyFive, true),
    kind("2A", "短期入所療養介護（介護医療院）", Covered, FortyFive, true),
    kind("2B", "介護予防短期入所療養介護（介護医療院）", Covered, FortyFive, true),
    kind("31", "居宅療養管理指導", Covered, Flat, false),
    kind("32", "認知症対応型共同生活介護（短期利用以外）", NotCovered, FortyFive, false),
    kind("33", "特定施設入居者生活介護", NotCovered, FortyFive, false),
    kind("34", "介護予防居宅療養管理指導", Covered, Flat, false),
    kind("35", "介護予防特定施設入居者生活介護", NotCovered, FortyFive, false),
    kind("36", "地域密着型特定施設入居者生活介護", NotCovered, FortyFive, false),
    kind("37", "介護予防認知症対応型共同生活介護（短期利用以外）", NotCovered, FortyFive, false),
    kind("38", "認知症対応型共同生活介護（短期利用）", Covered, FortyFive, true),
    kind("39", "介護予防認知症対応型共同生活介護（短期利用）", Covered, FortyFive, true),
    kind("41", "特定福祉用具販売", NotCovered, Other, false),
    kind("42", "住宅改修", NotCovered, Other, false),
    kind("43", "居宅介護支援", NotListed, Seventy, false),
    kind("44", "特定介護予防福祉用具販売", NotCovered, Other, false),
    kind("45", "介護予防住宅改修", NotCovered, Other, false),
    kind("46", "介護予防支援", NotListed, Seventy, false),
    kind("51", "介護福祉施設サービス", NotCovered, FortyFive, false),
    kind("52", "介護保健施設サービス", NotCovered, FortyFive, false),
    kind("53", "介護療養施設サービス", NotCovered, FortyFive, false),
    kind("54", "地域密着型介護老人福祉施設入所者生活介護", NotCovered, FortyFive, false),
    kind("55", "介護医療院サービス", NotListed, FortyFive, false),
    kind("59", "特定入所者介護サービス等", NotCovered, Other, false),
    kind("61", "介護予防訪問介護", NotListed, Seventy, true),
    kind("62", "介護予防訪問入浴介護", Covered, Seventy, true),
    kind("63", "介護予防訪問看護", Covered, Seventy, true),
    kind("64", "介護予防訪問リハビリテーション", Covered, FiftyFive, true),
    kind("65", "介護予防通所介護", NotListed, FortyFive, true),
    kind("66", "介護予防通所リハビリテーション", Covered, FiftyFive, true),
    kind("67", "介護予防福祉用具貸与", Covered, Flat, true),
    kind("68", "小規模多機能型居宅介護（短期利用）", Covered, FiftyFive, true),
    kind("69", "介護予防小規模多機能型居宅介護（短期利用）", Covered, FiftyFive, true),
    kind("71", "夜間対応型訪問介護", Covered, Seventy, true),
    kind("72", "認知症対応型通所介護", Covered, FiftyFive, true),
    kind("73", "小規模多機能型居宅介護", Covered, FiftyFive, true),
    kind("74", "介護予防認知症対応型通所介護", Covered, FiftyFive, true),
    kind("75", "介護予防小規模多機能型居宅介護", Covered, FiftyFive, true),
    kind("76", "定期巡回・随時対応型訪問介護看護", Covered, Seventy, true),
    kind("77", "看護小規模多機能型居宅介護", Covered, FiftyFive, true),
    kind("78", "地域密着型通所介護", Covered, FortyFive, true),
    kind("79", "看護小規模多機能型居宅介護（短期利用）", Covered, FiftyFive, true),
    kind("81", "市町村特別給付", NotCovered, Other, false),
    kind("A1", "訪問型サービス（みなし）", Covered, Seventy, true),
    kind("A2", "訪問型サービス（独自）", Covered, Other, true),
    kind("A3", "訪問型サービス（独自／定率）", Covered, Other, false),
    kind("A4", "訪問型サービス（独自／定額）", Covered, Other, false),
    kind("A5", "通所型サービス（みなし）", Covered, FortyFive, true),
    kind("A6", "通所型サービス（独自）", Covered, Other, true),
    kind("A7", "通所型サービス（独自／定率）", Covered, Other, false),
    kind("A8", "通所型サービス（独自／定額）", Covered, Other, false),
    kind("A9", "その他の生活支援サービス（配食／定率）", NotListed, Other, false),
    kind("AA", "その他の生活支援サービス（配食／定額）", NotListed, Other, false),
    kind("AB", "その他の生活支援サービス（見守り／定率）", NotListed, Other, false),
    kind("AC", "その他の生活支援サービス（見守り／定額）", NotListed, Other, false),
    kind("AD", "その他の生活支援サービス（その他／定率）", NotListed, Other, false),
    kind("AE", "その他の生活支援サービス（その他／定額）", NotListed, Other, false),
    kind("AF", "介護予防ケアマネジメント", NotListed, Other, false),
];

/// The kind with this code.
pub fn find(code: &[u8]) -> Option<&'static ServiceKind> {
    SERVICE_KINDS.iter().find(|kind| kind.code.as_bytes() == code)
}

/// Whether the code has the form of a kind: a digit or A, then a digit or a letter.
pub const fn is_well_formed(code: &[u8]) -> bool {
    matches!(code, [b'0'..=b'9' | b'A', b'0'..=b'9' | b'A'..=b'Z'])
}

/// Whether an office of this kind plans care: 居宅介護支援 43, 介護予防支援 46, 介護予防
/// ケアマネジメント AF. The standard names only 43; 46 and AF are inferred (open question C5).
pub const fn is_planner(code: &[u8]) -> bool {
    matches!(code, b"43" | b"46" | b"AF")
}

/// Whether rows of this kind are rented equipment (福祉用具貸与, 17 and 67).
pub const fn is_equipment(code: &[u8]) -> bool {
    matches!(code, b"17" | b"67")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scope_has_the_official_counts() {
        let covered = SERVICE_KINDS.iter().filter(|kind| kind.scope == Covered).count();
        assert_eq!(covered, 23 + 14 + 8, "S 1.3, S 1.4: home care, prevention, municipal");
        assert_eq!(find(b"2A").map(|kind| kind.scope), Some(Covered));
        assert_eq!(find(b"33").map(|kind| kind.scope), Some(NotCovered));
        assert_eq!(find(b"43").map(|kind| kind.scope), Some(NotListed));
        assert!(find(b"99").is_none());
    }
}
