import Glibc
import Harness

exit(Harness.run())
