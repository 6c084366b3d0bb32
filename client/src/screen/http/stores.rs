//! The stores of the chain.
