// What the official guides show, quoted: a case for each row of tests/guide-rows.tsv that a page shows
// by standing there. The way is that of the guides, at their date. What a row does is shown by the
// tests of the other suites, which the row names.

import assert from "node:assert/strict";
import { enter, fill, follow, path, press, save, says, sit_down } from "../desk.mjs";
import { suite } from "../browser.mjs";

const { test } = suite("guide", {
  args: ["--scenario", "first-time", "--clock", "2025-11-28T10:00:00+09:00"],
});

/** Row, place on the way, and what must stand there. `.ci/guide` reads the first column. */
const CASES = [
  ["R001", "all steps", "事前確認・準備", "パソコン環境の確認", "介護ソフトの確認", "電子請求用のID確認", "電子証明書インストール", "ダウンロード・利用申請", "ダウンロード", "利用申請", "利用開始"],
  ["R132", "all steps", "使っている介護ソフトが、ケアプラン標準仕様に対応していること", "データをやり取りする相手の事業所も、このシステムを利用すること"],
  ["R002", "computer", "Windows 11。Windows Updateを確認し、最新の状態に更新"],
  ["R003", "computer", "インターネット接続済みの端末"],
  ["R004", "computer", "西暦で使用（和暦設定は不可）", "西暦表示", "和暦表示", "令和 7/11/28"],
  ["R005", "computer", "Microsoft Edge（Chromium版）または Google Chrome"],
  ["R006", "computer", "PDFビューワー", "Adobe Acrobat Reader 推奨"],
  ["R007", "software", "使用している介護ソフトが、ケアプランデータ連携システムに対応していることを確認します。", "「ベンダ試験完了結果」をクリック", "事業所で使用している介護ソフトが掲載されていればOK"],
  ["R008", "software", "ベンダ試験関連", "■ベンダ試験申込フォーム", "■ベンダ試験 完了結果（標準仕様V4対応版）", "■ベンダ試験 完了結果（標準仕様V3対応版）"],
  ["R009", "vendor tests", "7つのデータ連携", "D1", "D2", "D3", "D4", "D5", "D6", "D7"],
  ["R013", "fork", "ID・仮パスワードの両方がある", "ID・仮パスワードの両方、またはどちらかが分からない"],
  ["R023", "lost", "国民健康保険団体連合会へ問い合わせ", "電子請求受付システムログイン用の仮パスワードを再発行してほしい", "数日～2週間前後で、郵送で届きます。"],
  ["R021", "entrance", "総合窓口", "介護保険の請求はこちら"],
  ["R022", "public notices", "はじめての方", "お知らせ一覧"],
  ["R010", "letter", "ユーザID", /KJ\d{12}/],
  ["R011", "letter", "仮パスワード"],
  ["R012", "letter", "証明書発行用パスワード"],
  ["R014", "letter", "電子請求登録結果に関するお知らせ", /発行日 2025\/11\/28/],
  ["R016", "letter", "電話番号", /098-000-\d{4}/],
  ["R017", "letter", "FAX番号", /098-001-\d{4}/],
  ["R018", "letter", "住所", /〒909-\d{4}/],
  ["R019", "letter", "ID、仮パスワード及び証明書発行用パスワードは、他に漏洩しないよう十分な管理を行ってください", "証明書発行用パスワードは証明書発行申請（更新の申請を含む）の際に必要となりますので大切に保管してください"],
  ["R020", "letter", "■電子請求受付システムのアドレス（URL）", /http\S+\/billing/, "介護保険の請求はこちら", "はじめての方"],
  ["R032", "billing login", "電子請求受付システム", "ユーザIDとパスワードを入力して、【ログイン】ボタンを押してください。", "ユーザID", "パスワード", "戻る"],
  ["R033", "warning", "警告", "仮パスワードのままか、パスワードの有効期限が切れています。"],
  ["R034", "warning", "パスワード変更"],
  ["R035", "terms", "電子請求受付システムをご利用いただくためには、下記の利用規約に同意する必要があります。"],
  ["R036", "terms", "利用規約を保存する場合、【利用規約をダウンロード】ボタンを押してください。", "利用規約をダウンロード"],
  ["R037", "terms", "第1条（目的及び定義）", "第10条（規約の変更）"],
  ["R038", "terms", "戻る", "利用規約に同意して次へ"],
  ["R039", "password", "現在のパスワード", "「電子請求登録結果に関するお知らせ」に記載の仮パスワード"],
  ["R040", "password", "新しいパスワード", "新しいパスワード（確認用）"],
  ["R041", "password", "変更"],
  ["R042", "password", "英数字を混ぜた8文字～16文字"],
  ["R043", "mail", "操作したい内容を選択し、【変更】ボタンをクリックしてください。"],
  ["R044", "mail", "メールアドレスを登録する", "メールアドレスを登録すると、電子請求受付システムから送信されるお知らせメールを受け取ることができます。"],
  ["R045", "mail", "現在のメールアドレス", "未登録"],
  ["R046", "mail", "新しいメールアドレス", "新しいメールアドレス（確認用）"],
  ["R047", "mail", "夜間に一部お知らせメールを送信しない", "22:00から翌朝7:00までの送信を保留します。保留されたメールは翌朝7:00から順次送信されます。", "※ ユーザの申請等に対して送信されるメール（「メールアドレス変更」等）は随時送信されます。"],
  ["R048", "mail", "メールアドレスを登録しない", "メールアドレスは、ログイン後のユーザ情報変更メニューから登録することもできます。"],
  ["R049", "security mail", "セキュリティ用メールアドレス", "お知らせ用と同じでもかまいません。"],
  ["R050", "code", "確認コード", "メール本文に記載された4桁の数字を半角で入力し、【送信】ボタンを押してください。"],
  ["R051", "code", "入力されたメールアドレスに誤りがないことを確認するため、", "office@example.jp 宛に送信しました。"],
  ["R052", "code", "※ メールが届くまで数分程度かかる場合があります。", "確認コードの有効期間は30分です。"],
  ["R053", "security code", "その場合、【戻る】ボタンを押して、再度セキュリティ用メールアドレスを設定してください。", "受信制限の設定をしている。", "迷惑メールフォルダ等に移動している。", "メールの受信フォルダ・メールボックス等が容量オーバーになっている。", "プロバイダの通信状況で受信が遅れている。"],
  ["R054", "code", /時刻 2025\/11\/28 \d\d:\d\d/],
  ["R055", "code", "戻る", "送信"],
  ["R056", "notices", "ログアウト"],
  ["R057", "notices", "マニュアル", "ダウンロード", "証明書", "介護DX証明書", "ユーザ情報変更", "ログアウト"],
  ["R058", "notices", "掲示期間内のお知らせ", "新着のお知らせ", "未読のお知らせ", "全てのお知らせ"],
  ["R059", "notices", "掲示開始日", "年", "月", "日", "～"],
  ["R062", "notices", /ページ 1\/\d/],
  ["R189", "notices", "スケジュール", "証明書", "参考資料", "システム関連", "その他"],
  ["R060", "notices", "キーワード", "検索", "クリア"],
  ["R061", "notices, issued", "件が該当しています。", "New"],
  ["R178", "certificate, none", "証明書発行の履歴はありません。"],
  ["R063", "certificate, none", "請求委任事業所用ケアプラン証明書の名称変更について", "「請求委任事業所用ケアプラン証明書」の名称が「介護DX証明書」に変更されました。", "介護DX証明書は、ケアプランデータ連携システム及び介護保険資格確認等WEBサービス等でご利用いただけます。"],
  ["R082", "certificate, one", "介護保険資格確認等WEBサービス", "複数のパソコン"],
  ["R065", "certificate, none", "発行申請を行う前に", "内容を必ず確認の上、発行申請を行ってください。"],
  ["R066", "certificate, none", "介護給付費等の請求を事業所がインターネットから行う場合", "介護給付費等の請求を代理人に委任している、または紙請求や媒体請求を行う場合"],
  ["R067", "certificate, none", "確認せずに証明書の発行申請は行えません。"],
  ["R141", "certificate, none", "介護DX証明書の発行申請を行うことができます（無料）。"],
  ["R081", "before", "1つの証明書を、複数のパソコンにインストールできます。"],
  ["R068", "certificate password", "証明書発行用パスワード（半角英数）", "証明書発行用パスワードを入力し、【次へ】ボタンを押してください。"],
  ["R069", "certificate password", "ここで入力したパスワードは、証明書をインストールする際にも必要となります。", "パスワードは、厳重に保管し、管理してください。", "証明書発行用パスワードを紛失しますと、パスワードの再発行手続きが必要となります。"],
  ["R070", "certificate password", "発行用パスワード入力", "確認"],
  ["R181", "certificate password", "証明書発行用パスワードとは？"],
  ["R027", "about the issue password", "証明書発行用パスワードとは"],
  ["R026", "about the issue password", "仮パスワードが再発行されても、証明書発行用パスワードは変わりません（最初に発行されたものを使います）。"],
  ["R028", "about the issue password", "通知書を紛失してしまった"],
  ["R029", "reissue", "再発行する"],
  ["R187", "reissue", "それ以前のパスワードは無効となり、すでに発行済の電子証明書があっても、その証明書をインストールすることができなくなります。", "新たに電子証明書を申請する必要があります。"],
  ["R071", "certificate terms", "電子請求受付システム 認証サービス利用規約", "第1条（目的）", "第10条（規約の変更）"],
  ["R072", "certificate terms", "利用規約を保存する場合、【利用規約をダウンロード】ボタンを押してください。", "利用規約をダウンロード"],
  ["R073", "certificate terms", "附則", "本規約は平成19年8月1日から施行します。", "平成24年4月16日", "平成26年8月18日", "平成29年11月24日", "平成30年4月23日", "令和元年7月24日", "令和5年4月20日"],
  ["R074", "certificate terms", "利用規約に同意して送信"],
  ["R076", "certificate done", "証明書の発行申請を完了しました。", "数分程度かかる場合があります。（なお、午前1:30から午前6:30の間は発行を停止しておりますので、ご了承ください）", "TLSクライアント認証等を行うパソコンに証明書をダウンロードし、証明書をインストールしてください。"],
  ["R077", "certificate done", "終了"],
  ["R078", "notices, issued", "証明書発行完了通知"],
  ["R080", "certificate, one", "介護DX証明書をダウンロード・インストールする"],
  ["R182", "certificate, one", "※ログイン中のユーザIDで発行済みの証明書があります。"],
  ["R183", "certificate, one", "発行申請日", "有効開始年月日", "有効終了年月日", "状況", "発行手数料残高"],
  ["R083", "downloads", "ダウンロード", "発行申請日", "有効開始年月日", "有効終了年月日", "状況", "発行済み"],
  ["R084", "downloads", /20251128\d{10}\.p12/],
  ["R184", "downloads", "※注意", "発行申請時の証明書発行用パスワードがないと証明書のインストールができません。"],
  ["R177", "billing certificate tab", "介護保険証明書の発行履歴"],
  ["R030", "reissued", "お知らせ画面を開く"],
  ["R031", "reissue notice", "証明書発行用パスワード通知書（PDF）", "電子請求受付システムにログインする際のパスワードです。"],
  ["R188", "reissue notice", "証明書発行用パスワード再発行通知", "添付ファイル", "証明書発行用パスワード通知書"],
  ["R107", "usage login", "利用状況Webサイト(20250601)", "ユーザID（電子請求受付システムで使用するKJから始まる14桁のユーザIDを入力ください）", "KJから始まる14桁のユーザIDを入力してください", "パスワードを入力してください"],
  ["R108", "usage login", "【事業所ユーザID/パスワードの発行、介護DX証明書の取得はこちら】"],
  ["R109", "usage top", "利用可能です。", "ただいまシステムは正常稼働中です。"],
  ["R111", "usage top", /個人ユーザID ?c\S+/, "パスワード"],
  ["R112", "usage top", "利用申請/更新"],
  ["R110", "usage top", /ポータルサイト：http:\/\/\S+\/support/],
  ["R113", "usage state", "利用申請可能です。", "申請"],
  ["R114", "usage state", "申請/更新", "利用規約", "利用申請完了"],
  ["R115", "usage state", "現在、新規申請した場合、1年間無料のフリーパス申請が可能です。"],
  ["R116", "free pass", "フリーパス申請が可能です。", "フリーパスは1年間ご利用いただけます。なお、フリーパスの途中解約はできません。", "フリーパスご利用後は本利用へ自動で更新します。本利用への自動更新を停止することも可能です。", "システムの動作環境の準備ができていることを確認しましたか。", "使用する介護ソフトがケアプラン標準仕様に対応していることを確認しましたか。", "フリーパスでデータ連携するためには連携先事業所が必要です。", "注意事項の承認を以って申請となります。", "本利用：ライセンス料のかかる利用"],
  ["R174", "free pass", "フリーパスの途中解約はできません。"],
  ["R117", "free pass", "フリーパス申請情報入力に進む"],
  ["R118", "free pass form", "事業所名", "代表者氏名", "担当者氏名", "姓", "名", "電話番号（ハイフンなし）", "メールアドレス", "メールアドレス（確認用）"],
  ["R119", "free pass form", "※メールアドレスはアップデートなどのお知らせに利用します。"],
  ["R120", "free pass form", "利用規約", "個人情報取り扱いについて", "利用規約に同意する", "個人情報取り扱いに同意する", "戻る", "申請"],
  ["R121", "notes", "注　意", "申請の前に以下内容をご確認ください。", "フリーパスは1年間ご利用いただけます。なおフリーパスの途中解約はできません。", "フリーパス後は本利用へ自動で更新します。本利用への自動更新を停止することも可能です。(※)", "システムの動作確認の準備が出来ていることを確認しましたか。", "利用する介護ソフトがケアプラン標準仕様に対応していることを確認しましたか。", "フリーパスでデータ連携するためには連携先事業所が必要です。", "本注意事項の承認を以って、申請となります。", "フリーパスの申請を行いますか？", "はい"],
  ["R122", "thanks", "フリーパスを申請いただきありがとうございます。", "フリーパス期間後は、自動で本利用に更新します。", "「ライセンス確認画面」より本利用への更新を停止する事も可能です。(※)", "(※)本利用：ライセンス料のかかる利用", "OK"],
  ["R123", "free pass done", "フリーパス申請が完了しました。", /申請日 ?2025\/11\/28/, "事業所番号", "事業所名", "代表者氏名", "担当者氏名", "電話番号", "メールアドレス", "※この画面を印刷または保存をして、大切に保管してください。"],
  ["R129", "usage applied", "利用申請が正常に完了しております。"],
  ["R124", "free pass done", "OK", "ログアウト"],
  ["R085", "wizard 1", "証明書のインポート ウィザードの開始"],
  ["R086", "wizard 1", "「現在のユーザー」にチェックし、「次へ」をクリック", "保存場所", "現在のユーザー", "ローカル コンピューター", "次へ", "キャンセル"],
  ["R087", "wizard 2", "インポートする証明書ファイル", /20251128\d{10}\.p12/, "次へ"],
  ["R088", "wizard 3", "秘密キーの保護", "「電子請求登録結果に関するお知らせ」に記載の、証明書発行用パスワード", "次へ"],
  ["R185", "wizard 3", "秘密キーの保護を強力にする", "このキーをエクスポート可能にする", "仮想化ベースのセキュリティを使用して秘密キーを保護する（エクスポート不可）", "すべての拡張プロパティを含める", "「すべての拡張プロパティを含める」を除き、チェックがはずれていることを確認します。"],
  ["R089", "wizard 4", "証明書の種類に基づいて、自動的に証明書ストアを選択する", "証明書をすべて次のストアに配置する", "次へ"],
  ["R090", "wizard 5", "証明書のインポート ウィザードの完了", "「完了」をクリック"],
  ["R091", "wizard 6", "セキュリティ警告", "拇印 (sha1):", /[0-9A-F]{8} [0-9A-F]{8} [0-9A-F]{8} [0-9A-F]{8} [0-9A-F]{8}/, "この証明書をインストールしますか?", "はい(Y)", "いいえ(N)"],
  ["R092", "wizard 7", "正しくインポートされました。"],
  ["R093", "internet options", "①発行先：CarePlanJigyousho または KaigoJigyousho", "②発行者：e-seikyuuCA", "③有効期限：未来の日付であること", "証明書がインストールされています。"],
  ["R094", "imported", "発行先", "CarePlanJigyousho"],
  ["R096", "imported", /2025\/11\/28 .*～ 20(2[6-9]|3\d)\//],
  ["R097", "product download", "製品ダウンロード"],
  ["R098", "product download", "組織名称", "介護保険事業所番号", "製品ダウンロードに進む"],
  ["R099", "product", "製品をダウンロードする。"],
  ["R105", "client login", "連携クライアントアプリ(Ver1.2.0)", "ユーザID", "にログイン後に表示されるcから始まるユーザIDを入力ください", "cから始まるユーザIDを入力してください", "パスワードを入力してください", "ログイン"],
  ["R106", "client login", "ケアプランデータ連携システム利用状況Webサイト"],
  ["R125", "office login", "事業所ユーザログイン", "KJから始まる14桁のユーザIDを入力してください", "戻る", "ログイン"],
  ["R127", "client top", "システム稼働", "稼働中", "システム更新", "事業所番号", "有効期限"],
  ["R128", "client top", /サポートサイト：http:\/\/\S+\/support/],
  ["R191", "client top", "受信一覧", "送信一覧", "新規作成", "下書き一覧", "一括送信"],
  ["R192", "client top", "お知らせ一覧", "ライセンス・証明書情報"],
  ["R193", "received", "受信日時", "送信元事業所", "サービス種類", "データ取得状況"],
  ["R200", "sent", "送信日時", "送信先事業所", "ダウンロード状況"],
  ["R206", "drafts", "新規作成で一時保存したデータです。", "一括送信のデータは下書きにできません。"],
  ["R203", "new", "送信エラーが表示されたときは、内容を確かめてヘルプデスクに問い合わせます。"],
  ["R211", "new", "送るデータを介護ソフトから出力し、端末のフォルダに保存しておきます"],
  ["R212", "client login", "ログインできないときの問い合わせ先：ヘルプデスク"],
  ["R199", "fetched files", "取込みの操作は介護ソフトによって異なるため、介護ソフトの会社に問い合わせます。"],
  ["R204", "new", "送信できるファイルの組み合わせ"],
  ["R148", "questions", "年間21,000円（税込）", "1,750円", "介護給付費からの差引か、振込依頼書による口座振込"],
  ["R149", "questions", "ライセンスは1つの事業所番号につき1つ必要です。"],
  ["R151", "questions", "2025年6月1日以後に新規申請した事業所は自動更新です。", "今の期限が終わった後に、利用状況Webサイトで更新の手続きをします。"],
  ["R152", "questions", "複数の端末で使うときに気を付けることはありますか。"],
  ["R153", "questions", "地域包括支援センターも利用できますか。", "利用できます。"],
  ["R154", "questions", "WAM NETに載っている情報を直したいです。"],
  ["R155", "questions", "送受信するデータは暗号化され、電子証明書による電子署名で、その事業所本人が送信したものかを確かめます（なりすまし対策）。"],
  ["R156", "questions", "KJから始まるIDのパスワードが分からず、ログインできません。", "国保連合会に依頼し、「電子請求登録結果に関するお知らせ」を受け取る。", "変更したパスワードで利用状況Webサイトにログインする。"],
  ["R158", "questions", "代理請求をしていますが、新しく電子証明書が必要ですか。"],
  ["R130", "questions", "電子証明書は事業所ごとに必要ですか。", "事業所番号ごとに必要です。"],
  ["R140", "questions", "介護保険証明書または介護DX証明書（旧名：請求委任事業所用ケアプラン証明書）を、電子請求受付システムでKJから始まるIDで取得し"],
  ["R160", "questions", "cから始まる個人ユーザIDが分かりません。", "利用状況WebサイトにKJから始まるIDでログインすると、トップページに個人ユーザIDとパスワードが表示されます。"],
  ["R161", "questions", "新しい端末に、連携クライアントアプリと電子証明書をもう一度インストールします。"],
  ["R163", "questions", "第1表・第2表・第3表", "第6表（サービス利用票）", "第7表（サービス利用票別表）", "利用者補足情報", "実績情報", "利用者基本情報", "別表1・別表2", "家族構成の画像", "介護予防サービス・支援計画書", "13種類"],
  ["R164", "questions", "PDFにして保存すれば送れます。", "csv、jpeg、jpg、png、gif、txt"],
  ["R165", "questions", "できません。介護ソフトに取り込んで行ってください。"],
  ["R170", "questions", "データ取得は1回だけなので、パソコンの中を検索するか、送信元に再送を依頼してください。"],
  ["R171", "questions", "2025年7月1日に申請すると2026年6月30日まで"],
  ["R172", "questions", "利用を再開するときも、フリーパスの申請が必要ですか。", "有効なライセンスがないときは必要です。"],
  ["R173", "questions", "それぞれの事業所番号で申請してください。"],
  ["R175", "contact", "24時間365日受け付け"],
  ["R131", "contact", "0120-584-708", "9:00～17:00", "研修中は、下の番号に電話しないでください。", "手引きの記載"],
  ["R143", "contact", "年末年始（12月29日～1月3日）を除く", "折り返しの電話"],
  ["R132", "begin", "使っている介護ソフトが、ケアプランデータ標準仕様に対応していること", "送受信する相手の事業所も、このシステムを利用していること"],
  ["R133", "begin", "パソコンとインターネット環境", "電子請求用のユーザIDとパスワード", "電子証明書（介護保険証明書または介護DX証明書）"],
  ["R135", "begin", "① 介護ソフトの対応状況の確認", "② 端末とネットワーク環境の準備", "③ 介護電子請求用のユーザIDとパスワードの確認", "④ 電子証明書のインストール状況の確認", "⑤ 利用申請", "⑥ 連携クライアントアプリのインストール", "⑦ ライセンス料の支払い"],
  ["R136", "begin", "前提1", "地域包括支援センターからの委託", "前提2", "双方が利用している必要があります。"],
  ["R138", "begin", "請求書での支払いを希望するときは、所在地の国保連合会に請求書の発行を依頼します。"],
  ["R142", "begin", "お気に入りに登録し（表示した状態でCtrlキーとDキーを同時に押します）"],
  ["R144", "begin", "「メニュー」→「介護サービス事業所の皆さまへ」のページの下部"],
  ["R146", "numbers", "8,283", "181,566", "4.6%", /鳥取県 ?948 ?169 ?17\.8%/],
];

/** Where the tests have been. */
const visited = new Set();

/** All that stands on the page: texts, folded or not, and what stands in empty fields. */
function everything(page) {
  return page.evaluate(() => {
    const body = document.body.cloneNode(true);
    for (const quiet of body.querySelectorAll("script, style")) quiet.remove();
    for (const cell of body.querySelectorAll("dt, dd, td, th, p, li, label, legend, h1, h2, h3, a, button, br, span")) cell.append(" ");
    const hints = [...document.querySelectorAll("[placeholder]")].map((field) => field.placeholder);
    return [body.textContent, ...hints].join(" ").replace(/\s+/g, " ");
  });
}

/** Everything that must stand at this place does. */
async function asks(page, place) {
  visited.add(place);
  const text = await everything(page);
  const dense = text.replaceAll(" ", "");
  const missing = [];
  for (const [row, where, ...quotes] of CASES) {
    if (where !== place) continue;
    for (const quote of quotes) {
      const is_there = quote instanceof RegExp ? quote.test(text) : dense.includes(quote.replace(/\s/g, ""));
      if (!is_there) missing.push(`${row}: ${quote}`);
    }
  }
  assert.deepEqual(missing, [], `${place} (${page.url()}) shows: ${text}`);
}

/** The office whose way it is, as it goes on. */
const own = { password: "Tebiki2025" };

test("before the start, to the door of the billing site", async (page) => {
  await page.goto("/");
  await follow(page, "利用開始までの全体ステップ");
  await asks(page, "all steps");
  await follow(page, "パソコン環境の確認に進む");
  // What the script found, which needs no leave of the policy.
  await page.locator("#browser", { hasText: "Google Chrome" }).waitFor();
  await page.locator("#connection", { hasText: "ネットワークにつながっています。" }).waitFor();
  await page.locator("#calendar-seen", { hasText: "ブラウザの日付は西暦です。" }).waitFor();
  await asks(page, "computer");
  await follow(page, "介護ソフトの確認に進む");
  await asks(page, "software");
  await follow(page, "「ケアプランデータ連携システム」ベンダ試験（V4）完了結果について");
  await asks(page, "vendor tests");
  await follow(page, "電子請求用のID確認に進む");
  await asks(page, "fork");
  await follow(page, "分からない：再発行の手順へ");
  await asks(page, "lost");
  await follow(page, "電子請求用のID確認へ戻る");
  await follow(page, "両方ある：電子証明書インストールへ");
  await asks(page, "entrance");
  await follow(page, "介護保険の請求はこちら");
  await asks(page, "public notices");
  await follow(page, "はじめての方");
  assert.equal(path(page), "/billing/first");
  await follow(page, "ログイン画面へ");
  assert.equal(path(page), "/billing/login");
});

test("the letter, the first login, the password and the mail addresses", async (page, { server, context }) => {
  Object.assign(own, await server.account("43"));
  await page.goto("/console/accounts");
  await follow(page, "通知書", page.getByRole("row").filter({ hasText: own.office }));
  await asks(page, "letter");
  await page.goto("/billing/login");
  await asks(page, "billing login");
  await enter(page, "billing", own);
  await asks(page, "warning");
  await follow(page, "パスワード変更");
  await asks(page, "terms");
  await press(page, "利用規約に同意して次へ");
  await asks(page, "password");
  await fill(page, {
    "現在のパスワード": own.kj_password,
    "新しいパスワード": own.password,
    "新しいパスワード（確認用）": own.password,
  });
  await press(page, "変更");
  own.kj_password = own.password;
  await asks(page, "mail");
  await fill(page, { "新しいメールアドレス": "office@example.jp", "新しいメールアドレス（確認用）": "office@example.jp" });
  await press(page, "変更");
  await asks(page, "code");
  const mailbox = await context.newPage();
  await mailbox.goto("/billing/mailbox");
  const [code] = /(?<!\d)\d{4}(?!\d)/.exec(await mailbox.locator("article .message").first().innerText());
  await fill(page, { "確認コード": code });
  await press(page, "送信");
  await asks(page, "security mail");
  await fill(page, { "新しいメールアドレス": "office@example.jp", "新しいメールアドレス（確認用）": "office@example.jp" });
  await press(page, "変更");
  await asks(page, "security code");
  await page.goto("/billing/notices");
  await asks(page, "notices");
});

test("the certificate, from the application to the download", async (page, { server }) => {
  await enter(page, "billing", own);
  await follow(page, "介護DX証明書");
  await asks(page, "certificate, none");
  await follow(page, "発行申請を行う前に");
  await asks(page, "before");
  await press(page, "内容を確認しました");
  await page.getByLabel("介護DX証明書の発行申請をする").check();
  await press(page, "次へ");
  await asks(page, "certificate password");
  await fill(page, { "証明書発行用パスワード（半角英数）": own.certificate_password });
  await press(page, "次へ");
  await asks(page, "certificate terms");
  await press(page, "利用規約に同意して送信");
  await asks(page, "certificate done");
  await follow(page, "終了");
  await asks(page, "notices, issued");
  await follow(page, "介護DX証明書");
  await asks(page, "certificate, one");
  await page.goto("/billing/certificate/dx/download");
  await asks(page, "downloads");
  own.p12 = await save(page, page.locator("main").getByRole("link", { name: "ダウンロード", exact: true }));
  await page.goto("/billing/certificate/kaigo");
  await asks(page, "billing certificate tab");
  await page.goto("/billing/issue-password");
  await asks(page, "about the issue password");

  // Another office: a re-issue ends what was issued before.
  const other = await server.account("11");
  await enter(page, "billing", other);
  await follow(page, "パスワード変更");
  await press(page, "利用規約に同意して次へ");
  await fill(page, {
    "現在のパスワード": other.kj_password,
    "新しいパスワード": own.password,
    "新しいパスワード（確認用）": own.password,
  });
  await press(page, "変更");
  await page.goto("/billing/issue-password");
  await follow(page, "通知書を紛失してしまった");
  await asks(page, "reissue");
  await press(page, "再発行する");
  await asks(page, "reissued");
  await follow(page, "お知らせ画面を開く");
  await follow(page, "証明書発行用パスワード再発行通知");
  await asks(page, "reissue notice");
});

test("the usage site and its free pass", async (page) => {
  await page.goto("/usage/login");
  await asks(page, "usage login");
  await enter(page, "usage", own);
  await asks(page, "usage top");
  own.c_id = await page.locator("#c-id").innerText();
  own.c_password = await page.locator("#c-password").innerText();
  await page.getByRole("navigation").getByRole("link", { name: "利用申請/更新" }).click();
  await asks(page, "usage state");
  await press(page, "申請");
  await asks(page, "free pass");
  await press(page, "フリーパス申請情報入力に進む");
  await asks(page, "free pass form");
  for (const who of ["代表者氏名", "担当者氏名"]) {
    await page.getByRole("group", { name: who }).getByLabel("姓").fill("見本");
    await page.getByRole("group", { name: who }).getByLabel("名", { exact: true }).fill("花");
  }
  await fill(page, {
    "電話番号（ハイフンなし）": "0980000000",
    "メールアドレス": "office@example.jp",
    "メールアドレス（確認用）": "office@example.jp",
  });
  await page.getByLabel("利用規約に同意する").check();
  await page.getByLabel("個人情報取り扱いに同意する").check();
  await press(page, "申請");
  assert.equal(await page.getByRole("dialog").count(), 1);
  await asks(page, "notes");
  await press(page, "はい");
  assert.equal(await page.getByRole("dialog").count(), 1);
  await asks(page, "thanks");
  await follow(page, "OK");
  await asks(page, "free pass done");
  await follow(page, "OK");
  await page.getByRole("navigation").getByRole("link", { name: "利用申請/更新" }).click();
  await asks(page, "usage applied");
});

/** 製品インストール①, ②: what the slides say to do, and what is pressed there. */
const SLIDES = [
  ["「ファイルを開く」をクリック", "ファイルを開く"],
  ["「CarePlanApp-1.2.0-setup」をクリック", "CarePlanApp-1.2.0-setup"],
  ["「WindowsによってPCが保護されました」と表示されたら、「詳細情報」をクリック", "詳細情報"],
  ["「実行」をクリック", "実行"],
  ["「インストール」をクリック", "インストール"],
  ["「はい」をクリック", "はい"],
  ["「完了」をクリック", "完了"],
  ["デスクトップの、ケアプランデータ連携システムアプリのアイコンをクリック", "ケアプランデータ連携システムアプリ"],
  ["「Download it now」をクリック", "Download it now"],
  ["「ファイルを開く」をクリック", "ファイルを開く"],
  ["「了解してインストール」をクリック", "了解してインストール"],
  ["「インストール」をクリック", "インストール"],
  ["「はい」をクリック", "はい"],
  ["「閉じる」をクリック", "閉じる"],
];

test("the product, from the download to the first start, slide by slide", async (page) => {
  await page.goto("/support");
  await follow(page, "製品ダウンロード");
  await asks(page, "product download");
  await press(page, "製品ダウンロードに進む");
  // Both mistakes at once, and the first field ready to be put right.
  assert.equal(await page.locator(".alert.bad li").count(), 2);
  assert.equal(await page.evaluate(() => document.activeElement.id), "organisation");
  await fill(page, { "組織名称": "みほん居宅", "介護保険事業所番号": own.office });
  await press(page, "製品ダウンロードに進む");
  await asks(page, "product");
  await follow(page, "製品をダウンロードする。");
  for (const [index, [task, label]] of SLIDES.entries()) {
    assert.equal(path(page), `/setup/${index + 1}`);
    assert.equal(await page.locator("h1").innerText(), task);
    await follow(page, label, page.locator(".drawing"));
  }
  assert.equal(path(page), "/setup/done");
});

test("the client", async (page) => {
  await page.goto(`/client/${own.office}/certificate`);
  await page.locator("#file").setInputFiles(own.p12);
  await press(page, "ファイルを開く");
  await asks(page, "wizard 1");
  await page.getByLabel("ローカル コンピューター").check();
  await press(page, "次へ");
  await says(page, "「現在のユーザー」を選びます。");
  await page.getByLabel("現在のユーザー").check();
  await press(page, "次へ");
  await asks(page, "wizard 2");
  await press(page, "次へ");
  await asks(page, "wizard 3");
  await page.locator("#password").fill(own.certificate_password);
  await press(page, "次へ");
  await asks(page, "wizard 4");
  await press(page, "次へ");
  await asks(page, "wizard 5");
  await press(page, "完了");
  await asks(page, "wizard 6");
  await press(page, "はい(Y)");
  await asks(page, "wizard 7");
  await press(page, "OK");
  await follow(page, "インターネット オプション");
  await follow(page, "コンテンツ");
  await follow(page, "証明書");
  await asks(page, "internet options");
  await page.goto(`/client/${own.office}/certificate`);
  await asks(page, "imported");
  await page.goto(`/client/${own.office}/login`);
  await asks(page, "client login");
  await page.locator("#user_id").fill(own.c_id);
  await page.locator("#password").fill(own.c_password);
  await press(page, "ログイン");
  await asks(page, "office login");
  await sit_down(page, own);
  assert.equal(path(page), `/client/${own.office}`);
  await asks(page, "client top");
  for (const [tab, place] of [["端末：取得したファイル", "fetched files"], ["新規作成", "new"], ["受信一覧", "received"], ["送信一覧", "sent"], ["下書き一覧", "drafts"]]) {
    await follow(page, tab);
    await asks(page, place);
  }
});

test("the support site", async (page) => {
  for (const [address, place] of [["faq", "questions"], ["begin", "begin"], ["contact", "contact"], ["numbers", "numbers"]]) {
    await page.goto(`/support/${address}`);
    await asks(page, place);
  }
});

test("every case was asked", () => {
  const places = new Set(CASES.map(([, place]) => place));
  assert.deepEqual([...visited].sort(), [...places].sort());
});
