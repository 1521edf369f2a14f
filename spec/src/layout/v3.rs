//! The 9 CSV layouts of 標準仕様 3.x (CSVバージョン 202208), kept because old files circulate.

use super::Layout;

pub mod dlt1kyo;
pub mod dltjsk;
pub mod dltplan;
pub mod up1kyo;
pub mod up2kyo;
pub mod uphosoku;
pub mod upjsk;
pub mod upplan;
pub mod upsikyu;

/// Every layout of this version, in the order of the official annex.
pub static LAYOUTS: [&Layout; 9] = [
    &uphosoku::LAYOUT,
    &up1kyo::LAYOUT,
    &dlt1kyo::LAYOUT,
    &up2kyo::LAYOUT,
    &upplan::LAYOUT,
    &upjsk::LAYOUT,
    &dltplan::LAYOUT,
    &dltjsk::LAYOUT,
    &upsikyu::LAYOUT,
];
