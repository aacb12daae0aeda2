/// The transactions that one sync makes durable, after a header line.
///
/// A group is complete or absent, and so is each of its transactions. It is begun after the previous
/// group was synced, so a valid header also proves that everything before it was durable.
struct CommitGroup {
  let records: [(key: Key, entry: Entry)]
  /// The size in bytes, including the header.
  let size: Int

  /// What is at the place of a group.
  enum ReadResult {
    case group(CommitGroup)
    /// The end of the bytes, or preallocated space.
    case end
    /// A torn or damaged group, and the offset of its first bad line.
    case broken(at: Int)
  }

  /// Reads the group at an offset of a journal, whose header must state a position.
  static func read(_ bytes: UnsafeRawBufferPointer, at offset: Int, position: Int) -> ReadResult {
    guard offset < bytes.count else { return .end }
    guard let header = GroupHeader(bytes, at: offset, position: position) else {
      return bytes.isBlank(from: offset) ? .end : .broken(at: offset)
    }
    var records: [(key: Key, entry: Entry)] = []
    var next = header.next
    while next < header.end {
      guard let line = Line(in: bytes, at: next), line.next <= header.end,
        let record = line.record()
      else { return .broken(at: next) }
      records.append(record)
      next = line.next
    }
    guard records.count == header.records else { return .broken(at: offset) }
    return .group(CommitGroup(records: records, size: header.end - offset))
  }

  /// Encodes a group of lines.
  static func bytes(of lines: LineBuffer, position: Int) -> [UInt8] {
    var header = LineBuffer()
    header.add(.group, numbers: [position, lines.bytes.count, lines.records])
    return header.bytes + lines.bytes
  }

  /// Returns the offset of the next group after a broken one, or nil if none follows.
  ///
  /// If one follows, the broken group was durable, so it is damaged and not torn.
  ///
  /// A header follows a newline, or zeros that replaced one. Values contain neither, so they cannot
  /// imitate a header. If the newline itself is damaged, the header of the broken group leads on.
  static func next(_ bytes: UnsafeRawBufferPointer, after offset: Int, position: Int) -> Int? {
    let start = position - offset
    if let end = GroupHeader(bytes, at: offset, position: position)?.end,
      GroupHeader(bytes, at: end, position: start + end) != nil
    {
      return end
    }
    var line = offset
    while line < bytes.count {
      let end = bytes.endOfLine(from: line)
      let begin = bytes[line..<end].lastIndex(of: 0).map { $0 + 1 } ?? line
      if begin > offset, GroupHeader(bytes, at: begin, position: start + begin) != nil {
        return begin
      }
      line = end + 1
    }
    return nil
  }
}
