//! Send units (送信単位): which kinds of file travel together under one sequence.
//!
//! Clauses: S 2.2, S 2.4 (home care), S 3.2 – 3.4 (prevention), V3 2.4.

use crate::file_kind::{FileKind, StandardVersion};
use crate::text::Text;

/// Who sends a unit to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// 居宅介護支援・地域包括支援センター → サービス事業所 (or 包括 ⇄ 居宅 when entrusted).
    PlannerToService,
    /// サービス事業所 → 居宅介護支援・地域包括支援センター (or 居宅 → 包括 when entrusted).
    ServiceToPlanner,
}

/// What links the records of a unit's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Link {
    /// 居宅サービス計画作成（変更）日 / 計画作成(変更)日.
    PlanDate,
    /// 対象年月 (service month).
    ServiceMonth,
    /// 相談日.
    ConsultationDate,
}

/// The shape of one send unit.
#[derive(Debug, PartialEq, Eq)]
pub struct SendUnit {
    /// Stable identifier: `K1` … home care, `Y1` … prevention, `V3-1` … version 3.
    pub id: &'static str,
    /// What it is called in reports.
    pub title: Text,
    /// The version of the standard.
    pub version: StandardVersion,
    /// Usual direction.
    pub direction: Direction,
    /// Kinds that must be there (○). The first is the parent of the others.
    pub required: &'static [FileKind],
    /// Kinds that belong to a parent and may be there: 別表 and images.
    pub attachments: &'static [FileKind],
    /// What links the records.
    pub link: Link,
    /// The clause.
    pub clause: &'static str,
}

use FileKind::*;

/// The send units of 4.1. Where home care and prevention share a set, it is listed once.
pub const UNITS_V4_1: [SendUnit; 11] = [
    SendUnit {
        id: "K1",
        title: Text::new("居宅サービス計画書（1・2・3表）", "home care plan (tables 1, 2, 3)"),
        version: StandardVersion::V4_1,
        direction: Direction::PlannerToService,
        required: &[Up1kyo, Up2kyo, Up3kyo, Uphosoku],
        attachments: &[],
        link: Link::PlanDate,
        clause: "S 2.4(1)",
    },
    SendUnit {
        id: "K2",
        title: Text::new("サービス利用票・別表（予定）", "planned use (tables 6, 7)"),
        version: StandardVersion::V4_1,
        direction: Direction::PlannerToService,
        required: &[Upplan, Upsikyu, Uphosoku],
        attachments: &[],
        link: Link::ServiceMonth,
        clause: "S 2.4(1), S 3.4(4)",
    },
    SendUnit {
        id: "K3",
        title: Text::new("居宅サービス計画書の削除", "deletion of a home care plan"),
        version: StandardVersion::V4_1,
        direction: Direction::PlannerToService,
        required: &[Dlt1kyo],
        attachments: &[],
        link: Link::PlanDate,
        clause: "S 2.4(1)",
    },
    SendUnit {
        id: "K4",
        title: Text::new("サービス利用票（予定）の削除", "deletion of planned use"),
        version: StandardVersion::V4_1,
        direction: Direction::PlannerToService,
        required: &[Dltplan],
        attachments: &[],
        link: Link::ServiceMonth,
        clause: "S 2.4(1), S 3.4(7)",
    },
    SendUnit {
        id: "S1",
        title: Text::new("サービス利用票（実績）", "actual use"),
        version: StandardVersion::V4_1,
        direction: Direction::ServiceToPlanner,
        required: &[Upjsk],
        attachments: &[],
        link: Link::ServiceMonth,
        clause: "S 2.4(2), S 3.4(8)",
    },
    SendUnit {
        id: "S2",
        title: Text::new("サービス利用票（実績）の削除", "deletion of actual use"),
        version: StandardVersion::V4_1,
        direction: Direction::ServiceToPlanner,
        required: &[Dltjsk],
        attachments: &[],
        link: Link::ServiceMonth,
        clause: "S 2.4(2), S 3.4(9)",
    },
    SendUnit {
        id: "Y1",
        title: Text::new("利用者基本情報", "basic information"),
        version: StandardVersion::V4_1,
        direction: Direction::PlannerToService,
        required: &[Upkihon],
        attachments: &[UpkihonSub1, UpkihonSub2, UpkihonImage],
        link: Link::ConsultationDate,
        clause: "S 3.4(1)",
    },
    SendUnit {
        id: "Y2",
        title: Text::new(
            "介護予防サービス・支援計画書と利用者基本情報",
            "prevention plan with basic information",
        ),
        version: StandardVersion::V4_1,
        direction: Direction::PlannerToService,
        required: &[Upyobo, Upkihon],
        attachments: &[UpyoboSub, UpkihonSub1, UpkihonSub2, UpkihonImage],
        link: Link::PlanDate,
        clause: "S 3.4(2)",
    },
    SendUnit {
        id: "Y3",
        title: Text::new("介護予防サービス・支援計画書", "prevention plan"),
        version: StandardVersion::V4_1,
        direction: Direction::PlannerToService,
        required: &[Upyobo],
        attachments: &[UpyoboSub],
        link: Link::PlanDate,
        clause: "S 3.4(3)",
    },
    SendUnit {
        id: "Y5",
        title: Text::new("利用者基本情報の削除", "deletion of basic information"),
        version: StandardVersion::V4_1,
        direction: Direction::PlannerToService,
        required: &[Dltkihon],
        attachments: &[],
        link: Link::ConsultationDate,
        clause: "S 3.4(5)",
    },
    SendUnit {
        id: "Y6",
        title: Text::new("介護予防サービス・支援計画書の削除", "deletion of a prevention plan"),
        version: StandardVersion::V4_1,
        direction: Direction::PlannerToService,
        required: &[Dltyobo],
        attachments: &[],
        link: Link::PlanDate,
        clause: "S 3.4(6)",
    },
];

/// The send units of 3.x.
pub const UNITS_V3: [SendUnit; 6] = [
    SendUnit {
        id: "V3-1",
        title: Text::new("居宅サービス計画書（1・2表、3.x）", "home care plan (tables 1, 2; 3.x)"),
        version: StandardVersion::V3,
        direction: Direction::PlannerToService,
        required: &[Up1kyo, Up2kyo, Uphosoku],
        attachments: &[],
        link: Link::PlanDate,
        clause: "V3 2.4",
    },
    SendUnit {
        id: "V3-2",
        title: Text::new("サービス利用票・別表（予定、3.x）", "planned use (tables 6, 7; 3.x)"),
        version: StandardVersion::V3,
        direction: Direction::PlannerToService,
        required: &[Upplan, Upsikyu, Uphosoku],
        attachments: &[],
        link: Link::ServiceMonth,
        clause: "V3 2.4",
    },
    SendUnit {
        id: "V3-3",
        title: Text::new("居宅サービス計画書の削除（3.x）", "deletion of a home care plan (3.x)"),
        version: StandardVersion::V3,
        direction: Direction::PlannerToService,
        required: &[Dlt1kyo],
        attachments: &[],
        link: Link::PlanDate,
        clause: "V3 2.4",
    },
    SendUnit {
        id: "V3-4",
        title: Text::new("サービス利用票（予定）の削除（3.x）", "deletion of planned use (3.x)"),
        version: StandardVersion::V3,
        direction: Direction::PlannerToService,
        required: &[Dltplan],
        attachments: &[],
        link: Link::ServiceMonth,
        clause: "V3 2.4",
    },
    SendUnit {
        id: "V3-5",
        title: Text::new("サービス利用票（実績、3.x）", "actual use (3.x)"),
        version: StandardVersion::V3,
        direction: Direction::ServiceToPlanner,
        required: &[Upjsk],
        attachments: &[],
        link: Link::ServiceMonth,
        clause: "V3 2.4",
    },
    SendUnit {
        id: "V3-6",
        title: Text::new("サービス利用票（実績）の削除（3.x）", "deletion of actual use (3.x)"),
        version: StandardVersion::V3,
        direction: Direction::ServiceToPlanner,
        required: &[Dltjsk],
        attachments: &[],
        link: Link::ServiceMonth,
        clause: "V3 2.4",
    },
];

/// The units of a version.
pub const fn units(version: StandardVersion) -> &'static [SendUnit] {
    match version {
        StandardVersion::V3 => &UNITS_V3,
        StandardVersion::V4_1 => &UNITS_V4_1,
    }
}

/// How a set of file kinds relates to the units of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Match {
    /// The set is this unit; attachments may be absent.
    Complete(&'static SendUnit),
    /// Every kind belongs to this unit, but required kinds are missing.
    Incomplete {
        /// The unit the set is closest to.
        unit: &'static SendUnit,
        /// The required kinds that are not there.
        missing: Vec<FileKind>,
    },
    /// No unit holds all of these kinds.
    None,
}

/// Finds the unit that `kinds` (each once, any order) make up.
///
/// ```
/// use careplan_spec::send_unit::{Match, match_kinds};
/// use careplan_spec::{FileKind, StandardVersion};
///
/// let kinds = [FileKind::Uphosoku, FileKind::Upsikyu, FileKind::Upplan];
/// let Match::Complete(unit) = match_kinds(StandardVersion::V4_1, &kinds) else { panic!() };
/// assert_eq!((unit.id, unit.clause), ("K2", "S 2.4(1), S 3.4(4)"));
/// assert_eq!(match_kinds(StandardVersion::V4_1, &[]), Match::None);
/// ```
pub fn match_kinds(version: StandardVersion, kinds: &[FileKind]) -> Match {
    let mut best: Option<(&'static SendUnit, Vec<FileKind>)> = None;
    for unit in units(version) {
        let fits = kinds.iter().all(|k| unit.required.contains(k) || unit.attachments.contains(k));
        if !fits || kinds.is_empty() {
            continue;
        }
        let missing: Vec<FileKind> =
            unit.required.iter().copied().filter(|kind| !kinds.contains(kind)).collect();
        if missing.is_empty() {
            return Match::Complete(unit);
        }
        if best.as_ref().is_none_or(|(_, least)| missing.len() < least.len()) {
            best = Some((unit, missing));
        }
    }
    match best {
        Some((unit, missing)) => Match::Incomplete { unit, missing },
        None => Match::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complete_incomplete_and_foreign_sets_are_told_apart() {
        let v = StandardVersion::V4_1;
        assert!(matches!(
            match_kinds(v, &[Upsikyu, Uphosoku, Upplan]),
            Match::Complete(unit) if unit.id == "K2"
        ));
        assert!(matches!(
            match_kinds(v, &[Up1kyo, Up2kyo, Uphosoku]),
            Match::Incomplete { unit, missing } if unit.id == "K1" && missing == [Up3kyo]
        ));
        // Of the units that hold what there is, the one that lacks least.
        assert!(matches!(
            match_kinds(v, &[Uphosoku]),
            Match::Incomplete { unit, missing } if unit.id == "K2" && missing == [Upplan, Upsikyu]
        ));
        assert!(matches!(
            match_kinds(v, &[UpkihonSub1]),
            Match::Incomplete { unit, missing } if unit.id == "Y1" && missing == [Upkihon]
        ));
        assert_eq!(match_kinds(v, &[]), Match::None);
        assert_eq!(match_kinds(v, &[Upplan, Upjsk]), Match::None);
        assert!(matches!(
            match_kinds(v, &[Upkihon, Upyobo, UpkihonSub1]),
            Match::Complete(unit) if unit.id == "Y2"
        ));
        assert!(matches!(
            match_kinds(StandardVersion::V3, &[Up1kyo, Up2kyo, Uphosoku]),
            Match::Complete(unit) if unit.id == "V3-1"
        ));
    }
}
