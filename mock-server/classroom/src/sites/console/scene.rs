//! The scenes on the console: setting one, its steps, and all of them to print.

use askama::Template;
use axum::extract::{Path, State};
use careplan_relay::ClockMove;
use careplan_relay::beginning::Origin;
use careplan_relay::clock;
use careplan_relay::control::AccountView;
use careplan_spec::Text;
use jiff::Timestamp;

use super::course::{Role, SCENES, Scene, Screen, Seen, Sign, Step};
use super::progress::{Situation, player};
use super::question::{self, Question};
use super::undo::{self, UndoView};
use super::{admit, faults};
use crate::scenario;
use crate::sites::Sites;
use crate::sites::alert::Alert;
use crate::sites::home::{AccountRow, title_of};
use crate::sites::page::{Page, PageError, PageResult, see, show};
use crate::sites::posted::Posted;
use crate::sites::visit::Visit;

/// What setting a scene and starting over take away.
pub(super) const LOSES: Text = Text::new(
    "すべての事業所のデータ、ログイン、端末の内容が置き換わります。操作中の参加者は、ログインし直すことになります。",
    "The data of all offices, every login and everything on the terminals are replaced. Whoever is at work has to log in again.",
);

fn find(id: &str) -> Result<&'static Scene, PageError> {
    SCENES.iter().find(|scene| scene.id == id).ok_or(PageError::NotFound)
}

/// The scene that is set, unless something else was loaded since.
pub(super) fn current(sites: &Sites) -> Option<&'static Scene> {
    let scene = sites.backstage.scene().and_then(|id| find(id).ok())?;
    (sites.relay().origin().name == scene.scenario.name).then_some(scene)
}

/// A scene as a card.
struct Card {
    number: usize,
    id: &'static str,
    title: &'static str,
    shows: &'static str,
    minutes: u8,
    is_set: bool,
}

#[derive(Template)]
#[template(path = "console/overview.html")]
struct OverviewPage {
    page: Page,
    undo: Option<UndoView>,
    course: Vec<Card>,
    further: Vec<Card>,
    current: Option<&'static str>,
    scenario: Text,
    seed: u64,
    armed: usize,
    terminals: usize,
}

pub(super) async fn overview(State(sites): State<Sites>, visit: Visit) -> PageResult {
    admit(&visit)?;
    let Origin { name, seed } = sites.relay().origin();
    let current = current(&sites);
    let cards = |is_further: bool| {
        SCENES
            .iter()
            .enumerate()
            .filter(|(_, scene)| scene.is_further == is_further)
            .map(|(index, scene)| Card {
                number: index + 1,
                id: scene.id,
                title: scene.title.get(visit.lang),
                shows: scene.shows.get(visit.lang),
                minutes: scene.minutes,
                is_set: current.is_some_and(|current| current.id == scene.id),
            })
            .collect()
    };
    Ok(show(&OverviewPage {
        undo: UndoView::latest(&sites, &visit),
        page: visit.page(),
        course: cards(false),
        further: cards(true),
        current: current.map(|scene| scene.title.get(visit.lang)),
        scenario: title_of(&name),
        seed,
        armed: sites.parts.faults.list().len(),
        terminals: sites.rack.opened().len(),
    }))
}

/// Something the office sees.
struct SeenView {
    /// A message, with its remedy; none for words.
    message: Option<&'static str>,
    text: &'static str,
}

/// A step of a page.
struct StepView {
    number: usize,
    act: &'static str,
    sees: Vec<SeenView>,
    href: Option<String>,
    link: String,
    /// Whether it has happened; none where nothing tells.
    done: Option<bool>,
}

/// A scene with its steps.
struct SceneView {
    number: usize,
    id: &'static str,
    title: &'static str,
    shows: &'static str,
    minutes: u8,
    lesson: &'static str,
    steps: Vec<StepView>,
}

impl SceneView {
    fn of(scene: &'static Scene, situation: Option<&Situation>, view: &View<'_>) -> Self {
        let steps = scene.steps.iter().enumerate();
        Self {
            number: SCENES.iter().position(|one| one.id == scene.id).unwrap_or_default() + 1,
            id: scene.id,
            title: scene.title.get(view.visit.lang),
            shows: scene.shows.get(view.visit.lang),
            minutes: scene.minutes,
            lesson: scene.lesson.get(view.visit.lang),
            steps: steps.map(|(index, step)| view.step(index + 1, step, situation)).collect(),
        }
    }
}

/// Who looks, and at which offices.
struct View<'a> {
    visit: &'a Visit,
    accounts: &'a [AccountView],
}

impl View<'_> {
    fn step(&self, number: usize, step: &'static Step, situation: Option<&Situation>) -> StepView {
        let lang = self.visit.lang;
        let sees = step.sees.iter().map(|seen| match seen {
            Seen::Words(text) | Seen::Common(text) => {
                SeenView { message: None, text: text.get(lang) }
            }
            Seen::Message(kind) => {
                SeenView { message: Some(kind.title.ja), text: kind.hint.get(lang) }
            }
        });
        let (href, link) = match step.screen.as_ref().map(|screen| self.link(screen)) {
            Some((href, link)) => (Some(href), link),
            None => (None, String::new()),
        };
        StepView {
            number,
            act: step.act.get(lang),
            sees: sees.collect(),
            href,
            link,
            done: situation.and_then(|situation| situation.have_happened(&step.signs)),
        }
    }

    /// Address and name of a screen.
    fn link(&self, screen: &Screen) -> (String, String) {
        let of = |role: Role| {
            player(self.accounts, role)
                .map_or_else(Default::default, |own| (own.office.clone(), own.name.clone()))
        };
        match screen {
            Screen::Page(page) => (page.path.to_owned(), page.name.get(self.visit.lang).to_owned()),
            Screen::Letter(role) => {
                let (office, name) = of(*role);
                let letter = self.visit.t("通知書", "letter");
                (format!("/console/letter/{office}"), format!("{letter}：{name}"))
            }
            Screen::Terminal { office, path } => {
                let (office, name) = of(*office);
                let terminal = self.visit.t("端末", "terminal");
                (format!("/client/{office}{path}"), format!("{terminal}：{name}"))
            }
        }
    }
}

/// An office of the scene, with the role it plays.
struct Player {
    role: &'static str,
    row: AccountRow,
}

fn cast(accounts: &[AccountView], visit: &Visit) -> Vec<Player> {
    Role::ALL
        .into_iter()
        .filter_map(|role| {
            let row = AccountRow::of(player(accounts, role)?, visit)?;
            Some(Player { role: role.name().get(visit.lang), row })
        })
        .collect()
}

#[derive(Template)]
#[template(path = "console/guide.html")]
struct GuidePage {
    page: Page,
    undo: Option<UndoView>,
    scene: SceneView,
    is_set: bool,
    done: usize,
    told: usize,
    next: Option<&'static str>,
    cast: Vec<Player>,
}

pub(super) async fn guide(
    State(sites): State<Sites>,
    visit: Visit,
    Path(id): Path<String>,
) -> PageResult {
    admit(&visit)?;
    let scene = find(&id)?;
    let is_set = current(&sites).is_some_and(|current| current.id == scene.id);
    let signs: Vec<Sign> = scene.steps.iter().flat_map(|step| &step.signs).copied().collect();
    let situation = Situation::of(&sites, &signs).await?;
    let view = View { visit: &visit, accounts: situation.accounts() };
    let shown = SceneView::of(scene, is_set.then_some(&situation), &view);
    let after = SCENES.iter().skip_while(|one| one.id != scene.id).nth(1);
    Ok(show(&GuidePage {
        undo: UndoView::latest(&sites, &visit),
        page: visit.page(),
        is_set,
        done: shown.steps.iter().filter(|step| step.done == Some(true)).count(),
        told: shown.steps.iter().filter(|step| step.done.is_some()).count(),
        next: after.map(|scene| scene.id),
        scene: shown,
        cast: cast(situation.accounts(), &visit),
    }))
}

#[derive(Template)]
#[template(path = "console/handout.html")]
struct HandoutPage {
    page: Page,
    scenes: Vec<SceneView>,
    minutes: u32,
}

/// The whole course on paper.
pub(super) async fn handout(State(sites): State<Sites>, visit: Visit) -> PageResult {
    admit(&visit)?;
    let accounts = sites.relay().turn().await?.operator().accounts().await?;
    let view = View { visit: &visit, accounts: &accounts };
    let scenes: Vec<SceneView> =
        SCENES.iter().map(|scene| SceneView::of(scene, None, &view)).collect();
    let course = SCENES.iter().filter(|scene| !scene.is_further);
    let minutes = course.map(|scene| u32::from(scene.minutes)).sum();
    Ok(show(&HandoutPage { page: visit.page(), scenes, minutes }))
}

/// Sets a scene: scenario, terminals, faults. Says how many terminals are ready.
async fn begin(sites: &Sites, scene: &'static Scene) -> Result<usize, PageError> {
    let seed = sites.relay().origin().seed;
    let was_dated = current(sites).is_some_and(|before| before.clock.is_some());
    let to = match scene.clock {
        Some(at) => Some(clock::moment(at.date(), at.time())),
        // The date of the scene before is not that of this one.
        None => was_dated.then(Timestamp::now),
    };
    if let Some(to) = to {
        sites.relay().move_clock(ClockMove::Set(to)).await?;
    }
    start_over(sites, scene.scenario.name, seed).await?;
    let ready = if scene.install { sites.rack.install_all().await? } else { 0 };
    for fault in &scene.faults {
        faults::arm(sites, fault)?;
    }
    sites.backstage.set_scene(Some(scene.id));
    Ok(ready)
}

pub(super) async fn set(State(sites): State<Sites>, visit: Visit, posted: Posted) -> PageResult {
    admit(&visit)?;
    let scene = find(posted.get("id"))?;
    let what = Text::made(
        format!("場面「{}」を準備する", scene.title.ja),
        format!("Set the scene “{}”", scene.title.en),
    );
    let question = Question {
        what: &what,
        loses: LOSES,
        button: Text::new("準備する", "Set it"),
        action: "/console/scene",
        fields: vec![("id", scene.id.to_owned())],
        back: "/console",
        is_undone: true,
    };
    if !question::is_answered(&posted) {
        return Ok(question.asked(&visit));
    }
    if !undo::keep(&sites, what.clone(), &posted).await? {
        return Ok(question.asked_without_undo(&visit));
    }
    let ready = begin(&sites, scene).await?;
    visit.say(
        Alert::good(
            format!("場面「{}」を準備しました。", scene.title.ja),
            format!("The scene “{}” is set.", scene.title.en),
        )
        .and(
            format!("証明書を入れた端末：{ready}台。ログインはすべて終了しました。"),
            format!("Terminals with a certificate: {ready}. Everybody is logged out."),
        ),
    );
    sites.noted(&visit, None, what);
    Ok(see(&format!("/console/scene/{}", scene.id)))
}

/// The current scene, or else the scenario, from its start.
pub(super) async fn reset(State(sites): State<Sites>, visit: Visit, posted: Posted) -> PageResult {
    admit(&visit)?;
    let what = Text::made("はじめの状態に戻す", "Start over");
    let question = Question {
        what: &what,
        loses: LOSES,
        button: Text::new("はじめの状態に戻す", "Start over"),
        action: "/console/reset",
        fields: Vec::new(),
        back: "/console",
        is_undone: true,
    };
    if !question::is_answered(&posted) {
        return Ok(question.asked(&visit));
    }
    if !undo::keep(&sites, what.clone(), &posted).await? {
        return Ok(question.asked_without_undo(&visit));
    }
    match current(&sites) {
        Some(scene) => {
            begin(&sites, scene).await?;
        }
        None => {
            let Origin { name, seed } = sites.relay().origin();
            start_over(&sites, &name, seed).await?;
        }
    }
    visit.say(Alert::good(
        "はじめの状態に戻しました。端末の内容、障害、記録も消しました。",
        "Everything is as at the start; terminals, faults and journal are empty.",
    ));
    sites.noted(&visit, None, what);
    Ok(see("/console"))
}

/// A scenario from its start, with terminals, faults and journal as new.
async fn start_over(sites: &Sites, scenario: &str, seed: u64) -> Result<(), PageError> {
    let beginning = scenario::beginning(scenario, seed).ok_or(PageError::NotFound)?;
    sites.relay().begin(&beginning).await?;
    clean(sites).await;
    Ok(())
}

/// Terminals, faults and journal as new; the terminals go to the state that was replaced.
pub(super) async fn clean(sites: &Sites) {
    sites.parts.faults.disarm_all();
    sites.parts.journal.clear();
    let old = sites.rack.take().await;
    undo::drop_on_disk(sites.backstage.past.keep_terminals(old)).await;
}
