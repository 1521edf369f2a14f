//! The measurements, in their order.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use careplan_tests::bed::Bed;
use careplan_tests::office::{Office, manifest, sha256_hex};
use careplan_tests::program::Program;
use careplan_tests::tls;
use careplan_tests::unit::{File, files, office_of};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::Options;
use crate::measure::{Measured, Until, measure, since};
use crate::process;
use crate::report::{Findings, ReportRow};
use crate::wire::{self, Route};

/// Rows of a page.
const ROWS: u64 = 20;

/// Measures everything; the table.
pub(crate) async fn run(server: &Path, options: &Options) -> Result<String> {
    let scratch = tempfile::tempdir()?;
    let data = options.data.clone().unwrap_or_else(|| scratch.path().join("data"));
    let data = data.to_str().context("--data is not Unicode")?;
    let mut arguments = vec!["--data", data];
    if options.full_sync {
        arguments.push("--full-sync");
    }
    let ready = readiness(server).await?;

    let (bed, _) = start(server, &arguments).await?;
    let planner = bed.office(office_of("43")).await;
    let helper = bed.office(office_of("11")).await;
    let (sends, acknowledged) =
        sends(&bed, &planner, "K2", "sends", "load", options.sends, options.connections).await?;
    let mut bed = bed;
    bed.program.kill();
    let (bed, ready_again) = start(server, &arguments).await?;
    all_are_there(&bed, &planner, &acknowledged, options).await?;

    let newest = lists(&bed, &helper, options, "lists of 20 rows, newest page", 1).await?;
    let total = acknowledged.len() as u64;
    let pages = total.div_ceil(ROWS).max(1);
    let any = lists(&bed, &helper, options, "lists of 20 rows, any page", pages).await?;
    let downloads = downloads(&bed, &helper, acknowledged, options).await?;
    let handshakes = handshakes(&bed, &helper, options).await?;
    let mut memory = vec![("after all of this".to_owned(), process::memory(bed.program.id()))];

    let row = |measured, target, work| ReportRow { measured, target, work };
    let mut rows = vec![
        row(
            sends,
            Some(1_000),
            "signature and chain, SHA-256, the checker on every record; commits queue for one writer",
        ),
        row(newest, Some(3_000), "TLS records, token and certificate judged, a page from memory"),
        row(any, Some(3_000), "the same, and pages that are not in memory read from the store"),
        row(downloads, None, "three requests, two of them commits that queue for one writer"),
        row(handshakes, Some(500), "ECDH, a signature, and the client's proof on both sides"),
    ];
    if let Some(count) = options.requests {
        let route = route(&bed, &helper)?;
        let long = list(&bed, &helper, options, "lists of 20 rows, long run", 1, &route);
        rows.push(row(long(Until::Count(count)).await?, Some(3_000), "as the newest page"));
        let when = format!("after {count} lists more");
        memory.push((when, process::memory(bed.program.id())));
    }
    let findings = Findings {
        connections: options.connections,
        full_sync: options.full_sync,
        ready,
        ready_again,
        acknowledged: usize::try_from(total)?,
        rows,
        memory,
    };
    Ok(findings.markdown())
}

/// Starts the server; how long it takes until `/readyz` says so.
pub(crate) async fn start(server: &Path, arguments: &[&str]) -> Result<(Bed, Duration)> {
    let begun = Instant::now();
    let program = Program::start_binary(server, arguments);
    wait_until_ready(&program).await?;
    let ready = begun.elapsed();
    Ok((Bed::of(program), ready))
}

/// The best of five starts without data: to the printed line, and to `/readyz`.
async fn readiness(server: &Path) -> Result<(Duration, Duration)> {
    let mut best = (Duration::MAX, Duration::MAX);
    for _ in 0..5 {
        let begun = Instant::now();
        let program = Program::start_binary(server, &[]);
        let printed = begun.elapsed();
        wait_until_ready(&program).await?;
        best = best.min((printed, begun.elapsed()));
    }
    Ok(best)
}

/// Asks `/readyz` once, with nothing but a socket; it waits until the server is ready.
async fn wait_until_ready(program: &Program) -> Result<()> {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let address = program.printed("controls").trim_start_matches("http://");
    let mut stream = tokio::net::TcpStream::connect(address).await?;
    let request = "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    if !answer.starts_with(b"HTTP/1.1 200") {
        bail!("not ready: {}", String::from_utf8_lossy(&answer));
    }
    Ok(())
}

pub(crate) fn route(bed: &Bed, office: &Office) -> Result<Route> {
    let ca_pem = bed.program.printed("ca_pem");
    let config = tls::client(ca_pem, Some(&office.installed), tls::ANY_VERSION);
    Route::new(bed.program.printed("relay"), Arc::new(config))
}

/// A message, ready to be posted.
struct Prepared {
    manifest: Vec<u8>,
    signature: Vec<u8>,
}

/// Signs every message beforehand: signing is the clients' work.
fn prepare(planner: &Office, to: &str, files: &[File], count: u32) -> Vec<Prepared> {
    eprintln!("signing {count} messages …");
    (0..count)
        .map(|number| {
            let text = format!("{number}件目です。よろしくお願いします。");
            let manifest = manifest(&planner.number, to, Some(&text), files).to_string();
            let signature = planner.sign(manifest.as_bytes());
            Prepared { manifest: manifest.into_bytes(), signature }
        })
        .collect()
}

/// The request that posts a message.
fn posting(token: &str, key: &str, message: &Prepared, files: &[File]) -> Vec<u8> {
    const BOUNDARY: &str = "careplan-load-boundary";
    let mut body = Vec::with_capacity(32 * 1024);
    let mut part = |head: &str, bytes: &[u8]| {
        let start = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n");
        body.extend_from_slice(start.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    };
    part("name=\"manifest\"\r\nContent-Type: application/json", &message.manifest);
    part("name=\"signature\"\r\nContent-Type: application/pkcs7-signature", &message.signature);
    for (name, bytes) in files {
        let head =
            format!("name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream");
        part(&head, bytes);
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    let mut request = format!(
        "POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\
         Idempotency-Key: {key}\r\nContent-Type: multipart/form-data; boundary={BOUNDARY}\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    request.extend_from_slice(&body);
    request
}

/// Sends a unit again and again; what was acknowledged.
pub(crate) async fn sends(
    bed: &Bed,
    planner: &Office,
    unit: &str,
    what: &str,
    keys: &str,
    count: u32,
    connections: u16,
) -> Result<(Measured, Vec<String>)> {
    let to = office_of("11");
    let files = Arc::new(files(unit, &planner.number, to));
    let prepared = Arc::new(prepare(planner, to, &files, count));
    let acknowledged = Arc::new(Mutex::new(Vec::new()));
    let (route, token) = (route(bed, planner)?, Arc::<str>::from(planner.token.as_str()));
    let bytes: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
    let what = format!("{what} of {} files, {} KiB", files.len(), bytes.div_ceil(1024));
    let until = Until::Count(count.into());
    let keys = Arc::<str>::from(keys);
    let measured = measure(&what, bed.program.id(), connections, until, |turns| {
        let keys = Arc::clone(&keys);
        let (files, prepared) = (Arc::clone(&files), Arc::clone(&prepared));
        let (route, token) = (route.clone(), Arc::clone(&token));
        let acknowledged = Arc::clone(&acknowledged);
        async move {
            let mut connection = route.connect().await?;
            let (mut times, mut own) = (Vec::new(), Vec::new());
            while let Some(number) = turns.next() {
                let message = &prepared[usize::try_from(number)?];
                let request = posting(&token, &format!("{keys}-{number}"), message, &files);
                let begun = Instant::now();
                let answer = connection.expect(201, &request).await?;
                times.push(since(begun));
                own.push(text_of(answer, "id")?);
            }
            acknowledged.lock().await.extend(own);
            Ok(times)
        }
    })
    .await?;
    let acknowledged = std::mem::take(&mut *acknowledged.lock().await);
    Ok((measured, acknowledged))
}

fn text_of(answer: &[u8], member: &str) -> Result<String> {
    let answer: Value = serde_json::from_slice(answer)?;
    let text = answer[member].as_str().with_context(|| format!("no {member} in {answer}"))?;
    Ok(text.to_owned())
}

/// Looks for every message that was acknowledged before the server was killed.
async fn all_are_there(
    bed: &Bed,
    planner: &Office,
    ids: &[String],
    options: &Options,
) -> Result<()> {
    let (route, token) = (route(bed, planner)?, Arc::<str>::from(planner.token.as_str()));
    let ids = Arc::new(ids.to_vec());
    let until = Until::Count(ids.len() as u64);
    measure("looking for every message", bed.program.id(), options.connections, until, |turns| {
        let (route, token, ids) = (route.clone(), Arc::clone(&token), Arc::clone(&ids));
        async move {
            let mut connection = route.connect().await?;
            while let Some(number) = turns.next() {
                let id = &ids[usize::try_from(number)?];
                let request = wire::bare("GET", &format!("/v1/outbox/{id}"), Some(&token));
                connection.expect(200, &request).await.with_context(|| format!("{id} is gone"))?;
            }
            Ok(Vec::new())
        }
    })
    .await?;
    Ok(())
}

async fn lists(
    bed: &Bed,
    helper: &Office,
    options: &Options,
    what: &str,
    pages: u64,
) -> Result<Measured> {
    let route = route(bed, helper)?;
    let until = Until::Time(Duration::from_secs(options.seconds));
    list(bed, helper, options, what, pages, &route)(until).await
}

/// Lists, page after page of the first `pages`.
fn list<'a>(
    bed: &'a Bed,
    helper: &Office,
    options: &'a Options,
    what: &'a str,
    pages: u64,
    route: &Route,
) -> impl FnOnce(Until) -> std::pin::Pin<Box<dyn Future<Output = Result<Measured>> + 'a>> {
    let (route, token) = (route.clone(), Arc::<str>::from(helper.token.as_str()));
    move |until| {
        Box::pin(async move {
            measure(what, bed.program.id(), options.connections, until, |turns| {
                let (route, token) = (route.clone(), Arc::clone(&token));
                async move {
                    let mut connection = route.connect().await?;
                    let mut times = Vec::new();
                    while let Some(number) = turns.next() {
                        // A prime step visits every page, and never the one next to the last.
                        let page = number.wrapping_mul(7_919) % pages + 1;
                        let path = format!("/v1/inbox?per_page={ROWS}&page={page}");
                        let request = wire::bare("GET", &path, Some(&token));
                        let begun = Instant::now();
                        let answer = connection.expect(200, &request).await?;
                        times.push(since(begun));
                        if times.len() == 1 && pages == 1 {
                            let list: Value = serde_json::from_slice(answer)?;
                            let rows = list["items"].as_array().map_or(0, Vec::len) as u64;
                            if rows != ROWS {
                                bail!("the page has {rows} rows; send at least {ROWS} messages");
                            }
                        }
                    }
                    Ok(times)
                }
            })
            .await
        })
    }
}

/// Fetches every message: claim, bytes, confirm.
async fn downloads(
    bed: &Bed,
    helper: &Office,
    ids: Vec<String>,
    options: &Options,
) -> Result<Measured> {
    let (route, token) = (route(bed, helper)?, Arc::<str>::from(helper.token.as_str()));
    let until = Until::Count(ids.len() as u64);
    let ids = Arc::new(ids);
    measure("downloads", bed.program.id(), options.connections, until, |turns| {
        let (route, token, ids) = (route.clone(), Arc::clone(&token), Arc::clone(&ids));
        async move {
            let mut connection = route.connect().await?;
            let mut times = Vec::new();
            while let Some(number) = turns.next() {
                let id = &ids[usize::try_from(number)?];
                let begun = Instant::now();
                let claim = wire::bare("POST", &format!("/v1/inbox/{id}/claim"), Some(&token));
                let claim: Value = serde_json::from_slice(connection.expect(200, &claim).await?)?;
                let download = claim["download_token"].as_str().context("no download token")?;
                let path = format!("/v1/downloads/{download}");
                let get = wire::bare("GET", &path, Some(&token));
                let sha256 = sha256_hex(connection.expect(200, &get).await?);
                if claim["sha256"] != sha256.as_str() {
                    bail!("the bytes of {id} are not those of the claim");
                }
                let body = json!({ "sha256": sha256 }).to_string();
                let confirm = wire::json(&format!("{path}/confirm"), &token, &body);
                connection.expect(204, &confirm).await?;
                times.push(since(begun));
            }
            Ok(times)
        }
    })
    .await
}

/// Connects, asks once, and goes.
async fn handshakes(bed: &Bed, helper: &Office, options: &Options) -> Result<Measured> {
    let ca_pem = bed.program.printed("ca_pem");
    let mut config = tls::client(ca_pem, Some(&helper.installed), &[&rustls::version::TLS13]);
    config.resumption = rustls::client::Resumption::disabled();
    let route = Route::new(bed.program.printed("relay"), Arc::new(config))?;
    let until = Until::Time(Duration::from_secs(options.seconds));
    // The answer proves that the server has finished its part.
    let request: Arc<[u8]> = wire::bare("GET", "/v1/authority", None).into();
    measure("new connections", bed.program.id(), options.connections, until, |turns| {
        let (route, request) = (route.clone(), Arc::clone(&request));
        async move {
            let mut times = Vec::new();
            while turns.next().is_some() {
                let begun = Instant::now();
                let mut connection = route.connect().await?;
                connection.expect(200, &request).await?;
                times.push(since(begun));
            }
            Ok(times)
        }
    })
    .await
}
