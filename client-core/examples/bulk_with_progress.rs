//! One folder to many offices: a row for every destination, with progress.
//!
//! ```console
//! $ cargo run --example bulk_with_progress -- export
//! ```
//!
//! The terminal folder (`CAREPLAN_HOME`) is one that is logged in, as `login_to_download` or
//! `careplan-client login` leaves it.

use std::env;
use std::process::ExitCode;

use careplan_client_core::{
    Bulk, BulkRun, Client, Error, Event, OutgoingFile, RowState, SystemClock, Terminal,
};

fn setting(name: &str) -> String {
    env::var(name).unwrap_or_default()
}

async fn bulk_with_progress(folder: &str) -> Result<BulkRun, Error> {
    let terminal = Terminal::open(setting("CAREPLAN_HOME"))?;
    let client = Client::builder(&setting("CAREPLAN_RELAY"))?.terminal(terminal).build()?;

    let files = OutgoingFile::read_all(&[folder.into()])?;
    let mut bulk = Bulk::create(client.terminal(), files, None, &SystemClock)?;
    for unplaced in bulk.unplaced() {
        println!("in no row: {} ({})", unplaced.name, unplaced.reason.en);
    }

    let run = client
        .send_bulk(&mut bulk)
        .progress(|event| match event {
            Event::RowStarted { row, total, done } => println!("row {row}: {done} of {total} done"),
            Event::Uploading { done, total } => println!("  {done} of {total} bytes"),
            Event::Retrying { attempt, after } => println!("  attempt {attempt} in {after:?}"),
            _ => {}
        })
        .await?;

    for row in bulk.rows()? {
        let outcome = match row.state {
            RowState::Sent { answer } => format!("sent as {}", answer.id),
            RowState::Failed { what, to_do, .. } => format!("failed: {} {}", what.en, to_do.en),
            // Safe to send again: it cannot arrive twice.
            RowState::Unresolved => "not known whether it was sent".to_owned(),
            RowState::Waiting => "not sent yet".to_owned(),
            _ => "left out".to_owned(),
        };
        println!("{} → {}: {outcome}", row.number, row.to);
    }
    Ok(run)
}

#[tokio::main]
async fn main() -> ExitCode {
    let Some(folder) = env::args().nth(1) else {
        eprintln!("usage: bulk_with_progress FOLDER");
        return ExitCode::from(2);
    };
    match bulk_with_progress(&folder).await {
        Ok(run) if run.failed.is_empty() && run.stopped_by.is_none() => ExitCode::SUCCESS,
        Ok(run) => {
            // A refused row keeps no other back; what would meet every row ends the run.
            if let Some(error) = run.stopped_by {
                eprintln!("{error}");
            }
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
