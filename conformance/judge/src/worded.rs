//! A finding in words, in both languages: what the relay serves, the client reads and pages show.

use careplan_spec::Lang;
use serde::{Deserialize, Serialize};

use crate::finding::Finding;
use crate::message::{self, Wording};
use crate::severity::Severity;

/// A finding of the checker in words. Personal values are masked, unless it was made by
/// [`with_values`](Self::with_values): then `Debug` shows them too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = Finding))]
pub struct WordedFinding {
    /// Code of the rule; `careplan-conformance explain <code>` tells all about it.
    #[cfg_attr(feature = "schema", schema(example = "F012"))]
    pub rule: String,
    /// `error`.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub severity: Severity,
    /// Name of the file; null for a finding about the combination.
    pub file: Option<String>,
    /// Record, 1-based; null for the whole file.
    pub record: Option<u32>,
    /// Number of the field, 1-based.
    pub field_number: Option<u32>,
    /// Official name of the field.
    pub field_name: Option<String>,
    /// What is wrong, Japanese.
    pub message: String,
    /// What is wrong, English.
    pub message_en: String,
    /// What to do, Japanese.
    pub fix: String,
    /// What to do, English.
    pub fix_en: String,
    /// The clause of the standard.
    pub clause: String,
}

impl WordedFinding {
    /// A finding in words, personal values masked: what is logged or shown to bystanders on the way
    /// stays harmless.
    pub fn masked(finding: &Finding, file: Option<&str>) -> Self {
        Self::new(finding, file, false)
    }

    /// A finding in words with the values as they are, for the person whose files they are.
    pub fn with_values(finding: &Finding, file: Option<&str>) -> Self {
        Self::new(finding, file, true)
    }

    fn new(finding: &Finding, file: Option<&str>, show_values: bool) -> Self {
        let message = |lang| Wording { lang, show_values }.message(finding);
        let fix = finding.rule.fix;
        Self {
            rule: finding.rule.code.to_owned(),
            severity: finding.severity,
            file: file.map(str::to_owned),
            record: (finding.at.record > 0).then_some(finding.at.record),
            field_number: finding.field.map(|field| u32::from(field.no)),
            field_name: finding.field.map(|field| field.name.to_owned()),
            message: message(Lang::Ja),
            message_en: message(Lang::En),
            fix: fix.ja.to_owned(),
            fix_en: fix.en.to_owned(),
            clause: finding.clause(),
        }
    }

    /// What is wrong.
    pub fn message(&self, lang: Lang) -> &str {
        match lang {
            Lang::Ja => &self.message,
            Lang::En => &self.message_en,
        }
    }

    /// What to do.
    pub fn fix(&self, lang: Lang) -> &str {
        match lang {
            Lang::Ja => &self.fix,
            Lang::En => &self.fix_en,
        }
    }

    /// Where in its file: `3件目 項目10「サービス利用日」`; empty for the whole file.
    pub fn place(&self, lang: Lang) -> String {
        let record = self.record.map(|record| match lang {
            Lang::Ja => format!("{record}件目"),
            Lang::En => format!("record {record}"),
        });
        let field = self.field_number.zip(self.field_name.as_deref());
        let field = field.map(|(number, name)| message::item_label(number, name, lang));
        record.into_iter().chain(field).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use careplan_spec::layout::v4_1::upjsk;

    use super::*;
    use crate::context::FindingDraft;
    use crate::finding::{RecordRef, Value};
    use crate::rules::field::malformed_insured_number::MALFORMED_INSURED_NUMBER;

    fn finding() -> Finding {
        let mut draft = FindingDraft::new(&MALFORMED_INSURED_NUMBER);
        draft.found(Value::bytes(b"471000012", true)).expected_by_row();
        draft.finding.at = RecordRef { record: 3, line: 4 };
        let field = upjsk::INSURED_NUMBER;
        let layout = field.kind.layout(careplan_spec::StandardVersion::V4_1).expect("a layout");
        draft.finding.field = layout.position(field).map(|at| &layout.fields[at]);
        draft.finding
    }

    #[test]
    fn values_of_people_are_masked_unless_they_are_asked_for() {
        let masked = WordedFinding::masked(&finding(), Some("a.CSV"));
        let shown = WordedFinding::with_values(&finding(), None);
        for lang in [Lang::Ja, Lang::En] {
            assert!(!masked.message(lang).contains("471000012"), "{masked:?}");
            assert!(shown.message(lang).contains("471000012"), "{shown:?}");
        }
        assert_eq!(masked.place(Lang::Ja), "3件目 項目3「被保険者番号」");
        assert_eq!(masked.place(Lang::En), "record 3 item 3 被保険者番号");
        assert_eq!(WordedFinding { record: None, field_name: None, ..shown }.place(Lang::Ja), "");
    }
}
