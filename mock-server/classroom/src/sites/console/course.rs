//! The course: scenes, each with its steps, what the office sees at every one of them, and how to
//! tell that it has happened.
//!
//! The texts are the files of the folder `course`; `common.toml` there says how a scene is written.
//! What stands in 「」 is on a screen exactly like that; a test looks for it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use careplan_relay::refusal::{REFUSALS, RefusalKind};
use careplan_spec::Text;
use careplan_wire::scenarios::ScenarioInfo;
use jiff::civil::DateTime;
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error};

use super::faults::{FaultPreset, PRESETS};
use crate::scenario::SCENARIOS;

/// An office a scene plays with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Role {
    /// 居宅介護支援.
    Planner,
    /// 訪問介護.
    Helper,
    /// 通所介護.
    DayCare,
    /// 介護予防支援 (地域包括支援センター).
    Prevention,
}

impl Role {
    /// Every role, in the order of the table.
    pub(super) const ALL: [Self; 4] =
        [Self::Planner, Self::Helper, Self::DayCare, Self::Prevention];

    /// Main service kind of its office: the first office of that kind plays it.
    pub(super) const fn service_kind(self) -> &'static str {
        match self {
            Self::Planner => "43",
            Self::Helper => "11",
            Self::DayCare => "15",
            Self::Prevention => "46",
        }
    }

    /// What the steps call it.
    pub(super) const fn name(self) -> Text {
        match self {
            Self::Planner => Text::new("居宅", "planner"),
            Self::Helper => Text::new("訪問介護", "home help"),
            Self::DayCare => Text::new("通所介護", "day care"),
            Self::Prevention => Text::new("包括", "support centre"),
        }
    }
}

/// A page of `common.toml`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    /// Its address.
    pub(super) path: &'static str,
    /// What steps call it.
    pub(super) name: &'static Text<String>,
}

/// The page a step happens on.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum Screen {
    /// The letter of an office.
    Letter(Role),
    /// A screen of an office's terminal.
    Terminal {
        /// Whose.
        office: Role,
        /// Where below the first one.
        #[serde(default)]
        path: String,
    },
    /// Any other page.
    #[serde(deserialize_with = "link")]
    Page(Link),
}

/// What the office sees.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Seen {
    /// In words; what is in 「」 literally.
    Words(Text<String>),
    /// The same, in words of `common.toml`.
    #[serde(deserialize_with = "common")]
    Common(Text<String>),
    /// This message.
    #[serde(deserialize_with = "refusal")]
    Message(&'static RefusalKind),
}

/// How to tell from the state of the mock that a step has happened.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Sign {
    /// The password is neither temporary nor expired.
    PasswordChosen(Role),
    /// A mail address is registered.
    MailRegistered(Role),
    /// A good certificate was issued.
    CertificateIssued(Role),
    /// Some certificate is on its first terminal.
    CertificateInstalled(Role),
    /// The licence is in force or applied for.
    LicenceHeld(Role),
    /// The licence has ended.
    LicenceOver(Role),
    /// Its renewal is stopped.
    RenewalStopped(Role),
    /// Both stages of a login were passed since the scene was set.
    LoggedIn(Role),
    /// A message was taken by the relay.
    Sent(Role),
    /// A message was fetched.
    Fetched(Role),
    /// The relay gave this answer to somebody.
    #[serde(deserialize_with = "refusal")]
    Refused(&'static RefusalKind),
    /// The 証明書発行用パスワード was issued anew.
    IssuePasswordRenewed(Role),
    /// No fault is armed any more.
    FaultsGone,
}

/// A step.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Step {
    /// What to do.
    pub(super) act: Text<String>,
    /// What the office sees then.
    pub(super) sees: Vec<Seen>,
    /// Where.
    pub(super) screen: Option<Screen>,
    /// How to tell that it has happened; all of them.
    #[serde(default)]
    pub(super) signs: Vec<Sign>,
}

/// A scene.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scene {
    /// Identifier, in addresses: the name of its file.
    #[serde(skip)]
    pub(super) id: &'static str,
    /// What the mock is loaded with.
    #[serde(deserialize_with = "scenario")]
    pub(super) scenario: &'static ScenarioInfo,
    /// Title.
    pub(super) title: Text<String>,
    /// What it shows.
    pub(super) shows: Text<String>,
    /// How long it takes with people, in minutes.
    pub(super) minutes: u8,
    /// What to say at the end.
    pub(super) lesson: Text<String>,
    /// Whether the terminals have the certificates of their offices from the start.
    pub(super) install: bool,
    /// What the clock is set to, in Japan; where it stands unless the scene has a time of its own.
    #[serde(default)]
    pub(super) clock: Option<DateTime>,
    /// Faults that are armed.
    #[serde(default, deserialize_with = "faults")]
    pub(super) faults: Vec<&'static FaultPreset>,
    /// Whether it is one of the course, or a further one.
    #[serde(default, rename = "further")]
    pub(super) is_further: bool,
    /// The steps.
    pub(super) steps: Vec<Step>,
}

/// What several scenes use.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Common {
    /// By name.
    words: BTreeMap<String, Text<String>>,
    /// By address.
    pages: BTreeMap<String, Text<String>>,
}

static COMMON: LazyLock<Common> =
    LazyLock::new(|| read("common", include_str!("../../../course/common.toml")));

macro_rules! files {
    ($($id:literal)*) => {
        &[$(($id, include_str!(concat!("../../../course/", $id, ".toml")))),*]
    };
}

/// The files of the scenes, in the order of a course.
static FILES: &[(&str, &str)] = files![
    "first-setup"
    "exchange"
    "actuals-back"
    "wrong-certificate"
    "expired-password"
    "free-pass-ending"
    "once-only"
    "broken-export"
    "lost-issue-password"
    "billing-certificate"
    "broken-line"
    "maintenance"
    "free-pass"
];

/// The scenes, in the order of a course.
pub(super) static SCENES: LazyLock<Vec<Scene>> =
    LazyLock::new(|| FILES.iter().map(|(id, text)| Scene { id, ..read(id, text) }).collect());

/// Reads a file of the course. What does not fit is a mistake of ours; a test reads every one.
fn read<T: DeserializeOwned>(name: &str, text: &str) -> T {
    toml::from_str(text).unwrap_or_else(|error| panic!("course/{name}.toml: {error}"))
}

/// What a name of a file stands for.
fn known<T, E: Error>(name: &str, found: Option<T>) -> Result<T, E> {
    found.ok_or_else(|| E::custom(format!("{name} is not known")))
}

fn scenario<'de, D: Deserializer<'de>>(from: D) -> Result<&'static ScenarioInfo, D::Error> {
    let name = String::deserialize(from)?;
    known(&name, SCENARIOS.iter().find(|known| known.name == name))
}

fn refusal<'de, D: Deserializer<'de>>(from: D) -> Result<&'static RefusalKind, D::Error> {
    let code = String::deserialize(from)?;
    known(&code, REFUSALS.iter().copied().find(|kind| kind.code == code))
}

fn faults<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<&'static FaultPreset>, D::Error> {
    let ids = Vec::<String>::deserialize(from)?;
    ids.iter().map(|id| known(id, PRESETS.iter().find(|preset| preset.id == id))).collect()
}

fn common<'de, D: Deserializer<'de>>(from: D) -> Result<Text<String>, D::Error> {
    let name = String::deserialize(from)?;
    known(&name, COMMON.words.get(&name).cloned())
}

fn link<'de, D: Deserializer<'de>>(from: D) -> Result<Link, D::Error> {
    let path = String::deserialize(from)?;
    let page = COMMON.pages.get_key_value(&path);
    known(&path, page.map(|(path, name)| Link { path, name }))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;

    /// Everything the files say in words.
    fn texts() -> impl Iterator<Item = &'static Text<String>> {
        let of_step =
            |step: &'static Step| step.sees.iter().filter_map(words_of).chain([&step.act]);
        SCENES
            .iter()
            .flat_map(move |scene| {
                let own = [&scene.title, &scene.shows, &scene.lesson];
                own.into_iter().chain(scene.steps.iter().flat_map(of_step))
            })
            .chain(COMMON.words.values())
            .chain(COMMON.pages.values())
    }

    fn words_of(seen: &Seen) -> Option<&Text<String>> {
        match seen {
            Seen::Words(text) | Seen::Common(text) => Some(text),
            Seen::Message(_) => None,
        }
    }

    #[test]
    fn nothing_is_left_empty_or_unused() {
        for text in texts() {
            assert!(!text.ja.trim().is_empty() && !text.en.trim().is_empty(), "{text}");
        }
        let files: String = FILES.iter().map(|(_, text)| *text).collect();
        for path in COMMON.pages.keys() {
            assert!(files.contains(&format!("screen.page = \"{path}\"")), "{path}");
        }
        for name in COMMON.words.keys() {
            assert!(files.contains(&format!("common = \"{name}\"")), "{name}");
        }
    }

    #[test]
    fn a_scene_with_a_mistake_is_not_read() {
        let read = |text: &str| toml::from_str::<Scene>(text).map_err(|error| error.to_string());
        let with_faults = FILES.iter().find(|(_, text)| text.contains("faults =")).unwrap().1;
        let step = r#"
            [[steps]]
            act = { ja = "x", en = "x" }
            sees = [{ common = "two-stages" }, { message = "already-fetched" }]
            screen.page = "/usage"
            signs = [{ sent = "planner" }, "faults-gone"]
        "#;
        let text = format!("{with_faults}{step}");
        assert_eq!(read(&text).err(), None);
        for (good, bad, why) in [
            ("title.en = ", "title.fr = ", "missing field `en`"),
            ("install = ", "installed = ", "unknown field `installed`"),
            ("scenario = \"", "scenario = \"x", "xdemo is not known"),
            ("faults = [\"", "faults = [\"x", "xsend-broken is not known"),
            ("screen.page = \"", "screen.page = \"x", "x/usage is not known"),
            ("office = \"planner\"", "office = \"hospital\"", "unknown variant `hospital`"),
            ("{ sent = ", "{ received = ", "unknown variant `received`"),
            ("sent = \"planner\"", "refused = \"never\"", "never is not known"),
            ("common = \"", "common = \"x", "xtwo-stages is not known"),
            ("message = \"", "message = \"x", "xalready-fetched is not known"),
        ] {
            assert!(text.contains(good), "{good}");
            let told = read(&text.replacen(good, bad, 1)).expect_err(bad);
            assert!(told.contains(why), "{bad}: {told}");
        }
    }

    #[test]
    fn every_scenario_has_a_scene_and_every_scene_what_it_names() {
        let mut ids = BTreeSet::new();
        for scene in &*SCENES {
            assert!(ids.insert(scene.id), "{}", scene.id);
            assert!(scene.steps.len() >= 2, "{}", scene.id);
            assert!(scene.steps.iter().all(|step| !step.sees.is_empty()), "{}", scene.id);
        }
        for scenario in SCENARIOS {
            let has = SCENES.iter().any(|scene| scene.scenario.name == scenario.name);
            assert!(has, "{}", scenario.name);
        }
        assert_eq!(SCENES.iter().filter(|scene| !scene.is_further).count(), 8);
    }

    fn read_all(folder: &Path, text: &mut String) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                read_all(&path, text);
            } else if path.file_name().is_some_and(|name| name != "course.rs") {
                text.push_str(&fs::read_to_string(&path).unwrap());
            }
        }
    }

    /// What stands in 「」, without nested ones.
    fn quoted(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        let mut rest = text;
        while let Some(start) = rest.find('「') {
            let inner = &rest[start + '「'.len_utf8()..];
            let Some(end) = inner.find('」') else { break };
            let word = &inner[..end];
            found.push(word.rsplit('「').next().unwrap_or(word));
            rest = &inner[end..];
        }
        found
    }

    #[test]
    fn what_is_quoted_is_on_a_screen() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut screens = String::new();
        read_all(&root.join("templates"), &mut screens);
        for crate_of_texts in [".", "../relay", "../wire", "../../fixtures"] {
            read_all(&root.join(crate_of_texts).join("src"), &mut screens);
        }
        for refusal in REFUSALS {
            screens.push_str(refusal.title.ja);
        }
        let is_shown = |word: &str| {
            // The name of the certificate is put before some labels.
            let mut labels = ["介護DX証明書", "介護保険証明書"].into_iter();
            screens.contains(word)
                || labels.any(|name| word.strip_prefix(name).is_some_and(|l| screens.contains(l)))
        };
        for scene in &*SCENES {
            for step in &scene.steps {
                for text in step.sees.iter().filter_map(words_of).chain([&step.act]) {
                    for word in quoted(&text.ja).into_iter().flat_map(|word| word.split(" … ")) {
                        assert!(is_shown(word), "{}: 「{word}」", scene.id);
                    }
                }
            }
        }
    }

    #[test]
    fn the_guide_for_trainers_quotes_screens_and_knows_every_scene() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let guide = fs::read_to_string(root.join("../../docs/trainers.ja.md")).unwrap();
        let mut screens = String::new();
        read_all(&root.join("templates"), &mut screens);
        for crate_of_texts in [".", "../relay", "../wire"] {
            read_all(&root.join(crate_of_texts).join("src"), &mut screens);
        }
        for scene in &*SCENES {
            screens.push_str(&scene.title.ja);
            assert!(guide.contains(&format!("「{}」", scene.title.ja)), "{}", scene.id);
            let row = format!("| 「{}」 | {}分 |", scene.title.ja, scene.minutes);
            assert!(scene.is_further || guide.contains(&row), "{row}");
        }
        for word in quoted(&guide).into_iter().filter(|word| !word.is_empty()) {
            assert!(screens.contains(word), "「{word}」");
        }
    }
}
