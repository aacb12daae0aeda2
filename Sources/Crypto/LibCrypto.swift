import CCrypto

/// The library that encrypts and digests.
public enum LibCrypto {
  /// Its version, such as `OpenSSL 3.0.13 30 Jan 2024`.
  public static var version: String { OpenSSL_version(0).map { String(cString: $0) } ?? "" }
}
