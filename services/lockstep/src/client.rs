//! The staff door as seen by whoever types a command.

use lockstep_kit::{http::client_for, ids::Ids};
use lockstep_proto::{
    finding::Finding,
    http::{COMMAND_HEADER, Problem},
    ids::CommandId,
};
use reqwest::{
    Method,
    header::{IF_NONE_MATCH, LOCATION},
    redirect::Policy,
};
use serde::{Serialize, de::DeserializeOwned};

/// Why a command was not done.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The rule, or the state, says no; or whoever was asked does.
    #[error("{}", .0.detail)]
    Refused(Problem),
    /// The gate said no before anything was sent.
    #[error("规则不允许 / the rule says no")]
    Findings(Vec<Finding>),
    /// The request was not one the server takes.
    #[error("{}", .0.detail)]
    Unusable(Problem),
    /// Nothing was sent: no TLS here.
    #[error(
        "本机无法使用 TLS / no TLS on this machine: are certificates installed (the package \
         ca-certificates), or named by SSL_CERT_FILE?"
    )]
    NoTls {
        /// Why.
        #[source]
        source: reqwest::Error,
    },
    /// The server cannot be reached.
    #[error("无法连接 {server} / the server cannot be reached; is `lockstep serve all` running?")]
    Unreachable {
        /// Its address.
        server: String,
        /// Why.
        #[source]
        source: reqwest::Error,
    },
}

impl Failure {
    /// Refused here: nothing was sent.
    pub fn refused(code: &str, detail: String) -> Self {
        Self::Refused(problem(code, detail))
    }
}

/// Speaks to a staff door.
#[derive(Debug, Clone)]
pub struct Client {
    server: String,
    token: Option<String>,
    replaces: bool,
    http: reqwest::Client,
}

/// How often a request is sent before giving up; the command's id stays the same, so that none is
/// carried out twice.
const TRIES: u32 = 3;

impl Client {
    /// To the staff door at `server`, with a person's token if one is needed.
    pub fn new(server: &str, token: Option<String>) -> Result<Self, Failure> {
        // A command that is sent on elsewhere would be another.
        let http = client_for(server).redirect(Policy::none()).build();
        let http = http.map_err(|source| Failure::NoTls { source })?;
        Ok(Self { server: server.to_owned(), token, replaces: true, http })
    }

    /// The same, but what it puts must not be there yet.
    #[must_use]
    pub fn replacing_nothing(self) -> Self {
        Self { replaces: false, ..self }
    }

    /// Asks.
    pub async fn get<A: DeserializeOwned>(&self, path: &str) -> Result<A, Failure> {
        self.send(Method::GET, path, &()).await
    }

    /// Commands, under a fresh id.
    pub async fn command<A: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &impl Serialize,
    ) -> Result<A, Failure> {
        self.send(method, path, body).await
    }

    async fn send<A: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &impl Serialize,
    ) -> Result<A, Failure> {
        let id: CommandId = Ids.fresh();
        let mut tries = 0;
        loop {
            tries += 1;
            match self.send_once(method.clone(), path, body, &id).await {
                Err(Failure::Unreachable { .. }) if tries < TRIES => {}
                done => return done,
            }
        }
    }

    /// One try of a command under an id of the caller's.
    pub async fn send_once<A: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &impl Serialize,
        id: &CommandId,
    ) -> Result<A, Failure> {
        let unreachable = |source| Failure::Unreachable { server: self.server.clone(), source };
        let is_reading = method == Method::GET;
        let is_new_only = method == Method::PUT && !self.replaces;
        let mut request = self
            .http
            .request(method, format!("{}{path}", self.server))
            .header(COMMAND_HEADER, id.as_str());
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if is_new_only {
            request = request.header(IF_NONE_MATCH, "*");
        }
        if !is_reading {
            request = request.json(body);
        }
        let response = request.send().await.map_err(unreachable)?;
        let status = response.status();
        if status.is_redirection() {
            let to = response.headers().get(LOCATION).and_then(|to| to.to_str().ok());
            let detail = format!(
                "{server} 转往 {to}：请在身份文件中改用该处的 https:// 地址 / sends to another address: put \
                 that one, with https://, into the identity file",
                server = self.server,
                to = to.unwrap_or("?"),
            );
            return Err(Failure::Unusable(problem("elsewhere", detail)));
        }
        let text = response.text().await.map_err(unreachable)?;
        if status.is_success() {
            let text = if text.is_empty() { "null" } else { &text };
            return serde_json::from_str(text).map_err(|error| {
                Failure::Unusable(problem("unreadable_answer", error.to_string()))
            });
        }
        let said = serde_json::from_str(&text)
            .unwrap_or_else(|_| problem("no_problem", format!("{status}: {text}")));
        match status.as_u16() {
            403 | 409 | 422 => Err(Failure::Refused(said)),
            _ => Err(Failure::Unusable(said)),
        }
    }
}

pub(crate) fn problem(code: &str, detail: String) -> Problem {
    Problem { code: code.to_owned(), detail, findings: vec![] }
}
