import FoundationEssentials
public import StepKit
import Values

/// Voids or writes off the Chargebee invoice of an invoice that ended in another app, once.
///
/// | in the other app | Chargebee's invoice | result |
/// |---|---|---|
/// | voided, or merged into another | open, and nothing settled any of it | voided |
/// | uncollectible | open, no more than was given up | written off |
/// | any of these | is that already | unchanged |
/// | any of these | otherwise | not synced, with the amounts |
/// | any of these | outcome unknown | read again later |
public struct InvoiceClosing: Sendable {
  private let ending: InvoiceEnding
  private let source: Source
  private let places: Int
  private let answers: [String: Answer]

  /// The closing of the invoice of a call.
  public init(_ call: Invocation<InvoiceEnding>) throws(Halt) {
    source = try Source(of: "invoice", call.input.ids, besides: ChargebeeAPI.name)
    ending = call.input
    let currencies = try CurrencyPlaces(call.settings["currencyPlaces"])
    places = try currencies.places(of: call.input.currency)
    answers = call.answers
  }

  /// The ending with the invoice's id in Chargebee, or a stop if Chargebee has no such invoice.
  public func reply() throws(Halt) -> Reply<InvoiceEnding> {
    guard [.voided, .merged, .uncollectible].contains(ending.state) else {
      return .stop("\(source.id) is \(ending.state.rawValue), which Chargebee is not told of")
    }
    let known = try answers.answer(
      to: .find(name: "known", kind: .invoice, ids: [source.app: source.id], in: ChargebeeAPI.name))
    guard let id = known.value.verbatim else {
      return .stop("\(source.id) is not in Chargebee")
    }
    let read = try answers.answer(to: .get("invoice", "/invoices/\(id.percentEncodedPath)"))
    if read.status == 404 { return done(id, "Chargebee invoice \(id) is not there any more") }
    let invoice = try ChargebeeAPI.value(of: read, "invoice \(id)")["invoice"]
    if let state = try stateAlready(invoice, id) {
      return done(id, "Chargebee invoice \(id) is \(state) already")
    }
    if answers[effect] == nil, let objection = try objection(invoice, id) {
      return .notSynced(objection)
    }
    return try closed(id)
  }

  // MARK: Private

  private var writesOff: Bool { ending.state == .uncollectible }

  private var effect: String { writesOff ? "written-off" : "voided" }

  private var reason: String {
    let title = "\(source.title) \(source.id)"
    if ending.state == .voided, let person = ending.cause {
      return "\(person) asked that \(title) be void"
    }
    return ending.state == .merged
      ? "\(title) is part of another" : "\(title) is \(ending.state.rawValue)"
  }

  private func amount(_ json: JSON, _ id: String) throws(Halt) -> Decimal {
    Decimal(minor: try json.minorAmount(of: "invoice \(id)") ?? 0, places: places)
  }

  /// What the invoice is already; nil if it is still to be closed.
  private func stateAlready(_ invoice: JSON, _ id: String) throws(Halt) -> String? {
    if !writesOff, invoice["status"].string == "voided" { return "voided" }
    let written = try amount(invoice["write_off_amount"], id)
    let due = try amount(invoice["amount_due"], id)
    return writesOff && written > 0 && due == 0 ? "written off" : nil
  }

  /// The sentence for a person if the invoice is in no state to be closed; nil if it is.
  private func objection(_ invoice: JSON, _ id: String) throws(Halt) -> String? {
    let status = invoice["status"].nonBlank ?? "without a status"
    var settled: [String] = []
    for (name, verb) in [
      ("amount_paid", "paid"), ("credits_applied", "settled by credits"),
      ("amount_adjusted", "adjusted"), ("write_off_amount", "written off"),
    ] {
      let amount = try amount(invoice[name], id)
      if amount > 0 { settled.append("\(amount) \(ending.currency) \(verb)") }
    }
    let isOpen = ["payment_due", "posted", "not_paid"].contains(status)
    if isOpen, writesOff {
      // Taxes that Chargebee adds are not in the other app's amount
      let due = try amount(invoice["amount_due"], id)
      let rest = due - (try amount(invoice["tax"], id)) - ending.amount
      guard rest > Decimal(minor: 1, places: places) else { return nil }
      return
        "\(ending.amount) \(ending.currency) of \(source.title) \(source.id) were given up, and of Chargebee"
        + " invoice \(id) \(due) are due: bring the two to one state by hand, then `meterbridge attention acknowledge`"
    }
    guard !isOpen || !settled.isEmpty else { return nil }
    let amounts = settled.isEmpty ? "" : ", \(settled.joined(separator: ", "))"
    return
      "\(reason), and Chargebee invoice \(id) is \(status.truncated(to: 40))\(amounts): bring the two to"
      + " one state by hand, then `meterbridge attention acknowledge`"
  }

  private func closed(_ id: String) throws(Halt) -> Reply<InvoiceEnding> {
    let path = "/invoices/\(id.percentEncodedPath)/\(writesOff ? "write_off" : "void")"
    let body: JSON = ["comment": .string("\(reason)".truncated(to: 300))]
    let closed = try answers.answer(to: .post(effect, path, body: body))
    let verb = writesOff ? "writing off" : "voiding"
    if closed.isUnknown {
      let again = try answers.answer(
        to: .get("invoice-again", "/invoices/\(id.percentEncodedPath)"))
      let invoice = try ChargebeeAPI.value(of: again, "invoice \(id)")["invoice"]
      guard let state = try stateAlready(invoice, id) else {
        throw .unanswered("Chargebee", "\(verb) invoice \(id)", isMissing: true)
      }
      return done(id, "Chargebee invoice \(id) is \(state)")
    }
    guard closed.isSuccess || closed.isTemporary || closed.status == 401 else {
      let failure = ChargebeeAPI.failure(closed, "\(verb) invoice \(id)")
      return .notSynced(
        "\(reason): \(failure.reason): bring the two to one state by hand, then `meterbridge attention acknowledge`"
      )
    }
    _ = try ChargebeeAPI.value(of: closed, "\(verb) invoice \(id)")
    return done(id, "\(writesOff ? "wrote off" : "voided") Chargebee invoice \(id): \(reason)")
  }

  private func done(_ id: String, _ note: String) -> Reply<InvoiceEnding> {
    var output = ending
    output.ids[ChargebeeAPI.name] = id
    return .done(output, note: note)
  }
}
