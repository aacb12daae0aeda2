import Values

@testable import HTTPServer

/// A stream of requests is parsed as the same requests, whole and byte by byte.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  let whole = events([bytes])
  precondition(whole == events(bytes.map { [$0] }), "the parts matter")
  return 0
}

private func events(_ parts: [[UInt8]]) -> [String] {
  var parser = RequestParser(limits: ServerLimits(), peer: Peer(host: "127.0.0.1", port: 1))
  var found: [String] = []
  for part in parts {
    parser.append(part)
    while let event = parser.next() {
      switch event {
      case .request(let request, let keepsAlive):
        found.append("\(request.method) \(request.target) \(request.body) \(keepsAlive)")
      case .continueExpected: break
      case .failed(let error):
        found.append("\(error)")
        return found
      }
    }
  }
  return found
}
