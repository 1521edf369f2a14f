//! The seven patterns of the vendor test, the two sides of each, and who takes part.

use careplan_fixtures::region::Population;
use careplan_fixtures::service;
use careplan_spec::Text;
use careplan_spec::service_kind::{self, Scope};

/// A pattern (パターン) of the vendor test. The list of patterns is public; what is tested in each
/// is not, and is [derived from the standard](super::catalogue).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Pattern {
    /// 居宅サービス計画書.
    D1,
    /// サービス利用票（予定）, home care.
    D2,
    /// サービス利用票（実績）, home care.
    D3,
    /// 利用者基本情報.
    D4,
    /// 介護予防サービス・支援計画書.
    D5,
    /// サービス利用票（予定）, prevention.
    D6,
    /// サービス利用票（実績）, prevention.
    D7,
}

impl Pattern {
    /// Every pattern.
    pub const ALL: [Self; 7] =
        [Self::D1, Self::D2, Self::D3, Self::D4, Self::D5, Self::D6, Self::D7];

    /// The stable identifier: `D1`.
    pub const fn id(self) -> &'static str {
        match self {
            Self::D1 => "D1",
            Self::D2 => "D2",
            Self::D3 => "D3",
            Self::D4 => "D4",
            Self::D5 => "D5",
            Self::D6 => "D6",
            Self::D7 => "D7",
        }
    }

    /// The pattern with this identifier, in any case.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|pattern| pattern.id().eq_ignore_ascii_case(id))
    }

    /// What is exchanged.
    pub const fn title(self) -> Text {
        match self {
            Self::D1 => Text::new("居宅サービス計画書（ケアプラン）", "home care plan"),
            Self::D2 => Text::new("サービス利用票・予定（居宅）", "planned use, home care"),
            Self::D3 => Text::new("サービス利用票・実績（居宅）", "actual use, home care"),
            Self::D4 => Text::new("利用者基本情報（予防）", "basic information, prevention"),
            Self::D5 => Text::new("介護予防サービス・支援計画書", "prevention plan"),
            Self::D6 => Text::new("サービス利用票・予定（予防）", "planned use, prevention"),
            Self::D7 => Text::new("サービス利用票・実績（予防）", "actual use, prevention"),
        }
    }

    /// Whose papers they are.
    pub const fn population(self) -> Population {
        match self {
            Self::D1 | Self::D2 | Self::D3 => Population::HomeCare,
            Self::D4 | Self::D5 | Self::D6 | Self::D7 => Population::Prevention,
        }
    }

    /// The send unit of the pattern.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::D1 => "K1",
            Self::D2 | Self::D6 => "K2",
            Self::D3 | Self::D7 => "S1",
            Self::D4 => "Y1",
            Self::D5 => "Y3",
        }
    }

    /// The send unit that takes it back.
    pub const fn deletion(self) -> &'static str {
        match self {
            Self::D1 => "K3",
            Self::D2 | Self::D6 => "K4",
            Self::D3 | Self::D7 => "S2",
            Self::D4 => "Y5",
            Self::D5 => "Y6",
        }
    }

    /// Who sends and who receives where nobody is entrusted.
    pub const fn route(self) -> Route {
        match self {
            Self::D1 | Self::D2 => Route { from: Role::Planner, to: Role::HomeService },
            Self::D3 => Route { from: Role::HomeService, to: Role::Planner },
            Self::D4 | Self::D5 | Self::D6 => {
                Route { from: Role::SupportCentre, to: Role::PreventionService }
            }
            Self::D7 => Route { from: Role::PreventionService, to: Role::SupportCentre },
        }
    }
}

/// Which side of a pattern the product is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// 書き出し: the product writes files.
    Writes,
    /// 取り込み: the product reads files.
    Reads,
}

impl Side {
    /// Both sides.
    pub const ALL: [Self; 2] = [Self::Writes, Self::Reads];

    /// The stable identifier.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Writes => "writes",
            Self::Reads => "reads",
        }
    }

    /// The letter in item numbers.
    pub const fn letter(self) -> char {
        match self {
            Self::Writes => 'W',
            Self::Reads => 'R',
        }
    }

    /// The side with this identifier.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|side| side.id().eq_ignore_ascii_case(id))
    }

    /// What it is called.
    pub const fn title(self) -> Text {
        match self {
            Self::Writes => Text::new("書き出し", "writes"),
            Self::Reads => Text::new("取り込み", "reads"),
        }
    }
}

/// The part an office plays in a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// 居宅介護支援事業所.
    Planner,
    /// 地域包括支援センター.
    SupportCentre,
    /// サービス事業所 for home care.
    HomeService,
    /// サービス事業所 for prevention, municipal services included.
    PreventionService,
}

impl Role {
    /// What it is called.
    pub const fn title(self) -> Text {
        match self {
            Self::Planner => Text::new("居宅介護支援事業所", "care-management office"),
            Self::SupportCentre => Text::new("地域包括支援センター", "support centre"),
            Self::HomeService => Text::new("サービス事業所（居宅）", "service office, home care"),
            Self::PreventionService => {
                Text::new("サービス事業所（予防・総合事業）", "service office, prevention")
            }
        }
    }

    /// Whether an office plays the part under this service kind.
    pub fn is_played_under(self, kind: &str) -> bool {
        let covered = || {
            service_kind::find(kind.as_bytes()).is_some_and(|known| known.scope == Scope::Covered)
        };
        match self {
            Self::Planner => kind == "43",
            Self::SupportCentre => matches!(kind, "46" | "AF"),
            Self::HomeService => covered() && service::population_of(kind) == Population::HomeCare,
            Self::PreventionService => {
                covered() && service::population_of(kind) == Population::Prevention
            }
        }
    }
}

/// Who sends to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Route {
    /// The sender.
    pub from: Role,
    /// The receiver.
    pub to: Role,
}

impl Route {
    /// The part the product plays, and that of the other side.
    pub const fn seen_from(self, side: Side) -> (Role, Role) {
        match side {
            Side::Writes => (self.from, self.to),
            Side::Reads => (self.to, self.from),
        }
    }
}
