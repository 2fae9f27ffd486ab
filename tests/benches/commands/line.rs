//! One connection over HTTP/1.1 that costs next to nothing, so that what is measured is the service and not who asks it.

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use uuid::Uuid;

/// A connection of one company's caller.
pub struct Line {
    stream: BufReader<TcpStream>,
    /// What every request says.
    always: String,
}

impl Line {
    pub async fn open(port: u16, token: &str, company: Uuid) -> Line {
        let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let always = format!("host: 127.0.0.1:{port}\r\nauthorization: Bearer {token}\r\nleadtrail-company: {company}\r\ncontent-type: application/json\r\n");
        Line { stream: BufReader::new(stream), always }
    }

    /// Posts a command and waits until it is accepted.
    pub async fn post(&mut self, path: &str, key: Uuid, body: &Value) {
        let body = body.to_string();
        let request = format!("POST {path} HTTP/1.1\r\n{}idempotency-key: {key}\r\ncontent-length: {}\r\n\r\n{body}", self.always, body.len());
        self.stream.get_mut().write_all(request.as_bytes()).await.unwrap();
        let (mut status, mut length, mut line) = (String::new(), 0, String::new());
        self.stream.read_line(&mut status).await.unwrap();
        loop {
            line.clear();
            self.stream.read_line(&mut line).await.unwrap();
            match line.trim_end().split_once(": ") {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.parse().unwrap(),
                Some(_) => {}
                None => break,
            }
        }
        let mut answer = vec![0; length];
        self.stream.read_exact(&mut answer).await.unwrap();
        assert!(status.starts_with("HTTP/1.1 20"), "{path} {status} {}", String::from_utf8_lossy(&answer));
    }
}
