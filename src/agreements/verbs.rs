//! Writing an agreement together, signing it, keeping to it; what a sponsor may read; what is destroyed and when.

use super::agreement::{
    Agreement, AgreementId, AgreementState, Clauses, Deed, Point, REMIND_AFTER, Recording, ReportKind, ReportLine, ReportLineId, Sheet,
    SponsorReport, canonical, hash, signers,
};
use super::elements::{self, Element};
use super::sql;
use crate::app::{Happening, Tx};
use crate::directory::verbs as directory;
use crate::error::{Error, RefusalKind, Result};
use crate::goals::verbs as goals;
use crate::notices::tell;
use crate::people::Chip;
use crate::relationships::{Company, Deed as Together, Relationship, RelationshipId, RelationshipState, Role, verbs as relationships};
use crate::seal;
use crate::slices::PAIR_ONLY;
use crate::viewer::{PersonId, Viewer};
use crate::{refused, too_late};
use chiron_store::Timestamp;
use jiff::SignedDuration;
use std::collections::BTreeMap;

/// The clauses by which two people work together: those they signed, or what is usual for the kind until they have.
pub fn clauses(tx: &mut Tx, relationship: &Relationship) -> Result<Clauses> {
    Ok(sql::clauses(tx, relationship.id)?.unwrap_or_else(|| Clauses::usual_in(relationship.kind)))
}

/// Whether a session of theirs may be recorded now: their agreement allows it, and everybody in it has said yes.
pub fn may_record(tx: &mut Tx, relationship: &Relationship) -> Result<bool> {
    if clauses(tx, relationship)?.recording == Recording::Never {
        return Ok(false);
    }
    let agreeing = sql::recording(tx, relationship.id)?;
    Ok(relationship.people().all(|person| agreeing.iter().any(|(who, _)| *who == person)))
}

/// Everything about the agreement of a relationship that this viewer may see.
pub struct Paper {
    pub company: Company,
    pub clauses: Clauses,
    /// What is in force.
    pub signed: Option<Version>,
    /// What is being written.
    pub open: Option<Version>,
    /// All versions, newest first; only for those who work together.
    pub versions: Vec<Agreement>,
    /// Who agrees to being recorded, and since when.
    pub recording: Vec<(PersonId, Timestamp)>,
    /// When what was written is destroyed, and when it was.
    pub retention: Option<(Timestamp, Option<Timestamp>)>,
}

/// A version with what is written in it, cut to what the viewer may see.
pub struct Version {
    pub agreement: Agreement,
    pub sheet: Sheet,
    pub signatures: Vec<(PersonId, Role, Timestamp)>,
    /// The hash of the text that this viewer signs or has signed.
    pub hash: String,
    /// Whether the text is still the one that was signed; `None` before anybody signed, and once its key is destroyed.
    pub is_intact: Option<bool>,
}

impl Version {
    /// How a point is worded; empty while it has no wording.
    pub fn words(&self, element: &Element) -> &str {
        self.sheet.points.get(element.code).map_or("", |point| &point.words)
    }
}

/// Opens the door for one deed: not theirs is not there, and a sponsor's report that was not agreed is refused in words.
fn enter(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, deed: Deed) -> Result<(Relationship, Clauses)> {
    let relationship = relationships::open(tx, viewer, id, Together::KnowOf)?;
    let clauses = clauses(tx, &relationship)?;
    if clauses.allows(&relationship, viewer, deed) {
        return Ok((relationship, clauses));
    }
    if deed == Deed::SeeReport {
        let why = "No report to a sponsor was agreed here, so there is none for you to read. If you need one, ask the two of them.";
        return Err(Error::refused("no_sponsor_report", RefusalKind::NotAgreed, why.into()));
    }
    Err(Error::NotFound)
}

/// The same to change something: the relationship has to be one in which they still work together.
fn enter_to(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, deed: Deed) -> Result<Relationship> {
    let (relationship, _) = enter(tx, viewer, id, deed)?;
    if relationship.role_of(viewer.person) != Some(Role::Sponsor) {
        relationship.must_offer(viewer, Together::TakePart)?;
    } else if !relationship.state.is_live() {
        return Err(too_late!("This is {} by now.", relationship.state.words()));
    }
    Ok(relationship)
}

pub fn read(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<Paper> {
    enter(tx, viewer, id, Deed::SeeSponsorsPart)?;
    let company = relationships::company(tx, viewer, id, Together::KnowOf)?;
    let clauses = clauses(tx, &company.relationship)?;
    let sees_all = clauses.allows(&company.relationship, viewer, Deed::See);
    let signed = sql::signed(tx, id)?.map(|agreement| version(tx, viewer, &company.relationship, agreement)).transpose()?;
    // A sponsor sees what is being written once it stands.
    let open = sql::open(tx, id)?.filter(|a| sees_all || a.state == AgreementState::Signing);
    let open = open.map(|agreement| version(tx, viewer, &company.relationship, agreement)).transpose()?;
    let (versions, recording, retention) =
        if sees_all { (sql::versions(tx, id)?, sql::recording(tx, id)?, sql::retention(tx, id)?) } else { Default::default() };
    Ok(Paper { company, clauses, signed, open, versions, recording, retention })
}

/// One version by its number, for reading and printing.
pub fn read_version(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, number: Option<i64>) -> Result<(Company, Version)> {
    enter(tx, viewer, id, Deed::SeeSponsorsPart)?;
    let company = relationships::company(tx, viewer, id, Together::KnowOf)?;
    let sees_all = company.relationship.role_of(viewer.person) != Some(Role::Sponsor);
    let found = sql::versions(tx, id)?.into_iter().find(|a| match number {
        Some(number) if sees_all => a.version == number && !matches!(a.state, AgreementState::Drafting | AgreementState::Withdrawn),
        _ => a.state == AgreementState::Signed,
    });
    let version = version(tx, viewer, &company.relationship, found.ok_or(Error::NotFound)?)?;
    Ok((company, version))
}

fn version(tx: &mut Tx, viewer: &Viewer, relationship: &Relationship, agreement: Agreement) -> Result<Version> {
    let role = relationship.role_of(viewer.person).unwrap_or(Role::Sponsor);
    let mut sheet = sheet(tx, relationship, agreement.id)?;
    let all = sheet.values();
    let rows = sql::signatures(tx, agreement.id)?;
    let standing = hash(&canonical(relationship, agreement.version, &all, role));
    let is_intact = match sql::words(tx, agreement.id)? {
        Some(words) if !rows.is_empty() => {
            seal::open_text(tx, relationship.key, &words)?.map(|text| agreement.hash.as_deref() == Some(&hash(&text)))
        }
        _ => None,
    };
    if role == Role::Sponsor {
        sheet.points.retain(|code, _| elements::every(relationship.kind).iter().any(|element| element.code == code && element.for_sponsor));
        sheet.drafts.clear();
    } else if agreement.state == AgreementState::Drafting {
        // Each writes alone.
        sheet.drafts.retain(|person, _| viewer.is(*person));
    }
    let hash = match (role, &agreement.hash) {
        (Role::Sponsor, _) | (_, None) => rows.iter().find(|(person, ..)| viewer.is(*person)).map_or(standing, |row| row.2.clone()),
        (_, Some(hash)) => hash.clone(),
    };
    let signatures = rows.into_iter().map(|(person, role, _, at)| (person, role, at)).collect();
    Ok(Version { agreement, sheet, signatures, hash, is_intact })
}

/// Everything written in a version.
fn sheet(tx: &mut Tx, relationship: &Relationship, id: AgreementId) -> Result<Sheet> {
    let ring = seal::ring(tx, &[relationship.key])?;
    let mut sheet = Sheet::default();
    for (person, words) in sql::drafts(tx, id)? {
        let draft = ring.text(relationship.key, &words)?.and_then(|text| serde_json::from_str(&text).ok());
        sheet.drafts.insert(person, draft.unwrap_or_default());
    }
    for (code, words, by) in sql::points(tx, id)? {
        let words = ring.text(relationship.key, &words)?.unwrap_or_else(|| "This was destroyed.".into());
        sheet.points.insert(code, Point { words, by, agreed: Default::default() });
    }
    for (code, person) in sql::consents(tx, id)? {
        if let Some(point) = sheet.points.get_mut(&code) {
            point.agreed.insert(person);
        }
    }
    for (person, _, _, at) in sql::signatures(tx, id)? {
        sheet.signed.insert(person, at);
    }
    Ok(sheet)
}

/// The open version, or a refusal that says that there is none.
fn open(tx: &mut Tx, relationship: &Relationship) -> Result<Agreement> {
    sql::open(tx, relationship.id)?.ok_or_else(|| too_late!("Nothing is being written here just now."))
}

fn happened(kind: &'static str, relationship: &Relationship) -> Happening {
    Happening::of(kind, relationship.id).touching(relationship.people().chain(relationship.sponsor))
}

fn new_version(tx: &mut Tx, viewer: &Viewer, relationship: &Relationship, state: AgreementState) -> Result<Agreement> {
    if sql::open(tx, relationship.id)?.is_some() {
        return Err(too_late!("One is being written already."));
    }
    let version = sql::versions(tx, relationship.id)?.first().map_or(1, |latest| latest.version + 1);
    let now = tx.now();
    let agreement = Agreement {
        id: tx.new_id(),
        relationship: relationship.id,
        version,
        state,
        begun_by: viewer.person,
        begun_at: now,
        due_at: Some(now + SignedDuration::from_hours(24 * REMIND_AFTER)),
        hash: None,
        signed_at: None,
        ended_at: None,
        review_at: None,
        review_asked_at: None,
    };
    sql::insert(tx, &agreement)?;
    Ok(agreement)
}

/// Each writes alone what they would like. When the last one has, they look at the differences; what all wrote alike is agreed.
pub fn save_draft(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, draft: &BTreeMap<String, String>) -> Result<AgreementState> {
    let relationship = enter_to(tx, viewer, id, Deed::Draft)?;
    let was = match sql::open(tx, id)? {
        Some(open) => open,
        None => new_version(tx, viewer, &relationship, AgreementState::Drafting)?,
    };
    was.must_be_drafted()?;
    let sealed = seal::seal(tx, relationship.key, &serde_json::to_string(draft)?)?;
    sql::save_draft(tx, was.id, viewer.person, &sealed)?;
    let sheet = sheet(tx, &relationship, was.id)?;
    if !relationship.people().all(|person| sheet.drafts.contains_key(&person)) {
        for person in relationship.others(viewer).filter(|person| !sheet.drafts.contains_key(person)) {
            tell(tx, person, "agreement to write", id)?;
        }
        tx.record(happened("agreement drafted", &relationship).by(viewer))?;
        return Ok(AgreementState::Drafting);
    }
    compare(tx, viewer, &relationship, &was, sheet)
}

/// Everybody has written: what all wrote alike is agreed, and they look at the differences.
fn compare(tx: &mut Tx, viewer: &Viewer, relationship: &Relationship, was: &Agreement, mut sheet: Sheet) -> Result<AgreementState> {
    let id = relationship.id;
    let is = was.clone().compare(tx.now())?;
    sql::save(tx, was, &is)?;
    let ring = seal::ring(tx, &[relationship.key])?;
    // Who has left a circle meanwhile has no part in the text of the others.
    sheet.drafts.retain(|person, _| relationship.role_of(*person).is_some());
    for element in elements::of(relationship.kind) {
        if let Some(words) = sheet.alike(element.code) {
            let words = ring.seal(tx, relationship.key, &words)?;
            sql::save_point(tx, is.id, element.code, viewer.person, &words)?;
            relationship.people().try_for_each(|person| sql::consent(tx, is.id, element.code, person))?;
        }
    }
    relationship.others(viewer).try_for_each(|person| tell(tx, person, "agreement to settle", id))?;
    tx.record(happened("agreement compared", relationship).by(viewer))?;
    stand_if_settled(tx, viewer, relationship, is)
}

/// Somebody agrees with a wording, or proposes one. When everybody agrees on every point, the text stands to be signed.
pub fn settle(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, element: &Element, words: &str) -> Result<AgreementState> {
    let relationship = enter_to(tx, viewer, id, Deed::Settle)?;
    let agreement = open(tx, &relationship)?;
    agreement.must_be_settled()?;
    let sheet = sheet(tx, &relationship, agreement.id)?;
    let stands = sheet.points.get(element.code);
    let is_news = stands.is_none_or(|point| point.words != words);
    if is_news {
        let sealed = seal::seal(tx, relationship.key, words)?;
        sql::save_point(tx, agreement.id, element.code, viewer.person, &sealed)?;
    }
    sql::consent(tx, agreement.id, element.code, viewer.person)?;
    tx.record(happened("agreement settled", &relationship).by(viewer))?;
    let state = stand_if_settled(tx, viewer, &relationship, agreement)?;
    // One word when their part is done, not one for every point.
    let left = sheet.waits_for(&relationship, viewer).into_iter().any(|other| other.code != element.code);
    if state == AgreementState::Settling && is_news && !left {
        relationship.others(viewer).try_for_each(|person| tell(tx, person, "agreement to settle", id))?;
    }
    Ok(state)
}

/// Somebody agrees with every wording as it stands, such as who joins a circle that has an agreement.
pub fn agree_with_all(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<AgreementState> {
    let relationship = enter_to(tx, viewer, id, Deed::Settle)?;
    let agreement = open(tx, &relationship)?;
    agreement.must_be_settled()?;
    let sheet = sheet(tx, &relationship, agreement.id)?;
    if !sheet.is_worded(&relationship) {
        return Err(refused!("no_wording"; "Not every point has a wording yet. Please look at them one by one."));
    }
    for element in sheet.waits_for(&relationship, viewer) {
        sql::consent(tx, agreement.id, element.code, viewer.person)?;
    }
    tx.record(happened("agreement settled", &relationship).by(viewer))?;
    stand_if_settled(tx, viewer, &relationship, agreement)
}

fn stand_if_settled(tx: &mut Tx, viewer: &Viewer, relationship: &Relationship, was: Agreement) -> Result<AgreementState> {
    let sheet = sheet(tx, relationship, was.id)?;
    if !sheet.all_settled(relationship) {
        return Ok(was.state);
    }
    let text = canonical(relationship, was.version, &sheet.values(), Role::Peer);
    let is = was.clone().stand(hash(&text), tx.now())?;
    sql::save(tx, &was, &is)?;
    let sealed = seal::seal(tx, relationship.key, &text)?;
    sql::save_words(tx, is.id, Some(&sealed))?;
    for (person, _) in signers(relationship).filter(|(person, _)| !viewer.is(*person)).collect::<Vec<_>>() {
        tell(tx, person, "agreement to sign", relationship.id)?;
    }
    tx.record(happened("agreement stands", relationship).by(viewer))?;
    Ok(is.state)
}

/// Signs the text that they saw. With the last signature it is in force: its clauses act from then on.
pub fn sign(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, seen: &str) -> Result<AgreementState> {
    let relationship = enter_to(tx, viewer, id, Deed::Sign)?;
    let was = open(tx, &relationship)?;
    let sheet = sheet(tx, &relationship, was.id)?;
    let role = relationship.role_of(viewer.person).ok_or(Error::NotFound)?;
    was.must_be_signed_as(&hash(&canonical(&relationship, was.version, &sheet.values(), role)), seen)?;
    if !sql::sign(tx, was.id, viewer.person, role, seen)? {
        return Err(too_late!("You have signed this already."));
    }
    let signed = sql::signatures(tx, was.id)?;
    tx.record(happened("agreement signed", &relationship).by(viewer))?;
    let everybody: Vec<PersonId> = signers(&relationship).map(|(person, _)| person).collect();
    if !everybody.iter().all(|person| signed.iter().any(|(who, ..)| who == person)) {
        return Ok(was.state);
    }
    let clauses = Clauses::of(relationship.kind, &sheet.values());
    let is = was.clone().seal(clauses.review_days, tx.now())?;
    if let Some(before) = sql::signed(tx, id)? {
        let after = before.clone().supersede(tx.now());
        sql::save(tx, &before, &after)?;
    }
    sql::save(tx, &was, &is)?;
    sql::save_clauses(tx, is.id, &clauses)?;
    relationships::keep_cadence(tx, id, clauses.cadence_days)?;
    if relationship.state == RelationshipState::Agreed {
        let by = party(tx, viewer, &relationship)?;
        relationships::start(tx, &by, id)?;
    }
    for person in everybody.into_iter().filter(|person| !viewer.is(*person)) {
        tell(tx, person, "agreement in force", id)?;
    }
    tx.record(happened("agreement in force", &relationship).by(viewer))?;
    Ok(is.state)
}

/// Somebody who works in it: when the last signature is a sponsor's, it is the first of the parties who begins.
fn party(tx: &mut Tx, viewer: &Viewer, relationship: &Relationship) -> Result<Viewer> {
    if relationship.people().any(|person| viewer.is(person)) {
        return Ok(viewer.clone());
    }
    let first = relationship.people().next().ok_or(Error::NotFound)?;
    Viewer::of_person(tx, first, crate::viewer::Via::Errand)?.ok_or(Error::NotFound)
}

/// Somebody wants to change a word after all, before it is signed by everybody.
pub fn reopen(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<()> {
    let relationship = enter_to(tx, viewer, id, Deed::Settle)?;
    let was = open(tx, &relationship)?;
    let is = was.clone().reopen(tx.now())?;
    back_to_settling(tx, &was, &is)?;
    relationship.others(viewer).try_for_each(|person| tell(tx, person, "agreement to settle", id))?;
    tx.record(happened("agreement reopened", &relationship).by(viewer))
}

fn back_to_settling(tx: &mut Tx, was: &Agreement, is: &Agreement) -> Result<()> {
    sql::save(tx, was, is)?;
    sql::save_words(tx, is.id, None)?;
    sql::unsign(tx, is.id)
}

/// A change of what is in force: a new version that begins with the same words. What is signed holds until the new one is.
pub fn amend(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<()> {
    let relationship = enter_to(tx, viewer, id, Deed::Settle)?;
    let signed = sql::signed(tx, id)?.ok_or_else(|| too_late!("There is no signed agreement to change."))?;
    amendment(tx, viewer, &relationship, &signed)?;
    Ok(())
}

fn amendment(tx: &mut Tx, viewer: &Viewer, relationship: &Relationship, signed: &Agreement) -> Result<Agreement> {
    let agreement = new_version(tx, viewer, relationship, AgreementState::Settling)?;
    // Who signed these words agrees with them; who joins since looks at each of them first.
    let signed_by: Vec<PersonId> = sql::signatures(tx, signed.id)?.into_iter().map(|(person, ..)| person).collect();
    for (code, words, by) in sql::points(tx, signed.id)? {
        sql::save_point(tx, agreement.id, &code, by, &words)?;
        let agree = relationship.people().filter(|person| signed_by.contains(person));
        agree.into_iter().try_for_each(|person| sql::consent(tx, agreement.id, &code, person))?;
    }
    let done = Agreement { review_asked_at: None, ..signed.clone() };
    sql::save(tx, signed, &done)?;
    tx.record(happened("agreement amended", relationship).by(viewer))?;
    Ok(agreement)
}

/// Sets aside what is being written. What is signed stays in force.
pub fn withdraw(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<()> {
    let relationship = enter_to(tx, viewer, id, Deed::Withdraw)?;
    let was = open(tx, &relationship)?;
    set_aside(tx, was)?;
    relationship.others(viewer).try_for_each(|person| tell(tx, person, "agreement set aside", id))?;
    tx.record(happened("agreement withdrawn", &relationship).by(viewer))
}

fn set_aside(tx: &mut Tx, was: Agreement) -> Result<()> {
    let is = was.clone().withdraw(tx.now())?;
    sql::save(tx, &was, &is)
}

/// It still fits: nobody is asked again before the next look back.
pub fn still_fits(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<()> {
    let relationship = enter_to(tx, viewer, id, Deed::Settle)?;
    let signed = sql::signed(tx, id)?.ok_or(Error::NotFound)?;
    let done = Agreement { review_asked_at: None, ..signed.clone() };
    sql::save(tx, &signed, &done)?;
    tx.record(happened("agreement looked at", &relationship).by(viewer))
}

/// Somebody agrees to being recorded, or no longer does.
pub fn agree_to_recording(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, agrees: bool) -> Result<()> {
    let relationship = enter_to(tx, viewer, id, Deed::AgreeToRecording)?;
    if agrees && clauses(tx, &relationship)?.recording == Recording::Never {
        return Err(refused!("no_recording"; "Your agreement says that no session is recorded. Change it first, if you both want to."));
    }
    sql::save_recording(tx, id, viewer.person, agrees)?;
    tx.record(happened("recording agreed", &relationship).by(viewer))
}

// The sponsor.

/// Members whose name is like this, to be invited.
pub fn called_like(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, typed: &str) -> Result<Vec<Chip>> {
    let (relationship, _) = enter(tx, viewer, id, Deed::InviteSponsor)?;
    let found: Vec<PersonId> =
        directory::called(tx, typed, 10)?.into_iter().filter(|p| relationship.role_of(*p).is_none()).take(5).collect();
    crate::people::verbs::chips(tx, &found)
}

/// Invites somebody to stand behind it. They are part of the text that everybody signs, so a new version begins where none is
/// open; a text that stood is signed anew.
pub fn invite_sponsor(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, sponsor: PersonId) -> Result<()> {
    let relationship = enter_to(tx, viewer, id, Deed::InviteSponsor)?;
    // Somebody who is here, and not only an id.
    crate::people::verbs::see(tx, viewer, sponsor)?;
    relationships::add_sponsor(tx, &relationship, sponsor, viewer)?;
    text_changes(tx, viewer, &relationship)?;
    let relationship = relationships::find(tx, id)?;
    tell(tx, sponsor, "sponsor invited", id)?;
    relationship.others(viewer).try_for_each(|person| tell(tx, person, "sponsor named", id))?;
    tx.record(happened("sponsor invited", &relationship).by(viewer))
}

/// The sponsor is no longer one: they leave, or either of the two ends it.
pub fn remove_sponsor(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<()> {
    let relationship = enter_to(tx, viewer, id, Deed::Sign)?;
    if !relationships::remove_sponsor(tx, id)? {
        return Err(too_late!("There is no sponsor here."));
    }
    tx.record(happened("sponsor left", &relationship).by(viewer))?;
    let by = party(tx, viewer, &relationship)?;
    text_changes(tx, &by, &Relationship { sponsor: None, ..relationship })
}

/// Who is in it is part of the text. What stood to be signed goes back to be looked at; what is signed gets a new version.
fn text_changes(tx: &mut Tx, viewer: &Viewer, relationship: &Relationship) -> Result<()> {
    match sql::open(tx, relationship.id)? {
        Some(was) if was.state == AgreementState::Signing => {
            let is = was.clone().reopen(tx.now())?;
            back_to_settling(tx, &was, &is)
        }
        Some(_) => Ok(()),
        None => match sql::signed(tx, relationship.id)? {
            Some(signed) => amendment(tx, viewer, relationship, &signed).map(drop),
            None => Ok(()),
        },
    }
}

/// Everybody agrees on the words already, and only who is in it has changed: the text stands as it is.
pub fn propose_as_it_is(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<AgreementState> {
    let relationship = enter_to(tx, viewer, id, Deed::Settle)?;
    let agreement = open(tx, &relationship)?;
    agreement.must_be_settled()?;
    stand_if_settled(tx, viewer, &relationship, agreement)
}

// The report.

/// A report as this viewer may see it: a sponsor reads the lines that the learner has approved.
pub struct Report {
    pub company: Company,
    pub clauses: Clauses,
    pub lines: Vec<ReportLine>,
}

pub fn report(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<Report> {
    let (relationship, clauses) = enter(tx, viewer, id, Deed::SeeReport)?;
    let company = relationships::company(tx, viewer, id, Together::KnowOf)?;
    let only_approved = relationship.role_of(viewer.person) == Some(Role::Sponsor);
    let ring = seal::ring(tx, &[relationship.key])?;
    let mut lines = Vec::new();
    for row in sql::lines(tx, id)? {
        if only_approved && row.approved_at.is_none() {
            continue;
        }
        let words = ring.text(relationship.key, &row.words)?.unwrap_or_else(|| "This was destroyed.".into());
        lines.push(ReportLine { id: row.id, by: row.by, kind: row.kind, words, written_at: row.written_at, approved_at: row.approved_at });
    }
    Ok(Report { company, clauses, lines })
}

/// Somebody adds a line. The learner's own is approved by being theirs; the guide's waits for the learner.
pub fn add_line(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, kind: ReportKind, words: &str) -> Result<()> {
    let relationship = enter_to(tx, viewer, id, Deed::SeeReport)?;
    let clauses = clauses(tx, &relationship)?;
    let approves = clauses.allows(&relationship, viewer, Deed::ApproveReport);
    if !approves && !clauses.allows(&relationship, viewer, Deed::WriteReport) {
        return Err(Error::NotFound);
    }
    if clauses.sponsor_report == SponsorReport::Nothing {
        return Err(refused!("no_sponsor_report"; "Your agreement says that there is no report. Change it first, if you both want one."));
    }
    if names_a_goal_of_the_pair(tx, &relationship, words)? {
        let why = "That names a goal which is shared between you two only, and no report ever does. Say it in other words, or change who sees the goal on its page first.";
        return Err(refused!("pair_only"; "{why}"));
    }
    let (line, sealed): (ReportLineId, _) = (tx.new_id(), seal::seal(tx, relationship.key, words)?);
    sql::insert_line(tx, line, id, viewer.person, kind, &sealed, approves)?;
    if approves {
        tell_sponsor(tx, &relationship)?;
    } else {
        relationship.others(viewer).try_for_each(|person| tell(tx, person, "report to approve", id))?;
    }
    tx.record(happened("report written", &relationship).by(viewer))
}

/// Goals that somebody may want a sponsor to know: their own, without those that stay between a pair.
pub fn goals_to_report(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<String>> {
    let mut kept = Vec::new();
    for of in PAIR_ONLY {
        kept.extend(of(tx, viewer.person)?);
    }
    let own = goals::own(tx, viewer)?.into_iter().filter(|listed| !kept.contains(&listed.id));
    Ok(own.map(|listed| listed.outcome).collect())
}

/// Whether words hold those of a goal that one of them keeps between a pair.
fn names_a_goal_of_the_pair(tx: &mut Tx, relationship: &Relationship, words: &str) -> Result<bool> {
    let mut kept = Vec::new();
    for person in relationship.people() {
        for of in PAIR_ONLY {
            kept.extend(of(tx, person)?);
        }
    }
    let words = crate::fold::fold(words);
    let said = goals::outcomes(tx, &kept)?;
    Ok(said.values().any(|(_, outcome)| !outcome.is_empty() && words.contains(&crate::fold::fold(outcome))))
}

fn tell_sponsor(tx: &mut Tx, relationship: &Relationship) -> Result<()> {
    relationship.sponsor.into_iter().try_for_each(|sponsor| tell(tx, sponsor, "report to read", relationship.id))
}

/// The learner lets the sponsor read a line.
pub fn approve_line(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, line: ReportLineId) -> Result<()> {
    let relationship = enter_to(tx, viewer, id, Deed::ApproveReport)?;
    if !sql::approve_line(tx, id, line)? {
        return Err(too_late!("That line is approved or left out already."));
    }
    tell_sponsor(tx, &relationship)?;
    tx.record(happened("report approved", &relationship).by(viewer))
}

/// The learner, or whoever wrote it, leaves a line out; a sponsor who has read it cannot read it again.
pub fn leave_out_line(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, line: ReportLineId) -> Result<()> {
    let relationship = enter_to(tx, viewer, id, Deed::SeeReport)?;
    let learner = clauses(tx, &relationship)?.allows(&relationship, viewer, Deed::ApproveReport);
    let wrote_it = sql::lines(tx, id)?.iter().any(|row| row.id == line && viewer.is(row.by));
    if !learner && !wrote_it {
        return Err(Error::NotFound);
    }
    if !sql::leave_out_line(tx, id, line)? {
        return Err(too_late!("That line is left out already."));
    }
    tx.record(happened("report line left out", &relationship).by(viewer))
}

// What waits for somebody.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Write,
    /// So many points wait for them.
    Settle(usize),
    /// Every point is agreed, and the text only has to be put up for signing.
    PutUp,
    Sign,
    Review,
    ApproveReport(i64),
}

/// What the agreement of a relationship asks of this viewer now, and by when.
pub fn step(tx: &mut Tx, viewer: &Viewer, relationship: &Relationship) -> Result<Option<(Step, Option<Timestamp>)>> {
    if relationship.state.is_live()
        && let Some(open) = sql::open(tx, relationship.id)?
    {
        return step_of(tx, viewer, relationship, &open);
    }
    let asked = sql::signed(tx, relationship.id)?.and_then(|signed| signed.review_asked_at);
    Ok(asked
        .filter(|_| relationship.state.is_live() && relationship.role_of(viewer.person) != Some(Role::Sponsor))
        .map(|_| (Step::Review, None)))
}

fn step_of(tx: &mut Tx, viewer: &Viewer, relationship: &Relationship, open: &Agreement) -> Result<Option<(Step, Option<Timestamp>)>> {
    let sponsors = relationship.role_of(viewer.person) == Some(Role::Sponsor);
    let step = match open.state {
        AgreementState::Drafting if !sponsors => {
            let written = sql::drafts(tx, open.id)?;
            (!written.iter().any(|(person, _)| viewer.is(*person))).then_some(Step::Write)
        }
        AgreementState::Settling if !sponsors => {
            let sheet = sheet(tx, relationship, open.id)?;
            match sheet.waits_for(relationship, viewer).len() {
                0 if sheet.all_settled(relationship) => Some(Step::PutUp),
                0 => None,
                waiting => Some(Step::Settle(waiting)),
            }
        }
        AgreementState::Signing => {
            let signed = sql::signatures(tx, open.id)?;
            (!signed.iter().any(|(person, ..)| viewer.is(*person))).then_some(Step::Sign)
        }
        _ => None,
    };
    Ok(step.map(|step| (step, open.due_at)))
}

/// Everything of this kind that waits for this viewer, in all of their relationships.
pub fn waiting_on(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<(Company, Step, Option<Timestamp>)>> {
    const MOST: i64 = 5;
    let mut waiting = Vec::new();
    for agreement in sql::of_concern_to(tx, viewer.person, 2 * MOST)? {
        if agreement.state == AgreementState::Signed {
            waiting.push((relationships::company(tx, viewer, agreement.relationship, Together::KnowOf)?, Step::Review, None));
            continue;
        }
        let company = relationships::company(tx, viewer, agreement.relationship, Together::KnowOf)?;
        if company.relationship.state.is_live()
            && let Some((step, by)) = step_of(tx, viewer, &company.relationship, &agreement)?
        {
            waiting.push((company, step, by));
        }
    }
    for (id, lines) in sql::lines_waiting_for(tx, viewer.person, MOST)? {
        let company = relationships::company(tx, viewer, id, Together::KnowOf)?;
        if company.relationship.state.is_live() {
            waiting.push((company, Step::ApproveReport(lines), None));
        }
    }
    Ok(waiting)
}

// What time does, and what follows from what happens elsewhere.

/// Agreements that one sweep handles.
const A_SWEEP: i64 = 100;

/// Reminds whoever an open version waits for, once at each step.
pub fn remind(tx: &mut Tx) -> Result<usize> {
    let due = sql::claim_to_remind(tx, A_SWEEP)?;
    for id in &due {
        let relationship = relationships::find(tx, *id)?;
        for (person, _) in signers(&relationship).collect::<Vec<_>>() {
            let Some(viewer) = Viewer::of_person(tx, person, crate::viewer::Via::Errand)? else { continue };
            if step(tx, &viewer, &relationship)?.is_some() {
                tell(tx, person, "agreement waits", *id)?;
            }
        }
    }
    Ok(due.len())
}

/// Asks whether an agreement still fits, at thirty and at ninety days.
pub fn offer_reviews(tx: &mut Tx) -> Result<usize> {
    let due = sql::to_review(tx, A_SWEEP)?;
    for was in &due {
        let relationship = relationships::find(tx, was.relationship)?;
        let is = was.clone().offer_review(tx.now());
        if !relationship.state.is_live() {
            sql::save(tx, was, &Agreement { review_at: None, ..was.clone() })?;
            continue;
        }
        sql::save(tx, was, &is)?;
        relationship.people().try_for_each(|person| tell(tx, person, "agreement review", relationship.id))?;
        tx.record(happened("agreement review offered", &relationship))?;
    }
    Ok(due.len())
}

/// Tells both before anything is destroyed, and destroys what they agreed not to keep.
pub fn destroy_due(tx: &mut Tx) -> Result<usize> {
    let to_tell = sql::claim_to_tell(tx, A_SWEEP)?;
    for id in &to_tell {
        let relationship = relationships::find(tx, *id)?;
        relationship.people().try_for_each(|person| tell(tx, person, "content to be destroyed", *id))?;
    }
    let to_destroy = sql::claim_to_destroy(tx, A_SWEEP)?;
    for id in &to_destroy {
        let relationship = relationships::find(tx, *id)?;
        seal::destroy(tx, relationship.key)?;
        tx.record(happened("content destroyed", &relationship))?;
    }
    Ok(to_tell.len() + to_destroy.len())
}

/// A relationship has ended: what was being written is set aside, and the clock of what is not to be kept begins.
pub fn follow_end(tx: &mut Tx, id: RelationshipId) -> Result<()> {
    if let Some(open) = sql::open(tx, id)? {
        set_aside(tx, open)?;
    }
    let Some(days) = sql::clauses(tx, id)?.and_then(|clauses| clauses.retention_days) else { return Ok(()) };
    let destroy_at = tx.now() + SignedDuration::from_hours(24 * days);
    sql::keep_until(tx, id, destroy_at)
}

/// Somebody joins those who have begun: it is their agreement too once they have signed it, as everybody does anew.
pub fn follow_joining(tx: &mut Tx, id: RelationshipId, person: Option<PersonId>) -> Result<()> {
    let Some(viewer) = person.map(|person| Viewer::of_person(tx, person, crate::viewer::Via::Errand)).transpose()?.flatten() else {
        return Ok(());
    };
    let has_signed = match sql::signed(tx, id)? {
        Some(signed) => sql::signatures(tx, signed.id)?.iter().any(|(who, ..)| viewer.is(*who)),
        None => false,
    };
    let relationship = relationships::find(tx, id)?;
    if !relationship.state.is_live() || has_signed && sql::open(tx, id)?.is_none() {
        return Ok(());
    }
    text_changes(tx, &viewer, &relationship)?;
    if sql::open(tx, id)?.is_some() {
        tell(tx, viewer.person, "agreement to settle", id)?;
    }
    Ok(())
}

/// Somebody is not among them any more, who go on: nobody waits for what they would write or sign. What is signed holds.
pub fn follow_parting(tx: &mut Tx, id: RelationshipId, person: Option<PersonId>) -> Result<()> {
    let Some(open) = sql::open(tx, id)? else { return Ok(()) };
    // They may still be in it at this moment.
    let mut relationship = relationships::find(tx, id)?;
    relationship.parties.retain(|party| Some(party.person) != person);
    let Some(first) = relationship.people().next() else { return Ok(()) };
    let Some(viewer) = Viewer::of_person(tx, first, crate::viewer::Via::Errand)? else { return Ok(()) };
    match open.state {
        AgreementState::Drafting => {
            let sheet = sheet(tx, &relationship, open.id)?;
            if !relationship.people().all(|person| sheet.drafts.contains_key(&person)) {
                return Ok(());
            }
            compare(tx, &viewer, &relationship, &open, sheet)?;
            tell(tx, viewer.person, "agreement to settle", id)
        }
        AgreementState::Signing => text_changes(tx, &viewer, &relationship),
        _ => Ok(()),
    }
}

/// They work in another way now: what was being written asked other things, and what is signed holds until they change it.
pub fn follow_kind(tx: &mut Tx, id: RelationshipId) -> Result<()> {
    if let Some(open) = sql::open(tx, id)? {
        set_aside(tx, open)?;
    }
    if let Some(clauses) = sql::clauses(tx, id)? {
        relationships::keep_cadence(tx, id, clauses.cadence_days)?;
    }
    Ok(())
}
