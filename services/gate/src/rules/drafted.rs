//! Drafted in sync (TS1xx): policy and interpretation are members of one revision, and the one was
//! drafted for exactly the other's text (嘉定区教育局2020年政务公开工作要点, point 4: 同步起草).

use std::collections::{BTreeMap, BTreeSet};

use lockstep_proto::{
    edition::Slot,
    finding::Finding,
    manifest::{Attribute, BundleKind, Companion, Member, Role},
    time::Timestamp,
};

use crate::{
    codes::{self, At as _},
    pair::is_filler,
    verdict::Facts,
};

/// TS111: supplements and drafts for comment have no release rules yet.
pub fn kind_is_supported(facts: &Facts<'_>, _: Timestamp) -> Vec<Finding> {
    match facts.manifest.kind {
        BundleKind::Issue => vec![],
        BundleKind::Supplement { .. } => vec![codes::KIND.about("补充解读 supplement")],
        BundleKind::DraftForComment { .. } => {
            vec![codes::KIND.about("征求意见稿 draft_for_comment")]
        }
    }
}

/// TS112: one responsible unit at least (沪府办发〔2016〕9号, Art. 2: the drafting unit answers for
/// the interpretation), and someone who drafted.
pub fn title_drafters_and_agencies_are_named(facts: &Facts<'_>, _: Timestamp) -> Vec<Finding> {
    let manifest = facts.manifest;
    let agencies = &manifest.agencies;
    let blank = |text: &String| text.trim().is_empty();
    let lists = [&agencies.drafting, &agencies.issuing];
    let lacking: Vec<&str> = [
        ("标题 title", blank(&manifest.metadata.title)),
        ("拟稿人 drafters", manifest.drafters.is_empty()),
        ("起草部门 agencies.drafting", lists[0].is_empty() || lists[0].iter().any(blank)),
        ("发文机关 agencies.issuing", lists[1].is_empty() || lists[1].iter().any(blank)),
        ("发布单位 agencies.publishing", blank(&agencies.publishing)),
    ]
    .into_iter()
    .filter(|(_, lacks)| *lacks)
    .map(|(field, _)| field)
    .collect();
    if lacking.is_empty() { vec![] } else { vec![codes::AGENCIES.about(lacking.join("、"))] }
}

/// TS116: whoever is declared a drafter is somebody. A slip in an id would let the person sign.
pub fn drafters_are_recorded(facts: &Facts<'_>, _: Timestamp) -> Vec<Finding> {
    // Whoever checks a bundle on their own knows nobody.
    if facts.directory.persons().next().is_none() {
        return vec![];
    }
    let drafters = facts.manifest.drafters.iter();
    drafters
        .filter(|drafter| facts.directory.find_person(drafter).is_none())
        .map(|drafter| codes::UNKNOWN_DRAFTER.about(drafter))
        .collect()
}

/// TS101, TS102: an interpretation of one's own stands beside the policy.
pub fn companion_is_own_interpretation(facts: &Facts<'_>, _: Timestamp) -> Vec<Finding> {
    let mut findings = vec![];
    match facts.manifest.companion {
        Companion::Own => {}
        Companion::Upstream { .. } => findings.push(codes::COMPANION.about("上级解读 upstream")),
        Companion::Exempt { .. } => findings.push(codes::COMPANION.about("免予解读 exempt")),
    }
    if facts.manifest.members_of(Role::Interpretation).next().is_none() {
        findings.push(codes::NO_INTERPRETATION.finding());
    }
    findings
}

/// TS103: the plan states purpose, scope, procedure and form; 无 and 略 state nothing.
pub fn plan_is_complete(facts: &Facts<'_>, _: Timestamp) -> Vec<Finding> {
    let plan = &facts.manifest.metadata.plan;
    [
        ("解读目的 purpose", &plan.purpose),
        ("解读范围 scope", &plan.scope),
        ("解读程序 procedure", &plan.procedure),
        ("解读形式 form", &plan.form),
    ]
    .into_iter()
    .filter(|(_, text)| is_filler(text))
    .map(|(field, _)| codes::PLAN.about(field))
    .collect()
}

/// TS104, TS105: the interpretation names the digest of the policy core it explains.
pub fn interpretation_explains_this_policy(facts: &Facts<'_>, _: Timestamp) -> Vec<Finding> {
    let pairing = &facts.manifest.pairing;
    match &pairing.explains {
        None => vec![codes::UNCONFIRMED.finding()],
        Some(explains) if *explains != pairing.policy => {
            vec![codes::STALE.about(format_args!(
                "{} ≠ {}",
                explains.short(),
                pairing.policy.short()
            ))]
        }
        Some(_) => vec![],
    }
}

/// TS109: what is released is 主动公开, on a stated ground (政府信息公开条例, Art. 13, 20).
pub fn disclosure_allows_release(facts: &Facts<'_>, _: Timestamp) -> Vec<Finding> {
    let disclosure = &facts.manifest.metadata.disclosure;
    let mut findings = vec![];
    match disclosure.attribute {
        Attribute::Proactive => {}
        Attribute::OnRequest => findings.push(codes::DISCLOSURE.about("依申请公开 on_request")),
        Attribute::Withheld => findings.push(codes::DISCLOSURE.about("不予公开 withheld")),
    }
    if is_filler(&disclosure.ground) {
        findings.push(codes::DISCLOSURE.about("公开依据 ground"));
    } else if !names_rule(&disclosure.ground) {
        let about = format!(
            "公开依据没有写明是哪部法规的哪一条 the ground names no rule：{}",
            disclosure.ground
        );
        findings.push(codes::DISCLOSURE.about(about).into_warning().advising(
            "写明法规或文件的名称和条款，如 ground = \"《中华人民共和国政府信息公开条例》第二十条\"".to_owned(),
            "name the rule and its article, such as ground = \"《中华人民共和国政府信息公开条例》第二十条\"".to_owned(),
        ));
    }
    findings
}

/// Whether a ground names a rule: 《…》, 第二十条, a kind of rules; not 按有关规定, 依法公开.
fn names_rule(ground: &str) -> bool {
    const NAMELESS: [&str; 10] = [
        "有关规定",
        "相关规定",
        "上级规定",
        "按规定",
        "照规定",
        "有关法律法规",
        "相关法律法规",
        "依法",
        "法定",
        "法律法规",
    ];
    const RULES: [&str; 20] = [
        "《", "〔", "条", "款", "法", "规定", "办法", "细则", "令", "号", "意见", "通知", "目录",
        "指引", "规范", "标准", "制度", "要点", "规则", "方案",
    ];
    let named = NAMELESS.iter().fold(ground.to_owned(), |rest, words| rest.replace(words, ""));
    RULES.iter().any(|rule| named.contains(rule))
}

/// TS110: a value is known, or its slot is open, never both.
pub fn slots_are_open_or_known(facts: &Facts<'_>, _: Timestamp) -> Vec<Finding> {
    let metadata = &facts.manifest.metadata;
    let known = |slot| match slot {
        Slot::Number => &metadata.number,
        Slot::WrittenOn => &metadata.written_on,
        Slot::PrintedOn => &metadata.printed_on,
        Slot::IndexNumber => &metadata.index_number,
    };
    let distinct: BTreeSet<_> = metadata.slots.iter().collect();
    let mut findings: Vec<_> = distinct
        .iter()
        .filter(|slot| known(***slot).is_some())
        .map(|slot| {
            let why = format!(
                "{0} 已在 bundle.toml 中写明，又列入 slots：只留其一 is stated and left open: do one",
                slot.mark()
            );
            codes::SLOT.about(why)
        })
        .collect();
    if distinct.len() != metadata.slots.len() {
        findings.push(codes::SLOT.about("slots 中有重复 repeated in slots"));
    }
    findings
}

/// TS115: readers quote a document by its number; some have none.
pub fn number_is_open_or_known(facts: &Facts<'_>, _: Timestamp) -> Vec<Finding> {
    let metadata = &facts.manifest.metadata;
    let is_known = metadata.number.as_ref().is_some_and(|number| !number.trim().is_empty());
    if is_known || metadata.slots.contains(&Slot::Number) {
        vec![]
    } else {
        vec![codes::NO_NUMBER.finding()]
    }
}

/// TS113: one policy, at most one interpretation, the pairing's policy is the member, paths are
/// unique also without regard to case, every chart has its data.
pub fn manifest_is_consistent(facts: &Facts<'_>, _: Timestamp) -> Vec<Finding> {
    let manifest = facts.manifest;
    let mut findings = vec![];
    let policies: Vec<_> = manifest.members_of(Role::Policy).collect();
    if !matches!(policies.as_slice(), [policy] if policy.digest == manifest.pairing.policy) {
        let paths = paths_of(policies);
        findings.push(codes::MANIFEST.about(format_args!("政策文件 policy：{paths}")));
    }
    let interpretations: Vec<_> = manifest.members_of(Role::Interpretation).collect();
    if interpretations.len() > 1 {
        let paths = paths_of(interpretations);
        findings.push(codes::MANIFEST.about(format_args!("政策解读 interpretation：{paths}")));
    }
    let folded: BTreeSet<_> =
        manifest.members.iter().map(|member| member.path.to_lowercase()).collect();
    if folded.len() != manifest.members.len()
        || !manifest.members.is_sorted_by(|a, b| a.path < b.path)
    {
        findings
            .push(codes::MANIFEST.about("成员路径重复或未排序 members repeat or are not in order"));
    }
    let has_data = |path: &String| manifest.members_of(Role::Data).any(|data| data.path == *path);
    let mut ids = BTreeSet::new();
    for chart in &manifest.charts {
        let id = chart.id.as_str();
        if !ids.insert(id) {
            let detail = format!("图表 chart {id}：编号重复 the id repeats");
            findings.push(codes::MANIFEST.about(detail));
        }
        if !has_data(&chart.data) {
            let detail = format!("图表 chart {id}：没有数据 no data {}", chart.data);
            findings.push(codes::MANIFEST.about(detail));
        }
    }
    findings
}

fn paths_of(members: Vec<&Member>) -> String {
    let paths: Vec<&str> = members.into_iter().map(|member| member.path.as_str()).collect();
    if paths.is_empty() { "没有 none".to_owned() } else { paths.join("、") }
}

/// TS106 to TS108: set equality of the manifest's members and what is really there.
pub fn members_are_what_the_manifest_lists(facts: &Facts<'_>, _: Timestamp) -> Vec<Finding> {
    let listed: BTreeMap<_, _> =
        facts.manifest.members.iter().map(|member| (&member.path, &member.digest)).collect();
    let lacking = listed.iter().filter_map(|(path, digest)| match facts.held.get(*path) {
        None => Some(codes::MEMBER_MISSING.about(path).in_member(path)),
        Some(held) if held != *digest => Some(codes::MEMBER_ALTERED.about(path).in_member(path)),
        Some(_) => None,
    });
    let extra = facts
        .held
        .keys()
        .filter(|path| !listed.contains_key(path))
        .map(|path| codes::MEMBER_EXTRA.about(path).in_member(path));
    lacking.chain(extra).collect()
}

/// TS106: sealed manifests hold both fragments and every chart: what is seen is what is signed. Pictures of
/// the charts are there for all of them or for none, and of the interpretation there is one of each kind at most:
/// what was sealed before there were any is released as it was signed.
pub fn rendered_members_are_complete(facts: &Facts<'_>, _: Timestamp) -> Vec<Finding> {
    let manifest = facts.manifest;
    let charts = manifest.charts.len();
    [
        ("政策页面 policy_fragment", Role::PolicyFragment, 1..=1),
        ("解读页面 interpretation_fragment", Role::InterpretationFragment, 1..=1),
        ("图表 chart", Role::Chart, charts..=charts),
        ("图表图片 chart_picture", Role::ChartPicture, charts..=charts),
        ("长图 long_picture", Role::LongPicture, 0..=1),
        ("宣传手册 brochure", Role::Brochure, 0..=1),
    ]
    .into_iter()
    .filter(|(_, role, expected)| {
        let count = manifest.members_of(*role).count();
        let is_before_pictures = *role == Role::ChartPicture && count == 0;
        !is_before_pictures && !expected.contains(&count)
    })
    .map(|(name, ..)| codes::MEMBER_MISSING.about(name))
    .collect()
}
