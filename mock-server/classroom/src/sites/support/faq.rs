//! よくある質問, and every message with its cause and remedy, from the table of refusals.

use askama::Template;
use axum::extract::Query;
use careplan_certs::verify::Cause;
use careplan_relay::certificate::refusal_of;
use careplan_relay::refusal::{self, REFUSALS, RefusalKind};
use careplan_spec::{Basis, Lang, Text};
use careplan_wire::api::transport_refusal::{INTERNAL_ERROR, MAINTENANCE};
use serde::Deserialize;

use crate::sites::page::{Page, PageResult, show};
use crate::sites::visit::Visit;

/// Questions that are not about one message; the answers follow the public Q&A in our own words.
static QUESTIONS: &[(Text, Text)] = &[
    (
        Text::new("cから始まる個人ユーザIDが分かりません。", "Where is the ID that starts with c?"),
        Text::new(
            "利用状況WebサイトにKJから始まるIDでログインすると、トップページに表示されます。",
            "Log in on the usage site with the KJ ID: its top page shows it.",
        ),
    ),
    (
        Text::new("代理人（HDから始まるID）で利用できますか。", "Can an agent's ID (HD…) be used?"),
        Text::new(
            "利用できません。事業所のKJから始まるIDを使ってください。",
            "No. Use the office's own KJ ID.",
        ),
    ),
    (
        Text::new("電子証明書は事業所ごとに必要ですか。", "Does every office need a certificate?"),
        Text::new(
            "事業所番号ごとに必要です。介護保険証明書または介護DX証明書を、KJから始まるIDで取得してください。1つの証明書を複数のパソコンに入れられます。",
            "Yes, for every office number: 介護保険証明書 or 介護DX証明書. One can be installed on several computers.",
        ),
    ),
    (
        Text::new("パソコンを変えるときはどうしますか。", "What if the computer changes?"),
        Text::new(
            "新しいパソコンに、アプリと電子証明書をもう一度インストールします。",
            "Install the application and the certificate on the new one.",
        ),
    ),
    (
        Text::new(
            "受信したデータがどこに保存されたか分かりません。",
            "Where was the received message saved?",
        ),
        Text::new(
            "データ取得は1回だけなので、パソコンの中を検索するか、送信元に再送を依頼してください。この模擬環境では端末の「取得したファイル」にあります。",
            "Fetching works once: search the computer, or ask the sender to send it again. Here, see “Received files” of the terminal.",
        ),
    ),
    (
        Text::new("WordやExcelのファイルは送れますか。", "Can Word or Excel files be sent?"),
        Text::new(
            "PDFにして保存すれば送れます。送れる種類は csv、jpeg、jpg、png、gif、txt、pdf です。",
            "Save them as PDF. csv, jpeg, jpg, png, gif, txt and pdf can be sent.",
        ),
    ),
    (
        Text::new("一括送信は何件まで送れますか。", "How many rows has a bulk send?"),
        Text::new("1度に100件までです。", "A hundred at once."),
    ),
    (
        Text::new(
            "予定と実績の突き合わせや修正はできますか。",
            "Does the system compare plan and actual use?",
        ),
        Text::new(
            "できません。介護ソフトに取り込んで行ってください。",
            "No; that is done in the care software.",
        ),
    ),
    (
        Text::new("ライセンスは途中で解約できますか。", "Can a licence be cancelled?"),
        Text::new(
            "期間の途中ではできません。次の期間を利用しないときは、ライセンス確認から自動更新を停止してください。",
            "Not in its term. Stop the renewal under “Licence” instead.",
        ),
    ),
    (
        Text::new(
            "有効期限と残高が「-」と表示されます。",
            "“-” is shown as the end and the balance.",
        ),
        Text::new(
            "利用申請の後、最初のライセンス料の支払いまでは「-」と表示されます。",
            "That is so until the first charge.",
        ),
    ),
    (
        Text::new("フリーパスはいつまで無料ですか。", "How long is the free pass free?"),
        Text::new(
            "申請日から1年間です。例：2025年7月1日に申請すると2026年6月30日まで。その後は停止しない限り本利用になります。",
            "A year from the application: from 2025-07-01 to 2026-06-30. Then it becomes a licence, unless stopped.",
        ),
    ),
];

#[derive(Debug, Default, Deserialize)]
pub(super) struct FaqSearch {
    #[serde(default)]
    q: String,
}

/// A message as an entry.
struct FaqEntry {
    code: &'static str,
    title: &'static str,
    cause: String,
    remedy: &'static str,
    source: &'static str,
    official: bool,
    basis: &'static str,
}

#[derive(Template)]
#[template(path = "support/faq.html")]
struct FaqPage {
    page: Page,
    q: String,
    questions: Vec<(&'static str, &'static str)>,
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
    let questions = QUESTIONS
        .iter()
        .filter(|(q, a)| has(&format!("{} {} {} {}", q.ja, q.en, a.ja, a.en)))
        .map(|(question, answer)| (question.get(visit.lang), answer.get(visit.lang)))
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
    Ok(show(&FaqPage { page: visit.page(), q: search.q, questions, entries }))
}
