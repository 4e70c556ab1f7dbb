//! `lockstep render`: what the explainer makes of a bundle, on the drafter's machine, before anything is
//! submitted; and the gallery, one chart of each kind.

use std::path::Path;

use anyhow::bail;
use indicatif::{ProgressBar, ProgressStyle};
use lockstep_explainer::{
    gallery,
    render::{Output, Rendered, frame_style, render_chart, render_watched},
    theme::Theme,
};
use lockstep_gate::{
    bundle::{self, Content, Files, Rules, Unfit},
    codes,
};
use lockstep_proto::{
    finding::{Finding, Severity},
    manifest::Role,
};

use super::{authoring::draft_of, written::Written};
use crate::{cli::RenderArgs, client::Failure, folder, print, theme};

pub(super) fn run(args: &RenderArgs) -> anyhow::Result<()> {
    let (files, out) = match (&args.bundle, &args.out, &args.gallery) {
        (Some(bundle), Some(out), None) => (folder::read(bundle)?, out),
        (None, None, Some(out)) => (gallery::files(), out),
        _ => bail!(
            "写作 lockstep render 政策包 --out 目录，或 lockstep render --gallery 目录 / write: lockstep \
             render BUNDLE --out FOLDER, or lockstep render --gallery FOLDER"
        ),
    };
    // What is written there would be taken for the bundle's own.
    if let Some(bundle) = args.bundle.as_ref().filter(|bundle| is_within(out, bundle)) {
        bail!("--out 不能在政策包目录之内 / cannot lie within the bundle: {}", bundle.display());
    }
    let only = args.only.as_deref().map(|only| only.strip_prefix("chart:").unwrap_or(only));
    let (theme, pages) = theme::asked(args.theme.as_ref())?;
    let made = match only {
        Some(id) => make_one(&files, id)?,
        None => make(&files, &theme, args.bundle.is_some()),
    };
    let Made { outputs, is_blocked } = match made {
        Ok(made) => made,
        Err(findings) => {
            // Looked at again, it would pass for what the bundle says now.
            let mut written = Written::of(out);
            written.remove_old()?;
            written.forget()?;
            return Err(Failure::Findings(findings).into());
        }
    };
    let mut written = Written::of(out);
    let previews = if only.is_none() { &PAGES[..] } else { &[] };
    let previews = previews.iter().map(|(path, ..)| *path);
    let paths = outputs.iter().map(|output| output.path.as_str()).chain(previews);
    if let Some(path) = paths.clone().find(|path| !written.may_write(path)) {
        bail!(
            "{} 不是 lockstep 制作的，不能覆盖；请换一个目录，或移走该文件 / was not made by lockstep and is not \
             overwritten: take another folder, or move it away",
            out.join(path).display()
        );
    }
    written.begin(paths)?;
    for output in &outputs {
        written.write(&output.path, &output.bytes)?;
    }
    say!("已制作 / rendered: {}（{} 个文件 files）", out.display(), outputs.len());
    if only.is_none() {
        // The gallery is one page that goes anywhere; what is made of a bundle lies beside it.
        let listed = if args.bundle.is_some() { list(&outputs) } else { String::new() };
        for (path, title, role) in PAGES {
            let made = fragment(&outputs, role);
            let body =
                if args.bundle.is_none() { gallery::with_lines(&made) } else { made.clone() };
            if args.bundle.is_some() || path == INDEX {
                let body = format!("{listed}{body}");
                let kind = if path == INDEX { "interpretation" } else { "policy" };
                let style = frame_style(kind, &pages.preview(title, &body)?, &made);
                let style = style.map_err(|finding| Failure::Findings(vec![finding]))?;
                let page = pages.preview(title, &format!("{body}{style}"))?;
                written.write(path, page.as_bytes())?;
            }
        }
        written.remove_old()?;
    }
    written.keep()?;
    if only.is_none() {
        let page = out.join(INDEX);
        if args.theme.is_none() && args.bundle.is_some() {
            say!(
                "  样式 look  通用样式；机关自己的用 --theme 文件 / plain; the office's own by --theme FILE"
            );
        }
        if args.open {
            open::that_detached(&page).map_err(|_| {
                let page = page.display();
                anyhow::anyhow!("这里打不开浏览器，请自行打开 / no browser can be opened here, open it yourself: {page}")
            })?;
        } else {
            say!("  打开 open  {}", page.display());
        }
    }
    if is_blocked {
        say!(
            "  提交会被拒绝，须先改上述各处 / it would be refused: mend what is named above first"
        );
        // All was said above.
        return Err(Failure::Findings(vec![]).into());
    }
    Ok(())
}

/// Whether a folder that need not be there is this one or lies in it.
fn is_within(folder: &Path, of: &Path) -> bool {
    let Ok(of) = of.canonicalize() else { return false };
    let Ok(folder) = std::path::absolute(folder) else { return false };
    // `bundle/../out` lies beside the bundle: what is there of it says where it leads.
    let there = folder.ancestors().find_map(|above| above.canonicalize().ok());
    there.is_some_and(|there| there.starts_with(&of))
}

struct Made {
    outputs: Vec<Output>,
    /// Something else is wrong with the bundle, and was said.
    is_blocked: bool,
}

/// Everything that is rendered from a bundle that can be read, whatever else is wrong with it.
fn make(files: &Files, theme: &Theme, is_bundle: bool) -> Result<Made, Vec<Finding>> {
    let (content, said) = read(files)?;
    print::findings(&said);
    let draft = draft_of(&content);
    let rendered = watched(|watch| render_watched(&draft, content.files(), theme, watch));
    // What was said of the data is not said again.
    let Rendered { outputs, warnings } = rendered.map_err(|mut findings| {
        findings.retain(|finding| !said.contains(finding));
        findings
    })?;
    print::findings(&warnings);
    if is_bundle {
        print_warnings(&content.warnings);
    }
    Ok(Made { outputs, is_blocked: !said.is_empty() })
}

/// One chart alone. Nothing is said of the rest of the bundle, nor of other charts.
fn make_one(files: &Files, id: &str) -> anyhow::Result<Result<Made, Vec<Finding>>> {
    let content = match read(files) {
        Ok((content, _)) => content,
        Err(findings) => return Ok(Err(findings)),
    };
    let draft = draft_of(&content);
    let Some(rendered) = render_chart(&draft, content.files(), id) else {
        let charts: Vec<&str> = draft.charts.iter().map(|chart| chart.id.as_str()).collect();
        let charts = if charts.is_empty() { "无 none".to_owned() } else { charts.join("、") };
        bail!("没有图表 {id}；有 / there is no chart {id}, but: {charts}");
    };
    let of_it = format!("：{id}：");
    let claims = content.warnings.iter().filter(|finding| {
        finding.code == codes::CHART_FIGURE.id && finding.message.contains(&of_it)
    });
    print::findings(&claims.cloned().collect::<Vec<_>>());
    Ok(rendered.map(|outputs| Made { outputs, is_blocked: false }))
}

/// The content, and what blocks it.
fn read(files: &Files) -> Result<(Content, Vec<Finding>), Vec<Finding>> {
    match bundle::read_under(Rules::default(), files) {
        Ok(content) => Ok((content, vec![])),
        Err(Unfit { findings, content: None }) => Err(findings),
        Err(Unfit { mut findings, content: Some(content) }) => {
            findings.retain(|finding| finding.severity == Severity::Block);
            Ok((*content, findings))
        }
    }
}

/// What `check` says of the charts' words; of the rest, how much it is.
fn print_warnings(warnings: &[Finding]) {
    let is_of_chart = |finding: &&Finding| {
        [&codes::CHART_FIGURE, &codes::CHART_TEXT].iter().any(|code| code.id == finding.code)
    };
    let of_charts: Vec<Finding> = warnings.iter().filter(is_of_chart).cloned().collect();
    print::findings(&of_charts);
    let others = warnings.len() - of_charts.len();
    if others > 0 {
        say!(
            "另有提醒 {others} 处，运行 lockstep check 查看 / {others} more warnings: run lockstep check to read them"
        );
    }
}

/// Runs what tells of its steps beside a bar, where somebody looks at a terminal.
fn watched<T>(run: impl FnOnce(&(dyn Fn(usize, usize) + Sync)) -> T) -> T {
    let bar = ProgressBar::new(0).with_style(
        ProgressStyle::with_template("制作 rendering {bar:30} {pos}/{len}")
            .unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    let done = run(&|done, of| {
        bar.set_length(u64::try_from(of).unwrap_or(u64::MAX));
        bar.set_position(u64::try_from(done).unwrap_or(u64::MAX));
    });
    bar.finish_and_clear();
    done
}

const INDEX: &str = "index.html";
/// Both texts as pages of their own, as a channel of the office would show them.
const PAGES: [(&str, &str, Role); 2] = [
    (INDEX, "图解预览 preview", Role::InterpretationFragment),
    ("policy.html", "政策文件预览 preview", Role::PolicyFragment),
];

fn fragment(outputs: &[Output], role: Role) -> String {
    let found = outputs.iter().find(|output| output.role == role);
    found.map(|output| String::from_utf8_lossy(&output.bytes).into_owned()).unwrap_or_default()
}

/// What was made, by names that people know, each a link.
fn list(outputs: &[Output]) -> String {
    let link = |href: &str, name: &str, english: &str| {
        format!(
            "<li><a href=\"{href}\">{name}</a> <span class=\"en\" lang=\"en\">{english}</span></li>"
        )
    };
    let mut items = vec![
        link(INDEX, "政策解读页面", "the interpretation"),
        link("policy.html", "政策文件页面", "the policy"),
    ];
    for output in outputs {
        let path = output.path.as_str();
        let id = Path::new(path).file_stem().unwrap_or_default().to_string_lossy();
        match output.role {
            Role::LongPicture => items.push(link(path, "长图（PNG）", "the long picture")),
            Role::Brochure => items.push(link(path, "宣传手册（PDF）", "the brochure")),
            Role::Chart => items.push(format!(
                "<li>图表 {id}：<a href=\"{path}\">SVG</a>、<a href=\"rendered/charts/{id}.png\">PNG</a>、<a \
                 href=\"{INDEX}#chart-{id}\">数据表与 CSV</a> <span class=\"en\" lang=\"en\">chart and data</span></li>"
            )),
            Role::Policy
            | Role::Interpretation
            | Role::Data
            | Role::Attachment
            | Role::PolicyFragment
            | Role::InterpretationFragment
            | Role::ChartPicture => {}
        }
    }
    format!(
        "<section class=\"files\">\n<h2>已制作 <span class=\"en\" lang=\"en\">Rendered</span></h2>\n<ul>{}</ul>\n</section>\n",
        items.concat()
    )
}
