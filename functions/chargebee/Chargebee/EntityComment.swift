public import StepKit
import Values

/// Comments on a Chargebee customer or invoice with its ids in other apps, or the flow's text, once.
///
/// The comment is for people; the ID mapping does not depend on it, so a refusal fails nothing.
///
/// | answer of Chargebee | result |
/// |---|---|
/// | existing comments have all of the text | done |
/// | they have a part of it | a comment with the rest |
/// | 401 | failed, as for every other request |
/// | 408, 429, 5xx | retried later |
/// | any other refusal, of the list or of the comment | done, with a warning |
/// | unknown, and the list has the comment then | done |
/// | unknown, and it does not | retried later |
public struct EntityComment: Sendable {
  private let entity: Comment.Entity
  private let ids: [String: String]
  /// The flow's text, if set.
  private let text: String?
  private let answers: [String: Answer]

  /// The comment of a call.
  public init(_ call: Invocation<CustomerOrInvoice>) {
    entity = Comment.Entity(call.input)
    ids = call.input.ids
    text = call.option("text").nonBlank
    answers = call.answers
  }

  /// Comments, and returns what there is to say of it.
  public func remark() throws(Halt) -> Remark {
    let others = ids.excluding(ChargebeeAPI.name)
    guard let id = ids[ChargebeeAPI.name], text != nil || !others.isEmpty else {
      return .note("nothing to say")
    }
    let account = Effect.find(name: "account", kind: .account, ids: ids)
    let read = Comment.read("comments", on: entity, id)
    try answers.require(entity == .customer && text == nil ? [account, read] : [read])
    let comments = try answers.answer(to: read)
    let row = answers["account"].flatMap {
      $0.value[ChargebeeAPI.name].string.hasBytes(of: id) ? $0.value : nil
    }
    let parts = text.map { [$0] } ?? sentences(others, accounts: row ?? .null)
    guard let unsaid = try unsaid(parts, in: comments, id) else {
      return .warning("no comment was made: \(refusal(comments, id))")
    }
    return unsaid.isEmpty ? .note("the comment is there already") : try made(unsaid, id)
  }
}

// MARK: - Once

extension EntityComment {
  /// The effect's name, and with it the idempotency key, depends on the text: two flows may each
  /// comment on one thing.
  private var name: String {
    "commented" + (text.map { "-" + Fingerprint(of: $0.utf8).text.prefix(8) } ?? "")
  }

  private func made(_ parts: [String], _ id: String) throws(Halt) -> Remark {
    let comment = Comment(on: entity, id, notes: Self.joined(parts))
    let commented = try answers.answer(to: comment.write(name))
    let done = Remark.note("commented: \(comment.notes)")
    let what = "the comment on \(entity.rawValue) \(id)"
    if commented.isSuccess { return done }
    guard commented.isUnknown else {
      try ChargebeeAPI.checkReachable(commented, what)
      return .warning("no comment was made: \(ChargebeeAPI.failure(commented, what).reason)")
    }
    let again = try answers.answer(to: Comment.read("comments-again", on: entity, id))
    guard let unsaid = try unsaid(parts, in: again, id) else {
      return .warning("whether a comment was made is in doubt: \(refusal(again, id))")
    }
    guard unsaid.isEmpty else {
      throw .unanswered("Chargebee", "\(what)", isMissing: true)
    }
    return done
  }

  /// The parts that no comment of a list has yet; nil if Chargebee refuses the list.
  ///
  /// The comment of another flow may have all of the parts, or some of them.
  private func unsaid(
    _ parts: [String], in answer: Answer, _ id: String
  ) throws(Halt) -> [String]? {
    try ChargebeeAPI.checkReachable(answer, comments(on: id))
    guard let notes = Comment.notes(in: answer) else { return nil }
    let whole = Self.joined(parts).truncated(to: 1000).nonBlank
    if notes.contains(where: { $0.nonBlank.hasBytes(of: whole) }) { return [] }
    // Parts are compared whole: customer acme is not acme-corp
    let said = text == nil ? notes.flatMap(Self.parts) : notes
    return parts.filter { !said.containsBytes(of: $0) }
  }

  private func comments(on id: String) -> String { "the comments on \(entity.rawValue) \(id)" }

  private func refusal(_ answer: Answer, _ id: String) -> String {
    answer.isSuccess
      ? "Chargebee gave no list of \(comments(on: id))"
      : ChargebeeAPI.failure(answer, comments(on: id)).reason
  }
}

// MARK: - Text

extension EntityComment {
  /// `Togai customer acme, account acme-eu` for each app; one id if both are the same.
  private func sentences(_ ids: [String: String], accounts: JSON) -> [String] {
    ids.byApp.map { app, id in
      guard let account = accounts[app].verbatim else {
        return "\(app.titled) \(entity.rawValue) \(id)"
      }
      return account.hasBytes(of: id)
        ? "\(app.titled) customer and account \(id)"
        : "\(app.titled) customer \(id), account \(account)"
    }
  }

  private static func joined(_ parts: [String]) -> String { parts.joined(separator: "; ") }

  private static func parts(of notes: String) -> [String] {
    notes.split(separator: ";").compactMap { String($0).nonBlank }
  }
}
