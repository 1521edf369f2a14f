//! Forms: read within limits, and only where they come from a page of this session.

use axum::extract::multipart::Field;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header;
use bytes::{Bytes, BytesMut};
use careplan_relay::outcome::{Error, Failure};
use careplan_relay::saved_state::{Arriving, LARGEST_STATE, SavedState};
use careplan_relay::secret::Secret;
use careplan_spec::file_name::base_name;
use careplan_wire::api::body;
use careplan_wire::api::host::{authority_of, is_own_origin};
use careplan_wire::memory::Holding;

use super::Sites;
use super::page::PageError;
use super::visit::Visit;

/// Bytes of a form beside its files, at most.
const FIELDS: usize = 64 * 1024;

/// Fields of a form beside its files, at most.
const MOST_FIELDS: usize = 1_000;

/// A bulk send has so many messages, each with the files of one.
const ROWS: usize = 100;

/// Name of the field that says which session made the form.
const CSRF: &str = "csrf";

/// A file of a form.
#[derive(Debug, Clone)]
pub(super) struct PostedFile {
    /// Its name, without folders.
    pub(super) name: String,
    /// Its bytes.
    pub(super) bytes: Bytes,
}

/// A form of this session.
#[derive(Debug)]
pub(super) struct Posted {
    fields: Vec<(String, String)>,
    /// The files, in order; inputs left empty are none.
    pub(super) files: Vec<PostedFile>,
    /// A saved state with its name, which a trainer brings: kept in a file.
    pub(super) saved: Option<(String, SavedState)>,
}

impl Posted {
    /// A field; empty where it was not filled in.
    pub(super) fn get(&self, name: &str) -> &str {
        self.fields.iter().find_map(|(key, value)| (key == name).then_some(&**value)).unwrap_or("")
    }

    /// A field without blanks around it.
    pub(super) fn trimmed(&self, name: &str) -> &str {
        self.get(name).trim()
    }

    /// A field that holds a password.
    pub(super) fn secret(&self, name: &str) -> Secret {
        self.get(name).into()
    }

    /// Whether a box was ticked.
    pub(super) fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(key, _)| key == name)
    }

    /// Every value of a name.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(key, _)| key == name).map(|(_, value)| &**value)
    }
}

impl FromRequest<Sites> for Posted {
    type Rejection = PageError;

    async fn from_request(request: Request, sites: &Sites) -> Result<Self, PageError> {
        let visit = request.extensions().get::<Visit>().cloned().ok_or(PageError::Failed)?;
        let authority = authority_of(request.uri(), request.headers()).unwrap_or_default();
        if !is_own_origin(request.headers(), authority) {
            return Err(PageError::Forged);
        }
        let kind = request.headers().get(header::CONTENT_TYPE);
        let kind = kind.and_then(|value| value.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if kind.eq_ignore_ascii_case("multipart/form-data") {
            return with_files(request, sites, &visit).await;
        }
        if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(PageError::Malformed);
        }
        let bytes =
            body::collect(request.into_body(), FIELDS).await.map_err(|error| {
                match error.refusal().kind.code {
                    "body-too-large" => PageError::TooLarge(FIELDS as u64),
                    _ => PageError::of_body(&error),
                }
            })?;
        let fields: Vec<(String, String)> = form_urlencoded::parse(&bytes)
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        let posted = Self { fields, files: Vec::new(), saved: None };
        if visit.session.owns(posted.get(CSRF)) { Ok(posted) } else { Err(PageError::Forged) }
    }
}

/// A form with files. The field that says whose form it is comes first: files of others are not
/// even read.
async fn with_files(request: Request, sites: &Sites, visit: &Visit) -> Result<Posted, PageError> {
    let switches = sites.relay().switches();
    let limit = switches.max_message_bytes;
    // Saved states are as large as they are, but only a trainer brings one.
    let brings_state = visit.is_on_console() && visit.is_trainer();
    let most_files = (switches.max_files as usize).max(1) * ROWS;
    let holding = request.extensions().get::<Holding>().cloned();
    let mut parts =
        Multipart::from_request(request, &()).await.map_err(|_| PageError::Malformed)?;
    let mut posted = Posted { fields: Vec::new(), files: Vec::new(), saved: None };
    let (mut field_bytes, mut file_bytes) = (0_usize, 0_u64);
    let mut is_ours = false;
    loop {
        let next = parts.next_field().await.map_err(|error| unread(&error))?;
        let Some(mut part) = next else { break };
        let name = part.name().unwrap_or_default().to_owned();
        // Some browsers send whole paths.
        let file_name = part.file_name().map(|path| base_name(path).to_owned());
        if !is_ours && name != CSRF {
            return Err(PageError::Forged);
        }
        if let Some(name) = file_name.as_ref().filter(|name| brings_state && !name.is_empty()) {
            holding.iter().for_each(Holding::passes_through);
            posted.saved = Some((name.clone(), saved_state(part).await?));
            continue;
        }
        let mut bytes = BytesMut::new();
        loop {
            let piece = part.chunk().await.map_err(|error| unread(&error))?;
            let Some(piece) = piece else { break };
            if file_name.is_some() {
                file_bytes += piece.len() as u64;
            } else {
                field_bytes += piece.len();
            }
            if file_bytes > limit || field_bytes > FIELDS {
                return Err(PageError::TooLarge(limit));
            }
            bytes.extend_from_slice(&piece);
        }
        match file_name {
            // An input without a file is sent as a file without a name.
            Some(name) if name.is_empty() => {}
            Some(name) => {
                if posted.files.len() >= most_files {
                    return Err(PageError::TooLarge(limit));
                }
                posted.files.push(PostedFile { name, bytes: bytes.freeze() });
            }
            None => {
                let value = String::from_utf8(bytes.into()).map_err(|_| PageError::Malformed)?;
                if name == CSRF {
                    is_ours = visit.session.owns(&value);
                    if !is_ours {
                        return Err(PageError::Forged);
                    }
                }
                if posted.fields.len() >= MOST_FIELDS {
                    return Err(PageError::Malformed);
                }
                posted.fields.push((name, value));
            }
        }
    }
    if is_ours { Ok(posted) } else { Err(PageError::Forged) }
}

/// A form that does not arrive, or for which there is no room, is told from one that is broken.
fn unread(error: &(dyn std::error::Error + 'static)) -> PageError {
    PageError::of_body(&body::unreadable(error))
}

/// A saved state, kept in a file as it comes.
async fn saved_state(mut part: Field<'_>) -> Result<SavedState, PageError> {
    let failed = |failure| match failure {
        Failure::StateTooLarge => PageError::TooLarge(LARGEST_STATE),
        failure => PageError::from(Error::Failed(failure)),
    };
    let mut arriving = Arriving::new().map_err(failed)?;
    while let Some(piece) = part.chunk().await.map_err(|error| unread(&error))? {
        arriving.push(&piece).await.map_err(failed)?;
    }
    arriving.finish().await.map_err(failed)
}
