//! Flows of any shape.

use std::cell::Cell as Counter;
use std::collections::BTreeSet;
use std::error::Error;

use lockstep_explainer::chart::{Chart, Width, draw};
use lockstep_gate::bundle::{Cell, Row, Table};
use lockstep_proto::manifest::ChartKind;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::WIDTHS;
use super::gallery::check_texts;
use super::svg::bars;

/// Which steps follow each.
type Steps = Vec<BTreeSet<usize>>;

/// In lanes of so many roles; none where nobody is said to do a step.
fn table(steps: &Steps, roles: usize) -> Table {
    let row = |(step, next): (usize, &BTreeSet<usize>)| {
        let next: BTreeSet<usize> =
            next.iter().map(|to| to % steps.len()).filter(|to| *to != step).collect();
        let of = |name: &str| {
            let texts: Vec<String> = next.iter().map(|to| format!("{name}{to}")).collect();
            Cell { text: texts.join("、"), value: None }
        };
        let mut cells = vec![of("步骤"), of("条件")];
        if roles > 0 {
            let role = format!("主体{}", step * 5 % 7 % roles);
            cells.push(Cell { text: role, value: None });
        }
        Row { label: format!("步骤{step}"), cells }
    };
    let rows = steps.iter().enumerate().map(row).collect();
    let headings = ["下一步", "条件", "主体"].into_iter().take(if roles > 0 { 3 } else { 2 });
    Table { series: headings.map(str::to_owned).collect(), rows }
}

/// That no arrow runs through a box: its pieces are level or upright.
fn check_arrows(svg: &str) -> Result<(), Box<dyn Error>> {
    let ground = svg.lines().find(|line| line.starts_with("<rect")).ok_or("no ground")?;
    let is_box = |line: &&str| ["#8fbce6", "#1f5aa0"].iter().any(|fill| line.contains(fill));
    let boxes: Vec<&str> = [ground].into_iter().chain(svg.lines().filter(is_box)).collect();
    let (_, boxes) = bars(&boxes.join("\n"))?;
    let lines = svg.lines().filter_map(|line| line.strip_prefix("<polyline points=\""));
    for line in lines.filter_map(|line| line.split('"').next()) {
        let points = line.split(' ').map(|point| {
            let (x, y) = point.split_once(',').ok_or("no point")?;
            Ok::<(f64, f64), Box<dyn Error>>((x.parse()?, y.parse()?))
        });
        let points: Vec<(f64, f64)> = points.collect::<Result<_, _>>()?;
        for pair in points.windows(2) {
            let [from, to] = pair else { continue };
            let level = from.0.min(to.0)..=from.0.max(to.0);
            let upright = from.1.min(to.1)..=from.1.max(to.1);
            let through = boxes.iter().find(|area| {
                *level.start() < area.right - 1.0
                    && *level.end() > area.left + 1.0
                    && *upright.start() < area.bottom - 1.0
                    && *upright.end() > area.top + 1.0
            });
            if let Some(area) = through {
                return Err(format!("{from:?} to {to:?} runs through {area:?}").into());
            }
        }
    }
    Ok(())
}

/// Whatever leads where, there is a whole picture or a reason why there is none.
#[test]
fn any_flow_is_drawn_or_refused() -> Result<(), Box<dyn Error>> {
    let whole = Counter::new(0_u32);
    let config =
        ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() };
    let steps = prop::collection::vec(prop::collection::btree_set(0..14_usize, 0..3), 2..12);
    let laned = Counter::new(0_u32);
    TestRunner::new(config).run(&(steps, 0..5_usize), |(steps, roles)| {
        let table = table(&steps, roles);
        for (name, width) in WIDTHS {
            let Ok(svg) = draw(&chart(&table), width) else { continue };
            whole.set(whole.get() + 1);
            // Of lanes, only the names are written on this ground.
            laned.set(laned.get() + u32::from(svg.contains("#f3f6f9")));
            let again = draw(&chart(&table), width);
            prop_assert!(again.is_ok_and(|again| again == svg), "not the same twice");
            for check in [check_texts, check_arrows] {
                if let Err(why) = check(&svg) {
                    prop_assert!(false, "{name}: {why}");
                }
            }
        }
        Ok(())
    })?;
    assert!(whole.get() > 100, "only {} flows were drawn", whole.get());
    assert!(laned.get() > 30, "only {} of them in lanes", laned.get());
    Ok(())
}

#[test]
fn what_leads_back_is_dashed_and_what_leads_on_is_not() -> Result<(), Box<dyn Error>> {
    let pieces = |steps: &Steps| {
        let svg = draw(&chart(&table(steps, 0)), Width::Desk720)?;
        Ok::<_, Box<dyn Error>>(svg.matches("<polyline").count())
    };
    assert_eq!(pieces(&vec![[1].into(), [2].into(), [].into()])?, 2);
    assert!(pieces(&vec![[1].into(), [2].into(), [0].into()])? > 10);
    Ok(())
}

fn chart(table: &Table) -> Chart<'_> {
    Chart {
        id: "flow",
        kind: ChartKind::Flow,
        headline: "流程",
        subtitle: "",
        unit: "",
        source: "",
        table,
    }
}
