//! How Chiron looks: components as plain functions over plain values, and the page around them.
//!
//! Nothing here knows the product, the database or how a form is parsed. A slice's `pages.rs`
//! hands in names, sentences and addresses, and gets markup back. All of it is to be seen at
//! `/dev/components`. The stylesheet is `assets/chiron.css`.
//!
//! Two rules that a test keeps: no inline style and no inline script (the content security
//! policy forbids both, so a width is an SVG attribute or a class), and every page works with
//! JavaScript off (so whatever opens in place also has an address).

mod blocks;
mod charts;
mod controls;
mod fields;
mod icons;
pub mod letter;
mod people;
mod shell;
mod times;

pub use blocks::*;
pub use charts::*;
pub use controls::*;
pub use fields::*;
pub use icons::Icon;
pub use people::*;
pub use shell::*;
pub use times::*;

pub use maud::{Markup, PreEscaped, Render, html};
