//! Numbers that Markdown and TOML break up. All are made up.

use super::{TOML, said, with};

#[test]
fn what_a_page_shows_whole_is_found_at_its_block() {
    for broken in [
        "身份证&#49;10105194912310&#48;2X",
        "身份证110105**1949**1231002X",
        "身份证`110105``19491231``002X`",
        "身份证110105\\\n19491231002X",
        "身份证110105<!-- x -->19491231002X",
        "身份证110105<b>19491231</b>002X",
        "[甲](https://example.org?%311010519491231002X)",
    ] {
        let policy = format!("# 关于示例的通知\n{{{{文号}}}}\n正文。\n\n甲：\n\n{broken}\n");
        let said = said(&with("policy.md", policy.as_bytes()));
        assert!(said.contains(&"TS602 policy.md:7".to_owned()), "{broken}: {said:?}");
    }
    // What the source says whole is said once. A number cut into cells is known by its check alone.
    for (source, count) in [
        ("身份证**11010519491231002X**", 1),
        ("|110105|19491231002X|\n|---|---|\n", 1),
        ("|110105|194912310021|\n|---|---|\n", 0),
    ] {
        let policy = format!("# 关于示例的通知\n{{{{文号}}}}\n正文。\n\n{source}\n");
        let said = said(&with("policy.md", policy.as_bytes()));
        assert_eq!(said.iter().filter(|f| f.starts_with("TS602")).count(), count, "{said:?}");
    }
}

#[test]
fn settings_are_looked_at_as_they_are_read() {
    let toml = TOML.replace("purpose = \"说明\"", "purpose = \"说明\\u00311010519491231002X\"");
    let line = toml.lines().position(|line| line.contains("u0031")).unwrap() + 1;
    let said = said(&with("bundle.toml", toml.as_bytes()));
    assert!(said.contains(&format!("TS602 bundle.toml:{line}")), "{said:?}");
}
