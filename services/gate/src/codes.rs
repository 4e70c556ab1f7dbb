//! Every code the gate can say, with its words. A code keeps its meaning for ever.

mod at;

use lockstep_proto::finding::{Finding, Severity};

pub use at::At;
pub(crate) use at::split_more;

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
            column: None,
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
            "请核对转换后的文字；lockstep check --fix 可改存为 UTF-8",
            "read the text as converted; lockstep check --fix saves it as UTF-8"
        ];
    /// A text in a format that is not read.
    OLD_FORMAT = "TS011", Block,
        ["不能读取这种格式的文本", "texts in this format are not read"],
        ["请在 WPS/Word 中另存为 docx（表格另存为 xlsx）后再提交", "save it as docx, a table as xlsx, in WPS or Office and submit again"];
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
    /// An attachment whose content the system cannot see.
    UNSEEN = "TS016", Warning,
        ["附件中有系统看不到的内容，个人信息和密级标志未经检查", "an attachment holds what is not looked into: personal data and classification marks in it are not checked"],
        [
            "请人工逐页核对；能用 docx、xlsx、csv 的请改用，压缩包里的压缩包请解开",
            "go through it by hand, page by page; hand in docx, xlsx or csv where you can, and unpack archives within archives"
        ];
    /// A text that a picture cannot show.
    NO_PICTURE = "TS017", Warning,
        ["长图和宣传手册无法制作，发布时没有这两样", "the long picture and the brochure cannot be made: it is released without them"],
        [
            "按所说的原因改解读：换成字库里有的字，拆分过宽的表格，缩短过长的文字",
            "mend the interpretation for the reason given: characters that the typeface has, narrower tables, a shorter text"
        ];
    /// Rendering took more memory or time than one bundle gets.
    RENDER_LIMITS = "TS018", Block,
        ["制作图解和页面所用的内存或时间超出限额", "rendering takes more memory or time than one bundle gets"],
        [
            "删减图表和数据，或把解读分成几篇较短的",
            "leave out charts and data, or write several shorter interpretations"
        ];
    /// Reading it took more memory or time than one bundle gets.
    READ_LIMITS = "TS019", Block,
        ["读取政策包所用的内存或时间超出限额", "reading the bundle takes more memory or time than one bundle gets"],
        [
            "用 Word 或 Excel 另存一遍再提交；若仍如此，把大的附件和数据拆开",
            "save the files anew by Word or Excel; if that does not help, split large attachments and data"
        ];
    /// Words of the policy that its page would not show.
    UNSHOWN = "TS020", Block,
        ["政策文件中有文字不会显示在网页上", "the page would not show words of the policy"],
        [
            "不要用 [1]: 这样的写法作注（那是链接定义）；表格各行的格数不要多于表头",
            "do not write notes as [1]: (that defines a link); give no row of a table more cells than its head"
        ];
    /// A note that readers cannot find or tell from another.
    NOTE = "TS021", Warning,
        ["注有误，读者对不上", "readers cannot follow a note"],
        [
            "每个 [^1] 各写一条 [^1]: ……，注的名字不重复；不是注的，去掉 [^ ]",
            "write one [^1]: … for each [^1], no name twice; take [^ ] away where no note is meant"
        ];

    /// Rendering failed again and again, through no fault of the bundle's.
    STALLED = "TS022", Warning,
        ["制作图解多次失败，仍在重试", "rendering failed several times; it is tried again"],
        [
            "请管理员查看服务器日志和 lockstep doctor；原因排除后自动继续，不必重新提交",
            "have the operator look at the server's log and lockstep doctor; once the cause is gone it goes on by itself"
        ];

    /// Figures that nobody can tell the meaning of.
    NO_UNIT = "TS023", Warning,
        ["图表没有单位，也没有说明，读者只看到数字", "a chart has neither a unit nor a subtitle: readers see bare figures"],
        [
            "写 unit（如 万元），或在 subtitle 中写明指标和时间",
            "state unit (such as 万元), or in subtitle what was measured and when"
        ];

    /// The policy stands alone.
    NO_INTERPRETATION = "TS101", Block,
        ["没有政策解读", "there is no interpretation"],
        ["同步起草 interpretation.docx（或 md、txt）；模板：lockstep template", "draft interpretation.docx (or md, txt) in sync; lockstep template writes a template"];
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
        ["检查 [[chart]] 的编号与数据是否重复或缺失，再重新提交", "look whether ids under [[chart]] repeat or lack data, and submit again"];
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
    /// Clauses that nobody explains.
    OPEN_CLAUSES = "TS117", Warning,
        ["有条款未说明是否解读", "clauses that nobody said are explained"],
        [
            "在 bundle.toml 中用 [[link]] 写明解读对应的条款，或用 [[waiver]] 写明无需解读的理由；lockstep propose 政策包 逐条列出并给出建议",
            "state in bundle.toml which unit explains them ([[link]]) or why none need ([[waiver]]); lockstep propose FOLDER lists them, with proposals"
        ];
    /// Elements of an interpretation that are not answered.
    ELEMENTS = "TS118", Warning,
        ["解读未涉及以下要素", "the interpretation does not take up these elements"],
        [
            "补充说明；不适用的，用 [[element]] 写明 not_applicable 理由",
            "take them up, or say under [[element]] why they do not apply (not_applicable)"
        ];
    /// Too much of the policy's own wording.
    EXCERPT = "TS119", Warning,
        ["解读中照抄政策原文的比例过高", "too much of the interpretation is the policy's own wording"],
        ["用自己的话说明，不要摘抄或压缩原文", "explain in other words instead of excerpting"];
    /// A figure from elsewhere.
    EXTERNAL_FIGURE = "TS120", Warning,
        ["解读中的数字在政策文件中没有", "a figure of the interpretation is not in the policy"],
        [
            "核对数字；来自其他来源的，在 [[external]] 中写明 figure 与 source",
            "check it; if it comes from elsewhere, name figure and source under [[external]]"
        ];
    /// Another value for the same quantity.
    CONTRADICTION = "TS121", Block,
        ["解读与政策文件的数字或界限不一致", "the interpretation contradicts a figure or a bound of the policy"],
        [
            "改正其一；确属另一事项的，在 [[external]] 中写明 figure 与 source",
            "mend one of them; if it is another matter, name figure and source under [[external]]"
        ];
    /// A rule without its exception.
    EXCEPTION = "TS122", Warning,
        ["解读说了一般规定，没有说例外", "the interpretation gives the rule without its exception"],
        ["补充说明例外情形", "add the exception"];
    /// A chart says a figure, a change or a rank that its data lacks.
    CHART_FIGURE = "TS123", Warning,
        ["图表文字所说的在其数据和政策文件中都没有依据", "what a chart's words say is borne out neither by its data nor by the policy"],
        ["核对图表标题与数据", "check the chart's words against its data"];
    /// A chart without words for those who cannot see it.
    CHART_TEXT = "TS124", Warning,
        ["图表缺少替代文字", "a chart has no text in its place"],
        [
            "写成 ![图表说明](chart:编号)，方便使用读屏软件的公众",
            "write ![what it shows](chart:id), for readers who use a screen reader"
        ];
    /// What is explained is no longer in force.
    REPEALED = "TS125", Block,
        ["解读的文件已废止或被替代", "what the interpretation explains is repealed or superseded"],
        ["解读现行有效的文件", "explain the document that is in force"];
    /// Another day from which it holds.
    EFFECTIVE_DATE = "TS126", Block,
        ["解读与政策文件的施行日期不一致", "the interpretation gives another effective date than the policy"],
        ["改正施行日期", "mend the date"];
    /// A mark is missing in the numbering.
    NUMBERING_GAP = "TS127", Warning,
        ["编号不连续，缺少", "the numbering has a gap; missing"],
        ["核对是否漏了条款，或编号有误", "check whether a clause is missing or misnumbered"];
    /// Page numbers stand within sentences.
    TORN_TEXT = "TS128", Warning,
        ["文本被页码打断，可能是从 PDF 复制而来", "page numbers interrupt the text; it may be copied from a PDF"],
        ["改用原始的 Word 或文本文件", "use the original Word or text file"];
    /// A mark comes again or goes back.
    NUMBERING_AGAIN = "TS129", Warning,
        ["编号重复或倒退", "the numbering repeats or goes back"],
        ["核对编号", "check the numbering"];
    /// A stated path that is nowhere.
    UNKNOWN_CLAUSE = "TS130", Block,
        ["所写的条款或解读段落不存在", "there is no such clause or unit"],
        ["用 lockstep outline policy.md（解读为 interpretation.md）查看各条款的写法", "lockstep outline policy.md (or interpretation.md) lists them as they are to be written"];
    /// Stated without the reason or source it needs.
    NO_REASON = "TS131", Block,
        ["缺少理由或来源", "the reason or source is missing"],
        ["写明 reason、source、unit 或 not_applicable", "state reason, source, unit or not_applicable"];
    /// The text bears another disclosure mark than declared.
    DISCLOSURE_MARK = "TS132", Block,
        ["政策文件上的公开属性标注与 bundle.toml 不一致", "the text bears another disclosure mark than bundle.toml declares"],
        ["核对公开属性，改正其一", "check the attribute and mend one of them"];
    /// The text has another title.
    OTHER_TITLE = "TS133", Warning,
        ["bundle.toml 中的标题与政策文件不同", "title in bundle.toml differs from the policy's"],
        ["核对标题，改正其一", "check the title and mend one of them"];
    /// The text bears another number.
    OTHER_NUMBER = "TS134", Block,
        ["bundle.toml 中的文号与政策文件不同", "number in bundle.toml differs from the policy's"],
        ["核对文号，改正其一", "check the number and mend one of them"];
    /// A brief interpretation that the profile does not allow, or that leaves something open.
    BRIEF = "TS135", Block,
        ["不得以简要解读发布，或简要解读的说明不完整", "a brief interpretation is not allowed here, or says too little of itself"],
        [
            "写出全面解读并删去 [brief]；检查规则允许简要解读的，在 [brief] 中写明 authority、reason、decider、full_by",
            "write the full one and remove [brief]; where the profile allows a brief one, state authority, reason, decider and full_by under [brief]"
        ];
    /// The full interpretation is still to come.
    FULL_OWED = "TS136", Warning,
        ["先发布简要解读，全面解读的最后期限为", "a brief interpretation goes out first; the full one is due by"],
        [
            "在期限前以更正（--revises）发布全面解读；系统目前不另行提醒",
            "publish the full one as a correction (--revises) by then; nobody is reminded yet"
        ];

    /// The interpretation's title names another document.
    OTHER_SUBJECT = "TS137", Warning,
        ["解读标题所指的不是这份政策文件", "the interpretation's title names another document"],
        ["核对是否放错了解读，或改正标题", "check that it is the right interpretation, or mend its title"];
    /// An interpretation stands where the policy should.
    NO_POLICY = "TS138", Block,
        ["放在政策文件位置上的是一份解读", "what stands in the policy's place is an interpretation"],
        ["对调 policy 与 interpretation 两个文件", "let the files policy and interpretation change places"];
    /// What the policy forbids, the interpretation allows, or the other way round.
    OPPOSED = "TS139", Warning,
        ["解读与政策文件对同一事项的要求可能相反", "policy and interpretation may ask the opposite of one thing"],
        ["核对是“不得”还是“可以”，是“应当”还是“无需”，改正其一", "check which of 不得 and 可以, or 应当 and 无需, is meant, and mend one of them"];
    /// The policy's validity ends before it is released.
    EXPIRED = "TS140", Warning,
        ["到计划发布之日，政策文件已过有效期", "on the planned day of release the policy's validity is over"],
        ["核对有效期与 [order] 的发布时间；已延期的，注明延期的文件", "check the validity against [order]; where it was prolonged, name the document that did so"];
    /// The text bears another date than declared.
    OTHER_DATE = "TS141", Warning,
        ["bundle.toml 中的成文日期与政策文件不同", "written_on in bundle.toml differs from the policy's date"],
        ["改正其一；签发后才定的，正文写 {{成文日期}} 并列入 slots", "mend one; where it is settled at 签发, write {{成文日期}} in the text and list it in slots"];
    /// The policy's validity ends before it begins.
    NEVER_IN_FORCE = "TS142", Warning,
        ["政策文件的有效期在施行之前已经届满", "the policy's validity is over before the day from which it holds"],
        ["核对正文的施行日期与“有效期至”", "check the effective date and 有效期至 in the text"];
    /// The policy states two validities.
    TWO_VALIDITIES = "TS143", Warning,
        ["政策文件对自身有效期的说法前后不一", "the policy states its own validity in two ways that differ"],
        ["核对有效期的年数与截止日期（自施行之日起算），改正其一", "check the years and the last day, counted from the effective date, and mend one"];
    /// The interpretation cites a clause that the policy lacks.
    NO_SUCH_CLAUSE = "TS144", Warning,
        ["解读引用的条款在政策文件中不存在，或所说内容不在该条", "the policy does not have the clause that the interpretation cites, or says this in another"],
        ["核对条款序号；引用其他文件的，写出该文件的名称", "check the clause's number; where it is another document's, name that document"];
    /// The interpretation quotes the policy with a word changed.
    MISQUOTED = "TS145", Block,
        ["解读引号中的政策原文有改动", "the interpretation quotes the policy with a word changed"],
        ["照原文改正；不是引用原文的，去掉引号", "quote it to the letter; where it is no quotation, take the marks away"];

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
        ["等待其余环节签批；lockstep status 显示轮到谁", "wait for the remaining steps; lockstep status says whose turn it is"];
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
        ["签批所依据的审批链或检查规则不同", "the sign-off names another chain or profile"],
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
            "发布时间须为两个时刻且先后正确，或登记后 1 至 60 个工作日；渠道不得重复或为空",
            "the window is two instants in order, or 1 to 60 working days; channels are named once, at least one required"
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

    /// A last day that a notice still to come may move.
    PROVISIONAL = "TS311", Warning,
        [
            "发布时限的最后一日为暂计：所涉年份的放假安排尚未公布",
            "the window's last day is provisional: a year it reaches into has no notice on holidays yet"
        ],
        [
            "放假安排公布后随程序更新重新计算；须确定日期的，改用 not_before 与 not_after",
            "it is counted anew once the notice is out and the program updated; for a certain date state not_before and not_after"
        ];
    /// A window counted from a registration that is not there.
    UNREGISTERED_WINDOW = "TS312", Block,
        ["发布时限自登记起算，尚未登记", "the window is counted from registration, and nothing is registered"],
        [
            "由文秘登记（lockstep register；没有留空项也须登记）",
            "have the registrar register it (lockstep register), also where no slot is open"
        ];
    /// A known wrong expression.
    ERROR_PAIR = "TS501", Warning,
        ["疑似错词", "probably a wrong word"],
        ["按提示核对；确需如此的不必处理", "check it against what is proposed; leave it where it is meant"];
    /// A name or title of a body or office that is not, or no longer, right.
    WRONG_NAME = "TS502", Warning,
        ["机构名称或职务称谓可能有误或已变更", "the name or title of a body or office may be wrong or outdated"],
        [
            "核对现行名称；引述历史名称的，写“原×××”",
            "check today's name; where history is meant, write 原 before it"
        ];
    /// A bracket or quotation mark without its other half.
    UNPAIRED = "TS503", Warning,
        ["括号或引号不成对", "a bracket or quotation mark is unpaired"],
        ["在同一段内补上另一半，或删去多余的", "add its other half within the paragraph, or remove it"];
    /// A title quoted almost as the policy's.
    QUOTED_TITLE = "TS504", Warning,
        ["所引标题与政策文件标题相近而不一致", "a quoted title is nearly, but not exactly, the policy's"],
        ["确指本政策的，照原标题改正", "if this policy is meant, quote its title as it is"];
    /// A document number quoted wrongly.
    QUOTED_NUMBER = "TS505", Warning,
        ["所引文号有误", "a document number is quoted wrongly"],
        [
            "照原文号改正；年份用六角括号〔〕（GB/T 9704-2012）",
            "quote the number as it is; its year stands in 〔〕 (GB/T 9704-2012)"
        ];
    /// A fixed expression, put differently.
    FIXED_EXPRESSION = "TS506", Warning,
        ["固定表述可能有误", "a fixed expression is put differently"],
        ["按提示核对规范表述", "check the fixed expression against what is proposed"];

    /// A classification mark.
    CLASSIFIED = "TS601", Block,
        ["带有密级标志，系统拒绝接收且未保存任何内容", "it bears a classification mark; refused, nothing was stored"],
        ["涉密文件不得进入本系统；请按保密规定处理", "classified documents must not enter this system"];

    /// The number of an identity card.
    ID_CARD = "TS602", Block,
        ["含有公民身份号码", "it holds an identity card number"],
        ["删去，或运行 lockstep mask 遮盖", "remove it, or mask it by lockstep mask"];
    /// A mobile number.
    MOBILE = "TS603", Block,
        ["含有手机号码", "it holds a mobile number"],
        ["删去、改用办公固定电话，或运行 lockstep mask 遮盖", "remove it, give an office's landline, or mask it by lockstep mask"];
    /// The number of a bank card.
    BANK_CARD = "TS604", Block,
        ["含有银行卡号", "it holds a bank card number"],
        ["删去，或运行 lockstep mask 遮盖", "remove it, or mask it by lockstep mask"];
    /// A student's number.
    STUDENT_NUMBER = "TS605", Block,
        ["含有学号、学籍号、考生号等", "it holds a student's or examinee's number"],
        ["删去，或运行 lockstep mask 遮盖", "remove it, or mask it by lockstep mask"];
    /// A table with a column about persons.
    PERSONAL_COLUMN = "TS606", Warning,
        ["表格中有个人信息列", "a table has a column of personal data"],
        ["确需公开的须有依据；否则删去该列或改用代号", "keep it only where law asks for it; else remove the column or number the persons"];
    /// The number of a passport or travel permit.
    PERMIT = "TS607", Warning,
        ["疑似护照或通行证号码", "probably the number of a passport or travel permit"],
        ["删去，或运行 lockstep mask 遮盖", "remove it, or mask it by lockstep mask"];
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
            "签批和公开的是清除后的副本，不必处理；本地文件也要清除的，运行 lockstep check --fix",
            "what is signed and public is a copy without them; lockstep check --fix takes them out of your own file too"
        ];
}

#[cfg(test)]
mod tests {
    use super::ALL;

    #[test]
    fn codes_are_unique_and_in_order() {
        assert!(ALL.windows(2).all(|pair| matches!(pair, [a, b] if a.id < b.id)));
    }
}
