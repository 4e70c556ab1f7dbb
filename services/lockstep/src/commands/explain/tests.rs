//! Pages as people read them, and what they name.

use clap::{CommandFactory as _, Parser as _, error::ErrorKind};
use lockstep_gate::{pages, profile};

use super::*;
use crate::cli::Cli;

fn shanghai() -> Profile {
    (*profile::shanghai().unwrap().0).clone()
}

#[test]
fn a_code_is_found_however_it_is_typed() {
    for typed in ["TS104", "ts104", "104", " Ts104 "] {
        assert_eq!(find(typed).unwrap().id, "TS104", "{typed}");
    }
    assert_eq!(find("4").unwrap().id, "TS004");
}

#[test]
fn near_codes_are_proposed_for_one_that_there_is_not() {
    let said = find("TS199").unwrap_err().to_string();
    assert!(said.contains("TS119"), "{said}");
    assert!(find("").is_err() && find("TS").is_err() && find("政策").is_err());
}

#[test]
fn pages_fit_the_terminal_and_bear_no_markdown() {
    for width in [40, 80, 100] {
        for code in codes::ALL {
            let text = to_text(code, &shanghai(), width);
            assert!(!text.contains('`') && !text.contains("**"), "{text}");
            for line in text.lines() {
                assert!(textwrap::core::display_width(line) <= width, "{}: {line}", code.id);
            }
        }
    }
}

#[test]
fn no_line_begins_with_a_mark_that_ends_a_sentence() {
    for code in codes::ALL {
        let text = to_text(code, &shanghai(), 40);
        let torn =
            text.lines().find(|line| line.trim_start().starts_with(['。', '，', '；', '）']));
        assert_eq!(torn, None, "{}", code.id);
    }
}

#[test]
fn the_page_says_what_the_code_settles() {
    let strict = (*profile::find("strict").unwrap().0).clone();
    let said = |code: &str, profile: &Profile| {
        let json = to_json(find(code).unwrap(), profile);
        let [severity, stage] = ["severity", "first_stage"].map(|key| json[key].to_string());
        (severity, stage, json["is_fixed"].as_bool().unwrap())
    };
    let expect =
        |severity: &str, stage: &str, fixed| (format!("{severity:?}"), format!("{stage:?}"), fixed);
    assert_eq!(said("TS104", &shanghai()), expect("block", "intake", true));
    assert_eq!(said("TS117", &shanghai()), expect("warning", "intake", false));
    assert_eq!(said("TS117", &strict), expect("block", "intake", false));
    assert_eq!(said("TS202", &shanghai()), expect("block", "approval", true));
    assert_eq!(said("TS204", &shanghai()), expect("block", "scheduling", true));
    assert_eq!(said("TS305", &shanghai()), expect("block", "release", true));
    assert_eq!(said("TS309", &shanghai()), expect("block", "release", true));
}

#[test]
fn the_list_has_every_code_under_a_chinese_family() {
    let text = list(&shanghai());
    for code in codes::ALL {
        assert!(text.contains(&format!("{}  {}", code.id, code.message[0])), "{}", code.id);
    }
    assert!(text.contains("同步审批") && text.contains("✗ TS104") && text.contains("! TS117"));
}

/// What stands between backquotes on the pages, with the code it stands under.
fn quoted() -> impl Iterator<Item = (&'static str, &'static str)> {
    let pages = pages::families().iter().flat_map(|family| &family.pages);
    pages.flat_map(|page| {
        let texts = page.lines.iter().map(|[_, text]| *text);
        texts.flat_map(|text| text.split('`').skip(1).step_by(2)).map(|quote| (page.code, quote))
    })
}

#[test]
fn every_command_on_the_pages_and_in_the_reference_is_one() {
    let reference = include_str!("../../../../../docs/bundle.md").lines();
    let reference = reference
        .filter(|line| !line.starts_with("```"))
        .flat_map(|line| line.split('`').skip(1).step_by(2).map(|quote| ("docs/bundle.md", quote)));
    let all = quoted().chain(reference);
    let commands: Vec<_> = all.filter(|(_, quote)| quote.starts_with("lockstep ")).collect();
    assert!(commands.iter().any(|(code, _)| *code == "docs/bundle.md"));
    for (code, command) in commands {
        let words: Vec<&str> = command.split(' ').collect();
        let known = Cli::command();
        assert!(known.find_subcommand(words[1]).is_some(), "{code}: {command}");
        // BUNDLE stands for an id; a bare name of a command takes arguments that are not given.
        let refused = Cli::try_parse_from(&words).err().map(|error| error.kind());
        let is_name = words.len() == 2 && refused == Some(ErrorKind::MissingRequiredArgument);
        let is_right = refused.is_none() || refused == Some(ErrorKind::ValueValidation);
        assert!(is_right || is_name, "{code}: {command}: {refused:?}");
    }
}

#[test]
fn every_code_named_on_the_pages_and_in_help_is_one() {
    let texts = codes::ALL.iter().flat_map(|code| code.help);
    let pages = pages::families().iter().flat_map(|family| &family.pages);
    for text in pages.flat_map(|page| page.lines.iter().map(|[_, text]| *text)).chain(texts) {
        for (at, _) in text.match_indices("TS") {
            let named: String = text[at..].chars().take(5).collect();
            assert!(codes::ALL.iter().any(|code| code.id == named), "{named}: {text}");
        }
        for command in text.split("lockstep ").skip(1) {
            let name: String = command.chars().take_while(char::is_ascii_lowercase).collect();
            assert!(Cli::command().find_subcommand(&name).is_some(), "{name}: {text}");
        }
    }
}
