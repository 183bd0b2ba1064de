// A heat network with cases in one JSON file; README.md has the format.

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/io/source_text.hpp"
#include "engine/io/suggest.hpp"
#include "engine/scenario/heat_network.hpp"
#include "engine/scenario/messages.hpp"

namespace wintergrid::scenario {
namespace {

using nlohmann::json;

constexpr double kZeroC = 273.15;

/// What a case name and its description say.
struct CaseChoice {
  heat::FrictionLaw friction = heat::FrictionLaw::colebrook;
  bool water_at_temperature = false;
  const json* closed = nullptr;  ///< "case_X"
  std::vector<std::string> pipes_out;
};

std::vector<std::string> words(const std::string& text, const std::string& separators) {
  std::vector<std::string> found(1);
  for (const char c : text) {
    if (separators.find(c) != std::string::npos) {
      found.emplace_back();
    } else {
      found.back() += c;
    }
  }
  found.erase(std::remove(found.begin(), found.end(), std::string()), found.end());
  return found;
}

std::optional<heat::FrictionLaw> friction_in(const std::string& text) {
  for (const auto& [word, law] : {std::pair{"nikuradse", heat::FrictionLaw::nikuradse},
                                  std::pair{"swamee", heat::FrictionLaw::swamee_jain},
                                  std::pair{"colebrook", heat::FrictionLaw::colebrook}}) {
    if (lower_case(text).find(word) != std::string::npos) {
      return law;
    }
  }
  return std::nullopt;
}

/// "... with pipe p5 out of service", "pipes p5, p7 and p8 out of service".
std::vector<std::string> pipes_out_in(const std::string& text) {
  const std::size_t end = text.find("out of service");
  const std::size_t begin = end == std::string::npos ? end : text.rfind("pipe", end);
  if (begin == std::string::npos) {
    return {};
  }
  std::vector<std::string> found = words(text.substr(begin, end - begin), " ,");
  found.erase(found.begin());  // "pipe" or "pipes"
  found.erase(std::remove(found.begin(), found.end(), "and"), found.end());
  return found;
}

class JsonNetwork {
 public:
  JsonNetwork(std::string path, Diagnostics& diagnostics)
      : path_(std::move(path)), out_(diagnostics) {}

  std::optional<NamedHeatNetwork> read(const std::string& case_name) {
    const auto source = io::read_source(path_, 64 * io::kMebibyte, {path_, 0, 0}, out_);
    if (!source) {
      return std::nullopt;
    }
    if (source->text().find_first_not_of(" \t\r\n") == std::string_view::npos) {
      out_.error(ErrorCode::file, {path_, 1, 1}, "the file is empty",
                 "a network is one JSON object {...}");
      return std::nullopt;
    }
    try {
      file_ = json::parse(source->text());
    } catch (const json::parse_error& error) {
      out_.error(ErrorCode::syntax,
                 io::place_of_offset(path_, source->text(), error.byte > 0 ? error.byte - 1 : 0),
                 "the file is not valid JSON", "look for a missing comma, quote or bracket here");
      return std::nullopt;
    }
    if (!file_.is_object()) {
      fail(ErrorCode::type, "", "the file must hold one object {...}");
      return std::nullopt;
    }
    choose(case_name);
    if (out_.ok()) {
      common();
      choice_.closed != nullptr ? closed_network() : open_network();
      outages();
    }
    if (!out_.ok()) {
      return std::nullopt;
    }
    return std::move(result_);
  }

 private:
  void fail(ErrorCode code, const std::string& at, std::string problem, std::string hint = {}) {
    out_.error(code, {path_, 0, 0}, std::move(problem), std::move(hint), at);
  }

  /// A finite number in [low, high]; `otherwise` if the key is not there, an error without it.
  double number(const json& object, const std::string& at, const std::string& key, double low,
                double high, std::optional<double> otherwise = {}) {
    const auto found = object.find(key);
    if (found == object.end() || found->is_null()) {
      if (!otherwise) {
        fail(ErrorCode::missing, at, fmt::format("'{}' is missing", key));
      }
      return otherwise.value_or(1.0);
    }
    if (!found->is_number() || !std::isfinite(found->get<double>()) || found->get<double>() < low ||
        found->get<double>() > high) {
      fail(ErrorCode::range, at,
           fmt::format("'{}' is {} (must be a number, {} to {})", key, found->dump(), low, high));
      return otherwise.value_or(1.0);
    }
    return found->get<double>();
  }

  std::string text(const json& object, const std::string& at, const std::string& key) {
    const auto found = object.find(key);
    if (found == object.end() || !(found->is_string() || found->is_number_integer())) {
      fail(ErrorCode::missing, at, fmt::format("'{}' is missing (must be a name)", key));
      return {};
    }
    return found->is_string() ? found->get<std::string>() : found->dump();
  }

  const json& list(const json& object, const std::string& at, const std::string& key,
                   bool required) {
    static const json none = json::array();
    const auto found = object.find(key);
    if (found == object.end() && !required) {
      return none;
    }
    if (found == object.end() || !found->is_array()) {
      fail(ErrorCode::missing, at, fmt::format("'{}' is missing (must be a list [...])", key));
      return none;
    }
    return *found;
  }

  template <class Use>
  void each(const json& object, const std::string& at, const std::string& key, bool required,
            Use use) {
    const json& items = list(object, at, key, required);
    for (std::size_t k = 0; k < items.size(); ++k) {
      const std::string place = fmt::format("{}{}[{}]", at.empty() ? "" : at + ".", key, k);
      if (items[k].is_object()) {
        use(items[k], place);
      } else {
        fail(ErrorCode::type, place, "must be an object {...}");
      }
    }
  }

  // --- which case

  void choose(const std::string& name) {
    const auto cases = file_.find("cases");
    const json* described = nullptr;
    if (cases != file_.end() && cases->is_object() && cases->contains(name)) {
      described = &cases->at(name);
    }
    if (described != nullptr && described->is_string()) {
      const std::string sentence = described->get<std::string>();
      choice_.friction = friction_in(sentence).value_or(choice_.friction);
      choice_.pipes_out = pipes_out_in(sentence);
      choice_.water_at_temperature = sentence.find("temperature dependent") != std::string::npos ||
                                     sentence.find("temperature-dependent") != std::string::npos;
    }
    const std::vector<std::string> parts = words(name, "_");
    if (parts.empty()) {
      return;
    }
    if (const auto closed = file_.find("case_" + parts.front());
        closed != file_.end() && closed->is_object()) {
      choice_.closed = &*closed;
    }
    std::vector<std::string> unknown;
    for (std::size_t k = 1; k < parts.size(); ++k) {
      const std::string word = lower_case(parts[k]);
      if (const auto law = friction_in(word)) {
        choice_.friction = *law;
      } else if (word == "varprops") {
        choice_.water_at_temperature = true;
      } else if (word == "outage") {
        name_outages(name.substr(lower_case(name).find("outage") + 6));
        break;
      } else if (word != "jain" && word != "closed" && word != "open" && word != "sequential" &&
                 word != "bidirectional") {
        unknown.push_back(parts[k]);
      }
    }
    const bool only_letter = parts.size() == 1 && parts.front().size() == 1;
    if (described == nullptr && choice_.closed == nullptr &&
        (!unknown.empty() || (parts.size() == 1 && !only_letter))) {
      std::vector<std::string> names;
      if (cases != file_.end() && cases->is_object()) {
        for (const auto& item : cases->items()) {
          names.push_back(item.key());
        }
      }
      const std::string close = io::did_you_mean(name, names);
      fail(ErrorCode::reference, "cases", fmt::format("there is no case {}", in_quotes(name)),
           close.empty() ? "cases of this file: " + join(names) : close);
    }
  }

  void name_outages(const std::string& rest) {
    for (const std::string& pipe : words(rest, "_")) {
      if (std::find(choice_.pipes_out.begin(), choice_.pipes_out.end(), pipe) ==
          choice_.pipes_out.end()) {
        choice_.pipes_out.push_back(pipe);
      }
    }
  }

  // --- what all cases share

  void common() {
    result_.network.friction = choice_.friction;
    result_.network.gravity_m_s2 = number(file_, "", "gravity_m_s2", 9.0, 10.0, 9.81);
    ambient_k_ = number(file_, "", "T_ambient_C", -60.0, 100.0, 20.0) + kZeroC;
    roughness_mm_ = number(file_, "", "roughness_mm", 0.0, 10.0, 0.2);
    if (const auto fluid = file_.find("fluid"); fluid != file_.end() && fluid->is_object()) {
      const heat::WaterProperties fixed{number(*fluid, "fluid", "density_kg_m3", 1.0, 5000.0),
                                        number(*fluid, "fluid", "cp_J_kgK", 100.0, 20000.0),
                                        number(*fluid, "fluid", "dyn_viscosity_Pa_s", 1e-6, 10.0)};
      if (!choice_.water_at_temperature) {
        result_.network.water = heat::Water(fixed);
      }
    }
    each(file_, "", "nodes", true, [&](const json& node, const std::string& at) {
      const std::string id = text(node, at, "id");
      if (!node_.emplace(id, static_cast<std::uint32_t>(node_.size())).second) {
        fail(ErrorCode::twice, at, fmt::format("node {} is there twice", in_quotes(id)));
      }
      base_names_.push_back(id);
      height_m_.push_back(number(node, at, "height_m", -1000.0, 10000.0, 0.0));
    });
  }

  std::uint32_t node(const json& object, const std::string& at, const std::string& key) {
    const std::string id = text(object, at, key);
    const auto found = node_.find(id);
    if (found == node_.end()) {
      fail(ErrorCode::reference, at,
           fmt::format("'{}' is {}, which is not a node", key, in_quotes(id)),
           io::did_you_mean(id, base_names_));
      return 0;
    }
    return found->second;
  }

  heat::ThermalPipe pipe_of(const json& object, const std::string& at) {
    heat::ThermalPipe pipe;
    pipe.from = node(object, at, "from");
    pipe.to = node(object, at, "to");
    if (out_.ok() && pipe.from == pipe.to) {
      fail(ErrorCode::network, at, "the pipe begins and ends at the same node");
    }
    pipe.length_m = number(object, at, "length_m", 0.0, 1e6);
    const double inner_mm = number(object, at, "d_inner_mm", 1e-3, 1e5);
    pipe.inner_diameter_m = inner_mm / 1000.0;
    pipe.outer_diameter_m = number(object, at, "d_outer_mm", inner_mm, 1e5, inner_mm) / 1000.0;
    pipe.roughness_m =
        number(object, at, "roughness_mm", 0.0, 0.05 * inner_mm, roughness_mm_) / 1000.0;
    pipe.loss_coefficient = number(object, at, "loss_coefficient", 0.0, 1e9, 0.0);
    pipe.u_w_per_m2_k = number(object, at, "u_W_m2K", 0.0, 1e6, 0.0);
    pipe.ambient_k = number(object, at, "T_ambient_C", -60.0, 100.0, ambient_k_ - kZeroC) + kZeroC;
    const auto service = object.find("in_service");
    pipe.in_service = service == object.end() || !service->is_boolean() || service->get<bool>();
    return pipe;
  }

  void add_pipe(const heat::ThermalPipe& pipe, const std::string& id) {
    if (std::find(result_.pipe_names.begin(), result_.pipe_names.end(), id) !=
        result_.pipe_names.end()) {
      fail(ErrorCode::twice, "pipes", fmt::format("pipe {} is there twice", in_quotes(id)));
    }
    result_.network.pipes.push_back(pipe);
    result_.pipe_names.push_back(id);
  }

  // --- supply side alone: plants hold pressure and temperature, consumers take water out

  void plant(const json& object, const std::string& at) {
    heat::FixedNode fixed;
    fixed.node = node(object, at, "node");
    fixed.pressure_bar = number(object, at, "p_bar_gauge", -1.0, 1000.0);
    fixed.temperature_k = number(object, at, "T_feed_C", 0.0, 200.0) + kZeroC;
    result_.network.fixed.push_back(fixed);
  }

  void open_network() {
    result_.network.height_m = height_m_;
    result_.node_names = base_names_;
    each(file_, "", "pipes", true, [&](const json& object, const std::string& at) {
      add_pipe(pipe_of(object, at), text(object, at, "id"));
    });
    if (const auto one = file_.find("plant"); one != file_.end() && one->is_object()) {
      plant(*one, "plant");
    }
    each(file_, "", "plants", false,
         [&](const json& object, const std::string& at) { plant(object, at); });
    if (out_.ok() && result_.network.fixed.empty()) {
      fail(ErrorCode::missing, "plant", "the network has no plant",
           "give 'plant' with node, p_bar_gauge and T_feed_C");
    }
    each(file_, "", "consumers", false, [&](const json& object, const std::string& at) {
      heat::Injection taken;
      taken.node = node(object, at, "node");
      taken.flow_kg_s = -number(object, at, "mdot_kg_s", 0.0, 1e6);
      taken.temperature_k = ambient_k_;
      result_.network.injections.push_back(taken);
    });
    result_.network.start_k =
        result_.network.fixed.empty() ? ambient_k_ : result_.network.fixed.front().temperature_k;
  }

  // --- supply and return: every node and pipe twice, all on one level

  void circulation(const json& object, const std::string& at, std::uint32_t base_node,
                   std::uint32_t back) {
    heat::CirculationPump pump;
    pump.to = base_node;
    pump.from = back + base_node;
    pump.pressure_bar = number(object, at, "p_flow_bar", -1.0, 1000.0);
    pump.lift_bar = number(object, at, "plift_bar", 1e-6, 1000.0);
    pump.temperature_k = number(object, at, "T_flow_C", 0.0, 200.0) + kZeroC;
    pump.heat_limit_w = number(object, at, "q_max_W", 0.0, 1e18, 1e18);
    result_.network.pumps.push_back(pump);
    result_.pump_names.push_back(base_names_.empty() ? "" : base_names_[base_node]);
  }

  void closed_network() {
    const auto count = static_cast<std::uint32_t>(base_names_.size());
    result_.network.height_m.assign(2 * base_names_.size(), 0.0);
    for (const char* side : {"_s", "_r"}) {
      for (const std::string& name : base_names_) {
        result_.node_names.push_back(name + side);
      }
    }
    each(file_, "", "pipes", true, [&](const json& object, const std::string& at) {
      const heat::ThermalPipe supply = pipe_of(object, at);
      heat::ThermalPipe back = supply;
      back.from = supply.to + count;
      back.to = supply.from + count;
      const std::string id = text(object, at, "id");
      add_pipe(supply, id + "_s");
      add_pipe(back, id + "_r");
    });
    const json& closed = *choice_.closed;
    if (const auto one = file_.find("plant"); one != file_.end() && one->is_object()) {
      circulation(closed, "closed case", node(*one, "plant", "node"), count);
    }
    each(closed, "closed case", "plants", false, [&](const json& object, const std::string& place) {
      circulation(object, place, node(object, place, "node"), count);
    });
    if (out_.ok() && result_.network.pumps.empty()) {
      fail(ErrorCode::missing, "plant", "the network has no plant", "give 'plant' with its node");
    }
    each(closed, "closed case", "consumers", true,
         [&](const json& object, const std::string& place) { consumer(object, place, count); });
    result_.network.start_k =
        result_.network.pumps.empty() ? ambient_k_ : result_.network.pumps.front().temperature_k;
  }

  void consumer(const json& object, const std::string& at, std::uint32_t back) {
    heat::ThermalConsumer consumer;
    consumer.from = node(object, at, "node");
    consumer.to = consumer.from + back;
    consumer.heat_w = number(object, at, "qext_W", 0.0, 1e12);
    consumer.flow_kg_s = number(object, at, "mdot_kg_s", 0.0, 1e6, 0.0);
    consumer.valve_kg_s_per_sqrt_bar = number(object, at, "kv_kg_s_per_sqrt_bar", 0.0, 1e6, 0.0);
    if (object.contains("T_return_C")) {
      consumer.control = heat::ConsumerControl::return_temperature;
      consumer.return_temperature_k = number(object, at, "T_return_C", 0.0, 200.0) + kZeroC;
    } else if (consumer.flow_kg_s <= 0.0) {
      fail(ErrorCode::missing, at, "a consumer needs 'mdot_kg_s' > 0 or 'T_return_C'");
    }
    result_.network.consumers.push_back(consumer);
    result_.consumer_names.push_back(text(object, at, "node"));
  }

  void outages() {
    for (const std::string& out : choice_.pipes_out) {
      bool found = false;
      for (std::size_t k = 0; k < result_.pipe_names.size(); ++k) {
        const std::string& name = result_.pipe_names[k];
        if (name == out ||
            (choice_.closed != nullptr && (name == out + "_s" || name == out + "_r"))) {
          result_.network.pipes[k].in_service = false;
          found = true;
        }
      }
      if (!found) {
        fail(ErrorCode::reference, "cases",
             fmt::format("the case takes {} out of service, which is not a pipe", in_quotes(out)),
             io::did_you_mean(out, result_.pipe_names));
      }
    }
  }

  std::string path_;
  Diagnostics& out_;
  json file_;
  CaseChoice choice_;
  NamedHeatNetwork result_;
  std::map<std::string, std::uint32_t> node_;
  std::vector<std::string> base_names_;
  std::vector<double> height_m_;
  double ambient_k_ = kZeroC, roughness_mm_ = 0.0;
};

}  // namespace

std::optional<NamedHeatNetwork> read_heat_network_json(const std::string& path,
                                                       const std::string& case_name,
                                                       Diagnostics& diagnostics) {
  return JsonNetwork(path, diagnostics).read(case_name);
}

}  // namespace wintergrid::scenario
