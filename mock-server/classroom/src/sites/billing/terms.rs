//! The terms of the site and of its certificate service. The guides show how they look, the first
//! heading and the days of the supplements; the sentences are our own and say so.

use askama::Template;
use axum::extract::Path;
use careplan_spec::Text;

use crate::sites::page::{PageError, PageResult, attachment};
use crate::sites::visit::Visit;

/// An article.
#[derive(Debug)]
pub(super) struct Article {
    pub(super) heading: Text,
    pub(super) body: Text,
}

/// Terms to read, accept and keep.
#[derive(Debug)]
pub(super) struct Terms {
    /// In addresses.
    pub(super) id: &'static str,
    pub(super) title: Text,
    pub(super) articles: &'static [Article],
    /// 附則: the day they began, and those of their changes.
    pub(super) supplements: &'static [Text],
}

const fn article(
    heading_ja: &'static str,
    heading_en: &'static str,
    body_ja: &'static str,
    body_en: &'static str,
) -> Article {
    Article { heading: Text::new(heading_ja, heading_en), body: Text::new(body_ja, body_en) }
}

/// 電子請求受付システム 利用規約.
pub(super) static OF_USE: Terms = Terms {
    id: "use",
    title: Text::new(
        "電子請求受付システム 利用規約（模擬）",
        "Terms of use of the billing site (mock)",
    ),
    articles: &[
        article(
            "第1条（目的及び定義）",
            "Article 1 (Purpose and definitions)",
            "この規約は、模擬の電子請求受付システム（以下「本システム」）を研修や試験で使うときの決まりを定めます。「事業所等」とは、通知書でユーザIDを受け取った架空の事業所をいいます。本物の規約の内容は、実際の電子請求受付システムで確認してください。",
            "These terms are about the mock of the billing site, in training and testing. “Office” is an invented office with a user ID by letter. Read the real terms on the real site.",
        ),
        article(
            "第2条（入力してよい情報）",
            "Article 2 (What may be entered)",
            "実在の利用者・事業所の情報、本物のユーザID・パスワード・電子証明書を入力しないでください。",
            "Never enter data of real people or offices, or real IDs, passwords and certificates.",
        ),
        article(
            "第3条（ユーザID及びパスワード）",
            "Article 3 (User ID and password)",
            "仮パスワードは、はじめてのログインのあとに変更します。パスワードは英数字を混ぜた8文字～16文字とし、ほかの人に知られないように管理します。有効期限が切れたときは変更します。",
            "The temporary password is changed after the first login. A password has 8 to 16 letters and digits, with both; keep it to yourself, and change it when it has expired.",
        ),
        article(
            "第4条（メールアドレスの登録）",
            "Article 4 (Mail addresses)",
            "お知らせ用とセキュリティ用のメールアドレスを登録できます。模擬環境はメールをどこにも送信しません。",
            "An address for notices and one for security can be registered. The mock sends no mail anywhere.",
        ),
        article(
            "第5条（電子証明書）",
            "Article 5 (Certificates)",
            "電子証明書の発行には、証明書発行用パスワードと、認証サービス利用規約への同意が必要です。",
            "A certificate is issued with the certificate issue password, after its own terms are accepted.",
        ),
        article(
            "第6条（利用時間）",
            "Article 6 (Hours)",
            "本システムは終日利用できます。保守のために止まることがあります。午前1:30から午前6:30の間は、電子証明書の発行を停止します。",
            "The site is open day and night, except for maintenance. Certificates are not issued between 01:30 and 06:30.",
        ),
        article(
            "第7条（禁止事項）",
            "Article 7 (What is forbidden)",
            "ほかの事業所のユーザIDを使うこと、本システムの動作を妨げることをしてはいけません。",
            "Nobody uses the ID of another office or hinders the site.",
        ),
        article(
            "第8条（利用の停止）",
            "Article 8 (Suspension)",
            "パスワードを続けて誤ったときは、一定の時間ログインできなくなります。",
            "After wrong passwords in a row the login is closed for a while.",
        ),
        article(
            "第9条（保証）",
            "Article 9 (No warranty)",
            "模擬環境の動作は公表資料に基づきますが、本物のシステムと同じであることを保証しません。",
            "The mock follows public documents; it is not guaranteed to be the same as the real system.",
        ),
        article(
            "第10条（規約の変更）",
            "Article 10 (Changes)",
            "この規約は、模擬環境の新しい版で変わることがあります。",
            "Newer versions of the mock may have other terms.",
        ),
    ],
    supplements: &[],
};

/// 電子請求受付システム 認証サービス利用規約.
pub(super) static OF_CERTIFICATES: Terms = Terms {
    id: "certificates",
    title: Text::new(
        "電子請求受付システム 認証サービス利用規約（模擬）",
        "Terms of the certificate service (mock)",
    ),
    articles: &[
        article(
            "第1条（目的）",
            "Article 1 (Purpose)",
            "この規約は、模擬の認証サービスが電子証明書を発行するときの決まりを定めます。本物の規約の内容は、実際の電子請求受付システムで確認してください。",
            "These terms are about certificates of the mock. Read the real terms on the real site.",
        ),
        article(
            "第2条（試験用の証明書）",
            "Article 2 (For testing only)",
            "発行される証明書は試験用です。発行者名に TEST と記載され、本物のシステムでは使えません。",
            "The certificate is for testing. Its issuer's name says TEST, and no real system accepts it.",
        ),
        article(
            "第3条（発行の申請）",
            "Article 3 (Application)",
            "事業所は、証明書発行用パスワードを入力して発行を申請します。発行が終わると、お知らせ画面に証明書発行完了通知が届きます。",
            "The office applies with its certificate issue password. A notice says when the certificate was issued.",
        ),
        article(
            "第4条（証明書の利用）",
            "Article 4 (Use)",
            "証明書は、申請した事業所が、インストールしたパソコンで使います。同じ証明書を事業所内の複数のパソコンにインストールできます。",
            "The office that applied uses it on computers where it is installed; it may be installed on several of them.",
        ),
        article(
            "第5条（証明書とパスワードの管理）",
            "Article 5 (Keeping it safe)",
            "証明書と証明書発行用パスワードを、ほかの人に渡さないでください。",
            "Give the certificate and its password to nobody.",
        ),
        article(
            "第6条（有効期間と更新）",
            "Article 6 (Validity and renewal)",
            "証明書には有効期間があります。終わる前に更新を申請します。",
            "It is valid for a time, and renewed before its end.",
        ),
        article(
            "第7条（失効）",
            "Article 7 (Revocation)",
            "証明書が不正に使われるおそれがあるときは、失効させることがあります。",
            "It may be revoked where it could be misused.",
        ),
        article(
            "第8条（手数料）",
            "Article 8 (Fees)",
            "介護DX証明書の発行に手数料はかかりません。",
            "A 介護DX証明書 costs nothing.",
        ),
        article(
            "第9条（保証）",
            "Article 9 (No warranty)",
            "模擬環境の動作は公表資料に基づきますが、本物のシステムと同じであることを保証しません。",
            "The mock follows public documents; it is not guaranteed to be the same as the real system.",
        ),
        article(
            "第10条（規約の変更）",
            "Article 10 (Changes)",
            "この規約が変わったときは、附則に日付を記します。",
            "Changes of these terms are dated in the supplements.",
        ),
    ],
    supplements: &[
        Text::new("本規約は平成19年8月1日から施行します。", "In force from 1 August 2007."),
        Text::new("（一部改定）平成24年4月16日から施行します。", "Changed from 16 April 2012."),
        Text::new("（一部改定）平成26年8月18日から施行します。", "Changed from 18 August 2014."),
        Text::new("（一部改定）平成29年11月24日から施行します。", "Changed from 24 November 2017."),
        Text::new("（一部改定）平成30年4月23日から施行します。", "Changed from 23 April 2018."),
        Text::new("（一部改定）令和元年7月24日から施行します。", "Changed from 24 July 2019."),
        Text::new("（一部改定）令和5年4月20日から施行します。", "Changed from 20 April 2023."),
    ],
};

/// As a text file.
#[derive(Template)]
#[template(path = "billing/terms.txt")]
struct TermsFile<'a> {
    visit: &'a Visit,
    terms: &'static Terms,
}

/// 【利用規約をダウンロード】.
pub(super) async fn download(visit: Visit, Path(id): Path<String>) -> PageResult {
    let terms = [&OF_USE, &OF_CERTIFICATES].into_iter().find(|terms| terms.id == id);
    let terms = terms.ok_or(PageError::NotFound)?;
    let text = TermsFile { visit: &visit, terms }.render().map_err(|error| {
        tracing::error!(%error, "terms could not be written");
        PageError::Failed
    })?;
    let name = format!("{}.txt", terms.title.get(visit.lang));
    // Line ends that every editor of Windows knows.
    Ok(attachment(&name, text.replace('\n', "\r\n")))
}
