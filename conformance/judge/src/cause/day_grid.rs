//! C012 `day-grid`.

use crate::cause::{CauseCx, Told, is_about_columns};
use crate::rules::prelude::*;

/// 1行に1か月分（日ごとの列）が並んでいる: one row a month, with a column for each day.
pub(crate) static DAY_GRID: Rule = Rule {
    code: "C012",
    name: "day-grid",
    title: Text::new(
        "1行に1か月分（日ごとの列）が並んでいる",
        "one row a month, with a column for each day",
    ),
    explanation: Text::new(
        "標準仕様の予定・実績は、サービス1回が1レコードです。提供票のように1行に1日から31日までを並べた一覧は、別の形式です。",
        "In the standard each service on each day is a record of its own. A list with a row a service and columns for the days 1 to 31, as on paper, is another format.",
    ),
    message: Text::new(
        "1行に1日から31日までの列が並んだ一覧（{0}列）で、標準仕様の形式ではありません。",
        "It is a list with a column for each day of the month ({0} columns), not the format of the standard.",
    ),
    fix: Text::new(
        "ケアプランデータ連携（標準仕様）の出力を選んでください。サービス1回を1レコードにします。",
        "Choose the export for care-plan data exchange: each service on each day is a record.",
    ),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &[],
    check: Check::Cause(|cx| tell(cx).into_iter().collect()),
    examples: Examples { fails: &["day-grid"], passes: &["S1", "header-row"] },
};

fn tell(cx: &CauseCx<'_>) -> Option<Told> {
    let evidence = cx.evidence;
    let heading = evidence.heading.filter(|heading| heading.days);
    if heading.is_none() && !evidence.is_most(evidence.day_grids) {
        return None;
    }
    let columns = evidence.wrong_columns().or(heading.map(|heading| heading.columns))?;
    Some(Told::new(&DAY_GRID, is_about_columns).say(|draft| {
        draft.arg(columns as i64);
    }))
}
