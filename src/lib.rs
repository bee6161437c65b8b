pub mod fold;
pub mod skills;
