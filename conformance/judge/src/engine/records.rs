//! Reads a CSV file record by record and judges characters, framing, fields and records.

use std::collections::HashMap;
use std::io::{self, Read};

use careplan_reader::masking::Showable;
use careplan_reader::{
    Beginning, Encoding, FileHeader, Foreign, LineEnds, QuoteDefect, Reader, Record, RecordRef,
    Slot, Stretch,
};
use careplan_spec::Text;
use careplan_spec::file_kind::StandardVersion;
use careplan_spec::layout::Layout;
use careplan_spec::ms932::{self, BadKind};
use careplan_spec::other_encoding::OtherEncoding;

use super::alignment;
use super::delivery::Delivery;
use super::gather::Gatherer;
use super::identity::{About, of_record};
use super::memo::Memo;
use super::plan::Plan;
use crate::cause as c;
use crate::context::{FieldCx, FindingDraft, RecordCx};
use crate::evidence::{Heading, count, day_grid, is_split_number};
use crate::facts::{FileFacts, Key};
use crate::finding::{Excerpt, Finding, Region, Value};
use crate::rules::{bytes as b, framing as s};
use crate::severity::Severity;

/// No layout has more columns (UPKIHON has 71).
const MOST_COLUMNS: usize = 72;

/// Judges a CSV file. Returns the number of bytes read; `header` says afterwards what the content
/// told about version and layout.
pub(super) fn judge(
    header: &mut FileHeader,
    facts: &mut FileFacts,
    content: Box<dyn Read + Send + '_>,
    delivery: &mut Delivery<'_>,
) -> io::Result<u64> {
    let mut reader = Reader::new(header.clone(), content, delivery.profile.reading());
    let mut judge = Judge {
        delivery,
        facts,
        shown: HashMap::new(),
        memo: Memo::new(MOST_COLUMNS),
        by_lines: true,
        waiting: Some(Vec::new()),
        person: None,
        showable: None,
    };
    let mut work = None;
    let outcome = judge.all(&mut reader, &mut work);
    judge.begin(None);
    header.clone_from(reader.header());
    outcome?;
    judge.finish(&reader, work);
    Ok(reader.bytes())
}

/// What the records of a layout are judged by, and what is gathered from them.
struct Work {
    plan: Plan,
    gatherer: Gatherer,
}

struct Judge<'a, 'd> {
    delivery: &'a mut Delivery<'d>,
    facts: &'a mut FileFacts,
    /// How many findings of a rule and field were shown with their record.
    shown: HashMap<(&'static str, u8), u32>,
    memo: Memo,
    /// Whether the lines of the file can be told apart.
    by_lines: bool,
    /// What was found before the first record, which says whose file it is.
    waiting: Option<Vec<Finding>>,
    /// Person and date or month of the first record.
    person: Option<Key>,
    /// What of the record with this number may be shown.
    showable: Option<(u32, Showable)>,
}

/// How many findings wait for the first record: a mark, an encoding, a heading, a blank line or two.
const MOST_WAITING: usize = 8;

impl Judge<'_, '_> {
    fn all(&mut self, reader: &mut Reader<'_>, work: &mut Option<Work>) -> io::Result<()> {
        while let Some(stretch) = reader.next_stretch()? {
            match stretch {
                Stretch::Record(record) => {
                    self.begin(Some(&record));
                    let work = work.get_or_insert_with(|| {
                        self.delivery.header = Some(record.header.clone());
                        Work {
                            plan: Plan::new(record.layout, self.delivery.profile),
                            gatherer: Gatherer::new(record.layout),
                        }
                    });
                    self.facts.records += 1;
                    self.record(&work.plan, &mut work.gatherer, &record);
                }
                other => self.other(other),
            }
        }
        Ok(())
    }

    /// What is no record, or cannot be read as one.
    fn other(&mut self, stretch: Stretch<'_>) {
        match stretch {
            Stretch::Beginning(beginning) => self.beginning(beginning),
            Stretch::OtherDelimiter { name, .. } => {
                self.by_lines = false;
                let mut draft = FindingDraft::new(&s::other_delimiter::OTHER_DELIMITER);
                draft.arg(name);
                self.deliver_at(draft, RecordRef::default());
            }
            Stretch::Heading(record) => {
                if let Some(preamble) = record.preamble() {
                    self.delivery.evidence.preamble = Some((preamble, record.at));
                    let draft = columns_draft(record.fields.len(), record.layout.columns());
                    self.deliver_at(draft, record.at);
                    return;
                }
                let cells = (0..record.fields.len()).map(|at| record.value(at));
                let (days, _) = day_grid(cells);
                let columns = record.fields.len();
                self.delivery.evidence.heading = Some(Heading { columns, days });
                self.deliver_at(FindingDraft::new(&s::header_row::HEADER_ROW), record.at);
            }
            Stretch::Broken(record) | Stretch::Record(record) => {
                self.begin(None);
                self.quotes(&record);
                self.delivery.outcome.not_judged.records += 1;
            }
            Stretch::TooLong { at, .. } => {
                let mut draft = FindingDraft::new(&s::oversized_record::OVERSIZED_RECORD);
                draft.arg(self.delivery.profile.max_record as i64);
                self.deliver_at(draft, at);
                self.delivery.outcome.not_judged.records += 1;
            }
            Stretch::Blank { at, .. } => {
                self.deliver_at(FindingDraft::new(&s::blank_line::BLANK_LINE), at);
            }
            Stretch::EndMark { at } => {
                let mut draft = FindingDraft::new(&b::control_character::CONTROL_CHARACTER);
                draft.arg("0x1A");
                self.deliver_at(draft, at);
            }
        }
    }

    fn finish(&mut self, reader: &Reader<'_>, work: Option<Work>) {
        if let Some(work) = work {
            work.gatherer.finish(self.facts);
        }
        self.person = self.person.or_else(|| self.facts.keys.first().copied());
        let outcome = &mut *self.delivery.outcome;
        outcome.records = u64::from(reader.records());
        self.delivery.evidence.records = reader.records();
        if !self.by_lines {
            outcome.not_judged.records = outcome.records;
        }
        self.facts.unread += outcome.not_judged.records;
        if self.by_lines {
            self.end_of_file(reader);
        }
    }

    fn beginning(&mut self, beginning: Beginning) {
        let whole_file = RecordRef::default();
        let utf8 = &b::utf8_text::UTF8_TEXT;
        let is_utf8 = beginning.encoding == Encoding::Utf8;
        if is_utf8 && beginning.foreign.is_none() {
            self.deliver_at(FindingDraft::new(utf8), whole_file);
        }
        if beginning.mark == 3 {
            let mut draft = FindingDraft::new(&b::byte_order_mark::BYTE_ORDER_MARK);
            // The mark belongs to the encoding, which is said anyway.
            let is_said = is_utf8 && beginning.foreign.is_none() && self.delivery.runs(utf8);
            draft.finding.explained_by = is_said.then_some(utf8);
            self.deliver_at(draft, whole_file);
        }
        if let Some(foreign) = beginning.foreign {
            let rule = match foreign {
                Foreign::Workbook => &c::workbook_for_csv::WORKBOOK_FOR_CSV,
                _ => &c::no_csv_at_all::NO_CSV_AT_ALL,
            };
            let mut draft = FindingDraft::new(rule);
            draft.arg(foreign.name());
            self.deliver_at(draft, whole_file);
            self.not_judged();
            return;
        }
        match beginning.encoding {
            Encoding::Other(other) => {
                let rule = match other {
                    OtherEncoding::EucJp => &c::euc_jp_text::EUC_JP_TEXT,
                    OtherEncoding::Iso2022Jp => &c::iso_2022_jp_text::ISO_2022_JP_TEXT,
                };
                self.deliver_at(FindingDraft::new(rule), whole_file);
            }
            Encoding::Ms932 | Encoding::Utf8 => {}
            Encoding::Utf16 => {
                self.deliver_at(FindingDraft::new(&b::utf16_text::UTF16_TEXT), whole_file);
                self.not_judged();
            }
        }
    }

    /// The whole file cannot be judged.
    fn not_judged(&mut self) {
        self.by_lines = false;
        self.delivery.outcome.not_judged.files = 1;
        self.facts.unread += 1;
    }

    fn deliver_at(&mut self, mut draft: FindingDraft, at: RecordRef) {
        if !self.delivery.runs(draft.finding.rule) {
            return;
        }
        draft.finding.at = at;
        if let Some(waiting) = &mut self.waiting {
            waiting.push(draft.finding);
            if waiting.len() == MOST_WAITING {
                self.begin(None);
            }
            return;
        }
        self.deliver_whole(draft.finding);
    }

    /// A finding about the file, or a line between its records.
    fn deliver_whole(&mut self, finding: Finding) {
        let about = self.person.as_ref().map_or(About::Whole, About::Person);
        self.delivery.deliver(finding, about, self.facts);
    }

    /// The first record, or something that cannot be read as one: what waited is delivered.
    fn begin(&mut self, first: Option<&Record<'_>>) {
        let Some(waiting) = self.waiting.take() else { return };
        self.person = first.and_then(person_of);
        for finding in waiting {
            self.deliver_whole(finding);
        }
    }

    /// What is wrong with the quotes of a record, if anything.
    fn quotes(&mut self, record: &Record<'_>) {
        let Some((slot, defect)) = record.defect else { return };
        let rule = match defect {
            QuoteDefect::TextAfterClosing => &s::text_after_closing_quote::TEXT_AFTER_CLOSING_QUOTE,
            QuoteDefect::InsideUnquoted => {
                &s::quote_inside_unquoted_field::QUOTE_INSIDE_UNQUOTED_FIELD
            }
            QuoteDefect::Unclosed => &s::unclosed_quote::UNCLOSED_QUOTE,
        };
        let mut draft = FindingDraft::new(rule);
        draft.finding.field = record.layout.fields.get(slot);
        if let (Some(field), Some(range)) = (draft.finding.field, record.fields.get(slot)) {
            let written = &record.bytes[range.start as usize..range.end as usize];
            if written.starts_with(b"=") {
                draft.found(Value::bytes(written, field.is_personal()));
            }
        }
        self.complete(draft, &record.whole(), &[], None);
    }

    /// Fills in place, span and excerpt, and delivers.
    fn complete(
        &mut self,
        mut draft: FindingDraft,
        record: &Record<'_>,
        keys: &[usize],
        slot: Option<usize>,
    ) {
        let rule = draft.finding.rule;
        let showable = self.showable(record);
        if !self.delivery.runs(rule) {
            return;
        }
        let finding: &mut Finding = &mut draft.finding;
        finding.at = record.at;
        finding.withhold(showable.is_displaced());
        let range = slot.and_then(|at| record.fields.get(at));
        finding.span = record.offset.map(|offset| match range {
            Some(slot) => (offset + u64::from(slot.start), slot.end - slot.start),
            None => (offset, record.bytes.len() as u32),
        });
        let of_slot = |slot: &Slot| (slot.start as usize, slot.end as usize);
        let bytes = range.map_or((0, record.bytes.len()), of_slot);
        let is_converted = record.offset.is_none();
        finding.region = Some(Region::of(record.bytes, bytes, record.at.line, is_converted));
        finding.person = super::identity::whose(record);
        let field = finding.field.map_or(0, |field| field.no);
        let shown = self.shown.entry((rule.code, field)).or_default();
        if *shown < self.delivery.profile.excerpts {
            *shown += 1;
            finding.excerpt = Some(Box::new(excerpt(record, showable)));
        }
        let about = About::Record(of_record(record, keys));
        self.delivery.deliver(draft.finding, about, self.facts);
    }

    /// Which values of a record may be shown; a record that was looked at as a whole shows none.
    fn showable(&mut self, record: &Record<'_>) -> Showable {
        if record.fields.is_empty() {
            return Showable::NONE;
        }
        if let Some((number, known)) = self.showable
            && number == record.at.record
        {
            return known;
        }
        let values = record.fields.iter().map(|slot| slot.value(record.bytes));
        let showable = Showable::of(record.layout, values);
        self.showable = Some((record.at.record, showable));
        // What was reckoned with its values may show a person too.
        let is_gathered = record.fields.len() == record.layout.columns();
        self.facts.displaced |= is_gathered && showable.is_displaced();
        showable
    }

    fn record(&mut self, plan: &Plan, gatherer: &mut Gatherer, record: &Record<'_>) {
        let fields = plan.layout.fields;
        self.quotes(record);
        if record.fields.len() != fields.len() {
            self.wrong_columns(plan, record);
            return;
        }
        let mut unsound: u128 = record.defect.map_or(0, |(slot, _)| 1 << slot);
        let mut values: [&[u8]; MOST_COLUMNS] = [b""; MOST_COLUMNS];
        // The positions that need a closer look. A value that passed before needs none, nor do
        // its characters.
        let mut look = [0_u8; MOST_COLUMNS];
        let mut looks = 0;
        let mut bad = record.control || record.defect.is_some();
        let columns = plan.columns.iter().zip(&mut values);
        for (at, (slot, (column, kept))) in record.fields.iter().zip(columns).enumerate() {
            let value = slot.value(record.bytes);
            *kept = value;
            let open = if value.is_empty() {
                column.judges_empty
            } else if self.memo.knows(at, value) {
                column.quoted && !slot.quoted
            } else {
                bad |= ms932::first_bad(value).is_some();
                true
            };
            look[looks] = at as u8;
            looks += usize::from(open);
        }
        let mut broken = 0;
        if bad || record.has_lost_characters() {
            unsound |= self.characters(plan, record);
        }
        for &at in &look[..looks] {
            let at = usize::from(at);
            let (value, column) = (values[at], &plan.columns[at]);
            if value.is_empty() {
                for check in &column.empty {
                    if !(check.holds)(&fields[at], value) {
                        broken += 1;
                        self.field_finding(plan, check, at, value, record);
                    }
                }
                continue;
            }
            if unsound & (1 << at) != 0 {
                continue;
            }
            if column.quoted && !record.fields[at].quoted {
                self.unquoted(plan, at, value, record);
            }
            let mut holds = true;
            for check in &column.filled {
                if !(check.holds)(&fields[at], value) {
                    holds = false;
                    broken += 1;
                    // A doubtful value can still be read; only a broken one closes the gate.
                    if check.rule.severity == Severity::Error {
                        unsound |= 1 << at;
                    }
                    self.field_finding(plan, check, at, value, record);
                }
            }
            if holds {
                self.memo.remember(at, value);
            }
        }
        let values = &values[..fields.len()];
        if broken > 1 {
            self.look_at_values(plan, values);
        }
        if !plan.records.is_empty() {
            let mut drafts = Vec::new();
            let mut cx = RecordCx {
                file: record.header,
                values,
                positions: &plan.positions,
                unsound,
                drafts: &mut drafts,
            };
            for check in &plan.records {
                (check.run)(&mut cx);
            }
            for (draft, slot) in drafts {
                self.complete(draft, record, &plan.keys, slot);
            }
        }
        gatherer.record(self.facts, values, unsound, record.at);
    }

    #[cold]
    fn field_finding(
        &mut self,
        plan: &Plan,
        check: &super::plan::FieldCheck,
        at: usize,
        value: &[u8],
        record: &Record<'_>,
    ) {
        let field = &plan.layout.fields[at];
        let mut draft = FindingDraft::new(check.rule);
        draft.finding.field = Some(field);
        draft.finding.found = Some(Value::bytes(value, field.is_personal()));
        draft.expected_by_row();
        (check.report)(&mut FieldCx { field, value, draft: &mut draft });
        self.complete(draft, record, &plan.keys, Some(at));
    }

    #[cold]
    fn unquoted(&mut self, plan: &Plan, at: usize, value: &[u8], record: &Record<'_>) {
        let field = &plan.layout.fields[at];
        let mut draft = FindingDraft::new(&s::unquoted_free_text::UNQUOTED_FREE_TEXT);
        draft.finding.field = Some(field);
        draft.finding.found = Some(Value::bytes(value, field.is_personal()));
        self.complete(draft, record, &plan.keys, Some(at));
    }

    #[cold]
    fn wrong_columns(&mut self, plan: &Plan, record: &Record<'_>) {
        self.look_at_columns(plan, record);
        let mut draft = columns_draft(record.fields.len(), plan.layout.columns());
        if let Some(hint) = column_hint(plan.layout, record.fields) {
            draft.hint(hint);
        }
        self.complete(draft, record, &[], None);
        self.delivery.outcome.not_judged.records += 1;
    }

    /// Looks for where the columns of a record are too many or too few, and whose they are.
    fn look_at_columns(&mut self, plan: &Plan, record: &Record<'_>) {
        let evidence = &mut self.delivery.evidence;
        evidence.records = evidence.records.max(record.at.record);
        let found = record.fields.len();
        count(&mut evidence.columns, found);
        if evidence.looked >= alignment::MOST {
            return;
        }
        evidence.looked += 1;
        let values: Vec<&[u8]> = (0..found).map(|at| record.value(at)).collect();
        evidence.day_grids += u32::from(found > 31 && day_grid(values.iter().copied()).1);
        if let Some(at) = alignment::block(plan, &values) {
            count(&mut evidence.blocks, at);
        }
        let fields = plan.layout.fields.iter().enumerate();
        let split = found > plan.columns.len()
            && fields.take(found).any(|(at, field)| {
                is_split_number(field.format, &values, at)
                    && alignment::fits_without(plan, &values, at)
            });
        evidence.split_numbers += u32::from(split);
        if let Some(other) = evidence.others.of(plan.layout, &values, self.delivery.profile) {
            count(&mut evidence.layouts, (other.kind, other.version));
        }
    }

    /// Looks for where the values of a record stand that broke rules of their fields.
    #[cold]
    fn look_at_values(&mut self, plan: &Plan, values: &[&[u8]]) {
        let evidence = &mut self.delivery.evidence;
        if evidence.looked >= alignment::MOST {
            return;
        }
        evidence.looked += 1;
        let other = evidence.others.of(plan.layout, values, self.delivery.profile);
        if let Some(other) = other.filter(|_| alignment::misfits(plan, values) > 2) {
            count(&mut evidence.layouts, (other.kind, other.version));
        } else if let Some(alignment) = alignment::of(plan, values) {
            count(&mut evidence.alignments, alignment);
        }
    }

    /// Raises findings about characters; returns the fields that cannot be judged further.
    #[cold]
    fn characters(&mut self, plan: &Plan, record: &Record<'_>) -> u128 {
        let mut unsound = 0_u128;
        for (at, slot) in record.fields.iter().enumerate() {
            let bytes = &record.bytes[slot.start as usize..slot.end as usize];
            let mut said: Vec<(&'static str, usize)> = Vec::new();
            let mut first: Vec<FindingDraft> = Vec::new();
            for bad in ms932::bad_bytes(bytes) {
                let position =
                    1 + ms932::characters(&bytes[..bad.offset]).count() - usize::from(slot.quoted);
                let lost = record.lost_at(slot.start as usize + bad.offset);
                let rule = match (bad.kind, lost) {
                    (_, Some(_)) => &b::character_without_ms932_form::CHARACTER_WITHOUT_MS932_FORM,
                    (BadKind::UserDefined, None) => {
                        &b::user_defined_character::USER_DEFINED_CHARACTER
                    }
                    _ => &b::byte_outside_ms932::BYTE_OUTSIDE_MS932,
                };
                unsound |= 1 << at;
                if let Some((_, count)) = said.iter_mut().find(|(code, _)| *code == rule.code) {
                    *count += 1;
                    continue;
                }
                said.push((rule.code, 1));
                let mut draft = FindingDraft::new(rule);
                draft.finding.field = plan.layout.fields.get(at);
                if let Some(ch) = lost {
                    describe_lost(&mut draft, ch);
                } else {
                    let raw = &bytes[bad.offset..bad.offset + bad.len];
                    draft.found(Value::bytes(raw, false));
                    draft.arg(raw.iter().map(|byte| format!("{byte:02X}")).collect::<String>());
                }
                draft.arg(position as i64);
                first.push(draft);
            }
            for (mut draft, (_, count)) in first.into_iter().zip(said) {
                if count > 1 && draft.finding.hint.is_none() {
                    let more = count - 1;
                    draft.hint(Text::made(
                        format!("この項目にはほかに{more}か所あります。"),
                        format!("The item has {more} more of them."),
                    ));
                }
                self.complete(draft, record, &plan.keys, Some(at));
            }
            if record.control {
                self.control(plan, at, slot, record);
            }
        }
        self.delivery.outcome.not_judged.fields += u64::from(unsound.count_ones());
        unsound
    }

    fn control(&mut self, plan: &Plan, at: usize, slot: &Slot, record: &Record<'_>) {
        let value = &record.bytes[slot.start as usize..slot.end as usize];
        let is_control = |byte: u8| {
            (byte < 0x20 && !(slot.quoted && matches!(byte, b'\r' | b'\n'))) || byte == 0x7F
        };
        // Trail bytes are 40 and above (7F is none), so a plain look at the bytes is right.
        let Some(found) = value.iter().copied().find(|&byte| is_control(byte)) else { return };
        let mut draft = FindingDraft::new(&b::control_character::CONTROL_CHARACTER);
        draft.finding.field = plan.layout.fields.get(at);
        draft.arg(format!("0x{found:02X}"));
        self.complete(draft, record, &plan.keys, Some(at));
    }

    fn end_of_file(&mut self, reader: &Reader<'_>) {
        self.delivery.evidence.line_ends = reader.line_ends();
        let LineEnds { crlf, lf, cr, none } = reader.line_ends();
        let whole_file = RecordRef::default();
        if reader.records() == 0 && crlf + lf + cr == 0 && !none {
            self.deliver_at(FindingDraft::new(&s::empty_file::EMPTY_FILE), whole_file);
            return;
        }
        let kinds = [crlf, lf, cr].iter().filter(|&&count| count > 0).count();
        if kinds > 1 {
            let mut draft = FindingDraft::new(&s::mixed_line_ends::MIXED_LINE_ENDS);
            draft.arg(crlf as i64).arg((lf + cr) as i64);
            self.deliver_at(draft, whole_file);
        } else if lf + cr > 0 {
            let mut draft = FindingDraft::new(&s::line_end_without_cr::LINE_END_WITHOUT_CR);
            draft.arg(if lf > 0 { "LF" } else { "CR" });
            self.deliver_at(draft, whole_file);
        }
        if none {
            let draft = FindingDraft::new(&s::final_line_end_missing::FINAL_LINE_END_MISSING);
            self.deliver_at(draft, whole_file);
        }
    }
}

/// Whose record it is, where its columns can be told apart.
fn person_of(record: &Record<'_>) -> Option<Key> {
    let columns = record.layout.columns();
    if record.fields.len() != columns {
        return None;
    }
    let mut values: [&[u8]; MOST_COLUMNS] = [b""; MOST_COLUMNS];
    for (at, value) in values[..columns].iter_mut().enumerate() {
        *value = record.value(at);
    }
    let mut facts = FileFacts::default();
    Gatherer::new(record.layout).record(&mut facts, &values[..columns], 0, record.at);
    facts.keys.pop()
}

fn describe_lost(draft: &mut FindingDraft, ch: char) {
    let code = u32::from(ch);
    draft.arg(format!("{ch} (U+{code:04X})"));
    draft.found(format!("{ch} (U+{code:04X})"));
    let Some(problem) = ms932::problem(ch) else { return };
    if let Some(replacement) = problem.replacement {
        draft.hint(Text::made(
            format!("「{replacement}」に置き換えられます。{}", problem.note.ja),
            format!("{replacement} can stand for it. {}", problem.note.en),
        ));
    }
}

fn columns_draft(found: usize, expected: usize) -> FindingDraft {
    let mut draft = FindingDraft::new(&s::wrong_column_count::WRONG_COLUMN_COUNT);
    draft.arg(found as i64).arg(expected as i64).found(found.to_string());
    draft.expected(expected.to_string());
    draft
}

fn column_hint(layout: &Layout, slots: &[Slot]) -> Option<Text> {
    let expected = layout.columns();
    let last_is_empty = slots.last().is_some_and(|slot| slot.start == slot.end);
    let other = [StandardVersion::V3, StandardVersion::V4_1]
        .into_iter()
        .filter(|&version| version != layout.version)
        .find(|&version| layout.kind.layout(version).is_some_and(|l| l.columns() == slots.len()));
    match other {
        Some(StandardVersion::V3) => Some(Text::new(
            "標準仕様3.x（202208）の項目数です。4.1の出力に切り替えてください。",
            "This is the number of columns of standard 3.x (202208): switch the export to 4.1.",
        )),
        Some(StandardVersion::V4_1) => Some(Text::new(
            "標準仕様4.1（202407）の項目数です。CSVバージョンが正しいか確認してください。",
            "This is the number of columns of standard 4.1 (202407): check CSVバージョン.",
        )),
        None if slots.len() == expected + 1 && last_is_empty => Some(Text::new(
            "カンマが1つ多いようです。行の最後と、空の項目のところを確認してください。",
            "There seems to be one comma too many: look at the end of the line and at empty items.",
        )),
        None if slots.len() > expected => Some(Text::new(
            "引用符で囲まれていない文字列の中にカンマがあると項目が増えます。",
            "A comma inside text without quotes adds columns.",
        )),
        None if slots.len() == 1 => Some(Text::new(
            "カンマで区切られていない行です。",
            "The line is not separated by commas.",
        )),
        None if slots.len() < expected => Some(Text::new(
            "空の項目を省かず、使用しない識別子も含めて最後まで区切りのカンマを出力してください。",
            "Write a comma for every item, empty and unused ones too.",
        )),
        None => None,
    }
}

fn excerpt(record: &Record<'_>, showable: Showable) -> Excerpt {
    let mut end = record.bytes.len().min(Excerpt::MAX_BYTES);
    if end < record.bytes.len() {
        end = ms932::floor_char_boundary(record.bytes, end);
    }
    Excerpt {
        record: record.bytes[..end].into(),
        fields: record.fields.iter().map(|slot| (slot.start, slot.end)).collect(),
        showable,
    }
}
