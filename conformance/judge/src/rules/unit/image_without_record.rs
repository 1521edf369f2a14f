//! X008 `image-without-record`.

use crate::rules::prelude::*;

/// どのレコードにも書かれていない画像: an image that no record names.
pub(crate) static IMAGE_WITHOUT_RECORD: Rule = Rule {
    code: "X008",
    name: "image-without-record",
    title: Text::new("どのレコードにも書かれていない画像", "an image that no record names"),
    explanation: Text::new(
        "画像はレコードの項目62に名前を書いて結び付けます。書かれていない画像は誰のものか分かりません。",
        "Images are tied to a record by their name in item 62; others belong to nobody.",
    ),
    message: Text::new(
        "この画像の名前がUPKIHONのどのレコードにもありません。",
        "No record of UPKIHON names this image.",
    ),
    fix: Text::new(
        "レコードの項目62に画像の名前を出力してください。",
        "Write the image's name in item 62.",
    ),
    source: Source::Fixed("L UPKIHON_IMAGE", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["B07", "R42"],
    check: Check::Unit(check),
    examples: Examples {
        fails: &["image-of-no-record"],
        passes: &["Y1", "image-of-an-unreadable-record"],
    },
};

fn check(cx: &mut UnitCx<'_>) {
    let Some(parent) = cx.unit.file(FileKind::Upkihon) else { return };
    if !parent.facts.is_whole() {
        return;
    }
    let found: Vec<UnitFile<'_>> = crate::rules::unit::image_missing::images(cx.unit).collect();
    for file in found {
        let named = parent.facts.images.iter().any(|(name, _)| {
            file.header.base_name.eq_ignore_ascii_case(&ms932::decode_lossy(name))
        });
        if !named {
            cx.report_at(&IMAGE_WITHOUT_RECORD, file, RecordRef::default(), None);
        }
    }
}
