//! Which hosts and origins are let in.
//!
//! A page somewhere else on the web can point a name of its own at 127.0.0.1 and talk to every
//! local server from the reader's browser. Such a request carries the foreign name as its host.

use std::net::{IpAddr, Ipv6Addr};

use axum::http::{HeaderMap, Uri, Version, header};

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

/// Why a request names no host, or more than one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unclear {
    /// HTTP/1.1 without a `Host` header (RFC 9112 §3.2).
    Missing,
    /// More than one `Host` header (RFC 9112 §3.2).
    Several,
    /// The `Host` header, or the authority of the URI, is no host with or without a port (RFC 9110
    /// §7.2): what stands before an `@` is read as the host by some, and not by others.
    Malformed,
    /// The URI or `:authority` names another host than the header (RFC 9112 §3.2.2, RFC 9113
    /// §8.3.1).
    Differs,
}

/// Whether a request names exactly one host. Whoever stands between us and the client may have
/// taken the other one.
///
/// # Errors
/// [`Unclear`].
pub fn names_one(version: Version, uri: &Uri, headers: &HeaderMap) -> Result<(), Unclear> {
    let mut hosts = headers.get_all(header::HOST).iter();
    if uri.authority().is_some_and(|authority| !is_host_and_port(authority.as_str())) {
        return Err(Unclear::Malformed);
    }
    let host = match (hosts.next(), hosts.next()) {
        (None, _) if version == Version::HTTP_11 => return Err(Unclear::Missing),
        // HTTP/2 has `:authority`, HTTP/1.0 need not say.
        (None, _) => return Ok(()),
        (Some(_), Some(_)) => return Err(Unclear::Several),
        (Some(host), None) => host.to_str().map_err(|_| Unclear::Malformed)?,
    };
    if !is_host_and_port(host) {
        return Err(Unclear::Malformed);
    }
    match uri.authority() {
        Some(authority) if !authority.as_str().eq_ignore_ascii_case(host) => Err(Unclear::Differs),
        _ => Ok(()),
    }
}

/// Whether this is `host [":" port]`, without anybody's name before it or a path behind. An empty
/// one is a host too (RFC 9112 §3.2): that of nobody.
fn is_host_and_port(text: &str) -> bool {
    let (host, port) = match text.strip_prefix('[').map(|rest| rest.split_once(']')) {
        None => text.split_once(':').unwrap_or((text, "")),
        Some(Some((address, rest))) if address.parse::<Ipv6Addr>().is_ok() => {
            match rest.strip_prefix(':') {
                Some(port) => ("", port),
                None if rest.is_empty() => ("", ""),
                None => return false,
            }
        }
        Some(_) => return false,
    };
    let in_names = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=".contains(&byte);
    host.bytes().all(in_names) && port.bytes().all(|byte| byte.is_ascii_digit())
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
    fn a_request_names_one_host() {
        let ask = |version, uri: &'static str, hosts: &[&'static [u8]]| {
            let mut headers = HeaderMap::new();
            for host in hosts {
                headers.append(header::HOST, HeaderValue::from_bytes(host).unwrap());
            }
            names_one(version, &Uri::from_static(uri), &headers)
        };
        let (v1, v11, v2) = (Version::HTTP_10, Version::HTTP_11, Version::HTTP_2);
        for (version, uri, hosts, answer) in [
            (v11, "/a", &[&b"localhost"[..]][..], Ok(())),
            (v11, "/a", &[], Err(Unclear::Missing)),
            (v1, "/a", &[], Ok(())),
            (v2, "https://localhost/a", &[], Ok(())),
            (v11, "/a", &[b"localhost", b"localhost"], Err(Unclear::Several)),
            (v2, "https://localhost/a", &[b"localhost", b"evil"], Err(Unclear::Several)),
            (v11, "/a", &[b"\xe3\x81\x82"], Err(Unclear::Malformed)),
            (v11, "/a", &[b"127.0.0.1:8080@evil.example"], Err(Unclear::Malformed)),
            (v11, "/a", &[b"evil.example@127.0.0.1:8080"], Err(Unclear::Malformed)),
            (v11, "/a", &[b"localhost:80a"], Err(Unclear::Malformed)),
            (v11, "/a", &[b"localhost:80:80"], Err(Unclear::Malformed)),
            (v11, "/a", &[b"localhost/evil.example"], Err(Unclear::Malformed)),
            (v11, "/a", &[b"localhost, evil.example"], Err(Unclear::Malformed)),
            (v11, "/a", &[b"[::1"], Err(Unclear::Malformed)),
            (v11, "/a", &[b"[::1]evil.example"], Err(Unclear::Malformed)),
            (v11, "/a", &[b"[::1]:8080"], Ok(())),
            (v11, "/a", &[b"[::1]"], Ok(())),
            (v11, "/a", &[b"localhost:"], Ok(())),
            (v11, "/a", &[b"test_bed.example:65535"], Ok(())),
            (v11, "/a", &[b""], Ok(())),
            (v2, "https://localhost@evil.example/a", &[], Err(Unclear::Malformed)),
            (v11, "http://localhost:1/a", &[b"LOCALHOST:1"], Ok(())),
            (v11, "http://localhost:1/a", &[b"localhost:2"], Err(Unclear::Differs)),
            (v11, "http://localhost/a", &[b"evil.example"], Err(Unclear::Differs)),
            (v11, "http://evil.example/a", &[b"localhost"], Err(Unclear::Differs)),
            (v2, "https://localhost/a", &[b"evil.example"], Err(Unclear::Differs)),
        ] {
            assert_eq!(ask(version, uri, hosts), answer, "{uri} {hosts:?}");
        }
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
