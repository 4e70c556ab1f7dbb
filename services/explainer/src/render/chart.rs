//! One chart of a draft: drawn at every width, and its figures in words beside it.

use std::collections::BTreeMap;

use lockstep_gate::{
    bundle::{Cell, Row, Table, headed_unit, read_table},
    codes::{self, At as _},
};
use lockstep_proto::{
    finding::Finding,
    manifest::{Cells, ChartKind, ChartSpec, Role},
};
use serde_json::json;

use super::{
    Output, data, download, fill,
    pictures::Picture,
    refusal::{undrawable, unpaintable},
};
use crate::{
    chart::{
        self, Chart, Undrawable, Width,
        figure::{Sums, grouped, shares_of, without_unit},
        named::with_years,
    },
    long::Data,
    page::Drawing,
};

const SVG: &str = "image/svg+xml";

/// What is made of one chart.
pub(super) struct Drawn {
    /// As a file of its own.
    pub(super) svg: String,
    /// As it stands in the page.
    pub(super) figure: String,
    /// As pictures have it.
    pub(super) large: Drawing,
    /// Its figures, if the picture does not say them all.
    pub(super) data: Option<Data>,
}

/// Draws one chart at every width, and its figures beside it.
pub(super) fn draw(spec: &ChartSpec, files: &BTreeMap<String, Vec<u8>>) -> Result<Drawn, Finding> {
    let bytes = files
        .get(&spec.data)
        .ok_or_else(|| codes::NO_FILE.about(&spec.data).in_member(&spec.data))?;
    let read = read_table(spec, bytes)?;
    let spec = &with_headed_unit(spec);
    let table = printed(&read, spec.kind.cells());
    let draw = |name: &str, width: Width| {
        draw_one(spec, &table, name, width).map_err(|error| undrawable(spec, error, bytes))
    };
    // A phone gets a drawing of its own: the wide one's words would be too small there.
    let svg = draw("wide", Width::Desk720)?;
    let narrow = draw("narrow", Width::Phone360)?;
    let picture = draw("large", Width::Long1080)?;
    let mut large =
        Drawing::read(&picture).map_err(|error| unpaintable(spec.id.as_str(), &error))?;
    let shares = shares_of(spec.kind, &spec.unit, &table);
    let shown = |(cell, share): (&Cell, &Option<String>)| match share {
        Some(share) => format!("{}（{share}）", cell.text),
        None => cell.text.clone(),
    };
    let of_row = |(row, shares): (&Row, &Vec<Option<String>>)| -> Vec<String> {
        row.cells.iter().zip(shares).map(shown).collect()
    };
    // What the picture says of all together, the tables do too.
    let told = Sums::of(spec.kind, &spec.unit, &table).beside(&table);
    let shares = shares.into_iter().chain([vec![]]).map(|mut row| {
        row.resize(told.series.len(), None);
        row
    });
    let shares: Vec<Vec<Option<String>>> = shares.collect();
    let shown_rows: Vec<Vec<String>> = told.rows.iter().zip(&shares).map(of_row).collect();
    // 2026年 is not broken; a longer name may be.
    let is_short = |name: &str| name.chars().count() <= 6;
    let row = |(row, cells): (&Row, &Vec<String>)| json!({ "label": row.label, "short": is_short(&row.label), "cells": cells });
    let rows: Vec<_> = told.rows.iter().zip(&shown_rows).map(row).collect();
    let named = |name: &String| {
        let unit = download::with_unit(name, &spec.unit);
        json!({ "name": name, "short": is_short(name), "unit": unit })
    };
    let series: Vec<_> = told.series.iter().map(named).collect();
    let figure = fill(
        "chart",
        &json!({
            "id": spec.id,
            "wide": svg,
            "narrow": narrow,
            "subtitle": without_unit(&spec.subtitle, &spec.unit),
            "unit": spec.unit,
            "category": spec.category,
            "series": series,
            "figures": spec.kind.cells() != Cells::Words,
            "rows": rows,
            "csv": download::link(&spec.category, &spec.unit, &read),
        }),
    )?;
    let data =
        (!data::says_all(&picture, spec.kind, &table)).then(|| data::of(spec, &told, &shown_rows));
    // On paper no table has what a short description leaves out.
    if data.is_none() {
        let chart = chart_of(spec, &table, spec.id.as_str());
        let said = chart::tell(&chart).map_err(|error| undrawable(spec, error, bytes))?;
        large.said = format!("{}。{said}", large.title);
    }
    Ok(Drawn { svg, figure, large, data })
}

/// A chart's members: one of its own, and one that is still to be painted.
pub(super) fn members(spec: &ChartSpec, drawn: &Drawn) -> (Output, Picture) {
    let output = Output {
        path: format!("rendered/charts/{}.svg", spec.id),
        role: Role::Chart,
        media_type: SVG,
        bytes: drawn.svg.clone().into_bytes(),
    };
    let picture = Picture {
        path: format!("rendered/charts/{}.png", spec.id),
        role: Role::ChartPicture,
        page: drawn.large.clone().into_page(),
    };
    (output, picture)
}

/// The same with its figures as people read them.
fn printed(table: &Table, cells: Cells) -> Table {
    let text = |cell: &Cell| match cell.value {
        Some(_) => grouped(&cell.text),
        None if cells == Cells::Words && !cell.text.is_empty() => cell.text.clone(),
        None => "—".to_owned(),
    };
    let cell = |cell: &Cell| Cell { text: text(cell), value: cell.value };
    let row =
        |row: &Row| Row { label: row.label.clone(), cells: row.cells.iter().map(cell).collect() };
    let table = with_years(table);
    Table { rows: table.rows.iter().map(row).collect(), ..table }
}

/// The same with the unit that all its columns have in their heads, where it says none itself: 数量（个）. Cards have a
/// unit each.
fn with_headed_unit(spec: &ChartSpec) -> ChartSpec {
    let has_figures = spec.kind.cells() != Cells::Words && spec.kind != ChartKind::Cards;
    let is_bare = spec.unit.trim().is_empty() && !spec.subtitle.contains("单位");
    let unit = headed_unit(&spec.values).filter(|_| has_figures && is_bare);
    ChartSpec { unit: unit.unwrap_or(&spec.unit).to_owned(), ..spec.clone() }
}

pub(super) fn draw_one(
    spec: &ChartSpec,
    table: &Table,
    name: &str,
    width: Width,
) -> Result<String, Undrawable> {
    let id = format!("chart-{}-{name}", spec.id);
    chart::draw(&chart_of(spec, table, &id), width)
}

fn chart_of<'a>(spec: &'a ChartSpec, table: &'a Table, id: &'a str) -> Chart<'a> {
    Chart {
        id,
        kind: spec.kind,
        headline: &spec.headline,
        subtitle: &spec.subtitle,
        unit: &spec.unit,
        source: &spec.source,
        table,
    }
}
