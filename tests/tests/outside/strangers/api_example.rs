//! The commands of `docs/api-example.md`, as they stand there.

use std::io::Read;
use std::path::Path;

use careplan_tests::unit::{files, office_of};

use super::workplace::Workplace;

/// The blocks of a shell, one after the other.
fn script() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/api-example.md");
    let document = std::fs::read_to_string(path).unwrap();
    let blocks: Vec<&str> = document
        .split("```sh\n")
        .skip(1)
        .map(|rest| rest.split("```").next().expect("a block has an end"))
        .collect();
    assert_eq!(blocks.len(), 6, "every step has its block");
    format!("set -eu\n{}", blocks.concat())
}

#[test]
#[ignore = "needs curl and openssl"]
fn the_api_example_does_what_it_says() {
    let place = Workplace::new(&[]);
    let (planner, helper) = (office_of("43"), office_of("11"));
    let unit = files("K2", planner, helper);
    for (name, bytes) in &unit {
        place.write(&format!("plan/{name}"), bytes);
    }
    // Taken from the site, not from the test.
    std::fs::remove_file(place.path("ca.pem")).unwrap();
    let [relay, sites] = ["relay", "sites"].map(|name| place.url(name, ""));
    let setting = format!("export RELAY={relay} SITES={sites} no_proxy='*'\n");
    let said = place.run("sh", &["-c", &(setting + &script())]);
    let id = said.lines().next().and_then(|line| line.strip_prefix("sent: ")).expect("it was sent");
    assert!(!id.is_empty());
    assert_eq!(said, format!("sent: {id}\nin the inbox: {id}\nchecksum: right\nconfirmed: {id}\n"));
    let archive = std::io::Cursor::new(place.read("message.zip"));
    let mut zip = zip::ZipArchive::new(archive).unwrap();
    for (name, bytes) in &unit {
        let mut found = Vec::new();
        zip.by_name(name).unwrap().read_to_end(&mut found).unwrap();
        assert_eq!(&found, bytes, "{name}");
    }
    // The sender sees that it was fetched, and the last words of the document hold as well.
    for name in ["relay/manifest.json", "relay/manifest.json.p7s"] {
        let mut bytes = Vec::new();
        zip.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        place.write(name, &bytes);
    }
    let verify = "openssl cms -verify -binary -inform DER -content relay/manifest.json \
                  -in relay/manifest.json.p7s -CAfile ca.pem -out verified";
    place.run("sh", &["-c", verify]);
    assert_eq!(place.read("verified"), place.read("relay/manifest.json"));
}
