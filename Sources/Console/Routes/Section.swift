import Operations

/// The entries of the menu, in the order of the menu.
enum Section: String, CaseIterable, Sendable {
  case attention = "Attention"
  case approvals = "Approvals"
  case invoices = "Invoices"
  case reconciliation = "Reconciliation"
  case runs = "Runs"
  case events = "Events"
  case customers = "Customers"
  case links = "Links"
  case flows = "Flows"
  case connections = "Connections"
  case overview = "Overview"
  case operators = "Operators"
  case audit = "Audit"

  /// The page of the entry.
  var address: Address {
    self == .overview ? Address() : Address(rawValue.lowercased())
  }

  /// Whether a line is drawn before the entry.
  var beginsGroup: Bool { self == .runs || self == .flows || self == .overview }
}

extension Section {
  /// The least role that the entry is shown to; nil for all operators.
  var role: Role? { self == .operators || self == .audit ? .administrator : nil }
}
