//! Reads a CSV file record by record and judges characters, framing, fields and records.

use std::collections::HashMap;
use std::io::{self, Read};

use careplan_reader::BLOCK;
use careplan_reader::header::{choose_layout, is_header, other_delimiter};
use careplan_reader::reading::{Beginning, Encoding, Utf8ToMs932, look, read_fully};
use careplan_reader::scanner::{LineEnd, QuoteDefect, Scanner, Slot, Step, line_end_from};
use careplan_spec::file_kind::StandardVersion;
use careplan_spec::layout::Layout;
use careplan_spec::ms932::{self, BadKind};
use careplan_spec::{Fingerprint, Text};

use super::Delivery;
use super::gather::Gatherer;
use super::memo::Memo;
use super::plan::Plan;
use crate::context::{Draft, FieldCx, FileHeader, RecordCx};
use crate::facts::FileFacts;
use crate::finding::{Excerpt, Finding, RecordRef, Value};
use crate::rule::Rule;
use crate::rules::{bytes as b, framing as s};
use crate::severity::Severity;

/// No layout has more columns (UPKIHON has 71).
const MOST_COLUMNS: usize = 72;
/// How much of the beginning decides the encoding.
const SAMPLE: usize = 64 * 1024;

enum Source<'a> {
    Raw(Box<dyn Read + Send + 'a>),
    Utf8(Box<Utf8ToMs932<'a>>),
}

impl Source<'_> {
    /// Appends up to a block; false at the end.
    fn fill(&mut self, buffer: &mut Vec<u8>, bytes: &mut u64) -> io::Result<bool> {
        match self {
            Self::Raw(reader) => {
                let len = buffer.len();
                buffer.resize(len + BLOCK, 0);
                let read = read_fully(reader, &mut buffer[len..]);
                buffer.truncate(len + *read.as_ref().unwrap_or(&0));
                *bytes += read.as_ref().map_or(0, |&read| read as u64);
                Ok(read? > 0)
            }
            Self::Utf8(converter) => {
                let (len, taken) = (buffer.len(), converter.taken);
                while buffer.len() - len < BLOCK {
                    if !converter.fill(buffer)? {
                        break;
                    }
                }
                *bytes += converter.taken - taken;
                Ok(buffer.len() > len)
            }
        }
    }
}

/// Judges a CSV file. Returns the number of bytes read.
pub(super) fn judge(
    header: &mut FileHeader,
    facts: &mut FileFacts,
    mut content: Box<dyn Read + Send + '_>,
    delivery: &mut Delivery<'_>,
) -> io::Result<u64> {
    // The beginning decides encoding, version and layout.
    let mut sample = Vec::with_capacity(SAMPLE);
    (&mut content).take(SAMPLE as u64).read_to_end(&mut sample)?;
    let truncated = sample.len() == SAMPLE;
    let Beginning { encoding, mark } = look(&sample, truncated);
    let mut size = mark as u64;
    sample.drain(..mark);
    let chained: Box<dyn Read + Send + '_> = Box::new(io::Cursor::new(sample).chain(content));
    if mark == 3 {
        raise(delivery, &b::byte_order_mark::BYTE_ORDER_MARK);
    }
    let source = match encoding {
        Encoding::Ms932 => Source::Raw(chained),
        Encoding::Utf8 => {
            raise(delivery, &b::utf8_text::UTF8_TEXT);
            Source::Utf8(Box::new(Utf8ToMs932::new(chained)))
        }
        Encoding::Utf16 => {
            raise(delivery, &b::utf16_text::UTF16_TEXT);
            delivery.outcome.not_judged.files = 1;
            facts.unread += 1;
            let rest = io::copy(&mut { chained }, &mut io::sink())?;
            return Ok(size + rest);
        }
    };
    let mut judge = Judge {
        source,
        buffer: Vec::with_capacity(BLOCK + BLOCK / 2),
        base: if encoding == Encoding::Utf8 { 0 } else { mark as u64 },
        eof: false,
        delivery,
        shown: HashMap::new(),
        lines: LineEnds::default(),
        at: RecordRef { record: 0, line: 1 },
        converted: encoding == Encoding::Utf8,
        memo: Memo::new(MOST_COLUMNS),
    };
    judge.run(header, facts, &mut size)?;
    Ok(size)
}

fn raise(delivery: &mut Delivery<'_>, rule: &'static Rule) {
    if delivery.runs(rule) {
        delivery.deliver(Draft::new(rule).finding);
    }
}

#[derive(Default)]
struct LineEnds {
    crlf: u64,
    lf: u64,
    cr: u64,
    none: bool,
}

impl LineEnds {
    fn count(&mut self, end: LineEnd) {
        match end {
            LineEnd::CrLf => self.crlf += 1,
            LineEnd::Lf => self.lf += 1,
            LineEnd::Cr => self.cr += 1,
            LineEnd::None => self.none = true,
        }
    }
}

struct Judge<'a, 'd> {
    source: Source<'a>,
    buffer: Vec<u8>,
    /// Offset of the buffer's first byte in the file.
    base: u64,
    eof: bool,
    delivery: &'a mut Delivery<'d>,
    /// How many findings of a rule and field were shown with their record.
    shown: HashMap<(&'static str, u8), u32>,
    lines: LineEnds,
    at: RecordRef,
    /// Whether the text was converted, so that offsets are not those of the file.
    converted: bool,
    memo: Memo,
}

impl Judge<'_, '_> {
    fn run(
        &mut self,
        header: &mut FileHeader,
        facts: &mut FileFacts,
        size: &mut u64,
    ) -> io::Result<()> {
        let profile = self.delivery.profile;
        let mut scanner = Scanner::new(0, profile.max_record);
        let mut plan: Option<Plan> = None;
        let mut gatherer: Option<Gatherer> = None;
        let mut start = 0;
        self.refill(&mut start, size)?;
        if let Some(name) = self.other_delimiter(header) {
            let mut draft = Draft::new(&s::other_delimiter::OTHER_DELIMITER);
            draft.arg(name);
            self.deliver_at(draft, RecordRef::default());
            self.pass_over(size)?;
            facts.unread += self.delivery.outcome.not_judged.records;
            return Ok(());
        }
        loop {
            let step = scanner.step(&self.buffer, start, self.eof);
            let (end, next, line_end, lines, control, defect) = match step {
                Step::NeedMore => {
                    self.refill(&mut start, size)?;
                    continue;
                }
                Step::End => break,
                Step::Oversized => {
                    self.at.record += 1;
                    self.oversized(profile.max_record);
                    self.skip_line(&mut start, size)?;
                    continue;
                }
                Step::Record { end, next, line_end, lines, control } => {
                    (end, next, line_end, lines, control, None)
                }
                Step::Repaired { end, next, line_end, lines, slot, defect } => {
                    (end, next, line_end, lines, false, Some((slot, defect)))
                }
                Step::Broken { end, next, lines, slot, defect } => {
                    if plan.is_none() {
                        // Without a layout the scanner could not look for the way back.
                        let layout = choose_layout(header, &self.buffer[start..end], 0);
                        scanner.set_columns(layout.columns());
                        plan = Some(Plan::new(layout, profile));
                        gatherer = Some(Gatherer::new(layout));
                        continue;
                    }
                    self.at.record += 1;
                    let layout = header.layout;
                    let buffer = std::mem::take(&mut self.buffer);
                    self.quote_finding(layout, &buffer[start..end], start, slot, defect);
                    self.buffer = buffer;
                    self.delivery.outcome.not_judged.records += 1;
                    self.at.line += lines;
                    start = next;
                    continue;
                }
            };
            let slots = std::mem::take(&mut scanner.slots);
            let is_blank = slots.len() == 1 && end == start;
            let is_end_mark =
                end - start == 1 && self.buffer[start] == 0x1A && line_end == LineEnd::None;
            if is_blank || is_end_mark {
                let rule = if is_blank {
                    &s::blank_line::BLANK_LINE
                } else {
                    &b::control_character::CONTROL_CHARACTER
                };
                let mut draft = Draft::new(rule);
                if is_end_mark {
                    draft.arg("0x1A");
                }
                self.deliver_at(draft, RecordRef { record: 0, line: self.at.line });
            } else if plan.is_none() {
                let record = self.buffer[start..end].to_vec();
                let layout = choose_layout(header, &record, slots.len());
                scanner.set_columns(layout.columns());
                plan = Some(Plan::new(layout, profile));
                gatherer = Some(Gatherer::new(layout));
                if slots.len() != layout.columns() && lines > 1 {
                    // Now that the number of columns is known, read it again.
                    continue;
                }
                if is_header(&record, &slots) {
                    let draft = Draft::new(&s::header_row::HEADER_ROW);
                    self.deliver_at(draft, RecordRef { record: 0, line: self.at.line });
                    self.lines.count(line_end);
                    self.at.line += lines;
                    scanner.slots = slots;
                    start = next;
                    // The version is decided by the first record, not by the heading.
                    plan = None;
                    continue;
                }
            }
            if let (Some(plan), Some(gatherer), false, false) =
                (&plan, &mut gatherer, is_blank, is_end_mark)
            {
                self.at.record += 1;
                facts.records += 1;
                let whole = Whole { start, end, slots: &slots, control };
                self.record(header, plan, gatherer, facts, &whole, defect);
            }
            if !is_end_mark {
                self.lines.count(line_end);
            }
            self.at.line += lines - u32::from(line_end == LineEnd::None);
            scanner.slots = slots;
            start = next;
        }
        if let Some(gatherer) = gatherer {
            gatherer.finish(facts);
        }
        self.delivery.outcome.records = u64::from(self.at.record);
        facts.unread += self.delivery.outcome.not_judged.records;
        self.end_of_file(header);
        Ok(())
    }

    /// The name of the delimiter the first line seems to use instead of the comma.
    fn other_delimiter(&self, header: &FileHeader) -> Option<Text> {
        let layout = header.kind.layout(header.version)?;
        let first = match line_end_from(&self.buffer, 0, self.buffer.len()) {
            Some((end, _)) => &self.buffer[..end],
            None => &self.buffer,
        };
        other_delimiter(first, layout.columns())
    }

    /// Counts the lines of a file whose records cannot be told apart.
    fn pass_over(&mut self, size: &mut u64) -> io::Result<()> {
        let mut start = 0;
        let mut records = 0;
        // Whether the beginning of the line at hand was dropped already.
        let mut begun = false;
        loop {
            while let Some((at, next)) = line_end_from(&self.buffer, start, self.buffer.len()) {
                records += u64::from(begun || at > start);
                begun = false;
                start = next;
            }
            if self.eof {
                break;
            }
            if self.buffer.len() - start > self.delivery.profile.max_record {
                begun = true;
                start = self.buffer.len();
            }
            self.refill(&mut start, size)?;
        }
        records += u64::from(begun || start < self.buffer.len());
        self.delivery.outcome.records = records;
        self.delivery.outcome.not_judged.records = records;
        Ok(())
    }

    /// Drops what was read, reads more behind what is left.
    fn refill(&mut self, start: &mut usize, size: &mut u64) -> io::Result<()> {
        self.base += *start as u64;
        self.buffer.drain(..*start);
        *start = 0;
        if !self.source.fill(&mut self.buffer, size)? {
            self.eof = true;
        }
        Ok(())
    }

    /// Passes over the rest of a line that is too long to judge.
    fn skip_line(&mut self, start: &mut usize, size: &mut u64) -> io::Result<()> {
        loop {
            if let Some((at, next)) = line_end_from(&self.buffer, *start, self.buffer.len()) {
                let cr_at_edge = self.buffer[at] == b'\r' && next == self.buffer.len() && !self.eof;
                if !cr_at_edge {
                    *start = next;
                    self.at.line += 1;
                    return Ok(());
                }
                *start = at;
            } else {
                *start = self.buffer.len();
            }
            if self.eof {
                *start = self.buffer.len();
                return Ok(());
            }
            self.refill(start, size)?;
        }
    }

    fn oversized(&mut self, limit: usize) {
        let mut draft = Draft::new(&s::oversized_record::OVERSIZED_RECORD);
        draft.arg(limit as i64);
        let at = self.at;
        self.deliver_at(draft, at);
        self.delivery.outcome.not_judged.records += 1;
    }

    fn deliver_at(&mut self, mut draft: Draft, at: RecordRef) {
        if self.delivery.runs(draft.finding.rule) {
            draft.finding.at = at;
            self.delivery.deliver(draft.finding);
        }
    }

    fn quote_finding(
        &mut self,
        layout: Option<&'static Layout>,
        record: &[u8],
        start: usize,
        slot: usize,
        defect: QuoteDefect,
    ) {
        let rule = match defect {
            QuoteDefect::TextAfterClosing => &s::text_after_closing_quote::TEXT_AFTER_CLOSING_QUOTE,
            QuoteDefect::InsideUnquoted => {
                &s::quote_inside_unquoted_field::QUOTE_INSIDE_UNQUOTED_FIELD
            }
            QuoteDefect::Unclosed => &s::unclosed_quote::UNCLOSED_QUOTE,
        };
        let mut draft = Draft::new(rule);
        draft.finding.field = layout.and_then(|layout| layout.fields.get(slot));
        let whole = Whole { start, end: start + record.len(), slots: &[], control: false };
        self.complete(draft, record, &whole, &[], None);
    }

    /// Fills in place, span, fingerprint and excerpt, and delivers.
    fn complete(
        &mut self,
        mut draft: Draft,
        record: &[u8],
        whole: &Whole<'_>,
        keys: &[usize],
        slot: Option<usize>,
    ) {
        let rule = draft.finding.rule;
        if !self.delivery.runs(rule) {
            return;
        }
        let finding: &mut Finding = &mut draft.finding;
        finding.at = self.at;
        let range = slot.and_then(|at| whole.slots.get(at));
        if !self.converted {
            let offset = self.base + whole.start as u64;
            finding.span = Some(match range {
                Some(slot) => (offset + u64::from(slot.start), slot.end - slot.start),
                None => (offset, record.len() as u32),
            });
        }
        finding.fingerprint = fingerprint(record, whole.slots, keys);
        let field = finding.field.map_or(0, |field| field.no);
        let shown = self.shown.entry((rule.code, field)).or_default();
        if *shown < self.delivery.profile.excerpts {
            *shown += 1;
            finding.excerpt = Some(Box::new(excerpt(record, whole.slots)));
        }
        self.delivery.deliver(draft.finding);
    }

    fn record(
        &mut self,
        header: &FileHeader,
        plan: &Plan,
        gatherer: &mut Gatherer,
        facts: &mut FileFacts,
        whole: &Whole<'_>,
        defect: Option<(usize, QuoteDefect)>,
    ) {
        // The buffer is not touched while a record is judged; taking it lets findings be
        // delivered in between.
        let buffer = std::mem::take(&mut self.buffer);
        let record = &buffer[whole.start..whole.end];
        self.judge_record(header, plan, gatherer, facts, record, whole, defect);
        self.buffer = buffer;
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one record, used once")]
    fn judge_record(
        &mut self,
        header: &FileHeader,
        plan: &Plan,
        gatherer: &mut Gatherer,
        facts: &mut FileFacts,
        record: &[u8],
        whole: &Whole<'_>,
        defect: Option<(usize, QuoteDefect)>,
    ) {
        let fields = plan.layout.fields;
        if let Some((slot, defect)) = defect {
            self.quote_finding(header.layout, record, whole.start, slot, defect);
        }
        if whole.slots.len() != fields.len() {
            self.wrong_columns(plan, record, whole);
            return;
        }
        let mut unsound: u128 = defect.map_or(0, |(slot, _)| 1 << slot);
        let mut values: [&[u8]; MOST_COLUMNS] = [b""; MOST_COLUMNS];
        // The positions that need a closer look. A value that passed before needs none, nor do
        // its characters.
        let mut look = [0_u8; MOST_COLUMNS];
        let mut looks = 0;
        let mut bad = whole.control || defect.is_some();
        let columns = plan.columns.iter().zip(&mut values);
        for (at, (slot, (column, kept))) in whole.slots.iter().zip(columns).enumerate() {
            let value = slot.value(record);
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
        if bad || self.has_lost_characters() {
            unsound |= self.characters(plan, record, whole);
        }
        for &at in &look[..looks] {
            let at = usize::from(at);
            let (value, column) = (values[at], &plan.columns[at]);
            if value.is_empty() {
                for check in &column.empty {
                    if !(check.holds)(&fields[at], value) {
                        self.field_finding(header, plan, check, at, value, record, whole);
                    }
                }
                continue;
            }
            if unsound & (1 << at) != 0 {
                continue;
            }
            if column.quoted && !whole.slots[at].quoted {
                self.unquoted(plan, at, value, record, whole);
            }
            let mut holds = true;
            for check in &column.filled {
                if !(check.holds)(&fields[at], value) {
                    holds = false;
                    // A doubtful value can still be read; only a broken one closes the gate.
                    if check.rule.severity == Severity::Error {
                        unsound |= 1 << at;
                    }
                    self.field_finding(header, plan, check, at, value, record, whole);
                }
            }
            if holds {
                self.memo.remember(at, value);
            }
        }
        let values = &values[..fields.len()];
        if !plan.records.is_empty() {
            let mut drafts = Vec::new();
            let mut cx = RecordCx {
                file: header,
                values,
                positions: &plan.positions,
                unsound,
                drafts: &mut drafts,
            };
            for check in &plan.records {
                (check.run)(&mut cx);
            }
            for (draft, slot) in drafts {
                self.complete(draft, record, whole, &plan.keys, slot);
            }
        }
        gatherer.record(facts, values, unsound, self.at);
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one record, used once")]
    #[cold]
    fn field_finding(
        &mut self,
        header: &FileHeader,
        plan: &Plan,
        check: &super::plan::FieldCheck,
        at: usize,
        value: &[u8],
        record: &[u8],
        whole: &Whole<'_>,
    ) {
        let field = &plan.layout.fields[at];
        let mut draft = Draft::new(check.rule);
        draft.finding.field = Some(field);
        draft.finding.found = Some(Value::bytes(value, field.is_personal()));
        draft.expected_by_row();
        (check.report)(&mut FieldCx { file: header, field, value, draft: &mut draft });
        self.complete(draft, record, whole, &plan.keys, Some(at));
    }

    #[cold]
    fn unquoted(&mut self, plan: &Plan, at: usize, value: &[u8], record: &[u8], whole: &Whole<'_>) {
        let field = &plan.layout.fields[at];
        let mut draft = Draft::new(&s::unquoted_free_text::UNQUOTED_FREE_TEXT);
        draft.finding.field = Some(field);
        draft.finding.found = Some(Value::bytes(value, field.is_personal()));
        self.complete(draft, record, whole, &plan.keys, Some(at));
    }

    #[cold]
    fn wrong_columns(&mut self, plan: &Plan, record: &[u8], whole: &Whole<'_>) {
        let (found, expected) = (whole.slots.len(), plan.layout.columns());
        let mut draft = Draft::new(&s::wrong_column_count::WRONG_COLUMN_COUNT);
        draft.arg(found as i64).arg(expected as i64).found(found.to_string());
        draft.expected(expected.to_string());
        if let Some(hint) = column_hint(plan.layout, whole.slots) {
            draft.hint(hint);
        }
        self.complete(draft, record, whole, &[], None);
        self.delivery.outcome.not_judged.records += 1;
        self.discard_lost(whole.end);
    }

    fn has_lost_characters(&self) -> bool {
        matches!(&self.source, Source::Utf8(converter) if !converter.lost.is_empty())
    }

    /// Forgets characters without MS932 form up to an offset of the buffer.
    fn discard_lost(&mut self, end: usize) {
        let end = self.base + end as u64;
        if let Source::Utf8(converter) = &mut self.source {
            while converter.lost.front().is_some_and(|(at, _)| *at < end) {
                converter.lost.pop_front();
            }
        }
    }

    /// The character that a placeholder at a buffer offset stands for.
    fn lost_at(&mut self, offset: usize) -> Option<char> {
        self.discard_lost(offset);
        let at = self.base + offset as u64;
        match &mut self.source {
            Source::Utf8(converter) => match converter.lost.front() {
                Some(&(lost, ch)) if lost == at => {
                    converter.lost.pop_front();
                    Some(ch)
                }
                _ => None,
            },
            Source::Raw(_) => None,
        }
    }

    /// Raises findings about characters; returns the fields that cannot be judged further.
    #[cold]
    fn characters(&mut self, plan: &Plan, record: &[u8], whole: &Whole<'_>) -> u128 {
        let mut unsound = 0_u128;
        for (at, slot) in whole.slots.iter().enumerate() {
            let bytes = &record[slot.start as usize..slot.end as usize];
            let mut said: Vec<(&'static str, usize)> = Vec::new();
            let mut first: Vec<Draft> = Vec::new();
            for bad in ms932::bad_bytes(bytes) {
                let position =
                    1 + ms932::characters(&bytes[..bad.offset]).count() - usize::from(slot.quoted);
                let offset = whole.start + slot.start as usize + bad.offset;
                let lost = self.lost_at(offset);
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
                let mut draft = Draft::new(rule);
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
                    draft.hint(Value::Both(
                        format!("この項目にはほかに{more}か所あります。").into(),
                        format!("The item has {more} more of them.").into(),
                    ));
                }
                self.complete(draft, record, whole, &plan.keys, Some(at));
            }
            if whole.control {
                self.control(plan, at, slot, record, whole);
            }
        }
        self.delivery.outcome.not_judged.fields += u64::from(unsound.count_ones());
        unsound
    }

    fn control(&mut self, plan: &Plan, at: usize, slot: &Slot, record: &[u8], whole: &Whole<'_>) {
        let value = &record[slot.start as usize..slot.end as usize];
        let is_control = |byte: u8| {
            (byte < 0x20 && !(slot.quoted && matches!(byte, b'\r' | b'\n'))) || byte == 0x7F
        };
        // Trail bytes are 40 and above (7F is none), so a plain look at the bytes is right.
        let Some(found) = value.iter().copied().find(|&byte| is_control(byte)) else { return };
        let mut draft = Draft::new(&b::control_character::CONTROL_CHARACTER);
        draft.finding.field = plan.layout.fields.get(at);
        draft.arg(format!("0x{found:02X}"));
        self.complete(draft, record, whole, &plan.keys, Some(at));
    }

    fn end_of_file(&mut self, header: &FileHeader) {
        let LineEnds { crlf, lf, cr, none } = self.lines;
        let whole_file = RecordRef::default();
        if crlf + lf + cr == 0 && !none {
            self.deliver_at(Draft::new(&s::empty_file::EMPTY_FILE), whole_file);
            return;
        }
        let kinds = [crlf, lf, cr].iter().filter(|&&count| count > 0).count();
        if kinds > 1 {
            let mut draft = Draft::new(&s::mixed_line_ends::MIXED_LINE_ENDS);
            draft.arg(crlf as i64).arg((lf + cr) as i64);
            self.deliver_at(draft, whole_file);
        } else if lf + cr > 0 {
            let mut draft = Draft::new(&s::line_end_without_cr::LINE_END_WITHOUT_CR);
            draft.arg(if lf > 0 { "LF" } else { "CR" });
            self.deliver_at(draft, whole_file);
        }
        if none {
            let draft = Draft::new(&s::final_line_end_missing::FINAL_LINE_END_MISSING);
            self.deliver_at(draft, whole_file);
        }
        let _ = header;
    }
}

/// One record in the buffer.
struct Whole<'a> {
    start: usize,
    end: usize,
    slots: &'a [Slot],
    control: bool,
}

fn describe_lost(draft: &mut Draft, ch: char) {
    let code = u32::from(ch);
    draft.arg(format!("{ch} (U+{code:04X})"));
    draft.found(format!("{ch} (U+{code:04X})"));
    let Some(problem) = ms932::problem(ch) else { return };
    if let Some(replacement) = problem.replacement {
        draft.hint(Value::Both(
            format!("「{replacement}」に置き換えられます。{}", problem.note.ja).into(),
            format!("{replacement} can stand for it. {}", problem.note.en).into(),
        ));
    }
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

fn excerpt(record: &[u8], slots: &[Slot]) -> Excerpt {
    let mut end = record.len().min(Excerpt::MAX_BYTES);
    if end < record.len() {
        end = ms932::floor_char_boundary(record, end);
    }
    Excerpt {
        record: record[..end].into(),
        fields: slots.iter().map(|slot| (slot.start, slot.end)).collect(),
    }
}

/// Of the key fields, or over the whole record where the columns cannot be trusted.
fn fingerprint(record: &[u8], slots: &[Slot], keys: &[usize]) -> u64 {
    let mut hash = Fingerprint::new();
    if keys.is_empty() || slots.is_empty() {
        hash.add(record);
    }
    for &at in keys {
        if let Some(slot) = slots.get(at) {
            hash.add(slot.value(record));
            hash.add(b",");
        }
    }
    hash.value()
}
