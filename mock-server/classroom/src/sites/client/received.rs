//! データ取得, and the files that were saved on the terminal.

use std::io::{Cursor, Write};

use askama::Template;
use axum::extract::{Path, Query, State};
use careplan_client_core::{Error, ErrorKind};
use careplan_relay::clock;
use careplan_spec::Text;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::At;
use super::forms::FormsPage;
use super::lists::size_in_words;
use crate::sites::Sites;
use crate::sites::alert::Alert;
use crate::sites::page::{Page, PageError, PageResult, attachment, see, show};
use crate::sites::posted::Posted;
use crate::sites::terminal::{Received, on_disk, said};
use crate::sites::visit::Visit;

/// The folders of the terminal that can be chosen; the first is what an office should agree on.
static FOLDERS: [(&str, Text); 4] = [
    (
        "agreed",
        Text::new("事業所で決めたフォルダ（ケアプラン受信）", "the folder the office agreed on"),
    ),
    ("documents", Text::new("ドキュメント", "Documents")),
    ("downloads", Text::new("ダウンロード", "Downloads")),
    ("desktop", Text::new("デスクトップ", "Desktop")),
];

/// A folder that can be chosen: identifier and name.
struct Folder {
    id: &'static str,
    name: &'static str,
}

#[derive(Template)]
#[template(path = "client/folder.html")]
struct FolderPage {
    page: Page,
    messages: Vec<String>,
    folders: Vec<Folder>,
}

/// Asks for the folder before anything is fetched (operation guide, データ受信 2/3).
pub(super) async fn folder(
    State(sites): State<Sites>,
    visit: Visit,
    Path(terminal): Path<String>,
    Query(wanted): Query<Vec<(String, String)>>,
) -> PageResult {
    let (at, _) = At::inside(&sites, visit, &terminal).await?;
    let messages: Vec<String> =
        wanted.into_iter().filter(|(key, _)| key == "message").map(|(_, id)| id).collect();
    if messages.is_empty() {
        return Err(at.to("/inbox"));
    }
    let lang = at.visit.lang;
    let folders = FOLDERS.iter().map(|(id, name)| Folder { id, name: name.get(lang) }).collect();
    Ok(show(&FolderPage { page: at.page(), messages, folders }))
}

/// Fetches what was ticked, one after the other, once a folder was chosen.
pub(super) async fn fetch(
    State(sites): State<Sites>,
    visit: Visit,
    Path(terminal): Path<String>,
    posted: Posted,
) -> PageResult {
    let (at, client) = At::inside(&sites, visit, &terminal).await?;
    let _screen = at.terminal.screen.lock().await;
    let wanted: Vec<&str> = posted.all("message").collect();
    if wanted.is_empty() {
        at.visit.say(Alert::bad("取得するデータを選択してください。", "Select what to fetch."));
        return Ok(see(&at.path("/inbox")));
    }
    let chosen = FOLDERS.iter().find(|(id, _)| *id == posted.get("folder"));
    let Some((_, chosen)) = chosen else {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(wanted.iter().map(|id| ("message", id)));
        return Ok(see(&at.path(&format!("/folder?{}", query.finish()))));
    };
    let folder = at.terminal.received_folder();
    let mut fetched = 0_usize;
    for id in wanted {
        match client.download(id).to(&folder).await {
            Ok(download) => {
                fetched += 1;
                let now = client.clock().now();
                let received = Received { at: now, download, folder: *chosen };
                at.terminal.received().push(received);
            }
            Err(error) => {
                let mut alert = said(&error);
                if fetched > 0 {
                    alert = alert.and(
                        format!("その前の{fetched}件は取得しました。"),
                        format!("{fetched} before it were fetched."),
                    );
                }
                at.visit.say(alert);
                if matches!(error.kind(), ErrorKind::NotLoggedIn(_)) {
                    return Err(at.to("/login"));
                }
                return Ok(see(&at.path("/inbox")));
            }
        }
    }
    at.visit.say(
        Alert::good(
            format!("データを取得しました（{fetched}件）。"),
            format!("{fetched} fetched."),
        )
        .and(
            format!(
                "「{}」に保存しました。「取得したファイル」の画面で開けます。データ取得は1回のみです。",
                chosen.ja
            ),
            format!("Saved in {}: see “Received files”. Fetching works once only.", chosen.en),
        ),
    );
    Ok(see(&at.path("/inbox")))
}

/// A received message as the page shows it; files with their size.
struct Message {
    number: usize,
    at: String,
    from: String,
    from_number: String,
    signer: String,
    text: String,
    folder: &'static str,
    files: Vec<(usize, String, String)>,
}

#[derive(Template)]
#[template(path = "client/files.html")]
struct FilesPage {
    page: Page,
    messages: Vec<Message>,
}

pub(super) async fn list(
    State(sites): State<Sites>,
    visit: Visit,
    Path(terminal): Path<String>,
) -> PageResult {
    let at = At::holder(&sites, visit, &terminal).await?;
    let messages = at
        .terminal
        .received()
        .iter()
        .enumerate()
        .rev()
        .map(|(index, received)| Message {
            number: index + 1,
            at: clock::shown(received.at),
            from: received.download.from.name.clone(),
            from_number: received.download.from.number.clone(),
            folder: received.folder.get(at.visit.lang),
            signer: received.download.signer.clone(),
            text: received.download.text.clone().unwrap_or_default(),
            files: received
                .download
                .files
                .iter()
                .enumerate()
                .map(|(index, file)| (index + 1, file.name.clone(), size_in_words(file.bytes)))
                .collect(),
        })
        .collect();
    Ok(show(&FilesPage { page: at.page(), messages }))
}

/// The received message of a number, counting from 1.
fn find(at: &At, number: usize) -> Result<Received, PageError> {
    let index = number.checked_sub(1).ok_or(PageError::NotFound)?;
    at.terminal.received().get(index).cloned().ok_or(PageError::NotFound)
}

fn unreadable(path: &std::path::Path, error: &std::io::Error) -> Error {
    ErrorKind::Internal(format!("{}: {error}", path.display())).into()
}

pub(super) async fn file(
    State(sites): State<Sites>,
    visit: Visit,
    Path((terminal, message, file)): Path<(String, usize, usize)>,
) -> PageResult {
    let at = At::holder(&sites, visit, &terminal).await?;
    let Received { download, .. } = find(&at, message)?;
    let index = file.checked_sub(1).ok_or(PageError::NotFound)?;
    let saved = download.files.get(index).cloned().ok_or(PageError::NotFound)?;
    // The client chose this name; the sender's own may not even be one.
    let path = download.path.join(&saved.saved_as);
    let bytes = on_disk(move || std::fs::read(&path).map_err(|error| unreadable(&path, &error)))
        .await
        .map_err(|error| at.broken(&error))?;
    Ok(attachment(&saved.name, bytes))
}

/// What was received, as the forms people know.
pub(super) async fn forms(
    State(sites): State<Sites>,
    visit: Visit,
    Path((terminal, message)): Path<(String, usize)>,
) -> PageResult {
    let at = At::holder(&sites, visit, &terminal).await?;
    let Received { download, .. } = find(&at, message)?;
    let from = download.from.name.clone();
    let work = move || {
        let mut files = Vec::new();
        for file in &download.files {
            let path = download.path.join(&file.saved_as);
            let bytes = std::fs::read(&path).map_err(|error| unreadable(&path, &error))?;
            files.push((file.name.clone(), bytes));
        }
        Ok(files)
    };
    let files = on_disk(work).await.map_err(|error| at.broken(&error))?;
    let title = at.visit.t("受信したデータを様式で見る", "What was received, as forms");
    FormsPage::show(&at, title, from, "/files", files).await
}

/// All files of a message.
pub(super) async fn zip(
    State(sites): State<Sites>,
    visit: Visit,
    Path((terminal, message)): Path<(String, usize)>,
) -> PageResult {
    let at = At::holder(&sites, visit, &terminal).await?;
    let Received { download, .. } = find(&at, message)?;
    let name = format!("{}.zip", download.from.number);
    let work = move || {
        let broken =
            |error: &dyn std::fmt::Display| Error::from(ErrorKind::Internal(error.to_string()));
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for file in &download.files {
            let path = download.path.join(&file.saved_as);
            let bytes = std::fs::read(&path).map_err(|error| unreadable(&path, &error))?;
            zip.start_file(file.saved_as.as_str(), SimpleFileOptions::default())
                .map_err(|error| broken(&error))?;
            zip.write_all(&bytes).map_err(|error| broken(&error))?;
        }
        Ok(zip.finish().map_err(|error| broken(&error))?.into_inner())
    };
    let bytes = on_disk(work).await.map_err(|error| at.broken(&error))?;
    Ok(attachment(&name, bytes))
}
