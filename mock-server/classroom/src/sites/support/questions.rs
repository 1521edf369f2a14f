//! よくある質問: the questions of the public Q&A, with answers in our own words.

use careplan_spec::Text;

/// Questions of one chapter.
pub(super) struct Chapter {
    /// Its title.
    pub(super) title: Text,
    /// Questions and answers, in the order of the public Q&A.
    pub(super) questions: &'static [(Text, Text)],
}

/// The chapters.
pub(super) static CHAPTERS: &[Chapter] = &[
    Chapter {
        title: Text::new("システム全般", "The system as a whole"),
        questions: &[
            (
                Text::new("ライセンス料はいくらですか。", "What does a licence cost?"),
                Text::new(
                    "1つの事業所番号につき年間21,000円（税込）です。月あたりでは1,750円になります。1年分をまとめて、介護給付費からの差引か、振込依頼書による口座振込で支払います。フリーパスの申請期間（2025年6月1日から2026年5月31日まで）に申請した場合は、1年間無料です。",
                    "21,000 yen a year for each office number, tax included: 1,750 yen a month. A year is paid at once, set off against benefits or by transfer. Who applied between 1 June 2025 and 31 May 2026 has a free pass for a year.",
                ),
            ),
            (
                Text::new(
                    "1つのライセンスを、事業所番号の違う複数の事業所で使えますか。",
                    "Can one licence serve offices with different numbers?",
                ),
                Text::new(
                    "使えません。ライセンスは1つの事業所番号につき1つ必要です。",
                    "No. Each office number needs a licence of its own.",
                ),
            ),
            (
                Text::new(
                    "利用申請をした後、途中で解約できますか。",
                    "Can a licence be cancelled?",
                ),
                Text::new(
                    "有効期間の途中では解約できません。次の期間を利用しないときは、利用状況Webサイトの「ライセンス確認」から自動更新を停止してください。",
                    "Not in its term. Stop the renewal under “Licence” on the usage site instead.",
                ),
            ),
            (
                Text::new("ライセンスはどうやって更新しますか。", "How is a licence renewed?"),
                Text::new(
                    "2025年6月1日以後に新規申請した事業所は自動更新です。更新しない場合は、利用状況Webサイトで停止の手続きをします。それより前に新規申請した事業所は、今の期限が終わった後に、利用状況Webサイトで更新の手続きをします。",
                    "By itself, for offices that first applied on or after 1 June 2025, unless they stop it on the usage site. Offices that applied earlier renew on the usage site after the end.",
                ),
            ),
            (
                Text::new(
                    "複数の端末で使うときに気を付けることはありますか。",
                    "What should be kept in mind with several terminals?",
                ),
                Text::new(
                    "1つの事業所番号につき1台での利用が勧められています。同じ証明書とアプリを入れれば複数の端末で使えますが、データ取得は事業所全体で1回だけです。どの端末で取得し、どこに保存するかを事業所内で決めておいてください。下書きと取得したファイルは、それぞれの端末にしか残りません。",
                    "One terminal for each office number is advised. The certificate and the application can be installed on several, but a message is fetched once for the whole office: agree which terminal fetches and where files are kept. Drafts and fetched files stay on their terminal.",
                ),
            ),
            (
                Text::new(
                    "地域包括支援センターも利用できますか。",
                    "Can a support centre (地域包括支援センター) use it?",
                ),
                Text::new(
                    "利用できます。介護予防・総合事業のサービス事業所も同じです。",
                    "Yes, and so can offices of preventive and municipal services.",
                ),
            ),
            (
                Text::new(
                    "WAM NETに載っている情報を直したいです。",
                    "How is the entry in WAM NET corrected?",
                ),
                Text::new(
                    "ヘルプデスクサポートサイトの問い合わせから、掲載内容の変更を申し込みます。お知らせの「WAM NET掲載情報の修正方法について」に手順があります。",
                    "Through the contact form of the help-desk support site; one of its news describes the steps.",
                ),
            ),
            (
                Text::new("個人情報の安全は守られますか。", "Is personal data safe?"),
                Text::new(
                    "政府機関の情報セキュリティ対策の基準を踏まえた対策がとられています。送受信するデータは暗号化され、電子証明書による電子署名で、その事業所本人が送信したものかを確かめます（なりすまし対策）。",
                    "Measures follow the standards of government bodies. What is sent is encrypted, and the signature of the certificate shows that it comes from that very office.",
                ),
            ),
        ],
    },
    Chapter {
        title: Text::new("システムの導入", "Beginning"),
        questions: &[
            (
                Text::new(
                    "KJから始まるIDのパスワードが分からず、ログインできません。",
                    "I do not know the password of the KJ ID.",
                ),
                Text::new(
                    "次の順に再発行を受けます。1. 事業所の所在地の国保連合会に依頼し、「電子請求登録結果に関するお知らせ」を受け取る。2. そこに書かれたIDと仮パスワードで電子請求受付システムにログインし、パスワードを変更する。3. 変更したパスワードで利用状況Webサイトにログインする。",
                    "1. Ask the federation of health insurers of your prefecture for a new letter. 2. Log in on the billing site with its ID and temporary password and choose a new one. 3. Log in on the usage site with that.",
                ),
            ),
            (
                Text::new(
                    "KJから始まるIDとパスワードを入れると「パスワードの有効期限が切れています」と表示されます。",
                    "“パスワードの有効期限が切れています” is shown.",
                ),
                Text::new(
                    "仮パスワードのままか、有効期限を過ぎたパスワードです。電子請求受付システムでパスワードを変更してから、ログインし直してください。",
                    "The password is the temporary one, or it has expired. Change it on the billing site and log in again.",
                ),
            ),
            (
                Text::new(
                    "証明書発行用パスワードが分かりません。再発行できますか。",
                    "Can the certificate issue password be issued again?",
                ),
                Text::new(
                    "電子請求受付システムの「証明書発行用パスワードとは？」から再発行できます。再発行すると、それまでに発行された証明書はインストールできなくなり、もう一度発行申請が必要です。",
                    "Yes, on the billing site, under “証明書発行用パスワードとは？”. Certificates issued before can then no longer be installed: apply for one again.",
                ),
            ),
            (
                Text::new(
                    "電子証明書は事業所ごとに必要ですか。",
                    "Does every office need a certificate?",
                ),
                Text::new(
                    "事業所番号ごとに必要です。介護保険証明書または介護DX証明書（旧名：請求委任事業所用ケアプラン証明書）を、電子請求受付システムでKJから始まるIDで取得し、端末にインストールします。代理人が請求している事業所は、無料の介護DX証明書を取得してください。1つの証明書を複数のパソコンに入れられます。",
                    "Yes, for every office number: 介護保険証明書 or 介護DX証明書 (formerly 請求委任事業所用ケアプラン証明書), from the billing site with the KJ ID. Offices whose agent bills take the 介護DX証明書, which is free. One can be installed on several computers.",
                ),
            ),
            (
                Text::new(
                    "代理請求をしていますが、新しく電子証明書が必要ですか。",
                    "We bill through an agent. Do we need another certificate?",
                ),
                Text::new(
                    "必要です。代理人の証明書は使えません。電子請求受付システムで、事業所のKJから始まるIDでログインし、介護DX証明書（無料）を申請してください。HDから始まる代理人のIDでは利用できません。",
                    "Yes: the agent's cannot be used. Log in on the billing site with the office's own KJ ID and apply for a 介護DX証明書, which is free. An agent's ID (HD…) does not work.",
                ),
            ),
            (
                Text::new(
                    "アプリにログインした後、「正しい電子証明書をインストールしてください。」と表示されます。",
                    "“正しい電子証明書をインストールしてください。” is shown after the login.",
                ),
                Text::new(
                    "端末に、利用申請をしたKJから始まるIDの証明書が入っていません。介護保険証明書または介護DX証明書が入っているか、発行先と有効期間を確かめてください。",
                    "The terminal has no certificate of the KJ ID the licence was applied for with. See whether a 介護保険証明書 or 介護DX証明書 is installed, to whom it was issued and until when it is valid.",
                ),
            ),
            (
                Text::new(
                    "cから始まる個人ユーザIDが分かりません。",
                    "Where is the ID that starts with c?",
                ),
                Text::new(
                    "利用状況WebサイトにKJから始まるIDでログインすると、トップページに個人ユーザIDとパスワードが表示されます。",
                    "Log in on the usage site with the KJ ID: its top page shows the personal ID and its password.",
                ),
            ),
            (
                Text::new(
                    "端末が壊れたとき、端末を変えるときはどうしますか。",
                    "What if the terminal breaks or is replaced?",
                ),
                Text::new(
                    "新しい端末に、連携クライアントアプリと電子証明書をもう一度インストールします。",
                    "Install the client and the certificate on the new one.",
                ),
            ),
        ],
    },
    Chapter {
        title: Text::new("システムの操作", "Working with it"),
        questions: &[
            (
                Text::new("一括送信とはどのような機能ですか。", "What is the bulk send?"),
                Text::new(
                    "複数の事業所あてのケアプランデータ（第1表、第2表、第3表、第6表、第7表、利用者補足情報などのCSV）をまとめて入れると、ファイル名から宛先を判別して事業所ごとに振り分け、一度に送信します。標準仕様にない帳票は、PDF、画像、テキストのファイルで添えられます。一度に送信できるのは100件までです。",
                    "Put in the files for many offices: they are sorted by the destination in their names and sent together. Forms outside the standard go along as PDF, picture or text. At most 100 can be sent at once.",
                ),
            ),
            (
                Text::new(
                    "どのようなデータがCSVで連携されますか。",
                    "Which data are exchanged as CSV?",
                ),
                Text::new(
                    "居宅サービス計画書の第1表・第2表・第3表、第6表（サービス利用票）、第7表（サービス利用票別表）、利用者補足情報、実績情報、利用者基本情報、同じく別表1・別表2、家族構成の画像、介護予防サービス・支援計画書、同じく別表の13種類です。",
                    "Thirteen: tables 1, 2, 3, 6 and 7 of the care plan, the supplement, actuals, basic information with its annexes 1 and 2 and the picture of the family, and the plan of prevention with its annex.",
                ),
            ),
            (
                Text::new(
                    "PDFは送れるとのことですが、WordやExcelは送れますか。",
                    "Can Word or Excel files be sent?",
                ),
                Text::new(
                    "送れません。PDFにして保存すれば送れます。PDFのほかに送れるのは csv、jpeg、jpg、png、gif、txt です。",
                    "No. Save them as PDF. Besides PDF, csv, jpeg, jpg, png, gif and txt can be sent.",
                ),
            ),
            (
                Text::new(
                    "予定と実績の突合や修正はできますか。",
                    "Does the system compare plan and actual use?",
                ),
                Text::new(
                    "できません。介護ソフトに取り込んで行ってください。",
                    "No; that is done in the care software.",
                ),
            ),
            (
                Text::new(
                    "送信するとき「ファイルの組み合わせが正しくありません。CSVファイルの組み合わせを確認してください。」と表示されます。",
                    "“ファイルの組み合わせが正しくありません。…” is shown.",
                ),
                Text::new(
                    "送信できない組み合わせのファイルです。「送信できるファイルの組み合わせ」の表と見比べ、足りないファイルを介護ソフトからもう一度出力してください。",
                    "These files do not make a unit that can be sent. Compare them with the table of combinations and export again what is missing.",
                ),
            ),
            (
                Text::new(
                    "送信するとき「添付ファイル名の形式に誤りがあります。標準仕様の送信単位に従ったファイルを添付してください。」と表示されます。",
                    "“添付ファイル名の形式に誤りがあります。…” is shown.",
                ),
                Text::new(
                    "連携クライアントアプリが最新版でない場合があります。アプリのトップの「バージョン情報」で確かめ、古ければ最新版（Ver1.2.0）に更新してください。最新版で表示されるときは、ファイル名が変わっていないか確かめます。",
                    "The client may not be the latest: look under “Version” on its top page, and update it to Ver1.2.0. If it is, see whether a file was renamed.",
                ),
            ),
            (
                Text::new(
                    "送信するとき「ケアプランデータの書式フォーマットが正しくありません。ケアプランデータ内の書式を確認してください。」と表示されます。",
                    "“ケアプランデータの書式フォーマットが正しくありません。…” is shown.",
                ),
                Text::new(
                    "ファイルの中身が標準仕様に合っていない可能性があります。介護ソフトの会社に問い合わせてください。どこが合わないかは、このサイトの「ファイルの検査」で確かめられます。",
                    "The contents may not follow the standard: ask the vendor of the care software. The file check of this site shows where.",
                ),
            ),
            (
                Text::new(
                    "受信したデータがどこに保存されたか分かりません。",
                    "Where was the received message saved?",
                ),
                Text::new(
                    "データ取得は1回だけなので、パソコンの中を検索するか、送信元に再送を依頼してください。取得するときに選んだフォルダも確かめます。",
                    "Fetching works once: search the computer, the folder you chose when fetching first, or ask the sender to send it again.",
                ),
            ),
        ],
    },
    Chapter {
        title: Text::new("フリーパス", "The free pass"),
        questions: &[
            (
                Text::new(
                    "フリーパスの無料期間はいつからいつまでですか。",
                    "How long is the free pass free?",
                ),
                Text::new(
                    "利用申請日から1年間です。例えば2025年7月1日に申請すると2026年6月30日までです。",
                    "A year from the application: from 1 July 2025 to 30 June 2026, for example.",
                ),
            ),
            (
                Text::new(
                    "フリーパスは、事業所番号ごとに申請が必要ですか。",
                    "Must it be applied for with each office number?",
                ),
                Text::new(
                    "必要です。ライセンスは1つの事業所番号につき1つなので、それぞれの事業所番号で申請してください。",
                    "Yes: there is one licence for each office number.",
                ),
            ),
            (
                Text::new("フリーパスを申請した後、次の更新は必要ですか。", "Must it be renewed?"),
                Text::new(
                    "自動で本利用に更新されます。更新を希望しない場合は、利用状況Webサイトで停止できます。",
                    "It becomes a licence by itself; stop that on the usage site if you do not want it.",
                ),
            ),
            (
                Text::new(
                    "フリーパスをキャンセル、または途中解約できますか。",
                    "Can it be cancelled?",
                ),
                Text::new(
                    "申請した後のキャンセルと途中解約はできません。",
                    "No, neither the application nor the pass.",
                ),
            ),
            (
                Text::new(
                    "利用を再開するときも、フリーパスの申請が必要ですか。",
                    "We begin again. Must we apply for it?",
                ),
                Text::new(
                    "有効なライセンスがないときは必要です。利用状況Webサイトの「利用申請/更新」から申請してください。",
                    "Yes, if you have no licence in force: under “Apply / renew” on the usage site.",
                ),
            ),
        ],
    },
    Chapter {
        title: Text::new("このサイトの補足", "Added here"),
        questions: &[
            (
                Text::new(
                    "代理人（HDから始まるID）で利用できますか。",
                    "Can an agent's ID (HD…) be used?",
                ),
                Text::new(
                    "利用できません。事業所のKJから始まるIDを使ってください。",
                    "No. Use the office's own KJ ID.",
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
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_public_questions_are_all_there() {
        let counts: Vec<_> = CHAPTERS.iter().map(|chapter| chapter.questions.len()).collect();
        // The last chapter is ours.
        assert_eq!(counts, [8, 8, 8, 5, 2]);
    }
}
