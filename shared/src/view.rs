//! Projections: the rows and cards that screens show, computed from documents by pure functions.

pub mod card;
pub mod history;
pub mod listing;
pub mod lookup;
pub mod row;
pub mod row_text;
pub mod search;
pub mod spelling;
