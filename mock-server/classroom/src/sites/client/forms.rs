//! Care plans as the forms people know, with what the checker finds: received ones, and those on
//! their way out.

use askama::Template;
use careplan_client_core::OutgoingFile;

use super::At;
use crate::sites::page::{Page, PageResult, show};
use crate::sites::support::check::{Found, examine};

#[derive(Template)]
#[template(path = "client/forms.html")]
pub(super) struct FormsPage {
    page: Page,
    title: &'static str,
    /// Of whom, or to whom.
    about: String,
    /// The screen one came from.
    back: &'static str,
    found: Option<Found>,
}

impl FormsPage {
    /// The page of these files; those the standard does not know are left aside.
    ///
    /// # Errors
    /// The check broke.
    pub(super) async fn show(
        at: &At,
        title: &'static str,
        about: String,
        back: &'static str,
        files: Vec<(String, Vec<u8>)>,
    ) -> PageResult {
        let found = match files.is_empty() {
            true => None,
            false => Some(examine(files, &at.visit).await?),
        };
        Ok(show(&Self { page: at.page(), title, about, back, found }))
    }
}

/// Names and bytes of outgoing files.
pub(super) fn bytes_of(files: Vec<OutgoingFile>) -> Vec<(String, Vec<u8>)> {
    files.into_iter().map(|file| (file.name, file.bytes.to_vec())).collect()
}
