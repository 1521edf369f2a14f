//! X014 `deletion-beside-actuals`.

use crate::rules::prelude::*;

/// 実績の削除と実績が同じまとまりにある: a deletion of actuals beside actuals.
pub(crate) static DELETION_BESIDE_ACTUALS: Rule = Rule {
    code: "X014",
    name: "deletion-beside-actuals",
    title: Text::new(
        "実績の削除と実績が同じまとまりにある",
        "a deletion of actuals beside actuals",
    ),
    explanation: Text::new(
        "同じ種類を提供するサテライトが残っているときは、削除ではなく、残りを入れた実績を送り直します。削除は連番の順に処理され、先の実績も消えます。",
        "While another satellite of the kind remains, send the actuals again instead of a deletion: deletions work in the order of sequences and take earlier actuals away.",
    ),
    message: Text::new(
        "同じ送信元・送信先・年月の実績（{0}）と、実績の削除が一緒にあります。",
        "A deletion stands beside actuals ({0}) of the same offices and month.",
    ),
    fix: Text::new(
        "削除が必要か、実績の送り直しで足りるか確認してください。",
        "Check whether sending the actuals again is enough.",
    ),
    source: Source::Fixed("S 5.1.2.2", Basis::Stated),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["K09"],
    check: Check::Batch { check, is_about_resending: true },
    examples: Examples {
        fails: &["deletion-beside-actuals"],
        passes: &[
            "S2",
            "deletion-of-another-month-beside-actuals",
            "deletion-at-another-planner-beside-actuals",
            "deletion-by-another-office-beside-actuals",
        ],
    },
};

fn check(cx: &mut BatchCx<'_>) {
    let units = cx.units;
    let find =
        |unit: &UnitView<'_>, kind| unit.file(kind).and_then(|file| file.header.name.clone());
    for unit in units {
        let Some(deletion) = find(unit, FileKind::Dltjsk) else { continue };
        for other in units {
            let Some(actual) = find(other, FileKind::Upjsk) else { continue };
            let same = actual.sender == deletion.sender
                && actual.receiver == deletion.receiver
                && actual.month == deletion.month;
            if same {
                cx.report(&DELETION_BESIDE_ACTUALS, unit).arg(actual.compose());
            }
        }
    }
}
