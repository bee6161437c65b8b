//! How good a ranking is, held against what people judged. Never against what was trained for.

/// Normalised discounted cumulative gain at `depth` (Järvelin and Kekäläinen 2002): gains of 2^grade - 1, halved in
/// weight about every doubling of the place, over the best possible. `ranked` are the grades in the order of the
/// ranking. 1 is perfect; `None` when nothing is worth finding.
pub fn ndcg(ranked: &[u8], depth: usize) -> Option<f64> {
    let gain = |grades: &[u8]| -> f64 {
        let gains = grades.iter().take(depth).enumerate();
        gains.map(|(place, grade)| (f64::from(*grade).exp2() - 1.0) / (place as f64 + 2.0).log2()).sum()
    };
    let mut ideal = ranked.to_vec();
    ideal.sort_unstable_by(|a, b| b.cmp(a));
    let best = gain(&ideal);
    (best > 0.0).then(|| gain(ranked) / best)
}

/// The share of pairs in the wrong order, each weighted by how far its two grades are apart; an equal score is half an
/// error. `judged` are score and grade of each person. 0 is perfect, 0.5 is chance; `None` when all grades are equal.
/// Quadratic in the number of people.
pub fn weighted_kendall_loss(judged: &[(f64, u8)]) -> Option<f64> {
    let (mut wrong, mut all) = (0.0, 0.0);
    for (at, (score, grade)) in judged.iter().enumerate() {
        for (other_score, other_grade) in &judged[at + 1..] {
            let apart = f64::from(*grade) - f64::from(*other_grade);
            all += apart.abs();
            let order = (score - other_score) * apart;
            wrong += apart.abs()
                * if order > 0.0 {
                    0.0
                } else if order < 0.0 {
                    1.0
                } else {
                    0.5
                };
        }
    }
    (all > 0.0).then(|| wrong / all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_perfect_ranking_gains_all_and_loses_nothing() {
        assert_eq!(ndcg(&[3, 2, 0], 10), Some(1.0));
        assert_eq!(ndcg(&[0, 0], 10), None);
        // 1/log2(3) of the only gain.
        assert!((ndcg(&[0, 1], 10).unwrap() - 0.6309).abs() < 1e-4);
        assert_eq!(ndcg(&[0, 1], 1), Some(0.0));
        for (judged, loss) in [
            (&[(0.9, 3), (0.5, 1), (0.1, 0)][..], Some(0.0)),
            (&[(0.1, 3), (0.5, 1), (0.9, 0)], Some(1.0)),
            (&[(0.5, 3), (0.5, 0)], Some(0.5)),
            (&[(0.5, 1), (0.6, 1)], None),
            // Only the pair of 3 and 1 is wrong: 2 of 2 + 3 + 1.
            (&[(0.5, 3), (0.6, 1), (0.1, 0)], Some(2.0 / 6.0)),
        ] {
            assert_eq!(weighted_kendall_loss(judged), loss, "{judged:?}");
        }
    }
}
