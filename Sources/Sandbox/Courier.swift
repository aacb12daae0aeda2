import Dispatch
import FoundationEssentials
import HTTPClient
import HTTPTypes
import StepKit
import Synchronization
import Values

/// Carries the webhooks, on a thread of its own.
final class Courier: Sendable {
  private let bell = DispatchSemaphore(value: 0)
  private let isStopped = Mutex(false)

  /// There may be something to carry.
  func ring() { bell.signal() }

  func stop() {
    isStopped.withLock { $0 = true }
    bell.signal()
  }

  /// Carries until it is stopped.
  func run(_ world: borrowing Mutex<World>) {
    let client = CurlClient()
    while !isStopped.withLock({ $0 }) {
      let due = world.withLock { world in world.scene.post.takeDue(at: world.scene.now) }
      for (letter, settings) in due where !isStopped.withLock({ $0 }) {
        let (outcome, isGood) = Self.carry(letter, settings, client)
        world.withLock { world in
          world.note(letter, outcome: outcome, isGood: isGood)
        }
      }
      if due.isEmpty { wait(world) }
    }
  }

  // MARK: Private

  private func wait(_ world: borrowing Mutex<World>) {
    let seconds = world.withLock { world in
      world.scene.post.nextDue.map { world.scene.clock.realSeconds(until: $0) } ?? .infinity
    }
    _ = bell.wait(timeout: .now() + min(max(seconds, 0.001), 3600))
  }

  private static func carry(
    _ letter: Post.Letter, _ settings: WebhookSettings, _ client: any HTTPTransport
  ) -> (outcome: String, isGood: Bool) {
    var request = ClientRequest("POST", settings.url, body: letter.body.bytes)
    request.headers = ["Content-Type": "application/json;charset=utf-8"]
    request.timeout = settings.timeout
    if let name = settings.username {
      let credentials = Data("\(name):\(settings.password)".utf8).base64EncodedString()
      request.headers.add("Authorization", "Basic " + credentials)
    }
    do throws(TransportFailure) {
      let status = try client.send(request).status
      return ("\(status)", (200...299).contains(status))
    } catch {
      return (error.description, false)
    }
  }
}
