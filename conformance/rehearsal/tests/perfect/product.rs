//! A perfect product: it writes what the fixtures write, and what it reads it writes again in a
//! style of its own.

use careplan_rehearsal::Setup;
use careplan_rehearsal::case::{self, CaseFile};
use careplan_rehearsal::catalogue::{Item, Leaves};
use careplan_spec::file_name::{self, Reading};

/// What the product exports for an exercise.
pub(crate) fn export(setup: &Setup, item: &Item) -> Vec<(String, Vec<u8>)> {
    case::files(setup, item).into_iter().map(|file| (file.name, file.bytes)).collect()
}

/// What the product exports again once it has imported the kit: newer files replaced older ones,
/// deletions were carried out, every value is quoted, and the sequence is a new one.
pub(crate) fn import_and_export(item: &Item, kit: &[CaseFile]) -> Vec<(String, Vec<u8>)> {
    let last = item.units.len() - 1;
    kit.iter()
        .filter(|file| match item.leaves {
            Leaves::Everything => true,
            Leaves::LastUnit => file.unit == last,
            Leaves::Nothing => false,
        })
        .map(|file| (renamed(&file.name, file.unit), rewritten(&file.name, &file.bytes, file.unit)))
        .collect()
}

/// The sequence under which a unit is exported again.
fn sequence(unit: usize) -> String {
    format!("202612011230{unit:02}")
}

fn renamed(name: &str, unit: usize) -> String {
    let Reading::Standard { name, .. } = file_name::read(name) else {
        panic!("{name} is no name of the standard");
    };
    let mut renamed = name;
    renamed.sequence = sequence(unit).as_bytes().try_into().expect("fourteen digits");
    renamed.compose()
}

/// Every value quoted, CR LF; names of images follow the new sequence.
fn rewritten(name: &str, bytes: &[u8], unit: usize) -> Vec<u8> {
    if !name.ends_with(".CSV") {
        return bytes.to_vec();
    }
    let Reading::Standard { name, .. } = file_name::read(name) else { panic!("a standard name") };
    let old = String::from_utf8(name.sequence.to_vec()).expect("digits");
    let mut writer = csv::WriterBuilder::new()
        .quote_style(csv::QuoteStyle::Always)
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
    for record in reader.byte_records() {
        let record = record.expect("the kit is right");
        let values = record.iter().map(|value| {
            if value.starts_with(b"UPKIHON_IMAGE_") {
                let text = std::str::from_utf8(value).expect("ASCII");
                text.replace(&old, &sequence(unit)).into_bytes()
            } else {
                value.to_vec()
            }
        });
        writer.write_record(values).expect("memory");
    }
    writer.into_inner().expect("memory")
}
