//! The tables we write: `pairs.csv` and `unmatched.csv`, as any spreadsheet reads them.

use crate::reasons::Alone;
use crate::round::Outcome;
use crate::score::Part;
use chiron_words::sheets::is_reckoned_with;

/// A pair with all that is told about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub mentee: u32,
    pub mentor: u32,
    pub score: i32,
    /// Their points sum to the score.
    pub parts: Vec<Part>,
    pub kept: bool,
    pub locked: bool,
}

/// Every pair with its contributions, in reading order.
pub fn told(outcome: &Outcome<'_>) -> Vec<Told> {
    let tell = |(mentee, mentor): (u32, u32)| Told {
        mentee,
        mentor,
        score: outcome.problem.score(mentee, mentor).unwrap_or(0),
        parts: outcome.scoring.parts(mentee, mentor),
        kept: outcome.problem.is_previous(mentee, mentor),
        locked: outcome.problem.is_locked(mentee, mentor),
    };
    outcome.in_order().into_iter().map(tell).collect()
}

/// The reasons for a pair that are worth a sentence, the weightiest first.
pub fn why(told: &Told) -> String {
    let mut parts: Vec<&Part> = told.parts.iter().filter(|part| part.points > 0 && !part.words.is_empty()).collect();
    parts.sort_by_key(|part| std::cmp::Reverse(part.points));
    parts.iter().take(3).map(|part| format!("{}: {}", part.label, part.words)).collect::<Vec<_>>().join("; ")
}

/// `pairs.csv`: one line a pair, with a column for each thing that counts. Also read again by `--previous`.
pub fn pairs(outcome: &Outcome<'_>, told: &[Told]) -> String {
    let mut heads = vec![
        "mentee".to_owned(),
        "mentee_email".into(),
        "mentee_id".into(),
        "mentor".into(),
        "mentor_email".into(),
        "mentor_id".into(),
        "score".into(),
    ];
    heads.extend(outcome.scoring.terms().map(|(kind, _)| kind.name()));
    heads.extend(["why", "kept", "locked"].map(String::from));
    let mut table = line(&heads);
    for pair in told {
        let (mentee, mentor) = (outcome.mentee(pair.mentee), outcome.mentor(pair.mentor));
        let mut cells: Vec<String> =
            [&mentee.name, &mentee.email, &mentee.id, &mentor.name, &mentor.email, &mentor.id].map(Clone::clone).into();
        cells.push(pair.score.to_string());
        cells.extend(pair.parts.iter().map(|part| part.points.to_string()));
        cells.extend([why(pair), yes(pair.kept), yes(pair.locked)]);
        table.push_str(&line(&cells));
    }
    table
}

/// `unmatched.csv`: who has nobody, why, and the smallest change; mentors without a mentee as well.
pub fn unmatched(outcome: &Outcome<'_>, alone: &[Alone]) -> String {
    let mut table = line(&["side", "name", "email", "id", "why", "smallest_change"].map(String::from));
    let mut lines: Vec<(String, String)> = Vec::new();
    for one in alone {
        let person = outcome.mentee(one.mentee);
        let cells = ["mentee", &person.name, &person.email, &person.id, &one.why, &one.change].map(String::from);
        lines.push((format!("0 {} {}", chiron_words::fold::fold(&person.name), person.key), line(&cells)));
    }
    let mut may = vec![Theirs::Nobody; outcome.round.mentors.people.len()];
    for mentee in 0..outcome.round.mentees.people.len() as u32 {
        let is = if outcome.solution.unmatched.binary_search(&mentee).is_ok() { Theirs::Alone } else { Theirs::Elsewhere };
        outcome.problem.row(mentee).0.iter().for_each(|mentor| may[*mentor as usize] = may[*mentor as usize].max(is));
    }
    let loads = outcome.loads();
    for ((person, may), _) in outcome.round.mentors.people.iter().zip(may).zip(&loads).filter(|(_, load)| load.is_empty()) {
        let why = match may {
            _ if person.most == 0 => "Has no seat.",
            Theirs::Nobody => "The rules leave nobody who may be theirs.",
            Theirs::Elsewhere => "Everybody who may be theirs is with somebody else.",
            Theirs::Alone => "Everybody who may be theirs is with somebody else, or not worth a seat as the rules weigh it.",
        };
        let cells = ["mentor", &person.name, &person.email, &person.id, why, ""].map(String::from);
        lines.push((format!("1 {} {}", chiron_words::fold::fold(&person.name), person.key), line(&cells)));
    }
    lines.sort();
    lines.into_iter().for_each(|(_, line)| table.push_str(&line));
    table
}

/// Who may be the mentee of a mentor who has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Theirs {
    Nobody,
    Elsewhere,
    /// Somebody who has nobody either.
    Alone,
}

fn yes(yes: bool) -> String {
    if yes { "yes".into() } else { String::new() }
}

/// A line of a table. What a spreadsheet would reckon with gets an apostrophe before it: a name is no formula.
fn line(cells: &[String]) -> String {
    let mut line = String::new();
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            line.push(',');
        }
        let guard = if is_reckoned_with(cell) { "'" } else { "" };
        if cell.contains(['"', ',', ';', '\n', '\r']) {
            line.push_str(&format!("\"{guard}{}\"", cell.replace('"', "\"\"")));
        } else {
            line.push_str(guard);
            line.push_str(cell);
        }
    }
    line.push_str("\r\n");
    line
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn whatever_a_spreadsheet_would_reckon_with_is_words() {
        for formula in [
            "=1+1",
            "+",
            "-",
            "@",
            "\t",
            "\t=1+1",
            "\0",
            "\0=1+1",
            "\r=1+1",
            "\n@A1",
            " =1+1",
            "\u{a0}+1",
            "\u{feff}=1+1",
            "＝1+1",
            "＠A1",
            "=A1;B1",
            "=\"x\"",
        ] {
            let written = line(&[formula.to_owned()]);
            assert!(written.trim_start_matches('"').starts_with('\''), "{formula:?} is written as {written:?}");
        }
    }

    #[test]
    fn a_name_is_no_formula_and_quotation_marks_are_doubled() {
        let cells = ["=1+1", "a \"b\"", "c, d", "plain", ""].map(String::from);
        assert_eq!(line(&cells), "'=1+1,\"a \"\"b\"\"\",\"c, d\",plain,\r\n");
    }
}
