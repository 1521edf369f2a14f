//! X010 `same-file-twice`.

use std::collections::HashMap;

use crate::rules::prelude::*;

/// 同じ種別・年月・宛先のファイルが2つある: two files of one kind, month and receiver.
pub(crate) static SAME_FILE_TWICE: Rule = Rule {
    code: "X010",
    name: "same-file-twice",
    title: Text::new(
        "同じ種別・年月・宛先のファイルが2つある",
        "two files of one kind, month and receiver",
    ),
    explanation: Text::new(
        "同じ番号・同じ種類のサテライトは1つのファイルにまとめます。分けて送ると、後のファイルが前の内容を置き換えます。",
        "Satellites of one number and kind share a file; a second file replaces the first.",
    ),
    message: Text::new(
        "同じ種別・年月・送信元・送信先のファイルが、別の連番でもう1つあります（{0}）。",
        "Another file of the same kind, month, sender and receiver has a different sequence ({0}).",
    ),
    fix: Text::new(
        "サテライトの分は1つのファイルにまとめてください。訂正の送り直しなら、この指摘は無視して構いません。",
        "Put satellites into one file. For a correction that replaces the first file, ignore this.",
    ),
    source: Source::Fixed("L ファイル作成単位", Basis::Stated),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["F12", "RW 20", "RW 21"],
    check: Check::Batch { check, is_about_resending: true },
    examples: Examples {
        fails: &["satellites-in-files-of-their-own", "plan-sent-twice"],
        passes: &[
            "S1",
            "actuals-to-two-planners",
            "two-units-of-one-month",
            "actuals-in-two-folders",
        ],
    },
};

fn check(cx: &mut BatchCx<'_>) {
    type Same = (FileKind, Option<[u8; 6]>, file_name::Party, file_name::Party);
    let mut seen: HashMap<Same, String> = HashMap::new();
    let units = cx.units;
    for unit in units {
        for file in &unit.files {
            let Some(name) = &file.header.name else { continue };
            // Plans of several dates are several units; only monthly files replace each other.
            if name.service_month().is_none() {
                continue;
            }
            let same = (name.kind, name.month, name.sender, name.receiver);
            let sequence = String::from_utf8_lossy(&name.sequence).into_owned();
            match seen.get(&same) {
                Some(other) if *other != sequence => {
                    let other = other.clone();
                    if matches!(name.kind, FileKind::Upplan | FileKind::Upjsk) {
                        cx.report_file(&SAME_FILE_TWICE, unit, *file).arg(other);
                    }
                }
                Some(_) => {}
                None => {
                    seen.insert(same, sequence);
                }
            }
        }
    }
}
