//! Persons, keys and tokens. The root key's signature is the authority: whoever carries a record
//! here needs no other. Tokens are kept as digests, inside the signed records.

use axum::{
    Extension, Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
};
use lockstep_gate::people::Directory;
use lockstep_kit::{
    Tx,
    dispatch::HandleError,
    http::ApiError,
    outbox::Context,
    register::{self, Taken},
};
use lockstep_proto::{
    digest::Digest,
    facts::Fact,
    http::{Person, PostKey, PostRevocation, PutPerson},
    ids::{PersonId, TraceId},
};

use crate::Console;

/// A later record replaces an earlier one, unless the request says `If-None-Match: *`.
pub(crate) async fn put_person(
    State(console): State<Console>,
    Extension(trace): Extension<TraceId>,
    headers: HeaderMap,
    Json(body): Json<PutPerson>,
) -> Result<StatusCode, ApiError> {
    let is_new_only = headers.get(header::IF_NONE_MATCH).is_some_and(|tag| tag == "*");
    let person = body.record.statement().person.clone();
    record((&console, &trace), Fact::PersonRecorded(body.record), |directory| {
        match directory.find_person(&person).filter(|_| is_new_only) {
            None => Ok(()),
            Some(_) => Err(ApiError::Conflict {
                code: "person_exists",
                detail: format!("{person} 已登记 / {person} is recorded already"),
            }),
        }
    })
    .await
}

pub(crate) async fn post_key(
    State(console): State<Console>,
    Extension(trace): Extension<TraceId>,
    Json(body): Json<PostKey>,
) -> Result<StatusCode, ApiError> {
    let person = body.record.statement().person.clone();
    record((&console, &trace), Fact::KeyRecorded(body.record), |directory| {
        is_known(directory, &person)
    })
    .await
}

pub(crate) async fn post_revocation(
    State(console): State<Console>,
    Extension(trace): Extension<TraceId>,
    Json(body): Json<PostRevocation>,
) -> Result<StatusCode, ApiError> {
    let (person, key) = {
        let statement = body.record.statement();
        (statement.person.clone(), statement.key.clone())
    };
    record((&console, &trace), Fact::KeyRevoked(body.record), |directory| {
        is_known(directory, &person)?;
        if directory.find_key(&key).is_some_and(|found| found.person == person) {
            return Ok(());
        }
        Err(ApiError::Conflict {
            code: "no_key",
            detail: format!("{person} 没有这把密钥 / {person} has no such key"),
        })
    })
    .await
}

/// Keys are recorded of persons who are. A slip of the pen would otherwise look like success.
fn is_known(directory: &Directory, person: &PersonId) -> Result<(), ApiError> {
    if directory.find_person(person).is_some() {
        return Ok(());
    }
    Err(ApiError::Conflict {
        code: "no_person",
        detail: format!("{person} 尚未登记 / {person} is not recorded"),
    })
}

/// Records and tells every service, in one transaction, if `may` allows it given everyone there
/// was. The same record again changes nothing; one that a later one stands in the way of is refused,
/// so that nobody takes it for done.
#[expect(clippy::wildcard_enum_match_arm, reason = "three kinds of facts are records")]
async fn record(
    (console, trace): (&Console, &TraceId),
    fact: Fact,
    may: impl FnOnce(&Directory) -> Result<(), ApiError>,
) -> Result<StatusCode, ApiError> {
    let deps = &console.deps;
    let key = match &fact {
        Fact::PersonRecorded(record) => record.statement().person.to_string(),
        Fact::KeyRecorded(record) => record.statement().person.to_string(),
        Fact::KeyRevoked(record) => record.statement().person.to_string(),
        _ => return Err(ApiError::Unreadable("no record".to_owned())),
    };
    let mut tx = deps.db.begin_write().await?;
    let known = register::directory(deps, &mut tx).await?;
    let taken = register::handle(deps, &mut tx, &fact).await.map_err(|error| match error {
        HandleError::Store(error) => ApiError::Store(error),
        HandleError::Refused(why) => ApiError::Forbidden(why),
        HandleError::Injected(error) => ApiError::Forbidden(error.to_string()),
    })?;
    match taken {
        Taken::New => {}
        Taken::Known => return Ok(StatusCode::OK),
        Taken::Late { known } => {
            return Err(ApiError::Conflict {
                code: "later_record_known",
                detail: format!(
                    "已有 {known} 签署的记录，本记录不晚于它，未作更改；请检查时钟后重新签署 / a record \
                     signed at {known} is known and this one is not later; nothing changed. Check \
                     the clock and sign anew"
                ),
            });
        }
    }
    // After the signature was looked at: whom we know is for the root key's holder alone.
    may(&known)?;
    deps.append(&mut tx, Context::of(&key, trace), fact).await?;
    deps.db.commit(tx).await?;
    tracing::info!(person.id = %key, "recorded {key}");
    Ok(StatusCode::CREATED)
}

/// Whose token this is. A person without roles has left.
pub(crate) async fn find_by_token(
    console: &Console,
    tx: &mut Tx,
    token: &str,
) -> Result<Option<PersonId>, ApiError> {
    let digest = Digest::of(token.as_bytes());
    let directory = register::directory(&console.deps, tx).await?;
    let person = directory.persons().find(|record| record.token == digest);
    Ok(person.filter(|record| !record.roles.is_empty()).map(|record| record.person.clone()))
}

pub(crate) async fn list(console: &Console, tx: &mut Tx) -> Result<Vec<Person>, ApiError> {
    let directory = register::directory(&console.deps, tx).await?;
    Ok(directory
        .persons()
        .map(|record| Person {
            person: record.person.clone(),
            name: record.name.clone(),
            agency: record.agency.clone(),
            roles: record.roles.clone(),
            keys: directory.keys_of(&record.person).cloned().collect(),
        })
        .collect())
}

#[cfg(test)]
mod tests;
