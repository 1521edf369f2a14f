//! What was replaced, kept to be brought back: the state, the terminals with their drafts and files,
//! the faults and the scene.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::extract::State;
use careplan_relay::clock;
use careplan_relay::outcome::{Error, Failure};
use careplan_relay::saved_state::SavedState;
use careplan_spec::Text;
use careplan_wire::fault::FaultOrder;

use super::question::{self, Question};
use super::{admit, scene};
use crate::sites::Sites;
use crate::sites::alert::Alert;
use crate::sites::page::{PageError, PageResult, see};
use crate::sites::posted::Posted;
use crate::sites::terminal::Terminals;
use crate::sites::visit::Visit;

/// So many can be brought back, one after the other.
const MOST: usize = 3;

/// A state that was replaced.
struct Replaced {
    /// Counts up from 1; never reused while the server runs.
    number: u64,
    /// By what.
    by: Text<String>,
    /// When, by the clock of the mock.
    time: String,
    archive: SavedState,
    scene: Option<&'static str>,
    faults: Vec<FaultOrder>,
    /// None where they were not replaced.
    terminals: Option<Terminals>,
}

/// The states that were replaced, the latest first.
#[derive(Default)]
pub(super) struct Past {
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    last: u64,
    all: VecDeque<Replaced>,
}

impl std::fmt::Debug for Past {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Past").finish_non_exhaustive()
    }
}

impl Past {
    fn guard(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The terminals that were replaced with the latest state; given back where there is none that
    /// misses them.
    pub(super) fn keep_terminals(&self, terminals: Terminals) -> Option<Terminals> {
        let mut kept = self.guard();
        match kept.all.front_mut() {
            Some(latest) if latest.terminals.is_none() => {
                latest.terminals = Some(terminals);
                None
            }
            _ => Some(terminals),
        }
    }

    /// Takes one out, with those that came after it.
    fn take(&self, number: u64) -> Option<Replaced> {
        let mut kept = self.guard();
        let place = kept.all.iter().position(|one| one.number == number)?;
        kept.all.drain(..=place).next_back()
    }

    /// It was not brought back after all.
    fn put_back(&self, replaced: Replaced) {
        self.guard().all.push_front(replaced);
    }

    /// Nothing was replaced after all.
    pub(super) fn forget_latest(&self) {
        self.guard().all.pop_front();
    }
}

/// The state that can be brought back, on a page.
pub(super) struct UndoView {
    pub(super) number: u64,
    pub(super) by: String,
    pub(super) time: String,
    /// The page it stands on.
    pub(super) here: String,
}

impl UndoView {
    /// The latest.
    pub(super) fn latest(sites: &Sites, visit: &Visit) -> Option<Self> {
        let kept = sites.backstage.past.guard();
        let latest = kept.all.front()?;
        Some(Self {
            number: latest.number,
            by: latest.by.get(visit.lang).to_owned(),
            time: latest.time.clone(),
            here: visit.path().to_owned(),
        })
    }
}

/// Saves the state before `by` replaces it. Says no where it cannot be saved, and that was not
/// answered yet.
pub(super) async fn keep(
    sites: &Sites,
    by: Text<String>,
    posted: &Posted,
) -> Result<bool, PageError> {
    let relay = sites.relay();
    let archive = match relay.save_state().await {
        Ok(archive) => archive,
        Err(Error::Refused(_) | Error::Failed(Failure::StateTooLarge)) => {
            return Ok(question::is_without_undo(posted));
        }
        Err(error) => return Err(error.into()),
    };
    let faults = sites.parts.faults.list().into_iter().map(|armed| armed.order).collect();
    let scene = scene::current(sites).map(|scene| scene.id);
    let time = clock::shown(relay.clock().now());
    let gone = {
        let mut kept = sites.backstage.past.guard();
        kept.last += 1;
        let number = kept.last;
        kept.all.push_front(Replaced { number, by, time, archive, scene, faults, terminals: None });
        (kept.all.len() > MOST).then(|| kept.all.pop_back()).flatten()
    };
    drop_on_disk(gone).await;
    Ok(true)
}

/// Folders of terminals are removed with them, which waits for the disk.
pub(super) async fn drop_on_disk<T: Send + 'static>(gone: T) {
    if let Err(error) = tokio::task::spawn_blocking(move || drop(gone)).await {
        tracing::error!(%error, "folders of terminals were left");
    }
}

/// Brings the latest state back. What is there now can be brought back in its turn.
pub(super) async fn undo(State(sites): State<Sites>, visit: Visit, posted: Posted) -> PageResult {
    admit(&visit)?;
    let number: u64 = posted.get("number").parse().map_err(|_| PageError::NotFound)?;
    // Only a page of the console.
    let back = ["/console/states", "/console/accounts"]
        .into_iter()
        .find(|page| posted.get("back") == *page)
        .unwrap_or("/console");
    let by = {
        let kept = sites.backstage.past.guard();
        kept.all.iter().find(|one| one.number == number).map(|one| one.by.clone())
    };
    let Some(by) = by else {
        visit.say(Alert::bad("もう元に戻せません。", "It cannot be undone any more."));
        return Ok(see(back));
    };
    let what = Text::made(format!("「{}」を元に戻す", by.ja), format!("Undo “{}”", by.en));
    let question = Question {
        what: &what,
        loses: Text::new(
            "すべての事業所が、その操作の前の状態に戻ります。その後に行った操作は失われます。",
            "All offices go back to where they were before; what was done since is lost.",
        ),
        button: Text::new("元に戻す", "Undo"),
        action: "/console/undo",
        fields: vec![("number", number.to_string()), ("back", back.to_owned())],
        back,
        is_undone: true,
    };
    if !question::is_answered(&posted) {
        return Ok(question.asked(&visit));
    }
    let Some(past) = sites.backstage.past.take(number) else {
        return Err(PageError::NotFound);
    };
    match keep(&sites, what.clone(), &posted).await {
        Ok(true) => {}
        Ok(false) => {
            sites.backstage.past.put_back(past);
            return Ok(question.asked_without_undo(&visit));
        }
        Err(error) => {
            sites.backstage.past.put_back(past);
            return Err(error);
        }
    }
    if let Err(error) = sites.relay().load_state(past.archive.clone()).await {
        sites.backstage.past.put_back(past);
        return Err(error.into());
    }
    let Replaced { scene, faults, terminals, .. } = past;
    scene::clean(&sites).await;
    match terminals {
        Some(terminals) => sites.rack.put_back(terminals),
        None => {
            sites.rack.install_all().await?;
        }
    }
    for order in faults {
        if let Err(error) = sites.parts.faults.arm(order) {
            tracing::warn!(%error, "a fault could not be armed again");
        }
    }
    sites.backstage.set_scene(scene);
    visit.say(
        Alert::good(
            format!("「{}」の前の状態に戻しました。", by.ja),
            format!("Everything is as before “{}”.", by.en),
        )
        .and(
            "端末の下書きと取得したファイルも戻りました。ログインはすべて終了しました。",
            "Drafts and received files of the terminals are back. Everybody is logged out.",
        ),
    );
    sites.noted(&visit, None, what);
    Ok(see(back))
}
