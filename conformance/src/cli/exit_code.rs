//! Exit codes. They never depend on the format of a report.

/// How the command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Nothing at or above `--fail-on`.
    Accepted = 0,
    /// At least one finding at or above `--fail-on`.
    Rejected = 1,
    /// The command or its settings are wrong.
    Usage = 2,
    /// Something could not be read, or there was nothing to check.
    Unreadable = 3,
    /// Nothing failed, but a person has to look at something, or something was not tried yet.
    Unfinished = 4,
    /// An internal error: never a pass.
    Internal = 70,
}
