//! Which column of a spreadsheet means what: the names that programmes give their columns, and whole questions of forms.

use chiron_words::fold::fold;
use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

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

/// What may stand in a column of some name: the name by which rules call it, its name in a sentence, whether several
/// columns of the sheet may share it (their cells follow one another), and what else people call it.
pub struct Known {
    pub column: Column,
    pub name: &'static str,
    pub words: &'static str,
    pub repeats: bool,
    pub others: &'static [&'static str],
}

const fn known(column: Column, name: &'static str, words: &'static str, others: &'static [&'static str]) -> Known {
    Known { column, name, words, repeats: false, others }
}

const fn list(column: Column, name: &'static str, words: &'static str, others: &'static [&'static str]) -> Known {
    Known { column, name, words, repeats: true, others }
}

/// Every column that is recognised. The other names are told in `docs/operate/match.md`; a test compares.
pub const COLUMNS: [Known; 27] = [
    known(
        Column::Id,
        "id",
        "an id",
        &["person id", "member id", "user id", "employee id", "employee number", "staff id", "student id", "external id", "key"],
    ),
    known(
        Column::Name,
        "name",
        "the name",
        &["full name", "your name", "display name", "person", "mentor", "mentee", "mentor name", "mentee name", "nom", "nombre"],
    ),
    known(Column::FirstName, "first name", "the first name", &["firstname", "given name", "forename", "vorname", "prenom"]),
    known(Column::LastName, "last name", "the last name", &["lastname", "surname", "family name", "nachname", "apellido"]),
    known(
        Column::Email,
        "email",
        "the address",
        &["e-mail", "mail", "email address", "e-mail address", "primary email", "work email", "username", "correo"],
    ),
    known(Column::Role, "role", "the role", &["roles", "mentor or mentee", "mentee or mentor", "joining as", "participating as", "i am a"]),
    list(
        Column::Offers,
        "offers",
        "what is offered",
        &[
            "skills offered",
            "offered skills",
            "expertise",
            "areas of expertise",
            "can help with",
            "can offer",
            "can mentor in",
            "can teach",
            "strengths",
            "mentoring topics",
            "topics offered",
            "competences",
        ],
    ),
    list(
        Column::Wants,
        "wants",
        "what is wanted",
        &[
            "skills wanted",
            "wanted skills",
            "wants to learn",
            "want to learn",
            "like to learn",
            "looking for",
            "skills to develop",
            "like to develop",
            "development areas",
            "areas of development",
            "needs help with",
            "help with",
            "topics wanted",
            "learning needs",
        ],
    ),
    list(Column::Skills, "skills", "skills", &["skill", "topics", "topic", "areas", "tags", "fields", "competencies"]),
    list(
        Column::Goals,
        "goals",
        "goals",
        &["goal", "objectives", "objective", "aims", "hope to achieve", "hope to gain", "want to achieve", "motivation", "expectations"],
    ),
    list(
        Column::Experience,
        "experience",
        "experience",
        &[
            "experiences",
            "has done",
            "background",
            "bio",
            "short bio",
            "biography",
            "about",
            "about me",
            "about you",
            "headline",
            "summary",
            "story",
        ],
    ),
    list(Column::Interests, "interests", "interests", &["interest", "hobbies", "hobby", "free time", "outside work"]),
    list(Column::Languages, "languages", "languages", &["language", "spoken languages", "speaks", "sprachen", "langues", "idiomas"]),
    known(Column::Zone, "zone", "the time zone", &["time zone", "timezone", "tz", "utc offset"]),
    known(Column::Country, "country", "the country", &["nation", "country of residence", "land", "pays", "pais"]),
    known(
        Column::Location,
        "location",
        "the place",
        &["city", "town", "office", "site", "campus", "region", "based in", "where are you based"],
    ),
    list(
        Column::Hours,
        "hours",
        "free hours",
        &[
            "availability",
            "available",
            "available times",
            "available hours",
            "times",
            "free hours",
            "free times",
            "usually free",
            "best times",
        ],
    ),
    known(
        Column::Seniority,
        "seniority",
        "seniority",
        &[
            "level",
            "seniority level",
            "grade",
            "career level",
            "career stage",
            "band",
            "years of experience",
            "years experience",
            "year of study",
        ],
    ),
    known(
        Column::Team,
        "team",
        "the team",
        &[
            "department",
            "dept",
            "division",
            "unit",
            "business unit",
            "directorate",
            "faculty",
            "organisation",
            "organization",
            "company",
            "employer",
        ],
    ),
    known(
        Column::Manager,
        "manager",
        "the manager",
        &["line manager", "own manager", "manager name", "manager email", "supervisor", "reports to", "boss"],
    ),
    known(
        Column::Seats,
        "seats",
        "the number of seats",
        &[
            "capacity",
            "places",
            "slots",
            "max mentees",
            "maximum mentees",
            "number of mentees",
            "how many mentees",
            "mentees max",
            "max number of mentees",
            "maximum number of mentees",
        ],
    ),
    known(
        Column::LeastSeats,
        "least seats",
        "the least number of mentees",
        &["min mentees", "minimum mentees", "minimum number of mentees", "at least mentees"],
    ),
    known(
        Column::MentorsWanted,
        "mentors wanted",
        "the number of mentors",
        &["number of mentors", "how many mentors", "max mentors", "maximum mentors"],
    ),
    list(
        Column::Prefers,
        "prefers",
        "wishes",
        &[
            "preferred",
            "preferences",
            "preference",
            "wishes",
            "wish",
            "first choice",
            "second choice",
            "third choice",
            "fourth choice",
            "fifth choice",
            "1st choice",
            "2nd choice",
            "3rd choice",
            "4th choice",
            "5th choice",
            "choice",
            "preferred mentor",
            "preferred mentors",
            "preferred mentee",
            "preferred mentees",
            "prefer to work with",
        ],
    ),
    list(
        Column::Never,
        "never with",
        "vetoes",
        &[
            "never",
            "not with",
            "veto",
            "vetoes",
            "exclude",
            "excluded",
            "conflicts",
            "conflict of interest",
            "do not match with",
            "rather not",
        ],
    ),
    known(Column::Group, "group", "the group", &["cohort", "stream", "track", "programme", "program", "pool", "class"]),
    known(Column::Priority, "priority", "the priority", &["weight", "urgency"]),
];

/// All names as they are compared.
static NAMES: LazyLock<HashMap<String, Column>> = LazyLock::new(|| {
    let names = COLUMNS.iter().flat_map(|known| std::iter::once(&known.name).chain(known.others).map(|name| (plain(name), known.column)));
    names.collect()
});

/// The names that are looked for inside questions: with a space on both sides, and of how many words.
static IN_QUESTIONS: LazyLock<Vec<(String, usize, Column)>> = LazyLock::new(|| {
    // A single short word such as "land" or "key" stands in too many sentences.
    let long = |name: &str, column: Column| {
        (name.len() > 4 || column == Column::Email) && !matches!(column, Column::Id | Column::Priority | Column::Group)
    };
    let names = NAMES.iter().filter(|(name, column)| long(name, **column));
    names.map(|(name, column)| (format!(" {name} "), name.split(' ').count(), *column)).collect()
});

impl Column {
    /// The column a rule means by this name.
    pub fn named(name: &str) -> Option<Self> {
        NAMES.get(&plain(name)).copied()
    }

    fn known(self) -> &'static Known {
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

    /// Whether several columns may hold it.
    pub fn repeats(self) -> bool {
        self.known().repeats
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A head as it is compared: folded, punctuation as spaces, without what stands in brackets or after a number.
pub fn plain(head: &str) -> String {
    let mut text = String::with_capacity(head.len());
    let mut depth = 0_u32;
    for c in fold(head).chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            '-' if text.ends_with('e') => text.push(c),
            c if c.is_alphanumeric() => text.push(c),
            _ => text.push(' '),
        }
    }
    text.split_whitespace().filter(|word| !word.bytes().all(|b| b.is_ascii_digit())).collect::<Vec<_>>().join(" ")
}

/// What a head says in brackets, as in the rows of a form's grid: "Availability [Monday]".
pub fn in_brackets(head: &str) -> Option<&str> {
    let (_, rest) = head.split_once('[')?;
    Some(rest.split_once(']')?.0.trim())
}

/// How the columns of one sheet are read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Heads {
    /// For each column of the sheet what it holds; nothing where nobody here knows.
    pub columns: Vec<Option<Column>>,
    /// Two columns that both say they are the same one thing.
    pub doubled: Option<(usize, usize)>,
}

impl Heads {
    /// Recognises heads: names that the rules give first, then the very names, then names that occur in a question
    /// ("Which skills would you like to develop?"), the longest of them. Nobody's column twice, except lists.
    pub fn recognise(heads: &[String], given: &[(String, Column)]) -> Self {
        let plain_heads: Vec<String> = heads.iter().map(|head| plain(head)).collect();
        let is_given = |at: usize| given.iter().find(|(name, _)| fold(name) == fold(&heads[at])).map(|(_, column)| *column);
        let mut found =
            Self { columns: (0..heads.len()).map(|at| is_given(at).or_else(|| Column::named(&plain_heads[at]))).collect(), doubled: None };
        for at in 0..heads.len() {
            if let Some(column) = found.columns[at]
                && !column.repeats()
                && let Some(first) = found.columns[..at].iter().position(|other| *other == Some(column))
            {
                found.doubled = found.doubled.or(Some((first, at)));
            }
        }
        for (at, head) in plain_heads.iter().enumerate() {
            if found.columns[at].is_none()
                && let Some(column) = in_question(head)
                && (column.repeats() || !found.columns.contains(&Some(column)))
            {
                found.columns[at] = Some(column);
            }
        }
        found
    }

    /// How many heads of a row are the very names of columns: what tells a row of heads from any other.
    pub fn known_in(cells: &[String]) -> usize {
        cells
            .iter()
            .filter(|cell| cell.len() < 200)
            .filter(|cell| Column::named(cell).or_else(|| in_question(&plain(cell))).is_some())
            .count()
    }

    /// Every column of the sheet that holds this, in order.
    pub fn of(&self, column: Column) -> impl Iterator<Item = usize> + '_ {
        self.columns.iter().enumerate().filter(move |(_, known)| **known == Some(column)).map(|(at, _)| at)
    }
}

/// The longest name that stands in a question as whole words; of equals the one that stands last, because questions
/// end in what they ask for.
fn in_question(head: &str) -> Option<Column> {
    if !head.contains(' ') {
        return None;
    }
    let head = format!(" {head} ");
    let found = IN_QUESTIONS.iter().filter_map(|(name, words, column)| Some((*words, head.rfind(name.as_str())?, *column)));
    found.max().map(|(.., column)| column)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_list_is_in_the_order_of_the_columns_and_says_nothing_twice() {
        let mut names = Vec::new();
        for (at, known) in COLUMNS.iter().enumerate() {
            assert_eq!(known.column as usize, at);
            assert_eq!(plain(known.name), known.name);
            for name in std::iter::once(&known.name).chain(known.others) {
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
            assert_eq!(row.split('|').nth(3).map(str::trim), Some(known.others.join(", ").as_str()));
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
            let heads = Heads::recognise(&[head.to_owned()], &[]);
            assert_eq!(heads.columns[0], column, "{head}");
        }
    }

    #[test]
    fn the_very_name_wins_over_a_question_and_lists_may_repeat() {
        let heads = |names: &[&str]| Heads::recognise(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>(), &[]);
        let found = heads(&["Emergency contact name please", "Name", "Skill 1", "Skill 2"]);
        assert_eq!(found.columns, [None, Some(Column::Name), Some(Column::Skills), Some(Column::Skills)]);
        assert_eq!(heads(&["Email", "E-mail"]).doubled, Some((0, 1)));
        assert_eq!(heads(&["First choice", "Second choice"]).doubled, None);
        let given = Heads::recognise(&["Q7".into()], &[("q7".into(), Column::Goals)]);
        assert_eq!(given.columns, [Some(Column::Goals)]);
    }

    proptest! {
        #[test]
        fn any_heads_can_be_read(heads in proptest::collection::vec("\\PC{0,40}", 0..12)) {
            let found = Heads::recognise(&heads, &[]);
            prop_assert_eq!(found.columns.len(), heads.len());
            for known in COLUMNS.iter().filter(|known| !known.repeats && found.doubled.is_none()) {
                prop_assert!(found.of(known.column).count() <= 1);
            }
        }
    }
}
