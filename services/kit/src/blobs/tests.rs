//! What both kinds of stores promise, and what a bucket may do besides.

use std::path::PathBuf;

use super::*;
use crate::testing::{S3, SmallDisk};

/// A store, and where a test finds its files.
struct World {
    blobs: Blobs,
    files: PathBuf,
    s3: Option<S3>,
    _folder: tempfile::TempDir,
}

impl World {
    fn file(&self, digest: &Digest) -> PathBuf {
        self.files.join(name(digest))
    }
}

/// Runs `test` on a folder and on a bucket.
async fn for_each_kind(test: impl AsyncFn(&mut World)) {
    for is_bucket in [false, true] {
        // Seen only where the test fails.
        println!("bucket: {is_bucket}");
        let folder = tempfile::tempdir().unwrap();
        let s3 = is_bucket.then(S3::start);
        let (blobs, files) = match &s3 {
            Some(s3) => (Blobs::in_bucket(&s3.address()).unwrap(), s3.bucket()),
            None => (Blobs::new(folder.path().join("blobs")), folder.path().join("blobs")),
        };
        test(&mut World { blobs, files, s3, _folder: folder }).await;
    }
}

#[tokio::test]
async fn bytes_come_back_and_damage_is_seen_and_mended() {
    for_each_kind(async |world| {
        let blobs = &world.blobs;
        blobs.check().await.unwrap();
        blobs.check_writable().await.unwrap();
        // What was tried is no blob.
        assert_eq!(blobs.list().await.unwrap(), []);
        let digest = blobs.put(b"text".to_vec()).await.unwrap();
        assert_eq!(blobs.find(&digest).await.unwrap().as_deref(), Some(&b"text"[..]));
        assert!(blobs.find(&Digest::of(b"other")).await.unwrap().is_none());
        std::fs::write(world.file(&digest), b"tex").unwrap();
        assert!(matches!(blobs.find(&digest).await, Err(BlobError::Damaged { .. })));
        // Stored again, it is whole again.
        blobs.put(b"text".to_vec()).await.unwrap();
        assert_eq!(blobs.find(&digest).await.unwrap().as_deref(), Some(&b"text"[..]));
    })
    .await;
}

#[tokio::test]
async fn a_list_names_every_blob_and_nothing_else() {
    for_each_kind(async |world| {
        assert_eq!(world.blobs.list().await.unwrap(), []);
        let mut digests = vec![];
        for text in ["a", "b", "c"] {
            digests.push(world.blobs.put(text.into()).await.unwrap());
        }
        digests.sort();
        // Others may keep files there; one on a wrong shelf is found by nobody.
        let misplaced = world.files.join("zz").join(digests[0].hex());
        for path in [world.files.join("readme"), world.files.join("ab/notes"), misplaced] {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "x").unwrap();
        }
        assert_eq!(world.blobs.list().await.unwrap(), digests);
    })
    .await;
}

#[tokio::test]
async fn a_bucket_of_many_pages_is_listed_whole() {
    let s3 = S3::start();
    let mut digests: Vec<Digest> =
        (0..2100).map(|number: u32| Digest::of(&number.to_be_bytes())).collect();
    for digest in &digests {
        let path = s3.bucket().join(name(digest));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "").unwrap();
    }
    digests.sort();
    let blobs = Blobs::in_bucket(&s3.address()).unwrap();
    assert_eq!(blobs.list().await.unwrap(), digests);
}

#[tokio::test]
async fn a_bucket_that_is_away_is_an_outage_and_comes_back() {
    for_each_kind(async |world| {
        let digest = world.blobs.put(b"text".to_vec()).await.unwrap();
        let Some(s3) = &mut world.s3 else { return };
        s3.stop();
        for error in [
            world.blobs.check().await.unwrap_err(),
            world.blobs.find(&digest).await.unwrap_err(),
            world.blobs.put(b"other".to_vec()).await.unwrap_err(),
            world.blobs.list().await.unwrap_err(),
        ] {
            let is_named = error.to_string().contains("lockstep (http://127.0.0.1:");
            assert!(error.is_outage() && is_named, "{error:?}");
        }
        s3.start_again();
        assert!(world.blobs.find(&digest).await.unwrap().is_some());
        world.blobs.put(b"other".to_vec()).await.unwrap();
    })
    .await;
}

/// The clock runs ahead while nothing happens here.
#[tokio::test(start_paused = true)]
async fn a_bucket_that_does_not_answer_is_waited_for_so_long_and_no_longer() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", silent.local_addr().unwrap());
    let s3 = S3::start();
    let blobs = Blobs::in_bucket(&BucketAddress { endpoint, ..s3.address() }).unwrap();
    let begun = tokio::time::Instant::now();
    let error = blobs.find(&Digest::of(b"text")).await.unwrap_err();
    assert!(error.is_outage(), "{error:?}");
    assert!(begun.elapsed() <= std::time::Duration::from_secs(21), "{:?}", begun.elapsed());
}

/// What is read at this address, one after another. (This server makes the bucket it is to write to.)
async fn errors_at(address: &BucketAddress) -> Vec<BlobError> {
    let blobs = Blobs::in_bucket(address).unwrap();
    vec![
        blobs.check().await.unwrap_err(),
        blobs.find(&Digest::of(b"text")).await.unwrap_err(),
        blobs.list().await.unwrap_err(),
    ]
}

#[tokio::test]
async fn a_bucket_that_is_not_there_is_not_taken_for_missing_bytes() {
    let s3 = S3::start();
    let address = BucketAddress { bucket: "elsewhere".to_owned(), ..s3.address() };
    for error in errors_at(&address).await {
        assert!(matches!(&error, BlobError::NoBucket(which) if which.contains("elsewhere")));
        assert!(error.is_outage());
    }
}

#[tokio::test]
async fn a_bucket_by_tls_is_of_the_authority_that_is_named() {
    let (s3, other) = (S3::start_with_tls(), S3::start_with_tls());
    let blobs = Blobs::in_bucket(&s3.address()).unwrap();
    let digest = blobs.put(b"text".to_vec()).await.unwrap();
    assert_eq!(blobs.find(&digest).await.unwrap().as_deref(), Some(&b"text"[..]));
    // Neither another authority nor those of the system will do.
    for ca in [other.address().ca, None] {
        let blobs = Blobs::in_bucket(&BucketAddress { ca, ..s3.address() }).unwrap();
        let error = blobs.check().await.unwrap_err();
        let said = crate::Chain(&error).to_string();
        assert!(error.is_outage() && said.contains("certificate"), "{said}");
    }
    let missing = BucketAddress { ca: Some("nowhere.pem".into()), ..s3.address() };
    let error = Blobs::in_bucket(&missing).unwrap_err();
    assert!(error.to_string().contains("nowhere.pem"), "{error}");
}

#[tokio::test]
async fn wrong_keys_are_refused_and_said() {
    let s3 = S3::start();
    let (access, secret) = ("WRONG".to_owned(), "wrong".to_owned());
    for address in [
        BucketAddress { access_key: access, ..s3.address() },
        BucketAddress { secret_key: secret, ..s3.address() },
    ] {
        let put = Blobs::in_bucket(&address).unwrap().put(b"text".to_vec()).await;
        for error in errors_at(&address).await.into_iter().chain(put.err()) {
            assert!(matches!(error, BlobError::Refused { .. }), "{error:?}");
            assert!(error.is_outage());
            let said = crate::Chain(&error).to_string();
            assert!(!said.contains(&address.secret_key), "{said}");
        }
    }
}

#[tokio::test]
async fn what_was_read_from_a_bucket_is_kept_for_whoever_asks_for_a_cache() {
    let mut s3 = S3::start();
    let blobs = Blobs::in_bucket(&s3.address()).unwrap();
    let digest = blobs.put(b"text".to_vec()).await.unwrap();
    let cached = blobs.with_cache();
    // Damaged bytes are not kept.
    std::fs::write(s3.bucket().join(name(&digest)), b"tex").unwrap();
    cached.find(&digest).await.unwrap_err();
    cached.put(b"text".to_vec()).await.unwrap();
    cached.find(&digest).await.unwrap();
    s3.stop();
    assert_eq!(cached.find(&digest).await.unwrap().as_deref(), Some(&b"text"[..]));
    // Nobody else is told of bytes that the store does not answer for.
    blobs.find(&digest).await.unwrap_err();
    blobs.with_cache().find(&digest).await.unwrap_err();
}

#[tokio::test]
async fn a_folder_has_no_cache() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = Blobs::new(folder.path().to_owned()).with_cache();
    let digest = blobs.put(b"text".to_vec()).await.unwrap();
    blobs.find(&digest).await.unwrap();
    std::fs::write(folder.path().join(name(&digest)), b"tex").unwrap();
    blobs.find(&digest).await.unwrap_err();
}

#[tokio::test]
async fn a_full_disk_is_an_outage_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("disk");
    let Some(_disk) = SmallDisk::mount(&place, 64) else {
        println!("nothing was tested: a file system cannot be mounted here");
        return;
    };
    let blobs = Blobs::new(place.join("blobs"));
    let digest = blobs.put(b"text".to_vec()).await.unwrap();
    let error = blobs.put(vec![7; 1 << 20]).await.unwrap_err();
    assert!(error.is_outage(), "{error:?}");
    assert_eq!(blobs.list().await.unwrap(), std::slice::from_ref(&digest));
    assert!(blobs.find(&digest).await.unwrap().is_some());
    // What failed left no place taken.
    blobs.put(vec![7; 16 << 10]).await.unwrap();
}

#[tokio::test]
async fn a_bucket_that_can_only_be_read_does_not_pass() {
    let s3 = S3::start();
    let blobs = Blobs::in_bucket(&s3.address()).unwrap();
    // This server keeps objects as files: none can be put where a folder is.
    let taken = s3.bucket().join("probe/taken");
    std::fs::create_dir_all(&taken).unwrap();
    blobs.check_for("release").await.unwrap();
    let error = blobs.check_for("drafting").await.unwrap_err();
    assert!(error.is_outage() && error.to_string().contains("trying to write"), "{error:?}");
    std::fs::remove_dir_all(s3.bucket().join("probe")).unwrap();
    blobs.check_for("drafting").await.unwrap();
}
