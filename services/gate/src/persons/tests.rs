//! Numbers right and wrong, dressed up in every way. All are made up.

use proptest::prelude::*;

use super::*;

mod tables;
mod whose;

/// Code, `!` where it blocks, and what stands there.
fn found(text: &str) -> Vec<String> {
    let hits = find(text).into_iter();
    hits.map(|hit| {
        let mark = if hit.severity == Severity::Block { "!" } else { "" };
        format!("{}{mark} {}", hit.code.id, &text[hit.range])
    })
    .collect()
}

fn check(text: &str) -> char {
    let sum: u32 = text
        .chars()
        .zip([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
        .map(|(c, w)| c.to_digit(10).unwrap() * w)
        .sum();
    "10X98765432".chars().nth(usize::try_from(sum % 11).unwrap()).unwrap()
}

fn id(region: u32, date: &str, serial: u32) -> String {
    let body = format!("{region:06}{date}{serial:03}");
    format!("{body}{}", check(&body))
}

#[test]
fn an_id_card_is_found_however_it_is_written() {
    // The example of GB 11643-1999 itself, and one ending in X.
    let (plain, with_x) = ("110105194912310021", "11010519491231002X");
    assert_eq!(found(&format!("身份证{with_x}。")), [format!("TS602! {with_x}")]);
    assert_eq!(id(110_105, "19491231", 2), with_x);
    assert_eq!(found(plain), [""; 0], "the check digit is another");
    for dressed in [
        "11010519491231002x",
        "110105 19491231 002X",
        "110105-19491231-002X",
        "1101051949\n1231002X",
        "1101051949\r\n　　1231002X",
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105\u{200b}19491231\u{feff}002X",
        "1101051949123100\u{ad}2 X",
        "110105.19491231.002X",
        "110105·19491231·002X",
        "110105/19491231/002X",
        "110105(19491231)002X",
        "110105\u{3164}19491231\u{34f}002\u{e0020}X",
        "¹¹⁰¹⁰⁵¹⁹⁴⁹¹²³¹⁰⁰²X",
        "①①0①05①949①23①002X",
        "110105𝟏𝟗𝟒𝟗𝟏𝟐𝟑𝟏002X",
    ] {
        assert_eq!(found(&format!("（{dressed}）")), [format!("TS602! {dressed}")], "{dressed:?}");
    }
    assert_eq!(found("G11010519491231002X"), ["TS605! 11010519491231002X"]);
    assert_eq!(found("110105491231002"), ["TS602 110105491231002"]);
    // A slip in a number that is said to be one.
    assert_eq!(found(&format!("身份证号：{plain}")), [format!("TS602 {plain}")]);
}

#[test]
fn what_is_no_id_card_is_let_through() {
    for text in [
        "110105194913310021",     // no such month
        "11010519490229002X",     // no such day
        "99010519491231002X",     // no such region
        "1101051949123100\n\n2X", // another paragraph
        "911010519491231002X",    // inside a longer number
        "统一社会信用代码91310000MA1K35BL4R",
        "统一社会信用代码：12310000425006133D",
        "注册号110105491231002",
        "110105 491231 002", // of old ones, only in one piece
        "310101********123X",
        "索引号：000014349/2019-00002",
        "11440106718120458W/2024-00008",
    ] {
        assert_eq!(found(text), [""; 0], "{text:?}");
    }
}

#[test]
fn an_organisation_whose_code_is_digits_is_no_person() {
    // Looked for: passes GB 11643 and GB 32100 both, so only its label tells.
    let both = (0..1000).map(|serial| id(310_119, "19800101", serial)).find(|number| {
        const WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
        let sum: u32 =
            number.chars().zip(WEIGHTS).filter_map(|(c, w)| Some(c.to_digit(10)? * w)).sum();
        number.chars().last().unwrap().to_digit(10) == Some((31 - sum % 31) % 31)
    });
    let both = both.unwrap();
    assert_eq!(found(&format!("统一社会信用代码：{both}")), [""; 0]);
    assert_eq!(found(&format!("身份证号：{both}")), [format!("TS602! {both}")]);
    let with_x = "11010519491231002X";
    assert_eq!(found(&format!("信用代码见上，法人{with_x}")), [format!("TS602! {with_x}")]);
}

#[test]
fn a_mobile_number_is_found_however_it_is_written() {
    for (text, number) in [
        ("请致13800138000。", "13800138000"),
        ("张某，138 0013 8000", "138 0013 8000"),
        ("张某，138-0013-8000", "138-0013-8000"),
        ("张某，１３８００１３８０００", "１３８００１３８０００"),
        ("张某，1380013\u{200b}8000", "1380013\u{200b}8000"),
        ("张某的是1380013\n8000，住", "1380013\n8000"),
        ("+8613800138000", "8613800138000"),
        ("+86 138 0013 8000", "86 138 0013 8000"),
        ("+86-138-0013-8000", "86-138-0013-8000"),
        ("008613800138000", "008613800138000"),
        ("手机013800138000", "013800138000"),
        ("张某，138.0013.8000", "138.0013.8000"),
        ("张某，138·0013·8000", "138·0013·8000"),
        ("张某，138/0013/8000", "138/0013/8000"),
        ("张某（138）00138000", "138）00138000"),
        ("张某，13800138000¹", "13800138000"),
        ("张某①13800138000", "13800138000"),
        ("tel:13800138000", "13800138000"),
        ("021-62131380/13800138000", "13800138000"),
        ("手机13800138000人工", "13800138000"),
        ("学生李某，联系电话：13800138000", "13800138000"),
    ] {
        assert_eq!(found(text), [format!("TS603! {number}")], "{text:?}");
    }
}

#[test]
fn an_offices_open_line_only_warns() {
    for text in [
        "咨询电话：021-62131380、13800138000",
        "联系电话：\n13800138000",
        "| 值班电话 | 13800138000 |",
        "监督电话（工作时间）138 0013 8000",
    ] {
        let hits = find(text);
        assert_eq!(hits.len(), 1, "{text:?}");
        assert_eq!(hits[0].doubt, Some(Doubt::OpenLine), "{text:?}");
        assert_eq!(mask(text).0, text);
    }
}

#[test]
fn what_is_no_mobile_number_is_let_through() {
    for text in [
        "电话021-62131380、12345、400-820-1234、0571-87654321",
        "12800138000",
        "安排13800138000元",
        "共13800138000 （平方米）",
        "比率0.13800138000",
        "13800138000.50",
        "索引号：13800138000",
        "A13800138000",
        "913800138000",
        "13800138000123",
        "https://example.org/art/13800138000.html",
        "13800\n138000",           // figures, one a line
        "第138\n00138000. 下一条", // the next line's own number
        "1380.0138.000",
        "138/00138/000",
        "2019.138.00138.000",
        "2019 12 31 13 800 138 000",
        "二、2013-8001-38000",
    ] {
        assert_eq!(found(text), [""; 0], "{text:?}");
    }
    // Figures in a row might be one: said, and let through.
    assert_eq!(found("135 2021 2022"), ["TS603 135 2021 2022"]);
    assert_eq!(found("合计 12 138 0013 8000 7"), ["TS603 138 0013 8000"]);
    // Three cells of a row, and a number in one.
    assert_eq!(found("接生\t1500\t1350\t120\n"), ["TS603 1500\t1350\t120"]);
    assert_eq!(found("王某\t138\t0013\t8000\n"), ["TS603! 138\t0013\t8000"]);
}

#[test]
fn eleven_digits_that_count_something_are_no_telephone() {
    for text in [
        "收到问卷13812345678张。",
        "收到13812345678张问卷",
        "点击量13912345678次；",
        "发放口罩13812345678份，",
        "征求意见共13812345678条",
        "服务群众13812345678人次以上",
        "金额13812345678元",
        "（13812345678 株）",
    ] {
        assert_eq!(found(text), [""; 0], "{text:?}");
    }
    // A unit or another word; and a telephone spoken of.
    for text in [
        "收到问卷13812345678张纸",
        "13812345678部门",
        "点击量为13812345678，",
        "热线受理13812345678件。",
        "微信公众号阅读量13812345678次",
        "回收问卷13812345678\n张",
    ] {
        assert_eq!(found(text), ["TS603 13812345678"], "{text:?}");
    }
    for text in [
        "手机号13812345678张三",
        "电话：13812345678次",
        "张某，13812345678，共3次",
        "联系张某13812345678人事处",
        "张某13812345678\n\n住址",
        "张某，13812345678\n户籍",
        "登记13812345678张三",
        "登记13812345678 张三",
        "王某 13812345678\n张三 在岗",
        "王某 13812345678\n项某 在岗",
        "王某 13812345678\n万某 在岗",
    ] {
        assert_eq!(found(text), ["TS603! 13812345678"], "{text:?}");
    }
}

#[test]
fn a_bank_card_is_found_by_range_and_check() {
    for (text, number) in [
        ("账户6222021234567890128", "6222021234567890128"),
        ("6222 0212 3456 7890 128", "6222 0212 3456 7890 128"),
        ("银行卡号：4111111111111111", "4111111111111111"),
    ] {
        assert_eq!(found(text), [format!("TS604! {number}")], "{text:?}");
    }
    for text in [
        "6222021234567890127",  // the check fails
        "4111111111111111", // begins like a code of Guangdong, and nothing says that it is a card
        "62220212345678901281", // inside a longer number
        "A6222021234567890128",
    ] {
        assert_eq!(found(text), [""; 0], "{text:?}");
    }
}

#[test]
fn what_only_a_label_makes_personal() {
    for (text, said) in [
        ("学号：20190101", "TS605! 20190101"),
        ("学籍号：G110105 19491231002X", "TS605! 110105 19491231002X"),
        ("学籍号为G11010519491231002X", "TS605! G11010519491231002X"),
        ("学号 | ２０１９０１０１ |", "TS605! ２０１９０１０１"),
        ("护照号码：E12345678", "TS607 E12345678"),
        ("港澳居民来往内地通行证H1234567890", "TS607 H1234567890"),
        ("护照号 EA1\u{200b}234567。", "TS607 EA1\u{200b}234567"),
    ] {
        assert_eq!(found(text), [said], "{text:?}");
    }
    for text in [
        "学号为8位数字",
        "学号：2019级",
        "学号：________",
        "护照",
        "提供护照、通行证（2份）",
        "E12345678",
        "护照办理电话：62131380",
    ] {
        assert_eq!(found(text), [""; 0], "{text:?}");
    }
}

#[test]
fn a_table_names_its_columns_of_persons() {
    let said = |text: &str| {
        let hits = find_in_table(text).into_iter();
        hits.map(|hit| format!("{} {} {:?}", hit.code.id, hit.shown, hit.severity))
            .collect::<Vec<_>>()
    };
    let table = "\u{feff}学校,学生姓名,学号,住址\n甲小学,张三,20190101,某路1号201室\n";
    assert_eq!(
        said(table),
        [
            "TS606 学生姓名 Warning",
            "TS606 学号 Warning",
            "TS606 住址 Warning",
            "TS605 2＊＊＊＊＊＊1 Block"
        ]
    );
    assert_eq!(said("学校,姓名,学号\n甲小学,张＊,2＊＊＊＊＊＊1\n"), [""; 0], "masked");
    assert_eq!(said("姓名,手机号,身份证号\n张**,138****1234,3101**********1234\n"), [""; 0]);
    assert_eq!(said("姓名,手机号\n张**,138****1234\n李四,***\n"), ["TS606 姓名 Warning"]);
    assert_eq!(said("学校,联系电话\n甲小学,021-62131380\n"), [""; 0]);
    assert_eq!(said("姓名,手机\n张三,13800138000\n").first().unwrap(), "TS606 姓名 Warning");
    // Figures: one a line they are no number, in a column of sums they only might be.
    assert_eq!(said("区,经费\n甲,1380013\n8000,\n"), [""; 0]);
    assert_eq!(
        said("校,校长手机\n甲,13800138000\n").last().unwrap(),
        "TS603 138＊＊＊＊＊＊00 Block"
    );
    let said = said("区,经费（元）\n甲,13800138000\n");
    assert_eq!(said, ["TS603 138＊＊＊＊＊＊00 Warning"]);
}

#[test]
fn a_finding_never_repeats_a_number() {
    let text = "身份证11010519491231002X，手机138 0013\u{200b} 8000";
    let said: Vec<_> = find(text).iter().map(|hit| hit.finding().to_string()).collect();
    assert!(said[0].contains("110＊＊＊＊＊＊＊＊＊＊＊＊＊2X"), "{said:?}");
    assert!(said[1].contains("138＊＊＊＊＊＊00"), "{said:?}");
}

#[test]
fn masking_keeps_the_form_and_everything_else() {
    let text =
        "甲：138 0013 8000；乙：１１０１０５１９４９１２３１００２Ｘ\n护照E12345678，021-62131380";
    let (masked, hits) = mask(text);
    assert_eq!(
        masked,
        "甲：138 ＊＊＊＊ ＊＊00；乙：１１０＊＊＊＊＊＊＊＊＊＊＊＊＊２Ｘ\n护照E＊＊＊＊＊＊＊8，021-62131380"
    );
    assert_eq!(hits.len(), 3);
    assert_eq!(mask(&masked), (masked.clone(), vec![]));
    // What is left of one makes no other with what comes next.
    assert_eq!(found("甲110＊＊＊＊＊＊＊＊＊＊＊＊＊19\n000000000"), [""; 0]);
    assert_eq!(found("＊13800138000"), ["TS603! 13800138000"]);
}

/// Each of these would take hours if work grew with the square of the length.
#[test]
fn work_grows_with_the_length_alone() {
    const COUNT: usize = 100_000;
    let repeated = |part: &str| part.repeat(COUNT);
    for text in [
        repeated("1"),
        repeated("1 "),
        repeated("13800138000 "),
        repeated("1\u{200b}"),
        format!("1{}", repeated(" ")),
        repeated("学号：1"),
        repeated("13800138000\u{200b}\u{200b}，"),
    ] {
        assert!(find(&text).len() <= COUNT);
    }
    for (header, line) in [("姓名,", "1\n"), ("元", "13800138000\n")] {
        let table = format!("{}\n{}", repeated(header), repeated(line));
        assert!(find_in_table(&table).len() <= COUNT);
    }
}

impl PartialEq for Hit {
    fn eq(&self, other: &Self) -> bool {
        (self.code.id, &self.range) == (other.code.id, &other.range)
    }
}

fn any_id() -> impl Strategy<Value = String> {
    let region = prop::sample::select(vec![110_105, 310_101, 440_106, 620_102, 810_000]);
    (region, 1900..2100, 1..=12, 1..=28, 0..1000u32)
        .prop_map(|(region, y, m, d, serial)| id(region, &format!("{y:04}{m:02}{d:02}"), serial))
}

/// Puts separators or characters that do not show into a number.
fn dressed(number: String) -> impl Strategy<Value = String> {
    let sign = prop::sample::select(vec!["", "", "", " ", "-", "\u{200b}", "\n"]);
    prop::collection::vec(sign, number.len()).prop_map(move |signs| {
        number
            .chars()
            .zip(signs)
            .flat_map(|(c, sign)| std::iter::once(c).chain(sign.chars()))
            .collect()
    })
}

#[test]
fn what_comes_to_light_beside_a_masked_number_is_masked_too() {
    let text = "学号：00000000001-13000000000 ";
    let (masked, hits) = mask(text);
    assert!(find(&masked).is_empty(), "{masked}");
    assert_eq!(masked.chars().count(), text.chars().count());
    let last = hits.last().unwrap();
    assert!(text[last.range.clone()].ends_with("13000000000"), "{hits:?}");
}

proptest! {
    #[test]
    fn every_id_card_is_found_whatever_breaks_it_up(text in any_id().prop_flat_map(dressed)) {
        let hits = find(&format!("甲{text}乙"));
        prop_assert_eq!(hits.len(), 1);
        prop_assert_eq!(hits[0].severity, Severity::Block);
        prop_assert_eq!(hits[0].code.id, "TS602");
    }

    #[test]
    fn no_other_check_digit_is_taken(number in any_id(), by in 1_usize..11) {
        const CHECKS: &str = "0123456789X";
        let right = CHECKS.find(&number[17..]).unwrap();
        let other = CHECKS.chars().nth((right + by) % 11).unwrap();
        let wrong = format!("甲{}{other}", &number[..17]);
        prop_assert!(find(&wrong).iter().all(|hit| hit.code.id != "TS602"), "{}", wrong);
    }

    #[test]
    fn every_mobile_number_blocks(number in "1[3-9][0-9]{9}") {
        prop_assert_eq!(found(&format!("甲{number}，")), [format!("TS603! {number}")]);
    }

    #[test]
    fn office_telephones_never_hit(area in "0(10|2[0-9]|[3-9][0-9]{2})", line in "[2-8][0-9]{6,7}") {
        prop_assert_eq!(found(&format!("电话{area}-{line}、{line}、400{line}")), [""; 0]);
    }

    #[test]
    fn masked_text_has_no_more_hits(
        parts in prop::collection::vec(
            prop_oneof![
                any_id(), "1[3-9][0-9]{9}", "[，。 \n甲]{1,4}", "学号：[0-9]{8}", "[0-9 -]{1,20}"
            ],
            1..8,
        ),
    ) {
        let text = parts.concat();
        let (masked, hits) = mask(&text);
        prop_assert_eq!(masked.chars().count(), text.chars().count());
        prop_assert!(find(&masked).is_empty(), "{:?} -> {:?} ({:?})", text, masked, hits);
        prop_assert_eq!(mask(&masked).0, masked);
    }

    #[test]
    fn no_text_makes_it_panic(text in any::<String>(), digits in "[0-9Xx \n\u{200b}０-９-]{0,80}") {
        for text in [text.clone(), digits.clone(), format!("{text}{digits}")] {
            for hit in find(&text).into_iter().chain(find_in_table(&text)) {
                prop_assert!(text.get(hit.range.clone()).is_some(), "{:?}", hit);
            }
            mask_table(&text);
        }
    }
}
