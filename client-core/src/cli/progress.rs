//! Progress bars, on a terminal only.

use std::io::IsTerminal;

use careplan_client_core::{Event, Progress};
use indicatif::{ProgressBar, ProgressStyle};

use super::screen::Screen;

/// The progress of one command.
pub(crate) struct Bar {
    bar: Option<ProgressBar>,
    screen: Screen,
}

impl Bar {
    pub(crate) fn new(screen: &Screen) -> Self {
        let show = !screen.quiet && !screen.json && std::io::stderr().is_terminal();
        let style = ProgressStyle::with_template("{msg} {bar:30} {bytes}/{total_bytes} {eta}");
        let bar = show.then(|| match style {
            Ok(style) => ProgressBar::new(0).with_style(style),
            Err(_) => ProgressBar::new(0),
        });
        Self { bar, screen: *screen }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Progress for Bar {
    fn event(&self, event: Event) {
        let Some(bar) = &self.bar else { return };
        let screen = &self.screen;
        match event {
            Event::Uploading { done, total } | Event::Downloading { done, total } => {
                bar.set_length(total);
                bar.set_position(done);
            }
            Event::Verifying => {
                bar.set_message(screen.pick("署名を確認中", "verifying").to_owned());
            }
            Event::Retrying { attempt, after } => bar.set_message(format!(
                "{}({attempt}, {:.1}s)",
                screen.pick("再試行", "again "),
                after.as_secs_f32()
            )),
            Event::RowStarted { row, total, done } => bar.set_message(format!(
                "[{}/{total}] {}{row}",
                done + 1,
                screen.pick("行 ", "row ")
            )),
            _ => {}
        }
    }
}
