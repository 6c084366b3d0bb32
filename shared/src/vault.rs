//! The vault: everything at rest on a tablet is sealed, and several people share a tablet.
//!
//! Pure code: keys, sealing, keyrings, PINs, tries and the lease. Nothing here reads a clock or
//! draws randomness; what a tablet does with it stands in [`device`](crate::device).
//!
//! *Invariant:* a key, a PIN or a passphrase never shows itself in `Debug`.

pub mod issued;
pub mod key;
pub mod master;
