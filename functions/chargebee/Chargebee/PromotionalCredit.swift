import FoundationEssentials
public import StepKit
import Values

/// Adds a promotional credit to the Chargebee customer of a credit of another app, once.
///
/// Chargebee takes it off the customer's next invoices by itself. Its reference is the other app's id; it is
/// free text, neither unique nor filterable, so the customer's credits are read first:
/// https://apidocs.chargebee.com/docs/api/promotional_credits.
///
/// | state in Chargebee | result |
/// |---|---|
/// | linked | unchanged |
/// | not linked, and there is one with the reference | linked |
/// | none | added |
/// | the addition is unknown, and there is one then | linked |
/// | the addition is unknown, and there is none | retried later |
public struct PromotionalCredit: Sendable {
  /// The most pages, of 100 credits each, that are read.
  private static let mostPages = 20

  private let call: Invocation<Credit>
  private let source: Source
  private var answers: [String: Answer] { call.answers }

  /// The credit of a call.
  public init(_ call: Invocation<Credit>) throws(Halt) {
    self.call = call
    source = try Source(of: "invoice", call.input.ids, besides: ChargebeeAPI.name)
  }

  /// The credit with its id in Chargebee.
  public func reply() throws(Halt) -> Reply<Credit> {
    let known = try answers.answer(
      to: .find(name: "known", kind: .credit, ids: [source.app: source.id], in: ChargebeeAPI.name))
    if let id = known.value.verbatim { return done(id, "already Chargebee credit \(id)") }
    let places = try CurrencyPlaces(call.settings["currencyPlaces"])
      .places(of: call.input.amount.currency)
    guard let minor = call.input.amount.amount.minor(places: places), minor > 0 else {
      return .stop("\(source.id) rounds to nothing in Chargebee")
    }
    guard let customer = try InvoicePayer.payer(by: call.input.customer, of: source, answers) else {
      return .notSynced(
        "the credit of \(call.input.amount.text) of \(source.id) is not added: no Chargebee customer for"
          + " \(call.input.customer[source.app] ?? "it"); create one there, or link one with"
          + " `meterbridge link set customer`, and retry the run")
    }
    if let reason = customer.objection { return .notSynced("\(source.id): \(reason)") }
    return try added(minor, to: customer.id)
  }

  // MARK: Private

  private func added(_ minor: Int, to customer: String) throws(Halt) -> Reply<Credit> {
    if let earlier = try credit(of: customer, "credits") {
      return try linked(earlier, to: customer, minor, "linked to")
    }
    let number = call.input.number.map { " (\($0))" } ?? ""
    let subject = call.input.subject.map { ": \($0)" } ?? ""
    let body: JSON = [
      "customer_id": .string(customer), "amount": .number(Numeral(minor)),
      "currency_code": .string(call.input.amount.currency), "credit_type": "general",
      "description": .string("\(source.title) \(source.id)\(number)\(subject)".truncated(to: 250)),
      "reference": .string(source.reference),
    ]
    let made = try answers.answer(to: .post("added", "/promotional_credits/add", body: body))
    guard made.isUnknown else {
      let thing = "the credit for \(source.id)"
      let json = try ChargebeeAPI.value(of: made, thing)["promotional_credit"]
      return try linked(json, to: customer, minor, "added")
    }
    guard let found = try credit(of: customer, "again") else {
      throw .unanswered("Chargebee", "the credit for \(source.id)", isMissing: true)
    }
    return try linked(found, to: customer, minor, "added")
  }

  /// The credit of a customer with the reference.
  private func credit(of customer: String, _ name: String) throws(Halt) -> JSON? {
    var offset: String?
    for page in 0..<Self.mostPages {
      let query = JSON.members([
        "customer_id": ["is": .string(customer)], "type": ["is": "increment"], "limit": 100,
        "offset": .text(offset),
      ])
      let answer = try answers.answer(
        to: .get("\(name)-\(page)", "/promotional_credits", query: query))
      let list = try ChargebeeAPI.value(of: answer, "the credits of customer \(customer)")
      let found = list["list"].items.map { $0["promotional_credit"] }
        .first { $0["reference"].verbatim.hasBytes(of: source.reference) }
      if let found { return found }
      guard let next = list["next_offset"].string else { return nil }
      offset = next
    }
    throw .permanent(
      "customer \(customer) has too many credits to see whether one is for \(source.id): look there, and link"
        + " it with `meterbridge link set`")
  }

  private func linked(
    _ json: JSON, to customer: String, _ minor: Int, _ verb: String
  ) throws(Halt) -> Reply<Credit> {
    guard let id = json["id"].verbatim else {
      throw .permanent(
        "Chargebee added a credit for \(source.id) and did not say its id: look there,"
          + " and retry the run")
    }
    let link = Effect.link(
      kind: .credit, ids: [source.app: source.id, ChargebeeAPI.name: id])
    let amount = try json["amount"].minorAmount(of: "credit \(id)")
    guard amount == nil || amount == minor else {
      try answers.keep([link], as: "kept")
      return .notSynced(
        "Chargebee credit \(id) for \(source.id) is not of \(call.input.amount.text): correct it there,"
          + " then `meterbridge attention acknowledge`"
      )
    }
    var output = call.input
    output.ids[ChargebeeAPI.name] = id
    let wanted = call.input.amount
    let places = try CurrencyPlaces(call.settings["currencyPlaces"]).places(of: wanted.currency)
    let exact = Decimal(minor: minor, places: places)
    let rounded = exact == wanted.amount ? "" : ", rounded to \(exact)"
    return .done(
      output, [link],
      note: "\(verb) Chargebee credit \(id) of \(wanted.text)\(rounded) for customer \(customer)")
  }

  private func done(_ id: String, _ note: String) -> Reply<Credit> {
    var output = call.input
    output.ids[ChargebeeAPI.name] = id
    return .done(output, note: note)
  }
}
