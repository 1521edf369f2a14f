//! Writes the seeds of both targets: `seeds CORPUS [FOLDER]`.
//!
//! The files are those of every labelled mutant and the files below FOLDER, the committed corpus of
//! fixtures. Without FOLDER, generated send units take their place.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use careplan_conformance_fuzz::case::Case;
use careplan_fixtures::request::all_units;
use careplan_fixtures::{GeneratedFile, Request, Richness, generate, mutant};
use careplan_spec::StandardVersion;
use careplan_spec::calendar::Month;

/// The limit of an input, as in `run`.
const LARGEST: usize = 64 * 1024;

type Files = Vec<(String, Vec<u8>)>;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args_os().skip(1).map(PathBuf::from);
    let corpus = args.next().ok_or("usage: seeds CORPUS [FOLDER]")?;
    let mut sets: Vec<Files> = mutant::all().map(|mutant| pairs(mutant.build().0)).collect();
    match args.next() {
        Some(folder) => committed(&folder, &mut sets)?,
        None => generated(&mut sets)?,
    }
    let (checks, names) = (corpus.join("check"), corpus.join("name"));
    fs::create_dir_all(&checks)?;
    fs::create_dir_all(&names)?;
    let mut count = 0;
    for (at, files) in sets.iter().enumerate() {
        // Settings that vary from seed to seed, and never ask for reading in pieces.
        let settings = [at as u8, (at / 3) as u8 & 0x7F];
        let together = Case::write(settings, files);
        for (name, _) in files {
            put(&names, name.as_bytes())?;
        }
        for seed in files.iter().map(|file| Case::write(settings, std::slice::from_ref(file))) {
            count += usize::from(seed.len() <= LARGEST);
            put(&checks, &seed)?;
        }
        put(&checks, &together)?;
    }
    if count == 0 {
        return Err("not a single seed was written".into());
    }
    Ok(())
}

fn pairs(files: Vec<GeneratedFile>) -> Files {
    files.into_iter().map(|file| (file.name, file.bytes)).collect()
}

/// Every folder of the corpus is one set, but for the label that tells what is in it.
fn committed(folder: &Path, sets: &mut Vec<Files>) -> Result<(), Box<dyn Error>> {
    let mut set = Files::new();
    let entries: BTreeMap<PathBuf, bool> = fs::read_dir(folder)?
        .map(|entry| entry.and_then(|entry| Ok((entry.path(), entry.file_type()?.is_dir()))))
        .collect::<Result<_, _>>()?;
    for (path, is_folder) in entries {
        if is_folder {
            committed(&path, sets)?;
        } else if path.extension().is_none_or(|extension| extension != "json") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            set.push((name, fs::read(&path)?));
        }
    }
    if !set.is_empty() {
        sets.push(set);
    }
    Ok(())
}

fn generated(sets: &mut Vec<Files>) -> Result<(), Box<dyn Error>> {
    for unit in all_units() {
        let year = if unit.version == StandardVersion::V3 { 2024 } else { 2026 };
        for richness in [Richness::Plain, Richness::Rich] {
            let month = Month::new(year, 6).ok_or("no such month")?;
            let request = Request::new(unit.id, month)?;
            let files = generate(&Request { richness, people: 2, ..request })?;
            sets.push(pairs(files));
        }
    }
    Ok(())
}

/// Writes a seed that is not too long, under a name that follows from its content.
fn put(folder: &Path, seed: &[u8]) -> std::io::Result<()> {
    if seed.len() > LARGEST {
        return Ok(());
    }
    let mut hasher = DefaultHasher::new();
    seed.hash(&mut hasher);
    fs::write(folder.join(format!("seed-{:016x}", hasher.finish())), seed)
}
