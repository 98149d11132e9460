// Every shape of shapes.h through the C++ that was generated for it. Exits with the line that
// failed.

#include <chrono>
#include <concepts>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <ranges>
#include <type_traits>

#include "pawl/pawl.hpp"

extern "C" int living;

namespace {

void Demand(bool held, int line) {
  if (held) return;
  std::fprintf(stderr, "shapes.cc:%d does not hold\n", line);
  std::exit(1);
}
#define DEMAND(...) Demand(__VA_ARGS__, __LINE__)

static_assert(std::ranges::input_range<pawl::Glows>);
static_assert(std::is_nothrow_move_constructible_v<pawl::Lamp>);
static_assert(!std::is_copy_constructible_v<pawl::Lamp> && !std::is_copy_assignable_v<pawl::Lamp>);
static_assert(std::three_way_comparable<pawl::Id, std::strong_ordering>);
static_assert(std::three_way_comparable<pawl::Spot, std::partial_ordering>);
static_assert(std::is_aggregate_v<pawl::LampOptions>);
static_assert(std::same_as<decltype(pawl::status_is_retryable(0)), bool>);

pawl_id IdOf(uint8_t first, uint8_t last) {
  pawl_id id{};
  id.bytes[0] = first;
  id.bytes[15] = last;
  return id;
}

pawl::LampOptions Options(const pawl_bulb& bulb, int32_t& logged) {
  return {
      .flags = PAWL_LAMP_DIMMED,
      .place = "hall",
      .key = {1, 9},
      .log = [](void* user, int32_t level, const char*) { *static_cast<int32_t*>(user) = level; },
      .log_user = &logged,
      .height_m = 1.5,
      .owner = pawl::Id(IdOf(7, 0)),
      .bulb = &bulb,
      .home = IdOf(0, 8),
      .serial = {0, 0, 0, 0, 0, 0, 0, 5},
      .is_new = true,
      .last = PAWL_E_TIMEOUT,
      .colour = PAWL_COLOUR_BLUE};
}

void Values() {
  const pawl::Id a = IdOf(1, 0), b = IdOf(1, 1);
  DEMAND(a == IdOf(1, 0) && a != b && a < b && a.bytes().size() == 16);
  pawl_spot near{}, far{};
  far.x = 1;
  far.at_ms = -1;
  DEMAND(pawl::Spot(near) < pawl::Spot(far));
  near.x = 1;
  DEMAND(pawl::Spot(near) > pawl::Spot(far));
  near.at_ms = -1;
  near.tag[7] = 1;
  DEMAND(pawl::Spot(near) > pawl::Spot(far));
}

void Inputs(pawl::Lamp& lamp) {
  const pawl::Spot spot(pawl_spot{.x = 0.25, .at_ms = 0, .tag = {}});
  const auto lit =
      lamp.light(true, PAWL_COLOUR_BLUE, PAWL_LAMP_ON, 0.5, spot, "four", "door", {.watts = 60});
  DEMAND(lit.ok() && *lit == 77);
  DEMAND(*lamp.label() == "door");
  DEMAND(lamp.light(true, 2, 1, 0.5, spot, "four").ok() && *lamp.label() == "none");
  DEMAND(lamp.light(true, 2, 1, 0.5, spot, "four", "too long to fit").ok() &&
         lamp.label()->size() == 7);
  using namespace std::string_view_literals;
  DEMAND(lamp.light(true, 2, 1, 0.5, spot, "a\0b"sv).status() == PAWL_E_INVALID_ARGUMENT);
  DEMAND(lamp.light(true, 2, 1, 0.5, spot, "ab", "\0"sv).status() == PAWL_E_INVALID_ARGUMENT);
  DEMAND(pawl::measured("abc", std::vector<uint8_t>{5, 5}) == 10 &&
         pawl::measured("a\0c"sv, {}) == 0);
}

void Outputs(pawl::Lamp& lamp) {
  const auto state = lamp.state();
  DEMAND(state.ok() && state->level == 5 && state->power == 0.75 && state->is_on);
  DEMAND(state->colour == PAWL_COLOUR_BLUE && state->id == IdOf(3, 0));
  DEMAND(state->info.status == static_cast<pawl_status>(sizeof(pawl_error_info)));
  const std::vector<uint8_t> key(PAWL_KEY_SIZE), bytes(100, 4);
  DEMAND(*lamp.seal(bytes, key) == bytes);  // though it was said to need half of that
  DEMAND(*lamp.seal({}, key) == std::vector<uint8_t>{0xee});
  DEMAND(lamp.seal(bytes, bytes).status() == PAWL_E_INVALID_ARGUMENT);
  const std::vector<uint8_t> pressed =
      *lamp.press("x", 1, 2, 3, 4, "\x5", 6, 7, std::vector<uint8_t>{8});
  DEMAND(pressed == (std::vector<uint8_t>{1, 2, 3, 4, 5, 6, 7, 8, 'x'}));
  DEMAND(*lamp.mix(nullptr, key) != *lamp.mix(&lamp, key) && lamp.mix(nullptr, key)->size() == 35);
  int32_t sum = 0;
  for (const pawl_glow& glow : *lamp.glows(3)) sum += glow.colour;
  DEMAND(sum == 6 && lamp.glows(3)->beyond() == 7 && lamp.glows(0)->empty());
  DEMAND((*lamp.glows(2))[1].colour == 2);
  DEMAND(pawl::ByteSpan(*lamp.spell()).size() == 3 && lamp.spell()->data()[2] == 'c');
}

void Errors(pawl::Lamp& lamp) {
  const auto late = lamp.measure();
  DEMAND(!late.ok() && late.error().name() == "TIMEOUT" && late.error().message() == "late");
  DEMAND(late.error().retryable() && late.error().retry_after() == std::chrono::milliseconds(250));
  lamp.close();
  const auto wrong = lamp.measure();  // what the library says last is about another status
  DEMAND(wrong.status() == PAWL_E_INVALID_ARGUMENT && wrong.error().message().empty());
  DEMAND(!wrong.error().retryable() && !wrong.error().retry_after());
  DEMAND(pawl::Error(PAWL_E_TIMEOUT).retryable() && pawl::status_name(PAWL_E_TIMEOUT) == "TIMEOUT");
}

void Objects(pawl::Lamp lamp) {
  auto cast = pawl::Ray::cast(lamp);
  DEMAND(cast.ok() && cast->request_id == 78);
  const auto met = cast->ray.meet(lamp), named = cast->ray.meet(lamp, pawl::Id(IdOf(6, 0)));
  DEMAND(met->angle == 0.75 && !met->is_near && named->angle == 6 && named->is_near);
  pawl::Ray ray = *lamp.shine();
  const int before = living;
  ray = std::move(cast->ray);
  DEMAND(living == before - 1 && cast->ray.raw() == nullptr && ray.raw() != nullptr);
}

}  // namespace

int main() {
  const pawl_bulb bulb{.struct_size = sizeof(pawl_bulb), .watts = 40};
  int32_t logged = 0;
  DEMAND(pawl::Lamp::open({}).status() == PAWL_E_TIMEOUT && pawl::brightest() == 2.5);
  auto lamp = pawl::Lamp::open(Options(bulb, logged), pawl::Id(IdOf(3, 0)));
  DEMAND(lamp.ok() && logged == 3 && living == 1);
  pawl::LampOptions odd = Options(bulb, logged);
  odd.note = std::string("a\0b", 3);
  DEMAND(pawl::Lamp::open(odd).status() == PAWL_E_INVALID_ARGUMENT);
  Values();
  Inputs(*lamp);
  DEMAND(lamp->light(true, 2, 1, 0.5, pawl_spot{.x = 0.25, .at_ms = 0, .tag = {}}, "four").ok());
  Outputs(*lamp);
  Errors(*lamp);
  Objects(*std::move(lamp));
  DEMAND(living == 0);
  std::puts("every shape came through");
}
