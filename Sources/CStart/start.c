#include <stdlib.h>
#include <sys/auxv.h>

/// Spares a static executable the search for Swift's backtracer.
///
/// The runtime would look for it in nine places around its own, which it asks /proc for, and would
/// abort where there is no /proc. Beside a static executable there is none; the constructor runs
/// before the runtime's own. An executable without an interpreter was loaded at none: AT_BASE is 0.
__attribute__((constructor(101))) static void meterbridge_start(void) {
  if (getauxval(AT_BASE) != 0) return;
  setenv("SWIFT_BACKTRACE", "enable=no,color=no,interactive=no,swift-backtrace=/", 0);
}
