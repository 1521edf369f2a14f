//! What to do about an error, in the words of this command: its flags and subcommands. The library
//! knows none of them.

use careplan_client_core::{
    CertificateError, ConnectionFailure as Failure, Error, ErrorKind, Explanation, MessageError,
    Text,
};

const RELAY: Text = Text::new(
    "（接続先は --relay か CAREPLAN_RELAY で指定します）",
    "(The address is given with --relay or CAREPLAN_RELAY.)",
);
const AUTHORITY: Text = Text::new(
    "（認証局の証明書は --ca か CAREPLAN_CA で指定し、電子証明書は「certificate import」で取り込みます）",
    "(The authority's certificate is given with --ca or CAREPLAN_CA; `certificate import` imports the terminal's.)",
);
const CLOCK: Text = Text::new(
    "（模擬環境の日時を動かしたときは、同じ日時を --now か CAREPLAN_NOW で指定します）",
    "(If the test bed's clock was moved, give the same time with --now or CAREPLAN_NOW.)",
);
const CERTIFICATE: Text = Text::new(
    "（取り込みは「certificate import」、確認は「certificate show」です）",
    "(`certificate import` imports one, `certificate show` shows it.)",
);
const LOGIN: Text = Text::new("（ログインは「login」です）", "(`login` logs in.)");
const BULK: Text =
    Text::new("（一括送信は「bulk new」で作ります）", "(`bulk new` makes a bulk send.)");

/// How this command does what the error advises; nothing where no flag or subcommand is about it.
pub(crate) const fn of(error: &ErrorKind) -> Option<Text> {
    match error {
        ErrorKind::Unreachable { failure, .. } => match failure {
            Failure::NoConnection | Failure::OtherName | Failure::NoTls | Failure::NoPlainHttp => {
                Some(RELAY)
            }
            Failure::UntrustedRelay | Failure::OtherAuthority | Failure::NoAuthority => {
                Some(AUTHORITY)
            }
            _ => None,
        },
        ErrorKind::WrongClock { .. } => Some(CLOCK),
        ErrorKind::Certificate(CertificateError::BadAuthority) => Some(AUTHORITY),
        ErrorKind::Certificate(_) | ErrorKind::RefusedInHandshake { .. } => Some(CERTIFICATE),
        ErrorKind::NotLoggedIn(_) => Some(LOGIN),
        ErrorKind::Message(MessageError::SeveralDestinations { .. }) => Some(BULK),
        _ => None,
    }
}

/// What happened and what to do, in both languages, with the words of this command.
pub(crate) fn explain(error: &Error) -> Explanation {
    let mut explanation = error.explain();
    if let Some(own) = of(error.kind()) {
        explanation.to_do.ja.push_str(own.ja);
        explanation.to_do.en.push(' ');
        explanation.to_do.en.push_str(own.en);
    }
    explanation
}
