#include <stdlib.h>
#include <unistd.h>

/// Lets a static executable start in a root without /proc.
///
/// Swift's runtime asks /proc where it is, to find its backtracer, and aborts where there is none.
/// SWIFT_ROOT spares it the question; the constructor runs before the runtime's own.
__attribute__((constructor(101))) static void meterbridge_start(void) {
  if (access("/proc/self/exe", F_OK) != 0) setenv("SWIFT_ROOT", "/", 0);
}
