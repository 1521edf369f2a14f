//! A program of somebody else's that uses the packages: built and run by the step `package`, outside
//! the workspace and without its lock file.

use careplan_client_core::Terminal;
use careplan_judge::message::Wording;
use careplan_judge::{Profile, Report, Verdict};
use careplan_reports::Format;
use careplan_spec::Lang;

const NAME: &str = "UPPLAN_202606_4779000118_43_4779000183_11_20260523142515.CSV";

fn main() {
    let report = Report::collect([(NAME, b"\"202407\"\r\n")], &Profile::default());
    assert_eq!(report.summary.verdict, Verdict::Rejected);
    let wording = Wording { lang: Lang::En, show_values: false };
    let text = careplan_reports::to_string(&report, Format::Text, wording);
    assert!(text.contains(NAME), "{text}");
    println!("{} of {}", std::any::type_name::<Terminal>(), std::any::type_name::<Verdict>());
}
