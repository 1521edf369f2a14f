//! Installing the application: what Windows shows from the downloaded file to the first start, as
//! drawings in the order of the introduction guide (製品インストール①, ②). Nothing is installed.

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query};
use axum::routing::get;
use careplan_spec::Text;
use serde::Deserialize;

use crate::sites::Sites;
use crate::sites::page::{Page, PageError, PageResult, see, show};
use crate::sites::visit::Visit;

mod screens;

use screens::{SCREENS, Screen};

/// The routes.
pub(super) fn routes() -> Router<Sites> {
    Router::new()
        .route("/setup", get(async || see("/setup/1")))
        .route("/setup/done", get(done))
        .route("/setup/{number}", get(screen))
}

/// What was pressed.
#[derive(Debug, Default, Deserialize)]
struct Pressed {
    press: Option<String>,
}

#[derive(Template)]
#[template(path = "setup/screen.html")]
struct ScreenPage {
    page: Page,
    number: usize,
    total: usize,
    screen: &'static Screen,
    /// What the wrong button does.
    wrong: Option<(Text, Text)>,
}

impl ScreenPage {
    /// The screen before, and the page this chapter is entered from.
    fn back(&self) -> String {
        match self.number {
            1 => "/support/download/product".to_owned(),
            number => format!("/setup/{}", number - 1),
        }
    }
}

async fn screen(
    visit: Visit,
    Path(number): Path<String>,
    Query(pressed): Query<Pressed>,
) -> PageResult {
    let number: usize = number.parse().map_err(|_| PageError::NotFound)?;
    let index = number.checked_sub(1).ok_or(PageError::NotFound)?;
    let screen = SCREENS.get(index).ok_or(PageError::NotFound)?;
    let mut wrong = None;
    if let Some(id) = pressed.press {
        let choice = screen.choices.iter().find(|choice| choice.id == id);
        let choice = choice.ok_or(PageError::NotFound)?;
        match choice.why_not {
            Some(why) => wrong = Some((choice.label, why)),
            None if number == SCREENS.len() => return Ok(see("/setup/done")),
            None => return Ok(see(&format!("/setup/{}", number + 1))),
        }
    }
    Ok(show(&ScreenPage { page: visit.page(), number, total: SCREENS.len(), screen, wrong }))
}

#[derive(Template)]
#[template(path = "setup/done.html")]
struct DonePage {
    page: Page,
}

async fn done(visit: Visit) -> PageResult {
    Ok(show(&DonePage { page: visit.page() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_screen_has_one_way_on_and_says_why_not_the_others() {
        for screen in &SCREENS {
            let right = screen.choices.iter().filter(|choice| choice.why_not.is_none());
            assert_eq!(right.count(), 1, "{}", screen.title.en);
            assert!(screen.choices.len() > 1, "{}", screen.title.en);
            for choice in screen.choices {
                let same = screen.choices.iter().filter(|other| other.id == choice.id);
                assert_eq!(same.count(), 1, "{}: {}", screen.title.en, choice.id);
            }
        }
    }
}
