//! What the program says once it serves: where everything is, and who can log in.

use std::fmt::Write;

use careplan_relay::beginning::Origin;
use careplan_relay::control::AccountView;
use careplan_wire::serve::Server;

/// How many accounts are shown; all of them are at the controls.
const SHOWN: usize = 12;

/// The text, Japanese and English.
pub(crate) async fn text(server: &Server) -> String {
    let at = server.addresses();
    let Origin { name: scenario, seed } = server.relay().origin();
    let mut text = String::new();
    let _ = write!(
        text,
        "\
ケアプランデータ連携システム 模擬サーバー（試験用。本物の証明書・個人情報は入れないでください）
careplan-testbed mock server, for testing only: no real certificates, no personal data

  中継 / relay             {relay}   TLS、クライアント証明書 / TLS, client certificates
  サイト / sites           {sites}
  研修 / for trainers      {sites}/console
  APIの説明 / API          {sites}/docs   {sites}/openapi.json
  操作 / controls          {controls}/v1/controls/accounts
  監視 / health, metrics   {controls}/healthz   {controls}/readyz   {controls}/metrics
  CA証明書 / CA            {relay}/v1/authority （または --print-config / or --print-config）

  シナリオ / scenario: {scenario}   乱数の種 / seed: {seed}   時計 / clock: {now} (JST)
",
        relay = at.relay,
        sites = at.sites,
        controls = at.controls,
        now = careplan_relay::clock::shown(server.relay().clock().now()),
    );
    if let Some(sites_tls) = &at.sites_tls {
        let _ = writeln!(
            text,
            "  サイト（TLS） / sites under TLS   {sites_tls}   使い方 / how to: {}/certificate",
            at.sites
        );
    }
    if let Some(token) = server.admin_token() {
        let _ = writeln!(
            text,
            "\n  操作用トークン / admin token: {}\n  （Authorization: Bearer で送ってください / send it as Authorization: Bearer）",
            token.reveal()
        );
    }
    match accounts(server).await {
        Ok(accounts) => write_accounts(&mut text, &accounts, &at.controls),
        Err(error) => tracing::error!(%error, "the accounts cannot be read"),
    }
    text.push_str("\nCtrl+C で終了します / Ctrl+C ends it\n");
    text
}

async fn accounts(server: &Server) -> careplan_relay::outcome::Result<Vec<AccountView>> {
    server.relay().turn().await?.operator().accounts().await
}

fn write_accounts(text: &mut String, accounts: &[AccountView], controls: &str) {
    let mut known: Vec<&AccountView> =
        accounts.iter().filter(|account| account.kj_id.is_some()).collect();
    // Those who can exchange at once come first.
    known.sort_by_key(|account| account.certificates.is_empty());
    let _ = writeln!(text, "\n  アカウント / accounts");
    for account in known.iter().take(SHOWN) {
        let shown = |secret: &Option<careplan_relay::secret::Secret>| {
            secret
                .as_ref()
                .map_or("（変更済 / changed）".to_owned(), |secret| secret.reveal().to_owned())
        };
        let _ = writeln!(
            text,
            "    {}  {}  [{}]{}",
            account.office,
            account.name,
            account.service_kinds.join(" "),
            if account.certificates.is_empty() {
                ""
            } else {
                "  証明書あり / has a certificate"
            },
        );
        let _ = writeln!(
            text,
            "      {}  {}{}    {}  {}",
            account.kj_id.as_deref().unwrap_or("-"),
            shown(&account.kj_password),
            if account.temporary { "（仮 / temporary）" } else { "" },
            account.c_id.as_deref().unwrap_or("-"),
            shown(&account.c_password),
        );
    }
    if known.len() > SHOWN {
        let _ = writeln!(text, "    … {controls}/v1/controls/accounts");
    }
}
