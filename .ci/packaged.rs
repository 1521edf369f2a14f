//! A program of somebody else's that uses the packages: built and run by the step `package`, outside
//! the workspace and without its lock file.

use std::error::Error;

use careplan_client_core::{Client, Lang, Message, OutgoingFile, check_message};
use careplan_judge::message::Wording;
use careplan_judge::{Profile, Report, Verdict};
use careplan_reports::Format;

const NAME: &str = "UPPLAN_202606_4779000118_43_4779000183_11_20260523142515.CSV";
const CONTENT: &[u8] = b"\"202407\"\r\n";

fn main() -> Result<(), Box<dyn Error>> {
    let report = Report::collect([(NAME, CONTENT)], &Profile::default());
    assert_eq!(report.summary.verdict, Verdict::Rejected);
    let wording = Wording { lang: Lang::En, show_values: false };
    let text = careplan_reports::to_string(&report, Format::Text, wording);
    assert!(text.contains(NAME), "{text}");

    let message = Message::new([OutgoingFile::new(NAME, CONTENT)])?;
    assert!(!check_message(&message, None).passed());
    let refused = Client::builder("ftp://127.0.0.1").err().ok_or("no relay speaks ftp")?;
    println!("{refused}");
    Ok(())
}
