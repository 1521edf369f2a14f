//! The files of a case or of an export with their records, for looking at what they hold. Whether
//! they are written as the standard wants is the checker's business.

use std::borrow::Cow;

use careplan_judge::Profile;
use careplan_reader::{FileHeader, KeptFile, KeptRecord};
use careplan_spec::file_name::FileName;
use careplan_spec::layout::FieldId;
use careplan_spec::{FileKind, StandardVersion};

/// A file that has a name of the standard, and its records.
#[derive(Debug)]
pub(super) struct NamedFile {
    /// What the name says.
    pub(super) name: FileName,
    /// Records that have the columns of their layout.
    pub(super) records: Vec<KeptRecord>,
}

impl NamedFile {
    /// The kind of file.
    pub(super) const fn kind(&self) -> FileKind {
        self.name.kind
    }
}

/// Reads every file whose name is one of the standard; the others hold nothing to look at.
pub(super) fn read<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Vec<NamedFile> {
    files.into_iter().filter_map(|(path, bytes)| named(path, bytes)).collect()
}

fn named(path: &str, bytes: &[u8]) -> Option<NamedFile> {
    let kept = KeptFile::read(0, path, bytes, Profile::default().reading());
    let name = FileHeader::of(kept.base, None).ok()?.name?;
    Some(NamedFile { name, records: kept.records })
}

/// The value under a field's identifier (`OVER_30_DAYS`), whatever the writing; empty where the
/// table has no such field.
pub(super) fn value<'r>(record: &'r KeptRecord, constant: &str) -> Cow<'r, str> {
    let kind = record.layout.kind;
    let reference = kind.layout(StandardVersion::V4_1);
    let at = reference
        .and_then(|layout| layout.fields.iter().position(|field| field.constant == constant));
    at.and_then(|at| u8::try_from(at).ok())
        .map_or(Cow::Borrowed(""), |index| record.canonical(FieldId { kind, index }))
}

/// Every value, in the order of the layout.
pub(super) fn values(record: &KeptRecord) -> impl Iterator<Item = (FieldId, Cow<'_, str>)> {
    record.ids().map(|id| (id, record.canonical(id)))
}

/// Insurer number and insured number: whose record it is.
pub(super) fn person(record: &KeptRecord) -> [Cow<'_, str>; 2] {
    ["INSURER_NUMBER", "INSURED_NUMBER"].map(|constant| value(record, constant))
}
