//! Signatures made here, checked here.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use careplan_certs::{
    Authority, Cause, Installed, Issued, Judge, KeyKind, Kind, Request, Revoked, Wrong,
    signature::{self, Digest, SignatureError},
};
use careplan_spec::office_number::OfficeNumber;
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;

const CONTENT: &[u8] = b"UP1KYO \x93\xfa\x96\x7b\x8c\xea\r\n";

fn office() -> OfficeNumber {
    OfficeNumber::with_check_digit("137000000").unwrap()
}

fn now() -> Timestamp {
    "2025-06-24T03:00:00Z".parse().unwrap()
}

fn issued(authority: &Authority, key: KeyKind) -> Issued {
    let request = Request { key, ..Request::new(office(), Kind::CarePlanJigyousho, now()) };
    authority.issue(&request).unwrap()
}

#[test]
fn a_signature_names_its_signer() {
    for key in [KeyKind::P256, KeyKind::Rsa2048] {
        let authority = Authority::generate_with(now(), key).unwrap();
        let judge = Judge::new(&authority);
        let issued = issued(&authority, key);
        let installed = Installed::try_from(&issued).unwrap();
        for content in [CONTENT, b""] {
            let bytes = signature::sign(content, &installed, now()).unwrap();
            let found = signature::verify(content, &bytes, &judge, now()).unwrap();
            assert_eq!(found.signer.office, Some(office()));
            assert_eq!(found.signer.serial, issued.serial);
            assert_eq!(found.signed_at, Some(now()));
            assert_eq!(found.digest, Digest::Sha256);
            let refused = signature::verify(b"other", &bytes, &judge, now());
            assert_eq!(refused, Err(SignatureError::ContentDiffers));
        }
    }
}

#[test]
fn a_bad_signer_is_named_with_the_cause() {
    let authority = Authority::generate(now()).unwrap();
    let judge = Judge::new(&authority);
    for wrong in Wrong::ALL {
        let issued = authority.issue_wrong(wrong, office(), office(), now()).unwrap();
        let installed = Installed::try_from(&issued).unwrap();
        let bytes = signature::sign(CONTENT, &installed, now()).unwrap();
        let judge = judge.with_revoked(&[Revoked { serial: issued.serial, at: now() }]);
        let judge = if wrong.needs_revocation() { judge } else { judge.with_revoked(&[]) };
        let result = signature::verify(CONTENT, &bytes, &judge, now());
        match wrong.cause() {
            // Whose signature it must be is for the caller to say.
            Cause::OtherOffice => assert!(result.is_ok()),
            cause => match result {
                Err(SignatureError::Signer(fault)) => assert_eq!(fault.cause, cause),
                other => panic!("{wrong:?}: {other:?}"),
            },
        }
    }
}

#[test]
fn a_signature_stays_good_for_the_time_before_revocation() {
    let authority = Authority::generate(now()).unwrap();
    let issued = issued(&authority, KeyKind::P256);
    let bytes = signature::sign(CONTENT, &Installed::try_from(&issued).unwrap(), now()).unwrap();
    let revoked = Revoked { serial: issued.serial, at: now() + 1.hour() };
    let judge = Judge::new(&authority).with_revoked(&[revoked]);
    assert!(signature::verify(CONTENT, &bytes, &judge, now()).is_ok());
    assert!(signature::verify(CONTENT, &bytes, &judge, now() + 1.hour()).is_err());
}

#[test]
fn signing_times_after_2049_are_written_too() {
    let later: Timestamp = "2051-01-01T00:00:00Z".parse().unwrap();
    let authority = Authority::generate(later).unwrap();
    let request = Request::new(office(), Kind::CarePlanJigyousho, later);
    let installed = Installed::try_from(&authority.issue(&request).unwrap()).unwrap();
    let bytes = signature::sign(CONTENT, &installed, later).unwrap();
    let found = signature::verify(CONTENT, &bytes, &Judge::new(&authority), later).unwrap();
    assert_eq!(found.signed_at, Some(later));
}

#[test]
fn another_signers_key_does_not_pass() {
    let authority = Authority::generate(now()).unwrap();
    let one = issued(&authority, KeyKind::P256);
    let bytes = signature::sign(CONTENT, &Installed::try_from(&one).unwrap(), now()).unwrap();
    // The last bytes are the signature's.
    let mut broken = bytes.clone();
    *broken.last_mut().unwrap() ^= 1;
    let refused = signature::verify(CONTENT, &broken, &Judge::new(&authority), now());
    assert_eq!(refused, Err(SignatureError::SignatureDiffers));
    let refused = signature::verify(CONTENT, &one.certificate, &Judge::new(&authority), now());
    assert_eq!(refused, Err(SignatureError::Malformed));
    let large = vec![0; signature::MAX_BYTES + CONTENT.len() + 1];
    let refused = signature::verify(CONTENT, &large, &Judge::new(&authority), now());
    assert_eq!(refused, Err(SignatureError::TooLarge));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_damaged_signature_never_names_another_signer_or_content(
        place in any::<proptest::sample::Index>(),
        flip in 1..=255_u8,
    ) {
        let authority = Authority::generate(now()).unwrap();
        let installed = Installed::try_from(&issued(&authority, KeyKind::P256)).unwrap();
        let mut bytes = signature::sign(CONTENT, &installed, now()).unwrap();
        let place = place.index(bytes.len());
        bytes[place] ^= flip;
        let judge = Judge::new(&authority);
        prop_assert!(signature::verify(b"other", &bytes, &judge, now()).is_err());
        // Damage to the enclosed authorities or a version number may go unnoticed.
        if let Ok(found) = signature::verify(CONTENT, &bytes, &judge, now()) {
            prop_assert_eq!(&*found.signer, installed.facts());
            prop_assert_eq!(found.signed_at, Some(now()));
        }
    }

    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let authority = Authority::generate(now()).unwrap();
        prop_assert!(signature::verify(CONTENT, &bytes, &Judge::new(&authority), now()).is_err());
    }
}
