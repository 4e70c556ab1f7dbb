use super::*;

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// Start, number of days, last day, and what a count of Monday to Friday would say.
const TERMS: [(&str, u16, &str, &str); 15] = [
    ("2019-04-26", 2, "2019-04-29", "2019-04-30"),
    ("2019-04-26", 20, "2019-05-27", "2019-05-24"),
    ("2020-01-20", 20, "2020-02-25", "2020-02-17"),
    ("2020-01-22", 2, "2020-02-03", "2020-01-24"),
    ("2020-04-29", 3, "2020-05-07", "2020-05-04"),
    ("2020-04-30", 20, "2020-06-01", "2020-05-28"),
    ("2021-02-09", 7, "2021-02-24", "2021-02-18"),
    ("2021-09-17", 2, "2021-09-22", "2021-09-21"),
    ("2023-01-18", 15, "2023-02-13", "2023-02-08"),
    ("2024-02-08", 7, "2024-02-23", "2024-02-19"),
    ("2024-09-13", 3, "2024-09-19", "2024-09-18"),
    ("2025-01-24", 2, "2025-01-27", "2025-01-28"),
    ("2025-09-29", 3, "2025-10-10", "2025-10-02"),
    ("2025-09-30", 20, "2025-11-04", "2025-10-28"),
    ("2026-02-12", 7, "2026-02-28", "2026-02-23"),
];

#[test]
fn a_term_ends_on_the_day_that_the_notices_make_it_end() {
    let week = Calendar::read("week", &[]).unwrap();
    for (start, count, last, by_week) in TERMS {
        let due = china().due(date(start), count);
        assert_eq!((due.date, due.is_provisional), (date(last), false), "{start} + {count}");
        assert_eq!(due.version, *china().version());
        let by_the_week = week.due(date(start), count);
        assert_eq!((by_the_week.date, by_the_week.is_provisional), (date(by_week), true));
    }
}

#[test]
fn a_year_without_a_notice_is_provisional() {
    let due = china().due(date("2026-12-30"), 2);
    assert_eq!((due.date, due.is_provisional), (date("2027-01-01"), true));
    assert!(due.to_string().contains("暂计"), "{due}");
    // What the next year's notice may still move, and what it may not.
    assert!(china().due(date("2026-12-28"), 1).is_provisional);
    assert!(!china().due(date("2026-12-21"), 3).is_provisional);
    assert!(!china().due(date("2025-12-28"), 2).is_provisional);
    // Before the first year that we have.
    assert!(china().due(date("2018-05-02"), 1).is_provisional);
}

#[test]
fn a_notice_in_the_middle_of_a_year_moves_the_day_and_the_version() {
    // As it stood before 22 March 2019 (国办发明电〔2018〕15号): 1 May alone.
    let before = r#"{"year": 2019, "papers": ["国办发明电〔2018〕15号"],
        "days": [{"name": "劳动节", "date": "2019-05-01", "isOffDay": true}]}"#;
    let before = Calendar::read("holiday-cn", &[before]).unwrap();
    let after = Calendar::read("holiday-cn", &[include_str!("../../calendars/2019.json")]).unwrap();
    let [first, then] = [before, after].map(|calendar| calendar.due(date("2019-04-30"), 2));
    assert_eq!((first.date, then.date), (date("2019-05-03"), date("2019-05-06")));
    assert_ne!(first.version, then.version);
    assert!(!first.is_provisional && !then.is_provisional);
}

/// Days off and days worked as DOMAIN W1 counts them.
#[test]
fn every_file_is_read() {
    for (year, off, worked) in [
        (2019, 24, 7),
        (2020, 30, 7),
        (2021, 31, 7),
        (2022, 31, 7),
        (2023, 27, 7),
        (2024, 28, 8),
        (2025, 28, 5),
        (2026, 33, 6),
    ] {
        let text = format!("{}/calendars/{year}.json", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(text).unwrap();
        let one = Calendar::read("one", &[&text]).unwrap();
        let count = |is_off| one.notices.values().filter(|noted| **noted == is_off).count();
        assert_eq!((count(true), count(false)), (off, worked), "{year}");
        assert!(one.notices.iter().all(|noted| china().notices.get(noted.0) == Some(noted.1)));
        assert!(china().years.contains(&year));
    }
    assert!(!china().years.contains(&2027));
}

#[test]
fn what_is_no_calendar_is_refused_and_no_day_is_too_far() {
    assert!(matches!(Calendar::read("none", &["{}"]), Err(BadCalendar::File(1, _))));
    let february = r#"{"year": 2026, "papers": [],
        "days": [{"date": "2026-02-30", "isOffDay": true}]}"#;
    assert!(matches!(Calendar::read("none", &[february]), Err(BadCalendar::Date(_))));
    assert_eq!(china().due(Date::MAX, 3).date, Date::MAX);
    assert_eq!(china().due(date("2026-03-02"), 0).date, date("2026-03-02"));
    assert!(china().day(Date::MAX).is_provisional && china().day(Date::MIN).is_provisional);
}
