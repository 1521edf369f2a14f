//! The terminals of the class, as the controls reach them: whoever brings the pages brings them.

use std::fmt::Debug;
use std::pin::Pin;

use careplan_relay::help::OfficeHelp;
use careplan_relay::outcome::Result;

/// What is done later.
pub type Later<'a> = Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;

/// The terminals of all offices.
pub trait Terminals: Debug + Send + Sync {
    /// What help for an office, which the relay has given, means for its terminals.
    ///
    /// # Errors
    /// Something broke.
    fn follow<'a>(&'a self, office: &'a str, help: OfficeHelp) -> Later<'a>;
}
