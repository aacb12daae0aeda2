#include <stdlib.h>
#include <sys/auxv.h>

/// Keeps a static executable from searching for Swift's backtracer.
///
/// The runtime looks for it in nine places around its own path, which it reads from /proc, and aborts
/// without /proc. A static executable has no backtracer beside it. This constructor runs before the
/// runtime's own. AT_BASE is the address of the dynamic loader, which is 0 in a static executable.
__attribute__((constructor(101))) static void meterbridge_start(void) {
  if (getauxval(AT_BASE) != 0) return;
  setenv("SWIFT_BACKTRACE", "enable=no,color=no,interactive=no,swift-backtrace=/", 0);
}
