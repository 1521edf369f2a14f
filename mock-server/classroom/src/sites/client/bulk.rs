//! 一括送信: files for many offices, one row for each.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use careplan_client_core::{
    Bulk, BulkRow, Check, Client, Error, ErrorKind, MAX_ROWS, OutgoingFile, RowState,
};
use careplan_spec::message_limits;

use super::compose::{FileRow, add, partner, refuse_types, units_in_words};
use super::forms::{FormsPage, bytes_of};
use super::version::too_old;
use super::{At, Partner};
use crate::sites::Sites;
use crate::sites::alert::Alert;
use crate::sites::page::{Page, PageError, PageResult, see, show};
use crate::sites::posted::Posted;
use crate::sites::support::samples::{self, Choice};
use crate::sites::terminal::on_disk;
use crate::sites::visit::Visit;

/// Rows whose office is looked up by name at the relay.
const NAMED: usize = 100;

/// A row as the screen shows it.
struct BulkRowShown {
    number: usize,
    to: Partner,
    files: Vec<String>,
    units: Vec<(String, bool)>,
    has_text: bool,
    /// `waiting`, `unresolved`, `sent`, `failed`, `excluded`.
    state: &'static str,
    what: String,
    to_do: String,
}

impl BulkRowShown {
    fn new(row: &BulkRow, to: Partner, visit: &Visit) -> Self {
        let (state, what, to_do) = match &row.state {
            RowState::Waiting => ("waiting", String::new(), String::new()),
            RowState::Unresolved => ("unresolved", String::new(), String::new()),
            RowState::Sent { .. } => ("sent", String::new(), String::new()),
            RowState::Failed { what, to_do, .. } => {
                ("failed", what.get(visit.lang).to_owned(), to_do.get(visit.lang).to_owned())
            }
            RowState::Excluded => ("excluded", String::new(), String::new()),
        };
        Self {
            number: row.number,
            to,
            files: row.files.iter().map(|file| file.name.clone()).collect(),
            units: folded(units_in_words(&row.units(), visit)),
            has_text: row.text.is_some(),
            state,
            what,
            to_do,
        }
    }

    fn can_change(&self) -> bool {
        !matches!(self.state, "sent" | "unresolved")
    }
}

/// Units that are called the same become one, with how many there are.
fn folded(units: Vec<(String, bool)>) -> Vec<(String, bool)> {
    let mut counted: Vec<((String, bool), usize)> = Vec::new();
    for unit in units {
        match counted.iter_mut().find(|(known, _)| *known == unit) {
            Some((_, count)) => *count += 1,
            None => counted.push((unit, 1)),
        }
    }
    let shown = counted.into_iter().map(|((words, is_complete), count)| match count {
        1 => (words, is_complete),
        _ => (format!("{words} × {count}"), is_complete),
    });
    shown.collect()
}

#[derive(Template)]
#[template(path = "client/bulk.html")]
struct BulkPage {
    page: Page,
    rows: Vec<BulkRowShown>,
    unplaced: Vec<(String, String)>,
    waiting: usize,
    most: usize,
    most_files: u32,
    is_open: bool,
    valid: Vec<Choice>,
    wrong: Vec<Choice>,
}

/// The bulk send on the screen, if there is one.
async fn open(at: &At) -> Result<Option<Bulk>, Error> {
    let Some(id) = at.terminal.bulk().clone() else { return Ok(None) };
    let terminal = at.terminal.folder()?;
    on_disk(move || Bulk::open(&terminal, &id)).await.map(Some)
}

pub(super) async fn page(
    State(sites): State<Sites>,
    visit: Visit,
    Path(terminal): Path<String>,
) -> PageResult {
    let (at, client) = At::inside(&sites, visit, &terminal).await?;
    let bulk = open(&at).await.map_err(|error| at.broken(&error))?;
    let Some(bulk) = bulk else {
        let (valid, wrong) = samples::choices(&at.terminal.office, at.visit.lang);
        return Ok(show(&BulkPage {
            valid,
            wrong,
            page: at.page(),
            rows: Vec::new(),
            unplaced: Vec::new(),
            waiting: 0,
            most: MAX_ROWS,
            most_files: message_limits::MAX_FILES,
            is_open: false,
        }));
    };
    let unplaced = bulk
        .unplaced()
        .iter()
        .map(|file| (file.name.clone(), file.reason.get(at.visit.lang).to_owned()))
        .collect();
    let waiting = bulk.summary().waiting;
    let rows = on_disk(move || bulk.rows()).await.map_err(|error| at.broken(&error))?;
    let mut shown = Vec::new();
    for row in &rows {
        let to = if shown.len() < NAMED {
            partner(&client, &row.to).await
        } else {
            Partner { name: String::new(), number: row.to.clone(), kind: String::new() }
        };
        shown.push(BulkRowShown::new(row, to, &at.visit));
    }
    Ok(show(&BulkPage {
        page: at.page(),
        rows: shown,
        unplaced,
        waiting,
        most: MAX_ROWS,
        most_files: message_limits::MAX_FILES,
        is_open: true,
        valid: Vec::new(),
        wrong: Vec::new(),
    }))
}

/// The buttons of 一括送信.
pub(super) async fn act(
    State(sites): State<Sites>,
    visit: Visit,
    Path(terminal): Path<String>,
    mut posted: Posted,
) -> PageResult {
    let (at, client) = At::inside(&sites, visit, &terminal).await?;
    let _screen = at.terminal.screen.lock().await;
    let outcome = match posted.get("do") {
        "create" => {
            let mut files = Vec::new();
            let was_refused = refuse_types(&at, &mut posted.files);
            add(&mut files, std::mem::take(&mut posted.files));
            if was_refused && files.is_empty() { Ok(()) } else { create(&at, &client, files).await }
        }
        "sample" => {
            let id = posted.get("sample").to_owned();
            let files = samples::files(id, sites.relay().clock().today()).await?;
            let files = files
                .into_iter()
                .map(|file| OutgoingFile { name: file.name, bytes: file.bytes.into() })
                .collect();
            create(&at, &client, files).await
        }
        "send" => {
            let check = if posted.has("check") { Check::Enforce } else { Check::Skip };
            run(&at, &client, check, posted.has("retry")).await
        }
        "clear" => clear(&at).await,
        other => match other.split_once(':') {
            Some((what @ ("exclude" | "include"), number)) => {
                exclude(&at, number, what == "exclude").await
            }
            _ => Ok(()),
        },
    };
    if let Err(error) = outcome {
        at.tell(&error);
        if matches!(error.kind(), ErrorKind::NotLoggedIn(_)) {
            return Err(at.to("/login"));
        }
    }
    Ok(see(&at.path("/bulk")))
}

async fn create(at: &At, client: &Arc<Client>, files: Vec<OutgoingFile>) -> Result<(), Error> {
    let (terminal, client) = (at.terminal.folder()?, Arc::clone(client));
    let bulk = on_disk(move || Bulk::create(&terminal, files, None, client.clock())).await?;
    *at.terminal.bulk() = Some(bulk.id().to_owned());
    Ok(())
}

async fn run(at: &At, client: &Client, check: Check, retry_failed: bool) -> Result<(), Error> {
    let Some(mut bulk) = open(at).await? else { return Ok(()) };
    if at.terminal.is_old() {
        for number in 1..=bulk.summary().rows {
            let files = bulk.files(number)?;
            if let Some(alert) = too_old(at, &files) {
                at.visit.say(alert);
                return Ok(());
            }
        }
    }
    let summary = bulk.summary();
    let wanted = summary.waiting + if retry_failed { summary.failed } else { 0 };
    if wanted > MAX_ROWS {
        at.visit.say(
            Alert::bad(
                format!("一度に送信できるのは{MAX_ROWS}件までです（{wanted}件あります）。"),
                format!("At most {MAX_ROWS} rows can be sent at once; there are {wanted}."),
            )
            .and(
                "送信しない行を「除外」して、何回かに分けて送信してください。",
                "Leave rows out and send them in several runs.",
            ),
        );
        return Ok(());
    }
    let run = client.send_bulk(&mut bulk).retry_failed(retry_failed).check(check).await?;
    if let Some(stopped) = run.stopped_by {
        return Err(stopped);
    }
    let (sent, failed) = (run.sent.len(), run.failed.len());
    at.visit.say(match (sent, failed) {
        (0, 0) => Alert::note("送信する行がありません。", "There is no row to send."),
        (sent, 0) => Alert::good(
            format!("一括送信が完了しました（成功 {sent}件）。"),
            format!("All {sent} rows were sent."),
        ),
        (sent, failed) => Alert::bad(
            format!("成功 {sent}件、エラー {failed}件です。"),
            format!("{sent} rows were sent, {failed} failed."),
        )
        .and("エラーの行は、内容を確かめて編集してください。", "Look at the rows that failed."),
    });
    Ok(())
}

async fn clear(at: &At) -> Result<(), Error> {
    let bulk = open(at).await;
    *at.terminal.bulk() = None;
    if let Some(bulk) = bulk? {
        on_disk(move || bulk.remove()).await?;
    }
    Ok(())
}

async fn exclude(at: &At, number: &str, excluded: bool) -> Result<(), Error> {
    let Some(mut bulk) = open(at).await? else { return Ok(()) };
    let number = number.parse().unwrap_or_default();
    on_disk(move || bulk.exclude(number, excluded)).await
}

#[derive(Template)]
#[template(path = "client/bulk_row.html")]
struct RowPage {
    page: Page,
    number: usize,
    to: Partner,
    files: Vec<FileRow>,
    text: String,
    max_text: u32,
}

pub(super) async fn row_page(
    State(sites): State<Sites>,
    visit: Visit,
    Path((terminal, number)): Path<(String, usize)>,
) -> PageResult {
    let (at, client) = At::inside(&sites, visit, &terminal).await?;
    let bulk = open(&at).await.map_err(|error| at.broken(&error))?;
    let bulk = bulk.ok_or_else(|| at.to("/bulk"))?;
    let row = bulk.row(number).map_err(|_| PageError::NotFound)?;
    if matches!(row.state, RowState::Sent { .. } | RowState::Unresolved) {
        return Err(at.to("/bulk"));
    }
    let files = row
        .files
        .iter()
        .enumerate()
        .map(|(index, file)| FileRow::of(index, &file.name, file.size, &at.visit))
        .collect();
    let to = partner(&client, &row.to).await;
    Ok(show(&RowPage {
        page: at.page(),
        number,
        to,
        files,
        text: row.text.unwrap_or_default(),
        max_text: sites.relay().switches().max_text_chars,
    }))
}

/// The files of a row, as the forms people know.
pub(super) async fn row_forms(
    State(sites): State<Sites>,
    visit: Visit,
    Path((terminal, number)): Path<(String, usize)>,
) -> PageResult {
    let (at, client) = At::inside(&sites, visit, &terminal).await?;
    let bulk = open(&at).await.map_err(|error| at.broken(&error))?;
    let bulk = bulk.ok_or_else(|| at.to("/bulk"))?;
    let row = bulk.row(number).map_err(|_| PageError::NotFound)?;
    let files = bulk.files(number).map_err(|_| PageError::NotFound)?;
    let to = partner(&client, &row.to).await;
    let about = format!("{}　{}", to.name, to.number);
    let title = at.visit.t("送信する前のデータを様式で見る", "What will be sent, as forms");
    FormsPage::show(&at, title, about, "/bulk", bytes_of(files)).await
}

/// 更新 of a row: text, further files, files taken out.
pub(super) async fn act_on_row(
    State(sites): State<Sites>,
    visit: Visit,
    Path((terminal, number)): Path<(String, usize)>,
    mut posted: Posted,
) -> PageResult {
    let (at, _) = At::inside(&sites, visit, &terminal).await?;
    let _screen = at.terminal.screen.lock().await;
    let bulk = open(&at).await.map_err(|error| at.broken(&error))?;
    let mut bulk = bulk.ok_or_else(|| at.to("/bulk"))?;
    let mut files = bulk.files(number).map_err(|_| PageError::NotFound)?;
    let out: Vec<usize> = posted.all("out").filter_map(|index| index.parse().ok()).collect();
    let mut index = 0;
    files.retain(|_| {
        index += 1;
        !out.contains(&(index - 1))
    });
    if refuse_types(&at, &mut posted.files) {
        return Ok(see(&at.path(&format!("/bulk/{number}"))));
    }
    add(&mut files, std::mem::take(&mut posted.files));
    let text = posted.get("text").replace("\r\n", "\n");
    let limit = sites.relay().switches().max_message_bytes;
    if files.iter().map(|file| file.bytes.len() as u64).sum::<u64>() > limit {
        return Err(PageError::TooLarge(limit));
    }
    let edited = on_disk(move || {
        let text = Some(text.as_str()).filter(|text| !text.trim().is_empty());
        bulk.edit(number, files, text)
    })
    .await;
    match edited {
        Ok(_) => {
            at.visit.say(Alert::good(
                format!("{number}行目を更新しました。"),
                format!("Row {number} was updated."),
            ));
            Ok(see(&at.path("/bulk")))
        }
        Err(error) => {
            at.tell(&error);
            Ok(see(&at.path(&format!("/bulk/{number}"))))
        }
    }
}
