//! A comparison as text and as JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use careplan_judge::message::Wording;
use careplan_spec::file_name::base_name_in_archive;
use careplan_spec::{Lang, clause};
use serde_json::{Value, json};

use super::{Change, Comparison, Difference, FileRecord, Grade, Side, Verdict};

/// How many differences that say the same of a field are shown before the rest is counted.
const SHOWN: usize = 3;

/// The reason that is said once, and the value that came back.
type Once<'a> = (&'static str, &'a [u8]);

/// What is said once for all records: another value for a reason of the product's, such as the day
/// of an export as the day of creation.
fn said_once(difference: &Difference) -> Option<Once<'_>> {
    let reason = difference.reason.filter(|reason| reason.grade == Grade::Review)?;
    let value = difference.returned_value.as_ref()?;
    (difference.change == Change::ValueChanged).then_some((reason.why.en, &*value.bytes))
}

impl Comparison {
    /// Readable text. Unless `all`, only the first differences of each field and cause are written
    /// out and the free ones are counted.
    pub fn text(&self, wording: Wording, all: bool) -> String {
        let ja = wording.lang == Lang::Ja;
        let mut out = String::new();
        let mut shown: BTreeMap<_, usize> = BTreeMap::new();
        let mut same = self.same_for_a_reason();
        let mut folded = 0_usize;
        for difference in &self.differences {
            if !all {
                if difference.grade == Grade::Free {
                    continue;
                }
                if let Some(count) = said_once(difference).and_then(|key| same.remove(&key)) {
                    self.write_difference(difference, wording, count - 1, &mut out);
                    continue;
                }
                if said_once(difference).is_some() {
                    continue;
                }
                let field = difference.field.map(|field| field.no);
                let cause = difference.cause.map(super::Cause::id);
                let known =
                    shown.entry((difference.kind, difference.change, field, cause)).or_default();
                *known += 1;
                if *known > SHOWN {
                    folded += 1;
                    continue;
                }
            }
            self.write_difference(difference, wording, 0, &mut out);
        }
        if folded > 0 {
            let _ = if ja {
                writeln!(out, "同じ違いがほかに{folded}件あります（すべて見るには --all）。\n")
            } else {
                writeln!(out, "{folded} more of the same (--all shows every one).\n")
            };
        }
        for (kind, tally) in &self.tallies {
            let title = kind.title().get(wording.lang);
            let super::Tally { given, returned, matched } = tally;
            let _ = if ja {
                writeln!(
                    out,
                    "{title}（{}）：渡した記録{given}件・戻った記録{returned}件・対応した記録{matched}件",
                    kind.prefix()
                )
            } else {
                writeln!(
                    out,
                    "{title} ({}): {given} given, {returned} returned, {matched} matched",
                    kind.prefix()
                )
            };
        }
        self.write_left_out(wording.lang, &mut out);
        let counts: Vec<String> = Grade::ALL
            .iter()
            .map(|&grade| {
                let label = grade.label().get(wording.lang);
                format!("{label} {}", self.count(grade))
            })
            .collect();
        let separator = if ja { "・" } else { ", " };
        let _ = writeln!(
            out,
            "\n{}{}{}",
            self.verdict().label().get(wording.lang),
            if ja { "" } else { " " },
            match self.verdict() {
                Verdict::NothingToCompare => String::new(),
                _ if ja => format!("（{}）", counts.join(separator)),
                _ => format!("({})", counts.join(separator)),
            }
        );
        out
    }

    /// Files that were not compared, and why.
    pub(crate) fn write_left_out(&self, lang: Lang, out: &mut String) {
        let ja = lang == Lang::Ja;
        for &(side, file) in &self.not_compared {
            let why = if ja {
                "：標準仕様のファイル名ではないため比べていません"
            } else {
                ": not compared, not a name of the standard"
            };
            let _ = writeln!(out, "{}{why}", self.path(side, file));
        }
        for &(side, file) in &self.failed {
            let why = if ja {
                "：内部エラーのため比べていません"
            } else {
                ": not compared, internal error"
            };
            let _ = writeln!(out, "{}{why}", self.path(side, file));
        }
    }

    /// The names of files.
    pub(crate) fn paths(&self, files: &[(Side, u32)]) -> Vec<String> {
        files.iter().map(|&(side, file)| self.path(side, file).to_owned()).collect()
    }

    /// How often each difference stands that is said once.
    fn same_for_a_reason(&self) -> BTreeMap<Once<'_>, usize> {
        let mut same = BTreeMap::new();
        for key in self.differences.iter().filter_map(said_once) {
            *same.entry(key).or_default() += 1;
        }
        same
    }

    /// One difference; `more` others say the same.
    fn write_difference(
        &self,
        difference: &Difference,
        wording: Wording,
        more: usize,
        out: &mut String,
    ) {
        let ja = wording.lang == Lang::Ja;
        let lang = wording.lang;
        let _ = writeln!(
            out,
            "{} [{}] {}",
            difference.grade.label().get(lang),
            difference.change.label().get(lang),
            self.places(difference, lang)
        );
        let key = difference.key_words(wording);
        if !key.is_empty() {
            let _ = writeln!(out, "    {key}");
        }
        let _ = writeln!(out, "    {}", difference.explanation(wording));
        if more > 0 {
            let _ = if ja {
                writeln!(out, "    同じ違いがほかに{more}件の記録にあります。")
            } else {
                writeln!(out, "    {more} more of the same in other records.")
            };
        }
        let fix = difference.fix(lang);
        let (clause, basis) =
            (clause::in_words(&difference.clause(), lang), difference.basis().meaning().get(lang));
        let _ = if ja {
            writeln!(out, "    直し方：{fix}\n    根拠：{clause}（{basis}）\n")
        } else {
            writeln!(out, "    fix: {fix}\n    clause: {clause} ({basis})\n")
        };
    }

    /// `UPPLAN_….CSV 3件目 → UPPLAN_….CSV 5件目`.
    fn places(&self, difference: &Difference, lang: Lang) -> String {
        let one = |side, at: FileRecord| {
            let path = self.path(side, at.file);
            let base = base_name_in_archive(path);
            match (at.record, lang) {
                (0, _) => base.to_owned(),
                (record, Lang::Ja) => format!("{base} {record}件目"),
                (record, Lang::En) => format!("{base} record {record}"),
            }
        };
        let given = difference.given.map(|at| one(Side::Given, at));
        let returned = difference.returned.map(|at| one(Side::Returned, at));
        match (given, returned) {
            (Some(given), Some(returned)) => format!("{given} → {returned}"),
            (Some(given), None) => format!("{given} → ×"),
            (None, Some(returned)) => format!("× → {returned}"),
            (None, None) => difference.kind.prefix().to_owned(),
        }
    }

    /// JSON, values masked unless `wording` shows them. Sentences are in the language of `wording`.
    pub fn json(&self, wording: Wording) -> Value {
        let place = |side, at: Option<FileRecord>| match at {
            Some(at) => json!({
                "file": self.path(side, at.file),
                "record": (at.record > 0).then_some(at.record),
            }),
            None => Value::Null,
        };
        let differences: Vec<Value> = self
            .differences
            .iter()
            .map(|difference| {
                let whole = |held: &super::Held| held.words(wording);
                json!({
                    "change": difference.change.id(),
                    "grade": difference.grade.id(),
                    "kind": difference.kind.prefix(),
                    "given": place(Side::Given, difference.given),
                    "returned": place(Side::Returned, difference.returned),
                    "field": difference.field.map(|field| field.no),
                    "field_name": difference.field.map(|field| field.name),
                    "field_id": difference.field.map(careplan_spec::Field::id),
                    "key": difference.key_words(wording),
                    "given_value": difference.given_value.as_ref().map(whole),
                    "returned_value": difference.returned_value.as_ref().map(whole),
                    "cause": difference.cause.map(super::Cause::id),
                    "message": difference.explanation(wording),
                    "fix": difference.fix(wording.lang),
                    "clause": difference.clause(),
                    "basis": difference.basis().id(),
                })
            })
            .collect();
        let kinds: serde_json::Map<String, Value> = self
            .tallies
            .iter()
            .map(|(kind, tally)| {
                let counts = json!({
                    "given": tally.given,
                    "returned": tally.returned,
                    "matched": tally.matched,
                });
                (kind.prefix().to_owned(), counts)
            })
            .collect();
        json!({
            "version": 1,
            "verdict": self.verdict().id(),
            "counts": {
                "loss": self.count(Grade::Loss),
                "review": self.count(Grade::Review),
                "free": self.count(Grade::Free),
            },
            "kinds": kinds,
            "not_compared": self.paths(&self.not_compared),
            "failed": self.paths(&self.failed),
            "differences": differences,
        })
    }
}
