import Dispatcher
import HTTPClient
import HTTPServer
import Records
import Sandbox
import Setup
import Values

extension World {
  private enum Move {
    case act(Int)
    case deliver
    case performLate(Int)
    case begin
    case sweep
    case step(Int)
  }

  /// Does one of the things that may be done now, as the seed has it; false if there is none.
  func move() -> Bool {
    collectWebhooks()
    var moves: [Move] = []
    if let index = tasks.firstIndex(where: { $0.due <= now }) { moves.append(.act(index)) }
    if !isTaking, webhooks.contains(where: { $0.due <= now }) { moves += [.deliver, .deliver] }
    if let index = late.firstIndex(where: { $0.due <= now }) { moves.append(.performLate(index)) }
    if let scheduler = life?.scheduler {
      if let due = scheduler.nextDue, due <= time.clock.now() { moves += [.begin, .begin] }
      moves += (0..<scheduler.activeCount).map { .step($0) }
      if depth > 0, chance.isWithin(3) { moves.append(.sweep) }
    }
    guard !moves.isEmpty else { return false }
    perform(chance.pick(moves))
    return true
  }

  private func perform(_ move: Move) {
    switch move {
    case .act(let index): act(tasks.remove(at: index))
    case .deliver: deliver()
    case .performLate(let index):
      let request = late.remove(at: index).request
      let response = perform(request, nil)
      note(request, "\(response.status)", nil, isLate: true)
    case .begin: _ = life?.scheduler?.begin()
    case .sweep: life?.sweep()
    case .step(let index): step(index)
    }
  }

  private func step(_ index: Int) {
    guard let scheduler = life?.scheduler else { return }
    carried.append(scheduler.activeRun(index))
    defer { carried.removeLast() }
    guard let run = scheduler.step(index) else { return }
    let reason = run.reason.map { ": \($0)" } ?? ""
    note("\(label(run.id)) is \(run.status.rawValue)\(reason)")
  }

  /// When something is to be done next.
  func nextDue() -> Int? {
    let scheduled = life?.scheduler?.nextDue.map {
      $0.milliseconds - VirtualTime.start.milliseconds - time.skew
    }
    let sent = sandbox.nextDelivery.map { $0.milliseconds - VirtualTime.start.milliseconds }
    let start = life == nil ? startDue : nil
    return [
      scheduled, sent, start, tasks.map(\.due).min(), webhooks.map(\.due).min(),
      late.map(\.due).min(),
    ].compactMap(\.self).min()
  }
}

// MARK: - What happens while a dispatcher works

extension World {
  /// Lets other things happen between two that one thread of a dispatcher does.
  func meanwhile() {
    guard depth < 3, chance.isWithin(30) else { return }
    depth += 1
    defer { depth -= 1 }
    for _ in 0...chance.below(4) { guard move() else { break } }
  }

  /// Lets time pass for a thread that waits, and others go on.
  func pass(milliseconds: Int) {
    guard milliseconds > 0 else { return }
    let end = now + milliseconds
    if depth < 3 {
      depth += 1
      defer { depth -= 1 }
      for _ in 0..<20 {
        if move() { continue }
        guard let next = nextDue(), next <= end, next > now else { break }
        time.pass(until: next)
      }
    }
    time.pass(until: end)
  }

  /// Lets a request arrive that nobody waits for any more.
  func performLate(_ request: ClientRequest, after milliseconds: Int) {
    late.append((now + milliseconds, request))
  }

  /// Hands a request to its system.
  func perform(_ request: ClientRequest, _ fault: Fault.Kind?) -> Response {
    let app = request.url.dropFirst(SharedSetup.server.utf8.count).split(separator: "/").first
    let isRevoked = app.flatMap { revoked[String($0)] }.map { $0 > now } ?? false
    return people.send(request, isRevoked ? .fail(status: 401) : fault)
  }

  /// What befalls a request, if anything.
  func nextFault(of request: ClientRequest) -> Scenario.Fault.Kind? {
    let isChange = request.method != "GET"
    if isChange { changes += 1 } else { reads += 1 }
    let number = isChange ? changes : reads
    let fault = scenario.faults.first { $0.isChange == isChange && $0.number == number }
    if fault != nil { counts.faults += 1 }
    return fault?.kind
  }
}
