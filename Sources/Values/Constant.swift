/// Comparisons that do not tell by their time what they compare with.
public enum Constant {
  /// Compares texts in a time that depends only on the length of `given`.
  public static func areEqual(_ given: String, _ secret: String) -> Bool {
    let (given, secret) = (Array(given.utf8), Array(secret.utf8))
    guard !secret.isEmpty else { return given.isEmpty }
    var difference = given.count ^ secret.count
    for (index, byte) in given.enumerated() {
      difference |= Int(byte ^ secret[index % secret.count])
    }
    return difference == 0
  }
}
