//! 一括送信.

use careplan_client_core::{Bulk, Client, Error, ErrorKind, Progress as _, RowState, Text, shown};
use serde_json::json;

use super::Ending;
use super::account::failed_value;
use super::args::{BulkArgs, BulkCommand};
use super::content::{change, check, gather, text};
use super::exit_code::Exit;
use super::progress::Bar;
use super::screen::Screen;

pub(crate) async fn run(args: BulkArgs, client: &Client, screen: &Screen) -> Ending {
    let terminal = client.terminal();
    match args.command.unwrap_or(BulkCommand::List) {
        BulkCommand::New { files, text: given, send: at_once, no_check } => {
            let files = gather(&files, screen)?;
            let mut bulk = Bulk::create(terminal, files, text(&given)?.as_deref(), client.clock())?;
            if !at_once {
                show(&bulk, screen)?;
                return Ok(Exit::Done);
            }
            send(&mut bulk, None, false, no_check, client, screen).await
        }
        BulkCommand::List => {
            let list = Bulk::list(terminal)?;
            screen.value(&json!({ "items": list }));
            let rows: Vec<Vec<String>> = list
                .iter()
                .map(|bulk| {
                    let numbers = [bulk.rows, bulk.sent, bulk.failed, bulk.waiting];
                    [bulk.id.clone(), shown(bulk.created_at)]
                        .into_iter()
                        .chain(numbers.map(|number| number.to_string()))
                        .collect()
                })
                .collect();
            let head = [
                screen.pick("番号", "id"),
                screen.pick("作成日時", "made"),
                screen.pick("行", "rows"),
                screen.pick("成功", "sent"),
                screen.pick("失敗", "failed"),
                screen.pick("未送信", "waiting"),
            ];
            screen.table(&head, &rows);
            Ok(Exit::Done)
        }
        BulkCommand::Show { id } => {
            show(&Bulk::open(terminal, &id)?, screen)?;
            Ok(Exit::Done)
        }
        BulkCommand::Edit { id, row, change: args, exclude, include } => {
            let mut bulk = Bulk::open(terminal, &id)?;
            if exclude || include {
                bulk.exclude(row, exclude)?;
            }
            let edits = args.text.text.is_some()
                || args.text.text_file.is_some()
                || !args.attach.is_empty()
                || !args.detach.is_empty();
            if edits {
                let before = bulk.row(row)?;
                let (files, text) = change(bulk.files(row)?, before.text, &args)?;
                bulk.edit(row, files, text.as_deref())?;
            }
            show(&bulk, screen)?;
            Ok(Exit::Done)
        }
        BulkCommand::Send { id, rows, retry_failed, no_check } => {
            let rows = rows.as_deref().map(numbers).transpose()?;
            let mut bulk = Bulk::open(terminal, &id)?;
            send(&mut bulk, rows, retry_failed, no_check, client, screen).await
        }
        BulkCommand::Remove { id } => {
            Bulk::open(terminal, &id)?.remove()?;
            screen.value(&json!({ "removed": id }));
            screen
                .say(screen.pick("一括送信を端末から削除しました。", "The bulk send was removed."));
            Ok(Exit::Done)
        }
    }
}

async fn send(
    bulk: &mut Bulk,
    rows: Option<Vec<usize>>,
    retry_failed: bool,
    no_check: bool,
    client: &Client,
    screen: &Screen,
) -> Ending {
    let bar = Bar::new(screen);
    let run = client.send_bulk(bulk).retry_failed(retry_failed).check(check(no_check));
    let run = match rows {
        Some(rows) => run.rows(rows),
        None => run,
    };
    let run = run.progress(|event| bar.event(event)).await;
    bar.finish();
    let run = run?;
    screen.value(&json!({
        "id": bulk.id(),
        "sent": run.sent,
        "failed": run.failed,
        "stopped_by": run.stopped_by.as_ref().map(failed_value),
        "rows": bulk.rows()?,
        "unplaced": bulk.unplaced(),
    }));
    table(bulk, screen)?;
    if let Some(error) = run.stopped_by {
        screen.note(&screen.describe(&error));
        screen.note(&format!(
            "{}careplan-client bulk send {}",
            screen.pick("続きは次で送信できます：", "go on with: "),
            bulk.id()
        ));
        return Ok(Exit::from(error.class()));
    }
    Ok(if run.failed.is_empty() { Exit::Done } else { Exit::Refused })
}

/// Shows a bulk send with its rows.
pub(crate) fn show(bulk: &Bulk, screen: &Screen) -> Result<(), Error> {
    screen.value(&json!({
        "id": bulk.id(),
        "summary": bulk.summary(),
        "rows": bulk.rows()?,
        "unplaced": bulk.unplaced(),
    }));
    screen.say(&format!("{}{}", screen.pick("一括送信 ", "bulk send "), bulk.id()));
    table(bulk, screen)
}

fn table(bulk: &Bulk, screen: &Screen) -> Result<(), Error> {
    let rows: Vec<Vec<String>> = bulk
        .rows()?
        .iter()
        .map(|row| {
            let state = match &row.state {
                RowState::Waiting => screen.pick("未送信", "waiting").to_owned(),
                RowState::Unresolved => {
                    screen.pick("結果不明（再送信できます）", "unknown: send again").to_owned()
                }
                RowState::Sent { .. } => screen.pick("成功", "sent").to_owned(),
                RowState::Failed { what, .. } => {
                    format!("{}{}", screen.pick("失敗：", "failed: "), what.get(screen.lang))
                }
                RowState::Excluded => screen.pick("除外", "left out").to_owned(),
            };
            let units: Vec<&str> = row.units().iter().map(|unit| unit.id.unwrap_or("?")).collect();
            vec![
                row.number.to_string(),
                row.to.clone(),
                units.join(","),
                row.files.len().to_string(),
                (if row.text.is_some() { screen.pick("あり", "yes") } else { "" }).to_owned(),
                state,
            ]
        })
        .collect();
    let head = [
        screen.pick("行", "row"),
        screen.pick("送信先", "to"),
        screen.pick("送信単位", "units"),
        screen.pick("ファイル", "files"),
        screen.pick("メッセージ", "text"),
        screen.pick("結果", "result"),
    ];
    screen.table(&head, &rows);
    for unplaced in bulk.unplaced() {
        screen.note(&format!(
            "{}{}: {}",
            screen.pick("振り分けられないファイル：", "in no row: "),
            unplaced.name,
            unplaced.reason.get(screen.lang)
        ));
    }
    Ok(())
}

/// Reads `1-100,105`.
fn numbers(text: &str) -> Result<Vec<usize>, Error> {
    let wrong = || {
        Error::from(ErrorKind::Setting(Text::made(
            format!("行の指定「{text}」を読み取れません（例：1-100,105）。"),
            format!("The rows {text:?} cannot be read (such as 1-100,105)."),
        )))
    };
    let mut all = Vec::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let first: usize = first.trim().parse().map_err(|_| wrong())?;
        let last: usize = last.trim().parse().map_err(|_| wrong())?;
        if first == 0 || last < first || last - first > 100_000 {
            return Err(wrong());
        }
        all.extend(first..=last);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn rows_are_numbers_and_ranges() {
        assert_eq!(numbers("1-3, 7").unwrap(), [1, 2, 3, 7]);
        for wrong in ["", "0", "3-1", "a", "1-", "1-99999999"] {
            assert!(numbers(wrong).is_err(), "{wrong}");
        }
    }
}
