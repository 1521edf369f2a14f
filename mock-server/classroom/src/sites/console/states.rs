//! Saved states: kept here while the server runs, and as files for later.

use std::sync::{Mutex, MutexGuard, PoisonError};

use askama::Template;
use axum::extract::{Path, State};
use careplan_relay::clock;
use careplan_relay::outcome::{Error, Failure};
use careplan_relay::saved_state::{LARGEST_STATE, SavedState};
use careplan_spec::Text;
use careplan_wire::api::body;

use super::question::{self, Question};
use super::undo::{self, UndoView};
use super::{admit, scene};
use crate::sites::Sites;
use crate::sites::alert::Alert;
use crate::sites::page::{Page, PageError, PageResult, attachment, see, show};
use crate::sites::posted::Posted;
use crate::sites::visit::Visit;

/// States kept at most; the oldest does not make room: a trainer deletes.
const MOST: usize = 20;

/// Bytes of all kept states together, at most: as many as of one. They are files.
const MOST_BYTES: u64 = LARGEST_STATE;

/// Characters of a name, at most.
const LONGEST_NAME: usize = 60;

/// A state that was saved.
#[derive(Debug, Clone)]
struct Saved {
    /// Counts up from 1; never reused while the server runs.
    number: u64,
    name: String,
    /// The scenario it began with.
    scenario: String,
    /// The scene that was under way, which goes on with it.
    scene: Option<&'static str>,
    /// The mock's time in it.
    time: String,
    archive: SavedState,
}

/// The saved states.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    last: u64,
    all: Vec<Saved>,
}

impl Shelf {
    fn guard(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a state under the next number; whether there was room.
    fn keep(&self, state: Saved) -> bool {
        let mut kept = self.guard();
        let bytes: u64 = kept.all.iter().map(|saved| saved.archive.length()).sum();
        if kept.all.len() >= MOST || bytes + state.archive.length() > MOST_BYTES {
            return false;
        }
        kept.last += 1;
        let number = kept.last;
        kept.all.push(Saved { number, ..state });
        true
    }

    fn find(&self, number: u64) -> Result<Saved, PageError> {
        let kept = self.guard();
        kept.all.iter().find(|saved| saved.number == number).cloned().ok_or(PageError::NotFound)
    }

    fn remove(&self, number: u64) {
        self.guard().all.retain(|saved| saved.number != number);
    }
}

/// A name as it was typed, without what has no shape on a page.
fn name_of(typed: &str) -> String {
    let name: String = typed.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    name.trim().to_owned()
}

/// A state as a row.
struct StateRow {
    number: u64,
    name: String,
    scenario: String,
    time: String,
    size: String,
}

#[derive(Template)]
#[template(path = "console/states.html")]
struct StatesPage {
    page: Page,
    undo: Option<UndoView>,
    rows: Vec<StateRow>,
    most: usize,
}

pub(super) async fn page(State(sites): State<Sites>, visit: Visit) -> PageResult {
    admit(&visit)?;
    let row = |saved: &Saved| StateRow {
        number: saved.number,
        name: saved.name.clone(),
        scenario: saved.scenario.clone(),
        time: saved.time.clone(),
        size: format!("{} KB", saved.archive.length().div_ceil(1_024)),
    };
    let rows = sites.backstage.shelf.guard().all.iter().rev().map(row).collect();
    let undo = UndoView::latest(&sites, &visit);
    Ok(show(&StatesPage { page: visit.page(), undo, rows, most: MOST }))
}

pub(super) async fn act(
    State(sites): State<Sites>,
    visit: Visit,
    mut posted: Posted,
) -> PageResult {
    admit(&visit)?;
    let number = || posted.get("id").parse().map_err(|_| PageError::NotFound);
    match posted.get("do") {
        "save" => save(&sites, &visit, name_of(posted.get("name"))).await?,
        "load" => {
            let saved = sites.backstage.shelf.find(number()?)?;
            let what = Text::made(
                format!("状態「{}」を読み込む", saved.name),
                format!("Load the state “{}”", saved.name),
            );
            let question = Question {
                what: &what,
                loses: scene::LOSES,
                button: Text::new("読み込む", "Load it"),
                action: "/console/states",
                fields: vec![("do", "load".to_owned()), ("id", saved.number.to_string())],
                back: "/console/states",
                is_undone: true,
            };
            if !question::is_answered(&posted) {
                return Ok(question.asked(&visit));
            }
            if !undo::keep(&sites, what.clone(), &posted).await? {
                return Ok(question.asked_without_undo(&visit));
            }
            if load(&sites, &visit, &saved.name, saved.archive, saved.scene).await? {
                sites.noted(&visit, None, what);
            } else {
                sites.backstage.past.forget_latest();
            }
        }
        "remove" => {
            sites.backstage.shelf.remove(number()?);
            visit.say(Alert::note("保存した状態を削除しました。", "The saved state was deleted."));
        }
        "upload" => match posted.saved.take() {
            // It is loaded as any other, and asked for as any other.
            Some((name, archive)) => put_on_the_shelf(&sites, &visit, &name_of(&name), archive),
            None => visit.say(Alert::bad(
                "状態のファイル（ZIP）を選んでください。",
                "Choose the file of a state (ZIP).",
            )),
        },
        _ => {}
    }
    Ok(see("/console/states"))
}

/// Keeps the file of a state as if it had been saved here.
fn put_on_the_shelf(sites: &Sites, visit: &Visit, name: &str, archive: SavedState) {
    let (scenario, time) = ("－".to_owned(), "－".to_owned());
    let state = Saved { number: 0, name: name.to_owned(), scenario, scene: None, time, archive };
    visit.say(if sites.backstage.shelf.keep(state) {
        Alert::good(format!("「{name}」を一覧に加えました。"), format!("“{name}” is in the list."))
            .and("一覧の「この状態に戻す」で読み込みます。", "Load it there.")
    } else {
        full()
    });
}

fn full() -> Alert {
    Alert::bad(
        format!("保存できるのは{MOST}個、合計1 GBまでです。"),
        format!("At most {MOST} states, 1 GB together, are kept."),
    )
    .and("古い状態を削除してください。", "Delete an old one.")
}

async fn save(sites: &Sites, visit: &Visit, name: String) -> Result<(), PageError> {
    let relay = sites.relay();
    let archive = relay.save_state().await?;
    let time = clock::shown(relay.clock().now());
    let scenario = relay.origin().name;
    let name = if name.is_empty() { time.clone() } else { name };
    let (ja, en) = (format!("「{name}」を保存しました。"), format!("“{name}” was saved."));
    let scene = scene::current(sites).map(|scene| scene.id);
    let state = Saved { number: 0, name, scenario, scene, time, archive };
    visit.say(if sites.backstage.shelf.keep(state) { Alert::good(ja, en) } else { full() });
    Ok(())
}

/// Replaces everything, and puts the certificates of the state on the terminals.
async fn load(
    sites: &Sites,
    visit: &Visit,
    name: &str,
    archive: SavedState,
    scene: Option<&'static str>,
) -> Result<bool, PageError> {
    let strange = match sites.relay().load_state(archive).await {
        Ok(strange) => strange,
        Err(Error::Failed(Failure::SavedState(why))) => {
            visit.say(Alert::bad("状態を読み込めません。", "The state cannot be loaded.").and(
                "保存した状態のファイルではないか、壊れています。今の状態は変わっていません。",
                format!("It is no saved state, or damaged: {why}. Nothing has changed."),
            ));
            return Ok(false);
        }
        Err(error) => return Err(error.into()),
    };
    scene::clean(sites).await;
    sites.backstage.set_scene(scene);
    let ready = sites.rack.install_all().await?;
    let (mut ja, mut en) = (
        format!("証明書を入れた端末：{ready}台。ログインはすべて終了しました。"),
        format!("Terminals with a certificate: {ready}. Everybody is logged out."),
    );
    if !strange.is_empty() {
        let strange = strange.join("; ");
        ja += &format!("そのまま引き継げなかったもの：{strange}");
        en += &format!(" Not taken over as it was: {strange}.");
    }
    visit.say(
        Alert::good(format!("「{name}」を読み込みました。"), format!("“{name}” was loaded."))
            .and(ja, en),
    );
    Ok(true)
}

/// A state as a file.
pub(super) async fn file(
    State(sites): State<Sites>,
    visit: Visit,
    Path(number): Path<u64>,
) -> PageResult {
    admit(&visit)?;
    let saved = sites.backstage.shelf.find(number)?;
    Ok(attachment(
        &format!("careplan-testbed-state-{}.zip", saved.name),
        body::of_saved(saved.archive),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_shelf_has_an_end_and_numbers_are_not_reused() {
        let shelf = Shelf::default();
        let archive = SavedState::of(b"z").await.unwrap();
        let state = || Saved {
            number: 0,
            name: "x".to_owned(),
            scenario: "demo".to_owned(),
            scene: None,
            time: String::new(),
            archive: archive.clone(),
        };
        for _ in 0..MOST {
            assert!(shelf.keep(state()));
        }
        assert!(!shelf.keep(state()));
        shelf.remove(20);
        assert!(shelf.keep(state()));
        assert!(shelf.find(20).is_err() && shelf.find(21).is_ok());
    }

    #[test]
    fn names_are_one_short_line() {
        assert_eq!(name_of("  a\r\nb\u{0}  "), "ab");
        assert_eq!(name_of(&"長".repeat(100)).chars().count(), LONGEST_NAME);
        assert_eq!(name_of("<b>"), "<b>");
    }
}
