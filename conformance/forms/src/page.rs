//! Forms as a page of their own.

use askama::Template;

use super::{Entry, Fragment, Options, STYLE, Titles};

/// What stands below the title of a page.
#[derive(Debug, Clone)]
pub struct Summary {
    /// The result. Plain text.
    pub result: String,
    /// Its parts, such as counts. Plain text.
    pub lines: Vec<String>,
}

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'p> {
    options: &'p Options<'p>,
    titles: &'p Titles,
    summary: Option<&'p Summary>,
    /// The entries of each send unit.
    units: Vec<&'p [Entry]>,
    forms: &'p str,
}

/// Draws the page.
pub(super) fn draw(
    fragment: &Fragment,
    options: &Options<'_>,
    titles: &Titles,
    summary: Option<&Summary>,
) -> String {
    let page = Page {
        options,
        titles,
        summary,
        units: fragment.contents.chunk_by(|a, b| a.unit == b.unit).collect(),
        forms: &fragment.html,
    };
    page.to_string()
}
