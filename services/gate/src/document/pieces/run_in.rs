//! Items of a list within one line: …：（一）甲；（二）乙；（三）丙。

use std::collections::HashMap;

use super::{
    super::mark::{self, Level, Mark},
    quoted::{self, is_within},
};

/// Where items begin within a line that `opening` opens: at least two of one rank, counting on from
/// the opening mark or from one, each behind the end of the one before. What is quoted opens nothing:
/// it is a clause of another text.
pub(super) fn find(line: &str, opening: Option<&Mark>) -> Vec<(usize, Mark)> {
    let mut found: Vec<(usize, Mark)> = vec![];
    // By rank: the last number, and whether it opens the line or is known to have a second.
    let mut last: HashMap<(u8, u8), u32> = HashMap::new();
    let mut firsts: HashMap<(u8, u8), (usize, Mark)> = HashMap::new();
    if let Some(mark) = opening.filter(|mark| is_item(mark)) {
        last.insert(mark.rank(), mark.number);
    }
    let quoted = quoted::ranges(line);
    let mut before = None;
    let begin = opening.map_or(0, |mark| mark.len);
    for (at, c) in line.char_indices() {
        let is_after_end = before.is_some_and(|c| matches!(c, '：' | ':' | '；' | ';' | '。'));
        if at >= begin
            && is_after_end
            && !c.is_whitespace()
            && !is_within(&quoted, at)
            && let Some(mark) = line.get(at..).and_then(mark::find).filter(is_item)
        {
            let rank = mark.rank();
            if mark.number == 1 {
                firsts.insert(rank, (at, mark));
                last.insert(rank, 1);
            } else if last.get(&rank) == Some(&(mark.number - 1)) {
                found.extend(firsts.remove(&rank));
                last.insert(rank, mark.number);
                found.push((at, mark));
            }
        }
        if !c.is_whitespace() {
            before = Some(c);
        }
    }
    found.sort_by_key(|(at, _)| *at);
    found
}

fn is_item(mark: &Mark) -> bool {
    matches!(mark.level, Level::Second | Level::Third | Level::Fourth | Level::Fifth)
}
