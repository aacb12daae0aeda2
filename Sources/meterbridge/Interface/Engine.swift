import AWS
import Foundation
import Values

/// Where the records and the sealed secrets of a home are.
enum Engine: Equatable {
  /// In files of the home's directory.
  case file
  /// In a table of DynamoDB; the directory has the key and the locks of this machine.
  case table(String)

  /// Reads `file` or `aws:TABLE`.
  ///
  /// - Throws: `usage` for anything else, also for a name that DynamoDB does not allow.
  init(_ text: String) throws(Problem) {
    if text == "file" {
      self = .file
      return
    }
    let name = text.hasPrefix("aws:") ? String(text.dropFirst(4)) : ""
    guard (3...255).contains(name.utf8.count), name.utf8.allSatisfy(Self.isOfName) else {
      throw Problem(
        .usage,
        "\"\(text)\" is no engine: say file, or aws:TABLE with 3 to 255 letters, digits, dots, hyphens"
          + " and underscores")
    }
    self = .table(name)
  }

  /// The client of the account that the environment names.
  ///
  /// - Throws: `configuration` if a variable is missing or wrong.
  static func client() throws(Problem) -> AWSClient {
    AWSClient(try AWSAccount(environment: ProcessInfo.processInfo.environment))
  }

  private static func isOfName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "._-".utf8.contains(byte)
    }
  }
}
