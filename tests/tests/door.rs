//! However full the public door is, the staff door answers.

use lockstep_kit::dispatch::Transport;
use lockstep_proto::http::Draft;
use lockstep_tests::site::Site;
use tokio::net::TcpStream;

#[tokio::test(flavor = "multi_thread")]
async fn staff_are_answered_while_the_public_door_is_full() {
    let mut site = Site::in_process(Transport::Local).await.unwrap();
    let address = site.public().replace("http://", "");
    let mut idle = vec![];
    let full = loop {
        for _ in 0..64 {
            idle.push(TcpStream::connect(&address).await.unwrap());
        }
        let answer = reqwest::get(site.public()).await.unwrap();
        if answer.status().as_u16() == 503 {
            break answer;
        }
        assert!(idle.len() < 400, "the public door is never full");
    };
    assert!(full.headers().contains_key("retry-after"));
    let drafts: Vec<Draft> = site.client("reviewer").unwrap().get("/bundles").await.unwrap();
    assert!(drafts.is_empty());
    drop(idle);
    site.stop().await.unwrap();
}
