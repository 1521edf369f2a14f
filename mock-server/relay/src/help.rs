//! What a trainer can do for one office, declared once: the console and the controls read it here.
//! The real system has nothing like it; there, one writes to the 国保連合会 and waits (relay.md §4).

use careplan_spec::Text;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! helps {
    ($($(#[doc = $doc:literal])* $name:ident $id:literal $drastic:literal
        $ja:literal, $en:literal, $does_ja:literal, $does_en:literal, $done_ja:literal, $done_en:literal;)*) => {
        /// Help for one office.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "kebab-case")]
        pub enum OfficeHelp {
            $($(#[doc = $doc])* $name,)*
        }

        impl OfficeHelp {
            /// Every kind, in the order of the console.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable identifier.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }

            /// What its button says.
            pub const fn name(self) -> Text {
                match self { $(Self::$name => Text::new($ja, $en),)* }
            }

            /// What it does.
            pub const fn does(self) -> Text {
                match self { $(Self::$name => Text::new($does_ja, $does_en),)* }
            }

            /// What is said when it is done.
            pub const fn done(self) -> Text {
                match self { $(Self::$name => Text::new($done_ja, $done_en),)* }
            }

            /// Whether it takes something away that the office has made.
            pub const fn is_drastic(self) -> bool {
                match self { $(Self::$name => $drastic,)* }
            }
        }
    };
}

helps! {
    /// Locks and wrong tries are forgotten: KJ ID, c-ID, 証明書発行用パスワード.
    Unlock "unlock" false
        "ロックを解除する", "Unlock",
        "パスワードの誤りによるロックと、誤った回数を取り消します。", "Locks and wrong tries are forgotten.",
        "ロックを解除しました。", "It is unlocked.";
    /// A new 仮パスワード, with the letter that tells it; every login of the KJ ID ends.
    TemporaryPassword "temporary-password" true
        "仮パスワードを再発行する", "Issue a temporary password",
        "新しい仮パスワードを発行します。今のパスワードは使えなくなり、ログインは終了します。再発行の通知書を印刷して渡してください。",
        "A new temporary password. The current one ends, with its logins. Print the reissued letter and hand it over.",
        "仮パスワードを再発行しました。通知書を印刷して渡してください。",
        "A temporary password was issued. Print the letter and hand it over.";
    /// Every login of the office ends: both sites, both stages, all terminals.
    EndLogins "end-logins" false
        "ログインを終了する", "End its logins",
        "サイトと端末のログインをすべて終了します。ログアウトを忘れた席に使います。",
        "Ends every login of the office, on the sites and on its terminals: for a seat somebody forgot to log out.",
        "ログインを終了しました。", "Its logins have ended.";
    /// A certificate that counts is on the office's terminal; issued at once where it has none.
    PutCertificate "put-certificate" false
        "証明書を入れる", "Put the certificate in",
        "事業所の証明書を端末に入れます。有効な証明書がなければ、発行してから入れます。",
        "Installs the office's certificate on its terminal; issues one first where it has none that counts.",
        "証明書を端末に入れました。", "The certificate is on its terminal.";
    /// As before its first login: 仮パスワード, no mail addresses, certificates, licence or logins.
    BeforeFirstLogin "before-first-login" true
        "初回ログイン前に戻す", "Set back to before the first login",
        "仮パスワードに戻し、メールアドレス、証明書、ライセンス、端末の内容を消します。送受信したデータは残ります。",
        "Temporary password again; its mail addresses, certificates, licence and everything on its terminals go. Messages stay.",
        "初回ログイン前の状態に戻しました。通知書を印刷して渡してください。",
        "It is as before the first login. Print the letter and hand it over.";
}

impl OfficeHelp {
    /// The help with this identifier.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|help| help.id() == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_those_of_json() {
        for help in OfficeHelp::ALL {
            assert_eq!(serde_json::to_value(help).unwrap(), help.id());
            assert_eq!(OfficeHelp::from_id(help.id()), Some(*help));
        }
        assert_eq!(OfficeHelp::from_id("everything"), None);
    }
}
