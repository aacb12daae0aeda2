import CZlib

/// The library that compresses.
public enum Zlib {
  /// Its version, such as `1.3.1`.
  public static var version: String { zlibVersion().map { String(cString: $0) } ?? "" }
}
