//! The whole state as values: what is saved, loaded, and what a scenario makes.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::record::{
    AccountRecord, CertificateRecord, DueRecord, LicenceRecord, MailCodeRecord, MailRecord,
    MessageRecord, NoticeRecord, OfficeRecord, SessionRecord, SettingRecord, TableRow, TermRecord,
};

/// Does something for every kind of row.
pub trait RowVisitor {
    /// What can go wrong.
    type Error;
    /// The rows of one table.
    ///
    /// # Errors
    /// What the visitor runs into.
    fn rows<R: TableRow>(&mut self, rows: &mut Vec<R>) -> Result<(), Self::Error>;
}

macro_rules! state {
    ($($field:ident: $record:ty,)*) => {
        /// Every row of every table, and the bytes they point at.
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
        pub struct State {
            $(
                #[doc = concat!("Rows of [`", stringify!($record), "`].")]
                pub $field: Vec<$record>,
            )*
            /// Bytes by their SHA-256 in hex.
            #[serde(skip)]
            pub blobs: BTreeMap<String, Bytes>,
        }

        impl State {
            /// Every table with its columns, in an order in which rows can be added.
            pub fn tables() -> Vec<(&'static str, &'static [(&'static str, super::record::CellKind)])> {
                vec![$((<$record>::TABLE, <$record>::COLUMNS),)*]
            }

            /// Hands every table to `visitor`, in the same order.
            ///
            /// # Errors
            /// What the visitor runs into.
            pub fn visit<V: RowVisitor>(&mut self, visitor: &mut V) -> Result<(), V::Error> {
                $(visitor.rows(&mut self.$field)?;)*
                Ok(())
            }
        }
    };
}

state! {
    settings: SettingRecord,
    offices: OfficeRecord,
    accounts: AccountRecord,
    mail_codes: MailCodeRecord,
    mails: MailRecord,
    sessions: SessionRecord,
    certificates: CertificateRecord,
    licences: LicenceRecord,
    terms: TermRecord,
    notices: NoticeRecord,
    messages: MessageRecord,
    due: DueRecord,
}
