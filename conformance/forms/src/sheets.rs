//! The seven official forms.
//!
//! Layout after 「介護サービス計画書の様式及び課題分析標準項目の提示について」(老企第29号) and the
//! prevention forms; where the data have no such item the cell is left out. Basis of the placing:
//! Inferred (the standard names the form of each table, not the cell of each item).

mod month;
mod plan;
mod prevention;

use careplan_spec::Text;
use careplan_spec::send_unit::Link;

use super::sheet::Sheet;

/// Every form, in the order in which they are shown for a person.
pub(super) static SHEETS: [&Sheet; 7] = [
    &plan::TABLE1,
    &plan::TABLE2,
    &plan::TABLE3,
    &month::TABLE6,
    &month::TABLE7,
    &prevention::SUPPORT_PLAN,
    &prevention::BASIC_INFORMATION,
];

/// What is shown of records that belong to no form: deletions, and a supplement alone.
pub(super) static NO_FORM: Sheet = Sheet {
    number: "",
    title: Text::new("", ""),
    landscape: false,
    kinds: &[],
    one_each: false,
    reads: &[],
    link: Link::PlanDate,
    blocks: &[],
};

#[cfg(test)]
mod tests {
    use super::super::sheet::Block;
    use super::*;

    #[test]
    fn the_cells_of_every_row_fill_its_grid() {
        for sheet in SHEETS {
            for block in sheet.blocks {
                let Block::Grid(grid) = block else { continue };
                let mut open: Option<(u8, u8)> = None;
                for (at, row) in grid.rows.iter().enumerate() {
                    if let Some((_, span, rows)) = row.group {
                        assert!(open.is_none_or(|(_, left)| left == 0), "{} {at}", sheet.title.ja);
                        open = Some((span, rows));
                    }
                    let group = match &mut open {
                        Some((span, left)) if *left > 0 => {
                            *left -= 1;
                            *span
                        }
                        _ => 0,
                    };
                    let cells: u8 = row.cells.iter().map(|c| c.label_span + c.span).sum();
                    assert_eq!(cells + group, grid.columns, "{} row {at}", sheet.title.ja);
                }
                assert!(open.is_none_or(|(_, left)| left == 0), "{}", sheet.title.ja);
            }
        }
    }

    #[test]
    fn lists_and_matrices_are_rectangular_and_fill_the_width() {
        for sheet in SHEETS {
            for block in sheet.blocks {
                match block {
                    Block::List(list) => {
                        let width: u16 = list.columns.iter().map(|column| column.width).sum();
                        assert_eq!(width, 1000, "{} {}", sheet.title.ja, list.caption);
                        assert!(
                            list.columns.iter().all(|c| usize::from(c.level) <= list.levels.len()),
                            "{}",
                            sheet.title.ja
                        );
                    }
                    Block::Matrix(matrix) => {
                        for row in matrix.rows {
                            assert_eq!(row.cells.len(), matrix.heads.len(), "{}", row.label);
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    #[test]
    fn a_form_shows_only_kinds_it_names_and_each_field_in_one_cell() {
        for sheet in SHEETS {
            let mut fields: Vec<_> = sheet.blocks.iter().flat_map(Block::fields).collect();
            for id in &fields {
                assert!(
                    sheet.kinds.contains(&id.kind) || sheet.reads.contains(&id.kind),
                    "{} {id:?}",
                    sheet.title.ja
                );
            }
            let all = fields.len();
            fields.sort_unstable();
            fields.dedup();
            // A service code also gives the name of the service.
            assert!(all - fields.len() <= 1, "{}", sheet.title.ja);
        }
    }
}
