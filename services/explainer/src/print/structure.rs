//! What is read aloud, and in which order: the structure that PDF/UA-1 wants beside what is drawn.

use std::num::NonZeroU16;

use krilla::{
    destination::XyzDestination,
    geom::Point,
    outline::OutlineNode,
    surface::Surface,
    tagging::{
        Artifact, ArtifactType, ContentTag, Identifier, ListNumbering, SpanTag, TableHeaderScope,
        Tag, TagGroup, TagKind, TagTree,
    },
};

use crate::page::{Page, Part, What};

/// Headings down to this level are listed beside the pages.
const LISTED_LEVEL: u8 = 2;

/// Takes down what is drawn.
pub(super) struct Structure<'a> {
    page: &'a Page,
    read: Vec<Read>,
}

/// What is read as one: a paragraph, an item, a cell.
struct Read {
    block: u32,
    part: Part,
    ids: Vec<Identifier>,
    /// What of it leads somewhere.
    links: Vec<Identifier>,
    /// A heading's or paragraph's words, a chart's description.
    text: String,
    /// The sheet that it begins on, and where.
    at: (usize, Point),
}

impl<'a> Structure<'a> {
    pub(super) fn new(page: &'a Page) -> Self {
        Self { page, read: vec![] }
    }

    /// What is drawn until `end_tagged` is the page's thing of this number.
    pub(super) fn begin(&mut self, surface: &mut Surface<'_>, number: usize, at: (usize, Point)) {
        let thing = self.page.things.get(number).filter(|thing| thing.part != Part::Ornament);
        let Some(thing) = thing else {
            let ornament = Artifact::new(ArtifactType::Layout, None);
            surface.start_tagged(ContentTag::Artifact(ornament));
            return;
        };
        let (tag, text) = match &thing.what {
            What::Line { glyphs, .. } => {
                let text = glyphs.iter().map(|glyph| glyph.character).collect();
                (ContentTag::Span(SpanTag::empty()), text)
            }
            What::Drawing(drawing) => (ContentTag::Other, drawing.said.clone()),
            What::Ground { .. } | What::Panel { .. } | What::Emblem { .. } => {
                (ContentTag::Other, String::new())
            }
        };
        let id = surface.start_tagged(tag);
        match self.read.last_mut() {
            Some(last) if (last.block, last.part) == (thing.block, thing.part) => {
                last.ids.push(id);
                // A chart that is cut is described once.
                if thing.part != Part::Figure {
                    last.text.push_str(&text);
                }
            }
            _ => {
                let (block, part) = (thing.block, thing.part);
                self.read.push(Read { block, part, ids: vec![id], links: vec![], text, at });
            }
        }
    }

    /// A part of the page's thing of this number leads somewhere.
    pub(super) fn link(&mut self, number: usize, id: Identifier) {
        let thing = self.page.things.get(number).map(|thing| (thing.block, thing.part));
        let read = self.read.iter_mut().rev().find(|read| Some((read.block, read.part)) == thing);
        if let Some(read) = read {
            read.links.push(id);
        }
    }

    /// The first heading.
    pub(super) fn title(&self) -> &str {
        let title = self.read.iter().find(|read| matches!(read.part, Part::Heading(_)));
        title.map_or("政策解读", |title| &title.text)
    }

    /// The headings, for those who leaf through.
    pub(super) fn list_headings(&self) -> Vec<OutlineNode> {
        let listed =
            |read: &&Read| matches!(read.part, Part::Heading(level) if level <= LISTED_LEVEL);
        let node = |read: &Read| {
            OutlineNode::new(read.text.clone(), XyzDestination::new(read.at.0, read.at.1))
        };
        self.read.iter().filter(listed).map(node).collect()
    }

    pub(super) fn into_tree(self) -> TagTree {
        let mut tree = TagTree::new().with_lang(Some("zh-CN".to_owned()));
        let mut level = 0;
        for read in runs(self.read) {
            let group = match read.first().map(|first| first.part) {
                Some(Part::Item) => list(read),
                Some(Part::Cell { .. }) => table(read),
                Some(Part::Heading(wanted)) => {
                    // None is left out on the way down.
                    level = wanted.clamp(1, level + 1);
                    leaves(|text| heading(level, text), read)
                }
                Some(Part::Figure) => leaves(|text| Tag::Figure(Some(text)).into(), read),
                Some(Part::Text | Part::Caption | Part::Ornament) | None => {
                    leaves(|_| Tag::P.into(), read)
                }
            };
            tree.push(group);
        }
        tree
    }
}

/// Items of a list together, cells of a table together, everything else by itself.
fn runs(read: Vec<Read>) -> Vec<Vec<Read>> {
    let mut runs: Vec<Vec<Read>> = vec![];
    for next in read {
        let belongs = |last: &Read| match (last.part, next.part) {
            (Part::Item, Part::Item) => true,
            (Part::Cell { .. }, Part::Cell { .. }) => last.block == next.block,
            _ => false,
        };
        match runs.last_mut() {
            Some(run) if run.last().is_some_and(belongs) => run.push(next),
            _ => runs.push(vec![next]),
        }
    }
    runs
}

fn heading(level: u8, text: String) -> TagKind {
    let level = NonZeroU16::new(level.into()).unwrap_or(NonZeroU16::MIN);
    Tag::Hn(level, Some(text)).into()
}

/// One group of what was drawn.
fn leaves(tag: impl FnOnce(String) -> TagKind, read: Vec<Read>) -> TagGroup {
    let text = read.iter().map(|read| read.text.as_str()).collect();
    let mut group = TagGroup::new(tag(text));
    for read in read {
        read.ids.into_iter().for_each(|id| group.push(id));
        for id in read.links {
            let mut link = TagGroup::new(Tag::Link);
            link.push(id);
            group.push(link);
        }
    }
    group
}

fn list(items: Vec<Read>) -> TagGroup {
    let mut list = TagGroup::new(Tag::L(ListNumbering::None));
    for item in items {
        let mut outer = TagGroup::new(Tag::LI);
        outer.push(leaves(|_| Tag::LBody.into(), vec![item]));
        list.push(outer);
    }
    list
}

/// Every row has a cell for each column, also where one says nothing.
fn table(cells: Vec<Read>) -> TagGroup {
    let place = |cell: &Read| match cell.part {
        Part::Cell { row, column, is_head } => Some((row, column, is_head)),
        Part::Heading(_)
        | Part::Text
        | Part::Item
        | Part::Figure
        | Part::Caption
        | Part::Ornament => None,
    };
    let last = cells.iter().filter_map(place).map(|(_, column, _)| column).max().unwrap_or(0);
    let mut table = TagGroup::new(Tag::Table);
    for row in cells_of_rows(cells, place) {
        let mut group = TagGroup::new(Tag::TR);
        let is_head = row.first().is_some_and(|((_, _, is_head), _)| *is_head);
        let tag = || -> TagKind {
            if is_head { Tag::TH(TableHeaderScope::Column).into() } else { Tag::TD.into() }
        };
        let mut next = 0;
        for ((_, column, _), cell) in row {
            (next..column).for_each(|_| group.push(TagGroup::new(tag())));
            group.push(leaves(|_| tag(), vec![cell]));
            next = column + 1;
        }
        (next..=last).for_each(|_| group.push(TagGroup::new(tag())));
        table.push(group);
    }
    table
}

/// Row, column, and whether it heads its column.
type Place = (u16, u16, bool);

fn cells_of_rows(
    cells: Vec<Read>,
    place: impl Fn(&Read) -> Option<Place>,
) -> Vec<Vec<(Place, Read)>> {
    let mut rows: Vec<Vec<(Place, Read)>> = vec![];
    for cell in cells {
        let Some(at) = place(&cell) else { continue };
        match rows.last_mut() {
            Some(row) if row.first().is_some_and(|((first, ..), _)| *first == at.0) => {
                row.push((at, cell));
            }
            _ => rows.push(vec![(at, cell)]),
        }
    }
    rows
}
