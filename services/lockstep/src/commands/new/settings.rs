//! `bundle.toml` as `new` writes it: each line says where its entry was found, or what is to be entered.

use std::{collections::BTreeSet, fmt};

use lockstep_proto::{edition::Slot, time::Timestamp};
use toml_edit::{Array, Value};

use crate::commands::template::ELEMENTS;

/// An entry and where it was found.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Field {
    value: String,
    from: String,
}

impl Field {
    /// Nothing if there is nothing in it.
    pub(super) fn of(value: &str, from: &str) -> Option<Self> {
        let value = value.trim();
        (!value.is_empty()).then(|| Self { value: value.to_owned(), from: from.to_owned() })
    }

    /// The entry itself.
    pub(super) fn value(&self) -> &str {
        &self.value
    }

    /// The same entry, taken over from elsewhere.
    pub(super) fn taken(&self, from: &str) -> Self {
        Self { value: self.value.clone(), from: from.to_owned() }
    }

    /// The entry as several.
    pub(super) fn list(&self) -> Vec<String> {
        let parts = self.value.split(['、', '，', ',', ';', '；']).map(str::trim);
        parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }
}

/// Everything the file says.
pub(super) struct Settings {
    pub(super) title: Option<Field>,
    pub(super) number: Option<Field>,
    pub(super) written_on: Option<Field>,
    pub(super) slots: BTreeSet<Slot>,
    pub(super) drafters: Option<Field>,
    pub(super) drafting: Option<Field>,
    pub(super) issuing: Option<Field>,
    pub(super) attribute: Option<Field>,
    pub(super) ground: Option<Field>,
    pub(super) purpose: Option<Field>,
    pub(super) scope: Option<Field>,
    pub(super) procedure: Option<Field>,
    pub(super) form: Option<Field>,
    /// Elements that do not apply: `要素名：理由`, one after another.
    pub(super) inapplicable: Option<Field>,
    pub(super) not_before: Timestamp,
    pub(super) not_after: Option<Timestamp>,
    pub(super) channels: Vec<String>,
}

/// What most policies of an education office are published under.
const GROUND: &str = "《中华人民共和国政府信息公开条例》第二十条";

impl Settings {
    /// The keys left empty.
    pub(super) fn lacking(&self) -> Vec<&'static str> {
        let all = [
            ("title", &self.title),
            ("drafters", &self.drafters),
            ("drafting", &self.drafting),
            ("issuing", &self.issuing),
            // Whoever issues it publishes it, unless somebody says otherwise.
            ("publishing", &self.issuing),
            ("purpose", &self.purpose),
            ("scope", &self.scope),
            ("procedure", &self.procedure),
            ("form", &self.form),
        ];
        all.into_iter().filter(|(_, field)| field.is_none()).map(|(key, _)| key).collect()
    }

    fn attribute(&self) -> (&'static str, String) {
        let said = self.attribute.as_ref().map(|field| field.value.as_str()).unwrap_or_default();
        let key = match said {
            _ if said.contains("依申请") => "on_request",
            _ if said.contains("不予") => "withheld",
            _ => "proactive",
        };
        (
            key,
            self.attribute
                .as_ref()
                .map_or("默认 the usual".to_owned(), |field| field.from.clone()),
        )
    }
}

impl fmt::Display for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seven_days = self.not_before.plus_millis(7 * 86_400_000);
        let not_after = self.not_after.unwrap_or(seven_days);
        let (attribute, attribute_from) = self.attribute();
        let slots: Array = self.slots.iter().map(|slot| slot.name()).collect();
        let channels = if self.channels.is_empty() {
            ["portal", "folder"].into_iter().collect::<Array>()
        } else {
            self.channels.iter().collect()
        };
        writeln!(f, "# 由 lockstep new 写成：# 后是出处；请核对，有误的改正，空着的补上。")?;
        writeln!(
            f,
            "# By lockstep new: behind # stands where an entry was found. Correct and complete it."
        )?;
        writeln!(f, "kind = \"issue\"")?;
        text(f, "title", self.title.as_ref(), "标题 title")?;
        optional(f, "number", self.number.as_ref())?;
        optional(f, "written_on", self.written_on.as_ref())?;
        writeln!(f, "slots = {}  # 文中的留空项 slots in the texts", Value::from(slots))?;
        list(f, "drafters", self.drafters.as_ref(), "拟稿人在系统中的编号 drafters' ids")?;
        writeln!(f, "\n[agencies]")?;
        list(f, "drafting", self.drafting.as_ref(), "起草部门 drafting unit")?;
        list(f, "issuing", self.issuing.as_ref(), "发文机关 issuing agency")?;
        let issuing = self.issuing.as_ref().map(Field::list).unwrap_or_default();
        let from = match issuing.len() {
            ..=1 => "发文机关 the issuing agency",
            _ => "首个发文机关，请核对 the first issuing agency: check",
        };
        let publishing = issuing.first().and_then(|first| Field::of(first, from));
        text(f, "publishing", publishing.as_ref(), "发布单位 publishing agency")?;
        writeln!(f, "\n[disclosure]")?;
        writeln!(f, "attribute = \"{attribute}\"  # {attribute_from}")?;
        let usual = Field::of(GROUND, "默认，请写到项 the usual; name the item");
        text(f, "ground", self.ground.as_ref().or(usual.as_ref()), "公开依据 legal ground")?;
        writeln!(f, "\n[companion]\ntype = \"own\"")?;
        writeln!(f, "\n[plan]")?;
        text(f, "purpose", self.purpose.as_ref(), "解读目的 purpose")?;
        text(f, "scope", self.scope.as_ref(), "解读范围 scope")?;
        text(f, "procedure", self.procedure.as_ref(), "解读程序 procedure")?;
        text(f, "form", self.form.as_ref(), "解读形式 form")?;
        if let Some(said) = &self.inapplicable {
            elements(f, &said.value)?;
        }
        writeln!(f, "\n[order]")?;
        writeln!(f, "not_before = \"{}\"", self.not_before.to_beijing_text())?;
        writeln!(f, "not_after = \"{}\"", not_after.to_beijing_text())?;
        writeln!(f, "required = {}", Value::from(channels))
    }
}

fn text(f: &mut fmt::Formatter<'_>, key: &str, field: Option<&Field>, what: &str) -> fmt::Result {
    match field {
        Some(field) => {
            writeln!(f, "{key} = {}  # {}", Value::from(field.value.as_str()), field.from)
        }
        None => writeln!(f, "{key} = \"\"  # 待填 to be entered: {what}"),
    }
}

fn list(f: &mut fmt::Formatter<'_>, key: &str, field: Option<&Field>, what: &str) -> fmt::Result {
    match field {
        Some(field) => {
            let values: Array = field.list().into_iter().collect();
            writeln!(f, "{key} = {}  # {}", Value::from(values), field.from)
        }
        None => writeln!(f, "{key} = []  # 待填 to be entered: {what}"),
    }
}

fn optional(f: &mut fmt::Formatter<'_>, key: &str, field: Option<&Field>) -> fmt::Result {
    match field {
        Some(_) => text(f, key, field, ""),
        None => Ok(()),
    }
}

/// A Word table's cell comes as one line: an entry begins where an element is named.
fn elements(f: &mut fmt::Formatter<'_>, said: &str) -> fmt::Result {
    let mut named: Vec<(usize, usize, &str)> = ELEMENTS
        .iter()
        .filter_map(|(key, name)| {
            let start = said.find(name)?;
            let behind = said.get(start + name.len()..)?;
            let colon = behind.chars().next().filter(|c| matches!(c, '：' | ':'))?;
            Some((start, start + name.len() + colon.len_utf8(), *key))
        })
        .collect();
    named.sort_unstable();
    if named.first().is_none_or(|(start, ..)| *start > 0) {
        writeln!(f, "\n# 无法读作要素和理由 not read as elements with reasons: {said}")?;
    }
    let ends = named.iter().skip(1).map(|(start, ..)| *start).chain([said.len()]);
    for ((_, start, key), end) in named.iter().zip(ends) {
        let reason = said.get(*start..end).unwrap_or_default();
        let reason = reason.trim_matches(|c: char| c.is_whitespace() || "；;。".contains(c));
        writeln!(f, "\n[[element]]\nelement = \"{key}\"")?;
        writeln!(f, "not_applicable = {}", Value::from(reason))?;
    }
    Ok(())
}
