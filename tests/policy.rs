//! Who may do what, as one table that is checked in: a change of permission is a changed word in `policy.snap`, which
//! someone who answers for the privacy of this place can read.

use chiron::slices::{PolicyTable, SLICES};
use std::collections::BTreeMap;
use std::fmt::Write;

#[test]
fn the_table_of_permissions_is_the_one_that_was_agreed() {
    let mut table = PolicyTable::default();
    for slice in SLICES {
        (slice.policy)(&mut table);
    }
    // In the order in which the nouns and deeds are told, not of the alphabet: related deeds stand together.
    let mut order = Vec::new();
    let mut deeds: BTreeMap<(&str, &str), Vec<(String, bool)>> = BTreeMap::new();
    for row in table.0 {
        let key = (row.noun, row.deed);
        let who = deeds.entry(key).or_default();
        assert!(who.iter().all(|(role, _)| *role != row.role), "{} {} says twice what {} may", row.noun, row.deed, row.role);
        who.push((row.role, row.allowed));
        if !order.contains(&key) {
            order.push(key);
        }
    }
    let mut text = String::new();
    for key in order {
        writeln!(text, "{} · {}", key.0, key.1).unwrap();
        for (role, allowed) in &deeds[&key] {
            writeln!(text, "    {}  {role}", if *allowed { "may    " } else { "may not" }).unwrap();
        }
    }
    insta::with_settings!({ snapshot_path => ".", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("policy", text);
    });
}
