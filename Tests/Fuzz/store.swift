import Glibc
import Store

private let folder = "/dev/shm/meterbridge-fuzz-\(getpid())"

/// Whatever is in a journal, opening the store recovers it or refuses it, and what it recovers can be
/// read and written.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  mkdir(folder, 0o700)
  for name in (try? LocalDisk().names(in: folder)) ?? [] { unlink("\(folder)/\(name)") }
  let file = open("\(folder)/journal.0", O_CREAT | O_WRONLY | O_TRUNC, 0o600)
  write(file, start, count)
  close(file)
  do throws(StoreError) {
    let store = try FileStore(at: folder)
    let records = try store.records(prefix: "")
    for record in records {
      let value = try store.get(record.key)
      precondition(value == record.value, "a record reads otherwise")
    }
    try store.put("value", at: "fuzz")
    let again = try FileStore(at: folder)
    let value = try again.get("fuzz")
    precondition(value == "value", "a new record is lost")
  } catch {
    precondition(!"\(error)".isEmpty)
  }
  return 0
}
