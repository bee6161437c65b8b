//! Sets of values by number, so that millions of comparisons are comparisons of integers.

use std::collections::HashMap;

/// For each person of one side a small set of values; most people have one.
#[derive(Debug, Clone, Default)]
pub struct Values {
    /// The only value, [`NONE`] or [`SEVERAL`].
    one: Vec<u32>,
    sets: Vec<Vec<u32>>,
}

const NONE: u32 = u32::MAX;
const SEVERAL: u32 = u32::MAX - 1;

/// Numbers the words of both sides.
#[derive(Debug, Clone, Default)]
pub struct Numbers {
    numbers: HashMap<String, u32>,
}

impl Numbers {
    pub fn of(&mut self, word: &str) -> u32 {
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        let number = self.numbers.len() as u32;
        self.numbers.insert(word.to_owned(), number);
        number
    }

    pub fn values(&mut self, people: impl Iterator<Item = Vec<String>>) -> Values {
        let mut values = Values::default();
        for words in people {
            let mut set: Vec<u32> = words.iter().map(|word| self.of(word)).collect();
            set.sort_unstable();
            set.dedup();
            values.one.push(match set[..] {
                [] => NONE,
                [one] => one,
                _ => SEVERAL,
            });
            values.sets.push(set);
        }
        values
    }

    pub fn len(&self) -> usize {
        self.numbers.len()
    }
}

impl Values {
    pub fn is_silent(&self, at: usize) -> bool {
        self.one[at] == NONE
    }

    pub fn set(&self, at: usize) -> &[u32] {
        &self.sets[at]
    }

    /// Whether they share a value; nothing when one of the two says nothing.
    pub fn shared(&self, at: usize, others: &Self, other: usize) -> Option<bool> {
        match (self.one[at], others.one[other]) {
            (NONE, _) | (_, NONE) => None,
            (SEVERAL, _) | (_, SEVERAL) => Some(self.sets[at].iter().any(|value| others.sets[other].binary_search(value).is_ok())),
            (one, two) => Some(one == two),
        }
    }

    /// Who has each value, ascending.
    pub fn inverted(&self, count: usize) -> Vec<Vec<u32>> {
        let mut lists = vec![Vec::new(); count];
        for (at, set) in (0..).zip(&self.sets) {
            set.iter().for_each(|value| lists[*value as usize].push(at));
        }
        lists
    }
}
