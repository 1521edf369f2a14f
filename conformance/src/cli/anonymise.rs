//! `anonymise`: a failing export as one that can be shared, in a folder of its own.
//!
//! Everything is written beside the folder that was asked for and checked again; only when it is
//! found to have the same defects does it get its name. Until then, and after any failure, nothing
//! stands there.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::fs::{DirBuilder, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use careplan_compare::anonymise::{Anonymiser, Invented, Options};
use careplan_judge::{Finding, FindingSink, Profile, Summary};
use careplan_reader::contained;
use careplan_spec::file_name::base_name_in_archive;
use careplan_spec::text::visible;
use careplan_spec::{Lang, Text};
use serde_json::json;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::args::AnonymiseArgs;
use super::config::misconfigured;
use super::inputs::archive::Archives;
use super::inputs::{self, Found};
use super::progress::Progress;
use super::{Exit, baseline, complain, parallel, print_bytes, private_file};

/// The largest file that is made anonymous, in bytes: it is held in memory.
const LARGEST: u64 = 256 << 20;
/// How many differences are shown.
const SHOWN: usize = 20;

/// Runs the command.
pub(crate) fn run(args: &AnonymiseArgs, lang: Lang) -> anyhow::Result<Exit> {
    let report = report(args)?;
    refuse(&args.out, &args.paths)?;
    let key = match &args.key {
        Some(path) => baseline::key_in(path)?,
        None => baseline::new_key()?,
    };
    let mut sources = sources(&args.paths)?;
    let mut anonymiser = Anonymiser::new(key, Options { keep_offices: args.keep_offices });
    let mut told = Told::default();
    let total: u64 = sources.iter().map(|source| source.found.size).sum();
    let mut archives = Archives::default();
    let progress = Progress::new(2 * total, args.quiet);
    sources.retain(|source| match read(source, &mut archives, &progress) {
        Ok(bytes) => {
            let name = base_name_in_archive(&source.found.path);
            if contained(|| anonymiser.learn(name, &bytes)).is_none() {
                told.failed.push(source.found.path.clone());
                return false;
            }
            true
        }
        Err(reason) => {
            told.unread.push((source.found.path.clone(), reason));
            false
        }
    });
    anonymiser.learnt();
    let mut stage = Stage::new(&args.out)?;
    let mut written: Vec<(String, Found)> = Vec::new();
    for source in sources {
        let bytes = match read(&source, &mut archives, &progress) {
            Ok(bytes) => bytes,
            Err(reason) => {
                told.unread.push((source.found.path, reason));
                continue;
            }
        };
        let name = base_name_in_archive(&source.found.path);
        let Some(made) = contained(|| anonymiser.file(name, &bytes)) else {
            told.failed.push(source.found.path);
            continue;
        };
        match made {
            Ok(shared) => {
                if let Some(what) = shared.emptied {
                    told.emptied.push((source.found.path.clone(), what.name()));
                }
                let place = stage.write(&source, &mut anonymiser, &shared.bytes)?;
                written.push((place, source.found));
            }
            Err(why) => told.left_out.push((source.found.path, why.text())),
        }
    }
    progress.finish();
    stage.finish()?;
    told.invented = anonymiser.invented();
    told.written = written.len();
    if !written.is_empty() {
        told.differences = differences(&stage, &written, args.quiet, lang)?;
        if told.failed.is_empty() && (told.differences.is_empty() || args.force) {
            stage.keep()?;
            told.is_kept = true;
        }
    }
    for (path, reason) in &told.unread {
        complain(&format!("{path}: {}", reason.get(lang)));
    }
    for path in &told.failed {
        complain(&format!("{path}: 内部エラー / internal error"));
    }
    if let Some(file) = report {
        let text = format!("{:#}\n", told.json());
        super::compare::write_out(file, &text)?;
    }
    if !args.quiet && report != Some("-") {
        print_bytes(told.text(&args.out, lang).as_bytes())?;
    }
    Ok(told.exit())
}

/// Where the JSON report goes.
fn report(args: &AnonymiseArgs) -> anyhow::Result<Option<&str>> {
    let Some(text) = &args.report else { return Ok(None) };
    match text.split_once('=').unwrap_or((text, "-")) {
        ("json", file) => Ok(Some(file)),
        _ => Err(misconfigured(format!("--report {text}: json=FILE"))),
    }
}

/// Nothing is written over anything, or into what is read.
fn refuse(out: &Path, paths: &[PathBuf]) -> anyhow::Result<()> {
    let shown = out.display();
    if out.symlink_metadata().is_ok() {
        return Err(misconfigured(format!(
            "{shown}: すでにあります。新しいフォルダーの名前を指定してください / \
             it exists: name a new folder"
        )));
    }
    let whole = |path: &Path| path.canonicalize().ok();
    let parent = parent(out);
    std::fs::create_dir_all(parent)
        .map_err(|error| misconfigured(format!("{}: {error}", parent.display())))?;
    let parent = whole(parent);
    for path in paths {
        let inside = whole(path)
            .zip(parent.as_ref())
            .is_some_and(|(path, parent)| path.is_dir() && parent.starts_with(path));
        if inside {
            return Err(misconfigured(format!(
                "{shown}: 元のフォルダーの外を指定してください / name a folder outside of what is read"
            )));
        }
    }
    Ok(())
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A file and where it stands below what was named.
struct Source {
    found: Found,
    /// The archive that it is in, from there.
    archive: Option<Vec<String>>,
    /// Folders and name, from there or in the archive.
    path: Vec<String>,
}

fn sources(paths: &[PathBuf]) -> anyhow::Result<Vec<Source>> {
    let parts = |path: &str| -> Vec<String> {
        let parts = path.split(['/', '\\']).filter(|part| !matches!(*part, "" | "." | ".."));
        parts.map(str::to_owned).collect()
    };
    let mut sources = Vec::new();
    for path in paths {
        let root = match path.is_dir() {
            true => visible(&path.display().to_string()).into_owned(),
            false => String::new(),
        };
        for found in inputs::find(std::slice::from_ref(path), None)? {
            if found.is_left_lying() {
                continue;
            }
            let below = |path: &str| match path.strip_prefix(&root) {
                Some(rest) if !root.is_empty() => parts(rest),
                _ => parts(path).pop().into_iter().collect(),
            };
            let archive = found.archive();
            let path = match &archive {
                Some(archive) => parts(found.path.get(archive.len() + 1..).unwrap_or_default()),
                None => below(&found.path),
            };
            sources.push(Source { archive: archive.map(|archive| below(&archive)), path, found });
        }
    }
    Ok(sources)
}

fn read(
    source: &Source,
    archives: &mut Archives,
    progress: &Progress,
) -> Result<Vec<u8>, Text<String>> {
    let bytes = source.found.read(LARGEST, archives)?;
    progress.count(bytes.len() as u64);
    Ok(bytes)
}

/// The folder while it is written, beside the one that was asked for. It is gone when the command
/// ends before it is kept.
struct Stage {
    folder: PathBuf,
    out: PathBuf,
    is_kept: bool,
    archive: Option<(Vec<String>, ZipWriter<File>)>,
    names: HashMap<PathBuf, BTreeSet<String>>,
}

impl Stage {
    fn new(out: &Path) -> anyhow::Result<Self> {
        let mut name = std::ffi::OsString::from(".");
        name.push(out.file_name().unwrap_or_default());
        name.push(format!(".{}.part", std::process::id()));
        let folder = parent(out).join(name);
        private_folder(&folder)?;
        Ok(Self {
            folder,
            out: out.to_owned(),
            is_kept: false,
            archive: None,
            names: HashMap::new(),
        })
    }

    /// Writes a file, and says how its place is called when it is checked.
    fn write(
        &mut self,
        source: &Source,
        anonymiser: &mut Anonymiser,
        bytes: &[u8],
    ) -> anyhow::Result<String> {
        let mut named = |parts: &[String]| -> Vec<String> {
            parts.iter().map(|part| anonymiser.name(part)).collect()
        };
        let path = named(&source.path);
        let Some(archive) = &source.archive else {
            let place = self.place(&path)?;
            let mut file = private_file(&place)?;
            file.write_all(bytes)?;
            file.sync_all()?;
            return Ok(place.display().to_string());
        };
        let archive = named(archive);
        if self.archive.as_ref().is_none_or(|(open, _)| *open != archive) {
            self.close_archive()?;
            let place = self.place(&archive)?;
            self.archive = Some((archive.clone(), ZipWriter::new(private_file(&place)?)));
        }
        let place = self.folder.join(archive.iter().collect::<PathBuf>());
        let entry = path.join("/");
        self.is_new(&place, &entry)?;
        if let Some((_, zip)) = &mut self.archive {
            // No time of day: it would tell when the original was made.
            zip.start_file(&*entry, SimpleFileOptions::default())?;
            zip.write_all(bytes)?;
        }
        Ok(format!("{}!{entry}", place.display()))
    }

    fn place(&mut self, path: &[String]) -> anyhow::Result<PathBuf> {
        let (name, folders) = path.split_last().ok_or_else(|| misconfigured("no name"))?;
        let mut folder = self.folder.clone();
        for part in folders {
            folder.push(part);
            if !folder.is_dir() {
                private_folder(&folder)?;
            }
        }
        self.is_new(&folder, name)?;
        Ok(folder.join(name))
    }

    fn is_new(&mut self, folder: &Path, name: &str) -> anyhow::Result<()> {
        if self.names.entry(folder.to_owned()).or_default().insert(name.to_owned()) {
            return Ok(());
        }
        Err(misconfigured(format!("{name}: 同じ名前が2つあります / the name occurs twice")))
    }

    fn close_archive(&mut self) -> anyhow::Result<()> {
        if let Some((_, zip)) = self.archive.take() {
            zip.finish()?.sync_all()?;
        }
        Ok(())
    }

    fn finish(&mut self) -> anyhow::Result<()> {
        self.close_archive()
    }

    /// Gives it the name that was asked for.
    fn keep(&mut self) -> anyhow::Result<()> {
        std::fs::rename(&self.folder, &self.out)
            .map_err(|error| misconfigured(format!("{}: {error}", self.out.display())))?;
        self.is_kept = true;
        Ok(())
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if !self.is_kept {
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

fn private_folder(path: &Path) -> anyhow::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|error| misconfigured(format!("{}: {error}", path.display())))
}

/// What is wrong where: index of the file, rule, severity, record, line, item, cause.
type Place = (Option<usize>, &'static str, &'static str, u32, u32, u8, &'static str);

/// How often what is wrong where.
struct Counted<'i> {
    /// By the index of the file in the run: which file it is.
    files: &'i [Option<usize>],
    counts: BTreeMap<Place, i64>,
}

impl FindingSink for Counted<'_> {
    fn finding(&mut self, _: Option<&str>, finding: Finding) {
        let file = finding.file.and_then(|at| self.files.get(at as usize).copied().flatten());
        let place = (
            file,
            finding.rule.code,
            finding.severity.id(),
            finding.at.record,
            finding.at.line,
            finding.field.map_or(0, |field| field.no),
            finding.explained_by.map_or("", |rule| rule.code),
        );
        *self.counts.entry(place).or_default() += 1;
    }
}

fn checked<'i>(
    files: &[Found],
    which: &'i [Option<usize>],
    quiet: bool,
    lang: Lang,
) -> (Counted<'i>, Summary) {
    let mut counted = Counted { files: which, counts: BTreeMap::new() };
    let jobs = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let progress = Progress::new(files.iter().map(|file| file.size).sum(), quiet);
    let summary = parallel::check(files, lang, &Profile::default(), jobs, &progress, &mut counted);
    progress.finish();
    (counted, summary)
}

/// What is found in what was written and not in the originals, or the other way round.
fn differences(
    stage: &Stage,
    written: &[(String, Found)],
    quiet: bool,
    lang: Lang,
) -> anyhow::Result<Vec<String>> {
    let originals: Vec<Found> = written.iter().map(|(_, found)| found.clone()).collect();
    let which: Vec<Option<usize>> = (0..originals.len()).map(Some).collect();
    let (mut before, verdict) = checked(&originals, &which, quiet, lang);
    let places: HashMap<String, usize> = written
        .iter()
        .enumerate()
        .map(|(at, (place, _))| (visible(place).into_owned(), at))
        .collect();
    let copies = inputs::find(std::slice::from_ref(&stage.folder), None)?;
    let which: Vec<Option<usize>> =
        copies.iter().map(|copy| places.get(&copy.path).copied()).collect();
    let (after, other) = checked(&copies, &which, quiet, lang);
    let mut all = Vec::new();
    if verdict.verdict != other.verdict {
        all.push(format!("{} → {}", verdict.verdict.id(), other.verdict.id()));
    }
    for (place, count) in after.counts {
        *before.counts.entry(place).or_default() -= count;
    }
    for ((file, code, severity, record, line, item, cause), count) in before.counts {
        if count == 0 {
            continue;
        }
        let sign = if count > 0 { '-' } else { '+' };
        let path = file.and_then(|at| originals.get(at)).map_or("*", |file| &*file.path);
        let mut text = format!("{sign} {code} {severity} {path}");
        let _ = write!(text, " record {record} line {line} item {item} {cause}");
        all.push(text.trim_end().to_owned());
    }
    Ok(all)
}

/// Files with what there is to say of each, the first of them.
fn list<'t>(
    out: &mut String,
    title: &str,
    files: impl ExactSizeIterator<Item = (&'t String, &'t (impl AsRef<str> + ?Sized + 't))>,
    lang: Lang,
) {
    let count = files.len();
    if count == 0 {
        return;
    }
    let _ = match lang {
        Lang::Ja => writeln!(out, "  {title}：{count}"),
        Lang::En => writeln!(out, "  {title}: {count}"),
    };
    for (path, why) in files.take(SHOWN) {
        let _ = match lang {
            Lang::Ja => writeln!(out, "    {path}：{}", why.as_ref()),
            Lang::En => writeln!(out, "    {path}: {}", why.as_ref()),
        };
    }
    if count > SHOWN {
        let _ = writeln!(out, "    …");
    }
}

/// What the command did.
#[derive(Default)]
struct Told {
    written: usize,
    is_kept: bool,
    invented: Invented,
    emptied: Vec<(String, Text)>,
    left_out: Vec<(String, Text<String>)>,
    unread: Vec<(String, Text<String>)>,
    failed: Vec<String>,
    differences: Vec<String>,
}

impl Told {
    fn exit(&self) -> Exit {
        if !self.failed.is_empty() {
            Exit::Internal
        } else if self.written == 0 || !self.unread.is_empty() {
            Exit::Unreadable
        } else if !self.differences.is_empty() {
            Exit::Rejected
        } else {
            Exit::Accepted
        }
    }

    fn text(&self, folder: &Path, lang: Lang) -> String {
        let ja = lang == Lang::Ja;
        let mut out = String::new();
        let Invented { people, numbers, texts } = self.invented;
        let (written, folder) = (self.written, visible(&folder.display().to_string()).into_owned());
        let _ = match (ja, self.is_kept) {
            (true, true) => writeln!(out, "{folder}：{written}ファイルを書き出しました"),
            (true, false) => writeln!(out, "{folder}：書き出していません"),
            (false, true) => writeln!(out, "{folder}: {written} files written"),
            (false, false) => writeln!(out, "{folder}: nothing written"),
        };
        let _ = if ja {
            writeln!(
                out,
                "  置き換えた値：氏名{people}、番号・生年月日{numbers}、文章・名称{texts}"
            )
        } else {
            writeln!(
                out,
                "  replaced: {people} names of people, {numbers} numbers and birth dates, \
                 {texts} texts and other names"
            )
        };
        let emptied = self.emptied.iter().map(|(path, what)| (path, what.get(lang)));
        list(&mut out, Text::new("中身を空にしたファイル", "emptied").get(lang), emptied, lang);
        let left_out = self.left_out.iter().map(|(path, why)| (path, why.get(lang)));
        list(&mut out, Text::new("除いたファイル", "left out").get(lang), left_out, lang);
        if self.written == 0 {
            return out;
        }
        if self.differences.is_empty() {
            out.push_str(if ja {
                "  再検査：指摘は元と同じです（ルール・場所・重要度）\n  \
                 そのまま残した値：作成日・利用日・認定日、要介護度、サービスコード、回数と金額。渡す前に目を通してください\n"
            } else {
                "  checked again: the same findings, by rule, place and severity\n  \
                 kept as they are: days of creation, service and certification, care levels, \
                 service codes, counts and amounts; look it over before you share it\n"
            });
            return out;
        }
        let count = self.differences.len();
        let _ = if ja {
            writeln!(out, "  再検査：指摘が元と{count}か所違います（-消えた、+増えた）")
        } else {
            writeln!(out, "  checked again: {count} findings differ (- lost, + new)")
        };
        for difference in self.differences.iter().take(SHOWN) {
            let _ = writeln!(out, "    {difference}");
        }
        if !self.is_kept {
            out.push_str(if ja {
                "  それでも書き出すには --force を付けてください\n"
            } else {
                "  to write it all the same, add --force\n"
            });
        }
        out
    }

    fn json(&self) -> serde_json::Value {
        let list = |all: &[(String, Text<String>)]| -> Vec<_> {
            all.iter().map(|(path, why)| json!({ "path": path, "reason": why.en })).collect()
        };
        let emptied: Vec<_> = self
            .emptied
            .iter()
            .map(|(path, what)| json!({ "path": path, "kind": what.en }))
            .collect();
        json!({
            "files": self.written,
            "written": self.is_kept,
            "replaced": {
                "people": self.invented.people,
                "numbers": self.invented.numbers,
                "texts": self.invented.texts,
            },
            "emptied": emptied,
            "left_out": list(&self.left_out),
            "unreadable": list(&self.unread),
            "same_findings": self.differences.is_empty(),
            "differences": self.differences,
        })
    }
}
