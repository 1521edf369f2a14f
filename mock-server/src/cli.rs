//! The command line.

use std::io::{self, Write};
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::config::{ConfigError, Layer, LogFormat, SitesTls};
use crate::welcome;
use careplan_classroom::rehearse::{Folder, Partner, Rehearsal};
use careplan_classroom::scenario::{REHEARSAL, SCENARIOS};
use careplan_classroom::{demo, sites};
use careplan_relay::clock::Timing;
use careplan_relay::outcome::Failure;
use careplan_relay::secret::Secret;
use careplan_relay::store::StoreError;
use careplan_relay::switches::SWITCHES;
use careplan_wire::serve;
use careplan_wire::serve::{Options, Server, StartError};
use clap::{Args, Parser, Subcommand, ValueEnum};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// The program did what it was asked.
const DONE: u8 = 0;
/// A step of the demo did not hold.
const DID_NOT_HOLD: u8 = 1;
/// The command line or the configuration is wrong; clap uses the same.
const WRONG_USAGE: u8 = 2;
/// The server could not start.
const COULD_NOT_START: u8 = 3;

const AFTER_HELP: &str = "\
すぐに始める / Start at once:
  careplan-mock-server                         サーバーを起動 / serve, with the demo region
  careplan-mock-server demo                    送信から受信までを自動で実演 / show the whole path
  careplan-mock-server --port-base 0 --print-config
                                               空きポートで起動し、接続先をJSONで表示（CI向け）
                                               free ports, addresses as one JSON line (for CI)
  careplan-mock-server --set lock-minutes=1 --clock 2027-03-31
  careplan-mock-server switches                公開資料にない動作の一覧と理由 / behaviour that is not
                                               public, and why each default is what it is

ポート / Ports (--port-base N):
  N    サイトとAPIの説明 / sites and API description   http://127.0.0.1:8080/docs
  N+1  操作・監視 / controls, health, metrics          http://127.0.0.1:8081/healthz
  N+2  中継（TLS、クライアント証明書） / relay          https://127.0.0.1:8082
  N+3  サイト（TLS、--sites-tls のとき） / sites (TLS)   https://127.0.0.1:8083

設定の優先順位 / Precedence:
  オプション → 環境変数 → --config のTOML → 既定値 / flags, environment, TOML file, defaults
  TOMLのキーはオプション名と同じです。スイッチは [switches] に書きます。
  Keys of the file are the names of the flags; switches go under [switches].
  スイッチの環境変数 / variable of a switch: CAREPLAN_SWITCH_LOCK_MINUTES=1

終了コード / Exit codes:
  0  正常終了（SIGINT・SIGTERMを含む） / done, also after SIGINT or SIGTERM
  1  demoの確認が失敗 / a step of the demo did not hold
  2  オプションまたは設定の誤り / wrong flags or configuration
  3  起動できない（ポート使用中、データフォルダーが使用中・破損など）
     could not start (port taken; data folder in use by another server, or damaged)

これは模擬サーバーです。本物の証明書、パスワード、個人情報を入れないでください。
This is a mock. Do not put real certificates, passwords or personal data into it.";

/// ケアプランデータ連携システムの模擬サーバー / A mock of ケアプランデータ連携システム
#[derive(Debug, Parser)]
#[command(version, after_help = AFTER_HELP, args_conflicts_with_subcommands = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: ServeArgs,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// サーバーを起動する（省略時の動作） / Serve (what happens without a subcommand)
    Serve(ServeArgs),
    /// 証明書の取得から送信、1回だけの受信までを実演し、確かめる / Show and check the whole path
    Demo(DemoArgs),
    /// ベンダ試験のリハーサルの送受信 / Send and receive in a rehearsal of the vendor test
    ///
    /// `careplan-conformance rehearse init DIR` で作ったフォルダーの試験用事業所に、アカウント・証明書・ライセンスを
    /// 用意して起動します。相手方の事業所がキットを送り、皆さんの送信を受け取り、DIR/relay/evidence.jsonl に
    /// 記録します。止めて起動し直しても、続きから始まります。
    /// / Serves the test offices of a folder made by `careplan-conformance rehearse init`: accounts,
    /// certificates, licences. A scripted partner sends the kit and fetches what you send; every
    /// message is recorded. Stopped and started again, it goes on where it was.
    Rehearse(RehearseArgs),
    /// 公開資料にない動作（スイッチ）の一覧と理由 / List the switches with their reasons
    Switches(SwitchesArgs),
    /// APIの説明（OpenAPI 3.1）を標準出力に書く / Write the API description to standard output
    Openapi,
}

#[derive(Debug, Args)]
struct DemoArgs {
    /// 実演のあと、そのまま起動し続ける / Go on serving afterwards
    #[arg(long)]
    stay: bool,
    #[command(flatten)]
    serve: ServeArgs,
}

#[derive(Debug, Args)]
struct RehearseArgs {
    /// リハーサルのフォルダー / The rehearsal folder
    dir: PathBuf,
    /// 相手方：scripted（自動で送受信）、none（2社の製品どうし。記録だけ） / Other side: scripted, or none (two products against each other, recorded only)
    #[arg(long, value_enum, default_value_t = PartnerArg::Scripted)]
    partner: PartnerArg,
    #[command(flatten)]
    serve: ServeArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum PartnerArg {
    Scripted,
    None,
}

#[derive(Debug, Args)]
struct SwitchesArgs {
    /// JSONで出力 / As JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum TimingArg {
    /// すべて即時 / Everything at once
    Instant,
    /// 証明書の発行待ちや夜間停止を再現 / Waiting times and the night stop apply
    Real,
}

#[derive(Debug, Default, Args)]
struct ServeArgs {
    /// 設定ファイル（TOML） / Configuration file (TOML)
    #[arg(long, value_name = "FILE", env = "CAREPLAN_CONFIG")]
    config: Option<PathBuf>,
    /// 先頭のポート（既定 8080。0は空きポート） / First of three ports; 0 takes free ones
    #[arg(long, value_name = "N", env = "CAREPLAN_PORT_BASE")]
    port_base: Option<u16>,
    /// 待ち受けアドレス（既定 127.0.0.1） / Address to listen on
    #[arg(long, value_name = "ADDRESS", env = "CAREPLAN_BIND")]
    bind: Option<IpAddr>,
    /// 追加のホスト名（サーバー証明書にも入る。複数可） / Further names of the server; repeatable
    #[arg(long, value_name = "NAME", env = "CAREPLAN_HOST_NAME", value_delimiter = ',')]
    host_name: Vec<String>,
    /// ループバック以外での待ち受けを許可（操作にはトークンが必要になる） / Allow an address others can reach
    #[arg(long, env = "CAREPLAN_LISTEN_ANYWHERE")]
    listen_anywhere: bool,
    /// 操作用トークン（省略時は自動生成して表示） / Token of the controls; drawn and printed where needed
    #[arg(long, value_name = "TOKEN", env = "CAREPLAN_ADMIN_TOKEN", hide_env_values = true)]
    admin_token: Option<String>,
    /// 不正な証明書、証明書なしをTLSの段階で拒否 / Refuse wrong or missing certificates in the handshake
    #[arg(long, env = "CAREPLAN_STRICT_TLS")]
    strict_tls: bool,
    /// サイトをTLSでも開く（ポートN+3。ブラウザーに証明書を入れて練習する） / The sites under TLS too, on port N+3, to practise with a certificate in the browser
    #[arg(long, value_name = "MODE", value_enum, env = "CAREPLAN_SITES_TLS")]
    sites_tls: Option<SitesTls>,
    /// 状態を保存するフォルダー（省略時は終了時に消える） / Keep the state here; gone at the end without it
    #[arg(long, value_name = "DIR", env = "CAREPLAN_DATA")]
    data: Option<PathBuf>,
    /// 書き込みのたびにディスクへの到達を待つ / Wait for the disk on every commit
    #[arg(long, env = "CAREPLAN_FULL_SYNC")]
    full_sync: bool,
    /// 初期状態（既定 demo） / Scenario of an empty state
    #[arg(long, value_name = "NAME", env = "CAREPLAN_SCENARIO",
        value_parser = clap::builder::PossibleValuesParser::new(SCENARIOS.iter().map(|s| s.name)))]
    scenario: Option<String>,
    /// パスワードなどの乱数の種（既定 1） / Seed of passwords and codes
    #[arg(long, value_name = "N", env = "CAREPLAN_SEED")]
    seed: Option<u64>,
    /// 待ち時間（既定 instant） / Waiting times
    #[arg(long, value_enum, env = "CAREPLAN_TIMING")]
    timing: Option<TimingArg>,
    /// 時計を合わせる（2027-06-01 または 2027-06-01T09:00:00+09:00） / Set the clock
    #[arg(long, value_name = "TIME", env = "CAREPLAN_CLOCK")]
    clock: Option<String>,
    /// 時計を止める / Stop the clock
    #[arg(long, env = "CAREPLAN_FROZEN")]
    frozen: bool,
    /// スイッチを変える（複数可） / Turn a switch; repeatable
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// 接続先とCA証明書を1行のJSONで標準出力に書き、起動し続ける / Print addresses and CA as one JSON line, then serve
    #[arg(long)]
    print_config: bool,
    /// リクエスト記録の上限バイト数（0は記録しない） / Bytes of the request journal; 0 keeps none
    #[arg(long, value_name = "BYTES", env = "CAREPLAN_JOURNAL_BYTES")]
    journal_bytes: Option<usize>,
    /// 同時接続数の上限（リスナーごと） / Connections at once, for each listener
    #[arg(long, value_name = "N", env = "CAREPLAN_MAX_CONNECTIONS")]
    max_connections: Option<usize>,
    /// リクエストの先頭が届くまでの秒数 / Seconds until the head of a request must be complete
    #[arg(long, value_name = "SECONDS", env = "CAREPLAN_HEAD_SECONDS")]
    head_seconds: Option<u64>,
    /// ログの形式 / Format of the log
    #[arg(long, value_enum, env = "CAREPLAN_LOG")]
    log: Option<LogFormat>,
    /// ログの絞り込み（例 debug: リクエストごとに1行） / Which logs; `debug` has one line a request
    #[arg(long, value_name = "FILTER", env = "CAREPLAN_LOG_FILTER")]
    log_filter: Option<String>,
}

impl ServeArgs {
    /// The configuration: these flags over the file.
    fn layer(&mut self) -> Result<Layer, ConfigError> {
        let file = match &self.config {
            Some(path) => Layer::from_file(path)?,
            None => Layer::default(),
        };
        let names = std::mem::take(&mut self.host_name);
        let flags = Layer {
            port_base: self.port_base,
            bind: self.bind,
            host_name: (!names.is_empty()).then_some(names),
            listen_anywhere: self.listen_anywhere.then_some(true),
            admin_token: self.admin_token.take().map(Secret::from),
            strict_tls: self.strict_tls.then_some(true),
            sites_tls: self.sites_tls,
            data: self.data.take(),
            full_sync: self.full_sync.then_some(true),
            scenario: self.scenario.take(),
            seed: self.seed,
            timing: self.timing.map(|timing| match timing {
                TimingArg::Instant => Timing::Instant,
                TimingArg::Real => Timing::Real,
            }),
            clock: self.clock.take(),
            frozen: self.frozen.then_some(true),
            journal_bytes: self.journal_bytes,
            max_connections: self.max_connections,
            head_seconds: self.head_seconds,
            log: self.log,
            log_filter: self.log_filter.take(),
            switches: None,
        };
        Ok(flags.over(file))
    }

    /// Reads the configuration, over these defaults, and starts logging as it says.
    fn options(&mut self, defaults: Layer) -> Result<Options, ConfigError> {
        let mut layer = self.layer()?.over(defaults);
        let (format, filter) = (layer.log.take().unwrap_or_default(), layer.log_filter.take());
        let options = layer.options(|name| std::env::var(name).ok(), &self.set)?;
        start_logging(format, filter.as_deref());
        Ok(options)
    }
}

/// Runs what the command line asks for.
pub(crate) fn run(cli: Cli) -> ExitCode {
    let code = match cli.command {
        Some(Command::Switches(args)) => print(|out| write_switches(out, args.json)),
        Some(Command::Openapi) => print(|out| writeln!(out, "{}", serve::description()?)),
        Some(Command::Demo(args)) => on_runtime(show_demo(args)),
        Some(Command::Rehearse(args)) => on_runtime(rehearse_on(args)),
        Some(Command::Serve(args)) => on_runtime(serve_on(args)),
        None => on_runtime(serve_on(cli.serve)),
    };
    ExitCode::from(code)
}

fn on_runtime(work: impl Future<Output = u8>) -> u8 {
    match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => {
            let code = runtime.block_on(work);
            // A blocking task that hangs does not keep the program.
            runtime.shutdown_background();
            code
        }
        Err(error) => {
            complain("起動できません", "cannot start", &error);
            COULD_NOT_START
        }
    }
}

async fn serve_on(mut args: ServeArgs) -> u8 {
    let options = match args.options(Layer::default()) {
        Ok(options) => options,
        Err(error) => return wrong_usage(&error),
    };
    let server = match sites::start(options).await {
        Ok(server) => server,
        Err(error) => return could_not_start(&error),
    };
    let stop = asked_to_stop();
    if args.print_config {
        if let Err(error) = print_config(&server) {
            complain("標準出力に書けません", "cannot write to standard output", &error);
            server.stop().await;
            return COULD_NOT_START;
        }
    } else {
        let text = welcome::text(&server).await;
        // Nobody reads it: no reason not to serve.
        let _ = io::stdout().lock().write_all(text.as_bytes());
    }
    stop.await;
    server.stop().await;
    DONE
}

fn print_config(server: &Server) -> io::Result<()> {
    let line = serde_json::to_string(&server.printed_config()).map_err(io::Error::other)?;
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

async fn rehearse_on(mut args: RehearseArgs) -> u8 {
    let folder = match Folder::open(&args.dir) {
        Ok(folder) => folder,
        Err(error) => {
            complain("リハーサルのフォルダーを使えません", "no rehearsal folder", &error);
            return WRONG_USAGE;
        }
    };
    let defaults = Layer {
        data: Some(folder.state()),
        scenario: Some(REHEARSAL.to_owned()),
        log_filter: Some("warn".to_owned()),
        ..Layer::default()
    };
    let options = match args.serve.options(defaults) {
        Ok(options) => options,
        Err(error) => return wrong_usage(&error),
    };
    let server = match sites::start(options).await {
        Ok(server) => server,
        Err(error) => return could_not_start(&error),
    };
    let stop = asked_to_stop();
    let partner = match args.partner {
        PartnerArg::Scripted => Partner::Scripted,
        PartnerArg::None => Partner::Nobody,
    };
    let code = match Rehearsal::begin(&server, folder, partner).await {
        Ok(mut rehearsal) => {
            // Nobody reads it: no reason not to serve.
            let _ = if args.serve.print_config {
                print_config(&server)
            } else {
                io::stdout().lock().write_all(rehearsal.text(&server).as_bytes())
            };
            let tell = |line: &str| {
                let _ = writeln!(io::stdout().lock(), "{line}");
            };
            match rehearsal.go_on(stop, tell).await {
                Ok(()) => {
                    let _ = writeln!(io::stdout().lock(), "{}", rehearsal.next());
                    DONE
                }
                Err(error) => {
                    complain("続けられません", "cannot go on", &error);
                    COULD_NOT_START
                }
            }
        }
        Err(error) => {
            complain("リハーサルを始められません", "the rehearsal cannot begin", &error);
            COULD_NOT_START
        }
    };
    server.stop().await;
    code
}

async fn show_demo(mut args: DemoArgs) -> u8 {
    // A demo that ends is in nobody's way, and begins at the beginning.
    let defaults = if args.stay {
        Layer::default()
    } else {
        Layer {
            port_base: Some(0),
            scenario: Some("first-time".to_owned()),
            log_filter: Some("warn".to_owned()),
            ..Layer::default()
        }
    };
    let options = match args.serve.options(defaults) {
        Ok(options) => options,
        Err(error) => return wrong_usage(&error),
    };
    let server = match sites::start(options).await {
        Ok(server) => server,
        Err(error) => return could_not_start(&error),
    };
    let held = demo::run(&server, &mut io::stdout()).await;
    if args.stay && held {
        let stop = asked_to_stop();
        let _ = io::stdout().lock().write_all(welcome::text(&server).await.as_bytes());
        stop.await;
    }
    server.stop().await;
    if held { DONE } else { DID_NOT_HOLD }
}

/// Listens for SIGINT and SIGTERM, or their like on Windows, from the call on: whoever stops the
/// program as soon as it says that it serves must find it listening. The result waits for one.
fn asked_to_stop() -> impl Future<Output = ()> {
    #[cfg(unix)]
    let asked = {
        use tokio::signal::unix::{SignalKind, signal};
        let signals = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()));
        async move {
            match signals {
                (Ok(mut interrupt), Ok(mut terminate)) => tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                },
                // Without handlers the default action ends the process.
                _ => std::future::pending::<()>().await,
            }
        }
    };
    #[cfg(windows)]
    let asked = {
        use tokio::signal::windows;
        let signals = (windows::ctrl_c(), windows::ctrl_break(), windows::ctrl_close());
        async move {
            match signals {
                (Ok(mut interrupt), Ok(mut stop), Ok(mut close)) => tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = stop.recv() => {}
                    _ = close.recv() => {}
                },
                _ => std::future::pending::<()>().await,
            }
        }
    };
    #[cfg(not(any(unix, windows)))]
    let asked = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    async move {
        asked.await;
        tracing::info!("stopping");
    }
}

fn wrong_usage(error: &ConfigError) -> u8 {
    complain("設定に誤りがあります", "the configuration is wrong", error);
    WRONG_USAGE
}

fn could_not_start(error: &StartError) -> u8 {
    match error {
        StartError::NotLoopback(_) | StartError::PortBase(_) => {
            complain("設定に誤りがあります", "the configuration is wrong", error);
            WRONG_USAGE
        }
        StartError::Bind { .. } => {
            complain(
                "ポートを開けません（--port-base で別のポートを指定できます）",
                "a port cannot be opened",
                error,
            );
            COULD_NOT_START
        }
        StartError::System(Failure::Store(StoreError::Folder(fault))) => {
            let said = format!("\n  {}\n  {fault}", fault.ja());
            complain("データフォルダーを使えません", "the data folder cannot be used", &said);
            COULD_NOT_START
        }
        _ => {
            complain("起動できません", "cannot start", error);
            COULD_NOT_START
        }
    }
}

fn complain(ja: &str, en: &str, error: &dyn std::fmt::Display) {
    let _ = writeln!(io::stderr(), "careplan-mock-server: {ja} / {en}: {error}");
}

fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> u8 {
    match write(&mut io::stdout().lock()) {
        Ok(()) => DONE,
        // The reader has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => DONE,
        Err(error) => {
            complain("標準出力に書けません", "cannot write to standard output", &error);
            COULD_NOT_START
        }
    }
}

fn write_switches(out: &mut dyn Write, json: bool) -> io::Result<()> {
    if json {
        let rows: Vec<_> = SWITCHES
            .iter()
            .map(|info| {
                serde_json::json!({
                    "key": info.key,
                    "default": (info.default)(),
                    "value_kind": info.value_kind,
                    "least": info.range.map(|range| range.start()),
                    "most": info.range.map(|range| range.end()),
                    "title": info.title.ja,
                    "title_en": info.title.en,
                    "reason": info.reason.ja,
                    "reason_en": info.reason.en,
                    "source": info.source,
                    "basis": info.basis.id(),
                })
            })
            .collect();
        return writeln!(out, "{}", serde_json::Value::from(rows));
    }
    writeln!(out, "公開資料に記載のない動作と、その既定値です。--set KEY=VALUE で変更できます。")?;
    writeln!(out, "Behaviour the public documents are silent about. Turn with --set KEY=VALUE.")?;
    for info in SWITCHES {
        let default = (info.default)();
        writeln!(out, "\n{} = {default}   ({}; {})", info.key, info.values(), info.basis.id())?;
        writeln!(out, "  {}", info.title.ja)?;
        writeln!(out, "  {}", info.title.en)?;
        writeln!(out, "    {}", info.reason.ja)?;
        writeln!(out, "    {} [{}]", info.reason.en, info.source)?;
    }
    Ok(())
}

fn start_logging(format: LogFormat, filter: Option<&str>) {
    let wanted = filter.and_then(|filter| filter.parse().ok());
    let filter = wanted.unwrap_or_else(|| Targets::new().with_default(LevelFilter::INFO));
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr);
    let filtered = tracing_subscriber::registry().with(filter);
    // Only fails where a subscriber is set already; that one is as good.
    let _ = match format {
        LogFormat::Text => filtered.with(lines.with_ansi(false)).try_init(),
        LogFormat::Json => filtered.with(lines.json().flatten_event(true)).try_init(),
    };
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn serving_is_what_happens_without_a_subcommand() {
        let bare = Cli::try_parse_from(["careplan-mock-server", "--port-base", "0"]).unwrap();
        assert!(bare.command.is_none());
        assert_eq!(bare.serve.port_base, Some(0));
        let named = Cli::try_parse_from(["careplan-mock-server", "serve", "--strict-tls"]).unwrap();
        assert!(matches!(named.command, Some(Command::Serve(args)) if args.strict_tls));
    }

    #[test]
    fn every_switch_is_listed() {
        let mut text = Vec::new();
        write_switches(&mut text, false).unwrap();
        let text = String::from_utf8(text).unwrap();
        assert!(SWITCHES.iter().all(|info| text.contains(info.key)));
    }
}
