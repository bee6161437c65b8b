//! Made-up people: a hand-written village for stories, screenshots and a first look, and a population drawn by lot for
//! measuring. Only `write` touches a database.

mod action_items;
mod agreements;
mod attainment;
mod celebrations;
mod circles;
mod experiences;
mod experiments;
mod feedback;
pub mod history;
mod messages;
pub mod person;
mod plans;
pub mod population;
mod records;
mod reflections;
mod reviews;
mod sessions;
mod tallies;
pub mod village;
mod worksheets;
pub mod write;

pub use person::SeedPerson;
pub use population::Population;
pub use village::Village;
