/// What a record holds.
enum Content: Equatable, Sendable {
  /// The record was removed; its item stays until no scan can need it.
  case removed
  /// A value in the item itself.
  case text(String)
  /// A value in items of its own.
  case chunks(ChunkReference)

  var chunks: ChunkReference? { if case .chunks(let reference) = self { reference } else { nil } }

  /// The attributes that hold it, of which a removed record has none.
  func attributes(text: String, chunks: String) -> [String: Item.Attribute] {
    switch self {
    case .removed: [:]
    case .text(let value): [text: .text(value)]
    case .chunks(let reference): [chunks: .text("\(reference)")]
    }
  }
}
