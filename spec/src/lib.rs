//! ケアプランデータ連携標準仕様 as data and pure functions: what the national standard says about
//! files, names, fields, codes, identifiers and characters. And what everybody needs once: text in
//! two languages, base names, fingerprints, hexadecimal digits, Japanese time.
//!
//! | the standard | here |
//! |---|---|
//! | tables of the layout annex (`L`) | [`layout`], and one module a table below [`layout::v4_1`] and [`layout::v3`] |
//! | file names (S 2.2, S 3.2) | [`file_name::read`], [`file_name::FileName::compose`] |
//! | which files travel together (S 2.4, S 3.4) | [`send_unit`] |
//! | kinds of file, versions (`CSVバージョン`) | [`FileKind`], [`StandardVersion`], [`csv_version`] |
//! | codes, service kinds and codes, care levels | [`code_list`], [`service_kind`], [`service_code`], [`known_code`], [`care_level`] |
//! | offices, insured people, insurers, KJ IDs | [`office_number`], [`insured_number`], [`insurer_number`], [`kj_user_id`] |
//! | dates, months, times | [`calendar`] |
//! | characters (MS932) | [`ms932`] |
//!
//! Clauses are written in short (`S 2.4`, `L UPPLAN 10`); [`clause::in_words`] makes words of them,
//! [`Basis`] says how firm a statement is.
//!
//! ```
//! use careplan_spec::file_name::{self, Reading};
//!
//! let name = "UPPLAN_202606_4779000118_43_4779000183_11_20260523142515.CSV";
//! assert!(matches!(file_name::read(name), Reading::Standard { .. }));
//! // What was meant to be a name says what is wrong with it, in two languages.
//! let Reading::NearMiss { defects, .. } = file_name::read(&name.replace("_43_", "_4_")) else {
//!     panic!("nearly a name")
//! };
//! assert!(!defects[0].describe().ja.is_empty());
//! ```
//!
//! This crate does no I/O and passes no judgement: rules and severities live in `careplan-judge`.
//! Data from government documents:
//! 「厚生労働省『ケアプランデータ連携標準仕様』を加工して作成」.

pub mod attachment_name;
pub mod basis;
pub mod calendar;
pub mod care_level;
pub mod check_digit;
pub mod clause;
pub mod code_list;
pub mod csv_version;
pub mod equipment_code;
pub mod file_kind;
pub mod file_name;
pub mod fingerprint;
pub mod hex;
pub mod insured_number;
pub mod insurer_number;
pub mod kj_user_id;
pub mod known_code;
pub mod layout;
pub mod left_lying;
pub mod message_limits;
pub mod ms932;
pub mod office_number;
pub mod other_encoding;
pub mod price;
pub mod send_unit;
pub mod sequence;
pub mod service_code;
pub mod service_kind;
pub mod text;
pub mod tokyo;

pub use basis::Basis;
pub use file_kind::{FileKind, StandardVersion};
pub use fingerprint::Fingerprint;
pub use hex::hex;
pub use layout::{Field, FieldId, Layout};
pub use text::{Lang, Text, counted};

/// The README's program is a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadMe;
