//! Signing in and staying signed in: by a link in a letter, by a passkey, or by a password for who wants one; the
//! devices one is signed in on; joining, and closing one's account. Nobody learns from here who has a place and who has
//! not, and nobody can lock anyone else out.

mod hasher;
pub mod letters;
mod limits;
mod login;
pub mod pages;
mod passkeys;
mod password;
mod passwords;
mod sql;
#[cfg(test)]
pub(crate) mod stories;
pub mod verbs;

pub use login::{Address, Deed, Invitation, InvitationId, Joining, Login};

use crate::app::App;
use crate::error::Result;
use crate::slices::{Personal, Run, Slice, Sweep};
use futures_util::FutureExt;
use jiff::SignedDuration;
use std::sync::atomic::Ordering;

pub static SLICE: Slice = Slice {
    name: "logins",
    heading: "This place",
    routes: pages::routes,
    sweeps: &[
        Sweep {
            name: "keep when devices were last used",
            due: verbs::is_last_seen_due,
            run: Run::Errand(|app| keep_last_seen(app).boxed()),
        },
        Sweep {
            name: "throw away links and tries that are over",
            due: |tx| {
                let before = tx.now() - LEFT_LYING;
                sql::is_anything_old(tx, before)
            },
            run: Run::Unit(|tx| {
                let before = tx.now() - LEFT_LYING;
                sql::throw_away_old(tx, before)
            }),
        },
    ],
    happenings: &[
        "signed in",
        "sign-in refused",
        "signed out",
        "password set",
        "password removed",
        "passkey added",
        "passkey removed",
        "address changed",
        "invitation made",
        "invitation ended",
        "person leaves",
        "person left",
        "person returned",
    ],
    reactions: &[],
    tellings: &[],
    letter_deeds: &[],
    replies: &[],
    personal: &[Personal {
        columns: &[
            "accounts.person_id",
            "logins.person_id",
            "links.person_id",
            "invitations.made_by",
            "passkeys.person_id",
            "ceremonies.person_id",
        ],
        export: verbs::export,
        forget: sql::forget,
    }],
    policy: login::policy,
    today: |_, _| Ok(Vec::new()),
};

/// Rows that are over stay for a day, in case somebody asks what happened.
const LEFT_LYING: SignedDuration = SignedDuration::from_hours(24);

async fn keep_last_seen(app: App) -> Result<usize> {
    let noted = app.memory::<crate::viewer::LastSeen>();
    let seen: Vec<_> =
        noted.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).iter().map(|(login, at)| (*login, *at)).take(5000).collect();
    let kept = seen.clone();
    app.write(move |tx| verbs::keep_last_seen(tx, &kept)).await?;
    let mut noted = noted.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    for (login, at) in &seen {
        if noted.get(login) == Some(at) {
            noted.remove(login);
        }
    }
    app.memory::<verbs::Kept>().0.store(app.now().as_micros(), Ordering::SeqCst);
    Ok(0)
}
