//! Nothing but tests: `tests/oracle.rs` compares the matching engine with a general linear programming solver, `tests/anything.rs` gives
//! it arbitrary input.
//!
//! They stand apart so that whoever builds an example or a benchmark of `chiron-matching` need not compile the solver it is compared with.
