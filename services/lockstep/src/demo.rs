//! .
pub(crate) async fn run(_: bool, _: Option<std::path::PathBuf>) -> anyhow::Result<()> {
    Ok(())
}
