//! Certificates that are wrong on purpose, one for every way the relay refuses one.

use careplan_spec::{Text, office_number::OfficeNumber, tokyo};
use jiff::{Timestamp, ToSpan, civil};
use rcgen::ExtendedKeyUsagePurpose;

use super::{
    Authority, Issued, Request,
    authority::{AuthorityError, OfficeCertificate},
};
use crate::{kind::Kind, verify::Cause};

/// A way to be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wrong {
    /// It ended yesterday.
    Expired,
    /// It begins tomorrow.
    NotYetValid,
    /// It looks good; its serial number belongs on the revocation list.
    Revoked,
    /// Another authority of the same name issued it.
    OtherRoot,
    /// It is for TLS servers only.
    WrongUsage,
    /// Its subject has no office number.
    WithoutOffice,
    /// It is good, but another office's.
    OtherOffice,
    /// 代理人証明書.
    Agent,
    /// 障害者総合支援証明書.
    Disability,
}

impl Wrong {
    /// Every way.
    pub const ALL: [Self; 9] = [
        Self::Expired,
        Self::NotYetValid,
        Self::Revoked,
        Self::OtherRoot,
        Self::WrongUsage,
        Self::WithoutOffice,
        Self::OtherOffice,
        Self::Agent,
        Self::Disability,
    ];

    /// The stable identifier, for commands and addresses.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::NotYetValid => "not-yet-valid",
            Self::Revoked => "revoked",
            Self::OtherRoot => "other-root",
            Self::WrongUsage => "wrong-usage",
            Self::WithoutOffice => "without-office",
            Self::OtherOffice => "other-office",
            Self::Agent => "agent",
            Self::Disability => "disability",
        }
    }

    /// The way with this identifier.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|wrong| wrong.id() == id)
    }

    /// What is wrong with it.
    pub const fn text(self) -> Text {
        match self {
            Self::Expired => {
                Text::new("昨日で有効期限が切れた証明書", "a certificate that expired yesterday")
            }
            Self::NotYetValid => Text::new(
                "有効期間が明日から始まる証明書",
                "a certificate that becomes valid tomorrow",
            ),
            Self::Revoked => Text::new(
                "失効リスト（CRL）に載っている証明書",
                "a certificate on the revocation list (CRL)",
            ),
            Self::OtherRoot => Text::new(
                "名前は同じだが別の認証局が発行した証明書",
                "a certificate issued by another authority of the same name",
            ),
            Self::WrongUsage => Text::new(
                "サーバー認証専用の証明書",
                "a certificate for server authentication only",
            ),
            Self::WithoutOffice => Text::new(
                "事業所番号が入っていない証明書",
                "a certificate without an office number",
            ),
            Self::OtherOffice => {
                Text::new("別の事業所の証明書", "the certificate of another office")
            }
            Self::Agent => Text::new(
                "代理人証明書（このシステムでは使用できません）",
                "an agent certificate (代理人証明書), which does not count here",
            ),
            Self::Disability => Text::new(
                "障害者総合支援証明書（このシステムでは使用できません）",
                "a disability services certificate (障害者総合支援証明書), which does not count here",
            ),
        }
    }

    /// The cause a judge gives who knows the office that logged in and, for
    /// [`Wrong::Revoked`], the revocation.
    pub const fn cause(self) -> Cause {
        match self {
            Self::Expired => Cause::Expired,
            Self::NotYetValid => Cause::NotYetValid,
            Self::Revoked => Cause::Revoked,
            Self::OtherRoot => Cause::OtherRoot,
            Self::WrongUsage => Cause::WrongUsage,
            Self::WithoutOffice => Cause::WithoutOffice,
            Self::OtherOffice => Cause::OtherOffice,
            Self::Agent | Self::Disability => Cause::WrongKind,
        }
    }

    /// Whether it is only wrong once its serial number is revoked, which the caller does.
    pub const fn needs_revocation(self) -> bool {
        matches!(self, Self::Revoked)
    }
}

impl Authority {
    /// Issues a wrong certificate for `office` (for [`Wrong::OtherOffice`]: `other_office`), with a
    /// key of the authority's own kind.
    ///
    /// # Errors
    /// No key could be made.
    pub fn issue_wrong(
        &self,
        wrong: Wrong,
        office: OfficeNumber,
        other_office: OfficeNumber,
        now: Timestamp,
    ) -> Result<Issued, AuthorityError> {
        let good = Request::new(office, Kind::CarePlanJigyousho, now);
        let mut wanted = OfficeCertificate {
            office: Some(office),
            kind: good.kind,
            not_before: good.not_before,
            not_after: good.not_after,
            serial: None,
            key: self.key_kind(),
            usages: &[
                ExtendedKeyUsagePurpose::ClientAuth,
                ExtendedKeyUsagePurpose::EmailProtection,
            ],
        };
        let today = tokyo::date_of(now);
        match wrong {
            Wrong::Revoked => {}
            Wrong::Expired => {
                let yesterday = today.saturating_sub(1.day());
                let begin = yesterday.saturating_sub(3.years());
                wanted.not_before = tokyo::moment(begin, civil::Time::midnight());
                wanted.not_after = tokyo::moment(yesterday, civil::time(23, 59, 59, 0));
            }
            Wrong::NotYetValid => {
                let tomorrow = today.saturating_add(1.day());
                let last = tomorrow.saturating_add(3.years());
                wanted.not_before = tokyo::moment(tomorrow, civil::Time::midnight());
                wanted.not_after = tokyo::moment(last, civil::time(23, 59, 59, 0));
            }
            Wrong::OtherRoot => {
                return Self::generate_with(now, self.key_kind())?.issue_office(&wanted);
            }
            Wrong::WrongUsage => wanted.usages = &[ExtendedKeyUsagePurpose::ServerAuth],
            Wrong::WithoutOffice => wanted.office = None,
            Wrong::OtherOffice => wanted.office = Some(other_office),
            Wrong::Agent => wanted.kind = Kind::KaigoDairinin,
            Wrong::Disability => wanted.kind = Kind::ShougaiJigyousho,
        }
        self.issue_office(&wanted)
    }
}
