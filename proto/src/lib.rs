//! Whatever crosses a service's edge: identities, signed statements, facts, HTTP bodies.
//!
//! One word per idea, here and everywhere else (tables, subjects, routes, logs, interface):
//!
//! | word | 中文 | type |
//! |---|---|---|
//! | policy, interpretation | 政策文件, 政策解读 | [`manifest::Role`] |
//! | bundle | 政策包 | [`ids::BundleId`] |
//! | revision, manifest | 版次, 清单 | [`manifest::Manifest`] |
//! | companion | 配套解读 | [`manifest::Companion`] |
//! | slot, registration | 留空项, 登记 | [`edition::Slot`], [`edition::Registration`] |
//! | edition | 定稿 | [`edition::Edition`] |
//! | order | 发布令 | [`order::Order`] |
//! | chain, sign-off | 审批链, 签批 | [`sign_off::Chain`], [`sign_off::SignOff`] |
//! | permit, withdrawal | 放行凭证, 撤回 | [`release::Permit`], [`release::Withdrawal`] |
//! | generation | 发布代次 | [`release::Generation`] |
//! | channel, receipt | 渠道, 回执 | [`ids::ChannelName`], [`release::Receipt`] |
//! | finding | 检查结果 | [`finding::Finding`] |
//!
//! A published type or field never changes its meaning; `samples/` holds one golden message per
//! type and version, read by a test for ever.

pub mod digest;
pub mod document;
pub mod edition;
pub mod envelope;
pub mod facts;
pub mod finding;
pub mod http;
pub mod ids;
pub mod manifest;
pub mod order;
pub mod people;
pub mod release;
pub mod sign_off;
pub mod signed;
pub mod time;
