/// What the command line says.
struct Options {
  var part = "all"
  var wantsJSON = false
  /// How often everything is measured; the figures are the medians.
  var rounds = 3
  /// Where the steps' static executables are; nil to build them.
  var steps: String?
  /// Where the stores lie: the disk that is measured.
  var place = ".build/bench"

  init(_ words: [String]) throws {
    var rest = words[...]
    while let word = rest.popFirst() {
      switch word {
      case "--json": wantsJSON = true
      case "--rounds":
        guard let rounds = Int(rest.popFirst() ?? ""), rounds > 0 else {
          throw BenchError(64, "--rounds wants a number above zero")
        }
        self.rounds = rounds
      case "--steps": steps = try Self.folder(rest.popFirst(), word)
      case "--at": place = try Self.folder(rest.popFirst(), word)
      case _ where word.hasPrefix("-"): throw BenchError(64, "there is no option \(word)")
      default: part = word
      }
    }
  }

  private static func folder(_ word: String?, _ option: String) throws -> String {
    guard let word, !word.isEmpty else { throw BenchError(64, "\(option) wants a directory") }
    return word
  }
}
