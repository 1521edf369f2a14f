//! The frame of printable pages: one style, no scripts, nothing from outside.

use std::fmt::Write as _;

pub(super) use careplan_reports::escape;

/// The band on every page and report.
pub const BAND: careplan_spec::Text = careplan_spec::Text::new(
    "これはリハーサルです。公式のベンダ試験ではなく、試験項目も公式のものではありません。適合の証明書ではありません。",
    "This is a rehearsal. It is not the official vendor test, its items are not the official ones, and it is no certificate of conformity.",
);

const STYLE: &str = "*{box-sizing:border-box}\
body{font-family:\"Noto Sans CJK JP\",\"Noto Sans JP\",\"Hiragino Sans\",\"Yu Gothic\",Meiryo,sans-serif;\
font-size:10pt;line-height:1.5;color:#111;margin:1rem auto;max-width:190mm;padding:0 1rem}\
h1{font-size:16pt;margin:.2rem 0 .6rem}h2{font-size:12.5pt;margin:1.1rem 0 .3rem;border-bottom:.3mm solid #333}\
h3{font-size:11pt;margin:.8rem 0 .2rem}\
.band{padding:.5rem .9rem;background:#fff3cd;border:1px solid #b08800;border-left-width:.5rem;font-weight:600}\
table{border-collapse:collapse;width:100%;margin:.3rem 0 .8rem}\
th,td{border:.25mm solid #555;padding:.7mm 1.2mm;text-align:left;vertical-align:top;overflow-wrap:anywhere}\
th{background:#eef1f4;font-weight:600}thead{display:table-header-group}tr{break-inside:avoid}\
td.v{white-space:pre-wrap}td.n,th.n{text-align:right;white-space:nowrap}td.tight{white-space:nowrap}td.t,th.t{width:9mm;text-align:center}\
.wide{font-size:8pt}.small{font-size:8.5pt;color:#333}\
.passed{background:#e9f6ed}.failed{background:#fcebea;font-weight:600}.needs_review{background:#fff8e1}.not_run{background:#f2f2f2}\
.sign td{height:14mm}code{font-family:ui-monospace,Consolas,monospace;overflow-wrap:anywhere}\
@page{size:A4;margin:12mm}@media print{body{margin:0;max-width:none;padding:0}.band{background:none}}";

/// A whole page. `body` is HTML, `title` plain text.
pub(super) fn page(title: &str, lang: &str, body: &str) -> String {
    let title = escape(title);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"{lang}\">\n<head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <meta name=\"robots\" content=\"noindex\"><title>{title}</title>\n\
         <style>{STYLE}</style></head>\n<body>\n<h1>{title}</h1>\n"
    );
    out.push_str(body);
    let _ = writeln!(
        out,
        "<p class=\"small\">careplan-conformance {} — 厚生労働省『ケアプランデータ連携標準仕様』を加工して作成。</p>\n</body></html>",
        env!("CARGO_PKG_VERSION")
    );
    out
}
