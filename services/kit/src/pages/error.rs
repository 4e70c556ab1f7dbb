//! Why a page is not made, in words for whoever wrote its template.

/// A page could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// A template of ours is wrong.
    #[error("页面模板有误 / page template does not hold")]
    Template(#[source] Box<handlebars::TemplateError>),
    /// It could not be filled.
    #[error("页面无法制作 / page cannot be made")]
    Render(#[source] Box<handlebars::RenderError>),
    /// A template of the office's is wrong.
    #[error("theme.templates 的 {name}.hbs:{line} 不能使用 / this template cannot be used：{why}")]
    Own {
        /// Of the template.
        name: String,
        /// Counted from one.
        line: usize,
        /// Why, and what to do.
        why: String,
    },
    /// A page that readers must not get.
    #[error(
        "由 {template}.hbs 制作的页面缺少必须有的内容，因此不予显示 / a page made by this template lacks what it must \
         have, and is not shown: {what}"
    )]
    Lacks {
        /// Of the page; what is missing may be missing from a template that it takes in.
        template: String,
        /// What it lacks.
        what: String,
    },
    /// A page that might hide what it holds.
    #[error(
        "由 {template}.hbs 制作的页面含有不允许的标记（参见 docs/theme.md“模板”），因此不予显示 / a page made by this \
         template holds markup that is not allowed, and is not shown: {what}"
    )]
    Markup {
        /// Of the page; what is wrong may come from a template that it takes in.
        template: String,
        /// The tag.
        what: String,
    },
    /// A pair without both fragments is no page.
    #[error("政策或解读的正文片段缺失 / a fragment of the pair is missing")]
    Half,
}
