//! Which hosts and origins are let in.
//!
//! A page somewhere else on the web can point a name of its own at 127.0.0.1 and talk to every
//! local server from the reader's browser. Such a request carries the foreign name as its host.

use std::net::IpAddr;

use axum::http::{HeaderMap, Uri, header};

/// The names a server answers to.
#[derive(Debug, Clone)]
pub struct HostNames {
    names: Vec<String>,
    any_address: bool,
}

impl HostNames {
    /// `localhost`, the loopback addresses, and `extra` names. `any_address` lets in every literal
    /// address too: a browser never sends one that its user did not ask for.
    pub fn new(extra: &[String], any_address: bool) -> Self {
        let mut names = vec!["localhost".to_owned()];
        names.extend(extra.iter().map(|name| name.trim_end_matches('.').to_ascii_lowercase()));
        Self { names, any_address }
    }

    /// Whether a request for this host is for us. The port does not matter: it was reached.
    pub fn admits(&self, authority: &str) -> bool {
        let host = host_of(authority);
        if let Ok(address) = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
            return self.any_address
                || address.is_loopback()
                || self.names.iter().any(|name| *name == address.to_string());
        }
        let host = host.trim_end_matches('.');
        self.names.iter().any(|name| name.eq_ignore_ascii_case(host))
    }
}

/// The authority a request is for: of the URI in HTTP/2, of the header in HTTP/1.
pub fn authority_of<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Option<&'a str> {
    match uri.authority() {
        Some(authority) => Some(authority.as_str()),
        None => headers.get(header::HOST)?.to_str().ok(),
    }
}

/// Whether a request comes from a page of `authority` itself, or from no page at all.
pub fn is_own_origin(headers: &HeaderMap, authority: &str) -> bool {
    match headers.get(header::ORIGIN) {
        None => true,
        Some(origin) => origin
            .to_str()
            .ok()
            .and_then(|origin| origin.split_once("://"))
            .is_some_and(|(_, of)| of.eq_ignore_ascii_case(authority)),
    }
}

/// An authority without its port.
fn host_of(authority: &str) -> &str {
    if authority.starts_with('[') {
        return authority.find(']').map_or(authority, |end| &authority[..=end]);
    }
    authority.rsplit_once(':').map_or(authority, |(host, _)| host)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn foreign_names_are_not_admitted() {
        let hosts = HostNames::new(&["testbed.example".to_owned()], false);
        for own in [
            "localhost",
            "localhost:8080",
            "LOCALHOST.",
            "127.0.0.1:8082",
            "[::1]:8080",
            "127.8.0.1",
            "testbed.example:1",
            "TestBed.Example",
        ] {
            assert!(hosts.admits(own), "{own}");
        }
        for foreign in [
            "",
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "192.0.2.7",
            "[2001:db8::1]:8080",
            "a@localhost.evil",
        ] {
            assert!(!hosts.admits(foreign), "{foreign}");
        }
        let everywhere = HostNames::new(&[], true);
        assert!(everywhere.admits("192.0.2.7:8080") && !everywhere.admits("evil.example"));
    }

    #[test]
    fn a_page_elsewhere_is_told_from_our_own() {
        let mut headers = HeaderMap::new();
        assert!(is_own_origin(&headers, "localhost:8081"));
        for (origin, own) in [
            ("http://localhost:8081", true),
            ("http://localhost:8080", false),
            ("http://evil.example", false),
            ("null", false),
        ] {
            headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
            assert_eq!(is_own_origin(&headers, "localhost:8081"), own, "{origin}");
        }
    }
}
