//! What is printed: sentences and tables for people, JSON for scripts.

use std::io::Write;

use careplan_client_core::{Error, ErrorKind, Lang, LocalCheck, LocalFinding};
use serde::Serialize;
use serde_json::json;
use unicode_width::UnicodeWidthStr;

use super::advice;
use super::exit_code::Exit;

/// Findings shown before the rest is only counted.
const SHOWN_FINDINGS: usize = 20;

/// Where and how results are shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Screen {
    pub(crate) lang: Lang,
    pub(crate) json: bool,
    pub(crate) quiet: bool,
}

impl Screen {
    /// The text in the language of the screen.
    pub(crate) fn pick<'a>(&self, ja: &'a str, en: &'a str) -> &'a str {
        match self.lang {
            Lang::Ja => ja,
            Lang::En => en,
        }
    }

    /// Of a pair from the relay, where one may be missing.
    pub(crate) fn pick_told<'a>(&self, ja: &'a str, en: &'a str) -> &'a str {
        match (self.pick(ja, en), ja) {
            ("", other) => other,
            (picked, _) => picked,
        }
    }

    /// A sentence for people; nothing where scripts read.
    pub(crate) fn say(&self, text: &str) {
        if !self.json {
            self.bytes(format!("{}\n", plain(text)).as_bytes());
        }
    }

    /// A sentence beside the result, on standard error.
    pub(crate) fn note(&self, text: &str) {
        if !self.json {
            complain(text);
        }
    }

    /// A result for scripts; nothing where people read.
    pub(crate) fn value<T: Serialize>(&self, value: &T) {
        if self.json {
            match serde_json::to_string_pretty(value) {
                Ok(text) => self.bytes(format!("{text}\n").as_bytes()),
                Err(error) => complain(&error.to_string()),
            }
        }
    }

    /// A table for people.
    pub(crate) fn table(&self, head: &[&str], rows: &[Vec<String>]) {
        if self.json {
            return;
        }
        let rows: Vec<Vec<String>> = rows
            .iter()
            .map(|row| row.iter().map(|cell| plain(cell).replace('\n', " ")).collect())
            .collect();
        let widths: Vec<usize> = (0..head.len())
            .map(|at| {
                let cells = rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.width());
                cells.chain([head[at].width()]).max().unwrap_or(0)
            })
            .collect();
        let mut out = String::new();
        let mut line = |cells: &[&str]| {
            for (at, cell) in cells.iter().enumerate() {
                out.push_str(cell);
                if at + 1 < cells.len() {
                    let pad = widths[at].saturating_sub(cell.width()) + 2;
                    out.extend(std::iter::repeat_n(' ', pad));
                }
            }
            out.push('\n');
        };
        line(head);
        for row in &rows {
            line(&row.iter().map(String::as_str).collect::<Vec<_>>());
        }
        self.bytes(out.as_bytes());
    }

    /// Writes to standard output; a closed pipe is no error.
    pub(crate) fn bytes(&self, bytes: &[u8]) {
        let mut out = std::io::stdout().lock();
        let _ = out.write_all(bytes).and_then(|()| out.flush());
    }

    /// What a local check found.
    pub(crate) fn findings(&self, check: &LocalCheck) {
        for LocalFinding { finding, line, .. } in check.findings.iter().take(SHOWN_FINDINGS) {
            let place = match (&finding.file, line) {
                (Some(file), 0) => file.clone(),
                (Some(file), line) => format!("{file}:{line}"),
                (None, _) => "-".to_owned(),
            };
            self.note(&format!(
                "{} {} {place}: {}",
                finding.rule,
                finding.severity.label(self.lang),
                finding.message(self.lang),
            ));
        }
        let rest = (check.blocking + check.others).saturating_sub(SHOWN_FINDINGS as u64);
        if rest > 0 {
            self.note(&format!("{}{rest}{}", self.pick("ほか", "and "), self.pick("件", " more")));
        }
    }

    /// Shows an error and gives its exit code.
    pub(crate) fn fail(&self, error: &Error) -> Exit {
        let exit = Exit::from(error.class());
        if self.json {
            self.value(&json!({ "error": error_value(error, exit) }));
            return exit;
        }
        if let ErrorKind::LocalCheck(check) = error.kind() {
            self.findings(check);
        }
        if let ErrorKind::Refused(refusal) = error.kind() {
            for finding in refusal.findings.iter().take(SHOWN_FINDINGS) {
                complain(&format!(
                    "{} {}: {}",
                    finding.rule,
                    finding.file.as_deref().unwrap_or("-"),
                    finding.message(self.lang)
                ));
            }
        }
        complain(&self.describe(error));
        if let ErrorKind::Refused(_) = error.kind()
            && let Some(id) = error.request_id()
        {
            let code = error.code();
            complain(&format!("{}{id} ({code})", self.pick("受付番号：", "request id: ")));
        }
        exit
    }

    /// What happened and what to do.
    pub(crate) fn describe(&self, error: &Error) -> String {
        let told = advice::explain(error);
        let (what, to_do) = (told.what.get(self.lang), told.to_do.get(self.lang));
        if to_do.is_empty() { what.to_owned() } else { format!("{what}\n{to_do}") }
    }
}

/// An error for scripts.
pub(crate) fn error_value(error: &Error, exit: Exit) -> serde_json::Value {
    let explanation = advice::explain(error);
    let mut value = json!({
        "code": error.code(),
        "exit_code": exit as u8,
        "what": explanation.what.ja,
        "what_en": explanation.what.en,
        "to_do": explanation.to_do.ja,
        "to_do_en": explanation.to_do.en,
    });
    match error.kind() {
        ErrorKind::Refused(refusal) => value["refusal"] = json!(refusal),
        ErrorKind::LocalCheck(check) => value["check"] = check_value(check),
        _ => {}
    }
    value
}

/// A local check for scripts.
pub(crate) fn check_value(check: &LocalCheck) -> serde_json::Value {
    json!({
        "passed": check.passed(),
        "blocking": check.blocking,
        "others": check.others,
        "findings": check.findings,
    })
}

/// Says something on standard error.
pub(crate) fn complain(text: &str) {
    let _ = writeln!(std::io::stderr(), "{}", plain(text));
}

/// Text from elsewhere must not steer the terminal.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\t' => c,
            c if c.is_control() => '\u{fffd}',
            '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                '\u{fffd}'
            }
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_elsewhere_cannot_steer_the_terminal() {
        assert_eq!(plain("a\u{1b}[31m\r\u{9b}b\n"), "a\u{fffd}[31m\u{fffd}\u{fffd}b\n");
        for c in
            ['\u{200e}', '\u{200f}', '\u{202a}', '\u{202e}', '\u{2066}', '\u{2069}', '\u{2028}']
        {
            assert_eq!(plain(&format!("a{c}b")), "a\u{fffd}b", "{c:?}");
        }
        assert_eq!(plain("介護\u{3000}太郎"), "介護\u{3000}太郎");
    }
}
