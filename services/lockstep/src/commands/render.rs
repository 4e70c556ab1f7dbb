//! `lockstep render`: what the explainer makes of a bundle, on the drafter's machine, before anything is
//! submitted; and the gallery, one chart of each kind.

use std::{fs, path::Path};

use anyhow::{Context as _, bail};
use indicatif::{ProgressBar, ProgressStyle};
use lockstep_explainer::{
    gallery,
    render::{Output, examine, render_watched},
    theme::Theme,
};
use lockstep_gate::bundle::{self, Files, Rules};
use lockstep_kit::pages::Pages;
use lockstep_proto::{
    finding::{Finding, Severity},
    manifest::Role,
};

use super::authoring::draft_of;
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
    let outputs = make(&files, &theme).map_err(Failure::Findings)?;
    let is_wanted = |output: &Output| {
        only.is_none_or(|id| {
            matches!(output.role, Role::Chart | Role::ChartPicture)
                && Path::new(&output.path).file_stem().is_some_and(|stem| stem == id)
        })
    };
    let wanted: Vec<&Output> = outputs.iter().filter(|output| is_wanted(output)).collect();
    if let (Some(id), []) = (only, wanted.as_slice()) {
        bail!("没有图表 {id} / there is no chart {id}");
    }
    for output in &wanted {
        write(&out.join(&output.path), &output.bytes)?;
    }
    println!("已制作 / rendered: {}（{} 个文件 files）", out.display(), wanted.len());
    if only.is_none() {
        let page = out.join("index.html");
        write(&page, page_of(&outputs, &pages)?.as_bytes())?;
        if args.theme.is_none() && args.bundle.is_some() {
            println!(
                "  样式 look  通用样式；机关自己的用 --theme 文件 / plain; the office's own by --theme FILE"
            );
        }
        if args.open {
            open::that_detached(&page).map_err(|_| {
                let page = page.display();
                anyhow::anyhow!("这里打不开浏览器，请自行打开 / no browser can be opened here, open it yourself: {page}")
            })?;
        } else {
            println!("  打开 open  {}", page.display());
        }
    }
    Ok(())
}

/// Whether a folder that need not be there is this one or lies in it.
fn is_within(folder: &Path, of: &Path) -> bool {
    let Ok(of) = of.canonicalize() else { return false };
    let Ok(folder) = std::path::absolute(folder) else { return false };
    folder.ancestors().any(|above| above.canonicalize().is_ok_and(|above| above == of))
}

/// Everything that is rendered from a bundle that can be read, whatever else is wrong with it.
fn make(files: &Files, theme: &Theme) -> Result<Vec<Output>, Vec<Finding>> {
    let content = match bundle::read_under(Rules::default(), files) {
        Ok(content) => content,
        Err(unfit) => match unfit.content {
            Some(content) => {
                let mut blocking = unfit.findings;
                blocking.retain(|finding| finding.severity == Severity::Block);
                print::findings(&blocking);
                *content
            }
            None => return Err(unfit.findings),
        },
    };
    let draft = draft_of(&content);
    let outputs = watched(|watch| render_watched(&draft, content.files(), theme, watch))?;
    print::findings(&examine(&draft, content.files(), theme));
    Ok(outputs)
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

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let write = || {
        fs::create_dir_all(path.parent().unwrap_or(path))?;
        fs::write(path, bytes)
    };
    write().with_context(|| format!("{} 无法写入 / cannot be written", path.display()))
}

/// The interpretation as a page of its own, as a channel of the office would show it.
fn page_of(outputs: &[Output], pages: &Pages) -> anyhow::Result<String> {
    let fragment = outputs.iter().find(|output| output.role == Role::InterpretationFragment);
    let body = fragment.map(|output| String::from_utf8_lossy(&output.bytes)).unwrap_or_default();
    Ok(pages.preview("图解预览 preview", &body)?)
}
