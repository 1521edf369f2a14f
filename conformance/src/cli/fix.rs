//! `fix`: repairs what can be repaired without changing what the data say, into another folder.
//!
//! Encoding, byte order mark, lines about the file (`sep=`, `#TYPE`), line ends, quotes, and characters with exactly one faithful MS932
//! form. Anything else only by an explicit `--replace`. Originals are never touched, and the
//! output is checked again before it is called repaired.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use careplan_compare::repair::{Mending, Repair, Replacements};
use careplan_judge::engine::{Report, Verdict};
use careplan_judge::message::{shape, shown};
use careplan_judge::{Profile, Severity};
use careplan_reader::contained;
use careplan_spec::file_name::{self, Reading};
use careplan_spec::text::visible;
use careplan_spec::{Lang, counted};

use super::args::FixArgs;
use super::config::misconfigured;
use super::inputs::archive::Archives;
use super::inputs::{self, Found};
use super::{Exit, print_bytes};

/// The largest file that is repaired, in bytes: it is held in memory.
const LARGEST: u64 = 512 << 20;
/// How many changed lines of a file are shown.
const SHOWN: usize = 5;
/// How many characters that cannot be kept are shown.
const SHOWN_LOST: usize = 20;

/// Runs the command.
pub(crate) fn run(args: &FixArgs, lang: Lang) -> anyhow::Result<Exit> {
    let mut replacements = Replacements::default();
    for text in &args.replacements {
        let (from, to) = text
            .split_once('=')
            .ok_or_else(|| misconfigured(format!("--replace {text}: FROM=TO（例 𠮷=吉）")))?;
        replacements
            .add(from, to)
            .map_err(|why| misconfigured(format!("--replace {text}: {why}")))?;
    }
    let files = inputs::find(&args.paths, None)?;
    if let Some(out) = &args.out {
        std::fs::create_dir_all(out)?;
    }
    let mut written = BTreeSet::new();
    let (mut seen, mut lossy) = (0, false);
    let (mut errors_left, mut failed, mut unread) = (false, false, false);
    let mut archives = Archives::default();
    for file in &files {
        let is_named = || !file.is_left_lying() && is_csv_of_the_standard(file);
        if file.fault(lang).is_none() && !is_named() {
            continue;
        }
        let bytes = match file.read(LARGEST, &mut archives) {
            Ok(bytes) => bytes,
            Err(reason) => {
                unread = true;
                super::complain(&format!("{}: {}", file.path, reason.get(lang)));
                continue;
            }
        };
        seen += 1;
        let name = file.safe_name().display().to_string();
        let Some((repair, description)) = contained(|| {
            let repair = Repair::of(&name, &bytes, &replacements);
            let description = describe(file, &bytes, &repair, args.show_values, lang);
            (repair, description)
        }) else {
            failed = true;
            super::complain(&format!(
                "{}: 内部エラーのため直していません / internal error: not repaired",
                file.path
            ));
            continue;
        };
        print_bytes(description.as_bytes())?;
        if !repair.lost.is_empty() {
            lossy = true;
            print_bytes(not_written(&repair, args.out.is_some(), lang).as_bytes())?;
            continue;
        }
        let report = Report::collect([(&name, &repair.bytes)], &file_profile());
        errors_left |= report.summary.counts.errors > 0;
        failed |= report.summary.verdict == Verdict::InternalError;
        print_bytes(remaining(&report, lang).as_bytes())?;
        if let Some(out) = &args.out {
            if !written.insert(name.clone()) {
                return Err(misconfigured(format!(
                    "{name}: 同じ名前が2つあります / the name occurs twice"
                )));
            }
            write(&out.join(file.safe_name()), Path::new(&file.path), &repair.bytes)?;
        }
    }
    if seen == 0 && !unread {
        super::complain(match lang {
            Lang::Ja => "直せるファイルがありません",
            Lang::En => "no file to repair",
        });
        return Ok(Exit::Unreadable);
    }
    Ok(if failed {
        Exit::Internal
    } else if unread {
        Exit::Unreadable
    } else if errors_left || lossy {
        Exit::Rejected
    } else {
        Exit::Accepted
    })
}

/// Which characters keep a file from being written, and where they stand.
fn not_written(repair: &Repair, is_wanted: bool, lang: Lang) -> String {
    let mut out = match (lang, is_wanted) {
        (Lang::Ja, true) => {
            "  書き出していません。MS932にない文字を残せないためです：\n".to_owned()
        }
        (Lang::Ja, false) => "  書き出せません。MS932にない文字を残せないためです：\n".to_owned(),
        (Lang::En, true) => "  not written, for MS932 cannot keep these characters:\n".to_owned(),
        (Lang::En, false) => {
            "  cannot be written, for MS932 cannot keep these characters:\n".to_owned()
        }
    };
    for lost in repair.lost.iter().take(SHOWN_LOST) {
        let (line, column, ch) = (lost.line, lost.column, lost.ch);
        let (shown, code) = (visible(&ch.to_string()).into_owned(), u32::from(ch));
        let _ = match lang {
            Lang::Ja => writeln!(out, "    {line}行目 {column}文字目：{shown}（U+{code:04X}）"),
            Lang::En => {
                writeln!(out, "    line {line}, character {column}: {shown} (U+{code:04X})")
            }
        };
    }
    if repair.lost.len() > SHOWN_LOST {
        let more = repair.lost.len() - SHOWN_LOST;
        let _ = match lang {
            Lang::Ja => writeln!(out, "    … ほか{more}文字"),
            Lang::En => writeln!(out, "    … {more} more"),
        };
    }
    out
}

fn file_profile() -> Profile {
    Profile::default().with_scope(careplan_judge::profile::Scope::File)
}

fn is_csv_of_the_standard(file: &Found) -> bool {
    let name = file.safe_name().display().to_string();
    match file_name::read(&name) {
        Reading::Standard { name, .. } => name.kind.is_csv(),
        Reading::NearMiss { kind, .. } => kind.is_some_and(careplan_spec::FileKind::is_csv),
        Reading::Foreign => false,
    }
}

fn write(target: &Path, source: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let same = target.canonicalize().ok().zip(source.canonicalize().ok());
    if same.is_some_and(|(a, b)| a == b) {
        return Err(misconfigured(format!(
            "{}: 元のファイルは書き換えません。別のフォルダーを --out に指定してください / the original is never overwritten",
            target.display()
        )));
    }
    std::fs::write(target, bytes)?;
    Ok(())
}

fn describe(file: &Found, before: &[u8], repair: &Repair, show: bool, lang: Lang) -> String {
    let mut out = format!("{}\n", file.path);
    let ja = lang == Lang::Ja;
    if repair.mended.is_empty() && repair.left.is_empty() {
        out.push_str(if ja {
            "  直すところはありません\n"
        } else {
            "  nothing to repair\n"
        });
    }
    for (change, count) in &repair.mended {
        let _ = writeln!(out, "  ✓ {} ({count})", change.label().get(lang));
    }
    for (what, count) in &repair.left {
        let _ = if ja {
            writeln!(
                out,
                "  ✗ {what} は直せません（{count}か所）。--replace で置き換えを指定できます"
            )
        } else {
            writeln!(
                out,
                "  ✗ {what} cannot be repaired ({count}); name a replacement with --replace"
            )
        };
    }
    if repair.framing_left_alone {
        out.push_str(if ja {
            "  ✗ 引用符か項目数が壊れているため、CSVの形は直していません\n"
        } else {
            "  ✗ quotes or columns are broken, so the framing was left alone\n"
        });
    }
    // Only where the line structure is comparable.
    let whole =
        [Mending::Encoding, Mending::ByteOrderMark, Mending::SeparatorLine, Mending::TypeLine];
    if repair.mended.keys().any(|change| !whole.contains(change)) {
        diff(before, repair, show, lang, &mut out);
    }
    out
}

fn diff(before: &[u8], repair: &Repair, show: bool, lang: Lang, out: &mut String) {
    let before = repair.decoded.as_deref().unwrap_or(before);
    let lines = |bytes: &[u8]| -> Vec<Vec<u8>> {
        bytes
            .split(|byte| *byte == b'\n')
            .map(|l| l.strip_suffix(b"\r").unwrap_or(l).to_vec())
            .collect()
    };
    let (mut old, new) = (lines(before), lines(&repair.bytes));
    // The line that was taken away stands above all others.
    let is_removed = |change: &Mending| repair.mended.contains_key(change);
    let above = usize::from([Mending::SeparatorLine, Mending::TypeLine].iter().any(is_removed));
    old.drain(..above.min(old.len()));
    let changed: Vec<usize> =
        (0..old.len().min(new.len())).filter(|&at| old[at] != new[at]).collect();
    for &at in changed.iter().take(SHOWN) {
        let (a, b) = around(&old[at], &new[at]);
        let text = |bytes: &[u8]| if show { shown(bytes, lang) } else { masked(bytes, lang) };
        let _ = writeln!(out, "  {:>6} - {}", above + at + 1, text(a));
        let _ = writeln!(out, "  {:>6} + {}", "", text(b));
    }
    if changed.len() > SHOWN {
        let _ = match lang {
            Lang::Ja => writeln!(out, "         … ほか{}行", changed.len() - SHOWN),
            Lang::En => writeln!(out, "         … {} more lines", changed.len() - SHOWN),
        };
    }
}

/// The part of two lines that differs.
fn around<'a>(a: &'a [u8], b: &'a [u8]) -> (&'a [u8], &'a [u8]) {
    let start = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let start = a[..start].iter().rposition(|byte| *byte == b',').map_or(0, |at| at + 1);
    let end =
        a[start..].iter().rev().zip(b[start..].iter().rev()).take_while(|(x, y)| x == y).count();
    (&a[start..a.len() - end], &b[start..b.len() - end])
}

/// Quotes and commas stay visible, everything else only by shape.
fn masked(bytes: &[u8], lang: Lang) -> String {
    let inner = |part: &[u8]| if part.is_empty() { String::new() } else { shape(part, lang) };
    bytes
        .split(|byte| *byte == b',')
        .map(|cell| match cell {
            [b'"', rest @ .., b'"'] => format!("\"{}\"", inner(rest)),
            other => inner(other),
        })
        .collect::<Vec<_>>()
        .join(",")
}

fn remaining(report: &Report, lang: Lang) -> String {
    let counts = report.summary.counts;
    let mut out = match lang {
        Lang::Ja => format!("  再検査：エラー{}件、警告{}件", counts.errors, counts.warnings),
        Lang::En => format!(
            "  checked again: {}, {}",
            counted(counts.errors, "error"),
            counted(counts.warnings, "warning")
        ),
    };
    let codes: BTreeSet<&str> = report
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| finding.rule.code)
        .collect();
    if !codes.is_empty() {
        let _ = write!(out, " ({})", codes.into_iter().collect::<Vec<_>>().join(" "));
    }
    out.push('\n');
    out
}
