//! Scenes: a scenario, what is prepared on the terminals, and what to do in it.

use askama::Template;
use axum::extract::{Path, State};
use careplan_spec::Text;

use super::{admit, faults};
use crate::domain::control::AccountView;
use crate::sites::Sites;
use crate::sites::home::{AccountRow, title_of};
use crate::sites::page::{Alert, Page, PageError, PageResult, see, show};
use crate::sites::posted::Posted;
use crate::sites::visit::Visit;

/// A scene.
struct Scene {
    id: &'static str,
    /// Of [`crate::scenario::SCENARIOS`].
    scenario: &'static str,
    title: Text,
    /// What it shows.
    shows: Text,
    /// Whether the terminals have the certificates of their offices from the start.
    install: bool,
    /// Faults, of [`faults::PRESETS`].
    faults: &'static [&'static str],
    steps: &'static [Text],
}

/// The scenes, in the order of a course.
static SCENES: &[Scene] = &[
    Scene {
        id: "first-setup",
        scenario: "first-time",
        title: Text::new("はじめての設定", "First set-up"),
        shows: Text::new(
            "通知書を受け取ったばかりの事業所が、送受信できるようになるまでの全手順",
            "Everything from the letter to the first exchange",
        ),
        install: false,
        faults: &[],
        steps: &[
            Text::new(
                "「アカウント」から事業所の通知書（電子請求登録結果に関するお知らせ）を印刷して配る",
                "Print the letters of the offices under “Accounts” and hand them out",
            ),
            Text::new(
                "電子請求受付システムに仮パスワードでログインし、規約に同意して新しいパスワードにする",
                "Log in on the billing site with the temporary password, accept the terms, choose a password",
            ),
            Text::new(
                "メールアドレスを登録し、メール受信箱の4桁の確認コードを入力する",
                "Register a mail address with the four-digit code of the mailbox",
            ),
            Text::new(
                "介護DX証明書を申請し、発行完了のお知らせを読んでから .p12 をダウンロードする",
                "Apply for a 介護DX証明書, read the notice, download the .p12",
            ),
            Text::new(
                "端末の「電子証明書」で .p12 をインポートする（証明書発行用パスワード）",
                "Import it on the terminal under “Certificate”",
            ),
            Text::new(
                "利用状況Webサイトで利用申請をし、個人ユーザID（c-）とパスワードを控える",
                "Apply for a licence on the usage site and note the c-ID",
            ),
            Text::new("端末に2段階でログインする", "Log in on the terminal in two stages"),
            Text::new(
                "相手の事業所も同じ手順を終えたら、サポートサイトの見本ファイルを送り、受け取る",
                "When the other office is ready too, send it a sample of the support site",
            ),
        ],
    },
    Scene {
        id: "exchange",
        scenario: "demo",
        title: Text::new("毎月の送受信", "Sending and receiving"),
        shows: Text::new(
            "新規作成、下書き、一括送信、データ取得、ダウンロード状況",
            "New messages, drafts, bulk send, fetching, and seeing that it was fetched",
        ),
        install: true,
        faults: &[],
        steps: &[
            Text::new(
                "居宅介護支援と訪問介護の端末を別々のタブで開き、ログインする",
                "Open the terminals of planner and home help in two tabs and log in",
            ),
            Text::new(
                "訪問介護の受信一覧で薄緑の行を選び、データ取得を押す。「済」になり、取得したファイルが端末に保存される",
                "Fetch a pale green row as the home help; it becomes 済 and is saved",
            ),
            Text::new(
                "居宅の送信一覧で「ダウンロード済」になったことを確かめる",
                "See “downloaded” in the planner's list",
            ),
            Text::new(
                "サポートサイトの見本（K2）を保存し、新規作成に入れて送信する。一時保存も試す",
                "Save sample K2 of the support site, put it into “New”, send it; try a draft too",
            ),
            Text::new(
                "一括送信の練習用の見本を一括送信に入れ、行ごとに編集して送信する",
                "Put the bulk sample into “Bulk send”, edit rows, send them",
            ),
        ],
    },
    Scene {
        id: "once-only",
        scenario: "missed-download",
        title: Text::new("データ取得は1回だけ", "Fetching works once only"),
        shows: Text::new(
            "取得したデータを保存し損ねたとき、どうするか",
            "What to do when a fetched message was lost",
        ),
        install: true,
        faults: &[],
        steps: &[
            Text::new(
                "訪問介護の端末にログインし、「済」の行をもう一度データ取得する。理由と対処が表示される",
                "Fetch a row that is 済 again as the home help and read why not",
            ),
            Text::new(
                "「取得したファイル」に保存されていないことを確かめる",
                "See that it is not among the received files",
            ),
            Text::new(
                "居宅の端末から同じ内容をもう一度送ってもらう（再送）",
                "Let the planner send it again",
            ),
        ],
    },
    Scene {
        id: "expired-password",
        scenario: "expired-password",
        title: Text::new("パスワードの有効期限切れ", "An expired password"),
        shows: Text::new(
            "「パスワードの有効期限が切れています」と表示されたときの直し方",
            "How to mend “パスワードの有効期限が切れています”",
        ),
        install: true,
        faults: &[],
        steps: &[
            Text::new(
                "端末または利用状況Webサイトにログインし、表示を確かめる",
                "Log in on a terminal or the usage site and read the message",
            ),
            Text::new(
                "電子請求受付システムでパスワードを変更する",
                "Change the password on the billing site",
            ),
            Text::new("端末にもう一度ログインする", "Log in on the terminal again"),
        ],
    },
    Scene {
        id: "wrong-certificate",
        scenario: "wrong-certificate",
        title: Text::new("正しくない電子証明書", "Wrong certificates"),
        shows: Text::new(
            "期限切れ、失効、別の事業所、代理人の証明書では「正しい電子証明書をインストールしてください。」になる",
            "Expired, revoked, another office's, an agent's: all end in the same message",
        ),
        install: true,
        faults: &[],
        steps: &[
            Text::new(
                "4つの事業所の端末にログインし、同じ文言の下に出る正確な理由を比べる",
                "Log in on the four terminals and compare the exact causes",
            ),
            Text::new(
                "端末の「電子証明書」で発行先、発行者、有効期間を確かめる",
                "Look at subject, issuer and validity under “Certificate”",
            ),
            Text::new(
                "電子請求受付システムで証明書を申請し、入れ直してログインする",
                "Apply for a new one, install it, and log in",
            ),
        ],
    },
    Scene {
        id: "lost-issue-password",
        scenario: "demo",
        title: Text::new("証明書発行用パスワードの紛失", "A lost certificate password"),
        shows: Text::new(
            "再発行すると発行済みの証明書はインストールできなくなり、申請からやり直しになる",
            "After a re-issue, certificates issued before cannot be installed",
        ),
        install: false,
        faults: &[],
        steps: &[
            Text::new(
                "電子請求受付システムの介護DX証明書から .p12 をダウンロードしておく",
                "Download the .p12 on the billing site first",
            ),
            Text::new(
                "「証明書発行用パスワードとは？」から再発行し、お知らせの通知書で新しいパスワードを読む",
                "Have the password re-issued and read the new one in the letter of the notice",
            ),
            Text::new(
                "前の証明書がダウンロードできなくなったことを確かめ、もう一度申請する",
                "See that the old certificate is gone, and apply again",
            ),
        ],
    },
    Scene {
        id: "free-pass-ending",
        scenario: "free-pass-ending",
        title: Text::new("フリーパスの終わりと自動更新", "The end of a free pass"),
        shows: Text::new(
            "自動更新する事業所としない事業所で、期限の後に何が変わるか",
            "What changes after the end, with and without renewal",
        ),
        install: true,
        faults: &[],
        steps: &[
            Text::new(
                "利用状況Webサイトのライセンス確認で、有効期限と自動更新の状態を見る",
                "See end and renewal under “Licence” on the usage site",
            ),
            Text::new("1つの事業所で自動更新を停止する", "Stop the renewal of one office"),
            Text::new("時計を30日進める", "Let the clock jump 30 days"),
            Text::new(
                "更新された事業所と期限切れの事業所で、送信できるかを比べる",
                "Compare sending from an office that renewed and one that did not",
            ),
        ],
    },
    Scene {
        id: "broken-line",
        scenario: "demo",
        title: Text::new("送信中に通信が切れた", "The line breaks while sending"),
        shows: Text::new(
            "届いたかどうか分からないときは、同じ内容をもう一度送信すればよい（二重にならない）",
            "When nobody knows whether it arrived, send the same again: never twice",
        ),
        install: true,
        faults: &["send-broken"],
        steps: &[
            Text::new(
                "居宅の端末で見本を新規作成に入れ、送信する。結果が分からないと表示される",
                "Send a sample as the planner: the result is not known",
            ),
            Text::new("そのまま、もう一度送信を押す", "Press “Send” again, unchanged"),
            Text::new(
                "送信一覧に1件だけあることを確かめる",
                "See one message in the list, not two",
            ),
        ],
    },
    Scene {
        id: "maintenance",
        scenario: "demo",
        title: Text::new("メンテナンス中", "Under maintenance"),
        shows: Text::new(
            "ログインできないときの表示と、待ってからのやり直し",
            "What is shown when nobody can log in",
        ),
        install: true,
        faults: &["maintenance"],
        steps: &[
            Text::new("端末にログインし、表示を読む", "Try to log in on a terminal"),
            Text::new(
                "「障害」で取り消してから、もう一度ログインする",
                "Disarm it under “Faults” and log in again",
            ),
        ],
    },
];

fn find(id: &str) -> Result<&'static Scene, PageError> {
    SCENES.iter().find(|scene| scene.id == id).ok_or(PageError::NotFound)
}

/// A scene as a card.
struct Card {
    id: &'static str,
    title: &'static str,
    shows: &'static str,
}

#[derive(Template)]
#[template(path = "console/overview.html")]
struct OverviewPage {
    page: Page,
    cards: Vec<Card>,
    scenario: Text,
    seed: u64,
    armed: usize,
    terminals: usize,
}

pub(super) async fn overview(State(sites): State<Sites>, visit: Visit) -> PageResult {
    admit(&sites, &visit)?;
    let (name, seed) = sites.relay().scenario();
    let cards = SCENES
        .iter()
        .map(|scene| Card {
            id: scene.id,
            title: scene.title.get(visit.lang),
            shows: scene.shows.get(visit.lang),
        })
        .collect();
    Ok(show(&OverviewPage {
        page: visit.page(),
        cards,
        scenario: title_of(&name),
        seed,
        armed: sites.parts.faults.list().len(),
        terminals: sites.rack.opened().len(),
    }))
}

#[derive(Template)]
#[template(path = "console/guide.html")]
struct GuidePage {
    page: Page,
    id: &'static str,
    title: &'static str,
    shows: &'static str,
    steps: Vec<&'static str>,
    is_set: bool,
    cast: Vec<AccountRow>,
}

/// Main service kinds of the offices a scene plays with.
const CAST: [&str; 4] = ["43", "11", "15", "46"];

fn cast(accounts: &[AccountView], visit: &Visit) -> Vec<AccountRow> {
    CAST.iter()
        .filter_map(|kind| {
            accounts
                .iter()
                .find(|account| account.service_kinds.first().is_some_and(|first| first == kind))
        })
        .filter_map(|account| AccountRow::of(account, visit))
        .collect()
}

pub(super) async fn guide(
    State(sites): State<Sites>,
    visit: Visit,
    Path(id): Path<String>,
) -> PageResult {
    admit(&sites, &visit)?;
    let scene = find(&id)?;
    let accounts = sites.relay().accounts().await?;
    Ok(show(&GuidePage {
        id: scene.id,
        title: scene.title.get(visit.lang),
        shows: scene.shows.get(visit.lang),
        steps: scene.steps.iter().map(|step| step.get(visit.lang)).collect(),
        is_set: sites.relay().scenario().0 == scene.scenario,
        cast: cast(&accounts, &visit),
        page: visit.page(),
    }))
}

/// Sets the scene: scenario, terminals, faults.
pub(super) async fn set(State(sites): State<Sites>, visit: Visit, posted: Posted) -> PageResult {
    admit(&sites, &visit)?;
    let scene = find(posted.get("id"))?;
    sites.relay().load_scenario(scene.scenario, None).await?;
    clean(&sites);
    let ready = if scene.install { sites.rack.install_all().await? } else { 0 };
    for fault in scene.faults {
        faults::arm(&sites, fault)?;
    }
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
    Ok(see(&format!("/console/scene/{}", scene.id)))
}

/// The current scenario from its start.
pub(super) async fn reset(State(sites): State<Sites>, visit: Visit, _: Posted) -> PageResult {
    admit(&sites, &visit)?;
    sites.relay().reset().await?;
    clean(&sites);
    visit.say(Alert::good(
        "はじめの状態に戻しました。端末の内容、障害、記録も消しました。",
        "Everything is as at the start; terminals, faults and journal are empty.",
    ));
    Ok(see("/console"))
}

fn clean(sites: &Sites) {
    sites.parts.faults.disarm_all();
    sites.parts.journal.clear();
    sites.rack.wipe();
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::scenario::SCENARIOS;

    #[test]
    fn every_scenario_has_a_scene_and_every_scene_what_it_names() {
        let mut ids = BTreeSet::new();
        for scene in SCENES {
            assert!(ids.insert(scene.id), "{}", scene.id);
            assert!(SCENARIOS.iter().any(|known| known.name == scene.scenario), "{}", scene.id);
            assert!(scene.steps.len() >= 2, "{}", scene.id);
            for fault in scene.faults {
                assert!(faults::PRESETS.iter().any(|preset| preset.id == *fault), "{fault}");
            }
        }
        for scenario in SCENARIOS {
            assert!(
                SCENES.iter().any(|scene| scene.scenario == scenario.name),
                "{}",
                scenario.name
            );
        }
    }
}
