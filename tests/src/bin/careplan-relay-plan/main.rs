//! Holds a relay against the plan, or a client against the relay's journal.

mod client;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use careplan_tests::bed::Bed;
use careplan_tests::plan::report::{self, Language, Summary};
use careplan_tests::plan::scene::Scene;
use careplan_tests::plan::server::Server;
use careplan_tests::plan::{Expectation, expectations, named, run};
use careplan_tests::program::{self, BINARY_VARIABLE};
use clap::{Parser, Subcommand, ValueEnum};

/// Everything that was run passed.
const PASSED: u8 = 0;
/// Something failed, or a check broke.
const FAILED: u8 = 1;
/// The command line or the office file is wrong.
const USAGE: u8 = 2;
/// The server does not answer, or does not start.
const UNREACHABLE: u8 = 3;
/// Nothing failed, but something was not run, under `--strict`.
const NOT_RUN: u8 = 4;

const AFTER_HELP: &str = "\
例 / Examples:
  careplan-relay-plan                                   この版の模擬サーバーを起動して確かめる / ours
  careplan-relay-plan --server offices.toml             ほかのサーバーを確かめる / another server
  careplan-relay-plan --only SEND --only FETCH-02
  careplan-relay-plan --list markdown
  careplan-relay-plan --report json=plan.json --report junit=plan.xml
  careplan-relay-plan client -- ./my-client.sh          クライアントを確かめる / a client

事業所ファイルの書き方は docs/relay-plan.ja.md にあります。
docs/relay-plan.md explains the office file.

終了コード / Exit codes:
  0  実施した項目はすべて合格 / everything that was run passed
  1  不合格または内部エラーあり / something failed, or a check broke
  2  オプションか事業所ファイルの誤り / wrong options or office file
  3  サーバーに接続できない、起動できない / the server cannot be reached or started
  4  --strict で、不合格はないが未実施の項目がある / with --strict: nothing failed, something was not run";

/// 中継サーバーの振る舞いを確かめる / Holds a relay against the plan of its behaviour
#[derive(Debug, Parser)]
#[command(name = "careplan-relay-plan", version, after_help = AFTER_HELP, args_conflicts_with_subcommands = true)]
struct Options {
    #[command(subcommand)]
    command: Option<Command>,
    /// 事業所ファイル（TOMLまたはJSON）。省略時はこの版の模擬サーバーを起動 / Office file; without it, our server is started
    #[arg(long, value_name = "FILE")]
    server: Option<PathBuf>,
    /// 実施する項目（グループかID、複数可） / Run only this group or id; may be repeated
    #[arg(long, value_name = "GROUP|ID")]
    only: Vec<String>,
    /// 項目の一覧を出して終わる / Print the expectations and end
    #[arg(long, value_name = "FORM", num_args = 0..=1, default_missing_value = "text")]
    list: Option<ListForm>,
    /// 表示する言語 / Language of the text
    #[arg(long, value_enum, default_value_t = Lang::Ja)]
    lang: Lang,
    /// 結果をファイルに書く / Write the result to a file as well
    #[arg(long, value_name = "json=FILE|junit=FILE", value_parser = read_report)]
    report: Vec<(Form, PathBuf)>,
    /// 未実施の項目があれば終了コード4 / End with 4 when something was not run
    #[arg(long)]
    strict: bool,
    /// 模擬サーバーへの追加オプション / A further option for the server that is started
    #[arg(long, value_name = "OPTION", allow_hyphen_values = true, conflicts_with = "server")]
    start_with: Vec<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Client(client::ClientOptions),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ListForm {
    Text,
    Markdown,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Lang {
    Ja,
    En,
    Both,
}

impl Lang {
    const fn language(self) -> Language {
        match self {
            Self::Ja => Language::Japanese,
            Self::En => Language::English,
            Self::Both => Language::Both,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Json,
    Junit,
}

fn read_report(text: &str) -> Result<(Form, PathBuf), String> {
    match text.split_once('=') {
        Some(("json", path)) if !path.is_empty() => Ok((Form::Json, path.into())),
        Some(("junit", path)) if !path.is_empty() => Ok((Form::Junit, path.into())),
        _ => Err("json=FILE / junit=FILE".to_owned()),
    }
}

fn main() -> ExitCode {
    let options = Options::parse();
    ExitCode::from(match &options.command {
        Some(Command::Client(client)) => client::run(client),
        None => relay(&options),
    })
}

/// Standard output; a reader that ended early is no failure.
fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{text}");
}

fn complain(text: &str) {
    eprintln!("careplan-relay-plan: {text}");
}

fn relay(options: &Options) -> u8 {
    let language = options.lang.language();
    let chosen = match chosen(&options.only) {
        Ok(chosen) => chosen,
        Err(unknown) => {
            complain(&language.of(
                &format!("{unknown} という項目はありません。--list で確かめてください。"),
                &format!("there is no {unknown}; see --list"),
            ));
            return USAGE;
        }
    };
    match options.list {
        None => {}
        Some(form) => {
            let text = match form {
                ListForm::Text => report::list(&chosen, language),
                ListForm::Markdown => report::markdown(&chosen, language),
                ListForm::Json => format!("{:#}", report::list_json(&chosen)),
            };
            print(text.trim_end());
            return PASSED;
        }
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            complain(&error.to_string());
            return FAILED;
        }
    };
    // A panic in a check is told as an internal failure of its expectation.
    std::panic::set_hook(Box::new(|_| {}));
    runtime.block_on(held(options, &chosen, language))
}

fn chosen(only: &[String]) -> Result<Vec<&'static Expectation>, String> {
    if only.is_empty() {
        return Ok(expectations().collect());
    }
    let mut wanted = Vec::new();
    for name in only {
        let found = named(name);
        if found.is_empty() {
            return Err(name.clone());
        }
        wanted.extend(found.iter().map(|expectation| expectation.id));
    }
    Ok(expectations().filter(|expectation| wanted.contains(&expectation.id)).collect())
}

async fn held(options: &Options, chosen: &[&'static Expectation], language: Language) -> u8 {
    // Kept until the end: the server is killed with it.
    let bed;
    let server = match &options.server {
        Some(path) => match Server::read(path) {
            Ok(server) => server,
            Err(error) => {
                complain(&language.of(&error.ja, &error.en));
                return USAGE;
            }
        },
        None => match own(&options.start_with).await {
            Ok((started, server)) => {
                bed = started;
                print(&language.of(
                    &format!("この版の模擬サーバーを起動しました：{}", bed.relay("")),
                    &format!("started the server of this build: {}", bed.relay("")),
                ));
                server
            }
            Err(error) => {
                complain(&error);
                return UNREACHABLE;
            }
        },
    };
    let relay = server.relay.clone();
    let scene = Arc::new(Scene::new(server));
    if let Err(came) = run::reachable(&scene).await {
        complain(&language.of(
            &format!("{relay} に接続できません（{came}）。"),
            &format!("{relay} cannot be reached: {came}"),
        ));
        return UNREACHABLE;
    }
    let tell = |outcome: &run::Outcome| print(&report::line(outcome, language));
    let outcomes = run::run(&scene, chosen, tell).await;
    print(&report::verdict(&outcomes, language));
    for (form, path) in &options.report {
        if let Err(error) = write_report(*form, path, &outcomes, &relay) {
            complain(&format!("{}: {error}", path.display()));
            return USAGE;
        }
    }
    match Summary::of(&outcomes) {
        Summary { failed: 0, internal: 0, not_run, .. } if options.strict && not_run > 0 => NOT_RUN,
        // Nothing seen is nothing proved.
        Summary { passed: 0, failed: 0, internal: 0, .. } => NOT_RUN,
        Summary { failed: 0, internal: 0, .. } => PASSED,
        _ => FAILED,
    }
}

/// Our server with the demo region.
async fn own(arguments: &[String]) -> Result<(Bed, Server), String> {
    if let Err(error) = program::find() {
        return Err(format!("{error} ({BINARY_VARIABLE})"));
    }
    let arguments = arguments.to_vec();
    // Starting waits for the first line of another program, and says why it does not come.
    let started = tokio::task::spawn_blocking(move || {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        std::panic::catch_unwind(|| Bed::start(&arguments)).map_err(|panic| {
            let text = panic.downcast::<String>().map(|text| *text);
            text.unwrap_or_else(|_| "the server does not start".to_owned())
        })
    });
    let bed = started.await.map_err(|error| error.to_string())??;
    let server = Server::of_demo(&bed).await;
    Ok((bed, server))
}

fn write_report(
    form: Form,
    path: &Path,
    outcomes: &[run::Outcome],
    relay: &str,
) -> std::io::Result<()> {
    let text = match form {
        Form::Json => format!("{:#}\n", report::json(outcomes, relay)),
        Form::Junit => report::junit(outcomes).map_err(std::io::Error::other)?,
    };
    std::fs::write(path, text)
}
