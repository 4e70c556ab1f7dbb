//! The one binary as a library: deployment folder, `serve`, and the commands people type.

#![deny(
    clippy::print_stdout,
    reason = "`println!` panics where the reader has gone; `say!` does not"
)]

#[macro_use]
mod print;

pub mod cli;
pub mod client;
mod commands;
mod demo;
mod doctor;
pub mod folder;
pub mod home;
pub mod identity;
mod lexicons;
mod log;
pub mod serve;
pub mod services;
pub mod statements;
pub mod theme;

use std::{io, process::ExitCode};

use clap::Parser as _;
use lockstep_kit::child::Limits;

use crate::{
    cli::{Cli, Command},
    client::Failure,
};

/// Exit status: done.
pub const DONE: u8 = 0;
/// Exit status: refused, or declined when asked.
pub const REFUSED: u8 = 1;
/// Exit status: unusable input or environment.
pub const UNUSABLE: u8 = 2;

/// What a child of this program does.
type Work = fn(Limits, io::StdinLock<'static>, io::StdoutLock<'static>) -> io::Result<()>;

/// Runs the command line that this process was started with.
pub fn main() -> ExitCode {
    let cli = Cli::try_parse().unwrap_or_else(|error| {
        // Help and version are answers.
        if error.use_stderr() {
            eprintln!("命令有误，用法见 --help / the command line is not right; see --help");
        }
        error.exit()
    });
    if let Command::ReadChild { memory_mib, cpu_seconds } = cli.command {
        return be_child(lockstep_drafting::reading::run, Limits { memory_mib, cpu_seconds });
    }
    if let Command::RenderChild { memory_mib, cpu_seconds } = cli.command {
        return be_child(lockstep_explainer::child::run, Limits { memory_mib, cpu_seconds });
    }
    lockstep_kit::http::use_ring();
    // Before the runtime, and until after its end: the exporter has threads of its own.
    let _log = match log::start(cli.otlp().as_deref()) {
        Ok(log) => log,
        Err(error) => {
            print::error(&error);
            return ExitCode::from(UNUSABLE);
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let done = match runtime {
        Err(error) => Err(anyhow::Error::from(error)),
        Ok(runtime) => runtime.block_on(commands::run(cli)),
    };
    match done {
        Ok(()) => ExitCode::from(DONE),
        Err(error) => ExitCode::from(tell(&error)),
    }
}

fn be_child(work: Work, limits: Limits) -> ExitCode {
    match work(limits, io::stdin().lock(), io::stdout().lock()) {
        Ok(()) => ExitCode::from(DONE),
        Err(error) => ExitCode::from(tell(&error.into())),
    }
}

/// Tells a person what went wrong; gives the exit status.
fn tell(error: &anyhow::Error) -> u8 {
    match error.downcast_ref::<Failure>() {
        Some(Failure::Findings(findings)) => print::findings(findings),
        Some(Failure::Refused(problem)) if !problem.findings.is_empty() => {
            print::findings(&problem.findings);
        }
        Some(Failure::Refused(problem)) => print::refusal(problem),
        Some(Failure::Unusable(_) | Failure::NoTls { .. } | Failure::Unreachable { .. }) | None => {
            print::error(error);
            return UNUSABLE;
        }
    }
    REFUSED
}
