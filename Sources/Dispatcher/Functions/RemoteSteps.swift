import HTTPClient
import HTTPTypes
import StepKit
import Values

/// Calls steps at their places, and keeps the network connections open between calls.
final class RemoteSteps: Sendable {
  private let client = CurlClient()

  /// Posts an invocation; what is no reply is the same problem as a process that gave none.
  func call(
    _ step: StepID, at place: Places.Place, authorization: String?, with invocation: [UInt8],
    within seconds: Double, largest: Int
  ) throws(Problem) -> Said {
    var headers: Headers = ["Accept": "application/json", "Content-Type": "application/json"]
    headers["Authorization"] = authorization
    var request = ClientRequest("POST", place.url, headers: headers, body: invocation)
    request.timeout = seconds
    request.maxResponseBytes = largest
    // A step decides and does nothing, so it may be asked twice.
    request.isRepeatable = true
    let response: ClientResponse
    do throws(TransportFailure) {
      response = try client.send(request)
    } catch {
      throw broke(step, "gave no reply: \(error)")
    }
    guard response.status == 200 else { throw broke(step, "answered \(response.status)") }
    do throws(JSONError) {
      return try Said(response.body)
    } catch {
      throw broke(step, "answered something that is no reply: \(error)")
    }
  }

  private func broke(_ step: StepID, _ how: String) -> Problem {
    Problem(.unavailable, "the function \(step) at its place \(how)")
  }
}
