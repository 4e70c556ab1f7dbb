use serde_json::Value;

use super::*;

#[test]
fn every_profile_is_found_under_its_own_name_and_known() {
    for name in names() {
        let (profile, chain) = find(name).unwrap();
        assert_eq!(profile.name, name);
        assert_eq!(chain.steps, profile.steps);
        assert!(is_known(profile.digest()), "{name}");
        let steps = if name == "strict" { 3 } else { 2 };
        assert_eq!(chain.steps.len(), steps, "{name}");
        assert_eq!(profile.brief.is_some(), name == "state-council-2016-80");
    }
    assert!(!is_known(&Digest::of(b"another")));
    let unknown = find("lax").unwrap_err().to_string();
    assert!(unknown.ends_with("there are shanghai, strict, state-council-2016-80"), "{unknown}");
}

/// The default's text with one line replaced or, where there is none such, added at its end.
fn altered(line: &str, by: &str) -> Result<Known, BadProfile> {
    let text = include_str!("../../profiles/shanghai.toml");
    parse(&if text.contains(line) { text.replace(line, by) } else { format!("{text}\n{by}") })
}

#[test]
fn a_profile_that_cannot_hold_is_refused() {
    use BadProfile::{Fixed, NoCode, Steps, Unreadable, Value};
    let add = |text: &str| altered("no such line", text).unwrap_err();
    assert!(matches!(add("[severity]\nTS999 = \"block\""), NoCode(_, code) if code == "TS999"));
    for code in ["TS101", "TS104", "TS108", "TS202", "TS304", "TS601"] {
        let text = format!("[severity]\n{code} = \"warning\"");
        assert!(matches!(add(&text), Fixed(_, fixed) if fixed == code), "{code}");
    }
    assert!(matches!(add("[severity]\nTS103 = \"loud\""), Unreadable(_)));
    assert!(matches!(add("[[steps]]\nname = \"issue\"\nrole = \"issuer\""), Steps(_)));
    assert!(matches!(add("[brief]\nworking_days = 0"), Value(_, "brief.working_days")));
    assert!(matches!(add("[grace]\nworking_days = 3"), Unreadable(_)));
    let change = |line, by| altered(line, by).unwrap_err();
    assert!(matches!(change("\"holiday-cn\"", "\"lunar\""), Value(_, "calendar")));
    assert!(matches!(change("= 600", "= 1001"), Value(_, "excerpt_per_mille")));
    assert!(matches!(change("\"content\"", "\"contents\""), Unreadable(_)));
}

#[test]
fn a_profile_weighs_what_it_names_and_never_weakens_what_is_fixed() {
    let (profile, _) = altered("none", "[severity]\nTS103 = \"block\"\nTS115 = \"block\"").unwrap();
    let found = || {
        [&codes::PLAN, &codes::NO_NUMBER, &codes::STALE, &codes::UNKNOWN_DRAFTER]
            .map(codes::Code::finding)
            .to_vec()
    };
    let weights = |profile| weigh(profile, found()).into_iter().map(|f| f.severity).collect();
    let weighed: Vec<_> = weights(Some(&*profile));
    assert_eq!(weighed, [Severity::Block, Severity::Block, Severity::Block, Severity::Warning]);
    // One that came another way than through `parse`.
    let mut lax = (*profile).clone();
    lax.severity.insert("TS104".to_owned(), Severity::Warning);
    assert_eq!(weights(Some(&lax)), weighed);
    let plain: Vec<_> = weights(None);
    assert_eq!(plain, [Severity::Block, Severity::Warning, Severity::Block, Severity::Warning]);
}

#[test]
fn every_profile_fits_the_schema() {
    let mut schemas = boon::Schemas::new();
    let mut compiler = boon::Compiler::new();
    let schema: Value =
        serde_json::from_str(include_str!("../../profiles/profile.schema.json")).unwrap();
    compiler.add_resource("profile.schema.json", schema).unwrap();
    let schema = compiler.compile("profile.schema.json", &mut schemas).unwrap();
    let fits = |text: &str| {
        let profile: Value = toml::from_str(text).unwrap();
        schemas.validate(&profile, schema).map_err(|error| error.to_string())
    };
    for (name, text) in TEXTS {
        assert_eq!(fits(text), Ok(()), "{name}");
    }
    let (_, text) = TEXTS[0];
    for wrong in ["[grace]\nworking_days = 3", "[severity]\nTS103 = \"loud\"", "[brief]"] {
        assert!(fits(&format!("{text}\n{wrong}")).is_err(), "{wrong}");
    }
    assert!(fits(&text.replace("\"content\"", "\"contents\"")).is_err());
}
