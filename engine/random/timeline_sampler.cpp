// Order of chance: parameters, weather, wave clock, national deficit, strikes. Every draw has its
// own address, so the order is only that of the data's dependence.

#include "engine/random/timeline_sampler.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "engine/random/campaign.hpp"
#include "engine/random/national_deficit.hpp"
#include "engine/random/wave_clock.hpp"
#include "engine/random/weather.hpp"
#include "grid_models/core/contract.hpp"

namespace wintergrid::random {
namespace {

/// A campaign uses one preset's numbers: those of the others stay central and cost nothing.
ParameterTable without_unused_presets(const TimelineSettings& settings) {
  ParameterTable table = settings.parameters;
  for (std::size_t preset = 0; preset < kCampaignPresetCount; ++preset) {
    const auto which = static_cast<CampaignPreset>(preset);
    if (settings.campaign.active && which == settings.campaign.preset) {
      continue;
    }
    const std::string prefix = "strikes." + std::string(to_text(which)) + ".";
    for (ParameterEntry& entry : table.entries) {
      if (entry.name.compare(0, prefix.size(), prefix) == 0) {
        entry.distribution = Distribution::fixed;
      }
    }
  }
  return table;
}

}  // namespace

TimelineSampler::TimelineSampler(TimelineSettings settings, const ComponentTable& components,
                                 const ZoneTable& zones)
    : settings_(std::move(settings)),
      assets_(components, zones),
      central_(central_parameters(settings_.parameters)),
      drawn_(without_unused_presets(settings_)),
      hour_count_(
          static_cast<std::size_t>((settings_.horizon + kSecondsPerHour - 1) / kSecondsPerHour)) {
  WG_CHECK(settings_.horizon > 0, "the horizon is positive");
  WG_CHECK(settings_.start.hour >= 0 && settings_.start.hour < 24, "start hour is 0 to 23");
  for (const EventSpec& event : settings_.campaign.events) {
    WG_CHECK(!event.zone.valid() || event.zone.index() < zones.count(), "event names a zone");
    WG_CHECK(event.hits >= 0, "hits are counted");
  }
  for (const InitialDamage& damage : settings_.campaign.initial_damage) {
    WG_CHECK(damage.component.valid() && damage.component.index() < components.count(),
             "initial damage names a component");
  }
  for (std::size_t step = 1; step < settings_.import.schedule.size(); ++step) {
    WG_CHECK(settings_.import.schedule[step - 1].from <= settings_.import.schedule[step].from,
             "import schedule is in order of time");
  }
}

void TimelineSampler::sample(const Draw& draw, const Draw& parameter_draw, TimelineScratch& scratch,
                             Timeline& out, CampaignCounts* counts) const {
  out.clear();
  scratch.parameters = central_;
  if (settings_.sample_parameters) {
    draw_parameters(drawn_, parameter_draw, scratch.parameters);
  }
  out.parameters = scratch.parameters.model;
  sample_weather(scratch.parameters.weather, settings_.weather, settings_.start, hour_count_, draw,
                 scratch.window, out.outdoor_c, out.forecast_min_c);
  sample_wave_clock(settings_, draw, out.outdoor_c, scratch);
  sample_deficit_surplus(settings_, central_, assets_.region_count(), hour_count_, draw, scratch);
  sample_import_factor(settings_.import, scratch.parameters.build.import_factor_ar1,
                       settings_.start, hour_count_, draw, out.import_factor,
                       scratch.deficit_surplus);
  CampaignCounts ignored;
  sample_strikes(settings_, assets_, draw, central_.strikes.region_share, scratch, out.hits,
                 counts != nullptr ? *counts : ignored);
  const auto order = [](const Hit& hit) {
    return std::make_tuple(hit.time, hit.component, hit.state, hit.work.permanent_seconds,
                           hit.work.temporary_seconds, hit.work.spare_units);
  };
  std::sort(out.hits.begin(), out.hits.end(),
            [&order](const Hit& a, const Hit& b) { return order(a) < order(b); });
}

}  // namespace wintergrid::random
