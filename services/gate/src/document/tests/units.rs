//! Units: how lines become clauses.

use super::*;

/// These paragraphs in lines of thirty characters, as copying from a page leaves them.
fn wrap(paragraphs: &[&str]) -> String {
    let lines = paragraphs.iter().flat_map(|paragraph| {
        let chars: Vec<char> = paragraph.chars().collect();
        let lines = chars.chunks(30).map(|line| line.iter().chain(&['\n']).collect::<String>());
        lines.collect::<Vec<_>>()
    });
    lines.collect()
}

#[test]
fn lines_broken_for_their_width_are_one_paragraph() {
    let text = wrap(&[
        "第六条 申请人应当通过区政务服务平台提交下列材料，由所在街道受理，符合第五条第一款第（一）项、第（三）项或者\
         第八条规定情形的，还应当提交相关证明材料，材料不齐全的应当当场一次告知，逾期不告知的自收到之日起即为受理，\
         受理后二十日内作出决定并说明理由和救济途径，书面送达申请人和利害关系人。",
        "第七条 其他。",
    ]);
    assert_eq!(paths(&text), ["第六条", "第七条"]);
    // Short lines are what they are.
    let list = "一、单位\n牵头单位：区教育局\n配合单位：区财政局\n完成时限：2025年\n";
    assert_eq!(paths(list), ["一", "一/第1段", "一/第2段", "一/第3段"]);
    let heading = wrap(&[
        "一、关于进一步做好全区各级各类学校校园安全工作的若干要求和具体安排",
        "（一）各学校应当在每学期开学之前组织开展一次全面的校园安全自查，发现问题的应当立即整改并将情况报区教育局备\
         案，区教育局应当在十日内组织复查，复查不合格的应当责令限期整改并在全区范围内通报，同时抄送区市场监督管理局\
         和有关部门。",
    ]);
    let document = Document::read(&heading);
    let found: Vec<_> =
        document.units().iter().map(|unit| (unit.path.as_str(), unit.is_heading)).collect();
    assert_eq!(found, [("一", true), ("一/（一）", false)]);
}
