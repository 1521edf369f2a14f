//! 新規作成 and 下書き一覧.

use careplan_client_core::{Client, Draft, Message, OfficeNumber, Progress as _, Sent, shown};
use serde_json::json;

use super::Ending;
use super::args::{DraftsArgs, DraftsCommand, SendArgs};
use super::content::{change, check, gather, text};
use super::exit_code::Exit;
use super::progress::Bar;
use super::screen::{Screen, check_value};

pub(crate) async fn send(args: SendArgs, client: &Client, screen: &Screen) -> Ending {
    let files = gather(&args.files, screen)?;
    let text = text(&args.text)?;
    let drafts = client.terminal().drafts();
    if args.draft {
        let draft = drafts.save(&files, text.as_deref(), client.clock())?;
        show_saved(&draft, screen);
        return Ok(Exit::Done);
    }
    let message = Message::new(files)?.text(text.unwrap_or_default());
    show_destination(&message, client, screen).await;
    if args.dry_run {
        let found = client.check(&message).await?;
        screen.value(&json!({
            "to": message.to(),
            "files": message.files().iter().map(|file| &file.name).collect::<Vec<_>>(),
            "check": check_value(&found),
        }));
        screen.findings(&found);
        screen.say(if found.passed() {
            screen.pick("検査の結果、送信できます。", "The check passed; it can be sent.")
        } else {
            screen.pick("検査で誤りが見つかりました。", "The check found errors.")
        });
        return Ok(if found.passed() { Exit::Done } else { Exit::Refused });
    }
    let bar = Bar::new(screen);
    let sending = client.send(message).check(check(args.no_check));
    let outcome = sending.progress(|event| bar.event(event)).await;
    bar.finish();
    match outcome {
        Ok(sent) => {
            show_sent(&sent, screen);
            Ok(Exit::Done)
        }
        Err(error) => {
            if let Some(draft) = error.draft() {
                screen.note(&format!(
                    "{}{draft}",
                    screen.pick("下書きに残しました：", "kept as draft ")
                ));
            }
            Err(error)
        }
    }
}

/// 送信先 and what goes there, before it goes.
async fn show_destination(message: &Message, client: &Client, screen: &Screen) {
    if screen.json {
        return;
    }
    // The name is a service to the reader; sending does not depend on it.
    let name = match OfficeNumber::parse(message.to().as_bytes()) {
        Some(number) => client.office(number).await.map(|office| office.name).unwrap_or_default(),
        None => String::new(),
    };
    screen.say(&format!("{}{} {name}", screen.pick("送信先：", "to: "), message.to()));
    for unit in message.units() {
        let title = unit.title.map_or("-", |title| title.get(screen.lang));
        let month = unit.month.map(|month| format!(" {}", month.number())).unwrap_or_default();
        screen.say(&format!("  {title}{month}"));
        for file in &unit.files {
            screen.say(&format!("    {file}"));
        }
    }
    for file in message.files().iter().filter(|file| file.standard_name().is_none()) {
        screen.say(&format!("  {}{}", screen.pick("添付 ", "attached "), file.name));
    }
}

fn show_sent(sent: &Sent, screen: &Screen) {
    screen.value(sent);
    screen.say(screen.pick("送信成功しました", "sent"));
    screen.say(&format!("  {} {} {}", sent.id, sent.to.number, sent.to.name));
    if sent.repeated {
        screen.say(screen.pick(
            "  （前回の送信が届いていました。二重には送信していません）",
            "  (the earlier send had arrived; nothing was sent twice)",
        ));
    }
}

fn show_saved(draft: &Draft, screen: &Screen) {
    screen.value(draft);
    screen.say(&format!(
        "{}{} ({})",
        screen.pick("下書きに保存しました：", "saved as draft "),
        draft.id,
        if draft.to.is_empty() { "-".to_owned() } else { draft.to.join(" ") }
    ));
}

pub(crate) async fn drafts(args: DraftsArgs, client: &Client, screen: &Screen) -> Ending {
    let drafts = client.terminal().drafts();
    match args.command.unwrap_or(DraftsCommand::List) {
        DraftsCommand::List => {
            let list = drafts.list()?;
            screen.value(&json!({ "items": list }));
            let rows: Vec<Vec<String>> = list
                .iter()
                .map(|draft| {
                    vec![
                        draft.id.clone(),
                        shown(draft.saved_at),
                        draft.to.join(" "),
                        draft.files.len().to_string(),
                        (if draft.unresolved {
                            screen.pick("送信結果不明", "sent or not: unknown")
                        } else {
                            ""
                        })
                        .to_owned(),
                    ]
                })
                .collect();
            let head = [
                screen.pick("番号", "id"),
                screen.pick("保存日時", "saved"),
                screen.pick("送信先", "to"),
                screen.pick("ファイル", "files"),
                "",
            ];
            screen.table(&head, &rows);
        }
        DraftsCommand::Show { id } => {
            let draft = drafts.show(&id)?;
            screen.value(&draft);
            screen.say(&format!("{} {} {}", draft.id, shown(draft.saved_at), draft.to.join(" ")));
            for file in &draft.files {
                screen.say(&format!("  {} ({})", file.name, file.size));
            }
            if let Some(text) = &draft.text {
                screen.say(text);
            }
        }
        DraftsCommand::Edit { id, change: args } => {
            if drafts.show(&id)?.unresolved {
                screen.note(screen.pick(
                    "注意：この下書きは送信の結果が分からないままです。変更すると別の送信になります。送信一覧で前の送信が届いていないか確かめてください。",
                    "note: whether this draft was sent is not known. Changed, it is another message: see in the outbox whether it arrived.",
                ));
            }
            let (files, text) = drafts.open(&id)?;
            let (files, text) = change(files, text, &args)?;
            let draft = drafts.replace(&id, &files, text.as_deref(), client.clock())?;
            show_saved(&draft, screen);
        }
        DraftsCommand::Send { id, no_check } => {
            let bar = Bar::new(screen);
            let sending = client.send_draft(&id).check(check(no_check));
            let outcome = sending.progress(|event| bar.event(event)).await;
            bar.finish();
            show_sent(&outcome?, screen);
        }
        DraftsCommand::Bulk { id } => {
            let bulk = drafts.into_bulk(&id, client.terminal(), client.clock())?;
            super::bulk_send::show(&bulk, screen)?;
        }
        DraftsCommand::Remove { id } => {
            drafts.remove(&id)?;
            screen.value(&json!({ "removed": id }));
            screen.say(screen.pick("下書きを削除しました。", "The draft was removed."));
        }
    }
    Ok(Exit::Done)
}
