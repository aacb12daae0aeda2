import Store

/// The real disk; each call that changes something is counted first.
struct CrashingDisk: Disk {
  let counter: OperationCounter
  private let disk = LocalDisk()

  init(counter: OperationCounter) { self.counter = counter }

  func write(
    _ bytes: UnsafeRawBufferPointer, to file: File, at offset: Int
  ) throws(StoreError) -> Int {
    counter.add()
    // In two halves, so that a crash in between leaves a torn record.
    guard bytes.count > 1 else { return try disk.write(bytes, to: file, at: offset) }
    let half = UnsafeRawBufferPointer(rebasing: bytes.prefix(bytes.count / 2))
    return try disk.write(half, to: file, at: offset)
  }

  func sync(_ file: File) throws(StoreError) {
    counter.add()
    try disk.sync(file)
  }

  func truncate(_ file: File, to size: Int) throws(StoreError) {
    counter.add()
    try disk.truncate(file, to: size)
  }

  func rename(_ path: String, to target: String) throws(StoreError) {
    counter.add()
    try disk.rename(path, to: target)
  }

  func syncDirectory(_ path: String) throws(StoreError) {
    counter.add()
    try disk.syncDirectory(path)
  }

  func remove(_ path: String) throws(StoreError) {
    counter.add()
    try disk.remove(path)
  }
}
