//! Every mutant, built and judged once, by all threads of the machine.

use std::sync::LazyLock;
use std::thread;

use careplan_fixtures::GeneratedFile;
use careplan_fixtures::label::Label;
use careplan_fixtures::mutant::{self, Mutant};
use careplan_judge::{Profile, Report};

/// A mutant and what the checker says about it.
pub(crate) struct Judged {
    pub(crate) mutant: &'static Mutant,
    pub(crate) labels: Vec<Label>,
    pub(crate) files: Vec<(String, Vec<u8>)>,
    pub(crate) report: Report,
}

/// Every mutant, in its order.
pub(crate) static MUTANTS: LazyLock<Vec<Judged>> = LazyLock::new(|| {
    in_threads(&mutant::all().collect::<Vec<_>>(), |mutant| {
        let (files, labels) = mutant.build();
        let files = pairs(files);
        let report = Report::collect(&files, &Profile::default());
        Judged { mutant, labels, files, report }
    })
});

/// Files as the checker takes them.
pub(crate) fn pairs(files: Vec<GeneratedFile>) -> Vec<(String, Vec<u8>)> {
    files.into_iter().map(|file| (file.name, file.bytes)).collect()
}

/// Does the same with many things, in their order.
pub(crate) fn in_threads<T: Sync, R: Send>(things: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let share = things.len().div_ceil(threads).max(1);
    thread::scope(|scope| {
        let work = &work;
        let parts: Vec<_> = things
            .chunks(share)
            .map(|part| scope.spawn(move || part.iter().map(work).collect::<Vec<_>>()))
            .collect();
        let done = parts.into_iter().flat_map(|part| match part.join() {
            Ok(results) => results,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        done.collect()
    })
}
