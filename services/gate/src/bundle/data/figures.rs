//! What a cell of figures holds: digits, a gap, or neither and why.

use lockstep_proto::finding::Finding;

use super::NAME_CHARS;
use crate::{
    codes::{self, At as _},
    document::first_chars,
};

/// How data files write that a figure is not known.
pub(super) const GAPS: [&str; 12] =
    ["", "—", "–", "-", "…", "/", "...", "——", "--", "……", "无", "暂无"];

/// Why a cell is no figure.
pub(super) fn refused(text: &str, column: &str, unit: &str, are_cards: bool) -> Finding {
    if GAPS.contains(&text) {
        return codes::BAD_DATA.about("这种图不能有空缺 this kind takes no gaps").advising(
            "补上数字，或改用可以有空缺的 column、grouped_column、grouped_bar、line、small_multiples、heat"
                .to_owned(),
            "fill in the figure, or take a kind that may have gaps: column, grouped_column, grouped_bar, \
             line, small_multiples, heat"
                .to_owned(),
        );
    }
    let plain = half_width(text);
    if parse_figure(&plain).is_some() {
        let why = "数字须为半角，中间不留空格 half-width digits, no spaces";
        return codes::BAD_DATA.about(format!("{why}: {text:?} → {plain:?}"));
    }
    let column = first_chars(column, NAME_CHARS);
    if text.ends_with(['%', '％']) {
        return codes::BAD_DATA
            .about(format_args!(
                "{text:?} 带百分号，而 unit 是“{unit}” it has a sign of per cent, and the chart's unit is “{unit}”（“{column}”列 \
                 column）"
            ))
            .advising(
                "整张图都是百分比的，写 unit = \"%\"，表格不用改；数字另有单位的，在 Excel 中把格式改为数值，CSV 中去掉百分号"
                    .to_owned(),
                "where all figures are per cents, let the chart have unit = \"%\" and leave the file as it is; where they \
                 count something else, make the format Number in Excel, or drop the sign in a CSV"
                    .to_owned(),
            );
    }
    let finding =
        codes::BAD_DATA.about(format!("不是数字 no figure: {text:?}（“{column}”列 column）"));
    if let Some((least, most)) = range(text) {
        return finding.advising(
            format!(
                "一格只写一个数：范围写成两行，如“最低补贴,{least}”和“最高补贴,{most}”；要画出范围的用 range，最低、最高各一列"
            ),
            format!(
                "one figure in a cell: make two rows of a range, as 最低补贴,{least} and 最高补贴,{most}; to draw it take \
                 range, with a column of the least and one of the greatest"
            ),
        );
    }
    if are_cards && !text.contains(|c: char| c.is_ascii_digit()) {
        return finding.advising(
            "数字卡片每张写一个数：这一行没有数的，请删去，写进正文；要对照文字的用 compare".to_owned(),
            "a card shows one figure each: a row without one belongs in the text; words beside each other are a compare"
                .to_owned(),
        );
    }
    finding.advising(
        "该格只写数字：“约”“以上”等字写进标题或副题，单位写进 unit 或表头的括号里，如 数量（个）；没有数的留空或写 —"
            .to_owned(),
        "digits only in this cell: what is said of them belongs in the headline or subtitle, the unit in `unit` or in \
         brackets in the heading; leave it empty or write — where there is none"
            .to_owned(),
    )
}

/// The least and the greatest of 500—1000, 500至1000元.
fn range(text: &str) -> Option<(String, String)> {
    let (least, most) = text.split_once(['—', '–', '-', '－', '~', '～', '至'])?;
    let figure = |text: &str| {
        let digits = half_width(text.trim_matches('—'));
        let digits = digits.trim_end_matches(|c: char| !c.is_ascii_digit());
        Some((parse_figure(digits)?, digits.to_owned()))
    };
    let (least, most) = (figure(least)?, figure(most)?);
    (least.0 < most.0).then_some((least.1, most.1))
}

/// A figure as it would be taken: １２３ as 123, without spaces.
fn half_width(text: &str) -> String {
    let shown = text.chars().filter(|c| !c.is_whitespace());
    let half = shown.map(|c| match u32::from(c) {
        // The full-width forms stand in the order of ASCII (Unicode, FF01 to FF5E).
        code @ 0xff01..=0xff5e => char::from_u32(code - 0xfee0).unwrap_or(c),
        _ => c,
    });
    half.collect()
}

/// Digits with an optional sign and decimals; thousands separators are taken where they are right.
pub(super) fn parse_figure(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['-', '−', '+']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let groups: Vec<&str> = whole.split(',').collect();
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let grouped = match groups.as_slice() {
        [whole] => digits(whole),
        [first, rest @ ..] => {
            digits(first) && first.len() <= 3 && rest.iter().all(|g| digits(g) && g.len() == 3)
        }
        [] => false,
    };
    if !grouped || !digits(fraction) {
        return None;
    }
    let plain = text.replace(',', "").replace('−', "-");
    plain.parse().ok().filter(|figure: &f64| figure.is_finite())
}

/// What a spreadsheet would show of a figure that it reckoned: 31.95 of 31.950000000000003, whose last digits are those of
/// a binary fraction. Others stay as they are written.
pub(super) fn without_tail(text: &str) -> Option<String> {
    /// As many as a double holds for certain.
    const DIGITS_MAX: usize = 15;
    let value = parse_figure(text)?;
    let plain = text.replace(',', "");
    let (whole, fraction) = plain.split_once('.')?;
    let whole = whole.trim_start_matches(|c: char| !matches!(c, '1'..='9'));
    let zeros =
        if whole.is_empty() { fraction.len() - fraction.trim_start_matches('0').len() } else { 0 };
    if whole.len() + fraction.len() - zeros <= DIGITS_MAX {
        return None;
    }
    let decimals = (DIGITS_MAX + zeros).saturating_sub(whole.len());
    let rounded = format!("{value:.decimals$}");
    let is_fraction = rounded.contains('.');
    let rounded =
        if is_fraction { rounded.trim_end_matches('0').trim_end_matches('.') } else { &rounded };
    Some(rounded.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_of_binary_fractions_are_cut() {
        for (text, expected) in [
            ("31.950000000000003", Some("31.95")),
            ("0.30000000000000004", Some("0.3")),
            ("-1.1500000000000001", Some("-1.15")),
            ("1,234.5000000000002", Some("1234.5")),
            ("0.012345678901234567", Some("0.0123456789012346")),
            ("99.99999999999999999", Some("100")),
            ("123456789012345678.5", Some("123456789012345680")),
            ("31.95", None),
            ("3.14159265358979", None),
            ("0.00001234", None),
            ("12345678901234567890", None),
            ("无", None),
        ] {
            assert_eq!(without_tail(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_range_is_told_with_what_to_write_instead() {
        for text in [
            "500—1000",
            "500-1000",
            "500～1000元",
            "500 至 1000",
            "500元——1000元",
            "５００－１０００",
        ] {
            for are_cards in [true, false] {
                let help = refused(text, "数", "元", are_cards).help;
                let is_said = help.contains("“最低补贴,500”和“最高补贴,1000”");
                assert!(is_said && help.contains("range"), "{text}: {help}");
            }
        }
        for text in ["2026-03", "2026-03-05", "约500", "1000—500", "A—B", "—500"] {
            let help = refused(text, "数", "元", false).help;
            assert!(!help.contains("最低补贴"), "{text}: {help}");
        }
    }

    #[test]
    fn figures_are_digits_or_nothing() {
        assert_eq!(parse_figure("63,897.16"), Some(63897.16));
        assert_eq!(parse_figure("−3.5"), Some(-3.5));
        for bad in ["", "约3万", "1,00", "1e5", "NaN", "inf", "3%", ".5", "5."] {
            assert_eq!(parse_figure(bad), None, "{bad:?} was taken");
        }
    }
}
