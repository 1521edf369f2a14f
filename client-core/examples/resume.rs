//! After a break (a crash, a lost line, a computer switched off): everything that was begun comes to
//! its end.
//!
//! ```console
//! $ cargo run --example resume -- received
//! ```
//!
//! A program calls this when it starts. The terminal folder (`CAREPLAN_HOME`) is one that is logged
//! in; it knows all that has to be known.

use std::env;
use std::process::ExitCode;

use careplan_client_core::{Bulk, Client, Error, Terminal};

fn setting(name: &str) -> String {
    env::var(name).unwrap_or_default()
}

async fn resume(folder: &str) -> Result<(), Error> {
    let terminal = Terminal::open(setting("CAREPLAN_HOME"))?;
    let client = Client::builder(&setting("CAREPLAN_RELAY"))?.terminal(terminal).build()?;

    // Messages that may have been sent. Under the keys that were kept they cannot be there twice.
    for draft in client.terminal().drafts().list()? {
        if draft.unresolved {
            let sent = client.send_draft(&draft.id).await?;
            let when = if sent.repeated { "had arrived" } else { "arrives now" };
            println!("draft {}: {when} as {}", draft.id, sent.id);
        }
    }

    // Bulk sends that were not through.
    for summary in Bulk::list(client.terminal())? {
        if summary.waiting > 0 {
            let mut bulk = Bulk::open(client.terminal(), &summary.id)?;
            let run = client.send_bulk(&mut bulk).await?;
            println!("bulk send {}: rows {:?} sent", summary.id, run.sent);
        }
    }

    // Messages that were claimed, or may have been: nobody else can fetch them.
    let pending = client.terminal().pending_downloads()?;
    let ids: Vec<_> = pending.into_iter().map(|pending| pending.message_id).collect();
    let run = client.download_many(ids).to(folder).await;
    for got in &run.fetched {
        println!("message {}: saved", got.message_id);
    }
    match run.failed.into_iter().next() {
        Some((id, error)) => {
            println!("message {id}: later");
            Err(error)
        }
        None => Ok(()),
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let Some(folder) = env::args().nth(1) else {
        eprintln!("usage: resume FOLDER");
        return ExitCode::from(2);
    };
    match resume(&folder).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
