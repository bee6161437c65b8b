//! Tells open pages that something they show has changed. The log is the truth; this only wakes those who watch.

use crate::app::Happening;
use std::sync::Arc;
use tokio::sync::broadcast;

pub struct Live(broadcast::Sender<Arc<Vec<Happening>>>);

impl Default for Live {
    fn default() -> Self {
        // A watcher that falls this far behind is told to read everything again, so nothing is lost by the bound.
        Self(broadcast::channel(1024).0)
    }
}

impl Live {
    pub fn tell(&self, happened: Vec<Happening>) {
        // Nobody watching is no error.
        let _ = self.0.send(Arc::new(happened));
    }
    pub fn watch(&self) -> broadcast::Receiver<Arc<Vec<Happening>>> {
        self.0.subscribe()
    }
}
