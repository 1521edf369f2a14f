//! Safe repairs of a file: encoding, byte order mark, a line that a program wrote about the file, line
//! ends, quotes, and characters with exactly one faithful MS932 form. What the data say never changes.

use std::collections::BTreeMap;

use careplan_judge::engine::{FileStatus, Report};
use careplan_judge::profile::{Profile, Scope};
use careplan_judge::rule::{Rule, Stage};
use careplan_judge::severity::Severity;
use careplan_reader::{Encoding, FileHeader, LineEnd, Preamble, Reader, Record, Stretch, look};
use careplan_spec::file_name::base_name_in_archive;
use careplan_spec::{Text, ms932};

/// A kind of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mending {
    /// Converted to MS932.
    Encoding,
    /// Byte order mark taken away.
    ByteOrderMark,
    /// The line `sep=` for Excel taken away.
    SeparatorLine,
    /// The line `#TYPE` of PowerShell taken away.
    TypeLine,
    /// Characters with one faithful form replaced.
    Characters,
    /// Characters replaced as asked.
    Replacements,
    /// Line ends made CRLF, the last one added.
    LineEnds,
    /// Free text put in quotes.
    Quotes,
}

impl Mending {
    /// What was done, in words.
    pub const fn label(self) -> Text {
        match self {
            Self::Encoding => Text::new("文字コードをMS932に変換", "converted to MS932"),
            Self::ByteOrderMark => Text::new("BOMを削除", "byte order mark removed"),
            Self::SeparatorLine => Text::new("sep=の行を削除", "line sep= removed"),
            Self::TypeLine => Text::new("#TYPEの行を削除", "line #TYPE removed"),
            Self::Characters => Text::new(
                "同じ字の別符号をMS932の符号に統一",
                "characters written with their MS932 code",
            ),
            Self::Replacements => Text::new("指定の文字を置き換え", "characters replaced as asked"),
            Self::LineEnds => Text::new("改行をCRLFに統一", "line ends made CRLF"),
            Self::Quotes => Text::new("自由記述を引用符で囲む", "free text put in quotes"),
        }
    }
}

/// Replacements that somebody asked for.
#[derive(Debug, Clone, Default)]
pub struct Replacements {
    characters: BTreeMap<char, Vec<u8>>,
    codes: BTreeMap<[u8; 2], Vec<u8>>,
}

impl Replacements {
    /// Adds a replacement: a character (`𠮷`), or the code of a 外字 (`F040`), by a text that
    /// MS932 has.
    ///
    /// # Errors
    /// Says what is wrong with the two sides.
    pub fn add(&mut self, from: &str, to: &str) -> Result<(), Text<String>> {
        let bytes = ms932::encode(to).map_err(|error| {
            let ch = error.ch;
            Text::made(format!("「{ch}」はMS932にありません"), format!("{ch} is not in MS932"))
        })?;
        if bytes.iter().any(|byte| matches!(byte, b'"' | b',' | b'\r' | b'\n')) {
            let why = Text::new(
                "引用符・カンマ・改行には置き換えません",
                "no quotes, commas or line breaks",
            );
            return Err(why.into());
        }
        let mut characters = from.chars();
        match (characters.next(), characters.next()) {
            (Some(ch), None) => {
                self.characters.insert(ch, bytes);
                Ok(())
            }
            _ => {
                let code = u16::from_str_radix(from, 16).ok().filter(|_| from.len() == 4);
                let code = code.ok_or(Text::new(
                    "1文字か外字の符号（F040など）",
                    "one character or a code like F040",
                ))?;
                self.codes.insert(code.to_be_bytes(), bytes);
                Ok(())
            }
        }
    }
}

/// A repaired file.
#[derive(Debug, Clone)]
pub struct Repair {
    /// The repaired bytes.
    pub bytes: Vec<u8>,
    /// The text before the repair, in MS932, where it was not MS932 to begin with; what could not
    /// be converted stands as a 外字.
    pub decoded: Option<Vec<u8>>,
    /// What was changed, and how often.
    pub mended: BTreeMap<Mending, u64>,
    /// What could not be repaired, and how often.
    pub left: BTreeMap<String, u64>,
    /// Quotes or columns are broken, so line ends and quotes were left alone.
    pub framing_left_alone: bool,
    /// The characters that MS932 cannot keep, and where: without a replacement the repaired bytes
    /// do not say what the file says, and must not be written.
    pub lost: Vec<Lost>,
}

/// A character that MS932 cannot keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lost {
    /// The character.
    pub ch: char,
    /// 1-based line of the text.
    pub line: usize,
    /// 1-based column, in characters.
    pub column: usize,
}

impl Repair {
    /// Repairs the file called `name`.
    ///
    /// ```
    /// use careplan_compare::repair::{Mending, Repair, Replacements};
    ///
    /// let name = "UPPLAN_202606_4779000118_43_4779000183_11_20260523142515.CSV";
    /// let record = format!("\u{FEFF}202407,472993{}\n", ",".repeat(23));
    /// let repair = Repair::of(name, record.as_bytes(), &Replacements::default());
    /// assert!(repair.mended.contains_key(&Mending::ByteOrderMark));
    /// assert_eq!(repair.bytes, format!("202407,472993{}\r\n", ",".repeat(23)).as_bytes());
    /// ```
    pub fn of(name: &str, bytes: &[u8], replacements: &Replacements) -> Self {
        let mut repair = Self {
            bytes: Vec::new(),
            decoded: None,
            mended: BTreeMap::new(),
            left: BTreeMap::new(),
            framing_left_alone: false,
            lost: Vec::new(),
        };
        repair.bytes = repair.characters(bytes, replacements);
        repair.preamble(base_name_in_archive(name));
        let profile = Profile::default().with_scope(Scope::File);
        let report = Report::collect([(name, &repair.bytes)], &profile);
        let breaks_framing =
            |rule: &Rule| rule.stage() == Stage::Framing && rule.severity == Severity::Error;
        let file = &report.summary.files[0];
        // Text that is still UTF-16 was not judged: its bytes must not be touched.
        repair.framing_left_alone = file.not_judged.files > 0
            || file.status == FileStatus::InternalError
            || report.findings.iter().any(|finding| breaks_framing(finding.rule));
        if !repair.framing_left_alone
            && let Ok(header) = FileHeader::of(base_name_in_archive(name), profile.as_of)
            && header.kind.is_csv()
        {
            let bytes = std::mem::take(&mut repair.bytes);
            let mut reader = Reader::as_written(header, &*bytes, profile.reading());
            let framed = repair.framing(&mut reader, &bytes);
            drop(reader);
            repair.bytes = framed.unwrap_or(bytes);
        }
        repair
    }

    /// Takes away the line before the records that a program wrote about the file.
    fn preamble(&mut self, base_name: &str) {
        let is_table = FileHeader::of(base_name, None).is_ok_and(|header| header.kind.is_csv());
        let beginning = look(&self.bytes, false);
        if !is_table || beginning.foreign.is_some() || beginning.encoding == Encoding::Utf16 {
            return;
        }
        let mark = beginning.mark;
        let (mut end, mut separators, mut types) = (mark, 0, 0);
        while let Some((preamble, length)) = Preamble::of(&self.bytes[end..]) {
            end += length;
            match preamble {
                Preamble::Separator => separators += 1,
                Preamble::Type => types += 1,
            }
        }
        if end == mark {
            return;
        }
        let rest = [&self.bytes[..mark], &self.bytes[end..]].concat();
        // What is behind them must be what it seemed to be with them.
        if look(&rest, false) == beginning {
            self.bytes = rest;
            self.note(Mending::SeparatorLine, separators);
            self.note(Mending::TypeLine, types);
        }
    }

    fn note(&mut self, change: Mending, count: u64) {
        if count > 0 {
            *self.mended.entry(change).or_default() += count;
        }
    }

    /// Brings the text to MS932.
    fn characters(&mut self, bytes: &[u8], replacements: &Replacements) -> Vec<u8> {
        if look(bytes, false).foreign.is_some() {
            return bytes.to_vec();
        }
        let text = match bytes {
            [0xEF, 0xBB, 0xBF, rest @ ..] => {
                let text = std::str::from_utf8(rest).ok().map(str::to_owned);
                self.note(Mending::ByteOrderMark, u64::from(text.is_some()));
                text
            }
            [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
            [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
            _ if look(bytes, false).encoding == Encoding::Utf16 => utf16_without_mark(bytes),
            _ if ms932::looks_like_utf8(bytes, false) => {
                std::str::from_utf8(bytes).ok().map(str::to_owned)
            }
            _ => match look(bytes, false).encoding {
                Encoding::Other(other) => Some(other.decode(bytes)),
                _ => None,
            },
        };
        match text {
            Some(text) => self.encode(&text, replacements),
            None if look(bytes, false).encoding == Encoding::Utf16 => bytes.to_vec(),
            None => self.replace_codes(bytes, replacements),
        }
    }

    fn encode(&mut self, text: &str, replacements: &Replacements) -> Vec<u8> {
        self.note(Mending::Encoding, 1);
        let composed = ms932::compose_kana(text);
        self.note(Mending::Characters, (text.chars().count() - composed.chars().count()) as u64);
        let mut out = Vec::with_capacity(text.len());
        let mut before = Vec::with_capacity(text.len());
        let (mut line, mut column) = (1, 0);
        for ch in composed.chars() {
            column += 1;
            if ch == '\n' {
                (line, column) = (line + 1, 0);
            }
            if let Some(encoded) = ms932::encode_char(ch) {
                out.extend_from_slice(encoded.as_bytes());
                before.extend_from_slice(encoded.as_bytes());
                continue;
            }
            // A 外字 marks the spot in the text before.
            before.extend_from_slice(b"\xF0\x40");
            let problem = ms932::problem(ch).filter(|problem| problem.faithful);
            let faithful = problem.and_then(|problem| problem.replacement);
            if let Some(bytes) = replacements.characters.get(&ch) {
                out.extend_from_slice(bytes);
                self.note(Mending::Replacements, 1);
            } else if let Some(bytes) = faithful.and_then(|text| ms932::encode(text).ok()) {
                out.extend_from_slice(&bytes);
                self.note(Mending::Characters, 1);
            } else {
                out.extend_from_slice(b"\xF0\x40");
                self.lost.push(Lost { ch, line, column });
                *self.left.entry(format!("{ch} (U+{:04X})", u32::from(ch))).or_default() += 1;
            }
        }
        self.decoded = Some(before);
        out
    }

    fn replace_codes(&mut self, bytes: &[u8], replacements: &Replacements) -> Vec<u8> {
        let mut out = Vec::with_capacity(bytes.len());
        let mut at = 0;
        for bad in ms932::bad_bytes(bytes) {
            out.extend_from_slice(&bytes[at..bad.offset]);
            let found = &bytes[bad.offset..bad.offset + bad.len];
            at = bad.offset + bad.len;
            let code: Option<[u8; 2]> = found.try_into().ok();
            if let Some(replacement) = code.and_then(|code| replacements.codes.get(&code)) {
                out.extend_from_slice(replacement);
                self.note(Mending::Replacements, 1);
            } else {
                out.extend_from_slice(found);
                let name: String = found.iter().map(|byte| format!("{byte:02X}")).collect();
                *self.left.entry(name).or_default() += 1;
            }
        }
        out.extend_from_slice(&bytes[at..]);
        out
    }

    /// Line ends and quotes; `None` where records and columns are not sound after all.
    fn framing(&mut self, reader: &mut Reader<'_>, bytes: &[u8]) -> Option<Vec<u8>> {
        let mut framing = Framing { out: Vec::with_capacity(bytes.len() + 64), ends: 0, quotes: 0 };
        while let Some(stretch) = reader.next_stretch().ok()? {
            match stretch {
                Stretch::Beginning(beginning) => {
                    framing.out.extend_from_slice(&bytes[..beginning.mark]);
                }
                Stretch::Record(record) | Stretch::Heading(record) => framing.record(&record),
                Stretch::Blank { line_end, .. } => framing.line_end(line_end),
                // Behind the end mark of old systems a line end would make a record of it.
                Stretch::EndMark { .. } => framing.out.push(0x1A),
                Stretch::Broken(_) | Stretch::TooLong { .. } | Stretch::OtherDelimiter { .. } => {
                    return None;
                }
            }
        }
        self.note(Mending::LineEnds, framing.ends);
        self.note(Mending::Quotes, framing.quotes);
        Some(framing.out)
    }
}

/// A file written again, value for value.
struct Framing {
    out: Vec<u8>,
    /// How many line ends were made CRLF.
    ends: u64,
    /// How many texts were put in quotes.
    quotes: u64,
}

impl Framing {
    fn record(&mut self, record: &Record<'_>) {
        for (at, slot) in record.fields.iter().enumerate() {
            if at > 0 {
                self.out.push(b',');
            }
            let written = &record.bytes[slot.start as usize..slot.end as usize];
            let is_text = record.layout.fields.get(at).is_some_and(|f| f.format.is_free_text());
            if is_text && !written.is_empty() && !slot.quoted {
                self.out.push(b'"');
                self.out.extend_from_slice(written);
                self.out.push(b'"');
                self.quotes += 1;
            } else {
                self.out.extend_from_slice(written);
            }
        }
        self.line_end(record.line_end);
    }

    fn line_end(&mut self, found: LineEnd) {
        self.out.extend_from_slice(b"\r\n");
        self.ends += u64::from(found != LineEnd::CrLf);
    }
}

fn utf16(bytes: &[u8], join: fn([u8; 2]) -> u16) -> Option<String> {
    if !bytes.len().is_multiple_of(2) {
        return None;
    }
    let units = bytes.chunks_exact(2).map(|pair| join([pair[0], pair[1]]));
    char::decode_utf16(units).collect::<Result<String, _>>().ok()
}

/// Without a mark the zeros show the order; other text that is full of zeros is left alone.
fn utf16_without_mark(bytes: &[u8]) -> Option<String> {
    let zeros = |odd: usize| bytes.iter().skip(odd).step_by(2).filter(|&&byte| byte == 0).count();
    let join = if zeros(1) > zeros(0) { u16::from_le_bytes } else { u16::from_be_bytes };
    let text = utf16(bytes, join)?;
    let is_text = |ch: char| !ch.is_control() || matches!(ch, '\t' | '\r' | '\n');
    (text.contains(',') && text.chars().all(is_text)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use careplan_fixtures::mutant::{self, EditableUnit};
    use careplan_fixtures::request::all_units;
    use careplan_fixtures::{Request, generate};
    use careplan_spec::other_encoding::OtherEncoding;
    use careplan_spec::{FileKind, StandardVersion};

    #[test]
    fn a_file_that_a_text_editor_saved_is_put_back_byte_for_byte() {
        let (name, good) = EditableUnit::file_of("K1", FileKind::Up1kyo).expect("a file");
        let text = ms932::decode(&good).expect("units are MS932");
        let saved = format!("\u{FEFF}{}", text.replace("\r\n", "\n"));
        let repair = Repair::of(&name, saved.as_bytes(), &Replacements::default());
        assert_eq!(repair.bytes, good);
        assert!(repair.mended.contains_key(&Mending::Encoding));
        assert!(repair.mended.contains_key(&Mending::ByteOrderMark));
        assert!(repair.mended.contains_key(&Mending::LineEnds));
    }

    #[test]
    fn a_line_that_a_program_wrote_about_the_file_is_taken_away() {
        let (name, good) = EditableUnit::file_of("K1", FileKind::Up1kyo).expect("a file");
        let after = |before: &[u8], bytes: &[u8]| {
            let written = [before, bytes].concat();
            Repair::of(&name, &written, &Replacements::default())
        };
        for (line, mending) in [
            (&b"sep=,\r\n"[..], Mending::SeparatorLine),
            (b"sep=,\n", Mending::SeparatorLine),
            (b"\"sep=,\"\r\n", Mending::SeparatorLine),
            (b"SEP=;\r\n", Mending::SeparatorLine),
            (b"#TYPE System.Object\r\n", Mending::TypeLine),
        ] {
            let repair = after(line, &good);
            assert_eq!(repair.bytes, good, "{line:?}");
            assert_eq!(repair.mended, BTreeMap::from([(mending, 1)]), "{line:?}");
            assert!(!repair.framing_left_alone, "{line:?}");
        }
        // Below another encoding too, with everything else that is to be mended.
        let text = ms932::decode(&good).expect("units are MS932").replace("\r\n", "\n");
        let repair = after(b"\xEF\xBB\xBFsep=,\n", text.as_bytes());
        assert_eq!(repair.bytes, good);
        let mended: Vec<_> = repair.mended.into_keys().collect();
        assert_eq!(
            mended,
            [Mending::Encoding, Mending::ByteOrderMark, Mending::SeparatorLine, Mending::LineEnds]
        );
        // However often it stands there, nothing is left for a second repair.
        let repair = after(b"sep=,\r\n#TYPE X\r\nsep=;\r\n", &good);
        assert_eq!(repair.bytes, good);
        assert_eq!(repair.mended.get(&Mending::SeparatorLine), Some(&2));
        // A quote that it opens ends with it, as for the reader.
        assert_eq!(after(b"\"sep=,\r\n", &good).bytes, good);
        // Where what is behind it is no table, it stays.
        let page = b"<html>\r\n";
        assert_eq!(after(b"sep=,\r\n", page).bytes, b"sep=,\r\n<html>\r\n");
        // What only looks like one is a record, and one alone is no line before records.
        for line in [&b"separate,\r\n"[..], b"#TYPES\r\n", b"sep=,sep=,\r\n"] {
            assert!(after(line, &good).bytes.starts_with(line), "{line:?}");
        }
        assert_eq!(after(b"sep=,", b"").bytes, b"sep=,");
        let repair = Repair::of("notes.csv", b"sep=,\r\n1,2\r\n", &Replacements::default());
        assert_eq!(repair.bytes, b"sep=,\r\n1,2\r\n");
    }

    #[test]
    fn the_encodings_of_old_systems_come_back_byte_for_byte() {
        let (name, good) = EditableUnit::file_of("K1", FileKind::Up1kyo).expect("a file");
        let text = ms932::decode(&good).expect("units are MS932");
        for encoding in [OtherEncoding::EucJp, OtherEncoding::Iso2022Jp] {
            let saved = encoding.encode(&text);
            assert_ne!(saved, good);
            let repair = Repair::of(&name, &saved, &Replacements::default());
            assert_eq!(ms932::decode(&repair.bytes).expect("legal"), text);
            assert_eq!(repair.bytes, good);
            assert_eq!(repair.mended, BTreeMap::from([(Mending::Encoding, 1)]));
            assert!(repair.lost.is_empty() && !repair.framing_left_alone);
            // With the line ends of those systems as well.
            let unix: Vec<u8> = saved.iter().copied().filter(|byte| *byte != b'\r').collect();
            let repair = Repair::of(&name, &unix, &Replacements::default());
            assert_eq!(repair.bytes, good);
            assert!(repair.mended.contains_key(&Mending::LineEnds));
        }
    }

    #[test]
    fn missing_quotes_come_back() {
        let (name, good) = EditableUnit::file_of("K1", FileKind::Up3kyo).expect("a file");
        let bare: Vec<u8> = good.iter().copied().filter(|byte| *byte != b'"').collect();
        let repair = Repair::of(&name, &bare, &Replacements::default());
        assert_eq!(repair.mended.get(&Mending::Quotes), Some(&9), "a text in each record");
        let report =
            Report::collect(&[(name, repair.bytes)], &Profile::default().with_scope(Scope::File));
        assert!(report.findings.is_empty());
    }

    #[test]
    fn only_faithful_characters_are_replaced_without_asking() {
        let (name, good) = EditableUnit::file_of("K1", FileKind::Uphosoku).expect("a file");
        let text = ms932::decode(&good).expect("units are MS932").replacen("北村", "𠮷〜", 1);
        let repair = Repair::of(&name, text.as_bytes(), &Replacements::default());
        assert_eq!(repair.left.len(), 1, "𠮷 is left: {:?}", repair.left);
        let mut asked = Replacements::default();
        asked.add("𠮷", "吉").expect("both sides are fine");
        let repair = Repair::of(&name, text.as_bytes(), &asked);
        assert!(repair.left.is_empty());
        assert!(ms932::decode(&repair.bytes).expect("legal").contains("吉～"));
        assert!(asked.add("あ", "鷗").is_err());
        // Who asks is asked for more than what is faithful.
        asked.add("〜", "から").expect("both sides are fine");
        let repair = Repair::of(&name, text.as_bytes(), &asked);
        assert!(ms932::decode(&repair.bytes).expect("legal").contains("吉から"));
        assert_eq!(repair.mended.get(&Mending::Replacements), Some(&2));
    }

    #[test]
    fn a_replacement_is_of_one_character_or_code_and_breaks_no_framing() {
        let mut asked = Replacements::default();
        for to in ["\"", ",", "\r", "\n", "吉\""] {
            assert!(asked.add("𠮷", to).is_err(), "{to:?}");
        }
        for from in ["", "F0", "F04", "F0400", "吉田", "G040"] {
            assert!(asked.add(from, "吉").is_err(), "{from:?}");
        }
        let (name, good) = EditableUnit::file_of("K1", FileKind::Uphosoku).expect("a file");
        let at = good.windows(4).position(|pair| pair == b"\x96\x6B\x91\xBA").expect("北村");
        let mut gaiji = good;
        gaiji[at..at + 2].copy_from_slice(b"\xF0\x40");
        let left = Repair::of(&name, &gaiji, &asked);
        assert_eq!(left.left, BTreeMap::from([("F040".to_owned(), 1)]));
        assert_eq!(left.bytes, gaiji);
        asked.add("F040", "喜多").expect("a code of four digits");
        let repair = Repair::of(&name, &gaiji, &asked);
        assert!(ms932::decode(&repair.bytes).expect("legal").contains("喜多村"));
        assert_eq!(repair.mended, BTreeMap::from([(Mending::Replacements, 1)]));
        assert!(repair.left.is_empty());
    }

    #[test]
    fn every_other_line_end_is_counted_and_a_blank_line_stays() {
        let (name, good) = EditableUnit::file_of("K1", FileKind::Up3kyo).expect("a file");
        let ends = |bytes: &[u8]| {
            let repair = Repair::of(&name, bytes, &Replacements::default());
            (repair.bytes, repair.mended.get(&Mending::LineEnds).copied())
        };
        let cut = good.strip_suffix(b"\r\n").expect("a line end");
        assert_eq!(ends(cut), (good.clone(), Some(1)), "the last one was missing");
        let cr: Vec<u8> = good.iter().copied().filter(|byte| *byte != b'\n').collect();
        assert_eq!(ends(&cr), (good.clone(), Some(9)), "nine records end with CR");
        let blank = [&good[..], b"\n", &good].concat();
        let mended = [&good[..], b"\r\n", &good].concat();
        assert_eq!(ends(&blank), (mended, Some(1)));
    }

    #[test]
    fn utf16_comes_back_with_a_mark_and_without() {
        let (name, good) = EditableUnit::file_of("K1", FileKind::Up1kyo).expect("a file");
        let text = ms932::decode(&good).expect("units are MS932");
        let bytes = |text: &str, split: fn(u16) -> [u8; 2]| -> Vec<u8> {
            text.encode_utf16().flat_map(split).collect()
        };
        for split in [u16::to_le_bytes, u16::to_be_bytes] {
            for mark in ["", "\u{FEFF}"] {
                let saved = bytes(&format!("{mark}{text}"), split);
                let repair = Repair::of(&name, &saved, &Replacements::default());
                assert_eq!(repair.bytes, good);
                assert!(repair.mended.contains_key(&Mending::Encoding));
            }
            // A byte is missing, or a surrogate: nothing is certain, so nothing is touched.
            let mut cut = bytes(&text, split);
            cut.pop();
            let mut lone = bytes(&format!("\u{FEFF}{text}"), split);
            lone.extend(split(0xD800));
            for saved in [cut, lone] {
                let repair = Repair::of(&name, &saved, &Replacements::default());
                assert_eq!(repair.bytes, saved);
                assert!(repair.framing_left_alone && repair.mended.is_empty());
            }
            // Nothing but digits between zeros is no table.
            let saved = bytes("202407\r\n", split);
            let repair = Repair::of(&name, &saved, &Replacements::default());
            assert_eq!(repair.bytes, saved);
        }
    }

    #[test]
    fn the_end_mark_is_no_record() {
        let (name, good) = EditableUnit::file_of("K1", FileKind::Up3kyo).expect("a file");
        let mut marked: Vec<u8> = good.strip_suffix(b"\r\n").expect("a line end").to_vec();
        marked.extend(b"\n\x1A");
        let repair = Repair::of(&name, &marked, &Replacements::default());
        assert_eq!(repair.bytes, [good, b"\x1A".to_vec()].concat());
        assert_eq!(repair.mended.get(&Mending::LineEnds), Some(&1));
    }

    #[test]
    fn folders_are_no_part_of_the_name() {
        let (name, good) = EditableUnit::file_of("K1", FileKind::Up3kyo).expect("a file");
        let bare: Vec<u8> = good.iter().copied().filter(|byte| *byte != b'"').collect();
        let plain = Repair::of(&name, &bare, &Replacements::default());
        assert_ne!(plain.bytes, bare);
        let path = format!("C:\\export\\{name}");
        assert_eq!(Repair::of(&path, &bare, &Replacements::default()).bytes, plain.bytes);
        // A file that is not judged is not touched either.
        let open = b"1,\"\"\",2".to_vec();
        let path = format!("{name}\\memo");
        assert_eq!(Repair::of(&path, &open, &Replacements::default()).bytes, open);
    }

    #[test]
    fn a_mark_before_broken_utf8_stays() {
        let (name, good) = EditableUnit::file_of("K1", FileKind::Up1kyo).expect("a file");
        let text = ms932::decode(&good).expect("units are MS932");
        let mut saved = format!("\u{FEFF}{text}").into_bytes();
        saved.splice(saved.len() - 2..saved.len() - 2, *b"\xE3\x81");
        let repair = Repair::of(&name, &saved, &Replacements::default());
        assert_eq!(repair.mended.get(&Mending::ByteOrderMark), None);
        assert!(repair.bytes.starts_with(b"\xEF\xBB\xBF"));
    }

    #[test]
    fn broken_framing_is_left_alone() {
        let (name, good) = EditableUnit::file_of("S1", FileKind::Upjsk).expect("a file");
        let broken: Vec<u8> = [good, b"1,2,3\r\n".to_vec()].concat();
        let repair = Repair::of(&name, &broken, &Replacements::default());
        assert!(repair.framing_left_alone);
        assert_eq!(repair.bytes, broken);
    }

    #[test]
    fn a_sound_file_is_not_changed() {
        for unit in all_units() {
            let is_old = unit.version == StandardVersion::V3;
            let month = if is_old { mutant::MONTH_V3 } else { mutant::MONTH };
            let request = Request::new(unit.id, month).expect("a known unit");
            for file in generate(&request).expect("a sensible request") {
                if file.name.ends_with("jpg") {
                    continue;
                }
                let repair = Repair::of(&file.name, &file.bytes, &Replacements::default());
                assert_eq!(repair.bytes, file.bytes, "{}", file.name);
            }
        }
    }
}
