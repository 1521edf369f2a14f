//! What a list of messages is asked for.

/// Order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Sort {
    /// The newest first.
    #[default]
    NewestFirst,
    /// The oldest first.
    OldestFirst,
    /// By the other office's number, then the newest first.
    ByOffice,
    /// By the other office's number, backwards.
    ByOfficeBackward,
}

/// What to list.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct ListQuery {
    /// Page, 1-based; 0 means 1.
    pub page: u32,
    /// Rows of a page; 0 means the default.
    pub per_page: u32,
    /// Order.
    pub sort: Sort,
    /// Only fetched (`Some(true)`) or only unfetched ones.
    pub fetched: Option<bool>,
    /// Only those from (or to) this office number.
    pub office: Option<String>,
    /// Only those where an office's number and name, or a file name, holds this text.
    pub text: Option<String>,
    /// With the names of the files.
    pub file_names: bool,
    /// Only those behind the page that gave this as [`Listed::next`](super::Listed::next); `page`
    /// says nothing then.
    pub after: Option<String>,
}
