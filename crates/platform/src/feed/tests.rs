//! Feeds as they should be, and as somebody means harm.

use super::*;

const URL: &str = "https://news.example.com/feed/all.xml";

fn rss(items: &str) -> String {
    format!(r#"<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>{items}</channel></rss>"#)
}

fn one(item: &str) -> FeedItem {
    let mut items = read(rss(&format!("<item>{item}</item>")).as_bytes(), URL).unwrap();
    assert_eq!(items.len(), 1, "{items:?}");
    items.remove(0)
}

#[test]
fn rss_and_atom_are_read() {
    let found = one(
        "<title>Rates unchanged</title><description>The committee &amp;amp; the bank</description>\
        <link>/2026/rates</link><guid>r-1</guid><pubDate>Mon, 01 Jun 2026 10:00:00 +0200</pubDate>",
    );
    let wanted = FeedItem {
        id: "r-1".to_owned(),
        title: "Rates unchanged".to_owned(),
        summary: "The committee & the bank".to_owned(),
        link: Some("https://news.example.com/2026/rates".to_owned()),
        published: Some("2026-06-01T08:00:00Z".parse().unwrap()),
    };
    assert_eq!(found, wanted);
    let atom = r#"<feed xmlns="http://www.w3.org/2005/Atom"><id>f</id><title>t</title><updated>2026-06-01T08:00:00Z</updated>
        <entry><id>a-1</id><title type="html">Apple &lt;b&gt;grows&lt;/b&gt;</title><updated>2026-06-01T08:00:00Z</updated>
        <link rel="self" href="https://example.com/self"/><link href="https://example.com/a"/></entry></feed>"#;
    let items = read(atom.as_bytes(), URL).unwrap();
    assert_eq!(
        (items[0].title.as_str(), items[0].link.as_deref()),
        ("Apple grows", Some("https://example.com/a"))
    );
}

#[test]
fn what_is_no_feed_is_refused() {
    let texts = [
        "",
        "hello",
        "<html><body>404</body></html>",
        "{\"a\":1}",
        "<",
        "<!--",
    ];
    for text in texts {
        assert_eq!(read(text.as_bytes(), URL), Err(FeedError::NotAFeed), "{text}");
    }
    assert_eq!(read(&[0xff; 1_000], URL), Err(FeedError::NotAFeed));
}

#[test]
fn a_billion_laughs_are_not_laughed() {
    let mut entities = "<!ENTITY l0 \"ha\">".to_owned();
    for level in 1..10 {
        let ten = format!("&l{};", level - 1).repeat(10);
        entities.push_str(&format!("<!ENTITY l{level} \"{ten}\">"));
    }
    let laughs = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE rss [{entities}]><rss version=\"2.0\"><channel><item><title>&l9;</title></item></channel></rss>"
    );
    assert_eq!(read(laughs.as_bytes(), URL), Err(FeedError::Entities));
    let outside = "<!DOCTYPE rss [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><rss version=\"2.0\"/>";
    assert_eq!(read(outside.as_bytes(), URL), Err(FeedError::Entities));
    // An entity that nobody defined stands for nothing, or the feed is refused; it never becomes another item's text.
    let undefined = read(rss("<item><title>a&l9;b</title></item>").as_bytes(), URL);
    assert!(
        undefined.is_err() || undefined.is_ok_and(|items| items.iter().all(|item| item.title.len() < 10))
    );
}

#[test]
fn depth_and_long_tags_are_refused() {
    let deep = rss(&format!("<item><title>{}</title></item>", "<a>".repeat(500_000)));
    assert_eq!(read(deep.as_bytes(), URL), Err(FeedError::TooDeep));
    // A bracket in quotes does not hide that a tag is not closed.
    let hidden = rss(&"<a b=\"/>\">".repeat(200));
    assert_eq!(read(hidden.as_bytes(), URL), Err(FeedError::TooDeep));
    let attributes: String = (0..100_000).map(|index| format!(" a{index}=''")).collect();
    assert_eq!(
        read(rss(&format!("<item{attributes}/>")).as_bytes(), URL),
        Err(FeedError::TooDeep)
    );
}

#[test]
fn script_does_not_come_through() {
    for text in [
        "Fine <script>alert(1)</script>words",
        "Fine <ScRiPt src=x>alert(1)</sCrIpT >words",
        "Fine <img src=x onerror=alert(1)>words",
        "Fine <style>a{}</style><!-- alert(1) -->words",
        "Fine <a href=\"javascript:alert(1)\">words</a>",
        "Fine <svg onload=alert(1)><a>b</a></svg>words",
        "Fine words<script>alert(1)",
        "Fine words<img src=x onerror=alert(1)",
    ] {
        let escaped = text.replace('&', "&amp;").replace('<', "&lt;");
        let found = one(&format!(
            "<title>{escaped}</title><description>{escaped}</description>"
        ));
        assert_eq!(
            (found.title.as_str(), found.summary.as_str()),
            ("Fine words", "Fine words"),
            "{text}"
        );
        let cdata = one(&format!(
            "<title>t</title><description><![CDATA[{text}]]></description>"
        ));
        assert_eq!(cdata.summary, "Fine words", "{text}");
    }
    // What was escaped twice is text about markup, and stays that.
    let twice = one("<title>Use &amp;lt;b&amp;gt; sparingly</title>");
    assert_eq!(twice.title, "Use <b> sparingly");
    assert_eq!(one("<title>Yields &lt; 5 &gt; 3</title>").title, "Yields < 5 > 3");
}

#[test]
fn links_lead_to_web_pages_or_nowhere() {
    for link in [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "https://user:secret@example.com/",
        "mailto:a@example.com",
    ] {
        assert_eq!(
            one(&format!("<title>t</title><link>{link}</link>")).link,
            None,
            "{link}"
        );
    }
}

#[test]
fn marks_that_turn_text_and_control_characters_are_dropped() {
    let found = one("<title>Pay \u{202e}ytinu\u{202c} now\u{200b}\u{7}</title>");
    assert_eq!(found.title, "Pay ytinu now");
}

#[test]
fn encodings_are_what_they_say_or_what_they_must_be() {
    let latin: Vec<u8> = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><rss version=\"2.0\"><channel><item><title>Z\u{fc}rich</title></item></channel></rss>"
        .chars().map(|letter| letter as u8).collect();
    assert_eq!(read(&latin, URL).unwrap()[0].title, "Zürich");
    let lying: Vec<u8> = rss("<item><title>Z\u{fc}rich</title></item>")
        .chars()
        .map(|letter| letter as u8)
        .collect();
    assert_eq!(read(&lying, URL).unwrap()[0].title, "Zürich");
    let wide: Vec<u8> = std::iter::once(0xfeff)
        .chain(rss("<item><title>Zürich</title></item>").encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(read(&wide, URL).unwrap()[0].title, "Zürich");
    let unknown = rss("<item><title>x</title></item>")
        .replace("version=\"1.0\"?", "version=\"1.0\" encoding=\"nonsense\"?");
    assert_eq!(read(unknown.as_bytes(), URL).unwrap()[0].title, "x");
}

#[test]
fn twins_count_once_and_what_has_no_id_is_told_by_its_link() {
    let twins = rss(
        "<item><title>first</title><guid>1</guid></item><item><title>second</title><guid>1</guid></item>\
        <item><title>third</title><link>https://example.com/3</link></item>\
        <item><title>fourth</title><link>https://example.com/3</link></item><item><title>fifth</title></item><item/>",
    );
    let ids: Vec<String> = read(twins.as_bytes(), URL)
        .unwrap()
        .into_iter()
        .map(|item| item.id)
        .collect();
    assert_eq!(ids, ["1", "https://example.com/3", "fifth"]);
}

#[test]
fn nothing_is_endless() {
    let words = "word ".repeat(100_000);
    let found = one(&format!(
        "<title>{words}</title><description>{words}</description><link>https://example.com/{}</link>",
        "x".repeat(5_000)
    ));
    assert!(found.title.chars().count() <= 301 && found.title.ends_with("word…"));
    assert!(found.summary.chars().count() <= 601);
    assert_eq!(found.link, None);
    let many: String = (0..5_000)
        .map(|index| format!("<item><title>{index}</title></item>"))
        .collect();
    assert_eq!(read(rss(&many).as_bytes(), URL).unwrap().len(), MOST_ITEMS);
}
