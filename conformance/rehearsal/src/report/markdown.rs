//! The report as Markdown.

use askama::Template;

use super::told::Told;

#[derive(Template)]
#[template(path = "report.md")]
pub(super) struct MarkdownReport<'r> {
    pub(super) told: Told<'r>,
}
