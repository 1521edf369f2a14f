//! Ready-made states of the mock: invented offices with documented demo accounts.
//!
//! Dates follow from the clock, everything else from the seed. The offices are those of
//! `careplan-fixtures`, so that generated files have somewhere to go.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use careplan_certs::{Authority, Installed, Judge, KeyKind, Request, Wrong, package, signature};
use careplan_fixtures::region::{Office, Party, offices};
use careplan_spec::calendar::Month;
use careplan_spec::office_number::OfficeNumber;
use careplan_spec::{StandardVersion, Text, csv_version};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use crate::clock;
use crate::domain::certificate::{CertificateKind, renewable_from, validity};
use crate::domain::directory::Directory;
use crate::domain::due::{self, DueKind};
use crate::domain::licence::{FIRST_DAY_OF_AUTO_RENEWAL, LicenceForm, LicenceKind};
use crate::domain::message::{Manifest, ManifestFile, SendRequest, SentFile};
use crate::domain::notice::NoticeCategory;
use crate::domain::relay::fall_due::{charge_time, fingerprint, new_term, pack};
use crate::domain::sending::{Facts, judge};
use crate::domain::{hex_sha256, random};
use crate::refusal::Failure;
use crate::store::State;
use crate::store::record::{
    AccountRecord, CertificateRecord, LicenceRecord, MessageRecord, NoticeRecord, OfficeRecord,
};
use crate::switches::Switches;

/// A scenario.
#[derive(Debug, Clone, Copy)]
pub struct ScenarioInfo {
    /// Name.
    pub name: &'static str,
    /// What it is for.
    pub title: Text,
}

/// Every scenario.
pub static SCENARIOS: &[ScenarioInfo] = &[
    ScenarioInfo {
        name: "demo",
        title: Text::new(
            "すぐに送受信できる事業所がそろっています",
            "offices that are ready to exchange",
        ),
    },
    ScenarioInfo {
        name: "rehearsal",
        title: Text::new(
            "すべての事業所が利用できます（ベンダ試験のリハーサルの相手方）",
            "every office takes part: partners for a rehearsal of the vendor test",
        ),
    },
    ScenarioInfo {
        name: "first-time",
        title: Text::new(
            "仮パスワードを受け取ったばかりの事業所です",
            "offices that have just received their temporary passwords",
        ),
    },
    ScenarioInfo {
        name: "expired-password",
        title: Text::new("パスワードの有効期限が切れています", "passwords that have expired"),
    },
    ScenarioInfo {
        name: "wrong-certificate",
        title: Text::new(
            "正しくない電子証明書を持つ事業所です",
            "offices with certificates that are refused",
        ),
    },
    ScenarioInfo {
        name: "free-pass-ending",
        title: Text::new("フリーパスがまもなく終わります", "free passes that are about to end"),
    },
    ScenarioInfo {
        name: "missed-download",
        title: Text::new(
            "取得したデータを保存し損ねた場面です",
            "a message that was fetched and lost",
        ),
    },
];

/// Password of every demo KJ ID.
pub const DEMO_PASSWORD: &str = "Careplan1";
/// The same, hashed, so that starting takes no time.
const DEMO_PASSWORD_HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$GWx/k2Buwlyvgjbb82ZkLg$B6jWgLbjyqkIrtL1AgZLogsQdTRnT+bhYt6UngiUmCc";
/// Password of every demo c-ID.
pub const DEMO_TERMINAL_PASSWORD: &str = "Terminal1";
/// 証明書発行用パスワード of every demo office.
pub const DEMO_CERTIFICATE_PASSWORD: &str = "Install01";

/// A notice to everybody, as both sites and the client show some from the start (relay.md §2, S0);
/// the bodies are in our own words.
struct Standing {
    /// How many days before the scenario begins.
    days_ago: i64,
    category: NoticeCategory,
    title: Text,
    body: Text,
}

static STANDING: [Standing; 4] = [
    Standing {
        days_ago: 40,
        category: NoticeCategory::Password,
        title: Text::new(
            "【重要】事業所ユーザIDのパスワード期限切れにご注意ください",
            "Mind the end of your password",
        ),
        body: Text::new(
            "事業所ユーザIDのパスワードには有効期限が設定されています。期限が切れると、利用状況Webサイトと連携クライアントアプリにログインできません。電子請求受付システムでパスワードを変更してください。",
            "The password of the KJ ID has an end. Past it, neither the usage site nor the client can be used: change it on the billing site.",
        ),
    },
    Standing {
        days_ago: 60,
        category: NoticeCategory::Licence,
        title: Text::new(
            "【重要】【ご注意ください】利用申請サイトの「-」について",
            "About “-” on the usage site",
        ),
        body: Text::new(
            "利用申請完了後、ライセンスの支払いが発生するまでの間は、「有効期限」「残高」に「-」と表示されます。申請は完了しており、そのまま利用できます。",
            "Until the first charge, “-” stands for the end and the balance. The application is complete, and the system can be used.",
        ),
    },
    Standing {
        days_ago: 90,
        category: NoticeCategory::Certificate,
        title: Text::new(
            "「請求委任事業所用ケアプラン証明書」の名称変更について",
            "請求委任事業所用ケアプラン証明書 has a new name",
        ),
        body: Text::new(
            "「請求委任事業所用ケアプラン証明書」の名称が「介護DX証明書」に変更されました。発行申請及びダウンロードは、介護DX証明書メニューから行ってください。名称変更前に発行された証明書も引き続き利用できます。",
            "It is called 介護DX証明書 now: apply for it and download it under that name. Those issued before stay valid.",
        ),
    },
    Standing {
        days_ago: 120,
        category: NoticeCategory::System,
        title: Text::new(
            "【重要】ケアプランデータ連携システムを導入予定の方へ",
            "For those who begin with the data exchange",
        ),
        body: Text::new(
            "電子請求用のIDの確認、電子証明書のインストール、利用申請、連携クライアントアプリへのログインの順に準備してください。",
            "Prepare in this order: the KJ ID, the certificate, the licence, the login in the client.",
        ),
    },
];

/// The offices that have a certificate, in the scenarios that have any: the first whose main
/// service kind is one of these.
const READY_KINDS: [&str; 4] = ["43", "11", "15", "46"];

/// Builds the state a scenario begins with, but for the settings.
///
/// # Errors
/// [`Failure::Scenario`] for a name that is none; a certificate cannot be made.
pub(crate) fn build(
    name: &str,
    seed: u64,
    authority: &Arc<Authority>,
    switches: &Switches,
    now: Timestamp,
) -> Result<State, Failure> {
    let mut scene = Scene {
        seed,
        authority,
        switches,
        now,
        today: clock::date_of(now),
        state: State::default(),
        installed: Vec::new(),
    };
    match name {
        "demo" => {
            scene.ready(30)?;
            scene.messages()?;
        }
        "rehearsal" => scene.partners()?,
        "first-time" => scene.first_time(),
        "expired-password" => {
            scene.ready(30)?;
            for account in &mut scene.state.accounts {
                account.password_expires_at = Some(clock::start_of(scene.today));
            }
        }
        "wrong-certificate" => {
            scene.ready(30)?;
            scene.spoil_certificates()?;
        }
        "free-pass-ending" => scene.free_passes()?,
        "missed-download" => {
            scene.ready(30)?;
            scene.messages()?;
            scene.lose_the_first();
        }
        other => return Err(Failure::Scenario(other.to_owned())),
    }
    Ok(scene.state)
}

/// Adds to `state` the offices it does not have yet, with account, licence and certificate, and
/// writes the service kinds of those it has; whether anything changed.
///
/// # Errors
/// A certificate cannot be made.
pub(crate) fn enrol(
    state: &mut State,
    offices: &[Party],
    authority: &Arc<Authority>,
    switches: &Switches,
    seed: u64,
    now: Timestamp,
) -> Result<bool, Failure> {
    let mut scene = Scene {
        seed,
        authority,
        switches,
        now,
        today: clock::date_of(now),
        state: std::mem::take(state),
        installed: Vec::new(),
    };
    let mut kinds: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for party in offices {
        kinds.entry(party.office.to_string()).or_default().push(party.kind());
    }
    let mut changed = false;
    for (number, kinds) in &kinds {
        let known = scene.state.offices.iter_mut().find(|office| office.number == *number);
        if let Some(known) = known {
            let mut all: Vec<&str> = known.service_kinds.split(' ').collect();
            let before = all.len();
            all.extend(kinds.iter().filter(|kind| !known.service_kinds.contains(**kind)));
            changed |= all.len() > before;
            known.service_kinds = all.join(" ");
        } else {
            let name = format!("試験用事業所{}", &number[6..]);
            let newcomer = Newcomer {
                number,
                name: &name,
                kinds: kinds.join(" "),
                representative: "試験　代表",
                contact: "試験　担当",
                phone: "0980000999",
            };
            // Behind every office of the region and every newcomer before it.
            let index = scene.state.offices.len();
            scene.newcomer(&newcomer, index, false);
            let applied_on = scene.today.saturating_sub(30.days());
            scene.licence_of(&newcomer, LicenceKind::Licence, applied_on)?;
            changed = true;
        }
        if !scene.state.certificates.iter().any(|one| one.office == *number && one.wrong.is_none())
        {
            let party = offices.iter().find(|party| party.office.as_str() == number);
            if let Some(party) = party {
                scene.certificate_of(party.office)?;
                changed = true;
            }
        }
    }
    *state = scene.state;
    Ok(changed)
}

/// Who gets an account and a licence.
struct Newcomer<'a> {
    number: &'a str,
    name: &'a str,
    kinds: String,
    representative: &'a str,
    contact: &'a str,
    phone: &'a str,
}

impl<'a> Newcomer<'a> {
    fn of(office: &'a Office, phone: &'a str) -> Self {
        Self {
            number: office.number.as_str(),
            name: office.name,
            kinds: office.kinds.join(" "),
            representative: office.staff[1],
            contact: office.staff[0],
            phone,
        }
    }
}

/// A state in the making.
struct Scene<'a> {
    seed: u64,
    authority: &'a Arc<Authority>,
    switches: &'a Switches,
    now: Timestamp,
    today: Date,
    state: State,
    /// The certificates of the ready offices.
    installed: Vec<(&'static Office, Installed)>,
}

fn ready_offices() -> impl Iterator<Item = &'static Office> {
    READY_KINDS.iter().filter_map(|kind| offices().iter().find(|office| office.kinds[0] == *kind))
}

impl Scene<'_> {
    /// Adds an office with its account.
    fn office(&mut self, office: &Office, index: usize, temporary: bool) {
        self.newcomer(&Newcomer::of(office, ""), index, temporary);
    }

    fn newcomer(&mut self, office: &Newcomer<'_>, index: usize, temporary: bool) {
        let number = office.number.to_owned();
        for standing in &STANDING {
            let day = self.today.saturating_sub(standing.days_ago.days());
            self.state.notices.push(NoticeRecord {
                id: format!("standing-{}-{number}", standing.category.id()),
                office: number.clone(),
                category: standing.category.id().to_owned(),
                title: standing.title.ja.to_owned(),
                title_en: standing.title.en.to_owned(),
                body: standing.body.ja.to_owned(),
                body_en: standing.body.en.to_owned(),
                published_at: clock::start_of(day),
                read_at: None,
            });
        }
        let kj_id = format!("KJ{}{number}", &number[..2]);
        self.state.offices.push(OfficeRecord {
            number: number.clone(),
            name: office.name.to_owned(),
            service_kinds: office.kinds.clone(),
        });
        let chosen_on = self.today.saturating_sub(30.days());
        let since = if temporary { self.now } else { clock::start_of(chosen_on) };
        let days = if temporary {
            self.switches.issued_password_days
        } else {
            self.switches.password_days
        };
        let expires_at = (days > 0).then(|| {
            let last = clock::date_of(since).saturating_add(i64::from(days).days());
            clock::start_of(last.saturating_add(1.day()))
        });
        let secret = |purpose: &str, demo: &str| {
            if temporary { random::password(self.seed, purpose, &kj_id) } else { demo.into() }
        };
        self.state.accounts.push(AccountRecord {
            password_hash: (!temporary).then(|| DEMO_PASSWORD_HASH.into()),
            known_password: Some(secret("temporary password", DEMO_PASSWORD)),
            password_since: since,
            password_expires_at: expires_at,
            failures: 0,
            locked_until: None,
            c_id: format!("careplan@{:04}", index + 1),
            c_password: secret("terminal password", DEMO_TERMINAL_PASSWORD),
            c_failures: 0,
            c_locked_until: None,
            certificate_password: secret("certificate password", DEMO_CERTIFICATE_PASSWORD),
            mail_notice: (!temporary).then(|| format!("office{:02}@example.jp", index + 1)),
            mail_security: None,
            office: number,
            kj_id,
        });
    }

    /// Adds a licence applied for on a day, with every term until today.
    fn licence(
        &mut self,
        office: &Office,
        kind: LicenceKind,
        applied_on: Date,
    ) -> Result<(), Failure> {
        let phone = office.phone.replace('-', "");
        self.licence_of(&Newcomer::of(office, &phone), kind, applied_on)
    }

    fn licence_of(
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
            phone: office.phone.to_owned(),
            mail: mail.clone(),
            mail_again: mail,
        };
        let auto_renewal = (applied_on >= FIRST_DAY_OF_AUTO_RENEWAL).then_some(true);
        self.state.licences.push(LicenceRecord {
            id: id.clone(),
            office: number.clone(),
            kj_id: format!("KJ{}{number}", &number[..2]),
            kind: kind.id().to_owned(),
            applied_at: clock::start_of(applied_on),
            auto_renewal,
            form: serde_json::to_string(&form).map_err(|e| Failure::Task(e.to_string()))?,
        });
        let term = new_term(&id, &number, kind, applied_on, self.switches, true);
        let charge = charge_time(&term, self.switches);
        // What the term has made fall due since happens when the mock starts.
        self.state.due.extend(due::of_term(&term, charge, self.switches.licence_notice_days));
        self.state.terms.push(term);
        Ok(())
    }

    /// Issues a good certificate, as of thirty days ago.
    fn certificate(&mut self, office: &'static Office) -> Result<(), Failure> {
        let installed = self.certificate_of(office.number)?;
        self.installed.push((office, installed));
        Ok(())
    }

    fn certificate_of(&mut self, office: OfficeNumber) -> Result<Installed, Failure> {
        let issued_on = self.today.saturating_sub(30.days());
        let at = clock::start_of(issued_on);
        let (not_before, not_after) = validity(issued_on, self.switches.certificate_years);
        let kind = CertificateKind::CarePlanJigyousho;
        let request = Request {
            office,
            kind: kind.kind(),
            not_before,
            not_after,
            serial: None,
            key: KeyKind::default(),
        };
        let issued =
            self.authority.issue(&request).map_err(|error| Failure::Issue(error.to_string()))?;
        let p12: Bytes = pack(&issued, &DEMO_CERTIFICATE_PASSWORD.into())?.into();
        let number = office.to_string();
        let id = format!("certificate-{number}");
        let tell =
            clock::start_of(renewable_from(not_after, self.switches.certificate_renewal_days));
        self.state.due.push(DueKind::CertificateNotice.at(tell, &id));
        self.state.certificates.push(CertificateRecord {
            id,
            office: number.clone(),
            kj_id: format!("KJ{}{number}", &number[..2]),
            kind: kind.common_name().to_owned(),
            applied_at: at,
            starts_at: None,
            issued_at: Some(at),
            serial: Some(issued.serial.to_string()),
            fingerprint: Some(fingerprint(&issued)?),
            not_before: Some(not_before),
            not_after: Some(not_after),
            file_name: Some(package::file_name(at, issued.serial)),
            p12_sha256: Some(hex_sha256(&p12)),
            withdrawn_at: None,
            revoked_at: None,
            wrong: None,
        });
        self.state.blobs.insert(hex_sha256(&p12), p12);
        Installed::try_from(&issued).map_err(|error| Failure::Issue(error.to_string()))
    }

    /// Every office of the region, with account and licence.
    fn partners(&mut self) -> Result<(), Failure> {
        let applied_on = self.today.saturating_sub(30.days());
        for (index, office) in offices().iter().enumerate() {
            self.office(office, index, false);
            self.licence(office, LicenceKind::Licence, applied_on)?;
        }
        Ok(())
    }

    /// Every office but the last has an account. All of them have a licence but the two before it:
    /// that of one has expired, the other never had any. The ready ones have certificates.
    fn ready(&mut self, days_ago: i64) -> Result<(), Failure> {
        let all = offices();
        let (stranger, never, expired) = (all.len() - 1, all.len() - 2, all.len() - 3);
        for (index, office) in all.iter().enumerate() {
            self.office(office, index, false);
            if index == expired {
                let long_ago = self.today.saturating_sub(2.years());
                self.licence(office, LicenceKind::Licence, long_ago)?;
                if let Some(licence) = self.state.licences.last_mut() {
                    licence.auto_renewal = licence.auto_renewal.map(|_| false);
                }
            } else if index == stranger {
                self.state.accounts.pop();
            } else if index != never {
                let applied_on = self.today.saturating_sub(days_ago.days());
                self.licence(office, LicenceKind::Licence, applied_on)?;
            }
        }
        for office in ready_offices() {
            self.certificate(office)?;
        }
        Ok(())
    }

    /// Nothing but the letter with the temporary password.
    fn first_time(&mut self) {
        for (index, office) in offices().iter().enumerate() {
            self.office(office, index, true);
        }
    }

    /// The ready offices hold wrong certificates, a different one each.
    fn spoil_certificates(&mut self) -> Result<(), Failure> {
        let ways = [Wrong::Expired, Wrong::Revoked, Wrong::OtherOffice, Wrong::Agent];
        let holders: Vec<&'static Office> = ready_offices().collect();
        for (index, (office, wrong)) in holders.iter().zip(ways).enumerate() {
            let other = holders[(index + 1) % holders.len()];
            let issued = self
                .authority
                .issue_wrong(wrong, office.number, other.number, self.now)
                .map_err(|error| Failure::Issue(error.to_string()))?;
            let facts = careplan_certs::CertificateFacts::from_der(&issued.certificate)
                .map_err(|error| Failure::Issue(error.to_string()))?;
            let p12: Bytes = pack(&issued, &DEMO_CERTIFICATE_PASSWORD.into())?.into();
            let number = office.number.to_string();
            let Some(record) =
                self.state.certificates.iter_mut().find(|record| record.office == number)
            else {
                continue;
            };
            if let Some(old) = record.p12_sha256.replace(hex_sha256(&p12)) {
                self.state.blobs.remove(&old);
            }
            self.state.blobs.insert(hex_sha256(&p12), p12);
            record.serial = Some(issued.serial.to_string());
            record.fingerprint = Some(fingerprint(&issued)?);
            record.not_before = Some(facts.not_before);
            record.not_after = Some(facts.not_after);
            record.file_name = Some(package::file_name(self.now, issued.serial));
            record.revoked_at = wrong.needs_revocation().then_some(self.now);
        }
        Ok(())
    }

    /// Free passes that end in a few days: every second one renews, the others do not.
    fn free_passes(&mut self) -> Result<(), Failure> {
        for (index, office) in offices().iter().enumerate() {
            self.office(office, index, false);
            let left = 7 + i64::try_from(index).unwrap_or_default();
            let last = self.today.saturating_add(left.days());
            let applied_on = last.saturating_add(1.day()).saturating_sub(1.year());
            self.licence(office, LicenceKind::FreePass, applied_on)?;
            if let Some(licence) = self.state.licences.last_mut() {
                licence.auto_renewal = Some(index % 2 == 0);
            }
        }
        for office in ready_offices() {
            self.certificate(office)?;
        }
        Ok(())
    }

    /// Messages between the ready offices: a plan and a month's planned use to the services, and a
    /// month's actual use back.
    fn messages(&mut self) -> Result<(), Failure> {
        let day = self.today;
        let month = Month { year: day.year().unsigned_abs(), month: day.month().unsigned_abs() };
        let [planner, helper, day_care, _] = READY_KINDS;
        for (unit, from, to, month) in [
            ("K2", planner, helper, month),
            ("K2", planner, day_care, month),
            ("S1", helper, planner, month.previous()),
        ] {
            // The units of 4.1 exist from its first service month on.
            if csv_version::standard_for_month(month.number()) != StandardVersion::V4_1 {
                continue;
            }
            let index = u64::try_from(self.state.messages.len()).unwrap_or_default();
            let minutes = i64::try_from(90 - 20 * index).unwrap_or_default();
            let at = clock::plus_ms(self.now, -minutes * 60_000);
            let record = self.message(unit, from, to, month, at)?;
            self.state.messages.push(record);
        }
        Ok(())
    }

    /// One message, judged as any other.
    fn message(
        &mut self,
        unit: &str,
        from: &str,
        to: &str,
        month: Month,
        at: Timestamp,
    ) -> Result<MessageRecord, Failure> {
        let broken = |what: String| Failure::Task(format!("a demo message is wrong: {what}"));
        let find = |kind: &str| {
            self.installed
                .iter()
                .find(|(office, _)| office.kinds[0] == kind)
                .and_then(|(office, own)| Some((office.party(kind)?, own)))
                .ok_or_else(|| broken(format!("no office of kind {kind} is ready")))
        };
        let ((from, sender), (to, _)): ((Party, _), (Party, _)) = (find(from)?, find(to)?);
        let request = careplan_fixtures::Request::new(unit, month)
            .map_err(|error| broken(error.to_string()))?;
        let request = careplan_fixtures::Request { from, to, seed: self.seed, ..request };
        let files: Vec<SentFile> = careplan_fixtures::generate(&request)
            .map_err(|error| broken(error.to_string()))?
            .into_iter()
            .map(|file| SentFile { name: file.name, bytes: file.bytes.into() })
            .collect();
        let manifest = Manifest {
            version: 1,
            from: from.office.to_string(),
            to: to.office.to_string(),
            created_at: at,
            text: Some("いつもお世話になっております。ご確認をお願いします。".to_owned()),
            files: files
                .iter()
                .map(|file| ManifestFile {
                    name: file.name.clone(),
                    size: file.bytes.len() as u64,
                    sha256: hex_sha256(&file.bytes),
                })
                .collect(),
        };
        let bytes = serde_json::to_vec(&manifest).map_err(|error| broken(error.to_string()))?;
        let signed = signature::sign(&bytes, sender, at).map_err(|e| broken(e.to_string()))?;
        let facts = Facts {
            office: from.office,
            now: at,
            switches: Arc::new(self.switches.clone()),
            directory: Arc::new(Directory::new(
                self.state.offices.clone(),
                &self.state.accounts,
                self.state.licences.clone(),
                self.state.terms.clone(),
            )),
            judge: Judge::new(self.authority),
        };
        let request = SendRequest {
            key: format!("demo-{}", self.state.messages.len()),
            manifest: bytes.into(),
            signature: Some(signed.into()),
            files,
        };
        let judged = judge(&facts, manifest, request).map_err(|error| broken(error.to_string()))?;
        self.state.blobs.insert(judged.record.archive_sha256.clone(), judged.archive);
        Ok(judged.record)
    }

    /// Somebody fetched the first message an hour ago and did not keep it.
    fn lose_the_first(&mut self) {
        let at = clock::plus_ms(self.now, -60 * 60_000);
        if let Some(message) = self.state.messages.first_mut() {
            message.claimed_at = Some(at);
            message.download_id = Some(hex_sha256(message.id.as_bytes()));
            message.download_until = Some(clock::plus_minutes(at, self.switches.download_minutes));
        }
    }
}
