//! Licences on the licence site (利用状況Webサイト).

use super::Turn;
use crate::account::PortalCaller;
use crate::clock::{self, Timing};
use crate::directory::Office;
use crate::due;
use crate::licence::{
    self, FIRST_DAY_OF_AUTO_RENEWAL, LicenceApplication, LicenceKind, LicenceState, LicenceView,
    TermView, charge_time, new_term,
};
use crate::outcome::{Failure, Refusal, Result};
use crate::random::identifier;
use crate::refusal;
use crate::store::record::LicenceRecord;

/// An office and its licence.
#[derive(Debug)]
pub struct Licences<'r> {
    pub(super) turn: Turn<'r>,
}

impl Licences<'_> {
    /// The licence page.
    ///
    /// # Errors
    /// The store fails.
    pub async fn view(self, caller: &PortalCaller) -> Result<LicenceView> {
        self.licence_view(caller)
    }

    fn licence_view(&self, caller: &PortalCaller) -> Result<LicenceView> {
        let shared = self.turn.shared;
        let directory = shared.directory.load_full();
        let office = directory.find(&caller.office).ok_or(&refusal::OFFICE_UNKNOWN)?;
        let switches = shared.switches.load();
        let today = shared.clock.today();
        let panel = office.panel_on(today, &switches);
        let term = office.term_around(today);
        let can_apply = office.term_on(today).is_none();
        let can_apply_free_pass = can_apply && self.free_pass_is_open();
        let state_shown = match (panel.state, panel.free_pass) {
            (LicenceState::Active, true) => "フリーパス申請が完了しました。",
            (LicenceState::Active | LicenceState::Applied, _) => {
                "利用申請が正常に完了しております。"
            }
            (LicenceState::None | LicenceState::Expired, _) if can_apply_free_pass => {
                "フリーパス申請が可能です。"
            }
            (LicenceState::None | LicenceState::Expired, _) => "利用申請可能です。",
        };
        let licence = term.and_then(|term| office.licence_of(term));
        Ok(LicenceView {
            state_shown: state_shown.to_owned(),
            applied_on: licence.map(|licence| clock::date_of(licence.applied_at)),
            term_from: term.map(|term| term.first_day),
            term_to: term.map(|term| term.last_day),
            history: history(office),
            can_apply,
            can_apply_free_pass,
            form: licence.and_then(|licence| serde_json::from_str(&licence.form).ok()),
            panel,
        })
    }

    /// Whether the free pass can be applied for today (relay.md §6, Stated).
    fn free_pass_is_open(&self) -> bool {
        let today = self.turn.shared.clock.today();
        let last = self.turn.shared.switches.load().free_pass_last_application.0;
        today >= FIRST_DAY_OF_AUTO_RENEWAL && last.is_none_or(|last| today <= last)
    }

    /// Applies for a licence (relay.md §6).
    ///
    /// # Errors
    /// `terms-not-accepted`, `licence-form-incomplete`, `licence-held`.
    pub async fn apply(
        self,
        caller: &PortalCaller,
        application: LicenceApplication,
    ) -> Result<LicenceView> {
        self.take(caller, application, LicenceKind::Licence).await
    }

    /// Applies for a free pass: a year without a fee, which then becomes a licence unless that is
    /// stopped (relay.md §6, Stated).
    ///
    /// # Errors
    /// `terms-not-accepted`, `licence-form-incomplete`, `licence-held`, `free-pass-closed`.
    pub async fn apply_for_free_pass(
        self,
        caller: &PortalCaller,
        application: LicenceApplication,
    ) -> Result<LicenceView> {
        self.take(caller, application, LicenceKind::FreePass).await
    }

    async fn take(
        &self,
        caller: &PortalCaller,
        application: LicenceApplication,
        kind: LicenceKind,
    ) -> Result<LicenceView> {
        let shared = self.turn.shared;
        if !application.accept_terms || !application.accept_privacy {
            return Err((&refusal::TERMS_NOT_ACCEPTED).into());
        }
        if let Some(problem) = licence::problem_of(&application.form) {
            return Err(Refusal::new(&refusal::LICENCE_FORM_INCOMPLETE)
                .because(problem.ja, problem.en)
                .into());
        }
        if kind == LicenceKind::FreePass && !self.free_pass_is_open() {
            return Err((&refusal::FREE_PASS_CLOSED).into());
        }
        let now = shared.clock.now();
        let today = clock::date_of(now);
        let switches = shared.switches.load_full();
        let form = serde_json::to_string(&application.form)
            .map_err(|error| Failure::Task(error.to_string()))?;
        let record = LicenceRecord {
            id: identifier(now.as_millisecond())?,
            office: caller.office.to_string(),
            kj_id: caller.kj_id.clone(),
            kind: kind.id().to_owned(),
            applied_at: now,
            auto_renewal: (today >= FIRST_DAY_OF_AUTO_RENEWAL).then_some(true),
            form,
        };
        let at_once = shared.timing() == Timing::Instant;
        let term = new_term(&record.id, &record.office, kind, today, &switches, at_once);
        let scheduled =
            due::of_term(&term, charge_time(&term, &switches), switches.licence_notice_days);
        if !shared.store.apply_for_licence(&record, &term, &scheduled).await? {
            return Err((&refusal::LICENCE_HELD).into());
        }
        self.turn.expect_due(&scheduled);
        shared.read_directory().await?;
        self.licence_view(caller)
    }

    /// Stops or resumes the renewal at the end of the term (relay.md §6, Stated).
    ///
    /// # Errors
    /// `licence-not-held`, `licence-renews-by-hand`.
    pub async fn set_auto_renewal(self, caller: &PortalCaller, on: bool) -> Result<LicenceView> {
        let shared = self.turn.shared;
        let licence = self.licence_in_force(caller)?;
        if licence.auto_renewal.is_none() {
            return Err((&refusal::LICENCE_RENEWS_BY_HAND).into());
        }
        shared.store.set_renewal(&licence.id, on).await?;
        shared.read_directory().await?;
        self.licence_view(caller)
    }

    /// Asks to cancel in the term: always refused (relay.md §6, Stated).
    ///
    /// # Errors
    /// `licence-not-held`, `licence-not-cancellable`.
    pub async fn cancel(self, caller: &PortalCaller) -> Result<()> {
        self.licence_in_force(caller)?;
        Err((&refusal::LICENCE_NOT_CANCELLABLE).into())
    }

    fn licence_in_force(&self, caller: &PortalCaller) -> Result<LicenceRecord> {
        let directory = self.turn.shared.directory.load_full();
        let office = directory.find(&caller.office).ok_or(&refusal::OFFICE_UNKNOWN)?;
        let term = office.term_on(self.turn.shared.clock.today());
        let licence = term.and_then(|term| office.licence_of(term));
        Ok(licence.cloned().ok_or(&refusal::LICENCE_NOT_HELD)?)
    }
}

fn history(office: &Office) -> Vec<TermView> {
    office
        .terms
        .iter()
        .rev()
        .map(|term| TermView {
            kind: LicenceKind::of(term),
            term_from: term.first_day,
            term_to: term.last_day,
            fee_yen: term.fee_yen,
            charged_on: term.charged_on,
        })
        .collect()
}
