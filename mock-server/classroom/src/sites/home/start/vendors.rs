//! Products that finished the vendor test. Companies and products are invented.

/// A row of the table of results.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tested {
    /// Company.
    pub(super) company: &'static str,
    /// Product.
    pub(super) product: &'static str,
    /// Day on which the end of the test was confirmed.
    pub(super) confirmed: &'static str,
    /// D1 to D7.
    pub(super) done: [bool; 7],
}

const fn tested(
    company: &'static str,
    product: &'static str,
    confirmed: &'static str,
    done: [bool; 7],
) -> Tested {
    Tested { company, product, confirmed, done }
}

const ALL: [bool; 7] = [true; 7];
const CARE: [bool; 7] = [true, true, true, false, false, false, false];
const PREVENTION: [bool; 7] = [false, false, false, true, true, true, true];

/// Fourth version of the standard.
pub(super) static V4: [Tested; 8] = [
    tested("株式会社みほんシステム（架空）", "みほんケア", "2025/06/20", ALL),
    tested("株式会社そらまめ情報（架空）", "そらまめ介護", "2025/07/11", ALL),
    tested("有限会社さざなみソフト（架空）", "さざなみ居宅", "2025/07/25", CARE),
    tested("かけはし情報株式会社（架空）", "かけはしサービス", "2025/08/08", CARE),
    tested("株式会社ほうかつ計算（架空）", "ほうかつ予防", "2025/09/05", PREVENTION),
    tested(
        "株式会社のぞみ電算（架空）",
        "のぞみ実績",
        "2025/09/19",
        [false, true, true, false, false, false, false],
    ),
    tested("合同会社こだちラボ（架空）", "こだちクラウド", "2025/10/17", ALL),
    tested(
        "株式会社ひだまり工房（架空）",
        "ひだまりプラン",
        "2025/11/21",
        [true, true, true, true, true, false, false],
    ),
];

/// Third version of the standard.
pub(super) static V3: [Tested; 4] = [
    tested("株式会社みほんシステム（架空）", "みほんケア", "2023/05/19", CARE),
    tested("有限会社さざなみソフト（架空）", "さざなみ居宅", "2023/08/04", CARE),
    tested("株式会社むかしソフト（架空）", "むかし介護", "2023/09/15", CARE),
    tested(
        "株式会社のぞみ電算（架空）",
        "のぞみ実績",
        "2024/02/16",
        [false, true, true, false, false, false, false],
    ),
];
