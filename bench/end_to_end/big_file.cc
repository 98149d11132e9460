#include "big_file.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <vector>

#include "crypto/hash.h"
#include "pawl/pawl.h"

namespace pawl_bench {
namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr int kPatience = 30'000;
constexpr int kFilePatience = 3'600'000;
constexpr uint64_t kMiB = 1 << 20;
constexpr double kMostResidentMiB = 64;

// VmHWM of a process: the most it ever had resident.
double PeakMiB(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("VmHWM:", 0) == 0) return static_cast<double>(std::stoul(line.substr(6))) / 1024;
  }
  return -1;
}

bool MakeFile(const std::string& path, uint64_t mib) {
  std::ofstream out(path, std::ios::binary);
  for (uint64_t i = 0; i < mib; ++i) {
    out.seekp(static_cast<std::streamoff>(i * kMiB));
    out << "block " << i;
  }
  out.seekp(static_cast<std::streamoff>(mib * kMiB - 1));
  out << '.';
  return out.good();
}

pawl::crypto::Hash32 HashFile(const std::string& path) {
  pawl::crypto::Blake2bStream hash;
  std::ifstream in(path, std::ios::binary);
  std::vector<char> block(kMiB);
  while (in.read(block.data(), static_cast<std::streamsize>(block.size())), in.gcount() > 0) {
    hash.Update({reinterpret_cast<const uint8_t*>(block.data()), static_cast<size_t>(in.gcount())});
  }
  return hash.Finish();
}

bool Befriend(pawl_demo::Person& from, pawl_demo::Person& to, const pawl_demo::RelayPlace& place) {
  for (pawl_demo::Person* person : {&from, &to}) {
    if (!person->ComeOnline(place) || !person->Tell("register\t" + person->address()) ||
        !person->Await({"registered"}, kPatience)) {
      return false;
    }
  }
  from.Tell("text\t" + to.address() + "\thello");
  if (!to.Await({"request", from.address()}, kPatience)) return false;
  to.Tell("accept\t" + from.address());
  return from.Await({"answer", to.address()}, kPatience).has_value();
}

}  // namespace

bool MeasureBigFile(const pawl_demo::Relay& relay, const std::string& demo, const std::string& home,
                    uint64_t mib) {
  pawl_demo::Person from(demo, home + "/from", "file-from@localhost");
  pawl_demo::Person to(demo, home + "/to", "file-to@localhost");
  const std::string source = home + "/big.bin";
  const std::string target = home + "/received.bin";
  if (!MakeFile(source, mib) || !Befriend(from, to, relay.place())) return false;

  const auto began = SteadyClock::now();
  from.Tell("file\t" + to.address() + "\t" + source);
  const auto arrived = to.Await({"message", "*", from.address(), "*", "file"}, kFilePatience);
  if (!arrived) return false;
  const double up = std::chrono::duration<double>(SteadyClock::now() - began).count();
  to.Tell("download\t" + arrived->at(3) + "\t" + target);
  const auto started = to.Await({"started", "download"}, kPatience);
  const auto done =
      started ? to.Await({"done", started->at(2)}, kFilePatience, to.lines()) : std::nullopt;
  const double both = std::chrono::duration<double>(SteadyClock::now() - began).count();
  if (!done || done->at(2) != "0") return false;
  const bool same = HashFile(source) == HashFile(target);
  std::printf("a file of %llu MiB: up %.0f MiB/s, down %.0f MiB/s, %s\n",
              static_cast<unsigned long long>(mib), static_cast<double>(mib) / up,
              static_cast<double>(mib) / (both - up), same ? "received bit for bit" : "DAMAGED");
  const double peaks[] = {PeakMiB(from.pid()), PeakMiB(to.pid()), PeakMiB(relay.pid())};
  std::printf("peak resident memory: sender %.1f MiB, receiver %.1f MiB, relay %.1f MiB\n",
              peaks[0], peaks[1], peaks[2]);
  const bool small = std::all_of(std::begin(peaks), std::end(peaks),
                                 [](double peak) { return peak > 0 && peak < kMostResidentMiB; });
  if (!small) std::printf("that is more than %.0f MiB\n", kMostResidentMiB);
  return same && small;
}

}  // namespace pawl_bench
