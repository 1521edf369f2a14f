//! Words for findings: the sentence, what was found and what was expected, masked or not.

use std::fmt::Write as _;

use careplan_reader::masking::{EMPTY, write_shape, write_shown};
pub use careplan_reader::masking::{shape, shown};
use careplan_spec::layout::{Format, Length};
use careplan_spec::text::visible;
use careplan_spec::{Field, Lang, Text};

use crate::finding::{Expected, Finding, Value};

/// How findings are put into words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wording {
    /// Language.
    pub lang: Lang,
    /// Show personal values instead of their shape.
    pub show_values: bool,
}

impl Wording {
    /// The sentence of a finding: message, then the hint where there is one.
    pub fn message(&self, finding: &Finding) -> String {
        let mut out = String::with_capacity(160);
        self.write_message(finding, &mut out);
        out
    }

    /// Appends [`Wording::message`] to `out`.
    pub fn write_message(&self, finding: &Finding, out: &mut String) {
        let mut rest = finding.rule.message.get(self.lang);
        while let Some(open) = rest.find('{') {
            out.push_str(&rest[..open]);
            let after = &rest[open + 1..];
            let Some(close) = after.find('}') else {
                rest = &rest[open..];
                break;
            };
            self.write_placeholder(&after[..close], finding, out);
            rest = &after[close + 1..];
        }
        out.push_str(rest);
        if let Some(hint) = &finding.hint {
            if self.lang == Lang::En {
                out.push(' ');
            }
            self.write_value(hint, out);
        }
    }

    fn write_placeholder(&self, name: &str, finding: &Finding, out: &mut String) {
        match name {
            "field" => {
                if let Some(field) = finding.field {
                    write_item(u32::from(field.no), field.name, self.lang, out);
                }
            }
            "found" => match &finding.found {
                Some(value) => self.write_value(value, out),
                None => out.push_str(EMPTY.get(self.lang)),
            },
            "expected" => self.write_expected(finding, out),
            digits => {
                let arg = digits.parse::<usize>().ok().and_then(|at| finding.args.get(at));
                if let Some(value) = arg {
                    self.write_value(value, out);
                }
            }
        }
    }

    /// What was found, for a column of its own; `None` where the finding has no such value.
    pub fn found(&self, finding: &Finding) -> Option<String> {
        finding.found.as_ref().map(|value| self.value(value))
    }

    /// What was expected; `None` where the finding does not say.
    pub fn expected(&self, finding: &Finding) -> Option<String> {
        finding.expected.as_ref()?;
        let mut out = String::new();
        self.write_expected(finding, &mut out);
        (!out.is_empty()).then_some(out)
    }

    fn write_expected(&self, finding: &Finding, out: &mut String) {
        match (&finding.expected, finding.field) {
            (Some(Expected::Value(value)), _) => self.write_value(value, out),
            (Some(Expected::Row), Some(field)) => write_row(field, self.lang, out),
            (Some(Expected::Row), None) | (None, _) => {}
        }
    }

    /// A value in words.
    pub fn value(&self, value: &Value) -> String {
        let mut out = String::new();
        self.write_value(value, &mut out);
        out
    }

    fn write_value(&self, value: &Value, out: &mut String) {
        match value {
            Value::Bytes { bytes, personal } => {
                if *personal && !self.show_values {
                    write_shape(bytes, self.lang, out);
                } else {
                    write_shown(bytes, self.lang, out);
                }
            }
            Value::Text(text) => out.push_str(text.get(self.lang)),
            Value::Str(text) => out.push_str(&visible(text)),
            Value::Both(text) => out.push_str(&visible(match self.lang {
                Lang::Ja => &text.ja,
                Lang::En => &text.en,
            })),
            Value::Number(number) => {
                let _ = write!(out, "{number}");
            }
        }
    }
}

/// Number and official name of a field: `項目10「サービス利用日」`.
pub fn field_label(field: &Field, lang: Lang) -> String {
    item_label(u32::from(field.no), field.name, lang)
}

/// The same of an item whose number and name are known.
pub(crate) fn item_label(number: u32, name: &str, lang: Lang) -> String {
    let mut out = String::new();
    write_item(number, name, lang, &mut out);
    out
}

fn write_item(number: u32, name: &str, lang: Lang, out: &mut String) {
    let _ = match lang {
        Lang::Ja => write!(out, "項目{number}「{name}」"),
        Lang::En => write!(out, "item {number} {name}"),
    };
}

/// What the layout row asks for: `YYYYMMDDの日付（半角数字8桁）`.
pub fn row_description(field: &Field, lang: Lang) -> String {
    let mut out = String::new();
    write_row(field, lang, &mut out);
    out
}

fn write_row(field: &Field, lang: Lang, out: &mut String) {
    if let Format::Code(list) = field.format {
        for (at, (code, label)) in list.codes.iter().enumerate() {
            if at > 0 {
                out.push('、');
            }
            out.push_str(code);
            out.push('（');
            out.push_str(label);
            out.push('）');
        }
        return;
    }
    let text = match field.format {
        Format::CsvVersion => Text::new("202407（標準仕様4.1）", "202407 (standard 4.1)"),
        Format::Month => Text::new("年月（半角数字6桁 YYYYMM）", "a month, six digits YYYYMM"),
        Format::MonthOrZeros => Text::new(
            "年月（半角数字6桁 YYYYMM）または000000",
            "a month, six digits YYYYMM, or 000000",
        ),
        Format::Date => Text::new("日付（半角数字8桁 YYYYMMDD）", "a date, eight digits YYYYMMDD"),
        Format::DateOrZeros => Text::new(
            "日付（半角数字8桁 YYYYMMDD）または00000000",
            "a date, eight digits YYYYMMDD, or 00000000",
        ),
        Format::Time => Text::new("時刻（半角数字4桁 HHMM）", "a time, four digits HHMM"),
        Format::TimeOrNines => {
            Text::new("時刻（半角数字4桁 HHMM）または9999", "a time, four digits HHMM, or 9999")
        }
        Format::InsurerNumber => Text::new("保険者番号（半角数字6桁）", "six digits"),
        Format::InsuredNumber => Text::new(
            "被保険者番号（半角数字10桁、またはH＋半角数字9桁）",
            "ten digits, or H and nine digits",
        ),
        Format::OfficeNumber => Text::new(
            "事業所番号（半角10桁。3文字目だけ英大文字可）",
            "ten characters, digits but for a letter in the third place",
        ),
        Format::OfficeNumberOrNines => Text::new(
            "事業所番号（半角10桁）または9999999999",
            "an office number of ten characters, or 9999999999",
        ),
        Format::Nines => Text::new("9999999999（固定値）", "9999999999 (fixed)"),
        Format::ServiceKind => Text::new("サービス種類コード（半角2桁）", "two characters"),
        Format::ServiceCode => Text::new(
            "サービスコード（種類2桁＋項目4桁の半角6桁）",
            "six characters: kind 2, item 4",
        ),
        Format::ServiceCodeOrTotal => Text::new(
            "サービスコード（半角6桁）、種類＋AAAA・EEEE・ZZZZ、または999999",
            "six characters, kind + AAAA, EEEE or ZZZZ, or 999999",
        ),
        Format::EquipmentCode => {
            Text::new("半角の 00001-000010 の形", "the form 00001-000010, half width")
        }
        Format::Integer => Text::new("半角数字の整数", "a whole number, half width"),
        Format::Decimal => Text::new("半角の数値（99.99の形）", "a number like 99.99, half width"),
        Format::SequenceNumber => Text::new("1〜99の半角数字", "a number from 1 to 99"),
        Format::PerDiemBitmap => Text::new(
            "空、または0と1だけの半角31桁（左端が1日）",
            "empty, or 31 characters 0 or 1, the first for day 1",
        ),
        Format::PostalCode => {
            Text::new("XXX-XXXX（半角、ハイフン入り8文字）", "XXX-XXXX, eight characters")
        }
        Format::Phone => Text::new("電話番号", "a phone number"),
        Format::Code(_) | Format::Opaque => Text::new("半角のコード", "a code, half width"),
        Format::FreeText => Text::new("\"で囲んだ文字列", "text in double quotes"),
        Format::ImageFileName => {
            Text::new("UPKIHON_IMAGE_…_枝番4桁.jpg", "UPKIHON_IMAGE_…_<four digits>.jpg")
        }
        Format::Unused => Text::new("空（使用しない項目）", "empty: the item is not used"),
    };
    out.push_str(text.get(lang));
    let sized =
        matches!(field.format, Format::Integer | Format::Decimal | Format::Phone | Format::Opaque);
    if let (Length::Max(max), true) = (field.length, sized) {
        let _ = match lang {
            Lang::Ja => write!(out, "（{max}桁以内）"),
            Lang::En => write!(out, ", at most {max} characters"),
        };
    }
}
