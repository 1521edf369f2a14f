//! よくある質問, and every message with its cause and remedy, from the table of refusals.

use askama::Template;
use axum::extract::Query;
use careplan_certs::verify::Cause;
use careplan_relay::certificate::refusal_of;
use careplan_relay::refusal::{self, REFUSALS, RefusalKind};
use careplan_spec::{Basis, Lang};
use careplan_wire::api::transport_refusal::{INTERNAL_ERROR, MAINTENANCE};
use serde::Deserialize;

use super::questions::CHAPTERS;
use crate::sites::page::{Page, PageResult, show};
use crate::sites::visit::Visit;

#[derive(Debug, Default, Deserialize)]
pub(super) struct FaqSearch {
    #[serde(default)]
    q: String,
}

/// A message as an entry.
struct FaqEntry {
    code: &'static str,
    title: &'static str,
    /// In English beside the Japanese that the screen shows.
    title_en: Option<&'static str>,
    cause: String,
    remedy: &'static str,
    source: &'static str,
    official: bool,
    basis: &'static str,
}

/// A chapter of questions: title, and those found with their answers.
struct ShownChapter {
    title: &'static str,
    questions: Vec<(&'static str, &'static str)>,
}

#[derive(Template)]
#[template(path = "support/faq.html")]
struct FaqPage {
    page: Page,
    q: String,
    chapters: Vec<ShownChapter>,
    entries: Vec<FaqEntry>,
}

/// Causes of official sentences, which do not name them (relay.md §3, Stated).
static CAUSES: &[(&RefusalKind, &str)] = &[
    (&refusal::PASSWORD_TEMPORARY, "仮パスワードのまま、まだ変更していません。"),
    (&refusal::PASSWORD_EXPIRED, "パスワードの有効期限が過ぎています。"),
    (
        &refusal::FILE_NAME_FORM,
        "ファイル名が標準仕様の形ではありません。名前を変えたか、旧版のアプリやソフトを使っています。",
    ),
    (
        &refusal::FILE_COMBINATION,
        "同じ連番のファイルがそろっていないか、送信単位にない組み合わせです。",
    ),
    (&refusal::FILE_CONTENT, "CSVの中身が標準仕様に合っていません。"),
];

/// What is behind a message. The English sentences say it themselves.
fn cause(kind: &'static RefusalKind, visit: &Visit) -> String {
    if visit.lang == Lang::En {
        return kind.title.en.to_owned();
    }
    if let Some((_, cause)) = CAUSES.iter().find(|(known, _)| known.code == kind.code) {
        return (*cause).to_owned();
    }
    let of_certificate = Cause::ALL.into_iter().find(|cause| refusal_of(*cause).code == kind.code);
    of_certificate.map_or(kind.title.ja, |cause| cause.text().ja).to_owned()
}

fn entry(kind: &'static RefusalKind, visit: &Visit) -> FaqEntry {
    FaqEntry {
        code: kind.code,
        title: kind.title.ja,
        title_en: (visit.lang == Lang::En).then_some(kind.title.en),
        cause: cause(kind, visit),
        remedy: kind.hint.get(visit.lang),
        source: kind.clause,
        official: kind.official,
        basis: match kind.basis {
            Basis::Stated => visit.t("公表資料に明記", "stated"),
            Basis::Inferred => visit.t("公表資料から推定", "inferred"),
            Basis::Assumed => visit.t("模擬環境の仮定", "assumed"),
        },
    }
}

pub(super) async fn page(visit: Visit, Query(search): Query<FaqSearch>) -> PageResult {
    let words: Vec<String> = search.q.split_whitespace().map(str::to_lowercase).collect();
    let has = |text: &str| {
        let text = text.to_lowercase();
        words.iter().all(|word| text.contains(word))
    };
    let chapters = CHAPTERS
        .iter()
        .map(|chapter| ShownChapter {
            title: chapter.title.get(visit.lang),
            questions: chapter
                .questions
                .iter()
                .filter(|(q, a)| has(&format!("{} {} {} {}", q.ja, q.en, a.ja, a.en)))
                .map(|(question, answer)| (question.get(visit.lang), answer.get(visit.lang)))
                .collect(),
        })
        .filter(|chapter| !chapter.questions.is_empty())
        .collect();
    let all = REFUSALS.iter().copied().chain([&MAINTENANCE, &INTERNAL_ERROR]);
    let entries = all
        .filter(|kind| {
            has(&format!(
                "{} {} {} {} {}",
                kind.code, kind.title.ja, kind.title.en, kind.hint.ja, kind.hint.en
            ))
        })
        .map(|kind| entry(kind, &visit))
        .collect();
    Ok(show(&FaqPage { page: visit.page(), q: search.q, chapters, entries }))
}
