//! Keys nobody can guess.

use crate::error::{Error, ErrorKind};

/// The key of a claim or a renewal: 256 bits, in a form the relay takes.
pub(crate) fn random_key() -> Result<String, Error> {
    let mut bytes = [0; 32];
    rustls::crypto::aws_lc_rs::default_provider()
        .secure_random
        .fill(&mut bytes)
        .map_err(|_| ErrorKind::Internal("no randomness".to_owned()))?;
    Ok(careplan_spec::hex(&bytes))
}
