import FoundationEssentials
import StepKit
import Values

/// Compares the invoices of one app with those that were made for them in another.
struct InvoiceComparison {
  /// The invoices of the app that they come from.
  let from: [ListedInvoice]
  /// The invoices of the other app.
  let to: [ListedInvoice]
  let period: Period
  let now: Timestamp
  /// Whether both apps give one date to a thing.
  let hasOneDate: Bool
  /// The id in the other app of an invoice that is linked.
  let linked: (_ id: String) throws(Problem) -> String?
  /// The id in the other app of a customer that is linked.
  let customer: (_ id: String) throws(Problem) -> String?

  private(set) var differences: [Difference] = []
  private(set) var totals: [String: ControlTotals] = [:]
  private var byID: [String: ListedInvoice] = [:]
  private var byReference: [String: [ListedInvoice]] = [:]
  /// The ids in the other app of what was found to belong to an invoice.
  private var counterparts: Set<String> = []

  /// The age below which a difference may be on its way, in seconds.
  private static let young = 86_400

  init(
    from: [ListedInvoice], to: [ListedInvoice], period: Period, now: Timestamp,
    hasOneDate: Bool,
    linked: @escaping (_ id: String) throws(Problem) -> String?,
    customer: @escaping (_ id: String) throws(Problem) -> String?
  ) {
    (self.from, self.to, self.period, self.now) = (from, to, period, now)
    (self.hasOneDate, self.linked, self.customer) = (hasOneDate, linked, customer)
  }

  /// Compares everything.
  mutating func run() throws(Problem) {
    for invoice in to {
      byID[invoice.id] = invoice
      if let reference = invoice.reference { byReference[reference, default: []].append(invoice) }
    }
    for invoice in from { try compare(invoice, isWanted: period.contains(invoice.at)) }
    for invoice in to where period.contains(invoice.at) && !counterparts.contains(invoice.id) {
      try lookAtRest(invoice)
    }
  }

  // MARK: One invoice

  private mutating func compare(_ invoice: ListedInvoice, isWanted: Bool) throws(Problem) {
    let link = try linked(invoice.id)
    let named = byReference[invoice.id] ?? []
    let partners = (link.flatMap { byID[$0] }.map { [$0] } ?? []) + named.filter { $0.id != link }
    counterparts.formUnion(partners.map(\.id))
    guard isWanted else { return }
    totals[invoice.currency, default: ControlTotals()].all.add(invoice.total)
    let live = partners.filter { $0.state != .void && $0.exclusion == nil }
    if live.count > 1 {
      let extra = live.dropFirst().reduce(Decimal(0)) { $0 + $1.total }
      add(.doubled, invoice, live, "each of them counts: \(extra) \(invoice.currency) too much")
    }
    guard let partner = live.first ?? partners.first else { return alone(invoice, link) }
    guard live.first != nil || invoice.state == .void || invoice.exclusion != nil else {
      add(.state, invoice, [partner], "\(invoice.word) here, and \(partner.word) there")
      return count(invoice, partner)
    }
    if link == nil, invoice.exclusion == nil {
      add(.unlinked, invoice, [partner], "link them with `meterbridge link set`")
    }
    count(invoice, partner)
    try compare(invoice, with: partner)
  }

  private mutating func count(_ invoice: ListedInvoice, _ partner: ListedInvoice) {
    var sums = totals[invoice.currency] ?? ControlTotals()
    if partner.state == .void, invoice.state == .void || invoice.exclusion != nil {
      sums.excluded.add(invoice.total)
    } else if partner.state == .void {
      sums.unsynced.add(invoice.total)
    } else {
      sums.synced.add(invoice.total)
      sums.counterparts.add(partner.total)
    }
    totals[invoice.currency] = sums
  }

  /// An invoice without a counterpart in the list.
  private mutating func alone(_ invoice: ListedInvoice, _ link: String?) {
    let isExcluded = link == nil && (invoice.exclusion != nil || invoice.state == .void)
    if isExcluded {
      totals[invoice.currency, default: ControlTotals()].excluded.add(invoice.total)
      return
    }
    totals[invoice.currency, default: ControlTotals()].unsynced.add(invoice.total)
    if let link {
      add(.absent, invoice, [], "it is linked to \(link)")
    } else {
      add(.missing, invoice, [], "it is \(invoice.word); `meterbridge run list` shows its runs")
    }
  }

  private mutating func compare(
    _ invoice: ListedInvoice, with partner: ListedInvoice
  ) throws(Problem) {
    if invoice.currency != partner.currency {
      add(.currency, invoice, [partner], "\(invoice.currency) and \(partner.currency)")
    } else if invoice.total != partner.total {
      add(.total, invoice, [partner], "the totals differ")
    }
    if !Self.belong(invoice.state, partner.state) {
      add(.state, invoice, [partner], "\(invoice.word) here, and \(partner.word) there")
    } else if invoice.due != partner.due, invoice.currency == partner.currency {
      add(
        .due, invoice, [partner], "\(invoice.due) are due here, and \(partner.due) there",
        amounts: (invoice.due, partner.due))
    }
    if let wanted = try customer(invoice.customer), wanted != partner.customer {
      add(
        .customer, invoice, [partner],
        "customer \(wanted) is linked, and \(partner.customer) is billed")
    }
    let months = [invoice, partner].map { Period.month(of: $0.at, in: period.zone) }
    if hasOneDate, months[0] != months[1] {
      add(.month, invoice, [partner], "\(months[0]) here, and \(months[1]) there")
    }
  }

  /// Whether states belong together: a refund is a credit note of a paid invoice in the other app, and what was
  /// made for an invoice before it was merged is voided there.
  private static func belong(_ one: ListedInvoice.State, _ other: ListedInvoice.State) -> Bool {
    one == other || (one == .refunded && other == .paid) || (one == .merged && other == .void)
  }

  // MARK: The rest of the other app

  private mutating func lookAtRest(_ invoice: ListedInvoice) throws(Problem) {
    guard invoice.state != .void, invoice.exclusion == nil else { return }
    guard let reference = invoice.reference, try isFromThere(reference) else {
      totals[invoice.currency, default: ControlTotals()].own.add(invoice.total)
      return
    }
    // What it was made for may be of an earlier period, which is not listed
    if !hasOneDate, try linked(reference) != nil { return }
    differences.append(
      Difference(
        kind: .orphan, class: .error, from: nil, to: [invoice.id], customer: nil,
        currency: invoice.currency, fromAmount: nil, toAmount: invoice.total, at: invoice.at,
        note: "it was made for \(reference)"))
  }

  /// Whether a reference is linked, or looks like the ids of the app that invoices come from; a purchase order
  /// of a customer does not.
  ///
  /// An app that lists nothing, such as one asked for another environment, must not seem to agree.
  private func isFromThere(_ reference: String) throws(Problem) -> Bool {
    let prefix = from.first.map { $0.id.prefix { $0.isLetter } } ?? ""
    if !prefix.isEmpty, reference.hasPrefix("\(prefix).") { return true }
    return try linked(reference) != nil
  }

  private mutating func add(
    _ kind: Difference.Kind, _ invoice: ListedInvoice, _ partners: [ListedInvoice], _ note: String,
    amounts: (Decimal, Decimal)? = nil
  ) {
    let changed = ([invoice] + partners).map { $0.changed ?? $0.at }.max() ?? invoice.at
    let mayBeOnItsWay = [.missing, .state, .due].contains(kind)
    let isYoung = changed > now.adding(seconds: -Self.young)
    differences.append(
      Difference(
        kind: kind, class: mayBeOnItsWay && isYoung ? .timing : .error, from: invoice.id,
        to: partners.map(\.id), customer: invoice.customer, currency: invoice.currency,
        fromAmount: amounts?.0 ?? invoice.total, toAmount: amounts?.1 ?? partners.first?.total,
        at: invoice.at, note: note))
  }
}
