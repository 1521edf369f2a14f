//! Plain HTTP on a port that speaks TLS: answered in words instead of with an alert nobody reads.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What is said, in both languages.
const WORDS: &str = "このポートは暗号化された接続（TLS）専用です。http:// ではなく https:// で始まる接続先を使ってください。\n\
    This port speaks TLS only: use https:// instead of http://.\n";

/// Bytes of a request that are read before it is answered.
const MAX_HEAD: usize = 16 << 10;

/// Whether the peer begins as HTTP does, with a method. A TLS record begins with its type, which is
/// no letter.
pub(super) async fn speaks_http(stream: &TcpStream) -> io::Result<bool> {
    let mut first = [0];
    Ok(stream.peek(&mut first).await? == 1 && first[0].is_ascii_uppercase())
}

/// Answers the request, whatever it is.
pub(super) async fn answer(mut stream: TcpStream) -> io::Result<()> {
    // What is left unread when a connection is closed makes the peer lose the answer.
    let mut head = Vec::new();
    let mut piece = [0; 1 << 10];
    while head.len() < MAX_HEAD && !head.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut piece).await? {
            0 => break,
            read => head.extend_from_slice(&piece[..read]),
        }
    }
    let answer = format!(
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{WORDS}",
        WORDS.len()
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}
