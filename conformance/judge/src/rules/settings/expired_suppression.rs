//! S040 `expired-suppression`.

use crate::rules::prelude::*;

/// 期限を過ぎた抑制がある: a suppression that has expired.
pub(crate) static EXPIRED_SUPPRESSION: Rule = Rule {
    code: "S040",
    name: "expired-suppression",
    title: Text::new("期限を過ぎた抑制がある", "a suppression that has expired"),
    explanation: Text::new(
        "設定ファイルの抑制（[[suppress]]）には、理由と最後の日（until、その日を含む）があります。翌日からは効かず、\
         隠していた指摘がまた出ます。日付は日本時間で数えます。",
        "A suppression in the settings ([[suppress]]) has a reason and a last day (until, which is included). \
         From the next day on it hides nothing, and what it hid is said again. Days are those of Japan.",
    ),
    message: Text::new(
        "抑制（{0}）は {1} までのものです。理由：{2}。{3}",
        "The suppression of {0} was to last until {1}. Its reason: {2}. {3}",
    ),
    fix: Text::new(
        "直し終えたなら、この抑制を消してください。まだなら、理由が今も正しいか確かめて until を延ばしてください。",
        "Delete the entry if the cause is mended; if it is not, see whether the reason still holds and set a \
         new until.",
    ),
    source: Source::Fixed("—", Basis::Assumed),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &[],
    check: Check::Settings,
    examples: Examples { fails: &[], passes: &[] },
};
