//! 受信一覧, 送信一覧 and データ取得.

use careplan_client_core::clock::shown;
use careplan_client_core::wire::{DownloadState, FetchState, ManifestFile, Office, UnitHead};
use careplan_client_core::{
    Client, ClientError, DownloadOptions, Downloaded, Form, InboxQuery, OutboxQuery,
};
use serde_json::json;

use super::Ending;
use super::account::failed_value;
use super::args::{DownloadArg, DownloadArgs, FetchArg, InboxArgs, OutboxArgs};
use super::exit_code::Exit;
use super::progress::Bar;
use super::screen::Screen;
use super::settings::Settings;

/// Pages followed by `--all`, so that a relay that never ends its list cannot keep us.
const MAX_PAGES: u32 = 1_000;

pub(crate) async fn inbox(args: InboxArgs, client: &Client, screen: &Screen) -> Ending {
    if let Some(id) = &args.id {
        let item = client.inbox_item(id).await?;
        screen.value(&item);
        screen.say(&format!("{} {} {}", item.id, shown(item.received_at), party(&item.from)));
        screen.say(&format!("{} {}", units(&item.units), fetched(item.state, screen)));
        show_files(&item.manifest_files, screen);
        return Ok(Exit::Done);
    }
    let page = client
        .inbox(&InboxQuery {
            page: args.page,
            per_page: args.per_page,
            sort: args.sort,
            state: args.state.map(|state| match state {
                FetchArg::Unfetched => FetchState::Unfetched,
                FetchArg::Fetched => FetchState::Fetched,
            }),
            from: args.from,
            text: args.query,
        })
        .await?;
    screen.value(&page);
    let rows: Vec<Vec<String>> = page
        .items
        .iter()
        .map(|item| {
            vec![
                item.id.clone(),
                shown(item.received_at),
                party(&item.from),
                units(&item.units),
                item.files.to_string(),
                fetched(item.state, screen).to_owned(),
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
        let item = client.outbox_item(id).await?;
        screen.value(&item);
        screen.say(&format!("{} {} {}", item.id, shown(item.sent_at), party(&item.to)));
        screen.say(&format!("{} {}", units(&item.units), downloaded(item.state, screen)));
        show_files(&item.manifest_files, screen);
        return Ok(Exit::Done);
    }
    let page = client
        .outbox(&OutboxQuery {
            page: args.page,
            per_page: args.per_page,
            sort: args.sort,
            state: args.state.map(|state| match state {
                DownloadArg::NotDownloaded => DownloadState::NotDownloaded,
                DownloadArg::Downloaded => DownloadState::Downloaded,
            }),
            to: args.to,
            text: args.query,
        })
        .await?;
    screen.value(&page);
    let rows: Vec<Vec<String>> = page
        .items
        .iter()
        .map(|item| {
            vec![
                item.id.clone(),
                shown(item.sent_at),
                party(&item.to),
                units(&item.units),
                item.files.to_string(),
                downloaded(item.state, screen).to_owned(),
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

fn fetched(state: FetchState, screen: &Screen) -> &'static str {
    match state {
        FetchState::Unfetched => screen.pick("未取得", "no"),
        FetchState::Fetched => screen.pick("済", "yes"),
    }
}

fn downloaded(state: DownloadState, screen: &Screen) -> &'static str {
    match state {
        DownloadState::NotDownloaded => screen.pick("未ダウンロード", "no"),
        DownloadState::Downloaded => screen.pick("ダウンロード済", "yes"),
    }
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

fn count(shown: usize, page: u64, total: u64, screen: &Screen) {
    screen.say(&match screen.lang {
        careplan_spec::Lang::Ja => format!("{total}件中{shown}件（{page}ページ目）"),
        careplan_spec::Lang::En => format!("{shown} of {total} (page {page})"),
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
        client.terminal().forget_download(&id)?;
        screen.value(&json!({ "forgotten": id }));
        screen.say(screen.pick(
            "取得途中のデータを削除しました。必要なときは送信元事業所に再送を依頼してください。",
            "The unfinished download was removed. Ask the sender to send it again if you need it.",
        ));
        return Ok(Exit::Done);
    }
    let options = DownloadOptions {
        folder: args.to.or_else(|| settings.downloads.clone()).unwrap_or_else(|| ".".into()),
        form: if args.zip { Form::Zip } else { Form::Folder },
    };
    let ids = if args.all { everything(client).await? } else { args.ids };
    let mut results = Vec::new();
    let mut exit = Exit::Done;
    for id in ids {
        let bar = Bar::new(screen);
        let outcome = client.download(&id, &options, &bar).await;
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
async fn everything(client: &Client) -> Result<Vec<String>, ClientError> {
    let mut ids: Vec<String> = client
        .terminal()
        .pending_downloads()?
        .into_iter()
        .map(|pending| pending.message_id)
        .collect();
    for page in 1..=MAX_PAGES {
        let query = InboxQuery {
            page,
            per_page: 100,
            state: Some(FetchState::Unfetched),
            sort: Some("received_at".to_owned()),
            ..InboxQuery::default()
        };
        let page = client.inbox(&query).await?;
        let last = page.items.is_empty() || page.page * page.per_page >= page.total;
        for item in page.items {
            if !ids.contains(&item.id) {
                ids.push(item.id);
            }
        }
        if last {
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
                pending.message_id.clone(),
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
