//! Nothing personal leaves by default: units in which every personal value is unique go through
//! every kind of damage, every command and every format, and not one of the values comes out.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::process::Command;

use careplan_compare::anonymise::{Anonymiser, Options};
use careplan_compare::{exports, round_trip};
use careplan_fixtures::{Request, generate};
use careplan_judge::baseline::Key;
use careplan_judge::message::Wording;
use careplan_judge::{Finding, Profile, Report};
use careplan_reader::FileHeader;
use careplan_reports::Format;
use careplan_spec::calendar::Month;
use careplan_spec::layout::{Field, Format as Form};
use careplan_spec::other_encoding::OtherEncoding;
use careplan_spec::{FileKind, Lang, Layout, StandardVersion, ms932};

type File = (String, Vec<u8>);

/// A file as a table: cells with their quotes.
#[derive(Clone)]
struct Table {
    name: String,
    layout: &'static Layout,
    rows: Vec<Vec<Vec<u8>>>,
}

impl Table {
    fn file(&self) -> File {
        self.written(b",")
    }

    fn written(&self, delimiter: &[u8]) -> File {
        let mut bytes = Vec::new();
        for row in &self.rows {
            bytes.extend_from_slice(&row.join(delimiter));
            bytes.extend_from_slice(b"\r\n");
        }
        (self.name.clone(), bytes)
    }

    /// The same with every row changed.
    fn with(&self, change: impl Fn(&mut Vec<Vec<u8>>)) -> Self {
        let mut table = self.clone();
        table.rows.iter_mut().for_each(change);
        table
    }
}

/// Makes every personal value unique, and remembers what it made.
#[derive(Default)]
struct Marks {
    /// By format and old value: the same person keeps one number in all files.
    made: BTreeMap<(String, Vec<u8>), String>,
    searched: Vec<Vec<String>>,
}

impl Marks {
    fn mark(&mut self, field: &Field, old: &[u8]) -> Vec<u8> {
        let format = match field.format {
            Form::FreeText if field.constant.contains("KANA") => "kana",
            other => other.id(),
        };
        let number = self.made.len() as u32;
        let mark = self.made.entry((format.to_owned(), old.to_vec())).or_insert_with(|| {
            let letters = |first: u32| -> String {
                // The letters of one mark stand in no sentence of ours in this order.
                let digit = |at: u32| (number * 7919 / 79_u32.pow(at) + 31 * at) % 79;
                (0..6).filter_map(|at| char::from_u32(first + digit(at))).collect()
            };
            match format {
                "insured_number" => format!("04{:08}", 13_570_000 + number * 37),
                "date" => {
                    format!("19{:02}{:02}{:02}", 21 + number % 9, 1 + number % 12, 1 + number % 28)
                }
                "postal_code" => format!("98{}-{:04}", number % 10, 6_000 + number * 7 % 3_000),
                "phone" => format!("09{}-{:04}-{:04}", number % 10, 7_300 + number, 4_100 + number),
                "kana" => letters(0x30A2),
                _ => letters(0x3042),
            }
        });
        ms932::encode(mark).expect("marks are in MS932")
    }

    /// Fails where a mark, or the larger part of one, stands in what was said.
    #[track_caller]
    fn are_not_in(&self, said: &[u8], by: &str) {
        let text = std::str::from_utf8(said).expect("UTF-8");
        for forms in &self.searched {
            for part in forms {
                assert!(
                    !text.contains(part.as_str()),
                    "{by} tells {part}:\n{}",
                    around(text, part)
                );
            }
        }
        let is_obeyed = |byte: &u8| matches!(byte, 0..=8 | 11 | 12 | 14..=31 | 0x7F);
        assert_eq!(
            said.iter().find(|byte| is_obeyed(byte)),
            None,
            "{by} holds a control character"
        );
        for mark in ['\u{85}', '\u{9b}', '\u{202e}', '\u{2066}'] {
            assert!(!text.contains(mark), "{by} holds {mark:?}");
        }
    }

    /// A part of a mark that stands in bytes, however they are written.
    fn found_in(&self, bytes: &[u8]) -> Option<&str> {
        let wide = |join: fn([u8; 2]) -> u16, from: usize| {
            let units = bytes[from.min(bytes.len())..].as_chunks::<2>().0.iter();
            String::from_utf16_lossy(&units.map(|pair| join(*pair)).collect::<Vec<_>>())
        };
        let texts = [
            ms932::decode_lossy(bytes),
            String::from_utf8_lossy(bytes).into_owned(),
            wide(u16::from_le_bytes, 0),
            wide(u16::from_be_bytes, 0),
            OtherEncoding::EucJp.decode(bytes),
        ];
        let parts = self.searched.iter().flatten().map(String::as_str);
        parts.into_iter().find(|part| texts.iter().any(|text| text.contains(part)))
    }

    /// What must not be said of any mark: itself, a good part of it, other ways to write it.
    fn search(&mut self) {
        self.searched = self
            .made
            .iter()
            .map(|((format, _), mark)| match format.as_str() {
                "date" => {
                    let (year, month, day) = (&mark[..4], &mark[4..6], &mark[6..]);
                    vec![
                        mark.clone(),
                        format!("{year}/{month}/{day}"),
                        format!("{year}-{month}-{day}"),
                    ]
                }
                "phone" | "postal_code" => vec![mark.clone(), mark.replace('-', "")],
                "insured_number" => vec![mark[1..].to_owned()],
                _ => vec![mark.chars().take(4).collect(), mark.chars().skip(2).collect()],
            })
            .collect();
    }
}

fn around<'t>(text: &'t str, part: &str) -> &'t str {
    let at = text.find(part).unwrap_or(0);
    let edge = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    &text[edge(at.saturating_sub(300))..edge((at + 300).min(text.len()))]
}

/// The files of a unit with their marks, and those that are no tables.
fn marked(id: &str, marks: &mut Marks) -> (Vec<Table>, Vec<File>) {
    let year = if id.starts_with("V3") { 2024 } else { 2026 };
    let request = Request::new(id, Month::new(year, 6).expect("a month")).expect("a known unit");
    let (mut tables, mut others) = (Vec::new(), Vec::new());
    for file in generate(&request).expect("a unit") {
        let header = FileHeader::of(&file.name, None).expect("a name of the standard");
        let Some(layout) = header.kind.layout(header.version) else {
            others.push((file.name, file.bytes));
            continue;
        };
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).from_reader(file.bytes.as_slice());
        let mut rows = Vec::new();
        for row in reader.byte_records() {
            let row = row.expect("a sound file");
            let cells = layout.fields.iter().zip(&row).map(|(field, value)| {
                let keeps = value.is_empty() || field.format == Form::ImageFileName;
                let value = match field.is_personal() && !keeps {
                    true => marks.mark(field, value),
                    false => value.to_vec(),
                };
                match field.format.is_free_text() && !value.is_empty() {
                    true => [b"\"", &value[..], b"\""].concat(),
                    false => value,
                }
            });
            rows.push(cells.collect());
        }
        tables.push(Table { name: file.name, layout, rows });
    }
    marks.search();
    assert!(marks.made.len() > 3, "{id} has people");
    (tables, others)
}

/// What happens to exports, each done to one table: name of the damage and the file.
fn damages(table: &Table) -> Vec<(String, File)> {
    let columns = table.layout.columns();
    let mut all = vec![("nothing".to_owned(), table.file())];
    let mut add = |what: String, file: File| all.push((what, file));
    for at in [0, 1, 3, columns / 2] {
        let one_more = table.with(|row| row.insert(at, Vec::new()));
        add(format!("one column more at {at}"), one_more.file());
        let one_less = table.with(|row| drop(row.remove(at)));
        add(format!("one column less at {at}"), one_less.file());
        let right = table.with(|row| row[at..].rotate_right(1));
        add(format!("shifted to the right from {at}"), right.file());
        let left = table.with(|row| row[at..].rotate_left(1));
        add(format!("shifted to the left from {at}"), left.file());
    }
    add("turned round".to_owned(), table.with(|row| row.reverse()).file());
    for delimiter in [&b"\t"[..], b";", b"|", b" , "] {
        add(format!("parted by {delimiter:?}"), table.written(delimiter));
    }
    let mut only_one = table.clone();
    if let [first, ..] = &mut only_one.rows[..] {
        first.rotate_right(1);
    }
    add("the first record shifted".to_owned(), only_one.file());
    let (name, whole) = table.file();
    for part in [3, 5, 7] {
        let cut = whole[..whole.len() * part / 8].to_vec();
        add(format!("cut at {part}/8"), (name.clone(), cut));
    }
    let titles: Vec<&str> = table.layout.fields.iter().map(|field| field.name).collect();
    let heading = ms932::encode(&(titles.join(",") + "\r\n")).expect("names of items");
    add("a heading".to_owned(), (name.clone(), [&heading, &whole[..]].concat()));
    for nth in [0, 1, 2] {
        let mut quotes = whole.iter().enumerate().filter(|(_, byte)| **byte == b'"');
        if let Some((at, _)) = quotes.nth(nth) {
            let mut bytes = whole.clone();
            bytes.remove(at);
            add(format!("without quote {nth}"), (name.clone(), bytes.clone()));
            bytes.splice(at..at, *b"\"x\"\"");
            add(format!("quotes inside at {nth}"), (name.clone(), bytes));
        }
    }
    let bare: Vec<u8> = whole.iter().copied().filter(|byte| *byte != b'"').collect();
    add("without quotes".to_owned(), (name.clone(), bare));
    let text = ms932::decode(&whole).expect("MS932");
    add("in UTF-8".to_owned(), (name.clone(), text.clone().into_bytes()));
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    add("in UTF-16".to_owned(), (name.clone(), wide));
    let mut escapes = table.clone();
    if let [.., last] = &mut escapes.rows[..] {
        let mut titled = last.clone();
        titled[0] = [&last[2][..], b"\x1B[31m\x07"].concat();
        last[1].extend_from_slice(b"\x1B]0;x\x07");
        escapes.rows.push(titled);
    }
    add("escapes and a person in column 1".to_owned(), escapes.file());
    for kind in [FileKind::Upplan, FileKind::Uphosoku, FileKind::Up1kyo, FileKind::Upjsk] {
        let own = table.layout.kind.prefix();
        let of_version =
            if table.layout.version == StandardVersion::V3 { "_202406" } else { "_202606" };
        let month = if kind == FileKind::Up1kyo { "" } else { of_version };
        let rest = name[own.len()..].replacen(of_version, "", 1);
        add(format!("called {kind:?}"), (format!("{}{month}{rest}", kind.prefix()), whole.clone()));
    }
    all
}

/// What reports say about files.
fn reports(marks: &Marks, files: &[File], formats: &[(Format, Lang)], what: &str) -> Report {
    let report = Report::collect(files, &Profile::default());
    for &(format, lang) in formats {
        let wording = Wording { lang, show_values: false };
        let text = careplan_reports::to_string(&report, format, wording);
        marks.are_not_in(text.as_bytes(), &format!("{what}: {}", format.id()));
    }
    report
}

/// Every report about files, every form of them, and what a comparison with `sound` says.
fn say_nothing(marks: &Marks, files: &[File], sound: &[File], lang: Lang, what: &str) {
    let formats = Format::ALL.map(|format| (format, lang));
    let report = reports(marks, files, &formats, what);
    let wording = Wording { lang, show_values: false };
    let options =
        careplan_forms::Options { lang, mask: true, ..careplan_forms::Options::default() };
    let fragment = careplan_forms::fragment(files, &report, &report.profile, &options);
    let page = careplan_forms::page(&fragment, &options);
    marks.are_not_in(page.as_bytes(), &format!("{what}: render"));
    let difference = exports::compare(sound, files);
    marks.are_not_in(difference.text(wording, true).as_bytes(), &format!("{what}: diff"));
    let json = difference.json(wording).to_string();
    marks.are_not_in(json.as_bytes(), &format!("{what}: diff as JSON"));
    let comparison = round_trip::compare(sound, files);
    let text = comparison.text(wording, true);
    marks.are_not_in(text.as_bytes(), &format!("{what}: compare"));
    let json = comparison.json(wording).to_string();
    marks.are_not_in(json.as_bytes(), &format!("{what}: compare as JSON"));
    let page = round_trip::page(sound, &comparison, &options);
    marks.are_not_in(page.as_bytes(), &format!("{what}: compare as HTML"));
}

#[test]
fn no_damage_makes_a_report_a_form_or_a_comparison_tell_a_value_of_a_person() {
    for (id, lang) in [("K1", Lang::Ja), ("K2", Lang::En), ("Y3", Lang::Ja), ("V3-1", Lang::En)] {
        let mut marks = Marks::default();
        let (tables, others) = marked(id, &mut marks);
        let damaged: Vec<Vec<(String, File)>> = tables.iter().map(damages).collect();
        let sound: Vec<File> =
            tables.iter().map(Table::file).chain(others.iter().cloned()).collect();
        let fewest = damaged.iter().map(Vec::len).min().expect("tables");
        // Each of them alone, then all at once, as one wrong setting does it.
        let alone = if id.starts_with('K') { tables.len() } else { 0 };
        for (at, table) in tables.iter().enumerate().take(alone) {
            for (what, file) in &damaged[at] {
                let mut files = sound.clone();
                files[at] = file.clone();
                let what = format!("{id} {:?} {what}", table.layout.kind);
                let formats = [(Format::Text, lang), (Format::Json, lang)];
                reports(&marks, &files, &formats, &what);
            }
        }
        for nth in 0..fewest {
            let files: Vec<File> = damaged.iter().map(|files| files[nth].1.clone()).collect();
            let what = format!("{id} {} and the like", damaged[0][nth].0);
            // Forms and comparisons take longer; every second damage is enough for them.
            if nth % 2 == 0 || id == "Y3" {
                say_nothing(&marks, &files, &sound, lang, &what);
            } else {
                reports(&marks, &files, &[(Format::Text, lang), (Format::Json, lang)], &what);
            }
        }
    }
}

#[test]
fn no_two_columns_that_are_swapped_tell_a_value_of_a_person() {
    for (id, lang) in [("K1", Lang::Ja), ("K2", Lang::En)] {
        let mut marks = Marks::default();
        let (tables, _) = marked(id, &mut marks);
        for mut table in tables {
            table.rows.truncate(3);
            let fields = table.layout.fields;
            for personal in (0..fields.len()).filter(|&at| fields[at].is_personal()) {
                for other in (0..fields.len()).filter(|&at| !fields[at].is_personal()) {
                    let swapped = table.with(|row| row.swap(personal, other));
                    let what = format!("{id} {:?} {personal} and {other}", table.layout.kind);
                    reports(&marks, &[swapped.file()], &[(Format::Text, lang)], &what);
                }
            }
        }
    }
}

/// The program in a folder of its own: how it ended, and everything it said.
fn said_by(folder: &Path, arguments: &[&str]) -> (Option<i32>, Vec<u8>) {
    let output = Command::new(env!("CARGO_BIN_EXE_careplan-conformance"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("CAREPLAN_LANG")
        .output()
        .expect("the program starts");
    (output.status.code(), [output.stdout, output.stderr].concat())
}

#[test]
fn no_command_tells_a_value_of_a_person_on_any_way_out() {
    let mut marks = Marks::default();
    let (tables, _) = marked("K2", &mut marks);
    let here = tempfile::tempdir().expect("a temporary folder");
    let put = |folder: &str, files: &[File]| {
        let folder = here.path().join(folder);
        fs::create_dir_all(&folder).expect("a new folder");
        for (name, bytes) in files {
            fs::write(folder.join(name), bytes).expect("a new file");
        }
    };
    let sound: Vec<File> = tables.iter().map(Table::file).collect();
    put("sound", &sound);
    let wanted = ["shifted to the right from 3", "in UTF-8", "escapes and a person in column 1"];
    for damage in wanted {
        let of = |table: &Table| damages(table).into_iter().find(|(what, _)| what == damage);
        let files: Vec<File> = tables.iter().filter_map(|table| Some(of(table)?.1)).collect();
        assert_eq!(files.len(), tables.len(), "{damage}");
        let _ = fs::remove_dir_all(here.path().join("bad"));
        put("bad", &files);
        #[cfg(unix)]
        fs::write(here.path().join("bad/UPPLAN_\u{1b}[31m\u{202e}.CSV"), "x").expect("a new file");
        let reports: Vec<String> =
            Format::ALL.iter().map(|format| format!("{0}=out.{0}", format.id())).collect();
        let mut check = vec!["check", "bad", "--all", "--write-baseline", "out.known"];
        reports.iter().for_each(|report| check.extend(["--report", report.as_str()]));
        check.extend(["--report", "xlsx=out.xlsx"]);
        let runs: [&[&str]; 9] = [
            &check,
            &["check", "bad", "--statistics"],
            &["--lang", "en", "check", "bad", "--color", "never", "--profile", "relay"],
            &["fix", "bad", "--out", "fixed"],
            &["fix", "bad", "--diff"],
            &["render", "bad", "--mask", "--out", "out.form", "--force"],
            &[
                "compare",
                "sound",
                "bad",
                "--all",
                "--report",
                "json=out.c",
                "--report",
                "html=out.d",
            ],
            &["diff", "sound", "bad", "--all", "--report", "text=out.e", "--report", "json=out.f"],
            &["--lang", "en", "diff", "bad", "sound"],
        ];
        for arguments in runs {
            let (code, said) = said_by(here.path(), arguments);
            assert!(matches!(code, Some(0 | 1)), "{arguments:?}: {code:?}");
            marks.are_not_in(&said, &format!("{damage}: {arguments:?}"));
        }
        let mut files = 0;
        for entry in fs::read_dir(here.path()).expect("the folder") {
            let path = entry.expect("an entry").path();
            if path.is_file() {
                files += 1;
                let said = fs::read(&path).expect("a file");
                let is_book = path.extension().is_some_and(|ending| ending == "xlsx");
                let said = if is_book { parts_of(&said) } else { said };
                marks.are_not_in(&said, &format!("{damage}: {}", path.display()));
            }
        }
        assert!(files >= Format::ALL.len() + 6, "every way out is a file: {files}");
    }
}

/// The texts of a workbook.
fn parts_of(book: &[u8]) -> Vec<u8> {
    let mut parts = zip::ZipArchive::new(Cursor::new(book)).expect("a workbook is a ZIP");
    let mut all = Vec::new();
    for at in 0..parts.len() {
        parts.by_index(at).expect("a part").read_to_end(&mut all).expect("it is whole");
    }
    assert!(all.len() > book.len(), "there is something to look at");
    all
}

#[test]
fn a_watched_folder_tells_no_value_of_a_person_before_or_after_a_change() {
    let mut marks = Marks::default();
    let (tables, _) = marked("K1", &mut marks);
    let here = tempfile::tempdir().expect("a temporary folder");
    let folder = here.path().join("bad");
    fs::create_dir(&folder).expect("a new folder");
    let put = |damage: &str| {
        for table in &tables {
            let of = damages(table).into_iter().find(|(what, _)| what == damage);
            let (name, bytes) = of.expect("a damage").1;
            fs::write(folder.join(name), bytes).expect("a new file");
        }
    };
    put("shifted to the right from 3");
    let out = here.path().join("out");
    let file = fs::File::create(&out).expect("a new file");
    let mut child = Command::new(env!("CARGO_BIN_EXE_careplan-conformance"))
        .args(["--lang", "en", "check", "bad", "--watch", "--all"])
        .current_dir(here.path())
        .env_remove("CAREPLAN_LANG")
        .stderr(file.try_clone().expect("the same file"))
        .stdout(file)
        .spawn()
        .expect("the program starts");
    // It ends by nothing but a signal: what it says is waited for.
    let mut said = Vec::new();
    for run in 1..=2 {
        let mut looked = 0;
        while String::from_utf8_lossy(&said).matches("\nrejected").count() < run {
            looked += 1;
            assert!(looked < 6000, "{}", String::from_utf8_lossy(&said));
            assert_eq!(child.try_wait().expect("a child"), None, "it goes on watching");
            std::thread::sleep(std::time::Duration::from_millis(20));
            said = fs::read(&out).expect("the file");
        }
        put("in UTF-8");
    }
    child.kill().expect("it runs");
    child.wait().expect("a child");
    marks.are_not_in(&said, "--watch");
}

#[test]
fn a_rehearsal_tells_no_value_of_a_person_of_what_was_handed_in() {
    let mut marks = Marks::default();
    let here = tempfile::tempdir().expect("a temporary folder");
    let now = ["--now", "2026-11-21T10:00:00+09:00"];
    let run =
        |arguments: &[&str]| said_by(here.path(), &[&["rehearse"], arguments, &now[..]].concat());
    let (code, said) = run(&["init", "t", "--month", "2026-06"]);
    assert_eq!(code, Some(0), "{}", String::from_utf8_lossy(&said));
    let plan = fs::read_to_string(here.path().join("t/rehearsal.toml")).expect("the plan");
    let setup = careplan_rehearsal::Setup::parse(&plan).expect("a good plan");
    let (tables, _) = marked("K2", &mut marks);
    let kinds = ["nothing", "shifted to the right from 3", "one column less at 3", "in UTF-8"];
    let mut handed_in = 0;
    for (item, damage) in setup.items().zip(kinds.iter().cycle()) {
        let folder = match item.side {
            careplan_rehearsal::Side::Writes => "exports",
            careplan_rehearsal::Side::Reads => "returned",
        };
        let folder = here.path().join("t").join(folder).join(&item.id);
        fs::create_dir_all(&folder).expect("a new folder");
        for table in &tables {
            let of = damages(table).into_iter().find(|(what, _)| what == damage);
            let (name, bytes) = of.expect("a damage").1;
            fs::write(folder.join(name), bytes).expect("a new file");
            handed_in += 1;
        }
    }
    assert!(handed_in > 20, "{handed_in}");
    for arguments in [&["run", "t"][..], &["status", "t"], &["report", "t", "--out", "t/report"]] {
        let (code, said) = run(arguments);
        assert!(matches!(code, Some(0 | 1 | 4)), "{arguments:?}: {code:?}");
        marks.are_not_in(&said, &format!("{arguments:?}"));
    }
    let mut written = 0;
    for folder in ["t/evidence", "t/report"] {
        for path in files_below(&here.path().join(folder)) {
            let said = fs::read(&path).expect("a file");
            marks.are_not_in(&said, &path.display().to_string());
            written += 1;
        }
    }
    assert!(written >= 3, "results and a report: {written}");
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

/// What rules find where, as far as they look at what anonymising may not change.
fn places(files: &[File]) -> Vec<String> {
    let report = Report::collect(files, &Profile::default());
    let place = |finding: &Finding| {
        let (file, at, severity) = (finding.file, finding.at, finding.severity.id());
        let field = finding.field.map(|field| field.no);
        format!("{file:?} {} {severity} {} {} {field:?}", finding.rule.code, at.record, at.line)
    };
    let mut places: Vec<String> = report.findings.iter().map(place).collect();
    places.sort();
    places
}

#[test]
fn what_was_made_anonymous_tells_no_value_of_a_person_and_has_the_same_defects() {
    let mut others = Vec::new();
    for id in ["K1", "K2", "Y3"] {
        let mut marks = Marks::default();
        let (tables, _) = marked(id, &mut marks);
        let damaged: Vec<Vec<(String, File)>> = tables.iter().map(damages).collect();
        let fewest = damaged.iter().map(Vec::len).min().expect("tables");
        // Every damage to one unit; the others are for what only they hold.
        let step = if id == "K2" { 1 } else { 3 };
        for nth in (0..fewest).step_by(step) {
            let what = format!("{id} {} and the like", damaged[0][nth].0);
            let mut files: Vec<File> = damaged.iter().map(|files| files[nth].1.clone()).collect();
            // As a converter leaves them that stops in the middle.
            if nth == 1 {
                for (_, bytes) in &mut files {
                    let at = bytes.len() / 2;
                    let rest = ms932::decode_lossy(&bytes.split_off(at));
                    bytes.extend_from_slice(rest.as_bytes());
                }
            }
            let mut anonymiser = Anonymiser::new(Key::new([3; 32]), Options::default());
            files.iter().for_each(|(name, bytes)| anonymiser.learn(name, bytes));
            anonymiser.learnt();
            let mut shared = Vec::new();
            assert!(files.iter().any(|(_, bytes)| marks.found_in(bytes).is_some()), "{what}");
            for (name, bytes) in &files {
                let one = anonymiser.file(name, bytes).expect("a file of the standard");
                assert_eq!(marks.found_in(&one.bytes), None, "{what}: {name}");
                shared.push((anonymiser.name(name), one.bytes));
            }
            let (before, after) = (places(&files), places(&shared));
            let differs = |one: &[String], other: &[String]| {
                one.iter().find(|place| !other.contains(place)).cloned()
            };
            if before != after {
                let lost = differs(&before, &after);
                others.push(format!("{what}: lost {lost:?}, new {:?}", differs(&after, &before)));
            }
        }
    }
    assert!(others.is_empty(), "{} have other findings: {others:#?}", others.len());
}
