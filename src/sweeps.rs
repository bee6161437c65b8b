//! Background work: on every tick each slice's predicates are asked, and what is due is done.

use crate::app::App;
use crate::slices::{Run, Sweep};
use std::time::Duration;

/// How often the predicates are asked. Reminders and letters are minutes' business, so this is soon enough.
const TICK: Duration = Duration::from_secs(2);
/// A sweep that still finds work after this many rounds waits for the next tick, so that no slice starves another.
const ROUNDS: usize = 50;

/// Runs until the program stops.
pub async fn forever(app: App) {
    let mut stop = app.stopping.subscribe();
    let mut tick = tokio::time::interval(TICK);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = tick.tick() => { once(&app).await; }
            _ = stop.changed() => return,
        }
    }
}

/// Does everything that is due now; returns how much that was. A sweep that fails is logged and does not stop the others.
pub async fn once(app: &App) -> usize {
    let mut done = 0;
    for sweep in app.slices.iter().flat_map(|s| s.sweeps) {
        match one(app, sweep).await {
            Ok(n) => done += n,
            Err(e) => {
                tracing::error!(sweep = sweep.name, "a sweep failed: {e}");
                #[cfg(test)]
                println!("the sweep “{}” failed: {e}", sweep.name);
            }
        }
    }
    done
}

async fn one(app: &App, sweep: &'static Sweep) -> crate::error::Result<usize> {
    let mut done = 0;
    for _ in 0..ROUNDS {
        if !app.read(sweep.due).await? {
            break;
        }
        let n = match sweep.run {
            Run::Unit(run) => app.write(run).await?,
            Run::Errand(run) => run(app.clone()).await?,
        };
        done += n;
        if n == 0 {
            break;
        }
    }
    Ok(done)
}
