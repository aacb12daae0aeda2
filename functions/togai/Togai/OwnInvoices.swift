import StepKit
import Values

/// Tells Togai's own invoices, which another app only collects, from those that sell something.
///
/// Without this a Togai invoice that is paid in Chargebee would buy its customer a price plan. Own
/// are those that are linked, and those whose reference is the id of an invoice that Togai knows:
/// the link may be missing where a run was cut off.
struct OwnInvoices {
  let invoices: [PaidInvoice]
  let app: String
  let answers: [String: Answer]

  /// For each invoice its id in Togai, where it is Togai's own.
  func ids() throws(Failure) -> Part<[String?]> {
    let finds = invoices.indices.flatMap(finds)
    guard finds.allSatisfy({ answers[$0.name] != nil }) else { return .needs(finds.map(\.effect)) }

    var ids: [String?] = []
    var effects: [Effect] = []
    for index in invoices.indices {
      let id = try id(index)
      effects += id.effects
      ids.append(id.value ?? nil)
    }
    return effects.isEmpty ? .has(ids) : .needs(effects)
  }

  private func finds(_ index: Int) -> [(name: String, effect: Effect)] {
    let invoice = invoices[index]
    let own = "own-\(index)"
    let known = Effect.find(name: own, kind: .invoice, ids: invoice.ids, in: Togai.name)
    guard let reference = invoice.reference else { return [(own, known)] }
    let name = "reference-\(index)"
    let ids = [Togai.name: reference]
    return [(own, known), (name, .find(name: name, kind: .invoice, ids: ids, in: app))]
  }

  private func id(_ index: Int) throws(Failure) -> Part<String?> {
    let reference = invoices[index].reference
    if let own = answers["own-\(index)"]?.value.nonBlank { return .has(own) }
    if answers["reference-\(index)"]?.isSuccess == true { return .has(reference) }
    guard let reference, reference.hasPrefix("inv.") else { return .has(nil) }
    guard let answer = answers["togai-invoice-\(index)"] else {
      let path = "/invoices/\(reference.percentEncoded)"
      return .needs([.get("togai-invoice-\(index)", path)])
    }
    if Togai.isNothing(answer) { return .has(nil) }
    // That it exists is enough
    _ = try Togai.value(of: answer, "invoice \(reference.truncated(to: 60))")
    return .has(reference)
  }
}
