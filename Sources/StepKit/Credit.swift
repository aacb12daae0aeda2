import FoundationEssentials
public import Values

/// Money that an app owes a customer, which another app is to take off what the customer pays next.
public struct Credit: Document, Hashable {
  /// The ids by app of the invoice or document that it comes from.
  public var ids: [String: String]
  /// The number that people see.
  public var number: String?
  /// The customer's ids by app.
  public var customer: [String: String]
  /// The amount, more than 0.
  public var amount: Money
  /// The subject, such as the plan's name.
  public var subject: String?
  /// The date of the document.
  public var date: Timestamp?

  /// A credit without a subject.
  public init(ids: [String: String], customer: [String: String], amount: Money) {
    self.ids = ids
    self.customer = customer
    self.amount = amount
  }
}

extension Credit {
  /// Reads a credit.
  ///
  /// - Throws: A permanent failure if ids, amount or currency are missing, or the amount is not above 0.
  public init(json: JSON) throws(Failure) {
    let ids = json["ids"].textMembers
    guard !ids.isEmpty, let amount = json["amount"].decimal, amount > 0,
      let currency = json["currency"].nonBlank
    else { throw .permanent("a credit has ids, an amount above 0 and a currency") }
    self.init(ids: ids, customer: json["customer"].textMembers, amount: Money(amount, currency))
    number = json["number"].nonBlank
    subject = json["subject"].nonBlank
    date = json["date"].time
  }

  /// The credit as it goes over the pipe.
  public var json: JSON {
    .members([
      "ids": .texts(ids), "number": .text(number), "customer": .texts(customer),
      "amount": .decimal(amount.amount), "currency": .string(amount.currency),
      "subject": .text(subject), "date": .text(date?.text),
    ])
  }
}
