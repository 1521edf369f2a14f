//! The plan of a rehearsal: whose product, which offices, which patterns, which month.

use std::fmt::Write as _;

use careplan_fixtures::region::Party;
use careplan_spec::calendar::{self, Month};
use careplan_spec::csv_version::V4_1_FROM_MONTH;
use careplan_spec::office_number::{self, Doubt, OfficeNumber};
use careplan_spec::service_kind::{self, Scope};
use careplan_spec::{StandardVersion, Text};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::catalogue::{self, Item};
use super::pattern::{Pattern, Role, Side};

/// The value of `schema` in `rehearsal.toml`.
pub const SCHEMA: &str = "careplan-testbed/rehearsal/1";

/// What `rehearsal.toml` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setup {
    /// Company.
    pub vendor: String,
    /// Product.
    pub product: String,
    /// Version of the product.
    pub version: String,
    /// The vendor's own test offices; what is invented carries a note in the file.
    pub offices: Vec<Party>,
    /// Patterns that are rehearsed.
    pub patterns: Vec<Pattern>,
    /// Sides that are rehearsed.
    pub sides: Vec<Side>,
    /// Service month of the cases.
    pub month: Month,
    /// Seed of the invented people.
    pub seed: u64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    schema: String,
    /// For people who look at a committed folder.
    #[serde(rename = "tool-version")]
    _tool_version: Option<IgnoredAny>,
    standard: Option<String>,
    vendor: String,
    product: String,
    version: String,
    offices: Vec<String>,
    patterns: Vec<String>,
    sides: Vec<String>,
    month: String,
    seed: u64,
}

/// Invented test offices that play every role, for a first try: body of the number and kinds.
const INVENTED: [(&str, &[&str]); 7] = [
    ("477990001", &["43"]),
    ("470990002", &["46"]),
    ("477990003", &["11"]),
    ("477990004", &["15"]),
    ("477990005", &["17", "67"]),
    ("477990006", &["21"]),
    ("47A990007", &["A6"]),
];

/// The invented test offices.
pub fn invented_offices() -> Vec<Party> {
    INVENTED
        .iter()
        .flat_map(|(body, kinds)| {
            let office = OfficeNumber::with_check_digit(body).expect("the bodies have the shape");
            kinds.iter().map(move |kind| Party::new(office, kind).expect("two digits or letters"))
        })
        .collect()
}

/// Reads `NUMBER/KIND` and refuses what cannot be an office of the exchange.
///
/// # Errors
/// What is wrong with it.
pub fn office(text: &str) -> Result<Party, Text<String>> {
    let refused = |ja: String, en: String| {
        Err(Text::made(format!("事業所「{text}」：{ja}"), format!("office {text:?}: {en}")))
    };
    let Some((number, kind)) = text.split_once('/') else {
        return refused(
            "「事業所番号/サービス種類コード」の形で書いてください（例 4770900118/43）".to_owned(),
            "write NUMBER/KIND, such as 4770900118/43".to_owned(),
        );
    };
    let Some(party) = Party::parse(text) else {
        return refused(
            format!(
                "事業所番号は10文字（3文字目だけ英大文字可）、サービス種類コードは2文字です（番号{}文字、種類{}文字）",
                number.chars().count(),
                kind.chars().count()
            ),
            "ten characters, digits but for a letter in the third place; then / and a kind of two"
                .to_owned(),
        );
    };
    if let Some(doubt) = office_number::doubt(number.as_bytes()) {
        let (ja, en) = match doubt {
            Doubt::Prefecture => (
                "先頭2桁が都道府県番号（01〜47）ではありません".to_owned(),
                "the first two digits are no prefecture".to_owned(),
            ),
            Doubt::UnusedLetter => (
                "3文字目のI・O・Qは使われません（1・0の打ち間違いでは）".to_owned(),
                "the letters I, O and Q are never used".to_owned(),
            ),
            Doubt::UnknownKind => (
                "3文字目（事業所区分）が使われていない値です".to_owned(),
                "the third character is no known kind of office".to_owned(),
            ),
            Doubt::AllSameDigit => (
                "同じ数字が10個並ぶ番号は使えません".to_owned(),
                "the same digit ten times is a placeholder".to_owned(),
            ),
            Doubt::CheckDigit { expected } => (
                format!(
                    "検証番号（最後の桁）が合いません。{}{expected} ではありませんか",
                    &number[..9]
                ),
                format!("the check digit is wrong; did you mean {}{expected}?", &number[..9]),
            ),
        };
        return refused(ja, en);
    }
    let covered =
        service_kind::find(kind.as_bytes()).is_some_and(|known| known.scope == Scope::Covered);
    if !covered && !service_kind::is_planner(kind.as_bytes()) {
        return refused(
            format!(
                "サービス種類「{kind}」は連携の対象ではありません（仕様 1.3、1.4。計画作成側は43・46・AF）"
            ),
            format!(
                "the exchange does not cover kind {kind} (S 1.3, S 1.4; planners are 43, 46, AF)"
            ),
        );
    }
    Ok(party)
}

/// Reads a service month, `2026-11` or `202611`, for which 4.1 applies.
///
/// # Errors
/// Another form, or too early a month.
pub fn month(text: &str) -> Result<Month, Text<String>> {
    let digits: String = text.chars().filter(|ch| *ch != '-').collect();
    let Some(month) = calendar::parse_month(digits.as_bytes()) else {
        return Err(Text::made(
            format!("提供年月「{text}」が読めません（例 2026-11）"),
            format!("{text:?} is no month; write it like 2026-11"),
        ));
    };
    if month.number() < V4_1_FROM_MONTH {
        return Err(Text::made(
            format!("提供年月「{text}」には標準仕様4.1が使えません（2025年4月から）"),
            format!("standard 4.1 does not apply to {text} (from April 2025)"),
        ));
    }
    Ok(month)
}

impl Setup {
    /// Reads `rehearsal.toml`.
    ///
    /// # Errors
    /// The first thing that is wrong, in words.
    pub fn parse(text: &str) -> Result<Self, Text<String>> {
        let written: Written = toml::from_str(text).map_err(|error| {
            Text::made(
                format!("rehearsal.toml が読めません：{error}"),
                format!("rehearsal.toml cannot be read: {error}"),
            )
        })?;
        if written.schema != SCHEMA {
            return Err(Text::made(
                format!(
                    "rehearsal.toml の schema が「{}」です（この版が読めるのは {SCHEMA}）",
                    written.schema
                ),
                format!(
                    "rehearsal.toml has schema {:?}; this version reads {SCHEMA}",
                    written.schema
                ),
            ));
        }
        let known = StandardVersion::V4_1.label();
        if let Some(other) = written.standard.filter(|standard| standard != known) {
            return Err(Text::made(
                format!(
                    "rehearsal.toml の standard が「{other}」です（リハーサルは {known} だけです）"
                ),
                format!("rehearsal.toml has standard {other:?}; a rehearsal is about {known} only"),
            ));
        }
        let patterns = written.patterns.iter().map(|id| pattern(id)).collect::<Result<_, _>>()?;
        let sides = written.sides.iter().map(|id| side(id)).collect::<Result<_, _>>()?;
        let offices = written.offices.iter().map(|text| office(text)).collect::<Result<_, _>>()?;
        let setup = Self {
            vendor: written.vendor,
            product: written.product,
            version: written.version,
            offices,
            patterns,
            sides,
            month: month(&written.month)?,
            seed: written.seed,
        };
        setup.accept()?;
        Ok(setup)
    }

    /// Whether the plan makes sense as a whole.
    ///
    /// # Errors
    /// The first reason why not.
    pub fn accept(&self) -> Result<(), Text<String>> {
        for (at, office) in self.offices.iter().enumerate() {
            if self.offices[..at].contains(office) {
                return Err(Text::made(
                    format!("事業所「{office}」が2回書かれています"),
                    format!("office {office} stands there twice"),
                ));
            }
        }
        if self.seed > 1_000_000_000 {
            return Err(Text::made(
                "seed は10億までです".to_owned(),
                "the seed is at most a thousand million".to_owned(),
            ));
        }
        if self.items().next().is_none() {
            return Err(Text::made(
                "この事業所・パターン・側では、行う試験項目がありません（事業所の種類を確かめてください。計画作成側43、地域包括46、サービス11など）".to_owned(),
                "these offices, patterns and sides leave no item to rehearse".to_owned(),
            ));
        }
        Ok(())
    }

    /// The text of `rehearsal.toml`.
    pub fn to_toml(&self) -> String {
        let list = |values: Vec<String>| {
            values.iter().map(|value| quoted(value)).collect::<Vec<_>>().join(", ")
        };
        let mut out = String::from(
            "# ケアプランデータ連携 ベンダ試験のリハーサル（careplan-conformance rehearse）。\n\
             # これはリハーサルの計画です。公式のベンダ試験ではなく、適合の証明にもなりません。\n\
             # 直したあとは「careplan-conformance rehearse init このフォルダー」でキットを作り直してください。\n\n",
        );
        let _ = writeln!(out, "schema = {}", quoted(SCHEMA));
        let _ = writeln!(out, "tool-version = {}", quoted(env!("CARGO_PKG_VERSION")));
        let _ = writeln!(out, "standard = {}", quoted(StandardVersion::V4_1.label()));
        let _ = writeln!(out, "\n# 会社名、製品名、製品の版（報告書に載ります）");
        let _ = writeln!(out, "vendor = {}", quoted(&self.vendor));
        let _ = writeln!(out, "product = {}", quoted(&self.product));
        let _ = writeln!(out, "version = {}", quoted(&self.version));
        let _ = writeln!(
            out,
            "\n# 製品の試験用事業所：「事業所番号/サービス種類コード」。キットはこの事業所を宛先に、課題はこの事業所を送信元にします"
        );
        let _ = writeln!(out, "offices = [");
        for office in &self.offices {
            let _ = writeln!(out, "    {},", quoted(&office.to_string()));
        }
        let _ = writeln!(out, "]");
        let ids = self.patterns.iter().map(|pattern| pattern.id().to_owned()).collect();
        let _ = writeln!(out, "\n# 行うパターンと側（writes 書き出し、reads 取り込み）");
        let _ = writeln!(out, "patterns = [{}]", list(ids));
        let ids = self.sides.iter().map(|side| side.id().to_owned()).collect();
        let _ = writeln!(out, "sides = [{}]", list(ids));
        let _ = writeln!(out, "\n# サービス提供年月と、架空の利用者を決める種");
        let _ = writeln!(out, "month = {}", quoted(&self.month.to_string()));
        let _ = writeln!(out, "seed = {}", self.seed);
        out
    }

    /// The items this plan has offices for, in the order of the catalogue.
    pub fn items(&self) -> impl Iterator<Item = &'static Item> {
        self.chosen().filter(|item| self.parties(item).is_some())
    }

    /// Items of the chosen patterns and sides that no office of the plan can take part in.
    pub fn out_of_reach(&self) -> impl Iterator<Item = &'static Item> {
        self.chosen().filter(|item| self.parties(item).is_none())
    }

    fn chosen(&self) -> impl Iterator<Item = &'static Item> {
        catalogue::all()
            .iter()
            .filter(|item| self.patterns.contains(&item.pattern) && self.sides.contains(&item.side))
    }

    /// The product's office and that of the other side; `None` where the plan has no office of
    /// the role.
    pub fn parties(&self, item: &Item) -> Option<(Party, Party)> {
        let (own, other) = item.roles();
        let fits = |party: &Party, role: Role| {
            let is_service = matches!(role, Role::HomeService | Role::PreventionService);
            role.is_played_under(party.kind())
                && (!is_service
                    || item.service_kinds.is_empty()
                    || item.service_kinds.contains(&party.kind()))
        };
        let own = self.offices.iter().copied().find(|party| fits(party, own))?;
        let partner = careplan_fixtures::region::offices()
            .iter()
            .filter(|office| self.offices.iter().all(|own| own.office() != office.number))
            .flat_map(|office| office.kinds.iter().filter_map(|kind| office.party(kind)))
            .find(|party| fits(party, other))?;
        Some((own, partner))
    }
}

/// The pattern with this identifier.
///
/// # Errors
/// There is none.
pub fn pattern(id: &str) -> Result<Pattern, Text<String>> {
    Pattern::from_id(id).ok_or_else(|| {
        Text::made(
            format!("パターン「{id}」はありません（D1〜D7）"),
            format!("there is no pattern {id:?} (D1 to D7)"),
        )
    })
}

/// The side with this identifier.
///
/// # Errors
/// There is none.
pub fn side(id: &str) -> Result<Side, Text<String>> {
    Side::from_id(id).ok_or_else(|| {
        Text::made(
            format!("側「{id}」はありません（writes 書き出し、reads 取り込み）"),
            format!("there is no side {id:?} (writes, reads)"),
        )
    })
}

/// A TOML basic string.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for ch in text.chars() {
        match ch {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            ch if ch.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(ch));
            }
            ch => out.push(ch),
        }
    }
    out.push('"');
    out
}

/// What a piece of text is called in a plan, for arguments that must not be empty.
pub const NAMELESS: Text = Text::new("（未記入）", "(not given)");

#[cfg(test)]
mod tests {
    use super::*;

    fn setup() -> Setup {
        Setup {
            vendor: "試験\"\\\n社".to_owned(),
            product: "製品".to_owned(),
            version: "1".to_owned(),
            offices: invented_offices(),
            patterns: Pattern::ALL.to_vec(),
            sides: Side::ALL.to_vec(),
            month: Month::new(2026, 11).expect("a month"),
            seed: 1,
        }
    }

    #[test]
    fn a_plan_is_read_as_it_is_written() {
        let setup = setup();
        assert_eq!(Setup::parse(&setup.to_toml()), Ok(setup));
    }

    #[test]
    fn a_plan_for_another_standard_or_with_an_unknown_line_is_refused() {
        let text = setup().to_toml();
        for (other, reason) in [
            (text.replace("standard = \"4.1\"", "standard = \"3\""), "is about 4.1 only"),
            (text.replace("standard = ", "standart = "), "unknown field `standart`"),
            (text.replace("rehearsal/1", "rehearsal/2"), "this version reads"),
        ] {
            let refused = Setup::parse(&other).expect_err("another plan");
            assert!(refused.en.contains(reason), "{}", refused.en);
        }
        let older = text.replace("standard = \"4.1\"\n", "");
        assert_eq!(Setup::parse(&older), Ok(setup()));
    }

    #[test]
    fn the_invented_offices_reach_every_item_and_are_beyond_doubt() {
        let setup = setup();
        assert_eq!(
            setup.out_of_reach().map(|item| &item.id).collect::<Vec<_>>(),
            [] as [&String; 0]
        );
        for party in invented_offices() {
            assert_eq!(office(&party.to_string()), Ok(party));
            assert!(careplan_fixtures::region::find_office(&party.office()).is_none());
        }
    }

    #[test]
    fn a_partner_is_never_an_office_of_the_vendor() {
        let mut setup = setup();
        let region = careplan_fixtures::region::offices();
        setup.offices =
            region[..8].iter().filter_map(|office| office.party(office.kinds[0])).collect();
        for item in setup.items() {
            let (own, partner) = setup.parties(item).expect("an item within reach");
            assert_ne!(own.office(), partner.office(), "{}", item.id);
        }
    }

    #[test]
    fn nonsense_is_refused_with_a_reason() {
        for (text, reason) in [
            ("4770900118", "NUMBER/KIND"),
            ("477090011/43", "ten characters"),
            ("4770900112/43", "check digit"),
            ("9999999999/43", "ten times"),
            ("4870900118/43", "prefecture"),
            ("0300000100/33", "does not cover"),
            ("0300000100/ZZ", "does not cover"),
        ] {
            let refused = office(text).expect_err(text);
            assert!(refused.en.contains(reason), "{text}: {}", refused.en);
        }
        assert!(month("2025-03").is_err() && month("26-4").is_err());
        assert_eq!(month("2025-04"), Ok(Month::new(2025, 4).expect("a month")));
        let seeded = |seed| Setup { seed, ..setup() }.accept();
        assert!(seeded(1_000_000_000).is_ok() && seeded(1_000_000_001).is_err());
    }
}
