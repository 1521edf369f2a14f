//! Lists, and fetching once.

use std::io::Cursor;

use careplan_relay::clock;
use careplan_relay::listing::{InboxState, OutboxState};
use careplan_relay::login::Caller;
use careplan_relay::notice::NoticeCategory;
use careplan_relay::store::{ListQuery, Sort};
use careplan_spec::hex;

use super::beginnings::KJ_PASSWORD;
use super::support::{
    Region, from_the_end, helper, office_of, planner, presented, refused, secret, unit_files,
};
use sha2::{Digest, Sha256};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_fifty_claims_exactly_one_wins() {
    let region = Region::ready().await;
    let (sender, receiver) = (region.office(planner()).await, region.office(helper()).await);
    let sent = sender.send("one", "K2", helper()).await.expect("it is taken");
    let query = ListQuery { fetched: Some(false), ..ListQuery::default() };
    let before =
        region.turn().await.exchange().inbox(&receiver.caller, &query).await.expect("listed");
    assert!(before.items.iter().any(|item| item.id == sent.id));
    let claims: Vec<_> = (0..50)
        .map(|_| {
            let (relay, caller, id) =
                (region.relay.clone(), receiver.caller.clone(), sent.id.clone());
            tokio::spawn(async move {
                let turn = relay.turn().await.expect("a turn");
                turn.exchange().claim(&caller, &id, None).await
            })
        })
        .collect();
    let mut won = 0;
    for claim in claims {
        match claim.await.expect("no panic") {
            Ok(_) => won += 1,
            Err(error) => {
                let refusal = error.refusal().expect("a refusal");
                assert_eq!(refusal.kind.code, "already-fetched");
                assert!(refusal.detail.is_some());
            }
        }
    }
    assert_eq!(won, 1);
    let after =
        region.turn().await.exchange().inbox(&receiver.caller, &query).await.expect("listed");
    assert!(!after.items.iter().any(|item| item.id == sent.id));
    let detail =
        region.turn().await.exchange().inbox_item(&receiver.caller, &sent.id).await.expect("shown");
    assert_eq!((detail.item.state, detail.item.state_shown), (InboxState::Fetched, "済"));
    let outbox = region
        .turn()
        .await
        .exchange()
        .outbox(&sender.caller, &ListQuery::default())
        .await
        .expect("listed");
    assert_eq!(outbox.items[0].id, sent.id);
    assert_eq!(outbox.items[0].state, OutboxState::Downloaded);
    assert_eq!(outbox.items[0].state_shown, "ダウンロード済");
    assert_eq!(outbox.items[0].downloaded_at, detail.item.fetched_at);
}

#[tokio::test]
async fn the_winner_can_fetch_until_it_confirms() {
    let region = Region::ready().await;
    let (sender, receiver) = (region.office(planner()).await, region.office(helper()).await);
    let sent = sender.send("one", "K1", helper()).await.expect("it is taken");
    let claim = region
        .turn()
        .await
        .exchange()
        .claim(&receiver.caller, &sent.id, None)
        .await
        .expect("it is the first");
    assert_eq!(claim.file_name, format!("{}.zip", sent.id));
    let token = &claim.download_token;
    let first =
        region.turn().await.exchange().download(&receiver.caller, token).await.expect("fetched");
    let again = region
        .turn()
        .await
        .exchange()
        .download(&receiver.caller, token)
        .await
        .expect("fetched again");
    assert_eq!(first.bytes, again.bytes);
    assert_eq!(hex(&Sha256::digest(&first.bytes)), claim.sha256);
    assert_eq!(first.bytes.len() as u64, claim.size);

    let mut zip = zip::ZipArchive::new(Cursor::new(first.bytes)).expect("an archive");
    let files = unit_files("K1", planner(), helper());
    for file in &files {
        let mut bytes = Vec::new();
        let mut entry = zip.by_name(&file.name).expect("every file is there");
        std::io::Read::read_to_end(&mut entry, &mut bytes).expect("its bytes");
        assert_eq!(bytes, file.bytes, "{}", file.name);
    }
    let mut read = |name: &str| {
        let mut bytes = Vec::new();
        let mut entry = zip.by_name(name).expect("it is there");
        std::io::Read::read_to_end(&mut entry, &mut bytes).expect("its bytes");
        bytes
    };
    let (manifest, signature) = (read("relay/manifest.json"), read("relay/manifest.json.p7s"));
    let authority = region.relay.authority();
    let judge = careplan_certs::Judge::from_pem(&authority.ca_pem).expect("an authority");
    let signed = careplan_certs::signature::verify(
        &manifest,
        &signature,
        &judge,
        region.relay.clock().now(),
    )
    .expect("the receiver can verify it");
    assert_eq!(signed.signer.office.expect("an office").as_str(), planner());

    refused(
        region.turn().await.exchange().confirm(&receiver.caller, token, "00").await,
        "checksum-differs",
    );
    refused(
        region.turn().await.exchange().download(&sender.caller, token).await,
        "download-token-unknown",
    );
    refused(
        region.turn().await.exchange().confirm(&sender.caller, token, &claim.sha256).await,
        "download-token-unknown",
    );
    region
        .turn()
        .await
        .exchange()
        .confirm(&receiver.caller, token, &claim.sha256)
        .await
        .expect("it is done");
    region
        .turn()
        .await
        .exchange()
        .confirm(&receiver.caller, token, &claim.sha256)
        .await
        .expect("saying it again is fine");
    refused(
        region.turn().await.exchange().download(&receiver.caller, token).await,
        "download-closed",
    );
    refused(
        region.turn().await.exchange().claim(&receiver.caller, &sent.id, None).await,
        "already-fetched",
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_claim_repeated_under_its_key_is_the_same_claim() {
    let region = Region::ready().await;
    let (sender, receiver) = (region.office(planner()).await, region.office(helper()).await);
    let sent = sender.send("one", "K2", helper()).await.expect("it is taken");
    let claim = async |caller: &Caller, key: Option<&str>| {
        region.turn().await.exchange().claim(caller, &sent.id, key).await
    };
    let own = &receiver.caller;
    let foreign = Caller { fingerprint: [7; 32], ..own.clone() };
    let first = claim(own, Some("k-1")).await.expect("it is the first");
    assert_eq!(claim(own, Some("k-1")).await.expect("its answer was lost"), first);
    refused(claim(own, Some("k-2")).await, "already-fetched");
    refused(claim(own, None).await, "already-fetched");
    refused(claim(&foreign, Some("k-1")).await, "already-fetched");
    refused(claim(&sender.caller, Some("k-1")).await, "message-unknown");
    for strange in ["", "a b", &"k".repeat(65)] {
        refused(claim(own, Some(strange)).await, "idempotency-key-malformed");
    }
    // What was answered stands: after the licence, after the time, and after the confirmation.
    region.switch(|switches| switches.receive_unlicensed = false).await;
    region.advance_minutes(9).await;
    assert_eq!(claim(own, Some("k-1")).await.expect("it is there"), first);
    let download =
        async || region.turn().await.exchange().download(own, &first.download_token).await;
    download().await.expect("in time");
    let confirm = region.turn().await.exchange();
    confirm.confirm(own, &first.download_token, &first.sha256).await.expect("it is done");
    assert_eq!(claim(own, Some("k-1")).await.expect("it is there"), first);
    refused(download().await, "download-closed");
    region.advance_minutes(1).await;
    assert_eq!(claim(own, Some("k-1")).await.expect("it is there"), first);
    refused(download().await, "download-closed");
    // One fetch in the list, at the time of the first claim.
    let query = ListQuery { fetched: Some(true), ..ListQuery::default() };
    let list = region.turn().await.exchange().inbox(own, &query).await.expect("listed");
    let at = list.items[0].fetched_at.expect("it was fetched");
    assert_eq!((list.total, at), (1, clock::plus_minutes(at, 0)));
    assert!(at < first.expires_at && first.expires_at <= clock::plus_minutes(at, 10));
    region.switch(|switches| switches.claim_repeatable = false).await;
    refused(claim(own, Some("k-1")).await, "already-fetched");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn claims_at_once_have_one_winner_whatever_their_keys() {
    let region = Region::ready().await;
    let (sender, receiver) = (region.office(planner()).await, region.office(helper()).await);
    for round in 0..10 {
        let sent = sender.send(&format!("{round}"), "K2", helper()).await.expect("it is taken");
        let claims: Vec<_> = (0..16_u8)
            .map(|racer| {
                let (relay, id) = (region.relay.clone(), sent.id.clone());
                // Two certificates; two keys, one of them with both, and none.
                let fingerprint = [racer % 2; 32];
                let key = ["same", "other", ""][usize::from(racer % 3)];
                let caller = Caller { fingerprint, ..receiver.caller.clone() };
                tokio::spawn(async move {
                    let key = Some(key).filter(|key| !key.is_empty());
                    let turn = relay.turn().await.expect("a turn");
                    let claim = turn.exchange().claim(&caller, &id, key).await;
                    (caller.fingerprint, key, claim)
                })
            })
            .collect();
        let mut winners = Vec::new();
        for claim in claims {
            let (fingerprint, key, claim) = claim.await.expect("no panic");
            match claim {
                Ok(claim) => winners.push((fingerprint, key, claim)),
                Err(error) => {
                    assert_eq!(error.refusal().expect("a refusal").kind.code, "already-fetched");
                }
            }
        }
        assert!(!winners.is_empty());
        assert!(winners.iter().all(|winner| *winner == winners[0]), "{winners:?}");
        assert!(winners[0].1.is_some() || winners.len() == 1, "without a key there is one");
    }
}

#[tokio::test]
async fn a_released_claim_can_be_fetched_by_anybody_of_the_office() {
    let region = Region::ready().await;
    let (sender, receiver) = (region.office(planner()).await, region.office(helper()).await);
    let sent = sender.send("one", "K2", helper()).await.expect("it is taken");
    let own = &receiver.caller;
    let claim = async |key| region.turn().await.exchange().claim(own, &sent.id, key).await;
    let release = async |id: &str| region.turn().await.operator().release_claim(id).await;
    let states = async || {
        let query = ListQuery::default();
        let inbox = region.turn().await.exchange().inbox(own, &query).await.expect("listed");
        let outbox =
            region.turn().await.exchange().outbox(&sender.caller, &query).await.expect("listed");
        (inbox.items[0].state, outbox.items[0].state)
    };
    release(&sent.id).await.expect("nobody has it: nothing changes");
    refused(release("nothing").await, "message-unknown");
    let first = claim(Some("k")).await.expect("it is the first");
    let fetched = region.turn().await.operator().fetched_last().await.expect("listed");
    assert_eq!((fetched.len(), fetched[0].id.as_str()), (1, sent.id.as_str()));
    assert_eq!(fetched[0].download_ends, Some(first.expires_at));
    assert_eq!(states().await, (InboxState::Fetched, OutboxState::Downloaded));
    release(&sent.id).await.expect("released");
    assert_eq!(states().await, (InboxState::Unfetched, OutboxState::NotDownloaded));
    let old = &first.download_token;
    refused(region.turn().await.exchange().download(own, old).await, "download-token-unknown");
    let exchange = region.turn().await.exchange();
    refused(exchange.confirm(own, old, &first.sha256).await, "download-token-unknown");
    let second = claim(Some("k")).await.expect("it can be fetched again");
    assert_ne!(second.download_token, first.download_token, "a new claim has a new token");
    region
        .turn()
        .await
        .exchange()
        .download(own, &second.download_token)
        .await
        .expect("the new one opens it");
    refused(claim(None).await, "already-fetched");
    release(&sent.id).await.expect("released");
    claim(None).await.expect("without a key as well");
}

#[tokio::test]
async fn ten_minutes_end_a_download() {
    let region = Region::ready().await;
    let (sender, receiver) = (region.office(planner()).await, region.office(helper()).await);
    let sent = sender.send("one", "K2", helper()).await.expect("it is taken");
    let claim = region
        .turn()
        .await
        .exchange()
        .claim(&receiver.caller, &sent.id, None)
        .await
        .expect("the first");
    region.advance_minutes(9).await;
    region
        .turn()
        .await
        .exchange()
        .download(&receiver.caller, &claim.download_token)
        .await
        .expect("in time");
    region.advance_minutes(1).await;
    let late =
        region.turn().await.exchange().download(&receiver.caller, &claim.download_token).await;
    refused(late, "download-closed");
    refused(
        region.turn().await.exchange().claim(&receiver.caller, &sent.id, None).await,
        "already-fetched",
    );
}

#[tokio::test]
async fn messages_of_others_do_not_exist() {
    let region = Region::ready().await;
    let (sender, receiver) = (region.office(planner()).await, region.office(helper()).await);
    let other = region.office(office_of("15")).await;
    let sent = sender.send("one", "K2", helper()).await.expect("it is taken");
    refused(
        region.turn().await.exchange().claim(&other.caller, &sent.id, None).await,
        "message-unknown",
    );
    refused(
        region.turn().await.exchange().claim(&sender.caller, &sent.id, None).await,
        "message-unknown",
    );
    refused(
        region.turn().await.exchange().inbox_item(&other.caller, &sent.id).await,
        "message-unknown",
    );
    refused(
        region.turn().await.exchange().inbox_item(&sender.caller, &sent.id).await,
        "message-unknown",
    );
    refused(
        region.turn().await.exchange().outbox_item(&receiver.caller, &sent.id).await,
        "message-unknown",
    );
    refused(
        region.turn().await.exchange().notice(&other.caller, "nothing").await,
        "message-unknown",
    );
    let detail = region
        .turn()
        .await
        .exchange()
        .outbox_item(&sender.caller, &sent.id)
        .await
        .expect("its own");
    assert_eq!(detail.manifest_files.len(), 3);
    assert_eq!(detail.item.units[0].unit, "K2");
    assert_eq!(detail.item.units[0].service_month.as_deref(), Some("202610"));
}

#[tokio::test]
async fn lists_are_paged_sorted_and_searched() {
    let region = Region::ready().await;
    let (one, two) = (region.office(planner()).await, region.office(office_of("46")).await);
    let mut ids = Vec::new();
    for index in 0..5 {
        region.advance_minutes(1).await;
        let sender = if index % 2 == 0 { &one } else { &two };
        let sent = sender.send(&format!("key-{index}"), "K2", helper()).await.expect("taken");
        ids.push(sent.id);
    }
    let receiver = region.office(helper()).await;
    let relay = &region.relay;
    let list = |query: ListQuery| {
        let (relay, caller) = (relay.clone(), receiver.caller.clone());
        async move {
            let page = relay
                .turn()
                .await
                .expect("a turn")
                .exchange()
                .inbox(&caller, &query)
                .await
                .expect("listed");
            let ids: Vec<_> = page.items.iter().map(|item| item.id.clone()).collect();
            (ids, page.total)
        }
    };
    let all = ListQuery::default();
    let (found, total) = list(all.clone()).await;
    assert_eq!(total, 6, "five and that of the beginning");
    assert_eq!(found[..5], ids.iter().rev().cloned().collect::<Vec<_>>()[..]);
    let (found, total) =
        list(ListQuery { page: 2, per_page: 2, sort: Sort::OldestFirst, ..all.clone() }).await;
    assert_eq!((found.as_slice(), total), (&ids[1..3], 6));
    let (found, _) = list(ListQuery { page: 9, ..all.clone() }).await;
    assert!(found.is_empty());
    let from_two = ListQuery { office: Some(office_of("46").to_owned()), ..all.clone() };
    let (found, total) = list(from_two).await;
    assert_eq!((found, total), (vec![ids[3].clone(), ids[1].clone()], 2));
    let (found, _) = list(ListQuery { sort: Sort::ByOffice, ..all.clone() }).await;
    let mut expected = [ids[3].clone(), ids[1].clone()];
    let planner_first = planner() < office_of("46");
    let tail = if planner_first { &found[4..] } else { &found[..2] };
    assert_eq!(tail, expected);
    let (found, _) = list(ListQuery { sort: Sort::ByOfficeBackward, ..all.clone() }).await;
    let head = if planner_first { &found[..2] } else { &found[4..] };
    assert_eq!(head, expected);
    expected.reverse();
    for (text, count) in [
        ("東地域包括", 2),
        ("さくらケアプラン", 4),
        ("upplan_202610", 5),
        ("%", 0),
        ("upplan2", 0),
        ("  ", 6),
    ] {
        let (_, total) = list(ListQuery { text: Some(text.to_owned()), ..all.clone() }).await;
        assert_eq!(total, count, "{text}");
    }
    region.turn().await.exchange().claim(&receiver.caller, &ids[0], None).await.expect("the first");
    let (found, _) = list(ListQuery { fetched: Some(true), ..all.clone() }).await;
    assert_eq!(found, [ids[0].clone()]);
    let (_, total) = list(ListQuery { fetched: Some(false), ..all }).await;
    assert_eq!(total, 5);
}

#[tokio::test]
async fn names_of_files_come_to_both_sides_where_they_are_asked_for() {
    let region = Region::ready().await;
    let (sender, receiver) = (region.office(planner()).await, region.office(helper()).await);
    let files = unit_files("K2", planner(), helper());
    let names: Vec<String> = files.iter().map(|file| file.name.clone()).collect();
    region.advance_minutes(1).await;
    sender.send("one", "K2", helper()).await.expect("taken");
    for (file_names, wanted) in [(false, None), (true, Some(names.clone())), (false, None)] {
        let query = ListQuery { file_names, ..ListQuery::default() };
        let turn = region.turn().await;
        let outbox = turn.exchange().outbox(&sender.caller, &query).await.expect("listed");
        assert_eq!(outbox.items[0].file_names, wanted);
        assert_eq!(outbox.items[0].files as usize, names.len());
        let turn = region.turn().await;
        let inbox = turn.exchange().inbox(&receiver.caller, &query).await.expect("listed");
        assert_eq!(inbox.items[0].file_names, wanted);
    }
}

#[tokio::test]
async fn receiving_without_a_licence_is_a_switch() {
    let region = Region::ready().await;
    let number = from_the_end(2);
    region.switch(|switches| switches.destination_licensed = false).await;
    let sender = region.office(planner()).await;
    let one = sender.send("one", "K2", number).await.expect("the switch allows it");
    let two = sender.send("two", "K2", number).await.expect("the switch allows it");
    let receiver = region.office(number).await;
    region
        .turn()
        .await
        .exchange()
        .claim(&receiver.caller, &one.id, None)
        .await
        .expect("nothing that arrived is lost");
    region.switch(|switches| switches.receive_unlicensed = false).await;
    refused(
        region.turn().await.exchange().claim(&receiver.caller, &two.id, None).await,
        "licence-needed",
    );
}

#[tokio::test]
async fn the_top_page_tells_when_the_password_expires() {
    let region = Region::ready().await;
    let office = region.office(planner()).await;
    let expiry = async || {
        let top = region.turn().await.exchange().top(&office.caller).await.expect("it opens");
        top.password_expires_at.map(|end| end.to_string())
    };
    let portal = region.portal(planner()).await;
    let change = async |from: &str, to: &str| {
        let (from, to) = (secret(from), secret(to));
        let account = region.turn().await.account();
        account.change_password(&portal, &from, &to, true).await.expect("it is changed");
    };
    region.switch(|switches| switches.password_days = 0).await;
    change(KJ_PASSWORD, "Sakura2026").await;
    assert_eq!(expiry().await, None, "0 days are for ever");
    // 180 days after 2026-11-21 is 2027-05-20, which still counts.
    region.switch(|switches| switches.password_days = 180).await;
    change("Sakura2026", "Sakura2027").await;
    assert_eq!(expiry().await.as_deref(), Some("2027-05-20T15:00:00Z"));
}

#[tokio::test]
async fn the_top_page_counts_what_waits_to_be_fetched() {
    let region = Region::ready().await;
    let (sender, receiver) = (region.office(planner()).await, region.office(helper()).await);
    let one = sender.send("one", "K2", helper()).await.expect("taken");
    sender.send("two", "K2", helper()).await.expect("taken");
    let waiting = async || {
        region.turn().await.exchange().top(&receiver.caller).await.expect("it opens").unfetched
    };
    assert_eq!(waiting().await, 3, "two and that of the beginning");
    region.turn().await.exchange().claim(&receiver.caller, &one.id, None).await.expect("the first");
    assert_eq!(waiting().await, 2);
}

#[tokio::test]
async fn notices_come_in_pages_of_ten() {
    let region = Region::ready().await;
    let portal = region.portal(planner()).await;
    let office = region.office(planner()).await;
    let page = async |page, per_page| {
        region
            .turn()
            .await
            .exchange()
            .notices(&office.caller, page, per_page)
            .await
            .expect("listed")
    };
    let before = page(0, 0).await.total;
    for _ in 0..12 {
        region.turn().await.certificates().reissue_password(&portal).await.expect("re-issued");
    }
    let first = page(0, 0).await;
    assert_eq!((first.page, first.per_page, first.total), (1, 10, before + 12));
    assert_eq!(first.items.len(), 10);
    let all = page(1, 1_000).await;
    assert_eq!((all.per_page, all.items.len() as u64), (200, before + 12));
    let mut pages = first.items.clone();
    pages.extend(page(2, 10).await.items);
    assert_eq!(pages, all.items[..pages.len()]);
    assert_eq!(pages.len() as u64, all.total.min(20));
    let behind = page(u32::MAX, 200).await;
    assert_eq!((behind.items.len(), behind.total), (0, before + 12));
    // Opening one is seen at once.
    assert!(first.items[0].unread);
    let id = &first.items[0].id;
    region.turn().await.exchange().notice(&office.caller, id).await.expect("opened");
    let after = page(1, 10).await;
    assert_eq!((after.items[0].unread, after.unread), (false, first.unread - 1));
}

#[tokio::test]
async fn a_notice_is_read_once() {
    let region = Region::ready().await;
    let portal = region.portal(planner()).await;
    region.turn().await.certificates().reissue_password(&portal).await.expect("re-issued");
    let office = region.office(planner()).await;
    let top = region.turn().await.exchange().top(&office.caller).await.expect("it opens");
    assert!(top.notices[0].unread);
    assert_eq!(top.notices[0].category, NoticeCategory::Certificate);
    let notice = region
        .turn()
        .await
        .exchange()
        .notice(&office.caller, &top.notices[0].id)
        .await
        .expect("opened");
    assert!(notice.body.starts_with("証明書発行用パスワードを再発行しました。"));
    let top = region.turn().await.exchange().top(&office.caller).await.expect("it opens");
    assert!(!top.notices[0].unread);
    let other = region.office(helper()).await;
    let card = presented(&other.own);
    region.relay.caller(&other.login.access_token, Some(&card)).expect("still there");
    refused(
        region.turn().await.exchange().notice(&other.caller, &notice.id).await,
        "message-unknown",
    );
}

#[tokio::test]
async fn a_search_text_has_its_length_and_a_cursor_its_list() {
    let region = Region::ready().await;
    let office = region.office(planner()).await;
    let ask = async |query: ListQuery| {
        let exchange = region.turn().await.exchange();
        exchange.inbox(&office.caller, &query).await.map(|page| page.total)
    };
    let text =
        |length: usize| ListQuery { text: Some("あ".repeat(length)), ..ListQuery::default() };
    assert_eq!(ask(text(100)).await.expect("as long as may be"), 0);
    refused(ask(text(101)).await, "search-text-too-long");
    let after = ListQuery { after: Some("nonsense".to_owned()), ..ListQuery::default() };
    refused(ask(after).await, "list-cursor-unknown");
}
