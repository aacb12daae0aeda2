import Values

/// All that happens in a world: what a seed stands for, and what is left of it when it is made smaller.
public struct Scenario: Sendable, Equatable {
  /// Something that is done at a time.
  struct Event: Sendable, Equatable {
    /// Its number, which stays when others are left out.
    let number: Int
    /// Milliseconds since the beginning.
    let at: Int
    let action: Action
  }

  /// How a webhook is delivered that is not delivered at once and once.
  struct Delivery: Sendable, Equatable {
    /// Which webhook, from 0.
    let index: Int
    /// Milliseconds by which it is late.
    let delay: Int
    let copies: Int
  }

  /// What befalls a request.
  struct Fault: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
      /// No connection.
      case refused
      /// The request is lost.
      case lostBefore
      /// The request is carried out, and the answer is lost.
      case lostAfter
      /// The client gives up after its time-out, and the request is carried out seconds later.
      case late(Int)
      /// The answer takes seconds.
      case slow(Int)
      /// 429 with Retry-After.
      case limited(Int)
      /// An error of the server, and nothing is done.
      case failed(Int)
      /// An error of the server, and the request is carried out.
      case doneAndFailed(Int)
      /// The request is carried out, and the answer is not JSON.
      case garbage
      /// The request is refused for good.
      case rejected(Int)
    }

    /// Whether it befalls a change, or else a read.
    let isChange: Bool
    /// Which of them, from 1.
    let number: Int
    let kind: Kind
  }

  /// The end of a dispatcher that is killed.
  struct Kill: Sendable, Equatable {
    /// The number of the event in whose wake it dies.
    let event: Int
    /// The number of writes, flushes, requests, answers and calls since then at which it dies.
    let point: Int
    /// Milliseconds until the next one starts.
    let downtime: Int
  }

  /// The seed.
  public let seed: UInt64
  /// The seed of the order of all that may be done at the same time.
  var order: UInt64
  var flows: [String]
  var events: [Event]
  var deliveries: [Delivery]
  var faults: [Fault]
  var kills: [Kill]
  /// Whether the store is one of files, of which a kill cuts the last write in half.
  var isTorn = false
}

// MARK: - Parts

extension Scenario {
  /// The parts of which any may be left out.
  var partCount: Int {
    events.count + deliveries.count + faults.count + kills.count + flows.count
  }

  /// The scenario without some of its parts.
  func without(_ range: Range<Int>) -> Scenario {
    var smaller = self
    var first = 0
    func rest<Part>(_ parts: [Part]) -> [Part] {
      defer { first += parts.count }
      return parts.enumerated().filter { !range.contains(first + $0.offset) }.map(\.element)
    }
    smaller.events = rest(events)
    smaller.deliveries = rest(deliveries)
    smaller.faults = rest(faults)
    smaller.kills = rest(kills)
    smaller.flows = rest(flows)
    return smaller
  }
}

extension Scenario {
  /// Scenarios that are simpler in their numbers: all at once, at once again, and in no time.
  var simpler: [Scenario] {
    var (soon, prompt, quick) = (self, self, self)
    soon.events = events.map { Event(number: $0.number, at: 0, action: $0.action) }
    prompt.deliveries = deliveries.map { Delivery(index: $0.index, delay: 0, copies: $0.copies) }
    quick.kills = kills.map { Kill(event: $0.event, point: $0.point, downtime: 0) }
    var whole = self
    whole.isTorn = false
    return [soon, prompt, quick, whole].filter { $0 != self }
  }

  /// The scenario in another order.
  func ordered(by order: UInt64) -> Scenario {
    var other = self
    other.order = order
    return other
  }
}

extension Scenario: CustomStringConvertible {
  /// The scenario on a few lines.
  public var description: String {
    var lines = ["flows: \(flows.joined(separator: ", "))"]
    for event in events { lines.append("event \(event.number) at \(event.at) ms: \(event.action)") }
    for delivery in deliveries {
      lines.append(
        "webhook \(delivery.index) comes \(delivery.copies) times, \(delivery.delay) ms late")
    }
    for fault in faults {
      lines.append("\(fault.isChange ? "change" : "read") \(fault.number) is \(fault.kind)")
    }
    for kill in kills {
      lines.append(
        "the dispatcher is killed \(kill.point) points after event \(kill.event), for \(kill.downtime) ms"
      )
    }
    if isTorn { lines.append("a kill cuts the last write of the store in half") }
    return lines.joined(separator: "\n")
  }
}
