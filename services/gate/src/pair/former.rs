//! Words by which a sentence speaks of what was (原标准, 此前; 原则上 and 老旧小区 do not), of another's or another
//! time's, or only supposes it: the one place where they stand.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::document::SELF_NAMES;

/// Words of what was.
const FORMER: [&str; 7] = ["原", "旧", "此前", "以前", "以往", "修订前", "调整前"];

/// What stands behind 原 in words that are none of it.
const ORIGINAL: [char; 23] = [
    '则', '因', '件', '始', '籍', '产', '料', '材', '创', '文', '告', '理', '样', '油', '粮', '著',
    '址', '子', '生', '单', '岗', '户', '住',
];

/// What one had before stands behind 原, and is no former rule: 向原发证机关申请.
const HOLDERS: [&str; 16] = [
    "发证",
    "登记机关",
    "登记机构",
    "注册地",
    "审批机关",
    "许可机关",
    "用人单位",
    "工作单位",
    "残疾人证",
    "身份证",
    "证书",
    "证件",
    "就读学校",
    "参保地",
    "承包",
    "承租",
];
/// Goods that are handed in stand behind 旧: 交回旧家电.
const GOODS: [&str; 14] = [
    "机动车",
    "家电",
    "家具",
    "电器",
    "电池",
    "电脑",
    "冰箱",
    "空调",
    "手机",
    "农机",
    "设备",
    "衣",
    "门窗",
    "管网",
];

/// Words of a change right behind which stands what is new: 提高到350元.
pub(super) const REACHED: [&str; 37] = [
    "提高到",
    "提高至",
    "提高为",
    "提升到",
    "提升至",
    "提至",
    "增加到",
    "增加至",
    "增加为",
    "增至",
    "降低到",
    "降低至",
    "降低为",
    "降至",
    "减少到",
    "减少至",
    "减至",
    "放宽到",
    "放宽至",
    "放宽为",
    "压缩到",
    "压缩至",
    "压缩为",
    "缩短到",
    "缩短至",
    "缩短为",
    "延长到",
    "延长至",
    "延长为",
    "扩大到",
    "扩大至",
    "调整到",
    "调整至",
    "调整为",
    "改为",
    "上调至",
    "下调至",
];
/// Other words in whose clause stands what is new: 现在补贴350元.
const NEW: [&str; 9] =
    ["现在", "如今", "新政策", "新标准", "新规定", "新办法", "本次", "此次", "这次"];
/// Words of a clause that says that what was has been changed, or compares it: what follows it is new.
const CHANGED: [&str; 15] = [
    "完善",
    "修订",
    "修改",
    "优化",
    "细化",
    "作了调整",
    "相比",
    "不同",
    "没有规定",
    "未作规定",
    "更加明确",
    "有所提高",
    "有所降低",
    "偏低",
    "偏高",
];
/// 3月31日以前, 2026年以前: a deadline.
const TIMES: [char; 9] = ['日', '号', '月', '年', '时', '点', '底', '末', '初'];

/// Words of another time, another's or a mere example: what is said so is none of the policy's.
const OTHERS: [&str; 19] = [
    "之前",
    "上年",
    "去年",
    "曾",
    "过去",
    "上一",
    "同比",
    "目前",
    "现行",
    "例如",
    "比如",
    "征求意见",
    "建议",
    "如果",
    "外省",
    "外地",
    "合计",
    "折合",
    "全年",
];

/// Words of a comparison, a supposition, an opinion or an earlier draft: what is said so may be the policy's.
const DOUBTS: [&str; 90] = [
    "送审稿中",
    "送审稿为",
    "送审稿提出",
    "送审稿规定",
    "网民认为",
    "网民提出",
    "网民反映",
    "网民建议",
    "网友认为",
    "网友提出",
    "网友反映",
    "网友建议",
    "上浮后",
    "下浮后",
    "医保不同",
    "政策不同",
    "规定不同",
    "平均：",
    "平均，",
    "不属于本",
    "不再执行",
    "不再实行",
    "不再按",
    "邻近",
    "条件成熟",
    "拟研究",
    "拟调整",
    "下一步",
    "错误",
    "误区",
    "谣言",
    "传闻",
    "听说",
    "相比",
    "相较",
    "较之",
    "对比",
    "比较",
    "参照",
    "其他区",
    "其他市",
    "其他省",
    "外区",
    "外市",
    "周边",
    "兄弟省",
    "邻省",
    "邻市",
    "邻区",
    "全国",
    "国家规定",
    "假设",
    "假如",
    "倘若",
    "若是",
    "举例",
    "以为",
    "误认",
    "误传",
    "网传",
    "传言",
    "有人",
    "有的地方",
    "有些地方",
    "草案",
    "初稿",
    "讨论稿",
    "出台前",
    "实施前",
    "施行前",
    "执行前",
    "改革前",
    "修改前",
    "试点",
    "往年",
    "历年",
    "最初",
    "起初",
    "同时符合",
    "叠加",
    "反映",
    "调研",
    "听证",
    "座谈",
    "起草时",
    "起草过程",
    "国家标准",
    "行业标准",
    "建议稿",
    "原文件",
];

/// Words of a label, a heading or a lead sentence under which former rules, or what was achieved, are told.
const FORMER_RULES: [&str; 34] = [
    "实施之初",
    "建立之初",
    "试点之初",
    "老标准",
    "老文件规定",
    "老办法规定",
    "老政策规定",
    "老文件中",
    "老办法中",
    "老政策中",
    "老文件的",
    "老办法的",
    "老政策的",
    "废止的文件",
    "废止的办法",
    "废止的政策",
    "过去",
    "在此之前",
    "这之前",
    "修改前",
    "改革前",
    "实施前",
    "出台前",
    "上一轮",
    "完成情况",
    "进展情况",
    "成绩显著",
    "取得的成绩",
    "主要成绩",
    "成效显著",
    "工作成效",
    "主要成效",
    "工作基础",
    "前期工作",
];
/// Words of one under which is told what some believe or wish.
const BELIEFS: [&str; 15] = [
    "误读",
    "误区",
    "误解",
    "误传",
    "谣言",
    "传言",
    "传闻",
    "网传",
    "错误说法",
    "错误理解",
    "公众意见",
    "网民意见",
    "群众意见",
    "征求意见",
    "意见建议",
];
/// Words that turn back to what holds: what follows is the policy's.
const TURNS: [&str; 50] = [
    "解读：",
    "解答：",
    "回应：",
    "提示：",
    "澄清",
    "辟谣",
    "核实",
    "答复",
    "采纳后",
    "走出",
    "意见后",
    "粉碎",
    "现在",
    "如今",
    "今后",
    "现行标准",
    "现规定",
    "调整后",
    "修改后",
    "修订后",
    "改革后",
    "优化后",
    "新标准",
    "新办法",
    "新政策",
    "新规",
    "新政",
    "新版",
    "本次",
    "此次",
    "这次",
    "我市",
    "我区",
    "我县",
    "我省",
    "本市",
    "本区",
    "本县",
    "本省",
    "全市",
    "全区",
    "全县",
    "全省",
    "事实",
    "真相",
    "正解",
    "正确",
    "其实",
    "实际上",
    "答：",
];
/// Words of a heading or sentence that compares both: neither is meant.
pub(super) const COMPARED: [&str; 7] = ["相比", "对比", "比较", "新旧", "变化", "区别", "不同"];
/// Words of a sentence that tells how a rule came or ended, or what was wrong with it: the next need not tell of it.
const OVER: [&str; 26] = [
    "到期",
    "届满",
    "期满",
    "废止",
    "失效",
    "停止",
    "不再",
    "修订",
    "修改",
    "完善",
    "调整",
    "问题",
    "不足",
    "需要",
    "难以",
    "不适应",
    "印发",
    "出台",
    "发布",
    "公布",
    "制定",
    "起草",
    "启动",
    "反映",
    "偏低",
    "偏高",
];

/// Whether a label, a heading or a lead says that former rules, or what was achieved, are told; `theirs`, the policy's
/// clause, does not.
pub(super) fn is_of_former_rules(words: &str, theirs: &str) -> bool {
    /// 提标前后 and 提标前已享受的 are of what holds.
    const RAISES: [&str; 3] = ["提标前", "调标前", "调价前"];
    let clauses = || words.split(['，', ',', '：', ':']);
    let is_before = |raise: &str| clauses().any(|clause| clause.trim_end().ends_with(raise));
    (speaks_of_former(words) && !speaks_of_former(theirs))
        || RAISES.iter().any(|raise| is_before(raise))
        || have_besides(among(&FORMER_RULES, words), theirs)
}

/// Whether it says that what follows is only believed or wished.
pub(super) fn is_of_belief(words: &str) -> bool {
    BELIEFS.iter().any(|word| words.contains(word))
}

/// Whether words turn back to what holds: 现在, 调整后, 本办法.
pub(super) fn turns_back(words: &str) -> bool {
    // 我市原标准, 本次调整前 and 不正确的说法 do not.
    let is_turned = |clause: &str| {
        let turns = |word: &str| {
            let mut places = clause.match_indices(word);
            places.any(|(at, _)| !clause.get(..at).is_some_and(|before| before.ends_with('不')))
        };
        TURNS.iter().any(|word| turns(word))
            && !speaks_of_former(clause)
            && !FORMER_RULES.iter().any(|word| clause.contains(word))
    };
    words.split(['，', ',', '。', '；', ';']).any(is_turned)
        || words.match_indices('本').any(|(at, sign)| {
            let behind = words.get(at + sign.len()..).unwrap_or_default();
            SELF_NAMES.iter().any(|name| behind.starts_with(name))
        })
}

/// Whether a sentence only tells how a rule came or ended.
pub(super) fn is_over(sentence: &str) -> bool {
    OVER.iter().any(|word| sentence.contains(word))
}

/// What of a sentence up to a figure says what the figure is: where it tells of a change, the new part alone.
pub(super) fn of_new(lead: &str) -> &str {
    let Some((before, clause)) = lead.rsplit_once(['，', ',']) else { return lead };
    // 过去…，现在，…
    let last = before.rsplit(['，', ',']).next().unwrap_or_default().trim();
    let is_new = REACHED.iter().chain(&NEW).any(|word| clause.contains(word))
        || NEW.contains(&last)
        || (speaks_of_former(before) && CHANGED.iter().any(|word| before.ends_with(word)));
    if is_new { clause } else { lead }
}

/// Whether a text speaks of what was.
pub(super) fn speaks_of_former(text: &str) -> bool {
    FORMER.iter().any(|word| {
        text.match_indices(word).any(|(at, _)| {
            let before = text.get(..at).unwrap_or_default();
            let behind = text.get(at + word.len()..).unwrap_or_default();
            match *word {
                "原" => {
                    !behind.starts_with(ORIGINAL)
                        && !HOLDERS.iter().any(|holder| behind.starts_with(holder))
                        && !before.ends_with(['平', '高', '草', '中', '太', '还', '病'])
                }
                "旧" => {
                    !before.ends_with(['老', '废', '陈', '折', '破'])
                        && !behind
                            .starts_with(['换', '城', '房', '区', '住', '楼', '小', '车', '物'])
                        && !GOODS.iter().any(|goods| behind.starts_with(goods))
                }
                // 2020年8月31日（含）以前
                "以前" => {
                    let bare = ["（含）", "(含)", "（含当天）", "（含当日）"].iter();
                    let bare = bare.clone().find_map(|mark| before.strip_suffix(mark));
                    !bare.unwrap_or(before).trim_end().ends_with(TIMES)
                }
                _ => true,
            }
        })
    })
}

/// Whether it speaks of what was, or of another's.
pub(super) fn speaks_of_other(text: &str) -> bool {
    speaks_of_other_than(text, "")
}

/// The same beside what the policy says: of 上年度营业收入 both may speak.
pub(super) fn speaks_of_other_than(text: &str, theirs: &str) -> bool {
    speaks_of_former(text) || have_besides(among(&OTHERS, text), theirs)
}

/// Whether it perhaps speaks of another's, or only supposes something.
pub(super) fn speaks_in_doubt(text: &str) -> bool {
    speaks_in_doubt_beside(text, "")
}

/// The same beside what the policy says.
pub(super) fn speaks_in_doubt_beside(text: &str, theirs: &str) -> bool {
    let found = DOUBTS_FINDER.iter().flat_map(|finder| finder.find_overlapping_iter(text));
    let words = found.filter_map(|found| DOUBTS.get(found.pattern().as_usize()).copied());
    have_besides(words, theirs)
}

/// All at once: there are many, and they are looked for in many sentences.
static DOUBTS_FINDER: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::new(DOUBTS).ok());

/// Those of these words that a text has.
fn among<'w>(words: &'w [&'w str], text: &str) -> impl Iterator<Item = &'w str> {
    words.iter().copied().filter(move |word| text.contains(word))
}

/// Whether among these words is one that the policy's text has not, in its own or a like form.
fn have_besides<'w>(mut words: impl Iterator<Item = &'w str>, theirs: &str) -> bool {
    const ALIKE: [&str; 3] = ["上年", "上一", "去年"];
    let is_theirs = |word: &str| {
        let are_alike = ALIKE.contains(&word) && ALIKE.iter().any(|like| theirs.contains(like));
        theirs.contains(word) || are_alike
    };
    words.any(|word| !is_theirs(word))
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
            "2020年8月31日（含）以前出生",
            "2000年底以前建成",
            "平原新城",
            "向原发证机关申请",
            "交回旧家电",
            "旧机动车报废",
        ] {
            assert!(!speaks_of_former(now), "{now}");
        }
    }
}
