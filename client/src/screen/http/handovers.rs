//! Handing customers over.
