#ifndef TESSERA_CLONES_H
#define TESSERA_CLONES_H

// A product and the sum that takes it may be rounded once, as the processor's fused instruction does.
#if defined(__clang__)
#pragma clang fp contract(fast)
#endif

// Compiles a function once for each level of x86-64 and picks the widest that the processor has when the program
// starts. Elsewhere (NEON is AArch64's baseline) the compiler's own choice stands.
#if defined(__x86_64__)
#define TSR_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define TSR_CLONES
#endif

#endif
