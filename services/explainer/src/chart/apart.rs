//! Labels beside points, moved apart where they would meet.

/// Upper edges of labels that want to have their middle at a height, as near to it as they come, within
/// top and bottom as far as these are apart enough. Each is given as its middle and its own height, in the
/// order from above.
pub(super) fn apart(
    wanted: impl Iterator<Item = (i32, i32)> + Clone,
    (top, bottom): (i32, i32),
) -> Vec<i32> {
    let total: i32 = wanted.clone().map(|(_, height)| height).sum();
    // The lowest place that leaves room for all that follow.
    let mut lowest = (bottom - top - total).max(0) + top;
    let mut reached = top;
    wanted
        .map(|(middle, height)| {
            let at = (middle - height / 2).max(reached).min(lowest.max(reached));
            reached = at + height;
            lowest += height;
            at
        })
        .collect()
}
