//! What every engine must do, whatever it is. A further engine adds one line to `engines!`.

use std::collections::BTreeSet;

use bytes::Bytes;
use careplan_relay::store::record::{
    AccountRecord, CertificateRecord, DueRecord, LicenceRecord, MailCodeRecord, MailRecord,
    MessageRecord, NoticeRecord, OfficeRecord, SessionRecord, SettingRecord, TermRecord,
};
use careplan_relay::store::{
    Accepted, Announcement, Attempt, Claimed, DownloadRight, IdKind, Issue, ListQuery, LockRule,
    Opened, REMEMBERED, ROTATED, Rotation, Side, Sort, State, Store, StoreLocation,
};
use jiff::Timestamp;
use jiff::civil::Date;
use sha2::{Digest, Sha256};

const A: &str = "4770900111";
const B: &str = "4770900228";

fn ms(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).expect("a time")
}

fn sha256(bytes: &[u8]) -> String {
    careplan_spec::hex(&Sha256::digest(bytes))
}

fn account(office: &str) -> AccountRecord {
    AccountRecord {
        kj_id: format!("KJ47{office}"),
        office: office.to_owned(),
        password_hash: None,
        known_password: Some("Temp1234".into()),
        password_since: ms(1),
        password_expires_at: None,
        failures: 0,
        locked_until: None,
        c_id: format!("c-{office}"),
        c_password: "Terminal1".into(),
        c_failures: 0,
        c_locked_until: None,
        certificate_password: "Install01".into(),
        mail_notice: None,
        mail_security: None,
        night_hold: None,
    }
}

fn message(id: &str, key: &str, at: i64, archive: &[u8]) -> MessageRecord {
    MessageRecord {
        id: id.to_owned(),
        sender: A.to_owned(),
        sender_name: "甲".to_owned(),
        sender_kind: Some("43".to_owned()),
        receiver: B.to_owned(),
        receiver_name: "乙".to_owned(),
        receiver_kinds: "11".to_owned(),
        key: key.to_owned(),
        digest: "digest".to_owned(),
        sent_at: ms(at),
        units: "[]".to_owned(),
        files: "[]".to_owned(),
        file_count: 1,
        bytes: 5,
        has_text: false,
        archive_sha256: sha256(archive),
        archive_bytes: archive.len() as u64,
        search: format!("甲 乙 50%_{id}"),
        claimed_at: None,
        download_id: None,
        download_until: None,
        confirmed_at: None,
        claim_salt: None,
    }
}

fn certificate(id: &str) -> CertificateRecord {
    CertificateRecord {
        id: id.to_owned(),
        office: A.to_owned(),
        kj_id: format!("KJ47{A}"),
        kind: "CarePlanJigyousho".to_owned(),
        applied_at: ms(1),
        starts_at: None,
        issued_at: None,
        serial: None,
        fingerprint: None,
        not_before: None,
        not_after: None,
        file_name: None,
        p12_sha256: None,
        withdrawn_at: None,
        revoked_at: None,
        wrong: None,
    }
}

fn announcement(id: &str) -> Announcement {
    Announcement {
        notice: NoticeRecord {
            id: id.to_owned(),
            office: A.to_owned(),
            category: "certificate".to_owned(),
            title: "件名".to_owned(),
            title_en: "title".to_owned(),
            body: "本文".to_owned(),
            body_en: "body".to_owned(),
            published_at: ms(5),
            read_at: None,
        },
        mail: Some(mail(&format!("{id}-mail"))),
    }
}

fn mail(id: &str) -> MailRecord {
    MailRecord {
        id: id.to_owned(),
        office: A.to_owned(),
        address: "a@example.jp".to_owned(),
        subject: "件名".to_owned(),
        body: "本文".into(),
        sent_at: ms(5),
    }
}

fn due(id: &str, at: i64) -> DueRecord {
    DueRecord {
        id: id.to_owned(),
        at: ms(at),
        kind: "k".to_owned(),
        subject: "s".to_owned(),
        set_aside: None,
    }
}

fn session(id: &str, refresh: Option<&str>, ends_at: i64) -> SessionRecord {
    SessionRecord {
        id: id.to_owned(),
        kind: "office".to_owned(),
        office: A.to_owned(),
        user_id: format!("KJ47{A}"),
        fingerprint: Some("00".to_owned()),
        expires_at: ms(ends_at),
        refresh_id: refresh.map(str::to_owned),
        ends_at: ms(ends_at),
        family: None,
        generation: None,
    }
}

fn two_offices() -> State {
    let office = |number: &str, name: &str| OfficeRecord {
        number: number.to_owned(),
        name: name.to_owned(),
        service_kinds: "43".to_owned(),
    };
    State {
        settings: vec![SettingRecord { name: "seed".to_owned(), value: "1".into() }],
        offices: vec![office(A, "甲"), office(B, "乙")],
        accounts: vec![account(A), account(B)],
        ..State::default()
    }
}

fn licence(id: &str) -> LicenceRecord {
    LicenceRecord {
        id: id.to_owned(),
        office: A.to_owned(),
        kj_id: format!("KJ47{A}"),
        kind: "licence".to_owned(),
        applied_at: ms(1),
        auto_renewal: None,
        form: "{}".to_owned(),
    }
}

fn term(id: &str, licence: &str, year: i16) -> TermRecord {
    TermRecord {
        id: id.to_owned(),
        licence: licence.to_owned(),
        office: A.to_owned(),
        kind: "licence".to_owned(),
        first_day: Date::constant(year, 4, 1),
        last_day: Date::constant(year + 1, 3, 31),
        fee_yen: 21_000,
        charged_on: None,
    }
}

/// A state in which no table is empty.
fn one_row_a_table() -> State {
    let archive = Bytes::from_static(b"archive");
    let told = announcement("n1");
    State {
        mail_codes: vec![mail_code("1111")],
        mails: told.mail.into_iter().collect(),
        sessions: vec![session("s1", Some("r1"), 50)],
        certificates: vec![certificate("c1")],
        licences: vec![licence("l1")],
        terms: vec![term("t1", "l1", 2026)],
        notices: vec![told.notice],
        messages: vec![message("m1", "k", 1, &archive)],
        due: vec![due("d1", 5)],
        blobs: [(sha256(&archive), archive)].into(),
        ..two_offices()
    }
}

fn mail_code(code: &str) -> MailCodeRecord {
    MailCodeRecord {
        kj_id: format!("KJ47{A}"),
        purpose: "notice".to_owned(),
        address: "b@example.jp".to_owned(),
        code: code.into(),
        expires_at: ms(9),
        tries: 0,
    }
}

/// A store with two offices.
async fn filled(store: Store) -> Store {
    store.replace(&two_offices()).await.expect("it is taken");
    store
}

mod contract {
    use super::*;

    pub(super) async fn one_winner_under_contention(store: Store) {
        let archive = Bytes::from_static(b"archive");
        for round in 0..20 {
            let id = format!("m{round}");
            let record = message(&id, &id, round, &archive);
            store.accept(&record, archive.clone()).await.expect("kept");
            let racers: Vec<_> = (0..16)
                .map(|racer| {
                    let (store, id) = (store.clone(), id.clone());
                    tokio::spawn(async move {
                        let id_of_token = format!("{id}-{racer}");
                        let right = DownloadRight { id: id_of_token, until: ms(1_000), salt: None };
                        store.claim(B, &id, ms(100), &right).await.expect("an answer")
                    })
                })
                .collect();
            let mut winners = 0;
            for racer in racers {
                match racer.await.expect("no panic") {
                    Claimed::Won(record) => {
                        winners += 1;
                        assert_eq!(record.claimed_at, Some(ms(100)));
                    }
                    Claimed::Before(record) => assert_eq!(record.claimed_at, Some(ms(100))),
                    Claimed::Unknown => panic!("it is there"),
                }
            }
            assert_eq!(winners, 1, "{id}");
        }
        let right = DownloadRight { id: "r".to_owned(), until: ms(1), salt: None };
        let foreign = store.claim(A, "m0", ms(1), &right).await.expect("an answer");
        assert!(matches!(foreign, Claimed::Unknown), "only the receiver can claim");
        let nothing = store.claim(B, "nothing", ms(1), &right).await.expect("an answer");
        assert!(matches!(nothing, Claimed::Unknown));
    }

    pub(super) async fn a_key_is_taken_once(store: Store) {
        let archive = Bytes::from_static(b"archive");
        let racers: Vec<_> = (0..8)
            .map(|racer| {
                let (store, archive) = (store.clone(), archive.clone());
                tokio::spawn(async move {
                    let record = message(&format!("m{racer}"), "key", 1, &archive);
                    store.accept(&record, archive).await.expect("an answer")
                })
            })
            .collect();
        let (mut new, mut before) = (0, BTreeSet::new());
        for racer in racers {
            match racer.await.expect("no panic") {
                Accepted::New => new += 1,
                Accepted::Before(record) => {
                    before.insert(record.id);
                }
            }
        }
        assert_eq!((new, before.len()), (1, 1));
        let kept = store.find_by_key(A, "key").await.expect("an answer").expect("it is there");
        assert!(before.contains(&kept.id));
        assert!(store.find_by_key(B, "key").await.expect("an answer").is_none());
        let bytes = store.blob(&kept.archive_sha256).await.expect("an answer");
        assert_eq!(bytes.as_deref(), Some(b"archive".as_slice()));
        assert!(store.blob("00").await.expect("an answer").is_none());
    }

    pub(super) async fn lists_are_ordered_filtered_and_counted(store: Store) {
        let archive = Bytes::from_static(b"archive");
        for (index, id) in ["m1", "m2", "m3", "m4", "m5"].into_iter().enumerate() {
            let at = [10, 20, 20, 30, 5][index];
            store.accept(&message(id, id, at, &archive), archive.clone()).await.expect("kept");
        }
        let right = DownloadRight { id: "right".to_owned(), until: ms(900), salt: None };
        store.claim(B, "m2", ms(50), &right).await.expect("an answer");
        let list = |side, query: ListQuery| {
            let store = store.clone();
            async move {
                let office = if side == Side::Receiver { B } else { A };
                let listed = store.list(office, side, &query).await.expect("read").expect("listed");
                (listed.rows.into_iter().map(|row| row.id).collect::<Vec<_>>(), listed.total)
            }
        };
        let base = ListQuery { page: 1, per_page: 10, ..ListQuery::default() };
        for side in [Side::Receiver, Side::Sender] {
            let (ids, total) = list(side, base.clone()).await;
            assert_eq!(
                (ids.as_slice(), total),
                (["m4", "m3", "m2", "m1", "m5"].map(String::from).as_slice(), 5)
            );
        }
        let page = ListQuery { page: 2, per_page: 2, sort: Sort::OldestFirst, ..base.clone() };
        assert_eq!(list(Side::Receiver, page).await, (vec!["m2".into(), "m3".into()], 5));
        let fetched = ListQuery { fetched: Some(true), ..base.clone() };
        assert_eq!(list(Side::Receiver, fetched).await, (vec!["m2".into()], 1));
        let other = ListQuery { office: Some(B.to_owned()), ..base.clone() };
        assert_eq!(list(Side::Receiver, other.clone()).await, (vec![], 0));
        assert_eq!(list(Side::Sender, other).await.1, 5);
        for (text, count) in [("50%_m1", 1), ("%", 5), ("0_m", 0), ("甲", 5), ("!", 0)] {
            let query = ListQuery { text: Some(text.to_owned()), ..base.clone() };
            assert_eq!(list(Side::Receiver, query).await.1, count, "{text}");
        }
        let nothing = store.list(A, Side::Receiver, &base).await.expect("read").expect("listed");
        assert_eq!((nothing.total, nothing.next), (0, None));
    }

    pub(super) async fn a_download_is_found_by_its_right_and_confirmed_once(store: Store) {
        let archive = Bytes::from_static(b"archive");
        store.accept(&message("m1", "k", 1, &archive), archive).await.expect("kept");
        let right = DownloadRight { id: "right".to_owned(), until: ms(900), salt: None };
        store.claim(B, "m1", ms(50), &right).await.expect("an answer");
        let found = store.find_download("right").await.expect("an answer").expect("it is there");
        assert_eq!((found.id.as_str(), found.download_until), ("m1", Some(ms(900))));
        assert!(store.find_download("wrong").await.expect("an answer").is_none());
        store.confirm_download("right", ms(60)).await.expect("noted");
        store.confirm_download("right", ms(70)).await.expect("noted");
        let found = store.find_download("right").await.expect("an answer").expect("it is there");
        assert_eq!(found.confirmed_at, Some(ms(60)));
        assert!(store.find_message(A, Side::Receiver, "m1").await.expect("an answer").is_none());
        assert!(store.find_message(A, Side::Sender, "m1").await.expect("an answer").is_some());
    }

    /// Every order, state, office and text, by page and by cursor, against what is written down here
    /// the slow way; while messages come, are claimed and released, and after everything is replaced.
    pub(super) async fn every_list_is_what_a_slow_one_would_be(store: Store) {
        let archive = Bytes::from_static(b"archive");
        let mut state = two_offices();
        let partners: Vec<String> = (0..7).map(|number| format!("47790009{number}0")).collect();
        for number in &partners {
            state.offices.push(OfficeRecord { number: number.clone(), ..state.offices[0].clone() });
        }
        store.replace(&state).await.expect("it is taken");
        let add = async |from: u32, to: u32| {
            for index in from..to {
                let partner = &partners[(index as usize * 5 + index as usize / 9) % 7];
                let (sender, receiver) =
                    if index % 3 == 0 { (B, partner.as_str()) } else { (partner.as_str(), B) };
                // The clock goes backwards, and stands still.
                let at = i64::from(index * 7 % 50);
                let record = MessageRecord {
                    sender: sender.to_owned(),
                    receiver: receiver.to_owned(),
                    search: format!(
                        "{sender} 東\n{receiver} 西\nfile_{index}.csv\nx{}.pdf",
                        index % 4
                    ),
                    ..message(&format!("m{index:03}"), &index.to_string(), at, &archive)
                };
                store.accept(&record, archive.clone()).await.expect("kept");
            }
        };
        let claim = async |index: u32| {
            let right = DownloadRight { id: format!("r{index}"), until: ms(9), salt: None };
            let id = format!("m{index:03}");
            let records = store.export().await.expect("exported").messages;
            let record = records.into_iter().find(|one| one.id == id).expect("it is there");
            let claimed = store.claim(&record.receiver, &id, ms(60), &right).await;
            assert!(matches!(claimed.expect("an answer"), Claimed::Won(_)), "{id}");
        };
        add(0, 60).await;
        for index in (0..60).step_by(4) {
            claim(index).await;
        }
        same_as_slow(&store, &partners).await;
        add(60, 100).await;
        claim(97).await;
        // What a search knew as it was before.
        claim(1).await;
        claim(58).await;
        store.release_claim("m008").await.expect("an answer").expect("it was claimed");
        claim(8).await;
        store.release_claim("m004").await.expect("an answer").expect("it was claimed");
        same_as_slow(&store, &partners).await;
        let mut after = store.export().await.expect("exported");
        after.messages.retain(|one| one.id.as_str() > "m050");
        for one in &mut after.messages {
            one.search = one.search.replace("file", "datei");
        }
        store.replace(&after).await.expect("it is taken");
        same_as_slow(&store, &partners).await;
        assert_eq!(
            store.unfetched(B).await.expect("counted"),
            after
                .messages
                .iter()
                .filter(|one| one.receiver == B && one.claimed_at.is_none())
                .count() as u64
        );
    }

    /// One of the two offices of a message.
    type Office = fn(&MessageRecord) -> &str;

    async fn same_as_slow(store: &Store, partners: &[String]) {
        let all = store.export().await.expect("exported").messages;
        let texts = ["1", "e_", "E_9", "x1.pdf", "東", "\n", &format!("{B} 西"), "nothing"];
        let texts: Vec<Option<String>> =
            [None].into_iter().chain(texts.map(|text| Some(text.to_owned()))).collect();
        let partners = [None, Some(partners[2].clone()), Some("nobody".to_owned())];
        let sorts = [Sort::NewestFirst, Sort::OldestFirst, Sort::ByOffice, Sort::ByOfficeBackward];
        for side in [Side::Receiver, Side::Sender] {
            let (own, other): (Office, Office) = match side {
                Side::Receiver => (|one| &one.receiver, |one| &one.sender),
                Side::Sender => (|one| &one.sender, |one| &one.receiver),
            };
            for sort in sorts {
                for fetched in [None, Some(true), Some(false)] {
                    for (office, text) in partners
                        .iter()
                        .flat_map(|office| texts.iter().map(move |text| (office, text)))
                    {
                        let says = |one: &MessageRecord, text: &String| {
                            text != "\n" && one.search.contains(&text.to_lowercase())
                        };
                        let mut slow: Vec<&MessageRecord> = all
                            .iter()
                            .filter(|one| own(one) == B)
                            .filter(|one| fetched.is_none_or(|is| is == one.claimed_at.is_some()))
                            .filter(|one| office.as_ref().is_none_or(|office| office == other(one)))
                            .filter(|one| text.as_ref().is_none_or(|text| says(one, text)))
                            .collect();
                        slow.sort_by_key(|one| (one.sent_at, one.id.clone()));
                        if sort != Sort::OldestFirst {
                            slow.reverse();
                        }
                        match sort {
                            Sort::ByOffice => slow.sort_by_key(|one| other(one).to_owned()),
                            Sort::ByOfficeBackward => {
                                slow.sort_by_key(|one| std::cmp::Reverse(other(one).to_owned()));
                            }
                            _ => {}
                        }
                        let slow: Vec<&str> = slow.into_iter().map(|one| one.id.as_str()).collect();
                        for per_page in [7, 200] {
                            let query = ListQuery {
                                per_page,
                                sort,
                                fetched,
                                office: office.clone(),
                                text: text.clone(),
                                ..ListQuery::default()
                            };
                            walk(store, side, &query, &slow).await;
                        }
                    }
                }
            }
        }
    }

    /// Page by page and cursor by cursor; both have to end where the list does.
    async fn walk(store: &Store, side: Side, query: &ListQuery, slow: &[&str]) {
        let mut after = None;
        for page in 1..=slow.len() as u32 / query.per_page + 2 {
            let from = ((page - 1) * query.per_page) as usize;
            let shown: Vec<&str> =
                slow.iter().skip(from).take(query.per_page as usize).copied().collect();
            let by_page = ListQuery { page, ..query.clone() };
            let listed = store.list(B, side, &by_page).await.expect("read").expect("listed");
            let ids: Vec<&str> = listed.rows.iter().map(|row| row.id.as_str()).collect();
            assert_eq!((ids, listed.total), (shown.clone(), slow.len() as u64), "{by_page:?}");
            assert_eq!(listed.next.is_some(), from + shown.len() < slow.len(), "{by_page:?}");
            if page == 1 || after.is_some() {
                let by_cursor = ListQuery { page: 1, after: after.clone(), ..query.clone() };
                let again = store.list(B, side, &by_cursor).await.expect("read").expect("listed");
                assert_eq!(again, listed, "{by_cursor:?}");
                after = again.next;
            }
        }
    }

    pub(super) async fn a_cursor_belongs_to_one_list(store: Store) {
        let archive = Bytes::from_static(b"archive");
        for (index, id) in ["m1", "m2", "m3"].into_iter().enumerate() {
            let record = message(id, id, index as i64, &archive);
            store.accept(&record, archive.clone()).await.expect("kept");
        }
        let base = ListQuery { page: 1, per_page: 1, ..ListQuery::default() };
        let first = store.list(B, Side::Receiver, &base).await.expect("read").expect("listed");
        let after = first.next.expect("there are more");
        let on = ListQuery { after: Some(after.clone()), ..base.clone() };
        // A newer one moves nothing.
        store.accept(&message("m4", "m4", 9, &archive), archive).await.expect("kept");
        let second = store.list(B, Side::Receiver, &on).await.expect("read").expect("listed");
        assert_eq!((second.rows[0].id.as_str(), second.total), ("m2", 4));
        for other in [
            ListQuery { sort: Sort::OldestFirst, ..on.clone() },
            ListQuery { fetched: Some(false), ..on.clone() },
            ListQuery { office: Some(A.to_owned()), ..on.clone() },
            ListQuery { text: Some("m".to_owned()), ..on.clone() },
            ListQuery { after: Some(after.replace("-m3", "-m9")), ..on.clone() },
            ListQuery { after: Some(String::new()), ..on.clone() },
            ListQuery { after: Some("-m3".to_owned()), ..on.clone() },
        ] {
            assert!(
                store.list(B, Side::Receiver, &other).await.expect("read").is_none(),
                "{other:?}"
            );
        }
        assert!(store.list(A, Side::Sender, &on).await.expect("read").is_none());
        assert!(store.list(A, Side::Receiver, &on).await.expect("read").is_none());
        store.replace(&two_offices()).await.expect("it is taken");
        assert!(store.list(B, Side::Receiver, &on).await.expect("read").is_none(), "it is gone");
    }

    pub(super) async fn a_released_claim_has_one_winner_more(store: Store) {
        let archive = Bytes::from_static(b"archive");
        store.accept(&message("m1", "k", 1, &archive), archive).await.expect("kept");
        assert!(store.release_claim("m1").await.expect("an answer").is_none(), "nobody has it");
        let racers: Vec<_> = (0..16)
            .map(|racer| {
                let store = store.clone();
                tokio::spawn(async move {
                    if racer % 4 == 0 {
                        return u32::from(
                            store.release_claim("m1").await.expect("an answer").is_some(),
                        ) << 16;
                    }
                    let right = DownloadRight { id: format!("r{racer}"), until: ms(9), salt: None };
                    match store.claim(B, "m1", ms(5), &right).await.expect("an answer") {
                        Claimed::Won(_) => 1,
                        Claimed::Before(record) => {
                            assert_eq!(record.claimed_at, Some(ms(5)), "what it lost to");
                            0
                        }
                        Claimed::Unknown => panic!("it is there"),
                    }
                })
            })
            .collect();
        let mut all = 0;
        for racer in racers {
            all += racer.await.expect("no panic");
        }
        let (released, won) = (all >> 16, all & 0xffff);
        let left = store.find_message(B, Side::Receiver, "m1").await.expect("read").expect("there");
        let held = u32::from(left.claimed_at.is_some());
        assert_eq!(won, released + held, "each release makes room for one winner");
        let right = left.download_id.unwrap_or_default();
        store.release_claim("m1").await.expect("an answer");
        assert!(!store.confirm_download(&right, ms(7)).await.expect("an answer"));
        let left = store.find_message(B, Side::Receiver, "m1").await.expect("read").expect("there");
        assert_eq!((left.claimed_at, left.download_id, left.confirmed_at), (None, None, None));
        assert!(store.claimed_last().await.expect("listed").is_empty());
        assert!(store.is_message("m1").await.expect("an answer"));
        assert!(!store.is_message("m2").await.expect("an answer"));
    }

    pub(super) async fn attempts_lock_and_a_lock_that_ended_starts_over(store: Store) {
        let reserved = |until: Option<i64>| Attempt::Reserved { locks_until: until.map(ms) };
        for (kind, id) in [(IdKind::Kj, format!("KJ47{A}")), (IdKind::Terminal, format!("c-{A}"))] {
            let attempt = |now: i64| {
                let (store, id) = (store.clone(), id.clone());
                let rule = LockRule { after: 3, until: ms(now + 30) };
                async move { store.reserve_attempt(kind, &id, ms(now), rule).await.expect("counted") }
            };
            assert_eq!(attempt(1).await, reserved(None));
            assert_eq!(attempt(2).await, reserved(None));
            assert_eq!(attempt(3).await, reserved(Some(33)), "the last one that is verified");
            assert_eq!(attempt(4).await, Attempt::Locked);
            assert_eq!(attempt(32).await, Attempt::Locked, "a lock is not made longer");
            assert_eq!(attempt(33).await, reserved(None), "the first one since the lock ended");
            assert_eq!(attempt(34).await, reserved(None));
            assert_eq!(attempt(35).await, reserved(Some(65)));
            store.forget_failures(kind, &id).await.expect("forgotten");
            assert_eq!(attempt(36).await, reserved(None));
            store.forget_failures(kind, &id).await.expect("forgotten");
            let never = LockRule { after: 0, until: ms(99) };
            for _ in 0..10 {
                let open = store.reserve_attempt(kind, &id, ms(40), never).await.expect("counted");
                assert_eq!(open, reserved(None), "0 never locks");
            }
            store.forget_failures(kind, &id).await.expect("forgotten");
            let before = store.accounts().await.expect("listed");
            for _ in 0..4 {
                let rule = LockRule { after: 3, until: ms(9) };
                let nobody = store.reserve_attempt(kind, "nobody", ms(1), rule).await;
                assert_eq!(nobody.expect("counted"), Attempt::Unknown);
            }
            assert_eq!(store.accounts().await.expect("listed"), before, "nobody else is counted");
        }
    }

    /// Of a hundred attempts at once, as many may be verified as the rule says.
    pub(super) async fn attempts_are_counted_one_by_one(store: Store) {
        let id = format!("KJ47{A}");
        let racers: Vec<_> = (0..100)
            .map(|_| {
                let (store, id) = (store.clone(), id.clone());
                let rule = LockRule { after: 3, until: ms(30) };
                tokio::spawn(async move {
                    store.reserve_attempt(IdKind::Kj, &id, ms(1), rule).await.expect("counted")
                })
            })
            .collect();
        let mut open = 0;
        for racer in racers {
            open += u32::from(racer.await.expect("no panic") != Attempt::Locked);
        }
        assert_eq!(open, 3);
    }

    pub(super) async fn one_change_of_a_password_wins_and_ends_other_logins(store: Store) {
        let id = format!("KJ47{A}");
        let before = store.find_account(IdKind::Kj, &id).await.expect("an answer").expect("there");
        let of_other = SessionRecord { user_id: format!("KJ47{B}"), ..session("o", None, 50) };
        for one in [session("s1", Some("r1"), 50), session("s2", None, 50), of_other] {
            let opened = store.open_session(&one, None, None, ms(1)).await.expect("an answer");
            assert_eq!(opened, Opened::Kept);
        }
        let racers: Vec<_> = (0..8)
            .map(|racer| {
                let (store, before) = (store.clone(), before.clone());
                tokio::spawn(async move {
                    let hash = format!("hash {racer}");
                    store.change_password(&before, &hash, ms(7), None, Some("s2")).await
                })
            })
            .collect();
        let mut winners = Vec::new();
        for (racer, answer) in racers.into_iter().enumerate() {
            if answer.await.expect("no panic").expect("an answer") {
                winners.push(format!("hash {racer}"));
            }
        }
        let after = store.find_account(IdKind::Kj, &id).await.expect("an answer").expect("there");
        assert_eq!(winners, [after.password_hash.clone().expect("hashed").reveal()]);
        let mut left: Vec<_> =
            store.sessions().await.expect("listed").into_iter().map(|one| one.id).collect();
        left.sort();
        assert_eq!(left, ["o", "s2"]);
        // Who verified the old password comes too late; so does who has no first stage any more.
        let late = session("late", None, 50);
        let opened = store.open_session(&late, Some(&before), None, ms(1)).await;
        assert_eq!(opened.expect("an answer"), Opened::PasswordChanged);
        let opened = store.open_session(&late, Some(&after), Some("o"), ms(1)).await;
        assert_eq!(opened.expect("an answer"), Opened::Kept);
        let late = session("later", None, 50);
        let opened = store.open_session(&late, Some(&after), Some("o"), ms(1)).await;
        assert_eq!(opened.expect("an answer"), Opened::FirstStageGone);
    }

    pub(super) async fn passwords_and_addresses_change(store: Store) {
        let id = format!("KJ47{A}");
        let before = store.find_account(IdKind::Kj, &id).await.expect("an answer").expect("there");
        let changed = store.change_password(&before, "hash", ms(7), Some(ms(8)), None).await;
        assert!(changed.expect("an answer"));
        let found = store.find_account(IdKind::Kj, &id).await.expect("an answer").expect("there");
        assert_eq!(found.password_hash.expect("hashed").reveal(), "hash");
        assert_eq!((found.known_password, found.password_expires_at), (None, Some(ms(8))));
        store.keep_code(&mail_code("1111"), &mail("1")).await.expect("kept");
        store.keep_code(&mail_code("2222"), &mail("2")).await.expect("replaced");
        assert_eq!(store.mails(Some(A)).await.expect("listed").len(), 2);
        assert!(store.mails(Some(B)).await.expect("listed").is_empty());
        assert!(store.try_code(&id, "security").await.expect("an answer").is_none());
        let tried = store.try_code(&id, "notice").await.expect("an answer").expect("it waits");
        assert_eq!((tried.tries, tried.code.reveal()), (1, "2222"));
        assert!(!store.confirm_mail(&mail_code("1111")).await.expect("an answer"));
        assert!(store.confirm_mail(&tried).await.expect("an answer"));
        assert!(!store.confirm_mail(&tried).await.expect("an answer"));
        let found = store.find_account(IdKind::Kj, &id).await.expect("an answer").expect("there");
        assert_eq!(found.mail_notice.as_deref(), Some("b@example.jp"));
    }

    pub(super) async fn a_refresh_token_works_once(store: Store) {
        for (one, now) in [(session("old", Some("r0"), 5), 1), (session("s1", Some("r1"), 50), 10)]
        {
            store.open_session(&one, None, None, ms(now)).await.expect("kept");
        }
        let ids = |all: Vec<SessionRecord>| all.into_iter().map(|one| one.id).collect::<Vec<_>>();
        assert_eq!(ids(store.sessions().await.expect("listed")), ["s1"], "ended ones go");
        let next_of = |id: &str, refresh: &str, generation: u32| SessionRecord {
            family: Some("s1".to_owned()),
            generation: Some(generation),
            ..session(id, Some(refresh), 60)
        };
        assert_eq!(
            store.rotate_session("nobody's", &next_of("n", "rn", 1)).await.expect("an answer"),
            Rotation::Unknown
        );
        assert_eq!(
            store.rotate_session("r1", &next_of("n1", "rn1", 1)).await.expect("an answer"),
            Rotation::Done
        );
        let left = store.sessions().await.expect("listed");
        let used = left.iter().find(|one| one.id == "s1").expect("it is remembered");
        assert_eq!((used.kind.as_str(), used.ends_at), (ROTATED, ms(60)), "to the family's end");
        store.close_session("s1").await.expect("closed");
        assert_eq!(store.sessions().await.expect("listed").len(), 2, "it opens nothing any more");
        // Eight at once: whoever comes second ends what the first one got.
        let racers: Vec<_> = (0..8)
            .map(|racer| {
                let store = store.clone();
                let next = next_of(&format!("m{racer}"), &format!("rm{racer}"), 2);
                tokio::spawn(
                    async move { store.rotate_session("rn1", &next).await.expect("an answer") },
                )
            })
            .collect();
        let mut answers = Vec::new();
        for racer in racers {
            answers.push(racer.await.expect("no panic"));
        }
        let times = |what| answers.iter().filter(|answer| **answer == what).count();
        assert_eq!((times(Rotation::Done), times(Rotation::Reused)), (1, 1), "{answers:?}");
        assert!(store.sessions().await.expect("listed").is_empty());
    }

    pub(super) async fn a_family_remembers_so_many_tokens_and_ends_with_its_login(store: Store) {
        store.open_session(&session("s0", Some("r0"), 50), None, None, ms(1)).await.expect("kept");
        for round in 1..=REMEMBERED + 5 {
            let next = SessionRecord {
                family: Some("s0".to_owned()),
                generation: Some(round),
                ..session(&format!("s{round}"), Some(&format!("r{round}")), 60)
            };
            let rotated = store.rotate_session(&format!("r{}", round - 1), &next).await;
            assert_eq!(rotated.expect("an answer"), Rotation::Done);
        }
        let left = store.sessions().await.expect("listed");
        assert!(left.len() <= REMEMBERED as usize + 2, "{}", left.len());
        let unknown = session("x", Some("rx"), 60);
        let forgotten = store.rotate_session("r0", &unknown).await.expect("an answer");
        assert_eq!(forgotten, Rotation::Unknown, "so old that nobody remembers");
        store.close_session(&format!("s{}", REMEMBERED + 5)).await.expect("closed");
        assert!(store.sessions().await.expect("listed").is_empty());
    }

    pub(super) async fn one_certificate_is_applied_for_at_a_time(store: Store) {
        assert!(
            store.apply_for_certificate(&certificate("c1"), &[due("d1", 5)]).await.expect("kept")
        );
        assert!(
            !store.apply_for_certificate(&certificate("c2"), &[due("d2", 1)]).await.expect("no")
        );
        let next = store.next_due().await.expect("an answer").expect("it is due");
        assert_eq!(next.id, "d1", "what was turned down schedules nothing");
        let issue = Issue {
            serial: "42".to_owned(),
            fingerprint: "ff".to_owned(),
            not_before: ms(10),
            not_after: ms(20),
            file_name: "x.p12".to_owned(),
            p12: Bytes::from_static(b"p12"),
            at: ms(6),
        };
        let told = announcement("n1");
        assert!(store.issue_certificate("c1", &issue, &told, &[due("d3", 9)]).await.expect("kept"));
        assert!(!store.issue_certificate("c1", &issue, &told, &[]).await.expect("once only"));
        assert_eq!(store.notices_of(A).await.expect("listed").len(), 1);
        assert!(store.apply_for_certificate(&certificate("c2"), &[]).await.expect("free again"));
        let found = store.certificates_of(A).await.expect("listed");
        let first = found.iter().find(|one| one.id == "c1").expect("it is there");
        let p12 = first.p12_sha256.clone().expect("it has one");
        assert_eq!(store.blob(&p12).await.expect("an answer").as_deref(), Some(b"p12".as_slice()));

        let id = format!("KJ47{A}");
        store.replace_certificate_password(&id, "Install02", ms(7)).await.expect("replaced");
        let found = store.certificates_of(A).await.expect("listed");
        let state = |id: &str| found.iter().find(|one| one.id == id).expect("there").clone();
        assert_eq!((state("c1").withdrawn_at, state("c1").p12_sha256), (Some(ms(7)), None));
        assert_eq!(state("c2").withdrawn_at, None, "what is not issued is not withdrawn");
        let revoked = store.revoke_certificate("42", ms(8)).await.expect("an answer");
        assert_eq!(revoked.expect("it is there").revoked_at, Some(ms(8)));
        let again = store.revoke_certificate("42", ms(9)).await.expect("an answer");
        assert_eq!(again.expect("it is there").revoked_at, Some(ms(8)));
        assert!(store.revoke_certificate("43", ms(9)).await.expect("an answer").is_none());
    }

    pub(super) async fn one_licence_is_held_at_a_time(store: Store) {
        let apply = |id: &'static str, year| {
            let store = store.clone();
            async move {
                let (licence, term) = (licence(id), term(&format!("t-{id}"), id, year));
                store.apply_for_licence(&licence, &term, &[]).await.expect("an answer")
            }
        };
        let (one, two) = tokio::join!(apply("l1", 2026), apply("l2", 2026));
        assert_ne!(one, two);
        assert!(!apply("l3", 2025).await, "a later term is in the way");
        assert!(apply("l4", 2027).await, "the next year is free");
        let held = store.licences().await.expect("listed");
        assert_eq!(held.len(), 2, "what was turned down left nothing");
        let more = term("t5", &held[0].id, 2028);
        assert!(store.add_term(&more, &[]).await.expect("an answer"));
        assert!(!store.add_term(&more, &[]).await.expect("an answer"));
        store.charge_term("t5", Date::constant(2028, 5, 1)).await.expect("charged");
        store.charge_term("t5", Date::constant(2028, 6, 1)).await.expect("once only");
        store.set_renewal(&held[0].id, false).await.expect("stopped");
        let terms = store.terms().await.expect("listed");
        let last = terms.last().expect("it is there");
        assert_eq!(last.charged_on, Some(Date::constant(2028, 5, 1)));
        let held = store.licences().await.expect("listed");
        assert_eq!(held[0].auto_renewal, Some(false));
    }

    pub(super) async fn notices_are_published_once_and_opened(store: Store) {
        store.publish(&announcement("n1")).await.expect("published");
        store.publish(&announcement("n1")).await.expect("nothing more");
        assert_eq!(store.notices_of(A).await.expect("listed").len(), 1);
        assert_eq!(store.mails(None).await.expect("listed").len(), 1);
        assert!(store.open_notice(B, "n1", ms(6)).await.expect("an answer").is_none());
        for now in [6, 7] {
            let opened = store.open_notice(A, "n1", ms(now)).await.expect("an answer");
            assert_eq!(opened.expect("it is there").read_at, Some(ms(6)));
        }
        // Part of them, the newest first, and how many there are in all.
        for id in ["n2", "n3"] {
            store.publish(&announcement(id)).await.expect("published");
        }
        for (behind, most, expected) in [
            (0, 10, ["n3", "n2", "n1"].as_slice()),
            (0, 2, &["n3", "n2"]),
            (1, 1, &["n2"]),
            (2, 2, &["n1"]),
            (3, 2, &[]),
            (u64::MAX, 2, &[]),
        ] {
            let (rows, total, unread) = store.notices_page(A, behind, most).await.expect("listed");
            let ids: Vec<_> = rows.iter().map(|row| row.id.as_str()).collect();
            assert_eq!((ids.as_slice(), total, unread), (expected, 3, 2), "{behind} {most}");
        }
        let (rows, total, unread) = store.notices_page(B, 0, 10).await.expect("listed");
        assert_eq!((rows.len(), total, unread), (0, 0, 0));
    }

    pub(super) async fn what_falls_due_comes_in_order(store: Store) {
        let mut state = two_offices();
        state.due = vec![due("b", 5), due("a", 5), due("c", 1), due("d", 9)];
        store.replace(&state).await.expect("taken");
        let mut order = Vec::new();
        while let Some(next) = store.next_due().await.expect("an answer") {
            store.due_done(&next.id).await.expect("done");
            order.push(next.id);
        }
        assert_eq!(order, ["c", "a", "b", "d"]);
    }

    pub(super) async fn the_whole_state_goes_out_and_in(store: Store) {
        let archive = Bytes::from_static(b"archive");
        store.accept(&message("m1", "k", 1, &archive), archive.clone()).await.expect("kept");
        store.publish(&announcement("n1")).await.expect("published");
        store.open_session(&session("s1", Some("r1"), 50), None, None, ms(10)).await.expect("kept");
        let setting = SettingRecord { name: "seed".to_owned(), value: "2".into() };
        store.keep_setting(&setting).await.expect("kept");
        let state = store.export().await.expect("exported");
        assert_eq!(state.settings, [setting]);
        assert_eq!((state.offices.len(), state.accounts.len(), state.messages.len()), (2, 2, 1));
        assert_eq!(state.blobs[&sha256(&archive)], archive);
        store.replace(&two_offices()).await.expect("taken");
        assert!(store.export().await.expect("exported").messages.is_empty());
        store.replace(&state).await.expect("taken");
        assert_eq!(store.export().await.expect("exported"), state);

        let every_table = one_row_a_table();
        store.replace(&every_table).await.expect("taken");
        assert_eq!(store.export().await.expect("exported"), every_table);
        store.replace(&state).await.expect("taken");

        let mut broken = state.clone();
        broken.offices.clear();
        store.replace(&broken).await.expect_err("accounts need their offices");
        assert_eq!(store.export().await.expect("exported"), state, "nothing has changed");
    }

    pub(super) async fn all_but_messages_is_rewritten_in_one_write(store: Store) {
        store.replace(&one_row_a_table()).await.expect("taken");
        let archive = Bytes::from_static(b"archive");
        store.accept(&message("m9", "k9", 1, &archive), archive.clone()).await.expect("kept");
        let whole = store.export().await.expect("exported");
        let before = store.desks().await.expect("read");
        assert!(before.messages.is_empty() && before.blobs.is_empty());
        let put_back = State {
            messages: whole.messages.clone(),
            blobs: whole.blobs.clone(),
            ..before.clone()
        };
        assert_eq!(put_back, whole, "everything else is there");

        // Changed, new and gone rows; what shares the first column of its key stays.
        let mut after = before.clone();
        after.offices[0].name = "another".to_owned();
        after
            .offices
            .push(OfficeRecord { number: "4770900999".to_owned(), ..before.offices[0].clone() });
        let second = |code: &MailCodeRecord| MailCodeRecord {
            purpose: format!("{}-2", code.purpose),
            ..code.clone()
        };
        after.mail_codes = before.mail_codes.iter().map(second).collect();
        after.due.clear();
        let p12 = Bytes::from_static(b"p12");
        after.blobs.insert(sha256(&p12), p12.clone());
        store.rewrite(&before, &after).await.expect("written");
        let written = store.export().await.expect("exported");
        assert_eq!(written.messages, whole.messages);
        assert_eq!(written.blobs.len(), whole.blobs.len() + 1);
        assert_eq!(written.blobs[&sha256(&p12)], p12);
        assert_eq!(written.blobs[&sha256(&archive)], archive);
        assert_eq!(
            State { blobs: after.blobs.clone(), ..store.desks().await.expect("read") },
            after
        );

        // The last table fails after all others were written: nothing has changed.
        let now = store.desks().await.expect("read");
        let mut broken = now.clone();
        broken.offices[0].name = "a third".to_owned();
        broken.settings.clear();
        let mut orphan = notice_of_nobody();
        orphan.id = "orphan".to_owned();
        broken.notices.push(orphan);
        store.rewrite(&now, &broken).await.expect_err("a notice needs its office");
        assert_eq!(store.export().await.expect("exported"), written, "nothing has changed");
        // An office with messages stays.
        let without = State::default();
        store.rewrite(&now, &without).await.expect_err("messages need their offices");
        assert_eq!(store.export().await.expect("exported"), written, "nothing has changed");
    }
}

fn notice_of_nobody() -> NoticeRecord {
    NoticeRecord { office: "4799999999".to_owned(), ..announcement("n").notice }
}

macro_rules! engines {
    ($($engine:ident: $open:expr;)*) => {$(
        mod $engine {
            use super::*;

            engines!(@ $open;
                one_winner_under_contention,
                a_key_is_taken_once,
                lists_are_ordered_filtered_and_counted,
                a_download_is_found_by_its_right_and_confirmed_once,
                every_list_is_what_a_slow_one_would_be,
                a_cursor_belongs_to_one_list,
                a_released_claim_has_one_winner_more,
                attempts_lock_and_a_lock_that_ended_starts_over,
                attempts_are_counted_one_by_one,
                one_change_of_a_password_wins_and_ends_other_logins,
                passwords_and_addresses_change,
                a_refresh_token_works_once,
                a_family_remembers_so_many_tokens_and_ends_with_its_login,
                one_certificate_is_applied_for_at_a_time,
                one_licence_is_held_at_a_time,
                notices_are_published_once_and_opened,
                what_falls_due_comes_in_order,
                the_whole_state_goes_out_and_in,
                all_but_messages_is_rewritten_in_one_write,
            );
        }
    )*};
    (@ $open:expr; $($test:ident,)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
        async fn $test() {
            contract::$test(filled($open.await).await).await;
        }
    )*};
}

async fn sqlite() -> Store {
    Store::open(&StoreLocation::Memory).await.expect("it opens")
}

engines! {
    on_sqlite: sqlite();
}
