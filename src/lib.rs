pub mod fold;
pub mod people;
pub mod skills;
