#pragma once
// What the national campaign does to the national deficit: see national_deficit.cpp.

#include <cstddef>

#include "engine/random/draw.hpp"
#include "engine/random/parameters.hpp"
#include "engine/random/timeline_sampler.hpp"

namespace wintergrid::random {

/// By hour, how far the national deficit is above its mean because of massive waves, relative to
/// the mean deficit, into scratch.deficit_surplus; empty if there is no such effect (no campaign,
/// no rise, no deficit, or a schedule). `central`: central values, whose wave rate belongs to the
/// mean. Uses scratch.parameters and scratch.waves (sample_wave_clock).
void sample_deficit_surplus(const TimelineSettings& settings, const ParameterSet& central,
                            std::size_t region_count, std::size_t hours, const Draw& draw,
                            TimelineScratch& scratch);

}  // namespace wintergrid::random
