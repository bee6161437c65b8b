//! Made-up people: a hand-written village for stories, screenshots and a first look, and a population drawn by lot for
//! measuring. Only `write` touches a database.

<<<<<<< HEAD
mod action_items;
=======
pub mod agreements;
>>>>>>> 01b55c0 (Let the agreed rhythm ask for the next time; tell it in the village)
pub mod history;
mod messages;
pub mod person;
pub mod population;
mod sessions;
pub mod village;
pub mod write;

pub use person::SeedPerson;
pub use population::Population;
pub use village::Village;
