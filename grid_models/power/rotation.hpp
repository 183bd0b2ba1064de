#pragma once
// The outage schedule: which sub-queues are off in which block, for a given depth (number of
// sub-queues off at once).
//
//   start(k)    = (7 k + floor(k / 12)) mod 12          k = floor(now / block length)
//   off(q, k)   = (q - start(k)) mod 12 < depth
//
// Properties (tested):
//  - nested: what is off at depth n is off at depth n + 1, so a deeper deficit within a block only
//  switches more off;
//  - fair: 7 and 12 are coprime, so over 12 blocks counted from a multiple of 12 (2 days at 4 h)
//  every start occurs once
//    and every sub-queue is off in exactly n of the 12 blocks, for any constant depth n;
//  - fair by hour of day: the shift by one every 12 blocks lets every start meet every block of the
//  day once in 12 days at
//    4 h, so that a deficit of the evening hours only does not fall on the same sub-queues for
//    ever;
//  - spread: a step of 7 puts two blocks of the same sub-queue apart; at half depth nobody is off
//  for more than two blocks
//    in a row, except across the shift (a step of 1 would give 24 h off, 24 h on).
// Practice: 6 queues x 2 sub-queues (DTEK; DSOs' published schedules), 4 h blocks. The order of
// rotation differs between operators and is not published as a rule; this one is an assumption.

#include <cstdint>

#include "grid_models/core/time.hpp"

namespace wintergrid::power {

inline constexpr std::uint8_t kExempt =
    255;  ///< feeder in no queue: hospital, pumping station, shared line
inline constexpr std::uint8_t kSubqueueCount =
    12;  ///< 6 queues x 2 sub-queues, numbered 0..11 (1.1, 1.2, 2.1 ...)

/// The sub-queue that is switched off first in the block that contains `now` (>= 0).
constexpr std::uint32_t rotation_start(Seconds now, Seconds block_seconds) {
  const Seconds block = now / block_seconds;
  return static_cast<std::uint32_t>((7 * (block % kSubqueueCount) + (block / kSubqueueCount)) %
                                    kSubqueueCount);
}

/// Place of a sub-queue (0..11) in the order in which this block switches off: off if less than the
/// depth.
constexpr std::uint32_t rotation_place(std::uint32_t subqueue, std::uint32_t start) {
  return (subqueue + kSubqueueCount - start) % kSubqueueCount;
}

}  // namespace wintergrid::power
