//! What a rule may see, by scope. The engine walks; rules only look and report.

pub(crate) use careplan_reader::FileHeader;
use careplan_spec::calendar::Date;
use careplan_spec::file_kind::FileKind;
use careplan_spec::file_name::FileName;
use careplan_spec::send_unit::Match;
use careplan_spec::{Field, FieldId};

use crate::facts::FileFacts;
use crate::finding::{Expected, Finding, RecordRef, Value};
use crate::rule::Rule;
use crate::rules::unit::tables_6_and_7::Month;
use crate::severity::Severity;

/// A finding under construction. Every method returns `self` for chaining.
#[derive(Debug)]
pub(crate) struct FindingDraft {
    pub(crate) finding: Finding,
}

impl FindingDraft {
    pub(crate) fn new(rule: &'static Rule) -> Self {
        Self {
            finding: Finding {
                rule,
                severity: rule.severity,
                file: None,
                unit: None,
                at: RecordRef::default(),
                field: None,
                span: None,
                region: None,
                person: None,
                found: None,
                expected: None,
                args: Vec::new(),
                hint: None,
                fingerprint: 0,
                excerpt: None,
                explained_by: None,
                suppressed: None,
            },
        }
    }

    /// Says what was found, where it is not simply the value of the field.
    pub(crate) fn found(&mut self, value: impl Into<Value>) -> &mut Self {
        self.finding.found = Some(value.into());
        self
    }

    /// Says what should stand there.
    pub(crate) fn expected(&mut self, value: impl Into<Value>) -> &mut Self {
        self.finding.expected = Some(Expected::Value(value.into()));
        self
    }

    /// What should stand there is what the layout row says.
    pub(crate) fn expected_by_row(&mut self) -> &mut Self {
        self.finding.expected = Some(Expected::Row);
        self
    }

    /// Adds the next message argument (`{0}`, `{1}` …).
    pub(crate) fn arg(&mut self, value: impl Into<Value>) -> &mut Self {
        self.finding.args.push(value.into());
        self
    }

    /// Adds one more sentence about a recognised cause.
    pub(crate) fn hint(&mut self, hint: impl Into<Value>) -> &mut Self {
        self.finding.hint = Some(hint.into());
        self
    }

    /// Lowers the severity for this one finding; it never raises it.
    pub(crate) fn at_most(&mut self, severity: Severity) -> &mut Self {
        self.finding.severity = self.finding.severity.min(severity);
        self
    }
}

/// What the report function of a field rule sees.
pub(crate) struct FieldCx<'a> {
    /// The field.
    pub(crate) field: &'static Field,
    /// The value without enclosing quotes.
    pub(crate) value: &'a [u8],
    /// The finding; `found` and `expected_by_row` are already set.
    pub(crate) draft: &'a mut FindingDraft,
}

/// What a record rule sees.
pub(crate) struct RecordCx<'a> {
    /// The file.
    pub(crate) file: &'a FileHeader,
    pub(crate) values: &'a [&'a [u8]],
    pub(crate) positions: &'a [u8],
    /// Bit i set: field at position i broke a field rule, or its characters are unreadable.
    pub(crate) unsound: u128,
    pub(crate) drafts: &'a mut Vec<(FindingDraft, Option<usize>)>,
}

impl<'a> RecordCx<'a> {
    fn position(&self, id: FieldId) -> Option<usize> {
        debug_assert_eq!(id.kind, self.file.kind, "a rule names a field of another table");
        let at = *self.positions.get(usize::from(id.index))?;
        (at != u8::MAX).then_some(usize::from(at))
    }

    /// The value without enclosing quotes; empty where this version lacks the field.
    pub(crate) fn get(&self, id: FieldId) -> &'a [u8] {
        self.position(id).map_or(b"", |at| self.values[at])
    }

    /// The value, if it is not empty and broke no field rule.
    pub(crate) fn sound(&self, id: FieldId) -> Option<&'a [u8]> {
        let at = self.position(id)?;
        let value = self.values[at];
        let is_sound = self.unsound == 0 || self.unsound & (1 << at) == 0;
        (!value.is_empty() && is_sound).then_some(value)
    }

    /// The date, if the field is a sound date.
    pub(crate) fn date(&self, id: FieldId) -> Option<Date> {
        careplan_spec::calendar::parse_date(self.sound(id)?)
    }

    /// The whole number, if the field is a sound one.
    pub(crate) fn number(&self, id: FieldId) -> Option<i64> {
        whole_number(self.sound(id)?)
    }

    /// Whether this version has the field at all.
    pub(crate) fn has(&self, id: FieldId) -> bool {
        self.position(id).is_some()
    }

    /// Reports a finding about a field; `found` is set to its value.
    pub(crate) fn report(&mut self, rule: &'static Rule, id: FieldId) -> &mut FindingDraft {
        let at = self.position(id);
        let mut draft = FindingDraft::new(rule);
        if let (Some(at), Some(layout)) = (at, self.file.layout) {
            let field = &layout.fields[at];
            draft.finding.field = Some(field);
            draft.finding.found = Some(Value::bytes(self.values[at], field.is_personal()));
        }
        self.drafts.push((draft, at));
        &mut self.drafts.last_mut().expect("just pushed").0
    }

    /// Reports a finding about the record as a whole.
    pub(crate) fn report_record(&mut self, rule: &'static Rule) -> &mut FindingDraft {
        self.drafts.push((FindingDraft::new(rule), None));
        &mut self.drafts.last_mut().expect("just pushed").0
    }
}

/// The day on which a file was made, as its name says: the first eight of the 14 digits (S 2.4).
pub(crate) fn made_on(file: &FileHeader) -> Option<Date> {
    let sequence = &file.name.as_ref()?.sequence;
    careplan_spec::calendar::parse_date(&sequence[..8])
}

/// The number that at most 18 digits spell, with an optional minus.
pub(crate) fn whole_number(value: &[u8]) -> Option<i64> {
    let (is_negative, digits) = match value {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let mut number = 0;
    for byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number * 10 + i64::from(digit);
    }
    Some(if is_negative { -number } else { number })
}

/// What a file rule sees once the file has been read.
pub(crate) struct FileCx<'a> {
    /// The file.
    pub(crate) file: &'a FileHeader,
    /// What the engine gathered from the records.
    pub(crate) facts: &'a FileFacts,
    pub(crate) drafts: &'a mut Vec<FindingDraft>,
}

impl FileCx<'_> {
    /// Reports a finding about the file as a whole.
    pub(crate) fn report(&mut self, rule: &'static Rule) -> &mut FindingDraft {
        self.report_at(rule, RecordRef::default(), None)
    }

    /// Reports a finding about a record, and a field if one is named. Set `found` yourself.
    pub(crate) fn report_at(
        &mut self,
        rule: &'static Rule,
        at: RecordRef,
        field: Option<FieldId>,
    ) -> &mut FindingDraft {
        let mut draft = FindingDraft::new(rule);
        draft.finding.at = at;
        draft.finding.field = field.and_then(|id| field_of(self.file, id));
        self.drafts.push(draft);
        self.drafts.last_mut().expect("just pushed")
    }
}

fn field_of(file: &FileHeader, id: FieldId) -> Option<&'static Field> {
    let layout = file.layout?;
    layout.position(id).map(|at| &layout.fields[at])
}

/// One file inside a unit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct UnitFile<'a> {
    /// Index into the files of the run.
    pub(crate) index: u32,
    /// Name, kind and version.
    pub(crate) header: &'a FileHeader,
    /// What the records hold.
    pub(crate) facts: &'a FileFacts,
}

/// A send unit as found: the files that share version, sender, receiver and sequence.
#[derive(Debug, Clone)]
pub(crate) struct UnitView<'a> {
    /// Index into the units of the run.
    pub(crate) index: u32,
    /// The files, in the order of the layout annex.
    pub(crate) files: Vec<UnitFile<'a>>,
    /// What the set of kinds amounts to.
    pub(crate) matched: Match,
}

impl<'a> UnitView<'a> {
    /// The first file of a kind.
    pub(crate) fn file(&self, kind: FileKind) -> Option<UnitFile<'a>> {
        self.files.iter().copied().find(|file| file.header.kind == kind)
    }

    /// The name of the first file: sender, receiver and sequence of the unit.
    pub(crate) fn name(&self) -> Option<&'a FileName> {
        self.files.first().and_then(|file| file.header.name.as_ref())
    }
}

/// What a unit rule sees.
pub(crate) struct UnitCx<'a> {
    /// The unit.
    pub(crate) unit: &'a UnitView<'a>,
    /// Every person and month that tables 6 and 7 of the unit both have.
    pub(crate) months: &'a [Month<'a>],
    pub(crate) drafts: &'a mut Vec<FindingDraft>,
}

impl UnitCx<'_> {
    /// Reports a finding about the unit as a whole.
    pub(crate) fn report(&mut self, rule: &'static Rule) -> &mut FindingDraft {
        let mut draft = FindingDraft::new(rule);
        draft.finding.unit = Some(self.unit.index);
        self.drafts.push(draft);
        self.drafts.last_mut().expect("just pushed")
    }

    /// Reports a finding about a file of the unit: a record, and a field if one is named.
    pub(crate) fn report_at(
        &mut self,
        rule: &'static Rule,
        file: UnitFile<'_>,
        at: RecordRef,
        field: Option<FieldId>,
    ) -> &mut FindingDraft {
        let unit = self.unit.index;
        let draft = self.report(rule);
        draft.finding.unit = Some(unit);
        draft.finding.file = Some(file.index);
        draft.finding.at = at;
        draft.finding.field = field.and_then(|id| field_of(file.header, id));
        draft
    }
}

/// What a batch rule sees: everything that was checked in one run.
pub(crate) struct BatchCx<'a> {
    /// The units, in the order of their first file.
    pub(crate) units: &'a [UnitView<'a>],
    pub(crate) drafts: &'a mut Vec<FindingDraft>,
}

impl BatchCx<'_> {
    /// Reports a finding about one unit.
    pub(crate) fn report(&mut self, rule: &'static Rule, unit: &UnitView<'_>) -> &mut FindingDraft {
        let mut draft = FindingDraft::new(rule);
        draft.finding.unit = Some(unit.index);
        self.drafts.push(draft);
        self.drafts.last_mut().expect("just pushed")
    }

    /// Reports a finding about one file of a unit as a whole.
    pub(crate) fn report_file(
        &mut self,
        rule: &'static Rule,
        unit: &UnitView<'_>,
        file: UnitFile<'_>,
    ) -> &mut FindingDraft {
        let draft = self.report(rule, unit);
        draft.finding.file = Some(file.index);
        draft
    }
}
