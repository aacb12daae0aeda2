import FoundationEssentials
public import Values

/// The initial state of a sandbox.
///
/// The same options and requests give the same replies and webhooks, provided that `speed` is 0 or
/// `uptime` is deterministic.
public struct SandboxOptions: Sendable {
  /// The time at which the sandbox's clock starts.
  public var start = Timestamp(seconds: 1_767_225_600)
  /// The speed of the sandbox's clock in relation to `uptime`; at 0 it stands still until it is
  /// advanced.
  public var speed = 0.0
  /// The source of the sandbox's time: seconds since any fixed moment.
  ///
  /// By default the machine's monotonic clock. A simulation passes its virtual time.
  public var uptime: @Sendable () -> Double = {
    let uptime = ContinuousClock.now - SandboxOptions.loaded
    return Double(uptime.components.seconds) + Double(uptime.components.attoseconds) / 1e18
  }
  /// The seed of the IDs; the same seed gives the same IDs.
  public var seed: UInt64 = 1
  /// Chooses a fault for each call to which no injected fault applies; nil chooses none.
  public var faults: Fault.Chooser?
  /// The Chargebee site.
  public var chargebee = ChargebeeSettings()
  /// The Togai organisation.
  public var togai = TogaiSettings()
  /// The Zoho Books organization.
  public var zohobooks = ZohobooksSettings()
  /// The Slack workspace.
  public var slack = SlackSettings()

  /// A sandbox whose clock stands still at 2026-01-01T00:00:00Z.
  public init() {}

  /// A sandbox whose clock shows the real time.
  public static var live: SandboxOptions {
    var options = SandboxOptions()
    options.start = Timestamp(milliseconds: Int(Date().timeIntervalSince1970 * 1000))
    options.speed = 1
    return options
  }

  private static let loaded = ContinuousClock.now
}
