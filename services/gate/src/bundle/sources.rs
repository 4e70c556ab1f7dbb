//! What the statements of `bundle.toml` name as their source: an address is one that readers can open, a figure
//! has digits, a link or waiver is of some clause.

use lockstep_proto::finding::Finding;

use super::{SETTINGS, Settings};
use crate::{
    codes::{self, At as _},
    pair::is_filler,
};

/// TS131 for addresses that lead nowhere, and for statements about nothing.
pub(super) fn check(settings: &Settings) -> Vec<Finding> {
    let stated = &settings.stated;
    let at = |finding: Finding, path: String| {
        let finding = finding.in_member(SETTINGS);
        let holder = path.rsplit_once('.').map_or("", |(holder, _)| holder);
        match settings.places.get(&path).or_else(|| settings.places.get(holder)) {
            Some((line, column)) => finding.at_place(*line, *column),
            None => finding,
        }
    };
    let external = stated.external.iter().enumerate();
    let sources = external.clone().map(|(i, e)| (&e.source, format!("external.{i}.source")));
    let charts = settings.charts.iter().enumerate();
    let sources = sources.chain(charts.map(|(i, c)| (&c.source, format!("chart.{i}.source"))));
    let bad_sources = sources.filter_map(|(source, path)| Some((bad_address(source)?, path)));
    let bad_figures =
        external.filter(|(_, external)| !is_about_figure(&external.figure)).map(|(i, e)| {
            (about_nothing(&e.figure, "不是数字 is no figure"), format!("external.{i}.figure"))
        });
    let links = stated.links.iter().map(|link| &link.clauses).enumerate();
    let links = links.map(|(i, clauses)| (clauses, format!("link.{i}.clauses")));
    let waivers = stated.waivers.iter().map(|waiver| &waiver.clauses).enumerate();
    let waivers = waivers.map(|(i, clauses)| (clauses, format!("waiver.{i}.clauses")));
    let bad_clauses = links
        .chain(waivers)
        .filter(|(clauses, _)| clauses.is_empty())
        .map(|(_, path)| (about_nothing("clauses", "没有写条款 names no clause"), path));
    let waivers = stated.waivers.iter().enumerate();
    let reasons = waivers.map(|(i, waiver)| (&waiver.reason, format!("waiver.{i}.reason")));
    let elements = stated.elements.iter().enumerate();
    let reasons = reasons.chain(elements.filter_map(|(i, element)| {
        Some((element.not_applicable.as_ref()?, format!("element.{i}.not_applicable")))
    }));
    let weak_reasons = reasons.filter_map(|(reason, path)| Some((weak_reason(reason)?, path)));
    let ground = &settings.metadata.disclosure.ground;
    let bad_ground = ground_against(ground).map(|found| (found, "disclosure.ground".to_owned()));
    let all =
        bad_sources.chain(bad_figures).chain(bad_clauses).chain(weak_reasons).chain(bad_ground);
    all.map(|(finding, path)| at(finding, path)).collect()
}

/// What people write where they have no reason.
const WEAK: [&str; 16] = [
    "就这样",
    "以后再说",
    "没必要",
    "没有必要",
    "不需要",
    "不需要解读",
    "不用解读",
    "不想解读",
    "暂不解读",
    "没什么可解读的",
    "领导说不用",
    "领导要求",
    "因为需要",
    "根据需要",
    "工作需要",
    "随便",
];

/// What is said of a reason that gives none, and of one Latin word: it warns, for some may be meant.
fn weak_reason(reason: &str) -> Option<Finding> {
    let letters: String = reason.chars().filter(|c| c.is_alphanumeric()).collect();
    let is_word =
        letters.bytes().all(|b| b.is_ascii_alphanumeric()) && !reason.trim().contains(' ');
    let is_weak = WEAK.contains(&letters.as_str()) || is_word;
    // Of what says nothing at all TS131 is said already.
    (is_weak && !is_filler(reason))
        .then(|| about_nothing(reason.trim(), "没有说出理由 gives no reason").into_warning())
}

/// What is said of a ground for disclosure that is one against it (政府信息公开条例, Art. 14 to 16).
fn ground_against(ground: &str) -> Option<Finding> {
    const AGAINST: [&str; 3] = ["第十四条", "第十五条", "第十六条"];
    const FOR: [&str; 5] = ["第十三条", "第十九条", "第二十条", "第二十一条", "第五十五条"];
    let names = |articles: &[&str]| articles.iter().any(|article| ground.contains(article));
    let is_against = ground.contains("政府信息公开条例") && names(&AGAINST) && !names(&FOR);
    is_against.then(|| {
        let why = "这一条规定的是不予公开的情形 this article is about what is not disclosed";
        about_nothing(ground.trim(), why).into_warning().advising(
            "主动公开的依据一般是第十九条至第二十一条".to_owned(),
            "disclosure by oneself rests on articles 19 to 21 as a rule".to_owned(),
        )
    })
}

fn about_nothing(what: &str, why: &str) -> Finding {
    codes::NO_REASON.about(format_args!("{what}：{why}"))
}

/// Whether there is a figure in it, or a word that the gate compares as it does figures: 当月起停发.
fn is_about_figure(figure: &str) -> bool {
    figure.chars().any(is_figure) || crate::pair::has_turn(figure)
}

fn is_figure(c: char) -> bool {
    c.is_numeric() || "〇零一二两三四五六七八九十百千万亿半几数".contains(c)
}

/// What is said of a source with an address that no reader can open. Beside other words it only warns.
fn bad_address(source: &str) -> Option<Finding> {
    let address = addresses(source).find(|address| !is_open_address(address))?;
    let finding = codes::NO_REASON
        .about(format_args!("{address}：读者打不开的地址 an address that readers cannot open"))
        .advising(
            "写成 http:// 或 https:// 加网站域名的完整地址，或写明出处的名称".to_owned(),
            "write the whole address, http:// or https:// and the site's name, or name the source in words".to_owned(),
        );
    let is_all = source.trim() == address;
    Some(if is_all { finding } else { finding.into_warning() })
}

/// Words that look like addresses: with a scheme, of a folder or a server of an office.
fn addresses(source: &str) -> impl Iterator<Item = &str> {
    let words = source.split(|c: char| c.is_whitespace() || "，。；、（）()《》“”".contains(c));
    words.filter(|word| {
        let lower = word.to_ascii_lowercase();
        let schemes = ["http:", "https:", "ftp:", "file:", "javascript:", "data:", "www."];
        let is_drive = word.get(1..3).is_some_and(|two| two == ":\\")
            && word.starts_with(|c: char| c.is_ascii_alphabetic());
        lower.contains("://")
            || schemes.iter().any(|s| lower.starts_with(s))
            || is_drive
            || word.starts_with("\\\\")
    })
}

/// Whether it is an `http` or `https` address with the name of a public site (RFC 9110, 4.2).
fn is_open_address(address: &str) -> bool {
    let lower = address.to_ascii_lowercase();
    let scheme = ["https://", "http://"].iter().find_map(|scheme| lower.strip_prefix(scheme));
    let Some(rest) = scheme.or_else(|| Some(lower.as_str()).filter(|l| l.starts_with("www.")))
    else {
        return false;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.split_once(':').map_or(authority, |(host, _)| host);
    let labels: Vec<&str> = host.split('.').collect();
    let is_label =
        |label: &&str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    // A last part of digits alone makes an IP address, which no site gives out.
    let is_named = labels
        .last()
        .is_some_and(|last| last.chars().count() > 1 && last.contains(char::is_alphabetic));
    labels.len() > 1 && labels.iter().all(is_label) && is_named
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_nobody_can_open_is_no_source() {
        for bad in [
            "http://",
            "https:///x",
            "http:/example.org",
            "http://localhost/x",
            "http://10.0.0.1/数据",
            "http://内网/x",
            "ftp://example.org/x",
            "javascript:alert(1)",
            "file:///C:/数据.xlsx",
            "D:\\统计\\数据.xlsx",
            "\\\\server\\数据",
            "http://..",
            "https://example/x",
        ] {
            assert!(bad_address(bad).is_some(), "{bad}");
        }
        for good in [
            "https://www.example.org/stats",
            "http://example.org:8080/x?y=1#z",
            "www.example.org",
            "https://示例.政务/统计",
            "市统计局《2026年统计公报》，见 https://example.org/x。",
            "区统计局",
            "教育部：2026年数据",
        ] {
            assert!(bad_address(good).is_none(), "{good}");
        }
    }
}
