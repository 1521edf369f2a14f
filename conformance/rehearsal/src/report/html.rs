//! The report as one page for screen and A4.

use askama::Template;

use super::told::Told;

#[derive(Template)]
#[template(path = "report.html")]
pub(super) struct HtmlReport<'r> {
    title: &'static str,
    told: Told<'r>,
}

impl<'r> HtmlReport<'r> {
    pub(super) fn of(told: Told<'r>) -> Self {
        Self { title: told.title(), told }
    }
}
