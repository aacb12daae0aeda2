import Records
import Values

/// Something that needs attention and was not read yet.
struct AttentionCandidate {
  let cause: AttentionCause
  let subject: String
  /// Reads the item; nil if it is no longer there.
  let read: () throws(Problem) -> AttentionItem?

  var id: String { AttentionItem.id(cause, subject) }
}
