//! Persons and keys: signed by the root key, sent to console.

use std::{
    borrow::Cow,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use lockstep_kit::{clock::Clock, keys};
use lockstep_proto::{
    http::{Person, PostKey, PostRevocation, PutPerson},
    ids::{PersonId, Role},
    people::{KeyRevocation, RevocationSchema},
    signed::{PrivateKey, PublicKey, Signed},
};
use reqwest::Method;

use crate::{
    cli::{Caller, KeyCommand, PersonCommand, Who},
    client::{Client, Failure},
    home::Home,
    identity::Identity,
    print, statements,
};

pub(super) async fn person(command: PersonCommand) -> anyhow::Result<()> {
    match command {
        PersonCommand::Add { id, name, agency, roles, replace, home } => {
            let home = home.open()?;
            add(&home, (id, name, agency), roles, replace).await
        }
        PersonCommand::List { identity, home, json } => {
            let identity = match (identity, home) {
                (Some(identity), _) => identity,
                (None, home) => any_identity(&home.unwrap_or_default())?,
            };
            let caller = Caller { who: Who { identity }, json };
            print::answer(&caller, list(&caller).await, |people| print::people(people))
        }
    }
}

/// The roles of the profile that comes with us.
const ROLES: [&str; 4] = ["drafter", "reviewer", "issuer", "registrar"];

async fn add(
    home: &Home,
    (id, name, agency): (PersonId, String, String),
    roles: Vec<Role>,
    replace: bool,
) -> anyhow::Result<()> {
    let running = home.running()?;
    let path = home.join("people").join(format!("{id}.toml"));
    for role in roles.iter().filter(|role| !ROLES.contains(&role.as_str())) {
        eprintln!(
            "提醒 warning: 角色 {role} 不是 drafter、reviewer、issuer、registrar 之一，只在另有规定的审批链中有用；若是笔误请以 --replace 重新登记"
        );
        eprintln!(
            "    role {role} is none of these: it counts only where a profile defines it; if it is a slip, record again with --replace"
        );
    }
    let identity = Identity::new(
        running.staff.clone(),
        home.settings.deployment.clone(),
        (id, agency),
        statements::token()?,
        path.clone(),
    );
    let record = statements::person(home, &identity, &name, roles, Clock::System.now())?;
    let mut client = Client::new(&running.staff, None)?;
    if !replace {
        client = client.replacing_nothing();
    }
    let address = format!("/people/{}", identity.person);
    match client.command(Method::PUT, &address, &PutPerson { record }).await {
        Ok(()) => identity.save()?,
        Err(Failure::Refused(problem)) if problem.code == "person_exists" => {
            let detail = format!(
                "{0} 已登记，未作改动；确需改动请加 --replace，原身份文件随即失效 / {0} is recorded \
                 already and nothing was changed; --replace records anew, and the earlier \
                 identity file no longer works",
                identity.person
            );
            return Err(Failure::refused(&problem.code, detail).into());
        }
        Err(other) => return Err(other.into()),
    }
    say!("已登记 {name} / recorded {}", identity.person);
    if replace {
        say!("  原身份文件如有即已失效 / an earlier identity file no longer works");
    }
    say!("  身份文件 identity file  {}（交给本人 / hand it over）", path.display());
    print::next(&["key", "new", "--as", &text(&path), "--home", &text(&home.path)]);
    say!("  （在本人的机器上运行时不带 --home / on the person's own machine without --home）");
    Ok(())
}

/// Makes a person's key. One that is there already is kept: perhaps it was made when nothing ran that
/// could record it, so whoever comes again is told how that is done.
fn make_key(identity: &Identity) -> anyhow::Result<PrivateKey> {
    let path = identity.key_path();
    if path.exists() {
        let public = keys::load(&path)?.public();
        bail!(
            "{} 已有私钥，未作改动；尚未登记的请管理员运行 lockstep key accept {} {public} --home 部署目录，\
             要换新的请先移走此文件 / there is a key already and it was left alone: that command records \
             it, if nobody did; for another one move the file away first",
            path.display(),
            identity.person
        );
    }
    Ok(keys::make(&path)?)
}

fn text(path: &Path) -> Cow<'_, str> {
    path.to_string_lossy()
}

/// An identity file that still lies in a deployment's folder.
fn any_identity(home: &Path) -> anyhow::Result<PathBuf> {
    let people = home.join("people");
    let entries = std::fs::read_dir(&people).into_iter().flatten().flatten();
    let files = entries.map(|entry| entry.path());
    files.filter(|path| path.extension().is_some_and(|kind| kind == "toml")).min().with_context(
        || {
            format!(
                "{} 中没有身份文件，请以 --as 指定一个 / holds no identity file: name one by --as",
                people.display()
            )
        },
    )
}

async fn list(caller: &Caller) -> anyhow::Result<Vec<Person>> {
    let identity = Identity::load(&caller.who.identity)?;
    let client = Client::new(&identity.server, Some(identity.token))?;
    Ok(client.get("/people").await?)
}

pub(super) async fn key(command: KeyCommand) -> anyhow::Result<()> {
    match command {
        KeyCommand::New { who, home } => {
            let identity = Identity::load(&who.identity)?;
            let key = make_key(&identity)?;
            say!(
                "私钥 private key  {}（留在本人处 / stays with its person）",
                identity.key_path().display()
            );
            if let Some(home) = home {
                return accept(&Home::open(&home)?, &identity.person, key.public()).await;
            }
            say!(
                "请管理员在部署目录中运行 / to be run by the operator, in the deployment's folder:"
            );
            let public = key.public().to_string();
            say!(
                "  {}",
                print::command(&[
                    "key",
                    "accept",
                    identity.person.as_str(),
                    &public,
                    "--home",
                    "."
                ])
            );
            Ok(())
        }
        KeyCommand::Accept { person, public, home } => {
            accept(&home.open()?, &person, public.parse()?).await
        }
        KeyCommand::Revoke { person, public, reason, home } => {
            let home = home.open()?;
            let public: PublicKey = public.parse()?;
            let revocation = KeyRevocation {
                schema: RevocationSchema,
                deployment: home.settings.deployment.clone(),
                person,
                key: public.id(),
                reason,
                at: Clock::System.now(),
            };
            let record = Signed::new(revocation, &home.root_key()?)?;
            let client = Client::new(&home.running()?.staff, None)?;
            let body = PostRevocation { record };
            let () = client.command(Method::POST, "/keys/revocations", &body).await?;
            say!("已吊销 / revoked");
            Ok(())
        }
    }
}

async fn accept(home: &Home, person: &PersonId, public: PublicKey) -> anyhow::Result<()> {
    let record = statements::key(home, person, public, Clock::System.now())?;
    let client = Client::new(&home.running()?.staff, None)?;
    let () = client.command(Method::POST, "/keys", &PostKey { record }).await?;
    say!("公钥已登记 / public key of {person} recorded");
    Ok(())
}

#[cfg(test)]
mod tests {
    use lockstep_kit::ids::Ids;

    use super::*;

    #[test]
    fn a_key_that_was_never_recorded_is_kept_and_can_be() {
        let folder = tempfile::tempdir().unwrap();
        let identity = Identity::new(
            "http://127.0.0.1:7010".to_owned(),
            Ids.fresh(),
            ("lin".to_owned().try_into().unwrap(), "某局".to_owned()),
            "token".to_owned(),
            folder.path().join("lin.toml"),
        );
        let public = make_key(&identity).unwrap().public();
        let why = make_key(&identity).unwrap_err().to_string();
        assert!(why.contains(&format!("key accept lin {public}")), "{why}");
        assert_eq!(keys::load(&identity.key_path()).unwrap().public(), public);
    }
}
