//! Which column of a spreadsheet means what: the names that programmes give their columns, and whole questions of forms.

use chiron_words::heads::{self, Known, Names, known, list};
use std::fmt;
use std::sync::LazyLock;

pub type Heads = heads::Heads<Column>;

/// What a column can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Column {
    Id,
    Name,
    FirstName,
    LastName,
    Email,
    Role,
    Offers,
    Wants,
    /// Offered where the sheet is of mentors, wanted where it is of mentees.
    Skills,
    Goals,
    Experience,
    Interests,
    Languages,
    Zone,
    Country,
    Location,
    Hours,
    Seniority,
    Team,
    Manager,
    Seats,
    LeastSeats,
    MentorsWanted,
    Prefers,
    Never,
    Group,
    Priority,
}

/// Every column that is recognised. The other names are told in `docs/operate/match.md`; a test compares.
pub const COLUMNS: [Known<Column>; 27] = [
    known(Column::Id, "id", "an id", &[heads::ID]),
    known(Column::Name, "name", "the name", &[heads::NAME]),
    known(Column::FirstName, "first name", "the first name", &[heads::FIRST_NAME]),
    known(Column::LastName, "last name", "the last name", &[heads::LAST_NAME]),
    known(Column::Email, "email", "the address", &[heads::EMAIL]),
    known(Column::Role, "role", "the role", &[heads::ROLE]),
    list(Column::Offers, "offers", "what is offered", &[heads::OFFERS]),
    list(Column::Wants, "wants", "what is wanted", &[heads::WANTS]),
    list(Column::Skills, "skills", "skills", &[heads::SKILLS]),
    list(
        Column::Goals,
        "goals",
        "goals",
        &["goal, objectives, objective, aims, hope to achieve, hope to gain, want to achieve, motivation, expectations, ziel, ziele, \
           erwartungen, objectif, objectifs, attentes, objetivo, objetivos, expectativas"],
    ),
    list(Column::Experience, "experience", "experience", &[heads::DONE, heads::ABOUT, "headline"]),
    list(
        Column::Interests,
        "interests",
        "interests",
        &["interest, hobbies, hobby, free time, outside work, interessen, centres d'intérêt, intereses, aficiones"],
    ),
    list(Column::Languages, "languages", "languages", &[heads::LANGUAGES]),
    known(Column::Zone, "zone", "the time zone", &[heads::ZONE]),
    known(Column::Country, "country", "the country", &[heads::COUNTRY]),
    known(
        Column::Location,
        "location",
        "the place",
        &["city, town, office, site, campus, region, based in, where are you based, ort, stadt, standort, ville, lieu, ciudad, lugar"],
    ),
    list(Column::Hours, "hours", "free hours", &[heads::HOURS]),
    known(
        Column::Seniority,
        "seniority",
        "seniority",
        &["level, seniority level, grade, career level, career stage, band, years of experience, years experience, year of study, \
           berufsjahre, années d'expérience, años de experiencia"],
    ),
    known(
        Column::Team,
        "team",
        "the team",
        &["department, dept, division, unit, business unit, directorate, faculty, organisation, organization, company, employer, \
           abteilung, bereich, firma, unternehmen, département, entreprise, departamento, empresa"],
    ),
    known(
        Column::Manager,
        "manager",
        "the manager",
        &["line manager, own manager, manager name, manager email, supervisor, reports to, boss, vorgesetzte, jefe, supérieur"],
    ),
    known(Column::Seats, "seats", "the number of seats", &[heads::SEATS]),
    known(
        Column::LeastSeats,
        "least seats",
        "the least number of mentees",
        &["min mentees, minimum mentees, minimum number of mentees, at least mentees"],
    ),
    known(
        Column::MentorsWanted,
        "mentors wanted",
        "the number of mentors",
        &["number of mentors, how many mentors, max mentors, maximum mentors"],
    ),
    list(
        Column::Prefers,
        "prefers",
        "wishes",
        &["preferred, preferences, preference, wishes, wish, first choice, second choice, third choice, fourth choice, fifth choice, \
           1st choice, 2nd choice, 3rd choice, 4th choice, 5th choice, choice, preferred mentor, preferred mentors, preferred mentee, \
           preferred mentees, prefer to work with"],
    ),
    list(
        Column::Never,
        "never with",
        "vetoes",
        &["never, not with, veto, vetoes, exclude, excluded, conflicts, conflict of interest, do not match with, rather not"],
    ),
    known(Column::Group, "group", "the group", &["cohort, stream, track, programme, program, pool, class"]),
    known(Column::Priority, "priority", "the priority", &["weight, urgency"]),
];

static NAMES: LazyLock<Names<Column>> = LazyLock::new(|| Names::of(&COLUMNS, &[Column::Id, Column::Priority, Column::Group]));

impl Column {
    /// The column a rule means by this name.
    pub fn named(name: &str) -> Option<Self> {
        NAMES.named(name)
    }

    fn known(self) -> &'static Known<Self> {
        // COLUMNS is in the order of the enum; a test holds them together.
        &COLUMNS[self as usize]
    }

    /// By which rules call it.
    pub fn name(self) -> &'static str {
        self.known().name
    }

    /// In a sentence: "read as …".
    pub fn words(self) -> &'static str {
        self.known().words
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How many heads of a row are known: what tells a row of heads from any other.
pub fn known_in(cells: &[String]) -> usize {
    NAMES.known_in(cells)
}

/// How the columns of a sheet are read: names that the rules give first.
pub fn recognise(heads: &[String], given: &[(String, Column)]) -> Heads {
    let mut found = NAMES.recognise(heads, given);
    found.halve_name(heads, [Column::Name, Column::FirstName, Column::LastName]);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use chiron_words::heads::plain;
    use proptest::prelude::*;

    #[test]
    fn the_list_is_in_the_order_of_the_columns_and_says_nothing_twice() {
        let mut names = Vec::new();
        for (at, known) in COLUMNS.iter().enumerate() {
            assert_eq!(known.column as usize, at);
            assert_eq!(plain(known.name), known.name);
            for name in std::iter::once(known.name).chain(known.others()) {
                assert_eq!(Column::named(name), Some(known.column), "{name}");
                assert!(!names.contains(&plain(name)), "{name} is told twice");
                names.push(plain(name));
            }
        }
    }

    #[test]
    fn what_is_documented_is_what_is_read() {
        let page = include_str!("../../../docs/operate/match.md");
        for known in &COLUMNS {
            let row = page.lines().find(|line| line.starts_with(&format!("| `{}`", known.name))).expect(known.name);
            assert_eq!(row.split('|').nth(1).is_some_and(|cell| cell.contains('*')), known.repeats, "{row}");
            assert_eq!(row.split('|').nth(3).map(str::trim), Some(known.others().collect::<Vec<_>>().join(", ").as_str()));
        }
    }

    #[test]
    fn columns_of_real_spreadsheets_are_recognised() {
        for (head, column) in [
            ("Name", Some(Column::Name)),
            ("E-Mail Address", Some(Column::Email)),
            ("Email Address *", Some(Column::Email)),
            ("What is your work email?", Some(Column::Email)),
            ("skills_wanted", Some(Column::Wants)),
            ("Which skills would you like to develop?", Some(Column::Wants)),
            ("What do you need help with?", Some(Column::Wants)),
            ("Areas of expertise (choose up to 5)", Some(Column::Offers)),
            ("What are your goals?", Some(Column::Goals)),
            ("How many mentees can you take on? (max 3)", Some(Column::Seats)),
            ("Max. mentees", Some(Column::Seats)),
            ("Max number of mentees", Some(Column::Seats)),
            ("Which languages do you speak?", Some(Column::Languages)),
            ("Time zone", Some(Column::Zone)),
            ("When are you usually free?", Some(Column::Hours)),
            ("Availability [Monday]", Some(Column::Hours)),
            ("Line Manager", Some(Column::Manager)),
            ("Line manager's email", Some(Column::Manager)),
            ("Manager Email", Some(Column::Manager)),
            ("Department", Some(Column::Team)),
            ("Grade", Some(Column::Seniority)),
            ("1st choice", Some(Column::Prefers)),
            ("Skill 2", Some(Column::Skills)),
            ("Please do not match with", Some(Column::Never)),
            ("Timestamp", None),
            ("T-shirt size", None),
            ("Dietary requirements", None),
        ] {
            let heads = recognise(&[head.to_owned()], &[]);
            assert_eq!(heads.columns[0], column, "{head}");
        }
    }

    #[test]
    fn the_very_name_wins_over_a_question_and_lists_may_repeat() {
        let heads = |names: &[&str]| recognise(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>(), &[]);
        let found = heads(&["Emergency contact name please", "Name", "Skill 1", "Skill 2"]);
        assert_eq!(found.columns, [None, Some(Column::Name), Some(Column::Skills), Some(Column::Skills)]);
        assert_eq!(heads(&["Email", "E-mail"]).doubled, Some((0, 1)));
        assert_eq!(heads(&["First choice", "Second choice"]).doubled, None);
        let given = recognise(&["Q7".into()], &[("q7".into(), Column::Goals)]);
        assert_eq!(given.columns, [Some(Column::Goals)]);
    }

    proptest! {
        #[test]
        fn any_heads_can_be_read(heads in proptest::collection::vec("\\PC{0,40}", 0..12)) {
            let found = recognise(&heads, &[]);
            prop_assert_eq!(found.columns.len(), heads.len());
            for known in COLUMNS.iter().filter(|known| !known.repeats && found.doubled.is_none()) {
                prop_assert!(found.of(known.column).count() <= 1);
            }
        }
    }
}
