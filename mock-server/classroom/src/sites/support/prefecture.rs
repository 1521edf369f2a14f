//! Prefectures, by the code an office number begins with (JIS X 0401).

use careplan_spec::Text;

/// Codes 01 to 47, in order.
static NAMES: [Text; 47] = [
    Text::new("北海道", "Hokkaido"),
    Text::new("青森県", "Aomori"),
    Text::new("岩手県", "Iwate"),
    Text::new("宮城県", "Miyagi"),
    Text::new("秋田県", "Akita"),
    Text::new("山形県", "Yamagata"),
    Text::new("福島県", "Fukushima"),
    Text::new("茨城県", "Ibaraki"),
    Text::new("栃木県", "Tochigi"),
    Text::new("群馬県", "Gunma"),
    Text::new("埼玉県", "Saitama"),
    Text::new("千葉県", "Chiba"),
    Text::new("東京都", "Tokyo"),
    Text::new("神奈川県", "Kanagawa"),
    Text::new("新潟県", "Niigata"),
    Text::new("富山県", "Toyama"),
    Text::new("石川県", "Ishikawa"),
    Text::new("福井県", "Fukui"),
    Text::new("山梨県", "Yamanashi"),
    Text::new("長野県", "Nagano"),
    Text::new("岐阜県", "Gifu"),
    Text::new("静岡県", "Shizuoka"),
    Text::new("愛知県", "Aichi"),
    Text::new("三重県", "Mie"),
    Text::new("滋賀県", "Shiga"),
    Text::new("京都府", "Kyoto"),
    Text::new("大阪府", "Osaka"),
    Text::new("兵庫県", "Hyogo"),
    Text::new("奈良県", "Nara"),
    Text::new("和歌山県", "Wakayama"),
    Text::new("鳥取県", "Tottori"),
    Text::new("島根県", "Shimane"),
    Text::new("岡山県", "Okayama"),
    Text::new("広島県", "Hiroshima"),
    Text::new("山口県", "Yamaguchi"),
    Text::new("徳島県", "Tokushima"),
    Text::new("香川県", "Kagawa"),
    Text::new("愛媛県", "Ehime"),
    Text::new("高知県", "Kochi"),
    Text::new("福岡県", "Fukuoka"),
    Text::new("佐賀県", "Saga"),
    Text::new("長崎県", "Nagasaki"),
    Text::new("熊本県", "Kumamoto"),
    Text::new("大分県", "Oita"),
    Text::new("宮崎県", "Miyazaki"),
    Text::new("鹿児島県", "Kagoshima"),
    Text::new("沖縄県", "Okinawa"),
];

/// The prefecture of a code of two digits.
pub(super) fn find(code: &str) -> Option<Text> {
    let number: usize = code.parse().ok()?;
    NAMES.get(number.checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_list() {
        let name = |code| find(code).map(|text| text.ja);
        assert_eq!(
            (name("01"), name("13"), name("47")),
            (Some("北海道"), Some("東京都"), Some("沖縄県"))
        );
        assert_eq!((name("00"), name("48"), name("x")), (None, None, None));
    }
}
