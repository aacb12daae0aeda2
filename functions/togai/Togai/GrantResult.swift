import StepKit

/// The outcome of a grant.
struct GrantResult {
  /// The row of the ID mapping that says it is granted; nil if nothing had to be.
  let link: Effect?
  /// The note, a sentence.
  let note: String
  /// The sentence for a person, if the payment does not fit what was granted.
  var finding: String?
}
