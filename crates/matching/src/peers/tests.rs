use super::*;

/// The test's own chance: numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(1);
        chance(0xD1CE, self.0) % sides
    }
}

fn random_pool(dice: &mut Dice, most: u64) -> Peers {
    let n = dice.below(most + 1) as u32;
    let density = 1 + dice.below(4);
    let scores = [3, 20, 10_001][dice.below(3) as usize];
    let mut meetings = Vec::new();
    for a in 0..n {
        for b in a + 1..n {
            if dice.below(4) < density {
                meetings.push(Meeting { a, b, score: dice.below(scores) as i32 });
            }
        }
    }
    let keys: Vec<u64> = (0..u64::from(n)).map(|i| i * 7 + 1).collect();
    Peers::new(&keys, &meetings).unwrap()
}

/// The most people in groups, and the best score among such groupings: by trying all of them.
fn brute(peers: &Peers, triads: bool) -> (usize, i64) {
    fn go(peers: &Peers, left: u32, triads: bool, best: &mut std::collections::HashMap<u32, (usize, i64)>) -> (usize, i64) {
        if left == 0 {
            return (0, 0);
        }
        if let Some(&known) = best.get(&left) {
            return known;
        }
        let a = left.trailing_zeros();
        let rest = left & !(1 << a);
        let mut most = go(peers, rest, triads, best);
        let mut consider = |peers: &Peers, group: &[u32], rest: u32| {
            if let Some(worth) = worth_of(peers, group) {
                let (people, score) = go(peers, rest, triads, best);
                most = most.max((people + group.len(), score + worth));
            }
        };
        for b in (0..peers.len() as u32).filter(|b| rest >> b & 1 == 1) {
            let rest = rest & !(1 << b);
            consider(peers, &[a, b], rest);
            if triads {
                for c in (b + 1..peers.len() as u32).filter(|c| rest >> c & 1 == 1) {
                    consider(peers, &[a, b, c], rest & !(1 << c));
                }
            }
        }
        best.insert(left, most);
        most
    }
    go(peers, ((1_u64 << peers.len()) - 1) as u32, triads, &mut std::collections::HashMap::new())
}

#[test]
fn pairs_are_the_best_there_are_and_proven_so() {
    let mut dice = Dice(1);
    for case in 0..3_000 {
        let peers = random_pool(&mut dice, 11);
        let groups = group(&peers, Shape::Pairs, case).unwrap();
        assert_eq!(verify_groups(&peers, &groups), Ok(()), "case {case}");
        let (people, score) = brute(&peers, false);
        assert_eq!((peers.len() - groups.single.len(), groups.score), (people, score), "case {case}");
        assert_eq!(groups.bound, groups.score, "case {case}");
    }
}

#[test]
fn larger_pools_are_proven_as_well() {
    let mut dice = Dice(2);
    for case in 0..300 {
        let peers = random_pool(&mut dice, 70);
        let groups = group(&peers, Shape::Pairs, case).unwrap();
        assert_eq!(verify_groups(&peers, &groups), Ok(()), "case {case}");
        assert_eq!(groups.bound, groups.score, "case {case}");
    }
}

#[test]
fn sparse_rings_and_triangles_are_proven_as_well() {
    // Odd cycles hung on each other are what makes blossoms within blossoms.
    let mut dice = Dice(3);
    for case in 0..300 {
        let n = 3 + dice.below(60) as u32;
        let mut meetings: Vec<Meeting> = (1..n).map(|b| Meeting { a: b - 1, b, score: dice.below(5) as i32 }).collect();
        meetings.extend((2..n).filter(|_| dice.below(2) == 0).collect::<Vec<_>>().into_iter().map(|b| Meeting {
            a: b - 2,
            b,
            score: dice.below(5) as i32,
        }));
        let keys: Vec<u64> = (0..u64::from(n)).collect();
        let peers = Peers::new(&keys, &meetings).unwrap();
        let groups = group(&peers, Shape::Pairs, case).unwrap();
        assert_eq!(verify_groups(&peers, &groups), Ok(()), "case {case}");
        assert_eq!(groups.bound, groups.score, "case {case}");
    }
}

#[test]
fn triads_keep_their_promises() {
    let mut dice = Dice(4);
    let (mut best, mut cases) = (0, 0);
    for case in 0..600 {
        let peers = random_pool(&mut dice, 10);
        let pairs = group(&peers, Shape::Pairs, case).unwrap();
        let (people, score) = brute(&peers, true);
        let everyone_may_meet = peers.meetings.len() == peers.len() * peers.len().saturating_sub(1) / 2;
        for shape in [Shape::PairsAndTriads, Shape::Triads] {
            let groups = group(&peers, shape, case).unwrap();
            assert_eq!(verify_groups(&peers, &groups), Ok(()), "case {case}");
            let grouped = peers.len() - groups.single.len();
            if everyone_may_meet && peers.len() > 1 {
                assert_eq!(grouped, peers.len(), "case {case}");
            }
            if shape == Shape::PairsAndTriads {
                assert!(groups.single.len() <= pairs.single.len(), "case {case}");
                assert!(grouped > pairs.groups.len() * 2 || groups.score == pairs.score, "case {case}");
            }
            if grouped == people {
                assert!(groups.score <= score && score <= groups.bound, "case {case}");
                best += usize::from(groups.score == score || shape == Shape::PairsAndTriads);
                cases += 1;
            }
        }
    }
    assert!(best * 10 > cases * 8, "{best} of {cases}");
}

#[test]
fn shuffled_input_gives_the_same_groups() {
    let mut dice = Dice(5);
    for case in 0..60 {
        let peers = random_pool(&mut dice, 24);
        let n = peers.len();
        let mut order: Vec<u32> = (0..n as u32).collect();
        for i in (1..n).rev() {
            order.swap(i, dice.below(i as u64 + 1) as usize);
        }
        let keys: Vec<u64> = order.iter().map(|&p| peers.keys[p as usize]).collect();
        let place = |person: u32| order.iter().position(|&p| p == person).unwrap() as u32;
        let mut meetings: Vec<Meeting> = peers.meetings.iter().map(|m| Meeting { a: place(m.b), b: place(m.a), score: m.score }).collect();
        meetings.reverse();
        let shuffled = Peers::new(&keys, &meetings).unwrap();
        let named = |peers: &Peers, groups: Groups| {
            let mut named: Vec<Vec<u64>> =
                groups.groups.iter().map(|g| g.iter().map(|&p| peers.keys[p as usize]).collect::<Vec<_>>()).collect();
            named.iter_mut().for_each(|g| g.sort_unstable());
            named.sort();
            (named, groups.score, groups.bound)
        };
        for shape in [Shape::Pairs, Shape::PairsAndTriads, Shape::Triads] {
            let one = named(&peers, group(&peers, shape, 9).unwrap());
            assert_eq!(one, named(&shuffled, group(&shuffled, shape, 9).unwrap()), "case {case}");
        }
    }
}

#[test]
fn a_touched_up_certificate_is_refused() {
    let peers = Peers::new(&[1, 2, 3], &[Meeting { a: 0, b: 1, score: 10 }, Meeting { a: 1, b: 2, score: 20 }]).unwrap();
    let good = group(&peers, Shape::Pairs, 0).unwrap();
    assert_eq!(good.groups, [[1, 2]]);
    let change = |change: fn(&mut Groups)| {
        let mut groups = good.clone();
        change(&mut groups);
        verify_groups(&peers, &groups).unwrap_err()
    };
    assert_eq!(change(|g| g.score += 1), GroupsFault::Score { claimed: 41, counted: 40 });
    assert_eq!(change(|g| g.bound += 1), GroupsFault::Bound { claimed: 41, proven: 40 });
    assert_eq!(change(|g| g.single.clear()), GroupsFault::NotEveryoneOnce);
    assert_eq!(change(|g| g.certificate.people.fill(0)), GroupsFault::Uncovered(0, 1));
    assert_eq!(change(|g| g.certificate.people[0] = -1), GroupsFault::Price);
}

#[test]
fn malformed_pools_are_named() {
    let one = |a, b, score| Peers::new(&[1, 2], &[Meeting { a, b, score }]).unwrap_err();
    assert_eq!(one(0, 2, 1), PeersError::Nobody(2));
    assert_eq!(one(1, 1, 1), PeersError::Alone(1));
    assert_eq!(one(1, 0, 10_001), PeersError::Score { a: 1, b: 0, score: 10_001 });
    assert_eq!(Peers::new(&[5, 5], &[]).unwrap_err(), PeersError::SameKey(5));
    let twice = [Meeting { a: 0, b: 1, score: 1 }, Meeting { a: 1, b: 0, score: 2 }];
    assert_eq!(Peers::new(&[1, 2], &twice).unwrap_err(), PeersError::Twice(0, 1));
}

/// Every pairing of so few people, and whether it is stable for these lists.
fn some_stable(lists: &[Vec<u32>]) -> Option<Vec<(u32, u32)>> {
    fn go(lists: &[Vec<u32>], left: &[u32], pairs: &mut Vec<(u32, u32)>) -> Option<Vec<(u32, u32)>> {
        let Some((&a, rest)) = left.split_first() else {
            return stable(lists, pairs).then(|| pairs.clone());
        };
        if let Some(found) = go(lists, rest, pairs) {
            return Some(found);
        }
        for &b in rest.iter().filter(|&&b| lists[a as usize].contains(&b) && lists[b as usize].contains(&a)) {
            let rest: Vec<u32> = rest.iter().copied().filter(|&c| c != b).collect();
            pairs.push((a, b));
            let found = go(lists, &rest, pairs);
            pairs.pop();
            if found.is_some() {
                return found;
            }
        }
        None
    }
    go(lists, &(0..lists.len() as u32).collect::<Vec<_>>(), &mut Vec::new())
}

fn stable(lists: &[Vec<u32>], pairs: &[(u32, u32)]) -> bool {
    let rank = |a: u32, b: u32| lists[a as usize].iter().position(|&c| c == b);
    let now = |a: u32| {
        let partner = pairs.iter().find(|p| p.0 == a || p.1 == a).map(|p| p.0 + p.1 - a);
        partner.map_or(usize::MAX, |partner| rank(a, partner).unwrap())
    };
    let would = |a: u32, b: u32| rank(a, b).is_some_and(|rank| rank < now(a));
    let n = lists.len() as u32;
    (0..n).all(|a| (0..a).all(|b| !(would(a, b) && would(b, a))))
}

#[test]
fn roommates_are_stable_or_there_is_no_stable_pairing() {
    let mut dice = Dice(6);
    let mut unstable = 0;
    for case in 0..4_000 {
        let n = dice.below(8) as u32;
        let density = 1 + dice.below(4);
        let lists: Vec<Vec<u32>> = (0..n)
            .map(|a| {
                let mut list: Vec<u32> = (0..n).filter(|&b| b != a && dice.below(4) < density).collect();
                for i in (1..list.len()).rev() {
                    list.swap(i, dice.below(i as u64 + 1) as usize);
                }
                list
            })
            .collect();
        let rankings: Vec<Vec<Vec<u32>>> = lists.iter().map(|list| list.iter().map(|&b| vec![b]).collect()).collect();
        let keys: Vec<u64> = (0..u64::from(n)).collect();
        match roommates(&keys, &rankings, case).unwrap() {
            Roommates::Stable { pairs, single } => {
                assert!(stable(&lists, &pairs), "case {case}");
                assert_eq!(pairs.len() * 2 + single.len(), n as usize, "case {case}");
            }
            Roommates::None { .. } => {
                assert_eq!(some_stable(&lists), None, "case {case}");
                unstable += 1;
            }
        }
    }
    assert!(unstable > 50, "only {unstable} cases without a stable pairing");
}

#[test]
fn malformed_rankings_are_named() {
    assert_eq!(roommates(&[1], &[], 0).unwrap_err(), RoommatesError::Lengths { keys: 1, rankings: 0 });
    assert_eq!(roommates(&[1], &[vec![vec![4]]], 0).unwrap_err(), RoommatesError::Nobody { by: 0, whom: 4 });
    assert_eq!(roommates(&[1], &[vec![vec![0]]], 0).unwrap_err(), RoommatesError::Twice { by: 0, whom: 0 });
    let twice = [vec![vec![1], vec![1]], vec![]];
    assert_eq!(roommates(&[1, 2], &twice, 0).unwrap_err(), RoommatesError::Twice { by: 0, whom: 1 });
}
