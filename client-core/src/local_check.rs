//! The check before sending: what the relay would refuse is told before anything leaves the
//! terminal.

use careplan_judge::engine::{self, Input};
use careplan_judge::rule::RelayMessage;
use careplan_judge::{Finding, FindingSink, Profile, Severity, Verdict, WordedFinding};
use careplan_spec::{Text, counted};
use serde::Serialize;

use crate::outgoing::{EXTENSIONS, Outgoing};
use crate::text::Explanation;

/// Most findings that are kept; all are counted.
pub const MAX_FINDINGS: usize = 1_000;

/// Something the local check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LocalFinding {
    /// What the checker says; what only the client looks at has the name of its check as rule
    /// (`extension`) and no clause.
    #[serde(flatten)]
    pub finding: WordedFinding,
    /// Line number, 1-based; 0 where it is about the whole file.
    pub line: u32,
    /// Whether it keeps the message from being sent.
    pub blocks: bool,
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
            Some(LocalFinding { finding, .. }) => {
                let WordedFinding { rule, message, message_en, fix, fix_en, .. } = finding;
                let file = finding.file.as_deref().unwrap_or("-");
                Text::made(
                    format!("最初の誤り（{rule} {file}）：{message}{fix}"),
                    format!("First ({rule} {file}): {message_en} {fix_en}"),
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
    let mut sink = Collect { result, relay: None };
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
    own_finding(
        "internal-error",
        None,
        Text::new(
            "内部エラーのため、検査は終わっていません。",
            "Internal error: the check did not come to an end.",
        ),
        Text::new(
            "このプログラムの誤りです。開発者に知らせてください。",
            "A fault of this program: please tell its makers.",
        ),
    )
}

/// What one of the client's own checks found; it keeps the message from being sent.
fn own_finding(
    check: &str,
    file: Option<&str>,
    message: impl Into<Text<String>>,
    fix: Text,
) -> LocalFinding {
    let message = message.into();
    let finding = WordedFinding {
        rule: check.to_owned(),
        severity: Severity::Error,
        file: file.map(str::to_owned),
        record: None,
        field_number: None,
        field_name: None,
        message: message.ja,
        message_en: message.en,
        fix: fix.ja.to_owned(),
        fix_en: fix.en.to_owned(),
        clause: "-".to_owned(),
    };
    LocalFinding { finding, line: 0, blocks: true }
}

/// What the checker does not look at: who sends, and what kinds of file travel.
fn check_envelope(message: &Outgoing, own_office: Option<&str>, result: &mut LocalCheck) {
    for file in message.files() {
        let extension = file.name.rsplit_once('.').map_or("", |(_, extension)| extension);
        if !EXTENSIONS.iter().any(|known| known.eq_ignore_ascii_case(extension)) {
            result.add(own_finding(
                "extension",
                Some(&file.name),
                Text::made(
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
            result.add(own_finding(
                "empty-file",
                Some(&file.name),
                Text::new("中身が空のファイルです。", "The file is empty."),
                Text::new("ファイルを確かめてください。", "Look at the file."),
            ));
        }
    }
    let Some(own) = own_office else { return };
    for sender in message.senders() {
        if sender != own {
            result.add(own_finding(
                "other-sender",
                None,
                Text::made(
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
        let mut found = own_finding(
            "same-office",
            None,
            Text::new(
                "送信先が自事業所と同じ事業所番号です。システムの仕様上、エラーになることがあります。",
                "The destination has the number of this office; the system may refuse that.",
            ),
            Text::new("送信先を確かめてください。", "Look at the destination."),
        );
        found.finding.severity = Severity::Warning;
        found.blocks = false;
        result.add(found);
    }
}

struct Collect {
    result: LocalCheck,
    relay: Option<RelayMessage>,
}

impl FindingSink for Collect {
    fn finding(&mut self, path: Option<&str>, finding: Finding) {
        let relay = finding.rule.relay.message();
        let blocks = finding.severity == Severity::Error && relay.is_some();
        if blocks {
            // One message can be shown; names before combinations before content, as the causes go.
            self.relay = self.relay.into_iter().chain(relay).min();
        }
        self.result.add(LocalFinding {
            finding: WordedFinding::masked(&finding, path),
            line: finding.at.line,
            blocks,
        });
    }
}
