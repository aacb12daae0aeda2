import Catalog
import HTTPClient
import HTTPTypes
import Setup
import StepKit
import Values

/// Calls steps at URLs, and keeps connections open between calls.
final class RemoteSteps: Sendable {
  private let client = CurlClient()

  /// Posts an invocation and reads the reply from the response's body.
  ///
  /// - Throws: an `unavailable` problem if the response is not a 200 with a JSON document.
  func call(
    _ step: StepID, at destination: StepDestination, with invocation: [UInt8],
    timeout: Double, maxReply: Int
  ) throws(Problem) -> StepOutput {
    var headers: Headers = ["Accept": "application/json", "Content-Type": "application/json"]
    headers["Authorization"] = destination.authorization
    var request = ClientRequest("POST", destination.url, headers: headers, body: invocation)
    request.timeout = timeout
    request.maxResponseBytes = maxReply
    // Repeatable, because a step has no side effects.
    request.isRepeatable = true
    let response: ClientResponse
    do throws(TransportFailure) {
      response = try client.send(request)
    } catch {
      throw failure(step, "gave no reply: \(error)")
    }
    guard response.status == 200 else { throw failure(step, "answered \(response.status)") }
    do throws(JSONError) {
      return try StepOutput(response.body)
    } catch {
      throw failure(step, "answered something that is no reply: \(error)")
    }
  }

  private func failure(_ step: StepID, _ how: String) -> Problem {
    Problem(.unavailable, "the function \(step) at its place \(how)")
  }
}
