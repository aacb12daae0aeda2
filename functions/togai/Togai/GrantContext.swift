import StepKit
import Values

/// A grant with its context, for both types of price plans.
struct GrantContext {
  let grant: PaidGrant
  /// The account's id in Togai.
  let account: String
  let payment: Payment
  let options: GrantOptions
  /// The time at which the run started or, without a run, the time of the payment.
  let now: Timestamp
  let answers: [String: Answer]
}
