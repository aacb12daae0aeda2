/// The keys that a scan visits.
public enum KeyRange: Equatable, Sendable {
  /// The keys that begin with a text; the empty text selects all keys.
  case prefix(String)
  /// The keys from `from`, which need not exist, up to but without `upTo`; nil selects all that follow.
  case bounds(from: String, upTo: String?)
}
