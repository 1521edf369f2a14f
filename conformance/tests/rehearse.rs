//! The rehearsal, proven on a perfect product: an exporter and an importer made from the fixtures
//! alone pass everything, and what a person must judge passes after a decision.

mod rehearse {
    mod command;
    mod perfect;
    pub(crate) mod product;
}
