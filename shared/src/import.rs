//! Customers from a spreadsheet: decoding, columns, rows, problems, and the plan of what to write.
//!
//! Bytes become text ([`decode`]), text becomes rows of cells ([`records`]), the header gives the
//! columns their meaning ([`columns`]), rows become customers ([`parse`]), and customers and what
//! the store already holds ([`existing`]) become commands ([`plan`]). Nothing here writes anything.
//!
//! Two rules hold everywhere: nothing in the file is dropped silently (what can't be interpreted
//! becomes a fact of the card and a problem of the report), and nothing that staff typed is
//! overwritten.

pub mod columns;
pub mod damage;
pub mod decode;
pub mod existing;
pub mod identity;
pub mod parse;
pub mod plan;
pub mod problem;
pub mod records;
#[cfg(test)]
mod sample;

use serde::{Deserialize, Serialize};

/// Something that an import needs and that does not exist yet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Creation {
    /// A store, by its code.
    Store {
        /// Code of the store.
        code: String,
    },
    /// A consultant, by name, in a store; created without a password.
    Consultant {
        /// Name of the consultant.
        name: String,
        /// Code of the store.
        store: String,
    },
}

/// What an import would do, or did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReport {
    /// Rows with content in the file.
    pub rows: u32,
    /// Cards that would be, or were, created.
    pub created: u32,
    /// Cards that would get, or got, values that they lacked.
    pub completed: u32,
    /// Rows that change nothing.
    pub unchanged: u32,
    /// Rows that can't be imported.
    pub rejected: u32,
    /// Rows that wait for a store or consultant in `missing`.
    #[serde(default)]
    pub waiting: u32,
    /// What is missing and offered for creation; rows that need it wait.
    pub missing: Vec<Creation>,
    /// What is wrong, by row.
    pub problems: Vec<Problem>,
    /// Columns without a field of their own, kept as facts.
    pub fact_columns: Vec<String>,
    /// Encoding that the file was read in.
    pub encoding: String,
    /// Whether it was written.
    pub applied: bool,
}

/// Something wrong in a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Line of the row in the file, 1 is the header.
    pub line: u32,
    /// The column, if one is to blame.
    pub column: Option<String>,
    /// Stable code ([`problem::ProblemCode`]); the screen's key is `import-` and the code.
    pub code: String,
    /// The value as it stands in the file, shortened.
    pub value: String,
    /// Whether the row can't be imported because of it.
    pub is_fatal: bool,
}
