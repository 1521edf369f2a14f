//! The form view: everything a record says stands in its cell, findings stand at theirs, and no
//! value leaves its place in the page.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use careplan_fixtures::mutant::{Base, EditableUnit};
use careplan_fixtures::region::offices_of_kind;
use careplan_fixtures::request::all_units;
use careplan_fixtures::{Request, Richness, generate, mutant, service};
use careplan_forms::{Notable, Options, Titles};
use careplan_judge::engine::FileStatus;
use careplan_judge::message::{Wording, shape};
use careplan_judge::{Profile, Report, Severity};
use careplan_spec::file_name::{self, Reading};
use careplan_spec::layout::v4_1::{up1kyo, up2kyo, up3kyo, uphosoku, upjsk, upkihon, upplan};
use careplan_spec::layout::{Field, Format};
use careplan_spec::send_unit::Direction;
use careplan_spec::{FileKind, Lang, Layout, StandardVersion, Text, ms932};
use proptest::prelude::*;

type Files = Vec<(String, Vec<u8>)>;

fn page(files: &Files, options: &Options<'_>) -> String {
    careplan_forms::render(files, &Profile::default(), options)
}

/// A valid unit as files in memory.
fn unit(id: &str, richness: Richness) -> Files {
    let month = if id.starts_with("V3") { mutant::MONTH_V3 } else { mutant::MONTH };
    let request = Request::new(id, month).expect("a known unit");
    let files = generate(&Request { richness, people: 6, ..request }).expect("a valid request");
    files.into_iter().map(|file| (file.name, file.bytes)).collect()
}

/// A plain unit of one person, to be changed.
fn draft(id: &'static str) -> EditableUnit {
    EditableUnit::of(&Base::of(id)).expect("a unit")
}

/// One start tag with what follows it up to its end tag, cells only.
#[derive(Debug)]
struct Cell<'p> {
    attributes: &'p str,
    inner: &'p str,
    /// The row the cell stands in, from its start tag on.
    row: &'p str,
    /// Offset in the page.
    at: usize,
}

impl Cell<'_> {
    fn attribute(&self, name: &str) -> &str {
        let Some((_, rest)) = self.attributes.split_once(&format!(" {name}=\"")) else { return "" };
        rest.split('"').next().unwrap_or_default()
    }

    fn text(&self) -> String {
        text(self.inner)
    }

    /// Whether the cell shows this field of this record.
    fn shows(&self, field: &str, kind: &str, record: u32) -> bool {
        let numbers = self
            .attribute("data-record")
            .split(' ')
            .find_map(|part| part.strip_prefix(kind)?.strip_prefix(':'));
        self.attribute("data-field").split(' ').any(|name| name == field)
            && numbers.is_some_and(|numbers| {
                numbers.split(',').any(|range| {
                    let (first, last) = range.split_once('-').unwrap_or((range, range));
                    let bounds = first.parse::<u32>().ok().zip(last.parse::<u32>().ok());
                    bounds.is_some_and(|(first, last)| (first..=last).contains(&record))
                })
            })
    }
}

/// The text of HTML as a reader sees it: no tags, no entities, `<br>` as a line break.
fn text(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        out.push_str(&rest[..open]);
        let close = rest[open..].find('>').expect("a tag ends") + open;
        if &rest[open..=close] == "<br>" {
            out.push('\n');
        }
        rest = &rest[close + 1..];
    }
    out.push_str(rest);
    for (entity, ch) in
        [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")]
    {
        out = out.replace(entity, ch);
    }
    out
}

fn cells(page: &str) -> Vec<Cell<'_>> {
    let mut cells = Vec::new();
    for (at, _) in page.match_indices("<td") {
        let tag_end = page[at..].find('>').expect("a tag ends") + at;
        let end = page[tag_end..].find("</td>").expect("a cell ends") + tag_end;
        cells.push(Cell {
            attributes: &page[at + 3..tag_end],
            inner: &page[tag_end + 1..end],
            row: &page[page[..at].rfind("<tr").expect("a cell stands in a row")..],
            at,
        });
    }
    cells
}

/// Kind and layout of a file of the standard, by its name.
fn layout(name: &str) -> Option<&'static Layout> {
    let Reading::Standard { name, .. } = file_name::read(name) else { return None };
    name.kind.layout(name.version)
}

/// The records of a well-formed file as another reader sees them.
fn records(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    reader
        .byte_records()
        .map(|record| {
            let record = record.expect("generated files are well formed");
            record
                .iter()
                .map(|value| ms932::decode(value).expect("generated text is MS932"))
                .collect()
        })
        .collect()
}

/// What a reader must find in the cell: every form of the value that counts as showing it.
fn expected(field: &Field, value: &str) -> Vec<String> {
    let digits = |from: usize, to: usize| value[from..to].to_owned();
    match field.format {
        Format::Date | Format::DateOrZeros if value != "00000000" => {
            vec![format!("（{}/{}/{}）", digits(0, 4), digits(4, 6), digits(6, 8))]
        }
        Format::Month | Format::MonthOrZeros if value != "000000" => {
            vec![format!("（{}/{}）", digits(0, 4), digits(4, 6))]
        }
        Format::Time | Format::TimeOrNines if value != "9999" => {
            vec![format!("{}:{}", digits(0, 2), digits(2, 4))]
        }
        Format::Integer if value.trim_start_matches('-').len() > 3 => {
            let number: i64 = value.parse().expect("generated numbers are numbers");
            let (thousands, rest) = (number / 1000, number.abs() % 1000);
            let millions = thousands / 1000;
            vec![if millions == 0 {
                format!("{thousands},{rest:03}")
            } else {
                format!("{millions},{:03},{rest:03}", thousands.abs() % 1000)
            }]
        }
        Format::Code(list) => {
            let label = list.label(value.as_bytes()).expect("generated codes are known");
            vec![format!("{label}（{value}）"), format!("［{value}］"), tick(value).to_owned()]
        }
        Format::FreeText => vec![value.replace("\r\n", "\n")],
        _ => vec![value.to_owned()],
    }
}

fn tick(value: &str) -> &'static str {
    if value == "1" { "☑" } else { "☐" }
}

/// Checks that every value of the files stands in a cell of its own field and record.
fn assert_everything_is_shown(files: &Files) {
    let page = page(files, &Options::default());
    let cells = cells(&page);
    let mut by_field: BTreeMap<&str, Vec<&Cell<'_>>> = BTreeMap::new();
    for cell in &cells {
        for field in cell.attribute("data-field").split(' ') {
            by_field.entry(field).or_default().push(cell);
        }
    }
    for (name, bytes) in files {
        let Some(layout) = layout(name) else { continue };
        let kind = layout.kind.prefix().to_ascii_lowercase();
        let records = records(bytes);
        assert!(!records.is_empty(), "{name}");
        for (at, record) in records.iter().enumerate() {
            let number = at as u32 + 1;
            for (field, value) in layout.fields.iter().zip(record) {
                if value.is_empty() {
                    continue;
                }
                let id = format!("{kind}.{}", field.id());
                let of_field = by_field.get(id.as_str()).map_or(&[][..], Vec::as_slice);
                let shown: Vec<_> =
                    of_field.iter().filter(|cell| cell.shows(&id, &kind, number)).collect();
                assert!(!shown.is_empty(), "{name} record {number} {id} has no cell");
                let constant = field.constant;
                let is_use = matches!(layout.kind, FileKind::Upplan | FileKind::Upjsk);
                let is_there = shown.iter().all(|cell| match (is_use, constant) {
                    (true, "SERVICE_DATE") => {
                        let day: usize = value[6..].parse().expect("a day");
                        cell.row[..cell.at_in_row()].matches("class=\"cp-day").count() == day - 1
                    }
                    (true, "SERVICE_COUNT") => {
                        let sum: u64 = cell.text().parse().expect("a sum");
                        sum >= value.parse().expect("a count")
                    }
                    (true, "PER_DIEM_BITMAP") => {
                        let row = cell.row.split("</tr>").next().unwrap_or_default();
                        let days = text(row).matches('○').count();
                        let days_text = cell.text();
                        days == value.matches('1').count() && days_text == format!("{days}日")
                    }
                    _ => {
                        let text = cell.text();
                        expected(field, value).iter().any(|value| text.contains(value.as_str()))
                    }
                });
                assert!(is_there, "{name} record {number} {id}: {value:?} in {shown:?}");
            }
        }
    }
}

impl Cell<'_> {
    /// Where the cell begins in its row.
    fn at_in_row(&self) -> usize {
        // `row` runs to the end of the page, as does everything behind the cell.
        let behind = self.row.len() - self.inner.as_ptr().addr().abs_diff(self.row.as_ptr().addr());
        let from_inner = self.row.len() - behind;
        self.row[..from_inner].rfind("<td").unwrap_or_default()
    }
}

#[test]
fn every_value_of_every_unit_stands_in_a_cell_of_its_field_and_record() {
    for unit_of in all_units() {
        for richness in [Richness::Plain, Richness::Rich] {
            assert_everything_is_shown(&unit(unit_of.id, richness));
        }
    }
}

/// The column of every item in the week: the cells of a table with merged rows, resolved.
fn week_columns(table: &str) -> Vec<(usize, usize, String)> {
    let mut covered = [0_usize; 8];
    let mut items = Vec::new();
    let body = table.split_once("<tbody>").expect("a body").1;
    for (slot, row) in body.split("<tr").skip(1).enumerate() {
        let mut column = 0;
        for cell in cells(&format!("<tr{row}")) {
            while covered[column] > slot {
                column += 1;
            }
            let span: usize = cell.attribute("rowspan").parse().unwrap_or(1);
            covered[column] = slot + span;
            if !cell.attribute("data-record").is_empty() {
                items.push((column, slot, cell.text()));
            }
        }
        assert!(covered.iter().all(|until| *until > slot), "row {slot} has no hole");
    }
    assert_eq!(covered, [48; 8], "every column ends at midnight");
    items
}

#[test]
fn items_of_the_week_stand_under_their_day_at_their_hour() {
    let files = unit("K1", Richness::Plain);
    let page = page(&files, &Options::default());
    let mut items = Vec::new();
    for table in page.split("<table class=\"cp-week\">").skip(1) {
        items.extend(week_columns(table.split("</table>").next().unwrap_or_default()));
    }
    let (name, bytes) = files.iter().find(|(name, _)| name.starts_with("UP3KYO")).expect("table 3");
    let layout = layout(name).expect("a layout");
    let of =
        |record: &[String], id| record[layout.position(id).expect("4.1 has every field")].clone();
    let mut placed = 0;
    for record in records(bytes) {
        let (day, start) = (of(&record, up3kyo::WEEKDAY), of(&record, up3kyo::SERVICE_START_TIME));
        let (Ok(day), Ok(start)) = (day.parse::<usize>(), start.parse::<usize>()) else { continue };
        let slot = start / 100 * 2 + start % 100 / 30;
        let content = of(&record, up3kyo::CARE_SERVICE_CONTENT);
        let is_there = items.iter().any(|(column, from, text)| {
            *column == day - 1 && *from <= slot && text.contains(&content)
        });
        assert!(is_there, "{content} on day {day} at {start}");
        placed += 1;
    }
    assert!(placed > 5);
}

#[test]
fn items_that_overlap_or_pass_midnight_keep_the_table_whole() {
    let mut plan = draft("K1");
    plan.only(FileKind::Up3kyo);
    while plan.count(FileKind::Up3kyo) > 1 {
        plan.drop_record(FileKind::Up3kyo, 2);
    }
    let visits = [
        ("0900", "1000"),
        ("0930", "1100"),
        ("1100", "1200"),
        ("2300", "0600"),
        ("2330", "2400"),
        ("0000", "0015"),
    ];
    for (record, (start, end)) in (1..).zip(visits) {
        if record > 1 {
            plan.repeat(FileKind::Up3kyo, record - 1);
        }
        plan.set(up3kyo::WEEKDAY, record, "1").set(up3kyo::SERVICE_START_TIME, record, start).set(
            up3kyo::SERVICE_END_TIME,
            record,
            end,
        );
    }
    let last = plan.count(FileKind::Up3kyo) + 1;
    plan.repeat(FileKind::Up3kyo, last - 1)
        .set(up3kyo::CARE_SERVICE_CONTENT, last, "曜日のない項目")
        .set(up3kyo::WEEKDAY, last, "")
        .set(up3kyo::SERVICE_START_TIME, last, "9999")
        .set(up3kyo::SERVICE_END_TIME, last, "");
    let page = page(&plan.files(), &Options::default());
    let table = page.split("<table class=\"cp-week\">").nth(1).expect("a week");
    let items = week_columns(table.split("</table>").next().unwrap_or_default());
    let slots: Vec<_> = items.iter().map(|(column, slot, _)| (*column, *slot)).collect();
    assert_eq!(slots, [(0, 0), (0, 18), (0, 22), (0, 46)], "overlapping items share a cell");
    assert!(items[1].2.contains("09:00～10:00") && items[1].2.contains("09:30～11:00"));
    assert!(items[3].2.contains("23:00～06:00") && items[3].2.contains("23:30～24:00"));
    assert!(page.contains("表に置けない項目") && page.contains("曜日のない項目"));
}

#[test]
fn every_service_kind_stands_on_the_month_forms_days_of_a_fee_by_days_too() {
    let mut bitmaps = 0;
    for service in service::all() {
        let Some(party) =
            offices_of_kind(service.kind).find_map(|office| office.party(service.kind))
        else {
            continue;
        };
        for id in ["K2", "S1"] {
            let base = Request::new(id, mutant::MONTH).expect("a known unit");
            let base = Request { richness: Richness::Rich, people: 4, ..base };
            let request = match base.unit.direction {
                Direction::PlannerToService => Request { to: party, ..base },
                Direction::ServiceToPlanner => Request { from: party, ..base },
            };
            let Ok(files) = generate(&request) else { continue };
            let files: Files = files.into_iter().map(|file| (file.name, file.bytes)).collect();
            assert_everything_is_shown(&files);
            bitmaps +=
                page(&files, &Options::default()).matches("<tr class=\"cp-per-diem\">").count();
        }
    }
    assert!(bitmaps > 0, "some fees are by days");
}

#[test]
fn every_form_has_its_title_paper_and_person() {
    let titles = [
        ("K1", "居宅サービス計画書（１）", "cp-portrait"),
        ("K1", "居宅サービス計画書（２）", "cp-landscape"),
        ("K1", "週間サービス計画表", "cp-landscape"),
        ("K2", "サービス利用票（兼居宅（介護予防）サービス計画）", "cp-landscape"),
        ("K2", "サービス利用票別表", "cp-landscape"),
        ("Y2", "介護予防サービス・支援計画書", "cp-landscape"),
        ("Y2", "利用者基本情報", "cp-portrait"),
    ];
    for (id, title, paper) in titles {
        let files = unit(id, Richness::Plain);
        let report = Report::collect(&files, &Profile::default());
        let fragment =
            careplan_forms::fragment(&files, &report, &Profile::default(), &Options::default());
        let entries: Vec<_> =
            fragment.contents.iter().filter(|entry| entry.title.ends_with(title)).collect();
        assert_eq!(entries.len(), 6, "{id} {title}: one for each person");
        assert_eq!(entries.iter().map(|entry| &entry.person).collect::<BTreeSet<_>>().len(), 6);
        for entry in entries {
            let section = format!("<section class=\"cp-form {paper}\" id=\"{}\"", entry.id);
            assert!(fragment.html.contains(&section), "{title}");
        }
    }
}

#[test]
fn actual_use_stands_beside_its_plan() {
    let mut files = unit("K2", Richness::Plain);
    files.extend(unit("S1", Richness::Plain));
    let report = Report::collect(&files, &Profile::default());
    let fragment =
        careplan_forms::fragment(&files, &report, &Profile::default(), &Options::default());
    let both = fragment.html.split("<section class=\"cp-form").skip(1).filter(|section| {
        section.contains("data-field=\"upjsk.service_date")
            || section.contains("data-field=\"upjsk.service_count")
    });
    let mut forms = 0;
    for section in both {
        forms += 1;
        assert!(section.contains("data-record=\"upplan:"), "the plan is on the form");
    }
    assert_eq!(forms, 6);
    assert_everything_is_shown(&files);
}

/// Every tag and attribute that the page may hold.
fn assert_only_known_markup(page: &str) {
    const TAGS: [&str; 46] = [
        "!doctype", "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3",
        "h4", "nav", "ul", "li", "a", "div", "p", "section", "header", "footer", "table",
        "caption", "colgroup", "col", "thead", "tbody", "tr", "th", "td", "span", "mark", "small",
        "b", "br", "code", "img", "em", "strong", "i", "u", "s", "q", "dl", "dt", "dd",
    ];
    const ATTRIBUTES: [&str; 20] = [
        "html",
        "lang",
        "charset",
        "name",
        "content",
        "class",
        "id",
        "href",
        "aria-label",
        "aria-labelledby",
        "aria-describedby",
        "role",
        "scope",
        "colspan",
        "rowspan",
        "width",
        "data-field",
        "data-record",
        "alt",
        "src",
    ];
    let body = page.split_once("</style>").map_or(page, |(_, body)| body);
    let mut rest = body;
    while let Some(open) = rest.find('<') {
        let inside = &rest[open + 1..];
        let close = inside.find('>').expect("every < begins a tag that ends");
        let tag = &inside[..close];
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
        assert!(TAGS.contains(&name), "unknown tag <{tag}>");
        // Attributes: name="value", nothing else.
        let mut attributes = tag.trim_start_matches('/')[name.len()..].trim();
        while !attributes.is_empty() {
            let (attribute, value) = attributes.split_once("=\"").unwrap_or_else(|| {
                panic!("attribute without a quoted value in <{tag}>");
            });
            let attribute = attribute.trim();
            assert!(
                ATTRIBUTES.contains(&attribute) || attribute == "abbr",
                "unknown attribute {attribute} in <{tag}>"
            );
            let (value, behind) = value.split_once('"').expect("a value ends");
            if attribute == "href" {
                assert!(value.starts_with('#'), "nothing outside the page: {value}");
            }
            if attribute == "src" {
                assert!(value.starts_with("data:image/jpeg;base64,"), "{value}");
            }
            attributes = behind.trim();
        }
        rest = &inside[close + 1..];
    }
}

/// Ids occur once, and every reference leads to one.
fn assert_references_lead_somewhere(page: &str) {
    let values = |name: &str| -> Vec<&str> {
        page.split(&format!(" {name}=\""))
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect()
    };
    let ids = values("id");
    let known: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), known.len(), "ids occur once");
    let hrefs = values("href").into_iter().filter_map(|href| href.strip_prefix('#'));
    let described = values("aria-describedby").into_iter().chain(values("aria-labelledby"));
    for id in hrefs.chain(described.flat_map(|ids| ids.split(' '))) {
        assert!(known.contains(id), "{id} is nowhere");
    }
}

#[test]
fn hostile_values_and_names_stay_text() {
    let hostile = "<script>alert('1')</script>\"><img src=x onerror=`x`>&amp;</td></table>";
    let long = "長".repeat(20_000);
    let mut plan = draft("K1");
    plan.set(up1kyo::OVERALL_SUPPORT_POLICY, 1, hostile)
        .set(up1kyo::CREATED_DATE, 1, "'><b>")
        .set(up1kyo::CARE_LEVEL, 1, "<i>")
        .set(up1kyo::REVIEW_BOARD_OPINION, 1, &long)
        .set(up2kyo::NEED_TEXT, 1, hostile)
        .set(up3kyo::CARE_SERVICE_CONTENT, 1, hostile)
        .set(uphosoku::USER_NAME, 1, hostile);
    let mut month = draft("K2");
    month
        .set(upplan::SERVICE_DATE, 1, "<s>")
        .set(upplan::SERVICE_COUNT, 2, "<u>")
        .set(upplan::PER_DIEM_BITMAP, 3, "'<b>")
        .set(upplan::SERVICE_OFFICE_NAME, 3, hostile);
    let mut basic = draft("Y1");
    basic.set(upkihon::FAMILY_IMAGE_FILENAME, 1, "\" onload=\"x");
    let mut files = plan.files();
    files.extend(month.files());
    files.extend(basic.files());
    files.push(("\"><script>x</script>.csv".to_owned(), b"a,b".to_vec()));
    files.push(("UPPLAN_<b>_\"'.CSV".to_owned(), b"202407,<b>\r\n".to_vec()));
    let unread = [("<script>.zip".to_owned(), "<b>reason</b>".to_owned())];
    for lang in [Lang::Ja, Lang::En] {
        for mask in [false, true] {
            let options = Options { lang, mask, unread: &unread, prefix: "\"><x" };
            let page = page(&files, &options);
            assert_only_known_markup(&page);
            assert_references_lead_somewhere(&page);
            assert!(!page.contains("<script") && !page.contains("<i>") && !page.contains("<s>"));
            if !mask {
                assert!(text(page.split_once("</style>").expect("a style").1).contains(hostile));
                assert!(page.contains(&long));
            }
        }
    }
}

#[test]
fn line_breaks_and_unseen_characters_are_kept_visible() {
    let mut plan = draft("K1");
    plan.only(FileKind::Up1kyo).set(up1kyo::OVERALL_SUPPORT_POLICY, 1, "一行目\r\n二行目");
    let (name, bytes) = plan.files().remove(0);
    let text_of = |bytes: Vec<u8>| page(&vec![(name.clone(), bytes)], &Options::default());
    assert!(text_of(bytes.clone()).contains("一行目\n二行目"));
    // As UTF-8, with characters that MS932 lacks and one that turns the text around.
    let utf8 = ms932::decode(&bytes).expect("units are MS932").replace("二行目", "𠮷\u{202E}目");
    assert!(text_of(utf8.clone().into_bytes()).contains("一行目\n𠮷〈U+202E〉目"));
    let utf16: Vec<u8> =
        [0xFEFF].into_iter().chain(utf8.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert!(text_of(utf16).contains("一行目\n𠮷〈U+202E〉目"));
    // 外字 show their code.
    let at = bytes.windows(4).position(|pair| pair == b"\x93\xF1\x8D\x73").expect("二行");
    let mut gaiji = bytes;
    gaiji[at..at + 2].copy_from_slice(b"\xF0\x40");
    assert!(text_of(gaiji).contains("〈F040〉行目"));
}

/// Whatever a finding is about is marked: its cell, its form, or the list above.
#[test]
fn every_finding_of_every_mutant_is_marked_where_it_belongs() {
    let mut at_cells = 0;
    for mutant in mutant::all().filter(|mutant| !mutant.is_large) {
        let files: Files =
            mutant.build().0.into_iter().map(|file| (file.name, file.bytes)).collect();
        let report = Report::collect(&files, &Profile::default());
        let fragment =
            careplan_forms::fragment(&files, &report, &Profile::default(), &Options::default());
        let html = &fragment.html;
        assert_references_lead_somewhere(html);
        let cells = cells(html);
        for finding in &report.findings {
            let code = format!("<code>{}</code>", finding.rule.code);
            assert!(html.contains(&code), "{}: {} is not named", mutant.name, finding.rule.code);
            let Some(field) = finding.field.filter(|_| finding.at.record > 0) else { continue };
            let kind = field.kind.prefix().to_ascii_lowercase();
            let id = format!("{kind}.{}", field.id());
            let shown: Vec<_> =
                cells.iter().filter(|cell| cell.shows(&id, &kind, finding.at.record)).collect();
            if shown.is_empty() {
                // The record could not be put on a form; then it is listed with its findings.
                assert!(html.contains("cp-strays"), "{}: {id}", mutant.name);
                continue;
            }
            // Two files of a kind have the same record numbers, and a finding is about one of them.
            let prefix = format!("{}_", field.kind.prefix());
            let of_kind = |(name, _): &&(String, _)| name.contains(&prefix);
            let is_only_file = files.iter().filter(of_kind).count() == 1;
            let mut named = 0;
            for cell in &shown {
                let notes = cell.attribute("aria-describedby");
                let is_named = notes.split(' ').any(|note| {
                    let item = html.split(&format!("<li id=\"{note}\"")).nth(1);
                    item.and_then(|item| item.split("</li>").next())
                        .is_some_and(|item| item.contains(&code))
                });
                if !is_named {
                    assert!(!is_only_file, "{}: {} at {id}", mutant.name, finding.rule.code);
                    continue;
                }
                named += 1;
                let class = cell.attribute("class");
                assert!(
                    ["cp-error", "cp-warning", "cp-info"].iter().any(|mark| class.contains(mark)),
                    "{}: {class}",
                    mutant.name
                );
            }
            assert!(named > 0, "{}: {} at {id}", mutant.name, finding.rule.code);
            at_cells += named;
        }
    }
    assert!(at_cells > 100, "{at_cells} findings at cells");
}

#[test]
fn sound_units_have_no_marks() {
    for id in ["K1", "K2", "S1", "Y2"] {
        let page = page(&unit(id, Richness::Plain), &Options::default());
        let body = page.split_once("</style>").expect("a style").1;
        assert!(!body.contains("cp-mark") && !body.contains("cp-notes"), "{id}");
    }
}

#[test]
fn what_cannot_be_read_is_said_and_the_rest_is_shown() {
    let mut files = unit("K2", Richness::Plain);
    let plan = files.iter().position(|(name, _)| name.starts_with("UPPLAN")).expect("a plan");
    let first_end = files[plan].1.iter().position(|byte| *byte == b'\n').expect("a line") + 1;
    let mut broken = b"202407,479014,only three\r\n".to_vec();
    broken.extend_from_slice(&files[plan].1[first_end..]);
    broken.extend_from_slice(b"202407,\"never closed");
    files[plan].1 = broken;
    files.push(("readme.txt".to_owned(), b"hello".to_vec()));
    let report = Report::collect(&files, &Profile::default());
    let fragment =
        careplan_forms::fragment(&files, &report, &Profile::default(), &Options::default());
    let html = &fragment.html;
    assert!(html.contains("項目が3個です（正しくは25個）"));
    assert!(html.contains("only three") && html.contains("never closed"));
    assert!(html.contains("readme.txt"));
    let forms = fragment.contents.iter().filter(|entry| entry.title.starts_with("第６表"));
    assert_eq!(forms.count(), 6, "the other records are on their forms");
    // Record numbers are still those of the checker.
    assert!(cells(html).iter().any(|cell| cell.shows("upplan.service_date", "upplan", 2)));
    assert!(!cells(html).iter().any(|cell| cell.shows("upplan.service_date", "upplan", 1)));
}

/// Something said about a field of a record.
struct Said {
    file: u32,
    record: u32,
    field: &'static Field,
    severity: Severity,
    words: fn() -> String,
}

impl Said {
    /// About 作成年月日 of table 1.
    fn of(files: &Files, record: u32, severity: Severity, words: fn() -> String) -> Self {
        let file = files.iter().position(|(name, _)| name.starts_with("UP1KYO")).expect("table 1");
        let field = &up1kyo::FIELDS[usize::from(up1kyo::CREATED_DATE.index)];
        Self { file: file as u32, record, field, severity, words }
    }
}

impl Notable for Said {
    fn severity(&self) -> Severity {
        self.severity
    }

    fn label(&self) -> Text {
        self.severity.label()
    }

    fn code(&self) -> &'static str {
        "F000"
    }

    fn message(&self, _: Wording) -> String {
        (self.words)()
    }

    fn fix(&self, _: Lang) -> &'static str {
        ""
    }

    fn clause(&self) -> String {
        "—".to_owned()
    }

    fn file(&self) -> Option<u32> {
        Some(self.file)
    }

    fn unit(&self) -> Option<u32> {
        None
    }

    fn record(&self) -> u32 {
        self.record
    }

    fn field(&self) -> Option<&'static Field> {
        (self.record > 0).then_some(self.field)
    }
}

static TITLES: Titles = Titles {
    title: Text::new("様式", "forms"),
    below: Text::new("下", "below"),
    records: Text::new("記録", "records"),
    elsewhere: Text::new("ほか", "elsewhere"),
    one: Text::new("件", "note"),
};

#[test]
fn a_panic_while_one_form_is_drawn_names_it_and_costs_the_others_nothing() {
    let files = unit("K1", Richness::Plain);
    let (profile, options) = (Profile::default(), Options::default());
    let report = Report::collect(&files, &profile);
    let whole = careplan_forms::fragment(&files, &report, &profile, &options);
    let said = Said::of(&files, 2, Severity::Error, || panic!("as a fault of the program would"));
    let fragment = careplan_forms::fragment_in_words(
        &files,
        &report,
        &profile,
        &options,
        vec![&said],
        &TITLES,
    );
    assert!(fragment.internal_error && !whole.internal_error);
    assert_eq!(fragment.forms, whole.forms - 1);
    let named = format!("<li>{} 2件目、", files[said.file as usize].0);
    let line = fragment.html.lines().find(|line| line.starts_with(&named)).expect("its records");
    assert!(line.ends_with("：内部エラー</li>"), "{line}");
    let titles = |fragment: &careplan_forms::Fragment| -> Vec<(String, String)> {
        let entries = fragment.contents.iter();
        entries.map(|entry| (entry.title.clone(), entry.person.clone())).collect()
    };
    let mut others = titles(&whole);
    let lost = others.iter().enumerate().filter(|(_, form)| form.0.ends_with("計画書（１）"));
    let at = lost.map(|(at, _)| at).nth(1).expect("the second person has table 1");
    others.remove(at);
    assert_eq!(titles(&fragment), others);
    assert_references_lead_somewhere(&fragment.html);
}

#[test]
fn the_worst_that_is_said_gives_the_colour_and_the_same_is_said_once() {
    let files = unit("K1", Richness::Plain);
    let profile = Profile::default();
    let report = Report::collect(&files, &profile);
    let said = [
        Said::of(&files, 1, Severity::Warning, || "二か所で言うこと".to_owned()),
        Said::of(&files, 1, Severity::Info, || "一か所で言うこと".to_owned()),
        Said::of(&files, 2, Severity::Error, || "二か所で言うこと".to_owned()),
        Said::of(&files, 0, Severity::Info, || "全体に言うこと".to_owned()),
        Said::of(&files, 0, Severity::Info, || "全体に言うこと".to_owned()),
    ];
    let said = said.iter().map(|said| said as &dyn Notable).collect();
    let options = Options::default();
    let html =
        careplan_forms::fragment_in_words(&files, &report, &profile, &options, said, &TITLES).html;
    let class = |record| {
        let cells = cells(&html);
        let cell = cells.iter().find(|cell| cell.shows("up1kyo.created_date", "up1kyo", record));
        cell.expect("the day has a cell").attribute("class").to_owned()
    };
    assert_eq!((class(1), class(2)), ("cp-v cp-warning".to_owned(), "cp-v cp-error".to_owned()));
    assert_eq!(html.matches("全体に言うこと").count(), 1);

    // On one form, the worst is the severity of the note too.
    let mut plan = draft("K1");
    plan.repeat(FileKind::Up1kyo, 1);
    let files = plan.files();
    let report = Report::collect(&files, &profile);
    let at = files.iter().position(|(name, _)| name.starts_with("UP2KYO")).expect("table 2");
    let field = &up2kyo::FIELDS[usize::from(up2kyo::NEED_TEXT.index)];
    let in_table2 = |record, severity| Said {
        file: at as u32,
        record,
        field,
        severity,
        words: || "二か所で言うこと".to_owned(),
    };
    let said = [in_table2(1, Severity::Info), in_table2(2, Severity::Error)];
    let said = said.iter().map(|said| said as &dyn Notable).collect();
    let html =
        careplan_forms::fragment_in_words(&files, &report, &profile, &options, said, &TITLES).html;
    assert!(html.contains("-n1\" class=\"cp-error\"><b>✕1 エラー</b>"));
}

#[test]
fn what_is_said_of_a_record_by_a_field_it_lacks_stands_above_its_form() {
    let files = unit("K1", Richness::Plain);
    let profile = Profile::default();
    let report = Report::collect(&files, &profile);
    let mut said = Said::of(&files, 1, Severity::Error, || "欄のない指摘".to_owned());
    said.field = &up2kyo::FIELDS[usize::from(up2kyo::NEED_TEXT.index)];
    let html = careplan_forms::fragment_in_words(
        &files,
        &report,
        &profile,
        &Options::default(),
        vec![&said],
        &TITLES,
    )
    .html;
    let above = html.split_once("<h4>記録</h4>").expect("something above a form").1;
    assert!(above.split("</div>").next().is_some_and(|above| above.contains("欄のない指摘")));
    assert!(!html.contains("cp-general"));
}

#[test]
fn the_seventh_place_of_a_note_is_counted_only() {
    let of_places = |places| {
        let mut plan = draft("K2");
        for record in 1..=places {
            plan.set(upplan::CREATED_DATE, record, "2026-05-20");
        }
        page(&plan.files(), &Options::default())
    };
    assert!(!of_places(6).contains("ほか") && of_places(7).contains("、ほか1件"));
}

#[test]
fn a_form_shows_the_supplement_of_its_plan_and_no_ninth_copy() {
    let forms = |copies: usize| {
        let mut plan = draft("K1");
        for _ in 1..copies {
            plan.repeat(FileKind::Uphosoku, 1);
        }
        let files = plan.files();
        let report = Report::collect(&files, &Profile::default());
        careplan_forms::fragment(&files, &report, &Profile::default(), &Options::default()).forms
    };
    assert_eq!((forms(1), forms(8), forms(9)), (3, 3, 4), "the ninth stands by itself");

    let mut plan = draft("K1");
    plan.repeat(FileKind::Uphosoku, 1).set(uphosoku::PLAN_DATE, 2, "20250401").set(
        uphosoku::USER_NAME,
        2,
        "別の計画の氏名",
    );
    let page = page(&plan.files(), &Options::default());
    let sections: Vec<&str> = page.split("<section class=\"cp-form").skip(1).collect();
    let with_it: Vec<usize> =
        (0..sections.len()).filter(|at| sections[*at].contains("別の計画の氏名")).collect();
    assert_eq!((sections.len(), with_it), (4, vec![3]));
}

#[test]
fn actual_use_stands_beside_the_latest_plan() {
    let mut later = draft("K2");
    later.set_all(upplan::SERVICE_OFFICE_NAME, "送り直した計画の事業所");
    let later: Files = later
        .files()
        .into_iter()
        .map(|(name, bytes)| (name.replace("_20260523", "_20260623"), bytes))
        .collect();
    let (earlier, actual) = (draft("K2").files(), draft("S1").files());
    for order in [[&earlier, &later, &actual], [&later, &earlier, &actual]] {
        let files: Files = order.into_iter().flatten().cloned().collect();
        let page = page(&files, &Options::default());
        let section = page
            .split("<section class=\"cp-form")
            .find(|section| section.contains("upjsk.service_date"))
            .expect("the form of the actual use");
        assert!(section.contains("送り直した計画の事業所"));
    }
}

#[test]
fn offices_have_lines_of_their_own_and_equal_values_are_all_said() {
    let lines = |second_office: &str| {
        let mut month = draft("K2");
        let office = month.get(upplan::SERVICE_OFFICE_NAME, 1).to_owned() + second_office;
        month.repeat(FileKind::Upplan, 1).set(upplan::SERVICE_OFFICE_NAME, 2, &office);
        page(&month.files(), &Options::default())
            .matches("<td rowspan=\"2\" class=\"cp-v cp-when\"")
            .count()
    };
    assert_eq!(lines("第二"), lines("") + 1);

    let mut plan = draft("K1");
    plan.set(up1kyo::PLANNER_OFFICE_NAME, 1, "見本町").set(
        up1kyo::PLANNER_OFFICE_ADDRESS1,
        1,
        "見本町",
    );
    let html = page(&plan.files(), &Options::default());
    let cells = cells(&html);
    let cell = cells.iter().find(|cell| cell.shows("up1kyo.planner_office_name", "up1kyo", 1));
    assert_eq!(cell.expect("a cell").text().matches("見本町").count(), 2);
}

#[test]
fn days_of_another_month_have_a_column_of_their_own() {
    let mut month = draft("K2");
    assert!(!page(&draft("K2").files(), &Options::default()).contains("対象年月にない日"));
    month.set(upplan::SERVICE_DATE, 1, "20260701");
    let page = page(&month.files(), &Options::default());
    assert!(page.contains("対象年月にない日"));
    let cells = cells(&page);
    let cell = cells.iter().find(|cell| cell.shows("upplan.service_date", "upplan", 1));
    assert!(cell.expect("a cell").text().contains("令和8年7月1日（2026/07/01）：1"));
}

#[test]
fn only_a_jpeg_of_at_most_4_mib_is_put_into_the_page() {
    let files = unit("Y1", Richness::Rich);
    let images = |page: &str| page.matches("src=\"data:image/jpeg").count();
    let all = images(&page(&files, &Options::default()));
    let at = files.iter().position(|(name, _)| name.ends_with(".jpg")).expect("an image");
    let of = |bytes: Vec<u8>| {
        let mut files = files.clone();
        files[at].1 = bytes;
        let page = page(&files, &Options::default());
        (images(&page), page.contains("4MiBより大きい画像"))
    };
    let jpeg = |length: usize| [b"\xFF\xD8\xFF".to_vec(), vec![0; length - 3]].concat();
    assert_eq!(of(jpeg(4 << 20)), (all, false));
    assert_eq!(of(jpeg((4 << 20) + 1)), (all - 1, true));
    assert_eq!(of(b"GIF89a".to_vec()), (all - 1, true));
}

#[test]
fn a_file_that_a_panic_kept_from_being_judged_is_named() {
    let files = unit("K1", Richness::Plain);
    let mut report = Report::collect(&files, &Profile::default());
    report.summary.files[1].status = FileStatus::InternalError;
    let fragment =
        careplan_forms::fragment(&files, &report, &Profile::default(), &Options::default());
    assert!(fragment.internal_error);
    assert!(fragment.html.contains(&format!("<li>{}：内部エラー</li>", files[1].0)));
    assert_eq!(fragment.forms, 18, "tables 1 to 3 of six people");
}

#[test]
fn repeated_texts_are_merged_and_other_texts_are_not() {
    let mut plan = draft("K1");
    plan.only(FileKind::Up2kyo);
    let goal = plan.get(up2kyo::LONG_TERM_GOAL, 1).to_owned();
    plan.drop_record(FileKind::Up2kyo, 3)
        .set(up2kyo::NEED_TEXT, 2, "")
        .set(up2kyo::LONG_TERM_GOAL, 2, &goal)
        .set(up2kyo::SHORT_TERM_GOAL, 2, "別の短期目標");
    let page = page(&plan.files(), &Options::default());
    let cells = cells(&page);
    let of = |field: &str, record| -> Vec<&Cell<'_>> {
        cells.iter().filter(|cell| cell.shows(field, "up2kyo", record)).collect()
    };
    let need = of("up2kyo.need_text", 1);
    assert_eq!(need.len(), 1);
    assert_eq!(need[0].attribute("rowspan"), "2", "an empty repetition joins");
    assert_eq!(need[0].at, of("up2kyo.need_text", 2)[0].at);
    assert_eq!(of("up2kyo.long_term_goal", 1)[0].attribute("rowspan"), "2", "an equal one too");
    let goals = [of("up2kyo.short_term_goal", 1), of("up2kyo.short_term_goal", 2)];
    assert_ne!(goals[0][0].at, goals[1][0].at, "another text has a cell of its own");
    assert!(goals[1][0].text().contains("別の短期目標"));
}

#[test]
fn records_without_a_number_stay_apart_and_unreadable_numbers_come_last() {
    let mut plan = draft("K1");
    plan.only(FileKind::Up2kyo);
    let need = plan.get(up2kyo::NEED_TEXT, 1).to_owned();
    plan.set(up2kyo::NEED_NO, 1, "")
        .set(up2kyo::NEED_NO, 2, "")
        .set(up2kyo::NEED_TEXT, 2, &need)
        .set(up2kyo::NEED_NO, 3, "1");
    let page = page(&plan.files(), &Options::default());
    let cells = cells(&page);
    let need = |record| {
        cells
            .iter()
            .find(|cell| cell.shows("up2kyo.need_text", "up2kyo", record))
            .map(|cell| cell.at)
            .expect("a cell")
    };
    assert!(need(3) < need(1) && need(1) < need(2), "{} {} {}", need(1), need(2), need(3));
}

#[test]
fn masking_leaves_no_personal_value() {
    for id in ["K1", "K2", "S1", "Y2", "V3-1"] {
        let files = unit(id, Richness::Rich);
        let options = Options { mask: true, ..Options::default() };
        let page = text(page(&files, &options).split_once("</style>").expect("a style").1);
        for (name, bytes) in &files {
            let Some(layout) = layout(name) else { continue };
            for record in records(bytes) {
                for (field, value) in layout.fields.iter().zip(&record) {
                    // Short words of free text occur elsewhere as labels.
                    let is_telling = value.chars().count() > 5 && !value.starts_with("R8.");
                    if !field.is_personal() || !is_telling {
                        continue;
                    }
                    let is_label = careplan_spec::layout::all()
                        .flat_map(|layout| layout.fields)
                        .any(|field| field.name.contains(value.as_str()))
                        || careplan_spec::service_kind::SERVICE_KINDS
                            .iter()
                            .any(|kind| kind.name.contains(value.as_str()));
                    assert!(
                        is_label || !page.contains(value.as_str()),
                        "{id} {} {value}",
                        field.name
                    );
                    let bytes = ms932::encode(value).expect("it was MS932");
                    assert!(page.contains(&shape(&bytes, Lang::Ja)), "{id} {}", field.name);
                }
            }
        }
        assert!(!page.contains("data:image"));
    }
}

#[test]
fn the_same_definitions_show_version_3() {
    let files = unit("V3-2", Richness::Plain);
    assert_eq!(layout(&files[0].0).map(|layout| layout.version), Some(StandardVersion::V3));
    let page = page(&files, &Options::default());
    assert!(page.contains("第６表") && page.contains("第７表"));
    let cells = cells(&page);
    assert!(cells.iter().any(|cell| cell.shows("upplan.service_office_number", "upplan", 1)));
    assert!(!cells.iter().any(|cell| cell.attribute("data-field").contains("upplan.tais_code")));
}

#[test]
fn notes_follow_the_language_and_the_forms_stay_japanese() {
    let mut plan = draft("K1");
    plan.set(up1kyo::CREATED_DATE, 1, "2026-05-20");
    let page = page(&plan.files(), &Options { lang: Lang::En, ..Options::default() });
    assert!(page.contains("<html lang=\"en\">") && page.contains("Unofficial rendering"));
    assert!(page.contains("居宅サービス計画書（１）") && page.contains("home care plan, table 1"));
    assert!(page.contains("findings of the check"));
}

#[test]
fn several_pieces_share_a_page_by_their_prefix() {
    let mut actuals = draft("S1");
    actuals.set(upjsk::UNITS, 1, "x");
    let files = actuals.files();
    let report = Report::collect(&files, &Profile::default());
    let piece = |prefix| {
        let options = Options { prefix, ..Options::default() };
        careplan_forms::fragment(&files, &report, &Profile::default(), &options).html
    };
    assert_references_lead_somewhere(&format!("{}{}", piece("left"), piece("right")));
}

#[test]
fn every_unit_makes_known_markup() {
    for kind in all_units() {
        let page = page(&unit(kind.id, Richness::Plain), &Options::default());
        assert_only_known_markup(&page);
        assert_references_lead_somewhere(&page);
        assert!(page.contains("class=\"cp-form"), "{}", kind.id);
    }
}

/// A regular name of a file of a kind.
fn name_of(kind: FileKind) -> String {
    static NAMES: LazyLock<BTreeMap<FileKind, String>> = LazyLock::new(|| {
        let units = all_units().filter(|unit| unit.version == StandardVersion::V4_1);
        let requests = units.filter_map(|unit| Request::new(unit.id, mutant::MONTH).ok());
        let names = requests.flat_map(|request| generate::names(&request));
        names.map(|name| (name.kind, name.compose())).collect()
    });
    NAMES[&kind].clone()
}

/// Bytes that look like an export now and then.
fn soup() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"202407".to_vec()),
        Just(b",".to_vec()),
        Just(b"\"".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"<script>\"'&".to_vec()),
        Just(b",,,,,,,,,,,,".to_vec()),
        Just(b"\x88\xA0".to_vec()),
        Just(b"\xF0\x40".to_vec()),
        Just("利用者\u{202E}".as_bytes().to_vec()),
        Just(b"\xEF\xBB\xBF".to_vec()),
        Just(b"\x1A".to_vec()),
        Just(b"0982852391".to_vec()),
        Just(b"2026-06-31".to_vec()),
        Just(b"1".to_vec()),
        proptest::collection::vec(any::<u8>(), 0..12),
    ];
    proptest::collection::vec(piece, 0..80).prop_map(|pieces| pieces.concat())
}

/// A record of a kind with values of all sorts, so that cells get to see them.
fn odd_file() -> impl Strategy<Value = (String, Vec<u8>)> {
    let value = prop_oneof![
        4 => Just(String::new()),
        2 => Just("1".to_owned()),
        1 => Just("99".to_owned()),
        1 => Just("0900".to_owned()),
        1 => Just("2400".to_owned()),
        1 => Just("20260601".to_owned()),
        1 => Just("00010101".to_owned()),
        1 => Just("202606".to_owned()),
        1 => Just("0101010101010101010101010101010".to_owned()),
        1 => Just("-99999999999999999999".to_owned()),
        1 => Just("4294967295".to_owned()),
        1 => "[^\"]{0,6}",
    ];
    let kinds: Vec<FileKind> = FileKind::ALL.into_iter().filter(|kind| kind.is_csv()).collect();
    (
        proptest::sample::select(kinds),
        proptest::collection::vec(proptest::collection::vec(value, 71), 1..6),
        any::<bool>(),
    )
        .prop_map(|(kind, rows, is_v3)| {
            let version = if is_v3 { StandardVersion::V3 } else { StandardVersion::V4_1 };
            let layout = kind
                .layout(version)
                .or_else(|| kind.layout(StandardVersion::V4_1))
                .expect("every kind but the image has a layout");
            let mut bytes = String::new();
            for row in rows {
                let mut values = row[..layout.columns()].to_vec();
                values[0] = layout.version.csv_version().to_owned();
                let quoted: Vec<String> =
                    values.iter().map(|value| format!("\"{value}\"")).collect();
                bytes.push_str(&quoted.join(","));
                bytes.push_str("\r\n");
            }
            (name_of(kind), bytes.into_bytes())
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_make_a_page_of_known_markup(
        soups in proptest::collection::vec(("[A-Z0-9_.<>\"]{0,30}", soup()), 0..3),
        prefix in 0..18_usize,
        body in soup(),
        odd in proptest::collection::vec(odd_file(), 0..3),
        mask in any::<bool>(),
    ) {
        let mut files: Files = soups;
        let kind = FileKind::ALL[prefix];
        files.push((name_of(kind), body));
        files.extend(odd);
        let options = Options { mask, ..Options::default() };
        let report = Report::collect(&files, &Profile::default());
        let fragment = careplan_forms::fragment(&files, &report, &Profile::default(), &options);
        prop_assert!(!fragment.internal_error);
        let page = careplan_forms::page(&fragment, &options);
        assert_only_known_markup(&page);
        assert_references_lead_somewhere(&page);
    }
}

/// The number of records and strays is that of the checker, whatever is broken and wherever the
/// blocks end that both read.
#[test]
fn records_are_counted_as_the_checker_counts_them() {
    let (name, unit) = unit("S1", Richness::Plain).remove(0);
    let mut large = Vec::new();
    while large.len() < 300_000 {
        large.extend_from_slice(&unit);
    }
    for at in [100, 262_000, 262_144] {
        let mut broken = large.clone();
        let quote = broken[at..].iter().position(|byte| *byte == b'"').expect("free text") + at;
        broken.remove(quote);
        let files = vec![(name.clone(), broken)];
        let profile = Profile::default().with_scope(careplan_judge::profile::Scope::File);
        let report = Report::collect(&files, &profile);
        let fragment = careplan_forms::fragment(&files, &report, &profile, &Options::default());
        let cells = cells(&fragment.html);
        let total = report.summary.files[0].records as u32;
        let date = "upjsk.service_date";
        assert!(cells.iter().any(|cell| cell.shows(date, "upjsk", total)), "{at}: the last record");
        assert!(!cells.iter().any(|cell| cell.shows(date, "upjsk", total + 1)), "{at}");
    }
}
