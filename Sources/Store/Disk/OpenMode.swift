import Glibc

/// The way in which a file is opened.
public enum OpenMode: Sendable {
  /// The file must exist.
  case existing
  /// The file is created if it does not exist.
  case create
  /// The file is created, or emptied if it exists.
  case truncate
}
