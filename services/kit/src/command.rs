//! Commands are carried out once: the id is claimed in the transaction of the effect, with its
//! answer. A retry under the same id is answered, not repeated.

use axum::{Json, http::StatusCode};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    db::{self, Tx},
    deps::Deps,
    error::StoreError,
    http::{Act, ApiError},
};

impl Deps {
    /// Carries a command out once, and answers every other time as the first: 201, then 200. Of two at
    /// once, the later comes to a refusal or a conflict; it, too, is answered as the first.
    pub async fn once<T, A: DeserializeOwned>(
        &self,
        act: &Act<T>,
        carry_out: impl Future<Output = Result<A, ApiError>>,
    ) -> Result<(StatusCode, Json<A>), ApiError> {
        if let Some(answer) = self.find_answer(act).await? {
            return Ok((StatusCode::OK, Json(answer)));
        }
        match carry_out.await {
            Ok(answer) => Ok((StatusCode::CREATED, Json(answer))),
            Err(error) => match self.find_answer(act).await? {
                Some(answer) => Ok((StatusCode::OK, Json(answer))),
                None => Err(error),
            },
        }
    }

    /// The answer this command got before, if it was carried out.
    async fn find_answer<T, A: DeserializeOwned>(
        &self,
        act: &Act<T>,
    ) -> Result<Option<A>, ApiError> {
        let mut tx = self.db.begin_read().await?;
        let row = sqlx::query(
            "SELECT person, request, answer FROM command WHERE service = $1 AND command_id = $2",
        )
        .bind(self.service.as_str())
        .bind(act.command.as_str())
        .fetch_optional(&mut *tx)
        .await
        .map_err(StoreError::database("looking for a command"))?;
        let Some(row) = row else { return Ok(None) };
        let is_same = db::text(&row, "person")? == act.person.as_str()
            && db::text(&row, "request")? == act.request.as_str();
        if is_same {
            Ok(Some(db::json(&row, "answer")?))
        } else {
            Err(ApiError::Conflict {
                code: "command_id_reused",
                detail: format!(
                    "命令编号已用于另一请求 / command id {} stands for another request",
                    act.command
                ),
            })
        }
    }

    /// Records a command's answer, in the transaction of its effect. Fails if the same command
    /// was carried out meanwhile; the caller's transaction must then not commit.
    pub async fn save_answer<T>(
        &self,
        tx: &mut Tx,
        act: &Act<T>,
        answer: &impl Serialize,
    ) -> Result<(), StoreError> {
        let done = sqlx::query(
            "INSERT INTO command (service, command_id, person, request, answer, done_at)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        )
        .bind(self.service.as_str())
        .bind(act.command.as_str())
        .bind(act.person.as_str())
        .bind(act.request.as_str())
        .bind(db::to_json(answer, "answer")?)
        .bind(self.clock.now().as_micros())
        .execute(&mut **tx)
        .await
        .map_err(StoreError::database("recording a command"))?;
        if done.rows_affected() == 1 {
            Ok(())
        } else {
            Err(StoreError::Stale { what: format!("command {}", act.command) })
        }
    }
}

#[cfg(test)]
mod tests;
