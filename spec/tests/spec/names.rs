//! File names that are nearly right.

use careplan_spec::file_name::{Defect, FileName, NamePart, Quirk, Reading, read};
use careplan_spec::{FileKind, StandardVersion};

const TAIL: &str = "0300000100_43_0300000005_11_20191025200201";

fn standard(name: &str) -> (FileName, Vec<Quirk>) {
    match read(name) {
        Reading::Standard { name, quirks } => (name, quirks),
        other => panic!("{name}: {other:?}"),
    }
}

/// Kind, defects and the repaired name.
fn near(name: &str) -> (Option<FileKind>, Vec<Defect>, Option<String>) {
    match read(name) {
        Reading::NearMiss { kind, defects, name, version } => {
            assert_eq!(version, name.as_ref().map(|name| name.version));
            (kind, defects, name.map(|name| name.compose()))
        }
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn the_parts_of_a_name_are_told() {
    let (name, _) = standard(&format!("UPPLAN_201912_{TAIL}.CSV"));
    assert_eq!(name.sender.office(), "0300000100");
    assert_eq!(name.sender.service_kind(), Some("43"));
    assert_eq!(name.sender.to_string(), "0300000100/43");
    assert_eq!(name.receiver.to_string(), "0300000005/11");
    assert_eq!(name.service_month(), Some(201_912));
    let (name, _) = standard("UPPLAN_201912_0300000100_0300000005_20191025200201.CSV");
    assert_eq!(name.sender.service_kind(), None);
    assert_eq!(name.sender.to_string(), "0300000100");
    let (name, _) = standard(&format!("UPHOSOKU_000000_{TAIL}.CSV"));
    assert_eq!(name.service_month(), None);
}

#[test]
fn only_an_office_number_in_the_place_of_the_month_means_that_the_month_is_missing() {
    let (_, defects, name) = near(&format!("UPPLAN_{TAIL}.CSV"));
    assert_eq!(defects, [Defect::Empty(NamePart::Month)]);
    assert_eq!(name, None);
    // Ten characters that are no office number.
    let (_, defects, _) = near(&format!("UPPLAN_2019-12-01_{TAIL}.CSV"));
    let malformed = |part, found: &str| Defect::Malformed(part, found.to_owned());
    assert_eq!(defects, [malformed(NamePart::Month, "2019-12-01")]);
    // Zeros are the month of UPHOSOKU alone.
    let (_, defects, _) = near(&format!("UPPLAN_000000_{TAIL}.CSV"));
    assert_eq!(defects, [malformed(NamePart::Month, "000000")]);
}

#[test]
fn zeros_before_basic_information_are_passed_over() {
    let (kind, defects, name) = near(&format!("UPKIHON_000000_{TAIL} (1).CSV"));
    assert_eq!(kind, Some(FileKind::Upkihon));
    assert_eq!(defects, [Defect::RenamedCopy("(1)".to_owned())]);
    assert_eq!(name, Some(format!("UPKIHON_{TAIL}.CSV")));
    // Of another kind they are a month too many.
    let (_, defects, name) = near(&format!("UP1KYO_000000_{TAIL}.CSV"));
    assert_eq!(defects, [Defect::UnexpectedMonth]);
    assert_eq!(name, Some(format!("UP1KYO_{TAIL}.CSV")));
}

#[test]
fn six_characters_that_are_no_digits_are_no_month() {
    let (_, defects, name) = near(&format!("UP1KYO_20250A_{TAIL}.CSV"));
    assert_eq!(defects, [Defect::ExtraParts]);
    assert_eq!(name, None);
    let (_, defects, _) = near(&format!("UP1KYO_2025040_{TAIL}.CSV"));
    assert_eq!(defects, [Defect::ExtraParts]);
}

#[test]
fn a_branch_has_four_digits() {
    let image = |branch: &str| near(&format!("UPKIHON_IMAGE_{TAIL}{branch}.jpg"));
    let branch = |found: &str| [Defect::Malformed(NamePart::Branch, found.to_owned())];
    assert_eq!(image("_12AB").1, branch("12AB"));
    assert_eq!(image("_00012").1, branch("00012"));
    // Without one, the sequence stands in its place.
    let (_, defects, name) = image("");
    assert_eq!(defects, branch("20191025200201"));
    assert_eq!(name, None);
}

#[test]
fn parts_that_are_missing_or_too_many_are_told() {
    let count = |parts: &str| near(&format!("UP1KYO_{parts}.CSV")).1;
    assert_eq!(count("0300000100_43_0300000005_11"), [Defect::MissingParts]);
    assert_eq!(count(&format!("{TAIL}_0001")), [Defect::ExtraParts]);
    let (kind, defects, _) = near("UP1KYO.CSV");
    assert_eq!((kind, defects), (Some(FileKind::Up1kyo), vec![Defect::MissingParts]));
}

#[test]
fn a_kind_of_service_has_two_characters() {
    let of =
        |kind: &str| near(&format!("UP1KYO_0300000100_{kind}_0300000005_11_20191025200201.CSV")).1;
    let malformed = |found: &str| [Defect::Malformed(NamePart::SenderKind, found.to_owned())];
    assert_eq!(of("4a"), malformed("4a"));
    assert_eq!(of("4"), malformed("4"));
    assert_eq!(of("43a"), malformed("43a"));
    assert_eq!(of("431"), [Defect::ThreeDigitServiceKind]);
}

#[test]
fn hyphens_part_a_name_that_has_no_underscore() {
    let hyphens = TAIL.replace('_', "-");
    let (_, defects, name) = near(&format!("UP1KYO-{hyphens}.CSV"));
    assert_eq!(defects, [Defect::WrongSeparator]);
    assert_eq!(name, Some(format!("UP1KYO_{TAIL}.CSV")));
    // With one underscore they are characters of a part.
    let (_, defects, _) = near(&format!("UP1KYO_{hyphens}.CSV"));
    assert!(!defects.contains(&Defect::WrongSeparator), "{defects:?}");
    // Right names and foreign ones without either stay what they are.
    assert_eq!(read("UPLOAD.CSV"), Reading::Foreign);
}

#[test]
fn spaces_and_wide_characters_are_taken_out() {
    let (_, defects, name) = near(&format!("UP1KYO _{TAIL}.CSV"));
    assert_eq!(defects, [Defect::Spaces]);
    assert_eq!(name, Some(format!("UP1KYO_{TAIL}.CSV")));
    let (_, defects, name) = near(&format!("ＵＰ１ＫＹＯ＿{TAIL}．ＣＳＶ"));
    assert_eq!(defects, [Defect::FullWidth]);
    assert_eq!(name, Some(format!("UP1KYO_{TAIL}.CSV")));
}

#[test]
fn the_kind_that_was_meant_differs_in_two_letters_at_most() {
    let meant = |prefix: &str| match read(&format!("{prefix}_201912_{TAIL}.CSV")) {
        Reading::NearMiss { kind, defects, .. } => {
            let unknown = defects.iter().find_map(|defect| match defect {
                Defect::UnknownPrefix { found, did_you_mean } => {
                    Some((found.clone(), *did_you_mean))
                }
                _ => None,
            });
            assert_eq!(unknown, Some((prefix.to_owned(), kind)));
            kind
        }
        other => panic!("{prefix}: {other:?}"),
    };
    assert_eq!(meant("UPPLN"), Some(FileKind::Upplan), "one letter less");
    assert_eq!(meant("UPPLANN"), Some(FileKind::Upplan), "one letter more");
    assert_eq!(meant("UPPRAM"), Some(FileKind::Upplan), "two others");
    assert_eq!(meant("PUPLAN"), Some(FileKind::Upplan), "two in each other's place");
    assert_eq!(meant("UXXXAN"), None, "three others");
    // Four letters are enough, three are not; nor is a long word.
    assert_eq!(meant("UPJK"), Some(FileKind::Upjsk));
    assert_eq!(meant("UPJ"), None);
    assert_eq!(meant("UPKIHON_IMAGES"), Some(FileKind::UpkihonImage));
    assert_eq!(meant("UPKIHON_IMAGE_OF_FAMILY"), None);
}

#[test]
fn a_word_alone_is_nobodys_kind() {
    // Nearly a kind, and nothing behind it.
    assert_eq!(read("UPPLN.CSV"), Reading::Foreign);
    // No kind, and fewer than two numbers behind it.
    assert_eq!(read("LIST_0300000100.CSV"), Reading::Foreign);
    assert!(matches!(
        read("LIST_0300000100_20191025200201.CSV"),
        Reading::NearMiss { kind: None, .. }
    ));
}

#[test]
fn long_names_are_no_work() {
    let name =
        |length: usize| format!("UP1KYO_{TAIL}{}.CSV", "9".repeat(length - 7 - TAIL.len() - 4));
    assert_eq!(name(255).len(), 255);
    assert!(matches!(read(&name(255)), Reading::NearMiss { .. }));
    assert_eq!(read(&name(256)), Reading::Foreign);
}

#[test]
fn a_missing_extension_is_told_from_another() {
    let words = |name: &str| {
        let (_, defects, _) = near(name);
        defects[0].describe().ja
    };
    assert_eq!(words(&format!("UP1KYO_{TAIL}")), "拡張子がありません");
    assert_eq!(words(&format!("UP1KYO_{TAIL}.txt")), "拡張子が「.txt」です");
}

#[test]
fn extensions_belong_to_kinds() {
    let (_, defects, _) = near(&format!("UP1KYO_{TAIL}.jpg"));
    assert_eq!(defects, [Defect::Extension("jpg".to_owned())]);
    let (_, defects, _) = near(&format!("UPKIHON_IMAGE_{TAIL}_0001.CSV"));
    assert_eq!(defects, [Defect::Extension("CSV".to_owned())]);
    let (name, quirks) = standard(&format!("UPKIHON_IMAGE_{TAIL}_0001.Jpg"));
    assert_eq!(quirks, [Quirk::UpperCaseImageExtension]);
    assert_eq!(name.version, StandardVersion::V4_1);
}
