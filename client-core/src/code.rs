//! The codes of refusals and of this client's own errors, for programs.

use std::fmt;

use serde::{Serialize, Serializer};

macro_rules! codes {
    ($($name:ident $code:literal $meaning:literal;)*) => {
        /// What was refused or failed, as a stable word that programs can match.
        ///
        /// The first ones are the relay's (each with its title in English), the last ones, from
        /// [`Code::Refused`] on, are this client's. A relay may know more: they are kept as they are in
        /// [`Code::Other`], and [`Code::as_str`] gives the word in any case.
        ///
        /// ```
        /// use careplan_client_core::Code;
        ///
        /// assert_eq!(Code::from("already-fetched"), Code::AlreadyFetched);
        /// assert_eq!(Code::from("of-tomorrow").as_str(), "of-tomorrow");
        /// ```
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(
                #[doc = concat!("`", $code, "`: ", $meaning)]
                $name,
            )*
            /// A code this client does not know.
            Other(String),
        }

        impl Code {
            /// Every code this client knows.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The word itself.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$name => $code,)*
                    Self::Other(code) => code,
                }
            }
        }

        impl From<&str> for Code {
            fn from(code: &str) -> Self {
                match code {
                    $($code => Self::$name,)*
                    other => Self::Other(other.to_owned()),
                }
            }
        }
    };
}

codes! {
    UserIdMalformed "user-id-malformed" "The user ID does not have the right form.";
    AgentIdRefused "agent-id-refused" "IDs of agents (HD…) cannot be used.";
    UserOrPasswordWrong "user-or-password-wrong" "The user ID or the password is wrong.";
    UserLocked "user-locked" "The user ID is locked.";
    PasswordTemporary "password-temporary" "The password has expired: it is the temporary one.";
    PasswordExpired "password-expired" "The password has expired.";
    PasswordRuleBroken "password-rule-broken" "A password has 8 to 16 letters and digits, with both.";
    PasswordUnchanged "password-unchanged" "The new password is the current one.";
    PasswordChangedMeanwhile "password-changed-meanwhile" "The password was changed by somebody else at the same time.";
    AccountUnknown "account-unknown" "There is no such user ID.";
    OfficeUnknown "office-unknown" "There is no office of this number.";
    FirstStageMissing "first-stage-missing" "The first stage of the login is missing or too old.";
    IdsOfDifferentOffices "ids-of-different-offices" "The two user IDs belong to different offices.";
    TokenUnknown "token-unknown" "Nobody is logged in with this token.";
    TokenExpired "token-expired" "The token has expired.";
    TokenReused "token-reused" "This refresh token was used before. To be safe, the whole login was ended.";
    TokenOfOtherCertificate "token-of-other-certificate" "The token belongs to another certificate.";
    CertificateMissing "certificate-missing" "Install the right certificate: none was presented.";
    CertificateExpired "certificate-expired" "Install the right certificate: this one has expired.";
    CertificateNotYetValid "certificate-not-yet-valid" "Install the right certificate: this one is not valid yet.";
    CertificateRevoked "certificate-revoked" "Install the right certificate: this one was revoked.";
    CertificateOfOtherRoot "certificate-of-other-root" "Install the right certificate: this one was issued by another authority.";
    CertificateWrongUsage "certificate-wrong-usage" "Install the right certificate: this one is not for client authentication.";
    CertificateWrongKind "certificate-wrong-kind" "Install the right certificate: this kind is not accepted.";
    CertificateWithoutOffice "certificate-without-office" "Install the right certificate: this one names no office.";
    CertificateOfOtherOffice "certificate-of-other-office" "Install the right certificate: this one belongs to another office.";
    MailAddressMalformed "mail-address-malformed" "The mail address does not have the right form.";
    MailCodeNotRequested "mail-code-not-requested" "No confirmation code is waiting.";
    MailCodeWrong "mail-code-wrong" "The confirmation code is wrong.";
    MailCodeExpired "mail-code-expired" "The confirmation code has expired.";
    TermsNotAccepted "terms-not-accepted" "The terms must be accepted.";
    CertificatePasswordWrong "certificate-password-wrong" "The certificate issue password is wrong.";
    CertificatePasswordLocked "certificate-password-locked" "The certificate issue password was wrong too often.";
    CertificatePending "certificate-pending" "An application is under way.";
    CertificateUnknown "certificate-unknown" "There is no such certificate.";
    CertificateNotIssued "certificate-not-issued" "The certificate has not been issued yet.";
    CertificateWithdrawn "certificate-withdrawn" "The issue password was re-issued, so this certificate can no longer be installed.";
    CertificateRenewalTooEarly "certificate-renewal-too-early" "A certificate can be renewed from 90 days before its end.";
    LicenceFormIncomplete "licence-form-incomplete" "The application form is not complete.";
    LicenceHeld "licence-held" "There is a licence, or an application, already.";
    FreePassClosed "free-pass-closed" "Applications for the free pass have ended.";
    LicenceNotCancellable "licence-not-cancellable" "A licence cannot be cancelled in its term.";
    LicenceNotHeld "licence-not-held" "There is no licence.";
    LicenceRenewsByHand "licence-renews-by-hand" "Applications before 2025-06-01 are renewed by hand.";
    LicenceNeeded "licence-needed" "The office has no valid licence.";
    FileNameForm "file-name-form" "The form of an attached file's name is wrong. Attach files according to the send units of the standard.";
    FileCombination "file-combination" "The combination of files is not right. Check the combination of CSV files.";
    FileContent "file-content" "The format of the care-plan data is not right. Check the format inside the care-plan data.";
    Version3Refused "version3-refused" "Files of version 3.x are not accepted.";
    SeveralUnits "several-units" "A message may hold one send unit only.";
    DestinationMissing "destination-missing" "There is no CSV file, so the destination is unknown.";
    SeveralDestinations "several-destinations" "The files go to different offices.";
    SenderIsNotYou "sender-is-not-you" "The sender in the file names is not the office logged in.";
    DestinationUnknown "destination-unknown" "The destination is not known.";
    DestinationUnlicensed "destination-unlicensed" "The destination does not use the system.";
    SameOffice "same-office" "An office cannot send to its own number.";
    AttachmentType "attachment-type" "Files of this type cannot be attached.";
    AttachmentName "attachment-name" "The file name is too long or holds characters that cannot be used.";
    DuplicateFileName "duplicate-file-name" "Two files have the same name.";
    TooManyFiles "too-many-files" "There are too many files.";
    FileTooLarge "file-too-large" "A file is too large.";
    MessageTooLarge "message-too-large" "The message is too large.";
    TextTooLong "text-too-long" "The text is too long.";
    IdempotencyKeyMalformed "idempotency-key-malformed" "The idempotency key is missing or malformed.";
    IdempotencyKeyReused "idempotency-key-reused" "The idempotency key was used for a message of other content.";
    SignatureMissing "signature-missing" "The signature is missing.";
    SignatureInvalid "signature-invalid" "The signature does not verify.";
    SignerIsNotYou "signer-is-not-you" "The signer is not the office logged in.";
    ManifestDiffers "manifest-differs" "The manifest does not match the files.";
    MessageUnknown "message-unknown" "There is no such message.";
    AlreadyFetched "already-fetched" "This message was fetched already; it can be fetched only once.";
    StateDamaged "state-damaged" "What the server keeps is damaged.";
    SearchTextTooLong "search-text-too-long" "The text to search for is too long.";
    ListCursorUnknown "list-cursor-unknown" "The place to go on with the list is not one of this list.";
    DownloadTokenUnknown "download-token-unknown" "There is no such download token.";
    DownloadClosed "download-closed" "The download is over.";
    ChecksumDiffers "checksum-differs" "The SHA-256 of what you received differs.";
    RouteUnknown "route-unknown" "There is nothing at this URL.";
    MethodNotAllowed "method-not-allowed" "This URL does not take this method.";
    HostUnknown "host-unknown" "This host name is not served here.";
    HostUnclear "host-unclear" "The request does not name exactly one host.";
    OriginForeign "origin-foreign" "Requests from other sites are not accepted.";
    JsonWanted "json-wanted" "The Content-Type must be application/json.";
    MediaTypeWrong "media-type-wrong" "The Content-Type is not the one wanted.";
    AdminTokenWrong "admin-token-wrong" "The admin token is missing or wrong.";
    AdminTokenTries "admin-token-tries" "The admin token was wrong too often; wait a while.";
    BodyMalformed "body-malformed" "The body of the request cannot be read.";
    QueryMalformed "query-malformed" "A parameter of the URL is wrong.";
    BodyTooLarge "body-too-large" "The body of the request is too large.";
    BodyTooSlow "body-too-slow" "The body of the request does not arrive.";
    RangeUnsatisfiable "range-unsatisfiable" "There are no bytes in this range.";
    FaultOrderWrong "fault-order-wrong" "The fault cannot be armed like this.";
    FaultUnknown "fault-unknown" "There is no fault of this number.";
    ClockOrderWrong "clock-order-wrong" "The clock cannot be set like this.";
    SwitchWrong "switch-wrong" "A switch or its value is wrong.";
    ScenarioUnknown "scenario-unknown" "There is no scenario of this name.";
    SavedStateUnreadable "saved-state-unreadable" "The saved state cannot be read.";
    WrongCertificateUnknown "wrong-certificate-unknown" "There is no such entry in the catalogue of wrong certificates.";
    InjectedFault "injected-fault" "A fault injected for testing.";
    Maintenance "maintenance" "The system is being maintained (simulated for testing).";
    MemoryTaken "memory-taken" "More than can be sent or fetched at once.";
    NotReady "not-ready" "Not ready.";
    NotKept "not-kept" "It could not be written. Nothing of it was kept.";
    InternalError "internal-error" "Something broke inside the server.";
    Refused "refused" "The relay refused without saying why.";
    RefusedInHandshake "refused-in-handshake" "The relay refused the certificate while connecting.";
    NotLoggedIn "not-logged-in" "Nobody is logged in, or the session has ended.";
    PasswordBlank "password-blank" "A password begins or ends with a blank; it was not sent.";
    WrongClock "wrong-clock" "The clock of this computer does not fit a certificate.";
    NoCertificateFile "no-certificate-file" "The folder holds no .p12 file.";
    SeveralCertificateFiles "several-certificate-files" "The folder holds several .p12 files.";
    NoCertificateInstalled "no-certificate-installed" "No certificate is installed on this terminal.";
    CertificateImport "certificate-import" "The PKCS#12 file cannot be imported.";
    CertificateUnusable "certificate-unusable" "The certificate of this terminal cannot be used.";
    BadAuthority "bad-authority" "The authority's certificate cannot be read.";
    NoConnection "no-connection" "The relay cannot be reached.";
    UntrustedRelay "untrusted-relay" "The relay's certificate is not trusted.";
    WrongProtocol "wrong-protocol" "What answers at the relay's address does not speak its protocol.";
    Interrupted "interrupted" "No answer in time, or the connection broke.";
    ServerError "server-error" "The relay failed and does not say why.";
    BadAnswer "bad-answer" "The relay's answer makes no sense.";
    Cancelled "cancelled" "The caller gave it up.";
    SendUnknown "send-unknown" "Whether a message was sent is not known.";
    NotClaimed "not-claimed" "What must be on disk before a message is claimed could not be written.";
    ClaimUnknown "claim-unknown" "Whether a message was claimed is not known.";
    DownloadInterrupted "download-interrupted" "The download is not finished and can go on.";
    TooLarge "too-large" "The message is larger than this terminal takes.";
    DamagedZip "damaged-zip" "What was received is no ZIP, or a damaged one.";
    FileMissing "file-missing" "A file is missing in what was received.";
    FileUnexpected "file-unexpected" "A file was received that the sender did not list.";
    BadManifest "bad-manifest" "The sender's list of files cannot be read.";
    FileDiffers "file-differs" "A file is not the one the sender signed.";
    OtherSigner "other-signer" "Another office than the sender signed.";
    OtherReceiver "other-receiver" "The message is for another office.";
    SignatureTooLarge "signature-too-large" "The sender's signature is too large.";
    SignatureMalformed "signature-malformed" "The sender's signature is no CMS SignedData.";
    SignatureNotOneSigner "signature-not-one-signer" "The sender's signature has not exactly one signer.";
    SignatureNoCertificate "signature-no-certificate" "The sender's signature does not enclose a certificate.";
    SignatureAlgorithm "signature-algorithm" "The algorithms of the sender's signature are not supported.";
    SignatureAttributes "signature-attributes" "The sender's signature lacks signed attributes.";
    SignatureContentDiffers "signature-content-differs" "The list of files is not what the sender signed.";
    SignatureDiffers "signature-differs" "The signature was not made with the signer's key.";
    NoCertificate "no-certificate" "The signer's certificate is not there.";
    Malformed "malformed" "The signer's certificate cannot be read.";
    OtherRoot "other-root" "The signer's certificate is of another authority.";
    WrongUsage "wrong-usage" "The signer's certificate is not made for this.";
    NotYetValid "not-yet-valid" "The signer's certificate was not valid yet.";
    Expired "expired" "The signer's certificate had ended.";
    Revoked "revoked" "The signer's certificate was revoked.";
    WrongKind "wrong-kind" "The signer's certificate is of the wrong kind.";
    WithoutOffice "without-office" "The signer's certificate names no office.";
    OtherOffice "other-office" "The signer's certificate is another office's.";
    LocalCheck "local-check" "The check before sending found errors; nothing was sent.";
    NoFiles "no-files" "There is no file to send.";
    UnreadableFile "unreadable-file" "A file to be sent cannot be read.";
    NoDestination "no-destination" "No file name tells the destination.";
    UnusableName "unusable-name" "A file name cannot be stored on the receiver's computer.";
    SameNameTwice "same-name-twice" "Two files of a message have the same name.";
    ChangedAfterAttempt "changed-after-attempt" "The content changed after a send whose ending is not known.";
    NotFound "not-found" "There is no draft, bulk send or download with this identifier.";
    Busy "busy" "It is being sent, fetched or changed at this moment.";
    TerminalInUse "terminal-in-use" "Another process uses the terminal folder.";
    Io "io" "A file cannot be read or written.";
    DamagedFile "damaged-file" "A file of the terminal folder is damaged.";
    Setting "setting" "A setting or an argument makes no sense.";
    Internal "internal" "A fault of this program.";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl PartialEq<str> for Code {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Code {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_read_as_itself_and_others_are_kept() {
        for code in Code::ALL {
            assert_eq!(Code::from(code.as_str()), *code);
            assert!(!matches!(code, Code::Other(_)));
        }
        assert_eq!(Code::from("of-tomorrow"), Code::Other("of-tomorrow".to_owned()));
        assert_eq!(Code::from("of-tomorrow").to_string(), "of-tomorrow");
    }
}
