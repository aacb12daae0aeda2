public import StepKit
public import Values

extension App {
  /// The reason why one of the app's steps may not give a reply: a trigger gives its noun, a step before
  /// another gives an object, and ids with slashes are for apps that declare how they are encoded.
  public func objection(to reply: Reply<JSON>, of step: StepID, isLast: Bool) -> String? {
    switch reply {
    case .done(let output, _, _, _):
      if case .trigger(_, let noun) = steps[step.name]?.role {
        let name = noun == "*" ? "document" : noun
        return Noun.objection(to: output, as: noun).map { "it gives no \(name): \($0)" }
      }
      return isLast || output.object != nil ? nil : "it gives no object to the next step"
    case .ask(let effects):
      guard !http.encodesIDs else { return nil }
      return effects.contains {
        if case .http(let http) = $0 { http.needsEncodedIDs } else { false }
      }
        ? "a path has an id with a slash or dots, and app.json does not say how ids are encoded"
        : nil
    case .stop, .notSynced, .fail, .retry: return nil
    }
  }
}
