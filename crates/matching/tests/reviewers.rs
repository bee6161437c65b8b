//! Real similarity data (Kobren, Saha and McCallum 2019), where it lies beside the project: three reviewers a paper, with and without
//! lower bounds on the loads.

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
