//! Solves one file and prints one JSON line: `cargo run --release -p chiron-matching --example solve -- FILE [OPTION…]`.
//!
//! Reads OR-Library assignment files (`.txt`), dense costs (`.npy`; square, least sum) and CHB1 files (`.chb`; least sum of costs, and U for
//! each unmatched mentee). Options: `--full` for all levels of the objective, `--threads N`, `--general` for the dense file as pairs.

use chiron_matching::{Coverage, Mentee, Mentor, Objective, Problem, Rules, dense, solve, verify};
use std::{error::Error, fs};

type Done<T = ()> = Result<T, Box<dyn Error>>;

/// CPU seconds of this process and its peak resident memory in MiB (Linux; 0 elsewhere).
fn cpu() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks: f64 = stat.rsplit(") ").next().unwrap_or("").split(' ').skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum();
    // The clock of Linux ticks a hundred times a second; schedstat is finer and for one thread.
    let fine = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let nanos: f64 = fine
        .filter_map(|task| fs::read_to_string(task.path().join("schedstat")).ok())
        .filter_map(|text| text.split(' ').next().and_then(|field| field.parse::<f64>().ok()))
        .sum();
    if nanos > 0.0 { nanos / 1e9 } else { ticks / 100.0 }
}

fn peak() -> u64 {
    let text = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0");
    line.trim().split(' ').next().and_then(|field| field.parse::<u64>().ok()).unwrap_or(0) / 1024
}

struct Report {
    cost: i64,
    unmatched: usize,
    verified: bool,
    solve: f64,
    verify: f64,
}

fn main() -> Done {
    let options: Vec<String> = std::env::args().skip(1).collect();
    let file = options.iter().find(|option| !option.starts_with("--")).ok_or("which file?")?;
    let threads = options.iter().position(|option| option == "--threads").and_then(|at| options.get(at + 1)?.parse().ok()).unwrap_or(1);
    let has = |name: &str| options.iter().any(|option| option == name);
    let report = if file.ends_with(".chb") {
        sparse(file, has("--full"), threads)?
    } else {
        let (n, costs) = if file.ends_with(".npy") { npy(&fs::read(file)?)? } else { or_library(&fs::read_to_string(file)?)? };
        if has("--general") { as_pairs(n, &costs)? } else { as_matrix(n, &costs)? }
    };
    let Report { cost, unmatched, verified, solve, verify } = report;
    println!(
        "{{\"file\":\"{}\",\"cost\":{cost},\"unmatched\":{unmatched},\"verified\":{verified},\"solve_cpu_s\":{solve:.4},\"verify_cpu_s\":{verify:.4},\"peak_rss_mib\":{}}}",
        file.rsplit('/').next().unwrap_or(file),
        peak()
    );
    Ok(())
}

fn sparse(file: &str, full: bool, threads: u8) -> Done<Report> {
    let (problem, unit) = {
        let bytes = fs::read(file)?;
        chb(&bytes)?
    };
    let objective =
        Objective { threads, ..if full { Objective::default() } else { Objective::plain(Coverage::Worth(i64::from(unit) - TOP)) } };
    let start = cpu();
    let solution = solve(&problem, &objective)?;
    let solved = cpu();
    let verified = verify(&problem, &solution).is_ok();
    let end = cpu();
    let unmatched = solution.unmatched.len();
    let cost = TOP * solution.pairs.len() as i64 - solution.score + i64::from(unit) * unmatched as i64;
    Ok(Report { cost, unmatched, verified, solve: solved - start, verify: end - solved })
}

/// What a cost is taken from to make a score.
const TOP: i64 = 10_000;

fn chb(bytes: &[u8]) -> Done<(Problem, i32)> {
    if bytes.get(..4) != Some(b"CHB1") {
        return Err("not a CHB1 file".into());
    }
    let mut at = 4;
    let mut take = |length: usize| -> Done<&[u8]> {
        let part = bytes.get(at..at + length).ok_or("the file is too short")?;
        at += length;
        Ok(part)
    };
    let head = take(24)?;
    let word = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
    let (mentees, mentors, pairs, unit) = (word(0) as usize, word(4) as usize, word(8) as usize, word(16) as i32);
    let words =
        |part: &[u8]| part.chunks_exact(4).map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]])).collect::<Vec<u32>>();
    let seats = words(take(4 * mentors)?);
    let starts = take(8 * (mentees + 1))?.chunks_exact(8).map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]])).collect();
    let columns = words(take(4 * pairs)?);
    let scores =
        take(4 * pairs)?.chunks_exact(4).map(|word| TOP as i32 - i32::from_le_bytes([word[0], word[1], word[2], word[3]])).collect();
    let mentees = (0..mentees as u64).map(Mentee::new).collect();
    let mentors = (0..).zip(seats).map(|(key, seats)| Mentor::new(key, seats)).collect();
    Ok((Problem::from_rows(mentees, mentors, starts, columns, scores, Rules::default())?, unit))
}

fn as_matrix(n: usize, costs: &[i32]) -> Done<Report> {
    let start = cpu();
    let answer = dense::assign(n, costs).ok_or("costs are too large")?;
    let solved = cpu();
    let verified = answer.is_optimal(n, costs);
    let end = cpu();
    Ok(Report { cost: answer.cost, unmatched: 0, verified, solve: solved - start, verify: end - solved })
}

fn as_pairs(n: usize, costs: &[i32]) -> Done<Report> {
    let top = costs.iter().copied().max().unwrap_or(0);
    let mentees = (0..n as u64).map(Mentee::new).collect();
    let mentors = (0..n as u64).map(|key| Mentor::new(key, 1)).collect();
    let starts = (0..=n).map(|row| (row * n) as u32).collect();
    let columns = (0..n * n).map(|at| (at % n) as u32).collect();
    let scores = costs.iter().map(|&cost| top - cost).collect();
    let problem = Problem::from_rows(mentees, mentors, starts, columns, scores, Rules::default())?;
    let start = cpu();
    let solution = solve(&problem, &Objective::plain(Coverage::First))?;
    let solved = cpu();
    let verified = verify(&problem, &solution).is_ok();
    let end = cpu();
    let cost = i64::from(top) * n as i64 - solution.score;
    Ok(Report { cost, unmatched: solution.unmatched.len(), verified, solve: solved - start, verify: end - solved })
}

fn or_library(text: &str) -> Done<(usize, Vec<i32>)> {
    let mut numbers = text.split_ascii_whitespace().map(str::parse::<i32>);
    let n = numbers.next().ok_or("an empty file")?? as usize;
    let costs: Vec<i32> = numbers.collect::<Result<_, _>>()?;
    if costs.len() == n * n { Ok((n, costs)) } else { Err("not n rows of n costs".into()) }
}

/// A square matrix of int32, int64 or float64 in the format of NumPy, version 1 to 3, row by row.
fn npy(bytes: &[u8]) -> Done<(usize, Vec<i32>)> {
    if bytes.get(..6) != Some(b"\x93NUMPY") {
        return Err("not a .npy file".into());
    }
    let (length, start) = if bytes[6] == 1 {
        (u16::from_le_bytes([bytes[8], bytes[9]]) as usize, 10)
    } else {
        (u32::from_le_bytes([bytes[8], bytes[9], bytes[10], bytes[11]]) as usize, 12)
    };
    let head = String::from_utf8_lossy(bytes.get(start..start + length).ok_or("the file is too short")?).into_owned();
    if head.contains("'fortran_order': True") {
        return Err("columns first is not supported".into());
    }
    let shape = head.split_once("'shape': (").and_then(|(_, rest)| rest.split_once(')')).ok_or("no shape")?.0;
    let sides: Vec<usize> = shape.split(',').filter_map(|side| side.trim().parse().ok()).collect();
    let [n, m] = sides[..] else { return Err("not a matrix".into()) };
    if n != m {
        return Err("not square".into());
    }
    let data = &bytes[start + length..];
    let costs: Vec<i32> = if head.contains("<i4") {
        data.chunks_exact(4).map(|word| i32::from_le_bytes([word[0], word[1], word[2], word[3]])).collect()
    } else if head.contains("<i8") {
        data.as_chunks::<8>().0.iter().map(|word| i64::from_le_bytes(*word).try_into()).collect::<Result<_, _>>()?
    } else if head.contains("<f8") {
        data.as_chunks::<8>().0.iter().map(|word| f64::from_le_bytes(*word).round() as i32).collect()
    } else {
        return Err("not int32, int64 or float64".into());
    };
    if costs.len() == n * n { Ok((n, costs)) } else { Err("the file is too short".into()) }
}
