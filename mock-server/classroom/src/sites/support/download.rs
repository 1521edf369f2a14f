//! 製品ダウンロード: who downloads, and the way to the drawings of the installation
//! (introduction guide 2025-12, 製品ダウンロード 1-6).

use askama::Template;
use axum::http::StatusCode;

use crate::sites::page::{Page, PageResult, see, show};
use crate::sites::posted::Posted;
use crate::sites::visit::Visit;

/// What was typed.
#[derive(Debug, Default)]
struct Form {
    organisation: String,
    office: String,
}

/// What is wrong with it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Wrong {
    organisation: bool,
    office: Option<OfficeWrong>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OfficeWrong {
    Missing,
    Malformed,
}

impl Form {
    fn wrong(&self) -> Wrong {
        let office = match self.office.as_str() {
            "" => Some(OfficeWrong::Missing),
            number if number.len() == 10 && number.bytes().all(|byte| byte.is_ascii_digit()) => {
                None
            }
            _ => Some(OfficeWrong::Malformed),
        };
        Wrong { organisation: self.organisation.is_empty(), office }
    }
}

impl Wrong {
    fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

#[derive(Template)]
#[template(path = "support/download.html")]
struct DownloadPage {
    page: Page,
    form: Form,
    wrong: Wrong,
}

pub(super) async fn page(visit: Visit) -> PageResult {
    let (form, wrong) = (Form::default(), Wrong::default());
    Ok(show(&DownloadPage { page: visit.page(), form, wrong }))
}

pub(super) async fn ask(visit: Visit, posted: Posted) -> PageResult {
    let form = Form {
        organisation: posted.trimmed("organisation").to_owned(),
        office: posted.trimmed("office").to_owned(),
    };
    let wrong = form.wrong();
    if wrong.is_none() {
        return Ok(see("/support/download/product"));
    }
    let mut response = show(&DownloadPage { page: visit.page(), form, wrong });
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}

#[derive(Template)]
#[template(path = "support/product.html")]
struct ProductPage {
    page: Page,
}

pub(super) async fn product(visit: Visit) -> PageResult {
    Ok(show(&ProductPage { page: visit.page() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_ten_digits_of_half_width() {
        let wrong = |organisation: &str, office: &str| {
            let form = Form { organisation: organisation.to_owned(), office: office.to_owned() };
            form.wrong()
        };
        assert!(wrong("あおぞら", "4779000118").is_none());
        assert_eq!(wrong("", ""), Wrong { organisation: true, office: Some(OfficeWrong::Missing) });
        for malformed in ["477900011", "47790001180", "４７７９０００１１８", "47-9000118"]
        {
            assert_eq!(wrong("あ", malformed).office, Some(OfficeWrong::Malformed), "{malformed}");
        }
    }
}
