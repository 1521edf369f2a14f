//! Checks independent files on several threads; findings come out in the order of the files.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};

use careplan_judge::engine::{check_file, finish};
use careplan_judge::{Checked, Finding, FindingSink, Input, Profile, Summary};
use careplan_spec::Lang;

use super::inputs::Found;
use super::inputs::archive::Archives;
use super::progress::Progress;

enum News {
    Findings(Vec<Finding>),
    Done(Box<Checked>),
}

const BATCH: usize = 256;

/// Checks `files` with `jobs` threads; what is not there is said in `lang`.
pub(crate) fn check(
    files: &[Found],
    lang: Lang,
    profile: &Profile,
    jobs: usize,
    progress: &Arc<Progress>,
    sink: &mut dyn FindingSink,
) -> Summary {
    let mut senders = Vec::new();
    let mut receivers: Vec<Receiver<News>> = Vec::new();
    for _ in files {
        // A worker that is far ahead waits here: memory stays bounded however bad a file is.
        let (sender, receiver) = sync_channel(4);
        senders.push(Mutex::new(Some(sender)));
        receivers.push(receiver);
    }
    let next = AtomicUsize::new(0);
    let mut checked = Vec::with_capacity(files.len());
    std::thread::scope(|scope| {
        for _ in 0..jobs.clamp(1, files.len().max(1)) {
            scope.spawn(|| {
                let mut archives = Archives::default();
                loop {
                    // Files are taken in order, so the file that is waited for is never behind
                    // one that waits.
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(file) = files.get(at) else { return };
                    let sender = senders[at].lock().ok().and_then(|mut sender| sender.take());
                    if let Some(sender) = sender {
                        let input = match file.fault(lang) {
                            Some(reason) => Input::unreadable(&*file.path, reason),
                            None => {
                                let reader = progress.reading(file.open(lang, &mut archives));
                                Input::from_reader(&*file.path, reader)
                            }
                        };
                        work(at as u32, input, profile, &sender);
                    }
                }
            });
        }
        for (at, receiver) in receivers.into_iter().enumerate() {
            sink.start_file(at as u32, &files[at].path);
            for news in receiver {
                match news {
                    News::Findings(findings) => {
                        for finding in findings {
                            sink.finding(Some(&files[at].path), finding);
                        }
                    }
                    News::Done(result) => checked.push(*result),
                }
            }
        }
    });
    assert_eq!(checked.len(), files.len(), "every file was checked to its end");
    finish(checked, profile, &mut |finding| {
        let file = finding.file.and_then(|at| files.get(at as usize));
        sink.finding(file.map(|file| &*file.path), finding);
    })
}

fn work(index: u32, input: Input<'_>, profile: &Profile, sender: &SyncSender<News>) {
    let mut batch = Vec::with_capacity(BATCH);
    let checked = check_file(index, input, profile, &mut |finding| {
        batch.push(finding);
        if batch.len() == BATCH {
            let full = std::mem::replace(&mut batch, Vec::with_capacity(BATCH));
            let _ = sender.send(News::Findings(full));
        }
    });
    let _ = sender.send(News::Findings(batch));
    let _ = sender.send(News::Done(Box::new(checked)));
}

#[cfg(test)]
mod tests {
    use careplan_fixtures::{Faulty, mutant};
    use careplan_judge::engine::FileStatus;

    use super::*;
    use crate::cli::Exit;
    use crate::cli::check::exit;

    #[test]
    fn a_panic_ends_the_run_with_70_and_costs_the_other_files_nothing() {
        let (files, _) = mutant::find("time-without-zero").expect("a mutant").build();
        let mut inputs = files.iter().map(|file| Input::from_bytes(&*file.name, &file.bytes));
        let faulty = Input::from_reader(inputs.next().expect("a file").path(), Faulty);
        let profile = Profile::default();
        let (mut checked, mut codes) = (Vec::new(), Vec::new());
        for (at, input) in std::iter::once(faulty).chain(inputs).enumerate() {
            let (sender, receiver) = sync_channel(4);
            work(at as u32, input, &profile, &sender);
            drop(sender);
            for news in receiver {
                match news {
                    News::Findings(findings) => {
                        codes.extend(findings.iter().map(|finding| finding.rule.code));
                    }
                    News::Done(done) => checked.push(*done),
                }
            }
        }
        assert_eq!(checked.len(), files.len(), "a fault is told like an end");
        let summary = finish(checked, &profile, &mut |finding| codes.push(finding.rule.code));
        assert_eq!(codes, ["F006"]);
        assert_eq!(summary.files[0].status, FileStatus::InternalError);
        assert_eq!(exit(&summary), Exit::Internal);
    }
}
