import Catalog
import Requests
import Setup
import StepKit
import Values

extension ConnectionCheck {
  /// Looks up what the keys of a table name in the app of the trigger, and compares their currencies with those
  /// of what the values name.
  ///
  /// `found` has what the values name, by their bytes, as far as it is there.
  mutating func look(
    atKeysOf table: [JSONMember], in field: Setting, beside found: [[UInt8]: JSON],
    _ probe: ProbeSpec, of source: Connection, _ caller: APIClient
  ) {
    guard let names = field.keys,
      let keys = source.app.probes.first(where: { $0.look?.names == names })
    else { return }
    for row in table {
      do throws(Problem) {
        guard let key = try look(keys, row.name, source, caller) else { continue }
        let currency = keys.look?.currency.flatMap { ProbeSpec.Look.texts($0, of: key).first }
        guard let currency, let list = probe.look?.list, let value = row.value.nonBlank,
          let currencies = found[value.byteKey].map({ ProbeSpec.Look.texts(list, of: $0) }),
          !currencies.isEmpty, !currencies.contains(currency)
        else { continue }
        findings.append(
          Finding(
            subject: "\(keys.label) \(row.name)",
            words: "is in \(currency), and \(probe.label) \(value) in"
              + " \(currencies.joined(separator: ", "))", isGood: false))
      } catch {
        unknown.append("\(keys.label) \(row.name): \(error)")
      }
    }
  }
}
