//! Chiron, the mentoring and coaching platform that people run themselves.
//!
//! Folders are product, files are plumbing: see ARCHITECTURE.md.

pub mod app;
pub mod assets;
pub mod cli;
pub mod components;
pub mod config;
pub mod error;
pub use chiron_words::fold;
pub mod fetch;
pub mod form;
pub mod live;
pub mod log;
pub mod markdown;
pub mod operate;
pub mod page;
pub mod pairing;
pub mod reviews;
pub mod seal;
pub mod seed;
pub mod server;
pub mod slices;
pub mod sweeps;
pub mod viewer;
pub mod web;
pub mod worksheets;

pub mod action_items;
pub mod agreements;
pub mod asks;
pub mod attainment;
pub mod celebrations;
pub mod circles;
pub mod concerns;
pub mod decisions;
pub mod directory;
pub mod experiences;
pub mod experiments;
pub mod feedback;
pub mod goals;
pub mod instance;
pub mod library;
pub mod logins;
pub mod mail;
pub mod messages;
pub mod notebook;
pub mod notices;
pub mod people;
pub mod plans;
pub mod pulses;
pub mod questions;
pub mod records;
pub mod reflections;
pub mod relationships;
pub mod sessions;
pub mod skills;
pub mod tallies;
pub mod today;

#[cfg(test)]
pub mod story;
