//! What the generator writes is what the checker accepts: two readings of the standard, made apart.

use std::collections::BTreeMap;

use careplan_conformance::{Profile, Report};
use careplan_fixtures::region::offices_of_kind;
use careplan_fixtures::request::all_units;
use careplan_fixtures::{Request, Richness, generate, service};
use careplan_spec::calendar::Month;
use careplan_spec::send_unit::Direction;

const JUNE: Month = Month { year: 2026, month: 6 };
const OLD_JUNE: Month = Month { year: 2024, month: 6 };

/// Every unit, plain and rich, with every service kind that can take part.
fn requests() -> Vec<Request> {
    let mut requests = Vec::new();
    for unit in all_units() {
        let month = if unit.id.starts_with("V3") { OLD_JUNE } else { JUNE };
        for richness in [Richness::Plain, Richness::Rich] {
            let base = Request::new(unit.id, month).expect("a known unit");
            let base = Request { richness, people: 12, ..base };
            for service in service::all() {
                let party = offices_of_kind(service.kind)
                    .find_map(|office| office.party(service.kind))
                    .expect("the region has an office of every kind");
                requests.push(match unit.direction {
                    Direction::PlannerToService => Request { to: party, ..base },
                    Direction::ServiceToPlanner => Request { from: party, ..base },
                });
            }
        }
    }
    requests
}

#[test]
fn generated_units_are_silent() {
    let mut seen: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for request in requests() {
        let Ok(files) = generate(&request) else { continue };
        let files: Vec<_> = files.into_iter().map(|f| (f.name, f.bytes)).collect();
        let report = Report::collect(&files, &Profile::default());
        for finding in report.findings {
            let entry =
                seen.entry(format!("{} {}", finding.rule.code, request.unit.id)).or_insert((
                    0,
                    format!(
                        "{:?} {} {:?} found {:?} exp {:?} args {:?}",
                        request.richness,
                        finding.at.record,
                        finding.field.map(|f| (f.no, f.name)),
                        finding.found,
                        finding.expected,
                        finding.excerpt.is_some()
                    ),
                ));
            entry.0 += 1;
        }
    }
    for (k, (n, s)) in &seen {
        println!("{k} ×{n}: {s}");
    }
    assert!(seen.is_empty());
}
