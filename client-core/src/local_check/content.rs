//! The part of the local check that looks into the files.

use careplan_judge::engine::{self, Input};
use careplan_judge::rule::RelayMessage;
use careplan_judge::{FindingSink, Profile, Severity, Verdict, WordedFinding};
use careplan_spec::Text;

use super::{LocalCheck, LocalFinding, own_finding};
use crate::outgoing::Message;
use crate::wire::{Finding, FindingSeverity};

/// Checks the content of a message, and adds what it finds.
pub(super) fn check(message: &Message, result: LocalCheck) -> LocalCheck {
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

struct Collect {
    result: LocalCheck,
    relay: Option<RelayMessage>,
}

impl FindingSink for Collect {
    fn finding(&mut self, path: Option<&str>, finding: careplan_judge::Finding) {
        let relay = finding.rule.relay.message();
        let blocks = finding.severity == Severity::Error && relay.is_some();
        if blocks {
            // One message can be shown; names before combinations before content, as the causes go.
            self.relay = self.relay.into_iter().chain(relay).min();
        }
        let worded = WordedFinding::masked(&finding, path);
        self.result.add(LocalFinding { finding: worded.into(), line: finding.at.line, blocks });
    }
}

impl From<WordedFinding> for Finding {
    fn from(finding: WordedFinding) -> Self {
        Self {
            rule: finding.rule,
            severity: FindingSeverity::from(finding.severity.id().to_owned()),
            file: finding.file,
            record: finding.record,
            field_number: finding.field_number,
            field_name: finding.field_name,
            message: finding.message,
            message_en: finding.message_en,
            fix: finding.fix,
            fix_en: finding.fix_en,
            clause: finding.clause,
        }
    }
}
