//! Titles, numbers, orders and dates of documents: the policy's own and those it names.

use super::*;

/// What is said with these codes of a policy and a sentence about it.
#[track_caller]
fn check_said(policy: &str, codes: &[&str], cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        let text = if text.contains('\n') {
            (*text).to_owned()
        } else {
            format!("# 政策解读\n\n## 一、主要内容\n\n{text}\n")
        };
        let found = codes_of(found_between(policy, &text)).into_iter();
        let found: Vec<_> =
            found.filter(|said| codes.iter().any(|code| said.starts_with(code))).collect();
        assert_eq!(found.join(" "), *expected, "{text}");
    }
}

const ORDER: &str = "# 示例市停车管理办法\n\n（2027年3月1日示例市人民政府令第86号公布　自2027年4月1日起施行）\n\n\
                     第一条 停车场应当公示标准。\n\n第二条 本办法自2027年4月1日起施行。\n";

#[test]
fn another_order_is_found_however_it_is_said() {
    check_said(
        ORDER,
        &["TS505"],
        &[
            ("《办法》已以市政府令第68号公布。", "TS505"),
            ("《办法》已由市政府令第68号公布。", "TS505"),
            (
                "《示例市停车管理办法》（以下简称《办法》）已于2027年3月1日以市人民政府令第68号公布。",
                "TS505",
            ),
            ("《办法》（示例市人民政府令第68号）自2027年4月1日起施行。", "TS505"),
            ("《办法》以第68号政府令公布。", "TS505"),
            ("《办法》以市人民政府第68号令公布。", "TS505"),
            ("《办法》由市政府公布（示例市人民政府令第68号）。", "TS505"),
            ("《办法》已于2027年3月1日以市人民政府令第86号公布。", ""),
            ("《办法》已于2019年3月1日以市人民政府令第12号公布。", ""),
            ("《办法》（国务院令第711号）是依据。", ""),
            ("原《办法》（市人民政府令第12号）同时废止。", ""),
        ],
    );
}

#[test]
fn the_day_an_order_was_made_public_is_the_policys() {
    check_said(
        ORDER,
        &["TS120", "TS121", "TS126"],
        &[
            ("《办法》于2027年3月1日以示例市人民政府令第86号公布，自2027年4月1日起施行。", ""),
            ("《办法》于2027年3月1日公布。", ""),
            ("《办法》自2027年3月1日起施行。", "TS126!"),
        ],
    );
}

#[test]
fn a_title_without_marks_names_another_year_or_another_thing() {
    let policy =
        |title: &str| format!("{title}\n\n各区：\n\n一、补贴500元。\n\n某局\n\n2026年4月1日\n");
    let titled = |title: &str| format!("{title}\n\n一、主要内容\n\n补贴500元。\n");
    for (own, title, expected) in [
        ("2026年示例区义务教育招生入学实施意见", "2025年示例区义务教育招生入学政策解读", "TS137"),
        ("2026年示例区义务教育招生入学实施意见", "2026年示例区义务教育招生入学政策解读", ""),
        ("示例区高层次人才安家补贴实施办法", "示例区高层次人才租房补贴实施办法政策解读", "TS137"),
        (
            "示例区高层次人才安家补贴实施办法",
            "关于示例区高层次人才租房补贴实施办法的政策解读",
            "TS137",
        ),
        ("示例区高层次人才安家补贴实施办法", "示例区人才安家补贴办法政策解读", ""),
        (
            "关于印发《示例区人才安家补贴办法》的通知",
            "关于示例区人才租房补贴办法的政策解读",
            "TS137",
        ),
        ("关于印发《示例区人才安家补贴办法》的通知", "关于示例区人才安家补贴办法的政策解读", ""),
        ("关于调整示例区低保标准的通知", "关于提高示例区低保标准的通知政策解读", ""),
    ] {
        check_said(&policy(own), &["TS137"], &[(titled(title).as_str(), expected)]);
    }
}

#[test]
fn titles_of_other_documents_are_quoted_as_the_policy_quotes_them() {
    let policy = "一、依据《中华人民共和国义务教育法》《示例市人才发展促进条例》和《示例部办公厅关于做好培训的通知》（示办计财〔2024〕6号）制定。\n\n\
                  二、《示例区人才安家费发放办法》（示政规〔2021〕6号）同时废止。示社厅发〔2025〕40号继续执行。";
    check_said(
        &format!("# 示例区人才办法\n\n{policy}\n"),
        &["TS504", "TS505"],
        &[
            ("依据是《示例市人才发展促进条例》。", ""),
            ("依据是《示例市人才发展条例》。", "TS504"),
            ("依据是《示例省人才发展条例》。", ""),
            ("依据是《示例市产业发展促进条例》。", ""),
            ("依据是《中华人民共和国教育法》。", ""),
            ("《示例区人才安家补贴发放办法》（示政规〔2021〕6号）同时废止。", "TS504"),
            ("原《示例区人才安家费管理办法》同时废止。", "TS504"),
            ("原《示例区人才安家费发放办法》同时废止。", ""),
            ("《示例部办公厅关于做好培训的通知》（示办财计〔2024〕6号）提出要求。", "TS505"),
            ("按示社厅发〔2025〕4号执行。", "TS505"),
            ("按示社厅发〔2025〕40号执行。", ""),
            ("按示社厅发〔2025〕71号执行。", ""),
        ],
    );
}

#[test]
fn a_validity_in_years_and_its_last_day_are_held_against_each_other() {
    for (policy, expected) in [
        ("本通知自2027年1月1日起施行，有效期5年，至2030年12月31日止。", "TS143"),
        ("本通知自2027年1月1日起施行，有效期5年，有效期至2030年12月31日。", "TS143"),
        ("本通知自2027年1月1日起施行，有效期5年，自2027年1月1日至2030年12月31日。", "TS143"),
        ("本通知自2027年1月1日起施行，有效期5年（至2030年12月31日）。", "TS143"),
        ("本通知自2027年1月1日起施行，有效期5年，至2031年12月31日止。", ""),
    ] {
        let said = codes_of(found_of(policy, "有效期至2031年12月31日。"));
        assert!(said.iter().all(|code| !code.ends_with('!')), "{policy}: {said:?}");
        let said: Vec<_> = said.into_iter().filter(|code| code == "TS143").collect();
        assert_eq!(said.concat(), expected, "{policy}");
    }
}

#[test]
fn another_disclosure_mark_is_pointed_at() {
    let policy = "关于做好示例工作的通知\n\n一、补贴500元。\n\n某局\n\n2026年11月1日\n\n（此件依申请公开）\n";
    let found = found_between(policy, "# 解读\n\n补贴500元。\n");
    let place = found.iter().find(|found| found.code == "TS132").map(|found| found.line);
    assert_eq!(place, Some(Some(9)));
}
