//! The answers as the API description shows them.
//!
//! The domain writes its own values; these types only describe them. A test compares what is
//! served with what is described, member by member, so that they cannot drift apart.
#![allow(dead_code, reason = "described, never made")]

use utoipa::ToSchema;

/// Number and name of an office.
#[derive(ToSchema)]
pub struct OfficeRef {
    /// Office number.
    #[schema(example = "1370000010")]
    number: String,
    /// Its name.
    name: String,
}

/// An office in the directory.
#[derive(ToSchema)]
pub struct Office {
    /// Office number.
    number: String,
    /// Its name.
    name: String,
    /// Service kinds, its main one first, two characters each.
    service_kinds: Vec<String>,
    /// Whether it can be sent to now.
    uses_system: bool,
}

/// A finding of the checker. Personal values are masked.
#[derive(ToSchema)]
pub struct Finding {
    /// Code of the rule; `careplan-conformance explain <code>` tells all about it.
    #[schema(example = "F012")]
    rule: String,
    /// `error`.
    severity: String,
    /// Name of the file; null for a finding about the combination.
    file: Option<String>,
    /// Record, 1-based; null for the whole file.
    record: Option<u32>,
    /// Number of the field, 1-based.
    field_number: Option<u32>,
    /// Official name of the field.
    field_name: Option<String>,
    /// What is wrong, Japanese.
    message: String,
    /// English.
    message_en: String,
    /// What to do, Japanese.
    fix: String,
    /// English.
    fix_en: String,
    /// The clause of the standard.
    clause: String,
}

/// What everybody may know about the test authority.
#[derive(ToSchema)]
pub struct Authority {
    /// Its certificate, PEM.
    ca_pem: String,
    /// The revocation list, DER, base64.
    crl_der_base64: String,
    /// CN of the issuer.
    issuer: String,
}

/// The first stage of the login is done.
#[derive(ToSchema)]
pub struct TerminalLogin {
    /// To be sent as bearer token in the second stage.
    terminal_token: String,
    /// When the second stage must be done.
    #[schema(format = DateTime)]
    expires_at: String,
}

/// Both stages are done.
#[derive(ToSchema)]
pub struct OfficeLogin {
    /// Opens everything, with the certificate of the login.
    access_token: String,
    /// Gets a new pair; once.
    refresh_token: String,
    /// `Bearer`.
    token_type: String,
    /// When the access token ends.
    #[schema(format = DateTime)]
    expires_at: String,
    /// When the refresh token ends.
    #[schema(format = DateTime)]
    refresh_expires_at: String,
    /// The office.
    office: OfficeRef,
}

/// システム稼働, システム更新.
#[derive(ToSchema)]
pub struct System {
    /// Whether it runs.
    running: bool,
    /// As the screen says it.
    text: String,
    /// English.
    text_en: String,
    /// システム更新.
    #[schema(format = Date)]
    updated_on: String,
}

/// Where a licence stands.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum LicenceState {
    /// Never applied for.
    None,
    /// Applied for; the first charge has not come yet.
    Applied,
    /// In force.
    Active,
    /// Past its end.
    Expired,
}

/// The licence panel of the top page.
#[derive(ToSchema)]
pub struct LicencePanel {
    /// State.
    state: LicenceState,
    /// Last day of the term; null before the first charge.
    #[schema(format = Date)]
    valid_until: Option<String>,
    /// What is left to pay; null before the first charge.
    balance_yen: Option<u32>,
    /// Whether it renews by itself; null for those that are renewed by hand.
    auto_renewal: Option<bool>,
    /// Whether the term is a free pass.
    free_pass: bool,
    /// 有効期限 as the screen shows it: `-` or `2027/05/31`.
    valid_until_shown: String,
    /// 残高 as the screen shows it.
    balance_shown: String,
}

/// The two kinds of certificate the relay accepts.
#[derive(ToSchema)]
pub enum CertificateKind {
    /// 介護DX証明書, free.
    CarePlanJigyousho,
    /// 介護保険証明書, 13,200 yen.
    KaigoJigyousho,
}

/// The certificate of the login.
#[derive(ToSchema)]
pub struct CertificatePanel {
    /// Serial number, decimal.
    serial: String,
    /// Kind.
    kind: CertificateKind,
    /// Start of validity.
    #[schema(format = DateTime)]
    not_before: String,
    /// End of validity.
    #[schema(format = DateTime)]
    not_after: String,
    /// First day on which it can be renewed.
    #[schema(format = Date)]
    renewable_from: String,
}

/// What a notice is about.
#[derive(ToSchema)]
#[schema(rename_all = "kebab-case")]
pub enum NoticeCategory {
    /// 証明書.
    Certificate,
    /// ライセンス.
    Licence,
    /// パスワード.
    Password,
    /// システム.
    System,
}

/// A row of お知らせ一覧.
#[derive(ToSchema)]
pub struct NoticeRow {
    /// Identifier.
    id: String,
    /// Category.
    category: NoticeCategory,
    /// 件名.
    title: String,
    /// English.
    title_en: String,
    /// 詳細（抜粋）.
    excerpt: String,
    /// When it was published.
    #[schema(format = DateTime)]
    published_at: String,
    /// Whether it was not opened yet.
    unread: bool,
}

/// A notice.
#[derive(ToSchema)]
pub struct Notice {
    /// Identifier.
    id: String,
    /// Category.
    category: NoticeCategory,
    /// 件名.
    title: String,
    /// English.
    title_en: String,
    /// Body.
    body: String,
    /// English.
    body_en: String,
    /// When it was published.
    #[schema(format = DateTime)]
    published_at: String,
}

/// Notices.
#[derive(ToSchema)]
pub struct NoticeList {
    /// The newest first.
    items: Vec<NoticeRow>,
}

/// Top page of the client.
#[derive(ToSchema)]
pub struct TopPage {
    /// The system.
    system: System,
    /// The office.
    office: OfficeRef,
    /// Its licence.
    licence: LicencePanel,
    /// The certificate in use.
    certificate: CertificatePanel,
    /// Messages nobody has fetched yet.
    unfetched: u64,
    /// Notices, the newest first.
    notices: Vec<NoticeRow>,
}

/// A file in a manifest.
#[derive(ToSchema)]
pub struct ManifestFile {
    /// Name.
    #[schema(example = "UPPLAN_202611_1370000010_43_1370000028_11_20261121100000.CSV")]
    name: String,
    /// Size in bytes.
    size: u64,
    /// SHA-256, lower-case hex.
    sha256: String,
}

/// The manifest: these bytes are signed exactly as they are sent.
#[derive(ToSchema)]
pub struct Manifest {
    /// 1.
    version: u32,
    /// Office number of the sender.
    from: String,
    /// Office number of the receiver.
    to: String,
    /// When it was made, by the sender's clock.
    #[schema(format = DateTime)]
    created_at: String,
    /// The message to the reader.
    text: Option<String>,
    /// The files, in the order they are sent.
    files: Vec<ManifestFile>,
}

/// A message to be sent, as `multipart/form-data`, its parts in this order.
#[derive(ToSchema)]
pub struct MessageForm {
    /// The manifest, `application/json`.
    manifest: Manifest,
    /// Detached CMS signature over the exact bytes of `manifest`: DER,
    /// `application/pkcs7-signature`.
    #[schema(format = Binary, content_media_type = "application/pkcs7-signature")]
    signature: String,
    /// The files, in the order of the manifest, each with its `filename`.
    #[schema(content_media_type = "application/octet-stream")]
    file: Vec<String>,
}

/// Receiver of a message.
#[derive(ToSchema)]
pub struct Destination {
    /// Office number.
    number: String,
    /// Name.
    name: String,
    /// Service kinds it is addressed under.
    service_kinds: Vec<String>,
}

/// A message was taken.
#[derive(ToSchema)]
pub struct Sent {
    /// Its identifier.
    id: String,
    /// When it was taken.
    #[schema(format = DateTime)]
    sent_at: String,
    /// The receiver.
    to: Destination,
    /// Number of files.
    files: u32,
    /// Bytes of the files together.
    bytes: u64,
    /// Whether the same message had been taken before under this key.
    repeated: bool,
}

/// The other office in a list.
#[derive(ToSchema)]
pub struct Partner {
    /// Office number.
    number: String,
    /// Name, as it was when the message was taken.
    name: String,
    /// Service kind in the file names; null in version 3.
    service_kind: Option<String>,
}

/// A send unit in a message.
#[derive(ToSchema)]
pub struct Unit {
    /// Identifier of the send unit.
    #[schema(example = "K2")]
    unit: String,
    /// Its sequence.
    #[schema(example = "20261121100000")]
    sequence: String,
    /// Service month, `YYYYMM`, where its files have one.
    service_month: Option<String>,
}

/// データ取得状況 of the receiver.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum InboxState {
    /// Nobody has fetched it.
    Unfetched,
    /// Fetched: 済.
    Fetched,
}

/// ダウンロード状況 the sender sees.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum OutboxState {
    /// 未ダウンロード.
    NotDownloaded,
    /// ダウンロード済.
    Downloaded,
}

/// A row of 受信一覧.
#[derive(ToSchema)]
pub struct InboxItem {
    /// Identifier.
    id: String,
    /// 受信日時.
    #[schema(format = DateTime)]
    received_at: String,
    /// 送信元事業所.
    from: Partner,
    /// Send units.
    units: Vec<Unit>,
    /// Number of files.
    files: u32,
    /// Bytes of the files together.
    bytes: u64,
    /// Whether there is a text.
    has_text: bool,
    /// データ取得状況.
    state: InboxState,
    /// As the screen shows it: empty or `済`.
    state_shown: String,
    /// When it was fetched.
    #[schema(format = DateTime)]
    fetched_at: Option<String>,
}

/// A row of 送信一覧.
#[derive(ToSchema)]
pub struct OutboxItem {
    /// Identifier.
    id: String,
    /// 送信日時.
    #[schema(format = DateTime)]
    sent_at: String,
    /// 送信先事業所.
    to: Partner,
    /// Send units.
    units: Vec<Unit>,
    /// Number of files.
    files: u32,
    /// Bytes of the files together.
    bytes: u64,
    /// Whether there is a text.
    has_text: bool,
    /// ダウンロード状況.
    state: OutboxState,
    /// As the screen shows it: `未ダウンロード` or `ダウンロード済`.
    state_shown: String,
    /// When the receiver fetched it.
    #[schema(format = DateTime)]
    downloaded_at: Option<String>,
}

/// A page of 受信一覧.
#[derive(ToSchema)]
pub struct InboxPage {
    /// The rows.
    items: Vec<InboxItem>,
    /// Page, 1-based.
    page: u32,
    /// Rows of a page.
    per_page: u32,
    /// Rows on all pages.
    total: u64,
}

/// A page of 送信一覧.
#[derive(ToSchema)]
pub struct OutboxPage {
    /// The rows.
    items: Vec<OutboxItem>,
    /// Page, 1-based.
    page: u32,
    /// Rows of a page.
    per_page: u32,
    /// Rows on all pages.
    total: u64,
}

/// A row of 受信一覧 with its files.
#[derive(ToSchema)]
pub struct InboxDetail {
    /// The row.
    #[serde(flatten)]
    item: InboxItem,
    /// The files as the sender's manifest lists them.
    manifest_files: Vec<ManifestFile>,
}

/// A row of 送信一覧 with its files.
#[derive(ToSchema)]
pub struct OutboxDetail {
    /// The row.
    #[serde(flatten)]
    item: OutboxItem,
    /// The files as the manifest lists them.
    manifest_files: Vec<ManifestFile>,
}

/// This request won; the message is 済 from now on.
#[derive(ToSchema)]
pub struct Claim {
    /// Opens the download until it is confirmed or `expires_at`.
    download_token: String,
    /// `<id>.zip`.
    file_name: String,
    /// Bytes of the archive.
    size: u64,
    /// SHA-256 of the archive, lower-case hex.
    sha256: String,
    /// When the download ends.
    #[schema(format = DateTime)]
    expires_at: String,
}

/// A login on the sites.
#[derive(ToSchema)]
pub struct PortalLogin {
    /// To be sent as bearer token.
    portal_token: String,
    /// When it ends.
    #[schema(format = DateTime)]
    expires_at: String,
    /// Whether the password must be changed before anything else.
    must_change_password: bool,
    /// The office.
    office: OfficeRef,
}

/// The c-ID of an office.
#[derive(ToSchema)]
pub struct TerminalAccount {
    /// The ID that starts with `c`.
    user_id: String,
    /// Its password.
    password: String,
}

/// A password the system issued.
#[derive(ToSchema)]
pub struct IssuedPassword {
    /// 証明書発行用パスワード.
    password: String,
}

/// A code was mailed.
#[derive(ToSchema)]
pub struct MailCode {
    /// When the code ends.
    #[schema(format = DateTime)]
    code_expires_at: String,
}

/// Where a certificate stands.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum CertificateState {
    /// Applied for.
    Pending,
    /// Issued, and its .p12 can be fetched.
    Issued,
    /// Issued, but its .p12 can no longer be installed.
    Withdrawn,
    /// Revoked.
    Revoked,
    /// Past its end.
    Expired,
}

/// A row of the certificate history.
#[derive(ToSchema)]
pub struct CertificateRow {
    /// Identifier of the application.
    id: String,
    /// Kind.
    kind: CertificateKind,
    /// 発行申請日.
    #[schema(format = Date)]
    applied_on: String,
    /// 有効開始; null while it is pending.
    #[schema(format = DateTime)]
    not_before: Option<String>,
    /// 有効終了.
    #[schema(format = DateTime)]
    not_after: Option<String>,
    /// State.
    state: CertificateState,
    /// 状況 as the screen says it.
    state_shown: String,
    /// 発行手数料残高.
    fee_balance_yen: u32,
    /// Name of the .p12.
    file_name: Option<String>,
    /// Serial number, decimal.
    serial: Option<String>,
}

/// The certificates of an office.
#[derive(ToSchema)]
pub struct CertificateList {
    /// The newest first.
    items: Vec<CertificateRow>,
}

/// Licence or free pass.
#[derive(ToSchema)]
#[schema(rename_all = "kebab-case")]
pub enum LicenceKind {
    /// ライセンス (本利用).
    Licence,
    /// フリーパス.
    FreePass,
}

/// One term of a licence.
#[derive(ToSchema)]
pub struct Term {
    /// Licence or free pass.
    kind: LicenceKind,
    /// First day.
    #[schema(format = Date)]
    term_from: String,
    /// Last day.
    #[schema(format = Date)]
    term_to: String,
    /// What it costs.
    fee_yen: u32,
    /// Day of the charge; null before, and for a free pass.
    #[schema(format = Date)]
    charged_on: Option<String>,
}

/// The form of an application for a licence.
#[derive(ToSchema)]
pub struct LicenceForm {
    /// 事業所名.
    office_name: String,
    /// 代表者氏名.
    representative: String,
    /// 担当者氏名.
    contact: String,
    /// 電話番号, digits only.
    phone: String,
    /// Mail address.
    mail: String,
    /// Mail address once more.
    mail_again: String,
}

/// The licence page.
#[derive(ToSchema)]
pub struct Licence {
    /// The panel.
    #[serde(flatten)]
    panel: LicencePanel,
    /// State in words.
    state_shown: String,
    /// Day of the application the current or last term comes from.
    #[schema(format = Date)]
    applied_on: Option<String>,
    /// First day of the current or last term.
    #[schema(format = Date)]
    term_from: Option<String>,
    /// Last day of it.
    #[schema(format = Date)]
    term_to: Option<String>,
    /// Every term, newest first.
    history: Vec<Term>,
    /// Whether a licence can be applied for.
    can_apply: bool,
    /// Whether a free pass can be applied for.
    can_apply_free_pass: bool,
    /// What was applied for last.
    form: Option<LicenceForm>,
}

/// An account with everything a trainer needs.
#[derive(ToSchema)]
pub struct Account {
    /// Office number.
    office: String,
    /// Name of the office.
    name: String,
    /// Service kinds.
    service_kinds: Vec<String>,
    /// KJ ID; null where the office has no account.
    kj_id: Option<String>,
    /// 仮パスワード while it is in force, or the documented password of a demo account.
    kj_password: Option<String>,
    /// Whether the password is the temporary one.
    temporary: bool,
    /// When the password expires.
    #[schema(format = DateTime)]
    password_expires_at: Option<String>,
    /// Until when the ID is locked.
    #[schema(format = DateTime)]
    locked_until: Option<String>,
    /// c-ID.
    c_id: Option<String>,
    /// Its password.
    c_password: Option<String>,
    /// 証明書発行用パスワード.
    certificate_password: Option<String>,
    /// Licence.
    licence: LicencePanel,
    /// Certificates, newest first.
    certificates: Vec<CertificateRow>,
}

/// The accounts there are.
#[derive(ToSchema)]
pub struct AccountList {
    /// The scenario they come from.
    scenario: String,
    /// Its seed.
    seed: u64,
    /// Every office.
    items: Vec<Account>,
}

/// A mail the mock shows instead of sending it.
#[derive(ToSchema)]
pub struct Mail {
    /// Identifier.
    id: String,
    /// Office number it belongs to.
    office: String,
    /// Address.
    to: String,
    /// Subject.
    subject: String,
    /// Body.
    body: String,
    /// When it was sent.
    #[schema(format = DateTime)]
    sent_at: String,
}

/// Mails.
#[derive(ToSchema)]
pub struct Mailbox {
    /// The newest first.
    items: Vec<Mail>,
}
