public import Store
public import Values

extension Home {
  /// Runs a closure while it holds the lock of a file in a folder of the home, against other threads
  /// and processes.
  ///
  /// - Throws: a `temporary` problem if the file cannot be locked; what the closure throws.
  public func withLock<Value>(
    on name: String, in folder: String, _ body: (File) throws(Problem) -> Value
  ) throws(Problem) -> Value {
    let lock: InterProcessLock
    do throws(StoreError) {
      try LocalDisk().makeDirectory("\(path)/\(folder)")
      lock = try InterProcessLock(at: "\(path)/\(folder)/\(name)")
      try lock.lock()
    } catch {
      throw Problem(error)
    }
    defer { lock.unlock() }
    return try body(lock.file)
  }
}
