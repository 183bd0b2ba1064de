#pragma once
// The strikes of one replication: see campaign.cpp for the model.

#include "engine/random/timeline_sampler.hpp"

namespace wintergrid::random {

/// Appends the hits of scenario events, initial damage and campaign within [0, horizon) to `hits`,
/// in no order. Uses scratch.parameters and scratch.waves (sample_wave_clock); leaves the rest of
/// scratch in any state.
void sample_strikes(const TimelineSettings& settings, const AssetIndex& assets, const Draw& draw,
                    double central_region_share, TimelineScratch& scratch, std::vector<Hit>& hits,
                    CampaignCounts& counts);

}  // namespace wintergrid::random
