//! R024 `kind-limit-slots`.

use crate::rules::prelude::*;

/// 種類別限度額の枠の使い方が違う: the slots of kind limits are not used in order.
pub(crate) static KIND_LIMIT_SLOTS: Rule = Rule {
    code: "R024",
    name: "kind-limit-slots",
    title: Text::new(
        "種類別限度額の枠の使い方が違う",
        "the slots of kind limits are not used in order",
    ),
    explanation: Text::new(
        "サービス種類別の限度額は、必要なときだけ1枠目から詰めて書きます。種類コードのない枠に額だけがあると読めません。",
        "Limits by service kind fill the slots from the first on; an amount without a kind cannot be read.",
    ),
    message: Text::new(
        "{field}が空ですが、後ろの枠や同じ枠の額が入っています。",
        "{field} is empty although later slots or its amounts are filled.",
    ),
    fix: Text::new(
        "1枠目から詰め、種類コードと額を組で出力してください。",
        "Fill the slots in order, kind and amounts together.",
    ),
    source: Source::Fixed("L UPHOSOKU 20", Basis::Stated),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["F21"],
    check: Check::Record(&[FileKind::Uphosoku], check),
    examples: Examples {
        fails: &[
            "kind-limit-in-the-second-slot",
            "kind-limit-without-kind",
            "kind-limit-slot-skipped",
        ],
        passes: &["K1", "kind-limits-in-order"],
    },
};

fn check(cx: &mut RecordCx<'_>) {
    let slot = |no: u8| {
        std::array::from_fn::<FieldId, 4, _>(|i| FieldId {
            kind: FileKind::Uphosoku,
            index: uphosoku::TYPE1_SERVICE_KIND.index + no * 4 + i as u8,
        })
    };
    let filled = |no: u8| slot(no).iter().any(|field| !cx.get(*field).is_empty());
    let Some(last) = (0..9).rev().find(|no| filled(*no)) else { return };
    let gap = (0..=last).find(|no| cx.get(slot(*no)[0]).is_empty());
    if let Some(no) = gap {
        cx.report(&KIND_LIMIT_SLOTS, slot(no)[0]);
    }
}
