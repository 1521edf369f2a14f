//! Judging a message: everything that needs no store. Nothing here waits, so it can run on any
//! thread.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bytes::Bytes;
use careplan_certs::Judge;
use careplan_certs::signature::{self, SignatureError};
use careplan_certs::verify::Cause;
use careplan_spec::file_name::{self, FileName, Reading};
use careplan_spec::office_number::OfficeNumber;
use careplan_spec::{StandardVersion, Text, attachment_name, hex, message_limits};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::certificate::refusal_of;
use super::directory::Directory;
use super::message::{Manifest, ManifestFile, SendRequest, SentFile, UnitView};
use super::random::{identifier, sha256_hex};
use super::{archive, content_check};
use crate::clock;
use crate::outcome::{Error, Failure, Refusal, Result};
use crate::refusal;
use crate::store::record::MessageRecord;
use crate::switches::Switches;

/// What a message needs to be judged by, as of one moment.
pub(crate) struct Standing {
    pub(crate) office: OfficeNumber,
    pub(crate) now: Timestamp,
    pub(crate) switches: Arc<Switches>,
    pub(crate) directory: Arc<Directory>,
    pub(crate) judge: Judge,
}

/// A message that may be kept.
pub(crate) struct Judged {
    pub(crate) record: MessageRecord,
    pub(crate) archive: Bytes,
}

/// Sizes and counts (relay.md §9 item 2, Assumed).
pub(crate) fn within_limits(files: &[SentFile], switches: &Switches) -> Result<()> {
    if files.len() > switches.max_files as usize {
        return Err(Refusal::new(&refusal::TOO_MANY_FILES)
            .because(
                format!("{}個あります。最大{}個です。", files.len(), switches.max_files),
                format!("There are {}, {} at most.", files.len(), switches.max_files),
            )
            .into());
    }
    let mut total = 0_u64;
    for file in files {
        let bytes = file.bytes.len() as u64;
        if bytes > switches.max_file_bytes {
            let max = switches.max_file_bytes;
            return Err(Refusal::new(&refusal::FILE_TOO_LARGE)
                .because(
                    format!("「{}」は{bytes}バイトです。最大{max}バイトです。", file.name),
                    format!("{} has {bytes} bytes, {max} at most.", file.name),
                )
                .into());
        }
        total += bytes;
    }
    if total > switches.max_message_bytes {
        let max = switches.max_message_bytes;
        return Err(Refusal::new(&refusal::MESSAGE_TOO_LARGE)
            .because(
                format!("合計{total}バイトです。最大{max}バイトです。"),
                format!("It has {total} bytes, {max} at most."),
            )
            .into());
    }
    Ok(())
}

fn differs(ja: impl Into<String>, en: impl Into<String>) -> Error {
    Refusal::new(&refusal::MANIFEST_DIFFERS).because(ja, en).into()
}

/// Reads the manifest.
pub(crate) fn parse_manifest(bytes: &[u8]) -> Result<Manifest> {
    serde_json::from_slice(bytes).map_err(|error| {
        differs(format!("目録を読み取れません：{error}"), format!("It cannot be read: {error}"))
    })
}

/// Reads the manifest and checks what it says of itself.
pub(crate) fn read_manifest(bytes: &[u8], standing: &Standing) -> Result<Manifest> {
    let manifest = parse_manifest(bytes)?;
    if manifest.version != 1 {
        return Err(differs("目録の版は1です。", "The version of a manifest is 1."));
    }
    if manifest.from != standing.office.as_str() {
        return Err(Refusal::new(&refusal::SENDER_IS_NOT_YOU)
            .because(
                format!("目録の送信元は{}です。", manifest.from),
                format!("The manifest says {}.", manifest.from),
            )
            .into());
    }
    let chars = manifest.text.as_deref().map_or(0, |text| text.chars().count());
    let max = standing.switches.max_text_chars as usize;
    if chars > max {
        return Err(Refusal::new(&refusal::TEXT_TOO_LONG)
            .because(
                format!("{chars}文字です。最大{max}文字です。"),
                format!("It has {chars} characters, {max} at most."),
            )
            .into());
    }
    Ok(manifest)
}

/// What makes two messages the same: receiver, text and files. When the manifest was written does
/// not.
pub(crate) fn digest_of(manifest: &Manifest) -> String {
    let mut hash = Sha256::new();
    let mut part = |text: &str| {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    };
    part(&manifest.to);
    part(manifest.text.as_deref().unwrap_or_default());
    let mut files: Vec<_> =
        manifest.files.iter().map(|file| (&file.name, file.sha256.to_ascii_lowercase())).collect();
    files.sort();
    for (name, sha256) in files {
        part(name);
        part(&sha256);
    }
    hex(&hash.finalize())
}

/// Everything that can be judged without the store. Runs on a thread of its own.
pub(crate) fn judge(
    standing: &Standing,
    manifest: Manifest,
    request: SendRequest,
) -> Result<Judged> {
    compare(&manifest, &request.files)?;
    verify(standing, &request)?;
    for file in &request.files {
        check_name(&file.name)?;
    }
    no_doubles(&request.files)?;
    let addressed = addressed(standing, &manifest, &request.files)?;
    let checked = content_check::check(&request.files, standing.switches.max_findings)?;
    if let Some(refusal) = checked.refusal {
        return Err(refusal.into());
    }
    if addressed.names.is_empty() && !standing.switches.message_without_csv {
        return Err((&refusal::DESTINATION_MISSING).into());
    }
    if standing.switches.one_unit_per_message && checked.units.len() > 1 {
        return Err((&refusal::SEVERAL_UNITS).into());
    }
    keep(standing, manifest, request, &addressed, &checked.units)
}

/// Whether the manifest lists exactly the files that came.
fn compare(manifest: &Manifest, files: &[SentFile]) -> Result<()> {
    if manifest.files.len() != files.len() {
        return Err(differs(
            format!("目録には{}個、送信は{}個です。", manifest.files.len(), files.len()),
            format!("It lists {} files, {} came.", manifest.files.len(), files.len()),
        ));
    }
    let listed: BTreeMap<&str, &ManifestFile> =
        manifest.files.iter().map(|file| (file.name.as_str(), file)).collect();
    for file in files {
        let Some(entry) = listed.get(file.name.as_str()) else {
            return Err(differs(
                format!("「{}」が目録にありません。", file.name),
                format!("{} is not listed.", file.name),
            ));
        };
        let same = entry.size == file.bytes.len() as u64
            && entry.sha256.eq_ignore_ascii_case(&sha256_hex(&file.bytes));
        if !same {
            return Err(differs(
                format!("「{}」の大きさまたはSHA-256が目録と異なります。", file.name),
                format!("Size or SHA-256 of {} differs.", file.name),
            ));
        }
    }
    Ok(())
}

/// Signature, chain, revocation, office (relay.md §2, Stated that data are signed).
fn verify(standing: &Standing, request: &SendRequest) -> Result<()> {
    let Some(bytes) = &request.signature else {
        if standing.switches.signature_required {
            return Err((&refusal::SIGNATURE_MISSING).into());
        }
        return Ok(());
    };
    let signed = signature::verify(&request.manifest, bytes, &standing.judge, standing.now);
    let signed = signed.map_err(|error| {
        let kind = match &error {
            SignatureError::Signer(fault) if fault.cause != Cause::OtherRoot => {
                refusal_of(fault.cause)
            }
            _ => &refusal::SIGNATURE_INVALID,
        };
        let (text, advice) = (error.text(), advice(&error, bytes));
        Refusal::new(kind)
            .because(format!("{}{}", text.ja, advice.ja), format!("{}{}", text.en, advice.en))
    })?;
    if signed.signer.office != Some(standing.office) {
        return Err((&refusal::SIGNER_IS_NOT_YOU).into());
    }
    Ok(())
}

/// What to do about a signature that does not verify, by its cause; with what OpenSSL is told,
/// because most clients are first tried with it.
fn advice(error: &SignatureError, bytes: &[u8]) -> Text {
    let is_text = || {
        [&b"-----BEGIN"[..], b"MIME-Version:", b"Content-Type:"]
            .iter()
            .any(|start| bytes.trim_ascii_start().starts_with(start))
    };
    match error {
        SignatureError::Malformed if is_text() => Text::new(
            "PEMまたはS/MIMEのテキストです。DERで出力してください（openssl cms では -outform DER）。",
            " It is text, PEM or S/MIME: write it in DER (openssl cms: -outform DER).",
        ),
        SignatureError::ContentDiffers => Text::new(
            "目録として送るバイト列そのものに署名してください（openssl cms では -binary を付けます）。",
            " Sign the very bytes that are sent as the manifest (openssl cms: -binary).",
        ),
        SignatureError::NoCertificate => Text::new(
            "署名者の証明書を含めてください（openssl cms では -nocerts を付けません）。",
            " Enclose the signer's certificate (openssl cms: without -nocerts).",
        ),
        SignatureError::Attributes => Text::new(
            "署名属性を付けてください（openssl cms では -noattr を付けません）。",
            " Sign with attributes (openssl cms: without -noattr).",
        ),
        SignatureError::NotOneSigner => Text::new(
            "事業所の電子証明書1つだけで署名してください。",
            " Sign with the one certificate of the office.",
        ),
        SignatureError::Malformed => Text::new(
            "RFC 5652のSignedDataをDERで送ってください（openssl cms -sign -binary -outform DER）。",
            " Send SignedData of RFC 5652 in DER (openssl cms -sign -binary -outform DER).",
        ),
        SignatureError::TooLarge => Text::new(
            "署名者とその認証局の証明書だけを含め、内容は含めないでください（openssl cms では -nodetach を付けません）。",
            " Enclose the signer's certificate and its authority's only, and no content (openssl cms: without -nodetach).",
        ),
        SignatureError::Algorithm => {
            Text::new("openssl cms では -md sha256 を付けます。", " With openssl cms: -md sha256.")
        }
        SignatureError::SignatureDiffers => Text::new(
            "含めた証明書の秘密鍵で署名し、署名のデータを変えずに送ってください。",
            " Sign with the private key of the enclosed certificate, and send the signature unaltered.",
        ),
        SignatureError::Signer(fault) if fault.cause == Cause::OtherRoot => Text::new(
            "このサーバーの電子請求受付システムで発行した証明書で署名してください。",
            " Sign with a certificate issued on this server's billing site.",
        ),
        SignatureError::Signer(_) => Text::new("", ""),
    }
}

/// Whether a file can have this name: it will be a file in a folder of a Windows PC (relay.md §9
/// item 2, Assumed), of one of the seven types (§2, Stated).
fn check_name(name: &str) -> Result<()> {
    if let Some(unusable) = attachment_name::unusable(name) {
        let (shown, why) = (name.escape_debug(), unusable.text());
        return Err(Refusal::new(&refusal::ATTACHMENT_NAME)
            .because(format!("「{shown}」は{}。", why.ja), format!("{shown}: {}.", why.en))
            .into());
    }
    if !message_limits::may_travel(name) {
        return Err(Refusal::new(&refusal::ATTACHMENT_TYPE)
            .because(format!("「{name}」"), name)
            .into());
    }
    Ok(())
}

fn no_doubles(files: &[SentFile]) -> Result<()> {
    let mut seen = BTreeSet::new();
    for file in files {
        if !seen.insert(file.name.to_lowercase()) {
            return Err(Refusal::new(&refusal::DUPLICATE_FILE_NAME)
                .because(format!("「{}」", file.name), file.name.clone())
                .into());
        }
    }
    Ok(())
}

/// To whom a message goes.
struct Addressed {
    to: OfficeNumber,
    /// The names of the standard among the files.
    names: Vec<FileName>,
}

/// The destination stands in the names (relay.md §1.1, Stated), and the manifest says the same.
fn addressed(standing: &Standing, manifest: &Manifest, files: &[SentFile]) -> Result<Addressed> {
    let names: Vec<FileName> = files
        .iter()
        .filter_map(|file| match file_name::read(&file.name) {
            Reading::Standard { name, .. } => Some(name),
            _ => None,
        })
        .collect();
    for name in &names {
        if name.sender.office != *standing.office.as_bytes() {
            return Err(Refusal::new(&refusal::SENDER_IS_NOT_YOU)
                .because(format!("「{}」", name.compose()), name.compose())
                .into());
        }
    }
    let receivers: BTreeSet<_> = names.iter().map(|name| name.receiver.office()).collect();
    if receivers.len() > 1 {
        let all = receivers.into_iter().collect::<Vec<_>>().join(", ");
        return Err(Refusal::new(&refusal::SEVERAL_DESTINATIONS).because(all.clone(), all).into());
    }
    if let Some(receiver) = receivers.first()
        && *receiver != manifest.to
    {
        return Err(differs(
            format!("送信先が目録では{}、ファイル名では{receiver}です。", manifest.to),
            format!("The receiver is {} in the manifest, {receiver} in names.", manifest.to),
        ));
    }
    let switches = &standing.switches;
    let unknown = || {
        Refusal::new(&refusal::DESTINATION_UNKNOWN)
            .because(manifest.to.clone(), manifest.to.clone())
    };
    let to = OfficeNumber::parse(manifest.to.as_bytes()).ok_or_else(unknown)?;
    if to == standing.office && !switches.same_office_allowed {
        return Err((&refusal::SAME_OFFICE).into());
    }
    let receiver = standing.directory.find(&to).ok_or_else(unknown)?;
    if switches.destination_licensed && !receiver.may_use_on(clock::date_of(standing.now), switches)
    {
        return Err(Refusal::new(&refusal::DESTINATION_UNLICENSED)
            .because(
                format!("{}（{}）", receiver.name, receiver.number),
                receiver.number.to_string(),
            )
            .into());
    }
    if !switches.version3_allowed
        && let Some(name) = names.iter().find(|name| name.version == StandardVersion::V3)
    {
        return Err(Refusal::new(&refusal::VERSION3_REFUSED)
            .because(format!("「{}」", name.compose()), name.compose())
            .into());
    }
    Ok(Addressed { to, names })
}

/// The record and the archive of a message that is taken.
fn keep(
    standing: &Standing,
    manifest: Manifest,
    request: SendRequest,
    addressed: &Addressed,
    units: &[UnitView],
) -> Result<Judged> {
    let text = manifest.text.as_deref().filter(|text| !text.is_empty());
    let archive =
        archive::build(&request.files, &request.manifest, request.signature.as_deref(), text)?;
    let sender = standing.directory.find(&standing.office).ok_or(&refusal::OFFICE_UNKNOWN)?;
    let receiver = standing.directory.find(&addressed.to).ok_or(&refusal::DESTINATION_UNKNOWN)?;
    let kinds: BTreeSet<&str> =
        addressed.names.iter().filter_map(|name| name.receiver.service_kind()).collect();
    let mut search =
        format!("{} {}\n{} {}", sender.number, sender.name, receiver.number, receiver.name);
    for file in &request.files {
        search.push('\n');
        search.push_str(&file.name);
    }
    let json = |error: serde_json::Error| Failure::Task(error.to_string());
    let record = MessageRecord {
        id: identifier(standing.now.as_millisecond())?,
        sender: sender.number.to_string(),
        sender_name: sender.name.clone(),
        sender_kind: addressed
            .names
            .iter()
            .find_map(|name| name.sender.service_kind())
            .map(str::to_owned),
        receiver: receiver.number.to_string(),
        receiver_name: receiver.name.clone(),
        receiver_kinds: kinds.into_iter().collect::<Vec<_>>().join(" "),
        key: request.key,
        digest: digest_of(&manifest),
        sent_at: standing.now,
        units: serde_json::to_string(units).map_err(json)?,
        files: serde_json::to_string(&manifest.files).map_err(json)?,
        file_count: u32::try_from(request.files.len()).unwrap_or(u32::MAX),
        bytes: request.files.iter().map(|file| file.bytes.len() as u64).sum(),
        has_text: text.is_some(),
        archive_sha256: sha256_hex(&archive),
        archive_bytes: archive.len() as u64,
        search: search.to_lowercase(),
        claimed_at: None,
        download_id: None,
        download_until: None,
        confirmed_at: None,
        claim_salt: None,
    };
    Ok(Judged { record, archive: archive.into() })
}
