//! What an office may hand in.

use super::*;

const SHAPES: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><circle cx="5" cy="5" r="5"/></svg>"#;

fn words(head: &str, accent: &str) -> Given {
    let (head, accent) = (Some(head.to_owned()), Some(accent.to_owned()));
    Given { words: Words { head, accent, ..Words::default() }, ..Given::default() }
}

fn emblem(bytes: &[u8]) -> Result<Theme, Unfit> {
    let files = BTreeMap::from([(EMBLEM.to_owned(), bytes.to_vec())]);
    Theme::read(Given { files, ..Given::default() })
}

fn refusal(read: Result<Theme, Unfit>) -> String {
    read.map(|_| ()).unwrap_err().to_string()
}

#[test]
fn a_colour_that_not_everybody_can_read_is_refused_and_one_that_would_do_is_named() {
    for (head, accent, setting, ratio) in [
        ("#e60012", "#ff6600", "theme.accent", "2.69:1"),
        ("#ff6600", "#1f5aa0", "theme.head", "2.94:1"),
        ("#1f5aa0", "#d4380d", "theme.accent", "4.28:1"),
    ] {
        let said = refusal(Theme::read(words(head, accent)));
        assert!(said.contains(setting) && said.contains(ratio) && said.contains("4.5:1"), "{said}");
        // What it names is taken.
        let instead = said.rsplit('"').nth(1).unwrap_or_default();
        let with =
            if setting == "theme.head" { words(instead, accent) } else { words(head, instead) };
        Theme::read(with).unwrap();
    }
    for text in ["red", "#12345", "#12345g", "#１23456", ""] {
        assert!(refusal(Theme::read(words(text, "#1f5aa0"))).contains("#1f5aa0"), "{text}");
    }
}

#[test]
fn a_name_has_room_and_glyphs() {
    let read = |agency: &str| {
        let agency = Some(agency.to_owned());
        Theme::read(Given { words: Words { agency, ..Words::default() }, ..Given::default() })
    };
    assert_eq!(read(" 示例市教育局 ").unwrap().agency.as_deref(), Some("示例市教育局"));
    assert!(refusal(read("𪚥局")).contains("U+2A6A5"));
    for name in ["", " ", "甲\n乙", &"甲".repeat(AGENCY_CHARS_MAX + 1)] {
        assert!(refusal(read(name)).contains("theme.agency"), "{name}");
    }
}

#[test]
fn an_emblem_holds_shapes_alone() {
    emblem(SHAPES.as_bytes()).unwrap();
    let with = |inside: &str| SHAPES.replace("<circle", &format!("\n{inside}<circle"));
    emblem(with("<style>.a{fill:url(#b)}</style><use href=\"#a\"/>").as_bytes()).unwrap();
    for (inside, what) in [
        ("<script>alert(1)</script>", "<script>"),
        ("<text>局</text>", "<text>"),
        ("<image href=\"data:image/png;base64,AA\"/>", "<image>"),
        ("<foreignObject/>", "<foreignObject>"),
        ("<animate/>", "<animate>"),
        ("<a href=\"#b\"/>", "<a>"),
        ("<use href=\"https://example.org/a.svg#b\"/>", "href"),
        ("<use xlink:href=\"a.svg#b\" xmlns:xlink=\"http://www.w3.org/1999/xlink\"/>", "href"),
        ("<rect onclick=\"alert(1)\"/>", "onclick"),
        ("<rect fill=\"url(https://example.org)\"/>", "fill"),
        ("<rect style=\"fill: URL( 'a.svg' )\"/>", "style"),
        ("<style>@import 'a.css';</style>", "url"),
        ("<style>a{fill:u\\72l(a)}</style>", "url"),
        ("<style><!-- --><![CDATA[@import 'a.css';]]></style>", "url"),
        ("<style>@imp<!-- -->ort 'a.css';</style>", "url"),
        ("<p xmlns=\"http://www.w3.org/1999/xhtml\"/>", "<p>"),
    ] {
        let said = refusal(emblem(with(inside).as_bytes()));
        assert!(said.contains(what) && said.contains("第 2 行"), "{inside}: {said}");
    }
    let entity = format!("<!DOCTYPE svg [<!ENTITY a \"b\">]>{SHAPES}");
    for other in [entity.as_bytes(), b"GIF89a", b"\x89PNG\r\n\x1a\nbroken", b"<html/>", b""] {
        assert!(refusal(emblem(other)).contains("theme.emblem"), "{other:?}");
    }
}

#[test]
fn an_emblem_may_name_the_standard_it_keeps_to_and_declare_nothing() {
    let named = "<?xml version=\"1.0\"?>\n<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\"\n \
                 \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\">\n";
    emblem(format!("{named}{SHAPES}").as_bytes()).unwrap();
    let bad = SHAPES.replace("<circle", "\n<script/><circle");
    let said = refusal(emblem(format!("{named}{bad}").as_bytes()));
    assert!(said.contains("第 5 行"), "{said}");
    let declaring = format!("\n<!DOCTYPE svg [<!ENTITY a \"b\">]>{SHAPES}");
    let said = refusal(emblem(declaring.as_bytes()));
    assert!(said.contains("第 2 行") && said.contains("删去整个 <!DOCTYPE"), "{said}");
}

#[test]
fn a_damaged_typeface_is_refused_before_it_is_read() {
    let read = |regular: &[u8]| {
        let files = [(FACES[0], regular), (FACES[1], crate::font::BOLD)];
        let files = files.map(|(name, bytes)| (name.to_owned(), bytes.to_vec()));
        Theme::read(Given { files: BTreeMap::from(files), ..Given::default() })
    };
    let whole = crate::font::REGULAR;
    read(whole).unwrap();
    // The map of characters says that nearly all numbers are characters: it would be gone through for minutes.
    let mut damaged = whole.to_vec();
    let raw = ttf_parser::RawFace::parse(whole, 0).unwrap();
    let map = raw.table(ttf_parser::Tag::from_bytes(b"cmap")).unwrap();
    let at = map.as_ptr().addr() - whole.as_ptr().addr();
    damaged[at + map.len() / 2..at + map.len()].fill(0xff);
    let said = refusal(read(&damaged));
    assert!(said.contains("regular 字体文件已损坏（cmap 表"), "{said}");
    let mut damaged = whole.to_vec();
    let middle = damaged.len() / 2;
    damaged[middle..middle + 64].fill(0x55);
    assert!(refusal(read(&damaged)).contains("已损坏"));
}

#[test]
fn an_emblem_is_small_and_of_a_shape_that_has_room() {
    let long = format!("{SHAPES}{}", " ".repeat(emblem::BYTES_MAX));
    assert!(refusal(emblem(long.as_bytes())).contains("64 KB"));
    for view in ["0 0 100 10", "0 0 10 100"] {
        let said = refusal(emblem(SHAPES.replace("0 0 10 10", view).as_bytes()));
        assert!(said.contains("1/2"), "{said}");
    }
    let of_side = |side: u32| {
        let mut bytes = vec![];
        let mut encoder = png::Encoder::new(&mut bytes, side, side);
        encoder.set_color(png::ColorType::Grayscale);
        let data = vec![0; usize::try_from(side * side).unwrap()];
        encoder.write_header().unwrap().write_image_data(&data).unwrap();
        bytes
    };
    let read = emblem(&of_side(192)).unwrap();
    let drawn = read.emblem.unwrap().draw(88).unwrap();
    assert_eq!(
        (drawn.width(), drawn.pixel(44, 44).map(resvg::tiny_skia::PremultipliedColorU8::red)),
        (88, Some(0))
    );
    assert!(refusal(emblem(&of_side(64))).contains("192"));
    let mut moving = vec![];
    let mut encoder = png::Encoder::new(&mut moving, 192, 192);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_animated(2, 0).unwrap();
    let mut writer = encoder.write_header().unwrap();
    for _ in 0..2 {
        writer.write_image_data(&vec![0; 192 * 192]).unwrap();
    }
    writer.finish().unwrap();
    assert!(refusal(emblem(&moving)).contains("动画"));
}

#[test]
fn a_theme_is_named_by_all_that_was_handed_in() {
    let digests: std::collections::BTreeSet<_> = [
        Theme::plain(),
        Theme::read(words("#a3181f", "#1f5aa0")).unwrap(),
        Theme::read(words("#1f5aa0", "#a3181f")).unwrap(),
        emblem(SHAPES.as_bytes()).unwrap(),
        emblem(SHAPES.replace("r=\"5\"", "r=\"4\"").as_bytes()).unwrap(),
    ]
    .map(|theme| theme.digest().clone())
    .into();
    assert_eq!(digests.len(), 5);
}

#[test]
fn a_face_that_whoever_draws_has_no_memory_for_is_refused_with_its_size() {
    let face = vec![0; FACE_BYTES_MAX + 1];
    let files = FACES.map(|name| (name.to_owned(), face.clone())).into();
    let said = refusal(Theme::read(Given { files, ..Given::default() }));
    assert!(said.contains("33 MB") && said.contains("32 MB"), "{said}");
}

#[test]
fn too_many_words_of_numbers_are_refused_with_how_many_there_may_be() {
    let words =
        Words { number_words: Some("示".repeat(NUMBER_WORDS_MAX + 1)), ..Words::default() };
    let said = refusal(Theme::read(Given { words, ..Given::default() }));
    assert!(said.contains("at most 100 characters"), "{said}");
}

#[test]
fn one_colour_is_the_heads_too() {
    let one = Words { accent: Some("#14635a".to_owned()), ..Words::default() };
    let theme = Theme::read(Given { words: one, ..Given::default() }).unwrap();
    assert_eq!((theme.head, theme.accent), (RGBColor(0x14, 0x63, 0x5a), theme.head));
    let both = Theme::read(words("#1f5aa0", "#14635a")).unwrap();
    assert_eq!(both.head, RGBColor(0x1f, 0x5a, 0xa0));
}

#[test]
fn letters_of_numbers_have_glyphs() {
    let read = |letters: &str| {
        let words = Words { number_words: Some(letters.to_owned()), ..Words::default() };
        Theme::read(Given { words, ..Given::default() })
    };
    assert!(read("示府发示府办规").is_ok());
    for letters in ["示🏛发", "𪚥发"] {
        assert!(refusal(read(letters)).contains("theme.number_words"), "{letters}");
    }
}

#[test]
fn an_emblem_is_seen_on_white() {
    let svg = |inside: &str| {
        let open = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"40\">";
        emblem(format!("{open}{inside}</svg>").as_bytes())
    };
    let square = |fill: &str| format!("<rect width=\"40\" height=\"40\" {fill}/>");
    svg(&square("fill=\"#14635a\"")).unwrap();
    let white = square("fill=\"#ffffff\"");
    for inside in ["", "<g/>", &square("fill-opacity=\"0\""), &white] {
        let said = svg(inside).map(|_| ()).unwrap_err().to_string();
        assert!(said.contains("什么也看不见"), "{inside}: {said}");
    }
}
