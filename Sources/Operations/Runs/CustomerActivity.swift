import Catalog
public import Records
public import Setup
public import StepKit
public import Values

/// What some runs have carried of a customer: invoices, payments with the plans they paid for, comments.
public struct CustomerActivity: Sendable {
  /// A payment that a run carried.
  public struct PaymentOfRun: Sendable {
    /// The payment.
    public let payment: Payment
    /// The run.
    public let run: Run
  }

  /// A comment that a run made.
  public struct CommentOfRun: Sendable {
    /// The text.
    public let text: String
    /// The account in which it was made.
    public let account: String
    /// When.
    public let at: Timestamp
    /// The id of the run.
    public let run: String
  }

  /// The invoices, in the order of the runs.
  public private(set) var invoices: [InvoiceOfRun] = []
  /// The payments, in the order of the runs.
  public private(set) var payments: [PaymentOfRun] = []
  /// The comments, in the order of the runs.
  public private(set) var comments: [CommentOfRun] = []
  /// The customer as a run gave it last, from the first run that has it.
  public private(set) var customer: Customer?
  /// The type of the event of each run, by the id of the run.
  public private(set) var types: [String: String] = [:]

  /// Reads what runs have carried.
  public init(of runs: [Run], in registry: Registry) throws(Problem) {
    let links = Links(home: registry.home)
    for run in runs {
      let document = try registry.home.document(at: run.event)
      types[run.id] = document?["type"].string
      if let invoice = try InvoiceOfRun(run, links, registry) {
        invoices.append(invoice)
      } else if let noun = run.outputs.first, let payment = try? Payment(json: noun) {
        payments.append(PaymentOfRun(payment: payment, run: run))
        customer = customer ?? payment.customer
      } else if let noun = run.outputs.first {
        customer = customer ?? (try? Customer(json: noun))
      }
      try readComments(of: run, registry)
    }
  }

  /// The items that the latest payment with items paid for.
  public var items: [PaidItem] {
    payments.lazy.map { $0.payment.invoices.flatMap(\.items) }.first { !$0.isEmpty } ?? []
  }

  private mutating func readComments(of run: Run, _ registry: Registry) throws(Problem) {
    let flow = try registry.flows.connections().first { $0.name == run.flowConnection }
    let parts = flow?.parts ?? []
    let making = parts.indices.filter { index in
      let step = parts[index].step
      return registry.catalog.apps[step.app]?.steps[step.name]?.makes == "comment"
    }
    guard !making.isEmpty else { return }
    let effects = try RunStore(home: registry.home).effects(of: run)
    for effect in effects where making.contains(effect.step) {
      let record = effect.record
      guard record["state"] == "confirmed", record["effect"]["http"]["method"] == "POST",
        let at = record["sent"].time ?? record["at"].time,
        // The request names what it is about, and has the text
        let text = effect.body.textMembers.values.max(by: { $0.count < $1.count }),
        let connection = try registry.connections.find(parts[effect.step].connection)
      else { continue }
      comments.append(
        CommentOfRun(text: text, account: connection.scope, at: at, run: run.id))
    }
  }

  /// The activity as it is shown.
  public var json: JSON {
    .members([
      "invoices": .array(invoices.map(\.json)),
      "payments": .array(
        payments.map { one in
          .members([
            "run": .string(one.run.id), "at": .string(one.payment.at.text),
            "ids": .texts(one.payment.ids), "amount": .string(one.payment.money.digits),
            "currency": .string(one.payment.money.currency), "method": .text(one.payment.method),
            "status": .string(one.run.status.rawValue),
          ])
        }),
      "plans": .array(items.map { .string($0.price) }),
      "comments": .array(
        comments.map { one in
          [
            "run": .string(one.run), "at": .string(one.at.text), "account": .string(one.account),
            "text": .string(one.text),
          ]
        }),
    ])
  }
}
