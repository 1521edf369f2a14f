//! The kinds of file the standard defines, and its versions.

use crate::layout::Layout;
use crate::text::Text;

/// A version of the standard, as far as layouts and file names differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StandardVersion {
    /// 3.0 – 3.2 (CSVバージョン 202208): home care only, names without service kinds.
    V3,
    /// 4.1 (CSVバージョン 202407).
    V4_1,
}

impl StandardVersion {
    /// How people write the version: `3.x`, `4.1`.
    pub const fn label(self) -> &'static str {
        match self {
            Self::V3 => "3.x",
            Self::V4_1 => "4.1",
        }
    }

    /// The CSVバージョン that every record of this version carries in item 1.
    pub const fn csv_version(self) -> &'static str {
        match self {
            Self::V3 => "202208",
            Self::V4_1 => "202407",
        }
    }
}

/// A kind of file (ファイル種別): the prefix of its name decides its layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FileKind {
    /// 利用者補足情報.
    Uphosoku,
    /// 居宅サービス計画書（第1表）.
    Up1kyo,
    /// 第1表削除.
    Dlt1kyo,
    /// 居宅サービス計画書（第2表）.
    Up2kyo,
    /// 週間サービス計画表（第3表）.
    Up3kyo,
    /// 第6表予定.
    Upplan,
    /// 第6表実績.
    Upjsk,
    /// 第6表予定削除.
    Dltplan,
    /// 第6表実績削除.
    Dltjsk,
    /// 第7表.
    Upsikyu,
    /// 利用者基本情報.
    Upkihon,
    /// 利用者基本情報削除.
    Dltkihon,
    /// 利用者基本情報 別表1.
    UpkihonSub1,
    /// 利用者基本情報 別表2.
    UpkihonSub2,
    /// 利用者基本情報 家族構成の画像 (JPEG, no layout).
    UpkihonImage,
    /// 介護予防サービス・支援計画書.
    Upyobo,
    /// 支援計画書削除.
    Dltyobo,
    /// 支援計画書 別表.
    UpyoboSub,
}

impl FileKind {
    /// Every kind, in the order of the layout annex.
    pub const ALL: [Self; 18] = [
        Self::Uphosoku,
        Self::Up1kyo,
        Self::Dlt1kyo,
        Self::Up2kyo,
        Self::Up3kyo,
        Self::Upplan,
        Self::Upjsk,
        Self::Dltplan,
        Self::Dltjsk,
        Self::Upsikyu,
        Self::Upkihon,
        Self::Dltkihon,
        Self::UpkihonSub1,
        Self::UpkihonSub2,
        Self::UpkihonImage,
        Self::Upyobo,
        Self::Dltyobo,
        Self::UpyoboSub,
    ];

    /// The prefix of the file name, upper case: `UPPLAN`, `UPKIHON_SUB1` …
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Uphosoku => "UPHOSOKU",
            Self::Up1kyo => "UP1KYO",
            Self::Dlt1kyo => "DLT1KYO",
            Self::Up2kyo => "UP2KYO",
            Self::Up3kyo => "UP3KYO",
            Self::Upplan => "UPPLAN",
            Self::Upjsk => "UPJSK",
            Self::Dltplan => "DLTPLAN",
            Self::Dltjsk => "DLTJSK",
            Self::Upsikyu => "UPSIKYU",
            Self::Upkihon => "UPKIHON",
            Self::Dltkihon => "DLTKIHON",
            Self::UpkihonSub1 => "UPKIHON_SUB1",
            Self::UpkihonSub2 => "UPKIHON_SUB2",
            Self::UpkihonImage => "UPKIHON_IMAGE",
            Self::Upyobo => "UPYOBO",
            Self::Dltyobo => "DLTYOBO",
            Self::UpyoboSub => "UPYOBO_SUB",
        }
    }

    /// The kind with exactly this prefix.
    pub fn from_prefix(prefix: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.prefix() == prefix)
    }

    /// The official title of the table.
    pub const fn title(self) -> Text {
        match self {
            Self::Uphosoku => Text::new("利用者補足情報", "user supplement"),
            Self::Up1kyo => Text::new("居宅サービス計画書（第1表）", "home care plan, table 1"),
            Self::Dlt1kyo => Text::new("第1表削除", "deletion of table 1"),
            Self::Up2kyo => Text::new("居宅サービス計画書（第2表）", "home care plan, table 2"),
            Self::Up3kyo => {
                Text::new("週間サービス計画表（第3表）", "weekly service plan, table 3")
            }
            Self::Upplan => Text::new("サービス利用票（第6表・予定）", "service use slip, planned"),
            Self::Upjsk => Text::new("サービス利用票（第6表・実績）", "service use slip, actual"),
            Self::Dltplan => Text::new("第6表予定削除", "deletion of planned use"),
            Self::Dltjsk => Text::new("第6表実績削除", "deletion of actual use"),
            Self::Upsikyu => {
                Text::new("サービス利用票別表（第7表）", "service use slip annex, table 7")
            }
            Self::Upkihon => Text::new("利用者基本情報", "basic information"),
            Self::Dltkihon => Text::new("利用者基本情報削除", "deletion of basic information"),
            Self::UpkihonSub1 => Text::new("利用者基本情報 別表1", "basic information, annex 1"),
            Self::UpkihonSub2 => Text::new("利用者基本情報 別表2", "basic information, annex 2"),
            Self::UpkihonImage => {
                Text::new("利用者基本情報 家族構成の画像", "basic information, family image")
            }
            Self::Upyobo => {
                Text::new("介護予防サービス・支援計画書", "prevention service and support plan")
            }
            Self::Dltyobo => Text::new("支援計画書削除", "deletion of the prevention plan"),
            Self::UpyoboSub => Text::new("支援計画書 別表", "prevention plan, annex"),
        }
    }

    /// Whether the file name carries a service month (UPHOSOKU: `000000` in a plan unit).
    pub const fn has_month_in_name(self) -> bool {
        matches!(
            self,
            Self::Uphosoku
                | Self::Upplan
                | Self::Upjsk
                | Self::Dltplan
                | Self::Dltjsk
                | Self::Upsikyu
        )
    }

    /// Whether the file is a CSV with a layout; false for the JPEG only.
    pub const fn is_csv(self) -> bool {
        !matches!(self, Self::UpkihonImage)
    }

    /// The layout of this kind in `version`, if that version has the kind as a CSV.
    pub fn layout(self, version: StandardVersion) -> Option<&'static Layout> {
        let layouts: &[&Layout] = match version {
            StandardVersion::V3 => &crate::layout::v3::LAYOUTS,
            StandardVersion::V4_1 => &crate::layout::v4_1::LAYOUTS,
        };
        layouts.iter().copied().find(|layout| layout.kind == self)
    }
}
