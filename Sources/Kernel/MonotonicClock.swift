import Glibc

/// The monotonic clock: seconds since an arbitrary start, which no clock adjustment moves.
public enum MonotonicClock {
  /// The current time.
  public static var now: Double {
    var time = timespec()
    // Cannot fail: the clock exists on every Linux and the pointer is valid.
    _ = clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
