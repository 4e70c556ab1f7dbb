//! No false passes: a good bundle, broken in one way at a time, gives exactly the finding that names it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::semicolon_if_nothing_returned, reason = "each mutation is one line of a table")]

use lockstep_gate::{
    bundle::{self, Files, Rules, Submission, Unfit},
    people::Directory,
    verdict::{Facts, Intake, decide},
};
use lockstep_proto::{
    digest::Digest,
    finding::Finding,
    ids::{BundleId, DeploymentId, SubmissionId},
    time::Timestamp,
};

const POLICY: &str = "# 示例市教育局关于印发《示例市课后服务管理办法》的通知\n\n示教规〔2026〕8号\n\n各区教育局，各有关单位：\n\n\
现将《示例市课后服务管理办法》印发给你们，请认真贯彻执行。\n\n示例市教育局\n\n2026年11月2日\n\n（此件公开发布）\n\n\
# 示例市课后服务管理办法\n\n第一条 为规范课后服务，制定本办法。\n\n第二条 本办法适用于本市小学和初中。\n\n\
第三条 学校每周开展课后服务不少于5天，服务时间不少于2小时。\n\n\
第四条 申请材料齐全的，学校应当在5个工作日内答复；但情况复杂的，可以延长至10个工作日答复。\n\n\
第五条 收费标准为每学期300元，家庭经济困难学生免收。\n\n第六条 课后服务教师的补助比例为70%。\n\n\
第七条 本办法自2026年12月1日起施行，有效期5年。《示例市课后服务暂行办法》（示教规〔2021〕3号）同时废止。\n";

const INTERPRETATION: &str = "# 《示例市课后服务管理办法》解读\n\n一、为什么制定\n\n原来的暂行办法到期，家长希望孩子放学后有人照看，因此重新制定。\n\n\
二、适用于谁\n\n本市读小学和初中的孩子都可以自愿参加。\n\n三、主要内容是什么\n\n\
（一）一周至少有5天，每天至少2小时。\n\n（二）收费标准为300元，困难家庭不交钱。\n\n\
（三）材料齐了，学校5个工作日内给答复，复杂的要10个工作日。\n\n（四）教师的补助比例为70%。\n\n\
四、从什么时候起施行\n\n《办法》自2026年12月1日起施行。\n\n![各区开展课后服务的学校数](chart:schools)\n";

const DATA: &str = "区,学校数\n东区,120\n西区,86\n";

const TOML: &str = r#"kind = "issue"
title = "示例市教育局关于印发《示例市课后服务管理办法》的通知"
number = "示教规〔2026〕8号"
written_on = "2026年11月2日"
slots = []
drafters = ["lin"]

[agencies]
drafting = ["示例市教育局基础教育处"]
issuing = ["示例市教育局"]
publishing = "示例市教育局"

[disclosure]
attribute = "proactive"
ground = "《中华人民共和国政府信息公开条例》第二十条"

[companion]
type = "own"
explains = "EXPLAINS"

[plan]
purpose = "说明孩子能不能参加、怎么收费"
scope = "全部条款"
procedure = "与政策文件同步起草、同步审批"
form = "文字和图表"

[[link]]
unit = "三/（一）"
clauses = ["第三条"]

[[link]]
unit = "三/（二）"
clauses = ["第五条"]

[[link]]
unit = "三/（三）"
clauses = ["第四条"]

[[link]]
unit = "三/（四）"
clauses = ["第六条"]

[[link]]
unit = "二"
clauses = ["第二条"]

[[link]]
unit = "四"
clauses = ["第七条"]

[[waiver]]
clauses = ["前言", "第一条"]
reason = "说明印发和制定目的，无须解读"

[[chart]]
id = "schools"
kind = "bar"
headline = "东区有120所学校开展课后服务"
subtitle = "2026年秋季学期"
unit = "所"
source = "示例市教育局，2026年10月统计"
data = "data/schools.csv"
category = "区"
value = "学校数"

[order]
not_before = "2026-12-01T09:00:00+08:00"
not_after = "2026-12-02T18:00:00+08:00"
required = ["portal"]
"#;

fn files() -> Files {
    let explains = Digest::of(POLICY.as_bytes()).to_string();
    [
        ("policy.md", POLICY.to_owned()),
        ("interpretation.md", INTERPRETATION.to_owned()),
        ("data/schools.csv", DATA.to_owned()),
        ("bundle.toml", TOML.replace("EXPLAINS", &explains)),
    ]
    .map(|(path, text)| (path.to_owned(), text.into_bytes()))
    .into()
}

/// All that the gate says at intake, as `lockstep check` asks it.
fn findings(files: &Files) -> Vec<Finding> {
    let (content, found) = match bundle::read_under(Rules::default(), files) {
        Ok(content) => (content.clone(), content.warnings),
        Err(Unfit { findings, content: Some(content) }) => (*content, findings),
        Err(Unfit { findings, content: None }) => return findings,
    };
    let draft = content.draft(Submission {
        bundle: BundleId::try_from("b".to_owned()).unwrap(),
        revision: 1,
        submission: SubmissionId::try_from("s".to_owned()).unwrap(),
        revises: None,
        after_dark: None,
        submitters: vec![],
    });
    let (held, directory) = (content.held(), Directory::default());
    let deployment = DeploymentId::try_from("d".to_owned()).unwrap();
    let facts = Facts {
        proposal: Some(content.proposal()),
        ..Facts::at_intake(&deployment, &draft, &held, &directory)
    };
    let now = Timestamp::try_from("2026-11-20T09:00:00+08:00".to_owned()).unwrap();
    let decided = match decide::<Intake>(&facts, now) {
        Ok(admitted) => admitted.warnings,
        Err(blocked) => blocked.findings,
    };
    found.into_iter().chain(content.place(decided)).collect()
}

fn codes(files: &Files) -> Vec<String> {
    let mut codes: Vec<_> = findings(files).into_iter().map(|finding| finding.code).collect();
    codes.sort();
    codes.dedup();
    codes
}

/// Puts `to` where `from` stands, once.
fn edit(files: &mut Files, path: &str, from: &str, to: &str) {
    let text = String::from_utf8(files.get(path).unwrap().clone()).unwrap();
    assert_eq!(text.matches(from).count(), 1, "{from} in {path}");
    files.insert(path.to_owned(), text.replace(from, to).into_bytes());
}

/// The same in the policy, and the interpretation confirmed against it.
fn edit_policy(files: &mut Files, from: &str, to: &str) {
    let before = Digest::of(files.get("policy.md").unwrap()).to_string();
    edit(files, "policy.md", from, to);
    let after = Digest::of(files.get("policy.md").unwrap()).to_string();
    edit(files, "bundle.toml", &before, &after);
}

fn interpretation(files: &mut Files, from: &str, to: &str) {
    edit(files, "interpretation.md", from, to);
}

fn settings(files: &mut Files, from: &str, to: &str) {
    edit(files, "bundle.toml", from, to);
}

/// The chart, of another kind.
fn chart(files: &mut Files, kind: &str, headline: &str, columns: &str, data: &str) {
    settings(
        files,
        "kind = \"bar\"\nheadline = \"东区有120所学校开展课后服务\"",
        &format!("kind = \"{kind}\"\nheadline = \"{headline}\""),
    );
    settings(files, "category = \"区\"\nvalue = \"学校数\"", columns);
    files.insert("data/schools.csv".to_owned(), data.as_bytes().to_vec());
}

const COMPARED: &str = "category = \"事项\"\nvalue = [\"原规定\", \"新规定\"]";
const STEPS: &str = "category = \"步骤\"\nvalue = [\"下一步\"]";

type Mutation = (&'static str, &'static [&'static str], fn(&mut Files));

const MUTATIONS: &[Mutation] = &[
    ("the interpretation dropped", &["TS101"], |f| drop(f.remove("interpretation.md"))),
    ("the policy dropped", &["TS002"], |f| drop(f.remove("policy.md"))),
    ("the settings dropped", &["TS002"], |f| drop(f.remove("bundle.toml"))),
    ("a chart's data dropped", &["TS002"], |f| drop(f.remove("data/schools.csv"))),
    ("the policy swapped", &["TS104"], |f| edit(f, "policy.md", "小学和初中", "中小学")),
    ("a comma in the policy", &["TS104"], |f| {
        edit(f, "policy.md", "第一条 为规范课后服务，", "第一条 为规范课后服务")
    }),
    ("nobody confirmed", &["TS105"], |f| {
        let explains = format!("explains = \"{}\"\n", Digest::of(POLICY.as_bytes()));
        settings(f, &explains, "");
    }),
    ("the policy's text twice", &["TS114"], |f| {
        f.insert("interpretation.md".to_owned(), POLICY.as_bytes().to_vec());
    }),
    ("an amount", &["TS121"], |f| interpretation(f, "收费标准为300元", "收费标准为800元")),
    ("an amount in a chart of what was and is", &["TS121"], |f| {
        let data = "事项,原规定,新规定\n收费标准,每学期200元,每学期350元\n";
        chart(f, "compare", "新旧规定对照", COMPARED, data);
    }),
    ("a card that says another amount", &["TS121"], |f| {
        settings(f, "unit = \"所\"", "unit = \"元\"");
        let columns = "category = \"项目\"\nvalue = \"金额\"";
        chart(f, "cards", "收费", columns, "项目,金额\n收费标准,350\n押金,300\n");
    }),
    ("a period in a flow chart", &["TS120"], |f| {
        let data = "步骤,下一步\n申请,学校8个工作日内答复\n学校8个工作日内答复,\n";
        chart(f, "flow", "办理流程", STEPS, data);
    }),
    ("a day in a schedule", &["TS120"], |f| {
        let columns = "category = \"任务\"\nvalue = [\"开始\", \"结束\"]";
        chart(f, "gantt", "进度安排", columns, "任务,开始,结束\n报名,2027-02-01,2027-02-10\n");
    }),
    ("a row's name beside another's figure in a headline", &["TS123"], |f| {
        settings(f, "东区有120所", "西区有120所");
    }),
    ("a share", &["TS121"], |f| interpretation(f, "补助比例为70%", "补助比例为71%")),
    ("an amount in the policy", &["TS121"], |f| edit_policy(f, "每学期300元", "每学期330元")),
    ("two values that changed places", &["TS121"], |f| {
        edit_policy(
            f,
            "第六条 课后服务教师的补助比例为70%。",
            "第六条 课后服务教师的补助比例为70%，服务场地的补助比例为30%。",
        );
        interpretation(
            f,
            "（四）教师的补助比例为70%。",
            "（四）课后服务教师的补助比例为30%，服务场地的补助比例为70%。",
        );
    }),
    ("by the year instead of the month", &["TS121"], |f| {
        edit_policy(f, "收费标准为每学期300元", "收费标准为每月300元");
        interpretation(f, "收费标准为300元", "收费标准为300元/年");
    }),
    ("behind a colon, and bold", &["TS121"], |f| {
        edit_policy(f, "收费标准为每学期300元", "收费标准：每学期300元");
        interpretation(f, "收费标准为300元", "收费标准：**380**元");
    }),
    ("working days for days", &["TS121"], |f| {
        edit_policy(
            f,
            "第五条 收费标准为每学期300元",
            "第五条 公示期限为20日。收费标准为每学期300元",
        );
        interpretation(f, "（二）收费标准", "（二）公示期限为20个工作日。收费标准");
    }),
    ("a quantity that is qualified, and no source", &["TS120"], |f| {
        interpretation(f, "收费标准为300元", "收费标准为300元，寄宿学校的收费标准为120元");
    }),
    ("an element that does not apply, for no reason", &["TS131"], |f| {
        settings(
            f,
            "[[chart]]",
            "[[element]]\nelement = \"terms\"\nnot_applicable = \"无\"\n\n[[chart]]",
        );
    }),
    ("a waiver for no reason", &["TS131"], |f| settings(f, "说明印发和制定目的，无须解读", "无")),
    ("a spelled amount", &["TS121"], |f| {
        edit_policy(f, "收费标准为每学期300元", "收费标准为三万五千元");
        interpretation(f, "收费标准为300元", "收费标准为五千元");
    }),
    ("an amount in a table's column of amounts", &["TS121"], |f| {
        let table = "第五条 收费标准如下：\n\n| 学段 | 收费标准（元） |\n|---|---|\n| 小学 | 300 |\n| 初中 | 400 |\n\n";
        edit_policy(f, "第五条 收费标准为每学期300元，", table);
        interpretation(f, "收费标准为300元", "小学的收费标准为300元，初中的收费标准为450元");
    }),
    ("an element's place that is nowhere", &["TS130"], |f| {
        settings(f, "[[chart]]", "[[element]]\nelement = \"terms\"\nunit = \"九\"\n\n[[chart]]");
    }),
    ("a reason that says nothing", &["TS131"], |f| {
        settings(f, "说明印发和制定目的，无须解读", "见附件");
    }),
    ("nothing under the heading of an element", &["TS118"], |f| {
        interpretation(
            f,
            "一、为什么制定\n\n原来的暂行办法到期，家长希望孩子放学后有人照看，因此重新制定。",
            "一、为什么制定\n\n略。",
        );
    }),
    ("what is forbidden, allowed", &["TS139"], |f| {
        edit_policy(f, "家庭经济困难学生免收。", "家庭经济困难学生免收。学校不得组织补习功课。");
        interpretation(f, "困难家庭不交钱。", "困难家庭不交钱。学校可以组织补习功课。");
    }),
    ("what is asked for, not needed", &["TS139"], |f| {
        edit_policy(f, "家庭经济困难学生免收。", "家庭经济困难学生免收。家长应当提交书面申请。");
        interpretation(f, "困难家庭不交钱。", "困难家庭不交钱。家长无需提交书面申请。");
    }),
    ("a policy that ends before it is released", &["TS140"], |f| {
        edit_policy(
            f,
            "自2026年12月1日起施行，有效期5年",
            "自2026年11月10日起施行，有效期至2026年11月30日",
        );
        interpretation(f, "自2026年12月1日起施行", "自2026年11月10日起施行");
    }),
    ("a policy that ends before it begins", &["TS142"], |f| {
        edit_policy(f, "有效期5年", "有效期至2026年11月30日");
    }),
    ("a policy that says two validities", &["TS143"], |f| {
        edit_policy(f, "有效期5年。", "有效期5年。本办法有效期至2030年11月30日。");
    }),
    ("a validity summed up wrongly", &["TS121"], |f| {
        interpretation(f, "起施行。", "起施行，有效期至2031年12月31日。");
    }),
    ("a validity in other years", &["TS121"], |f| {
        interpretation(f, "起施行。", "起施行，有效期三年。");
    }),
    ("an external figure that the policy states otherwise", &["TS121"], |f| {
        interpretation(f, "收费标准为300元", "收费标准为350元");
        let external =
            "[[external]]\nfigure = \"350元\"\nsource = \"示例市物价局公布\"\n\n[[chart]]";
        settings(f, "[[chart]]", external);
    }),
    ("a quotation with its comparison turned", &["TS145"], |f| {
        interpretation(f, "（一）一周", "（一）办法说“学校每周开展课后服务不多于5天”。一周");
    }),
    ("a clause that is not there", &["TS144"], |f| {
        interpretation(f, "困难家庭不交钱", "困难家庭不交钱（《办法》第四十五条）");
    }),
    ("a chapter that is not there", &["TS144"], |f| {
        interpretation(f, "困难家庭不交钱", "困难家庭不交钱（《办法》第五条第三款）");
    }),
    ("a bound turned round", &["TS121"], |f| {
        interpretation(f, "一周至少有5天，每天至少2小时", "服务时间最多2小时，一周至少有5天");
    }),
    ("a value of another step", &["TS121"], |f| {
        interpretation(
            f,
            "学校5个工作日内给答复，复杂的要10个工作日",
            "学校10个工作日内给答复，复杂的要5个工作日",
        );
    }),
    ("what the policy ends goes on", &["TS139"], |f| {
        interpretation(f, "起施行。", "起施行，《示例市课后服务暂行办法》继续有效。");
    }),
    ("a validity without end", &["TS121"], |f| {
        interpretation(f, "起施行。", "起施行。本办法长期有效。");
    }),
    ("another day of writing", &["TS141"], |f| {
        settings(f, "written_on = \"2026年11月2日\"", "written_on = \"2026-11-12\"");
    }),
    ("every clause waived", &["TS117"], |f| {
        let text = String::from_utf8(f["bundle.toml"].clone()).unwrap();
        let (before, rest) = text.split_once("[[link]]").unwrap();
        let (_, rest) = rest.split_once("[[waiver]]").unwrap();
        let all =
            "\"前言\", \"第二条\", \"第三条\", \"第四条\", \"第五条\", \"第六条\", \"第七条\"";
        let rest = rest.replacen("\"前言\"", all, 1);
        f.insert("bundle.toml".to_owned(), format!("{before}[[waiver]]{rest}").into_bytes());
    }),
    ("a chart without its source", &["TS131"], |f| {
        settings(f, "source = \"示例市教育局，2026年10月统计\"", "source = \"\"");
    }),
    ("a document that nothing ended", &["TS131"], |f| {
        settings(
            f,
            "[[chart]]",
            "[[repealed]]\ntitle = \"示例市校车管理办法\"\nby = \"\"\n\n[[chart]]",
        );
    }),
    ("years of validity that are over", &["TS140"], |f| {
        edit_policy(f, "自2026年12月1日起施行，有效期5年", "自2021年12月1日起施行，有效期5年");
        interpretation(f, "自2026年12月1日起施行", "自2021年12月1日起施行");
    }),
    ("a day written with points", &["TS121"], |f| {
        edit_policy(f, "第五条 收费标准", "第五条 报名截止日期为2026年12月20日。收费标准");
        interpretation(f, "（二）收费标准", "（二）报名截止日期为2026.12.21。收费标准");
    }),
    ("an amount in another currency's sign", &["TS121"], |f| {
        interpretation(f, "收费标准为300元", "收费标准为￥380");
    }),
    ("another document's interpretation", &["TS137"], |f| {
        interpretation(f, "# 《示例市课后服务管理办法》解读", "# 《示例市校外培训管理办法》解读");
    }),
    ("another document's interpretation, its title unquoted", &["TS137"], |f| {
        interpretation(
            f,
            "# 《示例市课后服务管理办法》解读",
            "# 关于示例市校外培训机构收费监管的政策解读",
        );
    }),
    ("another document's interpretation, its title run into the text", &["TS137"], |f| {
        interpretation(
            f,
            "# 《示例市课后服务管理办法》解读\n\n",
            "关于《示例市校外培训管理办法》的解读为便于理解，现解读如下。\n\n",
        );
    }),
    ("both files changed places", &["TS138"], |f| {
        edit_policy(
            f,
            "# 示例市教育局关于印发《示例市课后服务管理办法》的通知",
            "# 《示例市课后服务管理办法》政策解读",
        );
        settings(
            f,
            "title = \"示例市教育局关于印发《示例市课后服务管理办法》的通知\"",
            "title = \"《示例市课后服务管理办法》政策解读\"",
        );
    }),
    ("the policy's text, set otherwise", &["TS114"], |f| {
        f.insert(
            "interpretation.md".to_owned(),
            POLICY.replace("\n\n", "\n\n\n").replace('，', ",").into_bytes(),
        );
    }),
    ("an interpretation that is a comment", &["TS006"], |f| {
        f.insert(
            "interpretation.md".to_owned(),
            "<!-- 解读全文 -->\n\n---\n。&nbsp;\n".as_bytes().to_vec(),
        );
    }),
    ("the effective date", &["TS126"], |f| {
        interpretation(f, "自2026年12月1日起", "自2027年1月1日起")
    }),
    ("the effective date in the policy", &["TS126"], |f| {
        edit_policy(f, "自2026年12月1日起", "自2026年12月15日起")
    }),
    ("a figure from nowhere", &["TS120"], |f| {
        interpretation(f, "困难家庭不交钱", "困难家庭约4万户不交钱")
    }),
    ("a figure that an annex gives otherwise", &["TS120"], |f| {
        f.insert("attachments/附表.txt".to_owned(), "惠及家庭约5万户。".as_bytes().to_vec());
        interpretation(f, "困难家庭不交钱", "困难家庭约4万户不交钱")
    }),
    ("hours of another day", &["TS120"], |f| {
        edit_policy(f, "第五条 收费标准", "第五条 学校于周一至周五16:00—18:00开放。收费标准");
        interpretation(f, "困难家庭不交钱。", "困难家庭不交钱。学校周一至周六16:00—17:30开放。");
    }),
    ("a period of another clause", &["TS121"], |f| {
        interpretation(
            f,
            "（四）教师的补助比例为70%。",
            "（四）教师的补助比例为七成。\n\n（五）退费在10个工作日内办完。",
        );
        edit_policy(
            f,
            "第六条 课后服务教师的补助比例为70%。",
            "第六条 课后服务教师的补助比例为70%，退费时限为3个工作日。",
        );
        settings(
            f,
            "[[waiver]]",
            "[[link]]\nunit = \"三/（五）\"\nclauses = [\"第六条\"]\n\n[[waiver]]",
        );
    }),
    ("the exception left out", &["TS122"], |f| interpretation(f, "，复杂的要10个工作日", "")),
    ("an exception in words left out", &["TS122"], |f| {
        edit_policy(f, "不少于2小时。", "不少于2小时，寒暑假期间除外。");
    }),
    ("a proviso left out", &["TS122"], |f| {
        edit_policy(
            f,
            "家庭经济困难学生免收。",
            "家庭经济困难学生免收。但自愿捐助的，学校不得拒绝。",
        );
    }),
    ("a limit that some may exceed, left out", &["TS122"], |f| {
        edit_policy(f, "不少于2小时。", "不少于2小时，教师人数可以放宽至额定人数。");
    }),
    ("who pays nothing, left out", &["TS122"], |f| {
        interpretation(f, "收费标准为300元，困难家庭不交钱。", "收费标准为300元。");
    }),
    ("whom a limit does not bind, left out", &["TS122"], |f| {
        edit_policy(f, "补助比例为70%。", "补助比例为70%，援派教师不受比例限制。");
    }),
    ("who gets nothing, left out", &["TS122"], |f| {
        edit_policy(f, "补助比例为70%。", "补助比例为70%。下列人员不予补助：停职人员。");
    }),
    ("a link to no clause", &["TS117", "TS130"], |f| settings(f, "\"第三条\"", "\"第十三条\"")),
    ("a link from no unit", &["TS130"], |f| settings(f, "unit = \"四\"", "unit = \"五\"")),
    ("a link taken out", &["TS117"], |f| {
        settings(f, "[[link]]\nunit = \"二\"\nclauses = [\"第二条\"]\n", "")
    }),
    ("a waiver without reason", &["TS131"], |f| settings(f, "说明印发和制定目的，无须解读", "")),
    ("an external figure without source", &["TS131"], |f| {
        settings(f, "[[chart]]", "[[external]]\nfigure = \"4万户\"\nsource = \"\"\n\n[[chart]]");
    }),
    ("a clause added", &["TS117"], |f| {
        edit_policy(
            f,
            "《示例市课后服务暂行办法》（示教规〔2021〕3号）同时废止。\n",
            "同时废止。\n\n第八条 学校应当公开收费情况。\n",
        )
    }),
    ("a clause lost", &["TS127", "TS130"], |f| {
        edit_policy(f, "第六条 课后服务教师的补助比例为70%。\n\n", "教师的补助比例为70%。\n\n")
    }),
    ("a mark twice", &["TS117", "TS127", "TS129", "TS130"], |f| {
        edit_policy(f, "第六条 课后", "第五条 课后")
    }),
    ("what it explains is repealed", &["TS125"], |f| {
        settings(
            f,
            "[[chart]]",
            "[[repealed]]\ntitle = \"示例市课后服务管理办法\"\nby = \"示教规〔2026〕20号\"\n\n[[chart]]",
        );
    }),
    ("it explains what the policy repeals", &["TS125", "TS137"], |f| {
        interpretation(f, "# 《示例市课后服务管理办法》解读", "# 《示例市课后服务暂行办法》解读");
    }),
    ("what the policy ends, still applied", &["TS125"], |f| {
        edit_policy(
            f,
            "《示例市课后服务暂行办法》（示教规〔2021〕3号）同时废止。",
            "示教规〔2021〕3号文件同时废止。",
        );
        interpretation(
            f,
            "《办法》自2026年12月1日起施行。",
            "《办法》自2026年12月1日起施行。已经报名的按示教规〔2021〕3号执行。",
        );
    }),
    ("another number of the same year", &["TS505"], |f| {
        interpretation(
            f,
            "《办法》自2026年12月1日起施行。",
            "《办法》自2026年12月1日起施行。全文见网站上的示教规〔2026〕9号文件。",
        );
    }),
    ("withheld by a line of its own", &["TS132"], |f| {
        edit_policy(f, "（此件公开发布）", "信息公开选项：不予公开")
    }),
    ("withheld by its own mark", &["TS132"], |f| {
        edit_policy(f, "（此件公开发布）", "（此件不予公开）")
    }),
    ("another title", &["TS133"], |f| {
        settings(f, "title = \"示例市教育局关于印发", "title = \"示例市教育局关于转发")
    }),
    ("another number", &["TS134"], |f| {
        settings(f, "number = \"示教规〔2026〕8号\"", "number = \"示教规〔2026〕9号\"")
    }),
    ("no purpose in the plan", &["TS103"], |f| settings(f, "说明孩子能不能参加、怎么收费", "")),
    ("no form in the plan", &["TS103"], |f| settings(f, "form = \"文字和图表\"\n", "")),
    ("a plan that says nothing", &["TS103"], |f| {
        settings(f, "form = \"文字和图表\"", "form = \"略\"")
    }),
    ("no legal ground", &["TS109"], |f| {
        settings(f, "《中华人民共和国政府信息公开条例》第二十条", " ")
    }),
    ("a legal ground that is none", &["TS109"], |f| {
        settings(f, "《中华人民共和国政府信息公开条例》第二十条", "无")
    }),
    ("a legal ground that names no rule", &["TS109"], |f| {
        settings(f, "《中华人民共和国政府信息公开条例》第二十条", "按有关规定依法公开")
    }),
    ("a policy marked as internal", &["TS132"], |f| {
        edit_policy(f, "# 示例市教育局关于印发", "内部资料，不得外传\n\n# 示例市教育局关于印发")
    }),
    ("a policy that calls itself a draft", &["TS111"], |f| {
        edit_policy(f, "\n# 示例市课后服务管理办法\n", "\n# 示例市课后服务管理办法（讨论稿）\n")
    }),
    ("a mark of secrecy beside the number", &["TS601"], |f| {
        edit_policy(f, "\n示教规〔2026〕8号\n", "\n示教规〔2026〕8号　机密★1年\n")
    }),
    ("a source that is no address", &["TS131"], |f| {
        settings(f, "source = \"示例市教育局，2026年10月统计\"", "source = \"http://\"")
    }),
    ("disclosure on request", &["TS109", "TS132"], |f| {
        settings(f, "\"proactive\"", "\"on_request\"")
    }),
    ("no drafter", &["TS112"], |f| settings(f, "drafters = [\"lin\"]", "drafters = []")),
    ("no companion of one's own", &["TS102"], |f| {
        settings(
            f,
            "type = \"own\"",
            "type = \"exempt\"\nground = \"无\"\nreason = \"急\"\ndecider = \"王\"",
        );
    }),
    ("a kind that is none", &["TS001"], |f| settings(f, "kind = \"issue\"", "kind = \"memo\"")),
    ("nothing below the title", &["TS006"], |f| {
        let text = "# 《关于课后服务的通知》政策解读\n\n（另行发布）\n";
        f.insert("interpretation.md".to_owned(), text.as_bytes().to_vec());
    }),
    ("a mark in a chart's headline", &["TS601"], |f| {
        settings(f, "2026年秋季学期", "机密★1年");
    }),
    ("a mark in a file's name", &["TS601"], |f| {
        f.insert("attachments/机密★1年.txt".to_owned(), "附表".as_bytes().to_vec());
    }),
    ("an unknown key", &["TS001"], |f| {
        settings(f, "kind = \"issue\"", "kind = \"issue\"\nurgent = true")
    }),
    ("a slot nobody declared", &["TS110"], |f| edit_policy(f, "2026年11月2日", "{{成文日期}}")),
    ("no number at all", &["TS115"], |f| {
        settings(f, "number = \"示教规〔2026〕8号\"\n", "");
    }),
    ("a chart that is not declared", &["TS008"], |f| {
        interpretation(f, "chart:schools", "chart:pupils")
    }),
    ("a chart without words", &["TS124"], |f| {
        interpretation(f, "![各区开展课后服务的学校数]", "![]")
    }),
    ("a chart's headline", &["TS123"], |f| settings(f, "东区有120所", "东区有210所")),
    ("a chart's figure", &["TS123"], |f| edit(f, "data/schools.csv", "东区,120", "东区,102")),
    ("a chart's figure that is none", &["TS007"], |f| edit(f, "data/schools.csv", "86", "八十六")),
    ("an ID number in the interpretation", &["TS602"], |f| {
        interpretation(f, "因此重新制定", "因此重新制定（11010519491231002X）");
    }),
    ("an ID number in a column of the data", &["TS602", "TS606"], |f| {
        edit(
            f,
            "data/schools.csv",
            DATA,
            "区,学校数,身份证号\n东区,120,11010519491231002X\n西区,86,\n",
        );
    }),
    ("a mobile number", &["TS603"], |f| interpretation(f, "有人照看", "有人照看（13812345678）")),
    ("a classification mark", &["TS601"], |f| {
        edit_policy(f, "# 示例市教育局关于印发", "机密★10年\n\n# 示例市教育局关于印发")
    }),
    ("an unpaired quotation", &["TS503"], |f| interpretation(f, "《办法》自2026", "《办法自2026")),
    ("a path that leads out", &["TS004"], |f| drop(f.insert("../x.txt".to_owned(), b"x".to_vec()))),
    ("an empty interpretation", &["TS006"], |f| {
        drop(f.insert("interpretation.md".to_owned(), b" \n".to_vec()))
    }),
    ("a text that is a program", &["TS003"], |f| {
        f.insert("interpretation.md".to_owned(), b"\x7fELF\x02\x01\x01\x00\x00".to_vec());
    }),
    ("mojibake", &["TS013"], |f| interpretation(f, "因此重新制定", "锟斤拷锟斤拷锟斤拷锟斤拷")),
    ("a window that is over", &["TS305"], |f| {
        settings(f, "2026-12-01T09:00:00+08:00", "2026-10-01T09:00:00+08:00");
        settings(f, "2026-12-02T18:00:00+08:00", "2026-10-02T18:00:00+08:00");
    }),
    ("a window that ends before it begins", &["TS308"], |f| {
        settings(f, "2026-12-02T18:00:00+08:00", "2026-11-30T18:00:00+08:00");
    }),
    ("no channel", &["TS308"], |f| settings(f, "required = [\"portal\"]", "required = []")),
    ("copied out of the policy", &["TS119", "TS122"], |f| {
        let text = format!(
            "# 《示例市课后服务管理办法》解读\n\n一、背景、适用范围和内容\n\n见以下各条。\n\n二、另附\n\n三、内容\n\n（一）甲类\n\n（二）乙\n\n（三）丙\n\n（四）丁\n\n四、时间\n\n{}\n\n![图](chart:schools)\n",
            POLICY.split("第一条").nth(1).unwrap().replace("第", "").replace("条", "")
        );
        f.insert("interpretation.md".to_owned(), text.into_bytes());
    }),
    ("elements left out", &["TS118"], |f| {
        interpretation(
            f,
            "一、为什么制定\n\n原来的暂行办法到期，家长希望孩子放学后有人照看，因此重新制定。",
            "一、前言\n\n请看下文。",
        );
        interpretation(
            f,
            "二、适用于谁\n\n本市读小学和初中的孩子都可以自愿参加。",
            "二、参加\n\n自愿。",
        );
    }),
];

#[test]
fn the_good_bundle_says_nothing() {
    let said: Vec<String> = findings(&files()).iter().map(ToString::to_string).collect();
    assert_eq!(said, [""; 0]);
}

type Change = (&'static str, fn(&mut Files));

/// What honest drafters write.
const HONEST: &[Change] = &[
    ("charts of the policy's rules", |f| {
        let data =
            "事项,原规定,新规定\n收费标准,每学期200元,每学期300元\n答复时限,7个工作日,5个工作日\n";
        chart(f, "compare", "新旧规定对照", COMPARED, data);
    }),
    ("a flow chart of the policy's periods", |f| {
        let data = "步骤,下一步\n申请,学校5个工作日内答复\n学校5个工作日内答复,\n";
        chart(f, "flow", "办理流程", STEPS, data);
    }),
    ("statistics of what the policy names too", |f| {
        settings(f, "unit = \"所\"", "unit = \"元\"");
        let columns = "category = \"项目\"\nvalue = \"金额\"";
        chart(f, "bar", "各校情况", columns, "项目,金额\n收费标准,260\n外校收费标准,280\n");
    }),
    ("a document issued anew under its name", |f| {
        edit_policy(
            f,
            "《示例市课后服务暂行办法》（示教规〔2021〕3号）",
            "《示例市课后服务管理办法》（示教规〔2021〕3号）",
        );
    }),
    ("what changed from the document before", |f| {
        interpretation(
            f,
            "# 《示例市课后服务管理办法》解读",
            "# 《示例市课后服务暂行办法》修订为《示例市课后服务管理办法》的解读",
        );
    }),
    ("a law named where others end", |f| {
        edit_policy(
            f,
            "《示例市课后服务暂行办法》（示教规〔2021〕3号）同时废止",
            "与《中华人民共和国义务教育法》不一致的不再执行",
        );
    }),
    ("the same amount written otherwise", |f| {
        interpretation(f, "收费标准为300元", "收费标准为三百元")
    }),
    ("the former amount, said as such", |f| {
        interpretation(f, "收费标准为300元", "原来的收费标准为200元，现在收费标准为300元");
    }),
    ("the amount before and after", |f| {
        interpretation(f, "收费标准为300元", "收费标准由每学期200元调整到300元");
    }),
    ("another place's amount", |f| {
        settings(
            f,
            "[[chart]]",
            "[[external]]\nfigure = \"260元\"\nsource = \"邻市教育局2026年公布\"\n\n[[chart]]",
        );
        interpretation(f, "收费标准为300元", "收费标准为300元，外省的收费标准为260元");
    }),
    ("a quantity that is qualified", |f| {
        settings(
            f,
            "[[chart]]",
            "[[external]]\nfigure = \"120元\"\nsource = \"示例市寄宿制学校收费办法\"\n\n[[chart]]",
        );
        interpretation(f, "收费标准为300元", "收费标准为300元，寄宿学校的收费标准为120元");
    }),
    ("one day and one share written otherwise", |f| {
        edit_policy(f, "第五条 收费标准", "第五条 报名截止日期为2026年12月20日。收费标准");
        interpretation(f, "（二）收费标准", "（二）报名截止日期为2026-12-20。收费标准");
        interpretation(f, "补助比例为70%", "补助比例为七成");
    }),
    ("an exception in words that is told", |f| {
        edit_policy(f, "不少于2小时。", "不少于2小时，寒暑假期间除外。");
        interpretation(f, "每天至少2小时。", "每天至少2小时（寒暑假不开）。");
        edit_policy(f, "70%。", "70%，法律、法规另有规定的除外。");
    }),
    ("what is forbidden to one and allowed to another, or in another case", |f| {
        edit_policy(
            f,
            "家庭经济困难学生免收。",
            "家庭经济困难学生免收。学校不得组织补习功课。未经同意不得安排孩子参加。",
        );
        interpretation(
            f,
            "困难家庭不交钱。",
            "困难家庭不交钱。家长可以组织补习功课。家长同意的，可以安排孩子参加。过去学校可以组织补习功课。",
        );
    }),
    ("a policy that ends on the day of its release", |f| {
        edit_policy(f, "有效期5年", "有效期至2026年12月1日");
    }),
    ("a figure that an annex gives", |f| {
        f.insert("attachments/附表.txt".to_owned(), "惠及家庭4万户。".as_bytes().to_vec());
        let table = "学段,困难学生（人）\n小学,3600\n".as_bytes().to_vec();
        f.insert("attachments/人数.csv".to_owned(), table);
        interpretation(f, "困难家庭不交钱", "困难家庭约4万户不交钱，其中小学生3600人");
    }),
    ("a title in words of one's own", |f| {
        interpretation(f, "# 《示例市课后服务管理办法》解读", "# 关于孩子课后服务的政策解读");
    }),
    ("a title that is a headline", |f| {
        interpretation(f, "# 《示例市课后服务管理办法》解读", "# 放学后孩子去哪儿：一图读懂新政策");
    }),
    ("a title declared without its issuer", |f| {
        settings(f, "title = \"示例市教育局关于印发", "title = \"关于印发");
    }),
    ("an annex that is an interpretation", |f| {
        edit_policy(
            f,
            "（示教规〔2021〕3号）同时废止。\n",
            "（示教规〔2021〕3号）同时废止。\n\n附件\n\n# 《示例市课后服务暂行办法》政策解读\n",
        );
    }),
    ("what the policy ends, told", |f| {
        interpretation(
            f,
            "《办法》自2026年12月1日起施行。",
            "《办法》自2026年12月1日起施行，示教规〔2021〕3号不再执行。",
        );
    }),
    ("another document of the same year, by its title", |f| {
        interpretation(
            f,
            "《办法》自2026年12月1日起施行。",
            "《办法》自2026年12月1日起施行。场地见《示例市场地管理细则》（示教规〔2026〕9号）。",
        );
    }),
    ("another document's date", |f| {
        interpretation(
            f,
            "《办法》自2026年12月1日起施行。",
            "《办法》自2026年12月1日起施行。国家条例自2026年12月1日起施行。",
        );
    }),
];

#[test]
fn honest_changes_say_nothing() {
    for (name, change) in HONEST {
        let mut files = files();
        change(&mut files);
        let said: Vec<String> = findings(&files).iter().map(ToString::to_string).collect();
        assert_eq!(said, [""; 0], "{name}");
    }
}

#[test]
fn every_mutation_gives_exactly_the_finding_that_names_it() {
    let mut wrong = vec![];
    for (name, expected, mutate) in MUTATIONS {
        let mut files = files();
        mutate(&mut files);
        let said = codes(&files);
        if said != *expected {
            let all: Vec<_> = findings(&files).iter().map(ToString::to_string).collect();
            wrong.push(format!("{name}: expected {expected:?}, said {all:#?}"));
        }
    }
    assert!(MUTATIONS.len() >= 40, "{}", MUTATIONS.len());
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), MUTATIONS.len(), wrong.join("\n"));
}

#[test]
fn a_chart_that_contradicts_the_manifest_is_named_with_its_line() {
    let place = |files: &Files| {
        let found = findings(files).into_iter().find(|finding| finding.code == "TS113").unwrap();
        assert!(found.message.contains("chart schools："), "{}", found.message);
        assert_eq!(found.member.as_deref(), Some("bundle.toml"));
        usize::try_from(found.line.unwrap()).unwrap()
    };
    let line_of = |files: &Files, nth: usize| {
        let text = String::from_utf8(files["bundle.toml"].clone()).unwrap();
        let mut lines = text.lines().enumerate().filter(|(_, line)| *line == "id = \"schools\"");
        lines.nth(nth).unwrap().0 + 1
    };
    let mut twice = files();
    let (_, chart) = TOML.split_once("[[chart]]").unwrap();
    let (chart, _) = chart.split_once("[order]").unwrap();
    settings(&mut twice, "[order]", &format!("[[chart]]{chart}[order]"));
    assert_eq!(place(&twice), line_of(&twice, 1));
}
