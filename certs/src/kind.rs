//! The kinds of certificate 電子請求受付システム issues, and which of them the relay accepts.

use careplan_spec::{Basis, Text};

/// What a certificate was issued for, told by the common name of its subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Kind {
    /// 介護保険証明書: an office that bills care insurance by internet. Accepted.
    KaigoJigyousho,
    /// 介護DX証明書 (once 請求委任事業所用ケアプラン証明書): free of charge. Accepted.
    CarePlanJigyousho,
    /// 代理人証明書: an agent who bills for offices. Refused.
    KaigoDairinin,
    /// 障害者総合支援証明書: billing of disability services. Refused.
    ShougaiJigyousho,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 4] = [
        Self::KaigoJigyousho,
        Self::CarePlanJigyousho,
        Self::KaigoDairinin,
        Self::ShougaiJigyousho,
    ];

    /// The common name (発行先) of the subject.
    pub const fn common_name(self) -> &'static str {
        match self {
            Self::KaigoJigyousho => "KaigoJigyousho",
            Self::CarePlanJigyousho => "CarePlanJigyousho",
            Self::KaigoDairinin => "KaigoDairinin",
            Self::ShougaiJigyousho => "ShougaiJigyousho",
        }
    }

    /// How firm the common name is: the introduction guide prints those of the accepted kinds only.
    pub const fn common_name_basis(self) -> Basis {
        match self {
            Self::KaigoJigyousho | Self::CarePlanJigyousho => Basis::Stated,
            Self::KaigoDairinin | Self::ShougaiJigyousho => Basis::Assumed,
        }
    }

    /// The kind a common name stands for.
    pub fn from_common_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.common_name() == name)
    }

    /// Whether ケアプランデータ連携システム accepts it. Stated: the guides name the two that count
    /// and the two that do not.
    pub const fn is_accepted(self) -> bool {
        matches!(self, Self::KaigoJigyousho | Self::CarePlanJigyousho)
    }

    /// The name people know.
    pub const fn name(self) -> Text {
        match self {
            Self::KaigoJigyousho => {
                Text::new("介護保険証明書", "care insurance certificate (介護保険証明書)")
            }
            Self::CarePlanJigyousho => {
                Text::new("介護DX証明書", "care DX certificate (介護DX証明書)")
            }
            Self::KaigoDairinin => Text::new("代理人証明書", "agent certificate (代理人証明書)"),
            Self::ShougaiJigyousho => Text::new(
                "障害者総合支援証明書",
                "disability services certificate (障害者総合支援証明書)",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_names_tell_the_kind() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_common_name(kind.common_name()), Some(kind));
            assert_eq!(kind.is_accepted(), kind.common_name_basis() == Basis::Stated);
        }
        assert_eq!(Kind::from_common_name("careplanjigyousho"), None);
    }
}
