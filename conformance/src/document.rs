//! Documentation made from the rules and layouts: what `explain`, `rules`, `layouts` and the
//! generated pages say.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use careplan_fixtures::example::{self, Example};
use careplan_judge::engine::Report;
use careplan_judge::message::{Wording, row_description};
use careplan_judge::profile::Profile;
use careplan_judge::rule::{Rule, Source, Stage};
use careplan_judge::rules;
use careplan_spec::layout::{self, Format, Length, Required};
use careplan_spec::{FileKind, Lang, Layout, StandardVersion};
use serde_json::{Value, json};

use crate::coverage;

/// The page of a rule, as Markdown.
pub(crate) fn rule_page(rule: &Rule, lang: Lang) -> String {
    let ja = lang == Lang::Ja;
    let pick = |ja_text: &'static str, en: &'static str| if ja { ja_text } else { en };
    let mut out = format!("# {} {}\n\n", rule.code, rule.title.get(lang));
    let _ = writeln!(
        out,
        "`{}` · {} · {}\n",
        rule.name,
        rule.stage().label().get(lang),
        rule.severity.label().get(lang)
    );
    let _ = writeln!(out, "{}\n", rule.explanation.get(lang));
    let _ = writeln!(out, "**{}** {}\n", pick("直し方：", "Fix:"), rule.fix.get(lang));
    let clause = match rule.source {
        // No clause says it.
        Source::Fixed("—", basis) => basis.meaning().get(lang).to_owned(),
        Source::Fixed(clause, basis) => format!("{clause} — {}", basis.meaning().get(lang)),
        Source::Row => pick(
            "レイアウト定義書の該当項目（読み取りの確かでない項目では警告）",
            "the item's row of the layout annex (a warning where the row could not be read for certain)",
        )
        .to_owned(),
    };
    let _ = writeln!(out, "**{}** {clause}\n", pick("根拠：", "Clause:"));
    for (fails, title) in
        [(true, pick("指摘する例", "Reported")), (false, pick("指摘しない例", "Not reported"))]
    {
        let names = if fails { rule.examples.fails } else { rule.examples.passes };
        if names.is_empty() {
            continue;
        }
        let _ = writeln!(out, "## {title}\n");
        for example in names.iter().filter_map(|name| example::find(name)) {
            let _ = writeln!(out, "- {}", example.title.get(lang));
            if fails && let Some(message) = message_of(rule, example, lang) {
                let _ = writeln!(out, "  > {message}");
            }
        }
        out.push('\n');
    }
    out
}

/// What the checker says about an example.
fn message_of(rule: &Rule, example: Example, lang: Lang) -> Option<String> {
    let files: Vec<_> = example.files.into_iter().map(|file| (file.name, file.bytes)).collect();
    let report = Report::collect(&files, &Profile::default());
    let finding = report.findings.iter().find(|finding| finding.rule == rule)?;
    // Examples are invented, so their values may be shown.
    Some(Wording { lang, show_values: true }.message(finding))
}

/// The table of all rules, as Markdown.
pub(crate) fn rule_table(lang: Lang) -> String {
    let mut out = String::new();
    for stage in Stage::ALL {
        let _ = writeln!(out, "## {} ({})\n", stage.label().get(lang), stage.letter());
        out.push_str(match lang {
            Lang::Ja => "| コード | 内容 | 重要度 | 根拠 |\n|---|---|---|---|\n",
            Lang::En => "| code | what | severity | clause |\n|---|---|---|---|\n",
        });
        for rule in rules::all().filter(|rule| rule.stage() == stage) {
            let clause = match rule.source {
                Source::Fixed(clause, basis) => format!("{clause} ({})", basis.id()),
                Source::Row => "L (Stated)".to_owned(),
            };
            let _ = writeln!(
                out,
                "| [{}](rules/{}.md) | {} | {} | {clause} |",
                rule.code,
                rule.code,
                rule.title.get(lang),
                rule.severity.label().get(lang)
            );
        }
        out.push('\n');
    }
    out
}

/// A row of CSV, quoted where needed, with CRLF.
pub(crate) fn csv_row(cells: &[&str]) -> String {
    let quoted = |cell: &&str| {
        if cell.contains(['"', ',', '\r', '\n']) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            (*cell).to_owned()
        }
    };
    format!("{}\r\n", cells.iter().map(quoted).collect::<Vec<_>>().join(","))
}

const fn required_id(required: Required) -> &'static str {
    match required {
        Required::Yes => "yes",
        Required::No => "no",
        Required::Unclear => "unclear",
    }
}

fn length_text(length: Length) -> String {
    match length {
        Length::Max(max) => max.to_string(),
        Length::Free => "free".to_owned(),
        Length::Unknown => "unknown".to_owned(),
    }
}

fn codes(format: Format) -> &'static [(&'static str, &'static str)] {
    match format {
        Format::Code(list) => list.codes,
        _ => &[],
    }
}

/// The layouts as JSON.
pub(crate) fn layouts_json(layouts: &[&Layout]) -> Value {
    let all: Vec<Value> = layouts
        .iter()
        .map(|layout| {
            let fields: Vec<Value> = layout
                .fields
                .iter()
                .map(|field| {
                    json!({
                        "no": field.no,
                        "column": field.column_letter(),
                        "name": field.name,
                        "id": field.id(),
                        "length": match field.length {
                            Length::Max(max) => json!(max),
                            Length::Free => json!("free"),
                            Length::Unknown => Value::Null,
                        },
                        "required": required_id(field.required),
                        "format": field.format.id(),
                        "quoted": field.format.is_free_text(),
                        "codes": codes(field.format)
                            .iter()
                            .map(|(code, label)| json!({ "code": code, "label": label }))
                            .collect::<Vec<_>>(),
                        "personal": field.is_personal(),
                        "clause": field.clause(),
                        "basis": field.basis().id(),
                        "note": field.note,
                    })
                })
                .collect();
            json!({
                "kind": layout.kind.prefix(),
                "title": { "ja": layout.kind.title().ja, "en": layout.kind.title().en },
                "standard": layout.version.label(),
                "csv_version": layout.version.csv_version(),
                "columns": layout.columns(),
                "fields": fields,
            })
        })
        .collect();
    json!({ "version": 1, "layouts": all })
}

/// The layouts as one CSV, UTF-8 with a byte order mark.
pub(crate) fn layouts_csv(layouts: &[&Layout]) -> String {
    let mut out = String::from("\u{FEFF}");
    out.push_str(&csv_row(&[
        "standard", "kind", "no", "column", "name", "id", "length", "required", "format", "codes",
        "personal", "clause", "basis", "note",
    ]));
    for layout in layouts {
        for field in layout.fields {
            let list: Vec<String> =
                codes(field.format).iter().map(|(code, label)| format!("{code}:{label}")).collect();
            out.push_str(&csv_row(&[
                layout.version.label(),
                layout.kind.prefix(),
                &field.no.to_string(),
                &field.column_letter(),
                field.name,
                &field.id(),
                &length_text(field.length),
                required_id(field.required),
                field.format.id(),
                &list.join("|"),
                if field.is_personal() { "yes" } else { "no" },
                &field.clause(),
                field.basis().id(),
                field.note,
            ]));
        }
    }
    out
}

/// A JSON Schema (2020-12) of each layout's records as arrays of text.
pub(crate) fn layouts_schema(layouts: &[&Layout]) -> Value {
    let definitions: BTreeMap<String, Value> = layouts
        .iter()
        .map(|layout| {
            let items: Vec<Value> = layout
                .fields
                .iter()
                .map(|field| {
                    let mut schema = json!({
                        "title": field.name,
                        "$comment": format!("{} {}", field.clause(), field.id()),
                        "type": "string",
                    });
                    if let Some(pattern) = pattern(field.format) {
                        let optional = field.required != Required::Yes;
                        schema["pattern"] = json!(if optional {
                            format!("^({pattern})?$")
                        } else {
                            format!("^({pattern})$")
                        });
                    } else if field.required == Required::Yes {
                        schema["minLength"] = json!(1);
                    }
                    schema
                })
                .collect();
            let record = json!({
                "type": "array",
                "prefixItems": items,
                "items": false,
                "minItems": layout.columns(),
                "maxItems": layout.columns(),
            });
            (layout.kind.prefix().to_owned(), json!({ "type": "array", "items": record }))
        })
        .collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "ケアプランデータ連携標準仕様",
        "$defs": definitions,
    })
}

/// A regular expression for what a format alone can say.
fn pattern(format: Format) -> Option<String> {
    let text = match format {
        Format::CsvVersion => "201910|202003|202208|202504|202407",
        Format::Month | Format::MonthOrZeros => "[0-9]{6}",
        Format::Date | Format::DateOrZeros => "[0-9]{8}",
        Format::Time => "([01][0-9]|2[0-4])[0-5][0-9]",
        Format::TimeOrNines => "([01][0-9]|2[0-4])[0-5][0-9]|9999",
        Format::InsurerNumber => "[0-9]{6}",
        Format::InsuredNumber => "[0-9]{10}|H[0-9]{9}",
        Format::OfficeNumber | Format::OfficeNumberOrNines => "[0-9]{2}[0-9A-Z][0-9]{7}",
        Format::Nines => "9{10}",
        Format::ServiceKind => "[0-9A-Z]{2}",
        Format::ServiceCode | Format::ServiceCodeOrTotal => "[0-9A-Z]{6}",
        Format::Integer => "-?[0-9]+",
        Format::Decimal => "[0-9]+(\\.[0-9]+)?",
        Format::PerDiemBitmap => "[01]{31}",
        Format::PostalCode => "[0-9]{3}-[0-9]{4}",
        Format::Code(list) => {
            return Some(list.codes.iter().map(|(code, _)| *code).collect::<Vec<_>>().join("|"));
        }
        Format::EquipmentCode
        | Format::SequenceNumber
        | Format::Phone
        | Format::Opaque
        | Format::FreeText
        | Format::ImageFileName
        | Format::Unused => return None,
    };
    Some(text.to_owned())
}

/// The page of a layout, as Markdown.
pub(crate) fn layout_page(layout: &Layout, lang: Lang) -> String {
    let title = layout.kind.title();
    let mut out =
        format!("# {} {} ({})\n\n", layout.kind.prefix(), title.get(lang), layout.version.label());
    out.push_str(match lang {
        Lang::Ja => "| No | 列 | 項目名 | id | 長 | 必須 | 書式 | 個人 | 根拠 | 注 |\n",
        Lang::En => {
            "| no | col | item | id | length | required | format | personal | basis | note |\n"
        }
    });
    out.push_str("|---:|---|---|---|---|---|---|---|---|---|\n");
    for field in layout.fields {
        let required = match field.required {
            Required::Yes => "○",
            Required::No => "",
            Required::Unclear => "?",
        };
        let _ = writeln!(
            out,
            "| {} | {} | {} | `{}` | {} | {required} | {} | {} | {} | {} |",
            field.no,
            field.column_letter(),
            field.name,
            field.id(),
            length_text(field.length),
            row_description(field, lang).replace('|', "\\|"),
            if field.is_personal() { "●" } else { "" },
            field.basis().id(),
            field.note.replace('|', "\\|"),
        );
    }
    out
}

/// The first line of every generated page.
pub(crate) const HEAD: &str = "<!-- Generated by `careplan-conformance docs`; do not edit. -->\n\n";

/// Every generated page by its path below the folder.
pub(crate) fn pages() -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    for rule in rules::all() {
        let text =
            format!("{HEAD}{}---\n\n{}", rule_page(rule, Lang::Ja), rule_page(rule, Lang::En));
        pages.insert(format!("rules/{}.md", rule.code), text);
    }
    for layout in layout::all() {
        let prefix = if layout.version == StandardVersion::V3 { "v3-" } else { "" };
        pages.insert(
            format!("layouts/{prefix}{}.md", layout.kind.prefix()),
            format!("{HEAD}{}", layout_page(layout, Lang::Ja)),
        );
    }
    pages.insert("rules.md".into(), format!("{HEAD}# ルール一覧\n\n{}", rule_table(Lang::Ja)));
    pages.insert("rules.en.md".into(), format!("{HEAD}# Rules\n\n{}", rule_table(Lang::En)));
    pages.insert("coverage.md".into(), format!("{HEAD}{}", coverage::page()));
    pages.insert("send-units.md".into(), format!("{HEAD}{}", send_units()));
    pages
}

fn send_units() -> String {
    let mut out = String::from(
        "# 送信単位 / send units\n\n| id | 単位 | 必須 | 付随 | 根拠 |\n|---|---|---|---|---|\n",
    );
    let list =
        |kinds: &[FileKind]| kinds.iter().map(|kind| kind.prefix()).collect::<Vec<_>>().join(" + ");
    for version in [StandardVersion::V4_1, StandardVersion::V3] {
        for unit in careplan_spec::send_unit::units(version) {
            let _ = writeln!(
                out,
                "| {} | {} / {} | {} | {} | {} |",
                unit.id,
                unit.title.ja,
                unit.title.en,
                list(unit.required),
                list(unit.attachments),
                unit.clause
            );
        }
    }
    out
}
