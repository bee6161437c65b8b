//! The program: see `chiron help`.

fn main() -> std::process::ExitCode {
    chiron::cli::main()
}
