//! Parameters of the two lists.

use serde::Deserialize;

use crate::api::body::wrong_value;
use crate::api::problem::ApiResult;
use careplan_relay::store::{ListQuery, Sort};

/// The query of a list, as it stands in the URL.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Parameters {
    page: Option<u32>,
    per_page: Option<u32>,
    sort: Option<String>,
    state: Option<String>,
    from: Option<String>,
    to: Option<String>,
    query: Option<String>,
    after: Option<String>,
    file_names: Option<bool>,
}

/// What the two lists call the same things.
#[derive(Debug)]
pub(crate) struct Names {
    /// The time of a row.
    pub(crate) time: &'static str,
    /// The other office.
    pub(crate) office: &'static str,
    /// The state nobody has fetched it in.
    pub(crate) waiting: &'static str,
    /// The state it was fetched in.
    pub(crate) fetched: &'static str,
}

impl Names {
    /// The orders there are.
    pub(crate) fn orders(&self) -> [String; 4] {
        let (time, office) = (self.time, self.office);
        [format!("-{time}"), time.to_owned(), office.to_owned(), format!("-{office}")]
    }

    /// The states there are.
    pub(crate) const fn states(&self) -> [&'static str; 2] {
        [self.waiting, self.fetched]
    }
}

/// Characters of an office number.
const OFFICE_NUMBER: usize = 10;

impl Parameters {
    pub(super) fn into_query(self, names: &Names) -> ApiResult<ListQuery> {
        let (office, foreign) =
            if names.office == "from" { (self.from, self.to) } else { (self.to, self.from) };
        if foreign.is_some() {
            let wrong = if names.office == "from" { "to" } else { "from" };
            return Err(wrong_value(wrong, &format!("use {} here", names.office)));
        }
        let sort = match self.sort.as_deref() {
            None => Sort::NewestFirst,
            Some(sort) => {
                let (backwards, by) = match sort.strip_prefix('-') {
                    Some(by) => (true, by),
                    None => (false, sort),
                };
                match (by == names.time, by == names.office, backwards) {
                    (true, _, true) => Sort::NewestFirst,
                    (true, _, false) => Sort::OldestFirst,
                    (_, true, false) => Sort::ByOffice,
                    (_, true, true) => Sort::ByOfficeBackward,
                    _ => {
                        return Err(wrong_value("sort", &names.orders().join(", ")));
                    }
                }
            }
        };
        let fetched = match self.state.as_deref() {
            None => None,
            Some(state) if state == names.waiting => Some(false),
            Some(state) if state == names.fetched => Some(true),
            Some(_) => {
                return Err(wrong_value("state", &names.states().join(", ")));
            }
        };
        if self.after.is_some() && self.page.is_some() {
            return Err(wrong_value("after", "use either page or after"));
        }
        // It would be kept with the pages otherwise, however long.
        if office.as_ref().is_some_and(|office| office.chars().count() > OFFICE_NUMBER) {
            return Err(wrong_value(names.office, "an office number, 10 characters"));
        }
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        Ok(ListQuery {
            page: self.page.unwrap_or(0),
            per_page: self.per_page.unwrap_or(0),
            sort,
            fetched,
            office: given(office),
            text: given(self.query),
            file_names: self.file_names.unwrap_or(false),
            after: self.after,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INBOX: Names =
        Names { time: "received_at", office: "from", waiting: "unfetched", fetched: "fetched" };

    fn sorted(sort: &str) -> ApiResult<Sort> {
        let parameters = Parameters { sort: Some(sort.to_owned()), ..Parameters::default() };
        parameters.into_query(&INBOX).map(|query| query.sort)
    }

    #[test]
    fn orders_are_those_of_the_description() {
        for (text, sort) in [
            ("received_at", Sort::OldestFirst),
            ("-received_at", Sort::NewestFirst),
            ("from", Sort::ByOffice),
            ("-from", Sort::ByOfficeBackward),
        ] {
            assert_eq!(sorted(text).unwrap(), sort, "{text}");
        }
        for strange in ["", "sent_at", "--from", "to"] {
            assert_eq!(sorted(strange).unwrap_err().refusal().kind.code, "query-malformed");
        }
    }

    #[test]
    fn the_parameter_of_the_other_list_is_refused() {
        let parameters = Parameters { to: Some("1".to_owned()), ..Parameters::default() };
        assert!(parameters.into_query(&INBOX).is_err());
        let (page, after) = (Some(1), Some("x".to_owned()));
        assert!(Parameters { page, after, ..Parameters::default() }.into_query(&INBOX).is_err());
        let parameters =
            Parameters { state: Some("downloaded".to_owned()), ..Parameters::default() };
        assert!(parameters.into_query(&INBOX).is_err());
    }
}
