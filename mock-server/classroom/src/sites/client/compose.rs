//! 新規作成 and 下書き一覧.

use askama::Template;
use axum::extract::{Path, State};
use careplan_client_core::{
    Check, Client, Error, ErrorKind, Message, OfficeNumber, OutgoingFile, OutgoingUnit,
    check_message,
};
use careplan_relay::clock;
use careplan_spec::message_limits;

use super::forms::{FormsPage, bytes_of};
use super::lists::{month_in_words, size_in_words};
use super::version::too_old;
use super::{At, Partner};
use crate::sites::Sites;
use crate::sites::alert::Alert;
use crate::sites::page::{Page, PageError, PageResult, see, show};
use crate::sites::posted::{Posted, PostedFile};
use crate::sites::support::samples::{self, Choice};
use crate::sites::terminal::{Compose, on_disk, said};
use crate::sites::visit::Visit;

/// A file of a message in the making.
pub(super) struct FileRow {
    /// Place among the files, from 0.
    pub(super) index: usize,
    /// Its name.
    pub(super) name: String,
    /// Its size in words.
    pub(super) size: String,
    /// What it is.
    pub(super) kind: String,
}

impl FileRow {
    pub(super) fn of(index: usize, name: &str, bytes: u64, visit: &Visit) -> Self {
        let file = OutgoingFile { name: name.to_owned(), bytes: bytes::Bytes::new() };
        let kind = file.standard_name().map_or_else(
            || visit.t("添付ファイル", "attachment").to_owned(),
            |name| name.kind.title().get(visit.lang).to_owned(),
        );
        Self { index, name: name.to_owned(), size: size_in_words(bytes), kind }
    }
}

/// Send units in words, each with whether it is complete.
pub(super) fn units_in_words(units: &[OutgoingUnit], visit: &Visit) -> Vec<(String, bool)> {
    units
        .iter()
        .map(|unit| {
            let title = unit.title.map_or_else(
                || visit.t("組み合わせが未完成", "not complete").to_owned(),
                |title| title.get(visit.lang).to_owned(),
            );
            let words = match unit.month.map(careplan_spec::calendar::Month::number) {
                Some(month) => format!("{title}（{}）", month_in_words(&month.to_string(), visit)),
                None => title,
            };
            (words, unit.title.is_some())
        })
        .collect()
}

/// The office of a number, with its name where the relay tells it.
pub(super) async fn partner(client: &Client, number: &str) -> Partner {
    let told = match OfficeNumber::parse(number.as_bytes()) {
        Some(number) => client.office(number).await.ok(),
        None => None,
    };
    match told {
        Some(office) => Partner::from(&office),
        None => Partner { name: String::new(), number: number.to_owned(), kind: String::new() },
    }
}

/// Takes files of types that never travel out of a form, and says so: Word and Excel at once, not
/// when everything is sent (FAQ (3)3, Stated). Whether there were any.
pub(super) fn refuse_types(at: &At, posted: &mut Vec<PostedFile>) -> bool {
    let mut refused = Vec::new();
    posted.retain(|file| {
        let travels = message_limits::may_travel(&file.name);
        if !travels {
            refused.push(file.name.clone());
        }
        travels
    });
    if refused.is_empty() {
        return false;
    }
    let names = refused.join("、");
    at.visit.say(
        Alert::bad(
            format!("送信できない種類のファイルです：{names}"),
            format!("Files of this type cannot be sent: {names}"),
        )
        .and(
            "WordやExcelのファイルは、PDFにして保存すれば送信できます。送信できるのは csv、jpeg、jpg、png、gif、txt、pdf です。",
            "Save Word and Excel files as PDF. csv, jpeg, jpg, png, gif, txt and pdf can be sent.",
        ),
    );
    true
}

/// Adds the files of a form; one of the same name takes the place of the old one.
pub(super) fn add(files: &mut Vec<OutgoingFile>, posted: Vec<PostedFile>) {
    for PostedFile { name, bytes } in posted {
        files.retain(|file| file.name != name);
        files.push(OutgoingFile { name, bytes });
    }
}

#[derive(Template)]
#[template(path = "client/new.html")]
struct NewPage {
    page: Page,
    files: Vec<FileRow>,
    to: Option<Partner>,
    units: Vec<(String, bool)>,
    problem: Option<(String, String)>,
    text: String,
    max_text: u32,
    is_draft: bool,
    valid: Vec<Choice>,
    wrong: Vec<Choice>,
}

pub(super) async fn page(
    State(sites): State<Sites>,
    visit: Visit,
    Path(terminal): Path<String>,
) -> PageResult {
    let (at, client) = At::inside(&sites, visit, &terminal).await?;
    let Compose { files, text, draft, only_for_sending, .. } = at.terminal.compose().clone();
    let shown = files
        .iter()
        .enumerate()
        .map(|(index, file)| FileRow::of(index, &file.name, file.bytes.len() as u64, &at.visit))
        .collect();
    let (mut to, mut units, mut problem) = (None, Vec::new(), None);
    if !files.is_empty() {
        match Message::new(files) {
            Ok(message) => {
                to = Some(partner(&client, message.to()).await);
                units = units_in_words(&message.units(), &at.visit);
            }
            Err(error) => {
                let said = error.explain();
                problem = Some((
                    format!("{}{}", said.what.ja, said.to_do.ja),
                    format!("{} {}", said.what.en, said.to_do.en),
                ));
            }
        }
    }
    let (valid, wrong) = samples::choices(&at.terminal.office, at.visit.lang);
    Ok(show(&NewPage {
        valid,
        wrong,
        page: at.page(),
        files: shown,
        to,
        units,
        problem,
        text,
        max_text: sites.relay().switches().max_text_chars,
        is_draft: draft.is_some() && !only_for_sending,
    }))
}

/// The message in the making, as the forms people know.
pub(super) async fn forms(
    State(sites): State<Sites>,
    visit: Visit,
    Path(terminal): Path<String>,
) -> PageResult {
    let (at, client) = At::inside(&sites, visit, &terminal).await?;
    let files = at.terminal.compose().files.clone();
    let about = destination(&client, &files).await;
    let title = at.visit.t("送信する前のデータを様式で見る", "What will be sent, as forms");
    FormsPage::show(&at, title, about, "/new", bytes_of(files)).await
}

/// The office that files go to; empty where they do not say.
async fn destination(client: &Client, files: &[OutgoingFile]) -> String {
    match Message::new(files.to_vec()) {
        Ok(message) => {
            let to = partner(client, message.to()).await;
            format!("{}　{}", to.name, to.number)
        }
        Err(_) => String::new(),
    }
}

/// A draft, as the forms people know.
pub(super) async fn draft_forms(
    State(sites): State<Sites>,
    visit: Visit,
    Path((terminal, id)): Path<(String, String)>,
) -> PageResult {
    let (at, client) = At::inside(&sites, visit, &terminal).await?;
    let drafts = at.terminal.folder().map_err(|error| at.broken(&error))?.drafts();
    // The identifier comes from the address: only one of the list is looked for on the disk.
    let opened = on_disk(move || {
        let is_known = drafts.list()?.iter().any(|draft| draft.id == id);
        if is_known { Ok(Some(drafts.open(&id)?)) } else { Ok(None) }
    })
    .await
    .map_err(|error| at.broken(&error))?;
    let (files, _) = opened.ok_or(PageError::NotFound)?;
    let about = destination(&client, &files).await;
    let title = at.visit.t("下書きを様式で見る", "The draft, as forms");
    FormsPage::show(&at, title, about, "/drafts", bytes_of(files)).await
}

/// The buttons of 新規作成. Every one of them first takes over what the form holds.
pub(super) async fn act(
    State(sites): State<Sites>,
    visit: Visit,
    Path(terminal): Path<String>,
    mut posted: Posted,
) -> PageResult {
    let (at, client) = At::inside(&sites, visit, &terminal).await?;
    let _screen = at.terminal.screen.lock().await;
    if take_over(&sites, &at, &mut posted)? {
        return Ok(see(&at.path("/new")));
    }
    let action = posted.get("do").to_owned();
    match action.as_str() {
        "clear" => *at.terminal.compose() = Compose::default(),
        "sample" => {
            let id = posted.get("sample").to_owned();
            let files = samples::files(id, sites.relay().clock().today()).await?;
            let mut compose = at.terminal.compose();
            compose.files = files
                .into_iter()
                .map(|file| OutgoingFile { name: file.name, bytes: file.bytes.into() })
                .collect();
            compose.changed = true;
        }
        "forms" => return Ok(see(&at.path("/new/forms"))),
        "save" => {
            if let Err(error) = save(&at, &client).await {
                at.tell(&error);
            } else {
                *at.terminal.compose() = Compose::default();
                at.visit.say(Alert::good("下書きを保存しました。", "The draft was saved."));
                return Ok(see(&at.path("/drafts")));
            }
        }
        "send" => {
            if let Some(alert) = too_old(&at, &at.terminal.compose().files) {
                at.visit.say(alert);
                return Ok(see(&at.path("/new")));
            }
            let check = if posted.has("check") { Check::Enforce } else { Check::Skip };
            match send(&at, &client, check).await {
                Ok(to) => {
                    *at.terminal.compose() = Compose::default();
                    at.visit.say(
                        Alert::good("送信成功しました", "The message was sent.")
                            .and(format!("送信先：{to}"), format!("To: {to}")),
                    );
                }
                Err(error) => {
                    at.tell(&error);
                    if matches!(error.kind(), ErrorKind::NotLoggedIn(_)) {
                        return Err(at.to("/login"));
                    }
                }
            }
        }
        remove => {
            if let Some(index) = remove.strip_prefix("remove:").and_then(|text| text.parse().ok()) {
                let mut compose = at.terminal.compose();
                let index: usize = index;
                if index < compose.files.len() {
                    compose.files.remove(index);
                    compose.changed = true;
                }
            }
        }
    }
    Ok(see(&at.path("/new")))
}

/// Text and new files of the form; whether some of them can never be sent.
fn take_over(sites: &Sites, at: &At, posted: &mut Posted) -> Result<bool, PageError> {
    let switches = sites.relay().switches();
    let text = posted.get("text").replace("\r\n", "\n");
    let mut files = std::mem::take(&mut posted.files);
    let was_refused = refuse_types(at, &mut files);
    let mut compose = at.terminal.compose();
    if compose.text != text {
        compose.text = text;
        compose.changed = true;
    }
    if !files.is_empty() {
        let mut together = compose.files.clone();
        add(&mut together, files);
        let bytes: u64 = together.iter().map(|file| file.bytes.len() as u64).sum();
        if bytes > switches.max_message_bytes {
            return Err(PageError::TooLarge(switches.max_message_bytes));
        }
        compose.files = together;
        compose.changed = true;
    }
    Ok(was_refused)
}

/// Keeps the message as a draft, the one it came from if there is one; its identifier.
async fn save(at: &At, client: &std::sync::Arc<Client>) -> Result<String, Error> {
    let Compose { files, text, draft, changed, .. } = at.terminal.compose().clone();
    let drafts = at.terminal.folder()?.drafts();
    let client = std::sync::Arc::clone(client);
    on_disk(move || {
        let text = Some(text.as_str()).filter(|text| !text.trim().is_empty());
        let draft = match draft {
            Some(id) if !changed => return Ok(id),
            Some(id) => drafts.replace(&id, &files, text, client.clock())?,
            None => drafts.save(&files, text, client.clock())?,
        };
        Ok(draft.id)
    })
    .await
}

/// Sends the message as a draft, so that a broken connection can never make two of it.
async fn send(at: &At, client: &std::sync::Arc<Client>, check: Check) -> Result<String, Error> {
    let Compose { files, text, draft, only_for_sending, .. } = at.terminal.compose().clone();
    // What can never be sent is said before anything is kept.
    let message = Message::new(files)?.text(text);
    if check == Check::Enforce {
        let (checked, own) = (message.clone(), at.terminal.office.clone());
        let found = on_disk(move || Ok(check_message(&checked, Some(&own)))).await?;
        if !found.passed() {
            return Err(ErrorKind::LocalCheck(Box::new(found)).into());
        }
    }
    let is_users = draft.is_some() && !only_for_sending;
    let id = save(at, client).await?;
    match client.send_draft(&id).check(Check::Skip).await {
        Ok(sent) => {
            let name = if sent.to.name.is_empty() { "-" } else { sent.to.name.as_str() };
            Ok(format!("{name}（{}）", sent.to.number))
        }
        Err(error) => {
            let mut compose = at.terminal.compose();
            compose.changed = false;
            if is_users || matches!(error.kind(), ErrorKind::SendUnknown { .. }) {
                compose.draft = Some(id);
                compose.only_for_sending = !is_users;
            } else {
                compose.draft = None;
                compose.only_for_sending = false;
                drop(compose);
                at.terminal.folder()?.drafts().remove(&id)?;
            }
            Err(error)
        }
    }
}

/// A row of 下書き一覧.
struct DraftRow {
    id: String,
    saved_at: String,
    to: Vec<Partner>,
    files: usize,
    text: String,
    unresolved: bool,
}

#[derive(Template)]
#[template(path = "client/drafts.html")]
struct DraftsPage {
    page: Page,
    rows: Vec<DraftRow>,
}

pub(super) async fn drafts(
    State(sites): State<Sites>,
    visit: Visit,
    Path(terminal): Path<String>,
) -> PageResult {
    let (at, client) = At::inside(&sites, visit, &terminal).await?;
    let drafts = at.terminal.folder().map_err(|error| at.broken(&error))?.drafts();
    let drafts = on_disk(move || drafts.list()).await.map_err(|error| at.broken(&error))?;
    let mut rows = Vec::new();
    for draft in drafts {
        let mut to = Vec::new();
        for number in draft.to.iter().take(5) {
            to.push(partner(&client, number).await);
        }
        rows.push(DraftRow {
            id: draft.id,
            saved_at: clock::shown(draft.saved_at),
            to,
            files: draft.files.len(),
            text: draft.text.unwrap_or_default().chars().take(40).collect(),
            unresolved: draft.unresolved,
        });
    }
    Ok(show(&DraftsPage { page: at.page(), rows }))
}

/// Opens a draft in 新規作成, makes a bulk send of it, or removes it.
pub(super) async fn act_on_draft(
    State(sites): State<Sites>,
    visit: Visit,
    Path(terminal): Path<String>,
    posted: Posted,
) -> PageResult {
    let (at, client) = At::inside(&sites, visit, &terminal).await?;
    let _screen = at.terminal.screen.lock().await;
    let id = posted.get("id").to_owned();
    let terminal = at.terminal.folder().map_err(|error| at.broken(&error))?;
    let drafts = terminal.drafts();
    let done: Result<&str, Error> = match posted.get("do") {
        "open" => {
            let opened = {
                let id = id.clone();
                on_disk(move || drafts.open(&id)).await
            };
            opened.map(|(files, text)| {
                *at.terminal.compose() = Compose {
                    files,
                    text: text.unwrap_or_default(),
                    draft: Some(id),
                    changed: false,
                    only_for_sending: false,
                };
                "/new"
            })
        }
        "bulk" => on_disk(move || {
            drafts.into_bulk(&id, &terminal, client.clock()).map(|bulk| bulk.id().to_owned())
        })
        .await
        .map(|bulk| {
            *at.terminal.bulk() = Some(bulk);
            "/bulk"
        }),
        "remove" => on_disk(move || drafts.remove(&id)).await.map(|()| {
            at.visit.say(Alert::note("下書きを削除しました。", "The draft was removed."));
            "/drafts"
        }),
        _ => Ok("/drafts"),
    };
    match done {
        Ok(screen) => Ok(see(&at.path(screen))),
        Err(error) => {
            at.visit.say(said(&error));
            Ok(see(&at.path("/drafts")))
        }
    }
}
