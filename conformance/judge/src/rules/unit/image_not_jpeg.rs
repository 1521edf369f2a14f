//! X015 `image-not-jpeg`.

use crate::rules::prelude::*;

/// 画像がJPEGではない: the image is no JPEG.
pub(crate) static IMAGE_NOT_JPEG: Rule = Rule {
    code: "X015",
    name: "image-not-jpeg",
    title: Text::new("画像がJPEGではない", "the image is no JPEG"),
    explanation: Text::new(
        "家族構成の画像はJPEGと決められています。拡張子だけを変えた画像は開けません。",
        "The family image is a JPEG; renaming another format does not help.",
    ),
    message: Text::new("画像の中身がJPEGではありません。", "The content is not JPEG."),
    fix: Text::new("画像をJPEG形式で保存し直してください。", "Save the image as JPEG."),
    source: Source::Fixed("L UPKIHON_IMAGE", Basis::Stated),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R42"],
    check: Check::Unit(check),
    examples: Examples {
        fails: &["image-that-is-a-bitmap", "image-that-is-a-png"],
        passes: &["Y1"],
    },
};

fn check(cx: &mut UnitCx<'_>) {
    let found: Vec<UnitFile<'_>> = crate::rules::unit::image_missing::images(cx.unit).collect();
    for file in found {
        if !file.facts.image_head.starts_with(b"\xFF\xD8\xFF") {
            cx.report_at(&IMAGE_NOT_JPEG, file, RecordRef::default(), None);
        }
    }
}
