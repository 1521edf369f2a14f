//! `rehearse decide`: records what a person decided, bound to the files it was decided on.

use careplan_rehearsal::decision::{Decision, Verdict};
use careplan_rehearsal::evidence::State;
use careplan_rehearsal::expected_failure::day;
use careplan_spec::{Lang, Text};

use super::args::{DecideArgs, VerdictArg};
use super::folder::Folder;
use super::refused;
use crate::cli::now::Now;
use crate::cli::{Exit, print_bytes};

/// Runs the command.
pub(super) fn run(args: &DecideArgs, lang: Lang) -> anyhow::Result<Exit> {
    let now = Now::of(args.now.as_deref())?;
    let by = args.by.trim();
    if by.is_empty() {
        return Err(refused(&Text::made(
            "--by に判断した人の氏名を書いてください".to_owned(),
            "--by names who decided".to_owned(),
        )));
    }
    let date = args.date.clone().unwrap_or_else(|| now.day());
    if day(&date).is_none() {
        return Err(refused(&Text::made(
            format!("--date {date} は日付ではありません（例 2026-11-21）"),
            format!("--date {date} is no day; write it like 2026-11-21"),
        )));
    }
    if date > now.day() {
        return Err(refused(&Text::made(
            format!("--date {date} は先の日付です（今日は {}）", now.day()),
            format!("--date {date} is in the future (today is {})", now.day()),
        )));
    }
    let folder = Folder::open(&args.dir)?;
    let item = folder.item(&args.item)?;
    let present = folder.present(item)?;
    let results = folder.results()?;
    let failed_by_machine = results
        .of(&item.id)
        .is_some_and(|result| result.state == State::Failed && result.decided_by.is_none());
    let mut decisions = folder.decisions()?;
    decisions.decisions.push(Decision {
        item: item.id.clone(),
        verdict: match args.verdict {
            VerdictArg::Pass => Verdict::Pass,
            VerdictArg::Fail => Verdict::Fail,
        },
        by: by.to_owned(),
        date,
        note: args.note.clone(),
        subject: present.subject(),
    });
    folder.keep_decisions(&decisions)?;
    let files = present.files.len();
    print_bytes(
        match lang {
            Lang::Ja => format!(
                "{} の判断を記録しました（対象のファイル{files}個）。結果に入れるには run してください。\n",
                item.id
            ),
            Lang::En => {
                format!("{}: recorded, on {files} files. Run again to take it in.\n", item.id)
            }
        }
        .as_bytes(),
    )?;
    if failed_by_machine && args.verdict == VerdictArg::Pass {
        print_bytes(
            Text::new(
                "ご注意：この項目は自動の判定で不合格です。人の判断では合格になりません。\n",
                "Note: a machine found this item wrong; no decision makes it pass.\n",
            )
            .get(lang)
            .as_bytes(),
        )?;
    }
    Ok(Exit::Accepted)
}
