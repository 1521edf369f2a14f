//! Behaviour the public documents are silent about: each one a switch with its reason.
//!
//! Declared once. The same table makes the configuration (TOML, `key = value`), `--help` and the
//! documentation page, so that none of them can drift.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use careplan_spec::{Basis, Text, message_limits};
use jiff::civil::Date;
use serde::Serialize;

/// What the documentation says about one switch.
#[derive(Debug, Clone, Copy)]
pub struct SwitchInfo {
    /// Name in configuration and command line, kebab-case.
    pub key: &'static str,
    /// What it decides.
    pub title: Text,
    /// Why the default is what it is.
    pub reason: Text,
    /// Where the documents are silent or speak.
    pub source: &'static str,
    /// How firmly the default stands.
    pub basis: Basis,
    /// The kind of value: `true/false`, `number`, `date or none`.
    pub value_kind: &'static str,
    /// The least and the most that a number may be.
    pub range: Option<&'static RangeInclusive<u64>>,
    /// The default, as configuration writes it.
    pub default: fn() -> String,
}

impl SwitchInfo {
    /// What values there are: `true/false`, `number (1-30)`, `date or none`.
    pub fn values(&self) -> String {
        match self.range {
            Some(range) => format!("{} ({}-{})", self.value_kind, range.start(), range.end()),
            None => self.value_kind.to_owned(),
        }
    }
}

/// A setting that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SwitchError {
    /// There is no switch of this name.
    #[error("there is no switch {0}")]
    Unknown(String),
    /// The value does not fit.
    #[error("{key} wants {wanted}, not {found}")]
    Value {
        /// The switch.
        key: &'static str,
        /// What it wants.
        wanted: &'static str,
        /// What it was given.
        found: String,
    },
    /// The number is beyond the range.
    #[error("{key} is a number from {} to {}, not {found}", range.start(), range.end())]
    Range {
        /// The switch.
        key: &'static str,
        /// Its range.
        range: &'static RangeInclusive<u64>,
        /// What it was given.
        found: u64,
    },
}

impl SwitchError {
    /// The same in the words of a user.
    pub fn text(&self) -> Text<String> {
        let ja = match self {
            Self::Unknown(key) => format!("スイッチ {key} を変更できません。"),
            Self::Value { key, .. } => format!("スイッチ {key} を変更できません。"),
            Self::Range { key, range, .. } => {
                format!("スイッチ {key} は {} から {} までの数です。", range.start(), range.end())
            }
        };
        Text::made(ja, format!("{self}."))
    }
}

/// A date, or none: `2027-03-31`, `none`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateOrNone(pub Option<Date>);

impl fmt::Display for DateOrNone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(date) => write!(f, "{date}"),
            None => f.write_str("none"),
        }
    }
}

impl FromStr for DateOrNone {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "none" { Ok(Self(None)) } else { Ok(Self(Some(text.parse()?))) }
    }
}

impl Serialize for DateOrNone {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

trait SwitchValue: FromStr + fmt::Display {
    const KIND: &'static str;
    /// The number it is, where it is one.
    fn number(&self) -> Option<u64> {
        None
    }
}

impl SwitchValue for bool {
    const KIND: &'static str = "true/false";
}

impl SwitchValue for u32 {
    const KIND: &'static str = "number";
    fn number(&self) -> Option<u64> {
        Some(u64::from(*self))
    }
}

impl SwitchValue for u64 {
    const KIND: &'static str = "number";
    fn number(&self) -> Option<u64> {
        Some(*self)
    }
}

impl SwitchValue for DateOrNone {
    const KIND: &'static str = "date or none";
}

/// The range of a switch, where it has one.
const fn range_of(range: &'static [RangeInclusive<u64>]) -> Option<&'static RangeInclusive<u64>> {
    range.first()
}

const fn day(year: i16, month: i8, day: i8) -> DateOrNone {
    DateOrNone(Some(Date::constant(year, month, day)))
}

macro_rules! switches {
    ($(
        $field:ident $key:literal: $kind:ty $([$range:expr])? = $default:expr, $source:literal, $basis:ident,
        $title_ja:literal, $title_en:literal, $reason_ja:literal, $reason_en:literal;
    )*) => {
        /// The value of every switch.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
        pub struct Switches {
            $(
                #[doc = concat!($title_en, ". ", $reason_en, " (", $source, ", ", stringify!($basis), ")")]
                #[serde(rename = $key)]
                pub $field: $kind,
            )*
        }

        impl Default for Switches {
            fn default() -> Self {
                Self { $($field: $default,)* }
            }
        }

        /// Every switch, in the order of the documentation.
        pub static SWITCHES: &[SwitchInfo] = &[$(
            SwitchInfo {
                key: $key,
                title: Text::new($title_ja, $title_en),
                reason: Text::new($reason_ja, $reason_en),
                source: $source,
                basis: Basis::$basis,
                value_kind: <$kind as SwitchValue>::KIND,
                range: range_of(&[$($range)?]),
                default: || { let value: $kind = $default; value.to_string() },
            },
        )*];

        impl Switches {
            /// Sets one switch from text, as `key` and `value` stand on a command line.
            ///
            /// # Errors
            /// [`SwitchError::Unknown`], [`SwitchError::Value`], [`SwitchError::Range`].
            pub fn set(&mut self, key: &str, value: &str) -> Result<(), SwitchError> {
                match key {
                    $($key => {
                        let value: $kind = value.parse().map_err(|_| SwitchError::Value {
                            key: $key,
                            wanted: <$kind as SwitchValue>::KIND,
                            found: value.to_owned(),
                        })?;
                        if let (Some(found), Some(range)) =
                            (value.number(), range_of(&[$($range)?]))
                            && !range.contains(&found)
                        {
                            return Err(SwitchError::Range { key: $key, range, found });
                        }
                        self.$field = value;
                    })*
                    _ => return Err(SwitchError::Unknown(key.to_owned())),
                }
                Ok(())
            }

            /// The value of one switch, as configuration writes it.
            pub fn show(&self, key: &str) -> Option<String> {
                match key {
                    $($key => Some(self.$field.to_string()),)*
                    _ => None,
                }
            }
        }
    };
}

switches! {
    password_days "password-days": u32 [0..=3_650] = 180, "relay.md §4, §9 item 9", Assumed,
        "パスワードの有効日数（0は無期限）", "days a password a user chose is valid; 0 is for ever",
        "有効期限があることは公表されていますが、日数は公表されていません。",
        "That it expires is public, the number of days is not.";
    lock_after_failures "lock-after-failures": u32 [0..=1_000] = 3, "relay.md §4", Inferred,
        "ロックまでの連続失敗回数（0はロックしない）", "failures in a row until an ID is locked; 0 never locks",
        "国保連合会の案内では3回です。", "A federation's help page says three.";
    lock_minutes "lock-minutes": u32 [0..=525_600] = 30, "relay.md §4", Inferred,
        "ロックの時間（分）", "minutes a lock lasts",
        "国保連合会の案内では30分以上です。", "A federation's help page says at least thirty minutes.";
    lock_c_id "lock-c-id": bool = true, "relay.md §9 item 9", Assumed,
        "個人ユーザID（c-）も連続失敗でロックする", "personal IDs (c-) are locked after failures too",
        "c-IDの規則は公表されていません。総当たりを防ぐため、事業所のIDと同じ扱いを既定とします。",
        "No rule of c-IDs is public; by default they are kept from being guessed like the office's IDs.";
    lock_certificate_password "lock-certificate-password": bool = true, "relay.md §5", Assumed,
        "証明書発行用パスワードを続けて誤った事業所の発行申請をロックする", "applications are locked after wrong certificate issue passwords",
        "誤入力の扱いは公表されていません。ログインできる人による総当たりを防ぐため、ログインと同じ回数と時間を既定とします。",
        "Not public; by default the login's count and time keep those who are logged in from guessing it.";
    c_id_of_same_office "c-id-of-same-office": bool = true, "relay.md §9 item 9", Assumed,
        "2段階のIDは同じ事業所のものに限る", "both IDs of a login must be of one office",
        "c-IDは事業所ごとに表示されますが、照合されるかは公表されていません。",
        "c-IDs are shown office by office; whether the two are compared is not public.";
    stage1_minutes "stage1-minutes": u32 [1..=1_440] = 10, "relay.md §9 item 9", Assumed,
        "1段階目のログインが有効な時間（分）", "minutes the first stage of a login stays good",
        "公表されていません。", "Not public.";
    stage2_tries "stage2-tries": u32 [1..=1_000] = 10, "relay.md §9 item 9", Assumed,
        "1段階目のログインの後に事業所ユーザIDを誤れる回数", "wrong office IDs or passwords after one first stage",
        "公表されていません。1回の個人ユーザIDのログインで多くの事業所のIDを試せないようにします。",
        "Not public; keeps one first stage from trying the IDs of many offices.";
    access_token_minutes "access-token-minutes": u32 [1..=52_560_000] = 60, "relay.md §8", Inferred,
        "アクセストークンの有効時間（分）", "minutes an access token is valid",
        "後継APIの公表値に合わせています。", "As published for the coming national API.";
    refresh_token_minutes "refresh-token-minutes": u32 [1..=52_560_000] = 480, "relay.md §8", Inferred,
        "リフレッシュトークンの有効時間（分）", "minutes a refresh token is valid",
        "後継APIの公表値（8時間）に合わせています。", "As published for the coming national API: eight hours.";
    portal_minutes "portal-minutes": u32 [1..=52_560_000] = 60, "relay.md §9 item 9", Assumed,
        "Webサイトのログインが有効な時間（分）", "minutes a login on the web sites lasts",
        "公表されていません。", "Not public.";
    mail_code_minutes "mail-code-minutes": u32 [1..=10_080] = 30, "relay.md §4, §3 M8", Stated,
        "メール確認コードの有効時間（分）", "minutes a mail confirmation code is valid",
        "画面に30分と表示されます。", "The screen says thirty minutes.";
    mail_code_tries "mail-code-tries": u32 [1..=1_000] = 5, "relay.md §4", Assumed,
        "メール確認コードの入力回数の上限", "tries at a mail confirmation code",
        "公表されていません。4桁の総当たりを防ぎます。", "Not public; keeps four digits from being guessed.";
    certificate_years "certificate-years": u32 [1..=30] = 3, "relay.md §5", Stated,
        "電子証明書の有効年数", "years a certificate is valid",
        "画面例では3年です（1年とする連合会の案内は他と合いません）。",
        "Three years on the official screen; one federation's page that says one year stands alone.";
    certificate_issue_minutes "certificate-issue-minutes": u32 [0..=525_600] = 5, "relay.md §5", Assumed,
        "証明書発行までの時間（分、timing=realのとき）", "minutes until a certificate is issued, with real timing",
        "「数分」から「数日」まで資料により異なります。", "Sources differ from minutes to days.";
    certificate_renewal_days "certificate-renewal-days": u32 [0..=3_650] = 90, "relay.md §5", Inferred,
        "証明書の更新ができる満了前の日数", "days before its end from which a certificate can be renewed",
        "満了90日前にお知らせが届きます。", "A notice comes ninety days before the end.";
    licence_fee_yen "licence-fee-yen": u32 [0..=100_000_000] = 21_000, "relay.md §6", Stated,
        "ライセンス料（円、税込、1年）", "licence fee in yen, tax included, a year",
        "公表値です。", "As published.";
    licence_charge_days "licence-charge-days": u32 [0..=3_650] = 30, "relay.md §6", Assumed,
        "申請から初回の支払いまでの日数（timing=realのとき）", "days from application to the first charge, with real timing",
        "給付費から差し引かれますが、日数は公表されていません。",
        "It is set off against benefits; the delay is not public.";
    licence_notice_days "licence-notice-days": u32 [0..=3_650] = 30, "relay.md §6", Assumed,
        "期間満了を知らせる日数前（0は知らせない）", "days before the end of a term at which a notice tells of it; 0 tells nothing",
        "お知らせの時期は公表されていません。", "When the office is told is not public.";
    usable_before_charge "usable-before-charge": bool = true, "relay.md §6, §9 item 10", Assumed,
        "支払い前でも利用できる", "a licence can be used before its first charge",
        "申請後は「正常に完了」と表示され、支払いを待つ案内はありません。",
        "After the application the site says that it is complete; nothing asks to wait.";
    free_pass_last_application "free-pass-last-application": DateOrNone = day(2026, 5, 31), "relay.md §6", Stated,
        "フリーパス申請の最終日", "last day to apply for the free pass",
        "2025年6月1日から2026年5月31日までと公表されました。", "Published: 2025-06-01 to 2026-05-31.";
    fee_waiver_until "fee-waiver-until": DateOrNone = day(2027, 3, 31), "relay.md §6", Inferred,
        "ライセンス料免除の最終日（noneは免除なし）", "last day of the fee waiver, or none",
        "令和8年度末まで免除が延長されました。この日までに始まる期間は0円とします。",
        "Extended to the end of fiscal 2026; a term that starts by this day costs nothing.";
    free_pass_shows_end "free-pass-shows-end": bool = true, "relay.md §6", Assumed,
        "フリーパス中も有効期限を表示する", "the end of a free pass is shown",
        "初回の支払いまで「-」と表示されますが、フリーパスの扱いは公表されていません。",
        "`-` is shown until the first charge; what a free pass shows is not public.";
    send_unlicensed "send-unlicensed": bool = false, "relay.md §6, §9 item 10", Assumed,
        "ライセンスのない事業所も送信できる", "an office without a licence may send",
        "双方の利用が必要とされています。", "Both sides must use the system.";
    receive_unlicensed "receive-unlicensed": bool = true, "relay.md §6, §9 item 10", Assumed,
        "ライセンスが切れた後も届いたデータを取得できる", "an office without a licence may fetch what has arrived",
        "公表されていません。届いたデータが失われない方を既定とします。",
        "Not public; by default nothing that arrived is lost.";
    login_unlicensed "login-unlicensed": bool = true, "relay.md §6, §9 item 10", Assumed,
        "ライセンスのない事業所もログインできる", "an office without a licence may log in",
        "公表されていません。トップ画面で状態を見られる方を既定とします。",
        "Not public; by default the top page can show the state.";
    destination_licensed "destination-licensed": bool = true, "relay.md §6, §9 item 10", Assumed,
        "送信先にも有効なライセンスを求める", "the destination must hold a licence",
        "双方の利用が必要とされています。", "Both sides must use the system.";
    same_office_allowed "same-office-allowed": bool = false, "relay.md §2", Inferred,
        "同じ事業所番号どうしの送受信を認める", "an office may send to its own number",
        "「システムの仕様上」エラーになることがあるとの案内があります。",
        "The help desk says that it may end in an error.";
    version3_allowed "version3-allowed": bool = true, "relay.md §1.3(d), §9 item 1", Assumed,
        "標準仕様3.xのファイルを受け付ける", "files of version 3.x are accepted",
        "旧版の事業所との送受信が続いているためです。", "Partners with older software still send them.";
    message_without_csv "message-without-csv": bool = false, "relay.md §1.3(e)", Assumed,
        "CSVのない送信を認める", "a message without a CSV is accepted",
        "送信先はファイル名から決まるため、CSVがないと宛先がありません。認める場合は宛先の指定が必要です。",
        "The destination is read from the names; when allowed, the request must name it.";
    one_unit_per_message "one-unit-per-message": bool = false, "relay.md §1.3(e)", Assumed,
        "1回の送信を1送信単位に限る", "a message holds one send unit only",
        "公表されていません。", "Not public.";
    signature_required "signature-required": bool = true, "relay.md §2", Stated,
        "送信データの電子署名を求める", "a message must be signed",
        "なりすまし対策として事業所の証明書で署名されます。",
        "Data are signed with the office certificate to prove the sender.";
    max_file_bytes "max-file-bytes": u64 [1..=209_715_200] = message_limits::MAX_FILE_BYTES, "relay.md §9 item 2", Assumed,
        "1ファイルの最大バイト数", "bytes of one file, at most",
        "公表されていません。", "Not public.";
    max_message_bytes "max-message-bytes": u64 [1..=209_715_200] = message_limits::MAX_MESSAGE_BYTES, "relay.md §9 item 2", Assumed,
        "1回の送信の最大バイト数", "bytes of one message, at most",
        "公表されていません。", "Not public.";
    max_files "max-files": u32 [1..=1_000] = message_limits::MAX_FILES, "relay.md §9 item 2", Assumed,
        "1回の送信の最大ファイル数", "files of one message, at most",
        "公表されていません。", "Not public.";
    memory_share_bytes "memory-share-bytes": u64 [1_048_576..=17_179_869_184] = 128 * 1024 * 1024, "relay.md §9 item 2", Assumed,
        "1つの事業所（ログイン前は接続元アドレス）が同時に送受信できる最大バイト数", "bytes that one office, or one address before a login, sends or fetches at once, at most",
        "公表されていません。1つの事業所がほかの事業所を妨げないようにします。最大の送信1回分は常に受け付けます。",
        "Not public; keeps one office from taking the server from the others. One message of the largest size always fits.";
    memory_bytes "memory-bytes": u64 [1_048_576..=68_719_476_736] = 512 * 1024 * 1024, "relay.md §9 item 2", Assumed,
        "全体で同時に送受信できる最大バイト数", "bytes that all together send or fetch at once, at most",
        "公表されていません。サーバーのメモリーに収まる量にします。",
        "Not public; keeps the server within its memory.";
    slowest_bytes_per_second "slowest-bytes-per-second": u64 [1..=1_000_000_000] = 50_000, "relay.md §9 item 2", Assumed,
        "送受信の最低速度（毎秒バイト数、30秒の猶予の後）", "bytes a second of the slowest line that is waited for, after a grace of 30 seconds",
        "公表されていません。クライアントが想定する最も遅い回線です。遅い相手がメモリーを占め続けないようにします。",
        "Not public; the slowest line clients reckon with. Keeps slow peers from holding memory for ever.";
    max_text_chars "max-text-chars": u32 [0..=100_000] = message_limits::MAX_TEXT_CHARS, "relay.md §9 item 2", Assumed,
        "メッセージの最大文字数", "characters of the text, at most",
        "公表されていません。", "Not public.";
    max_findings "max-findings": u32 [0..=10_000] = 200, "relay.md §9 item 15", Assumed,
        "拒否の応答に載せる指摘の最大数", "findings that a refusal carries, at most",
        "応答を読める大きさに保ちます。件数は全数を示します。",
        "Keeps answers readable; the count is always complete.";
    download_minutes "download-minutes": u32 [1..=10_080] = 10, "relay.md §9 item 12", Assumed,
        "取得を始めてから受け取り直せる時間（分）", "minutes in which a claimed message can be fetched again",
        "取得済になる時点は公表されていません。通信が切れても失われないようにします。",
        "When a message becomes fetched is not public; a broken connection must not lose it.";
    claim_repeatable "claim-repeatable": bool = true, "relay.md §9 item 12", Assumed,
        "取得の応答が失われたとき、同じ識別キーと証明書で同じ応答を返す", "a claim repeated under its key and certificate gets its answer again",
        "公表されていません。応答が失われても、届いたデータが失われないようにします。",
        "Not public; a lost answer must not lose a message.";
    renewal_repeatable "renewal-repeatable": bool = true, "relay.md §8", Assumed,
        "更新トークンの応答が失われたとき、同じ識別キーと証明書で同じ応答を返す", "a renewal repeated under its key and certificate gets its answer again",
        "公表されていません。応答が失われても、ログインが切れないようにします。",
        "Not public; a lost answer must not end a login.";
    p12_for_older_systems "p12-for-older-systems": bool = false, "relay.md §5", Assumed,
        "証明書ファイル（.p12）を古い暗号方式（3DES・SHA-1）で渡す", ".p12 files come in the older encryption (3DES, SHA-1)",
        "公表されていません。新しい方式を既定とします。macOSのキーチェーンとWindows Server 2016は、新しい方式を「パスワードが違う」と表示します。",
        "Not public; the newer one by default. The keychain of macOS and Windows Server 2016 answer the newer one with \"wrong password\".";
    page_rows "page-rows": u32 [1..=1_000] = 20, "relay.md §9 item 5", Assumed,
        "一覧の1ページの行数", "rows of a list page",
        "公表されていません。", "Not public.";
    max_page_rows "max-page-rows": u32 [1..=1_000] = 200, "relay.md §9 item 5", Assumed,
        "一覧の1ページの最大行数", "rows of a list page, at most",
        "公表されていません。", "Not public.";
    issued_password_days "issued-password-days": u32 [0..=3_650] = 0, "relay.md §4", Assumed,
        "仮パスワードの有効日数（0は無期限）", "days a temporary password is valid; 0 is for ever",
        "公表されていません。", "Not public.";
}

impl Switches {
    /// The switches of a state, whatever release wrote it, and what of them is not as it was
    /// written: unknown ones are left out, numbers beyond their range come to its end, and what
    /// cannot be read is as by default.
    ///
    /// # Errors
    /// They are no JSON object.
    pub fn from_kept(json: &str) -> Result<(Self, Vec<String>), serde_json::Error> {
        let kept: BTreeMap<String, serde_json::Value> = serde_json::from_str(json)?;
        let (mut switches, mut strange) = (Self::default(), Vec::new());
        for (key, value) in kept {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let Err(error) = switches.set(&key, &text) else { continue };
            match &error {
                SwitchError::Unknown(_) => strange.push(format!("{error}: it was left out")),
                SwitchError::Value { .. } => strange.push(format!("{error}: it is as by default")),
                SwitchError::Range { range, found, .. } => {
                    let nearest = if found < range.start() { range.start() } else { range.end() };
                    strange.push(format!("{error}: it is {nearest} now"));
                    // The end of a range is in it.
                    let _ = switches.set(&key, &nearest.to_string());
                }
            }
        }
        Ok((switches, strange))
    }

    /// Those of these that were turned away from their default, over the ones that were `kept`:
    /// what a start asks for goes before what the state remembers.
    #[must_use]
    pub fn over(&self, mut kept: Self) -> Self {
        for info in SWITCHES {
            if let Some(value) = self.show(info.key).filter(|value| *value != (info.default)()) {
                // A value that is shown can be set.
                let _ = kept.set(info.key, &value);
            }
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_switch_is_documented_and_can_be_set() {
        let mut seen = BTreeSet::new();
        for info in SWITCHES {
            assert!(seen.insert(info.key), "{}", info.key);
            assert!(info.source.starts_with("relay.md §"), "{}", info.key);
            assert!(!info.reason.ja.is_empty() && !info.title.en.is_empty(), "{}", info.key);
            let default = (info.default)();
            let mut switches = Switches::default();
            assert_eq!(switches.show(info.key).as_deref(), Some(default.as_str()));
            switches.set(info.key, &default).expect("a default can be set");
            assert_eq!(switches, Switches::default(), "{}", info.key);
        }
    }

    #[test]
    fn what_a_start_turns_goes_over_what_was_kept() {
        let asked = Switches { lock_minutes: 7, ..Switches::default() };
        let kept = Switches { lock_minutes: 5, max_files: 3, ..Switches::default() };
        let both = asked.over(kept);
        assert_eq!((both.lock_minutes, both.max_files, both.password_days), (7, 3, 180));
    }

    #[test]
    fn every_number_has_a_range_and_both_its_ends_can_be_set() {
        for info in SWITCHES {
            assert_eq!(info.range.is_some(), info.value_kind == "number", "{}", info.key);
            let Some(range) = info.range else { continue };
            let mut switches = Switches::default();
            for good in [range.start(), range.end()] {
                switches.set(info.key, &good.to_string()).expect("it is in the range");
                assert_eq!(switches.show(info.key), Some(good.to_string()));
            }
            let before = range.start().checked_sub(1);
            for (bad, nearest) in [(before, range.start()), (Some(range.end() + 1), range.end())] {
                let Some(bad) = bad else { continue };
                let error = switches.set(info.key, &bad.to_string()).expect_err("it is beyond");
                let (least, most) = (range.start(), range.end());
                let text = format!("{} is a number from {least} to {most}, not {bad}", info.key);
                assert_eq!(error.to_string(), text);
                let kept = format!(r#"{{"{}": {bad}}}"#, info.key);
                let (kept, strange) = Switches::from_kept(&kept).expect("an object");
                assert_eq!(kept.show(info.key), Some(nearest.to_string()));
                assert_eq!(strange, [format!("{text}: it is {nearest} now")]);
            }
        }
    }

    #[test]
    fn settings_of_any_release_are_read() {
        let json =
            r#"{"password-days": 90, "fee-waiver-until": "none", "receive-unlicensed": false}"#;
        let (switches, strange) = Switches::from_kept(json).expect("an object");
        assert_eq!(strange, [] as [String; 0]);
        assert_eq!(switches.password_days, 90);
        assert_eq!(switches.fee_waiver_until, DateOrNone(None));
        assert!(!switches.receive_unlicensed);
        assert_eq!(switches.lock_minutes, 30);
        let json = r#"{"pasword-days": 1, "max-files": "many", "lock-minutes": 5}"#;
        let (switches, strange) = Switches::from_kept(json).expect("an object");
        assert_eq!((switches.max_files, switches.lock_minutes), (100, 5));
        assert_eq!(
            strange,
            [
                "max-files wants number, not many: it is as by default",
                "there is no switch pasword-days: it was left out",
            ]
        );
        assert!(Switches::from_kept("[]").is_err());
        let kept = serde_json::to_string(&Switches::default()).expect("JSON");
        assert_eq!(Switches::from_kept(&kept).expect("it"), (Switches::default(), Vec::new()));
    }

    #[test]
    fn strange_orders_are_refused() {
        let mut switches = Switches::default();
        assert!(matches!(switches.set("max-files", "many"), Err(SwitchError::Value { .. })));
        assert!(matches!(switches.set("max-fils", "1"), Err(SwitchError::Unknown(_))));
        assert!(matches!(
            switches.set("certificate-years", "7975"),
            Err(SwitchError::Range { .. })
        ));
    }
}
