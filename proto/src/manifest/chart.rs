//! Charts as a manifest declares them.

use serde::{Deserialize, Serialize};

use crate::ids::ChartId;

/// A chart 图表 to be drawn from a data member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Declared")]
pub struct ChartSpec {
    /// Its name within the bundle; the interpretation places it by `![…](chart:id)`.
    pub id: ChartId,
    /// How it is drawn.
    pub kind: ChartKind,
    /// What the chart says, in a sentence.
    pub headline: String,
    /// Measure and period.
    pub subtitle: String,
    /// The unit of the figures; charts of words may leave it out.
    pub unit: String,
    /// Where the figures come from.
    pub source: String,
    /// Path of the data member (CSV with a header line).
    pub data: String,
    /// The column that names the categories.
    pub category: String,
    /// The columns that hold the figures: one series each. Written as `value`; a single one as a string.
    #[serde(rename = "value", with = "one_or_several")]
    pub values: Vec<String>,
}

/// The same as it is written: who draws figures says their unit, or that they have none.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Declared {
    id: ChartId,
    kind: ChartKind,
    headline: String,
    subtitle: String,
    unit: Option<String>,
    source: String,
    data: String,
    category: String,
    #[serde(rename = "value", with = "one_or_several")]
    values: Vec<String>,
}

impl TryFrom<Declared> for ChartSpec {
    type Error = &'static str;

    fn try_from(declared: Declared) -> Result<Self, Self::Error> {
        let Declared { id, kind, headline, subtitle, unit, source, data, category, values } =
            declared;
        let unit = match unit {
            Some(unit) => unit,
            None if kind.cells() == Cells::Words => String::new(),
            // As serde says it of the others.
            None => return Err("missing field `unit`"),
        };
        Ok(Self { id, kind, headline, subtitle, unit, source, data, category, values })
    }
}

/// What was a string before there were several.
mod one_or_several {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        One(String),
        Several(Vec<String>),
    }

    pub(super) fn serialize<S: Serializer>(columns: &[String], to: S) -> Result<S::Ok, S::Error> {
        match columns {
            [only] => only.serialize(to),
            several => several.serialize(to),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
        Ok(match Written::deserialize(from)? {
            Written::One(only) => vec![only],
            Written::Several(several) => several,
        })
    }
}

/// The kinds of charts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChartKind {
    /// 条形图: horizontal bars from zero, one series.
    Bar,
    /// 柱形图: vertical bars from zero, one series.
    Column,
    /// 分组柱形图: the series of a category beside each other.
    GroupedColumn,
    /// 堆积柱形图: the series of a category upon each other, with their sum.
    StackedColumn,
    /// 百分比堆积柱形图: shares of each category's sum.
    FullColumn,
    /// 分组条形图: the series of a category below each other, lying on their side.
    GroupedBar,
    /// 堆积条形图: the series of a category behind each other, with their sum.
    StackedBar,
    /// 百分比堆积条形图: shares of each category's sum, lying on their side.
    FullBar,
    /// 折线图: change over at least three points in time.
    Line,
    /// 面积图: one series over time, from zero.
    Area,
    /// 小图组: several series, each in a panel of its own, on one scale.
    SmallMultiples,
    /// 环形图: parts of a whole, one series.
    Donut,
    /// 斜率图: two points in time, a line for each category.
    Slope,
    /// 区间图: two figures of each category on one scale.
    Range,
    /// 热力表: a table of figures, darker where they are greater.
    Heat,
    /// 数字卡片: two to six figures, large, one series.
    Cards,
    /// 进度安排: tasks from start to end, with milestones and phases.
    Gantt,
    /// 新旧对照: rules before and after, with what changed marked.
    Compare,
    /// 流程图: steps in layers, with what follows each and when.
    Flow,
}

/// What the cells of a chart's data are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cells {
    /// A figure each.
    Figures,
    /// A figure each, or nothing where none is known.
    FiguresOrGaps,
    /// Words of any kind, or nothing: dates, names, rules.
    Words,
}

impl ChartKind {
    /// What the cells of its data are.
    pub fn cells(self) -> Cells {
        match self {
            Self::Bar
            | Self::StackedColumn
            | Self::FullColumn
            | Self::StackedBar
            | Self::FullBar
            | Self::Area
            | Self::Donut
            | Self::Slope
            | Self::Range
            | Self::Cards => Cells::Figures,
            Self::Column
            | Self::GroupedColumn
            | Self::GroupedBar
            | Self::Line
            | Self::SmallMultiples
            | Self::Heat => Cells::FiguresOrGaps,
            Self::Gantt | Self::Compare | Self::Flow => Cells::Words,
        }
    }
}
