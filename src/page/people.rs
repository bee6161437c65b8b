//! Faces and names, the largest things on a page about people.

use maud::{Markup, Render, html};

/// How a person is shown: a photo if they gave one, else a mark made from their id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Face {
    pub name: String,
    /// Address of the photo, square.
    pub photo: Option<String>,
    /// What the mark is made from: something that never changes about a person, such as their id.
    pub mark: String,
}

impl Face {
    pub fn new(name: impl Into<String>, photo: Option<String>, mark: impl Into<String>) -> Self {
        Self { name: name.into(), photo, mark: mark.into() }
    }

    /// The face alone, 28 px. Decoration: the name stands beside it.
    pub fn small(&self) -> Markup {
        self.at("face face-small", 28)
    }

    /// 44 px, for lists.
    pub fn medium(&self) -> Markup {
        self.at("face", 44)
    }

    /// 72 px, for cards about a person.
    pub fn large(&self) -> Markup {
        self.at("face face-large", 72)
    }

    /// 128 px, for a profile.
    pub fn huge(&self) -> Markup {
        self.at("face face-huge", 128)
    }

    fn at(&self, class: &str, size: u32) -> Markup {
        html! {
            @match &self.photo {
                Some(photo) => img class=(class) src=(photo) alt="" width=(size) height=(size) loading="lazy" decoding="async";,
                None => (mark(&self.mark, &self.name, class, size)),
            }
        }
    }

    /// Face and name in one line; a link when there is somewhere to go.
    pub fn chip(&self, href: Option<&str>) -> Markup {
        html! {
            @match href {
                Some(href) => a.chip href=(href) { (self.small()) span { (self.name) } },
                None => span.chip { (self.small()) span { (self.name) } },
            }
        }
    }
}

impl Render for Face {
    fn render(&self) -> Markup {
        self.medium()
    }
}

/// Two faces that overlap a little: a relationship.
pub fn pair_of_faces(one: &Face, other: &Face) -> Markup {
    html! { span.faces { (one.large()) (other.large()) } }
}

/// A row of small faces with "and 4 more" after the first five.
pub fn crowd(faces: &[Face]) -> Markup {
    const SHOWN: usize = 5;
    html! {
        span.crowd {
            @for face in faces.iter().take(SHOWN) { (face.small()) }
            @if faces.len() > SHOWN { span.muted { "and " (faces.len() - SHOWN) " more" } }
        }
    }
}

/// A whorl of leaves in one of ten hues, with the person's initial: the same id always grows the same one.
fn mark(seed: &str, name: &str, class: &str, size: u32) -> Markup {
    let mut draw = Draw::from(seed);
    let hue = draw.below(10);
    let leaves = 6 + draw.below(4);
    let turn = draw.below(360);
    let width = 10 + draw.below(9);
    let shoulder = 6 + draw.below(16);
    let initial = name.chars().find(|letter| letter.is_alphabetic()).map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    let (left, right) = (50 - width, 50 + width);
    let leaf = format!("M50 50C{left} 34 {left} {shoulder} 50 2C{right} {shoulder} {right} 34 50 50z");
    html! {
        svg class={ (class) " mark mark-" (hue) } viewBox="0 0 100 100" width=(size) height=(size) aria-hidden="true" focusable="false" {
            rect.mark-ground width="100" height="100" {}
            @for index in 0..leaves {
                path.mark-leaf d=(leaf) transform={ "rotate(" (turn + index * 360 / leaves) " 50 50)" } {}
            }
            circle.mark-heart cx="50" cy="50" r="27" {}
            text.mark-letter x="50" y="50" dy="0.34em" text-anchor="middle" { (initial) }
        }
    }
}

/// A little generator for drawing only. Stable for ever: changing it would change everybody's face.
struct Draw(u64);

impl Draw {
    fn from(seed: &str) -> Self {
        // FNV-1a
        Self(seed.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)))
    }

    fn below(&mut self, limit: u32) -> u32 {
        // SplitMix64
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        u32::try_from((mixed ^ (mixed >> 31)) % u64::from(limit)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_never_changes_and_two_people_differ() {
        let tomas = Face::new("Tomas", None, "0192-tomas");
        assert_eq!(tomas.medium().into_string(), tomas.medium().into_string());
        assert_ne!(tomas.medium().into_string(), Face::new("Tomas", None, "0193-tomas").medium().into_string());
    }
}
