#![doc = include_str!("../README.md")]

mod facts;
pub mod hours;
pub mod index;
pub mod list;
pub mod meaning;
pub mod person;
pub mod ranking;
pub mod rules;
pub mod score;
pub mod terms;
pub mod wording;
mod wordpiece;
