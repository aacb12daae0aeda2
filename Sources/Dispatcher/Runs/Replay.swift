import Catalog
public import Records
public import Setup
import StepKit
public import Values

/// Calls the steps of a past run again with the answers that they had, and compares what they say.
///
/// Nothing is sent, and nothing written.
public struct Replay: Sendable {
  private let home: Home
  private let functions: StepRouter

  /// Replays runs of a home.
  public init(registry: Registry, functions: any StepCaller) {
    home = registry.home
    self.functions = StepRouter(functions, registry: registry)
  }

  /// One call, then and now.
  public struct Call: Sendable {
    /// The step, from 1.
    public let step: Int
    /// The call of the step, from 1.
    public let round: Int
    /// What the step said then.
    public let then: JSON
    /// What it says now.
    public let now: JSON

    /// Whether both are the same, to the byte.
    public var isSame: Bool { then.text == now.text }
  }

  /// All calls of a run's last try.
  public func replay(_ run: Run, parts: [FlowConnection.Part]) throws(Problem) -> [Call] {
    var calls: [Call] = []
    for (index, part) in parts.enumerated() where index <= run.step {
      calls += try replay(run, index, part.step)
    }
    return calls
  }

  private func replay(_ run: Run, _ index: Int, _ step: StepID) throws(Problem) -> [Call] {
    let records = try Transcript(run: run.id, step: index).records(in: home)
    guard let first = records.first else { return [] }
    let ledger = try Ledger(home: home, run: run.id, step: index)
    let input = try run.input(of: index, in: home).value
    var calls: [Call] = []
    for (offset, record) in records.enumerated() {
      let known = ledger.entries.filter { $0.value.round <= offset }
      let invocation = Invocation<JSON>(
        run: run.id, at: run.at, input: input, payload: first["payload"],
        settings: first["settings"], answers: known.compactMapValues(\.answer))
      let now = try functions.call(step, in: run.flowConnection, with: invocation.json)
      calls.append(Call(step: index + 1, round: offset + 1, then: record["reply"], now: now))
    }
    return calls
  }
}
