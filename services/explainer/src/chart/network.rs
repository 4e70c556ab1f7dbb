//! Where the boxes of a flow stand and how its arrows run: dagre puts the boxes in layers, and the arrows go
//! up, down and sideways between these.

use std::collections::BTreeMap;

use dagre::graph::{Graph, GraphOptions};
use dagre::layout::types::LabelPos;
use dagre::{EdgeLabel, LayoutOptions, NodeLabel, layout};

use super::sheet::Point;
use super::steps::{Next, Step};

pub(super) struct Network {
    /// In the order of the steps.
    pub(super) boxes: Vec<Placed>,
    /// What leads on.
    pub(super) edges: Vec<Edge>,
    pub(super) width: i32,
    pub(super) height: i32,
    /// Between two layers.
    pub(super) apart: i32,
}

#[derive(Clone, Copy)]
pub(super) struct Placed {
    pub(super) middle: Point,
    /// Width and height.
    pub(super) size: (i32, i32),
}

impl Placed {
    /// The upper left one for -1, the lower right one for 1.
    pub(super) fn corner(&self, side: i32) -> Point {
        let ((x, y), (width, height)) = (self.middle, self.size);
        (x + side * width / 2, y + side * height / 2)
    }
}

pub(super) struct Edge {
    /// Index of the step it comes from, and of the next step among that one's.
    pub(super) from: usize,
    pub(super) next: usize,
    pub(super) line: Vec<Point>,
    pub(super) condition: Option<Placed>,
}

impl Network {
    pub(super) fn of(
        steps: &[Step<'_>],
        sizes: &[(i32, i32)],
        condition: impl Fn(&Next<'_>) -> (i32, i32),
        between_layers: i32,
        between_boxes: i32,
    ) -> Self {
        let graph = || {
            let mut graph = Graph::with_options(GraphOptions {
                directed: true,
                multigraph: true,
                compound: true,
            });
            for (index, (width, height)) in sizes.iter().enumerate() {
                let (width, height) = (f64::from(*width), f64::from(*height));
                let node = NodeLabel { width, height, ..NodeLabel::default() };
                graph.set_node(index.to_string(), Some(node));
            }
            for (from, next) in onward(steps).map(|(from, _, next)| (from, next)) {
                let (width, height) = condition(next);
                let (width, height) = (f64::from(width), f64::from(height));
                let label =
                    EdgeLabel { width, height, labelpos: LabelPos::Center, ..EdgeLabel::default() };
                graph.set_edge(from.to_string(), next.to.to_string(), Some(label), None);
            }
            graph
        };
        let options = |tie_keep_first: bool| LayoutOptions {
            tie_keep_first,
            ranksep: f64::from(between_layers),
            nodesep: f64::from(between_boxes),
            edgesep: f64::from(between_boxes),
            ..LayoutOptions::default()
        };
        // The exits of a step are to stand as its data name them: of two layouts and their mirror images, the best.
        let laid = [false, true].map(|tie_keep_first| {
            let mut graph = graph();
            layout(&mut graph, Some(options(tie_keep_first)));
            let x = |step: usize| {
                whole(graph.node(&step.to_string()).and_then(|node| node.x).unwrap_or(0.0))
            };
            let [kept, mirrored] = disorder(steps, x);
            (kept.min(mirrored), mirrored < kept, graph)
        });
        let [first, second] = laid;
        let (_, is_mirrored, graph) = if second.0 < first.0 { second } else { first };
        let side = if is_mirrored { -1 } else { 1 };
        let boxes = sizes.iter().enumerate().map(|(index, size)| {
            let node = graph.node(&index.to_string());
            let at = |of: fn(&NodeLabel) -> Option<f64>| whole(node.and_then(of).unwrap_or(0.0));
            Placed { middle: (side * at(|node| node.x), at(|node| node.y)), size: *size }
        });
        let mut network = Self {
            boxes: boxes.collect(),
            edges: vec![],
            width: 0,
            height: 0,
            // dagre halves it, to have layers for what is written beside arrows.
            apart: between_layers / 2,
        };
        let ways: Vec<Way> = onward(steps)
            .filter_map(|(from, index, next)| {
                let edge = graph.edge(&from.to_string(), &next.to.to_string(), None)?;
                let points =
                    edge.points.iter().map(|point| (side * whole(point.x), whole(point.y)));
                let label = next.condition.and(edge.x.zip(edge.y));
                let size = (whole(edge.width), whole(edge.height));
                let condition =
                    label.map(|(x, y)| Placed { middle: (side * whole(x), whole(y)), size });
                Some(Way { from, index, to: next.to, points: points.collect(), condition })
            })
            .collect();
        network.route(&ways);
        network.fit();
        network
    }

    /// Arrows leave a box below and enter one above; between two layers, each box they come from, or
    /// lead to, has a height of its own for what runs sideways, so that no two flow together that do not.
    fn route(&mut self, ways: &[Way]) {
        let mut heights: BTreeMap<i32, i32> = BTreeMap::new();
        for placed in self.boxes.iter().chain(ways.iter().filter_map(|way| way.condition.as_ref()))
        {
            let known = heights.entry(placed.middle.1).or_insert(0);
            *known = placed.size.1.max(*known);
        }
        let stops: Vec<Vec<Point>> = ways.iter().map(|way| self.stops(way)).collect();
        // What leads to one box from several that lead nowhere else runs in one line, not in several beside each other.
        let mut exits: BTreeMap<(i32, usize), usize> = BTreeMap::new();
        for (way, stops) in ways.iter().zip(&stops) {
            for (_, y) in stops.iter().skip(1) {
                *exits.entry((*y, way.from)).or_insert(0) += 1;
            }
        }
        let mut is_joined: BTreeMap<(i32, usize), bool> = BTreeMap::new();
        for (way, stops) in ways.iter().zip(&stops) {
            if let [.., (x, _), (to, y)] = stops.as_slice()
                && x != to
            {
                let is_only = exits.get(&(*y, way.from)) == Some(&1);
                *is_joined.entry((*y, way.to)).or_insert(true) &= is_only;
            }
        }
        let run = |way: &Way, is_last: bool, y: i32| {
            let is_joined = is_last && is_joined.get(&(y, way.to)) == Some(&true);
            if is_joined { Run::To(way.to) } else { Run::From(way.from) }
        };
        let mut runs: BTreeMap<i32, Vec<Run>> = BTreeMap::new();
        for (way, stops) in ways.iter().zip(&stops) {
            for (index, pair) in stops.windows(2).enumerate() {
                let [(x, _), (to, y)] = pair else { continue };
                let known = runs.entry(*y).or_default();
                let run = run(way, index + 2 == stops.len(), *y);
                if x != to && !known.contains(&run) {
                    known.push(run);
                }
            }
        }
        for (way, stops) in ways.iter().zip(&stops) {
            let mut line = vec![];
            for (index, pair) in stops.windows(2).enumerate() {
                let [(x, _), (to, y)] = pair else { continue };
                let run = run(way, index + 2 == stops.len(), *y);
                let top = y - heights.get(y).copied().unwrap_or(0) / 2;
                let known = runs.get(y).map_or(&[][..], Vec::as_slice);
                let count = i32::try_from(known.len()).unwrap_or(i32::MAX - 1);
                let place = known.iter().position(|other| *other == run).unwrap_or(0);
                let place = i32::try_from(place).unwrap_or(0) + 1;
                // What leads back turns above these.
                let turn = top - self.apart * 7 / 10 + self.apart / 2 * place / (count + 1);
                if x != to {
                    line.extend([(*x, turn), (*to, turn)]);
                }
            }
            let (from, to) = (self.boxes.get(way.from), self.boxes.get(way.to));
            if let (Some(from), Some(to)) = (from, to) {
                let start = (from.middle.0, from.corner(1).1);
                let end = (to.middle.0, to.corner(-1).1);
                let line = [start].into_iter().chain(line).chain([end]).collect();
                let condition = way.condition;
                self.edges.push(Edge { from: way.from, next: way.index, line, condition });
            }
        }
    }

    /// Where it passes each layer.
    fn stops(&self, way: &Way) -> Vec<Point> {
        let ends =
            [way.from, way.to].map(|index| self.boxes.get(index).map(|placed| placed.middle));
        let [from, to] = ends;
        let inner = way.points.iter().skip(1).take(way.points.len().saturating_sub(2));
        from.into_iter().chain(inner.copied()).chain(to).collect()
    }

    /// At which side an arrow leads back: where nothing stands before either box, else at the left.
    pub(super) fn side(&self, from: usize, to: usize) -> Option<i32> {
        let (from, to) = (self.boxes.get(from)?, self.boxes.get(to)?);
        let are_clear = |side: &i32| self.is_clear(from, *side) && self.is_clear(to, *side);
        Some([-1, 1].into_iter().find(are_clear).unwrap_or(-1))
    }

    fn is_clear(&self, of: &Placed, side: i32) -> bool {
        let boxes = self.boxes.iter().map(|other| (other.middle, other.size.1 / 2));
        let conditions =
            self.edges.iter().filter_map(|edge| Some((edge.condition?.middle, self.apart)));
        boxes
            .chain(conditions)
            .all(|((x, y), reach)| (y - of.middle.1).abs() > reach || (x - of.middle.0) * side <= 0)
    }

    /// From the side of one box to the side of another; where something stands before a side, below the
    /// one or above the other.
    pub(super) fn back(&self, from: usize, to: usize, lane: i32, side: i32) -> Vec<Point> {
        let (Some(from), Some(to)) = (self.boxes.get(from), self.boxes.get(to)) else {
            return vec![];
        };
        let edge = |of: &Placed| (of.middle.0 + side * of.size.0 / 2, of.size.0 / 5);
        let mut line = vec![];
        // It leaves lower than others enter.
        let ((x, inset), y) = (edge(from), from.middle.1 + from.size.1 / 5);
        if self.is_clear(from, side) {
            line.extend([(x, y), (lane, y)]);
        } else {
            let (x, bottom) = (x - side * inset, from.corner(1).1);
            let below = bottom + self.apart / 10;
            line.extend([(x, bottom), (x, below), (lane, below)]);
        }
        let ((x, inset), y) = (edge(to), to.middle.1 - to.size.1 / 5);
        if self.is_clear(to, side) {
            line.extend([(lane, y), (x, y)]);
        } else {
            let (x, top) = (x - side * inset, to.corner(-1).1);
            let above = top - self.apart * 4 / 5;
            line.extend([(lane, above), (x, above), (x, top)]);
        }
        line
    }

    /// Moves all to the upper left corner, and measures.
    fn fit(&mut self) {
        let conditions = self.edges.iter().filter_map(|edge| edge.condition.as_ref());
        let placed = self.boxes.iter().chain(conditions);
        let corners = placed.flat_map(|placed| [placed.corner(-1), placed.corner(1)]);
        let lines = self.edges.iter().flat_map(|edge| edge.line.iter().copied());
        let points: Vec<Point> = corners.chain(lines).collect();
        let least = |of: fn(&Point) -> i32| points.iter().map(of).min().unwrap_or(0);
        let most = |of: fn(&Point) -> i32| points.iter().map(of).max().unwrap_or(0);
        let (left, top) = (least(|point| point.0), least(|point| point.1));
        self.width = most(|point| point.0) - left;
        self.height = most(|point| point.1) - top;
        let boxes = self.boxes.iter_mut().map(|placed| &mut placed.middle);
        let edges = self.edges.iter_mut().flat_map(|edge| {
            edge.line.iter_mut().chain(edge.condition.as_mut().map(|placed| &mut placed.middle))
        });
        for (x, y) in boxes.chain(edges) {
            *x -= left;
            *y -= top;
        }
    }
}

/// Whether an arrow of level and upright pieces runs through a box: it may only touch its border.
pub(super) fn runs_through(line: &[Point], placed: &Placed) -> bool {
    let (upper, lower) = (placed.corner(-1), placed.corner(1));
    line.windows(2).any(|piece| match piece {
        [a, b] => {
            a.0.max(b.0) > upper.0
                && a.0.min(b.0) < lower.0
                && a.1.max(b.1) > upper.1
                && a.1.min(b.1) < lower.1
        }
        _ => false,
    })
}

/// Whether arrows can be told from each other: two run together only where they come from one step or lead
/// to one. Each is given as these two and its line, of level and upright pieces.
pub(super) fn are_apart(arrows: &[(usize, usize, &[Point])], least: i32) -> bool {
    arrows.iter().enumerate().all(|(index, (from, to, line))| {
        arrows.iter().skip(index + 1).all(|(other_from, other_to, other)| {
            from == other_from || to == other_to || !run_together(line, other, least)
        })
    })
}

fn run_together(one: &[Point], other: &[Point], least: i32) -> bool {
    let pieces = |line: &[Point]| -> Vec<[Point; 2]> {
        line.windows(2).filter_map(|pair| pair.try_into().ok()).collect()
    };
    // Of level pieces; upright ones are turned.
    let meet = |[a, b]: [Point; 2], [c, d]: [Point; 2]| {
        let are_level = a.1 == b.1 && c.1 == d.1 && (a.1 - c.1).abs() < least;
        let shared = a.0.max(b.0).min(c.0.max(d.0)) - a.0.min(b.0).max(c.0.min(d.0));
        are_level && shared > 0
    };
    let turned = |piece: [Point; 2]| piece.map(|(x, y)| (y, x));
    let other = pieces(other);
    pieces(one)
        .into_iter()
        .any(|a| other.iter().any(|b| meet(a, *b) || meet(turned(a), turned(*b))))
}

/// What runs sideways at one height between two layers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Run {
    /// All that this box leads to.
    From(usize),
    /// All that leads to this box.
    To(usize),
}

/// What dagre says of an arrow.
struct Way {
    from: usize,
    index: usize,
    to: usize,
    points: Vec<Point>,
    condition: Option<Placed>,
}

/// How many exits of one step stand the other way round than its data name them, and how many would in a mirror.
fn disorder(steps: &[Step<'_>], x: impl Fn(usize) -> i32) -> [usize; 2] {
    let mut found = [0, 0];
    for step in steps {
        let exits: Vec<i32> =
            step.next.iter().filter(|next| !next.is_back).map(|next| x(next.to)).collect();
        for (index, left) in exits.iter().enumerate() {
            let [kept, mirrored] = &mut found;
            *kept += exits.iter().skip(index + 1).filter(|right| *right < left).count();
            *mirrored += exits.iter().skip(index + 1).filter(|right| *right > left).count();
        }
    }
    found
}

fn onward<'s, 'c>(steps: &'s [Step<'c>]) -> impl Iterator<Item = (usize, usize, &'s Next<'c>)> {
    steps.iter().enumerate().flat_map(|(from, step)| {
        let next = step.next.iter().enumerate().filter(|(_, next)| !next.is_back);
        next.map(move |(index, next)| (from, index, next))
    })
}

#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "it saturates")]
fn whole(at: f64) -> i32 {
    at.round() as i32
}
