//! How much of an interpretation is the policy's own wording (DOMAIN I2: 不能简单重复或简化文件).

use std::{
    collections::HashSet,
    hash::{BuildHasherDefault, Hasher},
};

use crate::document::is_letter;

/// Characters that two texts share in a row before it counts as the same wording. Names of bodies
/// and documents are shorter or stand alone.
const RUN: usize = 13;

/// The part of `interpretation` that stands in `policy` word for word, per mille of its characters.
/// Blanks and punctuation do not count.
pub(super) fn share_per_mille(policy: &str, interpretation: &str) -> usize {
    let [policy, letters] = [policy, interpretation].map(letters);
    let mut held: HashSet<u64, BuildHasherDefault<Rolled>> = HashSet::default();
    held.reserve(policy.len());
    held.extend(windows(&policy));
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

/// Takes a rolled number for its own hash: it is one.
#[derive(Default)]
struct Rolled(u64);

impl Hasher for Rolled {
    fn finish(&self) -> u64 {
        // Low bits of a polynomial know the last characters best; the table looks at both ends.
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 << 8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, rolled: u64) {
        self.0 = rolled;
    }
}

fn letters(text: &str) -> Vec<char> {
    text.chars().filter(|c| is_letter(*c)).collect()
}

/// A number for each [`RUN`] characters in a row: a polynomial that is rolled from one to the next. Two
/// that fall together by chance change a share by nothing that anybody sees.
fn windows(letters: &[char]) -> impl Iterator<Item = u64> {
    const BASE: u64 = 0x9E37_79B9_7F4A_7C15;
    let leading = (0..RUN).fold(1_u64, |power, _| power.wrapping_mul(BASE));
    let mut rolled = 0_u64;
    letters.iter().enumerate().filter_map(move |(index, letter)| {
        rolled = rolled.wrapping_mul(BASE).wrapping_add(u64::from(u32::from(*letter)));
        if let Some(left) = index.checked_sub(RUN).and_then(|left| letters.get(left)) {
            rolled = rolled.wrapping_sub(leading.wrapping_mul(u64::from(u32::from(*left))));
        }
        (index + 1 >= RUN).then_some(rolled)
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
