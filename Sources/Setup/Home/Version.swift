/// The version of this build.
public enum Version {
  /// The version number.
  public static let text = "0.1.0"
}
