//! What stands in the place of a value: the same for the same value everywhere, of the same
//! length and the same kinds of characters, and as right or wrong as the value was.

use std::collections::{BTreeSet, HashMap, HashSet};

use careplan_judge::baseline::Key;
use careplan_judge::rules;
use careplan_spec::layout::{self, Field, Format};
use careplan_spec::{
    FileKind, calendar, check_digit, file_name, insurer_number, ms932, office_number, service_code,
};

use super::Options;
use super::dice::Dice;
use super::people::{People, Sex, widened};
use super::writing::{Writing, byte, raw};

/// Texts up to so many characters are remembered, so that two of them never become one.
const REMEMBERED: usize = 24;
/// How often something else is tried before what is there must do.
const ATTEMPTS: u32 = 48;

/// What a number is meant to be, where its column says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meant {
    Office,
    Insurer,
    Any,
}

/// What is replaced wherever it stands, and by what.
type Replaced = (Vec<char>, Vec<char>);

/// Everything that was invented, by what it stands for.
pub(super) struct Values {
    key: Key,
    options: Options,
    /// How the file at hand is written.
    pub(super) writing: Writing,
    pub(super) people: People,
    numbers: HashMap<String, String>,
    texts: HashMap<String, String>,
    /// By the item, what was found to break its rules as the value does.
    of_fields: HashMap<(String, String), String>,
    used: HashSet<String>,
    insurers: HashSet<String>,
    /// The days in file names, YYYYMMDD: a birthday stays on its side of each of them.
    days: BTreeSet<u32>,
    /// Real names and addresses with what stands for them, by their first two characters.
    known: HashMap<(char, char), Vec<Replaced>>,
    /// Names of items, which are nobody's.
    headings: HashSet<&'static str>,
    /// Words that may stand in names of files.
    words: HashSet<&'static str>,
}

impl Values {
    pub(super) fn new(key: Key, options: Options) -> Self {
        let fields = || layout::all().flat_map(|layout| layout.fields);
        let words = FileKind::ALL.iter().flat_map(|kind| kind.prefix().split('_'));
        let others = ["CSV", "JPG", "JPEG", "ZIP", "COPY"];
        Self {
            key,
            options,
            writing: Writing::Ms932,
            people: People::default(),
            numbers: HashMap::new(),
            texts: HashMap::new(),
            of_fields: HashMap::new(),
            used: HashSet::new(),
            insurers: HashSet::new(),
            days: BTreeSet::new(),
            known: HashMap::new(),
            headings: fields().map(|field| field.name).collect(),
            words: words.chain(others).collect(),
        }
    }

    fn dice(&self, purpose: &str, value: &str, attempt: u32) -> Dice {
        Dice::of(&self.key, purpose, value, attempt)
    }

    /// How many names, numbers and texts were invented.
    pub(super) fn counts(&self) -> (usize, usize, usize) {
        (self.people.len(), self.numbers.len(), self.texts.len())
    }

    /// Takes down the day in the name of a file.
    pub(super) fn note_day(&mut self, base_name: &str) {
        for run in base_name.split(|ch: char| !ch.is_ascii_digit()) {
            if let Some(date) = run.get(..8).filter(|_| run.len() >= 8)
                && calendar::is_date(date.as_bytes())
                && let Ok(day) = date.parse()
            {
                self.days.insert(day);
            }
        }
    }

    /// Takes down that a number is that of an insurer.
    pub(super) fn note_insurer(&mut self, text: &str) {
        let text = text.trim();
        if insurer_number::shape_is_valid(text.as_bytes()) {
            self.insurers.insert(text.to_owned());
        }
    }

    /// Somebody's name, with the kana beside it.
    pub(super) fn meet(&mut self, name: &str, kana: Option<&str>, sex: Sex) {
        let kana = kana.map(widened);
        self.people.meet(&self.key, name, kana.as_deref(), sex);
    }

    /// Remembers a text that is to be replaced wherever it stands.
    pub(super) fn know(&mut self, text: &str) {
        if (4..=40).contains(&text.chars().count()) {
            let made = self.text(text);
            self.know_as(text, &made);
        }
    }

    fn know_as(&mut self, text: &str, made: &str) {
        let (from, to): (Vec<char>, Vec<char>) = (text.chars().collect(), made.chars().collect());
        let (Some(first), Some(second)) = (from.first(), from.get(1)) else { return };
        let all = self.known.entry((*first, *second)).or_default();
        if all.iter().all(|(known, _)| *known != from) {
            let at = all.partition_point(|(known, _)| known.len() >= from.len());
            all.insert(at, (from, to));
        }
    }

    /// Names are replaced wherever they stand, once everybody is known.
    pub(super) fn know_people(&mut self) {
        let known: Vec<(String, String)> =
            self.people.known().map(|(of, to)| (of.to_owned(), to)).collect();
        for (of, to) in &known {
            self.know_as(of, to);
        }
    }

    /// The value of a field in a record whose columns stand where they should.
    pub(super) fn of_field(&mut self, field: &Field, value: &str) -> String {
        match field.format {
            Format::OfficeNumber | Format::OfficeNumberOrNines => {
                self.numbers_in(value, Meant::Office)
            }
            Format::InsurerNumber => self.numbers_in(value, Meant::Insurer),
            Format::InsuredNumber | Format::PostalCode | Format::Phone | Format::Date => {
                self.numbers_in(value, Meant::Any)
            }
            Format::ImageFileName => match file_name::read(value) {
                file_name::Reading::Foreign => self.text_of(field, value),
                _ => self.name(value),
            },
            Format::FreeText => self.text_of(field, value),
            _ => self.anywhere(value),
        }
    }

    /// A name, or a text as right or wrong as it was.
    fn text_of(&mut self, field: &Field, value: &str) -> String {
        let constant = field.constant;
        let is_office = constant.contains("OFFICE_NAME") || constant.contains("CENTER_NAME");
        if is_office && self.options.keep_offices {
            return value.to_owned();
        }
        if let Some(name) = self.people.name(value).or_else(|| self.people.kana(None, value)) {
            return name;
        }
        let entry = (field.clause(), value.to_owned());
        if let Some(known) = self.of_fields.get(&entry) {
            return known.clone();
        }
        let made = self.as_broken(field, value);
        if value.chars().count() <= REMEMBERED {
            self.of_fields.insert(entry, made.clone());
        }
        made
    }

    /// A text that breaks the rules that the value breaks.
    fn as_broken(&mut self, field: &Field, value: &str) -> String {
        let writing = self.writing;
        let codes = |value: &str| -> Vec<&str> {
            let value = writing.as_ms932(value);
            rules::broken(field, &value).map(|rule| rule.code).collect()
        };
        let made = self.text(value);
        let wanted = codes(value);
        // A word that stands for no value is nobody's.
        if wanted.contains(&"B022") {
            return value.to_owned();
        }
        if codes(&made) == wanted {
            return made;
        }
        let mut attempts = (ATTEMPTS..2 * ATTEMPTS).map(|attempt| self.drawn(value, attempt));
        attempts.find(|made| codes(made) == wanted).unwrap_or(made)
    }

    /// The value of a field in a record whose columns are as many as they should be and hold what
    /// they should not.
    pub(super) fn of_displaced(&mut self, field: &Field, value: &str) -> String {
        if field.format == Format::Date && field.is_personal() && is_day(value) {
            return self.number(value, Meant::Any);
        }
        self.anywhere(value)
    }

    /// A value of which nothing is known but itself: codes, counts and days of service stay, and
    /// whatever could be somebody's is replaced.
    pub(super) fn anywhere(&mut self, value: &str) -> String {
        let bare = value.trim_matches(|ch: char| matches!(ch, ' ' | '　' | '\''));
        if bare.is_empty() || self.headings.contains(bare) {
            return value.to_owned();
        }
        if let Some(name) = self.people.name(value).or_else(|| self.people.kana(None, value)) {
            return name;
        }
        let made = match bare {
            _ if !matches!(file_name::read(bare), file_name::Reading::Foreign) => self.name(bare),
            _ if !bare.is_ascii() => self.text(bare),
            _ if is_nobodys(bare.as_bytes()) => bare.to_owned(),
            _ if self.insurers.contains(bare) => self.number(bare, Meant::Insurer),
            _ if bare.len() == 6 && is_code(bare.as_bytes()) => bare.to_owned(),
            _ if bare.bytes().any(|byte| byte.is_ascii_alphabetic())
                && !office_number::shape_is_valid(bare.as_bytes())
                && !bare.starts_with('H') =>
            {
                self.text(bare)
            }
            _ => self.numbers_in(bare, Meant::Any),
        };
        value.replacen(bare, &made, 1)
    }

    /// The name of a file or folder: kinds, months and times stay.
    pub(super) fn name(&mut self, name: &str) -> String {
        let kind = |ch: char| match ch {
            _ if ch.is_ascii_alphanumeric() => 0,
            _ if ch.is_ascii() => 1,
            _ => 2,
        };
        let mut out = String::with_capacity(name.len());
        let is_near = !matches!(file_name::read(name), file_name::Reading::Foreign);
        for run in name.split_inclusive_by(kind) {
            let is_code = run.bytes().all(|byte| byte.is_ascii_alphanumeric());
            let digits = run.bytes().filter(u8::is_ascii_digit).count();
            let is_number = digits == run.len();
            let is_capital =
                run.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
            let stays = run.len() <= 2
                || self.words.contains(&*run.to_ascii_uppercase())
                // The misspelt name of a kind is a defect.
                || is_near && out.is_empty() && is_code
                // A month, a branch or a day, and the sequence, which is a time.
                || is_number && (run.len() < 7 || is_day(run) || (13..=15).contains(&run.len()))
                || run.is_ascii() && !is_code
                || matches!(run, "コピー" | "年" | "月" | "日" | "月分");
            if stays {
                out.push_str(run);
            } else if is_code && (is_number || digits >= 9 && is_capital) {
                out.push_str(&self.number(run, Meant::Office));
            } else {
                out.push_str(&self.text(run));
            }
        }
        out
    }

    /// A text with its numbers replaced, and whatever else is a letter.
    fn numbers_in(&mut self, value: &str, meant: Meant) -> String {
        let is_wide = |ch: char| matches!(ch, '０'..='９');
        let is_part = |ch: char| ch.is_ascii_alphanumeric() || is_wide(ch);
        if value.chars().any(|ch| !ch.is_ascii() && !is_wide(ch)) {
            return self.text(value);
        }
        let mut out = String::with_capacity(value.len());
        for run in value.split_inclusive_by(|ch| u8::from(is_part(ch))) {
            if !run.chars().all(is_part) {
                out.push_str(run);
                continue;
            }
            let narrow: String = run.chars().map(narrowed).collect();
            let has_digit = narrow.bytes().any(|byte| byte.is_ascii_digit());
            let made = if has_digit { self.number(&narrow, meant) } else { self.text(&narrow) };
            let wide = run.chars().zip(made.chars());
            out.extend(wide.map(|(old, new)| if is_wide(old) { widened_digit(new) } else { new }));
        }
        out
    }

    /// A number in the place of another.
    fn number(&mut self, run: &str, meant: Meant) -> String {
        if let Some(known) = self.numbers.get(run) {
            return known.clone();
        }
        let bytes = run.as_bytes();
        let is_same = bytes.len() > 5 && bytes.iter().all(|byte| *byte == bytes[0]);
        let is_example = office_number::OFFICIAL_EXAMPLES.contains(&run);
        if is_same || is_example && meant != Meant::Any {
            return run.to_owned();
        }
        let is_office = office_number::shape_is_valid(bytes)
            && (meant == Meant::Office || office_number::doubt(bytes).is_none());
        if is_office && self.options.keep_offices {
            return run.to_owned();
        }
        let mut made = None;
        for attempt in 0..ATTEMPTS {
            let candidate = if is_office {
                self.office(run, attempt)
            } else if meant == Meant::Insurer && insurer_number::shape_is_valid(bytes) {
                self.insurer(run, attempt)
            } else if bytes.len() == 8 && calendar::is_date(bytes) {
                self.date(run, attempt)
            } else {
                self.digits(run, attempt)
            };
            let is_like = candidate != run && is_alike(run, &candidate);
            if is_like && (!self.used.contains(&candidate) || bytes.len() == 8) {
                made = Some(candidate);
                break;
            }
            if is_like {
                made.get_or_insert(candidate);
            }
        }
        let made = made.unwrap_or_else(|| self.digits(run, 0));
        self.used.insert(made.clone());
        self.numbers.insert(run.to_owned(), made.clone());
        made
    }

    /// An office of the invented region, of the same kind, its check digit as right as it was.
    fn office(&self, run: &str, attempt: u32) -> String {
        use office_number::Doubt;
        let doubt = office_number::doubt(run.as_bytes());
        let dice = &mut self.dice("office", run, attempt);
        let prefecture = if doubt == Some(Doubt::Prefecture) { &run[..2] } else { "47" };
        let mut body = format!("{prefecture}{}9", &run[2..3]);
        body.extend((0..5).map(|_| dice.digit(0)));
        let right = check_digit::check_digit(body.as_bytes()).unwrap_or(0);
        let last = match doubt {
            None => right,
            Some(_) => (right + 1 + dice.below(9) as u8) % 10,
        };
        body.push(char::from(b'0' + last));
        body
    }

    /// An insurer of the invented region, its check digit as right as it was.
    fn insurer(&self, run: &str, attempt: u32) -> String {
        let dice = &mut self.dice("insurer", run, attempt);
        match insurer_number::doubt(run.as_bytes()) {
            None => {
                // No municipality of that prefecture has these numbers; there are 600.
                let mut body = format!("47{}", dice.digit(4));
                body.extend((0..2).map(|_| dice.digit(0)));
                let right = check_digit::check_digit(body.as_bytes()).unwrap_or(0);
                format!("{body}{right}")
            }
            Some(_) => {
                let mut out = run[..2].to_owned();
                out.extend((0..4).map(|_| dice.digit(0)));
                out
            }
        }
    }

    /// A day of the same year, on the same side of every day in a file name, so that everybody
    /// stays as old as they are, and in the same era.
    fn date(&self, run: &str, attempt: u32) -> String {
        let (year, day) = run.split_at(4);
        let day: u32 = day.parse().unwrap_or(101);
        let era = match year {
            "1912" => Some(729),
            "1926" => Some(1224),
            "1989" => Some(107),
            _ => None,
        };
        // The ages that rules and the insurance know: not born yet, 40, 65, 120.
        let born: u32 = year.parse().unwrap_or(0);
        let days = self
            .days
            .iter()
            .filter(|made| matches!((**made / 10_000).checked_sub(born), Some(0 | 40 | 65 | 120)));
        let days: Vec<u32> = days.map(|made| made % 10_000).chain(era).collect();
        let edges = || days.iter().copied();
        // Where the days of files leave no other day, the earlier of them must give way.
        let is_narrow = attempt >= ATTEMPTS / 2;
        let least = edges().filter(|edge| *edge < day && !is_narrow).max().unwrap_or(0);
        let most = edges().filter(|edge| *edge >= day).min().unwrap_or(1231);
        let all: Vec<u32> = (1..=12)
            .flat_map(|month| (1..=31).map(move |day| month * 100 + day))
            .filter(|day| (least + 1..=most).contains(day))
            .filter(|day| calendar::is_date(format!("{year}{day:04}").as_bytes()))
            .collect();
        let chosen = self.dice("date", run, attempt).pick(&all).unwrap_or(day);
        format!("{year}{chosen:04}")
    }

    /// Digits for digits; zeros in front, letters and the century of a date that is none stay.
    fn digits(&self, run: &str, attempt: u32) -> String {
        // What lost its zeros is the same number.
        let bare = run.trim_start_matches('0');
        let dice = &mut self.dice("digits", bare, attempt);
        let mut out = "0".repeat(run.len() - bare.len());
        for (at, ch) in bare.chars().enumerate() {
            out.push(match ch {
                _ if run.len() == 8 && at < 2 => ch,
                '0'..='9' => dice.digit(u8::from(at == 0)),
                // The letter of public assistance, or one behind the prefecture of an office.
                'H' if at == 0 => ch,
                'A'..='Z' if at == 2 && run.len() == 10 => ch,
                // 4.78E+09
                'E' if at > 0 && at + 1 == bare.len() => ch,
                'a'..='z' | 'A'..='Z' => letter(ch, None, None, dice),
                _ => ch,
            });
        }
        out
    }

    /// A text in the place of another.
    pub(super) fn text(&mut self, value: &str) -> String {
        let is_short = value.chars().count() <= REMEMBERED;
        if !is_short {
            return self.drawn(value, 0);
        }
        if let Some(known) = self.texts.get(value) {
            return known.clone();
        }
        let mut made = self.drawn(value, 0);
        if made == value && self.drawn(value, 1) == value {
            // Nothing of it is a letter or a digit.
            return made;
        }
        for attempt in 1..ATTEMPTS {
            if made != value && !self.used.contains(&made) {
                break;
            }
            made = self.drawn(value, attempt);
        }
        self.used.insert(made.clone());
        self.texts.insert(value.to_owned(), made.clone());
        made
    }

    fn drawn(&self, value: &str, attempt: u32) -> String {
        let dice = &mut self.dice("text", value, attempt);
        let chars: Vec<char> = value.chars().collect();
        let mut out = String::with_capacity(value.len());
        let mut at = 0;
        while at < chars.len() {
            let rest = &chars[at..];
            if let Some((len, made)) = self.known_at(rest) {
                out.extend(made);
                at += len;
            } else if let Some(len) = word_of_a_rule(rest) {
                out.extend(&rest[..len]);
                at += len;
            } else if let Some(len) = written_out(rest) {
                out.extend(rest[..len].iter().map(|ch| other_code(*ch, dice)));
                at += len;
            } else if let Some(len) = markup(rest) {
                out.extend(&rest[..len]);
                at += len;
            } else if let Some(len) = number_of_somebody(&chars, at) {
                let run: String = rest[..len].iter().copied().map(narrowed).collect();
                let made = match self.numbers.get(&run) {
                    Some(known) => known.clone(),
                    None => self.digits(&run, attempt),
                };
                let wide = rest[..len].iter().zip(made.chars());
                out.extend(wide.map(|(old, new)| match old.is_ascii() {
                    true => new,
                    false => widened_digit(new),
                }));
                at += len;
            } else if let Some(pair) = code_of_two_bytes(rest, dice) {
                out.extend(pair);
                at += 2;
            } else {
                let before = at.checked_sub(1).map(|at| chars[at]);
                if let (Writing::Utf8, Some(found)) = (self.writing, byte(rest[0])) {
                    out.push(raw(other_byte(found, before.and_then(byte), dice)));
                    at += 1;
                    continue;
                }
                out.push(letter(rest[0], before, rest.get(1).copied(), dice));
                at += 1;
            }
        }
        out
    }

    /// The longest real name or address that begins here.
    fn known_at(&self, rest: &[char]) -> Option<(usize, &[char])> {
        let all = self.known.get(&(*rest.first()?, *rest.get(1)?))?;
        let (from, to) = all.iter().find(|(from, _)| rest.starts_with(from))?;
        Some((from.len(), to))
    }
}

/// Runs of characters of one kind.
trait Runs {
    fn split_inclusive_by(&self, kind: impl Fn(char) -> u8) -> impl Iterator<Item = &str>;
}

impl Runs for str {
    fn split_inclusive_by(&self, kind: impl Fn(char) -> u8) -> impl Iterator<Item = &str> {
        let mut rest = self;
        std::iter::from_fn(move || {
            let first = kind(rest.chars().next()?);
            let end = rest.find(|ch| kind(ch) != first).unwrap_or(rest.len());
            let (run, left) = rest.split_at(end);
            rest = left;
            Some(run)
        })
    }
}

/// A day or month of this century in the name of a file.
fn is_day(run: &str) -> bool {
    run.len() == 8 && run.starts_with("20") && calendar::is_date(run.as_bytes())
}

const fn narrowed(ch: char) -> char {
    match ch {
        '０'..='９' => (b'0' + (ch as u32 - '０' as u32) as u8) as char,
        _ => ch,
    }
}

fn widened_digit(ch: char) -> char {
    match ch {
        '0'..='9' => char::from_u32('０' as u32 + (ch as u32 - '0' as u32)).unwrap_or(ch),
        _ => ch,
    }
}

/// Whether two numbers are right and wrong alike, whatever column they get into.
fn is_alike(one: &str, other: &str) -> bool {
    let doubts = |run: &str| {
        let bytes = run.as_bytes();
        let office = office_number::doubt(bytes).map(|doubt| std::mem::discriminant(&doubt));
        let insurer = insurer_number::doubt(bytes).map(|doubt| std::mem::discriminant(&doubt));
        let date = bytes.len() == 8 && calendar::is_date(bytes);
        let month = bytes.len() == 6 && calendar::is_month(bytes);
        (office, insurer, date, month, office_number::shape_is_valid(bytes))
    };
    doubts(one) == doubts(other)
}

/// Whether an ASCII value cannot be somebody's, in whatever column it stands: a count, a code, a
/// day of service.
fn is_nobodys(value: &[u8]) -> bool {
    let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
    let is_own =
        |extra: &[u8]| value.iter().all(|byte| byte.is_ascii_digit() || extra.contains(byte));
    let is_this_century = value.starts_with(b"20") && value.len() >= 6;
    match value.len() {
        _ if digits == value.len() => {
            let of_bits = value.iter().all(|byte| matches!(byte, b'0' | b'1'));
            digits <= 5
                || digits == 6 && calendar::is_month(value) && value.starts_with(b"20")
                || digits == 8 && calendar::is_date(value) && value.starts_with(b"20")
                || (28..=31).contains(&digits) && of_bits
        }
        0..=4 if value.iter().all(u8::is_ascii_alphanumeric) => digits > 0 || value.len() < 3,
        5 if value[2] == b':' => is_own(b":"),
        12 if value[5] == b'-' => digits == 11,
        ..=10 if is_this_century && is_own(b"/-.") => true,
        _ => {
            // 1,234 and -12.50
            let bare = value.strip_prefix(b"-").unwrap_or(value);
            digits <= 5 && digits > 0 && is_own(b"-.,") && !bare.contains(&b'-')
                || value.starts_with(b"sep=")
        }
    }
}

/// A service code, the code of a subtotal, or any six digits that are no insurer's.
fn is_code(value: &[u8]) -> bool {
    value.iter().all(u8::is_ascii_digit)
        || service_code::has_usual_characters(value)
        || service_code::classify(value) != service_code::CodeClass::Service
            && value[..2].iter().any(u8::is_ascii_digit)
}

/// Digits that could be a number of somebody: long ones, and all of a telephone number.
fn number_of_somebody(chars: &[char], at: usize) -> Option<usize> {
    let is_digit = |ch: &char| narrowed(*ch).is_ascii_digit();
    if at > 0 && chars.get(at - 1).is_some_and(is_digit) {
        return None;
    }
    let len = chars[at..].iter().take_while(|ch| is_digit(ch)).count();
    (len >= 5).then_some(len)
}

/// How long a word is that rules look for and that is nobody's.
fn word_of_a_rule(rest: &[char]) -> Option<usize> {
    let words = rules::STAYS.iter().find(|word| {
        let mut rest = rest.iter();
        word.chars().all(|ch| rest.next() == Some(&ch))
    });
    words.map(|word| word.chars().count())
}

/// How long the number of a character is that begins here: `&#134071;`, `\u9dd7`, `U+20BB7`.
fn written_out(rest: &[char]) -> Option<usize> {
    let before = match rest {
        ['&', '#', 'x' | 'X', ..] => 3,
        ['&', '#', ..] | ['\\', 'u' | 'U', ..] | ['%', 'u', ..] | ['U', '+', ..] => 2,
        ['\\', 'x', '{', ..] | ['_', 'x', ..] => 3 - usize::from(rest[0] == '_'),
        _ => return None,
    };
    let digits = rest[before..].iter().take_while(|ch| ch.is_ascii_hexdigit()).take(8).count();
    (digits >= 2).then_some(before + digits)
}

/// Another digit in the number of a character.
fn other_code(ch: char, dice: &mut Dice) -> char {
    match ch {
        '1'..='9' => dice.digit(1),
        'a'..='f' => char::from(b'a' + dice.below(6) as u8),
        'A'..='F' => char::from(b'A' + dice.below(6) as u8),
        _ => ch,
    }
}

/// How long the mark of a line break or the name of a character is that begins here.
fn markup(rest: &[char]) -> Option<usize> {
    const TAGS: [&str; 7] = ["br", "p", "/p", "div", "/div", "/span", "/font"];
    match rest {
        ['&', ..] => {
            let name = rest[1..].iter().take_while(|ch| ch.is_ascii_lowercase()).count();
            ((2..=4).contains(&name) && rest.get(1 + name) == Some(&';')).then_some(name + 2)
        }
        ['<', ..] => {
            let end = rest.iter().take(8).position(|ch| *ch == '>')?;
            let tag: String = rest[1..end].iter().collect();
            let tag = tag.trim_end_matches('/').trim_end().to_ascii_lowercase();
            TAGS.contains(&&*tag).then_some(end + 1)
        }
        ['\\', 'n' | 'r' | 't', ..] => Some(2),
        _ => None,
    }
}

/// Another character of those that stand for themselves: user-defined ones, and those that
/// Windows writes with other bytes.
fn code_of_two_bytes(rest: &[char], dice: &mut Dice) -> Option<[char; 2]> {
    let (lead, trail) = (byte(*rest.first()?)?, byte(*rest.get(1)?)?);
    let is_pair = matches!(trail, 0x40..=0x7E | 0x80..=0xFC);
    let first = match lead {
        0xED | 0xEE if is_pair => 0xED,
        0xF0..=0xF9 if is_pair => 0xF0,
        _ => return None,
    };
    Some([raw(first), raw(0x40 + dice.below(0x3F) as u8)])
}

/// Another byte of a broken sequence of UTF-8, which is as broken with it.
fn other_byte(found: u8, before: Option<u8>, dice: &mut Dice) -> u8 {
    let mut between = |first: u8, last: u8| first + dice.below(u32::from(last - first) + 1) as u8;
    match found {
        // What may follow these is bounded.
        0x80..=0xBF if matches!(before, Some(0xE0 | 0xED | 0xF0 | 0xF4)) => found,
        0x80..=0xBF => between(0x80, 0xBF),
        0xC2..=0xDF => between(0xC2, 0xDF),
        0xE1..=0xEC => between(0xE1, 0xEC),
        0xF1..=0xF3 => between(0xF1, 0xF3),
        0xF5..=0xFF => between(0xF5, 0xFF),
        _ => found,
    }
}

const KANJI: &str = "案衣育園屋科家花画会楽岩希器協橋具空係穴見湖公校細作参市詩室社守州習書松森\
    性成青石節草竹池茶昼柱庭店都島湯道縫波馬畑飯比筆氷布服風辺歩包坊本枚末妙民無名命毛門野薬油由遊葉陽来\
    里緑林例録話";
const HIRAGANA: &str =
    "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわ";
const VOICED_HIRAGANA: &str = "かきくけこさしすせそたちつてとはひふへほ";
const KATAKANA: &str =
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワ";
const VOICED_KATAKANA: &str = "カキクケコサシスセソタチツテトハヒフヘホ";
const HALF: &str = "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜ";
const VOICED_HALF: &str = "ｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎ";
const HALF_VOICED: &str = "ﾊﾋﾌﾍﾎ";
/// Kanji that MS932 lacks, of which nothing else is known.
const LACKING: &str = "刘陈张杨赵郑冯邓许韩苏卢蒋贾";

/// One of characters that are all as long in UTF-8.
fn one_of(all: &str, dice: &mut Dice) -> char {
    let width = all.chars().next().map_or(1, char::len_utf8);
    let at = dice.below((all.len() / width) as u32) as usize * width;
    all.get(at..).and_then(|rest| rest.chars().next()).unwrap_or('〇')
}

/// Another character of the same kind; what is no letter and no digit stays.
fn letter(ch: char, before: Option<char>, after: Option<char>, dice: &mut Dice) -> char {
    let is_mark = |ch| matches!(ch, '?' | '？' | '■' | '□' | '●' | '〓');
    let is_digit = |ch: char| ch.is_ascii_digit() || matches!(ch, '０'..='９');
    let behind_digit = before.is_some_and(is_digit);
    let behind_mark = before.is_some_and(is_mark);
    let mark = |ch: Option<char>| ch.is_some_and(|ch| matches!(ch, 'ﾞ' | '゛' | '\u{3099}'));
    let half_mark = |ch: Option<char>| ch.is_some_and(|ch| matches!(ch, 'ﾟ' | '゜' | '\u{309A}'));
    match ch {
        // What rules look at around a number, a mark or a numeral.
        '年' | '月' | '日' | '時' | '分' if behind_digit => ch,
        '令' | '平' | 'R' | 'H' if behind_mark => ch,
        '算' | '型' | '費' | '級' | '度' | '期' | '群' | '種' | '類' | '制'
            if matches!(after, Some('T'..='X')) =>
        {
            ch
        }
        '0' if !behind_digit => ch,
        '0'..='9' => dice.digit(u8::from(!behind_digit)),
        '０'..='９' => widened_digit(dice.digit(u8::from(!behind_digit))),
        'E' if behind_digit && after == Some('+') => ch,
        'T'..='X' => char::from(b'T' + dice.below(5) as u8),
        // No letter of which marks and words for no value are made.
        'A'..='Z' => one_of("ABCDFGHJKLMPQSYZ", dice),
        'a'..='z' => one_of("acefghijkmoqsvwz", dice),
        'Ａ'..='Ｚ' => char::from_u32('Ａ' as u32 + dice.below(26)).unwrap_or(ch),
        'ａ'..='ｚ' => char::from_u32('ａ' as u32 + dice.below(26)).unwrap_or(ch),
        'ぁ' | 'ぃ' | 'ぅ' | 'ぇ' | 'ぉ' | 'っ' | 'ゃ' | 'ゅ' | 'ょ' => {
            one_of("ぁぃぅぇぉっゃゅょ", dice)
        }
        'ァ' | 'ィ' | 'ゥ' | 'ェ' | 'ォ' | 'ッ' | 'ャ' | 'ュ' | 'ョ' => {
            one_of("ァィゥェォッャュョ", dice)
        }
        'ぁ'..='ん' if half_mark(after) => one_of("はひふへほ", dice),
        'ぁ'..='ん' if mark(after) => one_of(VOICED_HIRAGANA, dice),
        'ぁ'..='ん' => one_of(HIRAGANA, dice),
        'ァ'..='ヶ' if half_mark(after) => one_of("ハヒフヘホ", dice),
        'ァ'..='ヶ' if mark(after) => one_of(VOICED_KATAKANA, dice),
        'ァ'..='ヶ' => one_of(KATAKANA, dice),
        'ｦ'..='ﾝ' if ch == 'ｰ' => ch,
        'ｦ'..='ﾝ' if half_mark(after) => one_of(HALF_VOICED, dice),
        'ｦ'..='ﾝ' if mark(after) => one_of(VOICED_HALF, dice),
        'ｦ'..='ﾝ' => one_of(HALF, dice),
        '々' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' => {
            if ms932::encode_char(ch).is_some() {
                one_of(KANJI, dice)
            } else if ms932::problem(ch).is_some() {
                ch
            } else {
                one_of(LACKING, dice)
            }
        }
        // A supplementary kanji stays one.
        '\u{20000}'..='\u{2FA1F}' if ms932::problem(ch).is_none() => {
            char::from_u32(0x2_0100 + dice.below(0x1000)).unwrap_or(ch)
        }
        _ => ch,
    }
}
