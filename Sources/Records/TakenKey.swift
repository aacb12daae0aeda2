import Setup
public import Values

/// The key under which it is kept when an event was taken, so that the oldest are found first.
public enum TakenKey {
  /// How long the key is without the event's own.
  public static let length = bound(Timestamp(seconds: 0)).count

  /// The key of an event.
  public static func make(_ event: Event) -> String { bound(event.at) + event.key }

  /// What sorts after all keys of an earlier time.
  public static func bound(_ time: Timestamp) -> String {
    StoreKey.taken.key(Identifier.time(time)) + "/"
  }
}
