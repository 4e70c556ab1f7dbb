//! Numbers in tables and forms, spaced out, spelled. All are made up.

use super::*;

/// The same in CSV, but for what is said of columns.
fn found_in_csv(text: &str) -> Vec<String> {
    let hits = find_in_table(text).into_iter().filter(|hit| hit.code.id != "TS606");
    hits.map(|hit| {
        let mark = if hit.severity == Severity::Block { "!" } else { "" };
        format!("{}{mark} {}", hit.code.id, &text[hit.range])
    })
    .collect()
}

fn left_by_masking(hit: &Hit) -> bool {
    matches!(hit.doubt, Some(Doubt::OpenLine | Doubt::Scattered))
}

/// A table of these rows, as Markdown and as CSV, whose headings are its first row.
fn both(rows: &[&str]) -> [String; 2] {
    let markdown: String = rows.iter().flat_map(|row| ["| ", *row, " |\n"]).collect();
    [markdown, rows.join("\n").replace(" | ", ",")]
}

pub(super) fn found_in_both(rows: &[&str]) -> Vec<String> {
    let [markdown, csv] = both(rows);
    let bare = |hits: Vec<Hit>, text: &str| -> Vec<String> {
        let hits = hits.into_iter().filter(|hit| hit.code.id != "TS606");
        hits.map(|hit| {
            let mark = if hit.severity == Severity::Block { "!" } else { "" };
            format!("{}{mark} {}", hit.code.id, signs_of(&text[hit.range]))
        })
        .collect()
    };
    let found = bare(find(&markdown), &markdown);
    assert_eq!(found, bare(find_in_table(&csv), &csv), "{markdown}");
    found
}

#[test]
fn a_number_cut_into_cells_is_found() {
    for (rows, expected) in [
        (&["姓名 | 手机号 | 手机号", "张三 | 138 | 12345678"][..], "TS603! 13812345678"),
        (&["姓名 | 电话 |", "张三 | 138 1234 | 5678"], "TS603! 13812345678"),
        (&["手机 | 138123 | 45678"], "TS603! 13812345678"),
        (&["手机 | 138 | 1234 | 5678"], "TS603! 13812345678"),
        (&["甲 | 乙 | 丙", "张三 | 138 | 12345678"], "TS603 13812345678"),
        (&["张三 | 1381234 | 5678"], "TS603 13812345678"),
        (&["咨询电话 | 138 | 12345678"], "TS603 13812345678"),
        (&["姓名 | 身份证号 |  |", "张三 | 110105 | 194912310 | 02X"], "TS602! 11010519491231002X"),
        (&["区划 | 日期 | 序号", "110105 | 19491231 | 002X"], "TS602 11010519491231002X"),
        (&["区划 | 日期 | 序号", "110105 | 19491231 | 002X", "110105 | 19491231 | 0031"], ""),
        (&["银行卡号 | 62220200 | 00000010"], ""),
    ] {
        let found = found_in_both(rows);
        assert_eq!(found.join(" "), expected, "{rows:?}");
    }
    let [markdown, _] = both(&["姓名 | 手机号 | 手机号", "张三 | 138 | 12345678"]);
    assert!(
        mask(&markdown).0.ends_with("| 张三 | 138 | ＊＊＊＊＊＊78 |\n"),
        "{}",
        mask(&markdown).0
    );
}

#[test]
fn figures_side_by_side_are_no_number() {
    for rows in [
        &["项目 | 数量 | 金额", "甲 | 138 | 12345678"][..],
        &["年度 | 2024年 | 2025年", "甲 | 138 | 12345678"],
        &["地区 | 甲 | 乙", "城区 | 138 | 12345678", "郊区 | 221 | 8804412"],
        &["合计 | 1381 | 2345678"],
        &["办公电话 | 021 | 62131380"],
        &["区号 | 电话", "021 | 62131380"],
    ] {
        assert_eq!(found_in_both(rows), [""; 0], "{rows:?}");
    }
}

#[test]
fn a_number_that_is_read_downwards_is_found() {
    let beside = |head: &str, number: &str| -> Vec<String> {
        let rows = number
            .chars()
            .enumerate()
            .map(|(at, digit)| format!("甲{} | {digit}", "乙".repeat(at)));
        std::iter::once(head.to_owned()).chain(rows).collect()
    };
    let found = |head: &str, number: &str| {
        let rows = beside(head, number);
        found_in_both(&rows.iter().map(String::as_str).collect::<Vec<_>>())
    };
    assert_eq!(found("序 | 内容", "11010519491231002X"), ["TS602! 1"]);
    assert_eq!(found("序 | 内容", "911010519491231002X7"), ["TS602! 9"]);
    assert_eq!(found("序 | 手机号", "13812345678"), ["TS603! 1"]);
    for (head, number) in [
        ("序 | 个数", "13812345678"),
        ("姓名 | 学号", "1235678"),
        ("序 | 手机号", "138123"),
        ("序 | 内容", "110105194912310021"),
    ] {
        assert_eq!(found(head, number), [""; 0], "{head} {number}");
    }
    let lines =
        |number: &str| number.chars().map(|c| format!("{c}\n")).collect::<Vec<_>>().concat();
    let hits = find(&format!("说明\n{}其他\n", lines("11010519491231002X")));
    assert_eq!(hits.len(), 1);
    assert_eq!(
        (hits[0].shown.as_str(), hits[0].severity),
        ("110＊＊＊＊＊＊＊＊＊＊＊＊＊2X", Severity::Block)
    );
    assert_eq!(super::found(&lines("13812345678")), ["TS603 1"]);
    assert_eq!(super::found(&lines("123456789")), [""; 0]);
    // It is not masked digit by digit, and said to be for a person.
    let [text, _] = both(
        &beside("序 | 内容", "11010519491231002X").iter().map(String::as_str).collect::<Vec<_>>(),
    );
    assert_eq!(mask(&text).0, text);
    assert!(find(&text)[0].finding().help.contains("从上到下"));
}

#[test]
fn a_students_number_is_found_by_whatever_it_is_called() {
    for label in [
        "学号",
        "学籍辅号",
        "学生学籍辅号",
        "考生号",
        "准考证号",
        "学生证号",
        "学籍号",
        "学 号",
        "学　　号",
        "准考证\u{a0}号",
    ] {
        assert_eq!(found(&format!("{label}：20231234")), ["TS605! 20231234"], "{label}");
        assert_eq!(found(&format!("| {label} | 20231234 |")), ["TS605! 20231234"], "{label}");
        assert_eq!(found(&format!("| {label} |  |  |  |  | 20231234 |")), ["TS605! 20231234"]);
        let below = format!(
            "| 姓名 | {label} |\n| --- | --- |\n| 张三 | 20231234 |\n| 李四 | G5678901 |\n"
        );
        assert_eq!(found(&below), ["TS605! 20231234", "TS605! G5678901"], "{label}");
        assert_eq!(found_in_csv(&format!("姓名,{label}\n张三,20231234\n")), ["TS605! 20231234"]);
        assert_eq!(found_in_csv(&format!("姓名,张三\n{label},,20231234\n")), ["TS605! 20231234"]);
    }
    for (text, number) in [
        ("学号：2023 1234", "2023 1234"),
        ("学号 2 0 2 3 1 2 3 4", "2 0 2 3 1 2 3 4"),
        ("学号：2023-12-34", "2023-12-34"),
        ("学号：二〇二三一二三四", "二〇二三一二三四"),
        ("学号（学籍号）20231234", "20231234"),
        ("【学号】20231234", "20231234"),
    ] {
        assert_eq!(found(text), [format!("TS605! {number}")], "{text}");
    }
    let tabs = "姓名\t学号\n张三\t20231234\n";
    assert_eq!(found(tabs), ["TS605! 20231234"]);
    let blanks = "　　名单如下\n姓名    考生号\n张三    20231234\n李四　　20231235\n";
    assert_eq!(found(blanks), ["TS605! 20231234", "TS605! 20231235"]);
    let quoted = "\"姓名\",\"学号\"\n\"张三\",\"2023,甲\"\n\"李四\",\" 20231234 \"\n";
    assert_eq!(found_in_csv(quoted), ["TS605! 20231234"]);
}

#[test]
fn a_form_to_be_filled_in_and_what_is_said_about_numbers_are_let_through() {
    for text in [
        "| 姓名 | 学号 |\n| --- | --- |\n|  |  |\n",
        "| 学号 | □□□□□□□□ | 姓名 |  |\n",
        "| 学号（8位） |  |\n| 人数 | 12345 |\n",
        "| 学号 | 备注 |\n| 12345678 | 示例 |\n| 00000000 | 示例 |\n",
        "| 考场 | 准考证号 |\n| 第一考场 | 20260001-20260030 |\n",
        "准考证号20260001—20260030在第一考场，考生号：20260031至20260060在第二考场",
        "| 学号数 | 20231 |\n| 准考证号段 | 20260001 |\n",
        "| 学校 | 学号 |\n| 甲 |  |\n| 经费 | 金额 |\n| 甲 | 200000 |\n",
        "学号：2023 2024学年",
        "学号由 2 位年份、4 位学校代码和 3 位序号组成",
        "| 学号 | 2＊＊＊＊＊＊4 |\n| --- | --- |\n| 2023**** | 1 |",
    ] {
        assert_eq!(found(text), [""; 0], "{text}");
    }
    for text in ["学号,姓名\n,\n", "学号,人数\n2023级,12345\n", "姓名,学号\n张三,2＊＊＊＊＊＊4\n"]
    {
        assert_eq!(found_in_csv(text), [""; 0], "{text}");
    }
}

#[test]
fn numbers_that_stand_one_digit_a_cell_are_found() {
    const ID: &str = "11010519491231002X";
    let boxes = |label: &str, number: &str, between: &str| {
        let digits: Vec<String> = number.chars().map(String::from).collect();
        format!("{label}{between}{}", digits.join(between))
    };
    let shown =
        |number: &str, between: &str| boxes("", number, between)[between.len()..].to_owned();
    for (label, number, code) in [
        ("公民身份号码", ID, "TS602"),
        ("编号", ID, "TS602"), // region, date and check leave no doubt
        ("手机号码", "13800138000", "TS603"),
        ("家长联系电话", "13800138000", "TS603"),
        ("银行卡号", "6222021234567890128", "TS604"),
        ("学号", "20231234", "TS605"),
    ] {
        let line = format!("| {} |", boxes(label, number, " | "));
        let raw = shown(number, " | ");
        assert_eq!(found(&line), [format!("{code}! {raw}")], "{line}");
        let csv = boxes(label, number, ",") + "\n";
        assert_eq!(found_in_csv(&csv), [format!("{code}! {}", shown(number, ","))], "{csv}");
        let quoted = format!("\"{}\"\n", boxes(label, number, "\",\""));
        assert_eq!(found_in_csv(&quoted).len(), 1, "{quoted}");
        let (masked, hits) = mask(&line);
        assert_eq!((hits.len(), found(&masked)), (1, vec![]), "{masked}");
        assert_eq!(masked.matches('|').count(), line.matches('|').count(), "{masked}");
    }
    for text in [
        "| 1 | 1 | 0 | 1 | 0 | 5 | 1 | 9 | 4 | 9 | 1 | 2 | 3 | 1 | 0 | 0 | 2 | 1 |",
        "| 得分 | 1 | 3 | 8 | 0 | 0 | 1 | 3 | 8 | 0 | 0 | 0 |",
        "| 手机号码 | 1 | 3 | 8 |  |  |  |  |  |  |  |  |",
        "| 学号 | 2 | 0 | 2 | 3 | 级 |",
    ] {
        assert_eq!(found(text), [""; 0], "{text}");
    }
}

#[test]
fn an_open_line_is_none_in_a_form_about_a_person() {
    let form = "| 姓名 | 张三 |\n| --- | --- |\n| 联系电话 | 13800138000 |\n";
    assert_eq!(found(form), ["TS603! 13800138000"]);
    assert_eq!(found_in_csv("姓名,张三\n联系电话,13800138000\n"), ["TS603! 13800138000"]);
    let office = "| 科室 | 基教科 |\n| --- | --- |\n| 联系电话 | 13800138000 |\n";
    assert_eq!(found(office), ["TS603 13800138000"]);
    // Another table, another matter.
    let both = format!("| 姓名 | 张三 |\n\n{office}");
    assert_eq!(found(&both), ["TS603 13800138000"]);
}

#[test]
fn a_column_of_offices_lines_only_warns_and_one_of_persons_blocks() {
    let number = "13912345678";
    for heading in ["办公电话", "咨询电话", "联系电话", "值班手机", "公开电话", "服务电话"]
    {
        for (head, row) in [
            (
                "便民服务点 | 地址",
                "新丰村便民服务中心二楼大厅 | 新丰路一百二十号新丰村委会院内东侧平房",
            ),
            ("序号 | 科室 | 联系人", "1 | 基础教育与学前教育科学生资助管理中心 | 张老师"),
            ("姓名 | 职务 | 负责河段", "张三 | 镇级河长 | 新丰河自新丰桥以下至老街码头一段"),
        ] {
            let rows = [format!("{head} | {heading}"), format!("{row} | {number}")];
            let rows = rows.each_ref().map(String::as_str);
            assert_eq!(found_in_both(&rows), [format!("TS603 {number}")], "{rows:?}");
        }
        for (head, row) in [
            ("姓名 | 单位", "张三 | 新丰中心小学二年级一班新丰路一百二十号新丰村委会院内"),
            ("姓名 | 职务 | 家庭住址", "张三 | 村民小组组长 | 新丰路一百二十号新丰村委会院内东"),
            ("申请人 | 家庭地址", "张三 | 新丰路一百二十号新丰村委会院内东侧平房二层三〇一室"),
            ("学生姓名 | 年级", "李四 | 新丰中心小学二年级一班新丰路一百二十号新丰村委会院内"),
        ] {
            let rows = [format!("{head} | {heading}"), format!("{row} | {number}")];
            let rows = rows.each_ref().map(String::as_str);
            assert_eq!(found_in_both(&rows), [format!("TS603! {number}")], "{rows:?}");
        }
    }
    for heading in ["手机号", "家长联系电话", "申请人联系电话"] {
        let rows = [format!("村 | {heading}"), format!("新丰 | {number}")];
        let rows = rows.each_ref().map(String::as_str);
        assert_eq!(found_in_both(&rows), [format!("TS603! {number}")], "{rows:?}");
    }
    let persons =
        ["村 | 姓名 | 身份证号 | 联系电话", "新丰 | 张三 | 11010519491231002X | 13912345678"];
    assert_eq!(found_in_both(&persons), ["TS602! 11010519491231002X", "TS603! 13912345678"]);
    // What masking leaves.
    let [text, _] = both(&["服务点 | 服务电话", "新丰 | 13912345678"]);
    assert_eq!(mask(&text).0, text);
}

#[test]
fn a_list_of_offices_lines_only_warns_and_one_of_persons_blocks() {
    for (list, mark) in [
        (
            "各村便民服务点电话：新丰村13912345678、旧丰村便民服务点13912345677、河口村13912345676。",
            "",
        ),
        (
            "各村便民服务点电话：\n\n- 新丰村 13912345678\n- 旧丰村 13912345677\n- 河口 13912345676\n",
            "",
        ),
        ("## 咨询电话\n\n新丰村 13912345678\n\n旧丰村 13912345677\n\n河口 13912345676\n", ""),
        (
            "联系电话：新丰村便民服务中心二楼大厅东侧第三号窗口张老师13912345678；旧丰村13912345677；\
          河口：13912345676。",
            "",
        ),
        (
            "学生联系电话：张三（新丰中心小学二年级一班，住新丰路一百二十号新丰村委会院内东侧）\
          13912345678、李四13912345677、王五13912345676。",
            "!",
        ),
        ("申请人及联系电话：\n\n- 张三 13912345678\n- 李四 13912345677\n- 王五 13912345676\n", "!"),
        ("名单：\n\n- 张三 13912345678\n- 李四 13912345677\n- 王五 13912345676\n", "!"),
    ] {
        let numbers = ["13912345678", "13912345677", "13912345676"];
        assert_eq!(found(list), numbers.map(|number| format!("TS603{mark} {number}")), "{list}");
    }
    // A paragraph below ends the list.
    let long = "已受理的还有下列各户，他们的住所在新丰路一百二十号新丰村委会院内东侧平房二层，由村里负责告知到人，";
    let text =
        format!("便民服务点电话：\n\n- 新丰村 13912345678\n\n{long}{long}张三13912345677。\n");
    assert_eq!(found(&text), ["TS603 13912345678", "TS603! 13912345677"]);
}

#[test]
fn numbers_whose_digits_stand_apart_are_found() {
    for (text, said) in [
        ("张三 1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 X", "TS602! 1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 X"),
        (
            "张三１１０１０５－１９４９１２３１－００２Ｘ",
            "TS602! １１０１０５－１９４９１２３１－００２Ｘ",
        ),
        ("110105_19491231_002X", "TS602! 110105_19491231_002X"),
        ("110105•19491231~002X", "TS602! 110105•19491231~002X"),
        ("手机：1 3 8 0 0 1 3 8 0 0 0", "TS603! 1 3 8 0 0 1 3 8 0 0 0"),
        ("手机：1-3-8-0-0-1-3-8-0-0-0", "TS603! 1-3-8-0-0-1-3-8-0-0-0"),
        ("手机：13 8001 38000，", "TS603! 13 8001 38000"),
        ("家长 1 3 8 0 0 1 3 8 0 0 0", "TS603! 1 3 8 0 0 1 3 8 0 0 0"),
        ("银行卡号：62 22021 234567890 128", "TS604! 62 22021 234567890 128"),
        ("张三一三八〇〇一三八〇〇〇。", "TS603! 一三八〇〇一三八〇〇〇"),
        ("一三八零零一三八零零零", "TS603! 一三八零零一三八零零零"),
        ("壹叁捌〇〇壹叁捌〇〇〇", "TS603! 壹叁捌〇〇壹叁捌〇〇〇"),
        ("幺三八〇〇幺三八〇〇〇", "TS603! 幺三八〇〇幺三八〇〇〇"),
        ("一3八00一三八00〇", "TS603! 一3八00一三八00〇"),
        ("一三八 〇〇一三 八〇〇〇", "TS603! 一三八 〇〇一三 八〇〇〇"),
        ("一一〇一〇五一九四九一二三一〇〇二X", "TS602! 一一〇一〇五一九四九一二三一〇〇二X"),
    ] {
        assert_eq!(found(text), [said], "{text}");
        let (masked, _) = mask(text);
        assert_eq!(found(&masked), [""; 0], "{masked}");
    }
    assert_eq!(mask("张三一三八〇〇一三八〇〇〇。").0, "张三一三八＊＊＊＊＊＊〇〇。");
    // Eleven figures in a row might be one: said, and let through.
    assert_eq!(found("合计 1 3 8 0 0 1 3 8 0 0 0"), ["TS603 1 3 8 0 0 1 3 8 0 0 0"]);
    for text in [
        "二〇二四年一二三月",
        "一三八〇〇一三八〇〇万元",
        "一二三四五六七八九一一", // no mobile number
        "一一〇一〇五一九四九一二三一〇〇二一",
        "合计 1 3 8 0 0 1 3 8 0 0 0 4",
        "电话：12345、13 个区",
        "110105,20240101,0021",
    ] {
        assert_eq!(found(text), [""; 0], "{text}");
    }
}

/// Each of these would take very long if work grew with the square of the length.
#[test]
fn work_on_tables_grows_with_the_length_alone() {
    const COUNT: usize = 20_000;
    for text in [
        "| 1 ".repeat(COUNT),
        "| 学号 ".repeat(COUNT),
        "| 学号 |\n".repeat(COUNT),
        "一三八".repeat(COUNT),
        "学号2 ".repeat(COUNT),
        format!("学号{}", " ".repeat(COUNT)).repeat(3),
        "| 姓名 | 联系电话 | 13800138000 |\n\n".repeat(COUNT / 10),
    ] {
        assert!(find(&text).len() <= COUNT);
        assert!(find_in_table(&text).len() <= COUNT);
    }
}

proptest! {
    #[test]
    fn masked_tables_have_no_more_hits(
        cells in prop::collection::vec("学号|姓名|联系电话|[0-9]|[0-9]{8}|1[3-9][0-9]{9}|张三||[一二三八〇]{11}", 1..30),
        width in 1_usize..6,
    ) {
        let lines: Vec<String> = cells.chunks(width).map(|row| row.join(" | ")).collect();
        for text in [format!("| {} |", lines.join(" |\n| ")), lines.join("\n").replace(" | ", ",")] {
            let (masked, _) = mask(&text);
            prop_assert!(find(&masked).iter().all(left_by_masking), "{text}\n{masked}");
            let (masked, _) = mask_table(&text);
            let left = find_in_table(&masked);
            prop_assert!(left.iter().all(|h| left_by_masking(h) || h.code.id == "TS606"), "{text}\n{masked}");
        }
    }
}

#[test]
fn what_identifies_a_person_in_other_ways_is_found() {
    for (text, expected) in [
        ("残疾人证号11010519491231002043", ""),
        ("王老师8613800138000、", "TS603 8613800138000"),
        ("王老师电话8613800138000、", "TS603! 8613800138000"),
        ("王某，银行卡号6222021234567890123。", "TS604 6222021234567890123"),
        ("考号：11010123", "TS605! 11010123"),
        ("报名号：11010123", "TS605! 11010123"),
        ("王老师 138**0013**8000", "TS603 138**0013**8000"),
        ("王老师 138****8000 138＊＊0013＊＊8000", ""),
    ] {
        assert_eq!(found(text).join(" "), expected, "{text}");
    }
    let id = id(110_105, "19491231", 3);
    assert_eq!(found(&format!("王某，残疾人证号{id}43。")), [format!("TS602! {id}43")]);
    assert_eq!(found(&format!("王某{id}99")), [""; 0]);
    let under = |label: &str, number: &str| found_in_csv(&format!("序号,{label}\n1,{number}\n"));
    assert_eq!(under("卡号", "6013821234567890124"), ["TS604 6013821234567890124"]);
    assert_eq!(under("银行卡号", "6222021234567890128"), ["TS604! 6222021234567890128"]);
    assert_eq!(under("卡号", "60138212345"), [""; 0]);
    assert_eq!(under("卡号段", "6013821234567890123"), [""; 0]);
}

#[test]
fn headings_stand_below_a_title() {
    let text = "\u{feff}补贴名单,,\n\"\",,\n序号,姓名,家庭住址\n1,王某,某路1号201室\n";
    let hits = find_in_table(text);
    let shown: Vec<_> =
        hits.iter().map(|hit| (hit.shown.as_str(), &text[hit.range.clone()])).collect();
    assert_eq!(shown, [("姓名", "序号,姓名,家庭住址"), ("家庭住址", "序号,姓名,家庭住址")]);
    assert_eq!(find_in_table("一\n二\n").len(), 0);
}

#[test]
fn a_mobile_number_digit_by_digit_is_found_without_a_label_too() {
    let cells = "1 | 3 | 8 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8";
    for (rows, expected) in [
        (vec![cells.to_owned()], "TS603 13812345678"),
        (vec![format!("联系电话 | {cells}")], "TS603! 13812345678"),
        (vec!["姓名 | 联系电话".to_owned(), format!("张某 | {cells}")], "TS603! 13812345678"),
        (vec!["姓名 | 其他".to_owned(), format!("张某 | {cells}")], "TS603 13812345678"),
        // Figures of eleven months or districts.
        (vec!["学校数 | 东区 | 西区".to_owned(), format!("所 | {cells}")], "TS603 13812345678"),
        (vec![format!("人数 | {cells}")], ""),
        (vec!["区 | 1月 | 2月".to_owned(), format!("东区 | {cells}")], ""),
        (vec![format!("得分 | {cells} | 9")], ""),
    ] {
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        assert_eq!(found_in_both(&rows).join(" "), expected, "{rows:?}");
    }
}

#[test]
fn digits_set_apart_by_signs_are_found() {
    for (text, expected) in [
        ("张某手机：1、3、8、1、2、3、4、5、6、7、8", "TS603! 1、3、8、1、2、3、4、5、6、7、8"),
        ("张某 1,3,8,1,2,3,4,5,6,7,8", "TS603 1,3,8,1,2,3,4,5,6,7,8"),
        ("张某 1.3.8.1.2.3.4.5.6.7.8", "TS603 1.3.8.1.2.3.4.5.6.7.8"),
        ("手机1·3·8·1·2·3·4·5·6·7·8", "TS603! 1·3·8·1·2·3·4·5·6·7·8"),
        (
            "电话：一、三、八、一、二、三、四、五、六、七、八",
            "TS603! 一、三、八、一、二、三、四、五、六、七、八",
        ),
        ("一·三·八·一·二·三·四·五·六·七·八", "TS603 一·三·八·一·二·三·四·五·六·七·八"),
        ("张某 013812345678", "TS603 013812345678"),
        ("张某 0138-1234-5678", "TS603 0138-1234-5678"),
        ("1、3、8、1、2、3、4、5、6、7、8、9", ""),
        ("第1、3、8、11、2、3、4、5、6、7、8条", ""),
        ("2026、2027、1381", ""),
        ("电话021-62345678、021-6234-5678、0571 8765 4321", ""),
    ] {
        assert_eq!(found(text).join(" "), expected, "{text:?}");
    }
}

#[test]
fn a_slip_under_the_heading_of_identity_cards_warns() {
    // The check digit is another, the month is none.
    for (number, expected) in [
        ("110105194912310021", "TS602 110105194912310021"),
        ("110105194913310029", "TS602 110105194913310029"),
        ("11010519491231002X", "TS602! 11010519491231002X"),
        ("1101051949123100", ""),
    ] {
        let row = format!("张三 | {number}");
        let found = found_in_both(&["姓名 | 身份证号码", row.as_str()]);
        assert_eq!(found.concat(), expected);
    }
}

#[test]
fn personal_columns_of_drawn_tables_are_named() {
    let columns = |text: &str| {
        find_columns(text).into_iter().map(|hit| hit.shown).collect::<Vec<_>>().join(" ")
    };
    for (text, expected) in [
        (
            "名单如下：\n\n| 姓名 | 身份证号码 | 家庭住址 |\n| --- | --- | --- |\n| 张三 | 110105194912310021 | 示例路1号2室 |\n",
            "姓名 身份证号码 家庭住址",
        ),
        ("| 名单 | |\n| 姓名 | 班级 |\n| 张三 | 一班 |\n", "姓名"),
        ("| 姓名 | 职务 |\n| 张三 | 主任 |\n", ""),
        ("| 姓名 | 身份证号 |\n|  |  |\n", ""),
        ("| 学段 | 标准 |\n| 小学 | 500 |\n", ""),
        ("姓名  张三\n", ""),
    ] {
        assert_eq!(columns(text), expected, "{text}");
    }
    let text = "| 姓名 | 身份证号码 |\n| 张三 | 11010519491231002X |\n";
    assert!(mask(text).0.contains("| 姓名 |"), "columns are left to a person");
}

/// Who answers an office's telephone is no personal matter, and a landline is no person's.
#[test]
fn names_beside_the_landlines_of_offices_do_not_block() {
    let blocks = |table: &str| {
        let drawn = format!("| {} |\n", table.replace('\n', " |\n| "));
        let csv = table.replace(" | ", ",") + "\n";
        let mut hits = find(&drawn);
        hits.extend(find_columns(&drawn));
        hits.extend(find_in_table(&csv));
        hits.iter().any(|hit| hit.severity == Severity::Block)
    };
    for open in [
        "科室 | 联系人 | 办公电话\n政策法规科 | 张三 | 021-12345678\n基教科 | 李四 | 021-12345679",
        "科室 | 姓名 | 办公电话\n政策法规科 | 张三 | 021-12345678\n基教科 | 李四 | 021-12345679",
        "科室 | 姓名 | 职务 | 办公电话\n政策法规科 | 张三 | 科长 | 12345678",
    ] {
        assert!(!blocks(open), "{open}");
    }
    for personal in [
        "科室 | 联系人 | 办公电话\n政策法规科 | 张三 | 021-12345678\n基教科 | 李四 | 13912345678",
        "科室 | 姓名 | 办公电话\n政策法规科 | 张三 | 021-12345678 13912345678",
        "学生 | 家长 | 电话\n张三 | 张大 | 13912345678",
        "企业 | 法定代表人 | 身份证\n甲公司 | 张三 | 11010519491231002X",
    ] {
        assert!(blocks(personal), "{personal}");
    }
}

#[test]
fn the_numbers_of_permits_warn_though_they_pass_the_check() {
    let number = "110105202603051230";
    let number = id(110_105, "20260305", number[14..17].parse().unwrap());
    for label in [
        "行政许可决定书编号：",
        "受理编号",
        "招标备案号：",
        "卫生许可证编号：",
        "申请人张某，受理编号：",
    ] {
        assert_eq!(found(&format!("{label}{number}。")), [format!("TS602 {number}")], "{label}");
    }
    for label in [
        "",
        "身份证编号：",
        "公民身份号码：",
        "证件编号：",
        "居民编号：",
        "人员编号：",
        "受理编号甲，身份证号",
    ] {
        let found = found(&format!("{label}{number}。"));
        assert_eq!(found, [format!("TS602! {number}")], "{label}");
    }
    let under = |head: &str| {
        let row = format!("甲公司 | {number}");
        found_in_both(&[&format!("名称 | {head}"), row.as_str()]).concat()
    };
    assert_eq!(under("许可证编号"), format!("TS602 {number}"));
    assert_eq!(under("备案号"), format!("TS602 {number}"));
    assert_eq!(under("证件编号"), format!("TS602! {number}"));
    assert_eq!(under("备注"), format!("TS602! {number}"));
}

#[test]
fn amounts_in_drawn_tables_warn_as_in_csv() {
    for (table, expected) in [
        ("| 地区 | 金额（元） |\n| --- | --- |\n| 甲市 | 13912345678 |\n", "TS603 13912345678"),
        ("| 地区 | 用电量（千瓦时） |\n| 甲市 | 13912345678 |\n", "TS603 13912345678"),
        ("单位：元\n\n| 地区 | 投入 |\n| 甲市 | 13912345678 |\n", "TS603 13912345678"),
        ("（单位：元）\n| 地区 | 投入 |\n| 甲市 | 13912345678 |\n", "TS603 13912345678"),
        ("| 地区 | 补贴金额（元） |\n| 甲市 | 13912345678 |\n", "TS603 13912345678"),
        ("单位：元\n| 地区 | 补贴对象 |\n| 甲市 | 13912345678 |\n", "TS603! 13912345678"),
        ("| 地区 | 补贴 |\n| 甲市 | 13912345678 |\n", "TS603! 13912345678"),
        ("| 地区 | 金额（元） | 联系方式 |\n| 甲市 | 5 | 13912345678 |\n", "TS603! 13912345678"),
        ("| 地区 | 金额 | 电话 |\n| 甲市 | 5 | 13912345678 |\n", "TS603! 13912345678"),
        ("单位：元\n| 姓名 | 金额 | 手机 |\n| 张三 | 5 | 13912345678 |\n", "TS603! 13912345678"),
        ("单位：元\n| 补贴 | 负责人 |\n| 5 | 13912345678 |\n", "TS603! 13912345678"),
        ("单位：示例市教育局\n| 地区 | 补贴 |\n| 甲市 | 13912345678 |\n", "TS603! 13912345678"),
    ] {
        assert_eq!(found(table), [expected], "{table}");
    }
}
