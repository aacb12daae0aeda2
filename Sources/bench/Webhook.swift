import Foundation
import StepKit

/// The webhook that is sent again and again: Chargebee's `customer_created` of 1.5 KB, with ids of
/// its own each time.
enum Webhook {
  /// What stands for the number of an event; each has so many digits.
  static let mark = "@@@@@@@@@@@@"

  /// The event, on one line; where the customer is `deleted` already, the first step says stop.
  static func event(deleted: Bool) throws -> [UInt8] {
    let path = "\(Steps.repository)/events/chargebee/customer-created/raw-webhook-on-one-line.json"
    guard let data = FileManager.default.contents(atPath: path) else {
      throw BenchError(66, "there is no \(path)")
    }
    var text = String(decoding: data, as: UTF8.self)
      .replacingOccurrences(of: "ev_AzqbnKUzq1aYr2Lp", with: "ev_\(mark)")
      .replacingOccurrences(of: "acme-corp-7f3", with: "cus_\(mark)")
      .replacingOccurrences(of: "\"midmarket\"", with: "\"\(String(repeating: "m", count: 200))\"")
      .trimmingCharacters(in: .newlines)
    if deleted {
      text = text.replacingOccurrences(of: "\"deleted\": false", with: "\"deleted\": true")
    }
    return Array(text.utf8)
  }

  /// The event with a number.
  static func event(deleted: Bool, number: Int) throws -> [UInt8] {
    let text = String(decoding: try event(deleted: deleted), as: UTF8.self)
    return Array(text.replacingOccurrences(of: mark, with: digits(number)).utf8)
  }

  /// The request that brings an event to a connection.
  static func request(deleted: Bool) throws -> [UInt8] {
    let body = try event(deleted: deleted)
    let pair = Data("meterbridge:\(BenchHome.password)".utf8).base64EncodedString()
    let head = """
      POST /hooks/chargebee HTTP/1.1\r
      Host: 127.0.0.1\r
      Authorization: Basic \(pair)\r
      Content-Type: application/json\r
      User-Agent: ChargeBee\r
      Content-Length: \(body.count)\r
      \r

      """
    return Array(head.utf8) + body
  }

  /// A number as the mark's digits.
  static func digits(_ number: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(mark.utf8.count - text.utf8.count, 0)) + text
  }
}
