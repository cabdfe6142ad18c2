//! Whole passwords that somebody who guesses tries early, though no single word of them is rare: sayings, lines of songs,
//! films and rhymes, the examples of a good passphrase that everybody has read (our own among them), and what people write
//! who are asked for a long password (NIST SP 800-63B-4 §3.1.1.2, "expected" values). A password is compared as a whole with
//! them, after what people change in such a phrase was taken back: case, blanks and signs, digits for letters, digits at the
//! ends, saying it twice, and naming this place or themselves.
//!
//! The list is our own and short; breached passwords are zxcvbn's list and `passwords.breached_url`.

/// Letters alone, in the order of the alphabet.
const PHRASES: [&str; 125] = [
    "abcdefghijklmnopqrstuvwxyz",
    "allyouneedislove",
    "anappleadaykeepsthedoctoraway",
    "applenemobiro",
    "batterystaple",
    "beammeupscotty",
    "believeinyourself",
    "bettersafethansorry",
    "bohemianrhapsody",
    "bridgeovertroubledwater",
    "changemeplease",
    "changethispassword",
    "coffeetrainfish",
    "correctbatteryhorsestaple",
    "correcthorse",
    "correcthorsebattery",
    "correcthorsebatterystaple",
    "crazylittlethingcalledlove",
    "dontstopbelieving",
    "dontstopmenow",
    "dontworrybehappy",
    "everybreathyoutake",
    "fourrandomwords",
    "fourunrelatedwords",
    "franklymydearidontgiveadamn",
    "genericpassword",
    "goodmorningsunshine",
    "goodmorningvietnam",
    "hakunamatata",
    "happybirthdaytoyou",
    "hellohowareyou",
    "hellomyfriend",
    "heregoesnothing",
    "hereslookingatyoukid",
    "hippopizzarocket",
    "horsebatterystaple",
    "horsebatterystaplecorrect",
    "horsepurplehatrunbay",
    "horsepurplehatrunbaylifting",
    "houstonwehaveaproblem",
    "icantgetnosatisfaction",
    "idontknowmypassword",
    "iforgotmypassword",
    "ihatepasswords",
    "illbeback",
    "ilovemychildren",
    "ilovemydaughter",
    "ilovemydog",
    "ilovemyfamily",
    "ilovemyhusband",
    "ilovemykids",
    "ilovemymother",
    "ilovemywife",
    "iloveyou",
    "iloveyouforever",
    "iloveyoumorethananything",
    "iloveyousomuch",
    "incorrecthorsebatterystaple",
    "ineedanewpassword",
    "ineedapassword",
    "itsasmallworld",
    "iwanttobelieve",
    "iwanttobreakfree",
    "iwillalwaysloveyou",
    "iwillsurvive",
    "jesusismylord",
    "jesuslovesme",
    "knockinonheavensdoor",
    "letmein",
    "letmeinplease",
    "littleredridinghood",
    "liveandletdie",
    "liveandletlive",
    "livelongandprosper",
    "lucyintheskywithdiamonds",
    "margaretthatcherissexy",
    "maryhadalittlelamb",
    "maytheforcebewithyou",
    "mycorrecthorsebatterystaple",
    "mydoghasfleas",
    "myfavoritethings",
    "mypasswordissecret",
    "mysecretpassphrase",
    "mysecretpassword",
    "mysupersecretpassword",
    "nevergonnagiveyouup",
    "nevergonnagiveyouupnevergonnaletyoudown",
    "nevergonnaletyoudown",
    "nopasswordneeded",
    "onceuponatime",
    "onceuponatimeinthewest",
    "opensesame",
    "password",
    "pleaseletmein",
    "plumviolingravelorbit",
    "redpantstree",
    "romeoandjuliet",
    "rowrowrowyourboat",
    "sexdrugsandrocknroll",
    "shakeitoff",
    "somewhereovertherainbow",
    "stairwaytoheaven",
    "staplebatteryhorsecorrect",
    "stockade",
    "sweetchildofmine",
    "sweethomealabama",
    "takemehomecountryroads",
    "thecorrecthorsebatterystaple",
    "thelordismyshepherd",
    "thequickbrownfox",
    "thequickbrownfoxjumpsoverthelazydog",
    "thisisapassword",
    "thisisaverylongpassword",
    "thisismypassphrase",
    "thisismypassword",
    "thisisnotmypassword",
    "thisissparta",
    "threerandomwords",
    "tobeornottobe",
    "tobeornottobethatisthequestion",
    "twinkletwinklelittlestar",
    "walltinshirt",
    "wearethechampions",
    "winteriscoming",
    "youshallnotpass",
];

/// Whether a password is one of these phrases, whatever was changed in it; `words` are those its owner is known by.
pub(super) fn holds(password: &str, words: &[String]) -> bool {
    let folded = password.to_lowercase();
    let trimmed = folded.trim_matches(|letter: char| !letter.is_alphabetic());
    let spellings = [&*folded, trimmed];
    let readings = spellings.iter().flat_map(|text| {
        let bare = text.chars().filter(|letter| letter.is_alphabetic()).collect();
        [letters(text, 'i'), letters(text, 'l'), bare]
    });
    readings.into_iter().any(|reading| {
        let bare = without(&reading, words);
        [reading, bare].iter().any(|text| is_known(once(text)))
    })
}

fn is_known(text: &str) -> bool {
    PHRASES.binary_search(&text).is_ok()
}

/// The letters alone, with what stands for a letter taken as that; a 1 is one of two.
fn letters(text: &str, one: char) -> String {
    let read = |sign: char| match sign {
        '0' => Some('o'),
        '1' | '!' | '|' => Some(one),
        '3' | '€' => Some('e'),
        '4' | '@' => Some('a'),
        '5' | '$' => Some('s'),
        '7' | '+' => Some('t'),
        other => other.is_alphabetic().then_some(other),
    };
    text.chars().filter_map(read).collect()
}

/// The same without the words about its owner and this place.
fn without(text: &str, words: &[String]) -> String {
    let words = words.iter().map(String::as_str).chain([super::guesses::OURS]);
    words.fold(text.to_owned(), |text, word| {
        let word = letters(&word.to_lowercase(), 'i');
        match word.chars().count() {
            0..3 => text,
            _ => text.replace(&word, ""),
        }
    })
}

/// What is said twice or more, once.
fn once(text: &str) -> &str {
    let whole = text.len();
    let lengths =
        (1..=whole / 2).filter(|length| whole.is_multiple_of(*length) && text.is_char_boundary(*length));
    let found = lengths
        .map(|length| &text[..length])
        .find(|part| part.repeat(whole / part.len()) == text);
    found.unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_order_and_of_letters() {
        assert!(PHRASES.is_sorted());
        let letters = |text: &&str| text.bytes().all(|byte| byte.is_ascii_lowercase());
        assert!(PHRASES.iter().all(letters));
    }

    #[test]
    fn a_phrase_is_known_however_it_is_dressed() {
        let words = ["Ana Smith".to_owned(), "ana@example.com".to_owned()];
        for password in [
            "nevergonnagiveyouup",
            "Never Gonna Give You Up!",
            "never-gonna-give-you-up",
            "N3v3rG0nn4G1v3Y0uUp",
            "nevergonnagiveyouup1987",
            "2024 never gonna give you up 2024",
            "nevergonnagiveyouupnevergonnagiveyouup",
            "stockade never gonna give you up",
            "AnaSmithNeverGonnaGiveYouUp",
            "correct horse battery staple",
            "Correct-Horse-Battery-Staple-1",
            "c0rr3ct h0rs3 b4tt3ry st4pl3",
            "Hippo!PizzaRocket1",
            "MargaretThatcherIs110%Sexy",
        ] {
            assert!(holds(password, &words), "{password}");
        }
    }

    #[test]
    fn only_the_whole_counts() {
        for password in [
            "never gonna give you lemons",
            "a quiet harbour at dusk",
            "夜の港に静かな波が",
            "",
            "!!!",
        ] {
            assert!(!holds(password, &[]), "{password}");
        }
    }
}
