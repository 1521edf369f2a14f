//! Invented people: names made of syllables that are written and read as long as the names they
//! stand for, so that the kana fit and every length stays.

use std::collections::{HashMap, HashSet};

use careplan_judge::baseline::Key;

use super::dice::Dice;
use crate::kana;

/// A character and its reading.
type Syllable = (char, &'static str);

/// By the length of the reading, from one character on.
const SYLLABLES: [&[Syllable]; 4] = [
    &[
        ('木', "キ"),
        ('田', "タ"),
        ('野', "ノ"),
        ('井', "イ"),
        ('瀬', "セ"),
        ('津', "ツ"),
        ('戸', "ト"),
        ('根', "ネ"),
        ('帆', "ホ"),
        ('間', "マ"),
        ('矢', "ヤ"),
        ('湯', "ユ"),
        ('美', "ミ"),
        ('千', "チ"),
        ('名', "ナ"),
        ('志', "シ"),
        ('里', "リ"),
        ('久', "ク"),
        ('佐', "サ"),
        ('加', "カ"),
    ],
    &[
        ('山', "ヤマ"),
        ('川', "カワ"),
        ('村', "ムラ"),
        ('島', "シマ"),
        ('原', "ハラ"),
        ('沢', "サワ"),
        ('森', "モリ"),
        ('松', "マツ"),
        ('石', "イシ"),
        ('西', "ニシ"),
        ('北', "キタ"),
        ('上', "ウエ"),
        ('中', "ナカ"),
        ('谷', "タニ"),
        ('竹', "タケ"),
        ('杉', "スギ"),
        ('花', "ハナ"),
        ('春', "ハル"),
        ('秋', "アキ"),
        ('夏', "ナツ"),
        ('冬', "フユ"),
        ('雪', "ユキ"),
        ('星', "ホシ"),
        ('海', "ウミ"),
        ('空', "ソラ"),
        ('波', "ナミ"),
        ('浜', "ハマ"),
        ('岸', "キシ"),
        ('橋', "ハシ"),
        ('池', "イケ"),
        ('坂', "サカ"),
        ('岡', "オカ"),
        ('宮', "ミヤ"),
    ],
    &[
        ('桜', "サクラ"),
        ('緑', "ミドリ"),
        ('東', "ヒガシ"),
        ('南', "ミナミ"),
        ('泉', "イズミ"),
        ('港', "ミナト"),
        ('林', "ハヤシ"),
        ('柏', "カシワ"),
        ('翼', "ツバサ"),
        ('光', "ヒカリ"),
        ('岬', "ミサキ"),
        ('霞', "カスミ"),
        ('椿', "ツバキ"),
        ('柳', "ヤナギ"),
        ('葵', "アオイ"),
        ('嵐', "アラシ"),
    ],
    &[('湖', "ミズウミ"), ('暁', "アカツキ"), ('源', "ミナモト"), ('橘', "タチバナ")],
];

/// How given names end, for women, for men, and for whom it is not known.
const ENDINGS: [[&[Syllable]; 2]; 3] = [
    [
        &[('子', "コ"), ('美', "ミ"), ('代', "ヨ"), ('江', "エ"), ('恵', "エ"), ('乃', "ノ")],
        &[('花', "ハナ"), ('雪', "ユキ"), ('枝', "エダ"), ('音', "オト"), ('夏', "ナツ")],
    ],
    [
        &[('夫', "オ"), ('男', "オ"), ('司', "ジ"), ('士', "シ"), ('次', "ジ"), ('也', "ヤ")],
        &[('郎', "ロウ"), ('吉', "キチ"), ('助', "スケ"), ('介', "スケ"), ('雄', "タケ")],
    ],
    [
        &[('美', "ミ"), ('志', "シ"), ('希', "キ"), ('里', "リ"), ('世', "ヨ")],
        &[('空', "ソラ"), ('晴', "ハル"), ('海', "ウミ"), ('行', "ユキ")],
    ],
];

/// Which part of a name is invented.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Part {
    Family,
    /// The index of its endings.
    Given(usize),
}

/// Whose name it is, where that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sex {
    Female,
    Male,
    Unknown,
}

/// An invented name, without blanks.
#[derive(Debug, Clone)]
struct Invented {
    name: Vec<char>,
    kana: Vec<char>,
}

/// Everybody, by their real names without blanks.
#[derive(Default)]
pub(super) struct People {
    names: HashMap<String, Invented>,
    /// By the kana alone, for where no name stands beside them.
    kana: HashMap<String, Vec<char>>,
    parts: HashMap<(Part, String, usize), (String, String)>,
    used: HashSet<String>,
    used_parts: HashSet<String>,
}

const fn is_blank(ch: char) -> bool {
    matches!(ch, ' ' | '　')
}

const fn is_katakana(ch: char) -> bool {
    matches!(ch, 'ァ'..='ヶ' | 'ー')
}

const fn is_letter_of_a_name(ch: char) -> bool {
    is_katakana(ch) || matches!(ch, '一'..='龠' | '々' | '﨑' | 'ぁ'..='ん')
}

fn bare(text: &str) -> String {
    text.chars().filter(|ch| !is_blank(*ch)).collect()
}

/// The half-width form of katakana.
fn half(kana: &[char]) -> Option<Vec<char>> {
    let plain = kana::half;
    let before = |ch: char, by: u32| char::from_u32(u32::from(ch) - by);
    let mut out = Vec::new();
    for &ch in kana {
        match plain(ch) {
            Some(half) => out.push(half),
            None if !matches!(ch, 'ガ'..='ポ') => return None,
            None => {
                let (base, mark) = match (plain(before(ch, 1)?), plain(before(ch, 2)?)) {
                    (Some(base), _) => (base, 'ﾞ'),
                    (None, Some(base)) => (base, 'ﾟ'),
                    (None, None) => return None,
                };
                out.extend([base, mark]);
            }
        }
    }
    Some(out)
}

impl People {
    /// Invents a name for somebody, unless there is one. A name that is not made of letters alone
    /// is left to who invents texts.
    pub(super) fn meet(&mut self, key: &Key, name: &str, kana: Option<&str>, sex: Sex) {
        let known = bare(name);
        if known.is_empty() || !known.chars().all(is_letter_of_a_name) {
            return;
        }
        let kana = kana.filter(|kana| {
            !bare(kana).is_empty() && kana.chars().all(|ch| is_katakana(ch) || is_blank(ch))
        });
        if !self.names.contains_key(&known) {
            let Some(invented) = self.invent(key, name, kana, sex) else { return };
            self.used.insert(invented.name.iter().collect());
            self.names.insert(known.clone(), invented);
        }
        if let (Some(kana), Some(invented)) = (kana, self.names.get(&known)) {
            let kana = bare(kana);
            if kana.chars().count() == invented.kana.len() {
                self.kana.entry(kana).or_insert_with(|| invented.kana.clone());
            }
        }
    }

    fn invent(&mut self, key: &Key, name: &str, kana: Option<&str>, sex: Sex) -> Option<Invented> {
        let split = |text: &str| -> Vec<String> {
            text.split(is_blank).filter(|part| !part.is_empty()).map(str::to_owned).collect()
        };
        let mut names = split(name);
        let mut kanas = kana.map(split).unwrap_or_default();
        if names.len() != 2 || kana.is_some() && kanas.len() != 2 {
            names = vec![names.concat()];
            kanas = vec![kanas.concat()];
        }
        let ending = match sex {
            Sex::Female => 0,
            Sex::Male => 1,
            Sex::Unknown => 2,
        };
        let mut whole = Invented { name: Vec::new(), kana: Vec::new() };
        for (at, part) in names.iter().enumerate() {
            let role = if at == 0 && names.len() == 2 { Part::Family } else { Part::Given(ending) };
            let read = kanas.get(at).map_or(0, |kana| kana.chars().count());
            let (name, kana) = self.part(key, role, part, read)?;
            whole.name.extend(name.chars());
            whole.kana.extend(kana.chars());
        }
        // Two people stay two.
        let is_taken = self.used.contains(&whole.name.iter().collect::<String>());
        (!is_taken).then_some(whole)
    }

    /// A family or given name: relatives keep a name in common.
    fn part(&mut self, key: &Key, role: Part, of: &str, read: usize) -> Option<(String, String)> {
        let entry = (role, of.to_owned(), read);
        if let Some(known) = self.parts.get(&entry) {
            return Some(known.clone());
        }
        let length = of.chars().count();
        let made = (0..64).find_map(|attempt| {
            let dice = &mut Dice::of(key, "name", of, attempt);
            let made = if of.chars().all(is_katakana) {
                let kana = composed(dice, role, length.div_ceil(3), length)?.1;
                (kana.clone(), kana)
            } else {
                let read = match read {
                    0 => length + dice.below(length as u32 + 1) as usize,
                    read => read,
                };
                composed(dice, role, length, read)?
            };
            let is_new = !self.used_parts.contains(&made.0) && made.0 != of;
            is_new.then_some(made)
        })?;
        self.used_parts.insert(made.0.clone());
        self.parts.insert(entry, made.clone());
        Some(made)
    }

    /// The invented name in the place of a real one, its blanks where they were.
    pub(super) fn name(&self, name: &str) -> Option<String> {
        let invented = self.names.get(&bare(name))?;
        in_place(name, &invented.name)
    }

    /// The invented kana beside a name, or alone.
    pub(super) fn kana(&self, name: Option<&str>, kana: &str) -> Option<String> {
        let is_kana = |ch| is_blank(ch) || is_katakana(ch) || matches!(ch, 'ｦ'..='ﾟ');
        if !kana.chars().all(is_kana) {
            return None;
        }
        let full: String = widened(kana);
        let invented = match name {
            Some(name) => &self.names.get(&bare(name))?.kana,
            None => self.kana.get(&bare(&full))?,
        };
        let letters: Vec<char> = kana.chars().filter(|ch| !is_blank(*ch)).collect();
        if letters.iter().all(|ch| is_katakana(*ch)) {
            in_place(kana, invented)
        } else if letters.iter().all(|ch| matches!(ch, 'ｦ'..='ﾟ')) {
            in_place(kana, &half(invented)?)
        } else {
            None
        }
    }

    /// Every real name and part of one that is longer than a character, with what stands for it.
    pub(super) fn known(&self) -> impl Iterator<Item = (&str, String)> {
        let names = self.names.iter().map(|(name, to)| (name.as_str(), to.name.iter().collect()));
        let parts = self.parts.iter().map(|((_, of, _), (to, _))| (of.as_str(), to.clone()));
        let kana = self.kana.iter().map(|(kana, to)| (kana.as_str(), to.iter().collect()));
        names.chain(parts).chain(kana).filter(|(of, _)| of.chars().nth(1).is_some())
    }

    /// How many names were invented.
    pub(super) fn len(&self) -> usize {
        self.names.len()
    }
}

/// Half-width kana as full-width ones.
pub(super) fn widened(kana: &str) -> String {
    // A voiced mark of half width is a combining one behind the full-width letter.
    let full: String = kana
        .chars()
        .map(|ch| match ch {
            'ﾞ' => '\u{3099}',
            'ﾟ' => '\u{309A}',
            'ｦ'..='ﾝ' => kana::full(ch).unwrap_or(ch),
            ch => ch,
        })
        .collect();
    careplan_spec::ms932::compose_kana(&full).into_owned()
}

/// `letters` where those of `text` stand; `None` where they are not as many.
fn in_place(text: &str, letters: &[char]) -> Option<String> {
    let mut left = letters.iter();
    let mut out = String::with_capacity(text.len());
    for ch in text.chars() {
        out.push(if is_blank(ch) { ch } else { *left.next()? });
    }
    left.next().is_none().then_some(out)
}

/// So many characters that are read with so many kana.
fn composed(dice: &mut Dice, role: Part, length: usize, read: usize) -> Option<(String, String)> {
    let (mut name, mut kana, mut left) = (String::new(), String::new(), read);
    for at in 0..length {
        let behind = length - at - 1;
        // The characters behind take one to four kana each.
        let least = left.saturating_sub(behind * SYLLABLES.len()).max(1);
        let most = left.checked_sub(behind)?.min(SYLLABLES.len());
        if least > most {
            return None;
        }
        // Short readings are common, long ones are there where they are needed.
        let most = most.min(least.max(3));
        let long = least + dice.below((most - least + 1) as u32) as usize;
        let endings = match role {
            Part::Given(of) if behind == 0 => ENDINGS[of].get(long - 1),
            _ => None,
        };
        let (ch, reading) = dice.pick(endings.unwrap_or(&SYLLABLES[long - 1]))?;
        name.push(ch);
        kana.push_str(reading);
        left -= long;
    }
    (left == 0).then_some((name, kana))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> Key {
        Key::new([7; 32])
    }

    #[test]
    fn an_invented_name_is_as_long_as_the_real_one_and_its_kana_fit() {
        let mut people = People::default();
        for (name, kana) in [
            ("浜野　さゆり", "ハマノ　サユリ"),
            ("勅使河原 清", "テシガワラ　キヨシ"),
            ("林　ハル", "ハヤシ　ハル"),
            ("髙﨑千代", "タカサキチヨ"),
            ("橘　実", "タチバナ　ミノル"),
        ] {
            people.meet(&key(), name, Some(kana), Sex::Female);
            let (made, read) = (people.name(name), people.kana(Some(name), kana));
            let (made, read) = (made.expect("a name"), read.expect("kana"));
            let shape = |text: &str| text.chars().map(is_blank).collect::<Vec<_>>();
            assert_eq!(shape(&made), shape(name), "{made}");
            assert_eq!(shape(&read), shape(kana), "{read}");
            assert_ne!((&*made, &*read), (name, kana));
            let mut left: &str = &bare(&read);
            for ch in bare(&made).chars() {
                let reading = SYLLABLES.iter().copied().chain(ENDINGS.into_iter().flatten());
                let reading = reading.flatten().filter(|(known, _)| *known == ch);
                let mut reading = reading.filter_map(|(_, kana)| left.strip_prefix(kana));
                left = reading.next().or_else(|| left.strip_prefix(ch)).expect("it reads so");
            }
            assert_eq!(left, "", "{made} {read}");
        }
    }

    #[test]
    fn blanks_and_width_do_not_make_another_person() {
        let mut people = People::default();
        people.meet(&key(), "浜野　直子", Some("ハマノ　ナオコ"), Sex::Female);
        let spaced = people.name("浜野　直子").expect("a name");
        assert_eq!(people.name("浜野直子"), Some(bare(&spaced)));
        assert_eq!(people.name("浜野 直子"), Some(spaced.replace('　', " ")));
        let kana = people.kana(None, "ハマノ　ナオコ").expect("kana");
        let halved = people.kana(None, "ﾊﾏﾉ ﾅｵｺ");
        assert!(halved.is_none_or(|halved| widened(&halved) == kana.replace('　', " ")));
    }

    #[test]
    fn relatives_keep_a_name_in_common_and_people_stay_apart() {
        let mut people = People::default();
        let given = ["直子", "光子", "直人", "正人", "和子", "幸子", "文子"];
        let names: Vec<String> = ["浜野", "入江", "名越", "白峰"]
            .iter()
            .flat_map(|family| given.map(|given| format!("{family}　{given}")))
            .collect();
        for name in &names {
            people.meet(&key(), name, None, Sex::Unknown);
        }
        let made: HashSet<String> = names.iter().filter_map(|name| people.name(name)).collect();
        assert_eq!(made.len(), names.len());
        let family =
            |name: &str| people.name(name).and_then(|made| made.get(..6).map(str::to_owned));
        assert_eq!(family("浜野　直子"), family("浜野　正人"));
        assert_ne!(family("浜野　直子"), family("入江　直子"));
    }

    #[test]
    fn half_width_kana_are_as_many_as_windows_writes() {
        let half = |text: &str| half(&text.chars().collect::<Vec<_>>()).map(String::from_iter);
        assert_eq!(half("ガーデンパッド").as_deref(), Some("ｶﾞｰﾃﾞﾝﾊﾟｯﾄﾞ"));
        assert_eq!(half("ヴ"), None);
        assert_eq!(widened("ﾊﾏﾉ ﾅﾎﾞｺ"), "ハマノ ナボコ");
    }
}
