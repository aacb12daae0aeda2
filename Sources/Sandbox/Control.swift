import FoundationEssentials
import HTTPClient
import HTTPServer
import HTTPTypes
import StepKit
import Values

/// The sandbox's own paths: what people and tests do in it, and what they see.
///
/// There is no password, so only this machine is answered, and no web page: what a page sends to
/// another place has an Origin.
/// ``ControlGuide`` lists the paths, and `GET /sandbox` shows that list.
enum Control {
  static func answer(_ request: Request, in world: inout World) -> Response {
    guard request.peer.isLoopback, request.headers["Origin"] == nil else {
      return Reply(403, ["error": "the control paths are for programs on this machine"]).response
    }
    do throws(SandboxError) {
      let wish = try body(of: request)
      let path = request.path.dropFirst().joined(separator: "/")
      let done = try perform(request.method + " " + path, wish, &world)
      let nothing =
        "there is no \(request.method) /sandbox/\(path): GET /sandbox lists what there is"
      return (done.map { Reply(200, $0) } ?? Reply(404, ["error": .string(nothing)])).response
    } catch {
      return Reply(400, ["error": .string(error.description)]).response
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

  private static func perform(
    _ deed: String, _ wish: JSON, _ world: inout World
  ) throws(SandboxError) -> JSON? {
    switch deed {
    case "GET ": return ControlGuide.json
    case "GET state": return world.state
    case "GET requests": return .array(world.log.entries)
    case "GET deliveries": return .array(world.scene.post.traces.map(\.json))
    case "POST clock": return try setClock(wish, &world)
    case "POST misbehaviour":
      world.mischief.add(try Misdeed(wish))
      return [:]
    case "DELETE misbehaviour":
      world.mischief.clear()
      return [:]
    case "POST chargebee/customers": return try world.chargebee.addCustomer(wish, &world.scene)
    case "POST chargebee/item_prices":
      return try world.chargebee.defineItemPrice(wish, &world.scene)
    case "POST chargebee/payments": return try world.chargebee.payForPlan(wish, &world.scene)
    case "POST chargebee/credits": return try world.chargebee.giveCredits(wish, &world.scene)
    case "POST chargebee/events": return try world.chargebee.emit(wish, &world.scene)
    case "POST chargebee/settings": return try world.chargebee.configure(wish)
    case "POST togai/price_plans": return try world.togai.definePricePlan(wish, &world.scene)
    case "POST togai/invoices": return try world.togai.addInvoice(wish, &world.scene)
    case "POST zohobooks/contacts": return try world.zohobooks.addContact(wish, &world.scene)
    case "POST zohobooks/settings": return try world.zohobooks.configure(wish)
    case "POST zohobooks/codes": return ["code": .string(world.makeZohoCode())]
    case "DELETE zohobooks/tokens":
      world.zohobooks.tokens.revokeAccessTokens()
      return [:]
    default: return try performOnPart(deed, wish, &world)
    }
  }

  /// The deeds with a name or an id in their path.
  private static func performOnPart(
    _ deed: String, _ wish: JSON, _ world: inout World
  ) throws(SandboxError) -> JSON? {
    let parts = deed.split(separator: "/").map(String.init)
    switch (parts.first, parts.count) {
    case ("POST webhooks", 2):
      world.scene.post.settings[try app(parts[1])] = try WebhookSettings(wish)
    case ("DELETE webhooks", 2): world.scene.post.settings[try app(parts[1])] = nil
    case ("POST webhooks", 3) where parts[2] == "hold": world.scene.post.hold(try app(parts[1]))
    case ("POST webhooks", 3) where parts[2] == "release":
      world.scene.post.release(try app(parts[1]))
    case ("POST chargebee", 4) where parts[1] == "events" && parts[3] == "resend":
      return try world.chargebee.resend(parts[2], &world.scene)
    case ("POST togai", 4) where parts[1] == "invoices" && parts[3] == "generate":
      return try world.togai.generateInvoice(parts[2], &world.scene)
    default: return nil
    }
    return [:]
  }

  private static func app(_ name: String) throws(SandboxError) -> String {
    guard [Chargebee.name, Togai.name].contains(name) else {
      throw SandboxError("\(name) is not an app of the sandbox")
    }
    return name
  }

  private static func setClock(_ wish: JSON, _ world: inout World) throws(SandboxError) -> JSON {
    let wish = try Wish(wish, "now", "advance", "speed")
    if !wish["now"].isNull {
      guard let time = Timestamp(iso: try wish.text("now")) else {
        throw SandboxError("now must be a date and time such as 2026-01-31T09:30:00Z")
      }
      world.scene.clock.set(time)
    }
    let seconds = try wish.int("advance", or: 0)
    if seconds != 0 { world.scene.clock.set(world.scene.now.adding(seconds: seconds)) }
    if let speed = try wish.decimal("speed", or: -1).nonNegative {
      world.scene.clock.setSpeed(speed)
    }
    return ["now": .string(world.scene.now.text)]
  }
}
