public import Step

/// Shows the foreign ids of an invoice as settings of the invoice in Togai.
///
/// They are for people and the ID mapping is what counts, so a refusal stops nothing: how Togai spells
/// the entity of an invoice is not published.
public struct InvoiceSettings: Sendable {
  private let ids: [String: String]
  private let answers: [String: Answer]

  /// The settings of an invoice, as far as the answers go.
  public init(of invoice: Invoice, _ answers: [String: Answer]) {
    ids = invoice.ids
    self.answers = answers
  }

  /// What the note says, or what must be asked first.
  public func note() throws(Failure) -> Part<String> {
    guard let id = ids[Togai.name] else {
      return .has("nothing to set: the invoice has no id in Togai")
    }
    let foreign = ids.filter { $0.key != Togai.name }.sorted { $0.key < $1.key }
    guard !foreign.isEmpty else {
      return .has("nothing to set: invoice \(id) has no id in another app")
    }
    var effects: [Effect] = []
    var words: [String] = []
    for (app, value) in foreign {
      let written = try written(Setting(app: app, value: value, of: .invoice), app, on: id)
      effects += written.effects
      words += [written.value].compactMap(\.self)
    }
    return effects.isEmpty ? .has(words.joined(separator: "; ")) : .needs(effects)
  }

  // MARK: Private

  /// Writes one setting; the value is what the note says.
  private func written(
    _ setting: Setting, _ app: String, on id: String
  ) throws(Failure) -> Part<String> {
    let what = "setting \(setting.id) of invoice \(id)"
    let done = Part.has("set \(setting.id) on invoice \(id)")
    guard let written = answers["setting-\(app)"] else {
      return .needs([setting.write("setting-\(app)", on: .invoice, id)])
    }
    if written.isSuccess { return done }
    guard written.isUnknown else {
      try check(written, what)
      return .has("\(setting.id) was not set: \(Togai.failure(written, what).reason)")
    }
    guard let look = answers["look-\(app)"] else {
      return .needs([setting.look("look-\(app)", on: .invoice, id)])
    }
    try check(look, what)
    guard look.isSuccess else {
      return .has("\(setting.id) is in doubt: \(Togai.failure(look, what).reason)")
    }
    // The same setting written twice is one setting
    guard setting.isIn(look) else {
      throw .temporary("\(what) is in doubt and not there yet", after: 30)
    }
    return done
  }

  /// The only answers that are a reason to fail, or to try again.
  private func check(_ answer: Answer, _ thing: String) throws(Failure) {
    if answer.isUnknown || answer.isTemporary || answer.status == 401 {
      throw Togai.failure(answer, thing)
    }
  }
}
