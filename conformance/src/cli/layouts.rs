//! `layouts`: the standard's tables for other tools.

use careplan_spec::{FileKind, Lang, Layout, StandardVersion};

use super::args::LayoutsArgs;
use super::config::misconfigured;
use super::{Exit, print_bytes};
use crate::document;

/// Writes the layouts.
pub(crate) fn run(args: &LayoutsArgs, lang: Lang) -> anyhow::Result<Exit> {
    let version = match args.standard.as_str() {
        "4.1" => StandardVersion::V4_1,
        "3.x" | "3" => StandardVersion::V3,
        other => return Err(misconfigured(format!("--standard {other}: 4.1, 3.x"))),
    };
    let layouts: Vec<&'static Layout> = match &args.kind {
        None => FileKind::ALL.into_iter().filter_map(|kind| kind.layout(version)).collect(),
        Some(prefix) => {
            let kind = FileKind::from_prefix(&prefix.to_uppercase());
            let layout = kind.and_then(|kind| kind.layout(version)).ok_or_else(|| {
                misconfigured(format!(
                    "--kind {prefix}: その種別のレイアウトはありません / no such layout"
                ))
            })?;
            vec![layout]
        }
    };
    let out = match args.format.as_str() {
        "json" => format!("{}\n", serde_json::to_string_pretty(&document::layouts_json(&layouts))?),
        "json-schema" => {
            format!("{}\n", serde_json::to_string_pretty(&document::layouts_schema(&layouts))?)
        }
        "csv" => document::layouts_csv(&layouts),
        "markdown" => layouts
            .iter()
            .map(|layout| document::layout_page(layout, lang))
            .collect::<Vec<_>>()
            .join("\n"),
        other => {
            return Err(misconfigured(format!(
                "--format {other}: json, csv, markdown, json-schema"
            )));
        }
    };
    print_bytes(out.as_bytes())?;
    Ok(Exit::Accepted)
}
