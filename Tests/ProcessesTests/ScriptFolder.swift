import Foundation
import Processes
import TestSupport
import Testing
import Values

/// A temporary folder of shell scripts, which are run as programs.
final class ScriptFolder {
  let path = NSTemporaryDirectory() + "meterbridge-processes-\(UUID().uuidString)"

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a script and describes it as a program.
  func program(
    _ script: String, name: String = "script", timeout: Double = 5, maxOutput: Int = 1 << 20,
    memory: Int? = nil
  ) throws -> Program {
    try Executable.script(script, at: "\(path)/\(name)")
    return Program(
      path: "\(path)/\(name)", timeout: timeout, maxOutput: maxOutput,
      limits: memory.map { ResourceLimits(memory: $0 << 20) })
  }

  /// Waits at most 20 seconds for a script to create a file in this folder; returns its text.
  func text(of name: String) throws -> String {
    let end = ContinuousClock.now + .seconds(20)
    while !FileManager.default.fileExists(atPath: "\(path)/\(name)") {
      try #require(ContinuousClock.now < end)
      usleep(1000)
    }
    return try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)
  }
}

/// A script that answers each line with the number of lines read so far and its process ID, as
/// `{"n":…,"pid":…}`.
///
/// Before the second answer it does something else.
func counting(_ misdeed: String = ":") -> String {
  #"""
  n=0
  while read -r line; do
    n=$((n+1))
    if [ $n = 2 ]; then \#(misdeed); fi
    echo "{\"n\":$n,\"pid\":$$}"
  done
  """#
}

/// Whether a process ends within 5 seconds.
///
/// A killed orphan is a zombie until the process that inherits it reaps it: that counts as ended.
func isGone(_ process: Int32) -> Bool {
  for _ in 0..<500 {
    let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
    guard let status, !status.contains(") Z ") else { return true }
    usleep(10_000)
  }
  return false
}
