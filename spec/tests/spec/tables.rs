//! Tables and the forms of codes.

use careplan_spec::file_kind::FileKind;
use careplan_spec::layout::{CodeList, Confidence, Format, Required};
use careplan_spec::office_number::{Doubt, OfficeNumber, doubt};
use careplan_spec::service_code::{CodeClass, classify};
use careplan_spec::service_kind::{is_equipment, is_planner, is_well_formed};
use careplan_spec::{
    Basis, StandardVersion, care_level, csv_version, equipment_code, layout, price,
};

#[test]
fn a_field_tells_its_clause_its_column_and_its_names() {
    let field = |version: StandardVersion, no: usize| {
        &FileKind::Upplan.layout(version).expect("a layout").fields[no - 1]
    };
    let service_code = field(StandardVersion::V4_1, 15);
    assert_eq!(service_code.clause(), "L UPPLAN 15");
    assert_eq!(field(StandardVersion::V3, 15).clause(), "V3 L UPPLAN 15");
    assert_eq!(service_code.column_letter(), "O");
    assert_eq!(service_code.id(), service_code.constant.to_lowercase());
    assert_eq!(service_code.id(), "service_code");
    assert_eq!(service_code.format.id(), "service_code");
}

#[test]
fn every_format_has_an_id_of_its_own_and_two_are_written_in_quotes() {
    let mut formats = std::collections::BTreeMap::new();
    for field in layout::all().flat_map(|layout| layout.fields) {
        let named = formats.entry(field.format.id()).or_insert(field.format);
        let same = match (*named, field.format) {
            // Lists of codes share one.
            (Format::Code(_), Format::Code(_)) => true,
            (named, format) => named == format,
        };
        assert!(same, "{:?} and {:?}", named, field.format);
    }
    assert!(formats.len() > 20, "{formats:?}");
    let quoted: Vec<&str> =
        formats.iter().filter(|(_, format)| format.is_free_text()).map(|(id, _)| *id).collect();
    assert_eq!(quoted, ["free_text", "image_file_name"]);
}

#[test]
fn names_are_personal_and_months_are_not() {
    let first = FileKind::Up1kyo.layout(StandardVersion::V4_1).expect("a layout");
    let personal = |no: usize| first.fields[no - 1].is_personal();
    assert!(personal(3), "被保険者番号");
    assert!(!personal(1), "CSVバージョン");
}

#[test]
fn only_a_row_that_was_read_and_whose_duty_is_clear_is_stated() {
    for field in layout::all().flat_map(|layout| layout.fields) {
        let clear = matches!(field.required, Required::Yes | Required::No);
        let stated = field.confidence == Confidence::High && clear;
        assert_eq!(field.basis() == Basis::Stated, stated, "{}", field.clause());
    }
    let mut fields = layout::all().flat_map(|layout| layout.fields);
    assert!(fields.any(|field| field.basis() == Basis::Stated));
    assert!(fields.any(|field| field.basis() == Basis::Inferred));
}

#[test]
fn a_list_knows_its_codes_byte_for_byte() {
    const LIST: CodeList = CodeList { id: "list", codes: &[("1", "one"), ("02", "two")] };
    for (code, label) in [(&b"1"[..], Some("one")), (b"02", Some("two")), (b"2", None), (b"", None)]
    {
        assert_eq!(LIST.label(code), label);
        assert_eq!(LIST.contains(code), label.is_some());
    }
}

#[test]
fn versions_are_told_by_label_value_and_month() {
    assert_eq!(StandardVersion::V3.label(), "3.x");
    assert_eq!(StandardVersion::V4_1.label(), "4.1");
    for version in [StandardVersion::V3, StandardVersion::V4_1] {
        let entry = csv_version::find(version.csv_version().as_bytes()).expect("in the history");
        assert_eq!(entry.standard, Some(version));
        assert_eq!(entry.value, version.csv_version());
    }
    assert!(csv_version::find(b"202410").is_none());
    assert_eq!(csv_version::standard_for_month(202_503), StandardVersion::V3);
    assert_eq!(csv_version::standard_for_month(202_504), StandardVersion::V4_1);
}

#[test]
fn a_care_level_is_found_by_its_code() {
    let level = |code: &[u8]| care_level::find(code).map(|level| (level.name, level.limit_units));
    assert_eq!(level(b"21"), Some(("要介護１", Some(16_765))));
    assert_eq!(level(b"01"), Some(("非該当", None)));
    assert_eq!(level(b"11"), None);
}

#[test]
fn an_equipment_code_has_five_then_six() {
    for (code, valid) in [
        ("00001-000010", true),
        ("ABC9Z-123456", true),
        ("0000a-000010", false),
        ("0000--000010", false),
        ("000011000010", false),
        ("00001-00001A", false),
        ("00001-00001", false),
        ("00001-0000100", false),
    ] {
        assert_eq!(equipment_code::shape_is_valid(code.as_bytes()), valid, "{code}");
    }
    let half = |text| equipment_code::normalise(text);
    assert_eq!(half("ＡＢＣ９Ｚ－０１２３４５").as_deref(), Some("ABC9Z-012345"));
}

#[test]
fn a_price_has_one_to_three_digits_and_two_decimals() {
    for (text, price) in [
        ("11.40", Some(1140)),
        ("0.01", Some(1)),
        ("123.45", Some(12_345)),
        ("655.35", Some(65_535)),
        ("655.36", None),
        ("0011.40", None),
        (".40", None),
        ("1a.40", None),
        ("11.4x", None),
    ] {
        assert_eq!(price::parse_unit_price(text.as_bytes()), price, "{text}");
    }
}

#[test]
fn kinds_of_service_are_told_apart() {
    for (kind, form, planner, equipment) in [
        ("43", true, true, false),
        ("46", true, true, false),
        ("AF", true, true, false),
        ("11", true, false, false),
        ("17", true, false, true),
        ("67", true, false, true),
        ("A2", true, false, false),
        ("B2", false, false, false),
        ("4", false, false, false),
        ("a2", false, false, false),
        ("1-", false, false, false),
    ] {
        assert_eq!(is_well_formed(kind.as_bytes()), form, "{kind}");
        assert_eq!(is_planner(kind.as_bytes()), planner, "{kind}");
        assert_eq!(is_equipment(kind.as_bytes()), equipment, "{kind}");
    }
}

#[test]
fn a_code_of_table_7_tells_what_its_row_is() {
    for (code, class) in [
        ("111111", CodeClass::Service),
        ("11AAAA", CodeClass::SubtotalManaged),
        ("17EEEE", CodeClass::SubtotalUnmanaged),
        ("21ZZZZ", CodeClass::SubtotalOver30Days),
        ("999999", CodeClass::Total),
        ("99", CodeClass::Service),
        ("", CodeClass::Service),
    ] {
        assert_eq!(classify(code.as_bytes()), class, "{code}");
    }
}

#[test]
fn an_office_number_is_made_with_its_check_digit() {
    let number = OfficeNumber::with_check_digit("477900011").expect("digits");
    assert_eq!(number.as_bytes(), b"4779000118");
    assert_eq!(number.to_string(), "4779000118");
    assert_eq!(OfficeNumber::with_check_digit("47790001-"), None);
}

#[test]
fn only_four_prefectures_keep_the_digits_of_medical_offices() {
    // The digit of the seven-digit code, in Saitama to Kanagawa and beside them.
    let seven = |prefecture: &str| {
        let digit = careplan_spec::check_digit::check_digit(b"123456").expect("digits");
        doubt(format!("{prefecture}1123456{digit}").as_bytes())
    };
    for prefecture in ["11", "12", "13", "14"] {
        assert_eq!(seven(prefecture), None, "{prefecture}");
    }
    for prefecture in ["10", "15", "27"] {
        assert!(matches!(seven(prefecture), Some(Doubt::CheckDigit { .. })), "{prefecture}");
    }
    // And there a wrong digit is one.
    let wrong = (0..=9).filter(|digit| doubt(format!("131123456{digit}").as_bytes()).is_some());
    assert_eq!(wrong.count(), 8, "its own digit and that of the code are right");
}
