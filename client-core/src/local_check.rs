//! The check before sending: what the relay would refuse is told before anything leaves the
//! terminal.

use careplan_judge::engine::{self, Input};
use careplan_judge::message::Wording;
use careplan_judge::rule::RelayMessage;
use careplan_judge::{Finding, FindingSink, Profile, Severity, Verdict};
use careplan_spec::{Lang, Text, counted};

use crate::outgoing::{EXTENSIONS, Outgoing};
use crate::text::Explanation;

/// Most findings that are kept; all are counted.
pub const MAX_FINDINGS: usize = 1_000;

/// Something the local check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalFinding {
    /// Rule code of the checker (`F004`), or the name of a check of the client (`extension`).
    pub code: &'static str,
    /// Severity.
    pub severity: Severity,
    /// Whether it keeps the message from being sent.
    pub blocks: bool,
    /// File name, where it is about one.
    pub file: Option<String>,
    /// Record number, 1-based; 0 where it is about the whole file.
    pub record: u32,
    /// Line number, 1-based; 0 where it is about the whole file.
    pub line: u32,
    /// Number and name of the field.
    pub field: Option<(u8, &'static str)>,
    /// What is wrong; personal values show their shape only.
    pub message: Text<String>,
    /// How to repair it.
    pub fix: Text<String>,
    /// Clause.
    pub clause: String,
}

/// The result of a local check.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LocalCheck {
    /// The findings, at most [`MAX_FINDINGS`].
    pub findings: Vec<LocalFinding>,
    /// How many findings block.
    pub blocking: u64,
    /// How many findings do not.
    pub others: u64,
    /// The relay's message for what blocks, where it has one.
    pub relay_message: Option<Text<String>>,
}

impl LocalCheck {
    /// Whether the message can be sent.
    pub const fn passed(&self) -> bool {
        self.blocking == 0
    }

    fn add(&mut self, finding: LocalFinding) {
        if finding.blocks {
            self.blocking += 1;
        } else {
            self.others += 1;
        }
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push(finding);
        } else if finding.blocks {
            // What blocks must be seen: it takes the place of something that does not.
            if let Some(place) = self.findings.iter_mut().rev().find(|kept| !kept.blocks) {
                *place = finding;
            }
        }
    }

    pub(crate) fn explain(&self) -> Explanation {
        let first = self.findings.iter().find(|finding| finding.blocks);
        let (mut ja, mut en) = (
            format!(
                "送信前の検査で{}件の誤りが見つかったため、送信しませんでした。",
                self.blocking
            ),
            format!(
                "The check before sending found {}; nothing was sent.",
                counted(self.blocking, "error")
            ),
        );
        if let Some(message) = &self.relay_message {
            ja.push_str(&message.ja);
            en.push(' ');
            en.push_str(&message.en);
        }
        let to_do = match first {
            Some(first) => {
                let file = first.file.as_deref().unwrap_or("-");
                Text::made(
                    format!(
                        "最初の誤り（{} {file}）：{}{}",
                        first.code, first.message.ja, first.fix.ja
                    ),
                    format!("First ({} {file}): {} {}", first.code, first.message.en, first.fix.en),
                )
            }
            None => Text::new("", "").into(),
        };
        Explanation { what: Text::made(ja, en), to_do }
    }
}

/// Checks a message as `own_office` would send it. Takes a while for large files: call it off the
/// async runtime's threads.
pub fn check(message: &Outgoing, own_office: Option<&str>) -> LocalCheck {
    let mut result = LocalCheck::default();
    check_envelope(message, own_office, &mut result);
    let profile = Profile::default();
    let mut sink = Collect { result, names: Vec::new(), relay: None };
    let inputs =
        message.files().iter().map(|file| Input::from_bytes(file.name.clone(), &file.bytes));
    let summary = engine::check(inputs, &profile, &mut sink);
    let mut result = sink.result;
    if summary.verdict == Verdict::InternalError {
        result.add(unfinished());
    }
    result.relay_message = sink.relay.map(|message| message.text().into());
    result
}

/// What was not checked to its end is not sent.
fn unfinished() -> LocalFinding {
    LocalFinding {
        code: "internal-error",
        severity: Severity::Error,
        blocks: true,
        file: None,
        record: 0,
        line: 0,
        field: None,
        message: Text::new(
            "内部エラーのため、検査は終わっていません。",
            "Internal error: the check did not come to an end.",
        )
        .into(),
        fix: Text::new(
            "このプログラムの誤りです。開発者に知らせてください。",
            "A fault of this program: please tell its makers.",
        )
        .into(),
        clause: "-".to_owned(),
    }
}

/// What the checker does not look at: who sends, and what kinds of file travel.
fn check_envelope(message: &Outgoing, own_office: Option<&str>, result: &mut LocalCheck) {
    let finding = |code, file: Option<&str>, message: (String, String), fix: Text| LocalFinding {
        code,
        severity: Severity::Error,
        blocks: true,
        file: file.map(str::to_owned),
        record: 0,
        line: 0,
        field: None,
        message: Text::made(message.0, message.1),
        fix: fix.into(),
        clause: "-".to_owned(),
    };
    for file in message.files() {
        let extension = file.name.rsplit_once('.').map_or("", |(_, extension)| extension);
        if !EXTENSIONS.iter().any(|known| known.eq_ignore_ascii_case(extension)) {
            result.add(finding(
                "extension",
                Some(&file.name),
                (
                    format!("この種類のファイル（.{extension}）は送信できません。"),
                    format!("Files of this kind (.{extension}) cannot be sent."),
                ),
                Text::new(
                    "送信できるのは csv、jpeg、jpg、png、gif、txt、pdf です。Word や Excel は PDF にしてください。",
                    "csv, jpeg, jpg, png, gif, txt and pdf can be sent. Save Word and Excel files as PDF.",
                ),
            ));
        }
        if file.bytes.is_empty() && file.standard_name().is_none() {
            result.add(finding(
                "empty-file",
                Some(&file.name),
                ("中身が空のファイルです。".to_owned(), "The file is empty.".to_owned()),
                Text::new("ファイルを確かめてください。", "Look at the file."),
            ));
        }
    }
    let Some(own) = own_office else { return };
    for sender in message.senders() {
        if sender != own {
            result.add(finding(
                "other-sender",
                None,
                (
                    format!("ファイル名の送信元（{sender}）が、ログイン中の事業所（{own}）と異なります。"),
                    format!("The sender in the file names ({sender}) is not the office that is logged in ({own})."),
                ),
                Text::new(
                    "送信元の事業所でログインするか、自事業所のデータを出力し直してください。",
                    "Log in as the sending office, or export the data of this office.",
                ),
            ));
        }
    }
    if message.to() == own {
        result.add(LocalFinding {
            severity: Severity::Warning,
            blocks: false,
            ..finding(
                "same-office",
                None,
                (
                    "送信先が自事業所と同じ事業所番号です。システムの仕様上、エラーになることがあります。"
                        .to_owned(),
                    "The destination has the number of this office; the system may refuse that."
                        .to_owned(),
                ),
                Text::new("送信先を確かめてください。", "Look at the destination."),
            )
        });
    }
}

struct Collect {
    result: LocalCheck,
    names: Vec<String>,
    relay: Option<RelayMessage>,
}

impl FindingSink for Collect {
    fn start_file(&mut self, _: u32, path: &str) {
        self.names.push(path.to_owned());
    }

    fn finding(&mut self, finding: Finding) {
        let relay = finding.rule.relay.message();
        let blocks = finding.severity == Severity::Error && relay.is_some();
        if blocks {
            // One message can be shown; names before combinations before content, as the causes go.
            self.relay = self.relay.into_iter().chain(relay).min();
        }
        let word = |lang| Wording { lang, show_values: false }.message(&finding);
        let file = finding.file.and_then(|at| self.names.get(at as usize)).cloned();
        self.result.add(LocalFinding {
            code: finding.rule.code,
            severity: finding.severity,
            blocks,
            file,
            record: finding.at.record,
            line: finding.at.line,
            field: finding.field.map(|field| (field.no, field.name)),
            message: Text::made(word(Lang::Ja), word(Lang::En)),
            fix: finding.rule.fix.into(),
            clause: finding.clause(),
        });
    }
}
