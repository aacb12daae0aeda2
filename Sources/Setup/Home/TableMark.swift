import Store
import Values

/// The record that says what a home in a table is: what the file `format` is for a home in files.
///
/// | `home/format` | what is done |
/// |---|---|
/// | missing | the home is new: the record is made |
/// | has `unfinished` | a copy into it was interrupted: only a copy opens it, and begins anew |
/// | states a format up to that of this build | the home is opened |
/// | states a greater format, or none | the home is refused |
enum TableMark {
  private static let key = StoreKey.home.key("format")

  static func open(in home: Home, isCopying: Bool) throws(Problem) {
    let table = home.table ?? ""
    guard let text = try home.text(at: key) else {
      // If somebody else makes it at the same time, it is the same
      _ = try home.commit([.put(key, HomeFormat.current.json)], if: [.absent(key)])
      return
    }
    _ = try HomeFormat(record: text, of: table)
    guard !isCopying else { return }
    guard try !isUnfinished(home) else {
      throw Problem(
        .configuration,
        "the copy into the table \(table) was interrupted: repeat `meterbridge home copy`")
    }
  }

  static func isUnfinished(_ home: Home) throws(Problem) -> Bool {
    try home.document(at: key)?["unfinished"].bool ?? false
  }

  static func write(in home: Home, isUnfinished: Bool) throws(Problem) {
    let mark = HomeFormat.current.json.with("unfinished", isUnfinished ? true : nil)
    _ = try home.commit([.put(key, mark)])
  }
}
