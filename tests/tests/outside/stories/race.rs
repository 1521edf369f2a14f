//! Many at once for one message.

use careplan_tests::bed::Bed;
use careplan_tests::office::sha256_hex;
use careplan_tests::unit::office_of;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_fifty_at_once_exactly_one_downloads() {
    let bed = Bed::start(&[]);
    let planner = bed.office(office_of("43")).await;
    let helper = bed.office(office_of("11")).await;
    let sent = planner.send(&bed, "race", "K2", &helper.number).await.is(201);
    let id = sent.text("id");
    let claim_url = bed.relay(&format!("/v1/inbox/{id}/claim"));
    let downloads = bed.relay("/v1/downloads/");
    // Each has a connection of its own.
    let start = std::sync::Arc::new(tokio::sync::Barrier::new(50));
    let racers: Vec<_> = (0..50)
        .map(|_| {
            let (client, token) = (bed.client(Some(&helper.installed)), helper.token.clone());
            let (claim, downloads) = (claim_url.clone(), downloads.clone());
            let start = std::sync::Arc::clone(&start);
            tokio::spawn(async move {
                start.wait().await;
                let claim = client.post(claim).bearer_auth(&token).send().await.unwrap();
                let status = claim.status().as_u16();
                let claim: serde_json::Value = claim.json().await.unwrap();
                if status != 200 {
                    assert_eq!((status, &claim["code"]), (410, &"already-fetched".into()));
                    return None;
                }
                let url = format!("{downloads}{}", claim["download_token"].as_str().unwrap());
                let archive = client.get(url).bearer_auth(&token).send().await.unwrap();
                assert_eq!(archive.status(), 200);
                let archive = archive.bytes().await.unwrap();
                assert_eq!(claim["sha256"], sha256_hex(&archive));
                Some(archive)
            })
        })
        .collect();
    let mut won = 0;
    for racer in racers {
        won += u32::from(racer.await.unwrap().is_some());
    }
    assert_eq!(won, 1);
    let outbox = planner.read(&bed, "/v1/outbox?state=downloaded").await.is(200);
    assert_eq!(outbox.items()[0]["id"], id);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_key_at_once_is_one_message() {
    let bed = Bed::start(&[]);
    let planner = bed.office(office_of("43")).await;
    let sends = (0..10).map(|_| {
        let files = careplan_tests::unit::files("K2", &planner.number, office_of("11"));
        let form = planner.message(office_of("11"), &files);
        let request = planner.posting(&bed, "one-key", form);
        tokio::spawn(async move {
            let answer = request.send().await.unwrap();
            let status = answer.status().as_u16();
            let json: serde_json::Value = answer.json().await.unwrap();
            (status, json["id"].as_str().unwrap().to_owned())
        })
    });
    let mut answers = Vec::new();
    for send in sends.collect::<Vec<_>>() {
        answers.push(send.await.unwrap());
    }
    assert_eq!(answers.iter().filter(|(status, _)| *status == 201).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|(status, id)| [200, 201].contains(status) && *id == answers[0].1));
    let outbox = planner.read(&bed, "/v1/outbox").await.is(200);
    let id = &answers[0].1;
    assert_eq!(outbox.items().iter().filter(|row| row["id"] == id.as_str()).count(), 1);
}
