//! The command line: arguments, settings, screens, exit codes.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use careplan_client_core::{Error, ErrorKind, Lang, StoreError, Terminal};
use clap::{CommandFactory, Parser};

mod account;
mod advice;
mod args;
mod bulk_send;
mod content;
mod exit_code;
mod mailbox;
mod message;
mod progress;
mod screen;
mod secret;
mod settings;

use args::Command;
use exit_code::Exit;
use screen::Screen;
use settings::Settings;

/// What a command ends with.
type Ending = Result<Exit, Error>;

/// Runs the command and turns every ending, a panic too, into an exit code.
pub(crate) fn run() -> ExitCode {
    let exit = std::panic::catch_unwind(run_checked).unwrap_or_else(|_| {
        screen::complain(
            "内部エラーです。操作が終わったかどうかは一覧で確かめてください。 / internal error: see in the lists what was done",
        );
        Exit::Internal
    });
    ExitCode::from(exit as u8)
}

fn run_checked() -> Exit {
    let cli = match args::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let exit = if error.use_stderr() { Exit::Usage } else { Exit::Done };
            let _ = error.print();
            return exit;
        }
    };
    let fallback = Screen { lang: Lang::Ja, json: cli.global.json, quiet: cli.global.quiet };
    let settings = match Settings::gather(&cli.global) {
        Ok(settings) => settings,
        Err(error) => return fallback.fail(&error),
    };
    let screen = Screen { lang: settings.lang, ..fallback };
    if let Command::Completions { shell } = cli.command {
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut args::Cli::command(), "careplan-client", &mut script);
        screen.bytes(&script);
        return Exit::Done;
    }
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return screen.fail(&ErrorKind::Internal(error.to_string()).into()),
    };
    match runtime.block_on(dispatch(cli.command, &settings, &screen)) {
        Ok(exit) => exit,
        Err(error) => screen.fail(&error),
    }
}

/// Opens the terminal folder, when it is free.
async fn open_terminal(settings: &Settings, screen: &Screen) -> Result<Terminal, Error> {
    let began = Instant::now();
    let mut told = false;
    loop {
        match Terminal::open(&settings.terminal) {
            Err(error)
                if matches!(error.kind(), ErrorKind::Store(StoreError::InUse { .. }))
                    && began.elapsed() < settings.wait =>
            {
                if !told && began.elapsed() > Duration::from_secs(1) {
                    told = true;
                    screen.note(screen.pick_told(
                        "別のプログラムがこの端末フォルダーを使っています。終わるのを待っています…",
                        "another program uses this terminal folder; waiting for its end …",
                    ));
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            outcome => return outcome,
        }
    }
}

async fn dispatch(command: Command, settings: &Settings, screen: &Screen) -> Ending {
    let terminal = open_terminal(settings, screen).await?;
    let client = || settings.client(terminal.clone());
    match command {
        Command::Certificate(args) => account::certificate(args, &terminal, settings, screen),
        Command::Login(args) => account::login(args, &client()?, settings, screen).await,
        Command::Logout => account::logout(&client()?, screen).await,
        Command::Top => account::top(&client()?, screen).await,
        Command::Notices { page, per_page } => {
            account::notices(page, per_page, &client()?, screen).await
        }
        Command::Notice { id } => account::notice(&id, &client()?, screen).await,
        Command::Office { number } => account::office(&number, &client()?, screen).await,
        Command::Send(args) => message::send(args, &client()?, screen).await,
        Command::Drafts(args) => message::drafts(args, &client()?, screen).await,
        Command::Bulk(args) => bulk_send::run(args, &client()?, screen).await,
        Command::Inbox(args) => mailbox::inbox(args, &client()?, screen).await,
        Command::Outbox(args) => mailbox::outbox(args, &client()?, screen).await,
        Command::Download(args) => mailbox::download(args, &client()?, settings, screen).await,
        // Answered before there is a terminal.
        Command::Completions { .. } => Ok(Exit::Done),
    }
}
