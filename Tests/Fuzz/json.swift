import Values

/// A document that is read is written and read again as the same, and the outline of a webhook's body agrees
/// with the reader.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  let paths = ["id", "a.b", "content.customer.id"]
  let body = try? JSONBody(parsing: bytes, paths: paths)
  guard let json = try? JSON(parsing: bytes) else {
    precondition(body == nil, "the outline accepts what the reader refuses")
    return 0
  }
  precondition((try? JSON(parsing: json.bytes)) == json, "a document is written otherwise")
  precondition((try? JSON(parsing: json.displayedText)) == json, "it is shown otherwise")
  precondition(json.displayedText.displayed() == json.displayedText, "it controls a terminal")
  for path in paths { precondition(body?[path: path] == json[path: path], "the outline differs") }
  return 0
}
