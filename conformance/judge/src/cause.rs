//! What is behind many findings of a file: causes, each a rule of its own.
//!
//! A cause is told from what was counted while the file was judged ([`crate::evidence`]), before the
//! first finding of the file is passed on, and says which findings it explains. These keep their
//! severity: a cause is inferred, unless the standard states that it must not be.
//!
//! The order of the codes is the order in which causes are tried: a finding is explained by the first
//! that explains it, and a cause that would explain nothing more is not said.

use crate::context::{FileHeader, FindingDraft};
use crate::evidence::Evidence;
use crate::facts::FileFacts;
use crate::finding::Finding;
use crate::profile::Profile;
use crate::rule::{Check, Rule, Stage};
use crate::rules::framing as s;

pub(crate) mod another_office_everywhere;
pub(crate) mod columns_of_the_other_version;
pub(crate) mod columns_shifted;
pub(crate) mod columns_too_many_or_few;
pub(crate) mod content_of_another_table;
pub(crate) mod day_grid;
pub(crate) mod doubled_carriage_return;
pub(crate) mod euc_jp_text;
pub(crate) mod formula_cells;
pub(crate) mod iso_2022_jp_text;
pub(crate) mod items_exchanged;
pub(crate) mod list_of_its_own;
pub(crate) mod month_that_does_not_exist;
pub(crate) mod no_csv_at_all;
pub(crate) mod one_file_a_person;
pub(crate) mod other_content_named_as_deletion;
pub(crate) mod same_finding_repeated;
pub(crate) mod saved_again_by_a_spreadsheet;
pub(crate) mod sender_and_receiver_exchanged;
pub(crate) mod separator_line;
pub(crate) mod start_and_end_exchanged;
pub(crate) mod thousands_separators;
pub(crate) mod times_lost;
pub(crate) mod type_line;
pub(crate) mod version_number_alone_differs;
pub(crate) mod version_number_of_no_version;
pub(crate) mod workbook_for_csv;

/// Every cause, in the order of codes.
pub(crate) const RULES: &[&Rule] = &[
    &euc_jp_text::EUC_JP_TEXT,
    &iso_2022_jp_text::ISO_2022_JP_TEXT,
    &workbook_for_csv::WORKBOOK_FOR_CSV,
    &no_csv_at_all::NO_CSV_AT_ALL,
    &separator_line::SEPARATOR_LINE,
    &type_line::TYPE_LINE,
    &doubled_carriage_return::DOUBLED_CARRIAGE_RETURN,
    &other_content_named_as_deletion::OTHER_CONTENT_NAMED_AS_DELETION,
    &version_number_alone_differs::VERSION_NUMBER_ALONE_DIFFERS,
    &columns_of_the_other_version::COLUMNS_OF_THE_OTHER_VERSION,
    &content_of_another_table::CONTENT_OF_ANOTHER_TABLE,
    &day_grid::DAY_GRID,
    &columns_shifted::COLUMNS_SHIFTED,
    &items_exchanged::ITEMS_EXCHANGED,
    &thousands_separators::THOUSANDS_SEPARATORS,
    &columns_too_many_or_few::COLUMNS_TOO_MANY_OR_FEW,
    &list_of_its_own::LIST_OF_ITS_OWN,
    &formula_cells::FORMULA_CELLS,
    &saved_again_by_a_spreadsheet::SAVED_AGAIN_BY_A_SPREADSHEET,
    &version_number_of_no_version::VERSION_NUMBER_OF_NO_VERSION,
    &month_that_does_not_exist::MONTH_THAT_DOES_NOT_EXIST,
    &start_and_end_exchanged::START_AND_END_EXCHANGED,
    &sender_and_receiver_exchanged::SENDER_AND_RECEIVER_EXCHANGED,
    &another_office_everywhere::ANOTHER_OFFICE_EVERYWHERE,
    &times_lost::TIMES_LOST,
    &same_finding_repeated::SAME_FINDING_REPEATED,
    &one_file_a_person::ONE_FILE_A_PERSON,
];

/// What a cause may see.
pub(crate) struct CauseCx<'a> {
    /// The file.
    pub(crate) file: &'a FileHeader,
    /// What was gathered from its records.
    pub(crate) facts: &'a FileFacts,
    /// What was counted of its findings.
    pub(crate) evidence: &'a Evidence,
    /// The findings that wait for their cause: all, or the first of very many.
    pub(crate) held: &'a [Finding],
}

/// Tells whether a cause explains a finding of its file.
pub(crate) type Explains = Box<dyn Fn(&Finding) -> bool>;

/// A cause that was found.
pub(crate) struct Told {
    draft: FindingDraft,
    explains: Explains,
    /// Whether it is said also where it explains nothing.
    alone: bool,
}

impl Told {
    /// A cause of the file, and what it explains.
    pub(crate) fn new(rule: &'static Rule, explains: impl Fn(&Finding) -> bool + 'static) -> Self {
        Self { draft: FindingDraft::new(rule), explains: Box::new(explains), alone: false }
    }

    /// A cause that no finding has shown.
    pub(crate) fn alone(rule: &'static Rule) -> Self {
        Self { alone: true, ..Self::new(rule, |_| false) }
    }

    /// How many of the findings that wait it explains.
    pub(crate) fn explained(&self, cx: &CauseCx<'_>) -> usize {
        cx.held.iter().filter(|finding| (self.explains)(finding)).count()
    }

    /// Puts it into words.
    pub(crate) fn say(mut self, say: impl FnOnce(&mut FindingDraft)) -> Self {
        say(&mut self.draft);
        self
    }
}

/// A decided cause and what it explains.
pub(crate) struct Explanation {
    pub(crate) rule: &'static Rule,
    pub(crate) of: Explains,
}

/// The causes behind the findings of a file.
pub(crate) fn of_file(cx: &CauseCx<'_>, profile: &Profile) -> Vec<(FindingDraft, Explains)> {
    let mut told = Vec::new();
    let mut open: Vec<&Finding> = cx.held.iter().collect();
    for rule in RULES.iter().filter(|rule| profile.runs(rule)) {
        let Check::Cause(tell) = rule.check else { continue };
        for Told { mut draft, explains, alone } in tell(cx) {
            let explained = open.iter().filter(|finding| explains(finding));
            // A cause is never worse than what it explains, so that it changes no verdict.
            match explained.map(|finding| finding.severity).max() {
                Some(worst) => draft.at_most(worst),
                None if alone => &mut draft,
                None => continue,
            };
            open.retain(|finding| !explains(finding));
            told.push((draft, explains));
        }
    }
    told
}

/// The causes that explain findings about units, and which.
const OF_UNITS: &[(&Rule, &[&Rule])] = &[
    (&one_file_a_person::ONE_FILE_A_PERSON, one_file_a_person::OF_UNITS),
    (
        &sender_and_receiver_exchanged::SENDER_AND_RECEIVER_EXCHANGED,
        sender_and_receiver_exchanged::OF_UNITS,
    ),
];

/// Says of findings about units what explains them: a cause of the same unit, or one that was said of
/// its files.
pub(crate) fn explain_units(
    drafts: &mut [FindingDraft],
    of_files: impl Fn(&Finding) -> Vec<&'static Rule>,
) {
    let said: Vec<(Option<u32>, &Rule)> = drafts
        .iter()
        .map(|draft| (draft.finding.unit, draft.finding.rule))
        .filter(|(_, rule)| rule.stage() == Stage::Cause)
        .collect();
    for FindingDraft { finding } in drafts {
        let is_explained = |(_, explained): &&(&Rule, &[&Rule])| explained.contains(&finding.rule);
        let cause = OF_UNITS.iter().filter(is_explained).map(|(cause, _)| *cause);
        finding.explained_by = cause.into_iter().find(|cause| {
            said.contains(&(finding.unit, *cause)) || of_files(finding).contains(cause)
        });
    }
}

/// Whether a finding is about what the values of records say: values in other items than their own
/// make such findings.
pub(crate) fn is_about_values(finding: &Finding) -> bool {
    match finding.rule.stage() {
        Stage::Field | Stage::Record => true,
        Stage::Framing => is(finding, &s::unquoted_free_text::UNQUOTED_FREE_TEXT),
        Stage::File => finding.at.record > 0,
        Stage::Bytes | Stage::Unit | Stage::Cause | Stage::Settings => false,
    }
}

/// Whether a finding is one of a rule.
pub(crate) fn is(finding: &Finding, rule: &Rule) -> bool {
    finding.rule.code == rule.code
}

/// Whether a finding says that the columns, or a heading, are not those of the layout.
pub(crate) fn is_about_columns(finding: &Finding) -> bool {
    is(finding, &s::wrong_column_count::WRONG_COLUMN_COUNT)
        || is(finding, &s::header_row::HEADER_ROW)
}
