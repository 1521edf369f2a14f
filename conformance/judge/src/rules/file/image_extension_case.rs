//! L023 `image-extension-case`.

use crate::rules::prelude::*;
use careplan_spec::file_name::Quirk;
use careplan_spec::file_name::Reading;

/// 画像の拡張子が.JPG: the image ends in .JPG.
pub(crate) static IMAGE_EXTENSION_CASE: Rule = Rule {
    code: "L023",
    name: "image-extension-case",
    title: Text::new("画像の拡張子が.JPG", "the image ends in .JPG"),
    explanation: Text::new(
        "規約は小文字の.jpg、例は大文字の.JPGです。どちらかしか読まない相手があり得ます。",
        "The rule has .jpg, the example .JPG. Some partners may read one only.",
    ),
    message: Text::new(
        "画像の拡張子が小文字の.jpgではありません。",
        "The image does not end in .jpg.",
    ),
    fix: Text::new("小文字の.jpgで出力してください。", "Write .jpg."),
    source: Source::Fixed("L UPKIHON_IMAGE", Basis::Inferred),
    severity: Severity::Info,
    relay: Relay::Delivers,
    covers: &["OQ C7", "R42"],
    check: Check::File(&[], check),
    examples: Examples { fails: &["image-extension-in-upper-case"], passes: &["Y1"] },
};

fn check(cx: &mut FileCx<'_>) {
    if let Reading::Standard { quirks, .. } = &cx.file.reading
        && quirks.contains(&Quirk::UpperCaseImageExtension)
    {
        cx.report(&IMAGE_EXTENSION_CASE);
    }
}
