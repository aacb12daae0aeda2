import CCurl

/// The library that sends requests.
public enum LibCurl {
  /// Its version, such as `8.5.0`.
  public static var version: String { meterbridge_curl_version().map { String(cString: $0) } ?? "" }
}
