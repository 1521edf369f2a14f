//! 証明書 and 介護DX証明書: apply, download, renew; 証明書発行用パスワード (relay.md §5).

use askama::Template;
use axum::extract::{Path, State};
use careplan_relay::certificate::{
    CertificateApplication, CertificateKind, CertificateState, CertificateView,
};
use careplan_relay::clock;
use careplan_relay::licence::shown_yen;
use careplan_relay::refusal;
use careplan_relay::secret::Secret;

use super::terms::{OF_CERTIFICATES, Terms};
use super::{caller, sealed};
use crate::sites::alert::Alert;
use crate::sites::page::{Page, PageError, PageResult, attachment, see, show};
use crate::sites::posted::Posted;
use crate::sites::session::CertificateOrder;
use crate::sites::visit::Visit;
use crate::sites::{Sites, portal};

/// A kind as the screens of this site name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct KindShown {
    kind: CertificateKind,
    id: &'static str,
}

const SHOWN: [KindShown; 2] = [
    KindShown { kind: CertificateKind::CarePlanJigyousho, id: "dx" },
    KindShown { kind: CertificateKind::KaigoJigyousho, id: "kaigo" },
];

impl KindShown {
    fn of(id: &str) -> Result<Self, PageError> {
        SHOWN.into_iter().find(|shown| shown.id == id).ok_or(PageError::NotFound)
    }

    /// Its name on the day of a page.
    fn name(self, page: &Page) -> &'static str {
        if self.is_dx() { page.care_certificate() } else { "介護保険証明書" }
    }

    fn path(self, step: &str) -> String {
        if step.is_empty() {
            format!("/billing/certificate/{}", self.id)
        } else {
            format!("/billing/certificate/{}/{step}", self.id)
        }
    }

    fn is_dx(self) -> bool {
        self.kind == CertificateKind::CarePlanJigyousho
    }
}

/// A row of 発行履歴.
struct CertificateRow {
    id: String,
    applied_on: String,
    from: String,
    to: String,
    state: String,
    fee: String,
    /// Issued, in force, and to be installed.
    is_usable: bool,
    can_fetch: bool,
    file_name: String,
}

impl CertificateRow {
    fn of(view: &CertificateView, visit: &Visit) -> Self {
        let date = |at: Option<jiff::Timestamp>| {
            at.map_or_else(|| "-".to_owned(), |at| clock::shown_date(clock::date_of(at)))
        };
        let state_en = match view.state {
            CertificateState::Pending => "applied for",
            CertificateState::Issued => "issued",
            CertificateState::Withdrawn => "issued (cannot be installed)",
            CertificateState::Revoked => "revoked",
            CertificateState::Expired => "expired",
        };
        Self {
            id: view.id.clone(),
            applied_on: clock::shown_date(view.applied_on),
            from: date(view.not_before),
            to: date(view.not_after),
            state: visit.t(&view.state_shown, state_en).to_owned(),
            fee: shown_yen(Some(view.fee_balance_yen)),
            is_usable: view.state == CertificateState::Issued,
            // Also one that is refused afterwards: practising that is what the mock is for.
            can_fetch: view.file_name.is_some() && view.state != CertificateState::Withdrawn,
            file_name: view.file_name.clone().unwrap_or_default(),
        }
    }
}

async fn rows(
    sites: &Sites,
    visit: &Visit,
    caller: &careplan_relay::account::PortalCaller,
    shown: KindShown,
) -> Result<Vec<CertificateRow>, PageError> {
    let all = sites.relay().turn().await?.certificates().list(caller).await?;
    Ok(all
        .iter()
        .filter(|view| view.kind == shown.kind)
        .map(|view| CertificateRow::of(view, visit))
        .collect())
}

#[derive(Template)]
#[template(path = "billing/certificate.html")]
struct ChoosePage {
    page: Page,
    shown: KindShown,
    rows: Vec<CertificateRow>,
    has_usable: bool,
    was_read: bool,
}

pub(super) async fn choose(
    State(sites): State<Sites>,
    visit: Visit,
    Path(kind): Path<String>,
) -> PageResult {
    let shown = KindShown::of(&kind)?;
    let caller = caller(&sites, &visit).await?;
    let rows = rows(&sites, &visit, &caller, shown).await?;
    let was_read = visit.with(|memory| memory.read_before_applying);
    let has_usable = rows.iter().any(|row| row.is_usable);
    Ok(show(&ChoosePage { page: visit.page(), shown, rows, has_usable, was_read }))
}

pub(super) async fn chosen(
    State(sites): State<Sites>,
    visit: Visit,
    Path(kind): Path<String>,
    posted: Posted,
) -> PageResult {
    let shown = KindShown::of(&kind)?;
    caller(&sites, &visit).await?;
    let renewal = match posted.get("process") {
        "download" => return Ok(see(&shown.path("download"))),
        "apply" => false,
        "renew" => true,
        _ => {
            visit.say(Alert::bad("処理を選択してください。", "Choose what to do."));
            return Ok(see(&shown.path("")));
        }
    };
    if !visit.with(|memory| memory.read_before_applying) {
        visit.say(Alert::bad(
            "【発行申請を行う前に】ボタンより、内容を必ず確認してください。確認せずに証明書の発行申請は行えません。",
            "Open “Before you apply” first: an application is not taken without it.",
        ));
        return Ok(see(&shown.path("")));
    }
    let order = CertificateOrder { kind: shown.kind, renewal, password: None };
    visit.with(|memory| memory.certificate = Some(order));
    Ok(see(&shown.path("password")))
}

#[derive(Template)]
#[template(path = "billing/before.html")]
struct BeforePage {
    page: Page,
    shown: KindShown,
    years: u32,
}

pub(super) async fn before(
    State(sites): State<Sites>,
    visit: Visit,
    Path(kind): Path<String>,
) -> PageResult {
    let shown = KindShown::of(&kind)?;
    caller(&sites, &visit).await?;
    let years = sites.relay().switches().certificate_years;
    Ok(show(&BeforePage { page: visit.page(), shown, years }))
}

pub(super) async fn was_read(
    State(sites): State<Sites>,
    visit: Visit,
    Path(kind): Path<String>,
    _: Posted,
) -> PageResult {
    let shown = KindShown::of(&kind)?;
    caller(&sites, &visit).await?;
    visit.with(|memory| memory.read_before_applying = true);
    Ok(see(&shown.path("")))
}

/// The application under way, if it is for this kind.
fn order(visit: &Visit, shown: KindShown) -> Result<CertificateOrder, PageError> {
    let order = visit.with(|memory| memory.certificate.clone());
    order
        .filter(|order| order.kind == shown.kind)
        .ok_or_else(|| PageError::Elsewhere(shown.path("")))
}

#[derive(Template)]
#[template(path = "billing/certificate_password.html")]
struct CertificatePasswordPage {
    page: Page,
    shown: KindShown,
}

pub(super) async fn password_page(
    State(sites): State<Sites>,
    visit: Visit,
    Path(kind): Path<String>,
) -> PageResult {
    let shown = KindShown::of(&kind)?;
    caller(&sites, &visit).await?;
    order(&visit, shown)?;
    Ok(show(&CertificatePasswordPage { page: visit.page(), shown }))
}

pub(super) async fn take_password(
    State(sites): State<Sites>,
    visit: Visit,
    Path(kind): Path<String>,
    posted: Posted,
) -> PageResult {
    let shown = KindShown::of(&kind)?;
    let caller = caller(&sites, &visit).await?;
    order(&visit, shown)?;
    let password: Secret = posted.trimmed("password").into();
    if password.reveal().is_empty() {
        visit.say(Alert::bad(
            "証明書発行用パスワードを入力してください。",
            "Enter the certificate issue password.",
        ));
        return Ok(see(&shown.path("password")));
    }
    // Said here and not after the terms.
    if let Err(error) = sites.relay().turn().await?.certificates().check(&caller, &password).await {
        portal::tell(&visit, error)?;
        return Ok(see(&shown.path("password")));
    }
    visit.with(|memory| {
        if let Some(order) = &mut memory.certificate {
            order.password = Some(password);
        }
    });
    Ok(see(&shown.path("terms")))
}

#[derive(Template)]
#[template(path = "billing/certificate_terms.html")]
struct CertificateTermsPage {
    page: Page,
    shown: KindShown,
    office: String,
    terms: &'static Terms,
}

pub(super) async fn terms(
    State(sites): State<Sites>,
    visit: Visit,
    Path(kind): Path<String>,
) -> PageResult {
    let shown = KindShown::of(&kind)?;
    caller(&sites, &visit).await?;
    if order(&visit, shown)?.password.is_none() {
        return Ok(see(&shown.path("password")));
    }
    let office = visit.with(|memory| {
        memory.portal.as_ref().map(|portal| portal.office.name.clone()).unwrap_or_default()
    });
    Ok(show(&CertificateTermsPage { page: visit.page(), shown, office, terms: &OF_CERTIFICATES }))
}

pub(super) async fn apply(
    State(sites): State<Sites>,
    visit: Visit,
    Path(kind): Path<String>,
    _: Posted,
) -> PageResult {
    let shown = KindShown::of(&kind)?;
    let caller = caller(&sites, &visit).await?;
    let CertificateOrder { kind, renewal, password } = order(&visit, shown)?;
    let Some(password) = password else { return Ok(see(&shown.path("password"))) };
    let application = CertificateApplication { kind, password, accept_terms: true, renewal };
    match sites.relay().turn().await?.certificates().apply(&caller, application).await {
        Ok(_) => {
            visit.with(|memory| {
                memory.certificate = None;
                memory.read_before_applying = false;
            });
            Ok(see(&shown.path("done")))
        }
        Err(error) => {
            let is_password = error.refusal().is_some_and(|refusal| {
                let about_it =
                    [&refusal::CERTIFICATE_PASSWORD_WRONG, &refusal::CERTIFICATE_PASSWORD_LOCKED];
                portal::is(refusal.kind, &about_it)
            });
            portal::tell(&visit, error)?;
            Ok(see(&shown.path(if is_password { "password" } else { "" })))
        }
    }
}

#[derive(Template)]
#[template(path = "billing/certificate_done.html")]
struct DonePage {
    page: Page,
    shown: KindShown,
}

pub(super) async fn done(
    State(sites): State<Sites>,
    visit: Visit,
    Path(kind): Path<String>,
) -> PageResult {
    let shown = KindShown::of(&kind)?;
    caller(&sites, &visit).await?;
    Ok(show(&DonePage { page: visit.page(), shown }))
}

#[derive(Template)]
#[template(path = "billing/downloads.html")]
struct DownloadsPage {
    page: Page,
    shown: KindShown,
    rows: Vec<CertificateRow>,
}

pub(super) async fn downloads(
    State(sites): State<Sites>,
    visit: Visit,
    Path(kind): Path<String>,
) -> PageResult {
    let shown = KindShown::of(&kind)?;
    let caller = caller(&sites, &visit).await?;
    let rows = rows(&sites, &visit, &caller, shown).await?;
    Ok(show(&DownloadsPage { page: visit.page(), shown, rows }))
}

pub(super) async fn fetch_p12(
    State(sites): State<Sites>,
    visit: Visit,
    Path(id): Path<String>,
) -> PageResult {
    let caller = caller(&sites, &visit).await?;
    let p12 = sites.relay().turn().await?.certificates().p12(&caller, &id).await?;
    Ok(attachment(&p12.file_name, p12.bytes))
}

/// The same certificate for systems that do not know the newer encryption.
pub(super) async fn fetch_older_p12(
    State(sites): State<Sites>,
    visit: Visit,
    Path(id): Path<String>,
) -> PageResult {
    let caller = caller(&sites, &visit).await?;
    let certificates = sites.relay().turn().await?.certificates();
    let p12 = certificates.p12_for_older_systems(&caller, &id).await?;
    Ok(attachment(&p12.file_name, p12.bytes))
}

#[derive(Template)]
#[template(path = "billing/about_password.html")]
struct AboutPasswordPage {
    page: Page,
}

pub(super) async fn about_password(State(sites): State<Sites>, visit: Visit) -> PageResult {
    caller(&sites, &visit).await?;
    Ok(show(&AboutPasswordPage { page: visit.page() }))
}

#[derive(Template)]
#[template(path = "billing/reissue.html")]
struct ReissuePage {
    page: Page,
}

pub(super) async fn reissue_page(State(sites): State<Sites>, visit: Visit) -> PageResult {
    caller(&sites, &visit).await?;
    Ok(show(&ReissuePage { page: visit.page() }))
}

pub(super) async fn reissue(State(sites): State<Sites>, visit: Visit, _: Posted) -> PageResult {
    let caller = caller(&sites, &visit).await?;
    sites.relay().turn().await?.certificates().reissue_password(&caller).await?;
    Ok(see("/billing/issue-password/done"))
}

#[derive(Template)]
#[template(path = "billing/reissued.html")]
struct ReissuedPage {
    page: Page,
}

pub(super) async fn reissued(State(sites): State<Sites>, visit: Visit) -> PageResult {
    caller(&sites, &visit).await?;
    Ok(show(&ReissuedPage { page: visit.page() }))
}

#[derive(Template)]
#[template(path = "billing/letter.html")]
struct LetterPage {
    page: Page,
    password: Option<Secret>,
    kj_id: String,
    number: String,
}

pub(super) async fn letter_page(State(sites): State<Sites>, visit: Visit) -> PageResult {
    let caller = caller(&sites, &visit).await?;
    Ok(show(&LetterPage {
        password: None,
        kj_id: caller.kj_id,
        number: caller.office.to_string(),
        page: visit.page(),
    }))
}

/// The letter opens with the password of the login (relay.md §5, Stated).
pub(super) async fn open_letter(
    State(sites): State<Sites>,
    visit: Visit,
    posted: Posted,
) -> PageResult {
    let caller = caller(&sites, &visit).await?;
    let (relay, password) = (sites.relay(), posted.secret("password"));
    if portal::has_blank(&visit, &password) {
        return Ok(see("/billing/issue-password/letter"));
    }
    match relay.turn().await?.doors().portal(&caller.kj_id, &password).await {
        Ok(login) => relay.turn().await?.doors().portal_logout(&login.portal_token).await?,
        Err(error) => {
            portal::tell(&visit, error)?;
            return Ok(see("/billing/issue-password/letter"));
        }
    }
    let password = Some(relay.turn().await?.certificates().password(&caller).await?);
    Ok(show(&LetterPage {
        password,
        kj_id: caller.kj_id,
        number: caller.office.to_string(),
        page: visit.page(),
    }))
}

/// The letter as a file, which opens with the password of the login too.
pub(super) async fn letter_pdf(State(sites): State<Sites>, visit: Visit) -> PageResult {
    let caller = caller(&sites, &visit).await?;
    let issue = sites.relay().turn().await?.certificates().password(&caller).await?;
    let opens = visit.with(|memory| memory.portal.as_ref().map(|portal| portal.password.clone()));
    let opens = opens.ok_or_else(|| PageError::Elsewhere("/billing/login".to_owned()))?;
    let line = |ja: &str, en: &str, value: &str| format!("{}  {value}", visit.t(ja, en));
    let lines = [
        visit
            .t("証明書発行用パスワード通知書（模擬）", "Certificate issue password (mock)")
            .to_owned(),
        String::new(),
        line("ユーザID", "User ID", &caller.kj_id),
        line("事業所番号", "Office number", caller.office.as_str()),
        line("証明書発行用パスワード", "Certificate issue password", issue.reveal()),
        String::new(),
        visit.t("大切に保管してください。", "Keep it safe.").to_owned(),
    ];
    // The hash of the password is made slow on purpose.
    let made = tokio::task::spawn_blocking(move || sealed::pdf(&lines, opens.reveal())).await;
    match made {
        Ok(Some(pdf)) => Ok(attachment("証明書発行用パスワード通知書.pdf", pdf)),
        Ok(None) | Err(_) => Err(PageError::Failed),
    }
}
