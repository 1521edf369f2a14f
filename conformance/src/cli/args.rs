//! Arguments. Help texts are in both languages.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// ケアプランデータ連携標準仕様（4.1・3.x）のCSVを検査します。
///
/// Checks CSV exports against the national care-plan data standard (4.1 and 3.x).
#[derive(Debug, Parser)]
#[command(
    name = "careplan-conformance",
    version,
    after_help = "終了コード / exit codes:\n  \
        0 合格 accepted\n  1 不合格 rejected\n  2 使い方・設定の誤り usage or configuration\n  \
        3 読めない・検査するものがない unreadable or nothing to check\n  70 内部エラー internal error\n\n\
        例 / examples:\n  \
        careplan-conformance check 出力フォルダー\n  \
        careplan-conformance check export.zip --report json=result.json --report html=result.html\n  \
        careplan-conformance explain F004\n  \
        careplan-conformance fix 出力フォルダー --out 修正後\n  \
        careplan-conformance anonymise 出力フォルダー --out 共有用\n  \
        careplan-conformance render 受信フォルダー --out 様式.html\n  \
        careplan-conformance compare 渡したフォルダー 戻ったフォルダー --report html=往復.html"
)]
pub(crate) struct Cli {
    /// 表示の言語 / language of the output
    #[arg(long, value_enum, default_value = "ja", global = true, env = "CAREPLAN_LANG")]
    pub(crate) lang: LangArg,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum LangArg {
    Ja,
    En,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ColourArg {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// ファイル・フォルダー・ZIPを検査する / check files, folders and ZIPs
    Check(Box<CheckArgs>),
    /// ルールを説明する / explain a rule
    Explain(ExplainArgs),
    /// ルールの一覧 / list the rules
    Rules(RulesArgs),
    /// レイアウト（項目の一覧）を書き出す / export the layouts
    Layouts(LayoutsArgs),
    /// 安全に直せるものを直し、別のフォルダーに書く / repair what can be repaired safely, into another folder
    Fix(FixArgs),
    /// 人に渡せる出力にする：架空の利用者に置き換え、不備はそのまま残す / make an export that can be shared: invented people, the same defects
    #[command(alias = "anonymize")]
    Anonymise(AnonymiseArgs),
    /// 居宅サービス計画書・利用票などの様式で表示するHTMLを作る / draw the official forms as one HTML page
    Render(RenderArgs),
    /// ベンダ試験のリハーサル：キットの作成、判定、報告書 / rehearse the vendor test: kit, judging, report
    Rehearse(Box<super::rehearse::args::RehearseArgs>),
    /// 渡したファイルと、取り込んで出力し直したファイルを、内容で比べる / compare what a product was given with what it exported again
    Compare(CompareArgs),
    /// 1つの製品の2つの出力の違いを、利用者ごとに示す / how two exports of one product differ, by person
    Diff(DiffArgs),
    /// JSON形式の報告のスキーマ（JSON Schema） / the JSON Schema of the JSON report
    Schema,
    /// 説明書を生成する / generate the documentation
    #[command(hide = true)]
    Docs(DocsArgs),
    /// シェルの補完スクリプト / shell completions
    Completions {
        /// bash, zsh, fish, powershell, elvish
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Clone, Args)]
pub(crate) struct CheckArgs {
    /// ファイル、フォルダー（下位も含む）、ZIP。「-」は標準入力 / files, folders (recursive), ZIPs; - reads standard input
    #[arg(required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// 標準入力のファイル名 / file name of standard input
    #[arg(long, value_name = "FILENAME")]
    pub(crate) name: Option<String>,
    /// vendor 全部、relay システムが拒むものだけ、lenient 日常用 / everything, what the system would refuse, daily use
    #[arg(long, value_name = "vendor|relay|lenient")]
    pub(crate) profile: Option<String>,
    /// file: 送信単位のルールを外す（1ファイルずつ作るとき） / leave out rules about send units
    #[arg(long, value_name = "unit|file")]
    pub(crate) scope: Option<String>,
    /// この重要度以上で不合格にする / the mildest severity that rejects
    #[arg(long, value_name = "error|warning|info")]
    pub(crate) fail_on: Option<String>,
    /// 形式=ファイル（複数可、-は標準出力）。text concise json jsonl junit sarif github markdown html csv xlsx / FORMAT=FILE, any number; - is stdout
    #[arg(long = "report", value_name = "FORMAT=FILE")]
    pub(crate) reports: Vec<String>,
    /// 個人に関する値もそのまま表示する / show personal values
    #[arg(long)]
    pub(crate) show_values: bool,
    /// 同じ指摘もすべて表示する / show every finding, do not fold repeats
    #[arg(long)]
    pub(crate) all: bool,
    /// ルールごとの件数だけを表示する / counts per rule only
    #[arg(long)]
    pub(crate) statistics: bool,
    /// 既知の指摘のファイル。新しいものだけを報告する / report only what this file does not know
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// いまの指摘をすべて既知として書き出す / write all present findings as known
    #[arg(long, value_name = "FILE")]
    pub(crate) write_baseline: Option<PathBuf>,
    /// 既知の指摘を照合する秘密の鍵（none で鍵なし。環境変数 CAREPLAN_BASELINE_KEY でも可） / secret key for baselines and SARIF; none for none
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// 版の手がかりがないファイルに仮定する年月 / service month assumed for files that carry none
    #[arg(long, value_name = "YYYY-MM")]
    pub(crate) as_of: Option<String>,
    /// 設定ファイル（既定は、検査するものから上のフォルダーで最も近い careplan-conformance.toml） / settings; by default the nearest careplan-conformance.toml above what is checked
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// フォルダーを見張り、変わるたびに検査する / check again whenever a file changes
    #[arg(long)]
    pub(crate) watch: bool,
    /// 並列数（既定はコア数） / how many files at once
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<usize>,
    /// 標準出力に何も出さない（--report で頼んだもの以外）。結果は終了コードで / nothing on stdout but what --report asks for; the exit code tells
    #[arg(long)]
    pub(crate) quiet: bool,
    /// 色 / colour
    #[arg(long, value_enum, default_value = "auto")]
    pub(crate) color: ColourArg,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// コードか名前（F004、malformed-date） / code or name
    #[arg(required = true)]
    pub(crate) rules: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct RulesArgs {
    /// text, json, csv, markdown
    #[arg(long, default_value = "text")]
    pub(crate) format: String,
}

#[derive(Debug, Args)]
pub(crate) struct LayoutsArgs {
    /// json, csv, markdown, json-schema
    #[arg(long, default_value = "json")]
    pub(crate) format: String,
    /// 4.1, 3.x
    #[arg(long, default_value = "4.1")]
    pub(crate) standard: String,
    /// 種別（例 UPPLAN）。省略すると全部 / one kind, all by default
    #[arg(long)]
    pub(crate) kind: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct FixArgs {
    /// ファイル・フォルダー・ZIP / files, folders, ZIPs
    #[arg(required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// 書き出し先のフォルダー（元のファイルは変えない） / where to write; originals stay untouched
    #[arg(long, value_name = "DIR", required_unless_present = "diff")]
    pub(crate) out: Option<PathBuf>,
    /// 違いを表示するだけで書き出さない / show the difference only
    #[arg(long)]
    pub(crate) diff: bool,
    /// 置き換える文字（例 𠮷=吉、複数可） / replacement, any number
    #[arg(long = "replace", value_name = "FROM=TO")]
    pub(crate) replacements: Vec<String>,
    /// 個人に関する値もそのまま表示する / show personal values in the difference
    #[arg(long)]
    pub(crate) show_values: bool,
}

#[derive(Debug, Args)]
#[command(
    after_help = "同じ人はすべてのファイルで同じ架空の人になります。文字数・バイト数・引用符・改行・文字コードは変えません。\n\
    氏名・フリガナ・番号・生年月日（年は残す）・住所・電話・文章・事業所と保険者の番号を置き換えます。列がずれた\n\
    記録では、個人の値かもしれないものをすべて置き換えます。利用日・認定日・要介護度・サービスコード・回数・金額は残ります。\n\
    標準仕様の名前でないファイルは書き出さず、画像は何も写っていないものにします。\n\
    最後に元と検査し比べ、指摘（ルール・場所・重要度）が違えば書き出しません。\n\n\
    One person becomes the same invented person in every file; lengths, quotes, line ends and\n\
    encoding stay. Names, kana, numbers, birth dates (the year stays), addresses, telephones, texts,\n\
    offices and insurers are replaced; where columns look shifted, whatever could be somebody's.\n\
    Days of service and certification, care levels, service codes, counts and amounts stay. Files of\n\
    other names are left out, images show nothing. Both are checked in the end: where findings\n\
    differ, nothing is written.\n\n\
    終了コード / exit codes:\n  \
        0 書き出した（指摘は元と同じ） written, with the same findings\n  \
        1 指摘が元と違う（--force でなければ書き出さない） the findings differ; written with --force only\n  \
        2 使い方の誤り usage\n  \
        3 読めない・書き出すものがない（読めたものは書き出す） unreadable or nothing to write; what could be read is written\n  \
        70 内部エラー internal error"
)]
pub(crate) struct AnonymiseArgs {
    /// ファイル・フォルダー・ZIP / files, folders, ZIPs
    #[arg(required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// 書き出し先の新しいフォルダー / a new folder to write
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// 同じ人を次回も同じ架空の人にする秘密の鍵（なければ作る。渡してはいけません） / secret key for the same invented people in the next run; made where it is not there; never share it
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// 事業所の番号と名称をそのまま残す / keep the numbers and names of offices
    #[arg(long)]
    pub(crate) keep_offices: bool,
    /// 指摘が元と違っても書き出す / write it although findings differ
    #[arg(long)]
    pub(crate) force: bool,
    /// 結果をJSONでも書く。json=ファイル、-は標準出力 / what was done as JSON: json=FILE, - is stdout
    #[arg(long, value_name = "json=FILE")]
    pub(crate) report: Option<String>,
    /// 標準出力に何も出さない / nothing on stdout
    #[arg(long)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
#[command(
    after_help = "個人に関する値はそのまま表示します（様式のため）。人に見せるときは --mask を付けてください。\n\
    Personal values are shown, for it is a form. Use --mask before showing it to others.\n\n\
    終了コード / exit codes:\n  \
        0 作成した（指摘があっても） rendered, findings or not\n  2 使い方の誤り usage\n  \
        3 読めない・表示するものがない（読めたものは書き出します） unreadable or nothing to render; what could be read is written\n  \
        70 内部エラー internal error"
)]
pub(crate) struct RenderArgs {
    /// ファイル、フォルダー（下位も含む）、ZIP。「-」は標準入力 / files, folders (recursive), ZIPs; - reads standard input
    #[arg(required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// 書き出すHTMLファイル。「-」は標準出力 / the page to write; - is stdout
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// 同じ名前のファイルがあれば上書きする / overwrite the page
    #[arg(long)]
    pub(crate) force: bool,
    /// 個人に関する値を伏せ、文字の種類と数だけを示す（画像も出さない） / withhold personal values: only their shape, no images
    #[arg(long)]
    pub(crate) mask: bool,
    /// 標準入力のファイル名 / file name of standard input
    #[arg(long, value_name = "FILENAME")]
    pub(crate) name: Option<String>,
    /// 様式に示す指摘の範囲（vendor 全部、relay システムが拒むものだけ、lenient 日常用） / which findings are marked
    #[arg(long, value_name = "vendor|relay|lenient")]
    pub(crate) profile: Option<String>,
    /// 設定ファイル（既定は、検査するものから上のフォルダーで最も近い careplan-conformance.toml） / settings; by default the nearest careplan-conformance.toml above what is checked
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(
    after_help = "記録は仕様のキーで対応させ、項目ごとに比べます。記録の順序や引用符・改行などの書き方は比べません。\n\
    仕様への適合は check で検査してください。\n\
    Records are recognised by the keys of the standard and compared field by field; order and writing\n\
    do not count. Whether the files conform is for check to say.\n\n\
    終了コード / exit codes:\n  \
        0 失われた内容はない nothing was lost\n  \
        1 失われた・変わった内容がある（--fail-on review では要確認の違いも） something was lost, or has to be reviewed\n  \
        2 使い方の誤り usage\n  \
        3 読めない・比べるものがない unreadable or nothing to compare\n  \
        70 内部エラー internal error"
)]
pub(crate) struct CompareArgs {
    /// 渡したファイル・フォルダー・ZIP / what was given: a file, folder or ZIP
    pub(crate) given: PathBuf,
    /// 戻ったファイル・フォルダー・ZIP / what was returned: a file, folder or ZIP
    pub(crate) returned: PathBuf,
    /// 形式=ファイル（複数可、-は標準出力）。text json html / FORMAT=FILE, any number; - is stdout
    #[arg(long = "report", value_name = "FORMAT=FILE")]
    pub(crate) reports: Vec<String>,
    /// 不合格にする違い / which differences reject
    #[arg(long, value_enum, default_value = "loss")]
    pub(crate) fail_on: GradeArg,
    /// 個人に関する値もそのまま表示する / show personal values
    #[arg(long)]
    pub(crate) show_values: bool,
    /// 同じ違いも、差し支えない違いもすべて表示する / show every difference, do not fold repeats
    #[arg(long)]
    pub(crate) all: bool,
}

#[derive(Debug, Args)]
#[command(
    after_help = "作成日・連番・記録の順序・書き方だけの違いは数えません（--all で件数を示します）。\n\
    製品を直す前と後の出力を比べ、変えたつもりのところだけが変わったかを見るのに使います。\n\
    The day of creation, the sequence, the order of the records and other writings of the same are not\n\
    counted (--all says how many). For an export before and after a change of the product.\n\n\
    終了コード / exit codes:\n  \
        0 内容は同じ both say the same\n  \
        1 違いがある they differ\n  \
        2 使い方の誤り usage\n  \
        3 読めない・比べるものがない unreadable or nothing to compare\n  \
        70 内部エラー internal error"
)]
pub(crate) struct DiffArgs {
    /// 前の出力（A）：ファイル・フォルダー・ZIP / the earlier export (A): a file, folder or ZIP
    #[arg(value_name = "A")]
    pub(crate) before: PathBuf,
    /// 後の出力（B）：ファイル・フォルダー・ZIP / the later export (B): a file, folder or ZIP
    #[arg(value_name = "B")]
    pub(crate) after: PathBuf,
    /// 形式=ファイル（複数可、-は標準出力）。text json / FORMAT=FILE, any number; - is stdout
    #[arg(long = "report", value_name = "FORMAT=FILE")]
    pub(crate) reports: Vec<String>,
    /// 個人に関する値もそのまま表示する / show personal values
    #[arg(long)]
    pub(crate) show_values: bool,
    /// 同じ違いもすべて表示し、数えない違いの件数を示す / show every difference, and count what is set aside
    #[arg(long)]
    pub(crate) all: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum GradeArg {
    /// 欠落・変化だけ / only what was lost or changed
    Loss,
    /// 要確認の違いも / also what a person has to look at
    Review,
}

#[derive(Debug, Args)]
pub(crate) struct DocsArgs {
    /// Folder of the generated pages.
    #[arg(long, default_value = "docs/generated")]
    pub(crate) out: PathBuf,
    /// Only compare; exit 1 where a page is out of date.
    #[arg(long)]
    pub(crate) check: bool,
}
