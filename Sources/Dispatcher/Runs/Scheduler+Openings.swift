import Catalog
import Processes
import Records
import Values

/// The first calls of new runs are made by one worker at a time, several at once: to most events
/// there is nothing more to be done, and so it neither waits for one function nor wakes another
/// worker for each.
extension Scheduler {
  /// A run whose first call is being made.
  private struct Opening {
    let lane: String
    let item: Item
    let run: Run
    let step: StepID
    let version: Int
    let start = ContinuousClock.now
  }

  /// How many seconds a call may hold up those that wait for their turn: then another worker begins.
  private static let patience = 0.002

  /// Makes the first calls of new runs until there are no more.
  func open(_ carrier: RunExecutor) {
    guard let calls = carrier.functions.caller.multiplexer(tagged: Opening.self) else {
      return passAll()
    }
    var begins = true
    while true {
      while begins, calls.count < Self.mostCalls, let (lane, item, run) = takeFresh() {
        begin(lane, item, run, calls, carrier)
      }
      if calls.count == 0, !begins || endsOpening() { return }
      let answers = calls.wait(seconds: begins ? Self.patience : 86_400)
      for (opening, said) in answers { take(said, opening, carrier) }
      if answers.isEmpty, begins, calls.count > 0 {
        begins = false
        stopOpening()
      }
    }
  }

  private static var mostCalls: Int { 2 * Machine.cores }

  private func begin(
    _ lane: String, _ item: Item, _ run: Run, _ calls: any StepMultiplexer<Opening>,
    _ carrier: RunExecutor
  ) {
    guard let (step, invocation, version) = carrier.opening(of: run) else {
      return pass(item, .alone(run), in: lane)
    }
    let opening = Opening(lane: lane, item: item, run: run, step: step, version: version)
    if !calls.begin(step, with: invocation, tag: opening) { pass(item, .alone(run), in: lane) }
  }

  /// Ends a run of which only that is to be written down, and passes on what may take long.
  private func take(_ said: StepOutput?, _ opening: Opening, _ carrier: RunExecutor) {
    instruments.stepCalled(opening.step, seconds: opening.start.seconds)
    var item = opening.item
    guard let said else { return pass(item, .alone(opening.run), in: opening.lane) }
    item.hand = .opened(opening.run, .init(said: said, version: opening.version))
    if carrier.isEnd(said, of: opening.run) {
      carry(item, in: opening.lane, carrier)
    } else {
      pass(item, item.hand, in: opening.lane)
    }
  }

  private func passAll() {
    while let (lane, item, run) = takeFresh() { pass(item, .alone(run), in: lane) }
    stopOpening()
  }
}
