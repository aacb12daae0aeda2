import Foundation
import Store
import Testing

@Suite struct PermissionTests {
  @Test func storeIsAccessibleToOwnerOnly() throws {
    let scratch = try ScratchDirectory()
    let store = try scratch.store()
    try store.put("1", at: "a")
    try store.compact()
    #expect(try scratch.mode("") == 0o700)
    for name in try scratch.names() { #expect(try scratch.mode(name) == 0o600) }
  }

  @Test func secretsRemovePermissionsOfOthers() throws {
    let scratch = try ScratchDirectory()
    try scratch.write([], "lock")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: scratch.path)
    _ = try Secrets(at: scratch.path)
    #expect(try scratch.mode("") == 0o700)
  }

  @Test func newAncestorsAreAccessibleToOwnerOnly() throws {
    let scratch = try ScratchDirectory()
    _ = try FileStore(at: "\(scratch.path)/home/store")
    #expect(try scratch.mode("home") == 0o700)
  }

  @Test func errorNamesCallAndPath() throws {
    let error = #expect(throws: StoreError.self) { try FileStore(at: "/proc/nowhere") }
    #expect(error?.description == "mkdir /proc/nowhere: No such file or directory")
    #expect(error?.isTemporary == true)
  }
}
