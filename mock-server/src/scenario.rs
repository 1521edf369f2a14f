//! Ready-made states of the mock: invented offices with documented demo accounts.

use careplan_spec::Text;

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
