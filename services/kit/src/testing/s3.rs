//! An S3-compatible store of a test's own: a folder behind signed HTTP. It can be stopped and started
//! again under the same address.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{Arc, mpsc},
    thread::JoinHandle,
};

use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use s3s::{
    auth::SimpleAuth,
    service::{S3Service, S3ServiceBuilder},
};
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::oneshot};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    },
};

use super::{free_addresses, script};
use crate::blobs::BucketAddress;

const BUCKET: &str = "lockstep";
const ACCESS_KEY: &str = "TESTKEY";
const SECRET_KEY: &str = "test-secret";

/// The store, with one bucket.
#[derive(Debug)]
pub struct S3 {
    folder: TempDir,
    listen: SocketAddr,
    /// By TLS: the certificates' folder.
    certificates: Option<TempDir>,
    running: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

impl S3 {
    /// Starts one on a free port, with an empty bucket.
    pub fn start() -> Self {
        Self::begin(false)
    }

    /// The same by TLS, under an authority of its own.
    pub fn start_with_tls() -> Self {
        Self::begin(true)
    }

    fn begin(is_tls: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(BUCKET)).unwrap();
        let [listen] = free_addresses();
        let certificates = is_tls.then(|| {
            let place = tempfile::tempdir().unwrap();
            let names = ["server", "127.0.0.1"].map(AsRef::as_ref);
            script("certificates", &[&[place.path().as_os_str()], &names[..]].concat());
            place
        });
        let mut store = Self { folder, listen, certificates, running: None };
        store.start_again();
        store
    }

    /// Starts it where it was, with what it had.
    pub fn start_again(&mut self) {
        let mut service = S3ServiceBuilder::new(FileSystem::new(self.folder.path()).unwrap());
        service.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
        let (service, address) = (service.build(), self.listen);
        let tls = self.certificates.as_ref().map(|place| acceptor(place.path()));
        let (stop, stopped) = oneshot::channel();
        let (ready, is_ready) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            // With the runtime, every connection ends.
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(async {
                let listener = TcpListener::bind(address).await.unwrap();
                ready.send(()).unwrap();
                tokio::select! {
                    () = serve(listener, tls, service) => {}
                    _ = stopped => {}
                }
            });
        });
        is_ready.recv().unwrap();
        self.running = Some((stop, thread));
    }

    /// Nobody answers any more.
    pub fn stop(&mut self) {
        if let Some((stop, thread)) = self.running.take() {
            stop.send(()).ok();
            thread.join().ok();
        }
    }

    /// How to reach the bucket.
    pub fn address(&self) -> BucketAddress {
        let scheme = if self.certificates.is_some() { "https" } else { "http" };
        BucketAddress {
            endpoint: format!("{scheme}://{}", self.listen),
            bucket: BUCKET.to_owned(),
            region: "us-east-1".to_owned(),
            access_key: ACCESS_KEY.to_owned(),
            secret_key: SECRET_KEY.to_owned(),
            ca: self.certificates.as_ref().map(|place| place.path().join("ca.pem")),
        }
    }

    /// Where the bucket's objects lie, for harming them.
    pub fn bucket(&self) -> PathBuf {
        Path::new(self.folder.path()).join(BUCKET)
    }
}

fn acceptor(certificates: &Path) -> TlsAcceptor {
    let chain = CertificateDer::pem_file_iter(certificates.join("server.pem")).unwrap();
    let chain = chain.map(Result::unwrap).collect();
    let key = PrivateKeyDer::from_pem_file(certificates.join("server.key")).unwrap();
    let settings = ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key);
    TlsAcceptor::from(Arc::new(settings.unwrap()))
}

async fn serve(listener: TcpListener, tls: Option<TlsAcceptor>, service: S3Service) {
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let (tls, service) = (tls.clone(), service.clone());
        connections.spawn(async move {
            // Clients come and go.
            match tls {
                None => {
                    let connection =
                        http1::Builder::new().serve_connection(TokioIo::new(stream), service);
                    connection.await.ok();
                }
                Some(tls) => {
                    let Ok(stream) = tls.accept(stream).await else { return };
                    let connection =
                        http1::Builder::new().serve_connection(TokioIo::new(stream), service);
                    connection.await.ok();
                }
            }
        });
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        self.stop();
    }
}
