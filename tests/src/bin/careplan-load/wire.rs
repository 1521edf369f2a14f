//! HTTP/1.1 with keep-alive over TLS, as little of it as a measurement needs: a client that cost
//! as much as the server would measure itself.

use std::sync::Arc;

use anyhow::{Context, Result, bail};
use rustls_pki_types::ServerName;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Where the relay is, and how to get there.
#[derive(Clone)]
pub(crate) struct Route {
    address: Arc<str>,
    connector: TlsConnector,
}

impl Route {
    pub(crate) fn new(relay: &str, config: Arc<rustls::ClientConfig>) -> Result<Self> {
        let address = relay.strip_prefix("https://").context("the relay has no https URL")?;
        Ok(Self { address: address.into(), connector: TlsConnector::from(config) })
    }

    pub(crate) async fn connect(&self) -> Result<Connection> {
        let stream = TcpStream::connect(&*self.address).await.context("no connection")?;
        stream.set_nodelay(true)?;
        let name = ServerName::try_from("localhost").context("a name")?;
        let stream = self.connector.connect(name, stream).await.context("no handshake")?;
        Ok(Connection { stream, buffer: Vec::with_capacity(64 * 1024) })
    }
}

/// An open connection.
pub(crate) struct Connection {
    stream: TlsStream<TcpStream>,
    buffer: Vec<u8>,
}

impl Connection {
    /// Sends a request and reads the answer: its status and its body.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> Result<(u16, &[u8])> {
        self.stream.write_all(request).await?;
        self.stream.flush().await?;
        self.buffer.clear();
        let end = loop {
            if let Some(at) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break at;
            }
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                bail!("the connection ended before an answer");
            }
        };
        let head = std::str::from_utf8(&self.buffer[..end]).context("a head that is no text")?;
        let status = head.get(9..12).and_then(|text| text.parse().ok()).context("no status")?;
        let length = match status {
            204 => 0,
            _ => content_length(head).context("an answer without a length")?,
        };
        let (start, whole) = (end + 4, end + 4 + length);
        while self.buffer.len() < whole {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                bail!("the connection ended inside an answer");
            }
        }
        Ok((status, &self.buffer[start..whole]))
    }

    /// The same, with an answer of this status.
    pub(crate) async fn expect(&mut self, wanted: u16, request: &[u8]) -> Result<&[u8]> {
        let (status, body) = self.exchange(request).await?;
        if status != wanted {
            bail!("{status} instead of {wanted}: {}", String::from_utf8_lossy(body));
        }
        Ok(body)
    }
}

fn content_length(head: &str) -> Option<usize> {
    head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok()).flatten()
    })
}

/// A request without a body.
pub(crate) fn bare(method: &str, path: &str, token: Option<&str>) -> Vec<u8> {
    let token =
        token.map_or_else(String::new, |token| format!("Authorization: Bearer {token}\r\n"));
    format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n{token}Content-Length: 0\r\n\r\n")
        .into_bytes()
}

/// A request with a JSON body.
pub(crate) fn json(path: &str, token: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
