//! The manifest 清单: the canonical list of one revision of a bundle. Its digest is the revision's
//! identity, and what every sign-off is over.

mod chart;

use serde::{Deserialize, Serialize};

pub use self::chart::{Cells, ChartKind, ChartSpec};

use crate::{
    digest::Digest,
    document::schema,
    edition::Slot,
    ids::{BundleId, PersonId, SubmissionId},
    release::Generation,
    time::Timestamp,
};

schema! {
    /// `lockstep.manifest/1`
    ManifestSchema, "lockstep.manifest/1"
}

/// One revision 版次 of a bundle, complete with what was rendered from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Always `lockstep.manifest/1`.
    pub schema: ManifestSchema,
    /// The bundle this is a revision of.
    pub bundle: BundleId,
    /// 1, 2, 3 … within the bundle; a refused submission uses its number up.
    pub revision: u32,
    /// Fresh at every submission, so that no signature outlives a return or a withdrawal.
    pub submission: SubmissionId,
    /// What the bundle is.
    pub kind: BundleKind,
    /// The released manifest that this revision corrects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revises: Option<Digest>,
    /// The generation of this bundle that was last known to be dark when this was drafted. A
    /// withdrawal that is confirmed later voids every sign-off over it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_dark: Option<Generation>,
    /// Everyone who drafted: those declared, and whoever submitted any revision, declared or not.
    /// Sorted. None of them may sign.
    pub drafters: Vec<PersonId>,
    /// The agencies, by role.
    pub agencies: Agencies,
    /// What stands beside the policy.
    pub companion: Companion,
    /// What is owed after an interpretation that is only a brief one; only where a profile allows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brief: Option<Brief>,
    /// Title, number, dates, disclosure attribute, plan.
    pub metadata: Metadata,
    /// Which policy text the interpretation explains.
    pub pairing: Pairing,
    /// What the drafters state about how the interpretation explains the policy.
    #[serde(default, skip_serializing_if = "Stated::is_empty")]
    pub stated: Stated,
    /// The charts that were drawn.
    pub charts: Vec<ChartSpec>,
    /// Every file, sorted by path.
    pub members: Vec<Member>,
}

impl Manifest {
    /// The members of one role, in the order of their paths.
    pub fn members_of(&self, role: Role) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(move |member| member.role == role)
    }
}

/// What a bundle is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum BundleKind {
    /// A policy with its interpretation.
    Issue,
    /// A later interpretation 施行后解读 of a released policy.
    Supplement {
        /// The edition it is added to.
        edition: Digest,
    },
    /// A draft that is published for comment 征求意见稿, with its interpretation.
    DraftForComment {
        /// The last instant for comments.
        comments_until: Timestamp,
    },
}

/// The agencies, by what each does. Names as they stand on the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agencies {
    /// Who drafted it 起草部门; at least one.
    pub drafting: Vec<String>,
    /// Whose document it is 发文机关; at least one.
    pub issuing: Vec<String>,
    /// Who leads 牵头, where several draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<String>,
    /// Who joins 会签.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub joint: Vec<String>,
    /// Who publishes it 发布单位.
    pub publishing: String,
}

/// What stands beside the policy 配套解读.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Companion {
    /// An interpretation of our own: a member of this manifest.
    Own,
    /// The issuing authority's interpretation, archived.
    Upstream {
        /// Where it was published.
        source: String,
        /// The digest of the archived copy.
        archived: Digest,
    },
    /// None; only where a profile allows it.
    Exempt {
        /// The legal ground.
        ground: String,
        /// Why it applies here.
        reason: String,
        /// Who decided.
        decider: String,
    },
}

/// Why the interpretation is only a brief one 简要解读, and by when the full one follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Brief {
    /// On what authority 依据.
    pub authority: String,
    /// Why there was no time 理由.
    pub reason: String,
    /// Who decided 决定人.
    pub decider: String,
    /// The last day for the full one, such as `2027-01-05`.
    pub full_by: String,
}

/// Data about the policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metadata {
    /// The policy's title 标题.
    pub title: String,
    /// What is known before 签发; each of these or an open slot, never both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// 成文日期, as written in the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written_on: Option<String>,
    /// 印发日期, as written in the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub printed_on: Option<String>,
    /// 索引号; an opaque text, its form differs by issuer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index_number: Option<String>,
    /// What registration has to fill. Sorted.
    pub slots: Vec<Slot>,
    /// 公开属性.
    pub disclosure: Disclosure,
    /// 解读方案.
    pub plan: Plan,
}

/// The disclosure attribute 公开属性 and its ground (政府信息公开条例, Art. 13 to 16 and 20).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disclosure {
    /// Whether it is made public.
    pub attribute: Attribute,
    /// The article that says so.
    pub ground: String,
}

/// The three attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attribute {
    /// 主动公开
    Proactive,
    /// 依申请公开
    OnRequest,
    /// 不予公开
    Withheld,
}

/// The plan of the interpretation 解读方案 (嘉定区教育局2020年政务公开工作要点, point 4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// 解读目的
    pub purpose: String,
    /// 解读范围
    pub scope: String,
    /// 解读程序
    pub procedure: String,
    /// 解读形式
    pub form: String,
}

/// Which policy text the interpretation was drafted for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pairing {
    /// The policy core 政策正文 of this revision: the policy member's bytes, slots unfilled.
    pub policy: Digest,
    /// The policy core that a drafter confirmed the interpretation against. Another than
    /// `policy`: the interpretation is stale. None: nobody confirmed it yet.
    pub explains: Option<Digest>,
}

/// What the drafters state about how the interpretation explains the policy. Stated by people, never
/// derived from equal numbers; signed with everything else.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Stated {
    /// Which unit of the interpretation explains which clauses 对应关系.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// Clauses that need no explanation, with the reason.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub waivers: Vec<Waiver>,
    /// Where elements are answered, or why they do not apply.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub elements: Vec<ElementAnswer>,
    /// Figures that come from elsewhere, with their source.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub external: Vec<ExternalFigure>,
    /// Documents known to be repealed or superseded, that must not be explained as if in force.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub repealed: Vec<RepealedDocument>,
}

impl Stated {
    /// Whether nothing is stated.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A unit of the interpretation and the clauses it explains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// The unit's path in the interpretation, as `lockstep outline` shows it.
    pub unit: String,
    /// Clauses of the policy: paths, or as people cite them (第六条第二款, 二、（三）1.).
    pub clauses: Vec<String>,
}

/// A clause that needs no explanation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// Clauses of the policy.
    pub clauses: Vec<String>,
    /// Why.
    pub reason: String,
}

/// An element of the interpretation that is answered somewhere, or does not apply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ElementAnswer {
    /// Which.
    pub element: Element,
    /// The unit of the interpretation that answers it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Why it does not apply here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_applicable: Option<String>,
}

/// The nine elements of an interpretation (国办发〔2016〕80号, each where applicable).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Element {
    /// 背景依据
    Background,
    /// 目标任务
    Goals,
    /// 主要内容
    Content,
    /// 适用范围
    Scope,
    /// 执行标准
    Standard,
    /// 注意事项
    Notes,
    /// 关键词诠释
    Terms,
    /// 惠民利民举措
    Benefits,
    /// 新旧政策差异
    Changes,
}

/// A figure of the interpretation that the policy does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExternalFigure {
    /// As the interpretation writes it: `5万户`.
    pub figure: String,
    /// Where it comes from.
    pub source: String,
}

/// A document that another one ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RepealedDocument {
    /// Its title, without 《》.
    pub title: String,
    /// Its number, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The document that ended it: title or number.
    pub by: String,
}

/// One file of a revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Relative, `/` between parts, NFC; two that differ only in case are refused.
    pub path: String,
    /// What it is.
    pub role: Role,
    /// IANA media type.
    pub media_type: String,
    /// In bytes.
    pub size: u64,
    /// Of its bytes, slots unfilled.
    pub digest: Digest,
}

/// What a member is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The policy's text: the policy core.
    Policy,
    /// The interpretation's text.
    Interpretation,
    /// Data that charts are drawn from.
    Data,
    /// An attachment 附件 of the policy, published as it is.
    Attachment,
    /// The policy as an HTML fragment.
    PolicyFragment,
    /// The interpretation as an HTML fragment, charts included.
    InterpretationFragment,
    /// A drawn chart (SVG).
    Chart,
    /// A drawn chart as a picture (PNG), for those who cannot use SVG. Manifests that were sealed before there
    /// were any hold none.
    ChartPicture,
    /// The interpretation as one long picture 长图 (PNG), for messaging channels. At most one.
    LongPicture,
    /// The interpretation as a brochure 宣传手册 (PDF), for printing. At most one.
    Brochure,
}

impl Role {
    /// Whether the explainer makes such members; the rest come from the drafter.
    pub fn is_rendered(self) -> bool {
        match self {
            Self::PolicyFragment
            | Self::InterpretationFragment
            | Self::Chart
            | Self::ChartPicture
            | Self::LongPicture
            | Self::Brochure => true,
            Self::Policy | Self::Interpretation | Self::Data | Self::Attachment => false,
        }
    }

    /// Whether slots may stand in such members. Pictures, data and attachments hold none.
    pub fn has_slots(self) -> bool {
        match self {
            Self::Policy
            | Self::Interpretation
            | Self::PolicyFragment
            | Self::InterpretationFragment => true,
            Self::Data
            | Self::Attachment
            | Self::Chart
            | Self::ChartPicture
            | Self::LongPicture
            | Self::Brochure => false,
        }
    }
}
