/// What of libFuzzer's interface the targets use (llvm.org/docs/LibFuzzer.html).
#ifndef TESSERA_FUZZER_H
#define TESSERA_FUZZER_H

#include <stddef.h>
#include <stdint.h>

/// Runs the fuzzer with a program's arguments; `target` gets each input.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*target)(const uint8_t *data, size_t count));

/// Changes `data` at random, to at most `most` bytes; gives their new number.
size_t LLVMFuzzerMutate(uint8_t *data, size_t count, size_t most);

#endif
