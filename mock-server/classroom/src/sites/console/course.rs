//! The course: scenes, each with its steps, what the office sees at every one of them, and how to
//! tell that it has happened.
//!
//! What stands in 「」 is on a screen exactly like that; a test looks for it.

use careplan_spec::Text;

use careplan_relay::refusal::{self, RefusalKind};

/// An office a scene plays with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// 居宅介護支援.
    Planner,
    /// 訪問介護.
    Helper,
    /// 通所介護.
    DayCare,
    /// 介護予防支援 (地域包括支援センター).
    Prevention,
}

impl Role {
    /// Every role, in the order of the table.
    pub(super) const ALL: [Self; 4] =
        [Self::Planner, Self::Helper, Self::DayCare, Self::Prevention];

    /// Main service kind of its office: the first office of that kind plays it.
    pub(super) const fn service_kind(self) -> &'static str {
        match self {
            Self::Planner => "43",
            Self::Helper => "11",
            Self::DayCare => "15",
            Self::Prevention => "46",
        }
    }

    /// What the steps call it.
    pub(super) const fn name(self) -> Text {
        match self {
            Self::Planner => Text::new("居宅", "planner"),
            Self::Helper => Text::new("訪問介護", "home help"),
            Self::DayCare => Text::new("通所介護", "day care"),
            Self::Prevention => Text::new("包括", "support centre"),
        }
    }
}

/// The page a step happens on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Screen {
    /// The letter of an office.
    Letter(Role),
    /// A screen of an office's terminal, below its first one.
    Terminal(Role, &'static str),
    /// Any other page.
    At(&'static str, Text),
}

/// What the office sees.
#[derive(Debug, Clone, Copy)]
pub(super) enum Seen {
    /// In words; what is in 「」 literally.
    Words(Text),
    /// This message.
    Message(&'static RefusalKind),
}

/// How to tell from the state of the mock that a step has happened.
#[derive(Debug, Clone, Copy)]
pub(super) enum Sign {
    /// The password is neither temporary nor expired.
    PasswordChosen(Role),
    /// A mail address is registered.
    MailRegistered(Role),
    /// A good certificate was issued.
    CertificateIssued(Role),
    /// Some certificate is on its first terminal.
    CertificateInstalled(Role),
    /// The licence is in force or applied for.
    LicenceHeld(Role),
    /// The licence has ended.
    LicenceOver(Role),
    /// Its renewal is stopped.
    RenewalStopped(Role),
    /// Both stages of a login were passed since the scene was set.
    LoggedIn(Role),
    /// A message was taken by the relay.
    Sent(Role),
    /// A message was fetched.
    Fetched(Role),
    /// The relay gave this answer to somebody.
    Refused(&'static RefusalKind),
    /// The 証明書発行用パスワード was issued anew.
    IssuePasswordRenewed(Role),
    /// No fault is armed any more.
    FaultsGone,
}

/// A step.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    /// What to do.
    pub(super) act: Text,
    /// What the office sees then.
    pub(super) sees: &'static [Seen],
    /// Where.
    pub(super) screen: Option<Screen>,
    /// How to tell that it has happened; all of them.
    pub(super) signs: &'static [Sign],
}

/// A scene.
#[derive(Debug)]
pub(super) struct Scene {
    /// Identifier, in addresses.
    pub(super) id: &'static str,
    /// Of [`crate::scenario::SCENARIOS`].
    pub(super) scenario: &'static str,
    /// Title.
    pub(super) title: Text,
    /// What it shows.
    pub(super) shows: Text,
    /// How long it takes with people, in minutes.
    pub(super) minutes: u8,
    /// What to say at the end.
    pub(super) lesson: Text,
    /// Whether the terminals have the certificates of their offices from the start.
    pub(super) install: bool,
    /// Faults, of [`super::faults::PRESETS`].
    pub(super) faults: &'static [&'static str],
    /// Whether it is one of the course, or a further one.
    pub(super) is_further: bool,
    /// The steps.
    pub(super) steps: &'static [Step],
}

const fn words(ja: &'static str, en: &'static str) -> Seen {
    Seen::Words(Text::new(ja, en))
}

const BILLING: Screen = Screen::At("/billing", Text::new("電子請求受付システム", "Billing site"));
const USAGE: Screen = Screen::At("/usage", Text::new("利用状況Webサイト", "Usage site"));
const LICENCE: Screen = Screen::At("/usage/licence", Text::new("ライセンス確認", "Licence"));
const CLOCK: Screen = Screen::At("/console/clock", Text::new("時計", "Clock"));
const FAULTS: Screen = Screen::At("/console/faults", Text::new("障害", "Faults"));
const ISSUE_PASSWORD: Screen = Screen::At(
    "/billing/issue-password",
    Text::new("証明書発行用パスワードとは", "The certificate issue password"),
);

/// Both stages of the login.
const TWO_STAGES: Seen = words(
    "1段階目はcから始まる個人ユーザID、2段階目は「事業所ユーザログイン」でKJから始まるIDを入力すると、「利用可能です。」「ただいまシステムは正常稼働中です。」と表示されます。",
    "After the c-ID and then the KJ ID: “利用可能です。ただいまシステムは正常稼働中です。”",
);

/// The scenes, in the order of a course.
pub(super) static SCENES: &[Scene] = &[
    Scene {
        id: "first-setup",
        scenario: "first-time",
        title: Text::new("はじめての設定", "First set-up"),
        shows: Text::new(
            "通知書を受け取ったばかりの事業所が、送受信できるようになるまでの全手順",
            "Everything from the letter to the first exchange",
        ),
        minutes: 40,
        lesson: Text::new(
            "覚えておくものは3つあります。KJから始まるIDのパスワード（電子請求）、cから始まるIDのパスワード（アプリの1段階目）、証明書発行用パスワードです。どれをどこで使うかを控えておけば、迷いません。",
            "There are three secrets: the KJ ID's password, the c-ID's, and the certificate issue password. Know which one goes where.",
        ),
        install: false,
        faults: &[],
        is_further: false,
        steps: &[
            Step {
                act: Text::new(
                    "居宅と訪問介護の通知書を印刷して配ります。",
                    "Print the letters of the planner and the home help and hand them out.",
                ),
                sees: &[words(
                    "「電子請求登録結果に関するお知らせ」に、ユーザID、「仮パスワード」、「証明書発行用パスワード」が書かれています。",
                    "The letter has the user ID, the temporary password and the certificate issue password.",
                )],
                screen: Some(Screen::Letter(Role::Planner)),
                signs: &[],
            },
            Step {
                act: Text::new(
                    "居宅として、電子請求受付システムに仮パスワードでログインします。「パスワード変更」「利用規約に同意して次へ」と進み、英数字を混ぜた8文字～16文字の新しいパスワードを入力して「変更」を押します。",
                    "As the planner, log in on the billing site with the temporary password, accept the terms and choose a password.",
                ),
                sees: &[
                    words(
                        "ログインすると「警告」が表示され、パスワードを変更するまでほかの操作はできません。変更すると「パスワードを変更しました。」と表示されます。",
                        "A warning comes first; nothing else is open until the password is changed.",
                    ),
                    words(
                        "変更する前に利用状況Webサイトやアプリにログインすると、次のように表示されます。",
                        "On the usage site and in the client, before the change:",
                    ),
                    Seen::Message(&refusal::PASSWORD_TEMPORARY),
                ],
                screen: Some(BILLING),
                signs: &[Sign::PasswordChosen(Role::Planner)],
            },
            Step {
                act: Text::new(
                    "続けてお知らせ用のメールアドレスを入力し、「変更」を押します。（模擬）メール受信箱を開いて4桁の確認コードを読み、入力して「送信」を押します。セキュリティ用も同様です（同じアドレスでかまいません）。",
                    "Enter a mail address, read the four-digit code in the mock mailbox and enter it; the same for the security address.",
                ),
                sees: &[words(
                    "「確認コードを … 宛に送信しました。」「※ メールが届くまで数分程度かかる場合があります。」と表示されます。コードが合うと「メールアドレスを登録しました」と表示されます。",
                    "The code is sent; with the right one the address is registered.",
                )],
                screen: Some(Screen::At(
                    "/billing/mailbox",
                    Text::new("（模擬）メール受信箱", "(mock) Mailbox"),
                )),
                signs: &[Sign::MailRegistered(Role::Planner)],
            },
            Step {
                act: Text::new(
                    "「介護DX証明書」を開き、「発行申請を行う前に」を読んでから「介護DX証明書の発行申請をする」を選んで「次へ」。証明書発行用パスワードを入力し、「利用規約に同意して送信」を押します。",
                    "Open 介護DX証明書, read “Before you apply”, apply with the certificate issue password and accept the terms.",
                ),
                sees: &[words(
                    "「証明書の発行申請を完了しました。」と表示され、お知らせに「証明書発行完了通知」が届きます。申請の前は「証明書発行の履歴はありません。」です。",
                    "The application is received, and a notice says that the certificate was issued.",
                )],
                screen: Some(Screen::At(
                    "/billing/certificate/dx",
                    Text::new("介護DX証明書", "介護DX証明書"),
                )),
                signs: &[Sign::CertificateIssued(Role::Planner)],
            },
            Step {
                act: Text::new(
                    "「介護DX証明書」の「介護DX証明書をダウンロード・インストールする」から .p12 を「ダウンロード」します。端末の電子証明書の画面で、そのファイルと証明書発行用パスワードを入れて「インポート」を押します。",
                    "Download the .p12, then import it on the terminal's certificate page with the certificate issue password.",
                ),
                sees: &[words(
                    "「正しくインポートされました。」と表示され、「発行先」が CarePlanJigyousho、「発行者」が e-seikyuuCA（模擬のため先頭に TEST が付きます）、有効期間の終わりが未来の日付になります。パスワードが違うとインポートできません。",
                    "The import succeeds; issued to CarePlanJigyousho, by TEST e-seikyuuCA, ending in the future.",
                )],
                screen: Some(Screen::Terminal(Role::Planner, "/certificate")),
                signs: &[Sign::CertificateInstalled(Role::Planner)],
            },
            Step {
                act: Text::new(
                    "利用状況Webサイトに、変更したパスワードでログインします。「個人ユーザID」とパスワードを控え、「利用申請/更新」から「申請」を押して、申請情報、2つの同意、「注　意」の確認へと進みます。",
                    "Log in on the usage site with the new password, note the c-ID, and apply for a licence: form, two consents, confirmation.",
                ),
                sees: &[words(
                    "申請の前は「利用申請可能です。」、後は「利用申請が正常に完了しております。」です。有効期限と残高は、最初の支払いまで「-」の場合があります。フリーパスの申請を練習するときは、先に「スイッチ」の free-pass-last-application を none に変更します。",
                    "Before: “利用申請可能です。”; after: “利用申請が正常に完了しております。”. To practise the free pass, set the switch free-pass-last-application to none first.",
                )],
                screen: Some(USAGE),
                signs: &[Sign::LicenceHeld(Role::Planner)],
            },
            Step {
                act: Text::new(
                    "居宅の端末に2段階でログインします。",
                    "Log in on the planner's terminal in two stages.",
                ),
                sees: &[
                    TWO_STAGES,
                    words(
                        "証明書を入れ忘れていると、2段階目の後に次のように表示されます。",
                        "Without a certificate, after the second stage:",
                    ),
                    Seen::Message(&refusal::CERTIFICATE_MISSING),
                ],
                screen: Some(Screen::Terminal(Role::Planner, "")),
                signs: &[Sign::LoggedIn(Role::Planner)],
            },
            Step {
                act: Text::new(
                    "訪問介護も同じ手順で準備し、端末にログインします（2つの事業所に分かれて行うと早く終わります）。",
                    "Prepare the home help in the same way and log in on its terminal.",
                ),
                sees: &[TWO_STAGES],
                screen: Some(Screen::Terminal(Role::Helper, "")),
                signs: &[Sign::LicenceHeld(Role::Helper), Sign::LoggedIn(Role::Helper)],
            },
            Step {
                act: Text::new(
                    "居宅の「新規作成」で、「見本ファイルを入れる（研修用の近道）」から K2 を選んで入れ、「送信」を押します。",
                    "On the planner's “New”, put in sample K2 and send it.",
                ),
                sees: &[words(
                    "ファイル名から送信先事業所が表示され、送信すると「送信成功しました」と表示されます。",
                    "The destination shows; then “送信成功しました”.",
                )],
                screen: Some(Screen::Terminal(Role::Planner, "/new")),
                signs: &[Sign::Sent(Role::Planner)],
            },
            Step {
                act: Text::new(
                    "訪問介護の「受信一覧」で薄緑の行を選び、「データ取得」を押します。",
                    "As the home help, fetch the pale green row.",
                ),
                sees: &[words(
                    "「データを取得しました」と表示され、行は「済」になります。居宅の「送信一覧」は「ダウンロード済」に変わります。",
                    "The row becomes 済; the planner's list says “downloaded”.",
                )],
                screen: Some(Screen::Terminal(Role::Helper, "/inbox")),
                signs: &[Sign::Fetched(Role::Helper)],
            },
        ],
    },
    Scene {
        id: "exchange",
        scenario: "demo",
        title: Text::new(
            "毎月の予定（ケアプラン・利用票）のやりとり",
            "The monthly exchange of plans",
        ),
        shows: Text::new(
            "新規作成、様式での確認、下書き、一括送信、データ取得、ダウンロード状況",
            "New messages, forms, drafts, bulk send, fetching, and seeing that it was fetched",
        ),
        minutes: 30,
        lesson: Text::new(
            "宛先はファイル名から決まります。介護ソフトが出力した名前のまま、同じ連番のファイルをそろえて送ります。",
            "The destination comes from the file names: send all files of a sequence, under the names they were given.",
        ),
        install: true,
        faults: &[],
        is_further: false,
        steps: &[
            Step {
                act: Text::new(
                    "居宅と訪問介護の端末を別々のタブで開き、それぞれ2段階でログインします。",
                    "Open the terminals of planner and home help in two tabs and log in on both.",
                ),
                sees: &[TWO_STAGES],
                screen: Some(Screen::Terminal(Role::Planner, "")),
                signs: &[Sign::LoggedIn(Role::Planner), Sign::LoggedIn(Role::Helper)],
            },
            Step {
                act: Text::new(
                    "居宅の「新規作成」に、K2（サービス利用票・別表）の見本を入れます。サポートサイトから保存して展開したファイルをドラッグ＆ドロップするか、「見本ファイルを入れる（研修用の近道）」を使います。",
                    "Put sample K2 into the planner's “New”: drop the unpacked files, or use the shortcut.",
                ),
                sees: &[words(
                    "「送信先事業所」に訪問介護の名称と事業所番号が表示されます。「様式で見る（検査の指摘つき）」を押すと、送信前に第6表・第7表の形で確かめられます（本物のアプリにはない機能）。",
                    "The destination shows. “As forms” shows tables 6 and 7 before sending (not in the real client).",
                )],
                screen: Some(Screen::Terminal(Role::Planner, "/new")),
                signs: &[],
            },
            Step {
                act: Text::new(
                    "メッセージを書いて「一時保存」を押し、「下書き一覧」から「開く」で戻してから「送信」を押します。",
                    "Write a text, save it as a draft, open the draft again, and send it.",
                ),
                sees: &[words(
                    "一時保存では「下書きを保存しました。」、送信では「送信成功しました」と表示されます。",
                    "“下書きを保存しました。”, then “送信成功しました”.",
                )],
                screen: Some(Screen::Terminal(Role::Planner, "/new")),
                signs: &[Sign::Sent(Role::Planner)],
            },
            Step {
                act: Text::new(
                    "訪問介護の「受信一覧」で薄緑の行を選び、「データ取得」を押します。",
                    "As the home help, select pale green rows and fetch them.",
                ),
                sees: &[words(
                    "「データを取得しました」と表示され、データ取得状況が「済」になります。データ取得は1回のみです。",
                    "The rows become 済. Fetching works once only.",
                )],
                screen: Some(Screen::Terminal(Role::Helper, "/inbox")),
                signs: &[Sign::Fetched(Role::Helper)],
            },
            Step {
                act: Text::new(
                    "訪問介護の端末の「端末：取得したファイル」で「様式で見る」を押します。実際の業務では、ここで介護ソフトに取り込みます。",
                    "See what was fetched as forms; in practice the care software imports it now.",
                ),
                sees: &[words(
                    "「この端末に保存したファイル」に、メッセージ、電子署名の確認結果、ファイルが並びます。",
                    "Text, signer and files are listed.",
                )],
                screen: Some(Screen::Terminal(Role::Helper, "/files")),
                signs: &[],
            },
            Step {
                act: Text::new(
                    "居宅の「送信一覧」で、相手が受け取ったことを確かめます。",
                    "See in the planner's list that it was fetched.",
                ),
                sees: &[words(
                    "「ダウンロード状況」が「未ダウンロード」から「ダウンロード済」に変わっています。",
                    "“Not yet” has become “downloaded”.",
                )],
                screen: Some(Screen::Terminal(Role::Planner, "/outbox")),
                signs: &[],
            },
            Step {
                act: Text::new(
                    "居宅の「一括送信」に「一括送信の練習用（複数の宛先の利用票）」の見本を入れます。1行を「編集」してメッセージや補足資料を加え「更新」、最後に「一括送信」を押します。",
                    "Put the bulk sample into “Bulk send”, edit a row, and send all.",
                ),
                sees: &[words(
                    "宛先ごとに自動で振り分けられ、送信した行に「成功」と表示されます。1度に送信できるのは100件までです。利用していない宛先の行は「エラー」になり、理由が表示されます。",
                    "One row for each office; “成功” for those sent, and the reason for those that failed. At most 100 at once.",
                )],
                screen: Some(Screen::Terminal(Role::Planner, "/bulk")),
                signs: &[],
            },
        ],
    },
    Scene {
        id: "actuals-back",
        scenario: "demo",
        title: Text::new("実績を返す", "Actual use, sent back"),
        shows: Text::new(
            "サービス事業所が実績を送り、居宅が取得する。間違えたときの削除と再送",
            "A service sends actual use, the planner fetches it; deleting and sending again",
        ),
        minutes: 20,
        lesson: Text::new(
            "送った後に内容の誤りに気づいても、取り消しはできません。実績の削除を送ってから送り直すか、電話で相手に伝えます。",
            "A message cannot be called back: send the deletion and then the right one, or telephone.",
        ),
        install: true,
        faults: &[],
        is_further: false,
        steps: &[
            Step {
                act: Text::new(
                    "訪問介護の端末にログインし、「新規作成」に S1（実績）の見本を入れて「送信」を押します。",
                    "Log in as the home help, put sample S1 into “New” and send it.",
                ),
                sees: &[words(
                    "送信先に居宅が表示され、「送信成功しました」と表示されます。",
                    "The planner shows as the destination; then “送信成功しました”.",
                )],
                screen: Some(Screen::Terminal(Role::Helper, "/new")),
                signs: &[Sign::LoggedIn(Role::Helper), Sign::Sent(Role::Helper)],
            },
            Step {
                act: Text::new(
                    "居宅の端末にログインし、「受信一覧」で薄緑の行を「データ取得」します。",
                    "Log in as the planner and fetch the pale green rows.",
                ),
                sees: &[words(
                    "「データを取得しました」と表示され、行が「済」になります。",
                    "The rows become 済.",
                )],
                screen: Some(Screen::Terminal(Role::Planner, "/inbox")),
                signs: &[Sign::LoggedIn(Role::Planner), Sign::Fetched(Role::Planner)],
            },
            Step {
                act: Text::new(
                    "居宅の「端末：取得したファイル」で「様式で見る」を押し、サービス利用票（第6表）の実績の行を確かめます。",
                    "See the actual use on table 6 as a form.",
                ),
                sees: &[words(
                    "「受信したデータを様式で見る」に、実績の入った第6表が表示されます。予定との突き合わせは介護ソフトで行います。",
                    "Table 6 with actual use. Comparing it with the plan is done in the care software.",
                )],
                screen: Some(Screen::Terminal(Role::Planner, "/files")),
                signs: &[],
            },
            Step {
                act: Text::new(
                    "訪問介護が実績の間違いに気づいたことにします。S2（実績の削除）の見本を送り、続けて S1 をもう一度送ります。",
                    "The home help made a mistake: send sample S2 (delete), then S1 again.",
                ),
                sees: &[words(
                    "どちらも「送信成功しました」と表示されます。居宅の「受信一覧」には薄緑の行が2つ増えます。",
                    "Both are sent; two more pale green rows at the planner.",
                )],
                screen: Some(Screen::Terminal(Role::Helper, "/new")),
                signs: &[],
            },
            Step {
                act: Text::new(
                    "居宅が2件とも取得し、訪問介護の「送信一覧」で受け取られたことを確かめます。",
                    "The planner fetches both; see it in the home help's list.",
                ),
                sees: &[words(
                    "「ダウンロード状況」が「ダウンロード済」になります。",
                    "“Downloaded” for both.",
                )],
                screen: Some(Screen::Terminal(Role::Helper, "/outbox")),
                signs: &[],
            },
        ],
    },
    Scene {
        id: "wrong-certificate",
        scenario: "wrong-certificate",
        title: Text::new("正しくない電子証明書", "Wrong certificates"),
        shows: Text::new(
            "期限切れ、失効、別の事業所、代理人の証明書では、どれも同じ文言になる",
            "Expired, revoked, another office's, an agent's: all end in the same message",
        ),
        minutes: 20,
        lesson: Text::new(
            "証明書は、利用申請をしたKJ IDの事業所のものでなければなりません。発行先、発行者、有効期間を確かめ、合わなければ申請し直してインストールします。",
            "The certificate must be that of the KJ ID with the licence. Look at subject, issuer and validity; if they are wrong, apply again.",
        ),
        install: true,
        faults: &[],
        is_further: false,
        steps: &[
            Step {
                act: Text::new(
                    "居宅の端末にログインします（有効期限の切れた証明書が入っています）。",
                    "Log in on the planner's terminal: its certificate has expired.",
                ),
                sees: &[
                    words(
                        "1段階目は通り、2段階目の後に次のように表示されます。",
                        "Stage 1 passes; after stage 2:",
                    ),
                    Seen::Message(&refusal::CERTIFICATE_EXPIRED),
                ],
                screen: Some(Screen::Terminal(Role::Planner, "")),
                signs: &[Sign::Refused(&refusal::CERTIFICATE_EXPIRED)],
            },
            Step {
                act: Text::new(
                    "訪問介護の端末にログインします（失効した証明書）。",
                    "Log in as the home help: revoked.",
                ),
                sees: &[Seen::Message(&refusal::CERTIFICATE_REVOKED)],
                screen: Some(Screen::Terminal(Role::Helper, "")),
                signs: &[Sign::Refused(&refusal::CERTIFICATE_REVOKED)],
            },
            Step {
                act: Text::new(
                    "通所介護の端末にログインします（別の事業所の証明書）。",
                    "Log in as the day care: another office's certificate.",
                ),
                sees: &[Seen::Message(&refusal::CERTIFICATE_OF_OTHER_OFFICE)],
                screen: Some(Screen::Terminal(Role::DayCare, "")),
                signs: &[Sign::Refused(&refusal::CERTIFICATE_OF_OTHER_OFFICE)],
            },
            Step {
                act: Text::new(
                    "包括の端末にログインします（代理人の証明書）。",
                    "Log in as the support centre: an agent's certificate.",
                ),
                sees: &[Seen::Message(&refusal::CERTIFICATE_WRONG_KIND)],
                screen: Some(Screen::Terminal(Role::Prevention, "")),
                signs: &[Sign::Refused(&refusal::CERTIFICATE_WRONG_KIND)],
            },
            Step {
                act: Text::new(
                    "居宅の端末の電子証明書の画面で「この端末から削除する」を押し、証明書のない状態でもログインしてみます。",
                    "Remove the planner's certificate and log in without any.",
                ),
                sees: &[
                    words(
                        "画面には「電子証明書はインストールされていません。」と表示され、ログインは次のようになります。",
                        "The page says that none is installed, and the login:",
                    ),
                    Seen::Message(&refusal::CERTIFICATE_MISSING),
                ],
                screen: Some(Screen::Terminal(Role::Planner, "/certificate")),
                signs: &[Sign::Refused(&refusal::CERTIFICATE_MISSING)],
            },
            Step {
                act: Text::new(
                    "電子請求受付システムで居宅の介護DX証明書を申請し、ダウンロードした .p12 を端末に「インポート」して、ログインします。わざと違うパスワードでも試します。",
                    "Apply for a new certificate on the billing site, import it (with a wrong password first), and log in.",
                ),
                sees: &[words(
                    "パスワードが違うと、インポートできない理由が表示されます。正しければ「正しくインポートされました。」、ログインすると「利用可能です。」と表示されます。",
                    "A wrong password is explained; the right one imports it, and the login succeeds.",
                )],
                screen: Some(BILLING),
                signs: &[Sign::LoggedIn(Role::Planner)],
            },
        ],
    },
    Scene {
        id: "expired-password",
        scenario: "expired-password",
        title: Text::new("パスワードの有効期限切れ", "An expired password"),
        shows: Text::new(
            "KJから始まるIDのパスワードが切れたときの表示と、直し方",
            "What is shown when the KJ ID's password has expired, and how to mend it",
        ),
        minutes: 10,
        lesson: Text::new(
            "直す場所は電子請求受付システムです。利用状況Webサイトやアプリでは変更できません。3回間違えるとロックされ、30分以上待つ必要があります。",
            "It is mended on the billing site only. Three wrong tries lock the ID for thirty minutes.",
        ),
        install: true,
        faults: &[],
        is_further: false,
        steps: &[
            Step {
                act: Text::new(
                    "居宅の端末に2段階でログインします。",
                    "Log in on the planner's terminal.",
                ),
                sees: &[
                    words(
                        "1段階目は通り、2段階目の後に次のように表示されます。",
                        "Stage 1 passes; after stage 2:",
                    ),
                    Seen::Message(&refusal::PASSWORD_EXPIRED),
                ],
                screen: Some(Screen::Terminal(Role::Planner, "")),
                signs: &[Sign::Refused(&refusal::PASSWORD_EXPIRED)],
            },
            Step {
                act: Text::new(
                    "利用状況Webサイトにもログインしてみます。",
                    "Try the usage site as well.",
                ),
                sees: &[
                    words("同じ文言が表示されます。", "The same message:"),
                    Seen::Message(&refusal::PASSWORD_EXPIRED),
                ],
                screen: Some(USAGE),
                signs: &[],
            },
            Step {
                act: Text::new(
                    "電子請求受付システムにログインし、「警告」から「パスワード変更」へ進んで、新しいパスワードにします。",
                    "Log in on the billing site, go on from the warning, and choose a new password.",
                ),
                sees: &[words(
                    "「パスワードを変更しました。」と表示されます。今と同じパスワードは使えません。",
                    "It is changed. The current one cannot be chosen again.",
                )],
                screen: Some(BILLING),
                signs: &[Sign::PasswordChosen(Role::Planner)],
            },
            Step {
                act: Text::new(
                    "居宅の端末に、新しいパスワードでもう一度ログインします。",
                    "Log in on the terminal again with the new password.",
                ),
                sees: &[TWO_STAGES],
                screen: Some(Screen::Terminal(Role::Planner, "")),
                signs: &[Sign::LoggedIn(Role::Planner)],
            },
        ],
    },
    Scene {
        id: "free-pass-ending",
        scenario: "free-pass-ending",
        title: Text::new("フリーパスの終わり", "The end of a free pass"),
        shows: Text::new(
            "自動更新する事業所としない事業所で、期限の後に何が変わるか",
            "What changes after the end, with and without renewal",
        ),
        minutes: 25,
        lesson: Text::new(
            "フリーパスは申請日から1年間です。停止しない限り、終わると自動で本利用（ライセンス料のかかる利用）になります。停止すると、終わった日の翌日から送受信できません。",
            "A free pass lasts a year. Unless stopped, it becomes a paid licence; if stopped, sending ends the day after.",
        ),
        install: true,
        faults: &[],
        is_further: false,
        steps: &[
            Step {
                act: Text::new(
                    "居宅として利用状況Webサイトにログインし、「ライセンス確認」を開きます。",
                    "Log in on the usage site as the planner and open “Licence”.",
                ),
                sees: &[words(
                    "「フリーパス申請が完了しました。」、「有効期限」、「残高」、「本利用への自動更新」が表示されます。",
                    "State, end, balance and renewal.",
                )],
                screen: Some(LICENCE),
                signs: &[],
            },
            Step {
                act: Text::new(
                    "「自動更新を停止する」を押し、次の画面で「停止する」を押します（すでに停止中なら、そのまま進みます）。",
                    "Stop the renewal, if it is not stopped yet.",
                ),
                sees: &[words(
                    "「本利用への自動更新を停止しました。」と表示され、「停止中」になります。期間が終わるまでは「自動更新を再開する」で元に戻せます。",
                    "It is stopped, and can be resumed until the end.",
                )],
                screen: Some(LICENCE),
                signs: &[Sign::RenewalStopped(Role::Planner)],
            },
            Step {
                act: Text::new(
                    "研修コンソールの時計の「これから期限を迎えるもの」で、居宅と、自動更新のままの事業所の有効期限を確かめ、それぞれの翌日まで進めます。",
                    "Look under “What ends next” on the clock page when the planner, and an office that renews, reach their end; move the clock to the day after each.",
                ),
                sees: &[words(
                    "利用状況Webサイトのお知らせに「ライセンスの有効期限が切れました」が届きます。自動更新した事業所には「ライセンスを更新しました」が届きます。時計を進めるとログインの有効時間も過ぎるため、ログインし直してください。",
                    "A notice of the end, or of the renewal. Logins have ended too: log in again.",
                )],
                screen: Some(CLOCK),
                signs: &[Sign::LicenceOver(Role::Planner)],
            },
            Step {
                act: Text::new(
                    "居宅の端末にログインし、K2 の見本を送信してみます。",
                    "Log in as the planner and try to send sample K2.",
                ),
                sees: &[Seen::Message(&refusal::LICENCE_NEEDED)],
                screen: Some(Screen::Terminal(Role::Planner, "/new")),
                signs: &[Sign::Refused(&refusal::LICENCE_NEEDED)],
            },
            Step {
                act: Text::new(
                    "利用状況Webサイトの「利用申請/更新」から、もう一度申請します。",
                    "Apply again on the usage site.",
                ),
                sees: &[words(
                    "申請の前は「利用申請可能です。」（フリーパスの申請期間中なら「フリーパス申請が可能です。」）、後は「利用申請が正常に完了しております。」です。",
                    "Before: may apply; after: done.",
                )],
                screen: Some(Screen::At(
                    "/usage/apply",
                    Text::new("利用申請/更新", "Apply / renew"),
                )),
                signs: &[Sign::Refused(&refusal::LICENCE_NEEDED), Sign::LicenceHeld(Role::Planner)],
            },
            Step {
                act: Text::new(
                    "もう一度送信します。相手の事業所も期限が切れていると、今度は相手についての表示になります。",
                    "Send again. If the other office's licence has ended too, the message is about that one.",
                ),
                sees: &[
                    words("「送信成功しました」、または次の表示になります。", "It is sent, or:"),
                    Seen::Message(&refusal::DESTINATION_UNLICENSED),
                ],
                screen: Some(Screen::Terminal(Role::Planner, "/new")),
                signs: &[],
            },
        ],
    },
    Scene {
        id: "once-only",
        scenario: "missed-download",
        title: Text::new("データ取得は1回だけ", "Fetching works once only"),
        shows: Text::new(
            "取得したデータを保存し損ねたとき、どうするか",
            "What to do when a fetched message was lost",
        ),
        minutes: 15,
        lesson: Text::new(
            "取得したファイルの保存先を事業所の中で決めておきます。なくしたら、パソコンの中を探すか、送信元に再送を依頼します。",
            "Agree in the office where fetched files go. If they are lost, search the computer or ask for them again.",
        ),
        install: true,
        faults: &[],
        is_further: false,
        steps: &[
            Step {
                act: Text::new(
                    "訪問介護の端末にログインし、「受信一覧」を開きます。",
                    "Log in as the home help and open the list of received messages.",
                ),
                sees: &[words(
                    "データ取得状況が「済」の行があります。同僚が別のパソコンで取得したことにします。",
                    "One row is 済 already: a colleague fetched it on another computer.",
                )],
                screen: Some(Screen::Terminal(Role::Helper, "/inbox")),
                signs: &[Sign::LoggedIn(Role::Helper)],
            },
            Step {
                act: Text::new(
                    "その行を選び、もう一度「データ取得」を押します。",
                    "Select that row and fetch it again.",
                ),
                sees: &[Seen::Message(&refusal::ALREADY_FETCHED)],
                screen: Some(Screen::Terminal(Role::Helper, "/inbox")),
                signs: &[Sign::Refused(&refusal::ALREADY_FETCHED)],
            },
            Step {
                act: Text::new(
                    "「端末：取得したファイル」を開き、この端末には保存されていないことを確かめます。",
                    "See that it is not among the files of this terminal.",
                ),
                sees: &[words(
                    "「取得したデータはありません。」と表示されます。",
                    "“Nothing was fetched.”",
                )],
                screen: Some(Screen::Terminal(Role::Helper, "/files")),
                signs: &[],
            },
            Step {
                act: Text::new(
                    "居宅に再送を依頼します。居宅の端末にログインし、K2 の見本を「新規作成」から送信します。",
                    "Ask the planner to send it again: sample K2 under “New”.",
                ),
                sees: &[words("「送信成功しました」と表示されます。", "“送信成功しました”.")],
                screen: Some(Screen::Terminal(Role::Planner, "/new")),
                signs: &[Sign::Sent(Role::Planner)],
            },
            Step {
                act: Text::new(
                    "訪問介護が薄緑の行を「データ取得」します。",
                    "The home help fetches the pale green row.",
                ),
                sees: &[words(
                    "「データを取得しました」と表示され、「端末：取得したファイル」に並びます。",
                    "It is fetched and listed among the files.",
                )],
                screen: Some(Screen::Terminal(Role::Helper, "/inbox")),
                signs: &[Sign::Fetched(Role::Helper)],
            },
        ],
    },
    Scene {
        id: "broken-export",
        scenario: "demo",
        title: Text::new("壊れたファイルを送ろうとした", "A broken export"),
        shows: Text::new(
            "送信時の3つのエラー（ファイル名、組み合わせ、書式）の見分け方と、誰に相談するか",
            "Telling the three errors of a send apart, and whom to ask",
        ),
        minutes: 20,
        lesson: Text::new(
            "ファイル名と組み合わせのエラーは事業所で直せます（出力し直す、そろえる、名前を変えない）。書式のエラーは、指摘を添えて介護ソフトのベンダーに伝えます。",
            "Names and combinations are mended in the office; the format is for the vendor, with the findings.",
        ),
        install: true,
        faults: &[],
        is_further: false,
        steps: &[
            Step {
                act: Text::new(
                    "居宅の端末にログインし、「新規作成」に「エクスプローラーで複製して名前に「 - コピー」が付いた」の見本を入れて「送信」を押します。",
                    "Log in as the planner and send the sample with a renamed file.",
                ),
                sees: &[Seen::Message(&refusal::FILE_NAME_FORM)],
                screen: Some(Screen::Terminal(Role::Planner, "/new")),
                signs: &[Sign::Refused(&refusal::FILE_NAME_FORM)],
            },
            Step {
                act: Text::new(
                    "「クリア」を押してから、「6表だけを送る（7表と補足情報がない）」の見本を入れて「送信」を押します。",
                    "Clear, and send the sample of table 6 alone.",
                ),
                sees: &[Seen::Message(&refusal::FILE_COMBINATION)],
                screen: Some(Screen::Terminal(Role::Planner, "/new")),
                signs: &[Sign::Refused(&refusal::FILE_COMBINATION)],
            },
            Step {
                act: Text::new(
                    "「クリア」を押してから、「UTF-8で保存され、MS932にない「𠮷」がある」の見本を入れて「送信」を押します（出力を別のソフトで開いて保存し直すと起こります）。",
                    "Clear, and send the sample that was saved as UTF-8.",
                ),
                sees: &[
                    Seen::Message(&refusal::FILE_CONTENT),
                    words(
                        "下の「検査の指摘」に、ファイル、場所、直し方が表示されます（本物のアプリにはない機能）。",
                        "The findings below it say file, place and remedy (not in the real client).",
                    ),
                ],
                screen: Some(Screen::Terminal(Role::Planner, "/new")),
                signs: &[Sign::Refused(&refusal::FILE_CONTENT)],
            },
            Step {
                act: Text::new(
                    "同じ見本を「様式で見る（検査の指摘つき）」で開くか、サポートサイトの「ファイルの検査」に入れて、誤りの場所を確かめます。",
                    "See the places on the forms, or in the file check of the support site.",
                ),
                sees: &[words(
                    "「エラーがあります。」と表示され、「このまま送信すると、次のように表示されます。」の後に送信時の文言が出ます。",
                    "There are errors, and what the relay would answer.",
                )],
                screen: Some(Screen::At(
                    "/support/check",
                    Text::new("ファイルの検査", "File check"),
                )),
                signs: &[],
            },
            Step {
                act: Text::new(
                    "「クリア」を押し、正しい K2 の見本を送信します。",
                    "Clear, and send the valid sample K2.",
                ),
                sees: &[words("「送信成功しました」と表示されます。", "“送信成功しました”.")],
                screen: Some(Screen::Terminal(Role::Planner, "/new")),
                signs: &[Sign::Sent(Role::Planner)],
            },
        ],
    },
    Scene {
        id: "lost-issue-password",
        scenario: "demo",
        title: Text::new("証明書発行用パスワードの紛失", "A lost certificate password"),
        shows: Text::new(
            "再発行すると発行済みの証明書はインストールできなくなり、申請からやり直しになる",
            "After a re-issue, certificates issued before cannot be installed",
        ),
        minutes: 15,
        lesson: Text::new(
            "再発行の前に、ほかの端末で使う予定の証明書がないかを確かめます。インストール済みの証明書はそのまま使えます。",
            "Before a re-issue, think of terminals that still need the old certificate. Installed ones go on working.",
        ),
        install: false,
        faults: &[],
        is_further: true,
        steps: &[
            Step {
                act: Text::new(
                    "居宅として電子請求受付システムにログインし、介護DX証明書の .p12 を「ダウンロード」しておきます。",
                    "Log in on the billing site as the planner and download the .p12 first.",
                ),
                sees: &[words(
                    "「介護DX証明書の発行履歴」に「発行済み」の証明書があります。",
                    "The history shows the certificate as issued.",
                )],
                screen: Some(BILLING),
                signs: &[],
            },
            Step {
                act: Text::new(
                    "「証明書発行用パスワードとは」から「通知書を紛失してしまった」「再発行する」と進みます。",
                    "Have the password re-issued.",
                ),
                sees: &[words(
                    "「※パスワード再発行時の注意事項」が表示され、再発行すると「証明書発行用パスワードを再発行しました。」と表示されます。",
                    "A warning, then: it was re-issued.",
                )],
                screen: Some(ISSUE_PASSWORD),
                signs: &[Sign::IssuePasswordRenewed(Role::Planner)],
            },
            Step {
                act: Text::new(
                    "「お知らせ画面を開く」から「証明書発行用パスワード再発行通知」を開き、添付の通知書を電子請求受付システムのパスワードで開きます。",
                    "Open the notice and its letter, with the password of the login.",
                ),
                sees: &[words(
                    "「証明書発行用パスワード通知書」に新しいパスワードが書かれています。",
                    "The letter has the new password.",
                )],
                screen: Some(Screen::At(
                    "/billing/notices?category=certificate",
                    Text::new("お知らせ（証明書）", "Notices (certificate)"),
                )),
                signs: &[],
            },
            Step {
                act: Text::new(
                    "前の証明書がダウンロードできなくなったことを確かめ、もう一度発行申請します。",
                    "See that the old certificate is gone, and apply again.",
                ),
                sees: &[Seen::Message(&refusal::CERTIFICATE_WITHDRAWN)],
                screen: Some(BILLING),
                signs: &[
                    Sign::IssuePasswordRenewed(Role::Planner),
                    Sign::CertificateIssued(Role::Planner),
                ],
            },
        ],
    },
    Scene {
        id: "broken-line",
        scenario: "demo",
        title: Text::new("送信中に通信が切れた", "The line breaks while sending"),
        shows: Text::new(
            "届いたかどうか分からないときは、同じ内容をもう一度送信すればよい（二重にならない）",
            "When nobody knows whether it arrived, send the same again: never twice",
        ),
        minutes: 10,
        lesson: Text::new(
            "あわてて作り直さず、同じ画面でもう一度送信します。送信一覧で1件だけであることを確かめます。",
            "Do not make it anew: send it again from the same screen.",
        ),
        install: true,
        faults: &["send-broken"],
        is_further: true,
        steps: &[
            Step {
                act: Text::new(
                    "居宅の端末にログインし、K2 の見本を「新規作成」に入れて「送信」を押します。",
                    "Log in as the planner and send sample K2.",
                ),
                sees: &[words(
                    "送信できたかどうか分からない、という説明が表示されます。",
                    "Nobody knows whether it arrived.",
                )],
                screen: Some(Screen::Terminal(Role::Planner, "/new")),
                signs: &[Sign::LoggedIn(Role::Planner)],
            },
            Step {
                act: Text::new(
                    "内容を変えずに、もう一度「送信」を押します。",
                    "Press “Send” again, unchanged.",
                ),
                sees: &[words("「送信成功しました」と表示されます。", "“送信成功しました”.")],
                screen: Some(Screen::Terminal(Role::Planner, "/new")),
                signs: &[Sign::Sent(Role::Planner)],
            },
            Step {
                act: Text::new(
                    "「送信一覧」に1件だけあることを確かめます。",
                    "See one message in the list, not two.",
                ),
                sees: &[words(
                    "同じ内容の行は1つだけで、「未ダウンロード」です。",
                    "One row of it, not downloaded yet.",
                )],
                screen: Some(Screen::Terminal(Role::Planner, "/outbox")),
                signs: &[],
            },
        ],
    },
    Scene {
        id: "maintenance",
        scenario: "demo",
        title: Text::new("メンテナンス中", "Under maintenance"),
        shows: Text::new(
            "ログインできないときの表示と、待ってからのやり直し",
            "What is shown when nobody can log in",
        ),
        minutes: 5,
        lesson: Text::new(
            "締切の直前を避けて送ります。メンテナンスの予定はお知らせで知らされます。",
            "Do not wait for the last day. Maintenance is announced in the notices.",
        ),
        install: true,
        faults: &["maintenance"],
        is_further: true,
        steps: &[
            Step {
                act: Text::new("居宅の端末にログインします。", "Log in on the planner's terminal."),
                sees: &[words(
                    "1段階目で、メンテナンス中であることと、待ってからやり直すことが表示されます。",
                    "At stage 1: under maintenance, try again later.",
                )],
                screen: Some(Screen::Terminal(Role::Planner, "")),
                signs: &[],
            },
            Step {
                act: Text::new(
                    "「障害」の「すべて取り消す」を押し、もう一度ログインします。",
                    "Disarm all faults and log in again.",
                ),
                sees: &[TWO_STAGES],
                screen: Some(FAULTS),
                signs: &[Sign::FaultsGone, Sign::LoggedIn(Role::Planner)],
            },
        ],
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::super::faults;
    use super::*;
    use crate::scenario::SCENARIOS;
    use careplan_relay::refusal::REFUSALS;

    #[test]
    fn every_scenario_has_a_scene_and_every_scene_what_it_names() {
        let mut ids = BTreeSet::new();
        for scene in SCENES {
            assert!(ids.insert(scene.id), "{}", scene.id);
            assert!(SCENARIOS.iter().any(|known| known.name == scene.scenario), "{}", scene.id);
            assert!(scene.steps.len() >= 2, "{}", scene.id);
            assert!(scene.steps.iter().all(|step| !step.sees.is_empty()), "{}", scene.id);
            for fault in scene.faults {
                assert!(faults::PRESETS.iter().any(|preset| preset.id == *fault), "{fault}");
            }
        }
        for scenario in SCENARIOS {
            let has = SCENES.iter().any(|scene| scene.scenario == scenario.name);
            assert!(has, "{}", scenario.name);
        }
        assert_eq!(SCENES.iter().filter(|scene| !scene.is_further).count(), 8);
    }

    fn read_all(folder: &Path, text: &mut String) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                read_all(&path, text);
            } else if path.file_name().is_some_and(|name| name != "course.rs") {
                text.push_str(&fs::read_to_string(&path).unwrap());
            }
        }
    }

    /// What stands in 「」, without nested ones.
    fn quoted(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        let mut rest = text;
        while let Some(start) = rest.find('「') {
            let inner = &rest[start + '「'.len_utf8()..];
            let Some(end) = inner.find('」') else { break };
            let word = &inner[..end];
            found.push(word.rsplit('「').next().unwrap_or(word));
            rest = &inner[end..];
        }
        found
    }

    #[test]
    fn what_is_quoted_is_on_a_screen() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut screens = String::new();
        read_all(&root.join("templates"), &mut screens);
        for crate_of_texts in [".", "../relay", "../wire", "../../fixtures"] {
            read_all(&root.join(crate_of_texts).join("src"), &mut screens);
        }
        for refusal in REFUSALS {
            screens.push_str(refusal.title.ja);
        }
        let is_shown = |word: &str| {
            // The name of the certificate is put before some labels.
            let label = word.strip_prefix("介護DX証明書").unwrap_or(word);
            screens.contains(word) || screens.contains(label)
        };
        for scene in SCENES {
            for step in scene.steps {
                let seen = step.sees.iter().filter_map(|seen| match seen {
                    Seen::Words(text) => Some(text.ja),
                    Seen::Message(_) => None,
                });
                for text in seen.chain([step.act.ja]) {
                    for word in quoted(text).into_iter().flat_map(|word| word.split(" … ")) {
                        assert!(is_shown(word), "{}: 「{word}」", scene.id);
                    }
                }
            }
        }
    }

    #[test]
    fn the_guide_for_trainers_quotes_screens_and_knows_every_scene() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let guide = fs::read_to_string(root.join("../../docs/trainers.ja.md")).unwrap();
        let mut screens = String::new();
        read_all(&root.join("templates"), &mut screens);
        for crate_of_texts in [".", "../relay", "../wire"] {
            read_all(&root.join(crate_of_texts).join("src"), &mut screens);
        }
        for scene in SCENES {
            screens.push_str(scene.title.ja);
            assert!(guide.contains(&format!("「{}」", scene.title.ja)), "{}", scene.id);
            let row = format!("| 「{}」 | {}分 |", scene.title.ja, scene.minutes);
            assert!(scene.is_further || guide.contains(&row), "{row}");
        }
        for word in quoted(&guide).into_iter().filter(|word| !word.is_empty()) {
            assert!(screens.contains(word), "「{word}」");
        }
    }
}
