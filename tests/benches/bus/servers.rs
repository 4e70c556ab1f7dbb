//! Three NATS servers that sync what they acknowledge, as `deploy/nats.conf` has it.

use std::{
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command},
    time::{Duration, Instant},
};

use lockstep_kit::bus::Address;
use tempfile::TempDir;

pub(crate) struct Servers {
    ports: Vec<u16>,
    children: Vec<Child>,
    _folder: TempDir,
}

fn free_ports(count: usize) -> Vec<u16> {
    let held: Vec<_> = (0..count).map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
    held.iter().map(|listener| listener.local_addr().unwrap().port()).collect()
}

impl Servers {
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/nats-server");
        let found = Command::new(script).output().unwrap().stdout;
        let program = String::from_utf8(found).unwrap();
        let (ports, routes) = (free_ports(3), free_ports(3));
        let list: Vec<_> = routes.iter().map(|port| format!("nats://127.0.0.1:{port}")).collect();
        let mut children = vec![];
        for (port, route) in ports.iter().zip(&routes) {
            let text = format!(
                "server_name: n{port}\nlisten: \"127.0.0.1:{port}\"\n\
                 jetstream {{\n store_dir: \"{}/{port}\"\n sync_interval: always\n}}\n\
                 cluster {{\n name: bench\n listen: \"127.0.0.1:{route}\"\n routes: {list:?}\n}}\n",
                folder.path().display()
            );
            let file = folder.path().join(format!("{port}.conf"));
            std::fs::write(&file, text).unwrap();
            let log = std::fs::File::create(folder.path().join(format!("{port}.log"))).unwrap();
            let started = Command::new(program.trim()).arg("-c").arg(&file).stderr(log).spawn();
            children.push(started.unwrap());
        }
        let servers = Self { ports, children, _folder: folder };
        servers.wait().await;
        servers
    }

    pub(crate) fn address(&self) -> Address {
        let servers = self.ports.iter().map(|port| format!("nats://127.0.0.1:{port}")).collect();
        Address { servers, seed: None, ca: None }
    }

    /// Until they listen and the three have a leader.
    async fn wait(&self) {
        let begun = Instant::now();
        for port in &self.ports {
            while TcpStream::connect(("127.0.0.1", *port)).is_err() {
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
