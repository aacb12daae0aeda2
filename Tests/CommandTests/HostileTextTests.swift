import Foundation
import Testing
import Values

/// Whatever a webhook or an API says, output has the lines that we laid out and controls no terminal.
struct HostileTextTests {
  private static let hostile =
    #"\\n2026-01-01T00:00:00Z info: forged\\r\\u001b[31m\\u001b]8;;http:\/\/evil\\u0007x\\u009b2J\\u202eabc"#

  @Test func outputShowsHostileTextEscaped() throws {
    let finished = try Shell.run(
      """
      m=.build/debug/meterbridge
      x=$(mktemp)
      log=$(mktemp)
      await() { for i in $(seq 200); do grep -q "$1" $log && return; sleep 0.05; done; }
      echo k | $m connection add chargebee --name c --set site=acme --secret apiKey=- --no-test >$x
      echo k | $m connection add togai --name t --secret token=- --set baseUrl=http://127.0.0.1:1 \
        --no-test >$x
      $m flow connect chargebee-togai-customer-sync --name n --enable >$x
      sed 's|"id":"|"id":"\(Self.hostile)|g' \
        events/chargebee/customer-created/raw-webhook-on-one-line.json >$log.event
      $m dispatch --connection c -e $log.event
      run=$($m run list --json | sed 's/.*"id":"\\([^"]*\\)".*/\\1/')
      $m run list; $m event list; $m plan n -e $log.event; $m run show "$(printf "$run")"
      $m run list --json; $m event list --json; $m plan n -e $log.event --json
      $m link set customer "chargebee:acme/$(printf 'a\\nforged')" togai:production/b
      $m link list; $m link get customer togai:production/b
      $m serve --listen 127.0.0.1:0 2>$log & server=$!
      await 'listening on'
      url=http://$(grep -o '127.0.0.1:[0-9]*' $log | head -n 1)
      curl -sS -o $x -d '{}' "$url/hooks/nobody%0A2026-01-01T00:00:00Z%20info:%20forged%1B%5B31m"
      await nobody
      kill $server; wait $server
      cat $log; rm -f $log $log.event
      """)
    let all = finished.output + finished.error
    #expect(all.contains("forged"), "\(all)")
    for line in all.split(separator: "\n", omittingEmptySubsequences: false) {
      let line = String(line)
      #expect(line.displayed(isPage: true) == line, "\(line.displayed())")
      #expect(!line.trimmingCharacters(in: .whitespaces).hasPrefix("forged"), "\(line)")
      #expect(!line.hasPrefix("2026-01-01T00:00:00Z info: forged"), "\(line)")
    }
  }
}
