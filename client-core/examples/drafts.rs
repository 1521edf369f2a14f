//! A message that is kept, looked at, changed and sent.
//!
//! ```console
//! $ cargo run --example drafts -- export 'よろしくお願いします。'
//! ```
//!
//! The terminal folder (`CAREPLAN_HOME`) is one that is logged in, as `login_to_download` or
//! `careplan-client login` leaves it.

use std::env;
use std::process::ExitCode;

use careplan_client_core::{Client, Error, ErrorKind, OutgoingFile, SystemClock, Terminal};

fn setting(name: &str) -> String {
    env::var(name).unwrap_or_default()
}

async fn drafts(folder: &str, text: &str) -> Result<(), Error> {
    let terminal = Terminal::open(setting("CAREPLAN_HOME"))?;
    let client = Client::builder(&setting("CAREPLAN_RELAY"))?.terminal(terminal).build()?;
    let drafts = client.terminal().drafts();

    // The files are copied: what the care software exports next does not change the draft.
    let files = OutgoingFile::read_all(&[folder.into()])?;
    let draft = drafts.save(&files, None, &SystemClock)?;
    println!("kept: {} for {}", draft.id, draft.to.join(", "));

    let (files, _) = drafts.open(&draft.id)?;
    drafts.replace(&draft.id, &files, Some(text), &SystemClock)?;
    for draft in drafts.list()? {
        println!("{}: {} files", draft.id, draft.files.len());
    }

    match client.send_draft(&draft.id).await {
        Ok(sent) => {
            println!("sent as {} to {}", sent.id, sent.to.name);
            Ok(())
        }
        Err(error) => {
            match error.kind() {
                ErrorKind::LocalCheck(found) => println!("{} findings", found.findings.len()),
                // The draft stays; sent again, also tomorrow, it is one message.
                ErrorKind::SendUnknown { .. } => println!("not known: send {} again", draft.id),
                _ if error.is_retryable() => println!("try {} again", draft.id),
                _ => println!("correct {}", draft.id),
            }
            Err(error)
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [folder, text] = &arguments[..] else {
        eprintln!("usage: drafts FOLDER TEXT");
        return ExitCode::from(2);
    };
    match drafts(folder, text).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
