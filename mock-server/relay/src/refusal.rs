//! Everything the relay turns down, declared once.
//!
//! A row has the stable code, the Japanese text (the official one where relay.md §3 has it,
//! otherwise ours and marked so), English, the clause and what to do. What exactly was wrong comes
//! with the [`Refusal`](crate::outcome::Refusal); programs look at the code alone. Which status
//! number a transport answers with is the transport's business.

use careplan_spec::{Basis, Text};

/// One way of being turned down.
#[derive(Debug)]
pub struct RefusalKind {
    /// Stable code, kebab-case; never reused.
    pub code: &'static str,
    /// What the user reads.
    pub title: Text,
    /// Whether the Japanese text is the official one.
    pub official: bool,
    /// Where the behaviour comes from.
    pub clause: &'static str,
    /// How firmly it stands.
    pub basis: Basis,
    /// What to do about it.
    pub hint: Text,
}

/// E4 of relay.md §3, shown whatever is wrong with the certificate.
const CERTIFICATE_TEXT: &str = "正しい電子証明書をインストールしてください。";
/// E5 of relay.md §3, shown for temporary and expired passwords alike.
const PASSWORD_TEXT: &str = "パスワードの有効期限が切れています";

macro_rules! refusals {
    ($(
        $name:ident $code:literal $who:ident $ja:expr, $en:literal,
        $clause:literal $basis:ident, $hint_ja:literal, $hint_en:literal;
    )*) => {
        $(
            #[doc = concat!("`", $code, "`: ", $en, " (", $clause, ")")]
            pub static $name: RefusalKind = RefusalKind {
                code: $code,
                title: Text::new($ja, $en),
                official: refusals!(@ $who),
                clause: $clause,
                basis: Basis::$basis,
                hint: Text::new($hint_ja, $hint_en),
            };
        )*

        /// Every refusal, in the order of the documentation.
        pub static REFUSALS: &[&RefusalKind] = &[$(&$name,)*];

        /// The names of the declarations above, in the same order.
        pub static REFUSAL_NAMES: &[&str] = &[$(stringify!($name),)*];
    };
    (@ official) => { true };
    (@ ours) => { false };
}

refusals! {
    // Accounts and login.
    USER_ID_MALFORMED "user-id-malformed" ours
        "ユーザIDの形式に誤りがあります。", "The user ID does not have the right form.",
        "relay.md §4" Inferred,
        "KJから始まる14桁のID、またはcから始まるIDを入力してください。",
        "Enter the 14-character ID that starts with KJ, or the ID that starts with c.";
    AGENT_ID_REFUSED "agent-id-refused" ours
        "HDから始まる代理人のIDは利用できません。", "IDs of agents (HD…) cannot be used.",
        "relay.md §4" Stated,
        "事業所のKJから始まるIDを使ってください。", "Use the office's own ID, which starts with KJ.";
    USER_OR_PASSWORD_WRONG "user-or-password-wrong" ours
        "ユーザIDまたはパスワードが正しくありません。", "The user ID or the password is wrong.",
        "relay.md §3" Assumed,
        "大文字と小文字の違いを確かめて、入力し直してください。",
        "Mind upper and lower case, and enter them again.";
    USER_LOCKED "user-locked" ours
        "ユーザIDがロックされています。", "The user ID is locked.",
        "relay.md §4" Inferred,
        "30分以上待ってから、もう一度ログインしてください。", "Wait at least thirty minutes and log in again.";
    PASSWORD_TEMPORARY "password-temporary" official
        PASSWORD_TEXT, "The password has expired: it is the temporary one.",
        "relay.md §3 E5" Stated,
        "電子請求受付システムで仮パスワードを変更してください。",
        "Change the temporary password on the billing site, then log in again.";
    PASSWORD_EXPIRED "password-expired" official
        PASSWORD_TEXT, "The password has expired.",
        "relay.md §3 E5" Stated,
        "電子請求受付システムでパスワードを変更してください。",
        "Change the password on the billing site, then log in again.";
    PASSWORD_RULE_BROKEN "password-rule-broken" ours
        "パスワードは英字と数字を混ぜた8～16文字にしてください。", "A password has 8 to 16 letters and digits, with both.",
        "relay.md §4" Stated,
        "半角の英字と数字だけで、両方を含めてください。", "Use ASCII letters and digits only, at least one of each.";
    PASSWORD_UNCHANGED "password-unchanged" ours
        "今と同じパスワードには変更できません。", "The new password is the current one.",
        "relay.md §4" Assumed,
        "別のパスワードを入力してください。", "Choose another password.";
    PASSWORD_CHANGED_MEANWHILE "password-changed-meanwhile" ours
        "パスワードは同時に別の操作で変更されました。", "The password was changed by somebody else at the same time.",
        "relay.md §4" Assumed,
        "変更後のパスワードでログインし直してください。心当たりがなければ、すぐにもう一度変更してください。",
        "Log in with the password it was changed to; if that was not you, change it again at once.";
    ACCOUNT_UNKNOWN "account-unknown" ours
        "このユーザIDは登録されていません。", "There is no such user ID.",
        "relay.md §4" Assumed,
        "IDを確かめてください。", "Check the ID.";
    OFFICE_UNKNOWN "office-unknown" ours
        "この事業所番号の事業所は登録されていません。", "There is no office of this number.",
        "relay.md §9 item 10" Assumed,
        "事業所番号を確かめてください。", "Check the office number.";
    FIRST_STAGE_MISSING "first-stage-missing" ours
        "cから始まるIDでのログインからやり直してください。", "The first stage of the login is missing or too old.",
        "relay.md §2" Inferred,
        "個人ユーザIDでログインしてから、事業所ユーザIDでログインしてください。",
        "Log in with the personal ID first, then with the office's ID.";
    IDS_OF_DIFFERENT_OFFICES "ids-of-different-offices" ours
        "2つのユーザIDの事業所が一致しません。", "The two user IDs belong to different offices.",
        "relay.md §9 item 9" Assumed,
        "同じ事業所のIDの組でログインしてください。", "Log in with both IDs of the same office.";
    TOKEN_UNKNOWN "token-unknown" ours
        "ログインしていません。", "Nobody is logged in with this token.",
        "relay.md §8" Inferred,
        "ログインし直してください。", "Log in again.";
    TOKEN_EXPIRED "token-expired" ours
        "ログインの有効時間が過ぎました。", "The token has expired.",
        "relay.md §8" Inferred,
        "更新トークンで更新するか、ログインし直してください。", "Refresh it, or log in again.";
    TOKEN_REUSED "token-reused" ours
        "この更新トークンは既に使われています。安全のため、このログインを終了しました。",
        "This refresh token was used before. To be safe, the whole login was ended.",
        "relay.md §8" Assumed,
        "ログインし直してください。更新の応答を受け取れなかったときも同じです。更新トークンは1回だけ使えます。",
        "Log in again, also where the answer to a refresh was lost: a refresh token works once.";
    TOKEN_OF_OTHER_CERTIFICATE "token-of-other-certificate" ours
        "ログインしたときと違う電子証明書が使われています。", "The token belongs to another certificate.",
        "relay.md §8" Assumed,
        "ログインしたときの電子証明書を使うか、ログインし直してください。",
        "Use the certificate of the login, or log in again.";

    // The certificate that was presented.
    CERTIFICATE_MISSING "certificate-missing" official
        CERTIFICATE_TEXT, "Install the right certificate: none was presented.",
        "relay.md §3 E4" Stated,
        "事業所の電子証明書（介護保険証明書または介護DX証明書）をインストールしてください。",
        "Install the office's certificate (介護保険証明書 or 介護DX証明書).";
    CERTIFICATE_EXPIRED "certificate-expired" official
        CERTIFICATE_TEXT, "Install the right certificate: this one has expired.",
        "relay.md §3 E4, §5" Stated,
        "新しい証明書を申請してインストールしてください。", "Apply for a new certificate and install it.";
    CERTIFICATE_NOT_YET_VALID "certificate-not-yet-valid" official
        CERTIFICATE_TEXT, "Install the right certificate: this one is not valid yet.",
        "relay.md §3 E4, §5" Stated,
        "有効開始日まで、今の証明書を使ってください。", "Use the current certificate until the start date.";
    CERTIFICATE_REVOKED "certificate-revoked" official
        CERTIFICATE_TEXT, "Install the right certificate: this one was revoked.",
        "relay.md §3 E4, §9 item 11" Assumed,
        "新しい証明書を申請してインストールしてください。", "Apply for a new certificate and install it.";
    CERTIFICATE_OF_OTHER_ROOT "certificate-of-other-root" official
        CERTIFICATE_TEXT, "Install the right certificate: this one was issued by another authority.",
        "relay.md §3 E4, §5" Stated,
        "電子請求受付システムで発行された証明書を使ってください。", "Use a certificate issued by the billing system.";
    CERTIFICATE_WRONG_USAGE "certificate-wrong-usage" official
        CERTIFICATE_TEXT, "Install the right certificate: this one is not for client authentication.",
        "relay.md §3 E4, §5" Assumed,
        "事業所の電子証明書を使ってください。", "Use the office's certificate.";
    CERTIFICATE_WRONG_KIND "certificate-wrong-kind" official
        CERTIFICATE_TEXT, "Install the right certificate: this kind is not accepted.",
        "relay.md §3 E4, §5" Stated,
        "介護保険証明書または介護DX証明書を使ってください。代理人や障害者総合支援の証明書は使えません。",
        "Use 介護保険証明書 or 介護DX証明書, not one of an agent or for 障害者総合支援.";
    CERTIFICATE_WITHOUT_OFFICE "certificate-without-office" official
        CERTIFICATE_TEXT, "Install the right certificate: this one names no office.",
        "relay.md §3 E4, §5" Assumed,
        "事業所の電子証明書を使ってください。", "Use the office's certificate.";
    CERTIFICATE_OF_OTHER_OFFICE "certificate-of-other-office" official
        CERTIFICATE_TEXT, "Install the right certificate: this one belongs to another office.",
        "relay.md §3 E4" Stated,
        "利用申請をしたKJ IDの事業所の証明書を使ってください。",
        "Use the certificate of the KJ ID that applied for the licence.";

    // Mail.
    MAIL_ADDRESS_MALFORMED "mail-address-malformed" ours
        "メールアドレスの形式に誤りがあります。", "The mail address does not have the right form.",
        "relay.md §4" Assumed,
        "メールアドレスを確かめてください。", "Check the address.";
    MAIL_CODE_NOT_REQUESTED "mail-code-not-requested" ours
        "確認コードが送信されていません。", "No confirmation code is waiting.",
        "relay.md §4" Assumed,
        "先に確認コードを送信してください。", "Ask for a code first.";
    MAIL_CODE_WRONG "mail-code-wrong" ours
        "確認コードが正しくありません。", "The confirmation code is wrong.",
        "relay.md §4" Assumed,
        "メールに記載された4桁の数字を半角で入力してください。", "Enter the four digits of the mail.";
    MAIL_CODE_EXPIRED "mail-code-expired" ours
        "確認コードの有効期間が過ぎました。", "The confirmation code has expired.",
        "relay.md §3 M8, §4" Stated,
        "確認コードをもう一度送信してください。", "Ask for a new code.";

    // Certificates of an office.
    TERMS_NOT_ACCEPTED "terms-not-accepted" ours
        "利用規約への同意が必要です。", "The terms must be accepted.",
        "relay.md §5, §6" Stated,
        "規約を確認し、同意してから申請してください。", "Read and accept the terms, then apply.";
    CERTIFICATE_PASSWORD_WRONG "certificate-password-wrong" ours
        "証明書発行用パスワードが正しくありません。", "The certificate issue password is wrong.",
        "relay.md §5" Assumed,
        "お知らせの証明書発行用パスワードを入力するか、再発行してください。",
        "Enter the password of the notice, or have it re-issued.";
    CERTIFICATE_PASSWORD_LOCKED "certificate-password-locked" ours
        "証明書発行用パスワードを続けて誤ったため、申請できません。", "The certificate issue password was wrong too often.",
        "relay.md §5" Assumed,
        "30分以上待つか、証明書発行用パスワードを再発行してください。",
        "Wait at least thirty minutes, or have the password re-issued.";
    CERTIFICATE_PENDING "certificate-pending" ours
        "証明書の発行を申請中です。", "An application is under way.",
        "relay.md §5" Assumed,
        "発行完了のお知らせを待ってください。", "Wait for the notice.";
    CERTIFICATE_UNKNOWN "certificate-unknown" ours
        "該当する証明書がありません。", "There is no such certificate.",
        "relay.md §5" Assumed,
        "証明書の一覧から選び直してください。", "Choose one from the list.";
    CERTIFICATE_NOT_ISSUED "certificate-not-issued" ours
        "証明書はまだ発行されていません。", "The certificate has not been issued yet.",
        "relay.md §5" Stated,
        "「証明書発行完了通知」を待ってください（午前1:30から午前6:30の間は発行を停止）。",
        "Wait for the notice; nothing is issued between 01:30 and 06:30.";
    CERTIFICATE_WITHDRAWN "certificate-withdrawn" ours
        "証明書発行用パスワードが再発行されたため、この証明書はインストールできません。",
        "The issue password was re-issued, so this certificate can no longer be installed.",
        "relay.md §5" Stated,
        "証明書の発行をもう一度申請してください。", "Apply for a certificate again.";
    CERTIFICATE_RENEWAL_TOO_EARLY "certificate-renewal-too-early" ours
        "更新できるのは有効終了日の90日前からです。", "A certificate can be renewed from 90 days before its end.",
        "relay.md §5" Inferred,
        "更新のお知らせを待ってください。", "Wait for the renewal notice.";

    // Licences.
    LICENCE_FORM_INCOMPLETE "licence-form-incomplete" ours
        "申請内容に誤りがあります。", "The application form is not complete.",
        "relay.md §6" Stated,
        "事業所名、代表者、担当者、電話番号（ハイフンなし）、メールアドレスを確かめてください。",
        "Check office name, representative, contact, phone (no hyphens) and mail address.";
    LICENCE_HELD "licence-held" ours
        "有効なライセンスがあるか、既に申請されています。", "There is a licence, or an application, already.",
        "relay.md §6" Inferred,
        "1つの事業所番号に1つのライセンスです。", "One office number has one licence.";
    FREE_PASS_CLOSED "free-pass-closed" ours
        "フリーパスの申請期間は終了しました。", "Applications for the free pass have ended.",
        "relay.md §6" Stated,
        "利用申請（ライセンス）を行ってください。", "Apply for a licence.";
    LICENCE_NOT_CANCELLABLE "licence-not-cancellable" ours
        "期間の途中で解約することはできません。", "A licence cannot be cancelled in its term.",
        "relay.md §6" Stated,
        "次の期間への更新を停止できます。", "You can stop its renewal.";
    LICENCE_NOT_HELD "licence-not-held" ours
        "ライセンスがありません。", "There is no licence.",
        "relay.md §6" Assumed,
        "利用申請を行ってください。", "Apply for a licence.";
    LICENCE_RENEWS_BY_HAND "licence-renews-by-hand" ours
        "2025年6月1日より前の申請は自動更新の対象外です。", "Applications before 2025-06-01 are renewed by hand.",
        "relay.md §6" Stated,
        "有効期限が過ぎた後に、あらためて利用申請を行ってください。", "Apply again after the end of the term.";
    LICENCE_NEEDED "licence-needed" ours
        "有効なライセンスがありません。", "The office has no valid licence.",
        "relay.md §6, §9 item 10" Assumed,
        "利用状況Webサイトで利用申請を行ってください。", "Apply for a licence on the site.";

    // Sending.
    FILE_NAME_FORM "file-name-form" official
        "添付ファイル名の形式に誤りがあります。標準仕様の送信単位に従ったファイルを添付してください。",
        "The form of an attached file's name is wrong. Attach files according to the send units of the standard.",
        "relay.md §3 E2" Stated,
        "ファイル名を変えずに、介護ソフトが出力したままの名前で送ってください。",
        "Send files under the names your care software gave them.";
    FILE_COMBINATION "file-combination" official
        "ファイルの組み合わせが正しくありません。CSVファイルの組み合わせを確認してください。",
        "The combination of files is not right. Check the combination of CSV files.",
        "relay.md §3 E1" Stated,
        "同じ連番のファイルをそろえて送ってください。", "Send all files of a sequence together.";
    FILE_CONTENT "file-content" official
        "ケアプランデータの書式フォーマットが正しくありません。ケアプランデータ内の書式を確認してください。",
        "The format of the care-plan data is not right. Check the format inside the care-plan data.",
        "relay.md §3 E3" Stated,
        "指摘の内容を介護ソフトのベンダーに伝えてください。", "Show the findings to the vendor of your care software.";
    VERSION3_REFUSED "version3-refused" ours
        "標準仕様3.xのファイルは受け付けていません。", "Files of version 3.x are not accepted.",
        "relay.md §1.3(d), §9 item 1" Assumed,
        "標準仕様4.1で出力し直してください。", "Export them again in version 4.1.";
    SEVERAL_UNITS "several-units" ours
        "1回に送れるのは1つの送信単位です。", "A message may hold one send unit only.",
        "relay.md §1.3(e)" Assumed,
        "連番ごとに分けて送ってください。", "Send each sequence by itself.";
    DESTINATION_MISSING "destination-missing" ours
        "送信先を判別できません。CSVファイルがありません。", "There is no CSV file, so the destination is unknown.",
        "relay.md §1.1, §1.3(e)" Assumed,
        "送信単位のCSVファイルを添付してください。", "Attach the CSV files of a send unit.";
    SEVERAL_DESTINATIONS "several-destinations" ours
        "送信先の異なるファイルが混ざっています。", "The files go to different offices.",
        "relay.md §2" Inferred,
        "送信先ごとに分けるか、一括送信を使ってください。", "Send them office by office, or use bulk send.";
    SENDER_IS_NOT_YOU "sender-is-not-you" ours
        "ファイル名の送信元がログイン中の事業所と異なります。", "The sender in the file names is not the office logged in.",
        "relay.md §9 item 14" Assumed,
        "ログイン中の事業所が送信元のファイルを添付してください。", "Attach files whose sender is your office.";
    DESTINATION_UNKNOWN "destination-unknown" ours
        "送信先の事業所が見つかりません。", "The destination is not known.",
        "relay.md §9 items 10, 14" Assumed,
        "ファイル名の送信先の事業所番号を確かめてください。", "Check the receiver's office number in the names.";
    DESTINATION_UNLICENSED "destination-unlicensed" ours
        "送信先の事業所は本システムを利用していません。", "The destination does not use the system.",
        "relay.md §6, §9 item 10" Assumed,
        "送信先に利用状況を確かめてください。", "Ask the other office.";
    SAME_OFFICE "same-office" ours
        "同じ事業所番号の事業所には送信できません。", "An office cannot send to its own number.",
        "relay.md §2" Inferred,
        "送信元と送信先の事業所番号を確かめてください。", "Check both office numbers in the names.";
    ATTACHMENT_TYPE "attachment-type" ours
        "添付できないファイルの種類です。", "Files of this type cannot be attached.",
        "relay.md §2" Stated,
        "csv、jpeg、jpg、png、gif、txt、pdf を添付できます。WordやExcelはPDFで保存してください。",
        "csv, jpeg, jpg, png, gif, txt and pdf are allowed; save Word and Excel files as PDF.";
    ATTACHMENT_NAME "attachment-name" ours
        "使えない文字を含むファイル名、または長すぎるファイル名です。", "The file name is too long or holds characters that cannot be used.",
        "relay.md §9 item 2" Assumed,
        "ファイル名を変えてください。", "Rename the file.";
    DUPLICATE_FILE_NAME "duplicate-file-name" ours
        "同じ名前のファイルが2つ以上あります。", "Two files have the same name.",
        "relay.md §9 item 2" Assumed,
        "一方の名前を変えるか、外してください。", "Rename or remove one of them.";
    TOO_MANY_FILES "too-many-files" ours
        "ファイルの数が多すぎます。", "There are too many files.",
        "relay.md §9 item 2" Assumed,
        "分けて送ってください。", "Send them in several messages.";
    FILE_TOO_LARGE "file-too-large" ours
        "ファイルが大きすぎます。", "A file is too large.",
        "relay.md §9 item 2" Assumed,
        "ファイルを小さくしてください。", "Make the file smaller.";
    MESSAGE_TOO_LARGE "message-too-large" ours
        "送信データの合計が大きすぎます。", "The message is too large.",
        "relay.md §9 item 2" Assumed,
        "分けて送ってください。", "Send it in several messages.";
    TEXT_TOO_LONG "text-too-long" ours
        "メッセージが長すぎます。", "The text is too long.",
        "relay.md §9 item 2" Assumed,
        "短くするか、テキストファイルで添付してください。", "Shorten it, or attach it as a text file.";
    IDEMPOTENCY_KEY_MALFORMED "idempotency-key-malformed" ours
        "送信や取得の識別キーがないか、形式に誤りがあります。", "The idempotency key is missing or malformed.",
        "relay.md §9 items 7, 12" Assumed,
        "送信や取得ごとに新しい1～64文字の英数字と記号（-_.:）のキーを付けてください。",
        "Give every message and every claim a new key of 1 to 64 letters, digits, or - _ . :";
    IDEMPOTENCY_KEY_REUSED "idempotency-key-reused" ours
        "同じ識別キーで内容の異なる送信が既にあります。", "The idempotency key was used for a message of other content.",
        "relay.md §9 item 7" Assumed,
        "新しいキーで送ってください。", "Send it under a new key.";
    SIGNATURE_MISSING "signature-missing" ours
        "電子署名がありません。", "The signature is missing.",
        "relay.md §2" Stated,
        "事業所の電子証明書で署名してください。", "Sign the manifest with the office's certificate.";
    SIGNATURE_INVALID "signature-invalid" ours
        "電子署名を検証できません。", "The signature does not verify.",
        "relay.md §2" Inferred,
        "目録と同じバイト列に署名してください。", "Sign exactly the bytes of the manifest.";
    SIGNER_IS_NOT_YOU "signer-is-not-you" ours
        "署名した事業所がログイン中の事業所と異なります。", "The signer is not the office logged in.",
        "relay.md §2" Inferred,
        "ログイン中の事業所の電子証明書で署名してください。", "Sign with the certificate of your office.";
    MANIFEST_DIFFERS "manifest-differs" ours
        "目録と送信されたファイルが一致しません。", "The manifest does not match the files.",
        "relay.md §2" Assumed,
        "目録の名前、大きさ、SHA-256を確かめてください。", "Check names, sizes and SHA-256 in the manifest.";

    // Lists and downloads.
    MESSAGE_UNKNOWN "message-unknown" ours
        "該当するデータがありません。", "There is no such message.",
        "relay.md §2" Assumed,
        "一覧から選び直してください。", "Choose one from the list.";
    ALREADY_FETCHED "already-fetched" ours
        "このデータは既に取得されています。取得できるのは1回だけです。",
        "This message was fetched already; it can be fetched only once.",
        "relay.md §2" Stated,
        "送信元に再送を依頼するか、保存したパソコンを探してください。",
        "Ask the sender to send it again, or look on the computer it was saved to.";
    STATE_DAMAGED "state-damaged" ours
        "サーバーに保存されているデータが壊れています。", "What the server keeps is damaged.",
        "relay.md §9 item 12" Assumed,
        "管理者に知らせてください。バックアップか、保存しておいた状態から戻せます。",
        "Tell whoever runs the server: restore the folder from a backup, or load a state that was saved.";
    SEARCH_TEXT_TOO_LONG "search-text-too-long" ours
        "検索する文字が長すぎます。", "The text to search for is too long.",
        "relay.md §9 item 5" Assumed,
        "100文字までにしてください。", "Use at most 100 characters.";
    LIST_CURSOR_UNKNOWN "list-cursor-unknown" ours
        "一覧の続きの位置が正しくありません。", "The place to go on with the list is not one of this list.",
        "relay.md §9 item 5" Assumed,
        "条件を変えたときや模擬環境を準備し直したときは、一覧の最初から取得してください。",
        "Begin with the first page when what is listed has changed, or after a reset.";
    DOWNLOAD_TOKEN_UNKNOWN "download-token-unknown" ours
        "受け取り用のトークンが正しくありません。", "There is no such download token.",
        "relay.md §9 item 12" Assumed,
        "取得を始めたときのトークンを使ってください。", "Use the token the claim returned.";
    DOWNLOAD_CLOSED "download-closed" ours
        "受け取りは終了しています。", "The download is over.",
        "relay.md §9 item 12" Assumed,
        "受け取れていない場合は、送信元に再送を依頼してください。",
        "If nothing arrived, ask the sender to send it again.";
    CHECKSUM_DIFFERS "checksum-differs" ours
        "受け取ったデータのSHA-256が一致しません。", "The SHA-256 of what you received differs.",
        "relay.md §9 item 12" Assumed,
        "同じトークンでもう一度受け取ってください。", "Fetch it again with the same token.";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_are_unique_and_rows_complete() {
        let mut seen = BTreeSet::new();
        for (row, name) in REFUSALS.iter().zip(REFUSAL_NAMES) {
            assert!(seen.insert(row.code), "{}", row.code);
            assert_eq!(row.code.replace('-', "_").to_uppercase(), *name, "{}", row.code);
            assert!(row.clause.starts_with("relay.md §"), "{}", row.code);
            for text in [row.title, row.hint] {
                assert!(!text.ja.is_empty() && !text.en.is_empty(), "{}", row.code);
            }
        }
    }

    #[test]
    fn the_three_answers_to_a_send_are_those_the_checker_knows() {
        use careplan_judge::rule::RelayMessage;
        for (row, message) in [
            (&FILE_NAME_FORM, RelayMessage::FileName),
            (&FILE_COMBINATION, RelayMessage::Combination),
            (&FILE_CONTENT, RelayMessage::Format),
        ] {
            assert!(row.official);
            assert_eq!(row.title, message.text(), "{}", row.code);
        }
    }
}
