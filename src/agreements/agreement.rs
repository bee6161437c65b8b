//! An agreement: its versions, who has to do what next, what is signed, and what its clauses let people do. Pure.

use super::elements::{self, Element};
use crate::error::Result;
use crate::relationships::{Kind, Relationship, RelationshipId, Role};
use crate::seal::Sealed;
use crate::too_late;
use crate::viewer::{PersonId, Viewer};
use chiron_store::{Timestamp, ids, record, text_enum};
use jiff::SignedDuration;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

ids!(AgreementId, ReportLineId);

text_enum!(
    pub AgreementState {
        /// Each writes alone.
        Drafting = "drafting",
        /// They look at the differences and settle them.
        Settling = "settling",
        /// The text stands and waits for signatures.
        Signing = "signing",
        Signed = "signed",
        Superseded = "superseded",
        Withdrawn = "withdrawn",
    }
);
text_enum!(
    /// What people do with an agreement.
    pub Deed {
        See = "see",
        /// The lines that a sponsor reads and signs.
        SeeSponsorsPart = "see_sponsors_part",
        Draft = "draft",
        Settle = "settle",
        Sign = "sign",
        Withdraw = "withdraw",
        InviteSponsor = "invite_sponsor",
        AgreeToRecording = "agree_to_recording",
        SeeReport = "see_report",
        WriteReport = "write_report",
        ApproveReport = "approve_report",
    }
);
text_enum!(pub Channel { Here = "here", Mail = "mail", Phone = "phone", Video = "video", InPerson = "in_person", Chat = "chat" });
text_enum!(pub Recording { Never = "never", WithConsent = "with_consent" });
text_enum!(pub SponsorReport { Nothing = "none", Approved = "approved" });

/// Days after which whoever an open version waits for is reminded, once at each step.
pub const REMIND_AFTER: i64 = 7;
/// Days before anything is destroyed at which both are told.
pub const TELL_BEFORE: i64 = 14;

/// The clauses that act, as they were signed; until something is signed, what is usual for the kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clauses {
    /// Days between two sessions.
    pub cadence_days: i64,
    /// Hours within which a message is answered; `None` where no time was agreed.
    pub reply_hours: Option<i64>,
    pub session_minutes: i64,
    pub channels: Vec<Channel>,
    pub recording: Recording,
    pub sponsor_report: SponsorReport,
    /// Days after the end at which content is destroyed; `None`: it stays.
    pub retention_days: Option<i64>,
    /// Days after signing at which looking at it again is offered first.
    pub review_days: i64,
    /// `None`: nothing is signed, and these are the kind's own.
    pub signed_at: Option<Timestamp>,
}

impl Clauses {
    pub fn usual_in(kind: Kind) -> Self {
        let usual = elements::of(kind).iter().map(|element| (element.code.to_owned(), element.usual_in(kind))).collect();
        Self::of(kind, &usual)
    }

    /// Reads them from what was settled. What a kind does not speak of is as usual everywhere.
    pub fn of(kind: Kind, points: &BTreeMap<String, String>) -> Self {
        let value = |code: &str| points.get(code).map(String::as_str);
        let number = |code: &str| value(code).and_then(|v| v.parse::<i64>().ok());
        Self {
            cadence_days: number("cadence").unwrap_or_else(|| kind.cadence_days()),
            reply_hours: number("reply").or(Some(72)).filter(|hours| *hours > 0),
            session_minutes: number("session_length").unwrap_or(60),
            channels: value("channels").unwrap_or("here,video").split(',').filter_map(|c| c.parse().ok()).collect(),
            recording: value("recording").and_then(|v| v.parse().ok()).unwrap_or(Recording::Never),
            sponsor_report: value("sponsor_report").and_then(|v| v.parse().ok()).unwrap_or(SponsorReport::Nothing),
            retention_days: number("retention"),
            review_days: number("review").unwrap_or(30),
            signed_at: None,
        }
    }

    /// Who may do what with the agreement of a relationship and with its report. The clauses themselves are asked: a sponsor
    /// sees a report only where one was agreed.
    pub fn allows(&self, relationship: &Relationship, viewer: &Viewer, deed: Deed) -> bool {
        let Some(role) = relationship.role_of(viewer.person) else { return false };
        let sponsors = role == Role::Sponsor;
        match deed {
            Deed::SeeSponsorsPart | Deed::Sign => true,
            Deed::SeeReport => !sponsors || self.sponsor_report == SponsorReport::Approved,
            Deed::WriteReport => role.guides(),
            Deed::ApproveReport => role.learns(),
            Deed::See | Deed::Draft | Deed::Settle | Deed::Withdraw | Deed::InviteSponsor | Deed::AgreeToRecording => !sponsors,
        }
    }
}

record!(
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Agreement {
        pub id: AgreementId,
        pub relationship: RelationshipId,
        pub version: i64,
        pub state: AgreementState,
        pub begun_by: PersonId,
        pub begun_at: Timestamp,
        /// By when whoever it waits for is reminded.
        pub due_at: Option<Timestamp>,
        pub hash: Option<String>,
        pub signed_at: Option<Timestamp>,
        pub ended_at: Option<Timestamp>,
        pub review_at: Option<Timestamp>,
        pub review_asked_at: Option<Timestamp>,
    }
);

impl AgreementState {
    pub fn is_open(self) -> bool {
        matches!(self, Self::Drafting | Self::Settling | Self::Signing)
    }
    pub fn words(self) -> &'static str {
        match self {
            Self::Drafting => "being written",
            Self::Settling => "being settled",
            Self::Signing => "ready to sign",
            Self::Signed => "signed",
            Self::Superseded => "replaced by a newer one",
            Self::Withdrawn => "set aside",
        }
    }
}

fn days(n: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * n)
}

impl Agreement {
    fn must_be(&self, state: AgreementState) -> Result<()> {
        if self.state == state {
            Ok(())
        } else {
            Err(too_late!("The agreement is {} by now. Please look at it again.", self.state.words()))
        }
    }
    fn waiting(self, state: AgreementState, now: Timestamp) -> Self {
        Self { state, due_at: Some(now + days(REMIND_AFTER)), ..self }
    }

    pub fn must_be_drafted(&self) -> Result<()> {
        self.must_be(AgreementState::Drafting)
    }
    pub fn must_be_settled(&self) -> Result<()> {
        self.must_be(AgreementState::Settling)
    }

    /// Everybody has written theirs.
    pub fn compare(self, now: Timestamp) -> Result<Self> {
        self.must_be(AgreementState::Drafting)?;
        Ok(self.waiting(AgreementState::Settling, now))
    }
    /// Everybody agrees on every point: the text stands.
    pub fn stand(self, hash: String, now: Timestamp) -> Result<Self> {
        self.must_be(AgreementState::Settling)?;
        Ok(Self { hash: Some(hash), ..self.waiting(AgreementState::Signing, now) })
    }
    /// Somebody wants to change a word after all; nobody has signed anything then.
    pub fn reopen(self, now: Timestamp) -> Result<Self> {
        self.must_be(AgreementState::Signing)?;
        Ok(Self { hash: None, ..self.waiting(AgreementState::Settling, now) })
    }
    /// The text that somebody signs is the one they saw.
    pub fn must_be_signed_as(&self, stands: &str, seen: &str) -> Result<()> {
        self.must_be(AgreementState::Signing)?;
        if stands == seen {
            Ok(())
        } else {
            Err(too_late!("The text has changed since you read it. Please read it again before you sign."))
        }
    }
    /// Everybody has signed.
    pub fn seal(self, review_days: i64, now: Timestamp) -> Result<Self> {
        self.must_be(AgreementState::Signing)?;
        Ok(Self { state: AgreementState::Signed, signed_at: Some(now), due_at: None, review_at: Some(now + days(review_days)), ..self })
    }
    pub fn withdraw(self, now: Timestamp) -> Result<Self> {
        if !self.state.is_open() {
            return Err(too_late!("The agreement is {} by now.", self.state.words()));
        }
        Ok(Self { state: AgreementState::Withdrawn, ended_at: Some(now), due_at: None, ..self })
    }
    pub fn supersede(self, now: Timestamp) -> Self {
        Self { state: AgreementState::Superseded, ended_at: Some(now), review_at: None, review_asked_at: None, ..self }
    }
    /// Looking back is offered now; once more at ninety days, when this was earlier.
    pub fn offer_review(self, now: Timestamp) -> Self {
        let again = self.signed_at.map(|signed| signed + days(90)).filter(|at| *at > now + days(1));
        Self { review_at: again, review_asked_at: Some(now), ..self }
    }
}

/// The wording of a point and who agrees with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    pub words: String,
    pub by: PersonId,
    pub agreed: BTreeSet<PersonId>,
}

/// An open version with everything written in it, as the program sees it; pages show each what they may see.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    pub drafts: BTreeMap<PersonId, BTreeMap<String, String>>,
    pub points: BTreeMap<String, Point>,
    pub signed: BTreeMap<PersonId, Timestamp>,
}

impl Sheet {
    /// What a point stands at for everybody.
    pub fn is_settled(&self, relationship: &Relationship, code: &str) -> bool {
        self.points.get(code).is_some_and(|point| relationship.people().all(|person| point.agreed.contains(&person)))
    }
    pub fn all_settled(&self, relationship: &Relationship) -> bool {
        elements::of(relationship.kind).iter().all(|element| self.is_settled(relationship, element.code))
    }
    /// Whether every point has a wording that one can agree with.
    pub fn is_worded(&self, relationship: &Relationship) -> bool {
        elements::of(relationship.kind).iter().all(|element| self.points.contains_key(element.code))
    }
    /// The points that wait for this viewer: those with no wording yet, and those whose wording they have not agreed with.
    pub fn waits_for(&self, relationship: &Relationship, viewer: &Viewer) -> Vec<&'static Element> {
        let waits = |element: &&'static Element| self.points.get(element.code).is_none_or(|point| !point.agreed.contains(&viewer.person));
        elements::of(relationship.kind).iter().copied().filter(waits).collect()
    }
    /// What all drafts say alike.
    pub fn alike(&self, code: &str) -> Option<String> {
        let mut said = self.drafts.values().map(|draft| draft.get(code).map(|words| words.trim()));
        let first = said.next()??;
        said.all(|other| other == Some(first)).then(|| first.to_owned())
    }
    pub fn values(&self) -> BTreeMap<String, String> {
        self.points.iter().map(|(code, point)| (code.clone(), point.words.clone())).collect()
    }
}

/// Everybody who signs: those who work together, then the sponsor.
pub fn signers(relationship: &Relationship) -> impl Iterator<Item = (PersonId, Role)> + '_ {
    relationship.parties.iter().map(|p| (p.person, p.role)).chain(relationship.sponsor.map(|person| (person, Role::Sponsor)))
}

/// The text that is signed: the same words always give the same bytes. Names are no part of it, since people change them;
/// ids are. A sponsor signs the part that a sponsor reads, and nothing unseen.
pub fn canonical(relationship: &Relationship, version: i64, points: &BTreeMap<String, String>, role: Role) -> String {
    use std::fmt::Write;
    let part = |element: &Element| role != Role::Sponsor || element.for_sponsor;
    let mut text = format!("Chiron agreement, form 1\nrelationship {}\nkind {}\nversion {version}\n", relationship.id, relationship.kind);
    for (person, role) in signers(relationship) {
        // Writing into a string cannot fail.
        let _ = writeln!(text, "{role} {person}");
    }
    for element in elements::of(relationship.kind).iter().filter(|element| part(element)) {
        let words = points.get(element.code).map_or("", String::as_str).trim().replace('\n', "\n  ");
        let _ = write!(text, "\n[{}] {}\n  {words}\n", element.code, element.title);
    }
    text
}

/// SHA-256 of a text, as 64 hexadecimal digits.
pub fn hash(text: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(text.as_bytes()))
}

text_enum!(
    /// What a line of a report is.
    pub ReportKind { Date = "date", Goal = "goal", Line = "line" }
);

record!(
    #[derive(Debug, Clone)]
    pub(super) struct ReportLineRow {
        pub id: ReportLineId,
        pub by: PersonId,
        pub kind: ReportKind,
        pub words: Sealed,
        pub written_at: Timestamp,
        pub approved_at: Option<Timestamp>,
    }
);

/// A line of a report.
#[derive(Debug, Clone)]
pub struct ReportLine {
    pub id: ReportLineId,
    pub by: PersonId,
    pub kind: ReportKind,
    pub words: String,
    pub written_at: Timestamp,
    pub approved_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::relationships::{RelationshipState, example};

    fn person(n: u128) -> PersonId {
        uuid::Uuid::from_u128(n).into()
    }
    fn coaching() -> Relationship {
        let parties = [(person(1), Role::Client), (person(2), Role::Coach)];
        example(Kind::Coaching, RelationshipState::Agreed, &parties, Some(person(3)))
    }

    #[test]
    fn the_text_that_is_signed_is_stable_to_the_byte() {
        let points = BTreeMap::from([("focus".to_owned(), "Lead a team\nwithout shouting".to_owned()), ("cadence".into(), "14".into())]);
        let text = canonical(&coaching(), 2, &points, Role::Client);
        assert!(
            text.starts_with(
                "Chiron agreement, form 1\nrelationship 00000000000000000000000000000000\nkind coaching\nversion 2\nclient 0000"
            )
        );
        assert!(text.contains("[focus] What we work on\n  Lead a team\n  without shouting\n"));
        assert!(text.contains("sponsor 00000000000000000000000000000003\n"));
        assert_eq!(hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_ne!(hash(&text), hash(&canonical(&coaching(), 3, &points, Role::Client)));
        assert!(!canonical(&coaching(), 2, &points, Role::Sponsor).contains("Lead a team"));
    }

    #[test]
    fn clauses_are_the_kinds_own_until_something_is_agreed() {
        let usual = Clauses::usual_in(Kind::Coaching);
        assert_eq!((usual.cadence_days, usual.reply_hours, usual.recording), (14, Some(48), Recording::Never));
        assert_eq!(Clauses::usual_in(Kind::Mentoring).cadence_days, 28);
        let points =
            BTreeMap::from([("reply".to_owned(), "0".to_owned()), ("retention".into(), "90".into()), ("cadence".into(), "7".into())]);
        let agreed = Clauses::of(Kind::Mentoring, &points);
        assert_eq!((agreed.cadence_days, agreed.reply_hours, agreed.retention_days), (7, None, Some(90)));
    }
}
