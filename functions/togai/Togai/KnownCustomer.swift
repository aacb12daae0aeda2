public import StepKit

/// A customer in Togai, with the links and the note of the step that created or found it.
public struct KnownCustomer: Sendable {
  /// The customer's id in Togai.
  let id: String
  /// The account's id in Togai, if known.
  var account: String?
  /// The rows that the ID mapping lacks.
  var links: [Effect] = []
  /// The note, a sentence.
  let note: String
  /// Whether the note says what a person should know.
  var isWarning = false

  /// The reply of a step with this result for a customer.
  public func reply(_ customer: Customer) -> Reply<Customer> {
    .done(customer.with(id, in: TogaiAPI.name), links, note: note, isWarning: isWarning)
  }
}
