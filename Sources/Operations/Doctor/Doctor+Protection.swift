import Processes

extension Doctor {
  /// What the kernel refuses steps, and what it cannot.
  static func finding(of protection: Protection) -> Finding {
    let landlock = protection.landlock > 0 ? "Landlock \(protection.landlock)" : nil
    let means = [landlock, protection.filtersCalls ? "seccomp" : nil].compactMap(\.self)
    let subject = "protection"
    let promises = list(protection.promises)
    if protection.gaps.isEmpty {
      return Finding(.ok, subject, "steps cannot \(promises) (\(list(means)))")
    }
    let held = promises.isEmpty ? "" : "cannot \(promises), but "
    return Finding(
      .warning, subject, "steps \(held)can \(list(protection.gaps))",
      advice: "a kernel with Landlock (5.13) and seccomp, which the container allows, refuses that;"
        + " until then install only steps that you trust")
  }

  private static func list(_ words: [String]) -> String { words.joined(separator: ", ") }
}
