import Records
import Setup
import StepKit
import Store
import Values

/// The runs of a home that no process executes.
struct UnservedRuns: AttentionSource {
  let registry: Registry
  let isQuick = false

  func present(at now: Timestamp) throws(Problem) -> [AttentionCandidate] {
    guard !DispatcherLock.isHeld(at: registry.home.path) else { return [] }
    let open = try registry.home.documents(below: StoreKey.open.prefix)
    let isExpected = try registry.flows.connections().contains(where: \.isEnabled)
    guard !open.isEmpty || isExpected else { return [] }
    let oldest = open.first.flatMap { Identifier.time(of: StoreKey.open.name(in: $0.key)) }
    return [
      AttentionCandidate(cause: .notServed, subject: "serve") {
        AttentionItem(
          .notServed, "serve", since: oldest ?? now,
          reason: open.isEmpty
            ? "no process receives webhooks and executes runs"
            : "no process executes runs; \(open.count) wait", command: "meterbridge serve")
      }
    ]
  }
}
