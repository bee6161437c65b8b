//! The parts of a calendar within each other. What is not closed ends with what holds it, and what ends without having
//! begun is passed over.

use crate::line::Property;
use crate::{Error, LARGEST, MOST_EVENTS};

/// Deeper parts than an alarm in an event are nothing we know.
const DEEPEST: usize = 5;

/// One part of a calendar: an event, a zone.
#[derive(Debug, Default)]
pub struct Part<'a> {
    pub kind: &'a str,
    pub properties: Vec<Property<'a>>,
    pub parts: Vec<Self>,
}

impl<'a> Part<'a> {
    pub fn is(&self, kind: &str) -> bool {
        self.kind.eq_ignore_ascii_case(kind)
    }
    pub fn property(&self, name: &str) -> Option<&Property<'a>> {
        self.properties.iter().find(|p| p.is(name))
    }
    pub fn all<'p>(&'p self, name: &'p str) -> impl Iterator<Item = &'p Property<'a>> {
        self.properties.iter().filter(move |p| p.is(name))
    }
    pub fn parts<'p>(&'p self, kind: &'p str) -> impl Iterator<Item = &'p Self> {
        self.parts.iter().filter(move |p| p.is(kind))
    }
}

/// Refuses what is too large before it is looked at.
pub fn fits(bytes: &[u8]) -> Result<&[u8], Error> {
    if bytes.len() > LARGEST { Err(Error::TooLarge) } else { Ok(bytes) }
}

/// The parts of an unfolded text within one nameless part; the calendars are its parts. Linear in the text.
pub fn parse(text: &str) -> Result<Part<'_>, Error> {
    let mut open: Vec<Part> = vec![Part::default()];
    let (mut events, mut too_deep) = (0, 0_usize);
    for property in text.lines().filter_map(Property::of) {
        if property.is("BEGIN") {
            events += usize::from(property.value.trim().eq_ignore_ascii_case("VEVENT"));
            if events > MOST_EVENTS {
                return Err(Error::TooManyEvents);
            }
            match open.len() > DEEPEST {
                true => too_deep += 1,
                false => open.push(Part { kind: property.value.trim(), ..Part::default() }),
            }
        } else if property.is("END") {
            match too_deep {
                0 => close(&mut open, property.value.trim()),
                _ => too_deep -= 1,
            }
        } else if too_deep == 0
            && let Some(part) = open.last_mut()
        {
            part.properties.push(property);
        }
    }
    while open.len() > 1 {
        close_last(&mut open);
    }
    let whole = open.pop().unwrap_or_default();
    if whole.parts("VCALENDAR").next().is_none() {
        return Err(Error::NotACalendar);
    }
    Ok(whole)
}

fn close<'a>(open: &mut Vec<Part<'a>>, kind: &str) {
    let Some(depth) = open.iter().rposition(|p| p.is(kind)).filter(|d| *d > 0) else { return };
    while open.len() > depth {
        close_last(open);
    }
}

fn close_last(open: &mut Vec<Part<'_>>) {
    if let Some(part) = open.pop()
        && let Some(holder) = open.last_mut()
    {
        holder.parts.push(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_that_are_not_closed_end_with_their_holder() {
        let whole = parse("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nBEGIN:VALARM\nUID:2\nEND:VCALENDAR\nEND:VEVENT\nX:1\n").unwrap();
        let event = &whole.parts[0].parts[0];
        assert_eq!((event.kind, event.properties.len(), event.parts.len()), ("VEVENT", 1, 1));
        assert_eq!(whole.properties.len(), 1);
    }

    #[test]
    fn what_is_no_calendar_or_too_much_of_one_is_refused() {
        assert_eq!(parse("<html></html>").unwrap_err(), Error::NotACalendar);
        assert_eq!(parse(&("BEGIN:VCALENDAR\n".to_owned() + &"BEGIN:VEVENT\n".repeat(10_001))).unwrap_err(), Error::TooManyEvents);
        assert_eq!(parse(&"BEGIN:VCALENDAR\n".repeat(50_000)).unwrap().parts.len(), 1);
        assert_eq!(fits(&vec![b' '; LARGEST + 1]).unwrap_err(), Error::TooLarge);
    }
}
