//! Ready-made states of the mock: invented offices with documented demo accounts.
//!
//! Dates follow from the clock, everything else from the seed. The offices are those of
//! `careplan-fixtures`, so that generated files have somewhere to go.

use std::collections::BTreeMap;

use careplan_certs::{Installed, Wrong};
use careplan_fixtures::region::{Office, Party, offices};
use careplan_relay::Relay;
use careplan_relay::beginning::{Beginning, Ground};
use careplan_relay::clock;
use careplan_relay::enrolment::{Enrolment, Newcomer, Passwords, Sending};
use careplan_relay::licence::LicenceKind;
use careplan_relay::message::SentFile;
use careplan_relay::notice::NoticeCategory;
use careplan_relay::outcome::{self, Failure};
use careplan_relay::store::State;
use careplan_relay::store::record::NoticeRecord;
use careplan_spec::calendar::Month;
use careplan_spec::{StandardVersion, Text, csv_version};
use careplan_wire::scenarios::{ScenarioInfo, Scenarios};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

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

/// Every office of the region takes part, and nothing has been sent: the partners of a rehearsal of
/// the vendor test. No scene of a course, so it is not among [`SCENARIOS`].
pub const REHEARSAL: &str = "rehearsal";

/// Password of every demo KJ ID.
pub const DEMO_PASSWORD: &str = "Careplan1";
/// The same, hashed, so that starting takes no time.
const DEMO_PASSWORD_HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$GWx/k2Buwlyvgjbb82ZkLg$B6jWgLbjyqkIrtL1AgZLogsQdTRnT+bhYt6UngiUmCc";
/// Password of every demo c-ID.
pub const DEMO_TERMINAL_PASSWORD: &str = "Terminal1";
/// 証明書発行用パスワード of every demo office.
pub const DEMO_CERTIFICATE_PASSWORD: &str = "Install01";

/// The passwords of the demo accounts.
const DOCUMENTED: Passwords = Passwords::Known {
    office: DEMO_PASSWORD,
    office_hash: DEMO_PASSWORD_HASH,
    terminal: DEMO_TERMINAL_PASSWORD,
    certificate: DEMO_CERTIFICATE_PASSWORD,
};

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

/// The scenarios of the classroom.
#[derive(Debug, Clone, Copy)]
pub struct ReadyMade;

impl Scenarios for ReadyMade {
    fn offered(&self) -> &'static [ScenarioInfo] {
        SCENARIOS
    }

    fn beginning(&self, name: &str, seed: u64) -> Option<Beginning> {
        beginning(name, seed)
    }
}

/// The beginning of a name; none where there is no such scenario.
pub fn beginning(name: &str, seed: u64) -> Option<Beginning> {
    let play: fn(&mut Staging<'_>) -> Result<(), Failure> = match name {
        "demo" => |staging| staging.demo(),
        REHEARSAL => |staging| staging.partners(),
        "first-time" => |staging| staging.first_time(),
        "expired-password" => |staging| staging.expired_passwords(),
        "wrong-certificate" => |staging| staging.wrong_certificates(),
        "free-pass-ending" => |staging| staging.free_passes(),
        "missed-download" => |staging| staging.missed_download(),
        _ => return None,
    };
    Some(Beginning::new(name, seed, move |ground| {
        let mut staging = Staging::new(ground, State::default());
        play(&mut staging)?;
        Ok(staging.cast.state)
    }))
}

/// Adds offices the relay does not have yet, with account, licence and certificate, and writes the
/// service kinds of those it has: the test offices of a vendor. Offices it has keep everything
/// else.
///
/// # Errors
/// The store fails; a certificate cannot be made.
pub async fn enrol(relay: &Relay, offices: &[Party]) -> outcome::Result<()> {
    let offices = offices.to_vec();
    relay.rework(move |state, ground| add(state, &offices, ground)).await
}

/// Whether anything changed.
fn add(state: &mut State, offices: &[Party], ground: &Ground) -> Result<bool, Failure> {
    let mut staging = Staging::new(ground, std::mem::take(state));
    let mut kinds: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for party in offices {
        kinds.entry(party.office().to_string()).or_default().push(party.kind());
    }
    let mut changed = false;
    for (number, kinds) in &kinds {
        let state = &mut staging.cast.state;
        let known = state.offices.iter_mut().find(|office| office.number == *number);
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
                phone: "0980000999".to_owned(),
            };
            // Behind every office of the region and every newcomer before it.
            let index = staging.cast.state.offices.len();
            staging.account(&newcomer, index, DOCUMENTED);
            let applied_on = staging.cast.today().saturating_sub(30.days());
            staging.cast.licence(&newcomer, LicenceKind::Licence, applied_on)?;
            changed = true;
        }
        let certificates = &staging.cast.state.certificates;
        if !certificates.iter().any(|one| one.office == *number && one.wrong.is_none())
            && let Some(party) = offices.iter().find(|party| party.office().as_str() == number)
        {
            staging.cast.certificate(party.office())?;
            changed = true;
        }
    }
    *state = staging.cast.state;
    Ok(changed)
}

fn newcomer(office: &Office) -> Newcomer<'_> {
    Newcomer {
        number: office.number.as_str(),
        name: office.name,
        kinds: office.kinds.join(" "),
        representative: office.staff[1],
        contact: office.staff[0],
        phone: office.phone.replace('-', ""),
    }
}

/// A scenario in the making.
struct Staging<'g> {
    ground: &'g Ground,
    cast: Enrolment<'g>,
    /// The certificates of the ready offices.
    installed: Vec<(&'static Office, Installed)>,
}

fn ready_offices() -> impl Iterator<Item = &'static Office> {
    READY_KINDS.iter().filter_map(|kind| offices().iter().find(|office| office.kinds[0] == *kind))
}

impl<'g> Staging<'g> {
    fn new(ground: &'g Ground, state: State) -> Self {
        Self { ground, cast: Enrolment::on(ground, state), installed: Vec::new() }
    }

    /// Adds an office with its account and what everybody was told.
    fn account(&mut self, office: &Newcomer<'_>, index: usize, passwords: Passwords) {
        for standing in &STANDING {
            let day = self.cast.today().saturating_sub(standing.days_ago.days());
            self.cast.state.notices.push(NoticeRecord {
                id: format!("standing-{}-{}", standing.category.id(), office.number),
                office: office.number.to_owned(),
                category: standing.category.id().to_owned(),
                title: standing.title.ja.to_owned(),
                title_en: standing.title.en.to_owned(),
                body: standing.body.ja.to_owned(),
                body_en: standing.body.en.to_owned(),
                published_at: clock::start_of(day),
                read_at: None,
            });
        }
        self.cast.account(office, index, passwords);
    }

    fn office(&mut self, office: &Office, index: usize, passwords: Passwords) {
        self.account(&newcomer(office), index, passwords);
    }

    /// Adds a licence applied for on a day, with every term until today.
    fn licence(
        &mut self,
        office: &Office,
        kind: LicenceKind,
        applied_on: Date,
    ) -> Result<(), Failure> {
        self.cast.licence(&newcomer(office), kind, applied_on)
    }

    /// Issues a good certificate, as of thirty days ago.
    fn certificate(&mut self, office: &'static Office) -> Result<(), Failure> {
        let installed = self.cast.certificate(office.number)?;
        self.installed.push((office, installed));
        Ok(())
    }

    fn demo(&mut self) -> Result<(), Failure> {
        self.ready(30)?;
        self.messages()
    }

    fn expired_passwords(&mut self) -> Result<(), Failure> {
        self.ready(30)?;
        let today = clock::start_of(self.cast.today());
        for account in &mut self.cast.state.accounts {
            account.password_expires_at = Some(today);
        }
        Ok(())
    }

    /// Somebody fetched the first message an hour ago and did not keep it.
    fn missed_download(&mut self) -> Result<(), Failure> {
        self.demo()?;
        let at = clock::plus_ms(self.ground.now, -60 * 60_000);
        if let Some(message) = self.cast.state.messages.first_mut() {
            message.claimed_at = Some(at);
            // No token has this identifier.
            message.download_id = Some("0".repeat(64));
            message.download_until =
                Some(clock::plus_minutes(at, self.ground.switches.download_minutes));
        }
        Ok(())
    }

    /// Every office of the region, with account and licence.
    fn partners(&mut self) -> Result<(), Failure> {
        let applied_on = self.cast.today().saturating_sub(30.days());
        for (index, office) in offices().iter().enumerate() {
            self.office(office, index, DOCUMENTED);
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
            self.office(office, index, DOCUMENTED);
            if index == expired {
                let long_ago = self.cast.today().saturating_sub(2.years());
                self.licence(office, LicenceKind::Licence, long_ago)?;
                if let Some(licence) = self.cast.state.licences.last_mut() {
                    licence.auto_renewal = licence.auto_renewal.map(|_| false);
                }
            } else if index == stranger {
                self.cast.state.accounts.pop();
            } else if index != never {
                let applied_on = self.cast.today().saturating_sub(days_ago.days());
                self.licence(office, LicenceKind::Licence, applied_on)?;
            }
        }
        for office in ready_offices() {
            self.certificate(office)?;
        }
        Ok(())
    }

    /// Nothing but the letter with the temporary password.
    fn first_time(&mut self) -> Result<(), Failure> {
        for (index, office) in offices().iter().enumerate() {
            self.office(office, index, Passwords::Drawn);
        }
        Ok(())
    }

    /// The ready offices hold wrong certificates, a different one each.
    fn wrong_certificates(&mut self) -> Result<(), Failure> {
        self.ready(30)?;
        let ways = [Wrong::Expired, Wrong::Revoked, Wrong::OtherOffice, Wrong::Agent];
        let holders: Vec<&'static Office> = ready_offices().collect();
        for (index, (office, wrong)) in holders.iter().zip(ways).enumerate() {
            let other = holders[(index + 1) % holders.len()];
            self.cast.spoil_certificate(office.number, wrong, other.number)?;
        }
        Ok(())
    }

    /// Free passes that end in a few days: every second one renews, the others do not.
    fn free_passes(&mut self) -> Result<(), Failure> {
        for (index, office) in offices().iter().enumerate() {
            self.office(office, index, DOCUMENTED);
            let left = 7 + i64::try_from(index).unwrap_or_default();
            let last = self.cast.today().saturating_add(left.days());
            let applied_on = last.saturating_add(1.day()).saturating_sub(1.year());
            self.licence(office, LicenceKind::FreePass, applied_on)?;
            if let Some(licence) = self.cast.state.licences.last_mut() {
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
        let day = self.cast.today();
        // Where the clock shows a year without service months, nobody has sent anything.
        let Some(month) = Month::of(day) else { return Ok(()) };
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
            let index = u64::try_from(self.cast.state.messages.len()).unwrap_or_default();
            let minutes = i64::try_from(90 - 20 * index).unwrap_or_default();
            let at = clock::plus_ms(self.ground.now, -minutes * 60_000);
            self.message(unit, from, to, month, at)?;
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
    ) -> Result<(), Failure> {
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
        let request = careplan_fixtures::Request { from, to, seed: self.ground.seed, ..request };
        let files = careplan_fixtures::generate(&request)
            .map_err(|error| broken(error.to_string()))?
            .into_iter()
            .map(|file| SentFile { name: file.name, bytes: file.bytes.into() })
            .collect();
        let key = format!("demo-{}", self.cast.state.messages.len());
        let text = "いつもお世話になっております。ご確認をお願いします。";
        let sending = Sending { sender, from: from.office(), to: to.office(), text, files, at };
        self.cast.message(&key, sending)
    }
}
