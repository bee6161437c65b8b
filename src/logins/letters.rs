//! The letters about signing in. Each says why it came and what to do when one did not ask for it.

use super::login::{Account, Address};
use crate::mail::{Letter, Recipient};
use chiron_store::Timestamp;

const ASKED: &str = "because somebody gave this address";
const YOURS: &str = "because it is about your account";

/// To an address as it was typed, whether or not anyone here has it: the same rows are written for both.
pub fn to_address(address: &Address, name: &str) -> Recipient {
    Recipient::Address { name: Some(name.to_owned()).filter(|n| !n.is_empty()), address: address.as_str().into() }
}

pub fn to_owner(account: &Account) -> Recipient {
    Recipient::Person(account.person)
}

pub fn sign_in(to: Recipient, place: &str, path: String, good_until: Timestamp) -> Letter {
    Letter {
        lines: vec!["Here is your link to sign in. It works once, for ten minutes.".into()],
        button: Some(("Sign in".into(), path)),
        after: Some("If you did not ask for this, there is nothing to do: nobody can sign in without this letter.".into()),
        showable: true,
        good_until: Some(good_until),
        ..Letter::to(to, "sign-in link", format!("Sign in to {place}"), ASKED)
    }
}

pub fn finish_joining(to: Recipient, place: &str, path: String, good_until: Timestamp) -> Letter {
    Letter {
        lines: vec!["Welcome. One press, and you are in. It works once, for ten minutes.".into()],
        button: Some(("Finish joining".into(), path)),
        after: Some("If you did not ask for this, there is nothing to do: nobody joins without this letter.".into()),
        showable: true,
        good_until: Some(good_until),
        ..Letter::to(to, "link to finish joining", format!("Finish joining {place}"), ASKED)
    }
}

pub fn already_here(to: Recipient, place: &str, path: String, good_until: Timestamp) -> Letter {
    Letter {
        lines: vec![
            "Somebody, probably you, asked to join with this address. It already has an account here, and nothing about that was changed."
                .into(),
            "Here is a link to sign in. It works once, for ten minutes.".into(),
        ],
        button: Some(("Sign in".into(), path)),
        showable: true,
        good_until: Some(good_until),
        ..Letter::to(to, "link to finish joining", format!("You already have a place at {place}"), ASKED)
    }
}

/// An address that nobody here uses gets a letter too: whoever has two addresses learns that this is the other one, and
/// whoever watches the page learns nothing.
pub fn nobody_here(to: Recipient, place: &str, open: bool, good_until: Timestamp) -> Letter {
    let advice = match open {
        true => "If you have another address, try that one. If you are new, you are welcome to join.",
        false => "If you have another address, try that one. New people join by invitation: ask someone who is there.",
    };
    Letter {
        lines: vec![
            format!("Somebody, probably you, wanted to sign in to {place} with this address, but nobody there uses it."),
            advice.into(),
        ],
        button: open.then(|| ("Join".into(), "/join".into())),
        good_until: Some(good_until),
        ..Letter::to(to, "sign-in link", format!("Nobody at {place} uses this address"), ASKED)
    }
}

pub fn closed(to: Recipient, place: &str, good_until: Timestamp) -> Letter {
    Letter {
        lines: vec![
            "Somebody, probably you, wanted to sign in with this address. Its account was closed.".into(),
            "Within thirty days of closing, an administrator can open it again: ask whoever runs the place.".into(),
        ],
        good_until: Some(good_until),
        ..Letter::to(to, "sign-in link", format!("Your account at {place} is closed"), ASKED)
    }
}

pub fn confirm_address(to: Recipient, place: &str, path: String, good_until: Timestamp) -> Letter {
    Letter {
        lines: vec!["One press, and letters go to this address from then on. It works once, for ten minutes.".into()],
        button: Some(("Use this address".into(), path)),
        after: Some("If you did not ask for this, there is nothing to do: nothing changes without this letter.".into()),
        showable: true,
        good_until: Some(good_until),
        ..Letter::to(to, "new address", format!("Confirm your new address for {place}"), ASKED)
    }
}

pub fn address_in_use(to: Recipient, place: &str, good_until: Timestamp) -> Letter {
    Letter {
        lines: vec!["Somebody asked to use this address for another account. It already belongs to yours, and nothing was changed.".into()],
        good_until: Some(good_until),
        ..Letter::to(to, "new address", format!("This address is already in use at {place}"), ASKED)
    }
}

const NOT_YOU: &str =
    "If this was not you, sign in with a link by mail, press “Sign out everywhere” under your account, and tell whoever runs the place.";

pub fn address_asked(to: Recipient, place: &str) -> Letter {
    about_account(
        to,
        format!("A new address for your account at {place}"),
        "Somebody, probably you, asked for letters to go to another address. Until that is confirmed by a letter there, nothing changes."
            .into(),
    )
}

/// To the old address, after the new one was confirmed.
pub fn address_left(to: Recipient, place: &str) -> Letter {
    about_account(
        to,
        format!("Your address for {place} was changed"),
        "From now on letters go to your new address, and this one no longer signs in.".into(),
    )
}

pub fn password_changed(to: Recipient, place: &str, set: bool) -> Letter {
    let what = if set { "Your account has a new password." } else { "The password of your account was taken away." };
    about_account(to, format!("Your password for {place}"), what.into())
}

pub fn passkey_added(to: Recipient, place: &str, name: &str) -> Letter {
    about_account(to, format!("A new passkey for {place}"), format!("The passkey “{name}” can sign in to your account from now on."))
}

fn about_account(to: Recipient, subject: String, what: String) -> Letter {
    Letter { lines: vec![what], after: Some(NOT_YOU.into()), ..Letter::to(to, "change of sign-in", subject, YOURS) }
}
