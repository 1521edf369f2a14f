//! The check before sending: what the relay would refuse is told before anything leaves the
//! terminal.

use careplan_spec::{Text, counted, message_limits};
use serde::Serialize;

use crate::outgoing::Message;
use crate::shape::shapes;
use crate::text::Explanation;
use crate::wire::{Finding, FindingSeverity};

/// Most findings that are kept; all are counted.
pub const MAX_FINDINGS: usize = 1_000;

/// Something the local check found.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LocalFinding {
    /// What the checker says; what only the client looks at has the name of its check as rule
    /// (the code of the relay's refusal, such as `attachment-type`) and no clause.
    #[serde(flatten)]
    pub finding: Finding,
    /// Line number, 1-based; 0 where it is about the whole file.
    pub line: u32,
    /// Whether it keeps the message from being sent.
    pub blocks: bool,
}

/// The result of a local check.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
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

shapes! {
    LocalFinding: it => { rule: it.finding.rule, line: it.line, blocks: it.blocks };
    LocalCheck: it => { blocking: it.blocking, others: it.others };
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
                let Finding { rule, message, message_en, fix, fix_en, .. } = finding;
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
/// async runtime's threads. Without the feature `check`, what is in the files is not looked at.
pub fn check_message(message: &Message, own_office: Option<&str>) -> LocalCheck {
    let mut result = LocalCheck::default();
    check_envelope(message, own_office, &mut result);
    #[cfg(feature = "check")]
    let result = content::check(message, result);
    result
}

/// What one of the client's own checks found; it keeps the message from being sent.
fn own_finding(
    check: &str,
    file: Option<&str>,
    message: impl Into<Text<String>>,
    fix: Text,
) -> LocalFinding {
    let message = message.into();
    let finding = Finding {
        rule: check.to_owned(),
        severity: FindingSeverity::Error,
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
fn check_envelope(message: &Message, own_office: Option<&str>, result: &mut LocalCheck) {
    check_sizes(message, result);
    for file in message.files() {
        if !message_limits::may_travel(&file.name) {
            let extension = message_limits::extension(&file.name);
            result.add(own_finding(
                "attachment-type",
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
        result.add(own_finding(
            "same-office",
            None,
            Text::new(
                "送信先が自事業所と同じ事業所番号です。自事業所には送信できません。",
                "The destination has the number of this office: an office cannot send to itself.",
            ),
            Text::new("送信先を確かめてください。", "Look at the destination."),
        ));
    }
}

/// Sizes and counts, as relays are delivered (no public document states them: Assumed).
fn check_sizes(message: &Message, result: &mut LocalCheck) {
    let mut found = |check, file, ja: String, en: String, fix| {
        result.add(own_finding(check, file, Text::made(ja, en), fix));
    };
    let (files, most) = (message.files().len(), message_limits::MAX_FILES);
    if files > most as usize {
        found(
            "too-many-files",
            None,
            format!("ファイルが{files}個あります（最大{most}個）。"),
            format!("There are {files} files, {most} at most."),
            Text::new("何回かに分けて送信してください。", "Send them in several messages."),
        );
    }
    for file in message.files() {
        let (bytes, most) = (file.bytes.len() as u64, message_limits::MAX_FILE_BYTES);
        if bytes > most {
            found(
                "file-too-large",
                Some(file.name.as_str()),
                format!("ファイルが大きすぎます（{bytes}バイト、最大{most}バイト）。"),
                format!("The file is too large ({bytes} bytes, {most} at most)."),
                Text::new(
                    "ファイルを小さくするか、分けてください。",
                    "Make it smaller, or divide it.",
                ),
            );
        }
    }
    let (bytes, most) = (message.bytes(), message_limits::MAX_MESSAGE_BYTES);
    if bytes > most {
        found(
            "message-too-large",
            None,
            format!("全部で{bytes}バイトあります（最大{most}バイト）。"),
            format!("It has {bytes} bytes in all, {most} at most."),
            Text::new("何回かに分けて送信してください。", "Send it in several messages."),
        );
    }
    let chars = message.body().map_or(0, |text| text.chars().count());
    let most = message_limits::MAX_TEXT_CHARS;
    if chars > most as usize {
        found(
            "text-too-long",
            None,
            format!("メッセージが{chars}文字あります（最大{most}文字）。"),
            format!("The text has {chars} characters, {most} at most."),
            Text::new("短くしてください。", "Shorten it."),
        );
    }
}

/// What is in the files, as the project's checker sees it.
#[cfg(feature = "check")]
mod content;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_blocks_is_seen_however_much_else_there_is() {
        let finding = |blocks| LocalFinding {
            blocks,
            ..own_finding("check", None, Text::new("", ""), Text::new("", ""))
        };
        let mut result = LocalCheck::default();
        (0..=MAX_FINDINGS).for_each(|_| result.add(finding(false)));
        assert_eq!((result.findings.len(), result.blocking, result.others), (1_000, 0, 1_001));
        assert!(result.passed());
        result.add(finding(true));
        result.add(finding(true));
        let blocking: Vec<_> = result.findings.iter().map(|found| found.blocks).collect();
        assert_eq!(blocking.len(), MAX_FINDINGS);
        assert_eq!(blocking[..998].iter().filter(|blocks| **blocks).count(), 0);
        assert_eq!(blocking[998..], [true, true]);
        assert_eq!((result.blocking, result.others), (2, 1_001));
        // Where all of them block, the first ones stay.
        (0..=MAX_FINDINGS).for_each(|_| result.add(finding(true)));
        assert!(result.findings.iter().all(|found| found.blocks));
        assert_eq!(result.findings.len(), MAX_FINDINGS);
    }
}
