pub mod assets;
pub mod fold;
pub mod page;
pub mod people;
pub mod skills;
