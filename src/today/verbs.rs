//! Gathering what someone's day holds.

use super::first_days::FirstSteps;
use crate::app::Tx;
use crate::asks::{self, Ask, WaitEstimate};
use crate::error::Result;
use crate::people::Chip;
use crate::slices::Need;
use crate::viewer::Viewer;
use crate::{goals, instance, notices, people};

/// Needs on the page; whoever has more has them on the slices' own pages.
const MOST: usize = 20;

pub struct Today {
    pub needs: Vec<Need>,
    /// Title and path of the newest thing they have not read.
    pub noticed: Option<(String, String)>,
    pub first_steps: Option<FirstSteps>,
    /// What others have to answer, with the one who does, by its clock.
    pub waiting: Vec<(Ask, Chip)>,
    pub wait: WaitEstimate,
}

pub fn today(tx: &mut Tx, viewer: &Viewer) -> Result<Today> {
    let mut needs = Vec::new();
    for slice in tx.slices() {
        needs.extend((slice.today)(tx, viewer)?);
    }
    // What has no clock comes after everything that has one.
    needs.sort_by_key(|need| need.by.map_or(i64::MAX, |by| by.as_micros()));
    needs.truncate(MOST);
    // What needs them stands above already.
    let noticed = notices::latest(tx, viewer)?
        .filter(|told| !needs.iter().any(|need| need.path == told.words.path))
        .map(|told| (told.words.title, format!("/notices/{}", told.notice.id)));
    let waiting = asks::verbs::waiting_for_others(tx, viewer)?;
    Ok(Today { needs, noticed, first_steps: first_steps(tx, viewer)?, waiting, wait: asks::verbs::estimate(tx)? })
}

fn first_steps(tx: &mut Tx, viewer: &Viewer) -> Result<Option<FirstSteps>> {
    let (joined_at, shows_something) = people::verbs::beginnings(tx, viewer.person)?;
    // There is nobody to ask yet: people come first, and that stands among what needs them.
    if !FirstSteps::are_new(joined_at, tx.now()) || instance::verbs::is_alone(tx, viewer)? {
        return Ok(None);
    }
    let (has_goal, has_asked) = (goals::verbs::has_any(tx, viewer.person)?, asks::verbs::has_any(tx, viewer.person)?);
    let steps = FirstSteps { has_goal, shows_something, has_asked };
    Ok(steps.are_offered(joined_at, tx.now()).then_some(steps))
}
