//! L019 `several-service-kinds-in-actuals`.

use crate::rules::prelude::*;

/// 実績ファイルに複数のサービス種類がある: several service kinds in one file of actuals.
pub(crate) static SEVERAL_SERVICE_KINDS_IN_ACTUALS: Rule = Rule {
    code: "L019",
    name: "several-service-kinds-in-actuals",
    title: Text::new(
        "実績ファイルに複数のサービス種類がある",
        "several service kinds in one file of actuals",
    ),
    explanation: Text::new(
        "「種類＋事業所番号ごとにまとめ」と書かれ、名前に種類は1つですが、仕様の例には複数の種類を1ファイルにしたものもあります。読み方が分かれます。",
        "The text says one file for each kind and office, the name holds one kind, yet an example puts two kinds into one file. Readers differ.",
    ),
    message: Text::new(
        "1つの実績ファイルに種類{0}があります。名前の種類は{1}だけです。",
        "The file holds kinds {0}; the name says {1}.",
    ),
    fix: Text::new(
        "相手が種類ごとのファイルを求めるときは、分けて出力してください。",
        "Write one file a kind if the partner asks for it.",
    ),
    source: Source::Fixed("S 5.1.2.1", Basis::Inferred),
    severity: Severity::Info,
    relay: Relay::Delivers,
    covers: &["OQ C6"],
    check: Check::File(&[FileKind::Upjsk], check),
    examples: Examples {
        fails: &["actuals-of-two-kinds", "actuals-of-three-kinds", "actuals-of-ten-kinds"],
        passes: &["S1", "old-version-actuals-of-two-kinds", "service-code-without-kind"],
    },
};

fn check(cx: &mut FileCx<'_>) {
    let mut kinds: Vec<String> = Vec::new();
    for row in &cx.facts.uses {
        let kind = String::from_utf8_lossy(&row.service_kind()).into_owned();
        if row.code[1] != 0 && !kinds.contains(&kind) && kinds.len() < 8 {
            kinds.push(kind);
        }
    }
    let named =
        cx.file.name.as_ref().and_then(|name| name.sender.service_kind().map(str::to_owned));
    if let (true, Some(named)) = (kinds.len() > 1, named) {
        kinds.sort();
        cx.report(&SEVERAL_SERVICE_KINDS_IN_ACTUALS).arg(kinds.join("、")).arg(named);
    }
}
