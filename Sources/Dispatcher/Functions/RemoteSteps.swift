import Catalog
import HTTPClient
import HTTPTypes
import Setup
import StepKit
import Values

/// Calls steps at URLs.
struct RemoteSteps: Sendable {
  /// Sends the requests.
  let transport: any HTTPTransport

  /// Posts an invocation and reads the reply from the body of the response.
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
      response = try transport.send(request)
    } catch {
      throw failure(step, "gave no reply: \(error)")
    }
    guard response.status == 200 else { throw failure(step, "answered \(response.status)") }
    do throws(JSONError) {
      let output = try StepOutput(response.body)
      // A platform may quote the request.
      let masked = destination.mask.masked(output.value)
      return masked == output.value ? output : try StepOutput(masked.bytes)
    } catch {
      throw failure(step, "sent an invalid reply: \(error)")
    }
  }

  private func failure(_ step: StepID, _ reason: String) -> Problem {
    Problem(.unavailable, "the function \(step) at its URL \(reason)")
  }
}
