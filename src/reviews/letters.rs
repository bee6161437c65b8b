//! The one letter that each who is asked gets. It is the same for all, whether they have an account here or not, and no
//! other follows: a reminder to those who have not answered would tell who has.

use crate::app::Tx;
use crate::error::Result;
use crate::mail::{Letter, Recipient, verbs as mail};
use crate::viewer::Viewer;
use chiron_store::Timestamp;

pub fn asks(tx: &mut Tx, asker: &Viewer, to: Recipient, is_partner: bool, many: usize, closes_at: Timestamp, token: &str) -> Result<()> {
    let path = format!("/reviews/answer/{token}");
    let name = &asker.name;
    let why = if is_partner {
        format!("because you and {name} work together, and you were asked how you see it")
    } else {
        format!("because {name} gave us your address to ask you this")
    };
    let letter = Letter {
        lines: vec![
            format!(
                "{name} has asked {many} people how far they see this or that, and you are one of them. It takes about five minutes and no account."
            ),
            format!(
                "Nobody reads what you answer as yours: it closes on {}, and what is shown then needs at least four answers and names nobody. With fewer, all answers are destroyed unread.",
                asker.day(closes_at)
            ),
        ],
        button: Some(("Answer".into(), path.clone())),
        links: vec![("I would rather not".into(), format!("{path}?pass=yes"))],
        after: Some(
            "If you do nothing, nothing follows: this is the only letter about it, and nobody is told whether you answered.".into(),
        ),
        good_until: Some(closes_at),
        ..Letter::to(to, "a review", format!("{name} asks how you see it"), why)
    };
    mail::post(tx, letter).map(|_| ())
}
