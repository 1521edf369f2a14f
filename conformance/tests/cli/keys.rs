//! Baselines and SARIF reports are committed and uploaded: nobody may read a person out of them.

use std::fs;
use std::process::Command;

use careplan_judge::baseline::Key;
use careplan_judge::{Profile, Report};
use careplan_spec::ms932;

use super::{RunFolder, file_of};

/// A plan whose 第1表 holds one record twice, of the person with this number; what was found by.
fn twice(here: &RunFolder, folder: &str, number: Option<&str>) -> (String, Vec<u8>) {
    let folder = here.unit("K1", folder);
    let file = file_of(&folder, "UP1KYO_");
    let text = ms932::decode(&fs::read(&file).expect("read")).expect("units are MS932");
    let own = text.split(',').nth(2).expect("an insured number").to_owned();
    let text = text.replace(&own, number.unwrap_or(&own)).repeat(2);
    let bytes = ms932::encode(&text).expect("it was MS932");
    fs::write(&file, &bytes).expect("written");
    let name = file.file_name().expect("a name").to_string_lossy().into_owned();
    (name, bytes)
}

#[test]
fn no_number_can_be_recovered_from_a_baseline_or_a_report_by_trying_all_of_them() {
    let here = RunFolder::new();
    let (name, bytes) = twice(&here, "mine", Some("0471000123"));
    let run = ["check", "mine", "--scope", "file", "--fail-on", "info"];
    let with = |more: &[&str]| here.run(&[&run[..], more].concat()).exits(1);
    let keyed = with(&["--write-baseline", "known.json", "--report", "sarif=keyed.sarif"]);
    assert!(keyed.err().contains("known.json.key: 秘密の鍵を作りました"), "{}", keyed.err());
    with(&["--key", "none", "--write-baseline", "bare.json", "--report", "sarif=bare.sarif"]);
    let read = |name: &str| fs::read_to_string(here.path().join(name)).expect("written");
    let committed =
        ["known.json", "keyed.sarif", "bare.json", "bare.sarif"].map(|name| (name, read(name)));
    // Who tries knows the rules, the office, the month, the place, and a hundred numbers, of which
    // one is right.
    let whole = String::from_utf8_lossy(&bytes).into_owned();
    let mut tried = 0;
    for last in 80..180 {
        let guess = whole.replace("0471000123", &format!("0471000{last:03}"));
        let profile = Profile::default();
        let report = Report::collect([(&name, guess.as_bytes())], &profile);
        for finding in &report.findings {
            let zero = Key::new([0; 32]);
            let number = finding.fingerprint;
            let marks = [format!("{number:016x}"), format!("{number}"), zero.mark(finding)];
            for (file, text) in &committed {
                assert!(marks.iter().all(|mark| !text.contains(mark)), "{file} tells {last}");
                tried += 1;
            }
        }
    }
    assert!(tried > 400, "{tried}");
    assert!(committed.iter().all(|(_, text)| !text.contains("0471000")), "nor does a number stand");
    // Without a key another person's are the same to the letter, but for the file's own name.
    twice(&here, "other", Some("0471000997"));
    let other = ["check", "other", "--scope", "file", "--fail-on", "info", "--key", "none"];
    let more = ["--write-baseline", "other.json", "--report", "sarif=other.sarif"];
    here.run(&[&other[..], &more].concat()).exits(1);
    assert_eq!(read("other.json"), read("bare.json"));
    assert_eq!(read("other.sarif").replace("other/", "mine/"), read("bare.sarif"));
}

#[test]
fn a_baseline_is_read_with_its_own_key_only() {
    let here = RunFolder::new();
    twice(&here, "mine", None);
    let run = ["check", "mine", "--scope", "file", "--fail-on", "info"];
    let with = |more: &[&str]| here.run(&[&run[..], more].concat());
    with(&["--write-baseline", "known.json"]).exits(1);
    let key = here.path().join("known.json.key");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(&key).expect("a key").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    with(&["--baseline", "known.json"]).exits(0);
    // Written again it keeps its key.
    let before = fs::read_to_string(&key).expect("a key");
    let again = with(&["--write-baseline", "known.json"]).exits(1);
    assert!(!again.err().contains("秘密の鍵"), "{}", again.err());
    assert_eq!(fs::read_to_string(&key).expect("a key"), before);
    // Elsewhere it has to be named.
    fs::rename(&key, here.path().join("secret")).expect("moved");
    let without = with(&["--baseline", "known.json"]).exits(2);
    assert!(without.err().contains("鍵が要ります"), "{}", without.err());
    with(&["--baseline", "known.json", "--key", "none"]).exits(2);
    with(&["--baseline", "known.json", "--key", "secret"]).exits(0);
    with(&["--baseline", "known.json", "--key", "nowhere"]).exits(2);
    let by_variable = |text: &str| {
        let status = Command::new(env!("CARGO_BIN_EXE_careplan-conformance"))
            .args(run)
            .args(["--baseline", "known.json"])
            .env("CAREPLAN_BASELINE_KEY", text)
            .current_dir(here.path())
            .output();
        status.expect("the program starts").status.code()
    };
    assert_eq!(by_variable(&before), Some(0));
    assert_eq!(by_variable(&"0".repeat(64)), Some(2));
    assert_eq!(by_variable("0123"), Some(2));
    // Without a key it follows lines, not people.
    with(&["--key", "none", "--write-baseline", "bare.json"]).exits(1);
    with(&["--baseline", "bare.json"]).exits(0);
    twice(&here, "mine", Some("0471000123"));
    with(&["--baseline", "bare.json"]).exits(0);
    with(&["--baseline", "known.json", "--key", "secret"]).exits(1);
}
