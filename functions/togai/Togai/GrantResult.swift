import StepKit

/// The outcome of a grant.
struct GrantResult {
  /// The row of the ID mapping that says it is granted.
  let link: Effect
  /// The note, a sentence.
  let note: String
}
