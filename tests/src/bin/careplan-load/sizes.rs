//! Lists of one large inbox, and what they cost others.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use careplan_tests::bed::Bed;
use careplan_tests::office::Office;
use careplan_tests::unit::office_of;
use serde_json::Value;

use crate::Options;
use crate::measure::{Measured, Until, measure, since};
use crate::phases::{route, sends, start};
use crate::{process, wire};

/// Requests of each measurement; every one asks for another page, so that none is remembered.
const REQUESTS: u64 = 300;
/// How many at once: people of one office, not a load.
const AT_ONCE: u16 = 2;
/// Connections that search while others send.
const SEARCHERS: u16 = 8;
/// Messages sent in that time, and in none.
const SENDS: u32 = 300;
/// Messages that say what no other says.
const FEW: u32 = 10;
/// What a list may take.
const LIST_MS: u64 = 50;
/// What the top page may take.
const TOP_MS: u64 = 10;

/// Measures it; the table.
pub(crate) async fn run(server: &Path, size: u64, options: &Options) -> Result<String> {
    let scratch = tempfile::tempdir()?;
    let data = scratch.path().join("data");
    if let Some(given) = &options.data {
        copy(given, &data)?;
    }
    let data = data.to_str().context("the temporary folder is not Unicode")?;
    let mut arguments = vec!["--data", data];
    if options.full_sync {
        arguments.push("--full-sync");
    }
    let (bed, ready) = start(server, &arguments).await?;
    let planner = bed.office(office_of("43")).await;
    let helper = bed.office(office_of("11")).await;
    let mut total = count(&bed, &helper).await?;
    while total < size {
        let some = u32::try_from((size - total).min(5_000))?;
        let keys = format!("fill-{total}");
        sends(&bed, &planner, "K2", "filling: sends", &keys, some, options.connections).await?;
        total = count(&bed, &helper).await?;
    }
    sends(&bed, &planner, "K1", "a few others: sends", &format!("few-{total}"), FEW, 1).await?;
    total += u64::from(FEW);

    let mut table = String::new();
    let head =
        "| what | requests | p50 | p99 | longest | target (p99) |\n|---|---:|---:|---:|---:|---:|";
    // Writing to a string cannot fail.
    let _ = writeln!(table, "{total} messages in one inbox, {AT_ONCE} requests at once\n\n{head}");
    let ms = |time: Duration| format!("{:.2} ms", time.as_secs_f64() * 1e3);
    let mut row = |measured: &Measured, target: Option<u64>| {
        let target = target.map_or_else(|| "–".to_owned(), |target| format!("{target} ms"));
        let (p50, p99, max) = (ms(measured.p50), ms(measured.p99), ms(measured.max));
        let (what, count) = (&measured.what, measured.count);
        let _ = writeln!(table, "| {what} | {count} | {p50} | {p99} | {max} | {target} |");
    };
    // From here on some are fetched.
    row(&behind_claims(&bed, &helper).await?, Some(LIST_MS));
    for (what, query) in queries(&planner) {
        let last_pages = (total / 20).saturating_sub(REQUESTS).max(1);
        for (where_, first) in [("", 1), (", last pages", last_pages)] {
            let what = format!("{what}{where_}");
            let query = query.clone();
            let path = move |number: u64| {
                format!("/v1/inbox?per_page=20&page={}&{query}", first + number % REQUESTS)
            };
            row(&ask(&bed, &helper, &what, path).await?, Some(LIST_MS));
        }
    }
    row(&ask(&bed, &helper, "top page", |_| "/v1/top".to_owned()).await?, Some(TOP_MS));

    let what = "sends, nobody searches:";
    let alone = sends(&bed, &planner, "K2", what, "alone", SENDS, AT_ONCE).await?;
    row(&alone.0, None);
    let is_over = Arc::new(AtomicBool::new(false));
    let searching = searchers(&bed, &helper, &is_over)?;
    let what = "sends, an office searches:";
    let beside = sends(&bed, &planner, "K2", what, "beside", SENDS, AT_ONCE).await;
    let path = |number: u64| format!("/v1/outbox?per_page=20&page={}", 1 + number % REQUESTS);
    let other = ask(&bed, &planner, "lists of another office meanwhile", path).await;
    is_over.store(true, Ordering::Relaxed);
    let mut searches = 0;
    for one in searching {
        searches += one.await.context("a searcher ended early")??;
    }
    row(&beside?.0, None);
    row(&other?, Some(LIST_MS));
    let memory = process::memory(bed.program.id()).map_or_else(
        || "–".to_owned(),
        |(now, highest)| format!("{now:.0} MiB (highest {highest:.0})"),
    );
    let _ = writeln!(
        table,
        "\n{searches} searches beside the sends; start to `/readyz` {}; memory {memory}",
        ms(ready)
    );
    Ok(table)
}

/// What is asked for, each from its first and its last pages.
fn queries(planner: &Office) -> Vec<(String, String)> {
    const ORDERS: [(&str, &str); 4] = [
        ("newest first", "sort=-received_at"),
        ("oldest first", "sort=received_at"),
        ("by office", "sort=from"),
        ("by office, backward", "sort=-from"),
    ];
    const STATES: [(&str, &str); 3] =
        [("", ""), (", unfetched", "&state=unfetched"), (", fetched", "&state=fetched")];
    let texts = [
        ("", String::new()),
        (", text in all", text(IN_ALL)),
        (", text in few", text(IN_FEW)),
        (", text in none", text("there is no such text")),
    ];
    let mut queries = Vec::new();
    for (text_shown, text) in texts {
        for (order_shown, order) in ORDERS {
            for (state_shown, state) in STATES {
                let shown = format!("{order_shown}{state_shown}{text_shown}");
                queries.push((shown, format!("{order}{state}{text}")));
            }
        }
    }
    let from = format!("from={}", planner.number);
    queries.extend([
        ("of one office".to_owned(), from.clone()),
        ("of one office, unfetched".to_owned(), format!("{from}&state=unfetched")),
        ("one character, in all".to_owned(), text("1")),
        ("two characters, in none".to_owned(), text("鬱鬱")),
    ]);
    queries
}

/// Part of a name of a file that every message has, and of one that few have.
const IN_ALL: &str = "_477";
const IN_FEW: &str = "up1kyo";

/// The parameter that searches for a text.
fn text(text: &str) -> String {
    let mut query = "&query=".to_owned();
    for byte in text.bytes() {
        let _ = write!(query, "%{byte:02X}");
    }
    query
}

/// Searches among unfetched ones, each right after a claim.
async fn behind_claims(bed: &Bed, helper: &Office) -> Result<Measured> {
    let (route, token) = (route(bed, helper)?, Arc::<str>::from(helper.token.as_str()));
    let what = "text in all, unfetched, each right after a claim";
    measure(what, bed.program.id(), 1, Until::Count(REQUESTS), |turns| {
        let (route, token) = (route.clone(), Arc::clone(&token));
        async move {
            let mut connection = route.connect().await?;
            let path = format!("/v1/inbox?per_page=1&state=unfetched{}", text(IN_ALL));
            let search = wire::bare("GET", &path, Some(&token));
            let mut times = Vec::new();
            let mut before: Value = serde_json::from_slice(connection.expect(200, &search).await?)?;
            while turns.next().is_some() {
                let id = before["items"][0]["id"].as_str().context("all are fetched")?;
                let claim = wire::bare("POST", &format!("/v1/inbox/{id}/claim"), Some(&token));
                connection.expect(200, &claim).await?;
                let begun = Instant::now();
                let answer = connection.expect(200, &search).await?;
                times.push(since(begun));
                let now: Value = serde_json::from_slice(answer)?;
                let total = |list: &Value| list["total"].as_u64();
                if total(&now).map(|total| total + 1) != total(&before) {
                    bail!("the claim of {id} does not show");
                }
                before = now;
            }
            Ok(times)
        }
    })
    .await
}

async fn count(bed: &Bed, helper: &Office) -> Result<u64> {
    let mut connection = route(bed, helper)?.connect().await?;
    let request = wire::bare("GET", "/v1/inbox?per_page=1", Some(&helper.token));
    let list: Value = serde_json::from_slice(connection.expect(200, &request).await?)?;
    list["total"].as_u64().context("no total")
}

async fn ask(
    bed: &Bed,
    helper: &Office,
    what: &str,
    path: impl Fn(u64) -> String + Clone + Send + 'static,
) -> Result<Measured> {
    let (route, token) = (route(bed, helper)?, Arc::<str>::from(helper.token.as_str()));
    let until = Until::Count(REQUESTS);
    measure(what, bed.program.id(), AT_ONCE, until, |turns| {
        let (route, token, path) = (route.clone(), Arc::clone(&token), path.clone());
        async move {
            let mut connection = route.connect().await?;
            let mut times = Vec::new();
            while let Some(number) = turns.next() {
                let request = wire::bare("GET", &path(number), Some(&token));
                let begun = Instant::now();
                connection.expect(200, &request).await?;
                times.push(since(begun));
            }
            Ok(times)
        }
    })
    .await
}

/// One office that searches as fast as it can, on several connections; how often it did.
fn searchers(
    bed: &Bed,
    helper: &Office,
    is_over: &Arc<AtomicBool>,
) -> Result<Vec<tokio::task::JoinHandle<Result<u64>>>> {
    let route = route(bed, helper)?;
    let request: Arc<[u8]> =
        wire::bare("GET", &format!("/v1/inbox?sort=from{}", text(IN_ALL)), Some(&helper.token))
            .into();
    let searcher = |_| {
        let (route, request, is_over) = (route.clone(), Arc::clone(&request), Arc::clone(is_over));
        tokio::spawn(async move {
            let mut connection = route.connect().await?;
            let mut searches = 0;
            while !is_over.load(Ordering::Relaxed) {
                connection.expect(200, &request).await?;
                searches += 1;
            }
            Ok(searches)
        })
    };
    Ok((0..SEARCHERS).map(searcher).collect())
}

/// A folder with its files.
fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        if !entry.file_type()?.is_file() {
            bail!("--data {}: there is a folder in it", from.display());
        }
        std::fs::copy(entry.path(), to.join(entry.file_name()))?;
    }
    Ok(())
}
