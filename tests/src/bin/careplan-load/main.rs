//! How much the server carries on this machine, over mutual TLS.

mod measure;
mod phases;
mod process;
mod report;
mod sizes;
mod wire;

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};
use careplan_tests::program;
use clap::Parser;

const AFTER_HELP: &str = "\
例 / Examples:
  cargo run --release -p careplan-tests --bin careplan-load
  cargo run --release -p careplan-tests --bin careplan-load -- --requests 1000000
  careplan-load --inbox 100000 --server ./before --server ./after
  careplan-load --server ./careplan-mock-server --connections 64 --seconds 30 > load.md

測るもの / What is measured, in this order:
  ready       プロセス起動から応答まで / from the start of the process to /readyz, with the demo region
  sends       3ファイルの送信単位（署名・書式を検査し保存） / one unit of three files: signature, manifest and
              content verified, stored under --data before it is acknowledged
  kill -9     最後の応答の直後に強制終了し、全件を確認 / right after the last answer; then every
              acknowledged message is looked for in a server started again
  lists       受信一覧20行 / the inbox, 20 rows: the newest page, then any page
  downloads   claim、取得、confirmの3リクエスト / claim, bytes and confirm: three requests each
  handshakes  新しい接続（再開なし、クライアント証明書あり） / new connections with a full handshake and a
              client certificate, one request each
  --inbox N   N件の受信一覧：並べ替え、状態、事業所、検索（全件・少数・なし）、奥のページ、claim直後の検索、
              トップ画面、ほかの事業所が検索している間の送信と一覧
              / only this: an inbox of N messages by every order, state, office and text (in all, few
              and none), deep pages, searches right behind claims, the top page, and sends and lists
              of an office while another searches
  memory      最後と最大 / of the server process, at the end and at its highest

読み方 / Reading the table:
  クライアントも同じCPUを使います。「server CPU」は1件あたりのサーバーのCPU時間で、その逆数が
  サーバー1コアの上限です。
  The clients share the processors with the server. `server CPU` is what one operation costs the
  server; `per core` is how many of them one core could do if clients were elsewhere.

終了コード / Exit codes:
  0  測定完了 / measured
  1  失敗（応答の誤り、メッセージの欠落を含む） / failed, also when an acknowledged message is missing
  2  オプションの誤り / wrong options";

/// 模擬サーバーの負荷を測る / Measures what careplan-mock-server carries on this machine
#[derive(Debug, Parser)]
#[command(name = "careplan-load", version, after_help = AFTER_HELP)]
struct Options {
    /// サーバーの実行ファイル（省略時は同じビルドのもの。cargo runではビルドする）
    /// / Server binary; without it, the one of this build, which `cargo run` brings up to date
    /// 複数回指定すると順に測る / given more than once, they are measured one after the other
    #[arg(long, value_name = "PATH")]
    server: Vec<PathBuf>,
    /// 同時接続数 / Connections at once
    #[arg(long, value_name = "N", default_value_t = 32, value_parser = clap::value_parser!(u16).range(1..=1000))]
    connections: u16,
    /// 一覧と接続の測定秒数 / Seconds of each measurement that has no count
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    seconds: u64,
    /// 送信（と受信）の件数 / Messages to send, and to download
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..))]
    sends: u32,
    /// 最後にこの件数の一覧を取得し、メモリを見る / List so many times more at the end, then look at the memory
    #[arg(long, value_name = "N")]
    requests: Option<u64>,
    /// サーバーの --full-sync も使う / With the server's --full-sync: also safe from a loss of power
    #[arg(long)]
    full_sync: bool,
    /// この件数の受信一覧の並べ替え、検索、トップ画面だけを測る（--dataに足りない分は送信する。--dataは複製して使う）
    /// / Only lists, searches and the top page of an inbox of so many messages; what --data lacks
    /// is sent first, into a copy of it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    inbox: Option<u64>,
    /// 保存先（省略時は一時フォルダー） / Folder of the data; without it, a temporary one
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

fn main() -> ExitCode {
    let options = Options::parse();
    match run(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("careplan-load: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<()> {
    let servers = servers(options)?;
    if servers.len() > 1 && options.inbox.is_none() && options.data.is_some() {
        bail!("--data is for one server: the second would find what the first has left");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    for server in &servers {
        if servers.len() > 1 {
            println!("## {}\n", server.display());
        }
        let table = runtime.block_on(async {
            match options.inbox {
                Some(size) => sizes::run(server, size, options).await,
                None => phases::run(server, options).await,
            }
        })?;
        println!("{table}");
    }
    Ok(())
}

/// The server binaries. Under `cargo run` it is built first: an old one would be measured otherwise.
fn servers(options: &Options) -> Result<Vec<PathBuf>> {
    if let Some(missing) = options.server.iter().find(|server| !server.is_file()) {
        bail!("--server {}: there is no such file", missing.display());
    }
    if !options.server.is_empty() {
        return Ok(options.server.clone());
    }
    if std::env::var_os(program::BINARY_VARIABLE).is_none()
        && let Some(cargo) = std::env::var_os("CARGO")
    {
        let mut build = Command::new(cargo);
        build.args(["build", "-p", "careplan-mock-server"]);
        if !cfg!(debug_assertions) {
            build.arg("--release");
        }
        let status = build.status().context("cargo does not start")?;
        if !status.success() {
            bail!("the server cannot be built");
        }
    }
    Ok(vec![program::find().map_err(anyhow::Error::msg)?])
}
