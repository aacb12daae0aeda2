import Glibc
import Harness

exit(EngineAdapter.run())
