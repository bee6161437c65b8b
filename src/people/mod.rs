//! Who people are: for now the places they live in and the languages they speak.

pub mod places;
pub mod tongues;
