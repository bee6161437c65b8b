//! What the last four quarters of the village came to: too few at first, then more who let a goal be counted.

use crate::app::App;
use crate::attainment::verbs::Group;
use crate::error::Result;
use crate::pulses::quarter_of;
use crate::tallies::{Gathered, verbs};
use chiron_store::Timestamp;
use jiff::ToSpan;
use jiff::tz::TimeZone;

/// Oldest first: the points of T that each goal had come, and how many goals were begun, reached and let go, each of
/// somebody else.
const QUARTERS: [(&[f64], [i64; 3]); 4] = [
    (&[10.0, 0.0, 20.0, -10.0, 10.0], [7, 2, 1]),
    (&[10.0, 20.0, 0.0, 0.0, 12.4, -10.0, 30.0, 10.0, 0.0], [9, 3, 2]),
    (&[20.0, 10.0, 20.0, 0.0, 17.4, -10.0, 30.0, 10.0, 0.0, 24.8, 10.0], [8, 7, 3]),
    (&[20.0, 10.0, 30.0, 0.0, 17.4, -20.0, 30.0, 10.0, 24.8, 20.0, 10.0, 37.2, 0.0, 20.0, 10.0], [8, 9, 2]),
];

pub async fn tell(app: &App, now: Timestamp) -> Result<()> {
    let this = quarter_of(now.in_zone(&TimeZone::UTC).date());
    for (ago, (changes, goals)) in (1_i32..=4).rev().zip(QUARTERS) {
        let quarter = this.checked_sub((3 * ago).months())?;
        let mut gathered = Gathered::default();
        gathered.add(changes.to_vec(), goals.map(|goals| Group { goals, people: goals }));
        let tally = gathered.tally(quarter);
        app.write(move |tx| verbs::keep(tx, &tally)).await?;
    }
    Ok(())
}
