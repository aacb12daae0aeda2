#define _GNU_SOURCE
#include "filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

/// What a system call may do, beside what its arguments are checked for.
enum rule { ALLOW = 1, SIGNAL, THREAD, MAP, ABSENT, CONTROL, OPEN, OPEN_AT };

struct entry {
  int number;
  enum rule rule;
};

/// What a program needs that computes: memory, time, threads, and reading what Landlock lets it open.
///
/// Not here, and so refused: new processes, sockets, ptrace and the memory of others, shared memory,
/// memfd, pipes, mounts, namespaces, keys, io_uring, bpf, changes of files, users and clocks.
static const struct entry calls[] = {
#define CALL(name) {SYS_##name, ALLOW}
  CALL(read), CALL(write), CALL(close), CALL(fstat), CALL(lseek), CALL(mprotect), CALL(munmap),
  CALL(brk), CALL(rt_sigaction), CALL(rt_sigprocmask), CALL(rt_sigreturn), CALL(rt_sigsuspend),
  CALL(rt_sigpending), CALL(rt_sigtimedwait), CALL(sigaltstack), CALL(pread64), CALL(readv),
  CALL(writev), CALL(preadv), CALL(mremap), CALL(msync), CALL(mincore), CALL(madvise), CALL(dup),
  CALL(dup3), CALL(nanosleep), CALL(getpid), CALL(gettid), CALL(getppid), CALL(getpgid),
  CALL(getsid), CALL(exit), CALL(exit_group), CALL(uname), CALL(getcwd), CALL(chdir),
  CALL(getrlimit), CALL(getrusage), CALL(sysinfo), CALL(times), CALL(gettimeofday), CALL(getuid),
  CALL(getgid), CALL(geteuid), CALL(getegid), CALL(getgroups), CALL(getresuid), CALL(getresgid),
  CALL(capget), CALL(sched_yield), CALL(sched_getaffinity), CALL(sched_getparam),
  CALL(sched_getscheduler), CALL(sched_get_priority_max), CALL(sched_get_priority_min),
  CALL(getpriority), CALL(futex), CALL(getdents64), CALL(set_tid_address), CALL(restart_syscall),
  CALL(clock_gettime), CALL(clock_getres), CALL(clock_nanosleep), CALL(newfstatat),
  CALL(readlinkat), CALL(faccessat), CALL(ppoll), CALL(pselect6), CALL(set_robust_list),
  CALL(get_robust_list), CALL(epoll_create1), CALL(epoll_ctl), CALL(epoll_pwait), CALL(eventfd2),
  CALL(timerfd_create), CALL(timerfd_settime), CALL(timerfd_gettime), CALL(statfs), CALL(fstatfs),
  CALL(timer_create), CALL(timer_settime), CALL(timer_gettime), CALL(timer_delete),
  CALL(timer_getoverrun), CALL(getrandom), CALL(membarrier), CALL(getcpu), CALL(fadvise64),
  CALL(execve), CALL(prlimit64), CALL(umask), CALL(setitimer), CALL(getitimer),
#ifdef SYS_statx
  CALL(statx),
#endif
#ifdef SYS_rseq
  CALL(rseq),
#endif
#ifdef SYS_faccessat2
  CALL(faccessat2),
#endif
#ifdef SYS_close_range
  CALL(close_range),
#endif
#ifdef SYS_epoll_pwait2
  CALL(epoll_pwait2),
#endif
#ifdef SYS_futex_waitv
  CALL(futex_waitv),
#endif
#ifdef __x86_64__
  CALL(stat), CALL(lstat), CALL(poll), CALL(access), CALL(select), CALL(dup2),
  CALL(alarm), CALL(pause), CALL(getdents), CALL(readlink), CALL(getpgrp), CALL(arch_prctl),
  CALL(time), CALL(epoll_create), CALL(epoll_wait), CALL(eventfd),
#endif
#undef CALL
  {SYS_kill, SIGNAL},
  {SYS_tgkill, SIGNAL},
  {SYS_clone, THREAD},
  {SYS_clone3, ABSENT},
  {SYS_mmap, MAP},
  {SYS_fcntl, CONTROL},
  {SYS_openat, OPEN_AT},
#ifdef SYS_open
  {SYS_open, OPEN},
#endif
#ifdef SYS_openat2
  {SYS_openat2, ABSENT},  // Its flags are in memory, which a filter cannot read.
#endif
};

/// What sockets need as well.
static const struct entry network_calls[] = {
#define CALL(name) {SYS_##name, ALLOW}
  CALL(socket), CALL(connect), CALL(sendto), CALL(recvfrom), CALL(sendmsg), CALL(recvmsg),
  CALL(sendmmsg), CALL(recvmmsg), CALL(shutdown), CALL(getsockname), CALL(getpeername),
  CALL(setsockopt), CALL(getsockopt), CALL(bind), CALL(ioctl),
#undef CALL
};

enum { WORDS = 16 };  // Numbers below 512; greater ones are not on the list.

struct writer {
  struct sock_filter *code;
  unsigned short length;
  unsigned int process;
};

static unsigned short add(struct writer *writer, unsigned short code, unsigned int k,
                          unsigned char yes, unsigned char no) {
  writer->code[writer->length] = (struct sock_filter){code, yes, no, k};
  return writer->length++;
}

static void answer(struct writer *writer, unsigned int action) {
  add(writer, BPF_RET | BPF_K, action, 0, 0);
}

static void refuse(struct writer *writer, int code) {
  answer(writer, SECCOMP_RET_ERRNO | ((unsigned int)code & SECCOMP_RET_DATA));
}

/// The low half of an argument; both processors are little-endian.
static void load(struct writer *writer, unsigned int index) {
  const unsigned int offset =
    (unsigned int)offsetof(struct seccomp_data, args) + 8 * index;
  add(writer, BPF_LD | BPF_W | BPF_ABS, offset, 0, 0);
}

/// Answers a call by its rule.
static void judge(struct writer *writer, enum rule rule) {
  switch (rule) {
  case ALLOW: answer(writer, SECCOMP_RET_ALLOW); break;
  case ABSENT: refuse(writer, ENOSYS); break;
  case SIGNAL:  // To the process itself only.
    load(writer, 0);
    add(writer, BPF_JMP | BPF_JEQ | BPF_K, writer->process, 0, 1);
    answer(writer, SECCOMP_RET_ALLOW);
    refuse(writer, EPERM);
    break;
  case THREAD: {  // Threads, and no processes or namespaces.
    const unsigned int needed = CLONE_THREAD | CLONE_VM | CLONE_SIGHAND;
    load(writer, 0);
    add(writer, BPF_ALU | BPF_AND | BPF_K, needed, 0, 0);
    add(writer, BPF_JMP | BPF_JEQ | BPF_K, needed, 0, 1);
    answer(writer, SECCOMP_RET_ALLOW);
    refuse(writer, EPERM);
    break;
  }
  case MAP:  // What a limit of memory counts: nothing shared that is anonymous, and no stacks.
    load(writer, 3);
    add(writer, BPF_JMP | BPF_JSET | BPF_K, MAP_GROWSDOWN, 5, 0);
    add(writer, BPF_JMP | BPF_JSET | BPF_K, MAP_SHARED, 0, 3);
    add(writer, BPF_JMP | BPF_JSET | BPF_K, MAP_ANONYMOUS, 3, 0);
    load(writer, 2);
    add(writer, BPF_JMP | BPF_JSET | BPF_K, PROT_WRITE, 1, 0);
    answer(writer, SECCOMP_RET_ALLOW);
    refuse(writer, EPERM);
    break;
  case OPEN:
  case OPEN_AT:  // To read only, also where the kernel has no Landlock.
    load(writer, rule == OPEN ? 1 : 2);
    add(writer, BPF_JMP | BPF_JSET | BPF_K, O_WRONLY | O_RDWR | O_CREAT | O_TRUNC, 1, 0);
    answer(writer, SECCOMP_RET_ALLOW);
    refuse(writer, EACCES);
    break;
  case CONTROL:  // No larger pipes, no leases and locks: what is common is numbered below 16.
    load(writer, 1);
    add(writer, BPF_JMP | BPF_JGT | BPF_K, 15, 0, 1);
    add(writer, BPF_JMP | BPF_JEQ | BPF_K, 1030, 0, 1);  // F_DUPFD_CLOEXEC
    answer(writer, SECCOMP_RET_ALLOW);
    refuse(writer, EPERM);
    break;
  }
}

/// Jumps to where the answer is found of the word of 32 numbers that the loaded number is in.
static void search(struct writer *writer, const unsigned int *words, unsigned int first,
                   unsigned int count, unsigned short *jumps) {
  if (count == 1) {
    add(writer, BPF_LD | BPF_IMM, words[first], 0, 0);
    jumps[first] = add(writer, BPF_JMP | BPF_JA, 0, 0, 0);
    return;
  }
  const unsigned int half = count / 2;
  const unsigned short branch =
    add(writer, BPF_JMP | BPF_JGE | BPF_K, 32 * (first + half), 0, 0);
  search(writer, words, first, half, jumps);
  writer->code[branch].jt = (unsigned char)(writer->length - branch - 1);
  search(writer, words, first + half, count - half, jumps);
}

unsigned short meterbridge_filter(struct sock_filter *code, int network, int threads,
                                  unsigned int process) {
#ifdef ARCHITECTURE
  unsigned int words[WORDS] = {0};
  unsigned short jumps[WORDS];
  struct writer writer = {code, 0, process};
  const unsigned int own = sizeof calls / sizeof *calls;
  const unsigned int more = network ? sizeof network_calls / sizeof *network_calls : 0;
  unsigned int count = 0;
  // The kernel tries each number when a filter is set, up to the first instruction that it cannot
  // foresee, to remember what is always allowed: that takes longer than our filter ever does.
  add(&writer, BPF_LD | BPF_IMM, 0, 0, 0);
  add(&writer, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch), 0, 0);
  add(&writer, BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0);
  answer(&writer, SECCOMP_RET_KILL_PROCESS);
  add(&writer, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr), 0, 0);
  for (unsigned int index = 0; index < own + more; index++) {
    const struct entry entry = index < own ? calls[index] : network_calls[index - own];
    const unsigned int number = (unsigned int)entry.number;
    if (entry.rule == ALLOW && number < 32 * WORDS) {
      words[number / 32] |= 1U << number % 32;
      if (number / 32 >= count) count = number / 32 + 1;
    } else if (entry.rule != ALLOW && (entry.rule != THREAD || threads)) {
      const unsigned short other = add(&writer, BPF_JMP | BPF_JEQ | BPF_K, number, 0, 0);
      judge(&writer, entry.rule);
      code[other].jf = (unsigned char)(writer.length - other - 1);
    }
  }
  // The number's bit of its word, and then the word.
  add(&writer, BPF_JMP | BPF_JGE | BPF_K, 32 * count, 0, 1);
  refuse(&writer, EPERM);
  add(&writer, BPF_ALU | BPF_AND | BPF_K, 31, 0, 0);
  add(&writer, BPF_MISC | BPF_TAX, 0, 0, 0);
  add(&writer, BPF_LD | BPF_IMM, 1, 0, 0);
  add(&writer, BPF_ALU | BPF_LSH | BPF_X, 0, 0, 0);
  add(&writer, BPF_MISC | BPF_TAX, 0, 0, 0);
  add(&writer, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr), 0, 0);
  search(&writer, words, 0, count, jumps);
  for (unsigned int word = 0; word < count; word++)
    code[jumps[word]].k = (unsigned int)(writer.length - jumps[word] - 1);
  add(&writer, BPF_JMP | BPF_JSET | BPF_X, 0, 1, 0);
  refuse(&writer, EPERM);
  answer(&writer, SECCOMP_RET_ALLOW);
  return writer.length;
#else
  (void)code, (void)network, (void)threads, (void)process;
  return 0;
#endif
}
