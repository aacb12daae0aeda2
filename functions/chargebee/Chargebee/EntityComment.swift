public import StepKit
public import Values

/// Says on a Chargebee customer or invoice which ids it has in other apps, or what the flow says, once.
///
/// It is for people and the ID mapping is what counts, so a refusal stops nothing.
///
/// | what Chargebee says | what comes of it |
/// |---|---|
/// | comments in the list say all of it | done |
/// | they say a part of it | a comment says the rest |
/// | 401 | failed, as it is for every other request |
/// | 408, 429, 5xx | later again |
/// | any other refusal, of the list or of the comment | done, with a note |
/// | nothing, and the list says it then | done |
/// | nothing, and it is not | later again |
public struct EntityComment: Sendable {
  private let entity: Comment.Entity
  private let ids: [String: String]
  /// What the flow says, if it says anything.
  private let text: String?
  private let answers: [String: Answer]

  /// The comment of a call, as far as its answers go.
  public init(_ call: Invocation<Subject>) {
    switch call.input {
    case .customer(let customer): (entity, ids) = (.customer, customer.ids)
    case .invoice(let invoice): (entity, ids) = (.invoice, invoice.ids)
    }
    text = call.option("text").nonBlank
    answers = call.answers
  }

  /// What the note says, or what must be asked first.
  public func note() throws(Failure) -> Part<String> {
    let others = ids.filter { $0.key != Chargebee.name }
    guard let id = ids[Chargebee.name], text != nil || !others.isEmpty else {
      return .has("nothing to say")
    }
    let finds = entity == .customer && text == nil
    guard let comments = answers["comments"], !finds || answers["account"] != nil else {
      let account = Effect.find(name: "account", kind: .account, ids: ids)
      return .needs((finds ? [account] : []) + [Comment.read("comments", on: entity, id)])
    }
    let account = answers["account"].flatMap { $0.value[Chargebee.name].string == id ? $0 : nil }
    let parts = text.map { [$0] } ?? sentences(others, accounts: account)
    guard let unsaid = try unsaid(parts, in: comments, id) else {
      return .has("no comment was made: \(silence(comments, id))")
    }
    return unsaid.isEmpty ? .has("the comment is there already") : try made(unsaid, id)
  }
}

// MARK: - Once

extension EntityComment {
  /// Two flows may each say something about one thing: the effect, and with it the idempotency key, is
  /// of the text.
  private var name: String {
    "commented" + (text.map { "-" + Fingerprint(of: $0.utf8).text.prefix(8) } ?? "")
  }

  private func made(_ parts: [String], _ id: String) throws(Failure) -> Part<String> {
    let comment = Comment(on: entity, id, notes: Self.joined(parts))
    guard let commented = answers[name] else { return .needs([comment.write(name)]) }
    let done = Part.has("commented: \(comment.notes)")
    let what = "the comment on \(entity.rawValue) \(comment.id)"
    if commented.isSuccess { return done }
    guard commented.isUnknown else {
      try check(commented, what)
      return .has("no comment was made: \(Chargebee.failure(commented, what).reason)")
    }
    guard let again = answers["comments-again"] else {
      return .needs([Comment.read("comments-again", on: entity, comment.id)])
    }
    guard let unsaid = try unsaid(parts, in: again, id) else {
      return .has("whether a comment was made is in doubt: \(silence(again, comment.id))")
    }
    guard unsaid.isEmpty else {
      throw .temporary("\(what) is in doubt and not there yet", after: 30)
    }
    return done
  }

  /// What no comment of a list says yet; nil where Chargebee does not let them be read.
  ///
  /// Another flow may know more apps, and has said it all in one comment, or a part of it.
  private func unsaid(
    _ parts: [String], in answer: Answer, _ id: String
  ) throws(Failure) -> [String]? {
    try check(answer, "the comments on \(entity.rawValue) \(id)")
    guard let notes = Comment.notes(in: answer) else { return nil }
    if notes.contains(where: { $0.nonBlank == Self.joined(parts).truncated(to: 1000).nonBlank }) {
      return []
    }
    // A piece of one will not do: customer acme is another one than acme-corp
    let said = text == nil ? Set(notes.flatMap(Self.parts)) : Set(notes)
    return parts.filter { !said.contains($0) }
  }

  private func silence(_ answer: Answer, _ id: String) -> String {
    let what = "the comments on \(entity.rawValue) \(id)"
    return answer.isSuccess
      ? "Chargebee gave no list of \(what)" : Chargebee.failure(answer, what).reason
  }

  /// The only answers that are a reason to fail, or to try again.
  private func check(_ answer: Answer, _ thing: String) throws(Failure) {
    if answer.isUnknown || answer.isTemporary || answer.status == 401 {
      throw Chargebee.failure(answer, thing)
    }
  }
}

// MARK: - Words

extension EntityComment {
  /// `Togai customer acme, account acme-eu`, for each app; an id that both have is said once.
  private func sentences(_ ids: [String: String], accounts: Answer?) -> [String] {
    ids.sorted { $0.key < $1.key }.map { app, id in
      guard let account = accounts?.value[app].nonBlank else {
        return "\(app.titled) \(entity.rawValue) \(id)"
      }
      return account == id
        ? "\(app.titled) customer and account \(id)"
        : "\(app.titled) customer \(id), account \(account)"
    }
  }

  private static func joined(_ parts: [String]) -> String { parts.joined(separator: "; ") }

  private static func parts(of notes: String) -> [String] {
    notes.split(separator: ";").compactMap { String($0).nonBlank }
  }
}
