//! Pages for those who begin: the steps, the numbers of the overview, the combinations that can be
//! sent, whom to ask, and what is to come in 2027.

use askama::Template;
use careplan_spec::StandardVersion;
use careplan_spec::send_unit::{self, SendUnit};

use super::prefecture;
use crate::sites::page::{Page, PageResult, show};
use crate::sites::visit::Visit;

/// Offices, and those of them that use the system, in the order of the prefectures, on 6 November 2023
/// (overview of 6 December 2023).
static NUMBERS: [(u32, u32); 47] = [
    (7_416, 297),
    (2_073, 130),
    (2_104, 138),
    (2_889, 123),
    (1_754, 38),
    (1_668, 120),
    (2_786, 122),
    (3_589, 103),
    (2_813, 81),
    (3_439, 169),
    (7_320, 265),
    (7_631, 231),
    (13_580, 736),
    (10_237, 451),
    (2_876, 120),
    (1_688, 51),
    (1_828, 62),
    (1_535, 137),
    (1_401, 58),
    (3_525, 141),
    (3_108, 194),
    (5_055, 392),
    (9_286, 594),
    (3_126, 162),
    (2_209, 103),
    (3_403, 288),
    (15_972, 466),
    (7_732, 466),
    (2_425, 145),
    (2_381, 71),
    (948, 169),
    (1_346, 28),
    (3_041, 133),
    (4_280, 254),
    (2_238, 83),
    (2_066, 73),
    (1_628, 60),
    (2_627, 87),
    (1_152, 67),
    (8_139, 279),
    (1_487, 33),
    (2_455, 108),
    (3_417, 88),
    (2_567, 73),
    (2_224, 46),
    (2_779, 188),
    (2_323, 60),
];

#[derive(Template)]
#[template(path = "support/begin.html")]
struct BeginPage {
    page: Page,
}

/// 介護サービス事業所の皆さまへ: what is needed, and the steps ① to ⑦.
pub(super) async fn begin(visit: Visit) -> PageResult {
    Ok(show(&BeginPage { page: visit.page() }))
}

#[derive(Template)]
#[template(path = "support/contact.html")]
struct ContactPage {
    page: Page,
}

pub(super) async fn contact(visit: Visit) -> PageResult {
    Ok(show(&ContactPage { page: visit.page() }))
}

#[derive(Template)]
#[template(path = "support/next.html")]
struct NextPage {
    page: Page,
}

/// What changes in 2027, as far as it is public.
pub(super) async fn next(visit: Visit) -> PageResult {
    Ok(show(&NextPage { page: visit.page() }))
}

/// A row of the numbers.
struct NumberRow {
    name: &'static str,
    offices: String,
    using: String,
    share: String,
}

impl NumberRow {
    fn new(name: &'static str, offices: u32, using: u32) -> Self {
        let share = 100.0 * f64::from(using) / f64::from(offices);
        Self {
            name,
            offices: grouped(offices),
            using: grouped(using),
            share: format!("{share:.1}%"),
        }
    }
}

/// A number with commas.
fn grouped(number: u32) -> String {
    match number {
        0..1_000 => number.to_string(),
        _ => format!("{},{:03}", number / 1_000, number % 1_000),
    }
}

#[derive(Template)]
#[template(path = "support/numbers.html")]
struct NumbersPage {
    page: Page,
    rows: Vec<NumberRow>,
    total: NumberRow,
}

pub(super) async fn numbers(visit: Visit) -> PageResult {
    let rows = (1..).zip(NUMBERS).map(|(code, (offices, using))| {
        let name = prefecture::find(&format!("{code:02}")).map_or("-", |name| name.get(visit.lang));
        NumberRow::new(name, offices, using)
    });
    let sum = |part: fn(&(u32, u32)) -> u32| NUMBERS.iter().map(part).sum();
    let total = NumberRow::new(visit.t("合計", "all"), sum(|row| row.0), sum(|row| row.1));
    Ok(show(&NumbersPage { page: visit.page(), rows: rows.collect(), total }))
}

/// A combination of files.
struct Combination {
    id: &'static str,
    title: &'static str,
    required: Vec<String>,
    attachments: Vec<String>,
}

impl Combination {
    fn of(unit: &SendUnit, visit: &Visit) -> Self {
        let files = |kinds: &[careplan_spec::FileKind]| {
            let file = |kind: &careplan_spec::FileKind| {
                format!("{}（{}）", kind.title().get(visit.lang), kind.prefix())
            };
            kinds.iter().map(file).collect()
        };
        Self {
            id: unit.id,
            title: unit.title.get(visit.lang),
            required: files(unit.required),
            attachments: files(unit.attachments),
        }
    }
}

#[derive(Template)]
#[template(path = "support/combinations.html")]
struct CombinationsPage {
    page: Page,
    now: Vec<Combination>,
    before: Vec<Combination>,
}

/// 送信できるファイルの組み合わせ, from the same table the relay judges by.
pub(super) async fn combinations(visit: Visit) -> PageResult {
    let of = |version| {
        send_unit::units(version).iter().map(|unit| Combination::of(unit, &visit)).collect()
    };
    Ok(show(&CombinationsPage {
        now: of(StandardVersion::V4_1),
        before: of(StandardVersion::V3),
        page: visit.page(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_add_up_as_the_overview_says() {
        let sum = |part: fn(&(u32, u32)) -> u32| NUMBERS.iter().map(part).sum::<u32>();
        assert_eq!((sum(|row| row.0), sum(|row| row.1)), (181_566, 8_283));
        let tottori = NumberRow::new("鳥取", NUMBERS[30].0, NUMBERS[30].1);
        assert_eq!((&*tottori.offices, &*tottori.share), ("948", "17.8%"));
        assert_eq!(grouped(181_066), "181,066");
    }
}
