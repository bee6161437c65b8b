//! One search: what was asked is understood, everyone is looked at in memory, and the few who are shown are read from
//! the database, so that what stands on the page is what is there. Only reads.

use super::about::{self, About, Nearest};
use super::contrast::SetAside;
use super::follow::{self, Directory};
use super::index::{At, Index, Roles, Week, minutes, stems, tongue_bit};
use super::query::Understood;
use super::rank::{self, Bits, Counts, Filters, Ladder, STYLES, Style, Want, Wish};
use super::reasons::{Known, Near, Reason, Wanted, Wished, next_times, reasons, unlike};
use super::search::{is_filler, nearest};
use super::sql;
use crate::app::Tx;
use crate::error::Result;
use crate::form::Form;
use crate::goals::{GoalId, Step};
use crate::people::{Experience, OpenTo, Value, ValueBits, places, tongues};
use crate::relationships::{Kind, RelationshipId, verbs as partners};
use crate::skills::{Graph, Skill, Slot};
use crate::slices::ASKED_ALREADY;
use crate::viewer::{PersonId, Viewer};
use chiron_recommend::list;
use chiron_store::List;
use jiff::SignedDuration;
use std::collections::BTreeMap;

/// People on a page.
pub const PAGE: usize = 20;
/// Shown first for a goal.
pub const FIRST: usize = 5;
/// Nobody turns more pages than that; another word narrows better.
pub const DEEPEST: usize = 1_000;
/// Documents that a search by words takes in: those who joined last.
const MOST_DOCS: i64 = 20_000;
const MOST_REASONS: usize = 4;
/// A contrast is looked for when there is somebody beyond the first few.
const LOOKED_AT: usize = list::LOOKED_AT;

/// What the page was asked for.
#[derive(Debug, Clone, Default)]
pub struct Asking {
    pub q: String,
    pub goal: Option<ForGoal>,
    pub skills: Vec<String>,
    pub languages: Vec<String>,
    pub countries: Vec<String>,
    pub roles: Vec<OpenTo>,
    pub styles: Vec<usize>,
    pub no_fee: bool,
    pub with_fee: bool,
    pub common_hour: bool,
    pub free_soon: bool,
    /// Whether more than the first five for a goal are wanted.
    pub all: bool,
    pub from: usize,
}

/// A goal as far as finding people goes.
#[derive(Debug, Clone)]
pub struct ForGoal {
    pub id: GoalId,
    pub outcome: String,
    /// Skill, present level, target level.
    pub skills: Vec<(String, i64, i64)>,
    pub role: Option<OpenTo>,
    /// “a mentor”, and why.
    pub advice: Option<(&'static str, String)>,
    pub ways_of_working: Vec<usize>,
    /// The part that was changed just now.
    pub changed: Option<Step>,
}

impl Asking {
    pub fn of(form: &Form, goal: Option<ForGoal>) -> Self {
        let few = |name: &str| form.values(name).into_iter().take(20).map(str::to_owned).collect::<Vec<_>>();
        let has = |name: &str, value: &str| form.values(name).contains(&value);
        Self {
            q: form.value("q").trim_start().chars().take(300).collect(),
            goal,
            skills: few("skill"),
            languages: few("language"),
            countries: few("country"),
            roles: form.values("role").into_iter().filter_map(|r| r.parse().ok()).collect(),
            styles: form.values("style").into_iter().filter_map(Style::named).collect(),
            no_fee: has("fee", "none"),
            with_fee: has("fee", "some"),
            common_hour: has("time", "common"),
            free_soon: has("time", "soon"),
            all: form.ticked("all"),
            from: form.value("from").parse().unwrap_or(0).min(DEEPEST - PAGE),
        }
    }

    /// The first look for a goal, before anything was narrowed.
    pub fn shows_five(&self) -> bool {
        self.goal.is_some() && !self.all && self.from == 0 && self.q.is_empty() && !self.is_narrowed()
    }

    pub fn is_narrowed(&self) -> bool {
        let lists = self.skills.len() + self.languages.len() + self.countries.len() + self.roles.len() + self.styles.len();
        lists > 0 || self.no_fee || self.with_fee || self.common_hour || self.free_soon
    }

    fn most(&self) -> usize {
        if self.shows_five() { FIRST } else { PAGE }
    }
}

/// Someone as the page shows them.
pub struct Shown {
    pub known: Known,
    pub reasons: Vec<Reason>,
    /// Their next free times by the viewer's clock.
    pub next: Vec<jiff::Zoned>,
    /// Where the viewer works with them already.
    pub together: Option<(RelationshipId, Kind)>,
    /// Where the viewer has asked them already.
    pub asked: Option<String>,
}

/// So many come along to the letter for somebody, as whom it may be asked next. More than can be chosen: some of them
/// cannot be asked for this, which the letter's page knows.
pub const MOST_NEXT: usize = 6;

/// An answer of a facet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub value: String,
    pub label: String,
    pub count: u64,
    pub chosen: bool,
}

/// What was understood of the sentence: in words, and the sentence without it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    pub words: String,
    pub without: String,
}

pub struct Results {
    pub asking: Asking,
    pub total: usize,
    /// More people have the words than were looked at.
    pub too_many: bool,
    pub people: Vec<Shown>,
    /// For a goal: one who is on it and as unlike the others as can be, and how.
    pub contrast: Option<(Shown, String)>,
    /// Contrasts were set aside for this goal.
    pub set_aside: bool,
    /// Nobody fits by a skill or a word: these come near by what they mean.
    pub by_meaning: bool,
    /// Whom to ask next, after each on the page: everyone that was found, in order.
    pub order: Vec<PersonId>,
    pub chips: Vec<Chip>,
    /// What was typed, and what was looked for instead.
    pub mended: Vec<(String, String)>,
    pub facets: Vec<(&'static str, &'static str, Vec<Answer>)>,
    /// When nobody was found: a wider skill that somebody has.
    pub wider: Option<String>,
    pub viewer_has_hours: bool,
}

/// Searches. `None`: the index has to be built first.
pub fn find(tx: &mut Tx, viewer: &Viewer, asking: Asking) -> Result<Option<Results>> {
    if !follow::catch_up(tx)? {
        return Ok(None);
    }
    let graph = crate::skills::graph_here(tx)?;
    let directory = tx.memory::<Directory>();
    let mut understood = Understood::of(&asking.q, &graph);
    let mut mended = mend_skills(tx, &mut understood, &graph)?;
    let matched = sql::words_match(tx, &understood.rest, MOST_DOCS)?;
    mended.extend(matched.mended.iter().cloned());
    let words_decide = understood.skills.is_empty() && asking.goal.as_ref().is_none_or(|goal| goal.skills.is_empty());
    let whole = if words_decide { sql::words_whole(tx, &matched)? } else { Vec::new() };
    let own = Own::of(tx, viewer)?;
    let set_aside = match &asking.goal {
        Some(goal) if asking.shows_five() => sql::set_aside(tx, goal.id)?,
        _ => SetAside::default(),
    };
    let (wish, mut wished, found, order, known, has_contrast) = {
        // Nothing is asked of the database while this is held.
        let index = directory.index();
        let ladder = Ladder::of(&index, &graph);
        let (mut wish, wished) = make_wish(tx, viewer, &asking, &understood, &own, &graph, &index);
        wish.filters.skills = asking.skills.iter().filter_map(|id| Some(ladder.inside(graph.by_id(id)?.slot))).collect();
        if !understood.rest.is_empty() {
            let people = |docs: &[i64]| {
                let mut people = Bits::none(index.len());
                docs.iter().filter_map(|doc| index.of_doc(*doc)).for_each(|at| people.put(at));
                people
            };
            wish.says = Some(people(&matched.docs));
            // Beside a skill, the other words only help; alone they decide.
            wish.only_who_says = wish.wants.is_empty();
            wish.says_whole = (wish.only_who_says && !whole.is_empty()).then(|| people(&whole));
        }
        wish.about = About::of([asking.q.as_str(), asking.goal.as_ref().map_or("", |goal| &goal.outcome)], &index);
        // Whose very words were typed, a name perhaps, is who was meant.
        wish.least_fitting = if wish.only_who_says { 1 } else { FIRST as u32 };
        if nobody_has(&graph, &asking) {
            (wish.says, wish.only_who_says, wish.about) = (None, true, None);
        }
        let found = rank::look(&index, &wish, &index.offsets(tx.now()), &ladder);
        let from = asking.from.min(found.best.len());
        let ranked: Vec<At> = found.best[from..].iter().map(|(_, at)| *at).collect();
        let (few, contrast) = if asking.shows_five() { few_and_contrast(&index, &found, &set_aside) } else { (Vec::new(), None) };
        let rest = ranked.into_iter().filter(|at| !few.contains(at) && contrast != Some(*at)).collect::<Vec<_>>();
        let shown: Vec<At> = few.into_iter().chain(rest).collect();
        let order: Vec<PersonId> = shown.iter().take(asking.most() + MOST_NEXT).map(|at| index.id(*at)).collect();
        let shown = shown.into_iter().take(asking.most()).chain(contrast);
        let known: Vec<FromIndex> = shown.map(|at| FromIndex::of(&index, at, &wish)).collect();
        (wish, wished, found, order, known, contrast.is_some())
    };
    wished.words = matched.mended.iter().fold(understood.rest.words.clone(), |words, (typed, meant)| {
        words.into_iter().map(|w| if w == *typed { meant.clone() } else { w }).collect()
    });
    wished.spoken = rank::names_of(wish.spoken & found.rare_languages());
    let mut people = show(tx, viewer, &wished, known, &graph)?;
    let contrast = if has_contrast { people.pop() } else { None };
    let contrast = contrast.map(|shown| {
        let unlike = unlike(&shown.known, people.iter().map(|other| &other.known));
        (shown, unlike)
    });
    let index = directory.index();
    let facets = facets(&graph, &asking, &found.counts, wish.week.is_some());
    let wider = if found.total == 0 { wider(&index, &graph, &wished, &understood) } else { None };
    Ok(Some(Results {
        total: found.total as usize,
        too_many: matched.docs.len() as i64 >= MOST_DOCS && wish.only_who_says,
        by_meaning: found.best.first().is_some_and(|(score, _)| !rank::fits(*score)),
        people,
        contrast,
        set_aside: !set_aside.is_empty(),
        order,
        chips: chips(&understood, &graph),
        mended,
        facets,
        wider,
        viewer_has_hours: wish.week.is_some(),
        asking,
    }))
}

/// The few that are shown first for a goal, not five times the same person, and one who sees it otherwise.
fn few_and_contrast(index: &Index, found: &rank::Found, aside: &SetAside) -> (Vec<At>, Option<At>) {
    let best = &found.best[..found.best.len().min(LOOKED_AT)];
    // Those who fit stay ahead of those who only come near.
    let fitting = best.iter().filter(|(score, _)| rank::fits(*score)).count();
    let scores: Vec<u16> = best.iter().map(|(score, _)| rank::plain(*score)).collect();
    let alike = |one: usize, other: usize| about::alike(index, best[one].1, best[other].1);
    // The contrast is to the five best, and kept for its own place, before those are chosen to differ.
    let plain: Vec<usize> = (0..fitting.min(FIRST)).collect();
    let contrast = if plain.len() == FIRST && !aside.all {
        let open: Vec<usize> = (0..fitting).filter(|at| *at < FIRST || aside.may_show(index.id(best[*at].1))).collect();
        let scores: Vec<u16> = open.iter().map(|at| scores[*at]).collect();
        list::contrast(&scores, &plain, |one, other| alike(open[one], open[other])).map(|at| open[at])
    } else {
        None
    };
    let others = |range: std::ops::Range<usize>| range.filter(|at| contrast != Some(*at)).collect::<Vec<usize>>();
    let mut few: Vec<usize> = Vec::with_capacity(FIRST);
    for group in [others(0..fitting), others(fitting..best.len())] {
        let scores: Vec<u16> = group.iter().map(|at| scores[*at]).collect();
        let chosen = list::various(&scores, FIRST - few.len(), |one, other| alike(group[one], group[other]));
        few.extend(chosen.into_iter().map(|at| group[at]));
    }
    (few.into_iter().map(|at| best[at].1).collect(), contrast.map(|at| best[at].1))
}

/// Words of the rest that nobody here wrote and that are a skill with a letter wrong.
fn mend_skills(tx: &mut Tx, understood: &mut Understood, graph: &Graph) -> Result<Vec<(String, String)>> {
    let mut mended = Vec::new();
    let left: Vec<_> = understood.left.iter().filter(|p| p.is.chars().count() > 4 && !is_filler(&p.is)).take(4).cloned().collect();
    for part in left {
        if sql::knows(tx, &part.is)? {
            continue;
        }
        let meant = graph.suggest(&part.is, 3).into_iter().find(|skill| {
            let words: Vec<String> = std::iter::once(&skill.name).chain(&skill.words).map(|w| crate::fold::fold(w)).collect();
            !nearest(&part.is, &words, false).is_empty()
        });
        if let Some(skill) = meant {
            mended.push((part.is.clone(), skill.name.to_string()));
            understood.means(part.span.clone(), skill.slot);
        }
    }
    Ok(mended)
}

/// What the viewer's own profile says that a search takes into account.
struct Own {
    languages: Vec<String>,
    hours: Vec<(i64, i64, i64)>,
    /// Those between whom and the viewer a block stands.
    apart_from: Vec<PersonId>,
    values: ValueBits,
}

impl Own {
    fn of(tx: &mut Tx, viewer: &Viewer) -> Result<Self> {
        let me = List::of([viewer.person.0])?;
        let hours = sql::hours_of(tx, &me)?.into_iter().map(|(_, day, from, to)| (day, from, to)).collect();
        Ok(Self {
            languages: sql::languages(tx, viewer.person)?,
            hours,
            apart_from: crate::people::verbs::apart_from(tx, viewer.person)?,
            values: crate::people::verbs::values_that_count(tx, viewer.person)?,
        })
    }
}

fn make_wish(
    tx: &Tx,
    viewer: &Viewer,
    asking: &Asking,
    understood: &Understood,
    own: &Own,
    graph: &Graph,
    index: &Index,
) -> (Wish, Wished) {
    let mut wished = Wished { hours: own.hours.clone(), ..Wished::default() };
    let want = |skill: &Skill, present, target| {
        let mut near = vec![0; index.skills_known()];
        for (slot, nearness) in graph.near(skill.slot) {
            if let Some(at) = graph.skill(*slot).and_then(|s| index.skill(&s.id)) {
                near[usize::from(at)] = *nearness;
            }
        }
        Want { near, present, target }
    };
    for part in &understood.skills {
        if let Some(skill) = graph.skill(part.is) {
            wished.skills.push(Wanted { name: skill.name.to_string(), want: want(skill, None, None), of_goal: false });
        }
    }
    if let Some(goal) = &asking.goal {
        wished.of_goal = true;
        for (id, present, target) in &goal.skills {
            if let Some(skill) = graph.by_id(id) {
                let want = want(skill, Some(*present), Some(*target));
                wished.skills.push(Wanted { name: skill.name.to_string(), want, of_goal: true });
                wished.way.extend(stems(&skill.name));
            }
        }
        wished.way.extend(stems(&goal.outcome));
        wished.role = goal.role.map(|role| (role, role_reason(role)));
        wished.ways_of_working = goal.ways_of_working.iter().map(|style| (*style, true)).collect();
    }
    wished.ways_of_working.extend(asking.styles.iter().map(|style| (*style, false)));
    let bits = |codes: &mut dyn Iterator<Item = &str>| codes.filter_map(tongue_bit).fold(0u128, |all, bit| all | 1 << bit);
    let must_speak = bits(&mut understood.tongues.iter().map(|t| t.is.code));
    let spoken = bits(&mut own.languages.iter().map(String::as_str));
    let languages = bits(&mut asking.languages.iter().map(String::as_str));
    wished.must_speak = rank::names_of(must_speak | languages);
    let week = Week::of(&own.hours, &viewer.zone, tx.now());
    let wish = Wish {
        viewer: index.at(viewer.person),
        apart_from: own.apart_from.iter().filter_map(|person| index.at(*person)).collect(),
        now_minutes: minutes(tx.now().as_micros()),
        wants: wished.skills.iter().map(|w| w.want.clone()).collect(),
        way: wished.way.iter().filter_map(|stem| index.word(stem)).collect(),
        spoken,
        must_speak,
        must_live: understood.countries.iter().filter_map(|c| country_number(c.is.code)).collect(),
        either_will_do: understood.either_will_do,
        role: wished.role.map(|(role, _)| role),
        ways_of_working: wished.ways_of_working.iter().map(|(style, _)| *style).collect(),
        week: (!week.is_empty()).then_some(week),
        values: own.values,
        says: None,
        says_whole: None,
        about: None,
        least_fitting: 0,
        only_who_says: false,
        filters: Filters {
            skills: Vec::new(),
            languages,
            countries: asking.countries.iter().filter_map(|code| country_number(code)).collect(),
            roles: Roles(asking.roles.iter().fold(0, |bits, role| bits | Roles::of(*role).0)),
            styles: asking.styles.clone(),
            no_fee: asking.no_fee,
            with_fee: asking.with_fee,
            common_hour: asking.common_hour,
            free_soon: asking.free_soon,
        },
        most: if asking.shows_five() { LOOKED_AT } else { (asking.from + asking.most() + 3).min(DEEPEST) },
    };
    (wish, wished)
}

fn role_reason(role: OpenTo) -> &'static str {
    match role {
        OpenTo::Mentor => "is open to being your mentor",
        OpenTo::Coach => "is open to being your coach",
        OpenTo::Peer => "is open to learning with you as a partner",
        OpenTo::Question => "answers single questions",
    }
}

fn country_number(code: &str) -> Option<u8> {
    places::countries().iter().position(|c| c.code == code).and_then(|at| u8::try_from(at).ok())
}

/// Something was chosen that there is not, so that nobody can have it.
fn nobody_has(graph: &Graph, asking: &Asking) -> bool {
    asking.skills.iter().any(|id| graph.by_id(id).is_none())
        || !asking.languages.is_empty() && asking.languages.iter().all(|code| tongue_bit(code).is_none())
        || !asking.countries.is_empty() && asking.countries.iter().all(|code| country_number(code).is_none())
}

/// What the index knows of someone who is shown.
struct FromIndex {
    person: PersonId,
    skill_numbers: BTreeMap<String, u16>,
    open_to: Vec<OpenTo>,
    places_left: i64,
    style: [u8; 3],
    usual_reply: Option<SignedDuration>,
    says_the_words: bool,
    nearest: Option<FromIndexNearest>,
    both_hold: Vec<Value>,
}

/// What of somebody comes nearest to what is looked for.
enum FromIndexNearest {
    Text(usize),
    Skill(String),
}

impl FromIndex {
    fn of(index: &Index, at: At, wish: &Wish) -> Self {
        let row = index.row(at);
        let open = row.open_to(wish.now_minutes);
        Self {
            person: index.id(at),
            skill_numbers: index.skills_of(row).iter().map(|(skill, _)| (index.skill_id(*skill).to_owned(), *skill)).collect(),
            open_to: OpenTo::ALL.iter().copied().filter(|role| open.has(*role)).collect(),
            places_left: row.places_left().into(),
            style: row.style,
            usual_reply: row.usual_reply_minutes().map(|m| SignedDuration::from_mins(m.into())),
            says_the_words: wish.says.as_ref().is_some_and(|says| says.has(at)),
            both_hold: wish.values.named_by_both(row.values),
            nearest: wish.about.as_ref().and_then(|about| about.nearest(index, at)).map(|nearest| match nearest {
                Nearest::Text(text) => FromIndexNearest::Text(text),
                Nearest::Skill(skill) => FromIndexNearest::Skill(index.skill_id(skill).to_owned()),
            }),
        }
    }
}

/// Reads those who are shown, in five statements however many they are.
fn show(tx: &mut Tx, viewer: &Viewer, wished: &Wished, people: Vec<FromIndex>, graph: &Graph) -> Result<Vec<Shown>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let ids = List::of(people.iter().map(|p| p.person.0))?;
    let whom: Vec<PersonId> = people.iter().map(|p| p.person).collect();
    let working_with = partners::working_with(tx, viewer.person, &whom)?;
    let mut asked = ASKED_ALREADY(tx, viewer, &whom)?;
    let mut cards: BTreeMap<PersonId, sql::Card> = sql::cards(tx, &ids)?.into_iter().map(|card| (card.person, card)).collect();
    let mut levels = together(sql::levels_of(tx, &ids)?.into_iter().map(|(p, skill, level)| (p, (skill, level))));
    let mut languages = together(sql::languages_of(tx, &ids)?);
    let mut hours = together(sql::hours_of(tx, &ids)?.into_iter().map(|(p, day, from, to)| (p, (day, from, to))));
    let mut done = together(
        sql::done_of(tx, &ids)?
            .into_iter()
            .map(|(p, moved_from, moved_into, words)| (p, Experience { moved_from, moved_into, year: None, words })),
    );
    let now = tx.now();
    let mut shown = Vec::with_capacity(people.len());
    for person in people {
        let Some(card) = cards.remove(&person.person) else { continue };
        let name = |id: &str| graph.by_id(id).map_or_else(|| id.to_owned(), |s| s.name.to_string());
        let skills = levels.remove(&person.person).unwrap_or_default();
        let mut known = Known {
            skills: skills
                .into_iter()
                .filter_map(|(id, level)| Some((*person.skill_numbers.get(&id)?, name(&id), u8::try_from(level).ok()?)))
                .collect(),
            languages: languages
                .remove(&person.person)
                .unwrap_or_default()
                .iter()
                .filter_map(|code| tongues::by_code(code).map(|t| t.name))
                .collect(),
            hours: hours.remove(&person.person).unwrap_or_default(),
            done: done.remove(&person.person).unwrap_or_default(),
            usual_reply: person.usual_reply,
            open_to: person.open_to,
            places_left: person.places_left,
            style: person.style,
            says_the_words: person.says_the_words,
            both_hold: person.both_hold,
            near: None,
            card,
        };
        known.near = person.nearest.map(|nearest| match nearest {
            FromIndexNearest::Skill(id) => Near::Skill(name(&id)),
            FromIndexNearest::Text(at) => known.near_text(at),
        });
        let next = next_times(&known.hours, &known.zone(), &viewer.zone, now, 2);
        let reasons = reasons(&known, wished, &viewer.zone, now, MOST_REASONS);
        let together = working_with.get(&person.person).copied();
        let asked = asked.remove(&person.person);
        shown.push(Shown { known, reasons, next, together, asked });
    }
    Ok(shown)
}

fn together<V>(rows: impl IntoIterator<Item = (PersonId, V)>) -> BTreeMap<PersonId, Vec<V>> {
    let mut all: BTreeMap<PersonId, Vec<V>> = BTreeMap::new();
    for (person, value) in rows {
        all.entry(person).or_default().push(value);
    }
    all
}

fn chips(understood: &Understood, graph: &Graph) -> Vec<Chip> {
    let skills = understood.skills.iter().filter_map(|p| Some((graph.skill(p.is)?.name.to_string(), &p.span)));
    let tongues = understood.tongues.iter().map(|p| (format!("speaks {}", p.is.name), &p.span));
    let countries = understood.countries.iter().map(|p| (format!("in {}", p.is.name), &p.span));
    let all = skills.chain(tongues).chain(countries);
    all.map(|(words, span)| Chip { words, without: understood.without(span) }).collect()
}

/// The nearest wider skill that somebody offers.
fn wider(index: &Index, graph: &Graph, wished: &Wished, understood: &Understood) -> Option<String> {
    let named = understood.skills.iter().map(|p| p.is);
    let of_goal = wished.skills.iter().filter_map(|w| graph.find(&w.name)).map(|s| s.slot);
    let mut wider = named.chain(of_goal).flat_map(|slot| graph.broader_closure(slot));
    wider.find_map(|slot| {
        let skill = graph.skill(*slot)?;
        let offered = index.skill(&skill.id).map_or(0, |at| index.offering(at).len());
        (offered > 0).then(|| skill.name.to_string())
    })
}

fn facets(graph: &Graph, asking: &Asking, counts: &Counts, with_hours: bool) -> Vec<(&'static str, &'static str, Vec<Answer>)> {
    let skill_name = |id: &str| graph.by_id(id).map_or_else(|| id.to_owned(), |s| s.name.to_string());
    let chosen_skills: Vec<Slot> = asking.skills.iter().filter_map(|id| Some(graph.by_id(id)?.slot)).collect();
    let skills = graph.skills().iter().filter_map(|skill| {
        let (count, is_chosen) = (counts.skills[skill.slot.index()], chosen_skills.contains(&skill.slot));
        // Of two answers that leave the same people, the narrower one says more of them.
        let same_inside = || graph.narrower_closure(skill.slot).iter().any(|inside| counts.skills[inside.index()] == count);
        (is_chosen || count > 0 && !same_inside()).then(|| (skill.id.to_string(), count, is_chosen))
    });
    let languages =
        tongues::tongues().iter().zip(counts.languages).map(|(t, count)| (t.code.to_owned(), count, chosen(&asking.languages, t.code)));
    let countries = places::countries()
        .iter()
        .zip(counts.countries.iter())
        .map(|(c, count)| (c.code.to_owned(), *count, chosen(&asking.countries, c.code)));
    let roles = OpenTo::ALL.iter().zip(counts.roles).map(|(role, count)| (role.as_str().to_owned(), count, asking.roles.contains(role)));
    let styles =
        STYLES.iter().enumerate().zip(counts.styles).map(|((at, s), count)| (s.value.to_owned(), count, asking.styles.contains(&at)));
    let fees = [("none".to_owned(), counts.no_fee, asking.no_fee), ("some".to_owned(), counts.with_fee, asking.with_fee)];
    let mut times = vec![("soon".to_owned(), counts.free_soon, asking.free_soon)];
    if with_hours {
        times.insert(0, ("common".to_owned(), counts.common_hour, asking.common_hour));
    }
    vec![
        ("skill", "Knows", most(skills, 8, skill_name)),
        ("language", "Speaks", most(languages, 8, |code| tongues::by_code(code).map_or(code, |t| t.name).to_owned())),
        (
            "time",
            "Time",
            most(times.into_iter(), 2, |value| match value {
                "common" => "An hour a week when I am free too".to_owned(),
                _ => "Free in the next 14 days".to_owned(),
            }),
        ),
        (
            "role",
            "Open to",
            in_order(
                most(roles, 4, |role| {
                    match role {
                        "mentor" => "Being a mentor",
                        "coach" => "Being a coach",
                        "peer" => "Learning together",
                        _ => "One question",
                    }
                    .to_owned()
                }),
                &["mentor", "coach", "peer", "question"],
            ),
        ),
        (
            "style",
            "Someone who",
            in_order(
                most(styles, 6, |value| Style::named(value).map_or(value, |at| STYLES[at].words).to_owned()),
                &["directive", "facilitative", "support", "challenge", "structured", "emergent"],
            ),
        ),
        ("country", "Lives in", most(countries, 8, |code| places::by_code(code).map_or(code, |c| c.name).to_owned())),
        (
            "fee",
            "Fee",
            in_order(
                most(fees.into_iter(), 2, |value| if value == "none" { "Free of charge" } else { "For a fee" }.to_owned()),
                &["none", "some"],
            ),
        ),
    ]
}

fn chosen(list: &[String], value: &str) -> bool {
    list.iter().any(|v| v == value)
}

/// The commonest answers, and every chosen one.
fn most(answers: impl Iterator<Item = (String, u32, bool)>, most: usize, label: impl Fn(&str) -> String) -> Vec<Answer> {
    let mut answers: Vec<(String, u32, bool)> = answers.filter(|(_, count, chosen)| *count > 0 || *chosen).collect();
    answers.sort_by(|a, b| b.2.cmp(&a.2).then(b.1.cmp(&a.1)).then_with(|| a.0.cmp(&b.0)));
    let keep = most.max(answers.iter().filter(|a| a.2).count());
    answers.truncate(keep);
    answers.into_iter().map(|(value, count, chosen)| Answer { label: label(&value), value, count: count.into(), chosen }).collect()
}

fn in_order(mut answers: Vec<Answer>, order: &[&str]) -> Vec<Answer> {
    answers.sort_by_key(|a| order.iter().position(|o| *o == a.value));
    answers
}
