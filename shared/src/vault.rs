//! The vault: everything at rest on a tablet is sealed, and several people share a tablet.
//!
//! Pure code: keys, sealing, keyrings, PINs, tries and the lease. Nothing here reads a clock or
//! draws randomness; what a tablet does with it stands in [`device`](crate::device), what the
//! server derives and opens in [`master`] and [`delivery`].
//!
//! *Invariant:* a key, a PIN or a passphrase never shows itself in `Debug`, and keys are wiped
//! when they are dropped.

pub mod delivery;
pub mod issued;
pub mod key;
pub mod keyring;
pub mod lease;
pub mod master;
pub mod pin;
pub mod rescue;
pub mod seal;
pub mod tries;
