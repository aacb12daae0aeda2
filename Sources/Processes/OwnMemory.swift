import CConfine

/// The memory of this process, in which there are secrets.
public enum OwnMemory {
  /// Keeps it from core files and, unless they are root's, from other processes.
  public static func hide() { meterbridge_hide() }

  /// Whether it is kept from them.
  public static var isHidden: Bool { meterbridge_is_hidden() != 0 }
}
