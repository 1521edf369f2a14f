//! What a parameter or a member may be: fixed values and bounds, from where each is declared.

use careplan_certs::Wrong;
use careplan_relay::clock::Timing;
use careplan_relay::due::DueKind;
use careplan_relay::refusal::REFUSALS;
use careplan_relay::switches::{SWITCHES, Switches};
use careplan_spec::basis::Basis;
use serde_json::Value;
use utoipa::openapi::path::{Operation, Parameter};
use utoipa::openapi::schema::{Object, SchemaType, Type};
use utoipa::openapi::{OpenApi, RefOr, Schema};

use crate::api::relay::{INBOX_NAMES, OUTBOX_NAMES};
use crate::api::transport_refusal::TRANSPORT_REFUSALS;
use crate::journal::LISTENERS;

/// What is allowed.
#[derive(Debug, Clone)]
enum Allowed {
    /// One of these.
    OneOf(Vec<String>),
    /// A number from the one to the other.
    Numbers(u32, u32),
    /// So many characters at least and at most.
    Characters(usize, usize),
    /// The characters of an idempotency key.
    Key,
}

impl Allowed {
    fn one_of<S: Into<String>>(all: impl IntoIterator<Item = S>) -> Self {
        Self::OneOf(all.into_iter().map(Into::into).collect())
    }

    fn write_into(self, schema: &mut Object) {
        match self {
            Self::OneOf(all) => {
                let mut all: Vec<Value> = all.into_iter().map(Value::String).collect();
                if let SchemaType::Array(types) = &schema.schema_type
                    && types.contains(&Type::Null)
                {
                    all.push(Value::Null);
                }
                schema.enum_values = Some(all);
            }
            Self::Numbers(least, most) => {
                schema.minimum = Some(least.into());
                schema.maximum = Some(most.into());
            }
            Self::Characters(least, most) => {
                schema.min_length = (least > 0).then_some(least);
                schema.max_length = Some(most);
            }
            Self::Key => schema.pattern = Some("^[A-Za-z0-9._:-]{1,64}$".to_owned()),
        }
    }
}

fn codes() -> Allowed {
    let ours = TRANSPORT_REFUSALS.iter().map(|(row, _)| row);
    Allowed::one_of(REFUSALS.iter().chain(ours).map(|row| row.code))
}

fn bases() -> Allowed {
    Allowed::one_of([Basis::Stated, Basis::Inferred, Basis::Assumed].map(Basis::id))
}

fn timings() -> Allowed {
    let all = [Timing::Instant, Timing::Real].map(|timing| serde_json::to_value(timing).ok());
    Allowed::one_of(all.into_iter().flatten().filter_map(|id| id.as_str().map(str::to_owned)))
}

/// By path, or the beginning of several, and name.
fn of_parameters() -> Vec<(&'static str, &'static str, Allowed)> {
    let switches = Switches::default();
    let rows = Allowed::Numbers(1, switches.max_page_rows);
    let mut all = vec![
        ("/v1/messages", "Idempotency-Key", Allowed::Key),
        ("/v1/inbox/{id}/claim", "Idempotency-Key", Allowed::Key),
        ("/v1/controls/journal", "listener", Allowed::one_of(LISTENERS)),
        ("/v1/controls/journal", "code", codes()),
    ];
    all.extend([
        ("/v1/notices", "page", Allowed::Numbers(1, i32::MAX.unsigned_abs())),
        ("/v1/notices", "per_page", rows.clone()),
    ]);
    for (path, names) in [("/v1/inbox", &INBOX_NAMES), ("/v1/outbox", &OUTBOX_NAMES)] {
        all.extend([
            (path, "page", Allowed::Numbers(1, i32::MAX.unsigned_abs())),
            (path, "per_page", rows.clone()),
            (path, "sort", Allowed::one_of(names.orders())),
            (path, "state", Allowed::one_of(names.states())),
            (path, names.office, Allowed::Characters(0, 10)),
        ]);
    }
    all
}

/// By schema and member.
fn of_members() -> Vec<(&'static str, &'static str, Allowed)> {
    let text = Switches::default().max_text_chars as usize;
    let mut kinds: Vec<&str> = SWITCHES.iter().map(|row| row.value_kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    vec![
        ("Problem", "code", codes()),
        ("Problem", "basis", bases()),
        ("Health", "status", Allowed::one_of(["ok"])),
        ("OfficeLogin", "token_type", Allowed::one_of(["Bearer"])),
        ("Manifest", "text", Allowed::Characters(0, text)),
        ("PasswordChange", "new", Allowed::Characters(8, 16)),
        ("ClockView", "timing", timings()),
        ("ClockOrder", "timing", timings()),
        ("StepRow", "kind", Allowed::one_of(DueKind::ALL.map(DueKind::id))),
        ("SwitchRow", "basis", bases()),
        ("SwitchRow", "value_kind", Allowed::one_of(kinds)),
        ("IssueOrder", "wrong", Allowed::one_of(Wrong::ALL.map(Wrong::id))),
        ("Issued", "wrong", Allowed::one_of(Wrong::ALL.map(Wrong::id))),
        ("Issued", "refusal", codes()),
        ("Entry", "listener", Allowed::one_of(LISTENERS)),
        ("Entry", "code", codes()),
    ]
}

fn object(schema: Option<&mut RefOr<Schema>>) -> Option<&mut Object> {
    match schema {
        Some(RefOr::T(Schema::Object(object))) => Some(object),
        _ => None,
    }
}

fn parameter<'d>(document: &'d mut OpenApi, path: &str, name: &str) -> Option<&'d mut Object> {
    let item = document.paths.paths.get_mut(path)?;
    let operations = [&mut item.get, &mut item.post];
    let parameters =
        operations.into_iter().flatten().filter_map(|of: &mut Operation| of.parameters.as_mut());
    let inline = |one: &'d mut RefOr<Parameter>| match one {
        RefOr::T(parameter) => Some(parameter),
        RefOr::Ref(_) => None,
    };
    let found = parameters.flatten().filter_map(inline).find(|one| one.name == name)?;
    object(found.schema.as_mut())
}

fn member<'d>(document: &'d mut OpenApi, schema: &str, name: &str) -> Option<&'d mut Object> {
    let whole = document.components.as_mut()?.schemas.get_mut(schema);
    let parts: Vec<&mut Object> = match whole? {
        RefOr::T(Schema::Object(object)) => vec![object],
        // A flattened struct.
        RefOr::T(Schema::AllOf(parts)) => {
            parts.items.iter_mut().filter_map(|part| object(Some(part))).collect()
        }
        _ => Vec::new(),
    };
    parts.into_iter().find_map(|part| object(part.properties.get_mut(name)))
}

/// Writes what is allowed into the description; the names of what it has nowhere.
pub(super) fn write(document: &mut OpenApi) -> Vec<String> {
    let mut missing = Vec::new();
    for (path, name, allowed) in of_parameters() {
        match parameter(document, path, name) {
            Some(schema) => allowed.write_into(schema),
            None => missing.push(format!("{path} {name}")),
        }
    }
    for (schema, name, allowed) in of_members() {
        match member(document, schema, name) {
            Some(schema) => allowed.write_into(schema),
            None => missing.push(format!("{schema}.{name}")),
        }
    }
    missing
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openapi::{Addresses, document};
    use crate::{api, controls};

    #[test]
    fn every_row_is_of_something_described() {
        let nowhere = || "http://127.0.0.1".to_owned();
        let at =
            Addresses { relay: nowhere(), sites: nowhere(), controls: nowhere(), sites_tls: None };
        let mut whole = document(
            api::relay_routes().into_openapi(),
            api::portal_routes().into_openapi(),
            controls::routes().into_openapi(),
            &at,
        );
        assert_eq!(write(&mut whole), [] as [String; 0]);
    }
}
