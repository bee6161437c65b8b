//! The table as Rust reads it says what the script that wrote it said.

use chiron_recommend::meaning::{Table, Vector};

#[test]
fn every_text_has_the_vector_that_the_script_wrote() {
    let mut told = 0;
    for line in include_str!("../table/expected.tsv").lines() {
        let (text, numbers) = line.split_once('\t').expect("a text and its vector");
        let expected: Vec<i8> = numbers.split(' ').map(|n| n.parse().expect("a number")).collect();
        assert_eq!(Table::shipped().vector(text).0.as_slice(), expected, "{text}");
        told += 1;
    }
    assert!(told >= 8);
}

#[test]
fn a_text_without_known_words_means_nothing() {
    for text in ["", "!?", "\u{0}\u{fffd}"] {
        assert_eq!(Table::shipped().vector(text), Vector::EMPTY, "{text:?}");
    }
    // However long, a text is cut.
    let long = "mentoring ".repeat(100_000);
    assert_eq!(Table::shipped().vector(&long), Table::shipped().vector(&"mentoring ".repeat(256)));
}
