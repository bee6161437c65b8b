//! Relationships: what they are, who plays which part, how much time was agreed, and who may do what. Pure.

use crate::people::Chip;
use crate::refused;
use crate::seal::{KeyId, Sealed};
use crate::viewer::{PersonId, Viewer};
use chiron_store::{Timestamp, ids, record, text_enum};

ids!(RelationshipId, TestimonialId);

text_enum!(pub Kind { Mentoring = "mentoring", Coaching = "coaching", Peer = "peer", Circle = "circle", Flash = "flash" });
text_enum!(
    pub Role {
        Mentor = "mentor",
        Mentee = "mentee",
        Coach = "coach",
        Client = "client",
        Peer = "peer",
        /// Stands behind it or pays for it, takes no part in it, and sees what the agreement lets them see.
        Sponsor = "sponsor",
    }
);
text_enum!(
    pub RelationshipState {
        Proposed = "proposed",
        TryingOut = "trying_out",
        Agreed = "agreed",
        Active = "active",
        Paused = "paused",
        Closing = "closing",
        Ended = "ended",
        Dissolved = "dissolved",
        Frozen = "frozen",
    }
);
text_enum!(
    /// How much of someone's time is asked for or agreed.
    pub Extent { Answer = "answer", Conversation = "conversation", Regular = "regular" }
);
text_enum!(
    /// What people do with a relationship.
    pub Deed {
        See = "see",
        /// That it exists, of which kind it is and who is in it: all that a sponsor sees by being one.
        KnowOf = "know_of",
        /// Write, meet and agree in it: what slices below let people do with each other.
        TakePart = "take_part",
        SetNextStep = "set_next_step",
        SayStuck = "say_stuck",
        /// After the first conversation, in private: whether to go on.
        SayFit = "say_fit",
        /// Begin with the usual terms of its kind, without writing them down.
        Start = "start",
        Pause = "pause",
        Resume = "resume",
        ChangeKind = "change_kind",
        WindUp = "wind_up",
        AnswerClosing = "answer_closing",
        End = "end",
        Dissolve = "dissolve",
        PublishTestimonial = "publish_testimonial",
        TakeBackTestimonial = "take_back_testimonial",
        /// A line to the others once it has ended well.
        SayHello = "say_hello",
        /// Not be asked about it any more, of which nobody is told.
        LeaveQuietly = "leave_quietly",
    }
);

/// The longest texts, in characters.
pub mod longest {
    pub const NEXT_STEP: usize = 300;
    pub const CLOSING: usize = 1000;
    pub const TESTIMONIAL: usize = 600;
    pub const REASON: usize = 500;
    pub const CLOSING_ANSWER: usize = 1500;
    pub const HELLO: usize = 500;
}

impl Kind {
    /// As in “your mentoring with Tomas”.
    pub fn words(self) -> &'static str {
        match self {
            Self::Mentoring => "mentoring",
            Self::Coaching => "coaching",
            Self::Peer => "learning together",
            Self::Circle => "circle",
            Self::Flash => "conversation",
        }
    }
    /// On the button that leads there from somewhere else.
    pub fn leads_there(self) -> &'static str {
        match self {
            Self::Mentoring => "Go to your mentoring",
            Self::Coaching => "Go to your coaching",
            Self::Peer => "Go to what you learn together",
            Self::Circle => "Go to your circle",
            Self::Flash => "Go to your conversation",
        }
    }
    /// How many days usually lie between two sessions, until something else is agreed.
    pub fn cadence_days(self) -> i64 {
        match self {
            Self::Mentoring | Self::Circle => 28,
            Self::Coaching | Self::Peer | Self::Flash => 14,
        }
    }
    /// Whether it goes on, so that it can be tried out first, and can go quiet. A single conversation is what it is.
    pub fn goes_on(self) -> bool {
        self != Self::Flash
    }
    /// Whether who gives their time in it fills one of their places. A conversation is over soon, and a circle carries itself.
    pub fn fills_a_place(self) -> bool {
        !matches!(self, Self::Flash | Self::Circle)
    }
    /// The roles of whoever guides and whoever learns.
    pub fn roles(self) -> (Role, Role) {
        match self {
            Self::Mentoring | Self::Flash => (Role::Mentor, Role::Mentee),
            Self::Coaching => (Role::Coach, Role::Client),
            Self::Peer | Self::Circle => (Role::Peer, Role::Peer),
        }
    }
}

impl Role {
    /// Whether someone in this role gives their time, and so fills one of their places.
    pub fn guides(self) -> bool {
        matches!(self, Self::Mentor | Self::Coach | Self::Peer)
    }
    /// Whether someone in this role learns, and so owns what comes next.
    pub fn learns(self) -> bool {
        matches!(self, Self::Mentee | Self::Client | Self::Peer)
    }
}

impl RelationshipState {
    pub fn words(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::TryingOut => "trying it out",
            Self::Agreed => "agreed",
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Closing => "closing",
            Self::Ended => "ended",
            Self::Dissolved => "ended without fault",
            Self::Frozen => "frozen",
        }
    }
    pub fn is_over(self) -> bool {
        matches!(self, Self::Ended | Self::Dissolved)
    }
    /// Whether the two may act in it.
    pub fn is_live(self) -> bool {
        !self.is_over() && self != Self::Frozen
    }
}

/// An amount of time: one answer, one conversation of so many minutes, or so many minutes a month for some months.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    pub extent: Extent,
    pub minutes: i64,
    pub months: i64,
}

impl Size {
    pub const ANSWER: Self = Self { extent: Extent::Answer, minutes: 0, months: 0 };

    pub const fn conversation(minutes: i64) -> Self {
        Self { extent: Extent::Conversation, minutes, months: 0 }
    }
    pub const fn regular(hours_a_month: i64, months: i64) -> Self {
        Self { extent: Extent::Regular, minutes: hours_a_month * 60, months }
    }
    /// Only what goes on fills one of the places that someone has.
    pub fn fills_a_place(self) -> bool {
        self.extent == Extent::Regular
    }
    pub fn is_smaller_than(self, other: Self) -> bool {
        let measure = |s: Self| match s.extent {
            Extent::Answer => 0,
            Extent::Conversation => s.minutes,
            Extent::Regular => s.minutes.saturating_mul(s.months.max(1)).max(1000),
        };
        measure(self) < measure(other)
    }
    /// As in “asks for one conversation of 30 minutes”.
    pub fn words(self) -> String {
        match self.extent {
            Extent::Answer => "one answer".into(),
            Extent::Conversation => format!("one conversation of {} minutes", self.minutes),
            Extent::Regular => {
                let (hours, months) = (self.minutes / 60, self.months);
                let hours = if hours == 1 { "1 hour".into() } else { format!("{hours} hours") };
                let months = if months == 1 { "1 month".into() } else { format!("{months} months") };
                format!("{hours} a month for {months}")
            }
        }
    }
}

record!(
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Party {
        pub person: PersonId,
        pub role: Role,
        /// Who joins those who have begun reads from then on: what was written before was written without them.
        pub reads_from: Option<Timestamp>,
        /// So was what was written while they stood aside.
        pub away_from: Option<Timestamp>,
        pub away_until: Option<Timestamp>,
    }
);

impl Party {
    /// From the beginning.
    pub fn new(person: PersonId, role: Role) -> Self {
        Self { person, role, reads_from: None, away_from: None, away_until: None }
    }
    fn reads(&self, at: Timestamp) -> bool {
        let was_away = self.away_from.zip(self.away_until).is_some_and(|(from, until)| from <= at && at < until);
        self.reads_from.is_none_or(|from| from <= at) && !was_away
    }
}

record!(
    #[derive(Debug, Clone)]
    pub(super) struct RelationshipRow {
        pub id: RelationshipId,
        pub kind: Kind,
        pub state: RelationshipState,
        pub key: KeyId,
        pub grown_from: Option<uuid::Uuid>,
        pub began_at: Timestamp,
        pub ended_at: Option<Timestamp>,
        pub cadence_days: i64,
        pub last_contact_at: Option<Timestamp>,
        pub met_at: Option<Timestamp>,
        pub drift_asked_at: Option<Timestamp>,
        pub paused_until: Option<Timestamp>,
        pub closes_at: Option<Timestamp>,
        pub frozen_from: Option<RelationshipState>,
        pub called: Option<Sealed>,
    }
);

/// People who work together, without what they write to each other.
#[derive(Debug, Clone)]
pub struct Relationship {
    pub id: RelationshipId,
    pub kind: Kind,
    pub state: RelationshipState,
    pub key: KeyId,
    pub grown_from: Option<uuid::Uuid>,
    pub began_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    /// The days between two sessions that they agreed, or that its kind has.
    pub cadence_days: i64,
    /// When they last met or wrote.
    pub last_contact_at: Option<Timestamp>,
    /// When they had their first conversation.
    pub met_at: Option<Timestamp>,
    /// Since when they are asked about a long silence.
    pub drift_asked_at: Option<Timestamp>,
    pub paused_until: Option<Timestamp>,
    /// When its winding up is over.
    pub closes_at: Option<Timestamp>,
    /// The state to which it thaws.
    pub frozen_from: Option<RelationshipState>,
    /// What its people call it, under its key; a circle has a name.
    pub called: Option<Sealed>,
    /// Those who work together.
    pub parties: Vec<Party>,
    /// Never one of the parties.
    pub sponsor: Option<PersonId>,
}

impl Relationship {
    /// What someone is in it, among those who work together or as its sponsor.
    pub fn role_of(&self, person: PersonId) -> Option<Role> {
        match self.parties.iter().find(|p| p.person == person) {
            Some(party) => Some(party.role),
            None => (self.sponsor == Some(person)).then_some(Role::Sponsor),
        }
    }
    /// Those who work together, in the order of their roles.
    pub fn people(&self) -> impl Iterator<Item = PersonId> + '_ {
        self.parties.iter().map(|p| p.person)
    }
    /// The others among those who work together.
    pub fn others<'a>(&'a self, viewer: &'a Viewer) -> impl Iterator<Item = PersonId> + 'a {
        self.people().filter(|person| !viewer.is(*person))
    }
    /// Whether somebody reads what was written or done in it at a moment: nobody does at which they were not in it.
    pub fn reads(&self, viewer: &Viewer, at: Timestamp) -> bool {
        self.is_readable_to(viewer.person, at)
    }
    pub fn is_readable_to(&self, person: PersonId, at: Timestamp) -> bool {
        self.parties.iter().any(|party| party.person == person && party.reads(at))
    }
    /// Whether this viewer is one of those in it and is shown what the others share there: where contact is stopped, nothing
    /// of one is shown to the other.
    pub fn shows_to(&self, viewer: &Viewer) -> bool {
        self.state != RelationshipState::Frozen && self.people().any(|person| viewer.is(person))
    }
    /// The first of the others: in a relationship of two, the partner.
    pub fn other(&self, viewer: &Viewer) -> Option<&Party> {
        self.parties.iter().find(|p| !viewer.is(p.person))
    }

    /// Who may do what: those who are in it, each by their part. The learner owns what comes next. A sponsor is no part of
    /// what the others do.
    pub fn allows(&self, viewer: &Viewer, deed: Deed) -> bool {
        let Some(role) = self.role_of(viewer.person) else { return false };
        match deed {
            Deed::KnowOf => true,
            _ if role == Role::Sponsor => false,
            Deed::SetNextStep | Deed::SayStuck | Deed::PublishTestimonial | Deed::TakeBackTestimonial => role.learns(),
            _ => true,
        }
    }
    /// Whether its state lets anybody do this.
    pub fn is_open_to(&self, deed: Deed) -> bool {
        use RelationshipState::{Active, Agreed, Closing, Ended, Paused, Proposed, TryingOut};
        // Nobody breaks off, ends or speaks for a circle alone: one leaves it, and it goes on while three remain.
        let of_two = self.kind != Kind::Circle;
        match deed {
            Deed::Pause | Deed::WindUp | Deed::End | Deed::Dissolve | Deed::SayStuck | Deed::PublishTestimonial if !of_two => false,
            Deed::See | Deed::KnowOf | Deed::TakeBackTestimonial => true,
            Deed::TakePart | Deed::SetNextStep | Deed::SayStuck => self.state.is_live() && self.state != Proposed,
            Deed::End | Deed::Dissolve => self.state.is_live(),
            Deed::SayFit => self.state == TryingOut,
            Deed::Start => self.state == Agreed,
            Deed::Pause => matches!(self.state, Agreed | Active) && self.kind.goes_on(),
            Deed::Resume => self.state == Paused,
            Deed::ChangeKind => matches!(self.state, Agreed | Active | Paused) && self.kind != Kind::Circle,
            Deed::WindUp => matches!(self.state, Agreed | Active | Paused) && self.kind.goes_on(),
            Deed::AnswerClosing => self.state == Closing,
            Deed::PublishTestimonial => self.state == Ended,
            Deed::SayHello | Deed::LeaveQuietly => self.state == Ended && self.kind.goes_on(),
        }
    }
    pub fn offers(&self, viewer: &Viewer, deed: Deed) -> bool {
        self.allows(viewer, deed) && self.is_open_to(deed)
    }

    /// Whether this viewer may do this here and now, with the refusal that says why not. Not theirs is not there.
    pub fn must_offer(&self, viewer: &Viewer, deed: Deed) -> crate::error::Result<()> {
        if !self.allows(viewer, deed) {
            return Err(crate::error::Error::NotFound);
        }
        if !self.is_open_to(deed) {
            return Err(self.refusal());
        }
        Ok(())
    }

    /// Something may be said in public once it is over and was ended well, not while one depends on the other.
    pub fn may_be_spoken_of(&self) -> crate::error::Result<()> {
        if self.is_open_to(Deed::PublishTestimonial) {
            return Ok(());
        }
        Err(refused!("not_ended"; "A testimonial can be written once you have ended this well, not before."))
    }
}

/// A relationship with the people in it, each in their party's place.
#[derive(Debug, Clone)]
pub struct Company {
    pub relationship: Relationship,
    pub people: Vec<Chip>,
    /// What the viewer has not seen yet: under which tab, and how much.
    pub unseen: Vec<(&'static str, u64)>,
    pub sponsor: Option<Chip>,
    /// What they call it themselves.
    pub called: Option<String>,
}

impl Company {
    /// The first of the others: in a relationship of two, the partner.
    pub fn partner(&self, viewer: &Viewer) -> Option<&Chip> {
        self.people.iter().find(|chip| !viewer.is(chip.id))
    }
    /// What to call the partner in a sentence; where there are several, what they call themselves.
    pub fn name(&self, viewer: &Viewer) -> &str {
        if let Some(called) = &self.called {
            return called;
        }
        self.partner(viewer).map_or("someone", Chip::first_name)
    }
    /// The others, as the subject of a sentence in the singular: the partner, or everybody in what has a name of its own.
    pub fn everybody(&self, viewer: &Viewer) -> String {
        match &self.called {
            Some(called) => format!("Everybody in “{called}”"),
            None => self.name(viewer).to_owned(),
        }
    }
    /// Who someone in it is to this viewer, as the subject of a sentence.
    pub fn called(&self, viewer: &Viewer, person: PersonId) -> &str {
        match self.people.iter().chain(&self.sponsor).find(|chip| chip.id == person) {
            _ if viewer.is(person) => "You",
            Some(chip) => chip.first_name(),
            None => "Someone who has left",
        }
    }
    /// Who sees what the pair keeps to itself, for the mark beside it.
    pub fn audience(&self, viewer: &Viewer) -> String {
        let others: Vec<&str> = self.people.iter().filter(|chip| !viewer.is(chip.id)).map(Chip::first_name).collect();
        match others.as_slice() {
            [] => "Only you".into(),
            [one] => format!("Only you and {one}"),
            [first @ .., last] => format!("Only you, {} and {last}", first.join(", ")),
        }
    }
    /// As in “Your mentoring with Tomas”.
    pub fn title(&self, viewer: &Viewer) -> String {
        crate::page::capital(&self.spoken_of(viewer))
    }
    /// The same within a sentence.
    pub fn spoken_of(&self, viewer: &Viewer) -> String {
        match self.relationship.kind {
            Kind::Peer => format!("learning together with {}", self.name(viewer)),
            Kind::Circle => format!("your circle “{}”", self.name(viewer)),
            kind => format!("your {} with {}", kind.words(), self.name(viewer)),
        }
    }
}

/// One for tables and tests, between these people.
pub(crate) fn example(kind: Kind, state: RelationshipState, parties: &[(PersonId, Role)], sponsor: Option<PersonId>) -> Relationship {
    Relationship {
        id: uuid::Uuid::nil().into(),
        kind,
        state,
        key: uuid::Uuid::nil().into(),
        grown_from: None,
        began_at: Timestamp::from_micros(0),
        ended_at: None,
        cadence_days: kind.cadence_days(),
        last_contact_at: None,
        met_at: None,
        drift_asked_at: None,
        paused_until: None,
        closes_at: None,
        frozen_from: None,
        called: None,
        parties: parties.iter().map(|(person, role)| Party::new(*person, *role)).collect(),
        sponsor,
    }
}

/// What was agreed so far, and what comes next.
#[derive(Debug, Clone)]
pub struct Terms {
    pub size: Size,
    pub next_step: Option<String>,
    pub next_step_at: Option<Timestamp>,
}

record!(
    #[derive(Debug, Clone)]
    pub(super) struct TermsRow {
        pub extent: Extent,
        pub minutes: i64,
        pub months: i64,
        pub next_step: Option<Sealed>,
        pub next_step_at: Option<Timestamp>,
    }
);

record!(
    /// Something they wrote, sealed under the relationship's key.
    #[derive(Debug, Clone)]
    pub struct SealedPassage {
        pub by: PersonId,
        pub at: Timestamp,
        pub heading: String,
        pub words: Sealed,
    }
);

/// Something they wrote.
#[derive(Debug, Clone)]
pub struct Passage {
    pub by: PersonId,
    pub at: Timestamp,
    pub heading: String,
    pub words: String,
}

record!(
    /// What someone says publicly of someone who guided them.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Testimonial {
        pub id: TestimonialId,
        pub relationship: RelationshipId,
        pub author: PersonId,
        pub about: PersonId,
        pub kind: Kind,
        pub words: String,
        pub published_at: Timestamp,
    }
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn smaller_is_less_of_someones_time() {
        let (answer, talk, long_talk, regular) = (Size::ANSWER, Size::conversation(20), Size::conversation(45), Size::regular(1, 1));
        assert!(answer.is_smaller_than(talk) && talk.is_smaller_than(long_talk) && long_talk.is_smaller_than(regular));
        assert!(!talk.is_smaller_than(talk) && !regular.is_smaller_than(talk));
    }
}
