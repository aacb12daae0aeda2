import Foundation
import Testing

/// The ID mapping.
struct LinkTests {
  private let meterbridge = ".build/debug/meterbridge"

  @Test func linkSetGetListAndRemove() throws {
    let home = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { Shell.remove(home) }
    func run(_ words: String) throws -> Shell.Finished {
      try Shell.run("\(meterbridge) \(words)", home: home)
    }
    let set = "set customer chargebee:acme/cus_1 togai:production/C1"
    #expect(try run("link \(set)").error.contains("there is no home"))
    for app in ["chargebee --set site=acme --secret apiKey", "togai --secret token"] {
      let added = try Shell.run(
        "echo k | \(meterbridge) connection add \(app)=- --name \(app.prefix(5)) --no-test",
        home: home)
      #expect(added.status == 0, "\(added.error)")
    }
    #expect(try run("link \(set)").status == 0)
    #expect(
      try run("link get customer togai:production/C1").output
        == "chargebee:acme/cus_1  togai:production/C1\n")
    #expect(try run("link set customer chargebee:acme/cus_1 togai:production/C2").status == 77)
    #expect(
      try run("link list --json").output
        == #"{"ids":{"chargebee:acme":"cus_1","togai:production":"C1"},"kind":"customer"}"# + "\n")
    #expect(try run("link rm customer chargebee:acme/cus_1 --yes").status == 0)
    #expect(try run("link list").error == "no links (in \(home))\n")
  }

  @Test func linkImportIsAllOrNothing() throws {
    let finished = try Shell.run(
      """
      m=.build/debug/meterbridge
      d=$(mktemp -d)
      echo k | $m connection add chargebee --name c --set site=acme --secret apiKey=- --no-test >$d/x
      echo k | $m connection add togai --name t --secret token=- --no-test >$d/x
      printf 'chargebee:acme,togai:production\\ncus_1,C1\\ncus_2,C2\\n' | $m link import - --kind customer
      echo '{"kind":"account","ids":{"chargebee:acme":"cus_1","togai:production":"A1"}}' | $m link import -
      $m link get customer togai:production/C1
      printf 'kind,chargebee:acme,togai:production\\ncustomer,cus_1,C9\\ncustomer,cus_3,C2\\n' | $m link import -
      echo $?
      $m link export >$d/links
      printf 'kind,chargebee:acmee,togai:production\\ncustomer,cus_5,C5\\n' | $m link import -
      $m store backup $d/backup >$d/x
      export METERBRIDGE_HOME=$d/other
      $m store restore --trust $d/backup >$d/x
      for id in cus_1 cus_2; do $m link rm customer chargebee:acme/$id --yes; done >$d/x
      $m link import $d/links
      $m link export | cmp - $d/links && echo same
      """)
    #expect(
      finished.output == """
        2 rows, 2 new
        1 row, 1 new
        chargebee:acme/cus_1  togai:production/C1
        account: chargebee:acme/cus_1  togai:production/A1
        65
        3 rows, 2 new
        same

        """, "\(finished.error)")
    #expect(finished.error.split(separator: "\n").count { $0.contains("line ") } == 2)
    #expect(finished.error.contains("no connection is to the account chargebee:acmee"))
  }
}
