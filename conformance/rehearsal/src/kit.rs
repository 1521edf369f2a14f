//! What `init` lays out: the import kit, exercise sheets, and notes in every folder.

use std::fmt::Write as _;

use careplan_judge::profile::Profile;
use careplan_spec::{Lang, clause};

use super::case;
use super::catalogue::{Item, Judge, Leaves};
use super::page::BAND;
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
    put(format!("{folder}/{id}/{NOTE}"), note(setup, item).into_bytes(), Keeping::OnlyOnce);
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
        file("README.ja.md", read_me(setup), Keeping::Refreshed),
        file(&format!("relay/{NOTE}"), RELAY.to_owned(), Keeping::OnlyOnce),
    ]
}

const RELAY: &str = "送受信の記録を置くフォルダーです。\n\n\
    evidence.jsonl は、試験用サーバー（careplan-mock-server）など、送受信をしたプログラムが書きます。\
    1行に1つのメッセージ（JSON）で、形は careplan-conformance の relay_evidence にあります。\n\
    「送信」「受信」の試験項目（番号の最後が80）は、ここにある記録のハッシュ値が、書き出したファイルやキットと同じなら合格になります。\n";

/// The note in the folder that the vendor fills.
fn note(setup: &Setup, item: &Item) -> String {
    let id = &item.id;
    let mut out = format!("{id} {}（{}）\n\n{}\n\n", item.title.ja, item.side.title().ja, BAND.ja);
    let _ = writeln!(out, "目的：{}\n合格の条件：{}\n", item.purpose.ja, item.expected.ja);
    match item.side {
        Side::Writes => {
            let _ = writeln!(
                out,
                "このフォルダーに、製品が書き出したファイル（CSV、画像。ZIPのままでも可）を置いてください。\n\
                 入力する内容は kit/{id}/sheet.html（課題票）、様式での見え方は kit/{id}/forms.html にあります。"
            );
            if let Some((own, partner)) = setup.parties(item) {
                let _ = writeln!(
                    out,
                    "送信元は {own}、送信先は {partner}、提供年月は {} です。",
                    setup.month
                );
            }
            if let Some(instruction) = item.instruction {
                let _ = writeln!(out, "\n手順：{}", instruction.ja);
            }
            if !item.requirements.is_empty() {
                out.push_str("\n必要な内容：\n");
            }
            for needed in &item.requirements {
                let _ = writeln!(
                    out,
                    "  - {} [{}]",
                    needed.what.ja,
                    clause::in_words(needed.clause, Lang::Ja)
                );
            }
            out.push_str("\n書き出される利用者：\n");
            for unit in item.units {
                for place in unit.first..unit.first + unit.people {
                    let person = case::person_at(setup, item, place);
                    let line = format!(
                        "  - {}（{}） 保険者番号 {} 被保険者番号 {}\n",
                        person.name,
                        person.name_kana,
                        person.insurer().number,
                        person.insured_number
                    );
                    if !out.contains(&line) {
                        out.push_str(&line);
                    }
                }
            }
            if !item.is_judged_by(Judge::Exercise) {
                out.push_str(
                    "\nこの項目は、必要な内容がそろっていれば、課題票と同じ利用者でなくてもかまいません。\n",
                );
            }
        }
        Side::Reads => {
            let _ = writeln!(
                out,
                "1. kit/{id}/csv のファイルを製品に取り込みます{}。\n\
                 2. 製品が同じ内容を書き出せる場合は、書き出したファイルをこのフォルダーに置きます。\n\
                 3. 書き出せない場合は、kit/{id}/sheet.html（確認表）と画面を見比べて、decide で判断を記録します。",
                if item.leaves == Leaves::Everything {
                    ""
                } else {
                    "（csv/1、csv/2 の順に）"
                }
            );
        }
    }
    out
}

fn read_me(setup: &Setup) -> String {
    let mut out = format!(
        "# ベンダ試験のリハーサル\n\n**{}**\n\n- 製品：{} {}（{}）\n- 標準仕様 4.1、提供年月 {}\n- 道具の版：careplan-conformance {}\n\n",
        BAND.ja,
        markdown(&setup.product),
        markdown(&setup.version),
        markdown(&setup.vendor),
        setup.month,
        env!("CARGO_PKG_VERSION"),
    );
    out.push_str(
        "## 進め方\n\n\
         1. **取り込み**（番号に R）：`kit/番号/csv/` のファイルを製品に取り込み、`kit/番号/sheet.html`（確認表）と `forms.html`（様式）を見ながら画面・印刷を確かめます。\n\
         2. 取り込んだ内容を製品がもう一度書き出せる場合は、`returned/番号/` に置きます。値が失われていないかを自動で比べます。\n\
         3. **書き出し**（番号に W）：`kit/番号/sheet.html`（課題票）の内容を製品に入力し、書き出したファイルを `exports/番号/` に置きます。\n\
         4. **送受信**（番号の最後が80）：試験用サーバーで送受信すると、その記録が `relay/evidence.jsonl` に残ります。\n\
         5. `careplan-conformance rehearse run .` で判定します。人が見て決める項目（要確認）は、次のように記録します。\n\n\
         ```\n   careplan-conformance rehearse decide . D1-R-90 pass --by \"氏名\"\n   ```\n\n\
         6. `careplan-conformance rehearse status .` で進み具合を見て、終わったら `careplan-conformance rehearse report . --out 報告書` で試験結果報告書を作ります。\n\n\
         利用者・事業所はすべて架空です。実在の利用者のデータは置かないでください。\n\n\
         ## フォルダー\n\n\
         | フォルダー | 中身 | 書く人 |\n|---|---|---|\n\
         | `rehearsal.toml` | 計画 | 最初に道具が作り、あとは皆さんが直せます |\n\
         | `kit/` | 取り込むファイル、様式、課題票・確認表 | 道具（直さないでください） |\n\
         | `exports/` | 製品が書き出したファイル | 皆さん |\n\
         | `returned/` | 取り込んで書き戻したファイル | 皆さん |\n\
         | `relay/` | 送受信の記録 | 試験用サーバー |\n\
         | `evidence/` | 判定の結果 | 道具 |\n\
         | `decisions.json` | 人の判断 | 道具（decide） |\n\n\
         ## 事業所\n\n",
    );
    for office in &setup.offices {
        let _ = writeln!(out, "- `{office}`");
    }
    out.push_str("\n## 試験項目\n\n");
    for pattern in Pattern::ALL {
        let mut own = setup.items().filter(|item| item.pattern == pattern).peekable();
        if own.peek().is_none() {
            continue;
        }
        let _ = writeln!(
            out,
            "### {} {}\n\n| 番号 | 側 | 項目 | 合格の条件 |\n|---|---|---|---|",
            pattern.id(),
            pattern.title().ja
        );
        for item in own {
            let _ = writeln!(
                out,
                "| {} | {} | {} | {} |",
                item.id,
                item.side.title().ja,
                item.title.ja,
                item.expected.ja
            );
        }
        out.push('\n');
    }
    let out_of_reach: Vec<&str> = setup.out_of_reach().map(|item| item.id.as_str()).collect();
    if !out_of_reach.is_empty() {
        let _ =
            writeln!(out, "事業所の種類が足りないため行わない項目：{}", out_of_reach.join("、"));
    }
    out
}

/// Text of the plan in Markdown.
fn markdown(text: &str) -> String {
    careplan_reports::cell(text)
}
