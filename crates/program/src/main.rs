//! The program: see `chiron help`.

#[global_allocator]
static ALLOCATOR: chiron_memory::Allocator = chiron_memory::Allocator;

fn main() -> std::process::ExitCode {
    chiron::cli::main()
}
