//! Keeping the state: a few atomic verbs for each aggregate.

/// What can go wrong in a store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The engine said so.
    #[error("{0}")]
    Engine(String),
    /// A row does not hold what it should.
    #[error("{table}.{column} cannot be read: {found}")]
    Corrupt {
        /// Table.
        table: &'static str,
        /// Column.
        column: &'static str,
        /// What stood there.
        found: String,
    },
}
