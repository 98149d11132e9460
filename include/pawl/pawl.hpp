#ifndef PAWL_PAWL_HPP_
#define PAWL_PAWL_HPP_

// C++20 over the C ABI: header-only, nothing of its own at run time. One class per handle,
// move-only, released with the object; every call that can fail gives a Result. The C headers say
// what the functions do, this file only how they look in C++:
//
//   a C function pawl_<noun>_<verb>(noun, …, out)  is  noun.<verb>(…) -> Result<out>
//   bytes are std::span<const uint8_t>, texts std::string_view (copied where C wants a NUL)
//   structs of a batch or a page are views: they live as long as the Events, Messages, … they are
//   from

#include "pawl/client.hpp"
#include "pawl/peek.hpp"
#include "pawl/session.hpp"

#endif  // PAWL_PAWL_HPP_
