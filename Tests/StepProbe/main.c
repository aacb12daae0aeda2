/// A step that tries to do harm: reads deeds, one a line, and says what came of each.
///
/// `done`, or the name of the error of errno.h. A deed that is not known ends the program.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static void *nothing(void *none) { return none; }

/// Starts a process that would outlive this one, as `setsid` with a double fork does.
static int leave(void) {
  const pid_t child = fork();
  if (child < 0) return -1;
  if (child == 0) {
    setsid();
    if (fork() == 0) sleep(30);
    _exit(0);
  }
  waitpid(child, NULL, 0);
  return 0;
}

/// Maps and touches memory: 64 MiB for each of some mappings.
static int map(int protection, int flags, int count) {
  for (int index = 0; index < count; index++) {
    char *memory = mmap(NULL, 64 << 20, protection, flags, -1, 0);
    if (memory == MAP_FAILED) return -1;
    for (size_t at = 0; at < 64 << 20; at += 4096) memory[at] = 1;
  }
  return 0;
}

static int connects(int family, int type, const char *argument) {
  const int socket_ = socket(family, type, 0);
  if (socket_ < 0) return -1;
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argument)),
                           .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  const int fails = family == AF_INET ? connect(socket_, (struct sockaddr *)&to, sizeof to) : 0;
  const int code = errno;
  close(socket_);
  errno = code;
  return fails;
}

static int opens(const char *path, int flags) {
  const int file = open(path, flags, 0600);
  if (file < 0) return -1;
  close(file);
  return 0;
}

/// Whether any capability is left.
static int privileges(void) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct own[2];
  if (syscall(SYS_capget, &header, own) != 0) return -1;
  errno = EPERM;
  return own[0].permitted | own[1].permitted | own[0].effective | own[1].effective ? 0 : -1;
}

static int limit(int resource) {
  struct rlimit found;
  if (getrlimit(resource, &found) != 0) return -1;
  errno = EPERM;
  return found.rlim_max == 0 ? -1 : 0;
}

static int perform(const char *deed, const char *argument) {
  pthread_t thread;
  struct iovec part = {&thread, 8};
  if (!strcmp(deed, "read")) return opens(argument, O_RDONLY);
  if (!strcmp(deed, "list")) return opens(argument, O_RDONLY | O_DIRECTORY);
  if (!strcmp(deed, "write")) return opens(argument, O_WRONLY | O_CREAT);
  if (!strcmp(deed, "append")) return opens(argument, O_RDWR | O_APPEND);
  if (!strcmp(deed, "unlink")) return unlink(argument);
  if (!strcmp(deed, "folder")) return mkdir(argument, 0700);
  if (!strcmp(deed, "chmod")) return chmod(argument, 0777);
  if (!strcmp(deed, "execute")) {
    char *none[] = {NULL};
    return execve(argument, none, none);
  }
  if (!strcmp(deed, "leave")) return leave();
  if (!strcmp(deed, "vfork")) {
    const pid_t child = (pid_t)syscall(SYS_clone, SIGCHLD | CLONE_VFORK, 0, 0, 0, 0);
    if (child == 0) _exit(0);
    return child < 0 ? -1 : 0;
  }
  if (!strcmp(deed, "clone3")) {
    unsigned long arguments[8] = {0, 0, 0, 0, SIGCHLD, 0, 0, 0};
    const long child = syscall(435, arguments, sizeof arguments);
    if (child == 0) _exit(0);
    return child < 0 ? -1 : 0;
  }
  if (!strcmp(deed, "thread")) {
    errno = pthread_create(&thread, NULL, nothing, NULL);
    return errno == 0 ? pthread_join(thread, NULL) : -1;
  }
  if (!strcmp(deed, "tcp")) return connects(AF_INET, SOCK_STREAM, argument);
  if (!strcmp(deed, "udp")) return connects(AF_INET, SOCK_DGRAM, argument);
  if (!strcmp(deed, "unix")) return connects(AF_UNIX, SOCK_STREAM, argument);
  if (!strcmp(deed, "raw")) return connects(AF_PACKET, SOCK_RAW, argument);
  if (!strcmp(deed, "shared")) return map(PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, 1);
  if (!strcmp(deed, "stack"))
    return map(PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN, 1);
  if (!strcmp(deed, "memory"))
    return map(PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, atoi(argument));
  if (!strcmp(deed, "memfd")) return (int)syscall(SYS_memfd_create, "x", 0);
  if (!strcmp(deed, "sysv")) return shmget(IPC_PRIVATE, 1 << 20, IPC_CREAT | 0600);
  if (!strcmp(deed, "pipe")) return pipe((int[2]){0, 0});
  if (!strcmp(deed, "ptrace")) return (int)ptrace(PTRACE_ATTACH, atoi(argument), 0, 0);
  if (!strcmp(deed, "peek"))
    return (int)process_vm_readv(atoi(argument), &part, 1, &part, 1, 0);
  if (!strcmp(deed, "signal")) return kill(atoi(argument), 0);
  if (!strcmp(deed, "group")) return kill(0, 0);
  if (!strcmp(deed, "uring")) return (int)syscall(425, 1, calloc(1, 120));
  if (!strcmp(deed, "namespace")) return unshare(CLONE_NEWUSER | CLONE_NEWNET);
  if (!strcmp(deed, "clock")) return clock_settime(CLOCK_REALTIME, &(struct timespec){1, 0});
  if (!strcmp(deed, "privileges")) return privileges();
  if (!strcmp(deed, "core")) return limit(RLIMIT_CORE);
  if (!strcmp(deed, "locked")) return limit(RLIMIT_MEMLOCK);
  if (!strcmp(deed, "nothing")) return 0;
  exit(2);
}

int main(void) {
  char line[4096];
  while (fgets(line, sizeof line, stdin) != NULL) {
    line[strcspn(line, "\n")] = 0;
    char *space = strchr(line, ' ');
    if (space != NULL) *space = 0;
    errno = 0;
    const int result = perform(line, space == NULL ? "" : space + 1);
    puts(result < 0 ? strerrorname_np(errno) : "done");
    fflush(stdout);
  }
  return 0;
}
