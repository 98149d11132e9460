#ifndef PAWL_BENCH_BIG_FILE_H_
#define PAWL_BENCH_BIG_FILE_H_

#include <cstdint>
#include <string>

#include "relay.h"

namespace pawl_bench {

// Moves a file of `mib` MiB (sparse, but for a pattern in each MiB) from one client process to
// another and prints the peak resident memory of both and of the relay, and the rate.
bool MeasureBigFile(const pawl_demo::Relay& relay, const std::string& demo, const std::string& home,
                    uint64_t mib);

}  // namespace pawl_bench

#endif  // PAWL_BENCH_BIG_FILE_H_
