import HTTPClient
import HTTPServer
import HTTPTypes
import Sandbox
import Values

/// Carries a dispatcher's requests to the systems, with what befalls them on the way.
struct FaultyTransport: HTTPTransport {
  let life: Life

  private var world: World { life.world }

  /// Milliseconds after which a client gives up.
  private static let timeout = 30_000

  func send(_ request: ClientRequest) throws(TransportFailure) -> ClientResponse {
    world.meanwhile()
    guard life.lives(.request) else {
      // It may have been on its way
      if world.chance.isWithin(30) { world.performLate(request, after: world.chance.below(15_000)) }
      throw .notSent("the dispatcher was killed")
    }
    let fault = world.nextFault(of: request)
    do throws(TransportFailure) {
      let response = try answer(request, fault)
      world.note(request, "\(response.status)", fault)
      world.meanwhile()
      guard life.lives(.answer) else {
        throw TransportFailure.doubtful("the dispatcher was killed")
      }
      return response
    } catch {
      if !life.isDead { world.note(request, error.description, fault) }
      throw error
    }
  }

  private func answer(
    _ request: ClientRequest, _ fault: Scenario.Fault.Kind?
  ) throws(TransportFailure) -> ClientResponse {
    world.pass(milliseconds: world.chance.pick([0, 0, 20, 150]))
    switch fault {
    case .refused: throw .notSent("connection refused")
    case .lostBefore:
      world.pass(milliseconds: 1000)
      throw .doubtful("connection reset")
    case .lostAfter:
      _ = perform(request)
      throw .doubtful("connection reset")
    case .late(let seconds):
      world.performLate(request, after: Self.timeout + seconds * 1000)
      world.pass(milliseconds: Self.timeout)
      throw .doubtful("no answer in 30 s")
    case .slow(let seconds):
      let response = perform(request)
      world.pass(milliseconds: seconds * 1000)
      return response
    case .limited(let seconds): return perform(request, .limit(retryAfter: seconds))
    case .failed(let status), .rejected(let status):
      return perform(request, .fail(status: status))
    case .doneAndFailed(let status): return perform(request, .doAndFail(status: status))
    case .garbage: return perform(request, .garbage)
    case nil: return perform(request)
    }
  }

  private func perform(_ request: ClientRequest, _ fault: Fault.Kind? = nil) -> ClientResponse {
    let response = world.perform(request, fault)
    return ClientResponse(status: response.status, headers: response.headers, body: response.body)
  }
}
