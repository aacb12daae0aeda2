import CLinux
import Glibc
import Kernel

/// The two ends of a pipe; both are closed on exec.
struct Pipe {
  let read: Descriptor
  let write: Descriptor

  init() throws(SystemError) {
    var ends: [Int32] = [-1, -1]
    guard pipe2(&ends, O_CLOEXEC) == 0 else { throw SystemError("make a pipe", errno) }
    (read, write) = (Descriptor(ends[0]), Descriptor(ends[1]))
  }
}
