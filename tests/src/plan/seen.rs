//! What came back, and why it is not what was expected.

use serde_json::Value;

use crate::bed::Answer;

/// How much of an answer a failure shows, in characters.
const SHOWN: usize = 500;

/// Why an expectation is not met.
#[derive(Debug, Clone)]
pub enum Unmet {
    /// The server did something else.
    Failed(Box<Failure>),
    /// It could not be seen after all; Japanese and English.
    NotRun(String, String),
}

/// What was asked, what came, and what should have come. Holds no secrets.
#[derive(Debug, Clone)]
pub struct Failure {
    /// Method and path.
    pub request: String,
    /// What came: status and body, without secrets.
    pub came: String,
    /// What was expected, Japanese.
    pub expected_ja: String,
    /// What was expected, English.
    pub expected_en: String,
}

impl Unmet {
    /// A failure of an expectation that no single answer shows.
    pub fn failed(
        request: impl Into<String>,
        came: impl Into<String>,
        ja: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        Self::Failed(Box::new(Failure {
            request: request.into(),
            came: came.into(),
            expected_ja: ja.into(),
            expected_en: en.into(),
        }))
    }
}

/// An answer, with the request it belongs to.
#[derive(Debug)]
pub struct Seen {
    /// Method and path, without secrets.
    pub request: String,
    /// The answer.
    pub answer: Answer,
}

impl Seen {
    /// Fails with this expectation.
    pub fn unmet(&self, ja: impl Into<String>, en: impl Into<String>) -> Unmet {
        Unmet::failed(&self.request, self.shown(), ja, en)
    }

    /// Fails unless the condition holds.
    ///
    /// # Errors
    /// It does not.
    pub fn ensure(
        &self,
        holds: bool,
        ja: impl Into<String>,
        en: impl Into<String>,
    ) -> Result<(), Unmet> {
        if holds { Ok(()) } else { Err(self.unmet(ja, en)) }
    }

    /// The same answer, which must have one of these statuses.
    ///
    /// # Errors
    /// It has another.
    pub fn any_of(self, statuses: &[u16]) -> Result<Self, Unmet> {
        if statuses.contains(&self.answer.status) {
            return Ok(self);
        }
        let wanted: Vec<String> = statuses.iter().map(u16::to_string).collect();
        let wanted = wanted.join(" / ");
        Err(self.unmet(format!("ステータス {wanted}"), format!("status {wanted}")))
    }

    /// The same answer, which must have this status.
    ///
    /// # Errors
    /// It has another.
    pub fn is(self, status: u16) -> Result<Self, Unmet> {
        self.any_of(&[status])
    }

    /// The same answer, which must be a refusal of this status and code.
    ///
    /// # Errors
    /// It is anything else.
    pub fn refused(self, status: u16, code: &str) -> Result<Self, Unmet> {
        let is = self.answer.status == status && self.answer.json["code"] == code;
        self.ensure(
            is,
            format!("拒否：ステータス {status}、code {code}"),
            format!("a refusal: status {status}, code {code}"),
        )?;
        Ok(self)
    }

    /// The same answer, whose `title` must be this official text, marked as official.
    ///
    /// # Errors
    /// It is another.
    pub fn official(self, title: &str) -> Result<Self, Unmet> {
        let is = self.answer.json["title"] == title && self.answer.json["official"] == true;
        self.ensure(
            is,
            format!("公式の文言（official: true）：{title}"),
            format!("the official text (official: true): {title}"),
        )?;
        Ok(self)
    }

    /// The value at a JSON pointer.
    ///
    /// # Errors
    /// There is none.
    pub fn at(&self, pointer: &str) -> Result<&Value, Unmet> {
        self.answer.json.pointer(pointer).ok_or_else(|| {
            self.unmet(format!("メンバー {pointer} がある"), format!("a member {pointer}"))
        })
    }

    /// The text at a JSON pointer.
    ///
    /// # Errors
    /// There is none, or it is empty.
    pub fn text(&self, pointer: &str) -> Result<&str, Unmet> {
        self.at(pointer)?.as_str().filter(|text| !text.is_empty()).ok_or_else(|| {
            let ja = format!("メンバー {pointer} が空でない文字列");
            self.unmet(ja, format!("{pointer} is text and not empty"))
        })
    }

    /// The rows of a list.
    ///
    /// # Errors
    /// It is no list.
    pub fn rows(&self) -> Result<&[Value], Unmet> {
        self.at("/items")?
            .as_array()
            .map(Vec::as_slice)
            .ok_or_else(|| self.unmet("メンバー /items が配列", "the member /items is an array"))
    }

    /// Fails unless this stands at a JSON pointer.
    ///
    /// # Errors
    /// Something else does.
    pub fn has(&self, pointer: &str, wanted: impl Into<Value>) -> Result<(), Unmet> {
        let wanted = wanted.into();
        let holds = self.answer.json.pointer(pointer) == Some(&wanted);
        self.ensure(holds, format!("{pointer} が {wanted}"), format!("{pointer} is {wanted}"))
    }

    /// Fails unless a header has this value.
    ///
    /// # Errors
    /// It has another, or there is none.
    pub fn header(&self, name: &str, wanted: &str) -> Result<(), Unmet> {
        let found = self.answer.header(name);
        if found == wanted {
            return Ok(());
        }
        let came = format!("{}; {name}: {found:?}", self.shown());
        let (ja, en) = (format!("ヘッダー {name}: {wanted}"), format!("header {name}: {wanted}"));
        Err(Unmet::failed(&self.request, came, ja, en))
    }

    /// Status and body in a line, without secrets.
    pub fn shown(&self) -> String {
        let Answer { status, bytes, json, .. } = &self.answer;
        if json.is_null() {
            return format!("{status} ({} bytes)", bytes.len());
        }
        let mut json = json.clone();
        without_secrets(&mut json);
        let text: String = json.to_string();
        let mut shown: String = text.chars().take(SHOWN).collect();
        if shown.len() < text.len() {
            shown.push('…');
        }
        format!("{status} {shown}")
    }
}

/// Blanks the members that are secrets, wherever they are.
fn without_secrets(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let is_secret = ["token", "password", "p12", "base64"]
                    .iter()
                    .any(|secret| name.ends_with(secret));
                if is_secret {
                    *value = "[removed]".into();
                } else {
                    without_secrets(value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(without_secrets),
        _ => {}
    }
}

/// The path of a URL without the tokens that stand in it.
pub fn path_without_secrets(path: &str) -> String {
    match path.strip_prefix("/v1/downloads/") {
        Some(rest) => {
            let after = rest.find('/').map_or("", |at| &rest[at..]);
            format!("/v1/downloads/…{after}")
        }
        None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    fn seen(status: u16, json: Value) -> Seen {
        let bytes = json.to_string().into_bytes();
        let answer = Answer { status, headers: BTreeMap::new(), bytes, json };
        Seen { request: "POST /v1/login/office".to_owned(), answer }
    }

    #[test]
    fn failures_hold_no_secrets() {
        let login = json!({
            "access_token": "himitsu-1", "nested": [{ "password": "himitsu-2" }],
            "p12_base64": "himitsu-3", "office": { "number": "4779000118" },
        });
        let Err(Unmet::Failed(failure)) = seen(200, login).is(204) else {
            panic!("200 is not 204")
        };
        assert!(!failure.came.contains("himitsu"), "{}", failure.came);
        assert!(failure.came.contains("4779000118"), "{}", failure.came);
        assert_eq!(
            path_without_secrets("/v1/downloads/himitsu/confirm"),
            "/v1/downloads/…/confirm"
        );
        assert_eq!(path_without_secrets("/v1/downloads/himitsu"), "/v1/downloads/…");
        assert_eq!(path_without_secrets("/v1/inbox/a/claim"), "/v1/inbox/a/claim");
    }

    #[test]
    fn a_refusal_needs_both_status_and_code() {
        let refusal = || json!({ "code": "already-fetched" });
        assert!(seen(410, refusal()).refused(410, "already-fetched").is_ok());
        assert!(seen(409, refusal()).refused(410, "already-fetched").is_err());
        assert!(seen(410, json!({})).refused(410, "already-fetched").is_err());
    }
}
