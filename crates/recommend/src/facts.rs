//! Facts about many people, a bit each: the 64 people of a block are asked at once, and who is asked for nothing is not
//! read.

/// Which people have which of up to 128 facts: for each fact a word a block of 64 people, and in it a bit for each.
#[derive(Debug, Default)]
pub(crate) struct Facts(Vec<Vec<u64>>);

impl Facts {
    /// Gives somebody facts, who had none yet. `at` counts people: 64 times the block, and the slot in it.
    pub(crate) fn put(&mut self, at: usize, facts: u128) {
        for fact in numbers(facts) {
            self.0.resize_with(self.0.len().max(fact + 1), Vec::new);
            let words = &mut self.0[fact];
            words.resize(words.len().max(at / 64 + 1), 0);
            words[at / 64] |= 1 << (at % 64);
        }
    }

    /// Takes somebody out. Those behind in the block move one up.
    pub(crate) fn take_out(&mut self, at: usize) {
        let before = (1 << (at % 64)) - 1;
        for word in self.0.iter_mut().filter_map(|words| words.get_mut(at / 64)) {
            *word = *word & before | *word >> 1 & !before;
        }
    }

    /// The words of some facts.
    pub(crate) fn of(&self, facts: u128) -> Words<'_> {
        Words(numbers(facts).map(|fact| self.0.get(fact).map_or(&[][..], Vec::as_slice)).collect())
    }

    pub(crate) fn bytes(&self) -> usize {
        self.0.iter().map(|words| words.capacity() * size_of::<u64>()).sum()
    }
}

/// Some facts, asked block by block.
pub(crate) struct Words<'a>(Vec<&'a [u64]>);

impl Words<'_> {
    /// Who has all of them; everyone when none are asked for.
    pub(crate) fn all(&self, block: usize) -> u64 {
        self.0.iter().fold(u64::MAX, |all, words| all & words.get(block).copied().unwrap_or(0))
    }

    /// Who has any of them; nobody when none are asked for.
    pub(crate) fn any(&self, block: usize) -> u64 {
        self.0.iter().fold(0, |any, words| any | words.get(block).copied().unwrap_or(0))
    }
}

/// The places of the ones, from the lowest.
pub(crate) fn ones(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let at = (word != 0).then(|| word.trailing_zeros() as usize)?;
        word &= word - 1;
        Some(at)
    })
}

fn numbers(facts: u128) -> impl Iterator<Item = usize> {
    ones(facts as u64).chain(ones((facts >> 64) as u64).map(|at| at + 64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_behind_move_up_in_their_block_only() {
        let mut facts = Facts::default();
        for (at, of_them) in [(0, 0b0001), (1, 0b1011), (2, 1 << 127), (64, 0b0001)] {
            facts.put(at, of_them);
        }
        assert_eq!([0, 1, 0b10, 0b11, 0b111].map(|asked| facts.of(asked).all(0)), [u64::MAX, 0b011, 0b010, 0b010, 0]);
        assert_eq!([0, 1, 0b110, 1 << 127 | 0b1000].map(|asked| facts.of(asked).any(0)), [0, 0b011, 0b010, 0b110]);
        assert_eq!([1, 0b10].map(|asked| facts.of(asked).any(1)), [1, 0]);
        facts.take_out(1);
        assert_eq!([1, 1 << 127, 0b10].map(|asked| facts.of(asked).any(0)), [0b01, 0b10, 0]);
        assert_eq!(facts.of(1).any(1), 1);
    }
}
