import StepKit
import Values

/// A grant with its context, for both kinds of grants.
struct Granting {
  /// The outcome of a grant.
  struct Result {
    /// The row of the ID mapping that says it is granted.
    let link: Effect
    /// The note, a sentence.
    let note: String
  }

  let grant: PaidGrant
  let account: String
  let payment: Payment
  let options: GrantOptions
  /// The time at which the run started or, without a run, the time of the payment.
  let now: Timestamp
  let answers: [String: Answer]
}
