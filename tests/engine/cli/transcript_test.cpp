// The README as a person follows it: every command of its code blocks is run, with few winters, and
// must end well; where the README shows what a command prints, the words must be those printed.

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/cli/program.hpp"
#include "tests/engine/cli/scenarios.hpp"
#include "tests/support/temp_dir.hpp"

namespace wintergrid {
namespace {

namespace fs = std::filesystem;
using test::bytes_of;
using test::Finished;
using test::kTown;
using test::run_program;
using test::TempDir;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line);
  }
  return lines;
}

std::vector<std::string> code_blocks() {
  std::vector<std::string> blocks;
  bool inside = false, in_order = false;
  for (const std::string& line :
       lines_of(bytes_of(std::string(WINTERGRID_SOURCE_DIR) + "/README.md"))) {
    if (line.rfind("```", 0) == 0) {
      inside = !inside;
      in_order = inside && line == "```sh";  // those are run by paths_test.cpp
      if (inside && !in_order) {
        blocks.emplace_back();
      }
    } else if (inside && !in_order) {
      blocks.back() += line + "\n";
    }
  }
  return blocks;
}

/// Lines that run the program, without what comes before its name and without comments.
std::vector<std::string> commands() {
  std::vector<std::string> found;
  for (const std::string& block : code_blocks()) {
    for (std::string line : lines_of(block)) {
      line = line.substr(0, line.find(" #"));
      constexpr std::string_view kBuilt = "build/release/wintergrid ", kInstalled = "wintergrid ";
      if (line.rfind(kBuilt, 0) == 0) {
        found.push_back(line.substr(kBuilt.size()));
      } else if (line.rfind(kInstalled, 0) == 0) {
        found.push_back(line.substr(kInstalled.size()));
      }
    }
  }
  return found;
}

/// The words of a command: what may be left out ("[-n N]") is left out, of "a|b" the first is
/// taken.
std::vector<std::string> words_of(const std::string& command) {
  std::string text;
  int depth = 0;
  for (const char letter : command) {
    depth += letter == '[' ? 1 : 0;
    if (depth == 0) {
      text += letter;
    }
    depth -= letter == ']' ? 1 : 0;
  }
  std::vector<std::string> words;
  std::istringstream stream(text);
  for (std::string word; stream >> word;) {
    words.push_back(word.substr(0, word.find('|')));
  }
  return words;
}

/// What stands in capitals in the README, as a person would fill it in.
std::map<std::string, std::string> filled_in(const TempDir& folder) {
  const fs::path source = WINTERGRID_SOURCE_DIR;
  folder.write(
      "case.m",
      "function mpc = two\nmpc.version = '2';\nmpc.baseMVA = 100;\nmpc.bus = [\n1 3 0 0 0 0 "
      "1 1 0 110 1 1.1 0.9;\n2 1 90 0 0 0 1 1 0 110 1 1.1 0.9;\n];\nmpc.gen = [\n1 90 0 0 0 "
      "1 100 1 200 0;\n];\nmpc.branch = [\n1 2 0 0.1 0 200 0 0 0 0 1 -360 360;\n];\n");
  folder.write("network.inp",
               "[JUNCTIONS]\n J1 10 5\n J2 10 5\n[RESERVOIRS]\n R1 60\n[PIPES]\n P1 R1 J1 1000 300 "
               "100\n P2 J1 J2 1000 300 100\n[OPTIONS]\n Units LPS\n Headloss H-W\n[END]\n");
  folder.write("heat/a_junction.csv", "id,height_m\n1,0\n2,0\n3,0\n4,0\n");
  folder.write("counts.csv",
               "day,without_heat\n0,6000\n1,5200\n2,4400\n3,3700\n4,3000\n5,2400\n6,1900\n7,1500\n"
               "8,1200\n9,900\n10,700\n");
  return {{"SCENARIO", kTown},
          {"DIR", (folder / "out").string()},
          {"DIR...", (folder / "out").string()},
          {"DIR/scenario.yaml", (folder / "out/scenario.yaml").string()},
          {"TODAY.yaml", (source / "data/oblast/today.yaml").string()},
          {"K", "1"},
          {"CODE", "WG0104"},
          {"FILE.m", (folder / "case.m").string()},
          {"FILE.inp", (folder / "network.inp").string()},
          {"OBSERVED.csv", (source / "data/hindcast/odesa_2025_observed.csv").string()},
          {"COUNTS.csv", (folder / "counts.csv").string()},
          {"FILE.yaml", (folder / "fit.yaml").string()}};
}

/// Needs a file that only others can give (a public record, a heat network): its --help is run.
bool needs_a_file_of_others(const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(), [](const std::string& word) {
    return word == "RECORD.csv" || word == "FILE.json" || word == "STOCK.csv";
  });
}

void make_quick(std::vector<std::string>& words) {
  const std::string command = words.front();
  const auto add = [&](std::initializer_list<std::string> more) {
    words.insert(words.end(), more);
  };
  if (command == "run" || command == "compare") {
    const auto given = std::find_if(words.begin(), words.end(), [](const std::string& word) {
      return word == "-n" || word == "--replications";
    });
    if (given != words.end()) {
      *(given + 1) = "8";
    } else {
      add({"-n", "8"});
    }
  } else if (command == "hindcast") {
    add({"-n", "10"});
  } else if (command == "sensitivity") {
    add({"-n", "8", "--trajectories", "2", "--factors", "0", "--set", "parameters=sampled"});
  } else if (command == "new") {
    add({"--people", "1e5"});
  } else if (command == "generators") {
    add({"-n", "8"});
  } else if (command == "plan") {
    add({"-n", "4", "--evaluations", "1", "--seconds", "1"});
  }
}

TEST(Readme, EveryCommandRuns) {
  std::size_t run = 0;
  for (const std::string& command : commands()) {
    std::vector<std::string> words = words_of(command);
    const TempDir folder;
    if (needs_a_file_of_others(words)) {
      const auto end = std::find_if(words.begin(), words.end(), [](const std::string& word) {
        return std::isupper(static_cast<unsigned char>(word.front())) != 0 || word.front() == '-';
      });
      words.erase(end, words.end());
      words.emplace_back("--help");
    } else {
      const auto values = filled_in(folder);
      if (words.front() == "report") {
        ASSERT_EQ(run_program({"run", kTown, "-o", values.at("DIR"), "-n", "8", "-q"}).code, 0);
      }
      if (words.front() == "hindcast") {
        for (std::string& word : words) {
          word = word == "SCENARIO"
                     ? std::string(WINTERGRID_SOURCE_DIR) + "/data/hindcast/odesa_2025.yaml"
                     : word;
        }
      }
      if (words.front() == "plan") {  // what is broken today is broken in the oblast
        std::replace(words.begin(), words.end(), std::string("SCENARIO"), test::kOblast);
      }
      for (std::string& word : words) {
        word = values.contains(word) ? values.at(word) : word;
        if (word.rfind("out/", 0) == 0) {  // results of the README's own runs
          word = (folder / word).string();
        } else if (word.rfind("data/", 0) == 0) {
          word = std::string(WINTERGRID_SOURCE_DIR) + "/" + word;
        }
      }
      make_quick(words);
    }
    const Finished result = run_program(words);
    const bool no_page = words.front() == "report" && result.code == 69;  // built without Node
    EXPECT_TRUE(result.code == 0 || no_page) << command << "\n" << result.err;
    EXPECT_FALSE(result.out.empty() && result.err.empty()) << command;
    ++run;
  }
  EXPECT_GE(run, 15U);
}

/// Numbers and what spaces them differ between a thousand winters and eight.
std::string words_only(const std::string& line) {
  std::string text;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const auto letter = static_cast<unsigned char>(line[i]);
    if (std::isalpha(letter) != 0) {
      text += line[i];
    }
  }
  for (const std::string unit : {"million", "billion"}) {
    for (std::size_t at = text.find(unit); at != std::string::npos; at = text.find(unit)) {
      text.erase(at, unit.size());
    }
  }
  return text;
}

TEST(Readme, TheFirstCommandPrintsWhatItSays) {
  const TempDir folder;
  const std::string scenario = std::string(WINTERGRID_SOURCE_DIR) + "/data/oblast/scenario.yaml";
  const Finished result =
      run_program({"run", scenario, "-o", (folder / "out").string(), "-n", "40", "-q"});
  ASSERT_EQ(result.code, 0) << result.err;
  std::vector<std::string> printed;
  for (const std::string& line : lines_of(result.out)) {
    printed.push_back(words_only(line));
  }
  std::size_t compared = 0;
  for (const std::string& block : code_blocks()) {
    if (block.rfind("synthetic oblast:", 0) != 0) {
      continue;
    }
    for (const std::string& line : lines_of(block)) {
      const std::string words = words_only(line);
      if (words.empty() || line.rfind("Results are in", 0) == 0 ||
          line.rfind("  power ", 0) == 0) {  // what cannot be told from chance with few winters
        continue;
      }
      EXPECT_NE(std::find(printed.begin(), printed.end(), words), printed.end()) << line;
      ++compared;
    }
  }
  EXPECT_GT(compared, 25U);
}

}  // namespace
}  // namespace wintergrid
