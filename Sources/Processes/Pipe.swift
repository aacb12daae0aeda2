import CLinux
import Glibc

/// The two ends of a pipe, which no program inherits that is not given them.
public struct Pipe {
  /// What is written into the other end can be read here.
  public let read: Descriptor
  /// Where to write.
  public let write: Descriptor

  /// Makes a pipe.
  public init() throws(SystemError) {
    var ends: [Int32] = [-1, -1]
    guard pipe2(&ends, O_CLOEXEC) == 0 else { throw SystemError("make a pipe", errno) }
    (read, write) = (Descriptor(ends[0]), Descriptor(ends[1]))
  }

  /// Closes both ends.
  public func close() {
    read.close()
    write.close()
  }
}
