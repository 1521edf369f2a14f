//! `anonymise`: what is written where, and what never is.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;

use careplan_spec::ms932;

use super::RunFolder;

/// Every file below a folder, by its path from there; the entries of ZIPs too.
fn below(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() {
            let inside = below(&path).into_iter();
            files.extend(inside.map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)));
        } else if name.ends_with(".zip") {
            let mut zip =
                zip::ZipArchive::new(fs::File::open(&path).expect("opened")).expect("ZIP");
            for at in 0..zip.len() {
                let mut entry = zip.by_index(at).expect("an entry");
                let mut bytes = Vec::new();
                entry.read_to_end(&mut bytes).expect("read");
                files.insert(format!("{name}!{}", entry.name().expect("a name")), bytes);
            }
        } else {
            files.insert(name, fs::read(&path).expect("read"));
        }
    }
    files
}

/// A folder with a valid unit and a key, so that every run invents the same people.
fn with_unit(id: &str) -> (RunFolder, BTreeMap<String, Vec<u8>>) {
    let here = RunFolder::new();
    let files = below(&here.unit(id, "good"));
    fs::write(here.path().join("secret"), "5a".repeat(32)).expect("written");
    (here, files)
}

#[test]
fn a_folder_is_written_anew_with_other_people_and_offices() {
    let (here, sound) = with_unit("K2");
    fs::write(here.path().join("good/memo.txt"), "memo").expect("written");
    let before = below(&here.path().join("good"));
    let arguments = ["anonymise", "good", "--out", "new/shared", "--key", "secret"];
    let ran = here.run(&[&["--lang", "en"], &arguments[..]].concat()).exits(0);
    let said = ran.out();
    assert!(said.contains(&format!("new/shared: {} files written", sound.len())), "{said}");
    assert!(said.contains("checked again: the same findings"), "{said}");
    assert!(said.contains("memo.txt: its name is none of the standard's"), "{said}");
    assert_eq!(below(&here.path().join("good")), before, "the originals");
    let after = below(&here.path().join("new/shared"));
    assert_eq!(after.len(), before.len() - 1);
    for (name, bytes) in &after {
        let kind = name.split('_').next().expect("a kind");
        let (old, original) = before.iter().find(|(old, _)| old.starts_with(kind)).expect("it");
        assert!(name.len() == old.len() && name != old, "{name}");
        assert_eq!(bytes.len(), original.len(), "{name}");
        let text = ms932::decode(bytes).expect("MS932");
        for office in old.split('_').filter(|part| part.len() == 10) {
            assert!(!name.contains(office) && !text.contains(office), "{name} tells {office}");
        }
        let lines = |bytes: &[u8]| bytes.windows(2).filter(|pair| pair == b"\r\n").count();
        assert_eq!(lines(bytes), lines(original), "{name}");
    }
    here.run(&["check", "new/shared"]).exits(0);
    #[cfg(unix)]
    for entry in fs::read_dir(here.path().join("new/shared")).expect("the folder") {
        use std::os::unix::fs::PermissionsExt;
        let mode = entry.expect("an entry").metadata().expect("its data").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let left = fs::read_dir(here.path().join("new")).expect("the folder").count();
    assert_eq!(left, 1, "nothing but what was asked for");
}

#[test]
fn a_key_makes_the_same_people_again_and_another_makes_others() {
    let (here, before) = with_unit("K1");
    for out in ["a", "b"] {
        here.run(&["anonymize", "good", "--out", out, "--key", "made", "--quiet"]).exits(0);
    }
    let key = fs::read_to_string(here.path().join("made")).expect("a key was made");
    here.run(&["anonymise", "good", "--out", "c", "--key", "secret", "--keep-offices"]).exits(0);
    let [a, b, c] = ["a", "b", "c"].map(|folder| below(&here.path().join(folder)));
    assert_eq!(a, b);
    assert!(a.values().all(|bytes| !bytes.windows(64).any(|part| part == key.trim().as_bytes())));
    assert!(c.keys().eq(before.keys()), "the offices stay");
    assert!(c.values().zip(before.values()).all(|(new, old)| new != old));
}

#[test]
fn a_zip_stays_one() {
    let (here, files) = with_unit("K2");
    let mut zip =
        zip::ZipWriter::new(fs::File::create(here.path().join("4779000118.zip")).expect("created"));
    for (name, bytes) in &files {
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(format!("6月/{name}"), options).expect("started");
        std::io::Write::write_all(&mut zip, bytes).expect("written");
    }
    zip.finish().expect("finished");
    here.run(&["anonymise", "4779000118.zip", "--out", "shared", "--key", "secret"]).exits(0);
    let shared = below(&here.path().join("shared"));
    assert_eq!(shared.len(), files.len());
    for name in shared.keys() {
        assert!(name.contains(".zip!6月/UP") && !name.contains("4779000118"), "{name}");
    }
}

#[test]
fn nothing_is_written_over_anything_or_into_what_is_read() {
    let (here, before) = with_unit("K2");
    fs::create_dir(here.path().join("there")).expect("created");
    for (out, said) in [("there", "it exists"), ("good", "it exists"), ("good/new", "outside")] {
        let ran = here.run(&["anonymise", "good", "--out", out]).exits(2);
        assert!(ran.err().contains(said), "{out}: {}", ran.err());
    }
    let twice = here.run(&["anonymise", "good", "good", "--out", "new"]).exits(2);
    assert!(twice.err().contains("the name occurs twice"), "{}", twice.err());
    assert!(!here.path().join("new").exists());
    let left: Vec<_> = fs::read_dir(here.path()).expect("the folder").flatten().collect();
    assert_eq!(left.len(), 3, "no half of anything is left: {left:?}");
    assert_eq!(below(&here.path().join("good")), before);
}

#[test]
fn what_cannot_be_read_is_never_a_pass() {
    let (here, files) = with_unit("K2");
    fs::write(here.path().join("memo.txt"), "memo").expect("written");
    let key = ["--key", "secret"];
    let here_run = |arguments: &[&str]| here.run(&[arguments, &key].concat());
    let ran = here_run(&["anonymise", "good", "nowhere", "--out", "shared"]).exits(3);
    assert!(ran.err().contains("nowhere: 見つかりません"), "{}", ran.err());
    assert_eq!(below(&here.path().join("shared")).len(), files.len());
    here_run(&["anonymise", "memo.txt", "--out", "none"]).exits(3);
    assert!(!here.path().join("none").exists());
    let report = here_run(&["anonymise", "good", "--out", "more", "--report", "json"]).exits(0);
    let report = report.json();
    let expected = (&files.len().into(), &true.into());
    assert_eq!((&report["files"], &report["same_findings"]), expected);
}
