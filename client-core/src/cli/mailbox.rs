//! 受信一覧, 送信一覧 and データ取得.

use careplan_client_core::wire::{ManifestFile, Office, UnitHead};
use careplan_client_core::{
    Client, DownloadState, Downloaded, Error, FetchState, Form, InboxSort, Lang, MessageId,
    OfficeNumber, Progress as _, shown,
};
use serde_json::json;

use super::Ending;
use super::account::{failed_value, not_a_number};
use super::args::{DownloadArg, DownloadArgs, FetchArg, InboxArgs, OutboxArgs};
use super::exit_code::Exit;
use super::progress::Bar;
use super::screen::Screen;
use super::settings::Settings;

/// Messages taken by `--all`, so that a relay that never ends its list cannot keep us.
const MOST_MESSAGES: usize = 100_000;

pub(crate) async fn inbox(args: InboxArgs, client: &Client, screen: &Screen) -> Ending {
    if let Some(id) = &args.id {
        let item = client.inbox_item(&id.as_str().into()).await?;
        screen.value(&item);
        screen.say(&format!("{} {} {}", item.id, shown(item.received_at), party(&item.from)));
        screen.say(&format!("{} {}", units(&item.units), fetched(&item.state, screen)));
        show_files(&item.manifest_files, screen);
        return Ok(Exit::Done);
    }
    let mut list = client.inbox().per_page(args.per_page);
    if let Some(sort) = &args.sort {
        list = list.sort(sort.parse()?);
    }
    if let Some(state) = args.state {
        list = list.state(match state {
            FetchArg::Unfetched => FetchState::Unfetched,
            FetchArg::Fetched => FetchState::Fetched,
        });
    }
    if let Some(from) = &args.from {
        list = list.from(number(from)?);
    }
    if let Some(text) = args.query {
        list = list.text(text);
    }
    let page = list.page(args.page).await?;
    screen.value(&page);
    let rows: Vec<Vec<String>> = page
        .items
        .iter()
        .map(|item| {
            vec![
                item.id.to_string(),
                shown(item.received_at),
                party(&item.from),
                units(&item.units),
                item.files.to_string(),
                fetched(&item.state, screen).to_owned(),
            ]
        })
        .collect();
    let head = [
        screen.pick("番号", "id"),
        screen.pick("受信日時", "received"),
        screen.pick("送信元事業所", "from"),
        screen.pick("送信単位", "units"),
        screen.pick("ファイル", "files"),
        screen.pick("データ取得状況", "fetched"),
    ];
    screen.table(&head, &rows);
    count(page.items.len(), page.page, page.total, screen);
    Ok(Exit::Done)
}

pub(crate) async fn outbox(args: OutboxArgs, client: &Client, screen: &Screen) -> Ending {
    if let Some(id) = &args.id {
        let item = client.outbox_item(&id.as_str().into()).await?;
        screen.value(&item);
        screen.say(&format!("{} {} {}", item.id, shown(item.sent_at), party(&item.to)));
        screen.say(&format!("{} {}", units(&item.units), downloaded(&item.state, screen)));
        show_files(&item.manifest_files, screen);
        return Ok(Exit::Done);
    }
    let mut list = client.outbox().per_page(args.per_page);
    if let Some(sort) = &args.sort {
        list = list.sort(sort.parse()?);
    }
    if let Some(state) = args.state {
        list = list.state(match state {
            DownloadArg::NotDownloaded => DownloadState::NotDownloaded,
            DownloadArg::Downloaded => DownloadState::Downloaded,
        });
    }
    if let Some(to) = &args.to {
        list = list.to(number(to)?);
    }
    if let Some(text) = args.query {
        list = list.text(text);
    }
    let page = list.page(args.page).await?;
    screen.value(&page);
    let rows: Vec<Vec<String>> = page
        .items
        .iter()
        .map(|item| {
            vec![
                item.id.to_string(),
                shown(item.sent_at),
                party(&item.to),
                units(&item.units),
                item.files.to_string(),
                downloaded(&item.state, screen).to_owned(),
            ]
        })
        .collect();
    let head = [
        screen.pick("番号", "id"),
        screen.pick("送信日時", "sent"),
        screen.pick("送信先事業所", "to"),
        screen.pick("送信単位", "units"),
        screen.pick("ファイル", "files"),
        screen.pick("ダウンロード状況", "downloaded"),
    ];
    screen.table(&head, &rows);
    count(page.items.len(), page.page, page.total, screen);
    Ok(Exit::Done)
}

fn fetched<'a>(state: &'a FetchState, screen: &Screen) -> &'a str {
    match state {
        FetchState::Unfetched => screen.pick("未取得", "no"),
        FetchState::Fetched => screen.pick("済", "yes"),
        other => other.as_str(),
    }
}

fn downloaded<'a>(state: &'a DownloadState, screen: &Screen) -> &'a str {
    match state {
        DownloadState::NotDownloaded => screen.pick("未ダウンロード", "no"),
        DownloadState::Downloaded => screen.pick("ダウンロード済", "yes"),
        other => other.as_str(),
    }
}

fn number(text: &str) -> Result<OfficeNumber, Error> {
    OfficeNumber::parse(text.as_bytes()).ok_or_else(|| not_a_number(text))
}

fn party(office: &Office) -> String {
    let kind = office.service_kind.as_deref().map(|kind| format!("/{kind}")).unwrap_or_default();
    format!("{}{kind} {}", office.number, office.name)
}

fn units(units: &[UnitHead]) -> String {
    let words: Vec<String> = units
        .iter()
        .map(|unit| match &unit.service_month {
            Some(month) => format!("{}({month})", unit.unit),
            None => unit.unit.clone(),
        })
        .collect();
    words.join(" ")
}

fn show_files(files: &[ManifestFile], screen: &Screen) {
    for file in files {
        screen.say(&format!("  {} ({})", file.name, file.size));
    }
}

pub(super) fn count(shown: usize, page: u64, total: u64, screen: &Screen) {
    screen.say(&match screen.lang {
        Lang::Ja => format!("{total}件中{shown}件（{page}ページ目）"),
        Lang::En => format!("{shown} of {total} (page {page})"),
    });
}

pub(crate) async fn download(
    args: DownloadArgs,
    client: &Client,
    settings: &Settings,
    screen: &Screen,
) -> Ending {
    if args.pending {
        return pending(client, screen);
    }
    if let Some(id) = args.forget {
        client.terminal().forget_download(&id.as_str().into())?;
        screen.value(&json!({ "forgotten": id }));
        screen.say(screen.pick(
            "取得途中のデータを削除しました。必要なときは送信元事業所に再送を依頼してください。",
            "The unfinished download was removed. Ask the sender to send it again if you need it.",
        ));
        return Ok(Exit::Done);
    }
    let folder = args.to.or_else(|| settings.downloads.clone()).unwrap_or_else(|| ".".into());
    let form = if args.zip { Form::Zip } else { Form::Folder };
    let ids = if args.all {
        everything(client).await?
    } else {
        args.ids.into_iter().map(MessageId::from).collect()
    };
    let mut results = Vec::new();
    let mut exit = Exit::Done;
    for id in ids {
        let bar = Bar::new(screen);
        let download = client.download(&id).to(&folder).form(form);
        let outcome = download.progress(|event| bar.event(event)).await;
        bar.finish();
        match outcome {
            Ok(done) => {
                show_downloaded(&done, screen);
                results.push(json!({ "id": id, "downloaded": done }));
            }
            Err(error) => {
                let failed = Exit::from(error.class());
                results.push(json!({ "id": id, "error": failed_value(&error) }));
                if exit == Exit::Done {
                    exit = failed;
                }
                if !screen.json {
                    screen.fail(&error);
                }
                if error.stops_everything() {
                    break;
                }
            }
        }
    }
    if results.is_empty() {
        screen.say(screen.pick("未取得のデータはありません。", "There is nothing to fetch."));
    }
    screen.value(&json!({ "items": results }));
    Ok(exit)
}

/// What is not fetched yet, unfinished downloads first.
async fn everything(client: &Client) -> Result<Vec<MessageId>, Error> {
    let pending = client.terminal().pending_downloads()?;
    let mut ids: Vec<MessageId> = pending.into_iter().map(|pending| pending.message_id).collect();
    let list = client.inbox().state(FetchState::Unfetched).sort(InboxSort::OldestFirst);
    let mut waiting = list.per_page(100).into_stream();
    while let Some(item) = waiting.next().await {
        let id = item?.id;
        if !ids.contains(&id) {
            ids.push(id);
        }
        if ids.len() >= MOST_MESSAGES {
            break;
        }
    }
    Ok(ids)
}

fn show_downloaded(done: &Downloaded, screen: &Screen) {
    screen.say(&format!(
        "{}{} ({})",
        screen.pick("取得しました：", "fetched: "),
        done.path.display(),
        party(&done.from)
    ));
    for file in &done.files {
        if file.saved_as == file.name {
            screen.say(&format!("  {} ({})", file.name, file.bytes));
        } else {
            screen.say(&format!("  {} <- {} ({})", file.saved_as, file.name, file.bytes));
        }
    }
    screen.say(&format!("  {}{}", screen.pick("署名：", "signed by: "), done.signer));
    if let Some(text) = &done.text {
        screen.say(&format!("  {}{text}", screen.pick("メッセージ：", "text: ")));
    }
    if !done.confirmed {
        screen.note(screen.pick(
            "注意：保存は終わりましたが、サーバーに取得完了を伝えられませんでした。もう一度 download を実行すると、完了の連絡だけを行います。",
            "note: it is saved, but the relay could not be told. Run download again: only that is done then.",
        ));
    }
}

fn pending(client: &Client, screen: &Screen) -> Ending {
    let list = client.terminal().pending_downloads()?;
    screen.value(&json!({ "items": list }));
    let rows: Vec<Vec<String>> = list
        .iter()
        .map(|pending| {
            vec![
                pending.message_id.to_string(),
                party(&pending.from),
                if pending.saved {
                    screen.pick("保存済み", "saved").to_owned()
                } else {
                    format!("{}/{}", pending.done, pending.total)
                },
                pending.expires_at.map(shown).unwrap_or_else(|| "-".to_owned()),
            ]
        })
        .collect();
    let head = [
        screen.pick("番号", "id"),
        screen.pick("送信元事業所", "from"),
        screen.pick("取得済みバイト", "bytes"),
        screen.pick("取得期限", "until"),
    ];
    screen.table(&head, &rows);
    Ok(Exit::Done)
}
