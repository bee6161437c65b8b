//! Which passwords are good enough. Length is what counts; there are no rules about which letters. Pure.

use crate::fold::fold;
use unicode_normalization::UnicodeNormalization;

pub const SHORTEST: usize = 10;
pub const LONGEST: usize = 256;

/// Words that the most common passwords are made of: those that stay after numbers and signs are taken from the ends.
const COMMON: &str = include_str!("common.txt");

/// A password as it is hashed: the same letters typed on another keyboard are the same password. Nothing is cut.
pub fn settled(typed: &str) -> String {
    typed.nfc().collect()
}

/// Why a password is not good enough, in words; `None` when it is. `own` are words that anyone would try first for this
/// person: their name, their address, the name of the place.
pub fn refusal(password: &str, own: &[&str]) -> Option<String> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Some(format!(
            "Please make it at least {SHORTEST} characters. Three or four words in a row are good, and easy to remember."
        ));
    }
    if length > LONGEST {
        return Some(format!("This is {length} characters; please keep it to {LONGEST}."));
    }
    let core = core(password);
    if is_run(password) || core.is_empty() || is_run(&core) || COMMON.lines().any(|word| word == core || repeats(&core, word)) {
        return Some(
            "This is among the passwords that are tried first. Please choose another; three or four words in a row are good.".into(),
        );
    }
    let own = own.iter().flat_map(|words| fold(words).split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect::<Vec<_>>());
    let mut rest = fold(password);
    for word in own.filter(|w| w.chars().count() >= 3).chain(["chiron".to_owned()]) {
        rest = rest.replace(&word, "");
    }
    let left = rest.chars().filter(|c| c.is_alphabetic()).count();
    (rest != fold(password) && left < 6)
        .then(|| "This is mostly your name or the name of this place, which is tried first. Please choose something else.".into())
}

/// What stays of a password when case, look-alikes, and numbers and signs at its ends are taken away.
fn core(password: &str) -> String {
    let letters = fold(password);
    let inner = letters.trim_matches(|c: char| !c.is_alphabetic());
    let plain = |c| match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        c => c,
    };
    inner.chars().map(plain).filter(|c| c.is_alphanumeric()).collect()
}

/// The same sign again and again, a pattern repeated, or one after the other as on a keyboard or in the alphabet.
fn is_run(text: &str) -> bool {
    let letters: Vec<char> = text.to_lowercase().chars().collect();
    if letters.len() < 4 {
        return false;
    }
    let repeated = (1..=4.min(letters.len() / 3)).any(|n| letters.iter().enumerate().all(|(i, c)| *c == letters[i % n]));
    let stepped = |by: i64| letters.windows(2).all(|w| i64::from(u32::from(w[1])) - i64::from(u32::from(w[0])) == by);
    let rows =
        ["qwertyuiopasdfghjklzxcvbnm", "1234567890123456789012345678901234567890", "09876543210987654321", "qazwsxedcrfvtgbyhnujmikolp"];
    let word: String = letters.iter().collect();
    repeated || stepped(1) || stepped(-1) || rows.iter().any(|row| row.contains(&word))
}

fn repeats(core: &str, word: &str) -> bool {
    !word.is_empty() && core.len().is_multiple_of(word.len()) && core.as_bytes().chunks(word.len()).all(|c| c == word.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_words_are_good_and_what_is_tried_first_is_not() {
        let own = ["Amina Haddad", "amina@village.example", "Mentoring at Hafen"];
        for (password, good) in [
            ("short", false),
            ("1234567890", false),
            ("aaaaaaaaaaaa", false),
            ("abcabcabcabc", false),
            ("Password123!", false),
            ("P@ssw0rd2026", false),
            ("qwertyuiop", false),
            ("iloveyou1234", false),
            ("passwordpassword", false),
            ("AminaHaddad1", false),
            ("hafen-mentoring", false),
            ("chiron-amina-26", false),
            ("copper lantern by the pier", true),
            ("  spaces count  ", true),
            ("всё хорошо сегодня", true),
            ("amina keeps seven bees", true),
        ] {
            assert_eq!(refusal(password, &own).is_none(), good, "{password}");
        }
        assert!(refusal(&"ß quite long ".repeat(19), &own).is_none());
        assert!(refusal(&"x y".repeat(100), &own).is_some_and(|r| r.contains("300 characters")));
    }

    #[test]
    fn the_same_letters_are_the_same_password() {
        assert_eq!(settled("caf\u{e9} at the corner"), settled("cafe\u{301} at the corner"));
    }
}
