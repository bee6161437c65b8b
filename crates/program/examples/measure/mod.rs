//! What the benchmarks share: what a process costs, as the kernel says, and somebody who is signed in.

use chiron::app::Tx;
use chiron::error::Result;
use chiron::logins::verbs::{Device, begin};
use chiron::viewer::PersonId;
use rustix::time::{ClockId, clock_gettime};

/// Memory that a process holds, in MiB.
pub fn resident(process: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:")).unwrap_or("0");
    line.split_whitespace().next().and_then(|n| n.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

/// CPU that a process has spent so far, in microseconds. Of this process with what its threads spent that have ended
/// since; of another, only of the threads that live, as the scheduler counts it.
pub fn cpu_us(process: u32) -> f64 {
    if process == std::process::id() {
        let spent = clock_gettime(ClockId::ProcessCPUTime);
        return spent.tv_sec as f64 * 1e6 + spent.tv_nsec as f64 / 1e3;
    }
    let threads = std::fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let spent = threads.filter_map(|thread| std::fs::read_to_string(thread.path().join("schedstat")).ok());
    spent.filter_map(|line| line.split(' ').next()?.parse::<f64>().ok()).sum::<f64>() / 1e3
}

/// Signs somebody in; the token of the cookie.
pub fn signed_in(tx: &mut Tx, person: PersonId) -> Result<String> {
    begin(tx, person, &Device { name: "a benchmark".into(), network: "127.0.0.1".into(), before: None })
}
