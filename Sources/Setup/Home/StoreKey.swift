/// The schema of a home's store: a prefix for each kind of record.
///
/// A key is the prefix and a name. `<…>` is a variable part, and a part in parentheses is
/// percent-encoded, since it came from outside. All documents are JSON objects; a member with `?` may be
/// missing. Times are ISO 8601 in UTC with milliseconds.
///
/// | key | members of the document | written by |
/// |---|---|---|
/// | `connection/<name>` | `name`, `app`, `settings` | ``Registry`` |
/// | `paused/<connection>` | `reason`, `since` | ``Pauses`` |
/// | `circuit/(<resource>)` | `reason`, `since`: a connection or step that does not answer | ``Circuits`` |
/// | `flow/<id>` | a flow file: `name`, `type`, `when`, `then` … | ``FlowStore`` |
/// | `flow-connection/<name>` | `name`, `flow`, `enabled`, `steps` | ``FlowStore`` |
/// | `policy/<flow connection>` | see `Policy` in Policies | Policies, `PolicyStore` |
/// | `spent/<flow connection>` | `total`?, `buckets`?, `failures`?, `brokenSince`?: see `Spending` | Policies, `EffectGate` |
/// | `hold/<run>` | see `Hold` in Policies: a change that waits for a person | Dispatcher, `HoldStore` |
/// | `stopped/effects` | `at`, `by`, `reason`?: no change leaves the home | Policies, `EffectStop` |
/// | `place/<app>/<step>` | `url`, `auth`?: the endpoint of a step | ``StepEndpoints`` |
/// | `place/<app>/<step>/<flow connection>` | the same, in one flow connection | ``StepEndpoints`` |
/// | `permission/<app>/<step>` | `files`?, `network`?, `threads`?: what a step may use | ``StepPermissions`` |
/// | `audit/<number>` | `at`, `by`, `did`, `on`?, `what`?, `outcome`, `previous` | ``AuditLog`` |
/// | `setting/<name>` | `value` | ``HomeSetting`` |
/// | `schedule/<name>` | `schedule`, `last`, `made`?, `said`?, `failing`?: how far it is | Operations, `ScheduledWork` |
/// | `home/format` | `format`, `build`, `unfinished`?: of a home in a table, whose copy is under way | ``TableMark`` |
/// | `webhook/<scope>/(<id>)` | `url`, `events`: an endpoint installed in an app | Operations, `WebhookEndpoints` |
/// | `link/<kind>/<scope>/(<id>)` | `ids`, `versions`?; the same document at each id of the row | ``Links`` |
/// | `event/<scope>/(<id>)` | `at`, `body`, `connection`, `runs`, `type`? | Dispatcher, `Intake` |
/// | `taken/<time>/<key of the event>` | none: orders the events by time | Dispatcher, `Intake` |
/// | `sweep/last` | `at`, `jump`?, `ran`?: when old events were removed | Records, `Retention` |
/// | `cursor/<scope>/<poll>` | `since`, `cursor`?, `at`?, `failing`? with `since` and `reason` | Records, `PollCursor` |
/// | `unreadable/<scope>/<digest>` | `at`, `connection`, `reason`, `size`, `body` in base64 | Records, `UnreadableEvents` |
/// | `run/<run>` | see `Run` in Records | `Intake`, `RunExecutor`, `RunStore` |
/// | `open/<run>` | `lane`: marks a run that has not ended | as above |
/// | `parked/<run>` | none: marks a run that waits for `run settle` | as above |
/// | `attention/<run>` | `status`: marks an ended run that a person must look at | as above |
/// | `request/<run>` | `action`, `by`?: what a person asks of an open run | Records, `RunRequest` |
/// | `reserved/<scope>/<thing>/<scope>/(<id>)` | `run`: the one that makes the thing in the first account | Records, `Reservations` |
/// | `acknowledged/(<item>)` | `since`, `at`, `by`?: what a person has seen and left | Operations, `Attention` |
/// | `assigned/(<item>)` | `to`, `at`, `by`: who looks after what needs a person | Operations, `Attention` |
/// | `told/<rhythm>/(<group>)` | `at`, `through`: the last message about what needs attention | Operations, `Notifier` |
/// | `added/<what>` | `at`: the records that builds before it did not write were added | Operations, `Attention` |
/// | `effect/<run>/<step>/(<effect>)` | see `LedgerEntry` in Records; steps count from 1 | Records, `Ledger` |
/// | `operator/<name>` | `name`, `role`, `at` | Operations, `OperatorStore` |
/// | `session/<digest>` | `operator`, `at`, `seen`, `address`: an operator who is signed in | Operations, `SessionStore` |
/// | `sign-in/<digest>` | `operator`, `until`: a link that signs an operator in once | Operations, `SessionStore` |
/// | `token/<digest>` | `name`, `operator`, `at`: a program that acts as an operator | Operations, `APITokens` |
/// | `reconciliation/<reconciliation>` | see `KeptReconciliation` in Operations | Operations, `ReconciliationStore` |
/// | `difference/<reconciliation>/<number>` | see `KeptDifference` in Operations | Operations, `ReconciliationStore` |
/// | `explained/<difference>` | `reason`, `by`, `at`, `until`?: what a person said of a difference | Operations, `ReconciliationStore` |
/// | `reply/<run>/<step>/<call>` | `reply`, and in the first `payload`, `settings` | Records, `Transcript` |
///
/// A run's status decides which keys mark it:
///
/// | `status` | meaning | `open/` | `parked/` | leaves it by |
/// |---|---|---|---|---|
/// | `pending` | has steps to go, now or at `due` | yes | no | an end below, `run cancel` |
/// | `success` | every step is done | no | no | `run retry --from-step` |
/// | `stopped` | a step had nothing to do | no | no | `run retry` |
/// | `not_synced` | a step did not sync something; a person must decide | no | no | `run retry` |
/// | `failed` | cannot go on; a person must look | no | no | `run retry` |
/// | `canceled` | a person ended it | no | no | `run retry` |
/// | `parked` | a change may have happened; a person must say | no | yes | `run settle` |
///
/// A run of status `not_synced` or `failed` has `attention/` until a person retries or acknowledges it, or a
/// later run of the same event and flow connection comes to another end.
///
/// `run retry` and `run settle` make a run `pending`. A pending run that could not go on states in
/// `waitsFor` why: `person` (a held change, stopped effects, a paused connection, a key that does not open,
/// a disabled flow connection),
/// `retry` (after trouble, or because a step asked for it), `limit` (the app's rate limit) or `run`
/// (another run makes the same thing). A person can end the first; time ends the others.
public enum StoreKey: String, CaseIterable, Sendable {
  case connection = "connection/"
  case paused = "paused/"
  case circuit = "circuit/"
  case flow = "flow/"
  case flowConnection = "flow-connection/"
  case policy = "policy/"
  case spent = "spent/"
  case hold = "hold/"
  case stopped = "stopped/"
  case place = "place/"
  case permission = "permission/"
  case audit = "audit/"
  case schedule = "schedule/"
  case setting = "setting/"
  case home = "home/"
  case webhook = "webhook/"
  case link = "link/"
  case event = "event/"
  case taken = "taken/"
  case sweep = "sweep/"
  case cursor = "cursor/"
  case unreadable = "unreadable/"
  case run = "run/"
  case open = "open/"
  case parked = "parked/"
  case attention = "attention/"
  case request = "request/"
  case reserved = "reserved/"
  case acknowledged = "acknowledged/"
  case assigned = "assigned/"
  case told = "told/"
  case added = "added/"
  case effect = "effect/"
  case reply = "reply/"
  case `operator` = "operator/"
  case session = "session/"
  case signIn = "sign-in/"
  case token = "token/"
  case reconciliation = "reconciliation/"
  case difference = "difference/"
  case explained = "explained/"

  /// The prefixes of records that hardly ever change and are read all the time.
  static let watched = [connection, flowConnection, paused, place, permission, policy, stopped].map(
    \.prefix)

  /// The prefixes of records that are read together with those of the same run.
  static let grouped = [effect, reply].map(\.prefix)

  /// The text with which all keys of the kind begin.
  public var prefix: String { rawValue }

  /// The least text that sorts after all keys of the kind.
  public var end: String { rawValue.dropLast() + "0" }

  /// The key of a name, or the prefix of the keys below it.
  public func key(_ name: String) -> String { rawValue + name }

  /// The name in a key of the kind.
  public func name(in key: String) -> String { String(key.dropFirst(rawValue.count)) }
}
