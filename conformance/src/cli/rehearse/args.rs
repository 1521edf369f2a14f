//! Arguments of `rehearse`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// ベンダ試験のリハーサル。公式の試験ではなく、証明書にもなりません。
///
/// Rehearses the vendor test. It is not the official test and no certificate.
#[derive(Debug, Args)]
#[command(after_help = "終了コード / exit codes:\n  \
        0 すべて合格（既知の不合格を除く） all passed, or failed as expected\n  \
        1 不合格がある failed (--strict: 要確認・未実施、既知なのに合格も / unfinished and XPASS too)\n  \
        2 使い方・設定の誤り usage or configuration\n  \
        3 読めない unreadable\n  \
        4 不合格はないが、要確認・未実施が残る nothing failed, but items need review or were not run\n    \
          （--allow-unfinished を付けると 0 / 0 with --allow-unfinished）\n  \
        70 内部エラー internal error\n\n\
        例 / examples:\n  \
        careplan-conformance rehearse init 試験 --office 4770900118/43\n  \
        careplan-conformance rehearse run 試験 --pattern D2\n  \
        careplan-conformance rehearse decide 試験 D2-R-90 pass --by 氏名\n  \
        careplan-conformance rehearse status 試験\n  \
        careplan-conformance rehearse report 試験 --out 報告書")]
pub(crate) struct RehearseArgs {
    #[command(subcommand)]
    pub(crate) command: RehearseCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RehearseCommand {
    /// 計画とキットのフォルダーを作る（2回目からはキットだけを作り直す） / lay out the folder; again: refresh the kit only
    Init(InitArgs),
    /// 置かれたファイルを判定する / judge what was handed in
    Run(RunArgs),
    /// 人の判断を記録する / record what a person decided
    Decide(DecideArgs),
    /// 進み具合を表示する / show how far it is
    Status(StatusArgs),
    /// 試験結果報告書を作る / write the report
    Report(ReportArgs),
}

#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// フォルダー / the folder
    pub(crate) dir: PathBuf,
    /// 会社名 / company
    #[arg(long)]
    pub(crate) vendor: Option<String>,
    /// 製品名 / product
    #[arg(long)]
    pub(crate) product: Option<String>,
    /// 製品の版 / version of the product
    #[arg(long)]
    pub(crate) product_version: Option<String>,
    /// 製品の試験用事業所「事業所番号/種類」（複数可。省略すると架空の事業所） / the product's own test office, any number; invented ones by default
    #[arg(long = "office", value_name = "NUMBER/KIND")]
    pub(crate) offices: Vec<String>,
    /// パターン D1〜D7（複数可、省略すると全部） / patterns, all by default
    #[arg(long = "pattern", value_name = "D1..D7")]
    pub(crate) patterns: Vec<String>,
    /// 側（複数可、省略すると両方） / sides, both by default
    #[arg(long = "side", value_name = "writes|reads")]
    pub(crate) sides: Vec<String>,
    /// サービス提供年月（省略すると今月） / service month, this month by default
    #[arg(long, value_name = "YYYY-MM")]
    pub(crate) month: Option<String>,
    /// 架空の利用者を決める種 / seed of the invented people
    #[arg(long)]
    pub(crate) seed: Option<u64>,
    /// 時計の代わりの日時（RFC 3339） / instead of the clock
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// フォルダー / the folder
    pub(crate) dir: PathBuf,
    /// このパターンだけ（複数可） / these patterns only
    #[arg(long = "pattern", value_name = "D1..D7")]
    pub(crate) patterns: Vec<String>,
    /// この項目だけ（複数可） / these items only
    #[arg(long = "item", value_name = "ID")]
    pub(crate) items: Vec<String>,
    /// 前回の不合格と、結果のあとに変わったものだけ / only what failed, or changed since
    #[arg(long)]
    pub(crate) rerun_failed: bool,
    /// 既知の不合格のファイル（TOML） / known failures
    #[arg(long, value_name = "FILE")]
    pub(crate) expected_failures: Option<PathBuf>,
    /// 要確認・未実施と、既知なのに合格したものも不合格として扱う / unfinished items and unexpected passes fail too
    #[arg(long)]
    pub(crate) strict: bool,
    /// 要確認・未実施が残っていても終了コード0にする / exit 0 although items are unfinished
    #[arg(long, conflicts_with = "strict")]
    pub(crate) allow_unfinished: bool,
    /// 形式=ファイル（複数可、-は標準出力）。markdown html json junit / FORMAT=FILE, any number; - is stdout
    #[arg(long = "report", value_name = "FORMAT=FILE")]
    pub(crate) reports: Vec<String>,
    /// 違いを示すページ（evidence/differences）で、個人に関する値もそのまま示す / show personal values on the pages of differences
    #[arg(long)]
    pub(crate) show_values: bool,
    /// 時計の代わりの日時（RFC 3339。環境変数 SOURCE_DATE_EPOCH も可） / instead of the clock
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum VerdictArg {
    Pass,
    Fail,
}

#[derive(Debug, Args)]
pub(crate) struct DecideArgs {
    /// フォルダー / the folder
    pub(crate) dir: PathBuf,
    /// 項目の番号 / number of the item
    pub(crate) item: String,
    /// 判断 / the decision
    #[arg(value_enum)]
    pub(crate) verdict: VerdictArg,
    /// 判断した人 / who decided
    #[arg(long)]
    pub(crate) by: String,
    /// 判断した日（省略すると今日） / when, today by default
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) date: Option<String>,
    /// 気づいたこと / remarks
    #[arg(long, default_value = "")]
    pub(crate) note: String,
    /// 時計の代わりの日時（RFC 3339） / instead of the clock
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    /// フォルダー / the folder
    pub(crate) dir: PathBuf,
    /// 既知の不合格のファイル（TOML） / known failures
    #[arg(long, value_name = "FILE")]
    pub(crate) expected_failures: Option<PathBuf>,
    /// 時計の代わりの日時（RFC 3339） / instead of the clock
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    /// フォルダー / the folder
    pub(crate) dir: PathBuf,
    /// 報告書を書くフォルダー / where to write
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// 形式（複数可、省略すると全部） / formats, all by default
    #[arg(long = "format", value_name = "markdown|html|json|junit")]
    pub(crate) formats: Vec<String>,
    /// 同じ名前の報告書があれば上書きする / overwrite reports
    #[arg(long)]
    pub(crate) force: bool,
    /// 既知の不合格のファイル（TOML） / known failures
    #[arg(long, value_name = "FILE")]
    pub(crate) expected_failures: Option<PathBuf>,
    /// 時計の代わりの日時（RFC 3339） / instead of the clock
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<String>,
}
