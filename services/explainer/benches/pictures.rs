//! How long pictures take: `cargo bench -p lockstep-explainer`. Five charts to SVG and to PNG, and a long picture of
//! them with text. A line of JSON each, as the peers' benches print them (`run.sh` of the peers takes this
//! program as its command): the same figures, the same width, medians when warm. Made-up data.

#![expect(clippy::unwrap_used, reason = "a bench that cannot go on fails")]

use std::{hint::black_box, time::Instant};

use lockstep_explainer::{
    blocks,
    chart::{Chart, Width, draw},
    long::{Article, compose},
    page::Drawing,
    picture::png,
    theme::Theme,
};
use lockstep_gate::bundle::{Cell, Row, Table};
use lockstep_proto::manifest::ChartKind;

const TEXT: &str = include_str!("../tests/picture/every-block.md");

struct Sample {
    id: &'static str,
    kind: ChartKind,
    headline: &'static str,
    subtitle: &'static str,
    unit: &'static str,
    table: Table,
}

impl Sample {
    fn svg(&self) -> String {
        let &Self { id, kind, headline, subtitle, unit, ref table } = self;
        let source = "示例数据，仅用于版式测试";
        draw(&Chart { id, kind, headline, subtitle, unit, source, table }, Width::Long1080).unwrap()
    }
}

/// A table of figures: a row for each label.
fn figures(series: &[&str], rows: impl IntoIterator<Item = (String, Vec<f64>)>) -> Table {
    let cell = |value: f64| Cell { text: value.to_string(), value: Some(value) };
    let row = |(label, values): (String, Vec<f64>)| Row {
        label,
        cells: values.into_iter().map(cell).collect(),
    };
    let series = series.iter().map(|name| (*name).to_owned()).collect();
    Table { series, rows: rows.into_iter().map(row).collect() }
}

fn bar() -> Sample {
    let rows = [
        ("浦江新区", 128.0),
        ("临港示范区", 113.0),
        ("东山区", 96.0),
        ("高新技术产业开发区", 87.0),
        ("西湖区", 74.0),
        ("南岭县", 61.0),
        ("北川市", 55.0),
        ("滨海新城", 48.0),
        ("青田县", 36.0),
        ("云和县", 27.0),
        ("安吉市", 19.0),
        ("松阳县", 12.0),
    ];
    Sample {
        id: "bar",
        kind: ChartKind::Bar,
        headline: "低空物流航线：浦江新区开通数量居全市首位",
        subtitle: "各区（市）已开通低空物流航线数量，2025年6月底",
        unit: "条",
        table: figures(&["航线"], rows.map(|(label, value)| (label.to_owned(), vec![value]))),
    }
}

fn line() -> Sample {
    let row = |month: u32| {
        let i = f64::from(month);
        let wave = |from: f64, slope: f64, height: f64, pace: f64, shift: f64| {
            ((from + i * slope + height * (i * pace + shift).sin()) * 10.0).round() / 10.0
        };
        let values = vec![
            wave(18.0, 0.95, 2.2, 0.9, 0.0),
            wave(22.0, 0.42, 1.6, 0.7, 1.0),
            wave(6.0, 0.18, 0.8, 0.8, 2.0),
        ];
        (format!("{}年{}月", 2023 + month / 12, month % 12 + 1), values)
    };
    Sample {
        id: "line",
        kind: ChartKind::Line,
        headline: "三类经营主体同步增长，民营企业增速最快",
        subtitle: "新设经营主体数量，2023年1月—2024年12月",
        unit: "万户",
        table: figures(&["民营企业", "个体工商户", "外资企业"], (0..24).map(row)),
    }
}

fn donut() -> Sample {
    let rows = [
        ("基础设施建设", 46.1),
        ("关键技术攻关", 34.6),
        ("应用场景示范", 19.2),
        ("人才引育", 14.1),
        ("标准与安全监管", 9.0),
        ("其他", 5.0),
    ];
    Sample {
        id: "donut",
        kind: ChartKind::Donut,
        headline: "六成以上专项资金投向基础设施与技术攻关",
        subtitle: "2025年度产业发展专项资金安排",
        unit: "亿元",
        table: figures(&["金额"], rows.map(|(label, value)| (label.to_owned(), vec![value]))),
    }
}

fn stack() -> Sample {
    let rows = [
        ("2021年", [42.0, 58.0, 36.0, 18.0]),
        ("2022年", [51.0, 61.0, 40.0, 20.0]),
        ("2023年", [63.0, 66.0, 43.0, 24.0]),
        ("2024年", [78.0, 70.0, 47.0, 27.0]),
        ("2025年", [96.0, 75.0, 52.0, 31.0]),
    ];
    Sample {
        id: "stack",
        kind: ChartKind::StackedColumn,
        headline: "财政投入四年增长65%，科技支出占比持续提高",
        subtitle: "分领域财政支出，2021—2025年",
        unit: "亿元",
        table: figures(
            &["科学技术", "教育", "社会保障", "生态环保"],
            rows.map(|(label, values)| (label.to_owned(), values.to_vec())),
        ),
    }
}

fn gantt() -> Sample {
    let rows = [
        ["印发实施细则", "2025年7月", "2025年9月", "启动"],
        ["成立工作专班", "2025年8月", "2025年10月", "启动"],
        ["建设起降基础设施", "2025年10月", "2026年12月", "建设"],
        ["搭建智能飞行管理平台", "2025年11月", "2026年8月", "建设"],
        ["开放首批应用场景", "2026年3月", "2026年10月", "建设"],
        ["制定地方标准", "2026年5月", "2027年2月", "建设"],
        ["扩大低空物流航线", "2026年11月", "2027年10月", "推广"],
        ["评估总结与全面推广", "2027年7月", "2027年12月", "推广"],
    ];
    let row = |[label, cells @ ..]: [&str; 4]| Row {
        label: label.to_owned(),
        cells: cells.map(|text| Cell { text: text.to_owned(), value: None }).to_vec(),
    };
    let series = ["开始", "结束", "阶段"].map(str::to_owned).to_vec();
    Sample {
        id: "gantt",
        kind: ChartKind::Gantt,
        headline: "实施进度安排：分三个阶段，2027年底前全面完成",
        subtitle: "重点任务时间表，2025年7月—2027年12月",
        unit: "",
        table: Table { series, rows: rows.map(row).to_vec() },
    }
}

/// The median of many, in milliseconds, and the last of what was made.
fn measure<T>(times: usize, mut make: impl FnMut() -> T) -> (f64, T) {
    let mut last = make();
    let mut taken: Vec<f64> = (0..times)
        .map(|_| {
            let begun = Instant::now();
            last = black_box(make());
            begun.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    taken.sort_by(f64::total_cmp);
    (taken.get(times / 2).copied().unwrap_or_default(), last)
}

fn main() {
    let times = std::env::var_os("N").and_then(|n| n.to_str()?.parse().ok()).unwrap_or(100);
    let samples = [bar(), line(), donut(), stack(), gantt()];
    for sample in &samples {
        let (svg_ms, svg) = measure(times, || sample.svg());
        let whole = || png(&Drawing::read(&sample.svg()).unwrap().into_page()).unwrap();
        let (png_ms, bytes) = measure(times, whole);
        println!(
            "{{\"peer\":\"lockstep\",\"chart\":\"{}\",\"svg_ms\":{svg_ms:.3},\"png_ms\":{png_ms:.2},\
             \"svg_bytes\":{},\"png_bytes\":{}}}",
            sample.id,
            svg.len(),
            bytes.len()
        );
    }
    let charts = || -> Vec<_> {
        let read = |s: &Sample| (s.id.parse().unwrap(), Drawing::read(&s.svg()).unwrap());
        samples.iter().map(read).collect()
    };
    // As a text with five charts is: about 8,000 px.
    let text = TEXT.replace("chart:bar", "chart:line");
    let theme = &Theme::plain();
    let page = |charts: &[_]| {
        let blocks = blocks::from_markdown(&text);
        let article =
            Article {
                title: "", agency: "示例市", source: "示例", blocks: &blocks, charts, theme
            };
        compose(&article).unwrap()
    };
    let drawn = charts();
    let (read_ms, _) = measure(times, charts);
    let (set_ms, set) = measure(times, || page(&drawn));
    let (png_ms, bytes) = measure(times, || png(&set).unwrap());
    println!(
        "{{\"peer\":\"lockstep\",\"chart\":\"long\",\"height\":{},\"charts_ms\":{read_ms:.2},\
         \"set_ms\":{set_ms:.2},\"png_ms\":{png_ms:.1},\"all_ms\":{:.1},\"png_bytes\":{}}}",
        set.height,
        read_ms + set_ms + png_ms,
        bytes.len()
    );
}
