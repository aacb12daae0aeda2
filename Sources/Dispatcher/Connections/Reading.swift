import Step
import Synchronization

/// What was made of records, for as long as they say the same.
///
/// A run looks again and again at the same few connections, which hardly ever change.
final class Reading<Value: Sendable>: Sendable {
  private let known = Mutex<[String: (text: String, value: Value)]>([:])

  /// What `read` makes, or made, of the document at a key; nil where there is none.
  func value(
    at key: String, in home: Home, read: (JSON) throws(Problem) -> Value
  ) throws(Problem) -> Value? {
    guard let text = try home.text(at: key) else { return nil }
    let known = known.withLock { $0[key] }
    if let known, known.text.utf8.elementsEqual(text.utf8) { return known.value }
    let value = try read(Home.document(in: text, at: key))
    self.known.withLock { $0[key] = (text, value) }
    return value
  }
}
