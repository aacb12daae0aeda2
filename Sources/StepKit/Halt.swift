public import Values

/// The reason a step, or a part of a step, ends without a result: it lacks answers, or it failed.
///
/// A step reads from top to bottom, as if every answer were there. The first part that lacks one
/// throws ``ask(_:)``; the dispatcher performs the effects and calls the step again with the answers:
///
///     let known = try call.answers.answer(to: .find(name: "known", kind: .customer, ids: ids))
///     let customer = try existing()
public enum Halt: Error, Sendable {
  /// The effects to perform before the step is called again.
  case ask([Effect])
  /// The step cannot go on.
  case fail(Failure)
  /// What the run was to sync is not synced, and a person must decide; the reason is a sentence.
  case notSynced(String)

  /// A failure that a retry cannot mend; see ``Failure/permanent(_:)``.
  public static func permanent(_ reason: String) -> Halt { .fail(.permanent(reason)) }

  /// A failure worth a retry, in seconds if known; see ``Failure/temporary(_:after:)``.
  public static func temporary(_ reason: String, after seconds: Int? = nil) -> Halt {
    .fail(.temporary(reason, after: seconds))
  }

  /// A request that an app did not answer; see ``Failure/unanswered(_:_:isMissing:)``.
  public static func unanswered(
    _ app: String, _ thing: String, isMissing: Bool = false
  ) -> Halt { .fail(.unanswered(app, thing, isMissing: isMissing)) }
}

extension [String: Answer] {
  /// The answer to an HTTP or find effect.
  ///
  /// - Throws: `Halt.ask` with the effect if it has no answer yet.
  public func answer(to effect: Effect) throws(Halt) -> Answer {
    guard let answer = effect.name.flatMap({ self[$0] }) else { throw .ask([effect]) }
    return answer
  }

  /// Requires the answers to several effects, asked for in one call; link effects have no answer.
  ///
  /// - Throws: `Halt.ask` with all of the effects if any of them has no answer yet.
  public func require(_ effects: [Effect]) throws(Halt) {
    let isComplete = effects.allSatisfy { $0.name.map { self[$0] != nil } ?? true }
    guard isComplete else { throw .ask(effects) }
  }

  /// Has links performed before a reply that can carry none; a lookup of the first one, under this
  /// name, tells that they are.
  ///
  /// - Throws: `Halt.ask` with the links and the lookup until it is answered.
  public func keep(_ links: [Effect], as name: String) throws(Halt) {
    guard case .link(let first)? = links.first else { return }
    try require(links + [.find(name: name, kind: first.kind, ids: first.ids)])
  }

  /// Runs a part of a step whose effects have this prefix before their names, so that the same part can
  /// run several times; links come first with whatever it asks for.
  public func scoped<Result>(
    _ prefix: String, after links: [Effect] = [], _ part: (Self) throws(Halt) -> Result
  ) throws(Halt) -> Result {
    var own: Self = [:]
    for (name, answer) in self where name.hasPrefix(prefix) {
      own[String(name.dropFirst(prefix.count))] = answer
    }
    do throws(Halt) {
      return try part(own)
    } catch {
      guard case .ask(let effects) = error else { throw error }
      throw .ask(links + effects.map { $0.named(with: prefix) })
    }
  }
}

extension Sequence {
  /// Maps the elements and asks for the effects of all of them in one call, instead of one call each.
  ///
  /// - Throws: `Halt.ask` with the effects of every element that asks, in order; a failure at once.
  @inlinable
  public func batchMap<Value>(
    _ transform: (Element) throws(Halt) -> Value
  ) throws(Halt) -> [Value] {
    var values: [Value] = []
    var missing: [Effect] = []
    for element in self {
      do throws(Halt) {
        values.append(try transform(element))
      } catch {
        guard case .ask(let effects) = error else { throw error }
        missing += effects
      }
    }
    guard missing.isEmpty else { throw .ask(missing) }
    return values
  }
}
