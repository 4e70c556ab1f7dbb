//! Words by which a sentence speaks of what was: 原标准, 此前. 原则上 and 老旧小区 do not.

/// Words of what was.
const FORMER: [&str; 7] = ["原", "旧", "此前", "以前", "以往", "修订前", "调整前"];

/// What stands behind 原 in words that are none of it.
const ORIGINAL: [char; 19] = [
    '则', '因', '件', '始', '籍', '产', '料', '材', '创', '文', '告', '理', '样', '油', '粮', '著',
    '址', '子', '生',
];
/// 3月31日以前, 2026年以前: a deadline.
const TIMES: [char; 6] = ['日', '号', '月', '年', '时', '点'];

/// Whether a text speaks of what was.
pub(super) fn speaks_of_former(text: &str) -> bool {
    FORMER.iter().any(|word| {
        text.match_indices(word).any(|(at, _)| {
            let before = text.get(..at).unwrap_or_default();
            let behind = text.get(at + word.len()..).unwrap_or_default();
            match *word {
                "原" => {
                    !behind.starts_with(ORIGINAL)
                        && !before.ends_with(['平', '高', '草', '中', '太', '还', '病'])
                }
                "旧" => {
                    !before.ends_with(['老', '废', '陈', '折', '破'])
                        && !behind.starts_with(['换', '城', '房', '区', '住', '楼', '小'])
                }
                "以前" => !before.trim_end().ends_with(TIMES),
                _ => true,
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_is_told_from_words_that_look_like_it() {
        for former in [
            "原标准为200元",
            "原来每人200元",
            "旧标准",
            "此前为200元",
            "修订前的办法",
            "以前是200元",
        ] {
            assert!(speaks_of_former(former), "{former}");
        }
        for now in [
            "原则上为200元",
            "提交身份证原件",
            "因故障等原因",
            "老旧小区改造补贴",
            "以旧换新补贴",
            "3月31日以前申请的",
            "平原新城",
        ] {
            assert!(!speaks_of_former(now), "{now}");
        }
    }
}
