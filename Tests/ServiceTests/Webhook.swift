import HTTPClient
import HTTPTypes
import TestHomes

/// The body of an event of alpha.
let event = #"{"id":"e1","type":"made","about":"x"}"#

/// A webhook of alpha to the connection `a`.
func webhook(
  _ body: String, to port: Int, _ authorization: String = TestHome.authorization
) -> ClientRequest {
  ClientRequest(
    "POST", "http://127.0.0.1:\(port)/hooks/a", headers: ["Authorization": authorization],
    body: Array(body.utf8))
}
