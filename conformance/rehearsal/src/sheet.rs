//! Sheets on paper: every value of a case, to enter (exercise) or to look for and tick.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use careplan_reader::KeptRecord;
use careplan_spec::layout::{Field, FieldId, Format};
use careplan_spec::{FileKind, Lang, clause};

use super::case::{self, CaseFile};
use super::catalogue::{Item, Leaves, UnitChoice};
use super::page::{BAND, escape, page};
use super::pattern::Side;
use super::records::{self, NamedFile, person};
use super::setup::Setup;

/// The sheet of an item: what to enter on the writing side, what to look for on the reading side.
pub(super) fn sheet(setup: &Setup, item: &Item, files: &[CaseFile]) -> String {
    let what = match item.side {
        Side::Writes => "課題票",
        Side::Reads => "確認表",
    };
    let title = format!("{what} {} {}", item.id, item.title.ja);
    let mut body = format!("<p class=\"band\">{}</p>\n", BAND.ja);
    body.push_str(&head(setup, item));
    body.push_str(match item.side {
        Side::Writes => {
            "<h2>入力する内容</h2>\n<p>次の値を製品に入力し、標準仕様の形式で書き出してください。\
             保険者番号などの登録が必要なら、先に登録します。入力したら□に印を付けます。\
             様式の形で見るには、同じフォルダーの forms.html を開いてください。</p>\n"
        }
        Side::Reads => {
            "<h2>確かめる値</h2>\n<p>キットを取り込んだあと、製品の画面や印刷を見て、値が同じなら□に印を付けます。\
             様式の形で見るには、同じフォルダーの forms.html を開いてください。</p>\n"
        }
    });
    for at in 0..item.units.len() {
        if item.units.len() > 1 {
            let _ = writeln!(body, "<h2>{}</h2>", unit_title(item, at));
        }
        let of_unit = files.iter().filter(|file| file.unit == at);
        for file in records::read(of_unit.map(|file| (file.name.as_str(), file.bytes.as_slice()))) {
            body.push_str(&values(&file));
        }
    }
    if let Some(place) = item.left_out() {
        let person = case::person_at(setup, item, place);
        let _ = writeln!(
            body,
            "<h2>書き出されてはいけない利用者</h2>\n<table><tr><th>氏名</th><td>{}</td></tr>\
             <tr><th>フリガナ</th><td>{}</td></tr><tr><th>保険者番号</th><td>{}</td></tr>\
             <tr><th>被保険者番号</th><td>{}</td></tr></table>",
            escape(&person.name),
            escape(&person.name_kana),
            escape(&person.insurer().number),
            escape(&person.insured_number),
        );
    }
    body.push_str(
        "<h2>記録</h2>\n<table class=\"sign\"><tr><th>結果</th><td>合格　・　不合格</td><th>年月日</th><td></td></tr>\
         <tr><th>氏名</th><td></td><th>気づいたこと</th><td></td></tr></table>\n",
    );
    page(&title, "ja", &body)
}

/// What the item is about.
fn head(setup: &Setup, item: &Item) -> String {
    let mut out = String::from("<table>");
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(out, "<tr><th>{name}</th><td>{}</td></tr>", escape(value));
    };
    line(
        "パターン",
        &format!("{} {}（{}）", item.pattern.id(), item.pattern.title().ja, item.side.title().ja),
    );
    line("目的", item.purpose.ja);
    line("合格の条件", item.expected.ja);
    line(
        "条文",
        &format!(
            "{}（公式の項目表は公開されていないため、この条文から導いた項目です）",
            clause::in_words(item.clause, Lang::Ja)
        ),
    );
    if let Some((own, partner)) = setup.parties(item) {
        let (own_role, partner_role) = item.roles();
        let own = format!("{own}　{}（製品の事業所）", own_role.title().ja);
        let partner = format!("{partner}　{}（相手）", partner_role.title().ja);
        let (from, to) = match item.side {
            Side::Writes => (own, partner),
            Side::Reads => (partner, own),
        };
        line("送信元", &from);
        line("送信先", &to);
    }
    line("提供年月", &setup.month.to_string());
    if let Some(instruction) = item.instruction {
        line("手順", instruction.ja);
    }
    for needed in &item.requirements {
        line("必要な内容", needed.what.ja);
    }
    out.push_str("</table>\n");
    out
}

/// What a send unit of several is called.
pub(super) fn unit_title(item: &Item, at: usize) -> String {
    match (item.leaves, item.units[at].revision, item.units[at].choice) {
        (_, _, UnitChoice::Deletion) => format!("{}つ目：削除", at + 1),
        (Leaves::LastUnit, 0, _) | (_, 0, _) if item.units.iter().any(|unit| unit.revision > 0) => {
            format!("{}つ目：変更前", at + 1)
        }
        (_, revision, _) if revision > 0 => format!("{}つ目：変更後", at + 1),
        _ => format!("{}つ目の送信単位", at + 1),
    }
}

/// The values of a file, person by person.
fn values(file: &NamedFile) -> String {
    let mut out = String::new();
    let title = file.kind().title().ja;
    let _ = writeln!(out, "<h3>{}　{title}</h3>", escape(&file.name.compose()));
    if file.kind() == FileKind::UpkihonImage {
        out.push_str("<table><tr><td class=\"t\">□</td><td>家族構成の画像（forms.html に表示）</td></tr></table>\n");
        return out;
    }
    let mut seen = BTreeSet::new();
    for record in &file.records {
        if !seen.insert(person(record)) {
            continue;
        }
        let own: Vec<&KeptRecord> =
            file.records.iter().filter(|other| person(other) == person(record)).collect();
        match own.as_slice() {
            [only] => out.push_str(&one(only)),
            several => out.push_str(&table(several)),
        }
    }
    out
}

/// The columns of a record that a sheet may show.
fn fields(record: &KeptRecord) -> impl Iterator<Item = (FieldId, &'static Field)> {
    record.ids().filter_map(|id| Some((id, record.field(id)?)))
}

fn shown(record: &KeptRecord, id: FieldId, field: &Field) -> String {
    let label = match field.format {
        Format::Code(list) => list.label(record.bytes(id)),
        _ => None,
    };
    let text = record.text(id);
    match label {
        Some(label) => escape(&format!("{text}（{label}）")),
        None => escape(&text),
    }
}

fn is_worth_a_line(record: &KeptRecord, id: FieldId, field: &Field) -> bool {
    !record.bytes(id).is_empty()
        && !matches!(field.format, Format::CsvVersion | Format::Unused | Format::Nines)
}

/// One record: a line a value.
fn one(record: &KeptRecord) -> String {
    let mut out = String::from(
        "<table><thead><tr><th class=\"n\">No</th><th>項目</th><th>値</th><th class=\"t\">□</th></tr></thead><tbody>\n",
    );
    for (id, field) in fields(record).filter(|(id, field)| is_worth_a_line(record, *id, field)) {
        let _ = writeln!(
            out,
            "<tr><td class=\"n\">{}</td><td>{}</td><td class=\"v\">{}</td><td class=\"t\">□</td></tr>",
            field.no,
            escape(field.name),
            shown(record, id, field)
        );
    }
    out.push_str("</tbody></table>\n");
    out
}

/// Several records: what they share as lines, the rest as a table.
fn table(records: &[&KeptRecord]) -> String {
    let first = records[0];
    let differs = |id: FieldId| records.iter().any(|record| record.bytes(id) != first.bytes(id));
    let mut out = String::from("<table><tbody>\n");
    for (id, field) in fields(first) {
        if !differs(id) && is_worth_a_line(first, id, field) {
            let _ = writeln!(
                out,
                "<tr><th>{} {}（共通）</th><td class=\"v\">{}</td><td class=\"t\">□</td></tr>",
                field.no,
                escape(field.name),
                shown(first, id, field)
            );
        }
    }
    out.push_str("</tbody></table>\n<table class=\"wide\"><thead><tr><th class=\"n\">行</th>");
    let columns: Vec<_> = fields(first).filter(|(id, _)| differs(*id)).collect();
    for (_, field) in &columns {
        let _ = write!(out, "<th>{} {}</th>", field.no, escape(field.name));
    }
    out.push_str("<th class=\"t\">□</th></tr></thead><tbody>\n");
    for (number, record) in records.iter().enumerate() {
        let _ = write!(out, "<tr><td class=\"n\">{}</td>", number + 1);
        for (id, field) in &columns {
            let _ = write!(out, "<td class=\"v\">{}</td>", shown(record, *id, field));
        }
        out.push_str("<td class=\"t\">□</td></tr>\n");
    }
    out.push_str("</tbody></table>\n");
    out
}
