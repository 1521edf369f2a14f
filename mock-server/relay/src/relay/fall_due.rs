//! Doing what has fallen due.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::Ordering;

use careplan_certs::{Issued, KeyKind, Request, package};
use careplan_spec::Text;
use careplan_spec::office_number::OfficeNumber;
use futures_util::FutureExt;
use jiff::{Timestamp, ToSpan};

use super::Turn;
use crate::background::in_background;
use crate::certificate::{CertificateKind, fingerprint, pack, renewable_from, validity};
use crate::clock::{self, Timing};
use crate::due::{self, DueKind};
use crate::licence::{LicenceKind, charge_time, new_term};
use crate::notice::{self, NoticeCategory, Wording};
use crate::outcome::{Error, Failure, Result};
use crate::secret::Secret;
use crate::store::record::{AccountRecord, CertificateRecord, DueRecord};
use crate::store::{IdKind, Issue, StoreError};

impl Turn<'_> {
    /// Does everything that has fallen due, in order, each at its own time. A step that was cut
    /// short is done again: none of them does anything twice. One that cannot be done is set aside
    /// with why, so that those behind it go on; only a store that cannot be written ends this.
    pub(super) async fn settle(&self) -> Result<()> {
        let shared = self.shared;
        while shared.next_due.load(Ordering::SeqCst) <= shared.clock.now().as_millisecond() {
            let _one = shared.settling.lock().await;
            while let Some(due) = shared.store.next_due().await? {
                if shared.clock.now() < due.at {
                    break;
                }
                match self.attempt(&due).await? {
                    Ok(()) => shared.store.due_done(&due.id).await?,
                    Err(why) => {
                        tracing::error!(
                            step = due.id,
                            why,
                            "a step that fell due cannot be done and was set aside"
                        );
                        shared.store.set_due_aside(&due.id, &why).await?;
                    }
                }
            }
            // Whoever schedules something from here on lowers the mark after it is kept, so that
            // looking once more misses nothing.
            shared.next_due.store(i64::MAX, Ordering::SeqCst);
            if let Some(due) = shared.store.next_due().await? {
                shared.next_due.fetch_min(due.at.as_millisecond(), Ordering::SeqCst);
            }
        }
        Ok(())
    }

    /// These have been scheduled.
    pub(super) fn expect_due(&self, due: &[DueRecord]) {
        for due in due {
            self.shared.next_due.fetch_min(due.at.as_millisecond(), Ordering::SeqCst);
        }
    }

    /// Does a step, or says why it cannot be done. The outer error is for what may go by itself: the
    /// step is tried again by the next operation.
    async fn attempt(&self, due: &DueRecord) -> Result<std::result::Result<(), String>> {
        match AssertUnwindSafe(self.happen(due)).catch_unwind().await {
            Ok(Ok(())) => Ok(Ok(())),
            Ok(Err(Error::Failed(Failure::Store(error)))) if !error.is_about_content() => {
                Err(error.into())
            }
            Ok(Err(error)) => Ok(Err(error.to_string())),
            Err(panic) => {
                let text = panic.downcast_ref::<String>().map(String::as_str);
                let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
                Ok(Err(format!("the program is wrong here: {}", text.unwrap_or("it panicked"))))
            }
        }
    }

    async fn happen(&self, due: &DueRecord) -> Result<()> {
        match DueKind::from_id(&due.kind) {
            Some(DueKind::CertificateIssue) => self.issue_due(&due.subject, due.at).await,
            Some(DueKind::CertificateNotice) => self.tell_of_certificate(due).await,
            Some(DueKind::LicenceCharge) => {
                self.shared.store.charge_term(&due.subject, clock::date_of(due.at)).await?;
                Ok(self.shared.read_directory().await?)
            }
            Some(DueKind::LicenceNotice) => self.tell_of_term(due).await,
            Some(DueKind::LicenceEnd) => self.end_term(due).await,
            None => {
                tracing::warn!(kind = due.kind, "something unknown fell due and was dropped");
                Ok(())
            }
        }
    }

    async fn find_certificate(&self, id: &str) -> Result<Option<CertificateRecord>> {
        let all = self.shared.store.certificates().await?;
        Ok(all.into_iter().find(|record| record.id == id))
    }

    async fn account_of(&self, kj_id: &str) -> Result<AccountRecord> {
        let found = self.shared.store.find_account(IdKind::Kj, kj_id).await?;
        Ok(found.ok_or(StoreError::Missing("account"))?)
    }

    /// Issues what was applied for, with 「証明書発行完了通知」 (relay.md §3 M10, §5, Stated).
    async fn issue_due(&self, id: &str, at: Timestamp) -> Result<()> {
        let shared = self.shared;
        let Some(record) = self.find_certificate(id).await? else { return Ok(()) };
        if record.issued_at.is_some() {
            return Ok(());
        }
        let account = self.account_of(&record.kj_id).await?;
        let switches = shared.switches.load_full();
        let today = clock::date_of(at);
        let begins = record.starts_at.map_or(today, |starts| clock::date_of(starts).max(today));
        let (not_before, not_after) = validity(begins, switches.certificate_years);
        let kind = CertificateKind::from_common_name(&record.kind)
            .unwrap_or(CertificateKind::CarePlanJigyousho);
        let office = OfficeNumber::parse(record.office.as_bytes())
            .ok_or(StoreError::Corrupt { table: "certificate", column: "office" })?;
        let request = Request {
            office,
            kind: kind.kind(),
            not_before,
            not_after,
            serial: None,
            key: KeyKind::default(),
        };
        let (issued, p12) = self.make(request, account.certificate_password.clone()).await?;
        let issue = Issue {
            serial: issued.serial.to_string(),
            fingerprint: fingerprint(&issued)?,
            not_before,
            not_after,
            file_name: package::file_name(at, issued.serial),
            p12: p12.into(),
            at,
        };
        let (from, to) = (clock::date_of(not_before), clock::date_of(not_after));
        let wording = Wording {
            category: NoticeCategory::Certificate,
            title: Text::made("証明書発行完了通知", "Your certificate has been issued"),
            body: Text::made(
                format!(
                    "証明書の発行が完了しました。有効期間は{}から{}までです。証明書の画面からダウンロードし、証明書発行用パスワードを使ってインストールしてください。",
                    clock::shown_date(from),
                    clock::shown_date(to)
                ),
                format!(
                    "It is valid from {from} to {to}. Download it from the certificate page and install it with the certificate issue password."
                ),
            ),
        };
        let announcement = notice::announcement(
            format!("{id}:issued"),
            &record.office,
            account.mail_notice.as_deref(),
            wording,
            at,
        );
        let tell_at = clock::start_of(renewable_from(not_after, switches.certificate_renewal_days));
        let due = [DueKind::CertificateNotice.at(tell_at.max(at), id)];
        shared.store.issue_certificate(id, &issue, &announcement, &due).await?;
        Ok(())
    }

    /// Makes a key, a certificate and its .p12; on a thread where it may take its time.
    pub(super) async fn make(
        &self,
        request: Request,
        password: Secret,
    ) -> Result<(Issued, Vec<u8>)> {
        let authority = std::sync::Arc::clone(&self.shared.trust.load().authority);
        let made = in_background(move || {
            let issued =
                authority.issue(&request).map_err(|error| Failure::Issue(error.to_string()))?;
            let p12 = pack(&issued, &password)?;
            Ok::<_, Failure>((issued, p12))
        });
        Ok(made.await??)
    }

    /// A certificate ends soon (relay.md §5: 90 days, Inferred).
    async fn tell_of_certificate(&self, due: &DueRecord) -> Result<()> {
        let Some(record) = self.find_certificate(&due.subject).await? else { return Ok(()) };
        let Some(not_after) = record.not_after.filter(|_| record.revoked_at.is_none()) else {
            return Ok(());
        };
        let last = clock::date_of(not_after);
        let wording = Wording {
            category: NoticeCategory::Certificate,
            title: Text::made("証明書更新のお知らせ", "Your certificate can be renewed"),
            body: Text::made(
                format!(
                    "証明書の有効期間は{}に終了します。証明書の更新を申請してください。",
                    clock::shown_date(last)
                ),
                format!("It ends on {last}. Apply for its renewal."),
            ),
        };
        self.publish(&record.kj_id, &due.id, wording, due.at).await
    }

    /// A term ends soon.
    async fn tell_of_term(&self, due: &DueRecord) -> Result<()> {
        let directory = self.shared.directory.load_full();
        let found = directory.all().into_iter().find_map(|office| {
            let term = office.terms.iter().find(|term| term.id == due.subject)?;
            Some((term.clone(), office.licence_of(term)?.clone()))
        });
        let Some((term, licence)) = found else { return Ok(()) };
        let last = term.last_day;
        let (free_pass, shown) =
            (LicenceKind::of(&term) == LicenceKind::FreePass, clock::shown_date(last));
        let what = if free_pass { "フリーパス" } else { "ライセンス" };
        let what_en = if free_pass { "free pass" } else { "licence" };
        let (next, next_en) = match licence.auto_renewal {
            Some(true) => (
                "期間後は自動で更新します。更新の停止は「ライセンス確認画面」から行えます。",
                "It renews by itself unless you stop it.",
            ),
            Some(false) => ("自動更新は停止されています。", "Its renewal is stopped."),
            None => (
                "自動更新の対象外です。有効期限が過ぎた後に、あらためて利用申請を行ってください。",
                "It does not renew by itself: apply again after its end.",
            ),
        };
        let wording = Wording {
            category: NoticeCategory::Licence,
            title: Text::made(
                format!("{what}有効期限のお知らせ"),
                format!("Your {what_en} ends soon"),
            ),
            body: Text::made(
                format!("{what}の有効期限は{shown}です。{next}"),
                format!("The {what_en} ends on {last}. {next_en}"),
            ),
        };
        self.publish(&licence.kj_id, &due.id, wording, due.at).await
    }

    /// A term has ended: it renews into the paid licence unless that was stopped; applications
    /// before 2025-06-01 are renewed by hand (relay.md §6, Stated).
    async fn end_term(&self, due: &DueRecord) -> Result<()> {
        let shared = self.shared;
        let directory = shared.directory.load_full();
        let found = directory.all().into_iter().find_map(|office| {
            let term = office.terms.iter().find(|term| term.id == due.subject)?;
            Some((term.clone(), office.licence_of(term)?.clone()))
        });
        let Some((ended, licence)) = found else { return Ok(()) };
        let switches = shared.switches.load_full();
        if licence.auto_renewal != Some(true) {
            let wording = Wording {
                category: NoticeCategory::Licence,
                title: Text::made("ライセンスの有効期限が切れました", "Your licence has expired"),
                body: Text::made(
                    "引き続き利用する場合は、利用状況Webサイトで利用申請を行ってください。",
                    "To go on, apply for a licence on the site.",
                ),
            };
            return self.publish(&licence.kj_id, &due.id, wording, due.at).await;
        }
        let first_day = ended.last_day.saturating_add(1.day());
        let at_once = shared.timing() == Timing::Instant;
        let term = new_term(
            &licence.id,
            &ended.office,
            LicenceKind::Licence,
            first_day,
            &switches,
            at_once,
        );
        let scheduled =
            due::of_term(&term, charge_time(&term, &switches), switches.licence_notice_days);
        shared.store.add_term(&term, &scheduled).await?;
        self.shared.read_directory().await?;
        let (last, fee) = (term.last_day, term.fee_yen);
        let wording = Wording {
            category: NoticeCategory::Licence,
            title: Text::made("ライセンスを更新しました", "Your licence has been renewed"),
            body: Text::made(
                format!("有効期限は{}です（ライセンス料 {fee}円）。", clock::shown_date(last)),
                format!("It ends on {last} (fee: {fee} yen)."),
            ),
        };
        self.publish(&licence.kj_id, &due.id, wording, due.at).await
    }

    async fn publish(&self, kj_id: &str, id: &str, wording: Wording, at: Timestamp) -> Result<()> {
        let account = self.account_of(kj_id).await?;
        let address = account.mail_notice.as_deref();
        let mut announcement =
            notice::announcement(id.to_owned(), &account.office, address, wording, at);
        // Nobody waits for these: they may be held over night.
        if account.night_hold.unwrap_or_default()
            && let Some(mail) = &mut announcement.mail
        {
            mail.sent_at = clock::after_night(at);
        }
        Ok(self.shared.store.publish(&announcement).await?)
    }
}
