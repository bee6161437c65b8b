#![doc = include_str!("../README.md")]

mod audit;
mod columns;
pub mod command;
mod folder;
mod frontier;
mod hours;
mod problem;
mod reasons;
mod report;
mod roster;
mod round;
mod rules;
mod score;
mod sheets;

pub use audit::{Elsewhere, verify};
pub use problem::{Problem, told};
pub use round::{Failed, File, Files, Outcome, Round, Watch};
pub use rules::Rules;
pub use score::{Part, Scoring};
