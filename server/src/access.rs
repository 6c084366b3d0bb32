//! Accounts: passwords, codes, sessions, throttling, and what may be done with them.

pub mod accounts;
pub mod code;
pub mod directory;
pub mod limiter;
pub mod password;
pub mod secret;
