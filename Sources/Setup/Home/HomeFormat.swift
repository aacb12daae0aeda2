import Glibc
import Store
public import Values

/// The format of a home: the number that the file `format` in its directory states.
///
/// The number is in a file of its own and not in a record of the store. A build must read it before it
/// opens the store, because a later format may change the store's own files, and a person can read it
/// with `cat`. Builds up to e53855d ignore the file.
///
/// | `format` states | what this build does |
/// |---|---|
/// | nothing: there is no file | opens the home, which e53855d or an earlier build made (format 1), and states its own number |
/// | a smaller number | opens the home, and states its own number |
/// | its own number | opens the home |
/// | a greater number | refuses the home before it opens anything |
/// | no number | refuses the home: the file is damaged |
///
/// Every change of the format increases ``current``, reads all earlier formats, and adds a home of the
/// last build before it to `Tests/FlowTests/Homes`.
public struct HomeFormat: Sendable {
  /// The format that this build writes.
  public static let current = HomeFormat(number: 1, build: "Meterbridge \(Version.text)")
  /// The format of a home that states none.
  private static let first = HomeFormat(number: 1, build: "Meterbridge e53855d")

  /// The number, from 1.
  public let number: Int
  /// The build that stated the number.
  public let build: String

  /// The format that a file states.
  ///
  /// - Throws: A `configuration` problem if the format is newer than this build, or not stated.
  private init(text: String, in path: String) throws(Problem) {
    guard let json = try? JSON(parsing: text), let number = json["format"].int, number > 0 else {
      throw Problem(
        .configuration,
        "\(path) has no format number: restore the file from a backup of the home")
    }
    self.init(number: number, build: json["build"].string ?? "a build without a name")
    try check(path)
  }

  private init(number: Int, build: String) { (self.number, self.build) = (number, build) }

  /// The format of the home at a path.
  ///
  /// - Throws: A `configuration` problem if the format is newer than this build, or not stated.
  public init(home: String) throws(Problem) {
    let file = Self.file(in: home)
    guard access(file, F_OK) == 0 else {
      self = Self.first
      return
    }
    try self.init(text: KeyFile.read(file) ?? "", in: file)
  }

  /// The format of the home from which a backup was taken, as the backup's first line states it.
  ///
  /// - Throws: A `configuration` problem if the format is newer than this build.
  public init(backup head: JSON, in path: String) throws(Problem) {
    let json = head["home"]
    guard !json.isNull else {
      self = Self.first
      return
    }
    try self.init(text: json.text, in: path)
  }

  /// The format that the record of a home in a table states.
  ///
  /// - Throws: A `configuration` problem if the format is newer than this build, or not stated.
  init(record text: String, of table: String) throws(Problem) {
    try self.init(text: text, in: "the table \(table)")
  }

  /// The format as it is stated.
  public var json: JSON { ["format": .number(Numeral(number)), "build": .string(build)] }

  /// States the format in a home.
  public func write(in home: String) throws(Problem) {
    do throws(StoreError) {
      try KeyFile.write(json.text + "\n", to: Self.file(in: home), isNew: false)
    } catch {
      throw Problem(error)
    }
  }

  /// States the format of this build in a home of this format, if it does not yet.
  public func update(_ home: String) throws(Problem) {
    let file = Self.file(in: home)
    guard number < Self.current.number || access(file, F_OK) != 0 else { return }
    do throws(Problem) {
      try Self.current.write(in: home)
    } catch {
      // Without a number the home counts as the first format, which it has
      guard number == Self.current.number else { throw error }
    }
  }

  private func check(_ path: String) throws(Problem) {
    guard number > Self.current.number else { return }
    throw Problem(
      .configuration,
      "\(path) states format \(number), written by \(build); this is Meterbridge \(Version.text), which"
        + " reads formats up to \(Self.current.number): upgrade Meterbridge")
  }

  private static func file(in home: String) -> String { "\(home)/format" }
}
