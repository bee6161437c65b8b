//! How many tests passed and failed, read from what the runners print.

use std::ops::AddAssign;

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    pub passed: u64,
    pub failed: u64,
    pub skipped: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl Counts {
    pub fn of(lines: &[String]) -> Self {
        let mut sum = Self::default();
        for line in lines {
            sum += Self::closing(line).unwrap_or_default();
        }
        sum
    }

    /// A closing line of cargo test, cargo-nextest or the browser stories.
    fn closing(line: &str) -> Option<Self> {
        // What a failed test has printed stands indented in the output of nextest, and was counted by it already.
        let rest = if let Some(rest) = line.strip_prefix("test result:") {
            rest
        } else if line.trim_start().starts_with("Summary [") {
            line.split_once(" run:")?.1
        } else {
            line.strip_prefix("browser stories:")?
        };
        let mut counts = Self::default();
        for part in rest.split([',', ';', '.', '(', ')']) {
            let words: Vec<&str> = part.split_whitespace().collect();
            // "ok. 3 passed" begins a line of cargo test; nextest says "1 timed out" and "2 exec failed".
            let Some(at) = words.iter().position(|w| w.parse::<u64>().is_ok()) else { continue };
            let many = words[at].parse().unwrap_or(0);
            match words[at + 1..].join(" ").as_str() {
                "passed" => counts.passed += many,
                "failed" | "timed out" | "exec failed" => counts.failed += many,
                "ignored" | "skipped" => counts.skipped += many,
                _ => {}
            }
        }
        Some(counts)
    }
}

#[cfg(test)]
mod tests {
    use super::Counts;

    #[test]
    fn every_runner_is_understood() {
        let table = [
            ("test result: ok. 12 passed; 0 failed; 3 ignored; 0 measured; 0 filtered out; finished in 1.02s", (12, 0, 3)),
            ("test result: FAILED. 4 passed; 2 failed; 0 ignored; 0 measured; 7 filtered out; finished in 0.00s", (4, 2, 0)),
            ("     Summary [   0.051s] 10 tests run: 10 passed, 2 skipped", (10, 0, 2)),
            (
                "     Summary [  61.003s] 9/10 tests run: 6 passed (1 slow, 2 leaky), 1 failed, 1 timed out, 1 exec failed, 0 skipped",
                (6, 3, 0),
            ),
            ("     Summary [   0.010s] 1 test run: 1 passed, 0 skipped", (1, 0, 0)),
            ("browser stories: 7 passed, 1 failed, 2 skipped", (7, 1, 2)),
            ("    test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 521 filtered out; finished in 0.63s", (0, 0, 0)),
            ("running 3 tests", (0, 0, 0)),
            ("99 passed, 1 failed", (0, 0, 0)),
        ];
        for (line, (passed, failed, skipped)) in table {
            assert_eq!(Counts::of(&[line.to_owned()]), Counts { passed, failed, skipped }, "{line}");
        }
    }
}
