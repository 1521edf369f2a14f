//! The 17 CSV layouts of 標準仕様 4.1 (CSVバージョン 202407), one official table a file.

use super::Layout;

pub mod dlt1kyo;
pub mod dltjsk;
pub mod dltkihon;
pub mod dltplan;
pub mod dltyobo;
pub mod up1kyo;
pub mod up2kyo;
pub mod up3kyo;
pub mod uphosoku;
pub mod upjsk;
pub mod upkihon;
pub mod upkihon_sub1;
pub mod upkihon_sub2;
pub mod upplan;
pub mod upsikyu;
pub mod upyobo;
pub mod upyobo_sub;

/// Every layout of this version, in the order of the official annex.
pub static LAYOUTS: [&Layout; 17] = [
    &uphosoku::LAYOUT,
    &up1kyo::LAYOUT,
    &dlt1kyo::LAYOUT,
    &up2kyo::LAYOUT,
    &up3kyo::LAYOUT,
    &upplan::LAYOUT,
    &upjsk::LAYOUT,
    &dltplan::LAYOUT,
    &dltjsk::LAYOUT,
    &upsikyu::LAYOUT,
    &upkihon::LAYOUT,
    &dltkihon::LAYOUT,
    &upkihon_sub1::LAYOUT,
    &upkihon_sub2::LAYOUT,
    &upyobo::LAYOUT,
    &dltyobo::LAYOUT,
    &upyobo_sub::LAYOUT,
];
