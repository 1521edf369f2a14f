//! How firmly a statement of this project rests on the official documents.

use crate::text::Text;

/// Where a rule or a behaviour comes from. Only `Stated` may make an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Basis {
    /// Printed in an official document.
    Stated,
    /// Follows from official text or from public practice, but is not printed.
    Inferred,
    /// The documents are silent; this project decided.
    Assumed,
}

impl Basis {
    /// The stable identifier used in reports.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Stated => "Stated",
            Self::Inferred => "Inferred",
            Self::Assumed => "Assumed",
        }
    }

    /// What the mark means, for readers.
    pub const fn meaning(self) -> Text {
        match self {
            Self::Stated => Text::new("仕様に明記", "stated in the standard"),
            Self::Inferred => Text::new(
                "仕様・公開資料からの推定",
                "inferred from the standard or public practice",
            ),
            Self::Assumed => Text::new(
                "仕様に記載なし（本プロジェクトの判断）",
                "not in the standard (decided by this project)",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_basis_has_a_name_and_a_meaning_of_its_own() {
        let all = [Basis::Stated, Basis::Inferred, Basis::Assumed];
        assert_eq!(all.map(Basis::id), ["Stated", "Inferred", "Assumed"]);
        let [stated, inferred, assumed] = all.map(Basis::meaning);
        assert!(stated != inferred && inferred != assumed && assumed != stated);
    }
}
