//! PostgreSQL: a role reads and writes the rows of its own schema, and nothing else.

use sqlx::{Connection as _, Executor as _, PgConnection};

use super::*;

/// What the server says of a statement: its code, or nothing where it carries it out. Whatever it
/// did is undone.
async fn refusal(connection: &mut PgConnection, sql: &str) -> Option<String> {
    let mut tx = connection.begin().await.unwrap();
    let done = tx.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned()))).await;
    tx.rollback().await.unwrap();
    done.err().map(|error| error.as_database_error().unwrap().code().unwrap().into_owned())
}

const DENIED: &str = "42501";

#[tokio::test]
async fn a_role_has_the_rows_of_its_own_schema_and_nothing_else() {
    let servers = Servers::start().unwrap();
    let cluster = servers.home.settings.cluster.clone().unwrap();
    let mut tried = 0;
    for service in services::ALL {
        let url = cluster.postgres_url(&servers.home, service).unwrap();
        let mut role = PgConnection::connect(&url).await.unwrap();
        for allowed in [
            "SELECT * FROM {own}.outbox",
            "SELECT * FROM {own}.migration",
            "INSERT INTO {own}.cursor (handler, source, pos) VALUES ('a', 'b', 1)",
            "UPDATE {own}.cursor SET pos = 2",
            "DELETE FROM {own}.cursor",
        ] {
            let sql = allowed.replace("{own}", service);
            assert_eq!(refusal(&mut role, &sql).await, None, "{service}: {sql}");
        }
        let mut denied: Vec<String> = [
            "CREATE TABLE {own}.mine (id TEXT)",
            "DROP TABLE {own}.outbox",
            "TRUNCATE {own}.outbox",
            "ALTER TABLE {own}.outbox ADD COLUMN mine TEXT",
            "CREATE TRIGGER mine AFTER INSERT ON {own}.outbox EXECUTE FUNCTION suppress_redundant_updates_trigger()",
            "CREATE SCHEMA mine",
            "CREATE TABLE public.mine (id TEXT)",
            "CREATE ROLE mine",
            "CREATE DATABASE mine",
            "SELECT rolpassword FROM pg_authid",
            "COPY {own}.outbox TO '/tmp/mine'",
            "SELECT pg_read_file('/etc/passwd')",
        ]
        .map(|sql| sql.replace("{own}", service))
        .into();
        for other in others(service) {
            for sql in [
                "SELECT * FROM {other}.outbox",
                "SELECT * FROM {other}.migration",
                "INSERT INTO {other}.cursor (handler, source, pos) VALUES ('a', 'b', 1)",
                "UPDATE {other}.cursor SET pos = 2",
                "DELETE FROM {other}.outbox",
                "CREATE TABLE {other}.mine (id TEXT)",
                "DROP SCHEMA {other} CASCADE",
                "SET ROLE lockstep_{other}",
                "ALTER ROLE lockstep_{other} PASSWORD 'mine'",
                "GRANT USAGE ON SCHEMA {other} TO lockstep_{own}",
            ] {
                denied.push(sql.replace("{other}", other).replace("{own}", service));
            }
        }
        denied.push("SET ROLE lockstep".to_owned());
        for sql in &denied {
            let said = refusal(&mut role, sql).await;
            // A database is made in no transaction, whoever asks.
            let is_denied = said.as_deref() == Some(DENIED)
                || (sql.starts_with("CREATE DATABASE") && said.as_deref() == Some("25001"));
            assert!(is_denied, "{service}: {sql}: {said:?}");
        }
        tried += denied.len();
        role.close().await.unwrap();
    }
    println!("{tried} statements denied");
}

#[tokio::test]
async fn a_role_needs_its_own_password() {
    let servers = Servers::start().unwrap();
    let cluster = servers.home.settings.cluster.clone().unwrap();
    for service in services::ALL {
        let url = cluster.postgres_url(&servers.home, service).unwrap();
        for other in others(service) {
            let theirs =
                url.replace(&format!("lockstep_{service}:"), &format!("lockstep_{other}:"));
            assert_ne!(url, theirs);
            let error = PgConnection::connect(&theirs).await.unwrap_err();
            assert_eq!(error.as_database_error().unwrap().code().as_deref(), Some("28P01"));
        }
    }
}
