//! `cargo xtask screenshots`: the pages of the village, to be looked at.

use crate::{
    Done, machine,
    shell::{self, cargo, program},
};

pub fn run(args: &[&str]) -> Done<bool> {
    machine::browser()?;
    shell::must(cargo().args(["build", "--bin", "chiron"]))?;
    let mut command = program("node");
    command.arg("tests/browser/pictures.mjs").args(args).env("CHIRON_BIN", shell::programs().join("chiron"));
    if let Some(chromium) = machine::chromium() {
        command.env("CHIRON_CHROMIUM", chromium);
    }
    shell::must(&mut command).map(|()| true)
}
