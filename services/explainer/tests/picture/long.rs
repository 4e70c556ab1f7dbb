//! The long picture of a text.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{self, Write as _};
use std::{
    fs,
    path::Path,
    sync::{Mutex, PoisonError},
};

use lockstep_explainer::blocks;
use lockstep_explainer::font::Fonts;
use lockstep_explainer::gallery;
use lockstep_explainer::long::{Article, Refusal, compose};
use lockstep_explainer::page::{Part, Thing, What};
use lockstep_explainer::render::{Output, examine, render, render_watched};
use lockstep_explainer::theme::Theme;
use lockstep_proto::finding::{Finding, Severity};
use lockstep_proto::manifest::Role;

use super::samples;

const TEXT: &str = include_str!("every-block.md");

/// What is rendered of the gallery with another interpretation and its first chart alone,
/// and what `check` says of it.
fn rendered(text: &str) -> Result<(Vec<Output>, Vec<Finding>), Box<dyn Error>> {
    let (mut draft, files) = (samples::draft()?, with(text));
    draft.charts.truncate(1);
    let made = render(&draft, &files, &Theme::plain()).map_err(|found| format!("{found:?}"))?;
    assert_eq!(made.warnings, examine(&draft, &files, &Theme::plain()));
    Ok((made.outputs, made.warnings))
}

#[test]
fn who_waits_is_told_of_every_step() -> Result<(), Box<dyn Error>> {
    let (draft, files) = (samples::draft()?, gallery::files());
    let told = Mutex::new(vec![]);
    let note = |done, of| told.lock().unwrap_or_else(PoisonError::into_inner).push((done, of));
    render_watched(&draft, &files, &Theme::plain(), &note).map_err(|found| format!("{found:?}"))?;
    let mut told = told.into_inner()?;
    told.sort_unstable();
    let of = draft.charts.len() * 2 + 3;
    assert_eq!(told, (1..=of).map(|done| (done, of)).collect::<Vec<_>>());
    Ok(())
}

fn with(text: &str) -> BTreeMap<String, Vec<u8>> {
    let mut files = gallery::files();
    files.insert("interpretation.md".to_owned(), text.as_bytes().to_vec());
    files
}

/// The bytes of the long picture.
fn made(text: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let (outputs, warnings) = rendered(text)?;
    assert_eq!(warnings, []);
    Ok(long(&outputs).bytes.clone())
}

fn long(outputs: &[Output]) -> &Output {
    outputs.iter().find(|output| output.role == Role::LongPicture).unwrap()
}

#[test]
fn an_interpretation_is_one_long_picture() -> Result<(), Box<dyn Error>> {
    let outputs = render(&samples::draft()?, &with(TEXT), &Theme::plain())
        .map_err(|found| format!("{found:?}"))?
        .outputs;
    let picture = long(&outputs);
    assert_eq!((picture.path.as_str(), picture.media_type), ("rendered/long.png", "image/png"));
    let (width, height, pixels) = samples::decoded(&picture.bytes)?;
    assert_eq!(width, 1080);
    samples::accept("long", &samples::line("long", (width, height), &pixels))?;
    // What is placed and what is not: every chart stands in it, whole.
    for (name, svg) in samples::charts()? {
        let chart = samples::painted(&svg)?;
        // Its frame lies over its outermost rows.
        let row = chart.len() / 2 / (1080 * 3) * (1080 * 3);
        let row = &chart[row + 22 * 3..row + 1058 * 3];
        let is_there = pixels.chunks_exact(1080 * 3).any(|line| &line[22 * 3..1058 * 3] == row);
        assert!(is_there, "{name}");
    }
    Ok(())
}

#[test]
fn the_same_text_makes_the_same_picture() -> Result<(), Box<dyn Error>> {
    assert!(made(TEXT)? == made(TEXT)?);
    assert!(made(TEXT)? != made(&TEXT.replace("12项", "13项"))?);
    Ok(())
}

/// Slots are filled after everybody has signed: no picture may show one, or change with it.
#[test]
fn a_slot_is_worded() -> Result<(), Box<dyn Error>> {
    let worded = TEXT.replace("{{文号}}", "文号见正式文本").replace("{{成文日期}}", "成文之日");
    assert!(made(TEXT)? == made(&worded)?);
    Ok(())
}

/// Why there is no long picture; the texts are rendered all the same.
fn refused(text: &str) -> Result<Vec<Finding>, Box<dyn Error>> {
    let (outputs, warnings) = rendered(text)?;
    let roles: Vec<_> = outputs.iter().map(|output| output.role).collect();
    assert!(roles.contains(&Role::InterpretationFragment), "{roles:?}");
    assert!(!roles.contains(&Role::LongPicture) && !roles.contains(&Role::Brochure), "{roles:?}");
    Ok(warnings)
}

#[test]
fn what_a_picture_cannot_show_is_said_with_its_place() -> Result<(), Box<dyn Error>> {
    let [found] = &refused(&TEXT.replace("来回跑", "来回👍跑为難"))?[..] else {
        return Err("one finding for all characters".into());
    };
    assert_eq!((found.code.as_str(), found.severity), ("TS017", Severity::Warning));
    assert_eq!(
        found.message,
        "长图和宣传手册无法制作，发布时没有这两样：没有字形：👍 (U+1F44D) 難 (U+96E3)"
    );
    assert!(found.message_en.ends_with("no glyph for 👍 (U+1F44D) 難 (U+96E3)"), "{found:?}");
    let place = (found.member.as_deref(), found.line, found.column);
    assert_eq!(place, (Some("interpretation.md"), Some(13), Some(50)));

    let wide = format!("{TEXT}\n{}\n{}\n", "|列".repeat(9) + "|", "|-".repeat(9) + "|");
    let [found] = &refused(&wide)?[..] else { return Err("one finding".into()) };
    assert!(found.message.contains("9 列"), "{found:?}");
    assert_eq!(found.line, Some(u32::try_from(TEXT.lines().count())? + 2));

    let endless = format!("{TEXT}\n{}", "每人每年一次。\n\n".repeat(500));
    // Nobody scrolls that far, but sheets can be turned.
    let (outputs, found) = rendered(&endless)?;
    let has = |role| outputs.iter().any(|output| output.role == role);
    assert!(has(Role::Brochure) && !has(Role::LongPicture));
    let [found] = &found[..] else { return Err("one finding".into()) };
    assert!(found.message.contains("宣传手册照常制作"), "{found:?}");
    assert!(found.message.contains("30000 像素"), "{found:?}");
    let broken = format!("{TEXT}\n{}", "字".repeat(4_000_000));
    assert_eq!(refused(&broken)?.len(), 1);
    Ok(())
}

#[test]
fn characters_that_show_nothing_do_no_harm() -> Result<(), Box<dyn Error>> {
    let strewn = TEXT.replace("材料", "材\u{200b}料\u{feff}").replace("窗口", "窗\u{ad}口\u{fe0f}");
    assert!(made(TEXT)? == made(&strewn)?);
    Ok(())
}

/// What stands on each line of a table of these cells below a head of years.
fn cells_of(cells: &[&str]) -> Result<Vec<String>, Vec<Refusal>> {
    let head: Vec<String> = (0..cells.len()).map(|year| format!("{}年", 2019 + year)).collect();
    let rule = "|-".repeat(cells.len());
    let text = format!("|{}|\n{rule}|\n|{}|", head.join("|"), cells.join("|"));
    let theme = &Theme::plain();
    let blocks = blocks::from_markdown(&text);
    let (title, agency, source) = ("题", "局", "出处");
    let page = compose(&Article { title, agency, source, blocks: &blocks, charts: &[], theme })?;
    let line = |thing: &Thing| match (&thing.what, thing.part) {
        (What::Line { glyphs, .. }, Part::Cell { .. }) => {
            Some(glyphs.iter().map(|glyph| glyph.character).collect())
        }
        _ => None,
    };
    Ok(page.things.iter().filter_map(line).collect())
}

#[test]
fn no_figure_of_a_table_is_broken() -> Result<(), Box<dyn Error>> {
    let cells = ["高新技术产业开发区", "1,234,567.89", "12,345,678", "1,234,567.89万元", "1", "2"];
    let lines = cells_of(&cells).map_err(|why| format!("{why:?}"))?;
    for whole in ["2019年", "2024年", "1,234,567.89", "12,345,678", "1,234,567.89万元"] {
        assert!(lines.iter().any(|line| line == whole), "{whole}: {lines:?}");
    }
    // What cannot be made smaller is refused.
    let wide = ["1,234,567,890.12"; 8];
    let why = cells_of(&wide).unwrap_err();
    assert!(matches!(&why[..], [Refusal::TableTooWide { columns: 8, .. }]), "{why:?}");
    // An address has no end that must be kept.
    let address = format!("https://example.gov.cn/{}", "1234567890".repeat(12));
    assert!(cells_of(&[&address, "1", "2", "3", "4", "5", "6"]).is_ok());
    Ok(())
}

#[test]
fn words_right_of_figures_stand_a_character_apart() -> Result<(), Box<dyn Error>> {
    let words = "符合条件的，可以在线申请；不符合条件的，应当书面说明理由并告知救济途径";
    let row = format!("|东街街道|1,234,567.50|{words}|12,345.67|{words}|980|");
    let text = format!("|街镇|金额|条件|补贴|说明|人数|\n|-|-:|-|-:|-|-:|\n{row}\n{row}");
    let blocks = blocks::from_markdown(&text);
    let (title, agency, source, theme) = ("题", "局", "出处", &Theme::plain());
    let page = compose(&Article { title, agency, source, blocks: &blocks, charts: &[], theme })
        .map_err(|why| format!("{why:?}"))?;
    // Of each line: its column, where it begins and ends, its size.
    let mut lines = vec![];
    for thing in &page.things {
        let (What::Line { glyphs, size, .. }, Part::Cell { row: 1.., column, .. }) =
            (&thing.what, thing.part)
        else {
            continue;
        };
        let (first, last) = glyphs.first().zip(glyphs.last()).ok_or("an empty line")?;
        let metrics = Fonts::embedded()?.metrics(last.weight);
        let size = i32::from(*size);
        lines.push((
            column,
            first.x,
            last.x + metrics.width(&last.character.to_string(), size),
            size,
        ));
    }
    for (column, _, end, size) in lines.iter().filter(|(column, ..)| matches!(column, 1 | 3)) {
        let right = lines.iter().filter(|(other, ..)| *other == column + 1);
        let begins = right.map(|(_, begins, ..)| *begins).min().ok_or("no words")?;
        assert!(begins - end >= *size, "{column}: {end} to {begins} in {size}");
    }
    assert!(lines.iter().all(|(.., size)| *size < 290), "a case with narrow columns");
    Ok(())
}

#[test]
fn dates_of_a_table_are_whole_and_what_says_more_has_more_room() -> Result<(), Box<dyn Error>> {
    let long = "水、电、气、路等基础设施改造，屋面、外墙修缮，以及消防设施、安防设施的补建和更新";
    let cells = ["第一批", long, "4月10日至4月25日", "5月14日、5月15日", "居民同意", "不出资"];
    let lines = cells_of(&cells).map_err(|why| format!("{why:?}"))?;
    for date in ["4月10日", "4月25日", "5月14日", "5月15日"] {
        assert!(lines.iter().any(|line| line.contains(date)), "{date}: {lines:?}");
    }
    let of_long =
        lines.iter().filter(|line| line.chars().count() > 1 && long.contains(line.as_str()));
    assert!(of_long.count() <= 7 && lines.iter().any(|line| line == "居民同意"), "{lines:?}");
    Ok(())
}

#[test]
fn a_long_cell_has_the_room_that_short_ones_do_not_need() -> Result<(), Box<dyn Error>> {
    // Cells of one row, the longest of them, into how many lines at most it is broken, and what is not broken.
    type Case = (&'static [&'static str], &'static str, usize, &'static [&'static str]);
    const CASES: [Case; 4] = [
        (
            &[
                "1",
                "户口簿",
                "首页、户主页和儿童本人页，三页都要带，复印件一份，由登记点当场核对后退还原件",
            ],
            "首页、户主页和儿童本人页，三页都要带，复印件一份，由登记点当场核对后退还原件",
            2,
            &["户口簿"],
        ),
        (
            &[
                "二档",
                "低收入家庭儿童和重度残疾人家庭儿童，以及父母患重大疾病的儿童",
                "每人每学年1000元",
                "身份证明",
                "10个工作日",
            ],
            "低收入家庭儿童和重度残疾人家庭儿童，以及父母患重大疾病的儿童",
            4,
            &["二档", "身份证明", "10个工作日"],
        ),
        (
            &[
                "基础类",
                "水、电、气、路和外墙、屋面、消防等市政配套基础设施改造提升",
                "区财政",
                "按楼层分担",
                "2027年",
                "应改尽改",
            ],
            "水、电、气、路和外墙、屋面、消防等市政配套基础设施改造提升",
            4,
            &["基础类", "区财政", "2027年", "应改尽改"],
        ),
        (
            &[
                "1",
                "东街街道办事处社区事务受理服务中心",
                "1,234,567.50",
                "符合条件的，可以在线申请；不符合条件的，应当书面说明理由并告知救济途径。",
                "021-00000001",
                "周一至周五",
            ],
            "符合条件的，可以在线申请；不符合条件的，应当书面说明理由并告知救济途径。",
            5,
            &["1,234,567.50", "021-00000001"],
        ),
    ];
    for (cells, long, most, whole) in CASES {
        let lines = cells_of(cells).map_err(|why| format!("{why:?}"))?;
        let of_long =
            lines.iter().filter(|line| line.chars().count() > 2 && long.contains(line.as_str()));
        assert!(of_long.count() <= most, "{lines:?}");
        for cell in whole {
            assert!(lines.iter().any(|line| line == cell), "{cell}: {lines:?}");
        }
    }
    Ok(())
}

/// Real interpretations become pictures. Two are in traditional characters, which the typeface does not have and
/// official texts do not use (国家通用语言文字法, Art. 9 and 17).
#[test]
fn real_interpretations_can_be_set() -> Result<(), Box<dyn Error>> {
    const TRADITIONAL: [&str; 2] = ["004-sc-kindergarten-governance", "033-sh-putuo-gazette"];
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    if !corpus.exists() {
        // Not by `eprintln!`: `cargo test` keeps that to itself where a test passes.
        let skipped = format!("SKIPPED: {} is not there\n", corpus.display());
        io::stderr().write_all(skipped.as_bytes())?;
        return Ok(());
    }
    let (mut set, mut refused, theme) = (0, vec![], &Theme::plain());
    for entry in fs::read_dir(corpus)? {
        let folder = entry?.path();
        let Ok(text) = fs::read_to_string(folder.join("interpretation.txt")) else { continue };
        let blocks = blocks::from_plain(&text);
        let article = Article {
            title: "题",
            agency: "局",
            source: "出处",
            blocks: &blocks,
            charts: &[],
            theme,
        };
        match compose(&article) {
            Ok(page) => {
                set += 1;
                let right = |thing: &Thing| match &thing.what {
                    What::Line { size, glyphs, .. } => glyphs.last().map_or(0, |last| {
                        let metrics = Fonts::embedded().unwrap().metrics(last.weight);
                        let width = metrics.advance(last.character, i32::from(*size));
                        let is_half = "，。、；：）》〉」』】〕﹞〗”’".contains(last.character);
                        last.x + if is_half { width / 2 } else { width }
                    }),
                    What::Ground { .. }
                    | What::Panel { .. }
                    | What::Drawing(_)
                    | What::Emblem { .. } => 0,
                };
                let widest = page.things.iter().map(right).max().unwrap();
                assert!(widest <= 10_400, "{}: {widest}", folder.display());
            }
            Err(why) => {
                assert!(matches!(&why[..], [Refusal::NoGlyph { .. }]), "{why:?}");
                refused.push(folder.file_name().unwrap().to_string_lossy().into_owned());
            }
        }
    }
    refused.sort();
    assert_eq!(refused, TRADITIONAL);
    assert!(set >= 18, "{set}");
    Ok(())
}
