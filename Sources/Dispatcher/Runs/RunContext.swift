import Records
import Setup

/// The dependencies that all runs of a dispatcher share.
final class RunContext: Sendable {
  let home: Home
  let effects: EffectPerformer
  let links: Links
  let backoff: Backoff
  let clock: WallClock

  init(
    home: Home, effects: EffectPerformer, links: Links, backoff: Backoff, clock: WallClock
  ) {
    (self.home, self.effects, self.links) = (home, effects, links)
    (self.backoff, self.clock) = (backoff, clock)
  }
}
