//! Asking before anything is replaced.

use askama::Template;
use axum::response::Response;
use careplan_spec::Text;

use crate::sites::page::{Page, show};
use crate::sites::posted::Posted;
use crate::sites::visit::Visit;

/// Field of an answer: yes.
const SURE: &str = "sure";

/// Field of an answer: yes, although it cannot be undone.
const WITHOUT_UNDO: &str = "without_undo";

/// What is about to be done.
pub(super) struct Question<'a> {
    /// What.
    pub(super) what: &'a Text<String>,
    /// What is lost by it.
    pub(super) loses: Text,
    /// What the button says.
    pub(super) button: Text,
    /// Where the answer goes, with which fields.
    pub(super) action: &'static str,
    pub(super) fields: Vec<(&'static str, String)>,
    /// Where no leads.
    pub(super) back: &'static str,
    /// The state is saved first and can be brought back.
    pub(super) is_undone: bool,
}

#[derive(Template)]
#[template(path = "console/question.html")]
struct QuestionPage<'a> {
    page: Page,
    what: &'a str,
    loses: &'static str,
    button: &'static str,
    action: &'static str,
    fields: &'a [(&'static str, String)],
    back: &'static str,
    is_undone: bool,
    cannot_be_saved: bool,
}

impl Question<'_> {
    /// The page that asks.
    pub(super) fn asked(&self, visit: &Visit) -> Response {
        self.page(visit, false)
    }

    /// The page that asks again: the state cannot be saved.
    pub(super) fn asked_without_undo(&self, visit: &Visit) -> Response {
        self.page(visit, true)
    }

    fn page(&self, visit: &Visit, cannot_be_saved: bool) -> Response {
        show(&QuestionPage {
            page: visit.page(),
            what: self.what.get(visit.lang),
            loses: self.loses.get(visit.lang),
            button: self.button.get(visit.lang),
            action: self.action,
            fields: &self.fields,
            back: self.back,
            is_undone: self.is_undone,
            cannot_be_saved,
        })
    }
}

/// Whether the answer is yes.
pub(super) fn is_answered(posted: &Posted) -> bool {
    posted.has(SURE)
}

/// Whether it is also yes where it cannot be undone.
pub(super) fn is_without_undo(posted: &Posted) -> bool {
    posted.has(WITHOUT_UNDO)
}
