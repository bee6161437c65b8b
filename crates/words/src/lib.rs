//! The words that mentoring is talked about in, shared by the program and by the matching command.
//!
//! - [`decode`]: the text of a file, whatever program wrote it.
//! - [`table`]: the rows of a spreadsheet saved as text.
//! - [`heads`]: which column means what, by the names people give their columns.
//! - [`sheets`]: workbooks, and what single cells say.
//! - [`fold`]: what people would call the same word becomes the same string.
//! - [`graph`]: skills, the many words people type for them, and how near two of them are.
//! - [`tongues`]: the languages people talk in, by code, name and own name.
//! - [`places`]: countries, and the zone most of their people live in.
//!
//! Everything is pure and in memory: tables that are read once, on first use, and never changed.

pub mod decode;
pub mod fold;
pub mod graph;
pub mod heads;
pub mod places;
pub mod sheets;
pub mod table;
pub mod tongues;
