//! What readers get at every address, with its headers, asked of the routes themselves.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod world;

use axum::http::{Method, StatusCode};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use lockstep_kit::{http::encode_path, testing::name};
use lockstep_proto::digest::{Digest, hex};

use crate::world::{
    ATTACHMENT, Answer, BROCHURE, LONG_PICTURE, addresses, bytes, edition, evidence,
    interpretation_mark, on_portals, pinned, policy_mark,
};

/// What an address holds, and what a browser or a cache may do with it.
struct Expected {
    path: String,
    media_type: &'static str,
    cache: &'static str,
    /// The other half that it links to, with the pair's address.
    bound: Option<String>,
    is_attachment: bool,
    names_edition: bool,
}

const HTML: &str = "text/html; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";
const ASK: &str = "no-cache";
const MINUTE: &str = "max-age=60, must-revalidate";

/// The table of addresses of the version that is shown.
fn table(bundle: &str, version: u32) -> Vec<Expected> {
    let pinned = pinned(bundle, version);
    let of = |path: &str, media_type, cache, bound: Option<&str>| Expected {
        path: format!("{pinned}{path}"),
        media_type,
        cache,
        bound: bound.map(|other| format!("{pinned}{other}")),
        is_attachment: path.starts_with("/raw/attachments/"),
        names_edition: true,
    };
    let attachment = format!("/raw/{}", encode_path(ATTACHMENT));
    let current = Expected { path: format!("/p/{bundle}"), ..of("", HTML, ASK, None) };
    vec![
        Expected { path: "/".to_owned(), names_edition: false, ..of("", HTML, ASK, None) },
        current,
        of("", HTML, ASK, None),
        of("/policy", HTML, ASK, Some("/interpretation")),
        of("/interpretation", HTML, ASK, Some("/policy")),
        of("/edition.json", "application/json", ASK, None),
        // A text is as long in a cache as the half that it is bound to: not without asking.
        of("/raw/policy.md", TEXT, ASK, Some("/interpretation")),
        of("/raw/interpretation.md", TEXT, ASK, Some("/policy")),
        of("/raw/rendered/policy.html", TEXT, ASK, Some("/interpretation")),
        of("/raw/rendered/interpretation.html", TEXT, ASK, Some("/policy")),
        of("/raw/data/a.csv", "text/csv; charset=utf-8", MINUTE, Some("")),
        of("/raw/rendered/charts/spending.svg", "image/svg+xml", MINUTE, Some("")),
        of("/raw/rendered/charts/spending.png", "image/png", MINUTE, Some("")),
        of("/raw/rendered/long.png", "image/png", MINUTE, Some("")),
        of(&attachment, "application/pdf", MINUTE, Some("")),
    ]
}

#[tokio::test]
async fn every_address_says_what_it_holds_whose_it_is_and_for_how_long() {
    on_portals(async |world| {
        world.show("a", 3, 1).await;
        for expected in table("a", 1) {
            let path = &expected.path;
            let answer = world.get(path).await;
            assert_eq!(answer.status, 200, "{path}");
            assert_eq!(answer.header("content-type"), Some(expected.media_type), "{path}");
            assert_eq!(answer.header("cache-control"), Some(expected.cache), "{path}");
            let disposition = expected.is_attachment.then_some("attachment");
            assert_eq!(answer.header("content-disposition"), disposition, "{path}");
            let pinned = pinned("a", 1);
            let link = expected.bound.map(|other| {
                format!("<{other}>; rel=\"describedby\", <{pinned}>; rel=\"canonical\"")
            });
            assert_eq!(answer.header("link"), link.as_deref(), "{path}");
            let edition = expected.names_edition.then(|| edition("a", 1).to_string());
            assert_eq!(answer.header("lockstep-edition"), edition.as_deref(), "{path}");
            let generation = expected.names_edition.then_some("1.3");
            assert_eq!(answer.header("lockstep-generation"), generation, "{path}");
            is_as_the_headers_say(&answer, path);
        }
    })
    .await;
}

/// What holds for every answer: its digests are right, and a browser runs nothing of it.
fn is_as_the_headers_say(answer: &Answer, path: &str) {
    let digest = Digest::of(&answer.body);
    let tag = format!("\"{}\"", digest.hex());
    assert_eq!(answer.header("etag"), Some(tag.as_str()), "{path}");
    let said = answer.header("repr-digest").unwrap();
    let said = said.strip_prefix("sha-256=:").unwrap().strip_suffix(':').unwrap();
    assert_eq!(hex(&BASE64.decode(said).unwrap()), digest.hex(), "{path}");
    assert_eq!(answer.header("content-length"), Some(answer.body.len().to_string().as_str()));
    let policy = answer.header("content-security-policy").unwrap();
    for rule in ["default-src 'none'", "base-uri 'none'", "form-action 'none'"] {
        assert!(policy.contains(rule), "{path}: {policy}");
    }
    assert!(!policy.contains("script-src"), "{path}: {policy}");
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{path}");
}

#[tokio::test]
async fn members_come_back_byte_for_byte() {
    on_portals(async |world| {
        world.show("a", 1, 1).await;
        for member in &evidence(&name("a"), 1).manifest.members {
            let path = format!("{}/raw/{}", pinned("a", 1), encode_path(&member.path));
            assert_eq!(world.get(&path).await.body, bytes(member.role, 1), "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_pair_page_holds_both_texts_and_a_view_holds_one() {
    on_portals(async |world| {
        world.show("a", 1, 1).await;
        let pinned = pinned("a", 1);
        for (path, has_policy, has_interpretation) in [
            ("/p/a".to_owned(), true, true),
            (pinned.clone(), true, true),
            (format!("{pinned}/policy"), true, false),
            (format!("{pinned}/interpretation"), false, true),
            (format!("{pinned}/edition.json"), false, false),
        ] {
            let answer = world.get(&path).await;
            let holds = |mark: String| answer.text().contains(&mark);
            let found = (holds(policy_mark(1)), holds(interpretation_mark(1)));
            assert_eq!(found, (has_policy, has_interpretation), "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_page_leads_to_the_copies_of_its_own_edition() {
    on_portals(async |world| {
        world.show("a", 1, 1).await;
        let link = |path| format!("href=\"{}/raw/{path}\"", pinned("a", 1));
        for path in [LONG_PICTURE, BROCHURE] {
            assert!(world.get("/p/a").await.text().contains(&link(path)), "{path}");
        }
        let link = link(BROCHURE);
        for (view, is_there) in [("", true), ("/interpretation", true), ("/policy", false)] {
            let page = world.get(&format!("{}{view}", pinned("a", 1))).await;
            assert_eq!(page.text().contains(&link), is_there, "{view}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_reader_who_has_it_already_is_told_so() {
    on_portals(async |world| {
        world.show("a", 1, 1).await;
        for Expected { path, .. } in table("a", 1) {
            let whole = world.get(&path).await;
            let tag = whole.header("etag").unwrap();
            let weak = format!("W/{tag}");
            let (first, last) = (format!("{tag}, \"x\""), format!("\"x\" ,W/\"y\",\t{weak}"));
            for known in [&[tag][..], &[&weak], &[&first], &[&last], &["*"], &["\"x\"", tag]] {
                for method in [Method::GET, Method::HEAD] {
                    let answer = world.ask(method, &path, known).await;
                    assert_eq!(answer.status, StatusCode::NOT_MODIFIED, "{path} {known:?}");
                    assert!(answer.body.is_empty(), "{path} {known:?}");
                    // A cache keeps what it has with these headers.
                    assert_eq!(answer.headers, whole.headers, "{path} {known:?}");
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_reader_who_has_something_else_gets_it_whole() {
    on_portals(async |world| {
        world.show("a", 1, 1).await;
        let whole = world.get("/p/a").await;
        let tag = whole.header("etag").unwrap();
        let bare = tag.trim_matches('"');
        for known in
            ["\"x\"", bare, &format!("\"{bare}"), &format!("w/{tag}"), "\"a,*,b\"", "", "**"]
        {
            assert_eq!(world.ask(Method::GET, "/p/a", &[known]).await, whole, "{known}");
        }
        // Another edition has another tag.
        world.show("a", 2, 2).await;
        let corrected = world.ask(Method::GET, "/p/a", &[tag]).await;
        assert_eq!(corrected.status, 200);
        assert!(corrected.text().contains(&policy_mark(2)));
    })
    .await;
}

#[tokio::test]
async fn what_is_not_there_is_not_there_whatever_the_reader_has() {
    on_portals(async |world| {
        world.show("dark", 1, 1).await;
        let shown = world.get("/p/dark").await;
        world.hide("dark", 2).await;
        for (path, status) in [("/p/dark", 410), ("/p/none", 404), ("/none", 404)] {
            let gone = world.get(path).await;
            let (tag, old) = (gone.header("etag").unwrap(), shown.header("etag").unwrap());
            for known in [tag, old, "*"] {
                let answer = world.ask(Method::GET, path, &[known]).await;
                assert_eq!(answer.status, status, "{path} {known}");
                assert_eq!(answer.body, gone.body, "{path} {known}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn head_says_what_get_says_and_no_more() {
    on_portals(async |world| {
        world.show("a", 1, 1).await;
        world.show("dark", 1, 1).await;
        world.hide("dark", 2).await;
        let shown = table("a", 1).into_iter().map(|expected| expected.path);
        let others = ["/p/dark", "/p/none", "/p/%ff", "/none"].map(str::to_owned);
        for path in shown.chain(others).chain(addresses("dark", 1)) {
            let got = world.get(&path).await;
            let head = world.ask(Method::HEAD, &path, &[]).await;
            assert!(head.body.is_empty() && !got.body.is_empty(), "{path}");
            assert_eq!((head.status, head.headers), (got.status, got.headers), "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn nobody_can_tell_what_is_not_released_from_what_there_is_not() {
    on_portals(async |world| {
        let list = world.get("/").await;
        world.stage("held", 1, 1).await;
        world.stage("stopped", 1, 1).await;
        world.hide("stopped", 2).await;
        assert_eq!(world.get("/").await, list, "the list knows of them");
        world.show("a", 1, 1).await;
        world.stage("a", 2, 2).await;
        world.show("b", 1, 1).await;

        let missing = world.get("/p/unknown").await;
        assert_eq!(missing.status, 404);
        assert_eq!(missing.header("cache-control"), Some(ASK));
        is_as_the_headers_say(&missing, "/p/unknown");
        let mut paths = vec!["/p/held".to_owned(), "/p/stopped".to_owned()];
        for bundle in ["unknown", "held", "stopped"] {
            paths.extend(addresses(bundle, 1));
        }
        // A correction that waits, by somebody who knows its digest.
        paths.extend(addresses("a", 2));
        // One bundle's edition at another's address.
        let (a, b) = (pinned("a", 1), edition("b", 1));
        paths.push(format!("/p/a/{}", b.hex()));
        paths.push(format!("/p/a/{}/raw/policy.md", b.hex()));
        for rest in ["/raw/none", "/raw/", "/raw", "/raw/../policy.md", "/none", "/raw/%ff", "/"] {
            paths.push(format!("{a}{rest}"));
        }
        for path in [
            "/none",
            "/favicon.ico",
            "/p",
            "/p/",
            "/p/a/",
            "/p/A",
            "/p/%E7%94%B2",
            "/p/%ff",
            "/p/%00",
            "/p/a/none",
            "/p/a/%ff",
            "/p/a/%ff/policy",
            "//",
            "/index.html",
        ] {
            paths.push(path.to_owned());
        }
        for path in paths {
            assert_eq!(world.get(&path).await, missing, "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_earlier_edition_stays_at_its_own_addresses() {
    on_portals(async |world| {
        world.show("a", 1, 1).await;
        let raw = format!("{}/raw/policy.md", pinned("a", 1));
        let before = world.get(&raw).await;
        world.show("a", 2, 2).await;
        let current = world.get("/p/a").await;
        assert_eq!(current.header("lockstep-edition"), Some(edition("a", 2).as_str()));
        assert_eq!(current.header("lockstep-generation"), Some("1.2"));
        assert!(current.text().contains(&policy_mark(2)));
        for (version, other) in [(1, 2), (2, 1)] {
            for path in addresses("a", version) {
                let answer = world.get(&path).await;
                let named = answer.header("lockstep-edition").map(str::to_owned);
                assert_eq!(
                    (answer.status.as_u16(), named),
                    (200, Some(edition("a", version).into()))
                );
                let text = answer.text();
                let holds_other = [policy_mark(other), interpretation_mark(other)]
                    .iter()
                    .any(|m| text.contains(m));
                assert!(!holds_other, "{path} holds version {other}");
            }
        }
        let after = world.get(&raw).await;
        assert_eq!(after.header("etag"), before.header("etag"));
        assert_eq!(after.body, before.body);
    })
    .await;
}

#[tokio::test]
async fn after_dark_every_address_gives_the_notice_and_nothing_else() {
    on_portals(async |world| {
        world.show("a", 1, 1).await;
        world.show("a", 2, 2).await;
        world.stage("a", 3, 3).await;
        world.hide("a", 4).await;
        let current = world.get("/p/a").await;
        let mut answers = vec![("/p/a".to_owned(), current)];
        for path in addresses("a", 1).into_iter().chain(addresses("a", 2)) {
            let answer = world.get(&path).await;
            answers.push((path, answer));
        }
        for (path, answer) in &answers {
            assert_eq!(answer.status, 410, "{path}");
            assert_eq!(answer.header("content-type"), Some(HTML), "{path}");
            assert_eq!(answer.header("cache-control"), Some(ASK), "{path}");
            for absent in ["lockstep-edition", "lockstep-generation", "link", "content-disposition"]
            {
                assert_eq!(answer.header(absent), None, "{path}");
            }
            is_as_the_headers_say(answer, path);
            let text = answer.text();
            assert!(text.contains("文件有误") && text.contains("关于示例的通知"), "{path}");
            for version in 1..=3 {
                let marks = [policy_mark(version), interpretation_mark(version)];
                assert!(!marks.iter().any(|mark| text.contains(mark)), "{path}");
            }
        }
        // What was never shown is not withdrawn either.
        let missing = world.get("/p/unknown").await;
        for path in addresses("a", 3) {
            assert_eq!(world.get(&path).await, missing, "{path}");
        }
        assert!(!world.get("/").await.text().contains("/p/a"));
    })
    .await;
}

#[tokio::test]
async fn what_is_dark_returns_with_another_edition_only() {
    on_portals(async |world| {
        world.show("a", 1, 1).await;
        world.hide("a", 2).await;
        world.stage("a", 3, 2).await;
        assert_eq!(world.get("/p/a").await.status, 410);
        world.show("a", 4, 2).await;
        assert!(world.get("/p/a").await.text().contains(&policy_mark(2)));
        for path in addresses("a", 1) {
            assert_eq!(world.get(&path).await.status, 410, "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_portal_that_is_too_far_behind_serves_nothing_at_all() {
    on_portals(async |world| {
        world.show("a", 1, 1).await;
        assert_eq!(world.get("/p/a").await.status, StatusCode::OK);
        let behind = world.impatient().await;
        let mut asked = addresses("a", 1);
        asked.extend(["/", "/p/a", "/p/b", "/nowhere"].map(str::to_owned));
        for path in asked {
            let answer = behind.get(&path).await;
            assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
            assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
            let text = String::from_utf8_lossy(&answer.body);
            assert!(!text.contains(&policy_mark(1)), "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_edition_is_pinned_by_its_digest_as_headers_name_it_too() {
    on_portals(async |world| {
        world.show("a", 3, 1).await;
        for address in addresses("a", 1) {
            let digits = edition("a", 1).hex().to_owned();
            let named = address.replace(&digits, edition("a", 1).as_str());
            assert_ne!(named, address);
            assert_eq!(world.get(&named).await, world.get(&address).await, "{address}");
        }
        let unknown = "/p/a/sha512:00";
        assert_eq!(world.get(unknown).await, world.get("/p/b").await);
    })
    .await;
}
