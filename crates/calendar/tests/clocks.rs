//! What repeats keeps the time on the wall, wherever clocks change.

use chiron_calendar::{Budget, Error, Recurrence, Rule, Zone};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

fn zone(name: &str) -> Zone {
    Zone::Known(TimeZone::get(name).expect("a zone"))
}
fn recurrence(start: &str, rule: &str, zone_name: &str) -> Recurrence {
    let once = Recurrence::of(start.parse().expect("a wall"), zone(zone_name));
    if rule.is_empty() { once } else { once.repeating(rule.parse().expect("a rule")) }
}
fn between(recurrence: &Recurrence, from: &str, to: &str) -> Vec<String> {
    let at = |text: &str| text.parse::<Timestamp>().expect("an instant");
    recurrence.between(at(from), at(to), &mut Budget::default()).expect("a few").iter().map(|o| o.at.to_string()).collect()
}
fn all(start: &str, rule: &str, zone_name: &str) -> Vec<String> {
    between(&recurrence(start, rule, zone_name), "1900-01-01T00:00:00Z", "2100-01-01T00:00:00Z")
}

#[test]
fn p22_a_weekly_evening_in_berlin_stays_an_evening() {
    let evening = recurrence("2027-03-14T18:00", "FREQ=WEEKLY", "Europe/Berlin");
    assert_eq!(
        between(&evening, "2027-03-20T00:00:00Z", "2027-04-05T00:00:00Z"),
        ["2027-03-21T17:00:00Z", "2027-03-28T16:00:00Z", "2027-04-04T16:00:00Z"]
    );
    assert_eq!(
        between(&evening, "2027-10-23T00:00:00Z", "2027-11-08T00:00:00Z"),
        ["2027-10-24T16:00:00Z", "2027-10-31T17:00:00Z", "2027-11-07T17:00:00Z"]
    );
}

#[test]
fn an_hour_that_is_left_out_is_read_with_the_offset_before() {
    // 02:30 does not exist in Berlin on 28 March 2027; it is 03:30 summer time, and 02:30 again the day after.
    assert_eq!(
        all("2027-03-27T02:30", "FREQ=DAILY;COUNT=3", "Europe/Berlin"),
        ["2027-03-27T01:30:00Z", "2027-03-28T01:30:00Z", "2027-03-29T00:30:00Z"]
    );
}

#[test]
fn an_hour_that_is_repeated_is_its_first() {
    assert_eq!(
        all("2027-10-30T02:30", "FREQ=DAILY;COUNT=3", "Europe/Berlin"),
        ["2027-10-30T00:30:00Z", "2027-10-31T00:30:00Z", "2027-11-01T01:30:00Z"]
    );
}

#[test]
fn sao_paulo_changed_its_clocks_at_midnight_until_2019() {
    // Midnight of 4 November 2018 was left out.
    assert_eq!(
        all("2018-11-03T00:00", "FREQ=DAILY;COUNT=3", "America/Sao_Paulo"),
        ["2018-11-03T03:00:00Z", "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z"]
    );
    assert_eq!(all("2027-02-13T23:30", "FREQ=WEEKLY;COUNT=2", "America/Sao_Paulo"), ["2027-02-14T02:30:00Z", "2027-02-21T02:30:00Z"]);
}

#[test]
fn lord_howe_moves_its_clocks_by_half_an_hour() {
    // On 4 April 2027 the half hour before two is repeated; on 3 October that after two is left out.
    assert_eq!(
        all("2027-04-03T01:45", "FREQ=DAILY;COUNT=3", "Australia/Lord_Howe"),
        ["2027-04-02T14:45:00Z", "2027-04-03T14:45:00Z", "2027-04-04T15:15:00Z"]
    );
    assert_eq!(
        all("2027-10-02T02:15", "FREQ=DAILY;COUNT=3", "Australia/Lord_Howe"),
        ["2027-10-01T15:45:00Z", "2027-10-02T15:45:00Z", "2027-10-03T15:15:00Z"]
    );
}

#[test]
fn samoa_left_out_a_whole_day() {
    // 30 December 2011 was none in Apia: what falls on it is read with the offset before, which is the same instant as a day
    // later, and happens once.
    assert_eq!(all("2011-12-29T09:00", "FREQ=DAILY;COUNT=3", "Pacific/Apia"), ["2011-12-29T19:00:00Z", "2011-12-30T19:00:00Z"]);
}

#[test]
fn exceptions_are_left_out_and_what_was_moved_is_found_where_it_went() {
    let at = |text: &str| text.parse::<Timestamp>().expect("an instant");
    let wall = |text: &str| text.parse::<DateTime>().expect("a wall");
    let weekly = recurrence("2027-03-01T10:00", "FREQ=WEEKLY;COUNT=6", "Europe/Berlin")
        .except(at("2027-03-08T09:00:00Z"))
        .moving(at("2027-03-15T09:00:00Z"), wall("2027-03-30T08:00"))
        .moving(at("2027-03-29T08:00:00Z"), wall("2027-03-17T11:00"));
    assert_eq!(
        between(&weekly, "2027-03-10T00:00:00Z", "2027-03-20T00:00:00Z"),
        ["2027-03-17T10:00:00Z"],
        "moved into the window from after it, and out of it"
    );
    assert_eq!(between(&weekly, "2027-01-01T00:00:00Z", "2028-01-01T00:00:00Z").len(), 5);
}

#[test]
fn rules_of_the_standard_fall_on_the_days_it_says() {
    // Examples of RFC 5545, 3.8.5.3, with their answers.
    let days =
        |start: &str, rule: &str| -> Vec<String> { all(start, rule, "America/New_York").iter().map(|t| t[..10].to_owned()).collect() };
    let cases: &[(&str, &str, &[&str])] = &[
        (
            "1997-09-02T09:00",
            "FREQ=WEEKLY;INTERVAL=2;COUNT=4;WKST=SU;BYDAY=TU,TH",
            &["1997-09-02", "1997-09-04", "1997-09-16", "1997-09-18"],
        ),
        (
            "1997-08-05T09:00",
            "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO",
            &["1997-08-05", "1997-08-10", "1997-08-19", "1997-08-24"],
        ),
        (
            "1997-08-05T09:00",
            "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU",
            &["1997-08-05", "1997-08-17", "1997-08-19", "1997-08-31"],
        ),
        ("1997-09-05T09:00", "FREQ=MONTHLY;COUNT=4;BYDAY=1FR", &["1997-09-05", "1997-10-03", "1997-11-07", "1997-12-05"]),
        ("1997-09-22T09:00", "FREQ=MONTHLY;COUNT=3;BYDAY=-2MO", &["1997-09-22", "1997-10-20", "1997-11-17"]),
        ("1997-09-28T09:00", "FREQ=MONTHLY;BYMONTHDAY=-3;COUNT=3", &["1997-09-28", "1997-10-29", "1997-11-28"]),
        (
            "1997-01-01T09:00",
            "FREQ=YEARLY;INTERVAL=3;COUNT=4;BYYEARDAY=1,100,200",
            &["1997-01-01", "1997-04-10", "1997-07-19", "2000-01-01"],
        ),
        ("1997-05-19T09:00", "FREQ=YEARLY;BYDAY=20MO;COUNT=3", &["1997-05-19", "1998-05-18", "1999-05-17"]),
        ("1997-05-12T09:00", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO;COUNT=3", &["1997-05-12", "1998-05-11", "1999-05-17"]),
        ("1997-09-02T09:00", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=3", &["1997-09-02", "1998-02-13", "1998-03-13"]),
        ("1997-09-04T09:00", "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", &["1997-09-04", "1997-10-07", "1997-11-06"]),
        ("1997-09-29T09:00", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2;COUNT=3", &["1997-09-29", "1997-10-30", "1997-11-27"]),
        (
            "2007-01-15T09:00",
            "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5",
            &["2007-01-15", "2007-01-30", "2007-02-15", "2007-03-15", "2007-03-30"],
        ),
        (
            "1996-11-05T09:00",
            "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8;COUNT=3",
            &["1996-11-05", "2000-11-07", "2004-11-02"],
        ),
    ];
    for (start, rule, expected) in cases {
        assert_eq!(days(start, rule), *expected, "{rule}");
    }
    assert_eq!(
        all("1997-09-02T09:00", "FREQ=DAILY;BYHOUR=9,10;BYMINUTE=0,30;COUNT=3", "UTC"),
        ["1997-09-02T09:00:00Z", "1997-09-02T09:30:00Z", "1997-09-02T10:00:00Z"]
    );
    assert_eq!(
        all("1997-09-02T09:00", "FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T170000Z", "UTC"),
        ["1997-09-02T09:00:00Z", "1997-09-02T12:00:00Z", "1997-09-02T15:00:00Z"]
    );
}

#[test]
fn a_rule_is_written_as_it_is_read() {
    for rule in [
        "FREQ=DAILY",
        "FREQ=WEEKLY;INTERVAL=2;COUNT=8;BYDAY=MO,TH;WKST=SU",
        "FREQ=MONTHLY;UNTIL=20271231T230000Z;BYDAY=-1FR",
        "FREQ=YEARLY;UNTIL=20271231;BYMONTH=1,2;BYMONTHDAY=-1,1;BYSETPOS=-1",
    ] {
        assert_eq!(rule.parse::<Rule>().expect("a rule").to_string(), rule);
    }
    for wrong in [
        "",
        "COUNT=3",
        "FREQ=FORTNIGHTLY",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=WEEKLY;BYDAY=2MO",
        "FREQ=DAILY;BYDAY=XX",
        "FREQ=DAILY;BYMONTHDAY=0",
        "FREQ=MONTHLY;BYWEEKNO=3",
    ] {
        assert!(matches!(wrong.parse::<Rule>(), Err(Error::NotARule(_))), "{wrong}");
    }
}

#[test]
fn what_happens_too_often_is_refused_soon() {
    let (from, to) = ("2027-01-01T00:00:00Z".parse().unwrap(), "2028-01-01T00:00:00Z".parse().unwrap());
    for bomb in [
        "FREQ=SECONDLY",
        "FREQ=SECONDLY;COUNT=1000000000",
        "FREQ=MINUTELY;BYSECOND=0,10,20,30,40,50",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30;COUNT=1",
        "FREQ=YEARLY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23;BYMINUTE=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40;BYSECOND=0,1,2,3,4,5,6,7,8,9,10,11,12;BYDAY=MO,TU,WE,TH,FR,SA,SU",
    ] {
        let result = recurrence("2000-01-01T00:00", bomb, "Europe/Berlin").between(from, to, &mut Budget::default());
        assert_eq!(result, Err(Error::TooOften), "{bomb}");
    }
    // Long ago and never again is no bomb.
    assert_eq!(between(&recurrence("0001-01-01T00:00", "FREQ=DAILY", "UTC"), "2027-01-01T00:00:00Z", "2027-01-03T00:00:00Z").len(), 2);
    assert_eq!(
        between(
            &recurrence("2000-01-01T00:00", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "UTC"),
            "2027-01-01T00:00:00Z",
            "9999-01-03T00:00:00Z"
        )
        .len(),
        0
    );
}
