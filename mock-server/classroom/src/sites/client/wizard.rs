//! The import of a certificate as Windows shows it: seven screens, and the look under Internet
//! options afterwards (introduction guide 2025-12, 証明書インストール; certificate guide 2025-06, 11-16).
//! Every choice can be made wrongly and is explained; only the last screen changes the terminal.

use askama::Template;
use axum::extract::{Path, Query, State};
use careplan_certs::inspect::{CertificateFacts, thumbprint};
use careplan_certs::package::{self, OpenError};
use careplan_relay::secret::Secret;
use careplan_spec::Text;
use serde::Deserialize;

use super::At;
use super::certificate::{Installed, chosen, installed};
use crate::sites::Sites;
use crate::sites::alert::Alert;
use crate::sites::page::{Page, PageError, PageResult, see, show};
use crate::sites::posted::Posted;
use crate::sites::terminal::Wizard;
use crate::sites::visit::Visit;

/// A certificate with its key and those above is much smaller.
const LARGEST: usize = 64 * 1024;

/// The screens, counted from one.
const SCREENS: usize = 7;

/// An option of the third screen.
#[derive(Debug)]
struct ImportOption {
    id: &'static str,
    name: Text,
    /// Whether the guide has it ticked.
    wanted: bool,
    why: Text,
}

/// In the order of the window.
static OPTIONS: [ImportOption; 4] = [
    ImportOption {
        id: "strong",
        name: Text::new("秘密キーの保護を強力にする", "Enable strong private key protection"),
        wanted: false,
        why: Text::new(
            "「秘密キーの保護を強力にする」のチェックをはずします。付けると、証明書を使うたびに確認の画面が出ます。",
            "Untick strong protection: with it you are asked every time the certificate is used.",
        ),
    },
    ImportOption {
        id: "exportable",
        name: Text::new("このキーをエクスポート可能にする", "Mark this key as exportable"),
        wanted: false,
        why: Text::new(
            "「このキーをエクスポート可能にする」のチェックをはずします。付けると、このパソコンから秘密キーを持ち出せるようになります。別のパソコンには、.p12をもう一度ダウンロードして入れます。",
            "Untick “exportable”: with it the key can be carried away from this computer. For another computer download the .p12 again.",
        ),
    },
    ImportOption {
        id: "virtual",
        name: Text::new(
            "仮想化ベースのセキュリティを使用して秘密キーを保護する（エクスポート不可）",
            "Protect the key with virtualisation-based security (not exportable)",
        ),
        wanted: false,
        why: Text::new(
            "「仮想化ベースのセキュリティ」のチェックをはずします。ガイドでは付けずに進みます。",
            "Untick virtualisation-based security: the guide goes on without it.",
        ),
    },
    ImportOption {
        id: "extended",
        name: Text::new("すべての拡張プロパティを含める", "Include all extended properties"),
        wanted: true,
        why: Text::new(
            "「すべての拡張プロパティを含める」のチェックは付けたままにします。",
            "Leave “Include all extended properties” ticked.",
        ),
    },
];

/// The file was opened: keeps it, and begins.
pub(super) async fn open(
    State(sites): State<Sites>,
    visit: Visit,
    Path(terminal): Path<String>,
    mut posted: Posted,
) -> PageResult {
    let at = At::holder(&sites, visit, &terminal).await?;
    let file = chosen(&at, &mut posted)?;
    let is_named = [".p12", ".pfx"].iter().any(|end| file.name.to_lowercase().ends_with(end));
    if !is_named || file.bytes.len() > LARGEST {
        at.visit.say(
            Alert::bad("証明書のファイルではありません。", "This is not the file of a certificate.").and(
                "電子請求受付システムからダウンロードした、名前が「.p12」で終わるファイルを選んでください。",
                "Choose the file from the billing site whose name ends in .p12.",
            ),
        );
        return Ok(see(&at.path("/certificate")));
    }
    *at.terminal.wizard() = Some(Wizard::new(file.name, file.bytes));
    Ok(see(&at.path("/certificate/wizard/1")))
}

#[derive(Template)]
#[template(path = "client/wizard.html")]
struct WizardPage {
    page: Page,
    number: usize,
    total: usize,
    file_name: String,
    has_password: bool,
    ticked: Vec<String>,
    /// Name and thumbprint of the root.
    root: Option<(String, String)>,
}

impl WizardPage {
    fn is_ticked(&self, option: &ImportOption) -> bool {
        self.ticked.iter().any(|id| id == option.id)
    }
}

/// The screen of a path; to the one that is reached where it is further on.
fn reached(at: &At, number: &str) -> Result<usize, PageError> {
    let number: usize = number.parse().map_err(|_| PageError::NotFound)?;
    if !(1..=SCREENS).contains(&number) {
        return Err(PageError::NotFound);
    }
    let reached = at.terminal.wizard().as_ref().map(|wizard| wizard.reached);
    match reached {
        None => Err(at.to("/certificate")),
        Some(reached) if reached < number => Err(at.to(&format!("/certificate/wizard/{reached}"))),
        Some(_) => Ok(number),
    }
}

pub(super) async fn screen(
    State(sites): State<Sites>,
    visit: Visit,
    Path((terminal, number)): Path<(String, String)>,
) -> PageResult {
    let at = At::holder(&sites, visit, &terminal).await?;
    let number = reached(&at, &number)?;
    let page = at.page();
    let wizard = at.terminal.wizard();
    let wizard = wizard.as_ref().ok_or_else(|| at.to("/certificate"))?;
    Ok(show(&WizardPage {
        page,
        number,
        total: SCREENS,
        file_name: wizard.file_name.clone(),
        has_password: wizard.password.is_some(),
        ticked: wizard.ticked.clone(),
        root: wizard.root.clone(),
    }))
}

pub(super) async fn press(
    State(sites): State<Sites>,
    visit: Visit,
    Path((terminal, number)): Path<(String, String)>,
    posted: Posted,
) -> PageResult {
    let at = At::holder(&sites, visit, &terminal).await?;
    let number = reached(&at, &number)?;
    if posted.get("press") == "cancel" {
        *at.terminal.wizard() = None;
        at.visit.say(Alert::note("取り込みを中止しました。", "The import was cancelled.").and(
            "証明書は入っていません。はじめるときは、もう一度ファイルを開いてください。",
            "No certificate was put in. Open the file again to begin.",
        ));
        return Ok(see(&at.path("/certificate")));
    }
    let wrong = match number {
        1 => wrong_place(posted.get("place")),
        3 => wrong_key(&at, &posted).await?,
        4 => wrong_store(posted.get("store")),
        6 if posted.get("press") != "yes" => Some(
            Alert::bad(
                "「いいえ」を押すと、証明書は信頼されないまま終わります。",
                "With “No” the certificate would not be trusted.",
            )
            .and(
                "拇印を見比べ、電子請求受付システムからダウンロードした証明書であれば「はい」を押します。",
                "Compare the thumbprint; for the certificate from the billing site press “Yes”.",
            ),
        ),
        _ => None,
    };
    if let Some(alert) = wrong {
        at.visit.say(alert);
        return Ok(see(&at.path(&format!("/certificate/wizard/{number}"))));
    }
    if number == SCREENS {
        *at.terminal.wizard() = None;
        return Ok(see(&at.path("/certificate/check/1")));
    }
    let next = {
        let mut wizard = at.terminal.wizard();
        let wizard = wizard.as_mut().ok_or_else(|| at.to("/certificate"))?;
        // Windows warns of a root only where there is one in the file.
        let next = if number == 5 && wizard.root.is_none() { 7 } else { number + 1 };
        wizard.reached = wizard.reached.max(next);
        next
    };
    if next == SCREENS {
        finish(&at).await?;
    }
    Ok(see(&at.path(&format!("/certificate/wizard/{next}"))))
}

fn wrong_place(chosen: &str) -> Option<Alert> {
    match chosen {
        "user" => None,
        "machine" => Some(
            Alert::bad("「現在のユーザー」を選びます。", "Choose “Current user”.").and(
                "「ローカル コンピューター」は、パソコンを使う全員のための場所です。管理者の許可を求められ、ガイドの手順とは別の場所に入ります。",
                "“Local machine” is a place for everybody who uses the computer. It asks for an administrator, and it is not where the guide puts the certificate.",
            ),
        ),
        _ => Some(Alert::bad("保存場所を選んでください。", "Choose where to store it.")),
    }
}

fn wrong_store(chosen: &str) -> Option<Alert> {
    (chosen != "automatic").then(|| {
        Alert::bad(
            "「証明書の種類に基づいて、自動的に証明書ストアを選択する」を選びます。",
            "Choose “Automatically select the certificate store”.",
        )
        .and(
            "自分で場所を決めると、事業所の証明書と発行者の証明書が同じ場所に入り、使えないことがあります。",
            "In one store of your own choice the office's certificate and its issuer's would lie together, and may not work.",
        )
    })
}

/// The third screen: password and options, everything wrong at once.
async fn wrong_key(at: &At, posted: &Posted) -> Result<Option<Alert>, PageError> {
    let ticked: Vec<String> = OPTIONS
        .iter()
        .filter(|option| posted.has(option.id))
        .map(|option| option.id.to_owned())
        .collect();
    let (p12, known) = {
        let mut wizard = at.terminal.wizard();
        let wizard = wizard.as_mut().ok_or_else(|| at.to("/certificate"))?;
        wizard.ticked.clone_from(&ticked);
        (wizard.p12.clone(), wizard.password.is_some())
    };
    let typed = posted.secret("password");
    let mut lines = Vec::new();
    // What was right is not asked for again.
    if !(known && typed.reveal().is_empty()) {
        match opened(p12, typed.clone()).await? {
            Ok(root) => {
                if let Some(wizard) = at.terminal.wizard().as_mut() {
                    wizard.password = Some(typed);
                    wizard.root = root;
                }
            }
            Err(why) => {
                if let Some(wizard) = at.terminal.wizard().as_mut() {
                    wizard.password = None;
                }
                lines.push(why);
            }
        }
    }
    let not_as_wanted =
        |option: &&ImportOption| ticked.iter().any(|id| id == option.id) != option.wanted;
    lines.extend(OPTIONS.iter().filter(not_as_wanted).map(|option| option.why));
    let mut lines = lines.into_iter();
    Ok(lines.next().map(|first| {
        lines.fold(Alert::bad(first.ja, first.en), |alert, line| alert.and(line.ja, line.en))
    }))
}

/// The root in the file, its name and thumbprint; or why it does not open.
async fn opened(
    p12: bytes::Bytes,
    password: Secret,
) -> Result<Result<Option<(String, String)>, Text>, PageError> {
    // Opening stretches the password, which takes a while.
    let work = move || {
        let installed = package::open(&p12, password.reveal()).map_err(OpenError::text)?;
        let above = installed.chain().get(1..).and_then(<[_]>::last);
        Ok(above.map(|root| {
            let facts = CertificateFacts::from_der(root).ok();
            let name = facts.and_then(|facts| facts.common_name).unwrap_or_default();
            (name, thumbprint(root))
        }))
    };
    tokio::task::spawn_blocking(work).await.map_err(|error| {
        tracing::error!(%error, "a certificate was not opened");
        PageError::Failed
    })
}

/// The import itself.
async fn finish(at: &At) -> Result<(), PageError> {
    let (p12, password) = {
        let wizard = at.terminal.wizard();
        let wizard = wizard.as_ref().ok_or_else(|| at.to("/certificate"))?;
        let password = wizard.password.clone().ok_or_else(|| at.to("/certificate/wizard/3"))?;
        (wizard.p12.clone(), password)
    };
    if let Err(error) = at.terminal.import(p12, password.reveal().to_owned()).await {
        *at.terminal.wizard() = None;
        at.tell(&error);
        return Err(at.to("/certificate"));
    }
    Ok(())
}

/// What was pressed on a drawing.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Pressed {
    press: Option<String>,
}

/// Screens of the look under Internet options.
const LOOKS: usize = 4;

#[derive(Template)]
#[template(path = "client/check.html")]
struct CheckPage {
    page: Page,
    number: usize,
    total: usize,
    installed: Option<Installed>,
    is_future: bool,
    wrong: bool,
}

pub(super) async fn check(
    State(sites): State<Sites>,
    visit: Visit,
    Path((terminal, number)): Path<(String, String)>,
    Query(pressed): Query<Pressed>,
) -> PageResult {
    let at = At::holder(&sites, visit, &terminal).await?;
    let number: usize = number.parse().map_err(|_| PageError::NotFound)?;
    if !(1..=LOOKS).contains(&number) {
        return Err(PageError::NotFound);
    }
    let mut wrong = false;
    if let Some(press) = pressed.press {
        if press == "on" && number < LOOKS {
            return Ok(see(&at.path(&format!("/certificate/check/{}", number + 1))));
        }
        wrong = true;
    }
    let installed = installed(&at).await;
    let now = sites.relay().clock().now();
    let is_future = installed.as_ref().is_some_and(|installed| now < installed.ends_at);
    Ok(show(&CheckPage { page: at.page(), number, total: LOOKS, installed, is_future, wrong }))
}
