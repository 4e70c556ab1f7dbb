use std::cell::RefCell;

use lockstep_proto::ids::Incarnation;
use serde_json::json;
use tempfile::TempDir;

use super::{super::current, *};

fn bundle() -> BundleId {
    "b".parse().unwrap()
}

fn name<T: TryFrom<String>>(text: &str) -> T {
    T::try_from(text.to_owned()).unwrap_or_else(|_| panic!("{text:?} is no name"))
}

fn noon() -> Timestamp {
    "2026-12-01T12:00:00Z".parse().unwrap()
}

fn placed(n: u32, text: &str) -> Placed {
    Placed { generation: Generation { epoch: 1, n }, edition: Digest::of(text.as_bytes()) }
}

fn new_disk() -> (TempDir, Disk) {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk { root: folder.path().join("root"), staging: folder.path().join("staging") };
    (folder, disk)
}

/// Stages an edition whose page names its generation.
fn stage(disk: &Disk, placed: &Placed) {
    let object = json!({
        "edition": placed.edition,
        "generation": placed.generation,
        "item": { "title": "关于甲的通知", "agency": "示例局", "href": "" },
        "texts": {},
    });
    let files = [
        File { path: PAGE.into(), bytes: placed.generation.to_string().into_bytes() },
        File { path: TEXTS.into(), bytes: object.to_string().into_bytes() },
        File { path: "members/attachments/contact.txt".into(), bytes: b"contact".to_vec() },
    ];
    disk.stage(&bundle(), placed, &files).unwrap();
}

fn show(disk: &Disk, placed: &Placed, at: Timestamp) {
    disk.show(&bundle(), placed, at).unwrap();
}

fn read(folder: &Path, file: &str) -> String {
    fs::read_to_string(folder.join(file)).unwrap()
}

fn list_staged(disk: &Disk) -> Vec<Generation> {
    let entries = fs::read_dir(disk.staged(&bundle())).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut staged: Vec<_> = names.map(|name| generation_of(&name).unwrap()).collect();
    staged.sort();
    staged
}

#[test]
fn what_is_shown_again_names_the_newest_generation_and_keeps_its_day() {
    let (_folder, disk) = new_disk();
    let (first, again) = (placed(1, "甲"), placed(2, "甲"));
    stage(&disk, &first);
    show(&disk, &first, noon());
    stage(&disk, &again);
    show(&disk, &again, noon().plus_millis(86_400_000));

    let at_current = current(&disk.root, &bundle());
    let pinned = disk.of_bundle(&bundle()).join("editions").join(first.edition.hex());
    for address in [&at_current, &pinned] {
        assert_eq!(read(address, PAGE), "1.2");
        let object: Object = serde_json::from_str(&read(address, TEXTS)).unwrap();
        assert_eq!(object.generation, again.generation);
        assert_eq!(read(address, SHOWN_AT), noon().to_string());
        assert_eq!(read(address, "members/attachments/contact.txt"), "contact");
    }
    assert_eq!(super::super::shown_edition(&at_current), Some(first.edition));
    // Asserted again, it stays as it is.
    show(&disk, &again, noon());
    assert_eq!(read(&at_current, PAGE), "1.2");
}

#[test]
fn a_correction_leaves_the_earlier_edition_at_its_pinned_address() {
    let (_folder, disk) = new_disk();
    let (first, second) = (placed(1, "甲"), placed(2, "乙"));
    for edition in [&first, &second] {
        stage(&disk, edition);
        show(&disk, edition, noon());
    }
    let editions = disk.of_bundle(&bundle()).join("editions");
    assert_eq!(read(&current(&disk.root, &bundle()), PAGE), "1.2");
    assert_eq!(read(&editions.join(first.edition.hex()), PAGE), "1.1");
    assert_eq!(read(&editions.join(second.edition.hex()), PAGE), "1.2");
}

#[test]
fn what_is_staged_goes_once_the_fence_has_passed_it() {
    let (_folder, disk) = new_disk();
    let generation = |n| Generation { epoch: 1, n };
    for n in 1..=5 {
        stage(&disk, &placed(n, "甲"));
    }
    fs::create_dir(disk.staged(&bundle()).join(".1.1-new")).unwrap();
    show(&disk, &placed(2, "甲"), noon());
    assert_eq!(list_staged(&disk), [3, 4, 5].map(generation));
    disk.hide(&bundle(), generation(4), |_| Ok(vec![])).unwrap();
    assert_eq!(list_staged(&disk), [generation(5)]);
}

#[test]
fn a_hide_done_again_keeps_the_row_and_leaves_nothing_to_read() {
    let (_folder, disk) = new_disk();
    stage(&disk, &placed(1, "甲"));
    show(&disk, &placed(1, "甲"), noon());
    let titles = RefCell::new(vec![]);
    for n in [2, 2, 3] {
        let notice = |item: Option<&Item>| {
            titles.borrow_mut().push(item.map(|item| item.title.clone()));
            Ok(b"notice".to_vec())
        };
        disk.hide(&bundle(), Generation { epoch: 1, n }, notice).unwrap();
    }
    assert_eq!(*titles.borrow(), vec![Some("关于甲的通知".to_owned()); 3]);
    assert_eq!(read(&current(&disk.root, &bundle()), PAGE), "notice");
    for gone in ["editions", "shown"] {
        assert!(!disk.of_bundle(&bundle()).join(gone).exists(), "{gone} is still served");
    }
    // Nothing is deleted that was shown.
    assert!(disk.staging.join("withdrawn/1.2-b").is_dir());
}

/// Hides generation 2 with a notice that holds the title.
fn hide(disk: &Disk) -> Result<(), DiskError> {
    let notice = |item: Option<&Item>| {
        Ok(item.map_or("untitled", |item| item.title.as_str()).as_bytes().to_vec())
    };
    disk.hide(&bundle(), Generation { epoch: 1, n: 2 }, notice)
}

fn is_lit(disk: &Disk) -> bool {
    let folder = disk.of_bundle(&bundle());
    [CURRENT, SHOWN, PINNED].iter().any(|name| folder.join(name).exists())
}

fn new_shown() -> (TempDir, Disk) {
    let (folder, disk) = new_disk();
    stage(&disk, &placed(1, "甲"));
    show(&disk, &placed(1, "甲"), noon());
    assert!(is_lit(&disk));
    (folder, disk)
}

#[test]
fn a_fence_that_cannot_be_read_keeps_nothing_lit_and_lets_nothing_be_shown() {
    let (_folder, disk) = new_shown();
    fs::write(disk.staging.join("fence/b"), "").unwrap();
    stage(&disk, &placed(2, "乙"));
    assert!(disk.show(&bundle(), &placed(2, "乙"), noon()).is_err());
    hide(&disk).unwrap();
    assert_eq!(read(&current(&disk.root, &bundle()), PAGE), "关于甲的通知");
    // The fence is whole again.
    assert!(matches!(
        disk.show(&bundle(), &placed(1, "甲"), noon()),
        Err(DiskError::Fenced { .. })
    ));
}

/// As on a full disk: what has to be written before going dark cannot be.
#[test]
fn a_disk_that_takes_no_files_goes_dark_and_the_notice_follows() {
    for taken in ["staging/fence", "root/b/b/withdrawn"] {
        let (folder, disk) = new_shown();
        let place = folder.path().join(taken);
        fs::remove_dir_all(&place).ok();
        fs::write(&place, "").unwrap();
        for _ in 0..2 {
            hide(&disk).unwrap_err();
            assert!(!is_lit(&disk), "{taken}: still lit");
        }
        fs::remove_file(&place).unwrap();
        hide(&disk).unwrap();
        assert_eq!(read(&current(&disk.root, &bundle()), PAGE), "关于甲的通知", "{taken}");
    }
}

#[test]
fn what_was_damaged_while_it_was_staged_is_not_shown() {
    for file in [PAGE, TEXTS, "members/attachments/contact.txt"] {
        let (_folder, disk) = new_disk();
        stage(&disk, &placed(1, "甲"));
        fs::write(disk.staged(&bundle()).join(folder_name(&placed(1, "甲"))).join(file), "")
            .unwrap();
        let error = disk.show(&bundle(), &placed(1, "甲"), noon()).unwrap_err();
        assert!(matches!(error, DiskError::Damaged { .. }), "{error}");
        assert!(!current(&disk.root, &bundle()).exists());
        // Staged again, it is shown.
        stage(&disk, &placed(2, "甲"));
        show(&disk, &placed(2, "甲"), noon());
        assert_eq!(read(&current(&disk.root, &bundle()), PAGE), "1.2");
    }
}

#[test]
fn what_is_damaged_while_it_is_shown_goes_out_and_comes_back_as_it_was() {
    let (_folder, disk) = new_shown();
    let edition = placed(1, "甲");
    assert!(disk.check(&bundle(), &edition).unwrap());
    fs::write(current(&disk.root, &bundle()).join(PAGE), "half").unwrap();
    assert!(!disk.check(&bundle(), &edition).unwrap());
    assert!(!current(&disk.root, &bundle()).exists());
    stage(&disk, &edition);
    show(&disk, &edition, noon().plus_millis(86_400_000));
    assert!(disk.check(&bundle(), &edition).unwrap());
    assert_eq!(read(&current(&disk.root, &bundle()), PAGE), "1.1");
    assert_eq!(read(&current(&disk.root, &bundle()), SHOWN_AT), noon().to_string());
    // Somebody pointed the address elsewhere.
    fs::remove_file(current(&disk.root, &bundle())).unwrap();
    assert!(!disk.check(&bundle(), &edition).unwrap());
}

#[test]
fn digests_are_kept_while_there_is_something_to_compare() {
    let (_folder, disk) = new_shown();
    stage(&disk, &placed(2, "乙"));
    show(&disk, &placed(2, "乙"), noon());
    let digests = disk.staging.join("digests/b");
    assert_eq!(fs::read_dir(&digests).unwrap().count(), 2, "both editions have an address");
    disk.hide(&bundle(), Generation { epoch: 1, n: 3 }, |_| Ok(vec![])).unwrap();
    assert_eq!(fs::read_dir(&digests).unwrap().count(), 0);
}

#[test]
fn a_process_that_hangs_on_the_disk_is_named_and_not_waited_for_for_ever() {
    let (_folder, disk) = new_disk();
    let held = disk.lock().unwrap();
    let refused = disk.lock().unwrap_err();
    assert!(matches!(&refused, DiskError::Busy { path } if path.ends_with("staging/lock")));
    drop(held);
    disk.lock().unwrap();
}

#[test]
fn a_folder_that_holds_what_is_not_ours_is_not_taken() {
    let (folder, disk) = new_disk();
    let foreign = |root: &Path| {
        write_public(&root.join("index.html"), b"welcome").unwrap();
        Disk { root: root.to_owned(), staging: disk.staging.clone() }
    };
    let refuses = |disk: &Disk| {
        assert!(matches!(disk.claim(), Err(DiskError::Foreign { .. })));
        assert!(matches!(disk.life(name("new"), 1), Err(DiskError::Foreign { .. })));
        assert_eq!(read(&disk.root, "index.html"), "welcome");
    };
    let (life, other): (Incarnation, Incarnation) = (name("life"), name("other"));
    // On first use; and later, when the settings point elsewhere.
    let elsewhere = foreign(&folder.path().join("elsewhere"));
    refuses(&elsewhere);
    disk.claim().unwrap();
    assert_eq!(disk.life(life.clone(), 1).unwrap(), life);
    refuses(&elsewhere);
    write_public(&elsewhere.root.join(".life"), b"another").unwrap();
    refuses(&elsewhere);
    // Ours stays ours, whatever else somebody puts there, and whichever mark of it is lost.
    disk.claim().unwrap();
    let disk = foreign(&disk.root);
    fs::remove_file(disk.root.join(".life")).unwrap();
    disk.claim().unwrap();
    assert_eq!(disk.life(other.clone(), 1).unwrap(), other);
    fs::remove_dir_all(&disk.staging).unwrap();
    disk.claim().unwrap();
    // As a version that did not mark it left it, and where it is not there at all.
    assert_eq!(disk.life(life.clone(), 1).unwrap(), life);
    fs::remove_file(disk.staging.join("root")).unwrap();
    disk.claim().unwrap();
    fs::remove_file(disk.staging.join("root")).unwrap();
    fs::remove_dir_all(&disk.root).unwrap();
    disk.claim().unwrap();
}

#[test]
fn a_folder_that_still_shows_something_is_not_left() {
    let (folder, disk) = new_disk();
    let life: Incarnation = name("life");
    disk.claim().unwrap();
    disk.life(life.clone(), 1).unwrap();
    let at = |root: &str| Disk { root: folder.path().join(root), staging: disk.staging.clone() };
    let placed = placed(1, "first");
    stage(&disk, &placed);
    show(&disk, &placed, noon());
    let moved = at("moved");
    let (old, new) = (disk.root.display().to_string(), moved.root.display().to_string());
    for refused in [moved.claim(), moved.life(name("new"), 1).map(drop)] {
        let said = refused.unwrap_err().to_string();
        assert!(said.contains(&old) && said.contains(&new) && said.contains("mv -T"), "{said}");
        assert!(!moved.root.exists());
    }
    // A copy beside it leaves it as lit.
    fs::create_dir(&moved.root).unwrap();
    fs::copy(disk.root.join(".life"), moved.root.join(".life")).unwrap();
    assert!(matches!(moved.claim(), Err(DiskError::Left { .. })));
    fs::remove_dir_all(&moved.root).unwrap();
    // The same folder by another name.
    symlink(&disk.root, folder.path().join("link")).unwrap();
    at("link").claim().unwrap();
    disk.claim().unwrap();
    // Moved as a whole, it goes on; and may be left once it is dark.
    fs::rename(&disk.root, &moved.root).unwrap();
    moved.claim().unwrap();
    assert_eq!(moved.life(name("new"), 1).unwrap(), life);
    assert!(matches!(at("other").claim(), Err(DiskError::Left { .. })));
    moved.hide(&bundle(), Generation { epoch: 1, n: 2 }, |_| Ok(vec![])).unwrap();
    at("other").claim().unwrap();
}
