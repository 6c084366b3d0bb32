//! Sync between a tablet and the server: messages, codec, gate, chain, and both state machines.
//!
//! One WebSocket, binary frames. The server keeps a commit-ordered log per store; a tablet keeps a
//! cursor per feed and gets what follows it. An acknowledgement means that the change is durable
//! at the server. Neither machine does I/O: bytes come in, decisions go out.

pub mod chain;
pub mod codec;
pub mod connection;
pub mod fingerprint;
pub mod gate;
pub mod heads;
pub mod message;
pub mod offer;
pub mod receipt;
pub mod scanner;
pub mod server;
