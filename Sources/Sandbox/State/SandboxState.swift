import HTTPServer
import Values

/// The state of a sandbox: the simulated APIs, the shared context, faults and the request log.
public struct SandboxState: Sendable {
  var context: SandboxContext
  var chargebee: Chargebee
  var togai: Togai
  var zohobooks: Zohobooks
  var slack: Slack
  var faults: FaultInjector
  var log = RequestLog()

  init(_ options: SandboxOptions) {
    context = SandboxContext(
      clock: SandboxClock(at: options.start, speed: options.speed, uptime: options.uptime),
      ids: Identifiers(seed: options.seed))
    chargebee = Chargebee(settings: options.chargebee)
    togai = Togai(settings: options.togai)
    zohobooks = Zohobooks(settings: options.zohobooks)
    slack = Slack(settings: options.slack)
    faults = FaultInjector(chooser: options.faults)
  }

  var json: JSON {
    .members([
      "now": .string(context.now.text), Chargebee.name: chargebee.state, Togai.name: togai.state,
      Zohobooks.name: zohobooks.state, Slack.name: slack.state,
    ])
  }

  /// Answers a request to one of the APIs.
  mutating func answer(_ request: Request) -> Response {
    switch request.path.first {
    case Chargebee.name: answer(request, \.chargebee)
    case Togai.name: answer(request, \.togai)
    case Zohobooks.name: answer(request, \.zohobooks)
    case Slack.name: answer(request, \.slack)
    default:
      Reply(
        404, ["error": "the sandbox has /chargebee, /togai, /zohobooks, /slack and /sandbox"]
      ).response
    }
  }

  /// Records the outcome of an attempt to deliver a webhook.
  mutating func finish(_ delivery: Delivery, outcome: String, isAccepted: Bool) {
    let status = context.outbox.finish(
      delivery, outcome: outcome, isAccepted: isAccepted, at: context.now)
    if delivery.app == Chargebee.name { chargebee.note(delivery: status, of: delivery.event) }
  }

  /// Lends the context to an app while `body` runs.
  mutating func use<App: Emulation, Result, Failure: Error>(
    _ app: WritableKeyPath<SandboxState, App>, _ body: (inout App) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    self[keyPath: app].context = exchange(&context, with: .idle)
    defer { context = exchange(&self[keyPath: app].context, with: .idle) }
    return try body(&self[keyPath: app])
  }

  // MARK: Private

  private mutating func answer<App: Emulation>(
    _ request: Request, _ app: WritableKeyPath<SandboxState, App>
  ) -> Response {
    let path = Array(request.path.dropFirst())
    let below = path.starts(with: App.root) ? path.dropFirst(App.root.count) : path[...]
    let fault = faults.next(
      app: App.name, method: request.method, path: "/" + below.joined(separator: "/"))
    let response = fault?.replacement(App.self) ?? perform(request, path, app, fault)
    log.add(
      request, app: App.name, hidesBody: App.hidesBody(of: path),
      hidesTarget: App.hidesTarget(of: path), response: response, fault: fault, at: context.now)
    return response
  }

  private mutating func perform<App: Emulation>(
    _ request: Request, _ path: [String], _ app: WritableKeyPath<SandboxState, App>,
    _ fault: Fault.Kind?
  ) -> Response {
    let call = Call(
      method: request.method, path: path, query: request.query, headers: request.headers,
      body: request.body)
    var response = use(app) { $0.answer(call) }.response
    fault?.spoil(&response, to: request, App.self)
    return response
  }
}
