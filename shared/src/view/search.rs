//! Search over rows.
