//! Whatever was named and could not be found, opened or read to its end ends in 3, whatever good
//! stands beside it; what a desktop leaves lying about costs nobody anything.

use std::fs;
use std::io::Write;

use careplan_fixtures::generate;
use zip::write::SimpleFileOptions;

use super::{JUNE, Request, RunFolder, file_of};

/// Entries of a ZIP: names and bytes.
fn zip(here: &RunFolder, name: &str, entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).expect("started");
        zip.write_all(bytes).expect("written");
    }
    let bytes = zip.finish().expect("finished").into_inner();
    fs::write(here.path().join(name), &bytes).expect("written");
    bytes
}

/// Every command about `bad` beside a good unit, in both languages: 3, and the sentence.
#[track_caller]
fn is_never_a_pass(here: &RunFolder, bad: &str, ja: &str, en: &str) {
    here.unit("K2", "good");
    for (lang, sentence) in [("ja", ja), ("en", en)] {
        for arguments in [
            &["check", "good", bad][..],
            &["check", bad, "good"],
            &["fix", "good", bad, "--diff"],
            &["render", bad, "good", "--out", "-"],
            &["compare", "good", bad],
            &["compare", bad, "good"],
        ] {
            let ran = here.run(&[&["--lang", lang][..], arguments].concat()).exits(3);
            let said = ran.out() + &ran.err();
            assert!(said.contains(sentence), "{arguments:?} does not say {sentence}:\n{said}");
        }
    }
    let report = here.run(&["check", "good", bad, "--report", "json"]).exits(3).json();
    assert_eq!(report["verdict"], "rejected");
}

#[test]
fn what_is_not_there() {
    let here = RunFolder::new();
    for bad in ["nowhere", "no.zip", "good/none.CSV"] {
        is_never_a_pass(&here, bad, "見つかりません", "not found");
    }
    let (ja, en) = ("このパターンに合うファイルがありません", "no file matches this pattern");
    is_never_a_pass(&here, "good/*.TXT", ja, en);
    is_never_a_pass(&here, "nowhere/*.CSV", "見つかりません", "not found");
    is_never_a_pass(&here, "good\u{20}", "見つかりません", "not found");
}

#[test]
fn zips_that_cannot_be_read() {
    let here = RunFolder::new();
    let unit = generate(&Request::new("K2", JUNE).expect("a known unit")).expect("a unit");
    let entries: Vec<(&str, &[u8])> =
        unit.iter().map(|file| (file.name.as_str(), file.bytes.as_slice())).collect();
    let whole = zip(&here, "whole.zip", &entries);
    here.run(&["check", "whole.zip"]).exits(0);

    let (ja, en) = ("ZIPファイルが壊れているか", "the ZIP is damaged or cut short");
    for cut in [0, 10, whole.len() / 2, whole.len() - 1] {
        fs::write(here.path().join("cut.zip"), &whole[..cut]).expect("written");
        is_never_a_pass(&here, "cut.zip", ja, en);
    }
    // A bit of the packed data, and the size that is stated in front of it.
    let mut damaged = whole.clone();
    damaged[30 + entries[0].0.len() + 40] ^= 0x10;
    fs::write(here.path().join("damaged.zip"), &damaged).expect("written");
    is_never_a_pass(&here, "damaged.zip", ja, en);
    fs::write(here.path().join("short.zip"), restate(&whole, |size| size - 1)).expect("written");
    is_never_a_pass(&here, "short.zip", ja, en);

    fs::write(here.path().join("bomb.zip"), restate(&whole, |_| (1 << 30) + 1)).expect("written");
    let (ja, en) = ("大きすぎます（解凍後1 GiBまで）", "too large (at most 1 GiB unpacked)");
    is_never_a_pass(&here, "bomb.zip", ja, en);
    let names: Vec<String> = (0..5).map(|at| format!("memo{at}.txt")).collect();
    let memos: Vec<(&str, &[u8])> =
        names.iter().map(|name| (name.as_str(), b"memo".as_slice())).collect();
    let bomb = restate(&zip(&here, "bombs.zip", &memos), |_| 1 << 30);
    fs::write(here.path().join("bombs.zip"), bomb).expect("written");
    let (ja, en) = ("大きすぎます（解凍後4 GiBまで）", "too large (at most 4 GiB unpacked)");
    is_never_a_pass(&here, "bombs.zip", ja, en);

    // Encrypted, by the bit that says so.
    let mut secret = whole.clone();
    for at in headers(&whole, b"PK\x01\x02") {
        secret[at + 8] |= 1;
    }
    for at in headers(&whole, b"PK\x03\x04") {
        secret[at + 6] |= 1;
    }
    fs::write(here.path().join("secret.zip"), secret).expect("written");
    let (ja, en) = ("パスワード付きのZIPは開けません", "protected by a password");
    is_never_a_pass(&here, "secret.zip", ja, en);

    let (ja, en) = ("ZIPの中の圧縮ファイルは開きません", "an archive inside a ZIP is not opened");
    for inner in ["inner.zip", "送信/Inner.ZIP", "a.lzh", "a.tar.gz"] {
        zip(&here, "outer.zip", &[(inner, &whole), entries[0]]);
        is_never_a_pass(&here, "outer.zip", ja, en);
    }
    fs::write(here.path().join("export.7z"), "7z").expect("written");
    let (ja, en) = ("ZIP以外の圧縮ファイルは開きません", "of archives only ZIPs are opened");
    is_never_a_pass(&here, "export.7z", ja, en);

    // Two entries of one name: the second hides the first.
    let other = entries[0].0.replace("UPPLAN", "UPPLAM");
    assert_ne!(other, entries[0].0, "the first is a plan");
    let twice = zip(&here, "twice.zip", &[(&other, b"x"), entries[0]]);
    let twice: Vec<u8> = replace(&twice, other.as_bytes(), entries[0].0.as_bytes());
    fs::write(here.path().join("twice.zip"), twice).expect("written");
    let (ja, en) = ("同じ名前のファイルが2つあります", "two files of one name");
    is_never_a_pass(&here, "twice.zip", ja, en);
}

/// Where headers of a ZIP begin.
fn headers(zip: &[u8], magic: &[u8]) -> Vec<usize> {
    (0..zip.len().saturating_sub(4)).filter(|&at| zip[at..].starts_with(magic)).collect()
}

/// States another unpacked size of every entry in the directory.
fn restate(zip: &[u8], size: impl Fn(u32) -> u32) -> Vec<u8> {
    let mut out = zip.to_vec();
    for at in headers(zip, b"PK\x01\x02") {
        let place = at + 24..at + 28;
        let stated = u32::from_le_bytes(zip[place.clone()].try_into().expect("four bytes"));
        out[place].copy_from_slice(&size(stated).to_le_bytes());
    }
    out
}

fn replace(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for at in 0..bytes.len() - from.len() {
        if bytes[at..].starts_with(from) {
            out[at..at + to.len()].copy_from_slice(to);
        }
    }
    out
}

#[cfg(unix)]
#[test]
fn what_is_there_and_is_not_followed_or_waited_for() {
    let here = RunFolder::new();
    here.unit("K1", "elsewhere");
    fs::create_dir(here.path().join("linked")).expect("a new folder");
    std::os::unix::fs::symlink("../elsewhere", here.path().join("linked/folder")).expect("a link");
    let (ja, en) = ("フォルダーへのリンクはたどりません", "a link to a folder is not followed");
    is_never_a_pass(&here, "linked", ja, en);
    let name = "UPPLAN_202606_4779000118_43_4779000183_11_20260523142515.CSV";
    fs::create_dir(here.path().join("dangling")).expect("a new folder");
    std::os::unix::fs::symlink("gone", here.path().join("dangling").join(name)).expect("a link");
    is_never_a_pass(&here, "dangling", "見つかりません", "not found");
    fs::create_dir(here.path().join("odd")).expect("a new folder");
    let socket = here.path().join("odd").join(name);
    let _open = std::os::unix::net::UnixListener::bind(socket).expect("a socket");
    is_never_a_pass(&here, "odd", "ふつうのファイルではありません", "it is no regular file");
}

#[test]
fn what_a_desktop_leaves_lying_about_is_named_and_costs_nothing() {
    let here = RunFolder::new();
    let folder = here.unit("K2", "good");
    let name = file_of(&folder, "UPPLAN_").file_name().expect("a name").to_owned();
    let name = name.to_string_lossy();
    let left = [
        format!("__MACOSX/._{name}"),
        format!("__MACOSX/{name}"),
        format!("._{name}"),
        format!("~${name}"),
        format!(".~lock.{name}#"),
        "Thumbs.db".to_owned(),
        ".DS_Store".to_owned(),
        "desktop.ini".to_owned(),
        #[cfg(not(windows))]
        format!("{name}:Zone.Identifier"),
    ];
    let noise: &[u8] = b"\x00\x05\x16\x07Mac OS X";
    let mut entries: Vec<(String, Vec<u8>)> = Vec::new();
    for entry in fs::read_dir(&folder).expect("read") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        entries.push((name, fs::read(&path).expect("read")));
    }
    fs::create_dir(folder.join("__MACOSX")).expect("a new folder");
    for name in &left {
        fs::write(folder.join(name), noise).expect("written");
        entries.push((name.clone(), noise.to_vec()));
    }
    let entries: Vec<(&str, &[u8])> =
        entries.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    zip(&here, "good.zip", &entries);
    for given in ["good", "good.zip"] {
        let out = here.run(&["check", given]).exits(0).out();
        let part = if given == "good" { "good/" } else { "good.zip!" };
        for name in &left {
            let line =
                format!("{part}{name}: 検査していません（パソコンが自動で作ったファイルです）");
            assert!(out.contains(&line), "{line} is missing from\n{out}");
        }
        let report = here.run(&["check", given, "--report", "json"]).exits(0).json();
        let files = report["files"].as_array().expect("files");
        let not_checked = files.iter().filter(|file| file["status"] == "not_checked").count();
        assert_eq!(not_checked, left.len(), "{report}");
        let english = here.run(&["--lang", "en", "check", given]).exits(0).out();
        assert!(english.contains("not checked: the desktop left it there"), "{english}");
        here.run(&["fix", given, "--out", "fixed"]).exits(0);
        let fixed = fs::read_dir(here.path().join("fixed")).expect("read").count();
        assert_eq!(fixed, entries.len() - left.len(), "nothing else is written");
        here.run(&["compare", given, "good"]).exits(0);
        here.run(&["render", given, "--out", "page.html", "--force"]).exits(0);
        let page = fs::read_to_string(here.path().join("page.html")).expect("a page");
        assert!(!page.contains("Mac OS X") && !page.contains("Thumbs.db"), "left alone");
    }
    // By itself it is nothing to check.
    here.run(&["check", "good/Thumbs.db"]).exits(3);
}

#[test]
fn a_run_that_is_no_pass_is_an_error_in_reports_for_pipelines_and_their_folders_are_made() {
    let here = RunFolder::new();
    fs::write(here.path().join("notes.txt"), "memo").expect("written");
    let reports = [
        "--report",
        "junit=out/new/a.xml",
        "--report",
        "sarif=out/b.sarif",
        "--report",
        "github=out/c.txt",
        "--report",
        "xlsx=out/books/d.xlsx",
    ];
    let read = |name: &str| fs::read_to_string(here.path().join("out").join(name)).expect(name);
    let sarif = || -> serde_json::Value { serde_json::from_str(&read("b.sarif")).expect("JSON") };
    // Nothing to check, and something that is not there.
    for (path, kind, said) in [
        ("notes.txt", "nothing-to-check", "検査できるファイルがありません"),
        ("missing", "unreadable", "見つかりません"),
    ] {
        here.run(&[&["check", path], &reports[..]].concat()).exits(3);
        let junit = read("new/a.xml");
        assert!(junit.contains("errors=\"1\"") && junit.contains(kind), "{path}: {junit}");
        assert!(junit.contains(said), "{path}: {junit}");
        let run = &sarif()["runs"][0]["invocations"][0];
        assert_eq!(run["executionSuccessful"], false, "{path}");
        let text = run["toolExecutionNotifications"][0]["message"]["text"].as_str();
        assert!(text.is_some_and(|text| text.contains(said)), "{path}: {run}");
        let github = read("c.txt");
        let line = github.lines().find(|line| line.starts_with("::error"));
        assert!(line.is_some_and(|line| line.contains(said)), "{path}: {github}");
        assert!(here.path().join("out/books/d.xlsx").is_file());
    }
    here.unit("K1", "good");
    here.run(&[&["check", "good"], &reports[..]].concat()).exits(0);
    assert!(read("new/a.xml").contains("errors=\"0\""));
    assert_eq!(sarif()["runs"][0]["invocations"][0]["executionSuccessful"], true);
    assert!(!read("c.txt").contains("::error"));
    // Comparisons and forms go where they are sent, too.
    here.run(&["compare", "good", "good", "--report", "json=new/x/c.json"]).exits(0);
    here.run(&["render", "good", "--out", "new/y/form.html"]).exits(0);
    for name in ["new/x/c.json", "new/y/form.html"] {
        assert!(here.path().join(name).is_file(), "{name}");
    }
}
