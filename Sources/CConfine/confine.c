#define _GNU_SOURCE
#include "confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <linux/securebits.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "filter.h"

// Newer than the headers of some systems.
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif

/// The argument of landlock_create_ruleset as of version 6; older kernels take its beginning.
struct rules {
  uint64_t files, network, scoped;
};

enum { STACK = 64 << 10, EXECUTE = 1, READ_FILE = 4, READ_DIR = 8, DESCRIPTORS = 256 };

int meterbridge_landlock_version(void) {
  const long version = syscall(SYS_landlock_create_ruleset, NULL, 0, 1);
  return version > 0 ? (int)version : 0;
}

int meterbridge_has_seccomp(void) {
  struct sock_filter code[METERBRIDGE_FILTER_SIZE];
  // Fails with EFAULT where there are filters, and with EINVAL where there are none.
  const int fails = prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL, 0, 0);
  return fails != 0 && errno == EFAULT && meterbridge_filter(code, 0, 0, 1) > 0;
}

void meterbridge_hide(void) {
  const struct rlimit none = {0, 0};
  // Neither fails for these values.
  (void)setrlimit(RLIMIT_CORE, &none);
  (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

void meterbridge_adopt_orphans(void) { (void)prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

int meterbridge_is_hidden(void) {
  struct rlimit core;
  return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 && getrlimit(RLIMIT_CORE, &core) == 0
         && core.rlim_max == 0;
}

/// The set of what a program may open; -1 without Landlock, or -2 if it cannot be made.
static int make_rules(const struct meterbridge_launch *launch) {
  const int version = meterbridge_landlock_version();
  if (version == 0) return -1;
  // Files: 13 rights as of version 1, then refer, truncate and, in version 5, devices.
  const int rights = version >= 5 ? 16 : version >= 3 ? 15 : version == 2 ? 14 : 13;
  struct rules rules = {((uint64_t)1 << rights) - 1, launch->network ? 0 : 3, 3};
  const size_t size = version >= 6 ? sizeof rules : version >= 4 ? 16 : 8;
  const int set = (int)syscall(SYS_landlock_create_ruleset, &rules, size, 0);
  if (set < 0) return -2;
  for (size_t index = 0; index < launch->path_count; index++) {
    const struct meterbridge_path *path = &launch->paths[index];
    struct stat status;
    const int file = open(path->path, O_PATH | O_CLOEXEC);
    if (file < 0 && (errno == ENOENT || errno == ENOTDIR)) continue;
    if (file < 0 || fstat(file, &status) != 0) goto failed;
    struct landlock_path_beneath_attr beneath = {
      .allowed_access = READ_FILE | (S_ISDIR(status.st_mode) ? READ_DIR : 0)
                        | (path->executes ? EXECUTE : 0),
      .parent_fd = file,
    };
    const long fails = syscall(SYS_landlock_add_rule, set, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
    if (fails != 0) goto failed;
    close(file);
    continue;
  failed:;
    const int code = errno;
    if (file >= 0) close(file);
    close(set);
    errno = code;
    return -2;
  }
  return set;
}

/// What the new process shares with this one until exec.
struct start {
  const struct meterbridge_launch *launch;
  int rules;
  pid_t parent;
  volatile int code;
  volatile enum meterbridge_stage stage;
};

/// The user 0 gets no capabilities by exec either.
static int drop_privileges(void) {
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct none[2] = {{0, 0, 0}, {0, 0, 0}}, own[2];
  if (syscall(SYS_capget, &header, own) != 0) return -1;
  const uint32_t all = own[0].permitted | own[1].permitted;
  if (all == 0 && geteuid() != 0) return 0;
  const unsigned long bits = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP
                             | SECBIT_NO_SETUID_FIXUP_LOCKED | SECBIT_NO_CAP_AMBIENT_RAISE
                             | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED;
  const int can = (own[0].effective >> CAP_SETPCAP & 1) != 0;
  if (can && prctl(PR_SET_SECUREBITS, bits, 0, 0, 0) != 0) return -1;
  (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  return (int)syscall(SYS_capset, &header, none);
}

static int set_limit(int resource, unsigned long value) {
  struct rlimit former;
  if (getrlimit(resource, &former) != 0) return -1;
  if (former.rlim_max < value) value = former.rlim_max;
  const struct rlimit limit = {value, value};
  return setrlimit(resource, &limit);
}

static int fail(struct start *start, enum meterbridge_stage stage) {
  start->code = errno != 0 ? errno : EIO;
  start->stage = stage;
  _exit(127);
}

static int confine(struct start *start) {
  const struct meterbridge_launch *launch = start->launch;
  if (set_limit(RLIMIT_NOFILE, DESCRIPTORS) != 0 || set_limit(RLIMIT_MEMLOCK, 0) != 0)
    return fail(start, CONFINE_STAGE_LIMITS);
  if (drop_privileges() != 0) return fail(start, CONFINE_STAGE_PRIVILEGES);
  if (start->rules >= 0 && syscall(SYS_landlock_restrict_self, start->rules, 0) != 0)
    return fail(start, CONFINE_STAGE_LANDLOCK);
  struct sock_filter code[METERBRIDGE_FILTER_SIZE];
  struct sock_fprog filter = {0, code};
  const unsigned int own = (unsigned int)syscall(SYS_getpid);
  filter.len = meterbridge_filter(code, launch->network, launch->threads, own);
  if (filter.len > 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) != 0
      && errno != EINVAL)  // A kernel without filters.
    return fail(start, CONFINE_STAGE_FILTER);
  return 0;
}

/// The new process: it shares the memory of this one, which waits until exec.
static int run(void *argument) {
  struct start *start = argument;
  const struct meterbridge_launch *launch = start->launch;
  struct sigaction standard = {.sa_handler = SIG_DFL};
  // Exec resets handlers; what is ignored would stay ignored.
  for (int signal = 1; signal <= SIGRTMAX; signal++) sigaction(signal, &standard, NULL);
  setpgid(0, 0);
  // The kernel kills it with the thread that started it, and so with this process, however that ends.
  if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return fail(start, CONFINE_STAGE_PROCESS);
  if (getppid() != start->parent) _exit(127);
  // First out of the way of each other.
  const int from[3] = {launch->input, launch->output, launch->error};
  int moved[3];
  for (int index = 0; index < 3; index++) {
    moved[index] = from[index] > 2 ? from[index] : fcntl(from[index], F_DUPFD_CLOEXEC, 3);
    if (moved[index] < 0) return fail(start, CONFINE_STAGE_DESCRIPTORS);
  }
  for (int index = 0; index < 3; index++)
    if (dup2(moved[index], index) < 0) return fail(start, CONFINE_STAGE_DESCRIPTORS);
  if (syscall(SYS_close_range, 3, ~0U, 4) != 0) {  // On exec: CLOSE_RANGE_CLOEXEC, Linux 5.11.
    const long most = sysconf(_SC_OPEN_MAX);
    for (int number = 3; number < (most > 0 && most < 65536 ? most : 65536); number++)
      if (number != start->rules) close(number);
  }
  // A core file would disclose the program's input.
  if (launch->memory > 0
      && (set_limit(RLIMIT_DATA, launch->memory) != 0
          || set_limit(RLIMIT_FSIZE, launch->file_size) != 0 || set_limit(RLIMIT_CORE, 0) != 0))
    return fail(start, CONFINE_STAGE_LIMITS);
  if (launch->confines) confine(start);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  char *arguments[] = {(char *)launch->path, NULL};
  char *environment[] = {NULL};
  execve(launch->path, arguments, environment);
  return fail(start, CONFINE_STAGE_EXECUTE);
}

int meterbridge_launch(const struct meterbridge_launch *launch, pid_t *process,
                       enum meterbridge_stage *stage) {
  struct start start = {launch, -1, getpid(), 0, CONFINE_STAGE_PROCESS};
  *stage = CONFINE_STAGE_PROCESS;
  if (launch->confines) {
    start.rules = make_rules(launch);
    if (start.rules == -2) {
      *stage = CONFINE_STAGE_RULES;
      return errno;
    }
  }
  void *stack =
    mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  int code = stack == MAP_FAILED ? errno : 0;
  if (code == 0) {
    // A handler of this process must not run in the new one.
    sigset_t all, former;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &former);
    const pid_t child =
      clone(run, (char *)stack + STACK, CLONE_VM | CLONE_VFORK | SIGCHLD, &start);
    code = child < 0 ? errno : start.code;
    if (child > 0 && code != 0) {
      *stage = start.stage;
      while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
    }
    pthread_sigmask(SIG_SETMASK, &former, NULL);
    *process = child;
    munmap(stack, STACK);
  }
  if (start.rules >= 0) close(start.rules);
  return code;
}
