//! How much of an interpretation is the policy's own wording (DOMAIN I2: 不能简单重复或简化文件).

use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

/// Characters that two texts share in a row before it counts as the same wording. Names of bodies
/// and documents are shorter or stand alone.
const RUN: usize = 13;

/// The part of `interpretation` that stands in `policy` word for word, per mille of its characters.
/// Blanks and punctuation do not count.
pub(super) fn share_per_mille(policy: &str, interpretation: &str) -> usize {
    let held: HashSet<u64> = windows(&letters(policy)).collect();
    let letters = letters(interpretation);
    let mut covered_to = 0;
    let mut covered = 0;
    for (at, window) in windows(&letters).enumerate() {
        if held.contains(&window) {
            covered += (at + RUN) - covered_to.max(at);
            covered_to = at + RUN;
        }
    }
    covered * 1000 / letters.len().max(1)
}

fn letters(text: &str) -> Vec<char> {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn windows(letters: &[char]) -> impl Iterator<Item = u64> {
    letters.windows(RUN).map(|window| {
        let mut hasher = DefaultHasher::new();
        window.hash(&mut hasher);
        hasher.finish()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_wording_counts() {
        let policy = "年满六十周岁且具有本市户籍的老年人可以申领优待卡并享受门票减免";
        assert_eq!(share_per_mille(policy, policy), 1000);
        assert_eq!(share_per_mille(policy, "老年人门票可以减免，带上身份证就行"), 0);
        assert_eq!(share_per_mille(policy, ""), 0);
        let half = format!("{policy}以下是我们的说明和你要做的事情以及办理的地方");
        let share = share_per_mille(policy, &half);
        assert!((500..700).contains(&share), "{share}");
    }
}
