//! What people's calendar programs answer to an invitation: REPLY and COUNTER (RFC 5546, 3.2.3 and 3.2.7).

use crate::event::{Held, Moment};
use crate::line::{Property, unfold};
use crate::tree::{Part, fits, parse};
use crate::zone::Zones;
use crate::{Budget, Error};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Whether somebody comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Accepted,
    Declined,
    Tentative,
}

/// An answer to one invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The UID of what was invited to, as we wrote it.
    pub uid: String,
    /// Which occurrence, by when it would have begun, when the answer is about one of a series.
    pub occurrence: Option<Timestamp>,
    /// The SEQUENCE of the invitation that was answered; none said is none changed.
    pub sequence: i64,
    /// Whose answer, in small letters and without `mailto:`. Anybody can write this: believe the envelope.
    pub attendee: String,
    /// Whether they come; a proposal need not say.
    pub answer: Option<Answer>,
    /// What they wrote with it, at most a thousand characters.
    pub comment: Option<String>,
    /// Another time that they propose (COUNTER): from and to.
    pub proposed: Option<(Timestamp, Timestamp)>,
}

/// The most answers in one letter; programs send one, or one for each changed occurrence.
const MOST: usize = 20;

/// The answers in a calendar that came by mail. Linear in its text.
///
/// # Errors
/// `NotAnAnswer` when it is another kind of calendar, or answers nothing.
pub fn answers(calendar: &[u8], floating: &TimeZone) -> Result<Vec<Response>, Error> {
    let text = unfold(fits(calendar)?);
    let whole = parse(&text)?;
    let (mut zones, mut budget, mut found) = (Zones::of(&whole, floating), Budget::default(), Vec::new());
    for calendar in whole.parts("VCALENDAR") {
        let method = calendar.property("METHOD").map(|p| p.value.trim().to_ascii_uppercase());
        let counters = match method.as_deref() {
            Some("REPLY") => false,
            Some("COUNTER") => true,
            _ => continue,
        };
        for event in calendar.parts("VEVENT").take(MOST) {
            found.extend(response(event, counters, &mut zones, &mut budget)?);
        }
    }
    found.truncate(MOST);
    if found.is_empty() { Err(Error::NotAnAnswer) } else { Ok(found) }
}

fn response(event: &Part<'_>, counters: bool, zones: &mut Zones<'_, '_>, budget: &mut Budget) -> Result<Option<Response>, Error> {
    // Whoever answers is its only attendee. A proposal may list the others as well, but then it says who replies.
    let said = |p: &&Property<'_>| p.param("PARTSTAT").is_some_and(|v| !v.eq_ignore_ascii_case("NEEDS-ACTION"));
    let attendee = event.all("ATTENDEE").find(said).or_else(|| event.property("ATTENDEE"));
    let (Some(uid), Some(attendee)) = (event.property("UID"), attendee) else { return Ok(None) };
    let answer = match attendee.param("PARTSTAT").unwrap_or_default().to_ascii_uppercase().as_str() {
        "ACCEPTED" => Some(Answer::Accepted),
        "DECLINED" => Some(Answer::Declined),
        "TENTATIVE" => Some(Answer::Tentative),
        _ => None,
    };
    let proposed = match counters.then(|| Held::of(event, zones, budget)).transpose()?.flatten() {
        Some(held) => Some((held.start.instant(), held.end(held.start.wall, held.start.instant()))),
        None => None,
    };
    if answer.is_none() && proposed.is_none() {
        return Ok(None);
    }
    let address = attendee.value.trim();
    let bare = if address.get(..7).is_some_and(|s| s.eq_ignore_ascii_case("mailto:")) { &address[7..] } else { address };
    let comment: Option<String> = event.property("COMMENT").map(|p| p.text().trim().chars().take(1000).collect());
    Ok(Some(Response {
        uid: uid.text(),
        occurrence: Moment::one(event, "RECURRENCE-ID", zones, budget)?.map(|m| m.instant()),
        sequence: event.property("SEQUENCE").and_then(|p| p.value.trim().parse().ok()).unwrap_or(0),
        attendee: bare.trim().to_lowercase(),
        answer,
        comment: comment.filter(|c| !c.is_empty()),
        proposed,
    }))
}
