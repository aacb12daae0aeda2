import Dispatcher
import Foundation
import Operations
import StepKit
import Values

extension Command {
  /// `doctor`: whether all is there that is needed.
  static let doctor = Command(
    name: "doctor", summary: "Look whether all is as it must be, and say what to do",
    options: [Option(name: "offline", help: "Ask no app, and no step that is elsewhere")],
    details: """
      It looks at the permissions of the home, the store, the disk, the limits of the system, the key
      of the secrets, the clock, who carries the runs, the steps that flow connections use (each is
      called once), the connections (each key is tried with one harmless read) and the webhooks.
      Each line is ok, warning or wrong, and what to do. The exit status is 1 if something is wrong,
      else 0. It changes nothing.
      """
  ) { (context) throws(Problem) in
    let doctor = Doctor(
      home: context.homePath,
      keyFile: ProcessInfo.processInfo.environment["METERBRIDGE_KEY_FILE"]?.nonBlank,
      catalog: try context.catalog(), functions: try context.functions(),
      isOffline: context.arguments.has("offline"))
    var isWrong = false
    doctor.examine(begin: { Progress.show("\($0) …") }) { finding in
      isWrong = isWrong || finding.grade == .wrong
      guard !context.wantsJSON else { return Terminal.say(finding.json) }
      let grade = finding.grade.rawValue.padding(toLength: 7, withPad: " ", startingAt: 0)
      let advice = finding.advice.map { "; \($0)" } ?? ""
      Terminal.say("\(grade)  \(finding.subject): \(finding.words)\(advice)")
    }
    if isWrong { exit(1) }
  }
}
