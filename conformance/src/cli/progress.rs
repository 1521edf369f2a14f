//! A progress bar for long work, on a terminal only.

use std::io::{IsTerminal, Read};
use std::sync::Arc;

use indicatif::{ProgressBar, ProgressStyle};

/// Below this many bytes nobody sees a bar.
const WORTH_SHOWING: u64 = 20 << 20;

/// The progress of a run, in bytes.
#[derive(Debug)]
pub(crate) struct Progress(Option<ProgressBar>);

impl Progress {
    /// A bar over `total` bytes, or nothing where it would not help.
    pub(crate) fn new(total: u64, quiet: bool) -> Arc<Self> {
        let show = !quiet && total >= WORTH_SHOWING && std::io::stderr().is_terminal();
        Arc::new(Self(show.then(|| {
            let style = ProgressStyle::with_template(
                "{bar:30} {bytes}/{total_bytes} {bytes_per_sec} {eta}",
            );
            let bar = ProgressBar::new(total);
            match style {
                Ok(style) => bar.with_style(style),
                Err(_) => bar,
            }
        })))
    }

    /// Counts what is read.
    pub(crate) fn reading<'a>(
        self: &Arc<Self>,
        inner: impl Read + Send + 'a,
    ) -> Box<dyn Read + Send + 'a> {
        match &self.0 {
            Some(_) => Box::new(Counted { inner, progress: Arc::clone(self) }),
            None => Box::new(inner),
        }
    }

    /// Counts what was read at once.
    pub(crate) fn count(&self, bytes: u64) {
        if let Some(bar) = &self.0 {
            bar.inc(bytes);
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

struct Counted<R> {
    inner: R,
    progress: Arc<Progress>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        if let Some(bar) = &self.progress.0 {
            bar.inc(read as u64);
        }
        Ok(read)
    }
}
