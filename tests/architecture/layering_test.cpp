#include "tests/architecture/layering.hpp"

#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace wintergrid::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

LayerTable project_table() {
  const std::ifstream in(WINTERGRID_SOURCE_DIR "/tests/architecture/layers.txt");
  std::ostringstream text;
  text << in.rdbuf();
  return read_layer_table(text.str());
}

std::string lines_of(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) {
    text += item + "\n";
  }
  return text;
}

// ---- the project ----

TEST(Architecture, IncludesFollowTheLayers) {
  const auto violations = check_includes(WINTERGRID_SOURCE_DIR, project_table());
  EXPECT_THAT(violations, IsEmpty()) << lines_of(violations);
}

TEST(Architecture, EveryRoomHasAReadme) {
  const auto missing = rooms_without_readme(WINTERGRID_SOURCE_DIR, project_table());
  EXPECT_THAT(missing, IsEmpty()) << lines_of(missing);
}

TEST(Architecture, NoFileIsTooLongToRead) {
  const auto long_files = files_longer_than(WINTERGRID_SOURCE_DIR, 450);
  if (!long_files.empty()) {
    std::cout << "longer than 450 lines, to be split by meaning:\n" << lines_of(long_files);
  }
  const auto too_long = files_longer_than(WINTERGRID_SOURCE_DIR, 500);
  EXPECT_THAT(too_long, IsEmpty()) << lines_of(too_long);
}

// ---- the check itself: a tree with one violation of each kind must be reported ----

constexpr const char* kTable =
    "room 0 grid_models/core   # lowest\n"
    "room 1 grid_models/power\n"
    "room 1 grid_models/heat\n"
    "room 2 engine/io\n"
    "room 2 engine/scenario\n"
    "within engine/scenario engine/io\n"
    "header boost/ engine/\n"
    "header boost/graph/ grid_models/power/islands.cpp\n"
    "pragma omp engine/io/runner.cpp\n"
    "forbid thread grid_models/\n";

class LayeringCheck : public testing::Test {
 protected:
  std::vector<std::string> violations_of(const std::string& path, const std::string& text) const {
    tree_.write(path, text);
    return check_includes(tree_.path(), read_layer_table(kTable));
  }

 private:
  TempDir tree_;
};

TEST_F(LayeringCheck, AcceptsLowerLayersOwnRoomAndTheStandardLibrary) {
  EXPECT_THAT(violations_of("grid_models/power/flow.cpp",
                            "#include \"grid_models/power/flow.hpp\"\n"
                            "#include <vector>\n"
                            "#include \"grid_models/core/id.hpp\"\n"),
              IsEmpty());
}

TEST_F(LayeringCheck, ReportsAHigherLayer) {
  EXPECT_THAT(
      violations_of("grid_models/core/id.hpp", "\n#include \"grid_models/power/flow.hpp\"\n"),
      ElementsAre("grid_models/core/id.hpp:2: includes \"grid_models/power/flow.hpp\" "
                  "(layer 0 may include only lower layers, not layer 1)"));
}

TEST_F(LayeringCheck, ReportsGridModelsIncludingEngine) {
  EXPECT_THAT(violations_of("grid_models/power/flow.cpp", "#include \"engine/io/file.hpp\"\n"),
              ElementsAre(HasSubstr("not layer 2")));
}

TEST_F(LayeringCheck, ReportsANeighbourOfTheSameLayerUnlessTheTableExceptsIt) {
  EXPECT_THAT(
      violations_of("grid_models/power/flow.cpp", "#  include \"grid_models/heat/heat.hpp\"\n"),
      ElementsAre(
          HasSubstr("grid_models/power/flow.cpp:1: includes \"grid_models/heat/heat.hpp\"")));
}

TEST_F(LayeringCheck, AnExceptionHoldsInOneDirectionOnly) {
  EXPECT_THAT(violations_of("engine/scenario/read.cpp", "#include \"engine/io/file.hpp\"\n"),
              IsEmpty());
  EXPECT_THAT(violations_of("engine/io/file.cpp", "#include \"engine/scenario/read.hpp\"\n"),
              ElementsAre(HasSubstr("engine/io/file.cpp:1")));
}

TEST_F(LayeringCheck, ReportsAPathThatIsNotFromTheRoot) {
  EXPECT_THAT(violations_of("grid_models/power/flow.cpp", "#include \"flow.hpp\"\n"),
              ElementsAre(HasSubstr("not a room's header named from the root")));
}

TEST_F(LayeringCheck, ReportsAThirdPartyHeaderOutsideItsPlace) {
  EXPECT_THAT(
      violations_of("grid_models/power/flow.cpp", "#include <boost/graph/adjacency_list.hpp>\n"),
      ElementsAre("grid_models/power/flow.cpp:1: includes <boost/graph/adjacency_list.hpp> "
                  "(allowed only where layers.txt says)"));
}

TEST_F(LayeringCheck, TheLongestPrefixRules) {
  EXPECT_THAT(
      violations_of("grid_models/power/islands.cpp", "#include <boost/graph/adjacency_list.hpp>\n"),
      IsEmpty());
  EXPECT_THAT(violations_of("engine/io/file.cpp", "#include <boost/graph/adjacency_list.hpp>\n"),
              ElementsAre(HasSubstr("engine/io/file.cpp:1")));
  EXPECT_THAT(violations_of("engine/io/file.cpp", "#include <boost/math/tools/roots.hpp>\n"),
              IsEmpty());
}

TEST_F(LayeringCheck, ReportsAnUnlistedThirdPartyHeader) {
  EXPECT_THAT(violations_of("engine/io/file.cpp", "#include <curl/curl.h>\n"),
              ElementsAre(HasSubstr("<curl/curl.h>")));
}

TEST_F(LayeringCheck, ReportsAnyThirdPartyHeaderInAHeader) {
  EXPECT_THAT(violations_of("engine/io/file.hpp", "#include <boost/math/tools/roots.hpp>\n"),
              ElementsAre(HasSubstr("a header may include only the standard library and rooms")));
}

TEST_F(LayeringCheck, ReportsAPragmaOutsideItsPlace) {
  EXPECT_THAT(violations_of("engine/io/runner.cpp", "  #pragma omp parallel\n"), IsEmpty());
  EXPECT_THAT(
      violations_of("engine/io/file.cpp", "#pragma once\n  # pragma omp parallel\n"),
      ElementsAre("engine/io/file.cpp:2: uses #pragma omp (allowed only where layers.txt says)"));
}

TEST_F(LayeringCheck, ReportsAForbiddenStandardHeader) {
  EXPECT_THAT(violations_of("engine/io/file.cpp", "#include <thread>\n"), IsEmpty());
  EXPECT_THAT(violations_of("grid_models/power/flow.cpp", "#include <thread>\n"),
              ElementsAre("grid_models/power/flow.cpp:1: includes <thread> (forbidden here)"));
}

TEST_F(LayeringCheck, ReportsAFileInNoRoom) {
  EXPECT_THAT(violations_of("grid_models/misc/helper.cpp", "int x;\n"),
              ElementsAre(HasSubstr("grid_models/misc/helper.cpp:1: is in no room")));
}

TEST(LayerTable, RefusesALineThatIsNoRule) {
  EXPECT_THROW(read_layer_table("rooom 0 grid_models/core\n"), std::runtime_error);
  EXPECT_THROW(read_layer_table("room 0 a\nwithin a b\n"), std::runtime_error);
}

TEST(RoomsWithoutReadme, ReportsOnlyRoomsWithSources) {
  const TempDir tree;
  tree.write("grid_models/core/id.hpp", "");
  tree.write("grid_models/power/flow.hpp", "");
  tree.write("grid_models/power/README.md", "");
  EXPECT_THAT(rooms_without_readme(tree.path(), read_layer_table(kTable)),
              ElementsAre("grid_models/core/"));
}

TEST(FilesLongerThan, CountsLines) {
  const TempDir tree;
  tree.write("tests/a.cpp", "1\n2\n3\n");
  tree.write("bench/b.cpp", "1\n2\n");
  tree.write("engine/report/node_modules/c.js", "1\n2\n3\n");
  EXPECT_THAT(files_longer_than(tree.path(), 2), ElementsAre("tests/a.cpp: 3 lines"));
}

}  // namespace
}  // namespace wintergrid::test
