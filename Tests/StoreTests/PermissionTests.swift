import Foundation
import Store
import Testing

@Suite struct PermissionTests {
  @Test func areForTheOwnerAlone() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    try store.put("1", at: "a")
    try store.compact()
    #expect(try scratch.mode("") == 0o700)
    for name in try scratch.names() { #expect(try scratch.mode(name) == 0o600) }
  }

  @Test func areTakenAwayFromOthersForSecrets() throws {
    let scratch = try Scratch()
    try scratch.write([], "lock")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: scratch.path)
    _ = try Secrets(at: scratch.path)
    #expect(try scratch.mode("") == 0o700)
  }

  @Test func areGivenToTheDirectoriesAbove() throws {
    let scratch = try Scratch()
    _ = try FileStore(at: "\(scratch.path)/home/store")
    #expect(try scratch.mode("home") == 0o700)
  }

  @Test func areMissedWithTheCallAndThePath() throws {
    let error = #expect(throws: StoreError.self) { try FileStore(at: "/proc/nowhere") }
    #expect(error?.description == "mkdir /proc/nowhere: No such file or directory")
    #expect(error?.isTemporary == true)
  }
}
