//! Keys: what is encrypted with which, and who may open it.

pub mod master;
