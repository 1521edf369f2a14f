//! `rehearse init`: lays out a folder, or makes the kit of an existing one again.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use careplan_rehearsal::evidence::sha256;
use careplan_rehearsal::kit::{self, Keeping, KitFile};
use careplan_rehearsal::setup::{self, NAMELESS};
use careplan_rehearsal::{BAND, Pattern, Setup, Side};
use careplan_spec::Lang;
use serde::{Deserialize, Serialize};

use super::args::InitArgs;
use super::folder::{self, Folder, PLAN};
use super::refused;
use crate::cli::config::misconfigured;
use crate::cli::now::Now;
use crate::cli::{Exit, complain, print_bytes};

const MANIFEST: &str = "kit/manifest.json";
const MANIFEST_SCHEMA: &str = "careplan-testbed/rehearsal-kit/1";

/// `kit/manifest.json`: what was laid out, so that nobody's changes are overwritten.
#[derive(Debug, Serialize, Deserialize)]
struct Manifest {
    schema: String,
    tool_version: String,
    /// SHA-256 by path.
    files: BTreeMap<String, String>,
}

/// Runs the command.
pub(super) fn run(args: &InitArgs, lang: Lang) -> anyhow::Result<Exit> {
    let root = &args.dir;
    let is_ours = root.join(PLAN).is_file();
    let setup = if is_ours {
        if asks_for_a_plan(args) {
            return Err(misconfigured(format!(
                "{}: すでに計画があります。{PLAN} を直してから、フォルダーだけを指定してください / there is a plan already: edit {PLAN}, then name the folder alone",
                root.display()
            )));
        }
        Folder::open(root)?.setup
    } else {
        refuse_foreign(root)?;
        plan(args)?
    };
    fs::create_dir_all(root)?;
    if !is_ours {
        folder::write(root, PLAN, setup.to_toml().as_bytes())?;
    }
    let changed = lay_out(root, &setup)?;
    for path in &changed {
        complain(&match lang {
            Lang::Ja => format!(
                "{path} は手が加えられているので、そのまま残しました。作り直すには、別の場所に移してからもう一度 init してください"
            ),
            Lang::En => format!("{path} was changed and stays; move it away and init again"),
        });
    }
    let items = setup.items().count();
    let place = root.display();
    let offices: Vec<String> = setup.offices.iter().map(ToString::to_string).collect();
    let offices = offices.join(" ");
    print_bytes(
        match lang {
            Lang::Ja => format!(
                "{}\n\n{place} に{items}項目のキットを用意しました。まず {place}/README.ja.md をお読みください。\n\
                 事業所：{offices}\n次に：careplan-conformance rehearse status {place}\n",
                BAND.ja,
            ),
            Lang::En => format!(
                "{}\n\n{place}: a kit of {items} items. Begin with {place}/README.ja.md.\n\
                 offices: {offices}\nnext: careplan-conformance rehearse status {place}\n",
                BAND.en,
            ),
        }
        .as_bytes(),
    )?;
    Ok(if changed.is_empty() { Exit::Accepted } else { Exit::Rejected })
}

fn asks_for_a_plan(args: &InitArgs) -> bool {
    args.vendor.is_some()
        || args.product.is_some()
        || args.product_version.is_some()
        || args.month.is_some()
        || args.seed.is_some()
        || !args.offices.is_empty()
        || !args.patterns.is_empty()
        || !args.sides.is_empty()
}

/// A folder with something in it that is not a rehearsal stays as it is.
fn refuse_foreign(root: &Path) -> anyhow::Result<()> {
    if root.symlink_metadata().is_err() {
        return Ok(());
    }
    if root.is_dir() && fs::read_dir(root)?.next().is_none() {
        return Ok(());
    }
    Err(misconfigured(format!(
        "{}: リハーサルのフォルダーではなく、空でもありません。新しい名前を指定してください / neither empty nor a rehearsal: name a new folder",
        root.display()
    )))
}

fn plan(args: &InitArgs) -> anyhow::Result<Setup> {
    let now = Now::of(args.now.as_deref())?;
    let named = |value: &Option<String>| value.clone().unwrap_or_else(|| NAMELESS.ja.to_owned());
    let offices = if args.offices.is_empty() {
        setup::invented_offices()
    } else {
        args.offices
            .iter()
            .map(|text| setup::office(text))
            .collect::<Result<_, _>>()
            .map_err(|words| refused(&words))?
    };
    let mut patterns = args
        .patterns
        .iter()
        .map(|id| setup::pattern(id))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|words| refused(&words))?;
    let mut sides = args
        .sides
        .iter()
        .map(|id| setup::side(id))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|words| refused(&words))?;
    patterns.sort_unstable();
    patterns.dedup();
    sides.sort_unstable();
    sides.dedup();
    if patterns.is_empty() {
        patterns = Pattern::ALL.to_vec();
    }
    if sides.is_empty() {
        sides = Side::ALL.to_vec();
    }
    let setup = Setup {
        vendor: named(&args.vendor),
        product: named(&args.product),
        version: named(&args.product_version),
        offices,
        patterns,
        sides,
        month: setup::month(&args.month.clone().unwrap_or_else(|| now.month()))
            .map_err(|words| refused(&words))?,
        seed: args.seed.unwrap_or(1),
    };
    setup.accept().map_err(|words| refused(&words))?;
    Ok(setup)
}

/// Writes the kit; gives the paths of files that somebody changed, which stay.
fn lay_out(root: &Path, setup: &Setup) -> anyhow::Result<Vec<String>> {
    let known = known(root)?;
    let mut files = BTreeMap::new();
    let mut changed = Vec::new();
    // A folder that is there is the vendor's; what is in it, or is not, stays so.
    let all = kit::common(setup).into_iter();
    for file in all.chain(setup.items().flat_map(|item| kit::of_item(setup, item))) {
        match file.keeping {
            Keeping::OnlyOnce => {
                let path = folder::below(root, &file.path)?;
                if path.parent().is_none_or(|parent| !parent.exists()) {
                    folder::write(root, &file.path, &file.bytes)?;
                }
            }
            Keeping::Refreshed => refresh(root, file, &known, &mut files, &mut changed)?,
        }
    }
    for (path, hash) in &known {
        // What belongs to no item any more goes, unless somebody changed it.
        if !files.contains_key(path) {
            let full = folder::below(root, path)?;
            if fs::read(&full).is_ok_and(|bytes| sha256(&bytes) == *hash) {
                folder::remove(&full)?;
            }
        }
    }
    let manifest = Manifest {
        schema: MANIFEST_SCHEMA.to_owned(),
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        files,
    };
    let text = serde_json::to_string_pretty(&manifest)?;
    folder::write(root, MANIFEST, format!("{text}\n").as_bytes())?;
    Ok(changed)
}

/// SHA-256 by path of what was laid out before.
fn known(root: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let Some(text) = folder::document(&root.join(MANIFEST))? else {
        return Ok(BTreeMap::new());
    };
    let manifest: Manifest =
        serde_json::from_str(&text).map_err(|error| anyhow::anyhow!("{MANIFEST}: {error}"))?;
    anyhow::ensure!(manifest.schema == MANIFEST_SCHEMA, "{MANIFEST}: schema {:?}", manifest.schema);
    // Only what init itself lays out may be taken away again.
    let is_ours = |path: &String| path.starts_with("kit/") || path == "README.ja.md";
    Ok(manifest.files.into_iter().filter(|(path, _)| is_ours(path)).collect())
}

fn refresh(
    root: &Path,
    file: KitFile,
    known: &BTreeMap<String, String>,
    files: &mut BTreeMap<String, String>,
    changed: &mut Vec<String>,
) -> anyhow::Result<()> {
    let full = folder::below(root, &file.path)?;
    let new = sha256(&file.bytes);
    match fs::read(&full) {
        Ok(present) => {
            let present = sha256(&present);
            if present != new {
                if known.get(&file.path) == Some(&present) {
                    folder::write(root, &file.path, &file.bytes)?;
                } else {
                    changed.push(file.path.clone());
                }
            }
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            folder::write(root, &file.path, &file.bytes)?;
        }
        Err(error) => anyhow::bail!("{}: {error}", full.display()),
    }
    files.insert(file.path, new);
    Ok(())
}
