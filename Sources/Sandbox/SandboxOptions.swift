import FoundationEssentials
public import Values

/// How a sandbox begins.
public struct SandboxOptions: Sendable {
  /// The time it begins at.
  public var start = Timestamp(seconds: 1_767_225_600)
  /// How many of its seconds pass in a real one; at 0 its time stands still until it is advanced.
  public var speed = 0.0
  /// What its ids are made from; the same seed gives the same ids.
  public var seed: UInt64 = 1
  /// The Chargebee site.
  public var chargebee = ChargebeeSettings()
  /// The Togai organisation.
  public var togai = TogaiSettings()
  /// The Zoho Books organization.
  public var zohobooks = ZohobooksSettings()

  /// A sandbox in which it is the first of January 2026 and stays so.
  public init() {}

  /// A sandbox in which it is now, and time passes as it does outside: for people.
  public static var live: SandboxOptions {
    var options = SandboxOptions()
    options.start = Timestamp(milliseconds: Int(Date().timeIntervalSince1970 * 1000))
    options.speed = 1
    return options
  }
}
