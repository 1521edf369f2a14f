//! The JSON report, version 1.

use serde_json::json;

use super::{Expectation, Line, Report};
use crate::page::BAND;

/// The version of the document. It changes when a reader would have to.
const VERSION: u32 = 1;

pub(super) fn render(report: &Report<'_>) -> String {
    let setup = report.setup;
    let counts = report.counts();
    let document = json!({
        "version": VERSION,
        "tool": "careplan-conformance",
        "tool_version": env!("CARGO_PKG_VERSION"),
        "standard": "4.1",
        "rehearsal": true,
        "certificate": false,
        "notice": { "ja": BAND.ja, "en": BAND.en },
        "made_at": report.at,
        "vendor": setup.vendor,
        "product": setup.product,
        "product_version": setup.version,
        "offices": setup.offices.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "month": setup.month.to_string(),
        "seed": setup.seed,
        "counts": {
            "all": counts.all,
            "passed": counts.passed,
            "failed": counts.failed,
            "expected_failures": counts.expected,
            "needs_review": counts.needs_review,
            "not_run": counts.not_run,
            "stale": counts.stale,
            "passed_against_expectation": counts.passed_against,
        },
        "items": report.lines.iter().map(line).collect::<Vec<_>>(),
    });
    format!("{document:#}\n")
}

fn line(line: &Line) -> serde_json::Value {
    let item = line.item;
    let expectation = line.expectation.as_ref().map(|expectation| match expectation {
        Expectation::Fails { reason } => json!({ "outcome": "fails", "reason": reason }),
        Expectation::PassesAgainst { reason } => json!({ "outcome": "passes", "reason": reason }),
        Expectation::Expired { until } => json!({ "outcome": "expired", "until": until }),
    });
    json!({
        "id": item.id,
        "pattern": item.pattern.id(),
        "side": item.side.id(),
        "entrusted": item.entrusted,
        "title": { "ja": item.title.ja, "en": item.title.en },
        "clause": item.clause,
        "basis": item.basis.id(),
        "state": line.standing.state().id(),
        "stale": matches!(line.standing, super::Standing::Stale(_)),
        "judged_at": line.result.as_ref().map(|result| &result.judged_at),
        "decided_by": line.result.as_ref().and_then(|result| result.decided_by.as_ref()),
        "reasons": line.result.as_ref().map(|result| &result.reasons),
        "files": line.result.as_ref().map(|result| &result.files),
        "expectation": expectation,
    })
}
