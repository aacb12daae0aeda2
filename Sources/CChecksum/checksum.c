#include "checksum.h"

#include <string.h>

/* One byte at a step: for machines without the instruction, and for the last bytes. */
static uint32_t slow(uint32_t state, const unsigned char *bytes, size_t count) {
  while (count--) {
    state ^= *bytes++;
    for (int bit = 0; bit < 8; bit++) state = state >> 1 ^ (0x82f63b78 & -(state & 1));
  }
  return state;
}

#if defined(__x86_64__)

__attribute__((target("sse4.2"))) static uint32_t fast(
    uint32_t state, const unsigned char *bytes, size_t count) {
  uint64_t word, wide = state;
  for (; count >= 8; count -= 8, bytes += 8) {
    memcpy(&word, bytes, 8);
    wide = __builtin_ia32_crc32di(wide, word);
  }
  state = (uint32_t)wide;
  while (count--) state = __builtin_ia32_crc32qi(state, *bytes++);
  return state;
}

static int is_fast(void) { return __builtin_cpu_supports("sse4.2"); }

#elif defined(__aarch64__)

#include <sys/auxv.h>

__attribute__((target("crc"))) static uint32_t fast(
    uint32_t state, const unsigned char *bytes, size_t count) {
  uint64_t word;
  for (; count >= 8; count -= 8, bytes += 8) {
    memcpy(&word, bytes, 8);
    state = __builtin_arm_crc32cd(state, word);
  }
  while (count--) state = __builtin_arm_crc32cb(state, *bytes++);
  return state;
}

static int is_fast(void) { return (getauxval(AT_HWCAP) & 1 << 7) != 0; }

#else

static uint32_t fast(uint32_t state, const unsigned char *bytes, size_t count) {
  return slow(state, bytes, count);
}

static int is_fast(void) { return 0; }

#endif

uint32_t meterbridge_crc32c(uint32_t state, const void *bytes, size_t count) {
  return is_fast() ? fast(state, bytes, count) : slow(state, bytes, count);
}
