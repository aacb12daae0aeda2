import Glibc

/// Seconds since some time in the past.
func now() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// How many seconds something takes.
func seconds(_ body: () throws -> Void) rethrows -> Double {
  let start = now()
  try body()
  return now() - start
}

/// The seconds of each of some tries.
func times(_ count: Int, _ body: (Int) throws -> Void) rethrows -> [Double] {
  var times: [Double] = []
  times.reserveCapacity(count)
  for number in 0..<count { times.append(try seconds { try body(number) }) }
  return times
}
