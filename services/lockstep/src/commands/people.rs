//! Persons and keys: signed by the root key, sent to console.

use lockstep_kit::{clock::Clock, keys};
use lockstep_proto::{
    http::{Person, PostKey, PostRevocation, PutPerson},
    people::{KeyRevocation, RevocationSchema},
    signed::{PublicKey, Signed},
};
use reqwest::Method;

use crate::{
    cli::{Caller, KeyCommand, PersonCommand},
    client::Client,
    home::Home,
    identity::Identity,
    print, statements,
};

pub(super) async fn person(command: PersonCommand) -> anyhow::Result<()> {
    match command {
        PersonCommand::Add { id, name, agency, roles, home } => {
            let home = Home::open(&home.home)?;
            let running = home.running()?;
            let path = home.join("people").join(format!("{id}.toml"));
            let identity = Identity::new(
                running.staff.clone(),
                home.settings.deployment.clone(),
                (id, agency),
                statements::token()?,
                path.clone(),
            );
            let record = statements::person(&home, &identity, &name, roles, Clock::System.now())?;
            let client = Client::new(&running.staff, None);
            let address = format!("/people/{}", identity.person);
            let () = client.command(Method::PUT, &address, &PutPerson { record }).await?;
            identity.save()?;
            println!("已登记 {name} / recorded {}", identity.person);
            println!("  身份文件 identity file  {}（交给本人 / hand it over）", path.display());
            println!("  下一步 next             lockstep key new --as {}", path.display());
            Ok(())
        }
        PersonCommand::List { caller } => {
            print::answer(&caller, list(&caller).await, |people| print::people(people))
        }
    }
}

async fn list(caller: &Caller) -> anyhow::Result<Vec<Person>> {
    let identity = Identity::load(&caller.who.identity)?;
    let client = Client::new(&identity.server, Some(identity.token));
    Ok(client.get("/people").await?)
}

pub(super) async fn key(command: KeyCommand) -> anyhow::Result<()> {
    match command {
        KeyCommand::New { who, home } => {
            let identity = Identity::load(&who.identity)?;
            let key = keys::make(&identity.key_path())?;
            println!(
                "私钥 private key  {}（留在本人处 / stays with its person）",
                identity.key_path().display()
            );
            if let Some(home) = home {
                return accept(&Home::open(&home)?, &identity.person, key.public()).await;
            }
            println!("请管理员登记 / have it recorded by the operator:");
            println!("  lockstep key accept {} {}", identity.person, key.public());
            Ok(())
        }
        KeyCommand::Accept { person, public, home } => {
            accept(&Home::open(&home.home)?, &person, public.parse()?).await
        }
        KeyCommand::Revoke { person, public, reason, home } => {
            let home = Home::open(&home.home)?;
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
            let client = Client::new(&home.running()?.staff, None);
            let body = PostRevocation { record };
            let () = client.command(Method::POST, "/keys/revocations", &body).await?;
            println!("已吊销 / revoked");
            Ok(())
        }
    }
}

async fn accept(
    home: &Home,
    person: &lockstep_proto::ids::PersonId,
    public: PublicKey,
) -> anyhow::Result<()> {
    let record = statements::key(home, person, public, Clock::System.now())?;
    let client = Client::new(&home.running()?.staff, None);
    let () = client.command(Method::POST, "/keys", &PostKey { record }).await?;
    println!("公钥已登记 / public key of {person} recorded");
    Ok(())
}
