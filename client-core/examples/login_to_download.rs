//! From the certificate to the files: imports a `.p12`, logs in, and fetches what waits.
//!
//! ```console
//! $ cargo run --example login_to_download -- office.p12 received
//! ```
//!
//! The relay, the folder and the passwords come from the environment that `careplan-client` reads.

use std::env;
use std::process::ExitCode;

use careplan_client_core::{Client, Credentials, Error, FetchState, InboxSort, Terminal};

/// A setting from the environment; what is not there is wrong in its place.
fn setting(name: &str) -> String {
    env::var(name).unwrap_or_default()
}

async fn login_to_download(p12: &[u8], folder: &str) -> Result<(), Error> {
    let terminal = Terminal::open(setting("CAREPLAN_HOME"))?;
    terminal.import_certificate(p12, setting("CAREPLAN_P12_PASSWORD"))?;

    // The authority that came with the certificate is trusted; `ca_pem` names another one.
    let client = Client::builder(&setting("CAREPLAN_RELAY"))?.terminal(terminal).build()?;
    let credentials = Credentials::new(
        &setting("CAREPLAN_TERMINAL_USER"),
        setting("CAREPLAN_TERMINAL_PASSWORD"),
        &setting("CAREPLAN_OFFICE_USER"),
        setting("CAREPLAN_OFFICE_PASSWORD"),
    )?;
    let logged_in = client.login(&credentials).await?;
    println!("logged in: {}", logged_in.session.office.name);

    // All pages, the oldest first: updates come after what they update.
    let list = client.inbox().state(FetchState::Unfetched).sort(InboxSort::OldestFirst);
    let mut waiting = list.into_stream();
    while let Some(item) = waiting.next().await {
        let item = item?;
        println!("{} from {}", item.id, item.from.name);
        // Verified, saved and confirmed when this is back; fetched once, whatever happens.
        let got = client.download(item.id).to(folder).await?;
        for file in &got.files {
            println!("  {}", got.path.join(&file.saved_as).display());
        }
    }
    client.logout().await
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [p12, folder] = &arguments[..] else {
        eprintln!("usage: login_to_download P12 FOLDER");
        return ExitCode::from(2);
    };
    let p12 = match std::fs::read(p12) {
        Ok(bytes) => bytes,
        Err(error) => {
            eprintln!("{p12}: {error}");
            return ExitCode::FAILURE;
        }
    };
    match login_to_download(&p12, folder).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // One line in the language of the client; `explain` has both, and what to do.
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
