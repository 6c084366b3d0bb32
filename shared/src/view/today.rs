//! What is due today, from rows.
