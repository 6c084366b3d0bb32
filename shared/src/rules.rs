//! What a command must fulfil before it becomes a change.
