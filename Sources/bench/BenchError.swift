/// Why nothing was measured, and the exit status that says so.
struct BenchError: Error {
  let status: Int32
  let reason: String

  init(_ status: Int32, _ reason: String) {
    self.status = status
    self.reason = reason
  }
}
