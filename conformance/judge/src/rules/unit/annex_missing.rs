//! X003 `annex-missing`.

use crate::rules::prelude::*;
use careplan_spec::send_unit::Match;

/// 別表のファイルがない: an annex is missing.
pub(crate) static ANNEX_MISSING: Rule = Rule {
    code: "X003",
    name: "annex-missing",
    title: Text::new("別表のファイルがない", "an annex is missing"),
    explanation: Text::new(
        "利用者基本情報は別表1・2と、支援計画書は別表と一緒に送ります。別表が必須かどうかは、はっきり書かれていません。",
        "Basic information travels with its annexes and the plan with its annex; whether they are mandatory is not said outright.",
    ),
    message: Text::new("{0}がありません。", "{0} is missing."),
    fix: Text::new(
        "内容がなくても、別表のファイルを一緒に出力するのが安全です。",
        "It is safer to export the annex too.",
    ),
    source: Source::Fixed("S 3.3", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["B02", "B07"],
    check: Check::Unit(check),
    examples: Examples {
        fails: &[
            "basic-information-without-annexes",
            "parent-named-otherwise",
            "prevention-plan-without-annex",
        ],
        passes: &["Y1", "image-not-sent"],
    },
};

fn check(cx: &mut UnitCx<'_>) {
    let Match::Complete(unit) = cx.unit.matched else { return };
    for kind in unit.attachments {
        if *kind != FileKind::UpkihonImage && cx.unit.file(*kind).is_none() {
            let title = kind.title();
            let text = Text::made(
                format!("{}（{}）", kind.prefix(), title.ja),
                format!("{} ({})", kind.prefix(), title.en),
            );
            cx.report(&ANNEX_MISSING).arg(text);
        }
    }
}
