//! The letters and papers that are printed, as they read in both languages.
//!
//! `INSTA_UPDATE=always cargo test -p careplan-classroom letters` accepts what they say now.

use careplan_relay::clock::Clock;
use insta::Settings;

use super::browser::{Browser, PLANNER, Shown, World};

/// When they are printed.
const TODAY: &str = "2026-06-20T01:00:00Z";
/// What stands in this many characters is drawn anew for every office.
const DRAWN: &str = "[drawn]";

/// What is read in a page when it is printed: a line a paragraph, cells parted by bars.
fn printed(shown: &Shown) -> String {
    let html = shown.html();
    let main = html.split_once("<main").expect("a page").1;
    let main = main.split_once("</main>").expect("an end").0;
    let mut text = String::new();
    let mut rest = main.split_once('>').expect("a tag").1;
    while let Some((before, tail)) = rest.split_once('<') {
        text.push_str(before);
        let (tag, behind) = tail.split_once('>').expect("a tag");
        let name = tag.split_ascii_whitespace().next().expect("a name");
        rest = behind;
        if tag.contains("noprint") {
            // None of them holds another of its name.
            rest = rest.split_once(&format!("</{name}>")).expect("it ends").1;
        }
        text.push_str(match name {
            "td" | "dd" if text.ends_with(['\n', '|']) => "",
            "td" | "dd" => " | ",
            "br" | "/label" | "/p" | "/tr" | "/li" | "/dd" | "/h1" | "/h2" | "/h3" => "\n",
            _ => "",
        });
    }
    let text = text.replace("&#38;", "&").replace("&#39;", "'").replace("&#34;", "\"");
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

/// Compares with `snapshots/letters/<name>.<language>.snap`.
#[track_caller]
fn compare(name: &str, language: &str, shown: &Shown, drawn: &[&str]) {
    let mut text = printed(shown);
    for drawn in drawn {
        assert!(text.contains(drawn), "{drawn} is not in {text}");
        text = text.replace(drawn, DRAWN);
    }
    let mut settings = Settings::clone_current();
    settings.set_snapshot_path("snapshots/letters");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(format!("{name}.{language}"), text));
}

async fn world(scenario: &str) -> World {
    World::at(scenario, Clock::frozen_at(TODAY.parse().expect("a time"))).await
}

async fn shown(browser: &mut Browser, path: &str, language: &str) -> Shown {
    let page = browser.get(&format!("{path}?lang={language}")).await;
    page.is_at(&format!("{path}?lang={language}"));
    page
}

#[tokio::test]
async fn the_letter_of_the_registration() {
    let world = world("first-time").await;
    let account = world.account(PLANNER).await;
    let (temporary, issue) = (account.kj_password.unwrap(), account.certificate_password.unwrap());
    let mut trainer = world.browser();
    for language in ["ja", "en"] {
        let letter = shown(&mut trainer, &format!("/console/letter/{PLANNER}"), language).await;
        let site = format!("{}/billing", world.server.addresses().sites);
        compare("registration", language, &letter, &[temporary.reveal(), issue.reveal(), &site]);
    }
}

#[tokio::test]
async fn the_letter_of_a_new_issue_password() {
    let world = world("demo").await;
    let kj_id = world.account(PLANNER).await.kj_id.unwrap();
    let mut office = world.browser();
    office.log_in("/billing", &kj_id, "Careplan1").await;
    for language in ["ja", "en"] {
        shown(&mut office, "/billing/issue-password/reissue", language).await;
        let done = office.post("/billing/issue-password/reissue", &[]).await;
        compare("reissued", language, &done, &[]);
        let notices = office.get("/billing/notices?category=certificate&scope=unread").await;
        let notice = office.get(&notices.link("/billing/notices/")).await;
        compare("reissue-notice", language, &notice, &[]);
        let locked = office.get("/billing/issue-password/letter").await;
        compare("reissue-locked", language, &locked, &[]);
        let letter =
            office.post("/billing/issue-password/letter", &[("password", "Careplan1")]).await;
        let issue = world.account(PLANNER).await.certificate_password.unwrap();
        compare("reissue", language, &letter, &[issue.reveal()]);
    }
}

#[tokio::test]
async fn the_hand_out_of_the_course() {
    let world = world("demo").await;
    let mut trainer = world.browser();
    for language in ["ja", "en"] {
        let paper = shown(&mut trainer, "/console/handout", language).await;
        compare("hand-out", language, &paper, &[]);
    }
}
