//! Sending: names, combinations, content, signature, attachments, limits, idempotency.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::json;

use super::Need::ThirdOffice;
use super::scene::Scene;
use super::seen::Unmet;
use super::server::Role;
use super::{Done, declare};
use crate::office::{form, manifest};
use crate::unit::{File, files_between};

/// E1, E2 and E3 of relay.md §3.
const COMBINATION: &str =
    "ファイルの組み合わせが正しくありません。CSVファイルの組み合わせを確認してください。";
const NAME: &str =
    "添付ファイル名の形式に誤りがあります。標準仕様の送信単位に従ったファイルを添付してください。";
const CONTENT: &str = "ケアプランデータの書式フォーマットが正しくありません。ケアプランデータ内の書式を確認してください。";

declare! { "SEND", "送信", "Sending";
    "01" "relay.md §2; S 2.4" Stated [] complete_unit
        "送信単位のそろった送信を受け付け、相手の受信一覧に載る", "a complete unit is taken and appears in the partner's list";
        "送信の基本の流れが通る", "the main path works";
    "02" "S 2.4" Stated [] every_unit
        "標準仕様の送信単位（K1～K4、S1、S2）をすべて受け付ける", "every send unit of the standard (K1 to K4, S1, S2) is taken";
        "正しい組み合わせが断られない", "no right combination is refused";
    "03" "relay.md §3 E2" Stated [] near_miss_name
        "形の誤ったファイル名は公式の文言で拒否", "a malformed file name is refused with the official text";
        "ファイル名が標準仕様のとおりか確かめられている", "names are looked at";
    "04" "relay.md §3 E1; S 2.4" Stated [] missing_file
        "欠けた組み合わせは公式の文言で拒否", "an incomplete combination is refused with the official text";
        "送信単位がそろっているか確かめられている", "units must be complete";
    "05" "relay.md §3 E3" Stated [] broken_content
        "書式の誤った内容は公式の文言で拒否", "malformed content is refused with the official text";
        "内容の書式が確かめられている", "content is looked at";
    "06" "relay.md §3 E3; L 4" Stated [] utf8
        "UTF-8のファイルは拒否", "a file in UTF-8 is refused";
        "文字コード（MS932）が確かめられている", "the encoding (MS932) is looked at";
    "07" "relay.md §2" Stated [] unsigned
        "署名のない送信は拒否", "a message without a signature is refused";
        "なりすまし対策の署名が必須である", "the signature that proves the sender is a must";
    "08" "relay.md §2" Inferred [] signature_of_other_bytes
        "別の内容への署名は拒否", "a signature over other bytes is refused";
        "署名が内容と照合されている", "the signature is verified";
    "09" "relay.md §2" Inferred [] signed_by_other
        "ほかの事業所の署名は拒否", "a signature of another office is refused";
        "署名者が送信者と照合されている", "the signer must be the sender";
    "10" "relay.md §2" Assumed [] manifest_lies
        "目録と違うファイルは拒否", "files that differ from the manifest are refused";
        "署名がファイルの中身まで及ぶ", "the signature covers the files";
    "11" "relay.md §9 item 14" Assumed [] other_sender
        "ファイル名の送信元がほかの事業所なら拒否", "names with another sender are refused";
        "他人の名前で送れない", "nobody sends in another's name";
    "12" "relay.md §9 items 10, 14" Assumed [] unknown_destination
        "知らない送信先は拒否", "an unknown destination is refused";
        "届かないデータを受け付けない", "nothing is taken that cannot arrive";
    "13" "relay.md §2" Inferred [ThirdOffice] several_destinations
        "1回の送信に複数の送信先は拒否", "several destinations in one message are refused";
        "別の事業所に個人情報が届かない", "no personal data reach the wrong office";
    "14" "relay.md §2" Inferred [] same_office
        "自分の事業所番号への送信は拒否", "sending to one's own number is refused";
        "案内にある制限のとおり", "as the help desk says";
    "15" "relay.md §1.3(e)" Assumed [] no_csv
        "CSVのない送信は拒否", "a message without a CSV is refused";
        "送信先はファイル名から決まる", "the destination comes from the names";
    "16" "relay.md §2" Stated [] allowed_attachments
        "添付できる種類（jpeg jpg png gif txt pdf）を受け付ける", "the allowed types (jpeg jpg png gif txt pdf) are taken";
        "標準仕様にない書類も送れる", "documents outside the standard can travel along";
    "17" "relay.md §2" Stated [] other_attachments
        "ほかの種類の添付は拒否", "attachments of other types are refused";
        "WordやExcel、実行ファイルは送れない", "no Word, Excel or program files";
    "18" "relay.md §9 item 2" Assumed [] path_names
        "フォルダーを含む名前や予約された名前は拒否", "names with folders and reserved names are refused";
        "受け取る側のパソコンで危険な場所に書かれない", "nothing is written where it should not be";
    "19" "relay.md §9 item 2" Assumed [] same_names
        "同じ名前（大文字小文字の違いを含む）のファイルは拒否", "two files of one name, case aside, are refused";
        "受け取る側で上書きされない", "nothing is overwritten at the receiver";
    "20" "relay.md §9 item 2" Assumed [] longest_text
        "メッセージは上限までは受け付け、超えると拒否", "a text is taken up to the limit and refused beyond";
        "上限が文字数で数えられている", "the limit counts characters";
    "21" "relay.md §9 item 2" Assumed [] too_many_files
        "ファイル数の上限を超えると拒否", "too many files are refused";
        "上限がある", "there is a limit";
    "22" "relay.md §9 item 2" Assumed [] large_file
        "大きすぎるファイルは拒否", "a file that is too large is refused";
        "上限がある", "there is a limit";
    "23" "relay.md §9 item 7" Assumed [] repeated_key
        "同じキーの再送は同じ1件として答える", "a repeat under the same key is the same message";
        "応答が失われても二重に送られない", "a lost answer doubles nothing";
    "24" "relay.md §9 item 7" Assumed [] reused_key
        "同じキーで別の内容は拒否", "the same key with other content is refused";
        "別の送信が黙って捨てられない", "no message is silently dropped";
    "25" "relay.md §9 item 7" Assumed [] malformed_key
        "キーのない送信、形の誤ったキーは拒否", "a missing or malformed key is refused";
        "再送を見分けられない送信を受け付けない", "every send can be told from a repeat";
    "26" "relay.md §9 item 7" Assumed [] key_race
        "同じキーの同時送信も1件", "the same key at once is one message";
        "再送が重なっても二重にならない", "repeats that overlap double nothing";
    "27" "relay.md §1.3(d), §9 item 1" Assumed [] version3
        "標準仕様3.xのファイルを受け付ける", "files of version 3.x are taken";
        "旧版の事業所とも送受信できる", "partners with older software can take part";
    "28" "relay.md §1.3(e)" Assumed [] two_units
        "1回に2つの送信単位を送れる", "two units may ride in one message";
        "計画と利用票をまとめて送れる", "plan and planned use travel together";
    "29" "relay.md §3" Stated [] nothing_left
        "拒否した送信は送信一覧に残らない", "a refused message leaves nothing in the lists";
        "拒否は「送られていない」と同じ意味である", "refused means not sent";
}

fn renamed(files: &[File], from: &str, to: &str) -> Vec<File> {
    files.iter().map(|(name, bytes)| (name.replace(from, to), bytes.clone())).collect()
}

fn with(mut files: Vec<File>, name: &str, bytes: &[u8]) -> Vec<File> {
    files.push((name.to_owned(), bytes.to_vec()));
    files
}

async fn complete_unit(scene: Arc<Scene>) -> Done {
    let (planner, service) = (scene.planner().await?, scene.service().await?);
    let files = scene.files("K2");
    let sent = scene.send(&planner, &service.number, &files).await?.is(201)?;
    sent.has("/files", files.len())?;
    sent.has("/bytes", files.iter().map(|(_, bytes)| bytes.len()).sum::<usize>())?;
    sent.has("/to/number", service.number.as_str())?;
    sent.has("/repeated", false)?;
    sent.text("/sent_at")?;
    let id = sent.text("/id")?;
    let list = scene.read(&service, "/v1/inbox?state=unfetched").await?.is(200)?;
    let row = list.rows()?.iter().find(|row| row["id"] == id);
    let row = row.ok_or_else(|| list.unmet("送った1件が載っている", "a row of the message"))?;
    let is = row["from"]["number"] == planner.number.as_str() && row["units"][0]["unit"] == "K2";
    list.ensure(is, "送信元と送信単位K2", "its sender and its unit K2")
}

async fn every_unit(scene: Arc<Scene>) -> Done {
    let (planner, service) = (scene.planner().await?, scene.service().await?);
    for unit in ["K1", "K2", "K3", "K4"] {
        scene.send(&planner, &service.number, &scene.files(unit)).await?.is(201)?;
    }
    let (from, to) = (scene.place(Role::Service).party, scene.place(Role::Planner).party);
    for unit in ["S1", "S2"] {
        let files = files_between(unit, from, to).unwrap_or_default();
        scene.send(&service, &planner.number, &files).await?.is(201)?;
    }
    Ok(())
}

async fn near_miss_name(scene: Arc<Scene>) -> Done {
    let planner = scene.planner().await?;
    let files = renamed(&scene.files("K2"), "UPPLAN", "UPPLNA");
    let seen = scene.send(&planner, &scene.number(Role::Service), &files).await?;
    seen.refused(422, "file-name-form")?.official(NAME)?;
    Ok(())
}

async fn missing_file(scene: Arc<Scene>) -> Done {
    let planner = scene.planner().await?;
    let files = scene.files("K2");
    let seen = scene.send(&planner, &scene.number(Role::Service), &files[..2]).await?;
    seen.refused(422, "file-combination")?.official(COMBINATION)?;
    Ok(())
}

async fn broken_content(scene: Arc<Scene>) -> Done {
    let planner = scene.planner().await?;
    let mut files = scene.files("K2");
    files[0].1 = b"nonsense\r\n".to_vec();
    let seen = scene.send(&planner, &scene.number(Role::Service), &files).await?;
    seen.refused(422, "file-content")?.official(CONTENT)?;
    Ok(())
}

async fn utf8(scene: Arc<Scene>) -> Done {
    let planner = scene.planner().await?;
    let mut files = scene.files("K1");
    for (_, bytes) in &mut files {
        // What a spreadsheet that saves UTF-8 does to Japanese text.
        *bytes = careplan_spec::ms932::decode_lossy(bytes).into_bytes();
    }
    let seen = scene.send(&planner, &scene.number(Role::Service), &files).await?;
    seen.refused(422, "file-content")?.official(CONTENT)?;
    Ok(())
}

async fn unsigned(scene: Arc<Scene>) -> Done {
    let planner = scene.planner().await?;
    let files = scene.files("K2");
    let manifest = manifest(&planner.number, &scene.number(Role::Service), None, &files);
    let form = form(manifest.to_string().into_bytes(), None, &files);
    let seen = scene.post_form(&planner, &scene.key(), form).await?;
    seen.refused(422, "signature-missing")?;
    Ok(())
}

async fn signature_of_other_bytes(scene: Arc<Scene>) -> Done {
    let planner = scene.planner().await?;
    let files = scene.files("K2");
    let manifest = manifest(&planner.number, &scene.number(Role::Service), None, &files);
    let signature = planner.sign(b"something else");
    let form = form(manifest.to_string().into_bytes(), Some(signature), &files);
    let seen = scene.post_form(&planner, &scene.key(), form).await?;
    seen.refused(422, "signature-invalid")?;
    Ok(())
}

async fn signed_by_other(scene: Arc<Scene>) -> Done {
    let (planner, service) = (scene.planner().await?, scene.service().await?);
    let files = scene.files("K2");
    let manifest = manifest(&planner.number, &service.number, None, &files).to_string();
    let signature = service.sign(manifest.as_bytes());
    let form = form(manifest.into_bytes(), Some(signature), &files);
    let seen = scene.post_form(&planner, &scene.key(), form).await?;
    seen.refused(403, "signer-is-not-you")?;
    Ok(())
}

async fn manifest_lies(scene: Arc<Scene>) -> Done {
    let planner = scene.planner().await?;
    let files = scene.files("K2");
    let mut lie = manifest(&planner.number, &scene.number(Role::Service), None, &files);
    lie["files"][0]["sha256"] = json!("0".repeat(64));
    let form = planner.message_as(&lie, &files);
    let seen = scene.post_form(&planner, &scene.key(), form).await?;
    seen.refused(422, "manifest-differs")?;
    Ok(())
}

async fn other_sender(scene: Arc<Scene>) -> Done {
    // The service office brings the planner's files, signed by itself.
    let service = scene.service().await?;
    let seen = scene.send(&service, &service.number, &scene.files("K2")).await?;
    seen.refused(403, "sender-is-not-you")?;
    Ok(())
}

async fn unknown_destination(scene: Arc<Scene>) -> Done {
    let planner = scene.planner().await?;
    let files = renamed(&scene.files("K2"), &scene.number(Role::Service), "4799999999");
    let seen = scene.send(&planner, "4799999999", &files).await?;
    seen.refused(422, "destination-unknown")?;
    Ok(())
}

async fn several_destinations(scene: Arc<Scene>) -> Done {
    let planner = scene.planner().await?;
    let mut files = scene.files("K2");
    files.extend(scene.files_to("K1", Role::Third));
    let seen = scene.send(&planner, &scene.number(Role::Service), &files).await?;
    seen.refused(422, "several-destinations")?;
    Ok(())
}

async fn same_office(scene: Arc<Scene>) -> Done {
    let planner = scene.planner().await?;
    let files = renamed(&scene.files("K2"), &scene.number(Role::Service), &planner.number);
    let seen = scene.send(&planner, &planner.number, &files).await?;
    seen.refused(422, "same-office")?;
    Ok(())
}

async fn no_csv(scene: Arc<Scene>) -> Done {
    let planner = scene.planner().await?;
    let files = with(Vec::new(), "shorui.pdf", b"%PDF-1.4");
    let seen = scene.send(&planner, &scene.number(Role::Service), &files).await?;
    seen.refused(422, "destination-missing")?;
    Ok(())
}

async fn allowed_attachments(scene: Arc<Scene>) -> Done {
    let planner = scene.planner().await?;
    let mut files = scene.files("K2");
    for extension in ["jpeg", "jpg", "png", "gif", "txt", "pdf", "PDF"] {
        files = with(files, &format!("添付 {extension}.{extension}"), extension.as_bytes());
    }
    // Names are compared without case, so the two PDFs need different ones.
    let last = files.len() - 1;
    files[last].0 = "別の添付.PDF".to_owned();
    let sent = scene.send(&planner, &scene.number(Role::Service), &files).await?.is(201)?;
    sent.has("/files", files.len())
}

async fn other_attachments(scene: Arc<Scene>) -> Done {
    let planner = scene.planner().await?;
    for name in ["a.docx", "a.xlsx", "a.csv.exe", "a", "a.zip", "a.html"] {
        let files = with(scene.files("K2"), name, b"x");
        let seen = scene.send(&planner, &scene.number(Role::Service), &files).await?;
        seen.refused(422, "attachment-type")?;
    }
    Ok(())
}

async fn path_names(scene: Arc<Scene>) -> Done {
    let planner = scene.planner().await?;
    for name in ["../a.pdf", "a:b.pdf", "con.pdf", " a.pdf", "relay/manifest.json"] {
        let files = with(scene.files("K2"), name, b"x");
        let seen = scene.send(&planner, &scene.number(Role::Service), &files).await?;
        seen.refused(422, "attachment-name")?;
    }
    Ok(())
}

async fn same_names(scene: Arc<Scene>) -> Done {
    let planner = scene.planner().await?;
    let files = with(with(scene.files("K2"), "a.pdf", b"x"), "A.PDF", b"y");
    let seen = scene.send(&planner, &scene.number(Role::Service), &files).await?;
    seen.refused(422, "duplicate-file-name")?;
    Ok(())
}

async fn longest_text(scene: Arc<Scene>) -> Done {
    let planner = scene.planner().await?;
    let files = scene.files("K2");
    let to = scene.number(Role::Service);
    let limit = scene.server.limits.text_chars;
    let text_of = |chars: usize| {
        let text = "あ".repeat(chars);
        planner.message_as(&manifest(&planner.number, &to, Some(&text), &files), &files)
    };
    scene.post_form(&planner, &scene.key(), text_of(limit)).await?.is(201)?;
    let seen = scene.post_form(&planner, &scene.key(), text_of(limit + 1)).await?;
    seen.refused(422, "text-too-long")?;
    Ok(())
}

async fn too_many_files(scene: Arc<Scene>) -> Done {
    let planner = scene.planner().await?;
    let mut files = scene.files("K2");
    for number in files.len()..=scene.server.limits.files {
        files = with(files, &format!("{number}.txt"), b"x");
    }
    let seen = scene.send(&planner, &scene.number(Role::Service), &files).await?;
    seen.refused(413, "too-many-files")?;
    Ok(())
}

async fn large_file(scene: Arc<Scene>) -> Done {
    let planner = scene.planner().await?;
    let bytes = vec![b'x'; scene.server.limits.file_bytes + 1];
    let files = with(scene.files("K2"), "large.txt", &bytes);
    let seen = scene.send(&planner, &scene.number(Role::Service), &files).await?;
    seen.refused(413, "file-too-large")?;
    Ok(())
}

async fn repeated_key(scene: Arc<Scene>) -> Done {
    let planner = scene.planner().await?;
    let (to, key) = (scene.number(Role::Service), scene.key());
    let files = scene.files("K2");
    let total = async || {
        let list = scene.read(&planner, "/v1/outbox?per_page=1").await?.is(200)?;
        let total = list.at("/total")?.as_u64();
        total.ok_or_else(|| list.unmet("/total が整数", "/total is a number"))
    };
    let before = total().await?;
    let first = scene.post_form(&planner, &key, planner.message(&to, &files)).await?.is(201)?;
    let again = scene.post_form(&planner, &key, planner.message(&to, &files)).await?.is(200)?;
    again.has("/id", first.at("/id")?.clone())?;
    again.has("/repeated", true)?;
    let after = total().await?;
    again.ensure(
        after == before + 1,
        "送信一覧に1件だけ増える",
        "the list of sent messages has one row more",
    )
}

async fn reused_key(scene: Arc<Scene>) -> Done {
    let planner = scene.planner().await?;
    let (to, key) = (scene.number(Role::Service), scene.key());
    let send = async |unit: &str| {
        scene.post_form(&planner, &key, planner.message(&to, &scene.files(unit))).await
    };
    send("K2").await?.is(201)?;
    send("K1").await?.refused(409, "idempotency-key-reused")?;
    Ok(())
}

async fn malformed_key(scene: Arc<Scene>) -> Done {
    let planner = scene.planner().await?;
    let to = scene.number(Role::Service);
    let files = scene.files("K2");
    for key in ["a b", "", &"k".repeat(65)] {
        let seen = scene.post_form(&planner, key, planner.message(&to, &files)).await?;
        seen.refused(400, "idempotency-key-malformed")?;
    }
    let without = planner.post(scene.relay("/v1/messages")).multipart(planner.message(&to, &files));
    scene.ask(without).await?.refused(400, "idempotency-key-malformed")?;
    Ok(())
}

async fn key_race(scene: Arc<Scene>) -> Done {
    let planner = scene.planner().await?;
    let (to, key) = (scene.number(Role::Service), scene.key());
    let files = scene.files("K2");
    let sends = (0..8).map(|_| {
        let (scene, planner, key) = (Arc::clone(&scene), planner.clone(), key.clone());
        let form = planner.message(&to, &files);
        tokio::spawn(async move { scene.post_form(&planner, &key, form).await })
    });
    let (mut ids, mut created) = (BTreeSet::new(), 0);
    let mut last = None;
    for send in sends.collect::<Vec<_>>() {
        let seen = send.await.expect("a send does not panic")?.any_of(&[200, 201])?;
        created += usize::from(seen.answer.status == 201);
        ids.insert(seen.text("/id")?.to_owned());
        last = Some(seen);
    }
    let last = last.expect("there were eight");
    last.ensure(
        ids.len() == 1 && created == 1,
        format!("201は1回、idは1つ（{created}回、{}個だった）", ids.len()),
        format!("201 once and one id, not {created} times and {} ids", ids.len()),
    )
}

async fn version3(scene: Arc<Scene>) -> Done {
    let planner = scene.planner().await?;
    for unit in ["V3-1", "V3-2"] {
        scene.send(&planner, &scene.number(Role::Service), &scene.files(unit)).await?.is(201)?;
    }
    Ok(())
}

async fn two_units(scene: Arc<Scene>) -> Done {
    let (planner, service) = (scene.planner().await?, scene.service().await?);
    let mut files = scene.files("K1");
    files.extend(scene.files("K2"));
    let names: BTreeSet<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    if names.len() < files.len() {
        return Err(Unmet::failed("-", "-", "名前の異なるファイル", "files of different names"));
    }
    let sent = scene.send(&planner, &service.number, &files).await?.is(201)?;
    let shown = scene.read(&service, &format!("/v1/inbox/{}", sent.text("/id")?)).await?.is(200)?;
    let units = shown.at("/units")?.as_array().map_or(0, Vec::len);
    shown.ensure(units == 2, "/units が2件", "two /units")
}

async fn nothing_left(scene: Arc<Scene>) -> Done {
    let (planner, service) = (scene.planner().await?, scene.service().await?);
    let total = async |office: &crate::office::Office, list: &str| {
        let list = scene.read(office, &format!("/v1/{list}?per_page=1")).await?.is(200)?;
        Ok::<_, Unmet>(list.at("/total")?.as_u64().unwrap_or_default())
    };
    let before = (total(&planner, "outbox").await?, total(&service, "inbox").await?);
    let mut files = scene.files("K2");
    files[0].1 = b"nonsense\r\n".to_vec();
    let seen = scene.send(&planner, &service.number, &files).await?.is(422)?;
    let after = (total(&planner, "outbox").await?, total(&service, "inbox").await?);
    seen.ensure(before == after, "どちらの一覧にも増えない", "neither list grows")
}
