//! The authority, its files and its judge, together.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::net::IpAddr;

use careplan_certs::{
    Authority, Cause, Installed, Issued, Judge, KeyKind, Kind, Request, Revoked, SavedAuthority,
    Serial, Wrong,
    inspect::{CertificateFacts, Usage},
    issue::authority::AuthorityError,
    package::{self, Encryption, OpenError, PackError},
    verify::JudgeError,
};
use careplan_spec::office_number::OfficeNumber;
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;

fn office() -> OfficeNumber {
    OfficeNumber::with_check_digit("137000000").unwrap()
}

fn other_office() -> OfficeNumber {
    OfficeNumber::with_check_digit("137000001").unwrap()
}

/// 2025-06-24 12:00 in Tokyo.
fn now() -> Timestamp {
    "2025-06-24T03:00:00Z".parse().unwrap()
}

fn issued(authority: &Authority) -> Issued {
    authority.issue(&Request::new(office(), Kind::CarePlanJigyousho, now())).unwrap()
}

#[test]
fn an_office_certificate_says_what_the_guides_say() {
    let authority = Authority::generate(now()).unwrap();
    let next = authority.next_serial();
    let issued = issued(&authority);
    let facts = CertificateFacts::from_der(&issued.certificate).unwrap();
    assert_eq!(facts.office, Some(office()));
    assert_eq!(facts.kind, Some(Kind::CarePlanJigyousho));
    assert_eq!(facts.common_name.as_deref(), Some("CarePlanJigyousho"));
    assert_eq!(facts.issuer_common_name.as_deref(), Some("TEST e-seikyuuCA"));
    assert!(facts.subject.starts_with("C=JP, O=TEST careplan-testbed, OU=TEST"), "{facts:?}");
    assert_eq!((facts.serial, issued.serial), (next, next));
    assert_eq!(facts.not_before, "2025-06-24T00:00:00+09:00".parse().unwrap());
    assert_eq!(facts.not_after, "2028-06-24T23:59:59+09:00".parse().unwrap());
    assert_eq!(facts.usages, [Usage::ClientAuth, Usage::EmailProtection]);
    assert!(facts.is_test && !facts.is_authority);
    assert_eq!(facts.fingerprint().len(), 32 * 3 - 1);
}

#[test]
fn serial_numbers_are_counted_or_given() {
    let authority = Authority::generate(now()).unwrap();
    let first = issued(&authority).serial.to_u64().unwrap();
    assert_eq!(issued(&authority).serial, Serial::from(first + 1));
    let mut request = Request::new(office(), Kind::KaigoJigyousho, now());
    request.serial = Some(Serial::from(4_000_000_000));
    assert_eq!(authority.issue(&request).unwrap().serial, Serial::from(4_000_000_000));
    assert_eq!(issued(&authority).serial, Serial::from(4_000_000_001));
}

#[test]
fn file_names_are_the_day_and_the_serial_number() {
    let name = package::file_name(now(), Serial::from(136));
    assert_eq!(name, "202506240000000136.p12");
    // 23:30 UTC is the next day in Tokyo.
    let late = "2025-06-23T23:30:00Z".parse().unwrap();
    assert_eq!(package::file_name(late, Serial::from(136)), name);
}

#[test]
fn a_saved_authority_continues() {
    for key in [KeyKind::P256, KeyKind::Rsa2048] {
        let authority = Authority::generate_with(now(), key).unwrap();
        let old = issued(&authority);
        let json = serde_json::to_string(&authority.to_saved()).unwrap();
        let saved: SavedAuthority = serde_json::from_str(&json).unwrap();
        let loaded = Authority::from_saved(&saved).unwrap();
        assert_eq!(loaded.to_saved(), saved);
        assert_eq!(loaded.key_kind(), key);
        assert_eq!(loaded.ca_pem(), authority.ca_pem());
        let new = issued(&loaded);
        assert!(new.serial > old.serial);
        for judge in [Judge::new(&authority), Judge::from_pem(&loaded.ca_pem()).unwrap()] {
            assert!(judge.judge(&old.presented(), now()).is_ok());
            assert!(judge.judge(&new.presented(), now()).is_ok());
        }
        let crl = loaded.crl(&[], now(), now() + 24.hours()).unwrap();
        assert!(Judge::new(&authority).with_crl(&crl).is_ok());
    }
}

#[test]
fn a_saved_authority_must_fit_together() {
    let one = Authority::generate(now()).unwrap().to_saved();
    let two = Authority::generate(now()).unwrap().to_saved();
    let mixed = SavedAuthority { issuing_key: two.issuing_key.clone(), ..one.clone() };
    assert!(matches!(
        Authority::from_saved(&mixed),
        Err(AuthorityError::KeyDoesNotMatch("issuing authority"))
    ));
    let mixed = SavedAuthority {
        root_certificate: two.root_certificate,
        root_key: two.root_key,
        ..one.clone()
    };
    assert!(matches!(Authority::from_saved(&mixed), Err(AuthorityError::NotOfThisRoot)));
    let broken = SavedAuthority { root_certificate: "?".to_owned(), ..one };
    assert!(matches!(Authority::from_saved(&broken), Err(AuthorityError::Unreadable("root"))));
}

#[test]
fn an_authority_not_marked_test_is_refused() {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::default();
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    for (name, organization) in
        [("e-seikyuuCA", "Real"), ("e-seikyuuCA", "TEST"), ("TESTIFY CA", "Real")]
    {
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(rcgen::DnType::OrganizationName, organization);
        params.distinguished_name.push(rcgen::DnType::CommonName, name);
        let certificate = params.self_signed(&key).unwrap().pem();
        let saved = SavedAuthority {
            root_certificate: certificate.clone(),
            root_key: key.serialize_pem(),
            issuing_certificate: certificate,
            issuing_key: key.serialize_pem(),
            next_serial: 1,
        };
        let refused = Authority::from_saved(&saved);
        assert!(matches!(refused, Err(AuthorityError::NotMarkedTest { .. })), "{name}");
    }
}

#[test]
fn files_open_with_their_password_only() {
    let authority = Authority::generate(now()).unwrap();
    for key in [KeyKind::P256, KeyKind::Rsa2048] {
        let request = Request { key, ..Request::new(office(), Kind::KaigoJigyousho, now()) };
        let issued = authority.issue(&request).unwrap();
        for encryption in [Encryption::Aes256, Encryption::TripleDes] {
            for password in ["Passw0rd!", "パスワード１", ""] {
                let file = package::pack(&issued, password, encryption).unwrap();
                let installed = package::open(&file, password).unwrap();
                assert_eq!(installed.chain(), issued.chain());
                assert_eq!(installed.pkcs8(), issued.key.as_slice());
                assert_eq!(installed.facts().office, Some(office()));
                for wrong in ["Passw0rd", "パスワード1", "😀"] {
                    let refused = package::open(&file, wrong);
                    assert_eq!(refused.unwrap_err(), OpenError::WrongPassword, "{wrong}");
                }
            }
        }
        let refused = package::pack(&issued, "😀", Encryption::Aes256);
        assert_eq!(refused, Err(PackError::Password));
    }
}

#[test]
fn what_is_no_certificate_file_is_told_apart() {
    for bytes in [&b""[..], b"hello", b"\x30\x03\x02\x01\x03", b"\xef\xbb\xbf0\x80", b"PK\x03\x04"]
    {
        assert_eq!(package::open(bytes, "x").unwrap_err(), OpenError::NotPkcs12);
        assert_eq!(package::open(bytes, "😀").unwrap_err(), OpenError::NotPkcs12);
    }
    let authority = Authority::generate(now()).unwrap();
    let (one, two) = (issued(&authority), issued(&authority));
    let error = |certificates, key: &[u8]| Installed::new(certificates, key).unwrap_err();
    assert_eq!(error(vec![], &one.key), OpenError::NoCertificate);
    assert_eq!(error(two.chain(), &one.key), OpenError::KeyOfAnother);
    assert_eq!(error(one.chain(), b"key"), OpenError::UnknownKey);
    // Order and strangers do not matter.
    let mut all = [two.chain(), one.chain()].concat();
    all.reverse();
    assert_eq!(Installed::new(all, &one.key).unwrap().chain(), one.chain());
    // A store with certificates but no key, and one with a key but no certificate.
    let certificate = p12_keystore::Certificate::from_der(&one.certificate).unwrap();
    let mut store = p12_keystore::KeyStore::new();
    store.add_entry("a", p12_keystore::KeyStoreEntry::Certificate(certificate));
    let file = store.writer("p").write().unwrap();
    assert_eq!(package::open(&file, "p").unwrap_err(), OpenError::NoKey);
    let key = p12_keystore::PrivateKey::from_der(&one.key).unwrap();
    let chain = p12_keystore::PrivateKeyChain::new("1", key, []);
    let mut store = p12_keystore::KeyStore::new();
    store.add_entry("a", p12_keystore::KeyStoreEntry::PrivateKeyChain(chain));
    let file = store.writer("p").write().unwrap();
    assert_eq!(package::open(&file, "p").unwrap_err(), OpenError::NoCertificate);
}

#[test]
fn every_wrong_certificate_is_refused_for_its_own_cause() {
    for key in [KeyKind::P256, KeyKind::Rsa2048] {
        let authority = Authority::generate_with(now(), key).unwrap();
        let judge = Judge::new(&authority);
        for wrong in Wrong::ALL {
            assert_eq!(Wrong::from_id(wrong.id()), Some(wrong));
            let issued = authority.issue_wrong(wrong, office(), other_office(), now()).unwrap();
            let judge = if wrong.needs_revocation() {
                assert!(judge.judge_for(office(), &issued.presented(), now()).is_ok());
                judge.with_revoked(&[Revoked { serial: issued.serial, at: now() }])
            } else {
                judge.clone()
            };
            // A chain from TLS, one with the root, and the certificate alone; twice, since the
            // first answer is remembered.
            let chains = [issued.presented(), issued.chain(), vec![issued.certificate.clone()]];
            for chain in chains.iter().chain(&chains) {
                let fault = judge.judge_for(office(), chain, now()).unwrap_err();
                assert_eq!(fault.cause, wrong.cause(), "{wrong:?}");
                let facts = fault.facts.expect("it could be read");
                assert!(facts.is_test, "{wrong:?}");
                assert_eq!(facts.issuer_common_name.as_deref(), Some("TEST e-seikyuuCA"));
            }
            // Each can be installed.
            let file = package::pack(&issued, "p", Encryption::Aes256).unwrap();
            assert!(package::open(&file, "p").is_ok());
        }
    }
}

#[test]
fn nothing_and_nonsense_are_told_apart() {
    let authority = Authority::generate(now()).unwrap();
    let judge = Judge::new(&authority);
    let cause = |chain: &[_]| judge.judge(chain, now()).unwrap_err().cause;
    assert_eq!(cause(&[]), Cause::NoCertificate);
    assert_eq!(cause(&[b"nonsense".to_vec().into()]), Cause::Malformed);
    assert_eq!(cause(&[authority.issuing().clone()]), Cause::WrongUsage);
    let server = authority.issue_server(&[], &[], now()).unwrap();
    assert_eq!(cause(&server.presented()), Cause::WrongUsage);
    for (place, cause) in Cause::ALL.into_iter().enumerate() {
        assert!(Cause::ALL[..place].iter().all(|other| other.id() != cause.id()));
    }
}

#[test]
fn the_root_alone_is_enough_when_the_chain_is_presented() {
    let authority = Authority::generate(now()).unwrap();
    let pem = authority.ca_pem();
    let root = &pem[pem.rfind("-----BEGIN").unwrap()..];
    let judge = Judge::from_pem(root).unwrap();
    let issued = issued(&authority);
    let alone = judge.judge(&issued.chain()[..1], now()).unwrap_err();
    assert_eq!(alone.cause, Cause::OtherRoot);
    assert!(judge.judge(&issued.presented(), now()).is_ok());
    assert!(matches!(Judge::from_pem(""), Err(JudgeError::NoAuthority)));
}

#[test]
fn validity_includes_its_first_and_last_second() {
    let authority = Authority::generate(now()).unwrap();
    let judge = Judge::new(&authority);
    let issued = issued(&authority);
    let facts = CertificateFacts::from_der(&issued.certificate).unwrap();
    let cause = |at| judge.judge(&issued.presented(), at).err().map(|fault| fault.cause);
    assert_eq!(cause(facts.not_before - 1.second()), Some(Cause::NotYetValid));
    assert_eq!(cause(facts.not_before), None);
    assert_eq!(cause(facts.not_after), None);
    assert_eq!(cause(facts.not_after + 1.second()), Some(Cause::Expired));
}

#[test]
fn the_revocation_list_says_the_same_as_the_register() {
    let authority = Authority::generate(now()).unwrap();
    let (one, two) = (issued(&authority), issued(&authority));
    let list = [Revoked { serial: one.serial, at: now() }];
    let crl = authority.crl(&list, now(), now() + 24.hours()).unwrap();
    let plain = Judge::new(&authority);
    for judge in [plain.with_revoked(&list), plain.with_crl(&crl).unwrap()] {
        let fault = judge.judge(&one.presented(), now()).unwrap_err();
        assert_eq!(fault.cause, Cause::Revoked);
        assert!(judge.judge(&two.presented(), now()).is_ok());
        // What was signed before the revocation stays good.
        assert!(judge.judge(&one.presented(), now() - 1.second()).is_ok());
        // The list replaces, it does not add.
        assert!(judge.with_revoked(&[]).judge(&one.presented(), now()).is_ok());
    }
    let impostor = Authority::generate(now()).unwrap();
    let forged = impostor.crl(&list, now(), now() + 24.hours()).unwrap();
    assert_eq!(plain.with_crl(&forged).unwrap_err(), JudgeError::CrlOfAnother);
    assert_eq!(plain.with_crl(b"crl").unwrap_err(), JudgeError::MalformedCrl);
    assert!(authority.crl(&list, now(), now()).is_err());
}

#[test]
fn server_certificates_name_their_hosts() {
    let authority = Authority::generate(now()).unwrap();
    let address = IpAddr::from([192, 168, 0, 10]);
    let names = ["relay.example.jp", "localhost"];
    let server = authority.issue_server(&names, &[address], now()).unwrap();
    let end = webpki::EndEntityCert::try_from(&server.certificate).unwrap();
    for name in ["localhost", "relay.example.jp", "127.0.0.1", "::1", "192.168.0.10"] {
        let name = rustls_pki_types::ServerName::try_from(name).unwrap();
        assert!(end.verify_is_valid_for_subject_name(&name).is_ok(), "{name:?}");
    }
    let elsewhere = rustls_pki_types::ServerName::try_from("example.jp").unwrap();
    assert!(end.verify_is_valid_for_subject_name(&elsewhere).is_err());
    let facts = CertificateFacts::from_der(&server.certificate).unwrap();
    assert_eq!(facts.usages, [Usage::ServerAuth]);
    assert!(facts.is_test && facts.is_valid_at(now()));
    // Two authorities never give the same number to a server.
    let other = authority.issue_server(&names, &[address], now()).unwrap();
    assert_ne!(server.serial, other.serial);
    let refused = authority.issue_server(&["日本 語"], &[], now());
    assert!(matches!(refused, Err(AuthorityError::NotAHostName(_))));
}

#[test]
fn a_certificate_must_end_after_it_begins() {
    let authority = Authority::generate(now()).unwrap();
    let mut request = Request::new(office(), Kind::CarePlanJigyousho, now());
    request.not_after = request.not_before;
    let refused = authority.issue(&request);
    assert!(matches!(refused, Err(AuthorityError::EndsBeforeItBegins)));
}

#[test]
fn a_leap_day_ends_on_the_last_of_february() {
    let leap_day = "2028-02-29T03:00:00Z".parse().unwrap();
    let request = Request::new(office(), Kind::CarePlanJigyousho, leap_day);
    assert_eq!(request.not_after, "2031-02-28T23:59:59+09:00".parse().unwrap());
}

#[test]
fn secrets_do_not_show_in_debug_output() {
    let authority = Authority::generate(now()).unwrap();
    let issued = issued(&authority);
    let installed = Installed::try_from(&issued).unwrap();
    let shown = format!("{authority:?} {:?} {issued:?} {installed:?}", authority.to_saved());
    assert!(!shown.contains("PRIVATE"), "{shown}");
    assert!(shown.len() < 4_000, "{shown}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn damaged_certificates_never_pass_and_never_panic(
        place in any::<proptest::sample::Index>(),
        flip in 1..=255_u8,
    ) {
        let authority = Authority::generate(now()).unwrap();
        let judge = Judge::new(&authority);
        let mut der = issued(&authority).certificate.to_vec();
        let place = place.index(der.len());
        der[place] ^= flip;
        let _ = CertificateFacts::from_der(&der);
        prop_assert!(judge.judge(&[der.into()], now()).is_err());
    }

    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(CertificateFacts::from_der(&bytes).is_err());
        prop_assert!(package::open(&bytes, "p").is_err());
    }

    #[test]
    fn damaged_files_never_panic(
        place in any::<proptest::sample::Index>(),
        flip in 1..=255_u8,
    ) {
        let authority = Authority::generate(now()).unwrap();
        let mut file = package::pack(&issued(&authority), "p", Encryption::Aes256).unwrap();
        let place = place.index(file.len());
        file[place] ^= flip;
        let _ = package::open(&file, "p");
    }
}
