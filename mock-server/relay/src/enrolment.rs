//! How offices come into a state that is being made: accounts, licences, certificates and
//! messages, each as the rules of the relay make them.
//!
//! Who takes part, since when and with which passwords is said by whoever makes the state.

use std::sync::Arc;

use bytes::Bytes;
use careplan_certs::{
    CertificateFacts, Installed, Issued, Judge, KeyKind, Request, Wrong, package, signature,
};
use careplan_spec::office_number::OfficeNumber;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use crate::beginning::Ground;
use crate::certificate::{CertificateKind, fingerprint, pack, renewable_from, validity};
use crate::clock;
use crate::directory::Directory;
use crate::due::{self, DueKind};
use crate::licence::{FIRST_DAY_OF_AUTO_RENEWAL, LicenceForm, LicenceKind, charge_time, new_term};
use crate::message::{Manifest, ManifestFile, SendRequest, SentFile};
use crate::outcome::Failure;
use crate::random::{self, sha256_hex};
use crate::sending::{Standing, judge};
use crate::store::State;
use crate::store::record::{AccountRecord, CertificateRecord, LicenceRecord, OfficeRecord};

/// How long ago whatever has begun has begun.
const DAYS_AGO: i32 = 30;

/// Who gets an account and a licence.
#[derive(Debug, Clone)]
pub struct Newcomer<'a> {
    /// Office number.
    pub number: &'a str,
    /// Name.
    pub name: &'a str,
    /// Service kinds, separated by blanks, the main one first.
    pub kinds: String,
    /// 代表者氏名.
    pub representative: &'a str,
    /// 担当者氏名.
    pub contact: &'a str,
    /// 電話番号, digits only.
    pub phone: String,
}

/// The passwords an office has.
#[derive(Debug, Clone, Copy)]
pub enum Passwords {
    /// Drawn from the seed: those of the letter a new office gets.
    Drawn,
    /// Chosen long ago and known to everybody.
    Known {
        /// Of the KJ ID.
        office: &'static str,
        /// The same hashed, as a PHC string, so that starting takes no time.
        office_hash: &'static str,
        /// Of the c-ID.
        terminal: &'static str,
        /// 証明書発行用パスワード.
        certificate: &'static str,
    },
}

/// A message somebody has sent.
#[derive(Debug)]
pub struct Sending<'a> {
    /// Who sends it: the office's certificate.
    pub sender: &'a Installed,
    /// From.
    pub from: OfficeNumber,
    /// To.
    pub to: OfficeNumber,
    /// Text.
    pub text: &'a str,
    /// Its files.
    pub files: Vec<SentFile>,
    /// When.
    pub at: Timestamp,
}

/// The KJ ID of an office.
fn kj_id(number: &str) -> String {
    format!("KJ{}{number}", &number[..2])
}

fn issue(error: impl std::fmt::Display) -> Failure {
    Failure::Issue(error.to_string())
}

/// A state in the making.
#[derive(Debug)]
pub struct Enrolment<'g> {
    ground: &'g Ground,
    today: Date,
    /// As far as it has come.
    pub state: State,
}

impl<'g> Enrolment<'g> {
    /// An empty state on this ground.
    pub fn new(ground: &'g Ground) -> Self {
        Self::on(ground, State::default())
    }

    /// Goes on with a state there is.
    pub fn on(ground: &'g Ground, state: State) -> Self {
        Self { today: clock::date_of(ground.now), ground, state }
    }

    /// Today, in Japan.
    pub fn today(&self) -> Date {
        self.today
    }

    /// Adds an office with its account, the `index`th of all (from 0).
    pub fn account(&mut self, office: &Newcomer<'_>, index: usize, passwords: Passwords) {
        let number = office.number.to_owned();
        let kj_id = kj_id(&number);
        self.state.offices.push(OfficeRecord {
            number: number.clone(),
            name: office.name.to_owned(),
            service_kinds: office.kinds.clone(),
        });
        let (ground, switches) = (self.ground, &self.ground.switches);
        let draw = |purpose| random::password(ground.seed, purpose, &kj_id);
        let (since, days, known, hash, terminal, certificate) = match passwords {
            Passwords::Drawn => (
                ground.now,
                switches.issued_password_days,
                draw(random::TEMPORARY_PASSWORD),
                None,
                draw("terminal password"),
                draw("certificate password"),
            ),
            Passwords::Known { office, office_hash, terminal, certificate } => (
                clock::start_of(self.today.saturating_sub(DAYS_AGO.days())),
                switches.password_days,
                office.into(),
                Some(office_hash.into()),
                terminal.into(),
                certificate.into(),
            ),
        };
        let expires_at = (days > 0).then(|| {
            let last = clock::date_of(since).saturating_add(i64::from(days).days());
            clock::start_of(last.saturating_add(1.day()))
        });
        self.state.accounts.push(AccountRecord {
            mail_notice: hash.is_some().then(|| format!("office{:02}@example.jp", index + 1)),
            password_hash: hash,
            known_password: Some(known),
            password_since: since,
            password_expires_at: expires_at,
            failures: 0,
            locked_until: None,
            c_id: format!("careplan@{:04}", index + 1),
            c_password: terminal,
            c_failures: 0,
            c_locked_until: None,
            certificate_password: certificate,
            mail_security: None,
            night_hold: None,
            office: number,
            kj_id,
        });
    }

    /// Adds a licence applied for on a day, with every term until today.
    ///
    /// # Errors
    /// The form cannot be kept.
    pub fn licence(
        &mut self,
        office: &Newcomer<'_>,
        kind: LicenceKind,
        applied_on: Date,
    ) -> Result<(), Failure> {
        let number = office.number.to_owned();
        let id = format!("licence-{number}");
        let mail = "office@example.jp".to_owned();
        let form = LicenceForm {
            office_name: office.name.to_owned(),
            representative: office.representative.to_owned(),
            contact: office.contact.to_owned(),
            phone: office.phone.clone(),
            mail: mail.clone(),
            mail_again: mail,
        };
        let auto_renewal = (applied_on >= FIRST_DAY_OF_AUTO_RENEWAL).then_some(true);
        self.state.licences.push(LicenceRecord {
            id: id.clone(),
            office: number.clone(),
            kj_id: kj_id(&number),
            kind: kind.id().to_owned(),
            applied_at: clock::start_of(applied_on),
            auto_renewal,
            form: serde_json::to_string(&form).map_err(|e| Failure::Task(e.to_string()))?,
        });
        let switches = &self.ground.switches;
        let term = new_term(&id, &number, kind, applied_on, switches, true);
        let charge = charge_time(&term, switches);
        // What the term has made fall due since happens when the mock starts.
        self.state.due.extend(due::of_term(&term, charge, switches.licence_notice_days));
        self.state.terms.push(term);
        Ok(())
    }

    /// Issues a good certificate, as of thirty days ago, under the account's
    /// 証明書発行用パスワード.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn certificate(&mut self, office: OfficeNumber) -> Result<Installed, Failure> {
        let switches = &self.ground.switches;
        let issued_on = self.today.saturating_sub(DAYS_AGO.days());
        let at = clock::start_of(issued_on);
        let (not_before, not_after) = validity(issued_on, switches.certificate_years);
        let kind = CertificateKind::CarePlanJigyousho;
        let request = Request {
            office,
            kind: kind.kind(),
            not_before,
            not_after,
            serial: None,
            key: KeyKind::default(),
        };
        let issued = self.ground.authority.issue(&request).map_err(issue)?;
        let number = office.to_string();
        let p12 = self.packed(&number, &issued)?;
        let id = format!("certificate-{number}");
        let tell = clock::start_of(renewable_from(not_after, switches.certificate_renewal_days));
        self.state.due.push(DueKind::CertificateNotice.at(tell, &id));
        self.state.certificates.push(CertificateRecord {
            id,
            kj_id: kj_id(&number),
            office: number,
            kind: kind.common_name().to_owned(),
            applied_at: at,
            starts_at: None,
            issued_at: Some(at),
            serial: Some(issued.serial.to_string()),
            fingerprint: Some(fingerprint(&issued)?),
            not_before: Some(not_before),
            not_after: Some(not_after),
            file_name: Some(package::file_name(at, issued.serial)),
            p12_sha256: Some(p12),
            withdrawn_at: None,
            revoked_at: None,
            wrong: None,
        });
        Installed::try_from(&issued).map_err(issue)
    }

    /// Puts a wrong certificate where the office's good one was.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn spoil_certificate(
        &mut self,
        office: OfficeNumber,
        wrong: Wrong,
        other: OfficeNumber,
    ) -> Result<(), Failure> {
        let now = self.ground.now;
        let issued = self.ground.authority.issue_wrong(wrong, office, other, now).map_err(issue)?;
        let facts = CertificateFacts::from_der(&issued.certificate).map_err(issue)?;
        let number = office.to_string();
        let p12 = self.packed(&number, &issued)?;
        let own = self.state.certificates.iter_mut().find(|record| record.office == number);
        let Some(record) = own else { return Ok(()) };
        if let Some(old) = record.p12_sha256.replace(p12) {
            self.state.blobs.remove(&old);
        }
        record.serial = Some(issued.serial.to_string());
        record.fingerprint = Some(fingerprint(&issued)?);
        record.not_before = Some(facts.not_before);
        record.not_after = Some(facts.not_after);
        record.file_name = Some(package::file_name(now, issued.serial));
        record.revoked_at = wrong.needs_revocation().then_some(now);
        Ok(())
    }

    /// Keeps the .p12 of a certificate; its SHA-256.
    fn packed(&mut self, number: &str, issued: &Issued) -> Result<String, Failure> {
        let account = self.state.accounts.iter().find(|account| account.office == number);
        let account = account.ok_or_else(|| issue(format!("{number} has no account")))?;
        let p12: Bytes = pack(issued, &account.certificate_password)?.into();
        let sha256 = sha256_hex(&p12);
        self.state.blobs.insert(sha256.clone(), p12);
        Ok(sha256)
    }

    /// Adds a message, judged as any other.
    ///
    /// # Errors
    /// It would be refused.
    pub fn message(&mut self, key: &str, sending: Sending<'_>) -> Result<(), Failure> {
        let broken = |what: String| Failure::Task(format!("a message is wrong: {what}"));
        let Sending { sender, from, to, text, files, at } = sending;
        let manifest = Manifest {
            version: 1,
            from: from.to_string(),
            to: to.to_string(),
            created_at: at,
            text: Some(text.to_owned()),
            files: files
                .iter()
                .map(|file| ManifestFile {
                    name: file.name.clone(),
                    size: file.bytes.len() as u64,
                    sha256: sha256_hex(&file.bytes),
                })
                .collect(),
        };
        let bytes = serde_json::to_vec(&manifest).map_err(|error| broken(error.to_string()))?;
        let signed = signature::sign(&bytes, sender, at).map_err(|e| broken(e.to_string()))?;
        let standing = Standing {
            office: from,
            now: at,
            switches: Arc::clone(&self.ground.switches),
            directory: Arc::new(Directory::new(
                self.state.offices.clone(),
                &self.state.accounts,
                self.state.licences.clone(),
                self.state.terms.clone(),
            )),
            judge: Judge::new(&self.ground.authority),
        };
        let request = SendRequest {
            key: key.to_owned(),
            manifest: bytes.into(),
            signature: Some(signed.into()),
            files,
        };
        let judged =
            judge(&standing, manifest, request).map_err(|error| broken(error.to_string()))?;
        self.state.blobs.insert(judged.record.archive_sha256.clone(), judged.archive);
        self.state.messages.push(judged.record);
        Ok(())
    }
}
