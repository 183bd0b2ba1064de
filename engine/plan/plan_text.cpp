// The plan in words and tables.

#include <algorithm>
#include <cmath>
#include <iterator>

#include <fmt/format.h>

#include "engine/plan/plan_words.hpp"
#include "engine/plan/write_plan.hpp"

namespace wintergrid::plan {
namespace {

constexpr std::size_t kJobsShown = 15;

/// A text with commas, quotes or line breaks, quoted.
std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) {
    return text;
  }
  std::string quoted = "\"";
  for (const char character : text) {
    quoted += character == '"' ? "\"\"" : std::string(1, character);
  }
  return quoted + "\"";
}

/// Three significant digits, with thousands separated.
std::string figure(double value) {
  if (!std::isfinite(value)) {
    return "-";
  }
  const double magnitude = std::abs(value) < 1.0 ? 1.0 : std::floor(std::log10(std::abs(value)));
  const double step = std::max(1.0, std::pow(10.0, magnitude - 2.0));
  const std::string digits = fmt::format("{:.0f}", std::abs(std::round(value / step) * step));
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) {
      text += ',';
    }
    text += digits[i];
  }
  return value < 0.0 && digits != "0" ? "-" + text : text;
}

std::string band_columns(const Band& band) {
  return fmt::format("{:.2f},{:.2f},{:.2f}", band.p10, band.p50, band.p90);
}
std::string stage_columns(const StageTimes& times) {
  if (times.share == 0.0) {
    return "0,,,,,,";
  }
  return fmt::format("{:.4f},{},{}", times.share, band_columns(times.begins),
                     band_columns(times.ends));
}

const PlannedJob& job_of(const Plan& plan, ComponentId component) {
  return *std::find_if(plan.jobs.begin(), plan.jobs.end(),
                       [&](const PlannedJob& job) { return job.component == component; });
}

std::string zone_of(const Model& model, ComponentId component) {
  return model.zones.id[model.components.zone[component.index()].index()];
}

std::string saving_text(const Plan& plan) {
  const auto line = [](const char* what, const montecarlo::Paired& d, double of) {
    if (d.mean == 0.0 && d.ci95_low == 0.0) {
      return fmt::format("  {}: the same\n", what);
    }
    const char* word = d.ci95_low > 0.0 ? "" : "; not clearly different";
    return fmt::format("  {}: {} less ({:.1f} %; 95 % interval {} to {}){}\n", what, figure(d.mean),
                       100.0 * d.mean / of, figure(d.ci95_low), figure(d.ci95_high), word);
  };
  return line("against first come, first served", plan.saving, plan.of("first_come").total.mean) +
         line("against the best policy", plan.policy_saving, plan.of("best_policy").total.mean);
}

std::string jobs_text(const Situation& situation, const Plan& plan) {
  const Model& model = situation.model();
  std::string text =
      "\n  Jobs in order                     crew          back after (80 % of futures)   loses "
      "without it\n";
  std::size_t shown = 0;
  for (const PlannedJob& job : plan.jobs) {
    if (shown++ == kJobsShown) {
      text += fmt::format("  ... and {} more in jobs.csv\n", plan.jobs.size() - kJobsShown);
      break;
    }
    const std::string name = model.components.name[job.component.index()];
    const CrewType type = crew_type_of(model.components.asset_class[job.component.index()]);
    const std::string back =
        job.restoring.share == 0.0
            ? std::string("not before the horizon")
            : fmt::format("{:.0f} h ({:.0f} to {:.0f})", job.restoring.ends.p50,
                          job.restoring.ends.p10, job.restoring.ends.p90);
    text += fmt::format("  {:>2}. {:<29} {:<13} {:<30} {}{}{}\n", job.position, name, to_text(type),
                        back, figure(job.saves.mean), job.under_way ? ", under way" : "",
                        job.probability < 1.0
                            ? fmt::format(", in {:.0f} % of futures", 100.0 * job.probability)
                            : "");
  }
  return text;
}

std::string robustness_text(const Situation& situation, const Plan& plan) {
  const Model& model = situation.model();
  std::string text;
  for (std::size_t type = 0; type < kCrewTypeCount; ++type) {
    std::vector<std::string> names;
    for (const PlannedJob& job : plan.jobs) {
      const CrewType crew = crew_type_of(model.components.asset_class[job.component.index()]);
      if (job.first_three && static_cast<std::size_t>(crew) == type) {
        names.push_back(fmt::format("{} {:.0f} %", model.components.name[job.component.index()],
                                    100.0 * job.stays_first_three));
      }
    }
    if (names.empty()) {
      continue;
    }
    const std::string crew(to_text(static_cast<CrewType>(type)));
    text += plan.search.contested[type] ? fmt::format("  {}: {}\n", crew, fmt::join(names, ", "))
                                        : fmt::format("  {}: crews for all jobs at once\n", crew);
  }
  return "\nFirst three of each crew type, and how often each stays among them when the futures "
         "are "
         "resampled:\n" +
         text;
}

std::string move_text(const Plan& plan, const Provenance& provenance) {
  std::string text = fmt::format(
      "\nMoving {} to place {} costs {} (95 % interval {} to {}):", provenance.moved_job,
      provenance.moved_to, figure(plan.move_cost.mean), figure(plan.move_cost.ci95_low),
      figure(plan.move_cost.ci95_high));
  for (std::size_t s = 0; s < kServiceCount; ++s) {
    text += fmt::format("{} {} {}", s == 0 ? "" : ",", figure(plan.move_cost_hours[s].mean),
                        s == 0 ? "household-hours of power" : kServiceNames[s]);
  }
  return text + "\n";
}

}  // namespace

std::string stage_word(const Dispatch& dispatch) {
  return dispatch.restores ? "restore" : "permanent";
}

double gap_of(const Plan& plan) {
  const double loss = plan.of("plan").total.mean;
  return loss > 0.0 ? (loss - plan.of("lower_bound").total.mean) / loss : 0.0;
}

std::vector<std::string> assumptions_of(const Situation& situation, const Plan& plan) {
  const Model& model = situation.model();
  std::vector<std::string> all = situation.assumptions;
  for (std::size_t i = 0; i < situation.counts.size(); ++i) {
    const Count& count = situation.counts[i];
    const char* things = count.buildings ? "buildings" : "households";
    std::string text = fmt::format(
        "{}: {} of {} {} without {}, cause unknown: in the futures {:.0f} (80 %: {:.0f} to {:.0f}) "
        "are. Causes were looked for in the zone itself, where {} of the components could leave so "
        "many without, and drawn at random",
        model.zones.id[count.zone], count.off, count.of, things, kServiceNames[count.service],
        plan.counted[i].p50, plan.counted[i].p10, plan.counted[i].p90, plan.explained[i].size());
    if (count.service == static_cast<std::size_t>(Service::heat)) {
      text += fmt::format(
          "; {:.0f} (80 %: {:.0f} to {:.0f}) of them by faults inside the buildings, "
          "for plumbing crews",
          plan.inside[i].p50, plan.inside[i].p10, plan.inside[i].p90);
    }
    all.push_back(text);
    const double met = plan.counted[i].p50;
    if (std::abs(met - static_cast<double>(count.off)) > 0.1 * static_cast<double>(count.off)) {
      all.push_back(fmt::format(
          "{}: the count is not met within 10 %: what is damaged explains {} than were counted",
          model.zones.id[count.zone], met < static_cast<double>(count.off) ? "fewer" : "more"));
    }
  }
  if (situation.forecast_c.empty()) {
    all.emplace_back("no forecast was given: the weather is the scenario's climate from now on");
  }
  all.emplace_back(situation.scenario.campaign == "none"
                       ? "no further strikes before the horizon: plan anew after one"
                       : "further strikes are drawn from the scenario's campaign");
  return all;
}

std::string timetable_csv(const Situation& situation, const Plan& plan) {
  const Model& model = situation.model();
  std::string text =
      "crew_type,crew,crews,component,zone,stage,sets_out_hours,begins_hours,ends_hours,begins_p10,"
      "begins_p50,begins_p90,ends_p10,ends_p50,ends_p90,share_of_futures\n";
  for (const Visit& visit : plan.visits) {
    const Dispatch& d = visit.dispatch;
    const PlannedJob& job = job_of(plan, visit.component);
    const StageTimes& times = d.restores ? job.restoring : job.permanent;
    const auto hours = [&](Seconds time) { return hours_from_seconds(time - situation.now); };
    fmt::format_to(std::back_inserter(text),
                   "{},{},{},{},{},{},{:.2f},{:.2f},{:.2f},{},{},{:.4f}\n", to_text(d.type),
                   d.crew + 1, d.crews, csv_field(model.components.name[visit.component.index()]),
                   csv_field(zone_of(model, visit.component)), stage_word(d), hours(d.sets_out),
                   hours(d.begins), hours(d.ends), band_columns(times.begins),
                   band_columns(times.ends), times.share);
  }
  return text;
}

std::string jobs_csv(const Situation& situation, const Plan& plan) {
  const Model& model = situation.model();
  std::string text =
      "position,component,asset_class,zone,crew_type,under_way,share_of_futures_with_a_job,"
      "share_of_futures_damaged,back_share,back_begins_p10,back_begins_p50,back_begins_p90,"
      "back_ends_p10,back_ends_p50,back_ends_p90,permanent_share,permanent_begins_p10,"
      "permanent_begins_p50,permanent_begins_p90,permanent_ends_p10,permanent_ends_p50,"
      "permanent_ends_p90,saves_loss,saves_ci95_low,saves_ci95_high";
  for (const char* what : {"saves_household_hours", "households_returned"}) {
    for (const std::string_view service : kServiceNames) {
      text += fmt::format(",{}_{}", what, service);
    }
  }
  text += ",stays_among_first_three\n";
  for (const PlannedJob& job : plan.jobs) {
    const std::size_t c = job.component.index();
    const AssetClass asset_class = model.components.asset_class[c];
    fmt::format_to(
        std::back_inserter(text), "{},{},{},{},{},{},{:.4f},{:.4f},{},{},{:.0f},{:.0f},{:.0f}",
        job.position, csv_field(model.components.name[c]), to_text(asset_class),
        csv_field(zone_of(model, job.component)), to_text(crew_type_of(asset_class)), job.under_way,
        job.probability, job.damaged, stage_columns(job.restoring), stage_columns(job.permanent),
        job.saves.mean, job.saves.ci95_low, job.saves.ci95_high);
    for (const auto& values : {job.saves_hours, job.returned}) {
      for (const double value : values) {
        fmt::format_to(std::back_inserter(text), ",{:.0f}", value);
      }
    }
    text += job.first_three ? fmt::format(",{:.3f}\n", job.stays_first_three) : ",\n";
  }
  return text;
}

std::string plan_text(const Situation& situation, const Plan& plan, const Provenance& provenance) {
  const Judged& judged = plan.of("plan");
  std::string text = fmt::format(
      "Repair plan from {}, {:.0f} days ahead; judged on {} futures that the search had not seen\n",
      situation.moment, hours_from_seconds(situation.model().horizon - situation.now) / 24.0,
      plan.futures_judged);
  text += fmt::format(
      "  loses {} (household-hours, weighted; 95 % interval {} to {}): power {}, heat {}, water {} "
      "household-hours, of them beyond 24 h {}\n",
      figure(judged.total.mean), figure(judged.total.ci95_low), figure(judged.total.ci95_high),
      figure(judged.hours[0]), figure(judged.hours[1]), figure(judged.hours[2]),
      figure(judged.beyond_24h[0] + judged.beyond_24h[1] + judged.beyond_24h[2]));
  text += saving_text(plan);
  text += fmt::format(
      "  lower bound {}: at most {:.1f} % of the loss is due to the order and to how many crews "
      "there are\n",
      figure(plan.of("lower_bound").total.mean), 100.0 * gap_of(plan));
  if (plan.bound_undercut > 0) {
    text += fmt::format(
        "  (in {} of {} futures the plan loses less than that, by at most {:.2f} %: there it is no "
        "bound; see engine/plan/README.md)\n",
        plan.bound_undercut, plan.futures_judged, 100.0 * plan.bound_undercut_share);
  }
  text += fmt::format("  {}; {} futures simulated, {} moves tried, {} taken{}\n",
                      plan.rule == "list"
                          ? std::string("a fixed list")
                          : fmt::format("policy {}: no list that was tried is better", plan.rule),
                      plan.simulated, plan.search.moves_tried, plan.search.moves_taken,
                      provenance.cut_short     ? "; the search was cut short"
                      : plan.search.local_best ? "; no single move is better"
                                               : "; the budget is spent");
  text += jobs_text(situation, plan);
  text += robustness_text(situation, plan);
  if (plan.moved) {
    text += move_text(plan, provenance);
  }
  text += "\nAssumed:\n";
  for (const std::string& assumption : assumptions_of(situation, plan)) {
    text += fmt::format("  {}\n", assumption);
  }
  return text;
}

}  // namespace wintergrid::plan
