public import StepKit
import Values

/// Creates a customer of another app in Chargebee, once.
///
/// If the other app bills accounts, each account is a customer in Chargebee with the same id.
///
/// | answer of Chargebee | result |
/// |---|---|
/// | 200 | created |
/// | `duplicate_entry`, and the customer with that id is the same | linked |
/// | `duplicate_entry`, and it is another one | failed: a person must decide |
/// | a part of the address is refused | created without the address |
/// | any other refusal | failed |
/// | unknown, and there is a customer with that id and origin | linked |
/// | unknown, and there is none | retried later |
public struct CustomerCreation: Sendable {
  private let customer: Customer
  private let source: String
  private let wanted: NewCustomer
  private let answers: [String: Answer]

  /// The creation of the customer of a call.
  public init(_ call: Invocation<Customer>) throws(Halt) {
    customer = call.input
    answers = call.answers
    source = customer.ids.excluding(ChargebeeAPI.name).firstByApp?.app ?? ChargebeeAPI.name
    wanted = try NewCustomer(customer, from: source, call)
  }

  /// The customer with its id in Chargebee.
  public func reply() throws(Halt) -> Reply<Customer> {
    if source == ChargebeeAPI.name {
      return done(wanted.id, "customer \(wanted.id) comes from Chargebee")
    }
    try answers.require([
      .find(name: "known", kind: thing.kind, ids: [source: thing.id], in: ChargebeeAPI.name),
      .find(name: "row", kind: .customer, ids: owner),
    ])
    if let id = answers["known"]?.value.verbatim {
      return done(id, "already Chargebee customer \(id)")
    }
    if let claimed = customer.ids[ChargebeeAPI.name] {
      try checkClaim(claimed)
      return linked(claimed, "linked to Chargebee customer \(claimed), as \(source.titled) says")
    }

    let (created, remark) = try created()
    if created.isSuccess {
      let id = created.value[path: "customer.id"].verbatim ?? wanted.id
      let missing = remark + wanted.remark
      return linked(id, "made Chargebee customer \(id)\(missing)", isWarning: !missing.isEmpty)
    }
    let isTaken =
      created.status == 400 && created.value["api_error_code"].string == "duplicate_entry"
    guard isTaken || created.isUnknown else {
      throw ChargebeeAPI.halt(created, "the new customer \(wanted.id)")
    }
    try checkExisting(created)
    return linked(wanted.id, "linked to Chargebee customer \(wanted.id)")
  }
}

// MARK: - Requests

extension CustomerCreation {
  /// The thing of the other app that becomes one customer in Chargebee: the account, or the customer.
  private var thing: (kind: Kind, id: String) {
    customer.account.map { (.account, $0) } ?? (.customer, customer.ids[source] ?? wanted.id)
  }

  private var owner: [String: String] { customer.ids[source].map { [source: $0] } ?? [:] }

  /// Checks that the customer id that the other app claims exists.
  private func checkClaim(_ id: String) throws(Halt) {
    let read = try answers.answer(to: .get("said", "/customers/\(id.percentEncodedPath)"))
    guard read.status != 404 else {
      throw .permanent(
        "\(thing.id) is said to be \(id) in Chargebee, which knows no customer of that id: correct it"
          + " in \(source.titled), or link the right one with `meterbridge link set`")
    }
    _ = try ChargebeeAPI.value(of: read, "customer \(id)")
  }

  /// The answer to the creation, and a remark if the address had to be left out.
  private func created() throws(Halt) -> (Answer, remark: String) {
    let created = try answers.answer(to: .post("created", "/customers", body: wanted.body))
    let param = created.value["param"].string ?? ""
    guard created.status == 400, param.hasPrefix("billing_address") else { return (created, "") }
    let again = try answers.answer(
      to: .post("created-without-address", "/customers", body: wanted.bodyWithoutAddress))
    let message = created.value["message"].nonBlank.map { ": \($0.truncated(to: 200))" } ?? ""
    return (again, " without its address, which Chargebee did not take (\(param)\(message))")
  }

  /// Checks that the existing customer with the wanted id is the same.
  private func checkExisting(_ created: Answer) throws(Halt) {
    let read = try answers.answer(
      to: .get("existing", "/customers/\(wanted.id.percentEncodedPath)"))
    if read.status == 404 {
      guard created.isUnknown else {
        throw ChargebeeAPI.halt(created, "customer \(wanted.id)")
      }
      throw .unanswered("Chargebee", "customer \(wanted.id)", isMissing: true)
    }
    let existing = try ChargebeeAPI.value(of: read, "customer \(wanted.id)")["customer"]
    guard existing["deleted"].bool != true else {
      throw .permanent(
        "Chargebee customer \(wanted.id) is deleted: link another one with"
          + " `meterbridge link set`, and retry the run")
    }
    guard wanted.isSame(existing) else {
      throw .permanent(
        "Chargebee has another customer with the id \(wanted.id): if it is the same, link it with"
          + " `meterbridge link set`, else give one of them another id")
    }
  }
}

// MARK: - Links

extension CustomerCreation {
  /// A customer with several accounts is itself linked to the first one only.
  private func linked(
    _ id: String, _ note: String, isWarning: Bool = false
  ) -> Reply<Customer> {
    func link(_ kind: Kind, _ own: String) -> Effect {
      .link(kind: kind, ids: [source: own, ChargebeeAPI.name: id])
    }
    let isFirst =
      answers["row"]?.value[ChargebeeAPI.name].verbatim.map { $0.hasBytes(of: id) } ?? true
    let owner = isFirst ? customer.ids[source].map { link(.customer, $0) } : nil
    let account = customer.account.map { link(.account, $0) }
    return done(id, links: [owner, account].compactMap(\.self), note, isWarning: isWarning)
  }

  private func done(
    _ id: String, links: [Effect] = [], _ note: String, isWarning: Bool = false
  ) -> Reply<Customer> {
    .done(customer.with(id, in: ChargebeeAPI.name), links, note: note, isWarning: isWarning)
  }
}
