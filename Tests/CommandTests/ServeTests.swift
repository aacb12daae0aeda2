import Foundation
import StepKit
import Testing
import Values

/// `serve`: its signals and its log.
struct ServeTests {
  private let meterbridge = ".build/debug/meterbridge"

  @Test(arguments: ["TERM", "INT"]) func terminationSignalEndsServeWithStatus0(signal: String)
    throws
  {
    let finished = try Shell.run(
      """
      \(meterbridge) serve --listen 127.0.0.1:0 & first=$!
      for i in $(seq 100); do grep -q listening /proc/$$/fd/2 && break; sleep 0.05; done
      \(meterbridge) serve --listen 127.0.0.1:0; echo "second $?"
      kill -\(signal) $first; wait $first; echo "first $?"
      """)
    #expect(finished.output == "second 75\nfirst 0\n")
    #expect(finished.error.contains("is executing the runs of"))
  }

  /// Runs a script beside `serve`, whose log is redirected to `$log`; its URL is in `$url`.
  private func serve(_ options: String, _ script: String) throws -> Shell.Finished {
    try Shell.run(
      """
      m=.build/debug/meterbridge
      x=$(mktemp)
      log=$(mktemp)
      await() { for i in $(seq 200); do grep -q "$1" $log && return; sleep 0.05; done; }
      echo k | $m connection add chargebee --name c --set site=acme --secret apiKey=- --no-test >$x
      echo k | $m connection add togai --name t --secret token=- --no-test >$x
      $m flow connect chargebee-togai-customer-sync --name n >$x
      $m dispatch --connection c -e events/chargebee/customer-created/raw-webhook-on-one-line.json 2>$x
      $m event run --since 1h --flow-connection n >$x 2>&1
      $m serve --listen 127.0.0.1:0 \(options) & server=$!
      await 'listening on'
      url=http://$(grep -o '127.0.0.1:[0-9]*' $log | head -n 1)
      \(script)
      kill $server; wait $server; echo "status $?"
      """)
  }

  @Test func hangupReloadsSettingsAndServiceContinues() throws {
    let finished = try serve(
      "2>$log",
      """
      $m setting set personalData shown
      kill -HUP $server
      await 'settings reloaded'
      curl -sS $url/health
      grep -c 'settings reloaded' $log
      """)
    #expect(
      finished.output == """
        personalData is shown
        {"status":"ok"}
        1
        status 0

        """, "\(finished.error)")
  }

  /// With few descriptors too, idle clients shut out neither webhooks nor what runs need.
  @Test func deliveryIsTakenAndCarriedBesideIdleClientsWith64Descriptors() throws {
    let finished = try serve(
      "2>$log",
      """
      kill $server; wait $server
      printf pw-0123456789abcdef | $m connection set c --secret webhookPassword=- --no-test >$x
      $m connection set t --set baseUrl=http://127.0.0.1:9 --no-test >$x
      $m flow enable n >$x
      (ulimit -n 64; exec $m serve --listen 127.0.0.1:0 2>$log) & server=$!
      await 'listening on'
      port=$(grep -o '127.0.0.1:[0-9]*' $log | head -n 1 | cut -d: -f2)
      cat >$x.sh <<'END'
      for i in $(seq 150); do
        exec {idle}<>/dev/tcp/127.0.0.1/$1
        printf 'GET /health HTTP/1.1\\r\\nHost: h\\r\\n\\r\\n' >&$idle
      done
      for id in 1 2 3; do
        echo "{\\"id\\":\\"ev_$id\\",\\"event_type\\":\\"customer_created\\",\\"content\\":{\\"customer\\":{\\"id\\":\\"c$id\\",\\"email\\":\\"$id@example.com\\"}}}" |
          curl -sS -m 10 -o $2 -w '%{http_code}\\n' -u meterbridge:pw-0123456789abcdef -d @- http://127.0.0.1:$1/hooks/c
      done
      END
      bash $x.sh $port $x
      await 'idle connections were closed'
      for i in $(seq 100); do
        tried=$($m run list --json | grep -c 'no connection can be made')
        test $tried = 4 && break; sleep 0.1
      done
      echo "$tried tried"
      """)
    #expect(finished.output == "200\n200\n200\n4 tried\nstatus 0\n", "\(finished)")
  }

  @Test func logLinesBeginWithTime() throws {
    let finished = try serve(
      "2>$log >&2",
      """
      curl -sS -o $x -d '{}' $url/hooks/nobody
      await nobody
      await 'of n waits'
      cat $log
      """)
    let lines = finished.output.split(separator: "\n").dropLast()
    #expect(lines.count >= 3, "\(finished)")
    for line in lines {
      let words = line.split(separator: " ", maxSplits: 2)
      #expect(Timestamp(iso: String(words[0])) != nil, "\(line)")
      #expect(["info:", "warning:", "error:"].contains(words[1]), "\(line)")
    }
  }

  @Test func logIsJSONLinesOnStandardOutput() throws {
    let finished = try serve(
      "--json >$log",
      """
      curl -sS -o $x -d '{}' $url/hooks/nobody
      await nobody
      await 'of n waits'
      cat $log
      """)
    #expect(finished.error == "")
    let lines = try finished.output.split(separator: "\n").dropLast().map {
      try JSON(parsing: String($0))
    }
    for line in lines {
      #expect(line["time"].string.flatMap { Timestamp(iso: $0) } != nil, "\(line)")
      #expect(line["message"].string != nil, "\(line)")
    }
    #expect(lines.first?["level"] == "info")
    let waits = try #require(lines.first { $0["flowConnection"] == "n" }, "\(finished.output)")
    #expect(waits["level"] == "warning")
    #expect(waits["run"].string?.hasPrefix("run.") == true)
    #expect(waits["reason"].string != nil)
    let refused = try #require(lines.first { $0["message"].string?.contains("nobody") == true })
    #expect(refused["reason"].string != nil)
  }
}
