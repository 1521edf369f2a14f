//! X007 `image-missing`.

use careplan_spec::file_name::Reading;

use crate::finding::Value;
use crate::rules::prelude::*;

/// レコードにある画像が一緒に送られていない: an image that a record names is not there.
pub(crate) static IMAGE_MISSING: Rule = Rule {
    code: "X007",
    name: "image-missing",
    title: Text::new(
        "レコードにある画像が一緒に送られていない",
        "an image that a record names is not there",
    ),
    explanation: Text::new(
        "家族構成の画像は、レコードに書いた名前のファイルを同じ送信単位で送ります。",
        "The image named in a record travels in the same send unit.",
    ),
    message: Text::new(
        "{field}に書かれた画像「{0}」がありません。",
        "The image {0} named in {field} is missing.",
    ),
    fix: Text::new(
        "画像のファイルを一緒に出力するか、項目を空にしてください。",
        "Export the image too, or leave the item empty.",
    ),
    source: Source::Fixed("L UPKIHON 62", Basis::Stated),
    severity: Severity::Error,
    relay: Relay::Overlooks(
        "whether the server compares records with the images sent along is not public",
    ),
    covers: &["R42", "B06"],
    check: Check::Unit(check),
    examples: Examples {
        fails: &["image-not-sent"],
        passes: &["Y1", "image-extension-in-upper-case"],
    },
};

fn check(cx: &mut UnitCx<'_>) {
    let Some(parent) = cx.unit.file(FileKind::Upkihon) else { return };
    let present: Vec<String> = images(cx.unit).map(|file| file.header.base_name.clone()).collect();
    for (named, at) in &parent.facts.images {
        let name = ms932::decode_lossy(named);
        if !present.iter().any(|base| base.eq_ignore_ascii_case(&name)) {
            // The name of the standard tells offices; whatever else is written here may tell a person.
            let shown = match file_name::read(&name) {
                Reading::Standard { .. } => Value::from(name),
                _ => Value::bytes(named, true),
            };
            cx.report_at(&IMAGE_MISSING, parent, *at, Some(upkihon::FAMILY_IMAGE_FILENAME))
                .arg(shown);
        }
    }
}

/// The images of a unit.
pub(crate) fn images<'a>(unit: &'a UnitView<'a>) -> impl Iterator<Item = UnitFile<'a>> {
    unit.files.iter().copied().filter(|file| file.header.kind == FileKind::UpkihonImage)
}
