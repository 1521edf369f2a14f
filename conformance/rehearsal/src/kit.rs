//! What `init` lays out: the import kit, exercise sheets, and notes in every folder.

use std::collections::BTreeSet;

use askama::Template;
use careplan_fixtures::region::Person;
use careplan_judge::profile::Profile;
use careplan_spec::{Lang, clause};

use super::case;
use super::catalogue::{Item, Judge, Leaves};
use super::page::filled;
use super::pattern::{Pattern, Side};
use super::setup::Setup;
use super::sheet;

/// What may happen to a file when the kit is made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// Ours: replaced, unless somebody changed it.
    Refreshed,
    /// Written only where there is nothing: the folder is the vendor's.
    OnlyOnce,
}

/// A file of the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KitFile {
    /// Path below the folder of the rehearsal, parted by `/`; letters, digits and `._-` only.
    pub path: String,
    /// Content.
    pub bytes: Vec<u8>,
    /// What may happen to it.
    pub keeping: Keeping,
}

/// Name of the note in folders that the vendor fills; never judged.
pub const NOTE: &str = "README.ja.txt";

/// The files of one item.
pub fn of_item(setup: &Setup, item: &Item) -> Vec<KitFile> {
    let mut files = Vec::new();
    let mut put =
        |path: String, bytes: Vec<u8>, keeping| files.push(KitFile { path, bytes, keeping });
    if item.of.is_some() {
        return files;
    }
    let case = case::files(setup, item);
    let id = &item.id;
    if item.side == Side::Reads {
        let one_by_one = item.leaves != Leaves::Everything;
        for file in &case {
            let folder =
                if one_by_one { format!("csv/{}", file.unit + 1) } else { "csv".to_owned() };
            put(format!("kit/{id}/{folder}/{}", file.name), file.bytes.clone(), Keeping::Refreshed);
        }
    }
    let named: Vec<(String, Vec<u8>)> =
        case.iter().map(|file| (file.name.clone(), file.bytes.clone())).collect();
    let forms =
        careplan_forms::render(&named, &Profile::default(), &careplan_forms::Options::default());
    put(format!("kit/{id}/forms.html"), forms.into_bytes(), Keeping::Refreshed);
    let sheet = sheet::sheet(setup, item, &case).into_bytes();
    put(format!("kit/{id}/sheet.html"), sheet, Keeping::Refreshed);
    let folder = match item.side {
        Side::Writes => "exports",
        Side::Reads => "returned",
    };
    put(
        format!("{folder}/{id}/{NOTE}"),
        filled(&Note { setup, item }).into_bytes(),
        Keeping::OnlyOnce,
    );
    files
}

/// The files that belong to no item.
pub fn common(setup: &Setup) -> Vec<KitFile> {
    let file = |path: &str, text: String, keeping| KitFile {
        path: path.to_owned(),
        bytes: text.into_bytes(),
        keeping,
    };
    vec![
        file("README.ja.md", filled(&ReadMe { setup }), Keeping::Refreshed),
        file(&format!("relay/{NOTE}"), RELAY.to_owned(), Keeping::OnlyOnce),
    ]
}

const RELAY: &str = "送受信の記録を置くフォルダーです。\n\n\
    evidence.jsonl は、試験用サーバー（careplan-mock-server）など、送受信をしたプログラムが書きます。\
    1行に1つのメッセージ（JSON）で、形は careplan-conformance の relay_evidence にあります。\n\
    「送信」「受信」の試験項目（番号の最後が80）は、ここにある記録のハッシュ値が、書き出したファイルやキットと同じなら合格になります。\n";

/// The note in the folder that the vendor fills.
#[derive(Template)]
#[template(path = "note.txt")]
struct Note<'n> {
    setup: &'n Setup,
    item: &'n Item,
}

impl Note<'_> {
    /// The people that are exported, each once.
    fn people(&self) -> Vec<Person> {
        let units = self.item.units.iter();
        let places: BTreeSet<u64> =
            units.flat_map(|unit| unit.first..unit.first + unit.people).collect();
        places.into_iter().map(|place| case::person_at(self.setup, self.item, place)).collect()
    }
}

/// The first thing to read in the folder.
#[derive(Template)]
#[template(path = "kit.md")]
struct ReadMe<'r> {
    setup: &'r Setup,
}

impl ReadMe<'_> {
    /// The items of the plan under their patterns.
    fn by_pattern(&self) -> Vec<(Pattern, Vec<&'static Item>)> {
        let of = |pattern| self.setup.items().filter(|item| item.pattern == pattern).collect();
        let all = Pattern::ALL.map(|pattern| (pattern, of(pattern)));
        all.into_iter().filter(|(_, items): &(_, Vec<_>)| !items.is_empty()).collect()
    }
}
