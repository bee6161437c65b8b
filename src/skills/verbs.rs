//! Using the place's own words, and settling what they mean.

use super::graph::{Graph, MOST_OWN_SKILLS};
use super::own::{Deed, Own, OwnId, Word, graph_with};
use super::sql;
use crate::app::{Happening, Tx};
use crate::error::{Error, Result};
use crate::viewer::Viewer;
use crate::{refused, too_late};
use std::sync::{Arc, Mutex, PoisonError};

/// The graph as it was when the setting named below had this value.
#[derive(Default)]
struct Known(Mutex<Option<(String, Arc<Graph>)>>);

/// A random word that changes with every change of the own skills. Random rather than counted: a change that is undone
/// must not leave behind a graph under a number that another change then takes.
const VERSION: &str = "skills version";

/// The graph as this place knows it: what is shipped, and its own words. One small query; built again only when a word
/// was added or settled, on whichever node that happened.
pub fn graph(tx: &mut Tx) -> Result<Arc<Graph>> {
    let version = tx.setting(VERSION)?.unwrap_or_default();
    let known = tx.memory::<Known>();
    if let Some((at, graph)) = &*known.0.lock().unwrap_or_else(PoisonError::into_inner)
        && *at == version
    {
        return Ok(graph.clone());
    }
    let graph = Arc::new(graph_with(&sql::all(tx)?));
    *known.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((version, graph.clone()));
    Ok(graph)
}

/// The ids of what these words mean, in their order. A word that nobody knows becomes an own skill of this place.
pub fn adopt(tx: &mut Tx, words: &[Word]) -> Result<Vec<String>> {
    let known = graph(tx)?;
    let mut ids = Vec::with_capacity(words.len());
    let mut new: Vec<(String, Own)> = Vec::new();
    for word in words {
        if let Some(skill) = known.find(word.as_str()) {
            ids.push(skill.id.to_string());
            continue;
        }
        let folded = word.slug();
        if let Some((_, own)) = new.iter().find(|(f, _)| *f == folded) {
            ids.push(own.slug.clone());
            continue;
        }
        let own = add(tx, &known, word)?;
        ids.push(own.slug.clone());
        new.push((folded, own));
    }
    if !new.is_empty() {
        changed(tx)?;
    }
    Ok(ids)
}

fn add(tx: &mut Tx, known: &Graph, word: &Word) -> Result<Own> {
    if sql::count(tx)? >= MOST_OWN_SKILLS as i64 {
        return Err(refused!(
            "This place has as many skills of its own as it can hold. Please choose one from the list for “{}”.",
            word.as_str()
        ));
    }
    let base = word.slug();
    let mut slug = base.clone();
    let mut number = 1;
    while known.by_id(&slug).is_some() || sql::has_slug(tx, &slug)? {
        number += 1;
        slug = format!("{base}-{number}");
    }
    let own = Own {
        id: tx.new_id(),
        slug,
        name: word.as_str().to_owned(),
        field: String::new(),
        made_at: tx.now(),
        accepted_at: None,
        merged_into: None,
        merged_at: None,
    };
    sql::insert(tx, &own)?;
    tx.record(Happening::of("skill added", own.id))?;
    Ok(own)
}

/// The desk: own words with how many people use them, those to look at first.
pub fn desk(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<sql::Used>> {
    if !Own::allows(viewer, Deed::SeeDesk) {
        return Err(Error::NotFound);
    }
    sql::used(tx, 500)
}

pub fn accept(tx: &mut Tx, viewer: &Viewer, id: OwnId) -> Result<Own> {
    let own = open(tx, viewer, id, Deed::Accept)?.accept(tx.now())?;
    save(tx, &own)?;
    tx.record(Happening::of("skill accepted", id).by(viewer))?;
    Ok(own)
}

/// Merges a word into a skill named by any of its words. Profiles and goals follow, because they react to it.
pub fn merge(tx: &mut Tx, viewer: &Viewer, id: OwnId, into: &str) -> Result<(Own, String)> {
    let own = open(tx, viewer, id, Deed::Merge)?;
    let known = graph(tx)?;
    let into = known
        .find(into)
        .ok_or_else(|| refused!("no_such_skill"; "There is no skill called “{}” here. Please choose one from the list.", into.trim()))?;
    let own = own.merge(into, tx.now())?;
    save(tx, &own)?;
    sql::follow(tx, &own.slug, &into.id)?;
    changed(tx)?;
    tx.record(Happening::of("skill merged", id).by(viewer))?;
    Ok((own, into.name.to_string()))
}

/// What a merge said: the id that goes, and the id that it became.
pub fn merged(tx: &mut Tx, id: OwnId) -> Result<Option<(String, String)>> {
    Ok(sql::find(tx, id)?.and_then(|own| Some((own.slug, own.merged_into?))))
}

fn open(tx: &mut Tx, viewer: &Viewer, id: OwnId, deed: Deed) -> Result<Own> {
    sql::find(tx, id)?.filter(|_| Own::allows(viewer, deed)).ok_or(Error::NotFound)
}

fn save(tx: &mut Tx, own: &Own) -> Result<()> {
    if sql::save(tx, own)? { Ok(()) } else { Err(too_late!("Someone settled “{}” a moment before you.", own.name)) }
}

fn changed(tx: &mut Tx) -> Result<()> {
    let version = tx.token();
    tx.set(VERSION, &version)
}
