//! Phone numbers as typed and as searched.
