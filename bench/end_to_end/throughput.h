#ifndef PAWL_BENCH_THROUGHPUT_H_
#define PAWL_BENCH_THROUGHPUT_H_

#include <cstddef>
#include <string>

#include "person.h"

namespace pawl_bench {

// Alice writes `messages` texts of `size` bytes to Bob as fast as her client takes them; then the
// two play ping-pong.
bool MeasureThroughput(const pawl_demo::RelayPlace& relay, const std::string& home, int messages,
                       size_t size);

}  // namespace pawl_bench

#endif  // PAWL_BENCH_THROUGHPUT_H_
