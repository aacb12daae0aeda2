import Setup
public import Values

/// The key that orders an event by its time.
public enum TakenKey {
  /// The length of the key up to the key of the event.
  public static let length = bound(Timestamp(seconds: 0)).count

  /// The key of an event.
  public static func make(_ event: Event) -> String { bound(event.at) + event.key }

  /// The prefix of the keys of a time, which sorts after all keys of earlier ones.
  public static func bound(_ time: Timestamp) -> String {
    StoreKey.taken.key(Identifier.time(time)) + "/"
  }
}
