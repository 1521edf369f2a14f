//! What tells records apart: the keys of every kind of file, declared once.
//!
//! The standard names the keys that link files (S 2.3, S 3.3): they lead to the [`Identity::parent`]
//! of a record, the plan or the month it belongs to. What tells several records of one parent
//! apart is not printed; [`Identity::own`] is inferred from what each table lists.

use careplan_spec::layout::FieldId;
use careplan_spec::layout::v4_1::{
    dlt1kyo, dltjsk, dltkihon, dltplan, dltyobo, up1kyo, up2kyo, up3kyo, uphosoku, upjsk, upkihon,
    upkihon_sub1, upkihon_sub2, upplan, upsikyu, upyobo, upyobo_sub,
};
use careplan_spec::{Basis, FileKind};

/// How records of a kind are recognised.
#[derive(Debug)]
pub struct Identity {
    /// The kind of file.
    pub kind: FileKind,
    /// The keys of the standard: whose plan, of which day or month.
    pub parent: &'static [FieldId],
    /// What tells records of one parent apart, the surest set first. An empty set: there is one
    /// record a parent. No set: nothing but the content.
    pub own: &'static [&'static [FieldId]],
    /// Numbers that order and group records: only their structure has a meaning.
    pub levels: &'static [Level],
    /// The clause of the parent keys.
    pub clause: &'static str,
    /// The basis of the parent keys.
    pub basis: Basis,
}

impl Identity {
    /// Texts that may stand in the first record of a number alone.
    pub(super) fn repeated(&self) -> impl Iterator<Item = FieldId> + '_ {
        self.levels.iter().flat_map(|level| level.repeated).copied()
    }
}

/// One number of a hierarchy (課題NO …).
#[derive(Debug)]
pub struct Level {
    /// The number.
    pub number: FieldId,
    /// Texts that may stand in the first record of the number alone, or in all of them.
    pub repeated: &'static [FieldId],
}

const fn level(number: FieldId, repeated: &'static [FieldId]) -> Level {
    Level { number, repeated }
}

const fn identity(
    kind: FileKind,
    parent: &'static [FieldId],
    own: &'static [&'static [FieldId]],
    clause: &'static str,
) -> Identity {
    Identity { kind, parent, own, levels: &[], clause, basis: Basis::Stated }
}

/// One record a parent.
const ALONE: &[&[FieldId]] = &[&[]];

/// Every kind with records, in the order of the annex.
pub static IDENTITIES: [Identity; 17] = [
    {
        use uphosoku::*;
        identity(
            FileKind::Uphosoku,
            &[INSURER_NUMBER, INSURED_NUMBER, PLAN_DATE, TARGET_MONTH],
            ALONE,
            "S 2.3",
        )
    },
    {
        use up1kyo::*;
        identity(FileKind::Up1kyo, &[INSURER_NUMBER, INSURED_NUMBER, PLAN_DATE], ALONE, "S 2.3")
    },
    {
        use dlt1kyo::*;
        identity(FileKind::Dlt1kyo, &[INSURER_NUMBER, INSURED_NUMBER, PLAN_DATE], ALONE, "S 2.3")
    },
    {
        use up2kyo::*;
        Identity {
            levels: &[
                level(NEED_NO, &[NEED_TEXT]),
                level(
                    GOAL_NO,
                    &[LONG_TERM_GOAL, SHORT_TERM_GOAL, LONG_TERM_PERIOD, SHORT_TERM_PERIOD],
                ),
                level(SUPPORT_NO, &[]),
            ],
            ..identity(
                FileKind::Up2kyo,
                &[INSURER_NUMBER, INSURED_NUMBER, PLAN_DATE],
                &[
                    &[NEED_TEXT, SHORT_TERM_GOAL, SERVICE_CONTENT],
                    &[SERVICE_CONTENT, SERVICE_KIND_TEXT, SERVICE_OFFICE_NUMBER],
                    &[NEED_NO, GOAL_NO, SUPPORT_NO],
                ],
                "S 2.3",
            )
        }
    },
    {
        use up3kyo::*;
        identity(
            FileKind::Up3kyo,
            &[INSURER_NUMBER, INSURED_NUMBER, PLAN_DATE],
            &[
                &[
                    WEEKDAY,
                    SERVICE_START_TIME,
                    CARE_SERVICE_CONTENT,
                    DAILY_ACTIVITY,
                    NON_WEEKLY_SERVICE,
                ],
                &[WEEKDAY, SERVICE_START_TIME, ACTIVITY_START_TIME],
            ],
            "S 2.3",
        )
    },
    {
        use upplan::*;
        identity(
            FileKind::Upplan,
            &[INSURER_NUMBER, INSURED_NUMBER, TARGET_MONTH],
            &[
                &[
                    SERVICE_OFFICE_NUMBER,
                    SERVICE_CODE,
                    SERVICE_DATE,
                    SERVICE_START_TIME,
                    TAIS_CODE,
                    DETAIL_DISCRIMINATOR,
                    OVER_30_DAYS,
                ],
                &[SERVICE_OFFICE_NUMBER, SERVICE_CODE, SERVICE_DATE, SERVICE_START_TIME],
                &[SERVICE_CODE, SERVICE_DATE, SERVICE_START_TIME],
                &[SERVICE_OFFICE_NUMBER, SERVICE_CODE, SERVICE_DATE],
            ],
            "S 2.3",
        )
    },
    {
        use upjsk::*;
        identity(
            FileKind::Upjsk,
            // The standard groups actual use by office as well (S 5.1.2.1).
            &[INSURER_NUMBER, INSURED_NUMBER, TARGET_MONTH, SERVICE_OFFICE_NUMBER],
            &[
                &[
                    SERVICE_CODE,
                    SERVICE_DATE,
                    SERVICE_START_TIME,
                    TAIS_CODE,
                    DETAIL_DISCRIMINATOR,
                    OVER_30_DAYS,
                ],
                &[SERVICE_CODE, SERVICE_DATE, SERVICE_START_TIME],
                &[SERVICE_CODE, SERVICE_DATE],
            ],
            "S 5.1.2.1",
        )
    },
    {
        use dltplan::*;
        identity(
            FileKind::Dltplan,
            &[INSURER_NUMBER, INSURED_NUMBER, DELETE_TARGET_MONTH],
            ALONE,
            "S 2.3",
        )
    },
    {
        use dltjsk::*;
        identity(
            FileKind::Dltjsk,
            &[
                INSURER_NUMBER,
                INSURED_NUMBER,
                DELETE_TARGET_MONTH,
                SERVICE_OFFICE_NUMBER,
                SERVICE_KIND,
            ],
            ALONE,
            "S 2.3",
        )
    },
    {
        use upsikyu::*;
        identity(
            FileKind::Upsikyu,
            &[INSURER_NUMBER, INSURED_NUMBER, TARGET_MONTH],
            &[
                &[
                    SERVICE_OFFICE_NUMBER,
                    SATELLITE_BRANCH_NO,
                    SERVICE_CODE,
                    TAIS_CODE,
                    UNITS,
                    BENEFIT_RATE,
                    OVER_30_DAYS,
                ],
                &[SERVICE_OFFICE_NUMBER, SERVICE_CODE, UNITS],
                &[SERVICE_OFFICE_NUMBER, SERVICE_CODE],
                &[SERVICE_CODE],
            ],
            "S 2.3",
        )
    },
    {
        use upkihon::*;
        identity(
            FileKind::Upkihon,
            &[INSURER_NUMBER, INSURED_NUMBER, CONSULTATION_DATE],
            ALONE,
            "S 3.3",
        )
    },
    {
        use dltkihon::*;
        identity(
            FileKind::Dltkihon,
            &[INSURER_NUMBER, INSURED_NUMBER, CONSULTATION_DATE],
            ALONE,
            "S 3.3",
        )
    },
    {
        use upkihon_sub1::*;
        identity(
            FileKind::UpkihonSub1,
            &[INSURER_NUMBER, INSURED_NUMBER, CONSULTATION_DATE],
            &[&[TIME_TEXT, USER_ACTIVITY], &[TIME_TEXT]],
            "S 3.3",
        )
    },
    {
        use upkihon_sub2::*;
        identity(
            FileKind::UpkihonSub2,
            &[INSURER_NUMBER, INSURED_NUMBER, CONSULTATION_DATE],
            &[&[ONSET_DATE_TEXT, DISEASE_NAME], &[DISEASE_NAME]],
            "S 3.3",
        )
    },
    {
        use upyobo::*;
        identity(FileKind::Upyobo, &[INSURER_NUMBER, INSURED_NUMBER, PLAN_DATE], ALONE, "S 3.3")
    },
    {
        use dltyobo::*;
        identity(FileKind::Dltyobo, &[INSURER_NUMBER, INSURED_NUMBER, PLAN_DATE], ALONE, "S 3.3")
    },
    {
        use upyobo_sub::*;
        Identity {
            levels: &[
                level(
                    NEED_NO,
                    &[OVERALL_NEED, PROPOSED_GOAL_AND_MEASURES, USER_FAMILY_INTENTION, GOAL],
                ),
                level(
                    SUPPORT_PLAN_NO,
                    &[SUPPORT_POINTS, SELF_CARE_AND_INFORMAL, INSURANCE_OR_COMMUNITY_SERVICE],
                ),
                level(USED_SERVICE_NO, &[]),
            ],
            ..identity(
                FileKind::UpyoboSub,
                &[INSURER_NUMBER, INSURED_NUMBER, PLAN_DATE],
                &[
                    &[OVERALL_NEED, SUPPORT_POINTS, USED_SERVICE_KIND_TEXT, USED_SERVICE_OFFICE],
                    &[USED_SERVICE_KIND_TEXT, USED_SERVICE_OFFICE],
                    &[NEED_NO, SUPPORT_PLAN_NO, USED_SERVICE_NO],
                ],
                "S 3.3",
            )
        }
    },
];

/// How records of `kind` are recognised; `None` for the image.
pub fn of(kind: FileKind) -> Option<&'static Identity> {
    IDENTITIES.iter().find(|identity| identity.kind == kind)
}

/// A file that deletes, and what it deletes.
#[derive(Debug)]
pub(super) struct Deletion {
    /// The deleting kind.
    pub(super) by: FileKind,
    /// The kinds it deletes, each with the fields that correspond to the first ones of the
    /// deleting kind's parent keys.
    pub(super) targets: &'static [(FileKind, &'static [FieldId])],
    pub(super) clause: &'static str,
}

/// Deletions, after K07–K10 of the standard's rules.
pub(super) static DELETIONS: [Deletion; 5] = [
    Deletion {
        by: FileKind::Dlt1kyo,
        targets: &[
            (
                FileKind::Up1kyo,
                &[up1kyo::INSURER_NUMBER, up1kyo::INSURED_NUMBER, up1kyo::PLAN_DATE],
            ),
            (
                FileKind::Up2kyo,
                &[up2kyo::INSURER_NUMBER, up2kyo::INSURED_NUMBER, up2kyo::PLAN_DATE],
            ),
            (
                FileKind::Up3kyo,
                &[up3kyo::INSURER_NUMBER, up3kyo::INSURED_NUMBER, up3kyo::PLAN_DATE],
            ),
            (
                FileKind::Uphosoku,
                &[uphosoku::INSURER_NUMBER, uphosoku::INSURED_NUMBER, uphosoku::PLAN_DATE],
            ),
        ],
        clause: "S 2.3",
    },
    Deletion {
        by: FileKind::Dltplan,
        targets: &[
            (
                FileKind::Upplan,
                &[upplan::INSURER_NUMBER, upplan::INSURED_NUMBER, upplan::TARGET_MONTH],
            ),
            (
                FileKind::Upsikyu,
                &[upsikyu::INSURER_NUMBER, upsikyu::INSURED_NUMBER, upsikyu::TARGET_MONTH],
            ),
            (
                FileKind::Uphosoku,
                &[uphosoku::INSURER_NUMBER, uphosoku::INSURED_NUMBER, uphosoku::TARGET_MONTH],
            ),
        ],
        clause: "S 2.3, S 5.1.1.4",
    },
    Deletion {
        by: FileKind::Dltjsk,
        targets: &[(
            FileKind::Upjsk,
            &[
                upjsk::INSURER_NUMBER,
                upjsk::INSURED_NUMBER,
                upjsk::TARGET_MONTH,
                upjsk::SERVICE_OFFICE_NUMBER,
            ],
        )],
        clause: "S 2.3, S 5.1.2.2",
    },
    Deletion {
        by: FileKind::Dltkihon,
        targets: &[
            (
                FileKind::Upkihon,
                &[upkihon::INSURER_NUMBER, upkihon::INSURED_NUMBER, upkihon::CONSULTATION_DATE],
            ),
            (
                FileKind::UpkihonSub1,
                &[
                    upkihon_sub1::INSURER_NUMBER,
                    upkihon_sub1::INSURED_NUMBER,
                    upkihon_sub1::CONSULTATION_DATE,
                ],
            ),
            (
                FileKind::UpkihonSub2,
                &[
                    upkihon_sub2::INSURER_NUMBER,
                    upkihon_sub2::INSURED_NUMBER,
                    upkihon_sub2::CONSULTATION_DATE,
                ],
            ),
        ],
        clause: "S 3.3",
    },
    Deletion {
        by: FileKind::Dltyobo,
        targets: &[
            (
                FileKind::Upyobo,
                &[upyobo::INSURER_NUMBER, upyobo::INSURED_NUMBER, upyobo::PLAN_DATE],
            ),
            (
                FileKind::UpyoboSub,
                &[upyobo_sub::INSURER_NUMBER, upyobo_sub::INSURED_NUMBER, upyobo_sub::PLAN_DATE],
            ),
        ],
        clause: "S 3.3",
    },
];

/// The layouts' own fields that a kind's declaration names.
#[cfg(test)]
mod tests {
    use careplan_spec::StandardVersion;

    use super::*;

    #[test]
    fn every_kind_with_records_has_one_identity_of_its_own_fields() {
        for kind in FileKind::ALL.into_iter().filter(|kind| kind.is_csv()) {
            let identity = of(kind).expect("every CSV kind");
            let layout = kind.layout(StandardVersion::V4_1).expect("a CSV kind");
            let levels = identity
                .levels
                .iter()
                .flat_map(|level| level.repeated.iter().chain([&level.number]));
            let named = identity.parent.iter().chain(identity.own.iter().copied().flatten());
            for id in named.chain(levels) {
                assert_eq!(id.kind, kind);
                assert!(usize::from(id.index) < layout.columns());
            }
        }
    }

    #[test]
    fn deletions_name_fields_of_their_targets() {
        for deletion in &DELETIONS {
            let keys = of(deletion.by).expect("a CSV kind").parent;
            for (kind, fields) in deletion.targets {
                assert!(fields.iter().all(|id| id.kind == *kind));
                assert!(fields.len() <= keys.len());
            }
        }
    }
}
