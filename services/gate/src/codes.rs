//! Every code the gate can say, with its words. A code keeps its meaning for ever.

use lockstep_proto::finding::{Finding, Severity};

/// One code and its words, Chinese and English.
#[derive(Debug)]
pub struct Code {
    /// Such as `TS104`.
    pub id: &'static str,
    /// Whether it blocks.
    pub severity: Severity,
    /// What is the case.
    pub message: [&'static str; 2],
    /// What to do.
    pub help: [&'static str; 2],
}

impl Code {
    /// A finding that says this, of the bundle as a whole.
    pub fn finding(&self) -> Finding {
        let [message, message_en] = self.message.map(str::to_owned);
        let [help, help_en] = self.help.map(str::to_owned);
        Finding {
            code: self.id.to_owned(),
            severity: self.severity,
            member: None,
            line: None,
            message,
            message_en,
            help,
            help_en,
        }
    }

    /// The same, naming what it is about: an id, a digest, a value, never a member's text.
    pub fn about(&self, detail: impl std::fmt::Display) -> Finding {
        let mut finding = self.finding();
        finding.message = format!("{}：{detail}", finding.message);
        finding.message_en = format!("{}: {detail}", finding.message_en);
        finding
    }
}

/// Where in the bundle a finding is, and how it is said there.
pub trait At {
    /// In this file.
    #[must_use]
    fn in_member(self, path: &str) -> Self;
    /// At this line, from 1.
    #[must_use]
    fn at_line(self, line: usize) -> Self;
    /// Said, and let through: what would block later can still be mended.
    #[must_use]
    fn into_warning(self) -> Self;
    /// With help that fits this very case.
    #[must_use]
    fn advising(self, help: String, help_en: String) -> Self;
}

impl At for Finding {
    fn in_member(mut self, path: &str) -> Self {
        self.member = Some(path.to_owned());
        self
    }

    fn at_line(mut self, line: usize) -> Self {
        self.line = u32::try_from(line).ok();
        self
    }

    fn into_warning(self) -> Self {
        Self { severity: Severity::Warning, ..self }
    }

    fn advising(self, help: String, help_en: String) -> Self {
        Self { help, help_en, ..self }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $severity:ident,
        [$message:literal, $message_en:literal], [$help:literal, $help_en:literal];)+) => {
        $($(#[$doc])* pub const $name: Code = Code {
            id: $id,
            severity: Severity::$severity,
            message: [$message, $message_en],
            help: [$help, $help_en],
        };)+

        /// All codes, in order.
        pub const ALL: &[&Code] = &[$(&$name),+];
    };
}

codes! {
    /// `bundle.toml` cannot be read.
    BAD_SETTINGS = "TS001", Block,
        ["bundle.toml 无法读取", "bundle.toml cannot be read"],
        ["按提示改正该行；未知的键请删除", "mend the line named; remove keys that are not known"];
    /// A file the bundle needs or names is not there.
    NO_FILE = "TS002", Block,
        ["缺少文件", "a file is missing"],
        ["补上文件，或改正 bundle.toml 中的路径", "add the file, or mend the path in bundle.toml"];
    /// A text is not UTF-8, or holds control characters.
    BAD_ENCODING = "TS003", Block,
        ["文本编码不是 UTF-8，或含有控制字符", "the text is not UTF-8, or holds control characters"],
        ["用编辑器“另存为”UTF-8 后再提交", "save it as UTF-8 and submit again"];
    /// A path that leads out, is reserved, or clashes.
    BAD_PATH = "TS004", Block,
        ["文件路径不被接受", "the path is not accepted"],
        [
            "只接受 bundle.toml、policy.docx|md|txt、interpretation.docx|md|txt、data/*.csv、attachments/ 下的 pdf ofd docx xlsx txt csv png jpg zip",
            "accepted: bundle.toml, policy.docx|md|txt, interpretation.docx|md|txt, data/*.csv, and under attachments/ pdf ofd docx xlsx txt csv png jpg zip"
        ];
    /// Too large or too many.
    TOO_LARGE = "TS005", Block,
        ["文件过大或过多", "a file is too large, or there are too many"],
        ["单个文件不超过 10 MiB，合计不超过 20 MiB、200 个", "at most 10 MiB a file, 20 MiB and 200 files in all"];
    /// A text without content.
    EMPTY_TEXT = "TS006", Block,
        ["文本为空", "the text is empty"],
        ["写入正文后再提交", "write the text and submit again"];
    /// Data a chart cannot be drawn from.
    BAD_DATA = "TS007", Block,
        ["图表数据无法使用", "chart data cannot be used"],
        ["检查列名、数字与编码；数字只写数字", "check column names, figures and encoding; figures hold digits only"];
    /// A text places a chart that is not there.
    NO_CHART = "TS008", Block,
        ["文中的图表没有声明，或不在解读中", "a text places a chart that is not declared, or does so in the policy"],
        ["在 [[chart]] 中声明该图表；图表只能放在解读中", "declare it under [[chart]]; charts stand in the interpretation only"];
    /// A link or picture that the page will not have.
    DEAD_LINK = "TS009", Warning,
        ["链接或图片在网页上不会出现", "a link or picture will not be there on the page"],
        [
            "链接写完整网址（https://…）；附件自动列在页面上，无须链接；图片请作为图表（chart:ID）或附件",
            "write whole addresses (https://…); attachments are listed by themselves; a picture goes in as a chart (chart:ID) or an attachment"
        ];
    /// A text that came in another encoding.
    ENCODING = "TS010", Warning,
        ["文本编码不是 UTF-8，已转换", "the text was in another encoding and was converted"],
        [
            "请核对转换后的文字；最好另存为 UTF-8",
            "read the text as converted; better save it as UTF-8"
        ];
    /// A text in a format that is not read.
    OLD_FORMAT = "TS011", Block,
        ["不能读取这种格式的文本", "texts in this format are not read"],
        ["请在 WPS/Word 中另存为 docx 后再提交", "save it as docx in WPS or Word and submit again"];
    /// A Word or Excel file that cannot be read.
    BAD_DOCX = "TS012", Block,
        ["Word/Excel 文件无法读取", "the Word or Excel file cannot be read"],
        [
            "在 WPS/Word 中打开，取消密码，另存为新的 docx（或 xlsx）后再提交",
            "open it in WPS or Word, remove the password, save it as a new docx (or xlsx) and submit again"
        ];
    /// Text read in the wrong encoding somewhere before.
    MOJIBAKE = "TS013", Block,
        ["文本是乱码", "the text is mojibake"],
        [
            "文字在别处以错误的编码打开并保存过；请从原文件重新复制或导出",
            "it was opened and saved in a wrong encoding before: copy or export it again from its source"
        ];
    /// A scan.
    PICTURES_ONLY = "TS014", Block,
        ["文件只有图片，没有文字", "the file holds pictures only and no text"],
        [
            "提交可编辑的原文；扫描件作为附件（attachments/）",
            "submit the editable text; a scan goes in as an attachment (attachments/)"
        ];
    /// An archive that is no bundle.
    BAD_ZIP = "TS015", Block,
        ["压缩包无法作为政策包打开", "the archive cannot be opened as a bundle"],
        [
            "解压检查后，只把政策包目录重新压缩为一个不加密的 .zip",
            "unpack it, look, and pack the bundle's folder alone into one .zip without a password"
        ];

    /// The policy stands alone.
    NO_INTERPRETATION = "TS101", Block,
        ["没有政策解读", "there is no interpretation"],
        ["同步起草 interpretation.md 或 interpretation.txt", "draft interpretation.md or interpretation.txt in sync"];
    /// A companion this profile does not know.
    COMPANION = "TS102", Block,
        ["配套解读的方式不被允许", "this kind of companion is not allowed"],
        ["目前只接受本单位解读（own）", "only an interpretation of one's own (own) is accepted"];
    /// The plan is incomplete.
    PLAN = "TS103", Block,
        ["解读方案不完整", "the plan of the interpretation is incomplete"],
        ["填写解读目的、范围、程序、形式", "fill in purpose, scope, procedure and form"];
    /// The interpretation explains another text.
    STALE = "TS104", Block,
        ["解读所对应的不是这份政策文本", "the interpretation explains another policy text"],
        ["核对解读后运行 lockstep confirm", "read the interpretation again, then run lockstep confirm"];
    /// Nobody confirmed which text it explains.
    UNCONFIRMED = "TS105", Block,
        ["尚未确认解读对应的政策文本", "nobody confirmed which policy text the interpretation explains"],
        ["核对后运行 lockstep confirm", "check it, then run lockstep confirm"];
    /// A member of the manifest is not there.
    MEMBER_MISSING = "TS106", Block,
        ["清单中的成员缺失", "a member of the manifest is missing"],
        ["重新提交完整的政策包", "submit the complete bundle again"];
    /// Something is there that the manifest does not list.
    MEMBER_EXTRA = "TS107", Block,
        ["存在清单之外的成员", "there is a member that the manifest does not list"],
        ["重新提交政策包", "submit the bundle again"];
    /// A member's bytes are not the manifest's.
    MEMBER_ALTERED = "TS108", Block,
        ["成员内容与清单不符", "a member's content is not the manifest's"],
        ["内容变更须作为新版次重新审批", "changed content is a new revision and needs new sign-offs"];
    /// The disclosure attribute or its ground.
    DISCLOSURE = "TS109", Block,
        ["公开属性或其依据缺失，或该属性不得发布", "the disclosure attribute or its ground is missing, or forbids release"],
        ["在 [disclosure] 中写明 attribute = \"proactive\" 及法律依据", "state attribute = \"proactive\" and its legal ground under [disclosure]"];
    /// A slot nobody can fill.
    SLOT = "TS110", Block,
        ["留空项有误", "a slot is wrong"],
        [
            "只可用 {{文号}} {{成文日期}} {{印发日期}} {{索引号}}，并在 slots 中列出",
            "only {{文号}} {{成文日期}} {{印发日期}} {{索引号}} may stand, each listed in slots"
        ];
    /// A kind of bundle that is not in force yet.
    KIND = "TS111", Block,
        ["此类政策包尚未支持", "this kind of bundle is not supported yet"],
        ["目前只接受 issue", "only issue is accepted"];
    /// Who drafted it, and for whom.
    AGENCIES = "TS112", Block,
        ["标题、拟稿人或发文机关信息不完整", "title, drafters or agencies are incomplete"],
        ["补全 title、drafters 与 [agencies]", "complete title, drafters and [agencies]"];
    /// A manifest that contradicts itself.
    MANIFEST = "TS113", Block,
        ["清单自相矛盾", "the manifest contradicts itself"],
        ["重新提交政策包", "submit the bundle again"];
    /// The interpretation is the policy again.
    SAME_TEXT = "TS114", Block,
        ["解读与政策文件文本相同，没有解读任何内容", "the interpretation is the policy's own text and explains nothing"],
        ["撰写解读，说明背景、要点、适用对象和办理方法", "write an interpretation: why, what, for whom, what to do"];
    /// Readers would find no number.
    NO_NUMBER = "TS115", Warning,
        ["既没有文号，也没有为文号留空", "there is neither a number nor a slot for one"],
        [
            "填写 number，或在正文中写 {{文号}} 并列入 slots；确无文号的不必处理",
            "state number, or write {{文号}} in the text and list it in slots; a document without a number needs neither"
        ];
    /// A drafter nobody recorded.
    UNKNOWN_DRAFTER = "TS116", Warning,
        ["人员名册中没有该拟稿人", "this drafter is not recorded here"],
        [
            "检查 drafters 中的编号，或请管理员登记（lockstep person add）",
            "check the ids in drafters, or have the operator record the person (lockstep person add)"
        ];

    /// A sign-off over something else.
    OTHER_MANIFEST = "TS201", Block,
        ["签批针对的不是这份清单", "a sign-off is over another manifest"],
        ["对当前版次重新签批", "sign the present revision"];
    /// A drafter signs.
    OWN_WORK = "TS202", Block,
        ["拟稿人不得签批自己起草的文件", "a drafter may not sign their own work"],
        ["由其他人员签批", "have someone else sign"];
    /// One person, two steps.
    SIGNED_TWICE = "TS203", Block,
        ["同一人不得签批两个环节", "one person may not sign two steps"],
        ["由其他人员签批该环节", "have someone else sign this step"];
    /// The chain is not complete.
    INCOMPLETE_CHAIN = "TS204", Block,
        ["审批链尚未完成", "the chain is not complete"],
        ["等待其余环节签批", "wait for the remaining steps"];
    /// Not the next step, or a gap.
    OUT_OF_ORDER = "TS205", Block,
        ["签批顺序有误或历史有缺口", "sign-offs are out of order or the history has a gap"],
        ["取最新的审批情况后再签", "fetch the case anew and sign again"];
    /// The signature does not hold.
    BAD_SIGNATURE = "TS206", Block,
        ["签名无效或密钥已吊销", "a signature does not hold or its key is revoked"],
        ["用本人有效的密钥重新签批", "sign again with a key of your own that is in force"];
    /// Returned.
    RETURNED = "TS207", Block,
        ["已被退回", "it was returned"],
        ["修改后重新提交", "mend it and submit again"];
    /// The signer does not hold the step's role.
    WRONG_ROLE = "TS208", Block,
        ["签批人不具备该环节的角色", "the signer does not hold the step's role"],
        ["由具备该角色的人员签批", "have a person with this role sign"];
    /// Another chain or profile.
    OTHER_CHAIN = "TS209", Block,
        ["签批所依据的审批链或规则不同", "the sign-off names another chain or profile"],
        ["取最新的审批情况后再签", "fetch the case anew and sign again"];
    /// Another deployment.
    OTHER_DEPLOYMENT = "TS210", Block,
        ["声明属于另一套部署", "the statement belongs to another deployment"],
        ["检查连接的服务器", "check which server you are connected to"];
    /// A kind of sign-off that is not in force yet.
    SIGN_OFF_KIND = "TS211", Block,
        ["此类签批尚未支持", "this kind of sign-off is not supported yet"],
        ["由本人用自己的密钥签批", "sign with a key of your own"];

    /// No order signed for this manifest.
    NO_ORDER = "TS301", Block,
        ["没有针对此清单签署的发布令", "no order is signed for this manifest"],
        ["由签发人签署发布令", "have the last step sign an order"];
    /// Slots open, nothing registered.
    NO_REGISTRATION = "TS302", Block,
        ["留空项尚未登记", "slots are open and nothing is registered"],
        ["由文秘登记文号与日期", "have the registrar fill number and dates"];
    /// A registration for something else.
    BAD_REGISTRATION = "TS303", Block,
        ["登记无效", "the registration does not hold"],
        ["由文秘对当前版次重新登记", "have the registrar register the present revision"];
    /// Too early.
    TOO_EARLY = "TS304", Block,
        ["未到发布时间", "the window has not begun"],
        ["等待发布令所定时间", "wait for the time the order sets"];
    /// Too late.
    TOO_LATE = "TS305", Block,
        ["已过发布时限", "the window has passed"],
        ["由签发人签署新的发布令", "have the last step sign a new order"];
    /// A channel does not hold it.
    NOT_STAGED = "TS306", Block,
        ["渠道尚未备妥", "a channel does not hold the edition"],
        ["等待渠道备妥或检查该渠道", "wait for the channel or look after it"];
    /// The order does not name this channel.
    OTHER_CHANNEL = "TS307", Block,
        ["发布令未列出该渠道", "the order does not name this channel"],
        ["在发布令中列出该渠道", "name the channel in the order"];
    /// An order that cannot be carried out.
    BAD_ORDER = "TS308", Block,
        ["发布令无法执行", "the order cannot be carried out"],
        [
            "发布时间须为两个时刻且先后正确，渠道不得重复或为空",
            "the window is two instants in order; channels are named once, at least one required"
        ];
    /// A permit that does not fit.
    BAD_PERMIT = "TS309", Block,
        ["放行凭证无效", "the permit does not hold"],
        ["检查发布服务的密钥与时钟", "look after release's key and clock"];
    /// A channel would keep an earlier edition.
    LEFT_OUT = "TS310", Block,
        [
            "发布令遗漏了可能仍在显示先前版次的渠道",
            "the order leaves out channels that may still show an earlier edition"
        ],
        [
            "在发布令中列出这些渠道（必选、可选均可）；不再使用某渠道的，先撤回",
            "name them in the order, required or optional; to leave a channel for good, withdraw first"
        ];

    /// A classification mark.
    CLASSIFIED = "TS601", Block,
        ["带有密级标志，系统拒绝接收且未保存任何内容", "it bears a classification mark; refused, nothing was stored"],
        ["涉密文件不得进入本系统；请按保密规定处理", "classified documents must not enter this system"];

    /// Revisions nobody decided on.
    REVISIONS = "TS611", Block,
        ["文件中有未处理的修订痕迹", "the file holds revisions that were neither accepted nor rejected"],
        [
            "在“审阅”中接受或拒绝全部修订，关闭修订后保存；删除线请直接删去文字",
            "accept or reject all of them under Review, stop tracking and save; delete what is struck out"
        ];
    /// Comments.
    COMMENTS = "TS612", Block,
        ["文件中有批注", "the file holds comments"],
        ["在“审阅”中删除全部批注后保存", "delete all comments under Review and save"];
    /// Text that no reader sees on the page.
    HIDDEN_TEXT = "TS613", Block,
        ["文件中有隐藏的文字", "the file holds hidden text"],
        [
            "在“文件 → 选项 → 显示”中显示隐藏文字，删除或取消隐藏后保存",
            "show hidden text in the options, delete it or make it visible, and save"
        ];
    /// Hidden sheets, rows and columns.
    HIDDEN_CELLS = "TS614", Block,
        ["表格中有隐藏的工作表、行或列", "the workbook holds hidden sheets, rows or columns"],
        ["取消隐藏，删除不公开的内容后保存", "unhide them, delete what is not to be public, and save"];
    /// Who wrote it.
    METADATA = "TS615", Warning,
        ["文件属性中留有作者等信息", "the file's properties name its author"],
        [
            "在“文件 → 信息 → 检查文档”中删除属性和个人信息后保存",
            "remove properties and personal information under File → Info → Inspect document, and save"
        ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_in_order() {
        assert!(ALL.windows(2).all(|pair| matches!(pair, [a, b] if a.id < b.id)));
    }
}
