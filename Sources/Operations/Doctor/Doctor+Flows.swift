import Catalog
import Dispatcher
import Setup
import StepKit
import Store
import Values

// Checks of what flow connections need

extension Doctor {
  /// Calls each step of a flow connection once, with an empty event.
  func steps(
    _ registry: Registry, _ begin: (String) -> Void, _ tell: (Finding) -> Void
  ) throws(Problem) {
    let flows = try registry.flows.connections()
    guard !flows.isEmpty else {
      return tell(
        Finding(
          .warning, "functions", "no flow connection uses a step yet",
          advice: "`meterbridge flow list`, `flow connect`"))
    }
    for flow in flows { try settings(of: flow, registry, tell) }
    let router = StepRouter(caller, registry: registry)
    var called: Set<String> = []
    let parts = flows.flatMap { flow in flow.parts.map { (flow.name, $0.step) } }
    for (name, step) in parts.sorted(by: { $0.1 < $1.1 }) {
      let place = try router.endpoint(of: step, in: name)
      guard called.insert("\(step) \(place?.id ?? "")").inserted else { continue }
      if isOffline, let place {
        tell(Finding(.ok, "function \(step)", "at \(place.url); not called"))
        continue
      }
      begin("calling \(step)")
      tell(finding(of: step, router, place))
    }
  }

  /// Whether the steps of a flow connection can do what it sets for them: one that was connected before
  /// the rule was made goes on, and its affected runs are not synced.
  private func settings(
    of flow: FlowConnection, _ registry: Registry, _ tell: (Finding) -> Void
  ) throws(Problem) {
    for part in flow.parts {
      let connection = try registry.connections.get(part.connection)
      guard
        let reason = connection.app.steps[part.step.name]?
          .refusal(payload: part.payload, settings: connection.known)
      else { continue }
      tell(
        Finding(
          .wrong, "flow connection \(flow.name)", "\(part.step) refuses its settings: \(reason)",
          advice: "`meterbridge flow connect \(flow.flow) --name \(flow.name) --replace --set"
            + " \(part.step).FIELD=…`; affected runs end as not synced"))
    }
  }

  private func finding(
    of step: StepID, _ router: StepRouter, _ place: StepEndpoints.Place?
  ) -> Finding {
    let subject = "function \(step)"
    let start = clock.uptime()
    do throws(Problem) {
      let invocation = Invocation<JSON>(run: "doctor", input: [:]).json
      let reply = try router.call(step, at: place, with: invocation.bytes).value
      let milliseconds = Int((clock.uptime() - start) * 1000)
      do throws(Failure) {
        _ = try Reply<JSON>(json: reply)
      } catch {
        return Finding(
          .wrong, subject, "its reply is not valid: \(error.reason)",
          advice: "build it again with `swift build`")
      }
      return Finding(
        .ok, subject, "answers in \(milliseconds) ms\(place.map { " at \($0.url)" } ?? "")")
    } catch {
      return Finding(
        .wrong, subject, error.description,
        advice: place == nil
          ? "build it with `swift build`; set METERBRIDGE_FUNCTIONS if it is elsewhere"
          : "check that server, or set another with `meterbridge step place`")
    }
  }

  /// Tests the key of each connection that is not paused.
  func connections(
    _ registry: Registry, _ begin: (String) -> Void, _ tell: (Finding) -> Void
  ) throws(Problem) {
    for connection in try registry.connections.all() {
      let subject = "connection \(connection.name)"
      // A successful test would end the pause, which is up to a person
      if let reason = try Pauses(home: registry.home).reason(of: connection.name) {
        tell(Finding(.wrong, subject, "paused: \(reason)"))
      } else if let lost = try registry.missingSecret(of: connection) {
        tell(
          Finding(
            .wrong, subject, "it has no \(lost)",
            advice: "`meterbridge connection set \(connection.name) --secret \(lost)=@FILE`"))
      } else if isOffline || (connection.app.test?.method != .get && connection.app.mail == nil) {
        tell(Finding(.ok, subject, "\(connection.app.name), \(connection.scope); not checked"))
      } else {
        begin("checking the key at \(connection.app.name)")
        let finding = key(of: connection, subject, registry)
        tell(finding)
        guard finding.grade == .ok else { continue }
        for told in try registry.toldSettings(of: connection, clock: clock) {
          tell(
            Finding(
              .warning, subject,
              "\(told.setting.label) is \(told.own ?? "not set"), and \(told.source) has \(told.value)",
              advice: told.command(for: connection.name)))
        }
      }
    }
  }

  private func key(
    of connection: Connection, _ subject: String, _ registry: Registry
  ) -> Finding {
    do throws(Problem) {
      return Finding(.ok, subject, try registry.test(connection.name, clock: clock))
    } catch {
      let passes = error.kind == .unavailable || error.kind == .temporary
      return Finding(error, of: subject, passes ? .warning : .wrong)
    }
  }

  /// Checks for each account that starts an enabled flow whether its webhooks can be authenticated, are
  /// sent, and have been received.
  func webhooks(
    _ registry: Registry, _ begin: (String) -> Void, _ tell: (Finding) -> Void
  ) throws(Problem) {
    let enabled = try registry.flows.connections().filter(\.isEnabled)
    var seen: Set<String> = []
    for name in Set(enabled.compactMap { $0.parts.first?.connection }).sorted() {
      let connection = try registry.connections.get(name)
      guard !connection.app.isBuiltIn, seen.insert(connection.scope).inserted else { continue }
      do throws(Problem) {
        let open = try openConnection(of: connection, registry)
        begin("reading the webhooks of \(connection.app.name)")
        let finding = try finding(ofEventsFrom: open, "webhooks \(open.name)", registry.home)
        tell(try missing(open, registry) ?? finding)
      } catch {
        tell(Finding(error, of: "webhooks \(name)"))
      }
    }
  }

  /// A connection to the same account that can receive webhooks; one serves all.
  private func openConnection(
    of connection: Connection, _ registry: Registry
  ) throws(Problem) -> Connection {
    let base = "http://127.0.0.1"
    let others = try registry.connections.all().filter { $0.scope == connection.scope }
    let open = others.first { (try? registry.webhookURL(of: $0, base: base)) != nil }
    if let open { return open }
    _ = try registry.webhookURL(of: connection, base: base)
    return connection
  }

  /// A finding if the app does not send the events that flows need; nil if it does or cannot be asked.
  private func missing(
    _ connection: Connection, _ registry: Registry
  ) throws(Problem) -> Finding? {
    guard !isOffline, connection.app.canBeTold,
      let missing = try? WebhookEndpoints(registry: registry, connection: connection.name)
        .missing(),
      !missing.isEmpty
    else { return nil }
    return Finding(
      .wrong, "webhooks \(connection.name)",
      "\(connection.app.name) does not send these events here: \(missing.joined(separator: ", "))",
      advice: "`meterbridge webhook install --connection \(connection.name) --url URL`")
  }

  private func finding(
    ofEventsFrom connection: Connection, _ subject: String, _ home: Home
  ) throws(Problem) -> Finding {
    var scan = try home.with { (store) throws(StoreError) in
      try store.scan(prefix: StoreKey.event.key("\(connection.scope)/"))
    }
    guard try home.next(&scan) == nil else {
      return Finding(.ok, subject, "events of \(connection.scope) have been received")
    }
    return Finding(
      .warning, subject, "no event of \(connection.scope) has been received yet",
      advice: connection.app.canBeTold
        ? "`meterbridge webhook status --connection \(connection.name)` shows the webhooks of the app"
        : "`meterbridge webhook url --connection \(connection.name)` shows the URL to enter in the app"
    )
  }
}
