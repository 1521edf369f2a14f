//! Ports, and by which names they are reached.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::net::TcpListener;

use super::{Options, StartError};

/// A port that is open.
pub(super) struct Bound {
    pub(super) sockets: Vec<TcpListener>,
    pub(super) port: u16,
}

/// Three listeners: on three ports in a row, or on free ones.
pub(super) async fn bind(at: IpAddr, base: u16) -> Result<[Bound; 3], StartError> {
    let port = |step: u16| match base {
        0 => Ok(0),
        base => base.checked_add(step).ok_or(StartError::PortBase(base)),
    };
    // All or none: a number too high is found before a port is taken.
    let ports = [port(0)?, port(1)?, port(2)?];
    Ok([
        open_port(at, ports[0]).await?,
        open_port(at, ports[1]).await?,
        open_port(at, ports[2]).await?,
    ])
}

/// One more listener, so many ports after the first, or on a free one.
pub(super) async fn bind_port(at: IpAddr, base: u16, step: u16) -> Result<Bound, StartError> {
    let port = match base {
        0 => 0,
        base => base.checked_add(step).ok_or(StartError::PortBase(base))?,
    };
    open_port(at, port).await
}

/// Opens a port. Who means this machine gets both of its addresses, because both are in the
/// server's certificate and `localhost` may stand for either.
async fn open_port(at: IpAddr, port: u16) -> Result<Bound, StartError> {
    let failed = |at| move |source| StartError::Bind { address: SocketAddr::new(at, port), source };
    let first = TcpListener::bind((at, port)).await.map_err(failed(at))?;
    let bound = first.local_addr().map_err(failed(at))?.port();
    let mut sockets = vec![first];
    if at == Ipv4Addr::LOCALHOST {
        match TcpListener::bind((Ipv6Addr::LOCALHOST, bound)).await {
            Ok(second) => sockets.push(second),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && port != 0 => {
                return Err(failed(Ipv6Addr::LOCALHOST.into())(error));
            }
            Err(error) => tracing::debug!(%error, port = bound, "[::1] is not served"),
        }
    }
    Ok(Bound { sockets, port: bound })
}

/// The host in printed URLs: one that works on this machine.
pub(super) fn shown_host(options: &Options) -> String {
    match (options.bind, options.host_names.first()) {
        (bind, Some(name)) if bind.is_unspecified() => name.clone(),
        (IpAddr::V4(bind), _) if bind.is_unspecified() => Ipv4Addr::LOCALHOST.to_string(),
        (IpAddr::V6(bind), _) if bind.is_unspecified() => "[::1]".to_owned(),
        (IpAddr::V6(bind), _) => format!("[{bind}]"),
        (IpAddr::V4(bind), _) => bind.to_string(),
    }
}

/// A host by which this process reaches itself, whatever names others use.
pub(super) fn local_host(bind: IpAddr) -> String {
    match bind {
        IpAddr::V4(bind) if bind.is_unspecified() => Ipv4Addr::LOCALHOST.to_string(),
        IpAddr::V6(bind) if bind.is_unspecified() => "[::1]".to_owned(),
        IpAddr::V6(bind) => format!("[{bind}]"),
        IpAddr::V4(bind) => bind.to_string(),
    }
}

/// The names a request may be for.
pub(super) fn host_names(options: &Options) -> Vec<String> {
    let mut names = options.host_names.clone();
    names.push(options.bind.to_string());
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn ports_are_three_in_a_row_or_free_ones() {
        let localhost = Ipv4Addr::LOCALHOST.into();
        let free = bind(localhost, 0).await.unwrap();
        assert!(free.iter().all(|bound| bound.port != 0));
        assert!(matches!(bind(localhost, 65_534).await, Err(StartError::PortBase(65_534))));
        let taken = free[0].port;
        assert!(matches!(bind(localhost, taken).await, Err(StartError::Bind { .. })));
    }

    #[test]
    fn printed_addresses_can_be_used_on_this_machine() {
        let shown = |bind: &str, names: &[&str]| {
            let host_names = names.iter().map(|name| (*name).to_owned()).collect();
            shown_host(&Options { bind: bind.parse().unwrap(), host_names, ..Options::default() })
        };
        assert_eq!(shown("127.0.0.1", &["testbed.example"]), "127.0.0.1");
        assert_eq!(shown("0.0.0.0", &[]), "127.0.0.1");
        assert_eq!(shown("0.0.0.0", &["testbed.example"]), "testbed.example");
        assert_eq!(shown("::1", &[]), "[::1]");
    }
}
