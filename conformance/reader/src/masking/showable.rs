//! Which values of a record may be shown where personal values may not.
//!
//! Masking follows the value, not the column: the commonest fault of an export is a column too many
//! or too few, and then names stand where codes should. A value of a column that is not personal is
//! shown only while it fits the alphabet and the length of that column, and where a record looks
//! shifted, none is.

use careplan_spec::layout::{Field, Format, Layout, Length};
use careplan_spec::{insured_number, office_number};

/// Which values of a record may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Showable {
    /// Bit i: the value of column i.
    cells: u128,
    displaced: bool,
}

/// How many values have to be out of place until all are taken to be.
const SEVERAL: u32 = 2;

impl Showable {
    /// Of a record whose columns cannot be trusted.
    pub const NONE: Self = Self { cells: 0, displaced: true };

    /// Of a record with these values, without their quotes.
    pub fn of<'v>(layout: &Layout, values: impl ExactSizeIterator<Item = &'v [u8]>) -> Self {
        if values.len() != layout.columns() {
            return Self::NONE;
        }
        let (mut cells, mut strangers) = (0, 0);
        for ((at, field), value) in layout.fields.iter().enumerate().zip(values) {
            let weight = if fits(field, value) { 0 } else { strangeness(field) };
            strangers += if field.is_personal() { foreign(field, value) } else { weight };
            if weight == 0 && !field.is_personal() {
                cells |= 1 << at;
            }
        }
        if strangers >= SEVERAL { Self::NONE } else { Self { cells, displaced: false } }
    }

    /// Whether the value of a 0-based column may be shown.
    pub const fn has(self, at: usize) -> bool {
        at < 128 && self.cells & (1 << at) != 0
    }

    /// Whether the record looks shifted: nothing that is made from it may be shown.
    pub const fn is_displaced(self) -> bool {
        self.displaced
    }
}

/// A version that is none says that the columns do not begin where they should.
const fn strangeness(field: &Field) -> u32 {
    if matches!(field.format, Format::CsvVersion) { SEVERAL } else { 1 }
}

/// Whether a value has the alphabet and the length of its column, right or wrong otherwise. An
/// empty one does.
pub fn fits(field: &Field, value: &[u8]) -> bool {
    let of = |most: usize, extra: &[u8]| {
        let is_own = |byte: &u8| byte.is_ascii_digit() || extra.contains(byte);
        value.len() <= most && value.iter().all(is_own)
    };
    let code = |most: usize| value.len() <= most && value.iter().all(u8::is_ascii_alphanumeric);
    let most = match field.length {
        Length::Max(most) => usize::from(most),
        _ => 0,
    };
    value.is_empty()
        || match field.format {
            Format::CsvVersion => {
                value.len() == 6 && value.starts_with(b"20") && of(6, b"") || of(3, b".")
            }
            // Days of the insurance, which is younger than the people in it.
            Format::Month | Format::MonthOrZeros => dated(value, 7),
            Format::Date | Format::DateOrZeros => dated(value, 10),
            Format::Time | Format::TimeOrNines => of(5, b":"),
            Format::InsurerNumber => of(6, b""),
            Format::OfficeNumber | Format::OfficeNumberOrNines => {
                let nines = value.iter().all(|byte| *byte == b'9');
                nines && value.len() <= 10 || is_sound_office(value)
            }
            Format::Nines => value.len() <= 10 && value.iter().all(|byte| *byte == b'9'),
            Format::ServiceKind => code(2),
            Format::ServiceCode | Format::ServiceCodeOrTotal => code(6),
            // 00001-000010: longer than a postal code, with fewer hyphens than a phone number.
            Format::EquipmentCode => {
                let hyphens = value.iter().filter(|byte| **byte == b'-').count();
                value.len() > 9 && hyphens == 1 && of(12, b"-")
            }
            Format::Integer | Format::Decimal => {
                let bare = value.strip_prefix(b"-").unwrap_or(value);
                let digits = bare.iter().filter(|byte| byte.is_ascii_digit()).count();
                digits <= most && !bare.contains(&b'-') && of(most + 3, b",.-")
            }
            Format::SequenceNumber => of(2, b""),
            Format::PerDiemBitmap => {
                value.len() <= 31 && value.iter().all(|byte| matches!(byte, b'0' | b'1'))
            }
            Format::Code(list) => {
                code(list.codes.iter().map(|(code, _)| code.len()).max().unwrap_or(0))
            }
            // A code of any other form could be anybody's number.
            Format::Opaque => code(most.min(5)),
            Format::Unused => false,
            Format::InsuredNumber
            | Format::PostalCode
            | Format::Phone
            | Format::FreeText
            | Format::ImageFileName => false,
        }
}

/// A date or month of this century in any writing, a fixed one, or what a spreadsheet counts.
fn dated(value: &[u8], most: usize) -> bool {
    let plain = value.iter().all(u8::is_ascii_digit);
    let same = value.iter().all(|byte| *byte == value[0]);
    let begins =
        value.len() >= 4 && value.starts_with(b"20") && value[..4].iter().all(u8::is_ascii_digit);
    let own = value.iter().all(|byte| byte.is_ascii_digit() || b"/-.".contains(byte));
    value.len() <= most && (plain && (same || value.len() <= 5) || begins && own)
}

/// A number that some office may have.
fn is_sound_office(value: &[u8]) -> bool {
    office_number::shape_is_valid(value) && office_number::doubt(value).is_none()
}

/// How much a personal value speaks for columns in another order.
fn foreign(field: &Field, value: &[u8]) -> u32 {
    let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
    match field.format {
        _ if value.is_empty() => 0,
        // An office in the place of a person.
        Format::InsuredNumber if is_sound_office(value) => SEVERAL,
        Format::InsuredNumber => {
            let own = value.len() <= 10
                && value.iter().all(|byte| byte.is_ascii_digit() || *byte == b'H');
            u32::from(!own && !insured_number::shape_is_valid(value))
        }
        // Nobody insured was born in this century.
        Format::Date if digits == 8 && value.starts_with(b"20") => SEVERAL,
        Format::Date => u32::from(value.len() > 12 || digits < 4),
        Format::PostalCode | Format::Phone => {
            let most = if field.format == Format::Phone { 16 } else { 8 };
            let own = |byte: &u8| byte.is_ascii_digit() || b"-()+ ".contains(byte);
            u32::from(value.len() > most || !value.iter().all(own))
        }
        // A name or an address is not a long number.
        Format::FreeText => u32::from(value.len() > 5 && digits == value.len()),
        _ => 0,
    }
}
