//! X040 `image-cut-short`.

use crate::rules::prelude::*;

/// 画像が途中で切れている: an image that is cut short.
pub(crate) static IMAGE_CUT_SHORT: Rule = Rule {
    code: "X040",
    name: "image-cut-short",
    title: Text::new("画像が途中で切れている", "an image that is cut short"),
    explanation: Text::new(
        "JPEGの終わりの印（FF D9）がファイルの終わり近くにありません。書き出しやコピーの途中で切れた画像は、下の部分が灰色になるか、開けません。印の後ろにカメラなどが付けるデータ（4KBまで）は指摘しません。",
        "The mark of the end of a JPEG (FF D9) does not stand near the end of the file: an image cut off while it was written or copied is grey below, or does not open. Up to 4 KB behind the mark, as cameras write them, are accepted.",
    ),
    message: Text::new(
        "画像のデータが終わりまでありません（途中で切れています）。",
        "The image ends before its end: it is cut short.",
    ),
    fix: Text::new(
        "元の画像を開いて確かめ、もう一度出力してください。",
        "Open the original image, and export it again.",
    ),
    source: Source::Fixed("L UPKIHON_IMAGE", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R42"],
    check: Check::Unit(check),
    examples: Examples {
        fails: &["image-cut-in-half"],
        passes: &["Y1", "image-with-bytes-behind-it", "image-that-is-a-bitmap"],
    },
};

fn check(cx: &mut UnitCx<'_>) {
    let found: Vec<UnitFile<'_>> = crate::rules::unit::image_missing::images(cx.unit).collect();
    for file in found {
        // What is no JPEG at all, `image-not-jpeg` says.
        if file.facts.image_head.starts_with(b"\xFF\xD8\xFF") && !file.facts.image_ends {
            cx.report_at(&IMAGE_CUT_SHORT, file, RecordRef::default(), None);
        }
    }
}
