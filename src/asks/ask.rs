//! An ask: its states, its clock, whose turn it is, and who may do what with it. Pure.
//!
//! While it waits, it is always somebody's turn and there is always a time by which they answer; that time never lies
//! after `end_by`. So an ask cannot stay without an end, whatever people do or leave undone.

use crate::error::{Error, Result};
use crate::people::{Chip, OpenTo};
use crate::relationships::{Extent, Kind, RelationshipId, Role, Size};
use crate::seal::{KeyId, Sealed};
use crate::viewer::{PersonId, Viewer};
use crate::{refused, too_late};
use chiron_store::{Timestamp, ids, record, text_enum};
use jiff::SignedDuration;

ids!(AskId, AskLineId);

text_enum!(
    pub AskState {
        Waiting = "waiting",
        Accepted = "accepted",
        Declined = "declined",
        Redirected = "redirected",
        Withdrawn = "withdrawn",
        Lapsed = "lapsed",
        Superseded = "superseded",
    }
);
text_enum!(
    /// Whose turn it is.
    pub Turn { Asked = "asked", Asker = "asker" }
);
text_enum!(
    /// What the asker is asked while it is her turn.
    pub Pending { AskedBack = "asked_back", SmallerOffered = "smaller_offered", RedirectOffered = "redirect_offered" }
);
text_enum!(
    /// What kind of help is wanted.
    pub Help { Mentoring = "mentoring", Coaching = "coaching", Peer = "peer" }
);
text_enum!(
    /// Why an ask was declined, as the one who was asked chose to say it, or as it came about.
    pub Reason {
        NoTime = "no_time",
        NotMyField = "not_my_field",
        TooBig = "too_big",
        NotNow = "not_now",
        OwnWords = "own_words",
        OfferLeft = "offer_left",
        RedirectLeft = "redirect_left",
        Left = "left",
    }
);
text_enum!(
    /// What a line under the letter is.
    pub LineKind {
        Question = "question",
        Answer = "answer",
        Offer = "offer",
        Redirect = "redirect",
        Decline = "decline",
        Note = "note",
        /// Written before the ask: the question it grew from and its answer.
        Before = "before",
    }
);
text_enum!(
    /// What people do with an ask.
    pub Deed {
        See = "see",
        Accept = "accept",
        AskBack = "ask_back",
        Offer = "offer",
        Redirect = "redirect",
        Decline = "decline",
        Answer = "answer",
        TakeOffer = "take_offer",
        LeaveOffer = "leave_offer",
        AllowRedirect = "allow_redirect",
        RefuseRedirect = "refuse_redirect",
        ChooseNext = "choose_next",
        Withdraw = "withdraw",
    }
);

/// How many asks someone may have waiting at once. Documented in docs/operate/limits.md; three is what a person can
/// follow with care, and keeps one learner from writing to everybody.
pub const MOST_OPEN: i64 = 3;
/// Whom an asker may name as next, in her order.
pub const MOST_NEXT: usize = 3;
/// How often the one who is asked may ask back for more.
pub const MOST_ASKED_BACK: i64 = 3;
/// Lines under a letter.
pub const MOST_LINES: i64 = 20;
/// Whatever happens, an ask and all that it cascades to are over by then.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(21 * 24);
/// The bounds of the clock of the one who is asked.
const SHORTEST_CLOCK: SignedDuration = SignedDuration::from_hours(2 * 24);
const LONGEST_CLOCK: SignedDuration = SignedDuration::from_hours(7 * 24);
/// While there is too little history to know better.
const FIRST_CLOCK: SignedDuration = SignedDuration::from_hours(4 * 24);
/// The asker's own clock when something is asked of her.
const ASKER_CLOCK: SignedDuration = SignedDuration::from_hours(5 * 24);

/// The longest texts of a letter, in characters. Short on purpose: it is read by someone who is busy.
pub mod longest {
    pub const GOAL: usize = 300;
    pub const WHY_YOU: usize = 500;
    pub const SO_FAR: usize = 1000;
    pub const THE_ASK: usize = 400;
    pub const WILL_BRING: usize = 300;
    pub const LINE: usize = 1500;
}

impl Help {
    pub fn kind(self) -> Kind {
        match self {
            Self::Mentoring => Kind::Mentoring,
            Self::Coaching => Kind::Coaching,
            Self::Peer => Kind::Peer,
        }
    }
    /// The parts of the two in what it becomes: the asker's and the other's.
    pub fn roles(self) -> (Role, Role) {
        match self {
            Self::Mentoring => (Role::Mentee, Role::Mentor),
            Self::Coaching => (Role::Client, Role::Coach),
            Self::Peer => (Role::Peer, Role::Peer),
        }
    }
    pub fn needs(self) -> OpenTo {
        match self {
            Self::Mentoring => OpenTo::Mentor,
            Self::Coaching => OpenTo::Coach,
            Self::Peer => OpenTo::Peer,
        }
    }
    /// As in “open to mentoring”.
    pub fn words(self) -> &'static str {
        match self {
            Self::Mentoring => "mentoring",
            Self::Coaching => "coaching",
            Self::Peer => "learning together",
        }
    }
}

impl Reason {
    /// What someone may choose from when they decline.
    pub const CHOICES: &'static [Self] = &[Self::NoTime, Self::NotMyField, Self::TooBig, Self::NotNow, Self::OwnWords];

    /// As the one who declines says it of themselves.
    pub fn label(self) -> &'static str {
        match self {
            Self::NoTime => "I have no time to do this well",
            Self::NotMyField => "Someone else knows this better than I do",
            Self::TooBig => "It is more than I can give just now",
            Self::NotNow => "I am taking a break from this",
            _ => "I would rather say it in my own words, or not at all",
        }
    }
    /// As the asker is told.
    fn told(self, name: &str) -> String {
        match self {
            Self::NoTime => format!("{name} has no time to do this well just now."),
            Self::NotMyField => format!("{name} thinks that someone else knows this better."),
            Self::TooBig => format!("It is more than {name} can give just now."),
            Self::NotNow => format!("{name} is not available for new requests just now."),
            Self::OwnWords => format!("{name} cannot help with this one."),
            Self::OfferLeft => format!("{name} offered something smaller, and you preferred not to take it."),
            Self::RedirectLeft => format!("{name} suggested someone else, and you preferred not to ask them."),
            Self::Left => format!("{name} no longer takes part here."),
        }
    }
}

record!(
    /// A request for help, without its words.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Ask {
        pub id: AskId,
        pub asker: PersonId,
        pub asked: PersonId,
        pub help: Help,
        pub extent: Extent,
        pub minutes: i64,
        pub months: i64,
        pub goal_mark: Vec<u8>,
        pub key: KeyId,
        pub state: AskState,
        pub turn: Turn,
        pub pending: Option<Pending>,
        pub offered_extent: Option<Extent>,
        pub offered_minutes: Option<i64>,
        pub redirect_to: Option<PersonId>,
        pub reason: Option<Reason>,
        pub sent_at: Timestamp,
        pub first_answered_at: Option<Timestamp>,
        pub turn_began_at: Timestamp,
        pub answer_by: Timestamp,
        pub remind_at: Timestamp,
        pub end_by: Timestamp,
        pub ended_at: Option<Timestamp>,
        pub asked_back_times: i64,
        pub cascaded_from: Option<AskId>,
        pub grown_from: Option<uuid::Uuid>,
        pub relationship: Option<RelationshipId>,
    }
);

record!(
    /// The five fields of the letter, as they are stored.
    #[derive(Debug, Clone)]
    pub struct SealedLetter {
        pub goal: Sealed,
        pub why_you: Sealed,
        pub so_far: Sealed,
        pub the_ask: Sealed,
        pub will_bring: Sealed,
    }
);

/// The five fields of the letter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Letter {
    pub goal: String,
    pub why_you: String,
    pub so_far: String,
    pub the_ask: String,
    pub will_bring: String,
}

/// What someone sends: to whom, for what, and who may be asked next.
#[derive(Debug, Clone)]
pub struct Draft {
    pub to: PersonId,
    pub help: Help,
    pub size: Size,
    pub goal_id: Option<uuid::Uuid>,
    pub letter: Letter,
    pub next: Vec<PersonId>,
    pub nonce: String,
}

/// What is known, at the moment of asking, of the one who would be asked.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    pub here: bool,
    pub open_to: Vec<OpenTo>,
    pub not_now_until: Option<Timestamp>,
    pub places_left: i64,
    pub usual_reply: Option<SignedDuration>,
    /// Whether the two already have an ask waiting between them.
    pub already_asked: bool,
}

impl Standing {
    /// Why this person cannot be asked for this, in a sentence; `None` when they can.
    pub fn hindrance(&self, who: &Chip, help: Help, size: Size, now: Timestamp) -> Option<String> {
        let name = who.first_name();
        if !self.here {
            return Some(format!("{name} no longer takes part here."));
        }
        if self.not_now_until.is_some_and(|until| until > now) {
            return Some(format!("{name} is not available for new requests just now. You can ask someone else today."));
        }
        if self.already_asked {
            return Some(format!("You already have a request waiting with {name}."));
        }
        let open = self.open_to.contains(&help.needs()) || (size.extent == Extent::Answer && self.open_to.contains(&OpenTo::Question));
        if !open {
            return Some(format!("{name} is not open to {} here. Look at their profile to see what they offer.", help.words()));
        }
        if size.fills_a_place() && self.places_left < 1 {
            return Some(format!("{name} has no place left just now. You can ask for one conversation instead, or ask someone else."));
        }
        None
    }
}

/// How long someone gets to answer: twice what they usually take, so that most answers come in time, and never less
/// than two days or more than seven.
fn time_to_answer(usual: Option<SignedDuration>) -> SignedDuration {
    usual.map_or(FIRST_CLOCK, |u| u.saturating_add(u).clamp(SHORTEST_CLOCK, LONGEST_CLOCK))
}

/// By when someone has to answer what is asked of them now.
pub fn answer_by(now: Timestamp, usual: Option<SignedDuration>, end_by: Timestamp) -> Timestamp {
    (now + time_to_answer(usual)).min(end_by)
}

/// Where a new ask begins: with the one who is asked, and their clock.
pub struct Beginning {
    pub id: AskId,
    pub key: KeyId,
    pub goal_mark: Vec<u8>,
    pub usual_reply: Option<SignedDuration>,
    pub cascaded_from: Option<AskId>,
    pub grown_from: Option<uuid::Uuid>,
    pub end_by: Timestamp,
}

impl Ask {
    pub fn new(asker: PersonId, asked: PersonId, help: Help, size: Size, begin: Beginning, now: Timestamp) -> Self {
        let ask = Self {
            id: begin.id,
            asker,
            asked,
            help,
            extent: size.extent,
            minutes: size.minutes,
            months: size.months,
            goal_mark: begin.goal_mark,
            key: begin.key,
            state: AskState::Waiting,
            turn: Turn::Asked,
            pending: None,
            offered_extent: None,
            offered_minutes: None,
            redirect_to: None,
            reason: None,
            sent_at: now,
            first_answered_at: None,
            turn_began_at: now,
            answer_by: now,
            remind_at: now,
            end_by: begin.end_by,
            ended_at: None,
            asked_back_times: 0,
            cascaded_from: begin.cascaded_from,
            grown_from: begin.grown_from,
            relationship: None,
        };
        let by = answer_by(now, begin.usual_reply, begin.end_by);
        ask.turns(Turn::Asked, by, now)
    }

    pub fn size(&self) -> Size {
        Size { extent: self.extent, minutes: self.minutes, months: self.months }
    }
    pub fn offered(&self) -> Option<Size> {
        Some(Size { extent: self.offered_extent?, minutes: self.offered_minutes.unwrap_or(0), months: 0 })
    }
    pub fn is_waiting(&self) -> bool {
        self.state == AskState::Waiting
    }
    /// Whether it came to no yes, so that its words may do for somebody else.
    pub fn can_be_sent_again(&self) -> bool {
        matches!(self.state, AskState::Declined | AskState::Redirected | AskState::Lapsed | AskState::Withdrawn)
    }
    /// Whose move it is now, if anyone's.
    pub fn waits_for(&self) -> Option<PersonId> {
        self.is_waiting().then_some(match self.turn {
            Turn::Asked => self.asked,
            Turn::Asker => self.asker,
        })
    }
    pub fn waits_for_viewer(&self, viewer: &Viewer) -> bool {
        self.waits_for().is_some_and(|p| viewer.is(p))
    }
    /// The other of the two.
    pub fn other(&self, viewer: &Viewer) -> PersonId {
        if viewer.is(self.asker) { self.asked } else { self.asker }
    }

    /// Who may do what: the two of them, each their part, and nobody else.
    pub fn allows(&self, viewer: &Viewer, deed: Deed) -> bool {
        match deed {
            Deed::See => viewer.is(self.asker) || viewer.is(self.asked),
            Deed::Accept | Deed::AskBack | Deed::Offer | Deed::Redirect | Deed::Decline => viewer.is(self.asked),
            Deed::Answer
            | Deed::TakeOffer
            | Deed::LeaveOffer
            | Deed::AllowRedirect
            | Deed::RefuseRedirect
            | Deed::ChooseNext
            | Deed::Withdraw => viewer.is(self.asker),
        }
    }

    /// Whether a deed is possible as things stand. The page shows a button only when this and `allows` say yes.
    pub fn is_open_to(&self, deed: Deed) -> bool {
        let (waiting, asked, asker) = (self.is_waiting(), self.turn == Turn::Asked, self.turn == Turn::Asker);
        match deed {
            Deed::See => true,
            Deed::Accept | Deed::Redirect => waiting && asked,
            Deed::Offer => waiting && asked && Size::ANSWER.is_smaller_than(self.size()),
            Deed::AskBack => waiting && asked && self.asked_back_times < MOST_ASKED_BACK,
            Deed::Decline | Deed::Withdraw | Deed::ChooseNext => waiting,
            Deed::Answer => waiting && asker,
            Deed::TakeOffer | Deed::LeaveOffer => waiting && asker && self.pending == Some(Pending::SmallerOffered),
            Deed::AllowRedirect | Deed::RefuseRedirect => waiting && asker && self.pending == Some(Pending::RedirectOffered),
        }
    }
    pub fn offers(&self, viewer: &Viewer, deed: Deed) -> bool {
        self.allows(viewer, deed) && self.is_open_to(deed)
    }

    /// Says yes. Beyond the places one has only with a word on it: nobody over-commits by accident.
    pub fn accept(self, places_left: i64, one_more: bool, now: Timestamp) -> Result<Self> {
        self.must(Deed::Accept)?;
        if self.size().fills_a_place() && places_left < 1 && !one_more {
            return Err(
                refused!("no_place_left"; "All your places are taken. If you have room for one more, tick the box that says so; otherwise you can offer something smaller."),
            );
        }
        Ok(self.answered(now).ends(AskState::Accepted, None, now))
    }
    /// Wants to know one more thing first.
    pub fn ask_back(self, now: Timestamp) -> Result<Self> {
        if self.is_waiting() && self.turn == Turn::Asked && self.asked_back_times >= MOST_ASKED_BACK {
            return Err(
                refused!("asked_back_enough"; "You have asked back {MOST_ASKED_BACK} times. Please accept, offer something smaller or decline now."),
            );
        }
        self.must(Deed::AskBack)?;
        let times = self.asked_back_times + 1;
        Ok(Self { asked_back_times: times, ..self.answered(now).hands_over(Pending::AskedBack, now) })
    }
    /// Offers less than what was asked.
    pub fn offer(self, size: Size, now: Timestamp) -> Result<Self> {
        if !size.is_smaller_than(self.size()) {
            return Err(refused!("not_smaller"; "That is not smaller than what was asked. You can simply accept."));
        }
        self.must(Deed::Offer)?;
        let ask = self.answered(now).hands_over(Pending::SmallerOffered, now);
        Ok(Self { offered_extent: Some(size.extent), offered_minutes: Some(size.minutes), ..ask })
    }
    /// Names someone who would be better to ask. The asker decides, unless she has allowed that person already.
    pub fn redirect(self, to: PersonId, allowed_already: bool, now: Timestamp) -> Result<Self> {
        self.must(Deed::Redirect)?;
        if to == self.asker || to == self.asked {
            return Err(refused!("redirect_to_us"; "Please name someone other than the two of you."));
        }
        let ask = Self { redirect_to: Some(to), ..self.answered(now) };
        Ok(if allowed_already { ask.ends(AskState::Redirected, None, now) } else { ask.hands_over(Pending::RedirectOffered, now) })
    }
    pub fn decline(self, reason: Reason, now: Timestamp) -> Result<Self> {
        self.must(Deed::Decline)?;
        let ask = if self.turn == Turn::Asked { self.answered(now) } else { self };
        Ok(ask.ends(AskState::Declined, Some(reason), now))
    }
    /// The asker's turn is done; it is the other's again.
    pub fn answer(self, usual_reply: Option<SignedDuration>, now: Timestamp) -> Result<Self> {
        self.must(Deed::Answer)?;
        let by = answer_by(now, usual_reply, self.end_by);
        let ask = self.turns(Turn::Asked, by, now);
        Ok(Self { pending: None, offered_extent: None, offered_minutes: None, redirect_to: None, ..ask })
    }
    pub fn take_offer(self, now: Timestamp) -> Result<Self> {
        self.must(Deed::TakeOffer)?;
        let size = self.offered().unwrap_or(self.size());
        let ask = Self { extent: size.extent, minutes: size.minutes, months: size.months, ..self };
        Ok(ask.ends(AskState::Accepted, None, now))
    }
    pub fn leave_offer(self, now: Timestamp) -> Result<Self> {
        self.must(Deed::LeaveOffer)?;
        Ok(self.ends(AskState::Declined, Some(Reason::OfferLeft), now))
    }
    pub fn allow_redirect(self, now: Timestamp) -> Result<Self> {
        self.must(Deed::AllowRedirect)?;
        Ok(self.ends(AskState::Redirected, None, now))
    }
    pub fn refuse_redirect(self, now: Timestamp) -> Result<Self> {
        self.must(Deed::RefuseRedirect)?;
        Ok(Self { redirect_to: None, ..self }.ends(AskState::Declined, Some(Reason::RedirectLeft), now))
    }
    pub fn withdraw(self, now: Timestamp) -> Result<Self> {
        self.must(Deed::Withdraw)?;
        Ok(self.ends(AskState::Withdrawn, None, now))
    }
    /// Nobody answered in time.
    pub fn lapse(self, now: Timestamp) -> Result<Self> {
        if !self.is_waiting() || self.answer_by > now {
            return Err(self.over());
        }
        Ok(self.ends(AskState::Lapsed, None, now))
    }
    /// Someone else said yes to the same goal.
    pub fn supersede(self, now: Timestamp) -> Result<Self> {
        if !self.is_waiting() {
            return Err(self.over());
        }
        Ok(self.ends(AskState::Superseded, None, now))
    }
    /// The one who was asked went “not now” or left: the asker is not kept waiting.
    pub fn released(self, reason: Reason, now: Timestamp) -> Result<Self> {
        if !self.is_waiting() {
            return Err(self.over());
        }
        Ok(self.ends(AskState::Declined, Some(reason), now))
    }

    /// Whether the next person whom the asker has allowed is asked now. Not when the silence was her own, and not when
    /// too little time is left for someone to answer in.
    pub fn goes_on(&self, now: Timestamp) -> bool {
        let may = match self.state {
            AskState::Lapsed => self.turn == Turn::Asked,
            AskState::Declined | AskState::Redirected => true,
            _ => false,
        };
        may && self.end_by.since(now) >= SHORTEST_CLOCK
    }

    /// Why it ended, as the asker is told; `None` while it waits. `asked` is how the other one is called.
    pub fn ending(&self, asked: &str) -> Option<String> {
        Some(match self.state {
            AskState::Waiting => return None,
            AskState::Accepted => format!("{asked} said yes."),
            AskState::Declined => self.reason.unwrap_or(Reason::OwnWords).told(asked),
            AskState::Redirected => format!("{asked} thought of someone who can help you better."),
            AskState::Withdrawn => "You took this request back.".into(),
            AskState::Lapsed if self.turn == Turn::Asked => format!("{asked} could not answer in time."),
            AskState::Lapsed => format!("It was your turn to answer {asked}, and the time ran out."),
            AskState::Superseded => "Someone else said yes to the same goal.".into(),
        })
    }
    /// The same, as the one who was asked is told.
    pub fn ending_for_asked(&self, asker: &str) -> Option<String> {
        Some(match self.state {
            AskState::Waiting => return None,
            AskState::Accepted => "You said yes.".into(),
            AskState::Declined => match self.reason {
                Some(Reason::OfferLeft) => format!("{asker} preferred not to take the smaller offer. Thank you for making it."),
                Some(Reason::RedirectLeft) => format!("{asker} preferred not to ask the person you suggested."),
                Some(Reason::NotNow) => "You are not available for new requests, so this one went on without you.".into(),
                _ => "You declined.".into(),
            },
            AskState::Redirected => "You suggested someone else.".into(),
            AskState::Withdrawn => format!("{asker} took this request back. There is nothing for you to do."),
            AskState::Lapsed if self.turn == Turn::Asked => "The time to answer ran out. There is nothing for you to do.".into(),
            AskState::Lapsed => format!("{asker} did not come back to it in time."),
            AskState::Superseded => format!("{asker} has found help with this. Thank you for being there to ask."),
        })
    }

    fn must(&self, deed: Deed) -> Result<()> {
        if self.is_open_to(deed) { Ok(()) } else { Err(self.over()) }
    }
    fn over(&self) -> Error {
        match self.state {
            AskState::Waiting => too_late!("This request has moved on since you opened it. Please look at it again."),
            other => too_late!("This request was already {other}."),
        }
    }
    fn answered(self, now: Timestamp) -> Self {
        Self { first_answered_at: self.first_answered_at.or(Some(now)), ..self }
    }
    fn hands_over(self, pending: Pending, now: Timestamp) -> Self {
        let by = (now + ASKER_CLOCK).min(self.end_by);
        Self { pending: Some(pending), ..self.turns(Turn::Asker, by, now) }
    }
    fn turns(self, turn: Turn, by: Timestamp, now: Timestamp) -> Self {
        // Reminded at half-time: early enough to still answer, late enough not to nag.
        let half = SignedDuration::from_micros(by.since(now).as_micros() as i64 / 2);
        Self { turn, turn_began_at: now, answer_by: by, remind_at: now + half, ..self }
    }
    fn ends(self, state: AskState, reason: Option<Reason>, now: Timestamp) -> Self {
        Self { state, reason, ended_at: Some(now), ..self }
    }
}

record!(
    /// Something written under the letter, as it is stored.
    #[derive(Debug, Clone)]
    pub struct SealedLine {
        pub by: PersonId,
        pub at: Timestamp,
        pub kind: LineKind,
        pub words: Sealed,
    }
);

/// Something written under the letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub by: PersonId,
    pub at: Timestamp,
    pub kind: LineKind,
    pub words: String,
}

/// How long one waits for an answer here, from this place's own history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitEstimate {
    TooLittleHistory {
        answered: usize,
    },
    /// Half of all asks, and nine of ten, were answered within; `None` where so many were never answered.
    Known {
        asks: usize,
        half: Option<SignedDuration>,
        most: Option<SignedDuration>,
    },
}

impl WaitEstimate {
    /// Fewer answers than this say nothing.
    pub const LEAST: usize = 10;

    /// From when asks were sent and first answered. What lapsed unanswered counts as longer than any answer, since
    /// leaving silence out would make every place look quick.
    pub fn of(history: &[(Timestamp, Option<Timestamp>)]) -> Self {
        let answered = history.iter().filter(|(_, answered)| answered.is_some()).count();
        if answered < Self::LEAST {
            return Self::TooLittleHistory { answered };
        }
        let mut waits: Vec<Option<SignedDuration>> = history.iter().map(|(sent, answered)| answered.map(|a| a.since(*sent))).collect();
        waits.sort_by_key(|w| w.unwrap_or(SignedDuration::MAX));
        let at = |share: usize| waits.get((waits.len() * share).div_ceil(100).saturating_sub(1)).copied().flatten();
        Self::Known { asks: waits.len(), half: at(50), most: at(90) }
    }

    pub fn words(&self) -> String {
        self.known().unwrap_or_else(|| "There is too little history here yet to say how long an answer takes.".into())
    }
    /// What this place's own history says; `None` where it says nothing yet.
    pub fn known(&self) -> Option<String> {
        use crate::people::said;
        let Self::Known { asks, half, most } = *self else { return None };
        Some(match (half, most) {
            (Some(half), Some(most)) => {
                format!("Of the last {asks} requests here, half were answered within {}, nine of ten within {}.", said(half), said(most))
            }
            (Some(half), None) => {
                format!(
                    "Of the last {asks} requests here, half were answered within {}; more than one in ten was not answered in time.",
                    said(half)
                )
            }
            (None, _) => format!("Of the last {asks} requests here, more than half were not answered in time."),
        })
    }
}

/// An ask between two people at the beginning of time, for the policy table and for the tests of the rules.
pub(super) fn example(asker: PersonId, asked: PersonId) -> Ask {
    let (nobody, then) = (uuid::Uuid::nil(), Timestamp::from_micros(0));
    let begin = Beginning {
        id: nobody.into(),
        key: nobody.into(),
        goal_mark: Vec::new(),
        usual_reply: None,
        cascaded_from: None,
        grown_from: None,
        end_by: then + LONGEST,
    };
    Ask::new(asker, asked, Help::Mentoring, Size::regular(2, 6), begin, then)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(h: i64) -> SignedDuration {
        SignedDuration::from_hours(h)
    }

    /// What whoever runs a place reads is what the rules hold to.
    #[test]
    fn the_documented_limits_are_the_limits() {
        let page = include_str!("../../docs/operate/limits.md");
        let days = |span: SignedDuration| span.as_hours() / 24;
        let (shortest, longest, first) = (days(SHORTEST_CLOCK), days(LONGEST_CLOCK), days(FIRST_CLOCK));
        for row in [
            format!("| requests that one person may have waiting | {MOST_OPEN}, and one for each person asked |"),
            format!("| people who may be asked next, when the first cannot | {MOST_NEXT}, in the asker's order |"),
            format!("usual reply of the person asked, at least {shortest} and at most {longest} days; {first} while that is not known |"),
            format!("| the asker's own time, when something is asked of her | {} days |", days(ASKER_CLOCK)),
            format!("| a request with everyone it goes on to | over within {} days, whatever happens |", days(LONGEST)),
            format!("| asking back | {MOST_ASKED_BACK} times a request |"),
            format!("| messages under a request | {MOST_LINES} |"),
        ] {
            assert!(page.contains(&row), "docs/operate/limits.md should say: {row}");
        }
    }

    #[test]
    fn the_clock_is_twice_the_usual_reply_within_two_and_seven_days() {
        for (usual, days) in [(None, 4), (Some(3), 2), (Some(24), 2), (Some(48), 4), (Some(24 * 6), 7)] {
            assert_eq!(time_to_answer(usual.map(hours)), hours(days * 24), "{usual:?}");
        }
    }

    #[test]
    fn an_estimate_needs_ten_answers_and_counts_silence() {
        let (sent, day) = (Timestamp::from_micros(0), hours(24));
        let answered = |n: usize| vec![(sent, Some(sent + day)); n];
        assert_eq!(WaitEstimate::of(&answered(9)), WaitEstimate::TooLittleHistory { answered: 9 });
        assert_eq!(WaitEstimate::of(&answered(10)), WaitEstimate::Known { asks: 10, half: Some(day), most: Some(day) });
        let mut half_silent = answered(10);
        half_silent.extend(vec![(sent, None); 5]);
        assert_eq!(WaitEstimate::of(&half_silent), WaitEstimate::Known { asks: 15, half: Some(day), most: None });
    }
}
