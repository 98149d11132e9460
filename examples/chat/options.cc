#include "options.h"

#include <termios.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string_view>

namespace pawl_chat {
namespace {

constexpr char kHelp[] =
    R"(usage: chat --store DIR --relay wss://HOST[:PORT] --name NAME [OPTION...]

A chat for the terminal, end-to-end encrypted, over your own relay.

  --store DIR         folder of the encrypted store; made when missing
  --relay URL         the relay; wss://, or ws:// on this machine. Needed the first time only
  --name NAME         who you are: "alice", or "alice@example.org" in full (the part after the @
                      is the relay's domain; without it: the relay's host)
  --pin HEX           SHA-256 of the relay's public key, 64 hex digits: trust this one alone
  --ca FILE           trust the certificates in this PEM file instead of the system's
  --invite CODE       for relays that want an invitation
  --passphrase-file F the store's passphrase is the first line of F (default: you are asked, or
                      the environment's PAWL_CHAT_PASSPHRASE)
  --script FILE       take lines from FILE ("-": standard input) instead of a person, and stop at
                      the first thing that goes wrong. Besides what /help lists, a line can be
                      "/expect WORDS" (wait until a line with them was shown, at most 120 s),
                      "/sleep MS" or "# comment"
  --help              this text

The first time, the name is registered at the relay. Type /help inside.
)";

bool ParsePin(std::string_view hex, std::vector<uint8_t>& out) {
  if (hex.size() != 64) return false;
  for (size_t i = 0; i < hex.size(); i += 2) {
    char* end = nullptr;
    const std::string byte(hex.substr(i, 2));
    out.push_back(static_cast<uint8_t>(std::strtoul(byte.c_str(), &end, 16)));
    if (*end != '\0') return false;
  }
  return true;
}

// Without a domain of its own a name lives where the relay is.
std::string AddressFor(const std::string& name, const std::string& url) {
  if (name.empty() || name.find('@') != std::string::npos) return name;
  const size_t begin = url.find("://");
  if (begin == std::string::npos) return name + "@localhost";
  const std::string host = url.substr(begin + 3, url.find_first_of(":/", begin + 3) - begin - 3);
  const bool loopback = host == "127.0.0.1" || host == "localhost" || host.starts_with("[");
  return name + "@" + (loopback ? "localhost" : host);
}

std::string AskPassphrase() {
  termios shown{};
  tcgetattr(STDIN_FILENO, &shown);
  termios hidden = shown;
  hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  std::cerr << "Passphrase of the store: " << std::flush;
  tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
  std::string line;
  std::getline(std::cin, line);
  tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
  std::cerr << '\n';
  return line;
}

bool FindPassphrase(const std::string& file, const Options& options, std::string& out) {
  if (!file.empty()) {
    std::ifstream in(file);
    return std::getline(in, out) && !out.empty();
  }
  if (const char* given = std::getenv("PAWL_CHAT_PASSPHRASE")) out = given;
  if (out.empty() && options.script.empty() && isatty(STDIN_FILENO)) out = AskPassphrase();
  return !out.empty();
}

}  // namespace

std::optional<Options> ParseOptions(int argc, char** argv, std::string* why) {
  Options options;
  options.client.flags = PAWL_CLIENT_CREATE;
  std::string name, pin, passphrase_file;
  const std::pair<std::string_view, std::string*> kFlags[] = {
      {"--store", &options.client.store_dir},
      {"--relay", &options.client.relay_url},
      {"--name", &name},
      {"--pin", &pin},
      {"--ca", &options.client.ca_file},
      {"--invite", &options.invitation},
      {"--script", &options.script},
      {"--passphrase-file", &passphrase_file}};
  for (int i = 1; i < argc; ++i) {
    const std::string_view flag = argv[i];
    if (flag == "--help" || flag == "-h") {
      std::cout << kHelp;
      return std::nullopt;
    }
    std::string* value = nullptr;
    for (const auto& [known, target] : kFlags) {
      if (flag == known) value = target;
    }
    if (value == nullptr || i + 1 == argc) {
      *why = std::string(flag) + (value == nullptr ? " is no option" : " needs a value");
      return std::nullopt;
    }
    *value = argv[++i];
  }
  options.address = AddressFor(name, options.client.relay_url);
  if (options.client.store_dir.empty()) *why = "--store is missing";
  if (!pin.empty() && !ParsePin(pin, options.client.pinned_spki))
    *why = "--pin is not 64 hex digits";
  if (why->empty() && !FindPassphrase(passphrase_file, options, options.client.passphrase)) {
    *why = "there is no passphrase: see --passphrase-file";
  }
  if (!why->empty()) return std::nullopt;
  return options;
}

}  // namespace pawl_chat
