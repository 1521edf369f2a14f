//! Which file of a unit is the parent of which. Clauses: S 2.3, S 3.3.

use crate::rules::prelude::*;

const FAMILY: [(FileKind, FileKind); 8] = [
    (FileKind::Up2kyo, FileKind::Up1kyo),
    (FileKind::Up3kyo, FileKind::Up1kyo),
    (FileKind::Uphosoku, FileKind::Up1kyo),
    (FileKind::Upsikyu, FileKind::Upplan),
    (FileKind::Uphosoku, FileKind::Upplan),
    (FileKind::UpkihonSub1, FileKind::Upkihon),
    (FileKind::UpkihonSub2, FileKind::Upkihon),
    (FileKind::UpyoboSub, FileKind::Upyobo),
];

/// The children of a unit, each with its parent, where both are there.
pub(crate) fn pairs<'a>(unit: &'a UnitView<'a>) -> Vec<(UnitFile<'a>, UnitFile<'a>)> {
    FAMILY
        .iter()
        .filter_map(|(child, parent)| Some((unit.file(*child)?, unit.file(*parent)?)))
        .collect()
}
