//! ケアプランデータ連携標準仕様 as data and pure functions: what the national standard says about
//! files, names, fields, codes, identifiers and characters. And what everybody needs once: text in
//! two languages, base names, fingerprints, hexadecimal digits, Japanese time.
//!
//! This crate does no I/O and passes no judgement: rules and severities live in
//! `careplan-conformance`. Data from government documents:
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
pub mod layout;
pub mod ms932;
pub mod office_number;
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
