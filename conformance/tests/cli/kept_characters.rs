//! `fix` never writes a file with a character it could not keep.

use std::fs;

use careplan_spec::ms932;

use super::{RunFolder, file_of};

#[test]
fn a_file_with_characters_that_ms932_has_not_is_not_written_and_they_are_named() {
    let here = RunFolder::new();
    let folder = here.unit("K1", "in");
    let file = file_of(&folder, "UP2KYO_");
    let name = file.file_name().expect("a name").to_owned();
    let text = ms932::decode(&fs::read(&file).expect("read")).expect("units are MS932");
    let at = text.find('"').expect("a text") + 1;
    let lossy = format!("{}𠮷と鷗と𠮷{}", &text[..at], &text[at..]);
    fs::write(&file, &lossy).expect("written");
    let ran = here.run(&["fix", "in", "--out", "out"]).exits(1);
    let column = 1 + text[..at].chars().count();
    for (ch, code, at) in [("𠮷", "20BB7", 0), ("鷗", "9DD7", 2), ("𠮷", "20BB7", 4)] {
        let line = format!("1行目 {}文字目：{ch}（U+{code}）", column + at);
        assert!(ran.out().contains(&line), "{line} is missing from\n{}", ran.out());
    }
    assert!(ran.out().contains("書き出していません"), "{}", ran.out());
    assert!(!here.path().join("out").join(&name).exists(), "nothing is written of it");
    let others = fs::read_dir(here.path().join("out")).expect("read").count();
    assert_eq!(others, 3, "the other files are");
    let english = here.run(&["--lang", "en", "fix", "in", "--diff"]).exits(1).out();
    let line = format!("line 1, character {column}: 𠮷 (U+20BB7)");
    assert!(english.contains("cannot be written") && english.contains(&line), "{english}");
    // One replacement is not enough, two are.
    let one = ["fix", "in", "--out", "out", "--replace", "𠮷=吉"];
    let ran = here.run(&one).exits(1);
    assert!(ran.out().contains("鷗（U+9DD7）") && !ran.out().contains("𠮷（"), "{}", ran.out());
    here.run(&[&one[..], &["--replace", "鷗=鴎"]].concat()).exits(0);
    let fixed = fs::read(here.path().join("out").join(&name)).expect("written now");
    assert_eq!(
        ms932::decode(&fixed).expect("MS932"),
        lossy.replace('𠮷', "吉").replace('鷗', "鴎")
    );
}
