import Glibc

/// The clock of the loop's timers: seconds since an arbitrary start, never set back.
enum MonotonicClock {
  static var now: Double {
    var time = timespec()
    // It cannot fail: the clock exists on every Linux and the pointer is good.
    _ = clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
