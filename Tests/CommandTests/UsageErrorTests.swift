import Foundation
import StepKit
import Testing
import Values

/// Commands that are used wrongly.
struct UsageErrorTests {
  private let meterbridge = ".build/debug/meterbridge"
  /// Creates an empty home.
  private let home = ".build/debug/meterbridge setting set personalData cut >$(mktemp)"

  @Test(arguments: [
    ("nonsense", 64, "unknown command \"nonsense\""),
    ("conection list", 64, "did you mean \"connection\"?"),
    ("run lits", 64, "did you mean \"run list\"?"),
    ("app list --jsno", 64, "unknown option --jsno; did you mean --json?"),
    ("app show", 64, "missing operand APP"), ("app show a b", 64, "unexpected operand \"b\""),
    ("app show nobody", 66, "there is no app \"nobody\"; there are chargebee, "),
    ("run show run.x", 66, "there is no run"),
    ("run list --limit x", 64, "must be an integer from 1 to"),
    ("run list --status odd", 64, "unknown status \"odd\""),
    ("run list --since soon", 64, "--since \"soon\" is neither a time nor an age such as 30d"),
    ("run list --customer cus_1", 64, "must have the form account/id"),
    ("setting set personalData maybe", 64, "use cut or shown"),
    ("setting set colour red", 64, "there is no setting \"colour\""),
    ("completion tcsh", 64, "unknown shell \"tcsh\"; the shells are bash, zsh, fish"),
    ("connection show x", 66, "there is no connection \"x\""),
    ("connection add togai --name t --secret token=abc", 64, "a secret cannot be an option value"),
    ("connection add togai --name t --secret token=@/nowhere", 66, "from the file /nowhere"),
    ("connection add togai --name t", 64, "Togai requires API token"),
    ("connection add togai --name t --set token=abc", 64, "token is a secret"),
    ("connection rm t", 66, "there is no connection"),
    ("connection test t", 66, "there is no connection"),
    ("flow connect nothing --name n", 66, "there is no flow \"nothing\""),
    ("flow connect chargebee-togai-customer-sync --name n", 64, "requires a connection"),
    ("flow enable n", 66, "there is no flow connection"),
    ("flow rm chargebee-togai-customer-sync --yes", 77, "is part of Meterbridge"),
    ("link get customer x", 64, "must have the form account/id"),
    ("link get thing chargebee:a/x", 64, "unknown kind \"thing\""),
    ("link get customer chargebee:a/x", 66, "is not in the ID mapping"),
    ("link set customer chargebee:a/x", 64, "missing operand ACCOUNT/ID…"),
    (
      "link set customer chargebee:a/x togai:p/y", 65, "no connection is to the account chargebee:a"
    ),
    ("run list --flow-connection nothing", 66, "there is no flow connection \"nothing\""),
    (
      "connection add togai --name t --set utcOffset=5:30", 64,
      "UTC offset (utcOffset): \"5:30\" is not written as +05:30"
    ),
    (
      "connection add chargebee --name c --set currencyPlaces=KWD", 64,
      "is not written as CLP=0,KWD=2"
    ),
    ("invoke togai/none", 66, "there is no step togai/none"), ("invoke none", 64, "app/step"),
    ("invoke togai/create-customer", 65, "the event is empty"),
    ("invoke togai/create-customer -e /nowhere", 66, "cannot read the event file /nowhere"),
    ("dispatch", 64, "missing option --connection"),
    ("webhook url", 64, "missing option --connection"),
    ("serve --listen nowhere:1", 64, "is not an address such as 127.0.0.1:8787"),
    ("serve --threads 0", 64, "must be an integer from 1 to 1024"),
    ("serve --keep-days 999999999999999", 64, "must be an integer from 1 to 36500"),
    ("serve --give-up-after 31", 64, "must be an integer from 1 to 30"),
    ("serve --longest-wait 9223372036854775808", 64, "must be an integer from 1 to 1440"),
    (
      "flow new --name ☃ --type inbound --trigger chargebee/customer-created --action"
        + " togai/create-customer", 64, "give one with --id"
    ),
    ("run list --parked --status failed", 64, "--parked and --status cannot be combined"),
    ("run list --follow --until 1h", 64, "--follow and --until cannot be combined"),
    (
      "flow new --name x --type sideways --trigger togai/on-demand --action togai/create-customer",
      64, "--type \"sideways\" is not inbound or outbound"
    ),
    (
      "flow new --name x --type inbound --trigger customer --action togai/create-customer", 64,
      "\"customer\" is not a step"
    ),
    ("flow validate /nowhere.json", 66, "cannot read the flow file"),
  ])
  func errorNamesProblemAndRemedy(words: String, status: Int32, reason: String) throws {
    let finished = try Shell.run("\(home); \(meterbridge) \(words)")
    #expect(finished.status == status)
    #expect(finished.output == "")
    #expect(finished.error.contains(reason), "\(finished.error)")
    #expect(finished.error.hasPrefix("meterbridge: "))
    #expect(finished.error.count { $0 == "\n" } == 1)
  }

  @Test(arguments: [
    ("help run lst", "did you mean \"run list\"?"),
    ("run lst --help", "did you mean \"run list\"?"),
    ("connection tets", "did you mean \"connection test\"?"), ("hlep", "unknown command"),
    ("flow nwe", "did you mean \"flow new\"?"), ("run list --limti 3", "did you mean --limit?"),
  ])
  func misspelledNameGetsSuggestion(words: String, suggestion: String) throws {
    let finished = try Shell.run("\(meterbridge) \(words)")
    #expect(finished.status == 64)
    #expect(finished.error.contains(suggestion), "\(finished.error)")
    #expect(finished.output == "")
  }

  @Test func errorIsJSONWithJSONOption() throws {
    let finished = try Shell.run("\(home); \(meterbridge) --json connection show x")
    #expect(finished.status == 66)
    #expect(finished.output == "")
    let error = try JSON(parsing: finished.error)
    #expect(error["status"] == 66)
    #expect(error["error"].string?.contains("there is no connection \"x\"") == true)
  }

  /// A mistyped path must not become a home.
  @Test(arguments: [
    "run list", "run show x", "event list", "link list", "connection list", "connection test t",
    "store backup x", "store verify", "metrics", "dispatch --connection c", "webhook status",
  ])
  func readingMissingHomeCreatesNone(words: String) throws {
    let finished = try Shell.run(
      "\(meterbridge) \(words) </dev/null; echo $?; ls -d $METERBRIDGE_HOME")
    #expect(finished.output == "66\n")
    #expect(finished.error.contains("meterbridge: there is no home at /"))
  }

  @Test(arguments: [
    "connection add nosuch --name x", "connection add togai --name t --secret nosuch=-",
    "connection add chargebee --name c --set site=a_b --secret apiKey=-", "setting set x y",
    "setting set personalData maybe", "link set customer a:b/c d:e/f", "link import -",
    "flow connect chargebee-togai-customer-sync --name n", "flow import /nowhere.json",
    "step place togai/nosuch local", "step place togai/create-customer http://x.example",
    "step place togai/create-customer local --flow-connection n",
    "step place togai/create-customer https://x.example --secret foo=-",
    "store restore Package.swift", "store restore /nowhere",
  ])
  func refusedCommandCreatesNoHome(words: String) throws {
    let finished = try Shell.run(
      "echo k | \(meterbridge) \(words); echo $?; ls -d $METERBRIDGE_HOME")
    #expect(["64\n", "65\n", "66\n", "77\n"].contains(finished.output), "\(finished.error)")
    #expect(finished.error.hasPrefix("meterbridge: "))
  }
}
