//! Accounts: passwords, codes, sessions, throttling, and what may be done with them.

pub mod accounts;
pub mod code;
pub mod denials;
pub mod directory;
pub mod limiter;
pub mod lookup;
pub mod master;
pub mod password;
pub mod rescue;
pub mod secret;
pub mod sign_in;
pub mod tablets;

mod common_passwords;
