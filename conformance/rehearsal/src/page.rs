//! What printable pages and reports have in common. Their frame is `templates/page.html`: one
//! style, no scripts, nothing from outside.

use askama::Template;

/// The band on every page and report.
pub const BAND: careplan_spec::Text = careplan_spec::Text::new(
    "これはリハーサルです。公式のベンダ試験ではなく、試験項目も公式のものではありません。適合の証明書ではありません。",
    "This is a rehearsal. It is not the official vendor test, its items are not the official ones, and it is no certificate of conformity.",
);

/// The version that stands on every page and report.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What a template says.
pub(super) fn filled(template: &impl Template) -> String {
    template.render().expect("values of a page are plain text")
}
