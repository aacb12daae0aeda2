public import StepKit
import Values

/// The flow's options for new customers.
public struct CustomerOptions: Sendable {
  /// The ISO 4217 code of the invoice currency, for customers without one.
  let currency: String?
  /// The prefix of account ids.
  let accountPrefix: String
  /// The domain of the e-mail addresses that are made for customers without one.
  let emailDomain: String

  /// The options of a call.
  public init<Input>(_ call: Invocation<Input>) {
    currency = call.option("invoiceCurrency").nonBlank
    accountPrefix = call.option("accountPrefix").nonBlank ?? ""
    emailDomain = call.option("emailDomain").nonBlank ?? "no-email.invalid"
  }
}
