//! Whether words tell of persons or of offices: whose telephone a number is hangs on that. In doubt it is a
//! person's, and blocks.

use super::labelled;

/// Words of persons, in running text and in headings. Also a 户 by itself, which other words have in them.
const PERSONS: [&str; 45] = [
    "学生",
    "家长",
    "申请人",
    "患者",
    "本人",
    "当事人",
    "监护人",
    "户主",
    "考生",
    "姓名",
    "住址",
    "身份证",
    "父亲",
    "母亲",
    "家属",
    "亲属",
    "对象",
    "群众",
    "村民",
    "居民",
    "残疾",
    "贫困",
    "低保",
    "特困",
    "五保",
    "业主",
    "被征",
    "被拆迁",
    "受益人",
    "受助",
    "承租人",
    "承包人",
    "权利人",
    "参保人",
    "领取人",
    "收款人",
    "投诉人",
    "举报人",
    "咨询人",
    "信访人",
    "孤儿",
    "留守",
    "学员",
    "病人",
    "死者",
];
/// What heads a column of a list of persons and may stand in running text about an office: besides
/// [`PERSONS`], what is told of them.
const HEADS: [&str; 27] = [
    "名字",
    "人员",
    "性别",
    "年龄",
    "出生",
    "民族",
    "护照",
    "通行证",
    "证件号",
    "家庭",
    "居住",
    "户籍",
    "户口",
    "学号",
    "学籍",
    "老人",
    "儿童",
    "工作单位",
    "就读",
    "毕业",
    "工资",
    "补贴",
    "补偿",
    "救助",
    "抚恤",
    "所在",
    "所属",
];
/// What beside 姓名 and 职务 makes a list one of persons.
const PERSONAL: [&str; 4] = ["金额", "等级", "地址", "元"];
/// Names of offices that have words of persons in them.
const OFFICES_OF: [&str; 14] = [
    "居民委员会",
    "村民委员会",
    "村民小组",
    "居民区",
    "居民服务",
    "村民服务",
    "群众服务",
    "群众工作",
    "残疾人联合会",
    "残疾人服务",
    "低保科",
    "低保办",
    "低保窗口",
    "低保中心",
];
/// What the heading of a column of an office's lines says.
const OWN: [&str; 10] =
    ["办公", "值班", "咨询", "服务", "窗口", "公开", "监督", "投诉", "热线", "举报"];
/// What a column of offices ends in.
const OFFICES: [&str; 34] = [
    "科室",
    "处室",
    "窗口",
    "服务点",
    "服务站",
    "中心",
    "单位",
    "部门",
    "网点",
    "站点",
    "学校",
    "幼儿园",
    "村居",
    "村（居）",
    "街道",
    "镇街",
    "乡镇",
    "街镇",
    "社区",
    "机构",
    "办事处",
    "居委",
    "村委",
    "居委会",
    "村委会",
    "机关",
    "医院",
    "卫生院",
    "派出所",
    "受理点",
    "受理处",
    "党群",
    "便民点",
    "便民",
];
/// What a label of telephones has in it.
const LINES: [&str; 4] = ["电话", "手机", "热线", "联系方式"];

fn has_any(words: &str, named: &[&str]) -> bool {
    named.iter().any(|name| words.contains(name))
}

/// Whether words tell of persons, whose numbers are no offices'.
pub(super) fn tells_of_persons(words: &str) -> bool {
    if words.is_ascii() {
        return false;
    }
    let is_told = |words: &str| has_any(words, &PERSONS) || tells_of_household(words);
    if !is_told(words) {
        return false;
    }
    let bare = OFFICES_OF.iter().fold(words.to_owned(), |words, office| words.replace(office, ""));
    is_told(&bare)
}

/// 农户, 低保户, 住户, and not 账户 or 户外.
fn tells_of_household(words: &str) -> bool {
    words.match_indices('户').any(|(at, sign)| {
        let before = words.get(..at).and_then(|before| before.chars().next_back());
        let after = words.get(at + sign.len()..).and_then(|after| after.chars().next());
        !before.is_some_and(|c| "账帐门窗用客落开入商".contains(c))
            && !after.is_some_and(|c| "外数政口籍".contains(c))
    })
}

/// Whether a heading is one of persons: no telephones, nor how many persons there are.
pub(super) fn heads_persons(heading: &str) -> bool {
    // 监护人数 may be of whom it tells, 学生人数 is a figure.
    let is_figure = ["人数", "户数", "生数", "人次"].iter().any(|end| heading.ends_with(end))
        && !heading
            .strip_suffix('数')
            .is_some_and(|stem| PERSONS.iter().any(|p| p.ends_with('人') && stem.ends_with(p)));
    !is_figure
        && !names_line(heading)
        && (tells_of_persons(heading)
            || has_any(heading, &HEADS)
            || has_any(heading, &labelled::STUDENT))
}

/// Whether a cell ends in the word of a person: 低保户, 申请人, 出生日期. Wherever it stands, a form asks it of
/// a person.
pub(super) fn is_of_person(cell: &str) -> bool {
    const ASKED: [&str; 8] =
        ["出生日期", "出生年月", "身份证号", "身份证号码", "学号", "学籍号", "人员", "名字"];
    // Most cells are figures.
    if cell.is_ascii() {
        return false;
    }
    let ends = |words: &[&str]| words.iter().any(|word| cell.ends_with(word));
    ends(&PERSONS) || ends(&ASKED) || (cell.ends_with('户') && tells_of_household(cell))
}

/// Whether a heading beside 姓名 and 职务 tells more of the person.
pub(super) fn is_personal(heading: &str) -> bool {
    !names_line(heading)
        && !heading.ends_with("姓名")
        && (heads_persons(heading) || has_any(heading, &PERSONAL))
}

/// Whether a label or a heading says that telephone numbers follow.
pub(super) fn names_line(label: &str) -> bool {
    has_any(label, &LINES)
}

/// Whether the heading of telephones says by itself that they are an office's.
pub(super) fn is_own_line(heading: &str) -> bool {
    let of = LINES.iter().find_map(|line| heading.strip_suffix(line));
    names_line(heading)
        && !tells_of_persons(heading)
        && (has_any(heading, &OWN) || of.is_some_and(heads_offices))
}

/// Whether a column of telephones is an office's where another is one of offices. A mobile telephone is
/// somebody's.
pub(super) fn may_be_office_line(heading: &str) -> bool {
    names_line(heading) && !heading.contains("手机") && !tells_of_persons(heading)
}

/// Whether a column is one of offices: 科室, 服务点名称, 单位（盖章）.
pub(super) fn heads_offices(heading: &str) -> bool {
    let bare = heading.split_once(['（', '(']).map_or(heading, |(bare, _)| bare);
    let bare = ["名称", "全称"].iter().find_map(|end| bare.strip_suffix(end)).unwrap_or(bare);
    let is_one = |name: &str| OFFICES.iter().any(|office| name.ends_with(office));
    (is_one(bare) || is_one(heading)) && !heads_persons(heading)
}

/// Whether a word is the name of a person and nothing else: 张三, 欧阳某某, 张女士. Names of places and offices
/// and who is called by an office are none.
pub(super) fn is_name(word: &str) -> bool {
    const SURNAMES: &str = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章\
        云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元\
        卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜\
        郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉钮龚程嵇邢裴陆荣\
        翁荀羊惠甄曲封芮储靳糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全班仰秋仲伊宫宁仇栾甘厉戎祖武符刘景詹束龙叶幸\
        司黎薄印白蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳姬申扶堵冉宰郦雍桑桂牛寿通边扈燕冀浦尚农\
        温别庄晏柴瞿阎充慕连茹习艾鱼容向古易慎戈廖庾终居衡步都耿满弘匡国文寇广东欧沃利蔚越隆师巩聂晁勾敖冷辛\
        阚那简饶曾沙关蒯查荆红游竺权盖益桓公肖闫覃兰岳佟代付邸亓晋么牟佘覃褟仝苟";
    const DOUBLE: [&str; 14] = [
        "欧阳", "司马", "上官", "诸葛", "夏侯", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒",
        "东方", "宇文", "长孙",
    ];
    const NO_NAMES: [&str; 51] = [
        "村", "社区", "街道", "街", "镇", "乡", "县", "区", "市", "中心", "科", "股", "处", "站",
        "局", "所", "窗口", "办", "室", "校", "点", "组", "队", "院", "路", "公司", "大厅", "电话",
        "热线", "手机", "老师", "主任", "书记", "科长", "处长", "局长", "所长", "站长", "校长",
        "院长", "园长", "组长", "队长", "镇长", "乡长", "村长", "部长", "会长", "部", "厅", "委",
    ];
    let count = word.chars().take(13).count();
    let is_han = |c: char| matches!(c, '\u{3400}'..='\u{9fff}' | '·');
    if !(2..=12).contains(&count) || !word.chars().all(is_han) {
        return false;
    }
    if word.contains('·') {
        return true;
    }
    let is_surname = |c: Option<char>| c.is_some_and(|c| SURNAMES.contains(c));
    let mut signs = word.chars();
    let begins = is_surname(signs.next());
    let is_long = DOUBLE.iter().any(|name| word.starts_with(name)) || is_surname(signs.next());
    let begins = begins || DOUBLE.iter().any(|name| word.starts_with(name));
    (2..=4).contains(&count)
        && begins
        && (count < 4 || is_long)
        && !NO_NAMES.iter().any(|end| word.ends_with(end))
}

/// Whether what stands right before a number is a person, not a place or an office: a name by itself, where
/// one lives, how old one is.
pub(super) fn is_person(item: &str) -> bool {
    let lives = |word: &str| {
        let lives = ["住", "家住", "现住", "居住"].iter().find_map(|live| word.strip_prefix(live));
        lives.is_some_and(|at| !at.starts_with(['建', '房', '院', '保']))
    };
    let is_said = |word: &str| {
        matches!(word, "男" | "女")
            || lives(word)
            || ["岁", "年生", "出生", "先生", "女士"].iter().any(|end| word.ends_with(end))
    };
    let is_sign = |c: char| !matches!(c, '\u{3400}'..='\u{9fff}' | '·' | '0'..='9');
    tells_of_persons(item)
        || item.split(is_sign).filter(|word| !word.is_empty()).any(|word| {
            is_said(word)
                || is_name(word.trim_start_matches(|c: char| c.is_ascii_digit()))
                || behind_place(word).is_some_and(is_name)
        })
}

/// What stands in one word behind the name of a place: 新丰村张三.
fn behind_place(word: &str) -> Option<&str> {
    let at =
        word.rfind(['村', '区', '街', '镇', '乡', '组', '科', '站', '局', '所', '口', '点'])?;
    word.get(at..)
        .and_then(|rest| rest.char_indices().nth(1).and_then(|(next, _)| rest.get(next..)))
}
