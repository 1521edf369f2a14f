//! Suppressions: what they hide and until when, and what is never hidden.

use std::fs;

use serde_json::{Value, json};

use super::{RunFolder, codes, file_of};

/// The last second of 2027-03-31 in Japan.
const LAST: u64 = 1_806_505_199;

const SETTINGS: &str = "careplan-conformance.toml";

fn settings(here: &RunFolder, text: &str) {
    fs::write(here.path().join(SETTINGS), text).expect("written");
}

fn entry(members: &str) -> String {
    format!(
        "[[suppress]]\nrule = \"S007\"\n{members}reason = \"4月の版で直す\"\nuntil = 2027-03-31\n"
    )
}

fn json_of(here: &RunFolder, second: u64, code: i32) -> Value {
    here.run_at(second, &["check", "bad", "--report", "json"]).exits(code).json()
}

#[test]
fn a_suppressed_error_passes_and_every_report_says_so() {
    let here = RunFolder::new();
    here.broken("bad");
    settings(&here, &format!("# 既知\n{}", entry("kind = \"UP1KYO\"\n")));
    let text = here.run_at(LAST, &["check", "bad"]).exits(0).out();
    assert!(text.contains("\n合格（抑制したエラー1件を除く）：エラー0件、"), "{text}");
    assert!(text.contains("抑制により1件（エラー1・警告0・情報0）は表示していません："), "{text}");
    assert!(text.contains(":2 S007、2027-03-31 まで、理由：4月の版で直す"), "{text}");
    assert!(!text.contains("エラー S007"), "{text}");
    let text = here.run_at(LAST, &["--lang", "en", "check", "bad"]).exits(0).out();
    assert!(text.contains("\naccepted with 1 suppressed error: 0 errors, "), "{text}");
    let known = "1 finding suppressed (1 error, 0 warnings, 0 infos) by ";
    assert!(text.contains(known), "{text}");
    assert!(text.contains(":2: S007, until 2027-03-31: 4月の版で直す"), "{text}");

    let report = json_of(&here, LAST, 0);
    assert_eq!(report["verdict"], "accepted");
    assert_eq!(codes(&report), ["S007"]);
    let by = json!({ "reason": "4月の版で直す", "until": "2027-03-31", "line": 2 });
    assert_eq!(report["findings"][0]["suppressed"], by);
    let (none, one) = (
        json!({ "errors": 0, "warnings": 0, "infos": 0 }),
        json!({ "errors": 1, "warnings": 0, "infos": 0 }),
    );
    assert_eq!((&report["counts"], &report["suppressed"]), (&none, &one));
    assert_eq!(report["by_rule"], json!({}));
    let files = report["files"].as_array().expect("files");
    assert!(files.iter().all(|file| file["errors"] == 0), "{files:?}");
    assert_eq!(report["units"][0]["errors"], 0);
    assert_eq!(report["suppressions"][0]["hidden"], one);
    assert_eq!(report["suppressions"][0]["rules"], json!(["S007"]));

    let sarif = here.run_at(LAST, &["check", "bad", "--report", "sarif"]).exits(0).json();
    let run = &sarif["runs"][0];
    let suppression = &run["results"][0]["suppressions"][0];
    assert_eq!(suppression["kind"], "external");
    assert_eq!(suppression["justification"], "4月の版で直す");
    assert_eq!(suppression["properties"]["until"], "2027-03-31");
    assert_eq!(run["properties"]["suppressed"], 1);
    for format in ["concise", "junit", "github", "markdown", "html", "csv"] {
        let out = here.run_at(LAST, &["check", "bad", "--report", format]).exits(0).out();
        assert!(out.contains("抑制により1件"), "{format}: {out}");
        assert!(!out.contains("S007 1件目") && !out.contains("項目が27"), "{format}: {out}");
    }
}

#[test]
fn the_day_after_the_last_it_is_a_finding_and_hides_nothing() {
    let here = RunFolder::new();
    here.broken("bad");
    settings(&here, &entry(""));
    assert_eq!(codes(&json_of(&here, LAST, 0)), ["S007"]);
    let report = json_of(&here, LAST + 1, 1);
    assert_eq!(codes(&report), ["S007", "S040"]);
    assert_eq!(report["findings"][0].get("suppressed"), None);
    let expired = &report["findings"][1];
    assert_eq!((&expired["severity"], &expired["line"]), (&json!("warning"), &json!(1)));
    assert!(expired["path"].as_str().is_some_and(|path| path.ends_with(SETTINGS)), "{expired}");
    assert_eq!(
        expired["message"],
        "抑制（S007）は 2027-03-31 までのものです。理由：4月の版で直す。隠していた指摘1件が、また出ています。"
    );
    assert_eq!(report["counts"], json!({ "errors": 1, "warnings": 1, "infos": 0 }));
    assert_eq!(report["suppressed"]["errors"], 0);
    let text = here.run_at(LAST + 1, &["check", "bad"]).exits(1).out();
    assert!(text.contains("  警告 S040 1行目\n") && text.contains("エラー S007"), "{text}");
    assert!(text.contains("この抑制を消してください"), "{text}");
    let concise = here.run_at(LAST + 1, &["check", "bad", "--report", "concise"]).exits(1).out();
    assert!(concise.contains(&format!("{SETTINGS}:1:1: S040 ")), "{concise}");
    let junit = here.run_at(LAST + 1, &["check", "bad", "--report", "junit"]).exits(1).out();
    assert!(junit.contains("classname=\"settings\"") && junit.contains("S040"), "{junit}");
    // A later entry that still holds hides it all the same.
    let two = entry("") + &entry("kind = \"UP1KYO\"\n").replace("2027-03-31", "2027-04-30");
    settings(&here, &two);
    assert_eq!(codes(&json_of(&here, LAST + 1, 0)), ["S007", "S040"]);
}

#[test]
fn one_that_hides_nothing_is_said_and_rejects_nothing() {
    let here = RunFolder::new();
    here.unit("K1", "bad");
    settings(&here, &entry(""));
    let report = json_of(&here, LAST, 0);
    assert_eq!(codes(&report), ["S041"]);
    assert_eq!(report["findings"][0]["severity"], "info");
    let text = here.run_at(LAST, &["check", "bad"]).exits(0).out();
    assert!(text.contains("\n合格：エラー0件、警告0件、情報1件\n"), "{text}");
    // After its last day it would hide nothing either.
    let report = json_of(&here, LAST + 1, 0);
    assert_eq!(codes(&report), ["S040"]);
    let message = report["findings"][0]["message"].as_str().expect("a message");
    assert!(message.ends_with("いま隠すような指摘はありません。"), "{message}");
    // A rule that is off is not missed.
    settings(&here, &format!("[rules]\nS007 = \"off\"\n{}", entry("")));
    assert_eq!(codes(&json_of(&here, LAST, 0)), Vec::<&str>::new());
    // Nor is one of the profile that does not ask it, and information is no matter of daily use.
    settings(&here, &format!("profile = \"lenient\"\n{}", entry("")));
    assert_eq!(codes(&json_of(&here, LAST, 0)), Vec::<&str>::new());
}

#[test]
fn the_place_is_a_file_a_kind_an_item_or_an_office() {
    let here = RunFolder::new();
    let folder = here.unit("K1", "bad");
    let file = file_of(&folder, "UP1KYO_");
    // An insured number that is none: F014 about item 3.
    let bytes = fs::read(&file).expect("the unit has it");
    let text = String::from_utf8_lossy(&bytes);
    let number = text.split(',').nth(2).expect("an item").trim_matches('"').to_owned();
    let at = bytes.windows(number.len()).position(|part| part == number.as_bytes());
    let mut bytes = bytes;
    bytes[at.expect("it stands there") + 1] = b'X';
    fs::write(&file, &bytes).expect("written");
    let name = file.file_name().expect("a name").to_string_lossy().into_owned();
    let sender = name.split('_').nth(1).expect("the sender").to_owned();
    for (members, hides) in [
        ("", true),
        ("file = \"UP1KYO_*\"\n", true),
        ("file = \"bad/UP1*.CSV\"\n", true),
        ("file = \"./bad/*\"\n", true),
        ("file = \"other/UP1*.CSV\"\n", false),
        ("file = \"UP1KYO_\"\n", false),
        ("kind = \"UP1KYO\"\n", true),
        ("kind = \"UP2KYO\"\n", false),
        ("item = 3\n", true),
        ("item = 2\n", false),
        ("item = \"insured_number\"\n", true),
        ("item = \"被保険者番号\"\n", true),
        ("item = \"insurer_number\"\n", false),
        (&*format!("office = \"{sender}\"\n"), true),
        ("office = \"4779999999\"\n", false),
        (&*format!("kind = \"UP1KYO\"\nitem = 3\noffice = \"{sender}\"\n"), true),
        (&*format!("kind = \"UP2KYO\"\nitem = 3\noffice = \"{sender}\"\n"), false),
    ] {
        let rule = "rule = [\"S007\", \"F014\"]";
        settings(&here, &entry(members).replace("rule = \"S007\"", rule));
        let report = here.run_at(LAST, &["check", "bad", "--scope", "file", "--report", "json"]);
        let report = report.exits(i32::from(!hides)).json();
        let of = |finding: &&Value| finding["code"] == "F014";
        let found = report["findings"].as_array().expect("findings").iter().find(of);
        let found = found.unwrap_or_else(|| panic!("{members}: {report}"));
        assert_eq!(found.get("suppressed").is_some(), hides, "{members}");
        assert_eq!(codes(&report).contains(&"S041"), !hides, "{members}");
    }
}

#[test]
fn findings_about_units_go_by_their_files_and_offices() {
    let here = RunFolder::new();
    let folder = here.unit("K1", "bad");
    let file = file_of(&folder, "UP2KYO_");
    let name = file.file_name().expect("a name").to_string_lossy().into_owned();
    let receiver = name.split('_').nth(3).expect("the receiver").to_owned();
    fs::remove_file(&file).expect("it was there");
    let rejected = json_of(&here, LAST, 1);
    let code = rejected["findings"][0]["code"].as_str().expect("a code").to_owned();
    assert!(code.starts_with('X'), "{rejected}");
    for (members, hides) in [
        ("", true),
        (&*format!("office = \"{receiver}\"\n"), true),
        ("file = \"UP1KYO_*\"\n", true),
        ("kind = \"UP1KYO\"\n", true),
        ("kind = \"UP2KYO\"\n", false),
        ("office = \"4779999999\"\n", false),
        ("item = 3\n", false),
    ] {
        settings(&here, &entry(members).replace("S007", &code));
        let report = json_of(&here, LAST, i32::from(!hides));
        assert_eq!(report["findings"][0].get("suppressed").is_some(), hides, "{members}");
        if hides {
            assert_eq!(report["units"][0]["errors"], 0, "{members}");
        }
    }
}

#[test]
fn what_could_not_be_read_is_never_suppressed() {
    let here = RunFolder::new();
    here.broken("bad");
    settings(&here, &entry(""));
    here.run_at(LAST, &["check", "bad", "missing"]).exits(3);
    for code in ["B003", "S013", "C003"] {
        settings(&here, &entry("").replace("S007", code));
        let said = here.run_at(LAST, &["check", "bad"]).exits(2).err();
        assert!(said.contains("could not be judged, and may not be suppressed"), "{said}");
    }
    settings(&here, &entry("").replace("S007", "S040"));
    let said = here.run_at(LAST, &["check", "bad"]).exits(2).err();
    assert!(said.contains("抑制についての指摘は抑制できません"), "{said}");
}

#[test]
fn a_baseline_remembers_nothing_that_is_suppressed() {
    let here = RunFolder::new();
    here.broken("bad");
    settings(&here, &entry(""));
    let write = ["check", "bad", "--key", "none", "--write-baseline", "known.json"];
    here.run_at(LAST, &write).exits(0);
    let known = fs::read_to_string(here.path().join("known.json")).expect("written");
    assert!(!known.contains("S007"), "{known}");
    // So it is said again on the day that it expires.
    let read = ["check", "bad", "--key", "none", "--baseline", "known.json"];
    here.run_at(LAST + 1, &read).exits(1);
}

#[test]
fn an_entry_that_makes_no_sense_is_refused_with_its_place_and_what_was_meant() {
    let here = RunFolder::new();
    here.unit("K1", "bad");
    let good = entry("");
    for (from, to, place, said) in [
        ("S007", "s007", ":2:8: ", "no rule has the code s007; S007 is wrong-column-count"),
        ("S007", "S997", ":2:8: ", "no rule has the code S997"),
        ("\"S007\"", "7", ":2:8: ", "rule takes codes"),
        ("\"S007\"", "[]", ":2:8: ", "rule takes codes"),
        ("\"S007\"", "[\"S007\", 1]", ":2:8: ", "rule takes codes"),
        ("4月の版で直す", " ", ":3:10: ", "give a reason"),
        ("2027-03-31", "\"soon\"", ":4:9: ", "until is no day"),
        ("2027-03-31", "\"2027-02-29\"", ":4:9: ", "until is no day"),
        ("2027-03-31", "\"2027-3-31\"", ":4:9: ", "until is no day"),
        ("2027-03-31", "2027-03-31T00:00:00", ":4:9: ", "until is no day"),
        ("2027-03-31", "20270331", ":4:9: ", "until is no day"),
        ("2027-03-31", "2027-02-30", "line 4, column ", "invalid"),
        ("until = 2027-03-31\n", "", "line 1, column ", "missing field `until`"),
        ("reason = \"4月の版で直す\"\n", "", "line 1, column ", "missing field `reason`"),
        ("reason", "reson", "line 3, column 1", "reason のことですか / did you mean reason?"),
        ("[[suppress]]", "[[supress]]", "line 1, column 3", "did you mean suppress?"),
        ("reason", "kind = \"UPLAN\"\nreason", ":3:8: ", "no kind UPLAN; did you mean UPPLAN?"),
        ("reason", "item = 99\nreason", ":3:8: ", "no item 99"),
        ("reason", "item = 1.5\nreason", ":3:8: ", "item takes the number or the id"),
        (
            "reason",
            "kind = \"UPPLAN\"\nitem = \"servce_date\"\nreason",
            ":4:8: ",
            "no item servce_date UPPLAN; did you mean service_date?",
        ),
        ("reason", "office = \"47\"\nreason", ":3:10: ", "no office number"),
        ("reason", "file = \"\"\nreason", ":3:8: ", "file is empty"),
    ] {
        let text = good.replacen(from, to, 1);
        assert_ne!(text, good, "{from}");
        settings(&here, &text);
        let ran = here.run_at(LAST, &["check", "bad"]).exits(2).err();
        assert!(ran.contains(SETTINGS) && ran.contains(place), "{to}: {ran}");
        assert!(ran.contains(said), "{to}: {ran}");
    }
    // A day in quotes is one.
    settings(&here, &good.replace("2027-03-31", "\"2027-03-31\""));
    here.run_at(LAST, &["check", "bad"]).exits(0);
}
