import Catalog
import Records
import Setup
import StepKit
import Values

/// Performs a replay: answers each call as recorded, and collects the replies.
struct ReplayPerformer: FlowPerformer {
  private(set) var calls: [Replay.Call] = []
  private let past: Run
  private let home: Home
  /// The transcript of the current step in its last attempt, call by call.
  private var replies: [JSON] = []
  private var ledger: Ledger
  /// The number of calls of the current step so far.
  private var round = 0

  init(of run: Run, in home: Home) throws(Problem) {
    past = run
    self.home = home
    ledger = try Ledger(home: home, run: run.id, step: 0)
  }

  var run: String { past.id }
  var at: Timestamp { past.clock }
  var answers: [String: Answer] {
    ledger.entries.filter { $0.value.round <= round }.compactMapValues(\.answer)
  }

  func input(of index: Int) throws(Problem) -> StepInput { try past.input(of: index, in: home) }

  /// The recorded settings.
  func settings(of step: ResolvedFlow.Step) -> (payload: JSON, settings: JSON) {
    (replies.first?["payload"] ?? .null, replies.first?["settings"] ?? .null)
  }

  mutating func skip(
    _ call: StepCall, unless condition: StepCondition
  ) throws(Problem) -> Bool { call.index < past.step }

  mutating func prepare(_ call: StepCall) throws(Problem) -> Bool {
    ledger = try Ledger(home: home, run: run, step: call.index)
    replies = try Transcript(run: run, step: call.index).records(in: home)
    round = 0
    return !replies.isEmpty
  }

  mutating func record(_ output: StepOutput, from step: ResolvedFlow.Step) {
    guard replies.indices.contains(round) else { return }
    calls.append(
      Replay.Call(
        step: ledger.step + 1, round: round + 1, then: replies[round]["reply"], now: output.value))
    round += 1
  }

  mutating func perform(_ effects: [Effect], of call: StepCall) throws(Problem) -> FlowProgress {
    progress(after: call)
  }

  mutating func complete(_ reply: Reply<JSON>, of call: StepCall) throws(Problem) -> FlowProgress {
    progress(after: call)
  }

  /// Follows the recorded course, whatever the new reply is.
  private func progress(after call: StepCall) -> FlowProgress {
    round < replies.count ? .again : call.index < past.step ? .next : .rest
  }
}
