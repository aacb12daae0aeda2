import Records
import Setup

/// What all runs of a dispatcher are performed with.
struct RunContext: Sendable {
  let home: Home
  let effects: EffectPerformer
  let links: Links
  let backoff: Backoff
  let clock: WallClock
}
