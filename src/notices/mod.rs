//! What we tell people: one notice for one person about one thing, read here or by mail as they prefer. The words are
//! found when it is read, from the rows as they are then, so a notice is never a lie.

use crate::app::Tx;
use crate::error::Result;
use crate::slices::{Routes, Slice};
use crate::viewer::PersonId;
use chiron_store::sql;
use uuid::Uuid;

pub static SLICE: Slice = Slice {
    name: "notices",
    routes: Routes::new,
    sweeps: &[],
    happenings: &[],
    reactions: &[],
    tellings: &[],
    letter_deeds: &[],
    replies: &[],
    personal: &[],
    policy: |_| {},
    today: |_, _| Ok(Vec::new()),
};

/// Tells a person something. `kind` is one that a slice declares among its tellings.
pub fn tell(tx: &mut Tx, to: PersonId, kind: &'static str, subject: impl Into<Uuid>) -> Result<()> {
    debug_assert!(tx.slices().iter().flat_map(|s| s.tellings).any(|t| t.kind == kind), "no slice declares the telling “{kind}”");
    let (id, now, subject): (Uuid, _, Uuid) = (tx.new_id(), tx.now(), subject.into());
    tx.execute(
        sql!("insert into notices (id, person_id, kind, subject, made_at) values ($1, $2, $3, $4, $5)"),
        &[&id, &to, &kind, &subject, &now],
    )?;
    Ok(())
}
