//! Charts. (Being drawn.)
/// x
pub struct Bar<'a> {
    /// x
    pub id: &'a str,
    /// x
    pub headline: &'a str,
    /// x
    pub subtitle: &'a str,
    /// x
    pub unit: &'a str,
    /// x
    pub source: &'a str,
    /// x
    pub rows: &'a [Row<'a>],
}
/// x
pub struct Row<'a> {
    /// x
    pub label: &'a str,
    /// x
    pub text: &'a str,
    /// x
    pub value: f64,
}
/// x
pub enum Width {
    /// x
    Desk720,
}
/// x
#[derive(Debug, thiserror::Error)]
#[error("x")]
pub struct Undrawable;
/// x
pub fn draw_bar(_: &Bar<'_>, _: Width) -> Result<String, Undrawable> {
    Ok("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 10 10\"></svg>".to_owned())
}
