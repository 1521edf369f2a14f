//! X012 `unusual-direction`.

use crate::rules::prelude::*;
use careplan_spec::send_unit::Match;

/// 送信の向きがふだんと違う: an unusual direction.
pub(crate) static UNUSUAL_DIRECTION: Rule = Rule {
    code: "X012",
    name: "unusual-direction",
    title: Text::new("送信の向きがふだんと違う", "an unusual direction"),
    explanation: Text::new(
        "計画や予定は居宅介護支援などから、実績はサービス事業所から送ります。仕様の実績の例は種類コードが入れ替わっているため、まねると逆になります。",
        "Plans come from planners, actuals from service offices. The standard's own example of actuals has the two kinds swapped.",
    ),
    message: Text::new(
        "{0}を種類{1}の事業所から種類{2}の事業所へ送る名前です。",
        "{0} goes from an office of kind {1} to one of kind {2}.",
    ),
    fix: Text::new(
        "送信元と送信先の種類コードが入れ替わっていないか確認してください。",
        "Check whether the two kinds are swapped.",
    ),
    source: Source::Fixed("S 2.4", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["OQ C5"],
    check: Check::Unit(check),
    examples: Examples {
        fails: &["sent-in-the-wrong-direction", "actuals-in-the-wrong-direction"],
        passes: &["S1", "actuals-forwarded"],
    },
};

fn check(cx: &mut UnitCx<'_>) {
    use careplan_spec::send_unit::Direction;
    let (Match::Complete(unit) | Match::Incomplete { unit, .. }) = &cx.unit.matched else { return };
    let Some(name) = cx.unit.name() else { return };
    let (Some(from), Some(to)) = (name.sender.service_kind, name.receiver.service_kind) else {
        return;
    };
    let planner = |kind: [u8; 2]| service_kind::is_planner(&kind);
    let unusual = match unit.direction {
        Direction::PlannerToService => !planner(from),
        // 居宅 → 包括 forwards actuals (S 3.1): both are planners.
        Direction::ServiceToPlanner => !planner(to),
    };
    if unusual {
        let text = |kind: [u8; 2]| String::from_utf8_lossy(&kind).into_owned();
        let title = unit.title;
        cx.report(&UNUSUAL_DIRECTION).arg(title).arg(text(from)).arg(text(to));
    }
}
