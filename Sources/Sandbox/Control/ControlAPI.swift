import FoundationEssentials
import HTTP
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
      let path = request.path.dropFirst().joined(separator: "/")
      let result = try perform(request.method + " " + path, body, &state)
      let unknown = "there is no \(request.method) /sandbox/\(path); GET /sandbox lists the paths"
      return (result.map { Reply(200, $0) } ?? Reply(404, ["error": .string(unknown)])).response
    } catch {
      return Reply(400, ["error": .string(error.description)]).response
    }
  }

  /// Performs an action such as `POST chargebee/customers`; nil if there is no such action.
  static func perform(
    _ action: String, _ body: JSON, _ state: inout SandboxState
  ) throws(SandboxError) -> JSON? {
    switch action {
    case "GET ": return ControlGuide.json
    case "GET state": return state.json
    case "GET requests": return .array(state.log.entries)
    case "GET deliveries": return .array(state.context.outbox.attempts)
    case "POST clock": return try setClock(body, &state)
    case "POST misbehaviour":
      state.faults.add(try Fault(body))
      return [:]
    case "DELETE misbehaviour":
      state.faults.clear()
      return [:]
    case "POST chargebee/customers": return try state.chargebee.addCustomer(body, &state.context)
    case "POST chargebee/item_prices":
      return try state.chargebee.defineItemPrice(body, &state.context)
    case "POST chargebee/payments": return try state.chargebee.payForPlan(body, &state.context)
    case "POST chargebee/credits": return try state.chargebee.giveCredits(body, &state.context)
    case "POST chargebee/events": return try state.chargebee.emit(body, &state.context)
    case "POST chargebee/settings": return try state.chargebee.configure(body)
    case "POST togai/price_plans": return try state.togai.definePricePlan(body, &state.context)
    case "POST togai/invoices": return try state.togai.addInvoice(body, &state.context)
    case "POST zohobooks/contacts": return try state.zohobooks.addContact(body, &state.context)
    case "POST zohobooks/settings": return try state.zohobooks.configure(body)
    case "POST zohobooks/codes":
      return ["code": .string(state.zohobooks.makeCode(&state.context))]
    case "DELETE zohobooks/tokens":
      state.zohobooks.tokens.revokeAccessTokens()
      return [:]
    default: return try performOnPart(action, body, &state)
    }
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

  /// Performs an action with a name or an ID in its path.
  private static func performOnPart(
    _ action: String, _ body: JSON, _ state: inout SandboxState
  ) throws(SandboxError) -> JSON? {
    let parts = action.split(separator: "/").map(String.init)
    switch (parts.first, parts.count) {
    case ("POST webhooks", 2):
      state.context.outbox.settings[try app(parts[1])] = try WebhookSettings(body)
    case ("DELETE webhooks", 2): state.context.outbox.settings[try app(parts[1])] = nil
    case ("POST webhooks", 3) where parts[2] == "hold":
      state.context.outbox.hold(try app(parts[1]))
    case ("POST webhooks", 3) where parts[2] == "release":
      state.context.outbox.release(try app(parts[1]))
    case ("POST chargebee", 4) where parts[1] == "events" && parts[3] == "resend":
      return try state.chargebee.resend(parts[2], &state.context)
    case ("POST togai", 4) where parts[1] == "invoices" && parts[3] == "generate":
      return try state.togai.generateInvoice(parts[2], &state.context)
    default: return nil
    }
    return [:]
  }

  private static func app(_ name: String) throws(SandboxError) -> String {
    guard [Chargebee.name, Togai.name].contains(name) else {
      throw SandboxError(
        "\(name) sends no webhooks; the apps that do are \(Chargebee.name) and \(Togai.name)")
    }
    return name
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
