import HTTPServer
import HTTPTypes
import StepKit
import Values

/// All that the sandbox is: the apps, the time, what is ordered, what happened.
struct World: Sendable {
  var scene: Scene
  var chargebee: Chargebee
  var togai: Togai
  var zohobooks: Zohobooks
  var mischief = Mischief()
  var log = RequestLog()

  init(_ options: SandboxOptions) {
    scene = Scene(
      clock: SandboxClock(at: options.start, speed: options.speed),
      ids: Identifiers(seed: options.seed))
    chargebee = Chargebee(settings: options.chargebee)
    togai = Togai(settings: options.togai)
    zohobooks = Zohobooks(settings: options.zohobooks)
  }

  var state: JSON {
    .members([
      "now": .string(scene.now.text), Chargebee.name: chargebee.state, Togai.name: togai.state,
      Zohobooks.name: zohobooks.state,
    ])
  }

  /// Answers one request to any of the apps, or to the sandbox itself.
  mutating func answer(_ request: Request) -> Response {
    switch request.path.first {
    case Chargebee.name:
      play(Chargebee.self, request) { world, call in
        world.chargebee.answer(call, in: &world.scene)
      }
    case Togai.name:
      play(Togai.self, request) { world, call in world.togai.answer(call, in: &world.scene) }
    case Zohobooks.name:
      play(Zohobooks.self, request) { world, call in
        world.zohobooks.answer(call, in: &world.scene)
      }
    case "sandbox": Control.answer(request, in: &self)
    default:
      Reply(404, ["error": "the sandbox has /chargebee, /togai, /zohobooks and /sandbox"]).response
    }
  }

  /// A new code of Zoho's self client.
  mutating func makeZohoCode() -> String {
    zohobooks.tokens.makeCode(zohobooks.settings, &scene)
  }

  /// Notes how the try to deliver a webhook ended.
  mutating func note(_ letter: Post.Letter, outcome: String, isGood: Bool) {
    let status = scene.post.note(
      letter.number, outcome: outcome, isGood: isGood, at: scene.now)
    if letter.app == Chargebee.name { chargebee.note(delivery: status, of: letter.id) }
  }

  // MARK: Private

  private mutating func play<App: Emulation>(
    _ app: App.Type, _ request: Request, _ answer: (inout World, Call) -> Reply
  ) -> Response {
    let path = Array(request.path.dropFirst())
    let call = Call(
      method: request.method, path: path, query: request.query, headers: request.headers,
      body: request.body)
    let below = path.starts(with: app.root) ? path.dropFirst(app.root.count) : path[...]
    let misdeed = mischief.next(
      app: app.name, method: request.method, path: "/" + below.joined(separator: "/"))
    let response: Response =
      if let instead = misdeed?.instead(app) {
        instead
      } else {
        answer(&self, call).response.spoiled(by: misdeed, app)
      }
    log.add(
      request, app: app.name, hidesBody: app.hidesBody(of: path), reply: response,
      misdeed: misdeed, at: scene.now)
    return response
  }
}

extension Misdeed.Kind {
  /// The answer to a call that is not done at all; nil where it is done.
  fileprivate func instead(_ app: (some Emulation).Type) -> Response? {
    switch self {
    case .limit(let seconds):
      var reply = app.error(429)
      reply.headers["Retry-After"] = String(seconds)
      return reply.response
    case .fail(let status): return app.error(status).response
    case .page: return .page
    case .drop: return .dropConnection
    case .doAndDrop, .doAndFail, .slow, .garbage, .wrongJSON: return nil
    }
  }
}

extension Response {
  fileprivate static let page = Response(
    503, type: "text/html", text: "<html><body><h1>503 Service Unavailable</h1></body></html>")

  /// The answer to a call that is done, as a misdeed leaves it.
  fileprivate func spoiled(by misdeed: Misdeed.Kind?, _ app: (some Emulation).Type) -> Response {
    var response = self
    switch misdeed {
    case .doAndDrop: response.dropsConnection = true
    case .doAndFail(let status): response = app.error(status).response
    case .slow(let seconds): response.delay = seconds
    case .garbage: response = Response(200, type: "application/json", text: "{\"id\": \u{1}<<")
    case .wrongJSON: response = Response(200, type: "application/json", text: "[\"ok\"]")
    case .limit, .fail, .page, .drop, nil: break
    }
    return response
  }
}
