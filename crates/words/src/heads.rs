//! The heads of a table: which column means what, by the names that people give their columns in English, German, French
//! and Spanish, and by whole questions of forms.

use crate::fold::fold;
use std::collections::HashMap;

/// What may stand in a column of some name: the name by which we call it, its name in a sentence, whether several columns
/// of a sheet may share it (their cells follow one another), and what else people call it.
pub struct Known<C: 'static> {
    pub column: C,
    pub name: &'static str,
    pub words: &'static str,
    pub repeats: bool,
    others: &'static [&'static str],
}

pub const fn known<C>(column: C, name: &'static str, words: &'static str, others: &'static [&'static str]) -> Known<C> {
    Known { column, name, words, repeats: false, others }
}

pub const fn list<C>(column: C, name: &'static str, words: &'static str, others: &'static [&'static str]) -> Known<C> {
    Known { column, name, words, repeats: true, others }
}

impl<C> Known<C> {
    /// What else people call it.
    pub fn others(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.others.iter().flat_map(|names| names.split(", ")).filter(|other| plain(other) != plain(self.name))
    }
}

/// What each column is called, whatever the table is for: names with a comma between them, in English, German, French and
/// Spanish.
pub const ID: &str = "\
    person id, member id, user id, employee id, employee number, staff id, student id, external id, key, \
    personalnummer, mitgliedsnummer, matrikelnummer, matricule, identificador";
pub const NAME: &str = "\
    full name, your name, display name, person, member, mentor, mentee, mentor name, mentee name, vor- und nachname, \
    vorname und nachname, vollständiger name, dein name, ihr name, wie heißt du, wie heißen sie, nom, nom complet, \
    nom et prénom, prénom et nom, votre nom, ton nom, nombre, nombre completo, nombre y apellidos, tu nombre, su \
    nombre, cómo te llamas";
pub const FIRST_NAME: &str = "first name, firstname, given name, forename, vorname, prénom, nombre de pila";
pub const LAST_NAME: &str = "\
    last name, lastname, surname, family name, nachname, familienname, nom de famille, apellido, apellidos";
pub const EMAIL: &str = "\
    mail, email address, mail address, primary email, work email, username, email adresse, emailadresse, \
    mailadresse, courriel, adresse email, adresse mail, adresse électronique, correo, correo electrónico, dirección \
    de correo electrónico, dirección de correo, dirección de email";
pub const ROLE: &str = "\
    role, roles, mentor or mentee, mentee or mentor, joining as, participating as, i am a, rolle, rollen, mentor \
    oder mentee, mentee oder mentor, mentor ou mentoré, rol, mentor o mentee";
pub const OFFERS: &str = "\
    offers, skills offered, offered skills, expertise, areas of expertise, can help with, can offer, can mentor in, \
    can teach, strengths, mentoring topics, topics offered, ich biete, fachgebiete, domaines d'expertise, je \
    propose, áreas de experiencia, ofrezco";
pub const WANTS: &str = "\
    wants, skills wanted, wanted skills, wants to learn, want to learn, like to learn, looking for, skills to \
    develop, like to develop, development areas, areas of development, needs help with, help with, topics wanted, \
    learning needs, ich suche, lernwünsche, lernen möchte, lernen möchtest, je cherche, souhaite apprendre, \
    souhaitez apprendre, busco, quiero aprender, quieres aprender";
pub const SKILLS: &str = "\
    skill, skills, topics, topic, areas, tags, fields, competencies, competences, programming languages, \
    fähigkeiten, kompetenzen, kenntnisse, themen, thèmes, habilidades, competencias, temas";
/// What somebody has done.
pub const DONE: &str = "\
    experience, experiences, has done, background, erfahrung, erfahrungen, berufserfahrung, werdegang, parcours, \
    experiencia, trayectoria";
/// What somebody tells of themselves.
pub const ABOUT: &str = "\
    story, bio, short bio, biography, about, about me, about you, summary, über mich, über dich, biografie, \
    biographie, à propos, sobre mí";
pub const LANGUAGES: &str = "\
    language, spoken languages, speaks, sprache, sprachen, sprachkenntnisse, langue, langues, idioma, idiomas";
pub const ZONE: &str = "time zone, timezone, tz, utc offset, zeitzone, fuseau, fuseau horaire, zona horaria";
pub const COUNTRY: &str = "\
    country code, nation, country of residence, land, welchem land, pays, pays de résidence, quel pays, país, país \
    de residencia, qué país";
pub const HOURS: &str = "\
    availability, available, available times, available hours, times, free hours, free times, usually free, best \
    times, verfügbarkeit, freie zeiten, hast du zeit, haben sie zeit, disponibilité, disponibilités, disponibilidad, \
    horario";
pub const SEATS: &str = "\
    capacity, places, slots, max mentees, maximum mentees, number of mentees, how many mentees, mentees max, max \
    number of mentees, maximum number of mentees, plätze, anzahl mentees, wie viele mentees, combien de mentorés, \
    plazas, cuántos mentees";

/// Single words that stand in too many sentences to mean anything there.
const ONLY_ALONE: [&str; 8] = ["mentor", "mentee", "person", "member", "nombre", "title", "position", "description"];
/// Who asks for the name or the address of one of these asks for nobody's own.
const SOMEBODY_ELSE: [&str; 12] = [
    "manager",
    "supervisor",
    "boss",
    "emergency",
    "vorgesetzte",
    "vorgesetzten",
    "notfall",
    "notfallkontakt",
    "urgence",
    "superieur",
    "emergencia",
    "jefe",
];
/// Heads that mean a whole name by themselves, and only the other half of it beside a column for one half.
const WHOLE_OR_HALF: [&str; 3] = ["name", "nom", "nombre"];

/// A head as it is compared: folded, punctuation as spaces, without what stands in brackets and without numbers; "E-Mail"
/// is "email". Idempotent but for brackets; linear.
pub fn plain(head: &str) -> String {
    let mut text = String::with_capacity(head.len());
    let mut depth = 0_u32;
    for c in fold(head).chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            c if c.is_alphanumeric() => text.push(c),
            _ => text.push(' '),
        }
    }
    let words: Vec<&str> = text.split_whitespace().filter(|word| !word.bytes().all(|b| b.is_ascii_digit())).collect();
    let mut plain = String::with_capacity(text.len());
    for (at, word) in words.iter().enumerate() {
        let is_split_email = at > 0 && words[at - 1] == "e" && word.starts_with("mail");
        if at > 0 && !is_split_email {
            plain.push(' ');
        }
        plain.push_str(word);
    }
    plain
}

/// What a head says in brackets, as in the rows of a form's grid: `Availability [Monday]`.
pub fn in_brackets(head: &str) -> Option<&str> {
    let (_, rest) = head.split_once('[')?;
    Some(rest.split_once(']')?.0.trim())
}

/// First and last name as one. Where one says the other already, as "Ada" and "Ada Lovelace" do, it stands alone.
pub fn whole_name(first: &str, last: &str) -> String {
    let words = |name: &str| fold(name).split(' ').map(str::to_owned).collect::<Vec<_>>();
    let says = |one: &str, other: &str| words(other).iter().all(|word| words(one).contains(word));
    let whole = match (first, last) {
        (_, last) if says(last, first) && !first.trim().is_empty() => last.to_owned(),
        (first, _) if says(first, last) && !last.trim().is_empty() => first.to_owned(),
        (first, last) => format!("{first} {last}"),
    };
    whole.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// All names of the columns that a table may have, as they are compared.
pub struct Names<C: 'static> {
    known: &'static [Known<C>],
    alone: HashMap<String, C>,
    /// Those that are looked for inside questions: with a space on both sides, and of how many words.
    asked: Vec<(String, usize, C)>,
}

impl<C: Copy + Eq> Names<C> {
    /// `never_asked`: columns that are known by their very names only.
    pub fn of(known: &'static [Known<C>], never_asked: &[C]) -> Self {
        let mut names = Self { known, alone: HashMap::new(), asked: Vec::new() };
        for known in known {
            for name in
                std::iter::once(known.name).chain(known.others()).flat_map(|name| [plain(name), plain(&typed_without_umlauts(name))])
            {
                // A single short word such as "land" or "key" stands in too many sentences.
                let says_enough = name.len() > 4 && !ONLY_ALONE.contains(&name.as_str()) || name == "mail";
                if names.alone.insert(name.clone(), known.column).is_none() && says_enough && !never_asked.contains(&known.column) {
                    names.asked.push((format!(" {name} "), name.split(' ').count(), known.column));
                }
            }
        }
        names
    }

    /// The column of this very name.
    pub fn named(&self, name: &str) -> Option<C> {
        self.alone.get(&plain(name)).copied()
    }

    /// How many cells of a row name columns: what tells a row of heads from any other.
    pub fn known_in(&self, cells: &[String]) -> usize {
        cells
            .iter()
            .filter(|cell| cell.len() < 200)
            .filter(|cell| self.named(cell).or_else(|| self.asked_for(&plain(cell))).is_some())
            .count()
    }

    /// Recognises heads: names that were given first, then the very names, then names that occur in a question ("Which
    /// skills would you like to develop?"), the longest of them. Nobody's column twice, except lists.
    pub fn recognise(&self, heads: &[String], given: &[(String, C)]) -> Heads<C> {
        let plain_heads: Vec<String> = heads.iter().map(|head| plain(head)).collect();
        let is_given = |at: usize| given.iter().find(|(name, _)| fold(name) == fold(&heads[at])).map(|(_, column)| *column);
        let named = |at: usize| is_given(at).or_else(|| self.alone.get(&plain_heads[at]).copied());
        let mut found = Heads { columns: (0..heads.len()).map(named).collect(), doubled: None };
        for at in 0..heads.len() {
            if let Some(column) = found.columns[at]
                && !self.repeats(column)
                && let Some(first) = found.columns[..at].iter().position(|other| *other == Some(column))
            {
                found.doubled = found.doubled.or(Some((first, at)));
            }
        }
        for (at, head) in plain_heads.iter().enumerate() {
            if found.columns[at].is_none()
                && let Some(column) = self.asked_for(head)
                && (self.repeats(column) || !found.columns.contains(&Some(column)))
            {
                found.columns[at] = Some(column);
            }
        }
        found
    }

    fn repeats(&self, column: C) -> bool {
        self.known.iter().any(|known| known.column == column && known.repeats)
    }

    /// The longest name that stands in a question as whole words; of equals the one that stands last, because questions
    /// end in what they ask for.
    fn asked_for(&self, head: &str) -> Option<C> {
        if !head.contains(' ') {
            return None;
        }
        let is_about_another = |text: &str| text.split(' ').any(|word| SOMEBODY_ELSE.contains(&word));
        let asks_another = is_about_another(head);
        let head = format!(" {head} ");
        let names = self.asked.iter().filter(|(name, ..)| !asks_another || is_about_another(name));
        let found = names.filter_map(|(name, words, column)| Some((*words, head.rfind(name.as_str())?, *column)));
        found.max_by_key(|(words, at, _)| (*words, *at)).map(|(.., column)| column)
    }
}

/// "Fähigkeiten" is "Faehigkeiten" where a system knows no umlauts.
fn typed_without_umlauts(name: &str) -> String {
    name.replace('ä', "ae").replace('ö', "oe").replace('ü', "ue")
}

/// How the columns of one sheet are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heads<C> {
    /// For each column of the sheet what it holds; nothing where nobody here knows.
    pub columns: Vec<Option<C>>,
    /// Two columns that both say they are the same one thing.
    pub doubled: Option<(usize, usize)>,
}

impl<C> Default for Heads<C> {
    fn default() -> Self {
        Self { columns: Vec::new(), doubled: None }
    }
}

impl<C: Copy + Eq> Heads<C> {
    /// Every column of the sheet that holds this, in order.
    pub fn of(&self, column: C) -> impl Iterator<Item = usize> + '_ {
        self.columns.iter().enumerate().filter(move |(_, known)| **known == Some(column)).map(|(at, _)| at)
    }

    /// "Name" beside "Vorname", "Nom" beside "Prénom" and "Nombre" beside "Apellidos" is the other half of the name.
    pub fn halve_name(&mut self, heads: &[String], [whole, first, last]: [C; 3]) {
        let has = |column: C| self.of(column).next().is_some();
        let half = match (has(first), has(last)) {
            (true, false) => last,
            (false, true) => first,
            _ => return,
        };
        let bare = self.of(whole).find(|at| WHOLE_OR_HALF.contains(&plain(&heads[*at]).as_str()));
        if let Some(at) = bare {
            self.columns[at] = Some(half);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    enum Column {
        Name,
        FirstName,
        LastName,
        Email,
        Languages,
        Skills,
        Country,
    }

    const COLUMNS: [Known<Column>; 7] = [
        known(Column::Name, "name", "the name", &[NAME]),
        known(Column::FirstName, "first name", "the first name", &[FIRST_NAME]),
        known(Column::LastName, "last name", "the last name", &[LAST_NAME]),
        known(Column::Email, "email", "the address", &[EMAIL]),
        list(Column::Languages, "languages", "languages", &[LANGUAGES]),
        list(Column::Skills, "skills", "skills", &[SKILLS]),
        known(Column::Country, "country", "the country", &[COUNTRY]),
    ];

    fn recognise(heads: &[&str]) -> Heads<Column> {
        let heads: Vec<String> = heads.iter().map(|head| (*head).to_owned()).collect();
        let mut found = Names::of(&COLUMNS, &[]).recognise(&heads, &[]);
        found.halve_name(&heads, [Column::Name, Column::FirstName, Column::LastName]);
        found
    }

    #[test]
    fn a_head_is_known_however_it_is_written() {
        for (heads, column) in [
            (&["email", "E-Mail", "e_mail", "EMail", "E-Mail Adresse", "E-Mail-Adresse (dienstlich)", "Emailadresse"][..], Column::Email),
            (
                &["Courriel", "Adresse e-mail", "Correo electrónico", "Dirección de correo electrónico", "What is your email?"],
                Column::Email,
            ),
            (&["Name", "Full Name *", "What is your full name?", "Wie heißt du?", "WIE HEISST DU", "Nom", "Nombre"], Column::Name),
            (&["Vor- und Nachname", "Nom et prénom", "¿Cuál es tu nombre?", "Quel est votre nom ?"], Column::Name),
            (&["first_name", "First Name:", "Vorname", "Prénom", "PRENOM"], Column::FirstName),
            (&["Surname", "Nachname", "Nom de famille", "Apellidos"], Column::LastName),
            (&["Languages", "Sprachen", "Langues", "Idiomas", "Which languages do you speak?"], Column::Languages),
            (
                &["Fähigkeiten", "Faehigkeiten", "FÄHIGKEITEN", "Compétences", "Habilidades", "Skill 2", "Programming languages"],
                Column::Skills,
            ),
            (&["Land", "País", "Pays", "Country of residence", "In welchem Land lebst du?"], Column::Country),
        ] {
            for head in heads {
                assert_eq!(recognise(&[head]).columns, [Some(column)], "{head}");
            }
        }
        for head in ["Zeitstempel", "Emergency contact email", "Name of your manager", "I want to be a mentor", "Nombre de la empresa", ""]
        {
            assert_eq!(recognise(&[head]).columns, [None], "{head}");
        }
    }

    #[test]
    fn half_a_name_beside_the_other_half_is_half_a_name() {
        use Column::{FirstName, LastName, Name};
        for (heads, columns) in [
            (["Vorname", "Name"], [FirstName, LastName]),
            (["Nom", "Prénom"], [LastName, FirstName]),
            (["Nombre", "Apellidos"], [FirstName, LastName]),
            (["Full name", "First name"], [Name, FirstName]),
        ] {
            assert_eq!(recognise(&heads).columns, columns.map(Some), "{heads:?}");
        }
        for (first, last, name) in
            [("Ada", "Lovelace", "Ada Lovelace"), ("Ada", "Ada  Lovelace", "Ada Lovelace"), ("Ada", "", "Ada"), ("", "", "")]
        {
            assert_eq!(whole_name(first, last), name);
        }
    }

    #[test]
    fn no_word_means_two_things() {
        let lists =
            [ID, NAME, FIRST_NAME, LAST_NAME, EMAIL, ROLE, OFFERS, WANTS, SKILLS, DONE, ABOUT, LANGUAGES, ZONE, COUNTRY, HOURS, SEATS];
        let mut names: Vec<String> = lists.into_iter().flat_map(|names| names.split(", ")).map(plain).collect();
        names.sort_unstable();
        for pair in names.windows(2) {
            assert_ne!(pair[0], pair[1]);
        }
    }

    proptest! {
        #[test]
        fn a_name_is_compared_as_it_is_whatever_case_it_has(name in "[a-zäöüé]{1,8}[ _.:-]{1,2}[a-z]{0,6}") {
            prop_assert_eq!(plain(&name.to_uppercase()), plain(&name));
            prop_assert_eq!(plain(&plain(&name)), plain(&name));
        }
    }
}
