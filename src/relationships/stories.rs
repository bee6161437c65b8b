//! Stories about people who work together.
