//! References into the official documents.

use std::fmt;

/// A place in the standard.
///
/// `S 2.4` is section 2.4 of the body, `L UPPLAN 10` is item 10 of the layout annex table UPPLAN,
/// `L UPPLAN` the table as a whole, `V3 …` the same in version 3.x, `N …` a notice or help-desk
/// page, `—` nothing: the documents are silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Clause(pub &'static str);

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
