//! Suppressions: findings that somebody answers for until a day. What they are about is for the
//! program to find out that reads them; here is what is said of them.

use careplan_spec::calendar::Date;
use careplan_spec::{Text, counted};

use crate::cause as c;
use crate::context::FindingDraft;
use crate::finding::Finding;
use crate::rule::{Rule, Stage};
use crate::rules::settings::{
    expired_suppression::EXPIRED_SUPPRESSION, idle_suppression::IDLE_SUPPRESSION,
};
use crate::rules::{bytes as b, framing as s};

/// An entry of the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// The rules.
    pub rules: Vec<&'static Rule>,
    /// Why.
    pub reason: String,
    /// The last day on which it holds.
    pub until: Date,
    /// The line of the settings that it begins in.
    pub line: u32,
}

impl Suppression {
    /// Whether it still holds on a day.
    pub fn holds_on(&self, today: Date) -> bool {
        today <= self.until
    }

    /// The codes of its rules: `L007, R014`.
    pub fn codes(&self) -> String {
        self.rules.iter().map(|rule| rule.code).collect::<Vec<_>>().join(", ")
    }

    /// Its last day, as 2027-03-31.
    pub fn last_day(&self) -> String {
        let until = self.until;
        format!("{}-{:02}-{:02}", until.year(), until.month(), until.day())
    }

    /// The finding that it has expired; it would hide `again` findings.
    pub fn expired(&self, again: u64) -> Finding {
        let mut draft = self.draft(&EXPIRED_SUPPRESSION);
        draft.arg(if again == 0 {
            Text::made("いま隠すような指摘はありません。", "It would hide nothing now.")
        } else {
            Text::made(
                format!("隠していた指摘{again}件が、また出ています。"),
                format!("What it hid is said again: {}.", counted(again, "finding")),
            )
        });
        draft.finding
    }

    /// The finding that it hides nothing.
    pub fn idle(&self) -> Finding {
        self.draft(&IDLE_SUPPRESSION).finding
    }

    fn draft(&self, rule: &'static Rule) -> FindingDraft {
        let mut draft = FindingDraft::new(rule);
        draft.finding.at.line = self.line;
        draft.arg(self.codes()).arg(self.last_day()).arg(self.reason.as_str());
        draft
    }
}

/// Why the findings of a rule may not be suppressed; `None` where they may. What could not be judged
/// is never passed over, and a suppression not by another one.
pub fn refusal(rule: &Rule) -> Option<Text> {
    let unjudged: [&Rule; 5] = [
        &b::utf16_text::UTF16_TEXT,
        &s::other_delimiter::OTHER_DELIMITER,
        &s::oversized_record::OVERSIZED_RECORD,
        &c::workbook_for_csv::WORKBOOK_FOR_CSV,
        &c::no_csv_at_all::NO_CSV_AT_ALL,
    ];
    if unjudged.contains(&rule) {
        return Some(Text::new(
            "中身を検査できないことを示すので、抑制できません",
            "it says that content could not be judged, and may not be suppressed",
        ));
    }
    (rule.stage() == Stage::Settings).then_some(Text::new(
        "抑制についての指摘は抑制できません",
        "it is about suppressions, and may not be suppressed",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Wording;
    use crate::rules;

    fn suppression() -> Suppression {
        let rules = ["L007", "R014"].map(|code| rules::find(code).expect("a rule")).to_vec();
        let until = Date::new(2027, 3, 31).expect("a day");
        Suppression { rules, reason: "4月の版で直す".to_owned(), until, line: 12 }
    }

    #[test]
    fn the_last_day_is_included() {
        let holds =
            |month, day| suppression().holds_on(Date::new(2027, month, day).expect("a day"));
        assert!(holds(3, 30) && holds(3, 31));
        assert!(!holds(4, 1));
    }

    #[test]
    fn it_is_named_with_its_day_its_reason_and_what_comes_back() {
        let said = |finding: &Finding, lang| Wording { lang, show_values: false }.message(finding);
        let (ja, en) = (careplan_spec::Lang::Ja, careplan_spec::Lang::En);
        let expired = suppression().expired(3);
        assert_eq!((expired.rule.code, expired.at.line), ("S040", 12));
        assert_eq!(
            said(&expired, ja),
            "抑制（L007, R014）は 2027-03-31 までのものです。理由：4月の版で直す。隠していた指摘3件が、また出ています。"
        );
        assert_eq!(
            said(&suppression().expired(1), en),
            "The suppression of L007, R014 was to last until 2027-03-31. Its reason: 4月の版で直す. \
             What it hid is said again: 1 finding."
        );
        assert!(said(&suppression().expired(0), ja).ends_with("いま隠すような指摘はありません。"));
        let idle = suppression().idle();
        assert_eq!((idle.rule.code, idle.at.line), ("S041", 12));
        assert_eq!(
            said(&idle, en),
            "The suppression of L007, R014, until 2027-03-31, hides nothing. Its reason: 4月の版で直す."
        );
    }

    #[test]
    fn what_could_not_be_judged_and_suppressions_themselves_stay() {
        let refused: Vec<_> =
            rules::all().filter(|rule| refusal(rule).is_some()).map(|rule| rule.code).collect();
        assert_eq!(refused, ["B003", "S002", "S013", "C003", "C004", "S040", "S041"]);
    }
}
