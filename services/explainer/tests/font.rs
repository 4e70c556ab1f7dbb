//! An office's own typeface. In a process of its own: a process renders with one.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use lockstep_explainer::font::{BOLD, REGULAR};
use lockstep_explainer::gallery;
use lockstep_explainer::render::{examine, render};
use lockstep_explainer::theme::{FACES, Given, Theme};
use lockstep_gate::bundle::{self, Rules, Submission};
use lockstep_proto::manifest::{Manifest, Role};

fn draft() -> Manifest {
    let content = match bundle::read_under(Rules::default(), &gallery::files()) {
        Ok(content) => content,
        Err(unfit) => *unfit.content.unwrap(),
    };
    content.draft(Submission {
        bundle: "gallery".parse().unwrap(),
        revision: 1,
        submission: "gallery".parse().unwrap(),
        revises: None,
        after_dark: None,
        submitters: vec![],
    })
}

fn theme(faces: [&[u8]; 2]) -> Result<Theme, String> {
    let files = FACES.map(str::to_owned).into_iter().zip(faces.map(<[u8]>::to_vec)).collect();
    Theme::read(Given { files, ..Given::default() }).map_err(|error| error.to_string())
}

#[test]
fn an_office_s_typeface_is_drawn_printed_and_judged_by() {
    for broken in [&b"OTTO"[..], b"ttcf\0\0\0\0", b"", b"\0\x01\0\0"] {
        assert!(theme([broken, BOLD]).unwrap_err().contains("theme.font"), "{broken:?}");
    }
    let files = gallery::files();
    let plain = render(&draft(), &files, &Theme::plain()).unwrap().outputs;
    // Bold where regular was: it can be told by every width and pixel.
    let own = theme([BOLD, REGULAR]).unwrap();
    assert_ne!(own.digest(), Theme::plain().digest());
    own.install().unwrap();
    // Once: what is measured by one typeface must not be drawn by another.
    own.install().unwrap();
    for other in [theme([REGULAR, BOLD]).unwrap(), Theme::plain()] {
        assert!(other.install().unwrap_err().to_string().contains("theme.font"));
    }
    let made = render(&draft(), &files, &own).unwrap().outputs;
    assert!(made == render(&draft(), &files, &own).unwrap().outputs, "the same bytes");
    for role in [Role::LongPicture, Role::Brochure, Role::InterpretationFragment] {
        let of = |outputs: &[lockstep_explainer::render::Output]| {
            outputs.iter().find(|output| output.role == role).unwrap().bytes.clone()
        };
        assert!(of(&plain) != of(&made), "{role:?}");
    }
    assert!(examine(&draft(), &files, &own).is_empty());
}
