//! Three NATS servers that sync what they acknowledge, as `deploy/nats.conf` has it.

use std::{
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Child, Command},
    time::{Duration, Instant},
};

use lockstep_kit::{bus::Address, testing::free_addresses};
use tempfile::TempDir;

pub(crate) struct Servers {
    listen: [SocketAddr; 3],
    children: Vec<Child>,
    _folder: TempDir,
}

impl Servers {
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/nats-server");
        let found = Command::new(script).output().unwrap().stdout;
        let program = String::from_utf8(found).unwrap();
        let (listen, routes) = (free_addresses(), free_addresses::<3>());
        let list: Vec<_> = routes.iter().map(|route| format!("nats://{route}")).collect();
        let mut children = vec![];
        for (address, route) in listen.iter().zip(&routes) {
            let port = address.port();
            let text = format!(
                "server_name: n{port}\nlisten: \"{address}\"\n\
                 jetstream {{\n store_dir: \"{}/{port}\"\n sync_interval: always\n}}\n\
                 cluster {{\n name: bench\n listen: \"{route}\"\n routes: {list:?}\n}}\n",
                folder.path().display()
            );
            let file = folder.path().join(format!("{port}.conf"));
            std::fs::write(&file, text).unwrap();
            let log = std::fs::File::create(folder.path().join(format!("{port}.log"))).unwrap();
            let started = Command::new(program.trim()).arg("-c").arg(&file).stderr(log).spawn();
            children.push(started.unwrap());
        }
        let servers = Self { listen, children, _folder: folder };
        servers.wait().await;
        servers
    }

    pub(crate) fn address(&self) -> Address {
        let servers = self.listen.iter().map(|address| format!("nats://{address}")).collect();
        Address { servers, seed: None, ca: None }
    }

    /// Until they listen and the three have a leader.
    async fn wait(&self) {
        let begun = Instant::now();
        for address in self.listen {
            while TcpStream::connect(address).is_err() {
                assert!(begun.elapsed() < Duration::from_secs(30), "nats-server does not start");
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
        let client = async_nats::connect(self.address().servers).await.unwrap();
        let context = async_nats::jetstream::new(client);
        while context.query_account().await.is_err() {
            assert!(begun.elapsed() < Duration::from_secs(30), "no leader");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        for child in &mut self.children {
            child.kill().ok();
            child.wait().ok();
        }
    }
}
