import Foundation
import Values

/// Questions on the terminal whose answers can be taken back: `back` repeats the question before.
///
/// The wizard runs again from its first question with the answers that stay, which are not asked for.
final class Questions {
  /// Why a wizard does not go on.
  enum Interruption: Error {
    /// The answer before is taken back.
    case back
    /// The input ended.
    case ended
  }

  /// What did not happen if the input ends, such as `no flow was created`.
  private let loss: String
  private var answers: [String] = []
  /// The number of answers that this pass has used.
  private var used = 0

  /// Begins to ask.
  init(loss: String) { self.loss = loss }

  /// Whether anything was asked.
  var hasAsked: Bool { !answers.isEmpty }

  private var isRepeating: Bool { used < answers.count }

  /// Runs a wizard, anew after each answer that is taken back.
  ///
  /// - Throws: `refused` if the input ends before the last answer, or what the wizard throws.
  func run<Value>(
    _ wizard: () throws(Interruption) -> Value
  ) throws(Problem) -> Value {
    while true {
      used = 0
      do throws(Interruption) {
        return try wizard()
      } catch .ended {
        throw Problem(.refused, "\(loss): the input ended before the last question")
      } catch {
        if !answers.isEmpty { answers.removeLast() }
      }
    }
  }

  /// Asks until `read` accepts the answer; `hint` is shown after one that it does not accept.
  func answer<Value>(
    _ question: String, hint: String? = nil, _ read: (String) -> Value?
  ) throws(Interruption) -> Value {
    if isRepeating, let value = read(answers[used]) {
      used += 1
      return value
    }
    answers.removeSubrange(used...)
    while true {
      Terminal.prompt("\(question): ")
      guard let line = readLine(strippingNewline: true) else { throw .ended }
      let typed = line.trimmingCharacters(in: .whitespaces)
      if typed == "back" { throw .back }
      if let value = read(typed) {
        answers.append(typed)
        used += 1
        return value
      }
      if let hint { Terminal.note("  \(hint)") }
    }
  }

  /// Asks for a choice of one item.
  func choice<Value>(
    _ question: String, _ items: [Choice<Value>.Item]
  ) throws(Interruption) -> Value {
    if !isRepeating {
      for (index, item) in items.enumerated() { Terminal.note("  \(index + 1)  \(item.names[0])") }
    }
    let hint = "Enter a number, a name, or the beginning of one name only."
    return try answer("\(question) [1-\(items.count)]", hint: hint) {
      Choice(items: items).item(for: $0)
    }
  }

  /// Whether the answer to a question is yes.
  func confirms(_ question: String) throws(Interruption) -> Bool {
    try answer("\(question)? [y/n]", hint: "Enter y or n.") { answer in
      switch answer.lowercased() {
      case "y", "yes": true
      case "n", "no": false
      default: nil
      }
    }
  }
}
