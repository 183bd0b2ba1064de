// Words and numbers of the terminal that need no run.

#include "engine/report/terminal.hpp"

#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "engine/montecarlo/metrics.hpp"

namespace wintergrid::report {
namespace {

TEST(Terminal, SharesOfVarianceAreWrittenAsPeopleWriteThem) {
  Summary summary;
  montecarlo::Estimate nothing;
  nothing.mean = std::nan("");
  summary.estimates.assign(montecarlo::metrics().size(), nothing);
  summary.facts.parameters_sampled = true;
  scenario::UnknownColumn column;
  column.table = "feeders";
  column.column = "queue";
  column.rows = column.unknown = column.from_table = 3;
  summary.unknown = {column};
  UnknownEffectOn effect;
  effect.service = "power";
  effect.effect.winters = 40;
  effect.effect.differing = 2;
  effect.effect.of_winters = {0.0022, 0.000001, 0.994};
  effect.effect.of_expectation = {0.12, 0.0, 1.0};
  summary.unknown_effects = {effect};
  const std::string text = terminal_summary(summary);
  EXPECT_NE(text.find("  power  0.22 % (below 0.001 to 99) between winters, "
                      "12 % (0 to 100) of the expectation; 2 winters differ"),
            std::string::npos)
      << text;
}

TEST(Terminal, OneIsNotMany) {
  EXPECT_EQ(counted(0, "set", "sets"), "0 sets");
  EXPECT_EQ(counted(1, "set", "sets"), "1 set");
  EXPECT_EQ(counted(2000, "set", "sets"), "2,000 sets");
  Summary summary;
  summary.replications = 1;
  summary.households = 1;
  summary.facts.horizon_days = 1;
  summary.estimates.resize(montecarlo::metrics().size());
  const std::string text = terminal_summary(summary);
  EXPECT_NE(text.find("1 household, 1 day from"), std::string::npos) << text;
  EXPECT_NE(text.find("; 1 winter simulated"), std::string::npos) << text;
}

}  // namespace
}  // namespace wintergrid::report
