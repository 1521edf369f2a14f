//! Items about entrusted cases (委託あり). The number says the way the papers take: 01 support
//! centre to care-management office, 02 care-management office to service, 03 care-management
//! office to support centre, 04 service to care-management office. Clauses: S 3.1, S 5.2.

use careplan_spec::Text;

use super::requirements as needs;
use super::{CaseUnit, Family, UnitChoice, rich};
use crate::pattern::Pattern::{self, D4, D5, D6, D7};
use crate::pattern::{Role, Route, Side};

const FROM_CENTRE: Route = Route { from: Role::SupportCentre, to: Role::Planner };
const TO_SERVICE: Route = Route { from: Role::Planner, to: Role::PreventionService };
const TO_CENTRE: Route = Route { from: Role::Planner, to: Role::SupportCentre };
const FROM_SERVICE: Route = Route { from: Role::PreventionService, to: Role::Planner };

const TITLE_1: Text = Text::new("委託：包括→居宅", "entrusted: support centre to care management");
const TITLE_2: Text = Text::new("委託：居宅→サービス", "entrusted: care management to service");
const TITLE_3: Text = Text::new("委託：居宅→包括", "entrusted: care management to support centre");
const TITLE_4: Text = Text::new("委託：サービス→居宅", "entrusted: service to care management");

const WRITTEN: Text = Text::new(
    "委託の相手を宛先にした送信単位がそろい、内容が正しい",
    "the send unit is whole, right, and addressed to the other side of the contract",
);
const READ: Text = Text::new("取り込んだ値が失われず、変わらない", "no value is lost or changed");

const TWO: &[CaseUnit] = &[CaseUnit { people: 2, ..rich(0) }];
/// Forwarding actual use: the plan goes with it.
const ACTUALS_AND_PLAN: &[CaseUnit] =
    &[CaseUnit { choice: UnitChoice::Named("K2"), ..rich(0) }, CaseUnit { people: 1, ..rich(0) }];

const fn family(
    no: u8,
    side: Side,
    patterns: &'static [Pattern],
    title: Text,
    route: Route,
) -> Family {
    Family {
        entrusted: Some(route),
        expected: match side {
            Side::Writes => WRITTEN,
            Side::Reads => READ,
        },
        clause: "S 3.1, S 5.2",
        units: TWO,
        ..Family::new(no, side, patterns, title)
    }
}

/// What the plan itself must say.
const ENTRUSTED: &[(&[Pattern], super::Requirement)] =
    &[(&[D4], needs::ENTRUSTED_BASIC), (&[D5], needs::ENTRUSTED_PLAN)];

pub(super) const FAMILIES: &[Family] = &[
    Family {
        purpose: Text::new(
            "包括が作成したものを、委託先の居宅介護支援事業所へ書き出せる",
            "what the centre wrote goes to the office it entrusted",
        ),
        requirements: ENTRUSTED,
        ..family(1, Side::Writes, &[D4, D5], TITLE_1, FROM_CENTRE)
    },
    Family {
        purpose: Text::new(
            "委託先として、包括が作成したものを取り込める",
            "the entrusted office imports what the centre wrote",
        ),
        ..family(1, Side::Reads, &[D4, D5], TITLE_1, FROM_CENTRE)
    },
    Family {
        purpose: Text::new(
            "委託を受けた居宅介護支援事業所から、サービス事業所へ書き出せる",
            "the entrusted office sends to the service office",
        ),
        requirements: ENTRUSTED,
        ..family(2, Side::Writes, &[D4, D5, D6], TITLE_2, TO_SERVICE)
    },
    Family {
        purpose: Text::new(
            "委託を受けた居宅介護支援事業所からのものを、サービス事業所で取り込める",
            "the service office imports what the entrusted office sent",
        ),
        ..family(2, Side::Reads, &[D4, D5, D6], TITLE_2, TO_SERVICE)
    },
    Family {
        purpose: Text::new(
            "委託を受けた居宅介護支援事業所が作成したものを、包括へ書き出せる",
            "what the entrusted office wrote goes back to the centre",
        ),
        requirements: ENTRUSTED,
        ..family(3, Side::Writes, &[D4, D5, D6], TITLE_3, TO_CENTRE)
    },
    Family {
        purpose: Text::new(
            "委託先が作成したものを、包括で取り込める",
            "the centre imports what the entrusted office wrote",
        ),
        ..family(3, Side::Reads, &[D4, D5, D6], TITLE_3, TO_CENTRE)
    },
    Family {
        purpose: Text::new(
            "サービス事業所の実績に予定を添えて、包括へ転送できる",
            "actual use is forwarded to the centre together with the plan",
        ),
        clause: "S 3.1, S 5.2.2.1",
        units: ACTUALS_AND_PLAN,
        instruction: Some(Text::new(
            "実績（UPJSK）と、その予定（UPPLAN・UPSIKYU・UPHOSOKU）の2つの送信単位を書き出します。",
            "Export two units: the actual use (UPJSK) and the plan it belongs to.",
        )),
        ..family(3, Side::Writes, &[D7], TITLE_3, TO_CENTRE)
    },
    Family {
        purpose: Text::new(
            "委託先から転送された実績と予定を、包括で取り込める",
            "the centre imports forwarded actual use and its plan",
        ),
        clause: "S 3.1, S 5.2.2.1",
        units: ACTUALS_AND_PLAN,
        ..family(3, Side::Reads, &[D7], TITLE_3, TO_CENTRE)
    },
    Family {
        purpose: Text::new(
            "実績を、委託を受けた居宅介護支援事業所へ書き出せる",
            "actual use goes to the entrusted office",
        ),
        ..family(4, Side::Writes, &[D7], TITLE_4, FROM_SERVICE)
    },
    Family {
        purpose: Text::new(
            "サービス事業所からの実績を、委託を受けた居宅介護支援事業所で取り込める",
            "the entrusted office imports actual use",
        ),
        ..family(4, Side::Reads, &[D7], TITLE_4, FROM_SERVICE)
    },
];
