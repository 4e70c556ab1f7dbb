//! Blobs in a bucket of an S3-compatible store, which acknowledges what it keeps durably. Every
//! request has a limit in time and in tries; whoever asked tries again later.

use std::{path::PathBuf, time::Duration};

use futures::TryStreamExt as _;
use lockstep_proto::digest::Digest;
use object_store::{
    BackoffConfig, Certificate, ClientOptions, Error, ObjectStore as _, ObjectStoreExt as _,
    RetryConfig,
    aws::{AmazonS3, AmazonS3Builder},
    path::Path,
};

use super::{BlobError, name, named};
use crate::{error::Chain, http};

/// How long it may take until somebody listens.
const CONNECT_TIME: Duration = Duration::from_secs(3);
/// One try: the largest file of a bundle, 10 MiB, at 700 KB/s.
const TRY_TIME: Duration = Duration::from_secs(15);
/// Tries after the first; a store that is being restarted is back by then, or it is down.
const TRIES_MORE: usize = 3;
/// No more tries after this time.
const RETRY_TIME: Duration = Duration::from_secs(8);
/// All tries together, the answer's body included. Less than a job may take.
const TIME: Duration = Duration::from_secs(20);

/// An object that is no blob, written over and over.
const PROBE: &str = "probe";

/// Where a bucket is, and the keys to it. Not `Debug`: nobody is to print these.
#[derive(Clone)]
pub struct BucketAddress {
    /// The store's address: `https://HOST:PORT`.
    pub endpoint: String,
    /// The bucket's name.
    pub bucket: String,
    /// The region, which is part of what is signed.
    pub region: String,
    /// Which key.
    pub access_key: String,
    /// Its secret.
    pub secret_key: String,
    /// Certificates of the authority to trust instead of the system's.
    pub ca: Option<PathBuf>,
}

#[derive(Debug, Clone)]
pub(super) struct Bucket {
    store: AmazonS3,
    /// For people: which, and where.
    title: String,
}

impl Bucket {
    pub(super) fn open(address: &BucketAddress) -> Result<Self, BlobError> {
        http::use_ring();
        let mut options = ClientOptions::new()
            .with_connect_timeout(CONNECT_TIME)
            .with_timeout(TRY_TIME)
            .with_allow_http(true);
        if let Some(path) = &address.ca {
            let unusable =
                |source| BlobError::Settings { what: path.display().to_string(), source };
            let pem = std::fs::read(path).map_err(|error| unusable(error.into()))?;
            let certificates = Certificate::from_pem_bundle(&pem);
            for certificate in certificates.map_err(|error| unusable(error.into()))? {
                options = options.with_root_certificate(certificate);
            }
            options = options.with_no_system_certificates(true);
        }
        let backoff = BackoffConfig {
            init_backoff: Duration::from_millis(100),
            max_backoff: Duration::from_secs(1),
            base: 2.,
        };
        let retry = RetryConfig { backoff, max_retries: TRIES_MORE, retry_timeout: RETRY_TIME };
        let store = AmazonS3Builder::new()
            .with_endpoint(&address.endpoint)
            .with_bucket_name(&address.bucket)
            .with_region(&address.region)
            .with_access_key_id(&address.access_key)
            .with_secret_access_key(&address.secret_key)
            .with_client_options(options)
            .with_retry(retry)
            .build();
        let title = format!("{} ({})", address.bucket, address.endpoint);
        match store {
            Ok(store) => Ok(Self { store, title }),
            Err(source) => Err(BlobError::Settings { what: title, source: source.into() }),
        }
    }

    /// Asks for a list of nothing: the answer says whether there is a bucket, which that of a blob
    /// that is missing does not.
    pub(super) async fn check(&self) -> Result<(), BlobError> {
        let last = Path::from(format!("ff/{}", "f".repeat(64)));
        let nothing = self.store.list_with_offset(Some(&Path::from("ff")), &last);
        let listed = self.limited(nothing.try_collect::<Vec<_>>()).await?;
        listed.map(drop).map_err(|error| self.failed("looking for it", error))
    }

    pub(super) async fn check_writable(&self) -> Result<(), BlobError> {
        self.check().await?;
        let put = async { self.store.put(&Path::from(PROBE), PROBE.as_bytes().into()).await };
        let put = self.limited(put).await?;
        put.map(drop).map_err(|error| self.failed("trying to write", error))
    }

    /// What is there is read first: most blobs of a bundle are put again when it is staged.
    pub(super) async fn put(&self, digest: &Digest, bytes: Vec<u8>) -> Result<(), BlobError> {
        match self.get(digest).await {
            Ok(Some(_)) => return Ok(()),
            Ok(None) | Err(BlobError::Damaged { .. }) => {}
            Err(error) => return Err(error),
        }
        let put = self.limited(async { self.store.put(&path(digest), bytes.into()).await });
        put.await?.map(drop).map_err(|error| self.failed("writing", error))
    }

    pub(super) async fn find(&self, digest: &Digest) -> Result<Option<Vec<u8>>, BlobError> {
        let found = self.get(digest).await?;
        if found.is_none() {
            // Bytes that are nowhere are a bundle's trouble, a bucket that is gone is everybody's.
            self.check().await?;
        }
        Ok(found)
    }

    async fn get(&self, digest: &Digest) -> Result<Option<Vec<u8>>, BlobError> {
        let get = async { self.store.get(&path(digest)).await?.bytes().await };
        match self.limited(get).await? {
            Ok(bytes) if Digest::of(&bytes) == *digest => Ok(Some(bytes.into())),
            Ok(_) => Err(BlobError::Damaged { digest: digest.clone() }),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(self.failed("reading", error)),
        }
    }

    pub(super) async fn list(&self) -> Result<Vec<Digest>, BlobError> {
        let mut objects = self.store.list(None);
        let mut digests = vec![];
        // Each page has its time; there may be many.
        loop {
            match self.limited(objects.try_next()).await? {
                Ok(Some(object)) => digests.extend(named(object.location.as_ref())),
                Ok(None) => return Ok(digests),
                Err(error) => return Err(self.failed("listing", error)),
            }
        }
    }

    async fn limited<T>(&self, work: impl Future<Output = T>) -> Result<T, BlobError> {
        let done = tokio::time::timeout(TIME, work).await;
        done.map_err(|_| BlobError::Late(self.title.clone()))
    }

    /// The library keeps the status of a failed list to itself: of that, only the text tells.
    fn failed(&self, doing: &'static str, source: Error) -> BlobError {
        let (bucket, said) = (self.title.clone(), Chain(&source).to_string());
        if said.contains("NoSuchBucket") {
            return BlobError::NoBucket(bucket);
        }
        if ["401", "403"].iter().any(|status| said.contains(&format!("status code: {status}"))) {
            return BlobError::Refused { bucket, source };
        }
        BlobError::Bucket { bucket, doing, source }
    }
}

fn path(digest: &Digest) -> Path {
    Path::from(name(digest))
}
