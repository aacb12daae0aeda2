import Catalog
import Dispatcher
import Lanes
import Records
import Setup
import StepKit
import Store
import Values

/// A dispatcher from its start to its end, by a kill or with the world.
///
/// It is used by one thread, which the compiler cannot see: hence unchecked.
final class Life: @unchecked Sendable {
  /// What a dispatcher may be killed at.
  enum Point: String {
    case write
    case flush
    case call
    case request
    case answer
  }

  unowned let world: World
  private(set) var isDead = false
  /// The points that are left; nil without an end.
  private var left: Int?
  private var parts: Parts?

  private struct Parts {
    let registry: Registry
    let runs: RunStore
    let intake: Intake
    let scheduler: SteppingScheduler
  }

  /// A dispatcher that is not started.
  init(in world: World) { self.world = world }

  /// Opens what is committed, and takes up the open runs.
  func start(_ shared: SharedSetup, _ store: any KeyValueStore, _ disk: TearingDisk?) throws {
    let home = Home(
      at: shared.path, store: KillableStore(store, disk, of: self), secrets: world.secrets)
    let registry = Registry(home: home, catalog: shared.catalog)
    let clock = world.time.clock
    let executor = RunExecutor(
      registry: registry, caller: MortalSteps(steps: shared.steps, life: self),
      transport: FaultyTransport(life: self),
      backoff: Backoff(chance: { [unowned world] in world.chance.fraction() }), clock: clock)
    let runs = RunStore(home: home)
    let scheduler = SteppingScheduler(executor: executor, store: runs, clock: clock)
    let open = try runs.open()
    scheduler.add(open)
    let order = AcceptanceOrder(after: open.last?.acceptedAt ?? VirtualTime.start)
    parts = Parts(
      registry: registry, runs: runs,
      intake: Intake(registry: registry, clock: clock, order: order), scheduler: scheduler)
  }

  /// The scheduler; nil once it is dead.
  var scheduler: SteppingScheduler? { isDead ? nil : parts?.scheduler }

  /// Passes a point, and says whether it survives that.
  func lives(_ point: Point) -> Bool {
    guard !isDead else { return false }
    guard let left else { return true }
    self.left = left - 1
    guard left <= 1 else { return true }
    die("at a \(point.rawValue)")
    return false
  }

  /// Lets it die at a point; false if it will die sooner or later by itself.
  func arm(_ point: Int) -> Bool {
    guard !isDead, left == nil else { return false }
    left = point
    return true
  }

  func die(_ how: String) {
    isDead = true
    world.note("the dispatcher is killed \(how)")
  }

  /// Lets go of all that it has opened, which knows it in turn.
  func leave() { parts = nil }

  /// Takes webhooks, and begins their runs.
  ///
  /// - Returns: for each whether it was taken; nil if there is nobody to say so.
  func take(_ bodies: [(JSON, app: String)]) -> [Intake.Receipt]? {
    guard !isDead, let parts else { return nil }
    let events = bodies.compactMap { body, app in
      (try? parts.registry.connections.get(app)).map { (body, $0) }
    }
    let receipts = parts.intake.take(events)
    guard !isDead else { return nil }
    parts.scheduler.add(receipts.flatMap(\.runs))
    return receipts
  }

  /// Looks again at what waits for a person.
  func recheck() {
    guard !isDead else { return }
    parts?.scheduler.recheckWaiting()
  }

  /// Takes up what another process, or the dispatcher's own watch of the store, finds open.
  func sweep() {
    guard !isDead, let parts else { return }
    guard let open = try? parts.runs.open(where: { !parts.scheduler.has($0) }) else { return }
    parts.scheduler.add(open)
  }
}

/// The steps as one dispatcher calls them.
private struct MortalSteps: StepCaller {
  let steps: CachedSteps
  let life: Life

  func call(
    _ step: StepID, at destination: StepDestination?, with invocation: [UInt8]
  ) throws(Problem) -> StepOutput {
    guard life.lives(.call) else { throw Problem(.unavailable, "the dispatcher was killed") }
    return try steps.call(step, at: destination, with: invocation)
  }
}
