#include "engine/report/read_me.hpp"

#include <cstdint>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace wintergrid::report {
namespace {

using Json = nlohmann::ordered_json;

}  // namespace

std::string read_me_title(Language language) {
  return Label{"Households without power, heat and water in simulated winters of strikes",
               "Домогосподарства без електрики, тепла й води у змодельованих зимах ударів"}
      .in(language);
}

std::vector<std::pair<std::string, std::string>> read_me_lines(std::string_view report_json,
                                                               Language language) {
  const Json json = Json::parse(report_json);
  const Json& facts = json.at("facts");
  std::vector<std::pair<std::string, std::string>> lines;
  const auto t = [&](const char* en, const char* uk) -> std::string {
    return language == Language::ukrainian ? uk : en;
  };
  const auto line = [&](const std::string& what, const std::string& value) {
    lines.emplace_back(what, value);
  };
  const auto fact = [&](const char* key) {
    const Json& value = facts.at(key);
    return value.is_string() ? value.get<std::string>() : value.dump();
  };
  line(t("What this is", "Що це"),
       facts.at("synthetic").get<bool>()
           ? t("SYNTHETIC DATA: networks and households are made from statistics and show no real "
               "place.",
               "СИНТЕТИЧНІ ДАНІ: мережі та домогосподарства створено за статистикою; вони не "
               "показують жодного реального місця.")
           : t("A simulation of networks as they were given to the program; not checked against "
               "the real ones.",
               "Це модель мереж у тому вигляді, у якому їх задано програмі; зі справжніми "
               "мережами її не звірено."));
  line("", t("Not a forecast: it says what happens if strikes go on as in the chosen past winter "
             "and the assumptions hold.",
             "Не прогноз: тут сказано, що станеться, якщо удари триватимуть, як в обрану минулу "
             "зиму, і якщо справджуються припущення."));
  line(t("Scenario", "Сценарій"), fact("scenario"));
  line(t("Start, days", "Початок, діб"), fact("start") + ", " + fact("horizon_days"));
  line(t("Households", "Домогосподарства"), fact("households"));
  line(t("Winters simulated", "Змодельовані зими"), fact("replications"));
  if (facts.at("failed_replications").get<std::uint64_t>() > 0) {
    line(t("Winters on which the program failed", "Зими з помилкою програми"),
         fact("failed_replications"));
  }
  line(t("Strikes as in", "Удари, як у"), fact("campaign"));
  line(t("Weather", "Погода"), fact("weather"));
  line(t("Repairs", "Черговість ремонтів"),
       policy_label(facts.at("policy").get<std::string>()).in(language));
  std::string overlays;
  for (const Json& overlay : facts.at("overlays")) {
    overlays += (overlays.empty() ? "" : ", ") + overlay.get<std::string>();
  }
  line(t("Changes to the scenario", "Зміни до сценарію"),
       overlays.empty() ? t("none", "немає") : overlays);
  line(t("Parameters", "Параметри"),
       facts.at("parameters_sampled").get<bool>()
           ? t("drawn for each pair of winters", "вибрано випадково для кожної пари зим")
           : t("fixed, central values", "сталі, центральні значення"));
  line(t("Seed", "Початкове число"), fact("seed"));
  line(t("Program", "Програма"), "wintergrid " + fact("program_version"));
  line(t("SHA-256 of the inputs", "SHA-256 вхідних даних"), fact("scenario_sha256"));
  line("", "");
  line(t("Mean, 95 %", "Середнє, 95 %"),
       t("Where the mean over winters lies with 95 % confidence. More winters make it narrower; it "
         "says nothing about whether the model is right.",
         "Середнє за всіма зимами лежить у цьому діапазоні з довірою 95 %. Що більше "
         "змодельованих зим, то він вужчий; про те, чи правильна модель, він не каже нічого."));
  line(t("9 of 10 winters", "9 із 10 зим"),
       t("What one winter may bring: one in twenty is milder than the lower end, one in twenty "
         "worse than the upper. Plan by this range.",
         "Що може принести одна зима. Одна з двадцяти м’якша за нижню межу, одна з двадцяти гірша "
         "за верхню. Планувати варто за цим діапазоном."));
  line(t("Parameters, 9 of 10", "Параметри, 9 із 10"),
       t("Where the mean lies for 9 of 10 plausible sets of parameters. Simulating more does not "
         "narrow it; better data do. Empty where it cannot be told from chance.",
         "Для 9 із 10 правдоподібних наборів значень середнє лежить у цьому діапазоні. "
         "Моделювання його не звузить; звузять кращі дані. Порожньо, де його не відрізнити від "
         "випадковості."));
  line(t("Zones", "Зони"),
       fmt::format(fmt::runtime(t("Zones of fewer than {} households are shown together, so that "
                                  "nobody can be told apart.",
                                  "Зони, де менше ніж {} домогосподарств, показано разом, щоб "
                                  "нікого не можна було вирізнити.")),
                   json.at("smallest_zone_households").get<std::uint64_t>()));
  line(t("Second row of each table", "Другий рядок кожної таблиці"),
       t("HXL tags (hxlstandard.org), for tools that read them.",
         "Теги HXL (hxlstandard.org) для програм, які їх читають."));
  line(t("Whose results these are", "Чиї це результати"),
       t("Results from real data belong to those who answer for the networks; share them with "
         "their consent only.",
         "Результати за справжніми даними належать тим, хто відповідає за мережі; передавайте їх "
         "лише з їхньої згоди."));
  return lines;
}

}  // namespace wintergrid::report
