import Catalog
public import StepKit
import Values

extension Connection {
  /// The URL of the app's own page of a thing; nil if the app does not say it.
  public func page(of kind: Kind, _ id: String) -> String? {
    app.pages[kind.rawValue].map { template in
      // The id last: it may have braces
      filled(template.replacing("{id}", with: "\u{0}")).replacing("\u{0}", with: id.percentEncoded)
    }
  }
}
