//! `careplan-relay-plan client`: says what to do with a client, waits, and judges the journal.

use std::io::{BufRead, Write as _};
use std::path::{Path, PathBuf};

use base64::Engine;
use careplan_tests::bed::{Bed, C_PASSWORD, ISSUE_PASSWORD, KJ_PASSWORD};
use careplan_tests::plan::client::{CLIENT_RULES, Verdict, line};
use careplan_tests::plan::report::Language;
use careplan_tests::unit::{files, office_of};
use clap::Args;
use reqwest::Method;
use serde_json::{Value, json};

use super::{FAILED, Lang, NOT_RUN, PASSED, UNREACHABLE, complain, print};

/// クライアントの振る舞いを確かめる / Judges what a client does
///
/// 模擬サーバーを起動し、クライアントで何をするかを表示します。操作が終わったらEnterを押すと、サーバーの
/// 記録から判定します。`-- COMMAND` を付けると、コマンドを実行して判定します（環境変数
/// CAREPLAN_RELAY、CAREPLAN_CA、CAREPLAN_TERMINAL_USER、CAREPLAN_TERMINAL_PASSWORD、
/// CAREPLAN_OFFICE_USER、CAREPLAN_OFFICE_PASSWORD、CAREPLAN_P12、CAREPLAN_P12_PASSWORD、
/// CAREPLAN_HOME、CAREPLAN_SEND_DIR、CAREPLAN_RECEIVE_DIR。careplan-clientはそのまま使います）。
/// / Starts our server, says what to do with the client, waits for Enter (or runs COMMAND with
/// these variables), then judges by the server's journal.
#[derive(Debug, Args)]
pub(super) struct ClientOptions {
    /// ファイルを置くフォルダー（省略時は一時フォルダー） / Folder for certificate and files; without it, a temporary one
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// 動いている模擬サーバーの操作ポートのURL（その記録だけを判定） / Controls of a server that runs: judge its journal as it is
    #[arg(long, value_name = "URL", conflicts_with_all = ["dir", "command"])]
    controls: Option<String>,
    /// この事業所の要求だけを判定 / Judge only what this office asked
    #[arg(long, value_name = "NUMBER", requires = "controls")]
    office: Option<String>,
    /// 表示する言語 / Language
    #[arg(long, value_enum, default_value_t = Lang::Ja)]
    lang: Lang,
    /// 実行するコマンド / A command to run instead of waiting
    #[arg(last = true)]
    command: Vec<String>,
}

pub(super) fn run(options: &ClientOptions) -> u8 {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            complain(&error.to_string());
            return FAILED;
        }
    };
    let language = options.lang.language();
    let entries = runtime.block_on(async {
        match &options.controls {
            Some(controls) => journal(controls, options.office.as_deref()).await,
            None => walk(options, language).await,
        }
    });
    match entries {
        Ok(entries) => judge(&entries, language),
        Err(error) => {
            complain(&error);
            UNREACHABLE
        }
    }
}

fn judge(entries: &[Value], language: Language) -> u8 {
    let mut exit = PASSED;
    for rule in CLIENT_RULES {
        let verdict = rule.judge(entries);
        print(&line(rule, &verdict, language));
        exit = match (&verdict, exit) {
            (Verdict::Broken(..), _) | (_, FAILED) => FAILED,
            (Verdict::NotSeen, _) => NOT_RUN,
            (Verdict::Kept, exit) => exit,
        };
    }
    print(&match exit {
        PASSED => language.of("すべて合格", "everything passed"),
        NOT_RUN => language.of(
            "不合格なし（操作されていない項目があります）",
            "nothing failed, but not everything was done",
        ),
        _ => language.of("不合格", "failed"),
    });
    exit
}

/// The entries of the relay's journal.
async fn journal(controls: &str, office: Option<&str>) -> Result<Vec<Value>, String> {
    let client = careplan_tests::bed::client_with(careplan_tests::tls::client(
        "",
        None,
        careplan_tests::tls::ANY_VERSION,
    ));
    let url = format!(
        "{}/v1/controls/journal?limit=100000&listener=relay",
        controls.trim_end_matches('/')
    );
    let answer = client.get(url).send().await.map_err(|error| error.to_string())?;
    let view: Value = answer.json().await.map_err(|error| error.to_string())?;
    let entries = view["entries"].as_array().ok_or("the journal has no entries")?;
    // Stage 1 belongs to nobody yet: its office is not known.
    let wanted = |entry: &&Value| {
        office.is_none_or(|office| entry["office"].is_null() || entry["office"] == office)
    };
    Ok(entries.iter().filter(wanted).cloned().collect())
}

async fn walk(options: &ClientOptions, language: Language) -> Result<Vec<Value>, String> {
    careplan_tests::program::find()?;
    let temporary;
    let folder = match &options.dir {
        Some(folder) => folder.clone(),
        None => {
            temporary = tempfile::tempdir().map_err(|error| error.to_string())?;
            temporary.path().to_owned()
        }
    };
    let bed = Bed::start(&[]);
    let office = office_of("11");
    let desk = Desk::set_up(&bed, office, &folder).await.map_err(|error| error.to_string())?;
    // What the desk itself asked is not the client's doing.
    let _ = bed.control(Method::DELETE, "/v1/controls/journal", &json!({})).await;
    print(&desk.told(language));
    match options.command.split_first() {
        Some((program, arguments)) => {
            let status = tokio::process::Command::new(program)
                .args(arguments)
                .envs(desk.variables())
                .status()
                .await
                .map_err(|error| format!("{program}: {error}"))?;
            print(
                &language.of(&format!("コマンドの終了：{status}"), &format!("command: {status}")),
            );
        }
        None => {
            print(
                &language.of(
                    "操作が終わったらEnterを押してください。",
                    "Press Enter when you are done.",
                ),
            );
            let mut line = String::new();
            // The end of the input ends the walk, too.
            let _ = std::io::stdin().lock().read_line(&mut line);
        }
    }
    journal(&bed.controls(""), None).await
}

/// Everything a client needs, in a folder.
struct Desk {
    relay: String,
    c_id: String,
    kj_id: String,
    office: &'static str,
    partner: &'static str,
    ca_file: PathBuf,
    p12: PathBuf,
    send: PathBuf,
    receive: PathBuf,
}

impl Desk {
    async fn set_up(bed: &Bed, office: &'static str, folder: &Path) -> std::io::Result<Self> {
        let partner = office_of("43");
        let (c_id, kj_id) = bed.ids(office).await;
        let (_, issued) = bed.issue(office, None).await;
        let p12 = issued["p12_base64"].as_str().unwrap_or_default();
        let p12 = base64::prelude::BASE64_STANDARD.decode(p12).map_err(std::io::Error::other)?;
        let desk = Self {
            relay: bed.relay(""),
            c_id,
            kj_id,
            office,
            partner,
            ca_file: folder.join("ca.pem"),
            p12: folder.join(issued["file_name"].as_str().unwrap_or("office.p12")),
            send: folder.join("send"),
            receive: folder.join("receive"),
        };
        std::fs::create_dir_all(&desk.send)?;
        std::fs::create_dir_all(&desk.receive)?;
        std::fs::write(&desk.ca_file, bed.program.printed("ca_pem"))?;
        let mut file = std::fs::File::create(&desk.p12)?;
        file.write_all(&p12)?;
        for (name, bytes) in files("S1", office, partner) {
            std::fs::write(desk.send.join(name), bytes)?;
        }
        // Something to fetch.
        let planner = bed.office(partner).await;
        let _ = planner.send(bed, "client-plan", "K2", office).await;
        Ok(desk)
    }

    fn variables(&self) -> [(&'static str, String); 11] {
        let path = |path: &Path| path.display().to_string();
        [
            ("CAREPLAN_RELAY", self.relay.clone()),
            ("CAREPLAN_CA", path(&self.ca_file)),
            ("CAREPLAN_TERMINAL_USER", self.c_id.clone()),
            ("CAREPLAN_TERMINAL_PASSWORD", C_PASSWORD.to_owned()),
            ("CAREPLAN_OFFICE_USER", self.kj_id.clone()),
            ("CAREPLAN_OFFICE_PASSWORD", KJ_PASSWORD.to_owned()),
            ("CAREPLAN_P12", path(&self.p12)),
            ("CAREPLAN_P12_PASSWORD", ISSUE_PASSWORD.to_owned()),
            ("CAREPLAN_HOME", path(&self.receive.with_file_name("terminal"))),
            ("CAREPLAN_SEND_DIR", path(&self.send)),
            ("CAREPLAN_RECEIVE_DIR", path(&self.receive)),
        ]
    }

    /// What to do, with the documented passwords of the demo.
    fn told(&self, language: Language) -> String {
        let Self { relay, c_id, kj_id, office, partner, .. } = self;
        let (ca, p12) = (self.ca_file.display(), self.p12.display());
        let (send, receive) = (self.send.display(), self.receive.display());
        language.of(
            &format!(
                "模擬サーバー {relay} を起動しました（認証局：{ca}）。事業所 {office} のクライアントで、次の操作をしてください。\n\
                 1. 電子証明書 {p12} をインストールする（パスワード {ISSUE_PASSWORD}）\n\
                 2. ログインする：1段階目 {c_id} / {C_PASSWORD}、2段階目 {kj_id} / {KJ_PASSWORD}\n\
                 3. 受信一覧のデータ（{partner} から）をすべて取得し、{receive} に保存する\n\
                 4. {send} のファイルを {partner} へ送信する\n\
                 5. ログアウトする"
            ),
            &format!(
                "The server runs at {relay} (authority: {ca}). With the client of office {office}:\n\
                 1. install the certificate {p12} (password {ISSUE_PASSWORD})\n\
                 2. log in: stage 1 {c_id} / {C_PASSWORD}, stage 2 {kj_id} / {KJ_PASSWORD}\n\
                 3. fetch everything in the inbox (from {partner}) into {receive}\n\
                 4. send the files in {send} to {partner}\n\
                 5. log out"
            ),
        )
    }
}
