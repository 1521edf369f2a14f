//! The table.

use std::fmt::Write as _;
use std::time::Duration;

use crate::measure::Measured;
use crate::process;

/// One row: what was measured, and what was hoped for.
pub(crate) struct ReportRow {
    pub(crate) measured: Measured,
    /// A second, at least.
    pub(crate) target: Option<u32>,
    /// What the server does in one operation.
    pub(crate) work: &'static str,
}

/// Everything that was found.
pub(crate) struct Findings {
    pub(crate) connections: u16,
    pub(crate) full_sync: bool,
    /// From the start of the process to the printed configuration, and to `/readyz`.
    pub(crate) ready: (Duration, Duration),
    /// Starting again on the data of all messages.
    pub(crate) ready_again: Duration,
    pub(crate) acknowledged: usize,
    pub(crate) rows: Vec<ReportRow>,
    /// MiB at the end and at the highest, with the list requests answered by then.
    pub(crate) memory: Vec<(String, Option<(f64, f64)>)>,
}

fn ms(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}

fn cores() -> f64 {
    std::thread::available_parallelism().map_or(1.0, |cores| cores.get() as f64)
}

/// What kept it from going faster.
fn bound(row: &ReportRow) -> String {
    let measured = &row.measured;
    let (Some(server), Some(clients), Some(idle)) =
        (measured.server_cpu, measured.client_cpu, measured.idle)
    else {
        return row.work.to_owned();
    };
    let share =
        |used: Duration| 100.0 * used.as_secs_f64() / (measured.took.as_secs_f64() * cores());
    let (server, clients, idle) = (share(server), share(clients), share(idle));
    let others = (100.0 - server - clients - idle).max(0.0);
    let verdict = match (idle < 15.0, others > 20.0) {
        (true, false) => "processors",
        (true, true) => "processors, busy with other programs too",
        (false, _) => "waiting, not processors",
    };
    format!(
        "{verdict} (server {server:.0} %, clients {clients:.0} %, others {others:.0} %, \
         idle {idle:.0} %): {}",
        row.work
    )
}

impl Findings {
    /// As Markdown.
    pub(crate) fn markdown(&self) -> String {
        let mut text = String::new();
        let sync = if self.full_sync { ", --full-sync" } else { "" };
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{} × {}, {} connections, mutual TLS with keep-alive, server and clients on one machine{sync}\n",
            cores(),
            process::processor(),
            self.connections,
        );
        let _ = writeln!(
            text,
            "| what | per second | target | p50 | p99 | server CPU | per core | bounded by |\n\
             |---|---:|---:|---:|---:|---:|---:|---|"
        );
        for row in &self.rows {
            let measured = &row.measured;
            let rate = measured.count as f64 / measured.took.as_secs_f64();
            let cost = measured.server_cpu.map(|cpu| cpu.as_secs_f64() / measured.count as f64);
            let _ = writeln!(
                text,
                "| {} ({} in {:.1} s) | **{rate:.0}** | {} | {} | {} | {} | {} | {} |",
                measured.what,
                measured.count,
                measured.took.as_secs_f64(),
                row.target.map_or_else(|| "–".to_owned(), |target| target.to_string()),
                ms(measured.p50),
                ms(measured.p99),
                cost.map_or_else(|| "–".to_owned(), |cost| format!("{:.3} ms", cost * 1e3)),
                cost.map_or_else(|| "–".to_owned(), |cost| format!("{:.0}", 1.0 / cost)),
                bound(row),
            );
        }
        let _ = writeln!(text, "\n| what | found | target |\n|---|---:|---:|");
        let (printed, ready) = self.ready;
        let _ = writeln!(text, "| start to printed configuration | {} | – |", ms(printed));
        let _ = writeln!(text, "| start to `/readyz` | {} | 100 ms |", ms(ready));
        let again = ms(self.ready_again);
        let _ = writeln!(
            text,
            "| start to `/readyz` after `kill -9`, all messages there | {again} | – |"
        );
        let all = self.acknowledged;
        let _ = writeln!(
            text,
            "| acknowledged messages found after `kill -9` | {all} of {all} | all |"
        );
        for (when, memory) in &self.memory {
            let shown = memory.map_or_else(
                || "–".to_owned(),
                |(now, highest)| format!("{now:.0} MiB (highest {highest:.0})"),
            );
            let _ = writeln!(text, "| memory of the server, {when} | {shown} | 128 MiB |");
        }
        text
    }
}
