//! F033 `image-file-name-form`.

use crate::rules::prelude::*;

/// 画像ファイル名の形が違う: an image name of another form.
pub(crate) static IMAGE_FILE_NAME_FORM: Rule = Rule {
    code: "F033",
    name: "image-file-name-form",
    title: Text::new("画像ファイル名の形が違う", "an image name of another form"),
    explanation: Text::new(
        "家族構成の画像は、利用者基本情報と同じ名前の部分に4桁の枝番を付けた名前です。",
        "The image is named like the basic information file, with a branch number of four digits.",
    ),
    message: Text::new(
        "{field}の値は画像ファイル名の形ではありません。",
        "{field} is not the name of an image of the standard.",
    ),
    fix: Text::new(
        "UPKIHON_IMAGE_（送信元・送信先・連番）_0001.jpg の形で出力してください。",
        "Write UPKIHON_IMAGE_(sender, receiver, sequence)_0001.jpg.",
    ),
    source: Source::Fixed("L UPKIHON 62", Basis::Stated),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R42"],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples {
        fails: &["image-name-of-its-own", "image-named-after-a-table"],
        passes: &["Y1"],
    },
};

fn applies(field: &Field) -> bool {
    field.format == Format::ImageFileName
}

fn holds(_: &Field, value: &[u8]) -> bool {
    let name = std::str::from_utf8(value).ok().map(file_name::read);
    matches!(
        name,
        Some(file_name::Reading::Standard { name, .. }) if name.kind == FileKind::UpkihonImage
    )
}

fn report(_: &mut FieldCx<'_>) {}
