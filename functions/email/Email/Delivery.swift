public import StepKit
import Values

/// The meaning of the mail server's answers.
public enum Delivery {
  /// The note on mails that the server took.
  ///
  /// - Throws: A permanent failure that names the addresses for which it did not.
  public static func note(_ answers: [(effect: Effect, answer: Answer)]) throws(Halt) -> String {
    let refused = answers.filter { !$0.answer.isSuccess }.map { effect, answer in
      "\(address(effect)) (\(answer.isUnknown ? "in doubt" : reply(answer)))"
    }
    guard refused.isEmpty else {
      throw .permanent(
        "the server did not take the mail to \(refused.joined(separator: ", "))"
          + (refused.count < answers.count ? "; the other addresses have it" : "")
          + ": correct the addresses of the flow, and retry the run")
    }
    return
      "the server took the mail to \(answers.map { address($0.effect) }.joined(separator: ", "))"
  }

  private static func address(_ effect: Effect) -> String {
    if case .mail(let mail) = effect { mail.to.text } else { "" }
  }

  private static func reply(_ answer: Answer) -> String {
    answer.value["message"].nonBlank?.truncated(to: 200) ?? "refused"
  }
}
