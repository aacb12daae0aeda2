import FoundationEssentials
import Records
import Sandbox
import Setup
import StepKit
import Store
import Values

/// Something that is not as it should be when a world has come to rest.
public struct Wrong: Sendable, Equatable, CustomStringConvertible {
  /// Its kind in a few words: what stays when the world is made smaller.
  public let kind: String
  /// What is wrong.
  public let text: String

  init(_ kind: String, _ text: String) {
    self.kind = kind
    self.text = text
  }

  /// Its kind, and what is wrong.
  public var description: String { "\(kind): \(text)" }
}

/// Compares the systems when all has come to rest.
///
/// It knows what is in them and which runs did not end well, and nothing of how the dispatcher works:
/// each thing is made once, the newest state is on every side, and what is missing belongs to a run that
/// a person is told of.
struct Oracle {
  let chargebee: JSON
  let togai: JSON
  let books: JSON
  let flows: Set<String>
  /// What was asked of the systems.
  let requests: [JSON]
  /// Whether requests are refused for good.
  let hasRefusals: Bool
  private let runs: [Run]
  /// The flows and events of runs that did not end well.
  private let troubles: [(flow: String, event: String)]
  /// The webhooks that a system gave up.
  private let lost: [String]
  var found: [Wrong] = []

  init(_ world: World) throws {
    let state = world.sandbox.state
    chargebee = state["chargebee"]
    togai = state["togai"]
    books = state["zohobooks"]
    requests = world.sandbox.requests
    flows = Set(world.scenario.flows)
    hasRefusals = world.scenario.faults.contains { fault in
      if case .rejected = fault.kind { true } else { false }
    }
    runs = try world.runs()
    troubles = try runs.filter(Self.isTold).map { run in
      (run.flowConnection, try world.store.get(run.event) ?? "")
    }
    lost = world.lost
  }

  /// What is wrong.
  func wrongs() -> [Wrong] {
    var oracle = self
    oracle.judgeRuns()
    oracle.judgeCustomers()
    oracle.judgeNames()
    oracle.judgeComments()
    oracle.judgeInvoices()
    oracle.judgeEndings()
    oracle.judgePayments()
    oracle.judgeGrants()
    oracle.judgeContacts()
    oracle.judgeBooks()
    return oracle.found
  }

  // MARK: Tools

  func all(_ things: JSON) -> [JSON] { things.array ?? [] }

  mutating func expect(_ isSo: Bool, _ kind: String, _ text: @autoclosure () -> String) {
    if !isSo { found.append(Wrong(kind, text())) }
  }

  /// What must be there, or belong to a run that did not end well.
  mutating func demand(
    _ isThere: Bool, _ kind: String, _ id: String, by names: String...,
    text: @autoclosure () -> String
  ) {
    guard !isThere else { return }
    let isTold = troubles.contains { names.contains($0.flow) && $0.event.contains("\"\(id)\"") }
    if !isTold, !lost.contains(where: { $0.contains("\"\(id)\"") }) {
      found.append(Wrong(kind, text()))
    }
  }

  /// Whether a run tells a person that something is not as it should be.
  private static func isTold(_ run: Run) -> Bool {
    switch run.status {
    case .success, .pending, .canceled: false
    case .stopped: run.reason?.hasPrefix("not synced") ?? false
    case .notSynced, .failed, .parked: true
    }
  }

  private mutating func judgeRuns() {
    for run in runs where run.status == .pending {
      found.append(
        Wrong("open run", "\(run.id) of \(run.flowConnection) is open: \(run.reason ?? "")"))
    }
  }
}

/// The ids of the flows.
enum FlowID {
  static let grants = "associate-priceplan-on-chargebee-payment"
  static let credits = "chargebee-togai-settlement-sync"
  static let changes = "chargebee-togai-customer-changes"
  static let customers = "chargebee-togai-customer-sync"
  static let payments = "chargebee-togai-payment-sync"
  static let accounts = "togai-chargebee-customer-sync"
  static let voids = "togai-chargebee-void-sync"
  static let voidsBack = "chargebee-togai-void-sync"
  static let refunds = "chargebee-togai-refund-sync"
  static let invoices = "togai-chargebee-invoice-sync"
  static let returns = "togai-chargebee-payment-sync"
  static let bookedCustomers = "chargebee-togai-zohobooks-customer-sync"
  static let bookedAccounts = "togai-zohobooks-account-sync"
  static let bookedInvoices = "togai-zohobooks-invoice-sync"
}
