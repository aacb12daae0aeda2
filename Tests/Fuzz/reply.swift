import StepKit
import Values

/// A reply or an invocation that is decoded is encoded and decoded again as the same, and no path in it
/// leads elsewhere.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let json = try? JSON(parsing: Array(UnsafeBufferPointer(start: start, count: count))) else {
    return 0
  }
  if let call = try? Invocation<JSON>(json: json) { _ = call.json.bytes }
  for name in ["customer", "payment", "invoice", "*"] { _ = Noun.objection(to: json, as: name) }
  guard let reply = try? Reply<JSON>(json: json) else { return 0 }
  let again = try? Reply<JSON>(json: reply.json)
  precondition(again?.json == reply.json, "a reply is encoded otherwise")
  guard case .ask(let effects) = reply else { return 0 }
  for case .http(let http) in effects {
    let segments = http.path.split(separator: "/").map { String($0).percentDecoded }
    let leadsUp = segments.contains { $0 == nil || $0 == ".." || $0 == "." }
    precondition(!leadsUp || http.needsEncodedIDs, "a path leads up")
  }
  return 0
}
