import FoundationEssentials
import Setup
import StepKit
public import Store
public import Values

/// The processing of one event by one flow connection; ``StoreKey`` has the table of its states.
public struct Run: Sendable {
  /// The id; ids sort by the time of creation.
  public let id: String
  /// The flow connection.
  public let flowConnection: String
  /// The key of the event.
  public let event: String
  /// The lane: runs of one lane are executed one after another.
  public internal(set) var lane: String
  /// When it was created.
  public let at: Timestamp
  /// When it last began to look anew, having made nothing; nil if it has not.
  var renewed: Timestamp?
  /// The state.
  public var status: Status
  /// The index of the next step, which is the number of steps that are done.
  public var step: Int
  /// The outputs of the steps that are done.
  public var outputs: [JSON]
  /// The number of failed attempts at the next step.
  public var attempts: Int
  /// When to execute it next.
  public var due: Timestamp
  /// The time of the first failed attempt at the next step.
  public var failingSince: Timestamp?
  /// Why it stopped, failed or waits, for people.
  public var reason: String?
  /// What it waits for; nil unless it is pending and could not go on.
  public internal(set) var waitsFor: WaitReason?
  /// The keys of what it has reserved for the next step: see ``Reservations``.
  public internal(set) var reserved: [String] = []
  /// Whether a change of it may be held: then there is a record of it, which goes with the end of the step.
  public internal(set) var hasHold = false
  /// Whether the activity log has the start of the next step.
  var isStepStarted = false
  /// The activity log, in order.
  public var log: [Entry]
  /// An earlier run of the same event and flow connection that came to nothing, if there is one.
  public var earlier: String?
  /// The earlier run whose end this run repeated, since nothing had changed.
  public var repeats: String?
  /// The event's body, for as long as the run is as intake made it and nobody has carried it: then
  /// nothing need be read of what the store has of it.
  public var body: [UInt8]?

  /// Creates a run that has not begun.
  public init(id: String, flowConnection: String, event: String, lane: String, at: Timestamp) {
    self.id = id
    self.flowConnection = flowConnection
    self.event = event
    self.lane = lane
    self.at = at
    status = .pending
    step = 0
    outputs = []
    attempts = 0
    due = at
    log = []
  }

  /// The account that sent the event, such as `chargebee:acme`.
  public var account: String {
    event.split(separator: "/").dropFirst().first.map(String.init) ?? ""
  }

  /// The time by which the run sorts among all runs; not before that of any run accepted earlier.
  public var acceptedAt: Timestamp { Identifier.time(of: id) ?? at }

  /// The key of the run.
  public var key: String { StoreKey.run.key(id) }
  /// The key that marks the run as not ended.
  public var openKey: String { StoreKey.open.key(id) }
  /// The key that marks the run as parked.
  public var parkedKey: String { StoreKey.parked.key(id) }

  /// The key that marks the run as one that a person must look at.
  public var attentionKey: String { StoreKey.attention.key(id) }

  /// Whether it ended in a way that a person must look at.
  public var needsAttention: Bool { status == .failed || status == .notSynced }

  /// The change that marks the run as one that a person must look at.
  public var attention: Change { .put(attentionKey, ["status": .string(status.rawValue)]) }

  /// The name of the next step in the activity log.
  public var stepName: String { "Step \(step + 1)" }

  /// Resets the count of failed attempts at the next step.
  public mutating func forgetTrouble() {
    attempts = 0
    failingSince = nil
    reason = nil
  }

  /// Notes the start of the next step, unless an earlier attempt did.
  public mutating func startStep(_ step: String, at now: Timestamp) {
    guard !isStepStarted else { return }
    isStepStarted = true
    note("\(stepName) Start", "Pending", at: now, step)
  }

  /// Goes on to the next step with the output of this one; it is due, whatever this one has waited for.
  public mutating func advance(_ output: JSON) {
    step += 1
    due = at
    outputs.append(output)
    forgetTrouble()
    restart()
  }

  /// Waits until a time; a reason that the run does not have yet is noted in the activity log.
  ///
  /// Every further attempt (`retry`) notes its reason again.
  public mutating func wait(
    for cause: WaitReason, until due: Timestamp, _ reason: String? = nil, at now: Timestamp
  ) {
    if let reason, cause == .retry || self.reason != reason {
      note("\(stepName) Waits", "Pending", at: now, reason)
    }
    self.reason = reason ?? self.reason
    self.due = due
    waitsFor = cause
  }

  /// Waits for a person who lets a change go, and leaves the lane.
  public mutating func hold(until due: Timestamp, _ reason: String, at now: Timestamp) {
    wait(for: .person, until: due, reason, at: now)
    hasHold = true
    leaveLane()
  }

  /// Forgets what is held of it, and returns the changes beside that of the run.
  public mutating func unhold() -> [Change] {
    defer { hasHold = false }
    return hasHold ? [.remove(StoreKey.hold.key(id))] : []
  }

  /// Ends the run, and returns the changes that store that.
  public mutating func end(
    _ status: Status, _ reason: String?, at now: Timestamp, by person: String? = nil
  ) -> [Change] {
    self.status = status
    self.reason = reason
    restart()
    note("Run End", status.title, at: now, reason, by: person)
    let released = release() + unhold()
    return [update, .remove(openKey)] + marks + released
  }

  /// Lets go of what it has reserved, and returns the changes beside that of the run.
  public mutating func release() -> [Change] {
    defer { reserved = [] }
    return reserved.map(Change.remove)
  }

  /// The changes that mark an ended run for a person, and unmark the earlier run that it replaces.
  private var marks: [Change] {
    var changes = status == .parked ? [Change.put(parkedKey, "{}")] : []
    if needsAttention { changes.append(attention) }
    if let earlier, repeats == nil { changes.append(.remove(StoreKey.attention.key(earlier))) }
    return changes
  }

  /// Makes an ended run pending again, and returns the changes that store that.
  mutating func reopen(_ event: String, at now: Timestamp, by person: String?) -> [Change] {
    status = .pending
    forgetTrouble()
    restart()
    due = now
    note(event, "Pending", at: now, by: person)
    return opening + [.remove(parkedKey), .remove(attentionKey)]
  }

  mutating func restart() {
    waitsFor = nil
    isStepStarted = false
  }

  /// Adds a row to the activity log.
  public mutating func note(
    _ name: String, _ status: String, at: Timestamp, _ note: String? = nil, by: String? = nil
  ) {
    log.append(Entry(name: name, status: status, at: at, note: note, by: by))
  }
}
