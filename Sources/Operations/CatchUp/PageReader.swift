import Catalog
import Dispatcher
import Records
import Requests
import Setup
import StepKit
import Values

/// Gets a page from a step that reads: calls it, sends the reads that it asks for, and calls it again.
struct PageReader: Sendable {
  let registry: Registry
  let router: StepRouter
  let client: APIClient
  let clock: WallClock
  let pause: @Sendable (_ seconds: Double) -> Void

  /// The most calls for a page: one more than the most effects of a step that asks for one at a time.
  private static let mostCalls = 201
  /// How often a read is sent that meets trouble.
  private static let mostTries = 5

  /// The output of a step for an input.
  ///
  /// - Throws: A `configuration` problem if the connection is paused; `unavailable` if the app or the step
  ///   does not answer; `refused` if the step cannot go on; `software` if its reply is invalid.
  func page(
    of step: StepID, _ connection: Connection, input: JSON, at now: Timestamp
  ) throws(Problem) -> JSON {
    if let reason = try Pauses(home: registry.home).reason(of: connection.name) {
      throw Problem(.configuration, "connection \(connection.name) is paused: \(reason)")
    }
    var answers: [String: Answer] = [:]
    for _ in 1...Self.mostCalls {
      let call = Invocation(
        run: "read", at: now, input: input, settings: connection.known, answers: answers)
      let reply = try reply(to: call, of: step)
      switch reply {
      case .ask(let effects):
        let open = effects.filter { effect in effect.name.map { answers[$0] == nil } ?? true }
        guard !open.isEmpty else { throw invalid(step, "requests only what was answered") }
        for effect in open {
          guard let name = effect.name else { throw invalid(step, "requests a change") }
          answers[name] = try answer(to: effect, step, connection)
        }
      case .done(let output, let effects, _, _):
        guard effects.isEmpty else { throw invalid(step, "requests a change") }
        return output
      case .stop(let reason), .notSynced(let reason), .fail(let reason):
        throw Problem(.refused, "\(step): \(reason)")
      case .retry(let reason, _, _): throw Problem(.unavailable, "\(step): \(reason)")
      }
    }
    throw invalid(step, "does not come to an end")
  }

  private func reply(to call: Invocation<JSON>, of step: StepID) throws(Problem) -> Reply<JSON> {
    let output = try router.call(step, in: nil, with: call.json)
    do throws(Failure) {
      return try Reply(json: output)
    } catch {
      throw invalid(step, "gives no reply: \(error.reason)")
    }
  }

  private func invalid(_ step: StepID, _ what: String) -> Problem {
    Problem(.software, "the function \(step) \(what)")
  }

  // MARK: Effects

  private func answer(
    to effect: Effect, _ step: StepID, _ connection: Connection
  ) throws(Problem) -> Answer {
    switch effect {
    case .http(let http) where http.isSafe: return try send(http, connection)
    case .find(let find):
      // It reads one account, and belongs to no flow connection that has others.
      let ids = find.ids.filter { $0.key == step.app }.map {
        (connection.scope, $0.value)
      }
      let row = try Links(home: registry.home).row(
        find.kind, anyOf: Dictionary(ids) { one, _ in one })
      return .known(
        status: row == nil ? 404 : 200, value: row.map { .texts($0.ids) } ?? .null)
    case .http, .link, .mail: throw invalid(step, "requests a change")
    }
  }

  private func send(_ http: HTTPEffect, _ connection: Connection) throws(Problem) -> Answer {
    var reason = ""
    for attempt in 1...Self.mostTries {
      try waitForLimit(of: connection)
      var wait = Double(1 << attempt) / 2
      switch try client.send(http, through: connection, key: nil) {
      case .answered(let answer, _):
        if let refusal = answer.refusalOfKey(of: connection) {
          try Pauses(home: registry.home).pause(connection.name, refusal, at: clock.now())
          throw Problem(.configuration, refusal)
        }
        guard connection.app.http.isTemporary(answer) else { return answer }
        reason = "\(connection.app.name) answered \(answer.status ?? 0)"
        wait = max(wait, Double(min(answer.after ?? 0, 60)))
      case .notSent(let failure), .inDoubt(let failure):
        reason = "\(connection.app.name) does not answer: \(failure)"
      }
      if attempt < Self.mostTries { pause(wait / clock.speed) }
    }
    throw Problem(.unavailable, "\(reason); tried \(Self.mostTries) times")
  }

  private func waitForLimit(of connection: Connection) throws(Problem) {
    let limiter = FileRequestLimiter(home: registry.home)
    while let time = try limiter.wait(for: connection, now: clock.now()) {
      let wait = Double(time.milliseconds - clock.now().milliseconds) / 1000
      pause(min(max(wait, 0.001), 60) / clock.speed)
    }
  }
}
