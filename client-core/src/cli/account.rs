//! Certificate, login, top page.

use careplan_client_core::{
    CertificateError, CertificateFacts, CertificateFile, CertificateNote, Client, Error, ErrorKind,
    Judge, NoticeHead, OfficeNumber, OfficeUserId, Terminal, TerminalUserId, Text,
    certificate_notes, shown,
};
use serde_json::json;

use super::args::{CertificateArgs, CertificateCommand, LoginArgs};
use super::exit_code::Exit;
use super::screen::Screen;
use super::secret::{self, Lines};
use super::settings::Settings;
use super::{Ending, mailbox, screen};

pub(crate) fn certificate(
    args: CertificateArgs,
    terminal: &Terminal,
    settings: &Settings,
    screen: &Screen,
) -> Ending {
    let judge = |pem: Option<&str>| pem.and_then(|pem| Judge::from_pem(pem).ok());
    let office = terminal.session_info()?.and_then(|session| session.office.office_number());
    let show = |facts: &CertificateFacts, notes: &[CertificateNote]| {
        screen.value(&json!({ "certificate": facts_value(facts), "notes": notes }));
        show_facts(facts, screen);
        show_notes(notes, screen);
    };
    match args.command {
        CertificateCommand::Import { file, password_stdin } => {
            let p12 = CertificateFile::find(&file)?;
            let password = secret::password(
                screen,
                &mut Lines::new(password_stdin),
                "CAREPLAN_P12_PASSWORD",
                ("証明書発行用パスワード", "password of the p12 file"),
            )?;
            let installed = terminal.import_certificate(p12.bytes(), password)?;
            let judge = judge(settings.ca_pem.as_deref());
            let notes = certificate_notes(&installed, office, judge.as_ref(), settings.clock.now());
            screen
                .say(screen.pick("電子証明書を取り込みました。", "The certificate is installed."));
            show(installed.facts(), &notes);
            Ok(Exit::Done)
        }
        CertificateCommand::Show => {
            let installed = terminal.certificate()?.ok_or(CertificateError::NotInstalled)?;
            let judge = judge(settings.ca_pem.as_deref());
            let notes = certificate_notes(&installed, office, judge.as_ref(), settings.clock.now());
            show(installed.facts(), &notes);
            Ok(Exit::Done)
        }
        CertificateCommand::Remove => {
            if !terminal.remove_certificate()? {
                return Err(CertificateError::NotInstalled.into());
            }
            screen.say(screen.pick("電子証明書を削除しました。", "The certificate was removed."));
            screen.value(&json!({ "removed": true }));
            Ok(Exit::Done)
        }
    }
}

fn facts_value(facts: &CertificateFacts) -> serde_json::Value {
    json!({
        "office": facts.office.map(|office| office.to_string()),
        "kind": facts.common_name,
        "issuer": facts.issuer_common_name,
        "serial": facts.serial.to_string(),
        "not_before": facts.not_before.to_string(),
        "not_after": facts.not_after.to_string(),
        "test": facts.is_test,
    })
}

fn show_facts(facts: &CertificateFacts, screen: &Screen) {
    let line = |ja: &str, en: &str, value: &str| {
        screen.say(&format!("{}{value}", screen.pick(ja, en)));
    };
    let office = facts.office.map(|office| office.to_string());
    let name = facts.common_name.as_deref().unwrap_or("-");
    let kind = facts.kind.map(|kind| kind.name().get(screen.lang)).unwrap_or("-");
    line("  発行先　　：", "  subject: ", &format!("{name} ({kind})"));
    line("  事業所番号：", "  office:  ", office.as_deref().unwrap_or("-"));
    line("  発行者　　：", "  issuer:  ", facts.issuer_common_name.as_deref().unwrap_or("-"));
    line("  シリアル　：", "  serial:  ", &facts.serial.to_string());
    let period = format!("{} - {}", shown(facts.not_before), shown(facts.not_after));
    line("  有効期間　：", "  valid:   ", &period);
}

fn show_notes(notes: &[CertificateNote], screen: &Screen) {
    for note in notes {
        screen.note(&format!(
            "{}{} {}",
            screen.pick("注意：", "note: "),
            note.text.get(screen.lang),
            note.to_do.get(screen.lang)
        ));
    }
}

pub(crate) async fn login(
    args: LoginArgs,
    client: &Client,
    settings: &Settings,
    screen: &Screen,
) -> Ending {
    let mut lines = Lines::new(args.password_stdin);
    let terminal_user: TerminalUserId = secret::id(
        screen,
        args.terminal_user.or_else(|| settings.terminal_user.clone()),
        "--terminal-user",
        ("個人ユーザID（cから始まる）", "terminal user ID"),
    )?
    .parse()?;
    let terminal_password = secret::password(
        screen,
        &mut lines,
        "CAREPLAN_TERMINAL_PASSWORD",
        ("個人ユーザのパスワード", "terminal user's password"),
    )?;
    // Stage 1 is over before stage 2 is asked for, as on the real screen.
    let first = client.login_terminal(&terminal_user, &terminal_password).await?;
    let office_user: OfficeUserId = secret::id(
        screen,
        args.office_user.or_else(|| settings.office_user.clone()),
        "--office-user",
        ("事業所ユーザID（KJから始まる14桁）", "office user ID"),
    )?
    .parse()?;
    let office_password = secret::password(
        screen,
        &mut lines,
        "CAREPLAN_OFFICE_PASSWORD",
        ("事業所ユーザのパスワード", "office user's password"),
    )?;
    let logged_in = match client.login_office(&first, &office_user, &office_password).await {
        Ok(logged_in) => logged_in,
        Err(error) => {
            // What the terminal itself sees often is the cause.
            show_notes(&client.certificate_notes(Some(office_user.office())), screen);
            if client.certificate().is_none() {
                screen.note(screen.pick(
                    "この端末には電子証明書が取り込まれていません。",
                    "No certificate is installed on this terminal.",
                ));
            }
            return Err(error);
        }
    };
    let office = &logged_in.session.office;
    screen.say(&format!(
        "{}{} {}",
        screen.pick("ログインしました：", "logged in: "),
        office.number,
        office.name
    ));
    show_notes(&logged_in.certificate_notes, screen);
    screen.value(&json!({
        "session": logged_in.session,
        "certificate_notes": logged_in.certificate_notes,
    }));
    Ok(Exit::Done)
}

pub(crate) async fn logout(client: &Client, screen: &Screen) -> Ending {
    client.logout().await?;
    screen.say(screen.pick("ログアウトしました。", "Logged out."));
    screen.value(&json!({ "logged_out": true }));
    Ok(Exit::Done)
}

pub(crate) async fn top(client: &Client, screen: &Screen) -> Ending {
    let top = client.top().await?;
    screen.value(&top);
    let line = |ja: &str, en: &str, value: &str| {
        screen.say(&format!("{}{value}", screen.pick(ja, en)));
    };
    let running = match (top.system.running, top.system.text.is_empty()) {
        (_, false) => screen.pick_told(&top.system.text, &top.system.text_en).to_owned(),
        (true, true) => screen.pick("稼働中", "running").to_owned(),
        (false, true) => screen.pick("停止中", "stopped").to_owned(),
    };
    line("システム稼働：", "system:       ", &running);
    let updated = top.system.updated_on.map_or("-".to_owned(), |day| day.to_string());
    line("システム更新：", "updated:      ", &updated);
    line("事業所　　　：", "office:       ", &format!("{} {}", top.office.number, top.office.name));
    let pass = if top.licence.free_pass {
        screen.pick("（フリーパス）", " (free pass)")
    } else {
        ""
    };
    line(
        "有効期限　　：",
        "licence until: ",
        &format!("{}{pass}", dash(&top.licence.valid_until_shown)),
    );
    line("残高　　　　：", "balance:      ", dash(&top.licence.balance_shown));
    let certificate = &top.certificate;
    let end = certificate.not_after.map_or("-".to_owned(), shown);
    let kind = certificate.kind.map_or("-", |kind| kind.name().get(screen.lang));
    line("電子証明書　：", "certificate:  ", &format!("{kind} {end}"));
    let end = top.password_expires_at.map_or("-".to_owned(), shown);
    line("パスワード　：", "password until: ", &end);
    line("利用状況Web ：", "usage site:   ", top.usage_site.as_deref().unwrap_or("-"));
    line("未取得　　　：", "unfetched:    ", &top.unfetched.to_string());
    if !top.notices.is_empty() {
        screen.say("");
        notice_table(&top.notices, screen);
    }
    if top.password_ends_soon(client.clock().now()) {
        screen.note(screen.pick(
            "事業所ユーザIDのパスワードの有効期限が近づいています。電子請求受付システムで変更してください。",
            "The office user's password expires soon: change it on the billing site.",
        ));
    }
    Ok(Exit::Done)
}

fn notice_table(notices: &[NoticeHead], screen: &Screen) {
    let rows: Vec<Vec<String>> = notices
        .iter()
        .map(|notice| {
            vec![
                notice.id.clone(),
                shown(notice.published_at),
                (if notice.unread { screen.pick("未読", "unread") } else { "" }).to_owned(),
                screen.pick_told(&notice.title, &notice.title_en).to_owned(),
            ]
        })
        .collect();
    let head = [
        screen.pick("番号", "id"),
        screen.pick("日時", "time"),
        "",
        screen.pick("お知らせ", "notice"),
    ];
    screen.table(&head, &rows);
}

pub(crate) async fn notices(page: u32, per_page: u32, client: &Client, screen: &Screen) -> Ending {
    let page = client.notices().per_page(per_page).page(page).await?;
    screen.value(&page);
    notice_table(&page.items, screen);
    mailbox::count(page.items.len(), page.page, page.total, screen);
    Ok(Exit::Done)
}

fn dash(text: &str) -> &str {
    if text.is_empty() { "-" } else { text }
}

pub(crate) async fn notice(id: &str, client: &Client, screen: &Screen) -> Ending {
    let notice = client.notice(id).await?;
    screen.value(&notice);
    screen.say(screen.pick_told(&notice.title, &notice.title_en));
    screen.say(&shown(notice.published_at));
    screen.say("");
    screen.say(screen.pick_told(&notice.body, &notice.body_en));
    Ok(Exit::Done)
}

pub(crate) async fn office(number: &str, client: &Client, screen: &Screen) -> Ending {
    let number = OfficeNumber::parse(number.as_bytes()).ok_or_else(|| not_a_number(number))?;
    let office = client.office(number).await?;
    screen.value(&office);
    screen.say(&format!("{} {}", office.number, office.name));
    if !office.service_kinds.is_empty() {
        screen.say(&format!(
            "{}{}",
            screen.pick("サービス種類：", "service kinds: "),
            office.service_kinds.join(" ")
        ));
    }
    if let Some(uses) = office.uses_system {
        screen.say(if uses {
            screen.pick("ケアプランデータ連携システムを利用しています。", "It uses the system.")
        } else {
            screen.pick(
                "ケアプランデータ連携システムを利用していません。",
                "It does not use the system.",
            )
        });
    }
    Ok(Exit::Done)
}

/// What was given as the number of an office is none.
pub(crate) fn not_a_number(number: &str) -> Error {
    ErrorKind::Setting(Text::made(
        format!("「{number}」は事業所番号ではありません（10桁）。"),
        format!("{number:?} is no office number (10 characters)."),
    ))
    .into()
}

/// The error of a command that got nothing done but has something to say in both forms.
pub(crate) fn failed_value(error: &Error) -> serde_json::Value {
    screen::error_value(error, Exit::from(error.class()))
}
