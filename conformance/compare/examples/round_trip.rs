//! Compares two folders of exports, what was given and what came back:
//! `cargo run -p careplan-compare --example round_trip -- GIVEN RETURNED`

use std::io;
use std::path::Path;

use careplan_compare::round_trip::{self, Grade};
use careplan_judge::message::Wording;
use careplan_spec::Lang;

fn folder(path: &Path) -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            let name = entry.file_name().to_string_lossy().into_owned();
            files.push((name, std::fs::read(entry.path())?));
        }
    }
    files.sort();
    Ok(files)
}

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [given, returned] = arguments.as_slice() else {
        eprintln!("round_trip GIVEN RETURNED");
        return Ok(());
    };
    let comparison = round_trip::compare(&folder(given.as_ref())?, &folder(returned.as_ref())?);
    let wording = Wording { lang: Lang::Ja, show_values: false };
    for difference in comparison.differences.iter().filter(|one| one.grade != Grade::Free) {
        println!("{} {}", difference.grade.label().ja, difference.explanation(wording));
    }
    println!("{}", comparison.verdict().label().ja);
    Ok(())
}
