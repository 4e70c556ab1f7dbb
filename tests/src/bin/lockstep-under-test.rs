//! The one binary, with failpoints and a clock that tests own.

use std::process::ExitCode;

fn main() -> ExitCode {
    let _scenario = fail::FailScenario::setup();
    lockstep::main()
}
