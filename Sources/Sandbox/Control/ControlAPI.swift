import FoundationEssentials
import HTTPServer
import HTTPTypes
import Values

/// The control API below `/sandbox`: actions of people in the simulated systems, and views of them.
///
/// There is no password. Only requests from this machine are answered, and none with an `Origin`,
/// which browsers add to a request that a web page makes to another origin.
/// ``ControlGuide`` lists the paths, and `GET /sandbox` returns that list.
enum ControlAPI {
  static func answer(_ request: Request, in state: inout SandboxState) -> Response {
    guard request.peer.isLoopback, request.headers["Origin"] == nil else {
      return Reply(403, ["error": "the control API answers programs on this machine only"])
        .response
    }
    do throws(SandboxError) {
      let body = try body(of: request)
      let path = request.path.dropFirst().filter { !$0.isEmpty }
      let result = try perform(request.method, path, body, &state)
      let unknown =
        "there is no \(request.method) /sandbox/\(path.joined(separator: "/"));"
        + " GET /sandbox lists the paths"
      return (result.map { Reply(200, $0) } ?? Reply(404, ["error": .string(unknown)])).response
    } catch {
      return Reply(400, ["error": .string(error.description)]).response
    }
  }

  /// Performs an action by its method, path below `/sandbox`, and body; nil if there is no such
  /// action.
  static func perform(
    _ method: String, _ path: [String], _ body: JSON, _ state: inout SandboxState
  ) throws(SandboxError) -> JSON? {
    let rest = Array(path.dropFirst())
    switch path.first {
    case Chargebee.name: return try control(\.chargebee, method, rest, body, &state)
    case Togai.name: return try control(\.togai, method, rest, body, &state)
    case Zohobooks.name: return try control(\.zohobooks, method, rest, body, &state)
    case Slack.name: return try control(\.slack, method, rest, body, &state)
    case "webhooks": return try setWebhooks(method, rest, body, &state)
    default: break
    }
    switch "\(method) \(path.joined(separator: "/"))" {
    case "GET ": return ControlGuide.json
    case "GET state": return state.json
    case "GET requests": return .array(state.log.entries)
    case "GET deliveries": return .array(state.context.outbox.attempts)
    case "POST clock": return try setClock(body, &state)
    case "POST misbehaviour": state.faults.add(try Fault(body))
    case "DELETE misbehaviour": state.faults.clear()
    default: return nil
    }
    return [:]
  }

  // MARK: Private

  private static func body(of request: Request) throws(SandboxError) -> JSON {
    guard !request.body.isEmpty else { return [:] }
    do throws(JSONError) {
      return try JSON(parsing: request.body)
    } catch {
      throw SandboxError("the body is not JSON: \(error)")
    }
  }

  private static func control<App: Emulation>(
    _ app: WritableKeyPath<SandboxState, App>, _ method: String, _ path: [String], _ body: JSON,
    _ state: inout SandboxState
  ) throws(SandboxError) -> JSON? {
    try state.use(app) { app throws(SandboxError) in try app.control(method, path, body) }
  }

  private static func setWebhooks(
    _ method: String, _ path: [String], _ body: JSON, _ state: inout SandboxState
  ) throws(SandboxError) -> JSON? {
    let app = path.first ?? ""
    let isKnown = [Chargebee.name, Togai.name].contains(app)
    switch "\(method) \(path.dropFirst().joined(separator: "/"))" {
    case _ where !isKnown:
      throw SandboxError(
        "\(app) sends no webhooks; the apps that do are \(Chargebee.name) and \(Togai.name)")
    case "POST ": state.context.outbox.settings[app] = try WebhookSettings(body)
    case "DELETE ": state.context.outbox.settings[app] = nil
    case "POST hold": state.context.outbox.hold(app)
    case "POST release": state.context.outbox.release(app)
    default: return nil
    }
    return [:]
  }

  private static func setClock(
    _ body: JSON, _ state: inout SandboxState
  ) throws(SandboxError) -> JSON {
    let request = try ControlRequest(body, "now", "advance", "speed")
    if !request["now"].isNull {
      guard let time = Timestamp(iso: try request.text("now")) else {
        throw SandboxError("now must be a date and time such as 2026-01-31T09:30:00Z")
      }
      state.context.clock.set(time)
    }
    let seconds = try request.int("advance", or: 0)
    if seconds != 0 { state.context.clock.set(state.context.now.adding(seconds: seconds)) }
    if let speed = try request.decimal("speed", or: -1).nonNegative {
      state.context.clock.setSpeed(speed)
    }
    return ["now": .string(state.context.now.text)]
  }
}
