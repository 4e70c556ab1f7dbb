//! Reading a submission in a process of its own: Word, Excel and zip files come as people send them.

use std::io::{self, BufRead, Write};

use lockstep_gate::{
    bundle::{self, Content, Files, Rules, Unfit},
    codes,
    wording::{Lexicon, Lexicons},
};
use lockstep_kit::{
    child::{self, Child, ChildError, Limits, Parcel},
    http::ApiError,
};
use lockstep_proto::sign_off::Profile;
use serde::{Deserialize, Serialize};

/// The command of this program that is the child's; not for people.
pub const COMMAND: &str = "read-child";

/// The submission's files come with it.
#[derive(Serialize, Deserialize)]
struct Asked {
    profile: Profile,
    lexicons: Vec<String>,
}

/// The content's files come with it, if there is a content.
type Answered = Result<Content, Unfit>;

/// Reads a submission in a child. Fails where there is no child to ask, or one that cannot be believed.
pub async fn read_in(
    child: &Child,
    files: Files,
    profile: Profile,
    lexicons: &Lexicons,
) -> Result<Result<Content, Unfit>, ApiError> {
    let words = Asked { profile, lexicons: lexicons.texts().to_vec() };
    let answered = child.ask::<Answered>(COMMAND, &Parcel { words, files }).await;
    let Parcel { words: mut read, files } = match answered {
        Ok(answer) => answer,
        Err(ChildError::OverLimits) => {
            return Ok(Err(Unfit { findings: vec![codes::READ_LIMITS.finding()], content: None }));
        }
        Err(ChildError::Failed(why)) => return Err(ApiError::Upstream(why)),
    };
    // What the child says of its files is believed only as far as they bear it out.
    if content_of(&mut read).is_some_and(|content| !content.put_files(files)) {
        return Err(ApiError::Upstream(
            "子进程给出的文件与成员不符 / the child's files are not its members".to_owned(),
        ));
    }
    match &mut read {
        Ok(content) => content.warnings = bundle::bound(std::mem::take(&mut content.warnings)),
        Err(unfit) => unfit.findings = bundle::bound(std::mem::take(&mut unfit.findings)),
    }
    Ok(read)
}

fn content_of(read: &mut Result<Content, Unfit>) -> Option<&mut Content> {
    match read {
        Ok(content) => Some(content),
        Err(unfit) => unfit.content.as_deref_mut(),
    }
}

/// The child's part.
pub fn run(limits: Limits, from: impl BufRead, to: impl Write) -> io::Result<()> {
    child::run(limits, from, to, |Parcel { words: Asked { profile, lexicons }, files }| {
        let lexicons = lexicons.iter().map(|text| Lexicon::read(text)).collect::<Result<_, _>>();
        let lexicons = lexicons.and_then(Lexicons::new).map_err(io::Error::other)?;
        let rules = Rules { profile: Some(&profile), lexicons: &lexicons };
        let mut words: Answered = bundle::read_under(rules, &files);
        let files = content_of(&mut words).map(Content::take_files).unwrap_or_default();
        Ok(Parcel { words, files })
    })
}
