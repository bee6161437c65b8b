//! Every route with what it asks of whoever comes, checked in as `routes.snap`.

use chiron::app::{App, Chance, Clock};
use chiron::config::Config;
use chiron::seal::Seal;
use chiron::slices::{Needs, PolicyTable, SLICES};
use chiron::viewer::Office;
use chiron::web;
use std::collections::BTreeSet;
use std::fmt::Write;

fn words(needs: Needs) -> String {
    match needs {
        Needs::Nothing => "everyone".into(),
        Needs::SignedIn => "signed in".into(),
        Needs::Deed(deed) => format!("may {deed}"),
        Needs::Office(Office::Member) => "signed in".into(),
        Needs::Office(Office::Coordinator) => "coordinator or administrator".into(),
        Needs::Office(Office::Administrator) => "administrator".into(),
        Needs::Letter => "whoever holds the link".into(),
    }
}

#[test]
fn the_table_of_routes_is_the_one_that_was_agreed() {
    let mut routes = web::route_table(SLICES);
    routes.sort_by_key(|(method, path, _)| (*path, *method));
    let mut text = String::new();
    for (method, path, needs) in routes {
        writeln!(text, "{method:4} {path:44} {}", words(needs)).unwrap();
    }
    insta::with_settings!({ snapshot_path => ".", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("routes", text);
    });
}

#[test]
fn a_route_names_a_deed_that_some_noun_has() {
    let mut table = PolicyTable::default();
    for slice in SLICES {
        (slice.policy)(&mut table);
    }
    let deeds: BTreeSet<String> = table.0.iter().map(|row| format!("{}.{}", row.noun, row.deed)).collect();
    let unknown: Vec<_> = web::route_table(SLICES)
        .into_iter()
        .filter_map(|(method, path, needs)| match needs {
            Needs::Deed(deed) if !deeds.contains(deed) => Some(format!("{method} {path} needs {deed}")),
            _ => None,
        })
        .collect();
    assert!(unknown.is_empty(), "no noun has these deeds:\n{}\nthere are:\n{deeds:#?}", unknown.join("\n"));
}

/// The router does not list its routes, but it shows them when it is printed.
#[test]
fn the_router_serves_the_routes_of_the_table_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let db = chiron_store::Db::sqlite(&folder.path().join("routes.db"), 1).unwrap();
    let seal = Seal::new(&[[1; 32]]).unwrap();
    let app = App::new(db, Config::default(), Clock::Real, Chance::seeded([1; 32]), seal, SLICES);
    let printed = format!("{:?}", web::router(&app));
    let (served, _fallbacks) = printed.split_once("fallback_router").expect("a router as axum prints it");
    let mut routes = BTreeSet::new();
    let (handlers, paths) = served.split_once("node: Node").expect("paths after handlers");
    for path in paths.split("RouteId(").skip(1) {
        let (id, rest) = path.split_once("): \"").expect("an id and its path");
        let path = rest.split('"').next().unwrap();
        let handler = handlers.split(&format!("RouteId({id}): ")).nth(1).unwrap_or_else(|| panic!("no handler for {path}"));
        let allowed = handler.split("allow_header: ").nth(1).and_then(|h| h.split('"').nth(1)).unwrap_or_default();
        for method in allowed.split(',').filter(|m| *m != "HEAD") {
            routes.insert((method.to_owned(), path.to_owned()));
        }
    }
    let mut table: BTreeSet<_> = web::route_table(SLICES).into_iter().map(|(m, p, _)| (m.to_owned(), p.to_owned())).collect();
    // Stylesheet, scripts and fonts, the same for everyone.
    table.insert(("GET".into(), "/assets/{*path}".into()));
    assert_eq!(routes.difference(&table).collect::<Vec<_>>(), Vec::<&(String, String)>::new(), "served, but in no table");
    assert_eq!(table.difference(&routes).collect::<Vec<_>>(), Vec::<&(String, String)>::new(), "in the table, but not served");
}
