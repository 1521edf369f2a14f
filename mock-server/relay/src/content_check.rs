//! What the relay asks the conformance checker about a message (relay.md §3 E1 – E3, §9 item 15).

use careplan_judge::profile::Purpose;
use careplan_judge::rule::RelayMessage;
use careplan_judge::{Finding, FindingSink, Input, Profile, Summary, Verdict, WordedFinding};
use careplan_spec::counted;
use careplan_spec::file_name::{self, Reading};
use careplan_spec::send_unit::Match;

use super::message::{SentFile, UnitView};
use crate::outcome::{Failure, Refusal, Result};
use crate::refusal::{self, RefusalKind};

/// What the checker made of the files of a message.
#[derive(Debug, Default)]
pub(crate) struct ContentCheck {
    /// The complete send units.
    pub(crate) units: Vec<UnitView>,
    /// The answer, where it is not taken.
    pub(crate) refusal: Option<Refusal>,
}

/// The answers in the order in which they are given: E2, E1, E3.
const ANSWERS: [(RelayMessage, &RefusalKind); 3] = [
    (RelayMessage::FileName, &refusal::FILE_NAME_FORM),
    (RelayMessage::Combination, &refusal::FILE_COMBINATION),
    (RelayMessage::Format, &refusal::FILE_CONTENT),
];

/// Collects findings by the answer they lead to.
struct ByAnswer {
    limit: usize,
    kept: [Vec<WordedFinding>; 3],
    totals: [u64; 3],
}

impl FindingSink for ByAnswer {
    fn finding(&mut self, path: Option<&str>, finding: Finding) {
        let answer = finding.rule.relay.message();
        let Some(index) = ANSWERS.iter().position(|(message, _)| Some(*message) == answer) else {
            return;
        };
        self.totals[index] += 1;
        if self.kept[index].len() < self.limit {
            self.kept[index].push(WordedFinding::masked(&finding, path));
        }
    }
}

/// Checks names, combination and content as the relay does (relay.md §3 E1 – E3, Stated; how deep
/// it looks, §9 item 15, Assumed).
///
/// # Errors
/// The checker could not come to an end.
pub(crate) fn check(files: &[SentFile], max_findings: u32) -> Result<ContentCheck> {
    answer(files.iter().map(|file| Input::from_bytes(file.name.clone(), &file.bytes)), max_findings)
}

fn answer<'f>(inputs: impl Iterator<Item = Input<'f>>, max_findings: u32) -> Result<ContentCheck> {
    let profile = Profile::new(Purpose::Relay);
    let mut sink =
        ByAnswer { limit: max_findings as usize, kept: Default::default(), totals: [0; 3] };
    let summary = careplan_judge::check(inputs, &profile, &mut sink);
    for (index, (_, kind)) in ANSWERS.iter().enumerate() {
        if sink.totals[index] > 0 {
            let findings = std::mem::take(&mut sink.kept[index]);
            let total = sink.totals[index];
            let refusal = Refusal::new(kind)
                .because(
                    format!("検査で{total}件の指摘がありました。"),
                    format!("The checker found {}.", counted(total, "problem")),
                )
                .with_findings(findings, total);
            return Ok(ContentCheck { units: Vec::new(), refusal: Some(refusal) });
        }
    }
    if summary.verdict == Verdict::InternalError {
        return Err(Failure::Task("the check of a file".to_owned()).into());
    }
    Ok(ContentCheck { units: units(&summary), refusal: None })
}

fn units(summary: &Summary) -> Vec<UnitView> {
    let months = |files: &[u32]| {
        files.iter().find_map(|index| {
            let path = &summary.files.get(*index as usize)?.path;
            let Reading::Standard { name, .. } = file_name::read(path) else { return None };
            Some(name.service_month()?.to_string())
        })
    };
    summary
        .units
        .iter()
        .filter_map(|unit| {
            let Match::Complete(shape) = &unit.matched else { return None };
            Some(UnitView {
                unit: shape.id.to_owned(),
                sequence: unit.sequence.clone(),
                service_month: months(&unit.files),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use careplan_fixtures::{Faulty, mutant};

    use super::*;
    use crate::outcome::Error;

    /// The answer to a mutant of which the first file is a fault of the program.
    fn answer_to(name: &str) -> Result<ContentCheck> {
        let (files, _) = mutant::find(name).expect("a mutant of this name").build();
        let mut inputs = files.iter().map(|file| Input::from_bytes(&*file.name, &file.bytes));
        let first = inputs.next().expect("a file");
        answer(std::iter::once(Input::from_reader(first.path(), Faulty)).chain(inputs), 10)
    }

    #[test]
    fn what_was_not_checked_to_its_end_is_not_taken() {
        let failed = answer_to("byte-order-mark");
        assert!(matches!(failed, Err(Error::Failed(Failure::Task(_)))), "{failed:?}");
    }

    #[test]
    fn a_fault_in_one_file_leaves_the_findings_of_the_others() {
        let answered = answer_to("time-without-zero").expect("an answer");
        let refusal = answered.refusal.expect("a refusal");
        assert_eq!(refusal.kind.code, refusal::FILE_CONTENT.code);
        assert_eq!(refusal.findings[0].rule, "F006");
    }
}
