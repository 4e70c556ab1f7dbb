//! What the policy ends and the interpretation lets go on, or the other way round: 同时废止 and 继续有效, 逾期不予受理 and
//! 逾期可以补办, 除外 and 也可以申请, 免征 and 应缴纳, 不受限制 and 同样受限制, 不含 and 包含. Words alone cannot be sure of what is meant: it warns.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use foldhash::HashSet;

use super::{
    duties::Said,
    exceptions::pairs,
    former::speaks_in_doubt,
    texts::{Said as Text, Texts},
};
use crate::document::{first_chars, sentence_before};

/// What a word says of a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    Ends,
    GoesOn,
    /// 逾期不予
    TooLate,
    /// 逾期可以
    LateToo,
    /// 除外
    LeftOut,
    /// 也可以
    TakenIn,
    /// 免征
    Free,
    /// 应缴纳
    Pays,
    /// 不受…限制
    Unbound,
    /// 同样受…限制
    Bound,
    /// 不含
    Without,
    /// 包含
    With,
}

use Status::{
    Bound, Ends, Free, GoesOn, LateToo, LeftOut, Pays, TakenIn, TooLate, Unbound, With, Without,
};

impl Status {
    fn opposite(self) -> Self {
        match self {
            Ends => GoesOn,
            GoesOn => Ends,
            TooLate => LateToo,
            LateToo => TooLate,
            LeftOut => TakenIn,
            TakenIn => LeftOut,
            Free => Pays,
            Pays => Free,
            Unbound => Bound,
            Bound => Unbound,
            Without => With,
            With => Without,
        }
    }
}

const WORDS: [(&str, Status); 77] = [
    ("废止", Ends),
    ("停止执行", Ends),
    ("停止使用", Ends),
    ("停止施行", Ends),
    ("失效", Ends),
    ("不再", Ends),
    ("继续有效", GoesOn),
    ("仍然有效", GoesOn),
    ("仍有效", GoesOn),
    ("继续执行", GoesOn),
    ("继续使用", GoesOn),
    ("继续实行", GoesOn),
    ("继续施行", GoesOn),
    ("继续收取", GoesOn),
    ("继续适用", GoesOn),
    ("仍按", GoesOn),
    ("仍可", GoesOn),
    ("仍然可", GoesOn),
    ("仍需", GoesOn),
    ("仍要", GoesOn),
    ("照旧", GoesOn),
    ("逾期不", TooLate),
    ("逾期一律不", TooLate),
    ("逾期将不", TooLate),
    ("逾期视为", TooLate),
    ("逾期未", TooLate),
    ("逾期的不", TooLate),
    ("逾期的，不", TooLate),
    ("逾期可", LateToo),
    ("逾期也可", LateToo),
    ("逾期也能", LateToo),
    ("逾期仍", LateToo),
    ("逾期还可", LateToo),
    ("逾期后可", LateToo),
    ("逾期的可", LateToo),
    ("逾期的，可", LateToo),
    ("除外", LeftOut),
    ("不在此列", LeftOut),
    ("也可申请", TakenIn),
    ("也可以申请", TakenIn),
    ("也能申请", TakenIn),
    ("同样适用", TakenIn),
    ("也适用", TakenIn),
    ("也可申领", TakenIn),
    ("也可以申领", TakenIn),
    ("也能申领", TakenIn),
    ("免征", Free),
    ("免收", Free),
    ("免缴", Free),
    ("免交", Free),
    ("免予缴纳", Free),
    ("免予征收", Free),
    ("无需缴纳", Free),
    ("不用缴纳", Free),
    ("应缴纳", Pays),
    ("应当缴纳", Pays),
    ("需缴纳", Pays),
    ("需要缴纳", Pays),
    ("须缴纳", Pays),
    ("要缴纳", Pays),
    ("照常缴纳", Pays),
    ("照常收取", Pays),
    ("不受", Unbound),
    ("同样受", Bound),
    ("仍受", Bound),
    ("也受", Bound),
    ("也要受", Bound),
    ("均受", Bound),
    ("不含", Without),
    ("不包含", Without),
    ("不包括", Without),
    ("不计入", Without),
    ("（含", With),
    ("包含", With),
    ("包括", With),
    ("含有", With),
    ("一并计入", With),
];

static FINDER: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::new(WORDS.iter().map(|(word, _)| word)).ok());

/// What leaves open what becomes of those who are late.
const NOT_YET: &str = "逾期未";

/// 逾期未申请的，可以补办, and not 逾期未申请的，不予补办
fn lets(sentence: &str) -> bool {
    let late = sentence.split_once(NOT_YET).map_or("", |(_, late)| late);
    let then = late.split_once(['，', ',']).map_or("", |(_, then)| then);
    then.contains('可') && !then.contains('不')
}

/// Words of another turn.
const AGAIN: [&str; 6] = ["重新", "再次", "再申", "下一", "下年", "次年"];

/// Words of a time between, or of another.
const UNSURE: [&str; 8] = ["之前", "以前", "目前", "现行", "如果", "过渡", "期间", "届满"];

/// Characters before 除外 that say whom.
const NAME_MAX: usize = 40;
/// Characters behind 不含 that say what.
const OBJECT_MAX: usize = 16;
/// What ends it.
const STOPS: [char; 10] = ['，', ',', '。', '；', ';', '（', '）', '(', ')', '\n'];
/// Sentences of a text with such words that are looked at.
const SENTENCES_MAX: usize = 40;
/// Pairs of letters that two sentences about one thing share at least.
const SHARED_MIN: usize = 2;

/// One sentence with such a word.
struct Sentence {
    status: Status,
    word: Said,
    pairs: HashSet<(char, char)>,
    /// What is taken in or left out, of those that say so: 津贴 of 不含津贴.
    object: HashSet<(char, char)>,
    /// Whether it says the same of its thing whatever else it says.
    is_plain: bool,
}

/// The interpretation's words that let go on what the policy ends, or end what it lets go on, with those.
pub(super) fn find_opposed(texts: &Texts<'_>) -> Vec<(Said, Said)> {
    let mut ours = sentences(&texts.interpretation);
    ours.retain(|sentence| sentence.is_plain);
    // Of the policy, which is longer, only what is asked for.
    let theirs = if ours.is_empty() { vec![] } else { sentences(&texts.policy) };
    let opposed = ours.iter().filter_map(|sentence| {
        let mut alike = theirs.iter().filter(|other| are_alike(sentence, other));
        let mut same = alike.clone();
        let rival = alike.find(|other| other.status == sentence.status.opposite())?;
        let is_said = same.any(|other| other.status == sentence.status);
        (!is_said).then_some((sentence.word, rival.word))
    });
    opposed.collect()
}

/// Whether two are about one thing; coming too late is one thing wherever it is said.
fn are_alike(one: &Sentence, other: &Sentence) -> bool {
    let is_late = |status| matches!(status, TooLate | LateToo);
    let shared = one.pairs.intersection(&other.pairs).count();
    let least = one.pairs.len().min(other.pairs.len());
    // 工资总额不含津贴 is denied by 工资总额包含奖金和津贴, and not by 工资总额包含奖金.
    let takes = |status| matches!(status, With | Without);
    if takes(one.status) && takes(other.status) {
        let is_without = one.status == Without;
        let (short, long) = if is_without { (one, other) } else { (other, one) };
        let (short, long) = (&short.object, &long.object);
        let rest = shared.saturating_sub(short.len());
        return !short.is_empty() && short.is_subset(long) && rest >= SHARED_MIN;
    }
    match (is_late(one.status), is_late(other.status)) {
        (true, true) => true,
        // Items are longer than what is said of them: 公务员及参照公务员法管理的机关工作人员.
        (false, false) if matches!(one.status, LeftOut | TakenIn) => {
            shared >= SHARED_MIN && shared * 3 >= least
        }
        (false, false) => shared >= SHARED_MIN && shared * 2 >= least,
        _ => false,
    }
}

fn sentences(said: &Text<'_>) -> Vec<Sentence> {
    let text = said.document.text();
    let words = FINDER.iter().flat_map(|finder| finder.find_iter(text));
    let found = words.filter_map(|found| {
        let (word, status) = *WORDS.get(found.pattern().as_usize())?;
        let sentence = said.sentence_at(found.start())?;
        let whole = said.around(sentence, found.start());
        let status = if word == NOT_YET && lets(whole) { LateToo } else { status };
        // 仍可 of 逾期仍可 is none besides.
        let besides = whole.replace(word, "");
        let others = WORDS.iter().filter(|(other, _)| *other != word && besides.contains(other));
        let is_plain = !sentence.is_question
            && !speaks_in_doubt(whole)
            && !UNSURE.iter().any(|word| whole.contains(word))
            && others.map(|(_, status)| *status).all(|other| other == status);
        // 逾期未 alone would be shown against itself.
        let shown = match status {
            LateToo if word == NOT_YET => "逾期可以",
            TooLate if word == NOT_YET => "逾期不予",
            Ends | GoesOn | TooLate | LateToo | LeftOut | TakenIn | Free | Pays | Unbound
            | Bound | Without | With => word,
        };
        let behind = text.get(found.end()..).unwrap_or_default();
        let object = first_chars(behind, OBJECT_MAX).split(STOPS).next().map(pairs);
        let object = object.filter(|_| matches!(status, With | Without)).unwrap_or_default();
        // （不含本数） turns a bound round, and is told as such.
        if matches!(status, With | Without) && behind.starts_with("本数") {
            return None;
        }
        // 不受理, 不受影响
        if matches!(status, Unbound | Bound) && !first_chars(behind, OBJECT_MAX).contains("限") {
            return None;
        }
        // 逾期视为放弃，可在下一年再申请: what is too late may be in time next.
        if status == LateToo && AGAIN.iter().any(|word| whole.contains(word)) {
            return None;
        }
        let word = Said { word: shown, offset: found.start() };
        // Whom it leaves out stands right before it.
        let about = match status {
            LeftOut | TakenIn => sentence_before(text, found.start(), NAME_MAX)
                .rsplit(['，', ',', '（', '('])
                .next()
                .map(pairs),
            Ends | GoesOn | TooLate | LateToo | Free | Pays | Unbound | Bound | Without | With => {
                Some(pairs(&whole.replace(word.word, "")))
            }
        };
        Some(Sentence { status, word, pairs: about?, object, is_plain })
    });
    found.take(SENTENCES_MAX).chain(items_left_out(said).take(SENTENCES_MAX)).collect()
}

/// The items of a list that is forbidden: 有下列情形之一的，不得申领：（一）公务员….
fn items_left_out(said: &Text<'_>) -> impl Iterator<Item = Sentence> {
    const DENIED: [&str; 4] = ["不得", "不予", "不能", "不享受"];
    let document = said.document;
    let mut denied: HashSet<&str> = HashSet::default();
    document.units().iter().filter_map(move |unit| {
        let text = document.text_of(unit).trim();
        if text.ends_with(['：', ':']) && DENIED.iter().any(|word| text.contains(word)) {
            denied.insert(&unit.path);
        }
        let (above, _) = unit.path.rsplit_once('/')?;
        denied.contains(above).then(|| Sentence {
            status: LeftOut,
            word: Said { word: "不得", offset: unit.start },
            pairs: pairs(text),
            object: HashSet::default(),
            is_plain: true,
        })
    })
}
