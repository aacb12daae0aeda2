public import Dispatcher
import Foundation
public import Setup
import Synchronization
public import Values

/// Makes reconciliations on threads of their own, one at a time: they read both apps page by page, which takes
/// minutes with many invoices.
public final class ReconciliationRunner: Sendable {
  /// What the one under way has read.
  public struct Progress: Sendable, Equatable {
    /// The id of the reconciliation.
    public let id: String
    /// The number of invoices so far.
    public internal(set) var read = 0
  }

  private let registry: Registry
  private let caller: any StepCaller
  private let clock: WallClock
  private let current = Mutex<Progress?>(nil)

  /// A runner of a home.
  public init(_ registry: Registry, caller: any StepCaller, clock: WallClock) {
    (self.registry, self.caller, self.clock) = (registry, caller, clock)
  }

  /// The one under way.
  public var progress: Progress? { current.withLock { $0 } }

  /// Whether a reconciliation is under way, or may be, since one just begins.
  public func isUnderWay(_ id: String) -> Bool {
    progress.map { $0.id == id || $0.id.isEmpty } ?? false
  }

  /// Begins a reconciliation of the accounts of a flow connection, or of all.
  ///
  /// - Throws: A `refused` problem if another one is under way; `noInput` if there is nothing to compare.
  public func start(
    _ period: Period, flowConnection name: String? = nil, by person: String
  ) throws(Problem) -> KeptReconciliation {
    let reconciler = Reconciler(registry, caller: caller, clock: clock) {
      Thread.sleep(forTimeInterval: $0)
    }
    let pairs = try reconciler.pairs(flowConnection: name)
    guard !pairs.isEmpty else { throw Reconciler.nothingToCompare }
    let store = ReconciliationStore(home: registry.home)
    let isFree = current.withLock { current in
      guard current == nil else { return false }
      current = Progress(id: "")
      return true
    }
    guard isFree else {
      throw Problem(.refused, "another reconciliation is under way: wait until it has ended")
    }
    do throws(Problem) {
      let kept = try store.begin(period, flowConnection: name, by: person, at: clock.now())
      current.withLock { $0 = Progress(id: kept.id) }
      Thread { [self] in work(kept, pairs, period, reconciler) }.start()
      return kept
    } catch {
      current.withLock { $0 = nil }
      throw error
    }
  }

  private func work(
    _ kept: KeptReconciliation, _ pairs: [Reconciler.Pair], _ period: Period,
    _ reconciler: Reconciler
  ) {
    defer { current.withLock { $0 = nil } }
    let store = ReconciliationStore(home: registry.home)
    do throws(Problem) {
      var reports: [ReconciliationReport] = []
      var before = 0
      for pair in pairs {
        var last = 0
        reports.append(
          try reconciler.reconcile(pair, period) { count in
            last = count
            current.withLock { $0?.read = before + count }
          })
        before += last
      }
      _ = try store.end(kept, with: reports, at: clock.now())
    } catch {
      // If the store does not take it either, it is shown as interrupted
      try? store.fail(kept, error.description, at: clock.now())
    }
  }
}
