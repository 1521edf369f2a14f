//! Text made at run time, in both languages.

use std::borrow::Cow;

use careplan_spec::{Lang, Text};
use serde::{Deserialize, Serialize};

/// One text in Japanese and English. [`Text`] is the same thing for texts fixed at compile time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bilingual {
    /// The Japanese text.
    pub ja: Cow<'static, str>,
    /// The English text.
    pub en: Cow<'static, str>,
}

impl Bilingual {
    /// Both texts.
    pub fn new(ja: impl Into<Cow<'static, str>>, en: impl Into<Cow<'static, str>>) -> Self {
        Self { ja: ja.into(), en: en.into() }
    }

    /// The text in the language asked for.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Ja => &self.ja,
            Lang::En => &self.en,
        }
    }
}

impl From<Text> for Bilingual {
    fn from(text: Text) -> Self {
        Self { ja: Cow::Borrowed(text.ja), en: Cow::Borrowed(text.en) }
    }
}
