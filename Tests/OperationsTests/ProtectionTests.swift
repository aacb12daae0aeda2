import Processes
import Testing

@testable import Operations

/// The doctor says what the kernel refuses steps.
struct ProtectionTests {
  @Test func wholeProtectionIsOK() {
    let finding = Doctor.finding(of: Protection(landlock: 7, filtersCalls: true))
    #expect(finding.grade == .ok)
    #expect(finding.words.contains("cannot open files other than their own"))
    #expect(finding.words.hasSuffix("(Landlock 7, seccomp)"))
  }

  @Test(arguments: [
    (0, true, "can read files of the user"), (4, false, "can use the network"),
    (0, false, "steps can read files"),
  ])
  func gapIsAWarning(landlock: Int, filtersCalls: Bool, words: String) {
    let finding = Doctor.finding(of: Protection(landlock: landlock, filtersCalls: filtersCalls))
    #expect(finding.grade == .warning)
    #expect(finding.words.contains(words), "\(finding.words)")
    #expect(finding.advice?.contains("only steps that you trust") == true)
  }
}
