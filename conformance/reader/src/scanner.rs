//! Splits raw MS932 bytes into records and fields.
//!
//! Never fails: whatever the bytes are, they end up in some record or in a broken stretch. Works
//! on undecoded bytes, which is safe: trail bytes of MS932 are never `"`, `,`, CR or LF. Looks at
//! 64-byte blocks and stops only at the few bytes that matter. Does not know layouts beyond the
//! number of columns, which it needs to find its way back after a stray quote.
//!
//! Clauses: S 4.2 (comma), the quoting footnote of every layout table.

use wide::u8x16;

/// One field of a record: its byte range in the record, including its quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// The first byte.
    pub start: u32,
    /// Behind the last byte.
    pub end: u32,
    /// Whether it stands in quotes.
    pub quoted: bool,
}

impl Slot {
    /// The range of the value without its enclosing quotes.
    pub fn value<'a>(&self, record: &'a [u8]) -> &'a [u8] {
        let (start, end) = (self.start as usize, self.end as usize);
        if self.quoted { &record[start + 1..end - 1] } else { &record[start..end] }
    }
}

/// How a record ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineEnd {
    /// CR and LF, as the standard wants.
    CrLf,
    /// LF alone.
    Lf,
    /// CR alone.
    Cr,
    /// The file ends without one.
    None,
}

/// What is wrong with the quotes of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuoteDefect {
    /// `"a"b`
    TextAfterClosing,
    /// `a"b`
    InsideUnquoted,
    /// The closing quote is missing; the record could not be read.
    Unclosed,
}

/// One step through the file. Offsets are relative to the buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// A record: `start..end` without its line end.
    Record { end: usize, next: usize, line_end: LineEnd, lines: u32, control: bool },
    /// A record whose quotes are wrong in the field at 0-based `slot`, but whose columns could be
    /// told apart.
    Repaired {
        end: usize,
        next: usize,
        line_end: LineEnd,
        lines: u32,
        slot: usize,
        defect: QuoteDefect,
    },
    /// A stretch that could not be read; reading goes on at `next`.
    Broken { end: usize, next: usize, lines: u32, slot: usize, defect: QuoteDefect },
    /// The record is longer than the limit; the rest of its line must be skipped.
    Oversized,
    /// The buffer ends inside the record: call again with more bytes.
    NeedMore,
    /// Nothing left.
    End,
}

/// What is kept between records: how much recovery was spent, and room for looking ahead.
pub(crate) struct Scanner {
    columns: usize,
    max_record: usize,
    /// Bytes that may still be looked at more than once. When it is used up, quotes no longer
    /// span lines, so hostile input cannot make reading quadratic.
    patience: usize,
    /// Fields of lines that are only looked at: never those of the record at hand.
    ahead: Vec<Slot>,
}

enum Outcome {
    Record { end: usize, next: usize, line_end: LineEnd, lines: u32, control: bool },
    Defect { at: usize, slot: usize, defect: QuoteDefect },
    TooLong,
    NeedMore,
    End,
}

const LOOKAHEAD: usize = 64 * 1024;

impl Scanner {
    pub(crate) fn new(columns: usize, max_record: usize) -> Self {
        Self { columns, max_record, patience: 16 << 20, ahead: Vec::new() }
    }

    /// The number of columns a record should have, once it is known.
    pub(crate) fn set_columns(&mut self, columns: usize) {
        self.columns = columns;
    }

    /// Reads the record at `start` and puts its fields, and no others, into `fields`: those of a
    /// [`Step::Record`] or [`Step::Repaired`]. `eof`: the buffer holds the end of the file.
    pub(crate) fn step(
        &mut self,
        buffer: &[u8],
        start: usize,
        eof: bool,
        fields: &mut Vec<Slot>,
    ) -> Step {
        let lines_only = self.patience == 0;
        let outcome = strict(buffer, start, eof, self.max_record, lines_only, fields);
        match outcome {
            Outcome::Record { end, lines, .. } if end - start > self.max_record => {
                // Only a record over several lines may have swallowed others.
                if lines > 1 && buffer[start..end].contains(&b'"') {
                    self.recover(buffer, start, eof, fields.len(), QuoteDefect::Unclosed, fields)
                } else {
                    Step::Oversized
                }
            }
            Outcome::Record { end, next, line_end, lines, control } => {
                // A lost closing quote can swallow whole records without any visible defect.
                if lines > 1 && fields.len() != self.columns && self.patience > 0 {
                    let slot = fields.iter().position(|s| spans_lines(&buffer[start..], s));
                    if let Some(resume) = self.resume_after(buffer, start, end, eof) {
                        let slot = slot.unwrap_or(0);
                        return broken(buffer, start, resume, slot, QuoteDefect::Unclosed);
                    }
                }
                Step::Record { end, next, line_end, lines, control }
            }
            Outcome::NeedMore => Step::NeedMore,
            Outcome::End => Step::End,
            Outcome::TooLong => {
                let limit = (start + self.max_record).min(buffer.len());
                if line_end_from(buffer, start, limit).is_none() {
                    return Step::Oversized;
                }
                self.recover(buffer, start, eof, fields.len(), QuoteDefect::Unclosed, fields)
            }
            Outcome::Defect { at, slot, defect } => {
                self.patience = self.patience.saturating_sub(at - start + 1);
                self.recover(buffer, start, eof, slot, defect, fields)
            }
        }
    }

    /// Finds the way back after a defect: first by taking stray quotes literally, then by looking
    /// for the next line that reads as a whole record.
    fn recover(
        &mut self,
        buffer: &[u8],
        start: usize,
        eof: bool,
        slot: usize,
        defect: QuoteDefect,
        fields: &mut Vec<Slot>,
    ) -> Step {
        let limit = (start + self.max_record).min(buffer.len());
        let at_end = eof && limit == buffer.len();
        // A defect near the end of the buffer can only be judged with what follows it.
        if !eof && buffer.len() - start <= self.max_record.min(LOOKAHEAD) {
            return Step::NeedMore;
        }
        // Out of patience, quotes do not span lines here either.
        let line = line_end_from(buffer, start, limit).filter(|_| self.patience == 0);
        let reach = line.map_or(limit, |(_, next)| next.min(limit));
        let record = tolerant(buffer, start, reach, at_end && reach == limit, fields);
        let seen = record.map_or(reach, |(end, ..)| end);
        self.patience = self.patience.saturating_sub(seen - start + 1);
        if let Some((end, next, line_end, lines)) = record
            && fields.len() == self.columns
            && defect != QuoteDefect::Unclosed
        {
            // One line, or several of which none reads as a record by itself.
            let swallowed = lines > 1 && self.resume_after(buffer, start, end, eof).is_some();
            if !swallowed {
                return Step::Repaired { end, next, line_end, lines, slot, defect };
            }
        }
        let resume = self.resume_after(buffer, start, limit, eof);
        let resume = resume.or_else(|| line_end_from(buffer, start, limit).map(|(_, next)| next));
        match resume {
            Some(resume) => broken(buffer, start, resume, slot, defect),
            None if at_end => broken(buffer, start, limit, slot, defect),
            // Going on in the middle of a line would find records that are none.
            None if limit - start < self.max_record => Step::NeedMore,
            None => Step::Oversized,
        }
    }

    /// The start of the next line after `start` (and before `limit`) that reads, by the book, as a
    /// record of the right number of columns.
    fn resume_after(
        &mut self,
        buffer: &[u8],
        start: usize,
        limit: usize,
        eof: bool,
    ) -> Option<usize> {
        let mut at = start;
        while let Some((_, next)) = line_end_from(buffer, at, limit) {
            if next >= buffer.len() || self.patience == 0 {
                return None;
            }
            let window = &buffer[..buffer.len().min(next + LOOKAHEAD)];
            let whole = eof && window.len() == buffer.len();
            let outcome = strict(window, next, whole, LOOKAHEAD, false, &mut self.ahead);
            let reached = match outcome {
                Outcome::Record { end, .. } => {
                    if self.ahead.len() == self.columns {
                        return Some(next);
                    }
                    end
                }
                Outcome::Defect { at, .. } => at,
                Outcome::NeedMore | Outcome::TooLong | Outcome::End => window.len(),
            };
            self.patience = self.patience.saturating_sub(reached - next + 1);
            at = next;
        }
        None
    }
}

/// Reads one record by the book.
fn strict(
    buffer: &[u8],
    start: usize,
    eof: bool,
    limit: usize,
    lines_only: bool,
    fields: &mut Vec<Slot>,
) -> Outcome {
    fields.clear();
    if start >= buffer.len() {
        return if eof { Outcome::End } else { Outcome::NeedMore };
    }
    let len = buffer.len();
    let mut special = Specials::new(buffer, start);
    let mut field = start;
    let mut lines = 1;
    let mut control = false;
    loop {
        if buffer.get(field) == Some(&b'"') && !(lines_only && one_quote(buffer, field)) {
            special.skip();
            let close = loop {
                let Some(at) = special.next() else {
                    if !eof && len - start <= limit {
                        return Outcome::NeedMore;
                    }
                    if len - start > limit {
                        return Outcome::TooLong;
                    }
                    return Outcome::Defect {
                        at: len,
                        slot: fields.len(),
                        defect: QuoteDefect::Unclosed,
                    };
                };
                match buffer[at] {
                    b'"' => match buffer.get(at + 1) {
                        Some(b'"') => special.skip(),
                        None if !eof => return Outcome::NeedMore,
                        _ => break at,
                    },
                    b'\n' => lines += 1,
                    b'\r' if at + 1 < len && buffer[at + 1] != b'\n' => lines += 1,
                    b'\r' | b',' => {}
                    _ => control = true,
                }
            };
            let slot = Slot {
                start: (field - start) as u32,
                end: (close + 1 - start) as u32,
                quoted: true,
            };
            match buffer.get(close + 1) {
                Some(b',') => {
                    special.skip();
                    fields.push(slot);
                    field = close + 2;
                    continue;
                }
                Some(b'\r' | b'\n') => {
                    fields.push(slot);
                    return finish(buffer, close + 1, eof, lines, control);
                }
                None => {
                    fields.push(slot);
                    return Outcome::Record {
                        end: len,
                        next: len,
                        line_end: LineEnd::None,
                        lines,
                        control,
                    };
                }
                Some(_) => {
                    return Outcome::Defect {
                        at: close + 1,
                        slot: fields.len(),
                        defect: QuoteDefect::TextAfterClosing,
                    };
                }
            }
        }
        loop {
            let Some(at) = special.next() else {
                if len - start > limit {
                    return Outcome::TooLong;
                }
                if !eof {
                    return Outcome::NeedMore;
                }
                fields.push(slot(start, field, len));
                return Outcome::Record {
                    end: len,
                    next: len,
                    line_end: LineEnd::None,
                    lines,
                    control,
                };
            };
            match buffer[at] {
                b',' => {
                    fields.push(slot(start, field, at));
                    field = at + 1;
                    break;
                }
                b'\r' | b'\n' => {
                    fields.push(slot(start, field, at));
                    return finish(buffer, at, eof, lines, control);
                }
                b'"' => {
                    return Outcome::Defect {
                        at,
                        slot: fields.len(),
                        defect: QuoteDefect::InsideUnquoted,
                    };
                }
                _ => control = true,
            }
        }
    }
}

fn broken(buffer: &[u8], start: usize, resume: usize, slot: usize, defect: QuoteDefect) -> Step {
    let stretch = &buffer[start..resume];
    let mut end = resume;
    while end > start && matches!(buffer[end - 1], b'\r' | b'\n') {
        end -= 1;
    }
    let lines = count_lines(stretch).max(1);
    // What could not be put back together is a quote without its partner, however it showed.
    let defect = match defect {
        QuoteDefect::InsideUnquoted if lines == 1 => defect,
        _ => QuoteDefect::Unclosed,
    };
    Step::Broken { end, next: resume, lines, slot, defect }
}

/// Reads one record taking a quote as closing only where a comma, a line end or the end of
/// the file follows, and quotes inside unquoted fields literally.
fn tolerant(
    buffer: &[u8],
    start: usize,
    limit: usize,
    at_end: bool,
    fields: &mut Vec<Slot>,
) -> Option<(usize, usize, LineEnd, u32)> {
    fields.clear();
    let mut field = start;
    let mut lines = 1;
    loop {
        let mut at = field;
        let mut quoted = buffer.get(field) == Some(&b'"');
        if quoted {
            at = field + 1;
            loop {
                match buffer.get(at) {
                    Some(b'"') => match buffer.get(at + 1) {
                        Some(b',' | b'\r' | b'\n') => break,
                        None if at_end => break,
                        _ => at += 1,
                    },
                    Some(b'\n') => {
                        lines += 1;
                        at += 1;
                    }
                    Some(_) if at < limit => at += 1,
                    _ => return None,
                }
            }
            at += 1;
        } else {
            while at < limit && !matches!(buffer[at], b',' | b'\r' | b'\n') {
                at += 1;
            }
            if at == limit && !at_end {
                return None;
            }
        }
        quoted &= at - field >= 2;
        fields.push(Slot { start: (field - start) as u32, end: (at - start) as u32, quoted });
        match buffer.get(at) {
            Some(b',') if at < limit => field = at + 1,
            Some(_) => {
                let (next, line_end) = match (buffer[at], buffer.get(at + 1)) {
                    (b'\r', Some(b'\n')) => (at + 2, LineEnd::CrLf),
                    (b'\r', _) => (at + 1, LineEnd::Cr),
                    _ => (at + 1, LineEnd::Lf),
                };
                return Some((at, next, line_end, lines));
            }
            None => return Some((at, at, LineEnd::None, lines)),
        }
    }
}

fn slot(record: usize, start: usize, end: usize) -> Slot {
    Slot { start: (start - record) as u32, end: (end - record) as u32, quoted: false }
}

fn spans_lines(record: &[u8], slot: &Slot) -> bool {
    slot.quoted && record[slot.start as usize..slot.end as usize].contains(&b'\n')
}

/// Whether the quote at `at` has no partner on its line.
fn one_quote(buffer: &[u8], at: usize) -> bool {
    let line = buffer[at + 1..].iter().take(LOOKAHEAD).take_while(|b| !matches!(b, b'\r' | b'\n'));
    !line.clone().any(|&b| b == b'"')
}

fn finish(buffer: &[u8], at: usize, eof: bool, lines: u32, control: bool) -> Outcome {
    let (next, line_end) = match (buffer[at], buffer.get(at + 1)) {
        (b'\r', Some(b'\n')) => (at + 2, LineEnd::CrLf),
        (b'\r', None) if !eof => return Outcome::NeedMore,
        (b'\r', _) => (at + 1, LineEnd::Cr),
        _ => (at + 1, LineEnd::Lf),
    };
    Outcome::Record { end: at, next, line_end, lines, control }
}

/// The first line end at or after `from` and before `limit`, and where the next line starts: behind
/// `limit` where that stands between CR and LF.
pub(crate) fn line_end_from(buffer: &[u8], from: usize, limit: usize) -> Option<(usize, usize)> {
    let at = from + buffer.get(from..limit)?.iter().position(|b| matches!(b, b'\r' | b'\n'))?;
    let crlf = buffer[at] == b'\r' && buffer.get(at + 1) == Some(&b'\n');
    Some((at, at + if crlf { 2 } else { 1 }))
}

/// Number of line ends; CRLF counts once.
fn count_lines(bytes: &[u8]) -> u32 {
    let mut lines = 0;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'\n' => lines += 1,
            b'\r' if bytes.get(at + 1) != Some(&b'\n') => lines += 1,
            _ => {}
        }
    }
    lines
}

/// Walks over the bytes that matter: `"`, `,`, CR, LF and other control characters.
struct Specials<'a> {
    buffer: &'a [u8],
    /// Start of the block the mask belongs to.
    block: usize,
    mask: u64,
}

impl<'a> Specials<'a> {
    #[inline]
    fn new(buffer: &'a [u8], start: usize) -> Self {
        let block = start;
        let mask = mask_at(buffer, block);
        Self { buffer, block, mask }
    }

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.mask == 0 {
            self.block += 64;
            if self.block >= self.buffer.len() {
                self.block = self.buffer.len();
                return None;
            }
            self.mask = mask_at(self.buffer, self.block);
        }
        let at = self.block + self.mask.trailing_zeros() as usize;
        self.mask &= self.mask - 1;
        Some(at)
    }

    /// Passes over the next special byte, which the caller has already looked at.
    #[inline]
    fn skip(&mut self) {
        let _ = self.next();
    }
}

#[inline]
fn mask_at(buffer: &[u8], block: usize) -> u64 {
    if let Some(bytes) = buffer.get(block..block + 64) {
        let mut mask = 0;
        for lane in 0..4 {
            let chunk: [u8; 16] =
                bytes[lane * 16..lane * 16 + 16].try_into().expect("a lane is 16 bytes");
            let v = u8x16::new(chunk);
            let below_space = v.min(u8x16::splat(0x1F)).simd_eq(v);
            let special = below_space
                | v.simd_eq(u8x16::splat(b'"'))
                | v.simd_eq(u8x16::splat(b','))
                | v.simd_eq(u8x16::splat(0x7F));
            mask |= u64::from(special.to_bitmask()) << (lane * 16);
        }
        return mask;
    }
    let mut mask = 0;
    for (at, byte) in buffer[block..].iter().enumerate() {
        if matches!(byte, 0..=0x1F | b'"' | b',' | 0x7F) {
            mask |= 1 << at;
        }
    }
    mask
}
