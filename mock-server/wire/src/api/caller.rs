//! Who asks.

use std::sync::{Arc, OnceLock};

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use super::problem::ApiError;
use crate::listener::connection::Peer;
use crate::memory::Holding;
use careplan_relay::Relay;
use careplan_relay::account::PortalCaller;
use careplan_relay::certificate::Presented;
use careplan_relay::login::Caller;
use careplan_relay::refusal::{CERTIFICATE_MISSING, FIRST_STAGE_MISSING, TOKEN_UNKNOWN};
use careplan_relay::secret::Secret;

/// The bearer token of a request.
pub fn bearer(headers: &HeaderMap) -> Option<Secret> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then(|| Secret::new(token))
}

/// Who a request turned out to come from; in its extensions, where somebody wants to know.
#[derive(Debug, Clone, Default)]
pub struct Whom(Arc<OnceLock<String>>);

impl Whom {
    /// The office, once it is known.
    pub fn office(&self) -> Option<&str> {
        self.0.get().map(String::as_str)
    }

    fn is(&self, office: &str) {
        let _ = self.0.set(office.to_owned());
    }
}

/// Tells the journal and the memory whose request it is.
fn note(parts: &Parts, office: &str) {
    if let Some(whom) = parts.extensions.get::<Whom>() {
        whom.is(office);
    }
    if let Some(holding) = parts.extensions.get::<Holding>() {
        holding.is_of(office);
    }
}

/// The certificate of the connection, good or bad, or none.
#[derive(Debug, Clone)]
pub struct Certificate(pub Option<Arc<Presented>>);

impl<S: Send + Sync> FromRequestParts<S> for Certificate {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        Ok(Self(parts.extensions.get::<Peer>().and_then(|peer| peer.certificate.clone())))
    }
}

/// The token of the first stage of the login.
#[derive(Debug)]
pub struct FirstStage(pub Secret);

impl<S: Send + Sync> FromRequestParts<S> for FirstStage {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        bearer(&parts.headers).map(Self).ok_or_else(|| (&FIRST_STAGE_MISSING).into())
    }
}

/// An office that is logged in on the relay, with the certificate of its login.
#[derive(Debug)]
pub struct SignedIn {
    /// The office.
    pub caller: Caller,
    /// Its access token.
    pub token: Secret,
}

impl<S> FromRequestParts<S> for SignedIn
where
    S: Send + Sync,
    Relay: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let relay = Relay::from_ref(state);
        let presented = parts.extensions.get::<Peer>().and_then(|peer| peer.certificate.clone());
        if presented.is_none() {
            return Err((&CERTIFICATE_MISSING).into());
        }
        let token = bearer(&parts.headers).ok_or(ApiError::from(&TOKEN_UNKNOWN))?;
        let caller = relay.caller(&token, presented.as_deref())?;
        note(parts, caller.office.as_str());
        Ok(Self { caller, token })
    }
}

/// An office that is logged in on the sites.
#[derive(Debug)]
pub struct OnSite {
    /// The office.
    pub caller: PortalCaller,
    /// Its token.
    pub token: Secret,
}

/// The same, also where the password must be changed first.
#[derive(Debug)]
pub struct OnSiteChangingPassword(pub PortalCaller);

impl<S> FromRequestParts<S> for OnSite
where
    S: Send + Sync,
    Relay: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let (caller, token) = on_site(parts, &Relay::from_ref(state), false).await?;
        Ok(Self { caller, token })
    }
}

impl<S> FromRequestParts<S> for OnSiteChangingPassword
where
    S: Send + Sync,
    Relay: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        on_site(parts, &Relay::from_ref(state), true).await.map(|(caller, _)| Self(caller))
    }
}

async fn on_site(
    parts: &Parts,
    relay: &Relay,
    changing_password: bool,
) -> Result<(PortalCaller, Secret), ApiError> {
    let token = bearer(&parts.headers).ok_or(ApiError::from(&TOKEN_UNKNOWN))?;
    let caller = relay.turn().await?.doors().portal_caller(&token, changing_password).await?;
    note(parts, caller.office.as_str());
    Ok((caller, token))
}
