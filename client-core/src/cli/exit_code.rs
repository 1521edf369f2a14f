//! Exit codes. They never depend on the language or the format of the output.

use careplan_client_core::Class;

/// How the command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Done.
    Done = 0,
    /// Refused by the relay, the local check or the verification; or a row failed.
    Refused = 1,
    /// The command or its settings are wrong.
    Usage = 2,
    /// The relay cannot be reached, or a file cannot be read or written.
    Unreachable = 3,
    /// Not logged in, or no usable certificate.
    NotLoggedIn = 4,
    /// A fault of this program.
    Internal = 70,
}

impl From<Class> for Exit {
    fn from(class: Class) -> Self {
        match class {
            Class::Refused => Self::Refused,
            Class::Usage => Self::Usage,
            Class::Unreachable => Self::Unreachable,
            Class::NotLoggedIn => Self::NotLoggedIn,
            _ => Self::Internal,
        }
    }
}
