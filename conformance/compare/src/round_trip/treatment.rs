//! Which differences an import and an export may leave, declared once as data.
//!
//! What is not listed here has to come back as it was.

use careplan_spec::layout::v4_1::{
    up1kyo, up2kyo, up3kyo, uphosoku, upjsk, upkihon, upplan, upsikyu, upyobo,
};
use careplan_spec::layout::{Field, FieldId, Format};
use careplan_spec::{Basis, Text};

use super::Grade;

/// Why a difference is no loss.
#[derive(Debug, PartialEq, Eq)]
pub struct Treatment {
    /// [`Grade::Free`] or [`Grade::Review`].
    pub grade: Grade,
    /// The reason.
    pub why: Text,
    /// The clause.
    pub clause: &'static str,
    /// How firmly it rests on the standard.
    pub basis: Basis,
}

impl Treatment {
    /// Whether two exports of one product may differ in it and say the same: the day of creation,
    /// what carries the sequence, other writings of the same.
    pub(super) fn is_set_aside(&self) -> bool {
        let aside = [&CREATED, &UNUSED, &IMAGE_NAME, &NUMBER, &REPEATED, &RENUMBERED];
        aside.iter().any(|known| std::ptr::eq(*known, self))
    }
}

const fn free(ja: &'static str, en: &'static str, clause: &'static str, basis: Basis) -> Treatment {
    Treatment { grade: Grade::Free, why: Text::new(ja, en), clause, basis }
}

const fn review(
    ja: &'static str,
    en: &'static str,
    clause: &'static str,
    basis: Basis,
) -> Treatment {
    Treatment { grade: Grade::Review, why: Text::new(ja, en), clause, basis }
}

static UNUSED: Treatment = free(
    "使用しない項目です（出力は空、取り込みは無視）。",
    "The item is not used: written empty, ignored when read.",
    "L 識別子",
    Basis::Stated,
);

static UPDATED_BY: Treatment = free(
    "更新した事業所の番号なので、出力した側の番号に変わります。",
    "It names the office that made the last change, so it becomes the exporting office.",
    "L UPPLAN 24",
    Basis::Inferred,
);

static CREATED: Treatment = review(
    "作成日を保つか、出力した日にするかは仕様に定めがありません。",
    "The standard does not say whether the day of creation is kept or becomes the day of export.",
    "—",
    Basis::Assumed,
);

static OFFICE_NAME: Treatment = review(
    "事業所の名称・住所は番号から自社の台帳の値に置き換わることがあり、仕様に定めがありません。",
    "Name and address of an office may come from the product's own list by its number; the standard does not say.",
    "—",
    Basis::Assumed,
);

static OTHER_TEXT: Treatment = review(
    "送り元のソフトによって別の内容が入ることがあると仕様に注記のある項目です。",
    "The standard notes that this item may hold something else, depending on the sender's software.",
    "L UPKIHON 43, L UPYOBO 17",
    Basis::Stated,
);

static DETAIL_NUMBER: Treatment = review(
    "明細を区別する連番です。付け直してよいかは仕様に定めがありません。",
    "A running number that tells details apart; the standard does not say whether it may be given anew.",
    "L UPPLAN 19",
    Basis::Assumed,
);

static OPERATOR: Treatment = free(
    "入力した人を表すコードなので、出力した側のものに変わります。",
    "It names who entered the record, so it becomes the exporting side's.",
    "L UPSIKYU 35",
    Basis::Inferred,
);

static IMAGE_NAME: Treatment = free(
    "画像のファイル名には送信元・送信先・連番が入るので、出力し直すと変わります。画像そのものを比べます。",
    "The name of the image holds sender, receiver and sequence, so it changes; the image itself is compared.",
    "L UPKIHON 62",
    Basis::Stated,
);

/// The fields with a treatment of their own.
static FIELDS: &[(&[FieldId], &Treatment)] = &[
    (
        &[
            uphosoku::UPDATED_BY_OFFICE_NUMBER,
            up1kyo::UPDATED_BY_OFFICE_NUMBER,
            up2kyo::UPDATED_BY_OFFICE_NUMBER,
            upplan::UPDATED_BY_OFFICE_NUMBER,
            upjsk::UPDATED_BY_OFFICE_NUMBER,
            upsikyu::UPDATED_BY_OFFICE_NUMBER,
        ],
        &UPDATED_BY,
    ),
    (
        &[
            up1kyo::CREATED_DATE,
            up2kyo::PLAN_DOCUMENT_CREATED_DATE,
            up3kyo::WEEKLY_PLAN_CREATED_DATE,
            upplan::CREATED_DATE,
            upjsk::CREATED_DATE,
            upsikyu::CREATED_DATE,
        ],
        &CREATED,
    ),
    (
        &[
            up1kyo::PLANNER_OFFICE_NAME,
            up1kyo::PLANNER_OFFICE_POSTAL_CODE,
            up1kyo::PLANNER_OFFICE_ADDRESS1,
            up1kyo::PLANNER_OFFICE_ADDRESS2,
            up2kyo::SERVICE_OFFICE_NAME,
            upplan::SERVICE_OFFICE_NAME,
            upjsk::SERVICE_OFFICE_NAME,
            upsikyu::SERVICE_OFFICE_NAME,
            upyobo::PLANNER_OFFICE_ADDRESS,
            upyobo::PLANNER_OFFICE_PHONE,
        ],
        &OFFICE_NAME,
    ),
    (
        &[
            upkihon::VISITOR_ADDRESS,
            upkihon::EMERGENCY1_ADDRESS,
            upkihon::EMERGENCY2_ADDRESS,
            upkihon::EMERGENCY3_ADDRESS,
            upkihon::EMERGENCY4_ADDRESS,
            upyobo::PLANNER_OFFICE_NAME,
        ],
        &OTHER_TEXT,
    ),
    (&[upplan::DETAIL_DISCRIMINATOR, upjsk::DETAIL_DISCRIMINATOR], &DETAIL_NUMBER),
    (&[upsikyu::OPERATOR_CODE], &OPERATOR),
];

/// The treatment of a field whatever its values; `None` where it has to come back.
pub fn of(id: FieldId, field: &Field) -> Option<&'static Treatment> {
    match field.format {
        Format::Unused => return Some(&UNUSED),
        Format::ImageFileName => return Some(&IMAGE_NAME),
        _ => {}
    }
    FIELDS.iter().find(|(ids, _)| ids.contains(&id)).map(|(_, treatment)| *treatment)
}

/// Every field with a treatment of its own, for documentation and tests.
pub fn fields() -> impl Iterator<Item = (FieldId, &'static Treatment)> {
    FIELDS.iter().flat_map(|(ids, treatment)| ids.iter().map(|id| (*id, *treatment)))
}

/// Other ways to write the same number.
pub(super) static NUMBER: Treatment = free(
    "数の書き方だけの違いです（書式は整数・数値で、ゼロ埋めの定めはありません）。",
    "Only the writing of the number differs; the standard asks for no padding.",
    "L 書式",
    Basis::Inferred,
);

/// A repeated text that is left out, or written again.
pub(super) static REPEATED: Treatment = free(
    "同じ課題・目標・支援計画の2行目以降は、空欄でも繰り返してもよい項目です。",
    "In later records of the same need, goal or support plan the text may be empty or repeated.",
    "L UP2KYO 7, L UPYOBO_SUB 6",
    Basis::Stated,
);

/// Numbers given anew with the same structure.
pub(super) static RENUMBERED: Treatment = free(
    "番号は並びとまとまりを表すもので、同じ並びとまとまりなら付け直してもかまいません。",
    "The numbers stand for order and grouping; with the same order and grouping they may be given anew.",
    "L UP2KYO 6, L UPYOBO_SUB 5",
    Basis::Inferred,
);

/// Full width for half width, or the other way round, in text.
pub(super) static WIDTH: Treatment = review(
    "文字列の全角・半角をどちらにするかは仕様に定めがありません。",
    "The standard does not say whether text is full or half width.",
    "—",
    Basis::Assumed,
);

/// Spaces and empty lines at the ends of a text.
pub(super) static SPACES: Treatment = review(
    "前後の空白・改行を保つかどうかは仕様に定めがありません。",
    "The standard does not say whether spaces and line breaks at the ends are kept.",
    "—",
    Basis::Assumed,
);

/// Phone numbers with other signs between the digits.
pub(super) static PHONE: Treatment = review(
    "電話番号の書き方（ハイフン・かっこ・空白）は仕様に定めがありません。",
    "The standard gives no form for phone numbers (hyphens, brackets, spaces).",
    "—",
    Basis::Assumed,
);

/// 2400 and 0000.
pub(super) static MIDNIGHT: Treatment = review(
    "24時を0000と書くか2400と書くかは仕様に定めがありません。",
    "The standard does not say whether midnight is 0000 or 2400.",
    "—",
    Basis::Assumed,
);

/// A full-width hyphen in an equipment code.
pub(super) static HYPHEN: Treatment = review(
    "TAISコードの例は全角ハイフンで印刷されていますが、12文字の半角として扱うのが実際です。",
    "The standard prints a full-width hyphen in its example; practice is half width.",
    "L UPPLAN 16",
    Basis::Inferred,
);

/// 0 for nothing, nothing for 0.
pub(super) static ZERO: Treatment = review(
    "計算できない単位数を0とするか空とするかなど、0と空の使い分けは仕様に定めがありません。",
    "The standard does not tell 0 from an empty number everywhere.",
    "L UPJSK 8",
    Basis::Assumed,
);

/// A value where there was none.
pub(super) static ADDED: Treatment = review(
    "渡したデータで空だった項目に値が入りました。自社の台帳などから補ってよいかは仕様に定めがありません。",
    "A value stands where there was none; the standard does not say whether a product may fill it in.",
    "—",
    Basis::Assumed,
);

/// A record about somebody or something that was never given.
pub(super) static STRANGER: Treatment = review(
    "渡していない利用者・計画・月の記録です。別の作業のデータが混ざっていないか確認してください。",
    "It is about a person, plan or month that was not given: perhaps data of other work.",
    "—",
    Basis::Assumed,
);

/// What a newer unit replaces.
pub(super) static SUPERSEDED: Treatment = free(
    "後の連番で送り直した内容に置き換わったものです。",
    "A unit with a later sequence replaces it.",
    "S 5.1.1.1, S 5.2.1.1",
    Basis::Inferred,
);

/// What a deletion takes away.
pub(super) static DELETED: Treatment = free(
    "渡した削除ファイルで削除されたものです。",
    "A deletion that was given takes it away.",
    "S 2.3, S 3.3",
    Basis::Stated,
);

/// A deletion that was carried out and leaves nothing to export.
pub(super) static CARRIED_OUT: Treatment = review(
    "削除の指示は戻りませんでした。削除が取り込まれたことは画面で確認してください。",
    "The deletion itself did not come back. See in the product that it was carried out.",
    "S 2.3, S 3.3",
    Basis::Assumed,
);

/// The bytes of an image.
pub(super) static IMAGE: Treatment = review(
    "画像を変換して保存してよいかは仕様に定めがありません。同じ図に見えるか確認してください。",
    "The standard does not say whether an image may be converted: see whether it shows the same.",
    "L UPKIHON 62",
    Basis::Assumed,
);
