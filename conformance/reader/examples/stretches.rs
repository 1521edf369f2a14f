//! Shows what files are made of: `cargo run -p careplan-reader --example stretches -- FILE…`

use std::fs::File;

use careplan_reader::{FileHeader, Options, Reader, Stretch};
use careplan_spec::file_name::base_name;

fn main() -> std::io::Result<()> {
    for path in std::env::args().skip(1) {
        let Ok(header) = FileHeader::of(base_name(&path), None) else {
            println!("{path}: no name of the standard");
            continue;
        };
        let options = Options { max_record: 1 << 20, as_of: None };
        let mut reader = Reader::new(header, File::open(&path)?, options);
        while let Some(stretch) = reader.next_stretch()? {
            match stretch {
                Stretch::Record(record) if record.defect.is_none() => {
                    println!("{}: {} fields", record.at.record, record.fields.len());
                }
                Stretch::Record(record) => println!("{}: {:?}", record.at.record, record.defect),
                Stretch::Broken(record) => println!("{}: broken quotes", record.at.record),
                Stretch::TooLong { at, .. } => println!("{}: too long", at.record),
                Stretch::OtherDelimiter { name, .. } => println!("parted by {}", name.en),
                Stretch::Beginning(_)
                | Stretch::Heading(_)
                | Stretch::Blank { .. }
                | Stretch::EndMark { .. } => {}
            }
        }
    }
    Ok(())
}
