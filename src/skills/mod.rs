//! What people can do and want to learn.
//!
//! A skill has one id for ever, one name on screen and the many words people really type for it. The graph says which
//! skills lie inside others ("React" inside "Front-end development") and which lie beside each other, so that somebody
//! who asks for help with the one is not sent away because the mentor wrote the other.

pub mod graph;

pub use graph::{Field, Found, Graph, Merge, OwnSkill, Skill, Slot};
