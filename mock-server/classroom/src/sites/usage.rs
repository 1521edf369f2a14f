//! 利用状況Webサイト: the c-ID, the application for a licence or a free pass, the licence (relay.md
//! §3 M2 – M7, §6).

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use careplan_relay::account::{PortalCaller, TerminalAccount};
use careplan_relay::clock;
use careplan_relay::licence::{
    self, LicenceApplication, LicenceForm, LicenceKind, LicenceState, LicenceView,
};
use careplan_relay::notice::{NoticeRow, NoticeView};
use careplan_relay::outcome::Refusal;
use careplan_relay::refusal;

use super::alert::Alert;
use super::page::{Page, PageError, PageResult, see, show};
use super::posted::Posted;
use super::session::LicenceOrder;
use super::visit::Visit;
use super::{Sites, portal};

/// The routes.
pub(super) fn routes() -> Router<Sites> {
    Router::new()
        .route("/usage", get(top))
        .route("/usage/login", get(login_page).post(log_in))
        .route("/usage/logout", post(log_out))
        .route("/usage/notices/{id}", get(notice))
        .route("/usage/apply", get(apply_page).post(begin))
        .route("/usage/apply/form", get(form_page).post(take_form))
        .route("/usage/apply/terms", get(terms).post(accept))
        .route("/usage/apply/confirm", get(confirm_page).post(confirm))
        .route("/usage/apply/thanks", get(thanks))
        .route("/usage/apply/done", get(done))
        .route("/usage/licence", get(licence_page))
        .route("/usage/licence/renewal", get(renewal_page).post(set_renewal))
        .route("/usage/licence/cancel", get(cancel_page).post(cancel))
}

async fn caller(sites: &Sites, visit: &Visit) -> Result<PortalCaller, PageError> {
    portal::caller(sites, visit, "/usage", false).await
}

#[derive(Template)]
#[template(path = "usage/login.html")]
struct LoginPage {
    page: Page,
}

async fn login_page(visit: Visit) -> PageResult {
    Ok(show(&LoginPage { page: visit.page() }))
}

/// Unlike the billing site, this one does not let in who must change the password (E5).
async fn log_in(State(sites): State<Sites>, visit: Visit, posted: Posted) -> PageResult {
    if !portal::log_in(&sites, &visit, &posted).await? {
        return Ok(see("/usage/login"));
    }
    caller(&sites, &visit).await?;
    Ok(see("/usage"))
}

async fn log_out(State(sites): State<Sites>, visit: Visit, _: Posted) -> PageResult {
    portal::log_out(&sites, &visit).await?;
    Ok(see("/usage/login"))
}

/// A notice as a row: identifier, date, title, excerpt, whether it is unread.
struct UsageNotice {
    id: String,
    date: String,
    title: String,
    excerpt: String,
    unread: bool,
}

impl UsageNotice {
    fn of(row: NoticeRow, visit: &Visit) -> Self {
        Self {
            date: clock::shown_date(clock::date_of(row.published_at)),
            title: visit.t(&row.title, &row.title_en).to_owned(),
            id: row.id,
            excerpt: row.excerpt,
            unread: row.unread,
        }
    }
}

#[derive(Template)]
#[template(path = "usage/top.html")]
struct TopPage {
    page: Page,
    terminal: TerminalAccount,
    licence: LicenceView,
    number: String,
    notices: Vec<UsageNotice>,
}

async fn top(State(sites): State<Sites>, visit: Visit) -> PageResult {
    let caller = caller(&sites, &visit).await?;
    let relay = sites.relay();
    let terminal = relay.turn().await?.account().terminal_account(&caller).await?;
    let licence = relay.turn().await?.licences().view(&caller).await?;
    let notices = relay.turn().await?.account().notices(&caller).await?;
    let notices = notices.into_iter().take(10).map(|row| UsageNotice::of(row, &visit)).collect();
    let number = caller.office.to_string();
    Ok(show(&TopPage { page: visit.page(), terminal, licence, number, notices }))
}

#[derive(Template)]
#[template(path = "usage/notice.html")]
struct NoticePage {
    page: Page,
    notice: NoticeView,
    date: String,
}

async fn notice(
    State(sites): State<Sites>,
    visit: Visit,
    axum::extract::Path(id): axum::extract::Path<String>,
) -> PageResult {
    let caller = caller(&sites, &visit).await?;
    let notice = sites.relay().turn().await?.account().notice(&caller, &id).await?;
    let date = clock::shown_date(clock::date_of(notice.published_at));
    Ok(show(&NoticePage { page: visit.page(), notice, date }))
}

#[derive(Template)]
#[template(path = "usage/apply.html")]
struct ApplyPage {
    page: Page,
    licence: LicenceView,
    kj_id: String,
    fee: String,
    /// The usual fee, while it is waived.
    waived: Option<String>,
}

async fn apply_page(State(sites): State<Sites>, visit: Visit) -> PageResult {
    let caller = caller(&sites, &visit).await?;
    let licence = sites.relay().turn().await?.licences().view(&caller).await?;
    let switches = sites.relay().switches();
    let fee = licence::fee_from(sites.relay().clock().today(), &switches);
    Ok(show(&ApplyPage {
        page: visit.page(),
        licence,
        kj_id: caller.kj_id,
        fee: licence::shown_yen(Some(fee)),
        waived: (fee < switches.licence_fee_yen)
            .then(|| licence::shown_yen(Some(switches.licence_fee_yen))),
    }))
}

async fn begin(State(sites): State<Sites>, visit: Visit, posted: Posted) -> PageResult {
    let caller = caller(&sites, &visit).await?;
    let licence = sites.relay().turn().await?.licences().view(&caller).await?;
    let kind = if posted.get("kind") == LicenceKind::FreePass.id() {
        LicenceKind::FreePass
    } else {
        LicenceKind::Licence
    };
    if !licence.can_apply {
        visit.say(Alert::refused(&Refusal::new(&refusal::LICENCE_HELD)));
        return Ok(see("/usage/apply"));
    }
    let name = visit.with(|memory| {
        memory.portal.as_ref().map(|portal| portal.office.name.clone()).unwrap_or_default()
    });
    let blank = LicenceForm {
        office_name: name,
        representative: String::new(),
        contact: String::new(),
        phone: String::new(),
        mail: String::new(),
        mail_again: String::new(),
    };
    // Who applies again finds what was written the last time.
    let form = licence.form.unwrap_or(blank);
    visit.with(|memory| memory.licence = Some(LicenceOrder { kind, form, consented: false }));
    Ok(see("/usage/apply/form"))
}

/// The application under way.
fn order(visit: &Visit) -> Result<LicenceOrder, PageError> {
    visit
        .with(|memory| memory.licence.clone())
        .ok_or_else(|| PageError::Elsewhere("/usage/apply".to_owned()))
}

#[derive(Template)]
#[template(path = "usage/form.html")]
struct FormPage {
    page: Page,
    form: LicenceForm,
    is_free_pass: bool,
    representative: (String, String),
    contact: (String, String),
}

/// 姓 and 名 of a name as it was put together.
fn parts_of(name: &str) -> (String, String) {
    let (family, given) = name.split_once('　').unwrap_or((name, ""));
    (family.to_owned(), given.to_owned())
}

async fn form_page(State(sites): State<Sites>, visit: Visit) -> PageResult {
    caller(&sites, &visit).await?;
    let LicenceOrder { form, kind, .. } = order(&visit)?;
    Ok(show(&FormPage {
        representative: parts_of(&form.representative),
        contact: parts_of(&form.contact),
        form,
        is_free_pass: kind == LicenceKind::FreePass,
        page: visit.page(),
    }))
}

async fn take_form(State(sites): State<Sites>, visit: Visit, posted: Posted) -> PageResult {
    caller(&sites, &visit).await?;
    order(&visit)?;
    let name = |family: &str, given: &str| {
        let whole = format!("{}　{}", posted.trimmed(family), posted.trimmed(given));
        whole.trim().to_owned()
    };
    let form = LicenceForm {
        office_name: posted.trimmed("office_name").to_owned(),
        representative: name("representative_family", "representative_given"),
        contact: name("contact_family", "contact_given"),
        phone: posted.trimmed("phone").to_owned(),
        mail: posted.trimmed("mail").to_owned(),
        mail_again: posted.trimmed("mail_again").to_owned(),
    };
    let problem = licence::problem_of(&form);
    visit.with(|memory| {
        if let Some(order) = &mut memory.licence {
            order.form = form;
        }
    });
    if let Some(problem) = problem {
        visit.say(Alert::bad(problem.ja, problem.en));
        return Ok(see("/usage/apply/form"));
    }
    Ok(see("/usage/apply/terms"))
}

#[derive(Template)]
#[template(path = "usage/terms.html")]
struct TermsPage {
    page: Page,
    kj_id: String,
    is_free_pass: bool,
    fee: String,
}

async fn terms(State(sites): State<Sites>, visit: Visit) -> PageResult {
    let caller = caller(&sites, &visit).await?;
    let order = order(&visit)?;
    let switches = sites.relay().switches();
    Ok(show(&TermsPage {
        page: visit.page(),
        kj_id: caller.kj_id,
        is_free_pass: order.kind == LicenceKind::FreePass,
        fee: licence::shown_yen(Some(switches.licence_fee_yen)),
    }))
}

async fn accept(State(sites): State<Sites>, visit: Visit, posted: Posted) -> PageResult {
    caller(&sites, &visit).await?;
    order(&visit)?;
    let consented = posted.has("accept_terms") && posted.has("accept_privacy");
    visit.with(|memory| {
        if let Some(order) = &mut memory.licence {
            order.consented = consented;
        }
    });
    if !consented {
        visit.say(Alert::bad(
            "「利用規約に同意する」と「個人情報取り扱いに同意する」の両方にチェックしてください。",
            "Tick both consents.",
        ));
        return Ok(see("/usage/apply/terms"));
    }
    Ok(see("/usage/apply/confirm"))
}

#[derive(Template)]
#[template(path = "usage/confirm.html")]
struct ConfirmPage {
    page: Page,
    is_free_pass: bool,
}

async fn confirm_page(State(sites): State<Sites>, visit: Visit) -> PageResult {
    caller(&sites, &visit).await?;
    let order = order(&visit)?;
    if !order.consented {
        return Ok(see("/usage/apply/terms"));
    }
    let is_free_pass = order.kind == LicenceKind::FreePass;
    Ok(show(&ConfirmPage { page: visit.page(), is_free_pass }))
}

async fn confirm(State(sites): State<Sites>, visit: Visit, _: Posted) -> PageResult {
    let caller = caller(&sites, &visit).await?;
    let LicenceOrder { kind, form, consented } = order(&visit)?;
    let application =
        LicenceApplication { form, accept_terms: consented, accept_privacy: consented };
    let applied = match kind {
        LicenceKind::FreePass => {
            sites.relay().turn().await?.licences().apply_for_free_pass(&caller, application).await
        }
        LicenceKind::Licence => {
            sites.relay().turn().await?.licences().apply(&caller, application).await
        }
    };
    if let Err(error) = applied {
        portal::tell(&visit, error)?;
        return Ok(see("/usage/apply"));
    }
    visit.with(|memory| memory.licence = None);
    Ok(see(if kind == LicenceKind::FreePass { "/usage/apply/thanks" } else { "/usage/apply/done" }))
}

#[derive(Template)]
#[template(path = "usage/thanks.html")]
struct ThanksPage {
    page: Page,
}

async fn thanks(State(sites): State<Sites>, visit: Visit) -> PageResult {
    caller(&sites, &visit).await?;
    Ok(show(&ThanksPage { page: visit.page() }))
}

#[derive(Template)]
#[template(path = "usage/done.html")]
struct DonePage {
    page: Page,
    applied_on: String,
    number: String,
    form: LicenceForm,
    is_free_pass: bool,
    state_shown: String,
}

/// 申請完了, to be printed (relay.md §6, Stated).
async fn done(State(sites): State<Sites>, visit: Visit) -> PageResult {
    let caller = caller(&sites, &visit).await?;
    let licence = sites.relay().turn().await?.licences().view(&caller).await?;
    let (Some(form), Some(applied_on)) = (licence.form, licence.applied_on) else {
        return Ok(see("/usage/apply"));
    };
    Ok(show(&DonePage {
        page: visit.page(),
        applied_on: clock::shown_date(applied_on),
        number: caller.office.to_string(),
        form,
        is_free_pass: licence.panel.free_pass,
        state_shown: licence.state_shown,
    }))
}

/// A term as a row.
struct Term {
    kind: LicenceKind,
    from: String,
    to: String,
    fee: String,
    charged_on: String,
}

impl Term {
    fn is_free_pass(&self) -> bool {
        self.kind == LicenceKind::FreePass
    }
}

#[derive(Template)]
#[template(path = "usage/licence.html")]
struct LicencePage {
    page: Page,
    number: String,
    licence: LicenceView,
    state: &'static str,
    holds: bool,
    from: String,
    to: String,
    terms: Vec<Term>,
}

fn state_in_words(state: LicenceState, visit: &Visit) -> &'static str {
    match state {
        LicenceState::None => visit.t("未申請", "never applied for"),
        LicenceState::Applied => visit.t("申請済み（支払い前）", "applied for, not charged yet"),
        LicenceState::Active => visit.t("利用中", "in force"),
        LicenceState::Expired => visit.t("期限切れ", "expired"),
    }
}

async fn licence_page(State(sites): State<Sites>, visit: Visit) -> PageResult {
    let caller = caller(&sites, &visit).await?;
    let view = sites.relay().turn().await?.licences().view(&caller).await?;
    let terms = view
        .history
        .iter()
        .map(|term| Term {
            kind: term.kind,
            from: clock::shown_date(term.term_from),
            to: clock::shown_date(term.term_to),
            fee: licence::shown_yen(Some(term.fee_yen)),
            charged_on: licence::shown_date(term.charged_on),
        })
        .collect();
    let holds = matches!(view.panel.state, LicenceState::Active | LicenceState::Applied);
    Ok(show(&LicencePage {
        page: visit.page(),
        number: caller.office.to_string(),
        state: state_in_words(view.panel.state, &visit),
        holds,
        from: licence::shown_date(view.term_from),
        to: licence::shown_date(view.term_to),
        terms,
        licence: view,
    }))
}

#[derive(Template)]
#[template(path = "usage/renewal.html")]
struct RenewalPage {
    page: Page,
    stops: bool,
    to: String,
}

async fn renewal_page(State(sites): State<Sites>, visit: Visit) -> PageResult {
    let caller = caller(&sites, &visit).await?;
    let view = sites.relay().turn().await?.licences().view(&caller).await?;
    let stops = view.panel.auto_renewal != Some(false);
    Ok(show(&RenewalPage { page: visit.page(), stops, to: licence::shown_date(view.term_to) }))
}

async fn set_renewal(State(sites): State<Sites>, visit: Visit, posted: Posted) -> PageResult {
    let caller = caller(&sites, &visit).await?;
    let on = posted.get("on") == "true";
    match sites.relay().turn().await?.licences().set_auto_renewal(&caller, on).await {
        Ok(_) if on => visit.say(Alert::good(
            "本利用への自動更新を再開しました。",
            "The licence renews by itself again.",
        )),
        Ok(_) => visit.say(Alert::good(
            "本利用への自動更新を停止しました。",
            "The licence does not renew by itself any more.",
        )),
        Err(error) => portal::tell(&visit, error)?,
    }
    Ok(see("/usage/licence"))
}

#[derive(Template)]
#[template(path = "usage/cancel.html")]
struct CancelPage {
    page: Page,
}

async fn cancel_page(State(sites): State<Sites>, visit: Visit) -> PageResult {
    caller(&sites, &visit).await?;
    Ok(show(&CancelPage { page: visit.page() }))
}

/// Always refused: there is no cancellation in the term (relay.md §6, Stated).
async fn cancel(State(sites): State<Sites>, visit: Visit, _: Posted) -> PageResult {
    let caller = caller(&sites, &visit).await?;
    if let Err(error) = sites.relay().turn().await?.licences().cancel(&caller).await {
        portal::tell(&visit, error)?;
    }
    Ok(see("/usage/licence"))
}
