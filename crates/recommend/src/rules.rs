//! What stands between two people, as bits: no score outweighs a hard rule, and a pair that is barred says by which.

/// The rules that bar a pair. Bits from [`Barred::OWN`] up are the caller's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Barred(pub u32);

impl Barred {
    pub const NOTHING: Self = Self(0);
    pub const SAME_PERSON: Self = Self(1);
    pub const NO_SHARED_LANGUAGE: Self = Self(1 << 1);
    pub const NO_COMMON_TIME: Self = Self(1 << 2);
    pub const NO_ROOM: Self = Self(1 << 3);
    pub const NOT_OPEN_TO_IT: Self = Self(1 << 4);
    /// A manager does not mentor those who report to them.
    pub const MANAGES_THEM: Self = Self(1 << 5);
    pub const NOT_FURTHER: Self = Self(1 << 6);
    pub const EXCLUDED: Self = Self(1 << 7);
    /// The first bit for rules of a caller's own.
    pub const OWN: u32 = 1 << 16;

    pub fn is_nothing(self) -> bool {
        self.0 == 0
    }

    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// This rule as well, when it is broken.
    #[must_use]
    pub fn and(self, rule: Self, is_broken: bool) -> Self {
        if is_broken { Self(self.0 | rule.0) } else { self }
    }

    /// Why not, in words, one for each standard rule that is broken; a caller says its own.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        const WORDS: [(Barred, &str); 8] = [
            (Barred::SAME_PERSON, "they are the same person"),
            (Barred::NO_SHARED_LANGUAGE, "they share no language"),
            (Barred::NO_COMMON_TIME, "they have too little time in common"),
            (Barred::NO_ROOM, "there is no room for one more person"),
            (Barred::NOT_OPEN_TO_IT, "they are not open to this kind of help"),
            (Barred::MANAGES_THEM, "one manages the other"),
            (Barred::NOT_FURTHER, "neither is further than the other in what is wanted"),
            (Barred::EXCLUDED, "this pair was ruled out"),
        ];
        WORDS.into_iter().filter(move |(rule, _)| self.has(*rule)).map(|(_, words)| words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_barred_pair_says_by_what() {
        let barred = Barred::NOTHING.and(Barred::NO_ROOM, true).and(Barred::EXCLUDED, false).and(Barred::NO_COMMON_TIME, true);
        assert_eq!(barred.words().collect::<Vec<_>>(), ["they have too little time in common", "there is no room for one more person"]);
        assert!(!barred.is_nothing() && Barred::NOTHING.is_nothing());
    }
}
