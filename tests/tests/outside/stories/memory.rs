//! What the process holds while peers leave their sends unfinished and their downloads unread.

use std::sync::Arc;
use std::time::Duration;

use careplan_tests::bed::Bed;
use careplan_tests::office::Office;
use careplan_tests::tls;
use careplan_tests::unit::{files, office_of};
use rustls_pki_types::ServerName;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpSocket, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Bytes of the files of a large message.
const FILE: usize = 15_000_000;
const FILES: usize = 2;

async fn connect(bed: &Bed, office: &Office) -> TlsStream<TcpStream> {
    let address = bed.program.printed("relay").trim_start_matches("https://").to_owned();
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    let stream = socket.connect(address.parse().unwrap()).await.unwrap();
    let ca = bed.program.printed("ca_pem");
    let versions = [&rustls::version::TLS13];
    let mut config = tls::client(ca, Some(&office.installed), &versions);
    config.alpn_protocols.clear();
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap()
}

/// The most memory the process ever had, in MiB.
fn peak(bed: &Bed) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", bed.program.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unfinished_sends_and_unread_downloads_do_not_grow_the_process() {
    let bed = Bed::start(&[]);
    let planner = bed.office(office_of("43")).await;
    let helper = bed.office(office_of("11")).await;
    let mut large = files("K2", &planner.number, &helper.number);
    large.extend((0..FILES).map(|number| (format!("資料{number}.pdf"), vec![b'x'; FILE])));
    let sent = planner.post_form(&bed, "1", planner.message(&helper.number, &large)).await.is(201);
    let claim = helper.claim(&bed, sent.text("id")).await.is(200);
    let path = format!("/v1/downloads/{}", claim.text("download_token"));
    let before = peak(&bed);

    // Each of these held an archive of its own: 1.2 GB.
    let mut unread = Vec::new();
    for _ in 0..40 {
        let mut stream = connect(&bed, &helper).await;
        let head = format!(
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\r\n",
            helper.token
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.flush().await.unwrap();
        unread.push(stream);
    }
    // And each of these its 30 MB: 480 MB. Where it is refused, the rest is read and thrown away.
    let body = [
        &b"--x\r\nContent-Disposition: form-data; name=\"manifest\"\r\n\r\n{}\r\n"[..],
        b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n",
        &vec![b'x'; FILE],
        b"\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"b.pdf\"\r\n\r\n",
        &vec![b'x'; FILE],
    ]
    .concat();
    let mut unfinished = Vec::new();
    for key in 0..16 {
        let mut stream = connect(&bed, &planner).await;
        let head = format!(
            "POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\
             Idempotency-Key: u{key}\r\nContent-Type: multipart/form-data; boundary=x\r\n\
             Content-Length: {}\r\n\r\n",
            planner.token,
            body.len() + 100
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(&body).await.unwrap();
        stream.flush().await.unwrap();
        unfinished.push(stream);
    }
    // Another office is answered, and can send what is large too.
    let top = tokio::time::timeout(Duration::from_secs(5), helper.read(&bed, "/v1/top"));
    let _ = top.await.expect("it is answered").is(200);
    let mut answer = files("S1", &helper.number, &planner.number);
    answer.push(("資料.pdf".to_owned(), vec![b'x'; FILE]));
    let _ = helper.post_form(&bed, "2", helper.message(&planner.number, &answer)).await.is(201);
    // 128 MiB of bodies, the archive, the send of the other office, and what it is made into.
    let grown = peak(&bed) - before;
    assert!(grown < 300, "{before} MiB, and {grown} more");
    drop((unread, unfinished));
}
