//! The program of the page: what a person sees and touches.

fn main() {}
