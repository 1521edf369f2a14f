//! Arguments. Help texts are in both languages.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// ケアプランデータ連携システムのクライアント（模擬環境用）。
///
/// The client of the care-plan data exchange, for the test bed.
#[derive(Debug, Parser)]
#[command(
    name = "careplan-client",
    version,
    after_help = "終了コード / exit codes:\n  \
        0 成功 done\n  \
        1 拒否・検査の誤り・失敗した行あり refused, check failed, or a row failed\n  \
        2 使い方・設定の誤り usage or configuration\n  \
        3 接続できない・ファイルを読み書きできない cannot reach the relay, or a disk failed\n  \
        4 ログインしていない・電子証明書が使えない not logged in, or no usable certificate\n  \
        70 内部エラー internal error\n\n\
        パスワードは、入力するか --password-stdin か環境変数で渡します。引数では渡せません。\n\
        Passwords are typed, read from standard input or from the environment, never from arguments.\n\n\
        例（デモの地域） / examples (the demo region):\n  \
        careplan-client certificate import office.p12\n  \
        careplan-client login --terminal-user careplan@0001 --office-user KJ474779000118\n  \
        careplan-client send 出力フォルダー --text よろしくお願いします。\n  \
        careplan-client bulk new 出力フォルダー --send\n  \
        careplan-client download --all --to 受信フォルダー"
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Global {
    /// 接続先 / address of the relay [default: https://127.0.0.1:8082]
    #[arg(long, global = true, env = "CAREPLAN_RELAY", value_name = "URL")]
    pub(crate) relay: Option<String>,
    /// 認証局の証明書（PEM）。なければ p12 に入っていたもの / certificate of the authority (PEM); else those of the p12
    #[arg(long, global = true, env = "CAREPLAN_CA", value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,
    /// 端末フォルダー（証明書・ログイン・下書きの置き場） / the terminal folder: certificate, session, drafts
    #[arg(long, global = true, env = "CAREPLAN_HOME", value_name = "DIR")]
    pub(crate) terminal: Option<PathBuf>,
    /// 設定ファイル（TOML）。既定は現在のフォルダーの careplan-client.toml / settings; default careplan-client.toml here
    #[arg(long, global = true, env = "CAREPLAN_CLIENT_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// 表示の言語 / language of the output
    #[arg(long, global = true, env = "CAREPLAN_LANG", value_enum)]
    pub(crate) lang: Option<LangArg>,
    /// 結果をJSONで出力する / print results as JSON
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// 進み具合を表示しない / no progress
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// 同じ端末フォルダーを使う別のプログラムが終わるのを待つ秒数 / seconds to wait for another program that uses the terminal folder
    #[arg(
        long,
        global = true,
        env = "CAREPLAN_WAIT",
        value_name = "SECONDS",
        default_value_t = 30
    )]
    pub(crate) wait: u32,
    /// 時計を固定する（模擬環境の日時を動かしたとき、例 2027-06-01T09:00:00+09:00） / a fixed time, when the test bed's clock was moved
    #[arg(long, global = true, env = "CAREPLAN_NOW", value_name = "TIME")]
    pub(crate) now: Option<jiff::Timestamp>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum LangArg {
    Ja,
    En,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// 電子証明書の取り込み・表示・削除 / import, show, remove the certificate
    Certificate(CertificateArgs),
    /// ログイン（2段階） / log in, both stages
    Login(LoginArgs),
    /// ログアウト / log out
    Logout,
    /// トップページ / the top page
    Top,
    /// お知らせ一覧 / the notices
    Notices {
        /// ページ（1から） / page, from 1
        #[arg(long, default_value_t = 1)]
        page: u32,
        /// 1ページの件数 / lines a page
        #[arg(long, default_value_t = 10)]
        per_page: u32,
    },
    /// お知らせを読む / read a notice
    Notice {
        /// お知らせの番号 / its identifier
        id: String,
    },
    /// 事業所を調べる / look up an office
    Office {
        /// 事業所番号（10桁） / office number
        number: String,
    },
    /// 新規作成：1つの事業所に送信する / send to one office
    Send(SendArgs),
    /// 下書き / drafts
    Drafts(DraftsArgs),
    /// 一括送信：複数の事業所に送信する / send to many offices
    Bulk(BulkArgs),
    /// 受信一覧 / the inbox
    Inbox(InboxArgs),
    /// 送信一覧 / the outbox
    Outbox(OutboxArgs),
    /// データ取得（1回のみ） / fetch messages (once only)
    Download(DownloadArgs),
    /// シェルの補完スクリプト / shell completions
    Completions {
        /// bash, zsh, fish, powershell, elvish
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Args)]
pub(crate) struct CertificateArgs {
    #[command(subcommand)]
    pub(crate) command: CertificateCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CertificateCommand {
    /// p12ファイルを取り込む（CAREPLAN_P12_PASSWORD） / import a p12 file
    Import {
        /// p12ファイル、またはp12ファイルが1つ入ったフォルダー / the file, or a folder with one in it
        file: PathBuf,
        /// 証明書発行用パスワードを標準入力の1行目から読む / read the password from standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// 取り込んだ証明書を表示する / show the installed certificate
    Show,
    /// 証明書を端末から削除する / remove it from the terminal
    Remove,
}

#[derive(Debug, Args)]
pub(crate) struct LoginArgs {
    /// 個人ユーザID（cから始まる） / terminal user ID
    #[arg(long, env = "CAREPLAN_TERMINAL_USER", value_name = "ID")]
    pub(crate) terminal_user: Option<String>,
    /// 事業所ユーザID（KJから始まる14桁） / office user ID
    #[arg(long, env = "CAREPLAN_OFFICE_USER", value_name = "ID")]
    pub(crate) office_user: Option<String>,
    /// パスワードを標準入力から読む（1行目：個人ユーザ、2行目：事業所ユーザ）。環境変数は CAREPLAN_TERMINAL_PASSWORD と CAREPLAN_OFFICE_PASSWORD / read both passwords from standard input, a line each
    #[arg(long)]
    pub(crate) password_stdin: bool,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct TextArgs {
    /// メッセージ / the text
    #[arg(long, conflicts_with = "text_file")]
    pub(crate) text: Option<String>,
    /// メッセージを読むファイル（UTF-8） / file with the text (UTF-8)
    #[arg(long, value_name = "FILE")]
    pub(crate) text_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct SendArgs {
    /// ファイル、またはファイルの入ったフォルダー / files, or folders with files
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) text: TextArgs,
    /// 送信せず、下書きに保存する（一時保存） / save as a draft instead
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) draft: bool,
    /// 送信せず、送信先の確認と検査だけを行う / show the destination and check, send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// 送信前の検査を省く / skip the local check
    #[arg(long)]
    pub(crate) no_check: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DraftsArgs {
    #[command(subcommand)]
    pub(crate) command: Option<DraftsCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DraftsCommand {
    /// 下書き一覧 / list them
    List,
    /// 下書きを表示する / show one
    Show {
        /// 下書きの番号 / its identifier
        id: String,
    },
    /// 下書きを変更する / change one
    Edit {
        /// 下書きの番号 / its identifier
        id: String,
        #[command(flatten)]
        change: ChangeArgs,
    },
    /// 下書きを送信する / send one
    Send {
        /// 下書きの番号 / its identifier
        id: String,
        /// 送信前の検査を省く / skip the local check
        #[arg(long)]
        no_check: bool,
    },
    /// 下書きを一括送信に切り替える / turn one into a bulk send
    Bulk {
        /// 下書きの番号 / its identifier
        id: String,
    },
    /// 下書きを削除する / remove one
    Remove {
        /// 下書きの番号 / its identifier
        id: String,
    },
}

#[derive(Debug, Clone, Args)]
pub(crate) struct ChangeArgs {
    #[command(flatten)]
    pub(crate) text: TextArgs,
    /// ファイルを加える（同じ名前は差し替え） / add files; the same name is replaced
    #[arg(long, value_name = "FILE")]
    pub(crate) attach: Vec<PathBuf>,
    /// ファイルを外す / take a file out
    #[arg(long, value_name = "NAME")]
    pub(crate) detach: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct BulkArgs {
    #[command(subcommand)]
    pub(crate) command: Option<BulkCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum BulkCommand {
    /// ファイルを送信先ごとに振り分ける / sort files into rows, one for every destination
    New {
        /// ファイル、またはファイルの入ったフォルダー / files, or folders with files
        #[arg(required = true)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        text: TextArgs,
        /// 続けて送信する / send at once
        #[arg(long)]
        send: bool,
        /// 送信前の検査を省く / skip the local check
        #[arg(long)]
        no_check: bool,
    },
    /// 端末にある一括送信の一覧 / list the bulk sends of this terminal
    List,
    /// 行を表示する / show the rows
    Show {
        /// 一括送信の番号 / its identifier
        id: String,
    },
    /// 行を編集する / edit a row
    Edit {
        /// 一括送信の番号 / its identifier
        id: String,
        /// 行の番号（1から） / row number, from 1
        row: usize,
        #[command(flatten)]
        change: ChangeArgs,
        /// この行を送信しない / leave the row out
        #[arg(long, conflicts_with = "include")]
        exclude: bool,
        /// 除いた行を戻す / take the row in again
        #[arg(long)]
        include: bool,
    },
    /// 送信する、または中断した送信を再開する（一度に100件まで） / send, or go on (100 rows at most)
    Send {
        /// 一括送信の番号 / its identifier
        id: String,
        /// 送信する行（例：1-100,105） / rows to send
        #[arg(long, value_name = "ROWS")]
        rows: Option<String>,
        /// 失敗した行ももう一度送信する / try failed rows again
        #[arg(long)]
        retry_failed: bool,
        /// 送信前の検査を省く / skip the local check
        #[arg(long)]
        no_check: bool,
    },
    /// 端末から削除する / remove it from the terminal
    Remove {
        /// 一括送信の番号 / its identifier
        id: String,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum FetchArg {
    Unfetched,
    Fetched,
}

#[derive(Debug, Args)]
pub(crate) struct InboxArgs {
    /// 1件だけ詳しく表示する / show one message
    pub(crate) id: Option<String>,
    /// ページ（1から） / page, from 1
    #[arg(long, default_value_t = 1)]
    pub(crate) page: u32,
    /// 1ページの件数 / lines a page
    #[arg(long, default_value_t = 20)]
    pub(crate) per_page: u32,
    /// 未取得または済だけ / only these
    #[arg(long, value_enum)]
    pub(crate) state: Option<FetchArg>,
    /// 送信元の事業所番号 / only from this office
    #[arg(long, value_name = "OFFICE")]
    pub(crate) from: Option<String>,
    /// 文字で探す / search
    #[arg(long, value_name = "TEXT")]
    pub(crate) query: Option<String>,
    /// 並び順：-received_at（既定）, received_at, from / order
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) sort: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum DownloadArg {
    NotDownloaded,
    Downloaded,
}

#[derive(Debug, Args)]
pub(crate) struct OutboxArgs {
    /// 1件だけ詳しく表示する / show one message
    pub(crate) id: Option<String>,
    /// ページ（1から） / page, from 1
    #[arg(long, default_value_t = 1)]
    pub(crate) page: u32,
    /// 1ページの件数 / lines a page
    #[arg(long, default_value_t = 20)]
    pub(crate) per_page: u32,
    /// 未ダウンロードまたはダウンロード済だけ / only these
    #[arg(long, value_enum)]
    pub(crate) state: Option<DownloadArg>,
    /// 送信先の事業所番号 / only to this office
    #[arg(long, value_name = "OFFICE")]
    pub(crate) to: Option<String>,
    /// 文字で探す / search
    #[arg(long, value_name = "TEXT")]
    pub(crate) query: Option<String>,
    /// 並び順：-sent_at（既定）, sent_at, to / order
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) sort: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct DownloadArgs {
    /// 受信データの番号 / messages
    #[arg(required_unless_present_any = ["all", "pending", "forget"])]
    pub(crate) ids: Vec<String>,
    /// 未取得のものをすべて、途中のものも続きから / everything not fetched yet, unfinished ones too
    #[arg(long, conflicts_with = "ids")]
    pub(crate) all: bool,
    /// 保存先のフォルダー。受信データごとに新しいフォルダーを作る / where to save; a new folder for every message
    #[arg(long, value_name = "DIR", env = "CAREPLAN_DOWNLOADS")]
    pub(crate) to: Option<PathBuf>,
    /// 展開せずZIPのまま保存する / keep the ZIP as it is
    #[arg(long)]
    pub(crate) zip: bool,
    /// 取得途中のデータの一覧 / list unfinished downloads
    #[arg(long, conflicts_with_all = ["ids", "all"])]
    pub(crate) pending: bool,
    /// 取得途中のデータをあきらめる（もう取得できません） / give an unfinished download up, for good
    #[arg(long, value_name = "ID", conflicts_with_all = ["ids", "all", "pending"])]
    pub(crate) forget: Option<String>,
}
