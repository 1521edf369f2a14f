//! Every cause of a signature that is invalid, and what is said about it.

use careplan_certs::signature;
use careplan_relay::message::SendRequest;
use jiff::ToSpan;

use super::support::{Region, helper, planner, refused, unit_files};

/// Values of DER side by side: tag and content of each.
fn values(mut der: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let mut all = Vec::new();
    while let [tag, first, rest @ ..] = der {
        let more = usize::from(first & 0x7f);
        let (length, rest) = match first & 0x80 {
            0 => (more, rest),
            _ => (
                rest[..more].iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)),
                &rest[more..],
            ),
        };
        all.push((*tag, rest[..length].to_vec()));
        der = &rest[length..];
    }
    all
}

fn written(all: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let mut der = Vec::new();
    for (tag, content) in all {
        let length = content.len().to_be_bytes();
        let short: Vec<u8> = length.into_iter().skip_while(|byte| *byte == 0).collect();
        der.push(*tag);
        if content.len() >= 0x80 {
            der.push(0x80 | u8::try_from(short.len()).expect("a few bytes"));
        }
        der.extend(if content.is_empty() { vec![0] } else { short });
        der.extend(content);
    }
    der
}

/// A signature in which the members of SignedData were changed.
fn changed(signature: &[u8], change: impl FnOnce(&mut Vec<(u8, Vec<u8>)>)) -> Vec<u8> {
    let mut info = values(&values(signature)[0].1);
    let mut data = values(&values(&info[1].1)[0].1);
    change(&mut data);
    info[1].1 = written(&[(0x30, written(&data))]);
    written(&[(0x30, written(&info))])
}

/// A signature in which the members of its signer were changed.
fn with_signer(signature: &[u8], change: impl FnOnce(&mut Vec<(u8, Vec<u8>)>)) -> Vec<u8> {
    changed(signature, |data| {
        let signers = data.last_mut().expect("the signers");
        let mut signer = values(&values(&signers.1)[0].1);
        change(&mut signer);
        signers.1 = written(&[(0x30, written(&signer))]);
    })
}

/// What each of them is answered with.
const SAID: &str = "\
nonsense
  電子署名（CMS SignedData）として読み取れません。RFC 5652のSignedDataをDERで送ってください（openssl cms -sign -binary -outform DER）。
  The signature is not CMS SignedData. Send SignedData of RFC 5652 in DER (openssl cms -sign -binary -outform DER).
text
  電子署名（CMS SignedData）として読み取れません。PEMまたはS/MIMEのテキストです。DERで出力してください（openssl cms では -outform DER）。
  The signature is not CMS SignedData. It is text, PEM or S/MIME: write it in DER (openssl cms: -outform DER).
too large
  電子署名のデータが大きすぎます。署名者とその認証局の証明書だけを含め、内容は含めないでください（openssl cms では -nodetach を付けません）。
  The signature is too large. Enclose the signer's certificate and its authority's only, and no content (openssl cms: without -nodetach).
no signer
  電子署名の署名者は1つでなければなりません。事業所の電子証明書1つだけで署名してください。
  The signature must have exactly one signer. Sign with the one certificate of the office.
two signers
  電子署名の署名者は1つでなければなりません。事業所の電子証明書1つだけで署名してください。
  The signature must have exactly one signer. Sign with the one certificate of the office.
no certificate
  電子署名に署名者の証明書が含まれていません。署名者の証明書を含めてください（openssl cms では -nocerts を付けません）。
  The signature does not enclose its signer's certificate. Enclose the signer's certificate (openssl cms: without -nocerts).
SHA-1
  電子署名の方式に対応していません（SHA-256以上とRSAまたはECDSAを使用してください）。openssl cms では -md sha256 を付けます。
  The signature's algorithms are not supported (use SHA-256 or longer with RSA or ECDSA). With openssl cms: -md sha256.
no attributes
  電子署名に必要な署名属性（内容種別・メッセージダイジェスト）がありません。署名属性を付けてください（openssl cms では -noattr を付けません）。
  The signature lacks the signed attributes it needs (content type, message digest). Sign with attributes (openssl cms: without -noattr).
other content
  内容が署名された時のものと一致しません（改ざんまたは破損）。目録として送るバイト列そのものに署名してください（openssl cms では -binary を付けます）。
  The content is not what was signed (altered or damaged). Sign the very bytes that are sent as the manifest (openssl cms: -binary).
spoilt
  電子署名が署名者の鍵で作られたものではありません。含めた証明書の秘密鍵で署名し、署名のデータを変えずに送ってください。
  The signature was not made with the signer's key. Sign with the private key of the enclosed certificate, and send the signature unaltered.
other authority
  この環境の認証局（TEST e-seikyuuCA）が発行した電子証明書ではありません。このサーバーの電子請求受付システムで発行した証明書で署名してください。
  The certificate was not issued by this environment's authority (TEST e-seikyuuCA). Sign with a certificate issued on this server's billing site.
";

/// In the arc of object identifiers: SHA-1.
const SHA1: &[u8] = &[0x2b, 0x0e, 0x03, 0x02, 0x1a];

#[tokio::test]
async fn a_signature_that_is_invalid_says_why_and_what_to_do() {
    let region = Region::ready().await;
    let office = region.office(planner()).await;
    let request = office.message("key", helper(), unit_files("K2", planner(), helper()));
    let now = region.relay.clock().now();
    let sign = |content: &[u8], own, at| signature::sign(content, own, at).expect("it signs");
    let own = sign(&request.manifest, &office.own, now);
    assert_eq!(changed(&own, |_| ()), own);
    let stranger = region.certificate(planner(), Some("other-root")).await;
    let later = sign(&request.manifest, &office.own, now + 1.second());
    let second = values(&values(&values(&values(&later)[0].1)[1].1)[0].1).pop().expect("signers").1;
    // The signature itself is what comes last; its last byte differs.
    let mut spoilt = own.clone();
    *spoilt.last_mut().expect("a byte") ^= 1;
    let mut enclosing = own.clone();
    enclosing.extend(vec![0; signature::MAX_BYTES + request.manifest.len()]);
    let two = changed(&own, |data| {
        let signers = data.last_mut().expect("the signers");
        let mut all = [signers.1.clone(), second];
        all.sort();
        signers.1 = all.concat();
    });
    let causes = [
        ("nonsense", b"nonsense".to_vec()),
        ("text", b"-----BEGIN CMS-----\nMIIF".to_vec()),
        ("too large", enclosing),
        ("no signer", changed(&own, |data| data.last_mut().expect("the signers").1.clear())),
        ("two signers", two),
        ("no certificate", changed(&own, |data| data.retain(|(tag, _)| *tag != 0xa0))),
        ("SHA-1", with_signer(&own, |signer| signer[2].1 = written(&[(0x06, SHA1.to_vec())]))),
        ("no attributes", with_signer(&own, |signer| signer.retain(|(tag, _)| *tag != 0xa0))),
        ("other content", sign(b"something else", &office.own, now)),
        ("spoilt", spoilt),
        ("other authority", sign(&request.manifest, &stranger, now)),
    ];
    let mut said = String::new();
    for (name, signature) in causes {
        let request = SendRequest { signature: Some(signature.into()), ..request.clone() };
        let sent = region.turn().await.exchange().send(&office.caller, request).await;
        let detail = refused(sent, "signature-invalid").detail.expect("it says which");
        said += &format!("{name}\n  {}\n  {}\n", detail.ja, detail.en);
    }
    assert_eq!(said, SAID);
    let good = SendRequest { signature: Some(own.into()), ..request };
    region.turn().await.exchange().send(&office.caller, good).await.expect("it is good");
}
