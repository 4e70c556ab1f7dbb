//! What each command does.

mod authoring;
mod backup;
mod case;
mod check;
mod diff;
mod explain;
mod failover;
mod mask;
mod migrate;
mod new;
mod outline;
mod people;
mod propose;
mod render;
mod template;
mod written;

use std::{net::SocketAddr, path::Path};

use anyhow::{Context as _, bail};
use lockstep_kit::{clock::Clock, dispatch::Transport};

pub(crate) use authoring::send as send_bundle;

use crate::{
    cli::{Cli, Command},
    demo, doctor,
    home::Home,
    print,
    serve::{self, How, Server, THIS_PROGRAM},
    services,
};

/// Runs one command.
pub(crate) async fn run(cli: Cli) -> anyhow::Result<()> {
    match cli.command {
        Command::Init { home, name, cluster, settings } => {
            init(&home, &name, cluster, settings.as_deref())
        }
        Command::Person(command) => people::person(command).await,
        Command::Key(command) => people::key(command).await,
        Command::Serve { services, home, staff, public, listen } => {
            serve(&home.open()?, &services::named(&services)?, [staff, public, listen]).await
        }
        Command::Config { home } => {
            print::out(Home::show(&home.home, &home.settings)?.trim_end())?;
            // Who is told what was said where, is told too what must not be said together.
            home.open().map(drop)
        }
        Command::Doctor { services, home, json } => {
            let named = services::named(&services)?;
            doctor::run(&home.open()?, named, &clock(), json).await
        }
        Command::Migrate { home, postgres } => migrate::migrate(&home.open()?, &postgres).await,
        Command::Backup { folder, home } => backup::backup(&home.open()?, &folder).await,
        Command::Restore { folder, postgres, safe_lost, home } => {
            restore(home.open()?, folder.as_deref(), postgres.as_deref(), safe_lost).await
        }
        Command::Demo { once, home } => demo::run(once, home).await,
        Command::New(args) => new::new(*args),
        Command::Template { file } => template::write(&file),
        Command::Confirm { bundle } => authoring::confirm(&bundle),
        Command::Check(args) => check::check(&args),
        Command::Explain(args) => explain::explain(&args),
        Command::Outline { file, json } => outline::outline(&file, json),
        Command::Diff { old, new, json } => diff::diff(&old, &new, json),
        Command::Propose { bundle } => propose::propose(&bundle),
        Command::Render(args) => render::run(&args),
        // Done before there was a runtime.
        Command::RenderChild { .. } | Command::ReadChild { .. } => Ok(()),
        Command::Mask { bundle, write } => mask::mask(&bundle, write),
        Command::Submit { bundle, revises, anew, caller } => {
            let submitted = authoring::submit(&bundle, (revises, anew), &caller).await;
            print::answer(&caller, submitted, |answer| print::submitted(answer, &caller))
        }
        Command::Fetch { bundle, out, caller } => {
            let fetched = case::fetch(&bundle, out, &caller).await;
            print::answer(&caller, fetched, |fetched| {
                say!("{}  {}", fetched.manifest, fetched.folder.display());
                print::findings(&fetched.findings);
                let manifest = fetched.manifest.as_str();
                let sign = ["sign", bundle.as_str(), "--manifest", manifest];
                print::next(&[&sign[..], &["--as", &caller.path()]].concat());
            })
        }
        Command::Sign { bundle, manifest, order, yes, caller } => {
            let signed = case::sign(&bundle, manifest, (order, yes), &caller).await;
            print::answer(&caller, signed, |case| print::signed(case, &caller))
        }
        Command::Return { bundle, reason, caller } => {
            let returned = case::give_back(&bundle, reason, &caller).await;
            print::answer(&caller, returned, print::returned)
        }
        Command::Register { bundle, slots, caller } => {
            let registered = case::register(&bundle, &slots, &caller).await;
            print::answer(&caller, registered, |case| print::registered(case, &caller))
        }
        Command::Order { bundle, order, caller } => {
            let ordered = case::order(&bundle, order, &caller).await;
            print::answer(&caller, ordered, |case| print::ordered(case, &caller))
        }
        Command::Status { bundle: None, caller } => {
            print::answer(&caller, case::list(&caller).await, |drafts| print::bundles(drafts))
        }
        Command::Status { bundle: Some(bundle), caller } => {
            let status = case::status(&bundle, &caller).await;
            let people = if caller.json { vec![] } else { case::people(&caller).await };
            print::answer(&caller, status, |status| print::status(status, &people, &caller))
        }
        Command::Stop { bundle, reason, caller } => {
            let asked = case::stop(&bundle, reason, &caller).await;
            print::answer(&caller, asked, |_| print::stopping(&bundle, &caller))
        }
        Command::Withdraw { bundle, reason, yes, caller } => {
            let ordered = case::withdraw(&bundle, &reason, yes, &caller).await;
            print::answer(&caller, ordered, |release| {
                say!("撤回令已下达：{} / withdrawal ordered", print::state(&release.phase));
                print::next(&["status", bundle.as_str(), "--as", &caller.path()]);
            })
        }
        Command::Resume { bundle: None, home, caller, .. } => {
            let resumed = case::resume_deployment(&home.open()?, &caller).await;
            print::answer(&caller, resumed, print::deployment)
        }
        Command::Resume { bundle: Some(bundle), caller, .. } => {
            let resumed = case::resume(&bundle, &caller).await;
            print::answer(&caller, resumed, |release| print::resumed(release, &caller))
        }
    }
}

fn init(home: &Path, name: &str, cluster: bool, settings: Option<&Path>) -> anyhow::Result<()> {
    let mut home = Home::init(home, name)?;
    if cluster {
        home = home.init_cluster()?;
    }
    if let Some(file) = settings {
        let made = home.path.clone();
        home = home.with_settings(file).with_context(|| {
            format!("{} 已建立，请删除后重来 / was made: remove it and begin anew", made.display())
        })?;
    }
    say!("部署已建立 / deployment made: {}", home.path.display());
    say!(
        "  根密钥 root key  {}（请妥善保管 / keep it safe）",
        home.join("keys/root.key").display()
    );
    let next = if cluster { "migrate" } else { "serve all" };
    let words = next.split(' ').chain(["--home"]).collect::<Vec<_>>();
    print::next(&[&words[..], &[&home.path.to_string_lossy()]].concat());
    Ok(())
}

async fn restore(
    home: Home,
    folder: Option<&Path>,
    postgres: Option<&str>,
    safe_is_lost: bool,
) -> anyhow::Result<()> {
    match (folder, postgres) {
        (Some(folder), _) => backup::restore(home, folder, safe_is_lost).await,
        (None, Some(postgres)) => failover::restore(home, postgres, safe_is_lost).await,
        (None, None) if home.settings.cluster.is_some() => bail!(
            "服务分开运行：请先恢复数据库（见 deploy/restore.md），再以 --postgres 给出其管理员地址，如 \
             postgres://ADMIN@HOST/DATABASE / services apart: once the database is in place, give its \
             administrator's address by --postgres"
        ),
        (None, None) => bail!("请给出备份目录 / name the backup's folder"),
    }
}

async fn serve(
    home: &Home,
    named: &[&'static str],
    [staff, public, listen]: [Option<SocketAddr>; 3],
) -> anyhow::Result<()> {
    let (clock, transport, program) = (clock(), Transport::Local, THIS_PROGRAM.into());
    let how = How { staff, public, listen, clock, transport, program };
    let server = Server::start_these(home, how, named).await?;
    if named.contains(&"console") {
        say!("工作端 staff   {}", server.running.staff);
    }
    if named.contains(&"portal") {
        say!("公众端 public  {}", server.running.public);
    }
    serve::until_signal(server).await
}

/// The machine's clock; in tests, the one that the test owns.
fn clock() -> Clock {
    #[cfg(feature = "test-clock")]
    if let Some(path) = std::env::var_os("LOCKSTEP_CLOCK_FILE") {
        return Clock::File(path.into());
    }
    Clock::System
}
