//! `--watch`: checks again whenever something below the paths changes.

use std::path::PathBuf;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use notify::{RecursiveMode, Watcher};

use super::Exit;
use super::config::misconfigured;

/// Changes within this time belong together: an export writes several files.
const SETTLE: Duration = Duration::from_millis(300);

/// Runs `check` now and after every change, until the process is ended.
pub(crate) fn run(
    paths: &[PathBuf],
    check: impl Fn() -> anyhow::Result<()>,
) -> anyhow::Result<Exit> {
    let (sender, receiver) = channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if event.is_ok_and(|event| !event.kind.is_access()) {
            let _ = sender.send(());
        }
    })?;
    for path in paths {
        if path.as_os_str() == "-" {
            return Err(misconfigured(
                "--watch はフォルダーかファイルに使います / --watch needs a path",
            ));
        }
        watcher.watch(path, RecursiveMode::Recursive).map_err(|error| {
            anyhow::anyhow!("{}: 見張れません / cannot be watched ({error})", path.display())
        })?;
    }
    loop {
        check()?;
        if receiver.recv().is_err() {
            return Ok(Exit::Internal);
        }
        loop {
            match receiver.recv_timeout(SETTLE) {
                Ok(()) => {}
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return Ok(Exit::Internal),
            }
        }
    }
}
