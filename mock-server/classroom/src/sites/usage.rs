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
        .route("/usage/apply/free-pass", get(free_pass_page).post(begin_free_pass))
        .route("/usage/apply/form", get(form_page).post(take_form))
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
    /// Address of the support site, as the guide shows one.
    support: String,
}

async fn top(State(sites): State<Sites>, visit: Visit) -> PageResult {
    let caller = caller(&sites, &visit).await?;
    let relay = sites.relay();
    let terminal = relay.turn().await?.account().terminal_account(&caller).await?;
    let licence = relay.turn().await?.licences().view(&caller).await?;
    let notices = relay.turn().await?.account().notices(&caller).await?;
    let notices = notices.into_iter().take(10).map(|row| UsageNotice::of(row, &visit)).collect();
    let number = caller.office.to_string();
    let support = format!("{}/support", sites.parts.addresses.sites);
    Ok(show(&TopPage { page: visit.page(), terminal, licence, number, notices, support }))
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

/// 申請: to the notes of the free pass while it can be applied for (introduction guide, slides 66 to 73),
/// else to the form.
async fn begin(State(sites): State<Sites>, visit: Visit, _: Posted) -> PageResult {
    let caller = caller(&sites, &visit).await?;
    let licence = sites.relay().turn().await?.licences().view(&caller).await?;
    if licence.can_apply_free_pass {
        return Ok(see("/usage/apply/free-pass"));
    }
    Ok(see(start(&visit, LicenceKind::Licence, licence)))
}

#[derive(Template)]
#[template(path = "usage/free_pass.html")]
struct FreePassPage {
    page: Page,
    kj_id: String,
}

async fn free_pass_page(State(sites): State<Sites>, visit: Visit) -> PageResult {
    let caller = caller(&sites, &visit).await?;
    let licence = sites.relay().turn().await?.licences().view(&caller).await?;
    if !licence.can_apply_free_pass {
        return Ok(see("/usage/apply"));
    }
    Ok(show(&FreePassPage { page: visit.page(), kj_id: caller.kj_id }))
}

async fn begin_free_pass(State(sites): State<Sites>, visit: Visit, _: Posted) -> PageResult {
    let caller = caller(&sites, &visit).await?;
    let licence = sites.relay().turn().await?.licences().view(&caller).await?;
    if !licence.can_apply_free_pass {
        return Ok(see("/usage/apply"));
    }
    Ok(see(start(&visit, LicenceKind::FreePass, licence)))
}

/// Begins an application; the page it goes on with.
fn start(visit: &Visit, kind: LicenceKind, licence: LicenceView) -> &'static str {
    if !licence.can_apply {
        visit.say(Alert::refused(&Refusal::new(&refusal::LICENCE_HELD)));
        return "/usage/apply";
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
    visit.with(|memory| {
        memory.licence = Some(LicenceOrder {
            kind,
            form,
            accept_terms: false,
            accept_privacy: false,
            was_sent: false,
        });
    });
    "/usage/apply/form"
}

/// The application under way.
fn order(visit: &Visit) -> Result<LicenceOrder, PageError> {
    visit
        .with(|memory| memory.licence.clone())
        .ok_or_else(|| PageError::Elsewhere("/usage/apply".to_owned()))
}

/// Something to correct: the field, and what is wrong with it.
struct Problem {
    field: &'static str,
    text: &'static str,
}

/// Everything that is wrong with an application, in the order of the page.
fn problems(order: &LicenceOrder, visit: &Visit) -> Vec<Problem> {
    let form = &order.form;
    // Each field is judged by the relay's own rule, beside others that are right.
    let right = LicenceForm {
        office_name: "見本".to_owned(),
        representative: "見本".to_owned(),
        contact: "見本".to_owned(),
        phone: "0000000000".to_owned(),
        mail: "office@example.jp".to_owned(),
        mail_again: "office@example.jp".to_owned(),
    };
    let wrong = |form: LicenceForm| licence::problem_of(&form).is_some();
    let name = |name: &String, form: &dyn Fn(String) -> LicenceForm| wrong(form(name.clone()));
    let mut found = Vec::new();
    let mut add = |is_wrong: bool, field: &'static str, ja: &'static str, en: &'static str| {
        if is_wrong {
            found.push(Problem { field, text: visit.t(ja, en) });
        }
    };
    add(
        name(&form.office_name, &|office_name| LicenceForm { office_name, ..right.clone() }),
        "office_name",
        "事業所名を100文字以内で入力してください。",
        "Enter the name of the office, 100 characters at most.",
    );
    add(
        name(&form.representative, &|representative| LicenceForm {
            representative,
            ..right.clone()
        }),
        "rf",
        "代表者氏名を100文字以内で入力してください。",
        "Enter the name of the representative, 100 characters at most.",
    );
    add(
        name(&form.contact, &|contact| LicenceForm { contact, ..right.clone() }),
        "cf",
        "担当者氏名を100文字以内で入力してください。",
        "Enter the name of the contact, 100 characters at most.",
    );
    add(
        name(&form.phone, &|phone| LicenceForm { phone, ..right.clone() }),
        "phone",
        "電話番号はハイフンなしの10桁または11桁の半角数字で入力してください。",
        "The phone number has 10 or 11 digits, without hyphens.",
    );
    add(
        name(&form.mail, &|mail| LicenceForm { mail_again: mail.clone(), mail, ..right.clone() }),
        "mail",
        "メールアドレスの形式に誤りがあります。",
        "The mail address does not have the right form.",
    );
    add(
        form.mail != form.mail_again,
        "mail_again",
        "2つのメールアドレスが一致しません。",
        "The two mail addresses differ.",
    );
    add(
        !order.accept_terms,
        "accept_terms",
        "「利用規約に同意する」にチェックしてください。",
        "Tick “I accept the terms”.",
    );
    add(
        !order.accept_privacy,
        "accept_privacy",
        "「個人情報取り扱いに同意する」にチェックしてください。",
        "Tick “I accept how personal data are handled”.",
    );
    found
}

#[derive(Template)]
#[template(path = "usage/form.html")]
struct FormPage {
    page: Page,
    kj_id: String,
    form: LicenceForm,
    is_free_pass: bool,
    representative: (String, String),
    contact: (String, String),
    accept_terms: bool,
    accept_privacy: bool,
    fee: String,
    problems: Vec<Problem>,
}

impl FormPage {
    /// What is wrong with a field; empty where nothing is.
    fn wrong(&self, field: &str) -> &'static str {
        self.problems.iter().find(|problem| problem.field == field).map_or("", |found| found.text)
    }
}

/// 姓 and 名 of a name as it was put together.
fn parts_of(name: &str) -> (String, String) {
    let (family, given) = name.split_once('　').unwrap_or((name, ""));
    (family.to_owned(), given.to_owned())
}

/// 申請情報入力, with the terms and both consents below (slides 68 and 69).
async fn form_page(State(sites): State<Sites>, visit: Visit) -> PageResult {
    let caller = caller(&sites, &visit).await?;
    let order = order(&visit)?;
    let problems = if order.was_sent { problems(&order, &visit) } else { Vec::new() };
    let LicenceOrder { form, kind, accept_terms, accept_privacy, .. } = order;
    Ok(show(&FormPage {
        representative: parts_of(&form.representative),
        contact: parts_of(&form.contact),
        form,
        is_free_pass: kind == LicenceKind::FreePass,
        kj_id: caller.kj_id,
        accept_terms,
        accept_privacy,
        fee: licence::shown_yen(Some(sites.relay().switches().licence_fee_yen)),
        problems,
        page: visit.page(),
    }))
}

async fn take_form(State(sites): State<Sites>, visit: Visit, posted: Posted) -> PageResult {
    caller(&sites, &visit).await?;
    let LicenceOrder { kind, .. } = order(&visit)?;
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
    let order = LicenceOrder {
        kind,
        form,
        accept_terms: posted.has("accept_terms"),
        accept_privacy: posted.has("accept_privacy"),
        was_sent: true,
    };
    let is_complete = problems(&order, &visit).is_empty();
    visit.with(|memory| memory.licence = Some(order));
    Ok(see(if is_complete { "/usage/apply/confirm" } else { "/usage/apply/form" }))
}

#[derive(Template)]
#[template(path = "usage/confirm.html")]
struct ConfirmPage {
    page: Page,
    is_free_pass: bool,
    form: LicenceForm,
}

async fn confirm_page(State(sites): State<Sites>, visit: Visit) -> PageResult {
    caller(&sites, &visit).await?;
    let order = order(&visit)?;
    if !problems(&order, &visit).is_empty() {
        return Ok(see("/usage/apply/form"));
    }
    let is_free_pass = order.kind == LicenceKind::FreePass;
    Ok(show(&ConfirmPage { page: visit.page(), is_free_pass, form: order.form }))
}

async fn confirm(State(sites): State<Sites>, visit: Visit, _: Posted) -> PageResult {
    let caller = caller(&sites, &visit).await?;
    let LicenceOrder { kind, form, accept_terms, accept_privacy, .. } = order(&visit)?;
    let application = LicenceApplication { form, accept_terms, accept_privacy };
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
