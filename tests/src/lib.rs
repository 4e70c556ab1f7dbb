//! What stories and kill tests share: a deployment in a temporary folder, its people, its server
//! (in this process or as a child that can be killed), its clock, and watchers that record every
//! response of every channel; and the servers that services apart need.

pub mod bundles;
pub mod cluster;
pub mod history;
pub mod servers;
pub mod site;
pub mod watch;
