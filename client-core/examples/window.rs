//! What a window does: one loop that never waits for the relay, with progress and a Cancel button.
//!
//! ```console
//! $ cargo run --example window -- received
//! ```
//!
//! The keyboard stands for the buttons: `fetch`, `cancel`, `quit`. The terminal folder
//! (`CAREPLAN_HOME`) is one that is logged in.

use std::env;
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;

use careplan_client_core::{Client, DownloadRun, Error, Event, FetchState, Terminal};
use tokio::sync::{Notify, mpsc};
use tokio::task;

/// What the window is told.
enum Told {
    Clicked(String),
    Progress(Event),
    Ended(Result<DownloadRun, Error>),
}

/// Fetches all that waits. Runs beside the window, and tells it.
async fn fetch(
    client: &Client,
    folder: &str,
    window: &mpsc::UnboundedSender<Told>,
    cancelled: &Notify,
) -> Result<DownloadRun, Error> {
    // What an earlier click began goes on where it stopped; the list shows it as fetched.
    let terminal = client.terminal().clone();
    let pending = task::spawn_blocking(move || terminal.pending_downloads());
    let pending = pending.await.expect("it does not panic")?;
    let mut ids: Vec<_> = pending.into_iter().map(|pending| pending.message_id).collect();
    let mut waiting = client.inbox().state(FetchState::Unfetched).into_stream();
    while let Some(item) = waiting.next().await {
        let id = item?.id;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    let run = client
        .download_many(ids)
        .to(folder)
        .progress(|event| {
            // Nobody listens when the window is closed.
            let _ = window.send(Told::Progress(event));
        })
        .cancel(cancelled.notified())
        .await;
    Ok(run)
}

async fn window(folder: String) -> Result<(), Error> {
    let setting = |name| env::var(name).unwrap_or_default();
    let terminal = Terminal::open(setting("CAREPLAN_HOME"))?;
    let client = Client::builder(&setting("CAREPLAN_RELAY"))?.terminal(terminal).build()?;

    let (told, mut inbox) = mpsc::unbounded_channel();
    let keyboard = told.clone();
    thread::spawn(move || {
        for line in std::io::stdin().lines().map_while(Result::ok) {
            if keyboard.send(Told::Clicked(line)).is_err() {
                return;
            }
        }
    });

    println!("ready");
    let mut running: Option<Arc<Notify>> = None;
    while let Some(event) = inbox.recv().await {
        match event {
            Told::Clicked(button) => match button.as_str() {
                "fetch" if running.is_some() => println!("under way"),
                "fetch" => {
                    let cancelled = Arc::new(Notify::new());
                    running = Some(Arc::clone(&cancelled));
                    let (client, folder, told) = (client.clone(), folder.clone(), told.clone());
                    task::spawn(async move {
                        let run = fetch(&client, &folder, &told, &cancelled).await;
                        let _ = told.send(Told::Ended(run));
                    });
                }
                // Nothing is lost by it: the next click goes on.
                "cancel" => running.iter().for_each(|cancelled| cancelled.notify_one()),
                "quit" => return Ok(()),
                other => println!("no button {other}"),
            },
            Told::Progress(Event::MessageStarted { number, total }) => {
                println!("message {number} of {total}");
            }
            Told::Progress(Event::Downloading { done, total }) => println!("  {done} of {total}"),
            Told::Progress(_) => {}
            Told::Ended(Err(error)) => {
                running = None;
                println!("{error}");
            }
            Told::Ended(Ok(run)) => {
                running = None;
                for (id, error) in &run.failed {
                    println!("{id}: {error}");
                }
                let left = run.failed.len() + run.left.len();
                println!("{} fetched, {left} left", run.fetched.len());
            }
        }
    }
    Ok(())
}

#[tokio::main]
async fn main() -> ExitCode {
    let Some(folder) = env::args().nth(1) else {
        eprintln!("usage: window FOLDER");
        return ExitCode::from(2);
    };
    match window(folder).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
