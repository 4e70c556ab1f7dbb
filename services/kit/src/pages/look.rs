//! What of an office stands on its pages.

use std::collections::BTreeMap;

/// How an office's pages look, over the plain look. Whoever makes it has checked it.
#[derive(Debug, Clone, Default)]
pub struct Look {
    /// Whose pages they are.
    pub agency: Option<String>,
    /// Its emblem, as an address that holds it.
    pub emblem: Option<String>,
    /// Rules that stand after the style sheet's.
    pub style: String,
    /// Templates in the place of ours, by name.
    pub templates: BTreeMap<String, String>,
}
