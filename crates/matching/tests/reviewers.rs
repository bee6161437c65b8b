//! Real similarity data, where it lies beside the project: three reviewers a paper, with and without lower bounds on the loads (Kobren,
//! Saha and McCallum 2019), and bids with conflicts (PrefLib).

use chiron_matching::{Floor, Mentee, Mentor, Objective, Pair, Problem, Rules, solve, verify};
use std::{fs, path::Path};

/// The words of a NumPy file of float64 or int64, as they lie there.
fn words(path: &Path) -> Vec<[u8; 8]> {
    let bytes = fs::read(path).unwrap();
    let start = 10 + usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    bytes[start..].as_chunks::<8>().0.to_vec()
}

#[test]
fn real_reviewers_get_the_known_optimum_and_the_best_worst_pair() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/reviewer");
    if !folder.exists() {
        println!("skipped: no shared data");
        return;
    }
    let read = |name: &str| words(&folder.join(format!("midl2018_{name}.npy")));
    let whole = |name: &str| read(name).into_iter().map(i64::from_le_bytes).collect::<Vec<i64>>();
    let (covers, loads, least) = (whole("covs"), whole("loads"), whole("loads-lb"));
    // One row a reviewer, columns first; -1 is a conflict.
    let scores: Vec<f64> = read("scores").into_iter().map(f64::from_le_bytes).collect();
    let reviewers = loads.len();
    let problem = |least: &[i64]| {
        let mentees =
            (0..).zip(&covers).map(|(key, &count)| Mentee { least: count as u32, most: count as u32, ..Mentee::new(key) }).collect();
        let mentors = (0..)
            .zip(loads.iter().zip(least))
            .map(|(key, (&most, &least))| Mentor { key, least: least as u32, most: most as u32 })
            .collect();
        let pair =
            |at: usize| Pair { mentee: (at / reviewers) as u32, mentor: (at % reviewers) as u32, score: (scores[at] * 1e6).round() as i32 };
        let pairs = (0..scores.len()).filter(|&at| scores[at] >= 0.0).map(pair).collect();
        Problem::new(mentees, mentors, pairs, Rules::default()).unwrap()
    };
    let bounded = problem(&least);
    let even = solve(&bounded, &Objective::default()).unwrap();
    assert_eq!(verify(&bounded, &even), Ok(()));
    // The known figures are those without lower bounds.
    let problem = problem(&vec![0; reviewers]);
    let worst = |pairs: &[(u32, u32)]| pairs.iter().map(|&(i, j)| problem.score(i, j).unwrap()).min();
    let solution = solve(&problem, &Objective::default()).unwrap();
    assert_eq!(verify(&problem, &solution), Ok(()));
    assert_eq!((solution.score, worst(&solution.pairs)), (201_884_878, Some(148_221)));
    let raised = solve(&problem, &Objective { floor: Some(Floor { loss_per_thousand: 1_000 }), ..Objective::default() }).unwrap();
    assert_eq!(verify(&problem, &raised), Ok(()));
    assert_eq!(worst(&raised.pairs), Some(163_029));
}

/// The arrays in an archive of NumPy, which stores them as they are.
fn arrays(path: &Path) -> Vec<Vec<[u8; 8]>> {
    let bytes = fs::read(path).unwrap();
    let heads = (0..bytes.len()).filter(|&at| bytes[at..].starts_with(b"\x93NUMPY"));
    let read = |at: usize| {
        let start = at + 10 + usize::from(u16::from_le_bytes([bytes[at + 8], bytes[at + 9]]));
        let head = String::from_utf8_lossy(&bytes[at..start]).into_owned();
        assert!(head.contains("'fortran_order': False"), "{head}");
        let shape = head.split_once("'shape': (").unwrap().1.split_once(')').unwrap().0;
        let count: usize = shape.split(',').map(|side| side.trim().parse::<usize>().unwrap()).product();
        bytes[start..].as_chunks::<8>().0[..count].to_vec()
    };
    heads.map(read).collect()
}

#[test]
fn bids_with_conflicts_get_the_known_optimum() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/reviewer");
    if !folder.exists() {
        println!("skipped: no shared data");
        return;
    }
    for (name, reviewers, papers, load, sum) in [("preflib1", 31, 54, 6, 124_250_000), ("preflib2", 24, 52, 7, 141_500_000)] {
        let [scores, mask] = arrays(&folder.join(format!("{name}.npz"))).try_into().unwrap();
        let score = |at: usize| (f64::from_le_bytes(scores[at]) * 1e6).round() as i32;
        let pair = |at: usize| Pair { mentor: (at / papers) as u32, mentee: (at % papers) as u32, score: score(at) };
        let problem = |least: u32| {
            // 1 is a conflict.
            let pairs = (0..scores.len()).filter(|&at| i64::from_le_bytes(mask[at]) == 0).map(pair).collect();
            let mentees = (0..papers as u64).map(|key| Mentee { least: 3, most: 3, ..Mentee::new(key) }).collect();
            let mentors = (0..reviewers as u64).map(|key| Mentor { key, least, most: load }).collect();
            Problem::new(mentees, mentors, pairs, Rules::default()).unwrap()
        };
        let free = problem(0);
        let worst = |pairs: &[(u32, u32)]| pairs.iter().map(|&(i, j)| free.score(i, j).unwrap()).min();
        let best = solve(&free, &Objective::default()).unwrap();
        assert_eq!(verify(&free, &best), Ok(()));
        assert_eq!((best.score, worst(&best.pairs)), (sum, Some(250_000)), "{name}");
        let raised = solve(&free, &Objective { floor: Some(Floor { loss_per_thousand: 1_000 }), ..Objective::default() }).unwrap();
        assert_eq!(worst(&raised.pairs), Some(250_000), "{name}");
        // Everybody reads something: an even share, where there is enough to read for it.
        let even = problem((papers * 3 / reviewers) as u32);
        let shared = solve(&even, &Objective::default()).unwrap();
        assert_eq!(verify(&even, &shared), Ok(()));
        assert!(shared.score <= sum, "{name}");
    }
}
