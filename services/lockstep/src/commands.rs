//! What each command does.

mod authoring;
mod case;
mod migrate;
mod people;

use lockstep_kit::{clock::Clock, dispatch::Transport};

pub(crate) use authoring::send as send_bundle;

use crate::{
    cli::{Cli, Command},
    demo,
    home::Home,
    serve::{self, How, Server},
    services,
};

/// Runs one command.
pub(crate) async fn run(cli: Cli) -> anyhow::Result<()> {
    match cli.command {
        Command::Init { home, name, cluster } => {
            let mut home = Home::init(&home, &name)?;
            if cluster {
                home = home.init_cluster()?;
            }
            println!("部署已建立 / deployment made: {}", home.path.display());
            println!(
                "  根密钥 root key  {}（请妥善保管 / keep it safe）",
                home.join("keys/root.key").display()
            );
            let next = if cluster { "migrate" } else { "serve all" };
            println!("  下一步 next      lockstep {next} --home {}", home.path.display());
            Ok(())
        }
        Command::Person(command) => people::person(command).await,
        Command::Key(command) => people::key(command).await,
        Command::Serve { services, home, staff, public, listen } => {
            let home = Home::open(&home.home)?;
            let named = services::named(&services)?;
            let transport = Transport::Local;
            let how = How { staff, public, listen, clock: clock(), transport };
            let server = Server::start_these(&home, how, &named).await?;
            if named.contains(&"console") {
                println!("工作端 staff   {}", server.running.staff);
            }
            if named.contains(&"portal") {
                println!("公众端 public  {}", server.running.public);
            }
            serve::until_signal(server).await
        }
        Command::Migrate { home, postgres } => {
            migrate::migrate(&Home::open(&home.home)?, &postgres).await
        }
        Command::Demo { once, home } => demo::run(once, home).await,
        Command::New(args) => authoring::new(*args),
        Command::Confirm { bundle } => authoring::confirm(&bundle),
        Command::Check { bundle, json } => authoring::check(&bundle, json),
        Command::Submit { bundle, revises, json, who } => {
            authoring::submit(&bundle, revises, json, &who).await
        }
        Command::Fetch { bundle, out, who } => case::fetch(&bundle, &out, &who).await,
        Command::Sign { bundle, manifest, order, yes, who } => {
            case::sign(&bundle, manifest, (order, yes), &who).await
        }
        Command::Return { bundle, reason, who } => case::give_back(&bundle, reason, &who).await,
        Command::Register { bundle, slots, who } => case::register(&bundle, &slots, &who).await,
        Command::Order { bundle, order, who } => case::order(&bundle, order, &who).await,
        Command::Status { bundle, json, who } => case::status(bundle, json, &who).await,
        Command::Stop { bundle, reason, who } => case::stop(&bundle, reason, &who).await,
        Command::Withdraw { bundle, reason, json, who } => {
            case::withdraw(&bundle, &reason, json, &who).await
        }
        Command::Resume { bundle, who } => case::resume(&bundle, &who).await,
    }
}

/// The machine's clock; in tests, the one that the test owns.
fn clock() -> Clock {
    #[cfg(feature = "test-clock")]
    if let Some(path) = std::env::var_os("LOCKSTEP_CLOCK_FILE") {
        return Clock::File(path.into());
    }
    Clock::System
}
